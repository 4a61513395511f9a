"""Pictures of how a model learned, and of what it has learned."""

from __future__ import annotations

import importlib.util
import math
import os
import struct
from pathlib import Path
from typing import Any

import pytest

import rt_torch as rt
from rt_torch import nn
from rt_torch.training import PlotError, TrainingHistory, plot, plot_history, plot_weights
from tests.training.conftest import network

HISTORY = TrainingHistory(
    epochs=[0, 1, 2, 3],
    losses=[1.0, 0.5, math.nan, 0.2],
    validation_losses=[None, 0.6, 0.5, math.inf],
    learning_rates=[0.1, 0.1, 0.05, None],
    metrics={"accuracy": [0.5, 0.7, 0.8, 0.9], "validation_accuracy": [0.4, None, 0.6, 0.7], "recall": [1.0] * 4},
)


@pytest.fixture
def matplotlib() -> Any:
    return pytest.importorskip("matplotlib")


def size(path: Path) -> tuple[int, int]:
    """Of a PNG."""
    data = path.read_bytes()
    assert data.startswith(b"\x89PNG\r\n\x1a\n") and data.endswith(b"IEND\xaeB`\x82")
    width, height = struct.unpack(">II", data[16:24])
    return width, height


@pytest.mark.usefixtures("matplotlib")
class TestHistory:
    def test_it_is_a_picture_with_a_part_for_each_number(self, tmp_path: Path) -> None:
        heights = []
        for history in (TrainingHistory([0], [1.0], [None], [0.1]), HISTORY):
            plot_history(history, tmp_path / "it.png", title="Learning")
            heights.append(size(tmp_path / "it.png")[1])
        assert heights[0] < heights[1] / 2

    def test_logarithmic_also_with_zeros(self, tmp_path: Path) -> None:
        plot_history(TrainingHistory([0, 1], [1.0, 0.0], [None] * 2, [None] * 2), tmp_path / "it.png", log=True)
        assert size(tmp_path / "it.png")[0] > 500

    @pytest.mark.parametrize(("losses", "log"), [([math.nan, -1.0], True), ([1e300, 1.7e308], False)])
    def test_whatever_became_of_the_losses(self, tmp_path: Path, losses: list[float], log: bool) -> None:
        plot_history(TrainingHistory([0, 1], losses, [None] * 2, [None] * 2), tmp_path / "it.png", log=log)
        assert size(tmp_path / "it.png")[0] > 500

    def test_names_and_titles_are_no_formulas(self, tmp_path: Path) -> None:
        history = TrainingHistory([0], [1.0], [None], [None], metrics={"of $_$": [1.0]})
        plot_history(history, tmp_path / "it.png", title="from $5_ to $6")
        assert size(tmp_path / "it.png")[0] > 500

    def test_what_is_alone_has_a_dot(self) -> None:
        """Validation losses of every second epoch have no line between them."""
        one = math.nan
        assert plot._marker([1.0, one, 1.0, one]) == "o"
        assert plot._marker([1.0, 1.0, one, 1.0]) == "o"
        assert plot._marker([1.0, 1.0, one, 1.0, 1.0]) == ""
        assert plot._marker([1.0, 1.0]) == "o"

    def test_nothing_is_drawn_of_no_epoch(self, tmp_path: Path) -> None:
        with pytest.raises(rt.BadArgumentError, match=r"rt.training.plot_history: argument `history`: it has no epoch"):
            plot_history(TrainingHistory(), tmp_path / "it.png")
        with pytest.raises(rt.ArgumentTypeError, match="argument `history`: a TrainingHistory is expected"):
            plot_history([0.5], tmp_path / "it.png")  # type: ignore[arg-type]  # that is the test
        assert os.listdir(tmp_path) == []


@pytest.mark.usefixtures("matplotlib")
class TestWeights:
    def test_a_histogram_for_each_parameter(self, tmp_path: Path, tier: str) -> None:
        plot_weights(network(), tmp_path / "it.png", title="XOR")
        six = size(tmp_path / "it.png")
        plot_weights(nn.Linear(2, 2), tmp_path / "it.png")
        assert six[0] > size(tmp_path / "it.png")[0] and six[1] > size(tmp_path / "it.png")[1]

    def test_of_many_only_the_largest(self, tmp_path: Path) -> None:
        plot_weights(nn.Sequential(*(nn.Linear(1, 1 + i) for i in range(30))), tmp_path / "it.png")
        assert size(tmp_path / "it.png")[1] < 3000

    def test_what_is_not_finite_is_told_and_left_out(self, tmp_path: Path) -> None:
        layer = nn.Linear(2, 2)
        layer.weight.data = rt.tensor([[math.nan, math.inf], [1.0, 2.0]])
        layer.bias.data = rt.tensor([math.nan, math.nan])
        plot_weights(layer, tmp_path / "it.png")

    @pytest.mark.parametrize(
        "weights",
        [[1.0, 1.0 + 3e-16], [0.0, 5e-324], [1e308, -1e308], [1e16, 1e16 + 2.0]],
        ids=str,
    )
    def test_elements_that_are_nearly_the_same_or_very_different(self, tmp_path: Path, weights: list[float]) -> None:
        layer = nn.Linear(2, 1)
        layer.weight.data = rt.tensor([weights])
        plot_weights(layer, tmp_path / "it.png")
        assert size(tmp_path / "it.png")[0] > 500

    def test_nothing_is_drawn_of_no_parameter(self, tmp_path: Path) -> None:
        with pytest.raises(
            rt.BadArgumentError, match=r"rt.training.plot_weights: argument `model`: it has no parameters"
        ):
            plot_weights(nn.ReLU(), tmp_path / "it.png")
        with pytest.raises(rt.ArgumentTypeError, match=r"argument `model`: an rt.nn.Module is expected"):
            plot_weights(rt.ones([2]), tmp_path / "it.png")  # type: ignore[arg-type]  # that is the test
        assert os.listdir(tmp_path) == []


@pytest.mark.usefixtures("matplotlib")
def test_where_it_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        plot_history(HISTORY, tmp_path / "no" / "such" / "folder.png")
    with pytest.raises(rt.ArgumentTypeError, match=r"rt.training.plot_history: argument `path`: a path is expected"):
        plot_history(HISTORY, 3)  # type: ignore[arg-type]  # that is the test


def test_without_matplotlib_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(PlotError, match=r"rt.training.plot_history needs matplotlib: pip install 'rt-torch\[plot\]'"):
        plot_history(HISTORY, tmp_path / "it.png")
    with pytest.raises(PlotError, match=r"rt.training.plot_weights needs matplotlib: pip install 'rt-torch\[plot\]'"):
        plot_weights(nn.Linear(1, 1), tmp_path / "it.png")
    assert os.listdir(tmp_path) == []
