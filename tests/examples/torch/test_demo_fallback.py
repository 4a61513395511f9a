"""torch_demo_fallback: the same tour with libtorch and without, and the truth about who computed."""

from __future__ import annotations

import contextlib
import io
import re
from collections.abc import Callable
from types import ModuleType

import pytest

import rt_torch as rt
from tests.examples.torch.conftest import Run, once, output
from tests.tensor.conftest import native_problem

NAME = "torch_demo_fallback.py"


def tour(said: str) -> str:
    """What is between the words on the tier."""
    return said[said.index("\nCreation\n") : said.index("\nWhere that was computed\n")]


def tour_here(module: ModuleType) -> str:
    """The same, computed by this process in pure Python."""
    with contextlib.redirect_stdout(io.StringIO()) as said, rt.acceleration("pure"):
        for title, part in module.PARTS.items():
            print(f"\n{title}")
            part()
    return said.getvalue()


def operations(said: str) -> dict[str, int]:
    """How many each tier did."""
    found = re.findall(r"^(Pure|Native|Fallback): +([\d,]+) operations?", said, re.MULTILINE)
    return {name: int(count.replace(",", "")) for name, count in found}


def test_the_tour_is_the_same_everywhere(place: Run, program: Callable[[str], ModuleType]) -> None:
    said = tour(output(place(NAME)))
    assert said == tour_here(program(NAME))
    lines = said.splitlines()
    for expected in (
        "[[19.0, 22.0], [43.0, 50.0]]",
        "[[11.0, 22.0], [13.0, 24.0]]",
        "relu    tensor([0., 0., 0., 1., 2.])",
        "sigmoid tensor([0.11920292, 0.26894142, 0.5       , 0.73105858, 0.88079708])",
        "softmax tensor([0.01165623, 0.03168492, 0.08612854, 0.23412166, 0.63640865])",
        "sum 21, mean 3.5, from 1 to 6",
        "y = sum(log(x * x + 1)) = 4.605170, dy/dx = tensor([1. , 0.8, 0.6])",
        "d = (a + b) * a at a = 1, b = 2: dd/da = 4, dd/db = 1",
    ):
        assert expected in lines


def test_who_computed() -> None:
    pure = operations(output(once(NAME, "--mode", "pure")))
    assert pure["Pure"] > 40
    assert (pure["Native"], pure["Fallback"]) == (0, 0)
    if native_problem():
        pytest.skip(f"no native tier: {native_problem()}")
    with_auto = operations(output(once(NAME, "--mode", "auto")))
    assert (sum(with_auto.values()), with_auto["Fallback"]) == (pure["Pure"], 0)
    assert operations(output(once(NAME))) == {"Pure": 0, "Native": pure["Pure"], "Fallback": 0}
