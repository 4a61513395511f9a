"""What came of each epoch."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import rt_torch as rt
from rt_torch.training import TrainingHistory

HISTORY = TrainingHistory(
    epochs=[0, 1, 4],
    losses=[2.0, 0.1 + 0.2, math.inf],
    validation_losses=[None, 1.0, math.nan],
    learning_rates=[0.1, 0.1, None],
    metrics={"accuracy": [None, 0.5, 1.0]},
    interrupted=True,
    stopped="enough",
)


def test_epochs_are_added() -> None:
    history = TrainingHistory()
    assert repr(history) == "TrainingHistory(epochs=0)"
    history.add_epoch(0, 0.75)
    history.add_epoch(1, 0.5, validation_loss=0.6, metrics={"accuracy": 0.9}, learning_rate=0.1)
    history.add_epoch(3, 0.25, metrics={"recall": 1})
    assert history == TrainingHistory(
        epochs=[0, 1, 3],
        losses=[0.75, 0.5, 0.25],
        validation_losses=[None, 0.6, None],
        learning_rates=[None, 0.1, None],
        metrics={"accuracy": [None, 0.9, None], "recall": [None, None, 1.0]},
    )
    assert history.get_final_loss() == 0.25
    assert repr(history) == str(history) == "TrainingHistory(epochs=3, final_loss=0.25)"


@pytest.mark.parametrize("epoch", [1, 0, -1])
def test_epochs_rise(epoch: int) -> None:
    history = TrainingHistory()
    history.add_epoch(1, 0.5)
    with pytest.raises(rt.BadArgumentError, match=rf"add_epoch: argument `epoch`: {epoch} was given, and at least 2"):
        history.add_epoch(epoch, 0.5)


@pytest.mark.parametrize("values", [("0", 0.5), (0, "0.5"), (0, 0.5, "x"), (0, 0.5, None, {"a": None}), (0.5, 0.5)])
def test_what_is_no_number(values: Any) -> None:
    history = TrainingHistory()
    with pytest.raises(rt.ArgumentTypeError, match="add_epoch: argument"):
        history.add_epoch(*values)
    assert history == TrainingHistory()


def test_without_epochs_there_is_no_final_loss() -> None:
    with pytest.raises(rt.Error, match="get_final_loss: no epoch has come to its end"):
        TrainingHistory().get_final_loss()


def test_values_of_the_last_epoch() -> None:
    history = TrainingHistory([0], [0.5], [None], [0.1], {"accuracy": [0.75]})
    assert [history.last(name) for name in ("loss", "learning_rate", "accuracy")] == [0.5, 0.1, 0.75]
    there = "there are loss, learning_rate, accuracy"
    with pytest.raises(rt.BadArgumentError, match=f"the last epoch has no 'validation_loss' .*; {there}"):
        history.last("validation_loss")
    with pytest.raises(rt.BadArgumentError, match="no epoch has come to its end"):
        TrainingHistory().last("loss")


# As JSON.


def test_json_and_back() -> None:
    text = HISTORY.to_json()
    assert "NaN" not in text and "Infinity" not in text  # which JSON does not have
    again = TrainingHistory.from_json(text)
    assert again.to_json() == text
    assert math.isnan(again.validation_losses[2] or 0.0)
    assert (again.losses, again.metrics, again.interrupted, again.stopped) == (
        HISTORY.losses,
        HISTORY.metrics,
        True,
        "enough",
    )
    assert TrainingHistory.from_json(TrainingHistory().to_json()) == TrainingHistory()


numbers = st.floats(allow_nan=False)


@given(st.lists(st.tuples(numbers, st.none() | numbers, st.none() | numbers, st.none() | numbers), max_size=5))
def test_every_bit_is_kept(rows: list[Any]) -> None:
    history = TrainingHistory()
    for epoch, (loss, validation, metric, rate) in enumerate(rows):
        history.add_epoch(epoch, loss, validation, None if metric is None else {"metric": metric}, rate)
    assert TrainingHistory.from_json(history.to_json()) == history


@pytest.mark.parametrize(
    "change",
    [
        {"epochs": [0, 1]},
        {"epochs": [0, 1, 1]},
        {"epochs": [-1, 0, 1]},
        {"epochs": 3},
        {"epochs": ["a", 1, 2]},
        {"losses": [1.0, None, 2.0]},
        {"losses": [1.0, "two", 2.0]},
        {"losses": "abc"},
        {"validation_losses": [[], None, None]},
        {"metrics": {"accuracy": [0.5]}},
        {"metrics": [1]},
        {"interrupted": 1},
        {"stopped": None},
        {"more": 1},
    ],
)
def test_json_of_something_else(change: dict[str, Any]) -> None:
    given = {**json.loads(HISTORY.to_json()), **change}
    with pytest.raises(rt.BadArgumentError, match="from_json: argument `text`: "):
        TrainingHistory.from_json(json.dumps(given))


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "{}", "[" * 100_000, None, 3])
def test_no_json_at_all(text: Any) -> None:
    with pytest.raises(rt.BadArgumentError, match="from_json: argument `text`: "):
        TrainingHistory.from_json(text)
