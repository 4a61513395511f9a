"""How many predictions are right."""

from __future__ import annotations

from typing import Any

import pytest

import rt_torch as rt
from rt_torch.training import accuracy, accuracy_from_logits

pytestmark = pytest.mark.usefixtures("tier")


def test_of_classes() -> None:
    prediction = rt.tensor([[0.1, 0.9, 0.0], [0.5, 0.2, 0.3], [0.2, 0.3, 0.5], [0.4, 0.3, 0.3]])
    assert accuracy(prediction, rt.tensor([1, 0, 2, 1])) == 0.75
    assert accuracy(prediction, rt.tensor([[1], [0], [2], [1]])) == 0.75
    assert accuracy(prediction, rt.data.one_hot([1, 0, 2, 1])) == 0.75
    assert accuracy_from_logits(10.0 * prediction - 5.0, rt.tensor([1, 0, 2, 1])) == 0.75


@pytest.mark.parametrize("shape", [[4], [4, 1]])
def test_of_probabilities(shape: list[int]) -> None:
    prediction, target = rt.tensor([0.9, 0.5, 0.4, 0.1]), rt.tensor([1.0, 1.0, 1.0, 0.0])
    assert accuracy(prediction.reshape(shape), target) == 0.75
    assert accuracy(prediction.reshape(shape), target.reshape(shape).to("i64")) == 0.75
    assert accuracy(prediction.reshape(shape), target, threshold=0.4) == 1.0


@pytest.mark.parametrize("shape", [[4], [4, 1]])
def test_of_logits_the_threshold_is_that_of_the_probability(shape: list[int]) -> None:
    logits, target = rt.tensor([2.0, 0.4, -0.4, -2.0]).reshape(shape), rt.tensor([1, 1, 0, 0])
    assert accuracy_from_logits(logits, target) == 1.0
    assert accuracy_from_logits(logits, target, threshold=0.7) == 0.75


def test_what_wants_gradients_is_only_looked_at() -> None:
    prediction = rt.tensor([0.9, 0.1], requires_grad=True)
    assert accuracy(prediction * 1.0, rt.tensor([1.0, 0.0])) == 1.0
    assert accuracy_from_logits(prediction - 0.5, rt.tensor([1.0, 0.0])) == 1.0


@pytest.mark.parametrize("metric", [accuracy, accuracy_from_logits])
@pytest.mark.parametrize(
    ("prediction", "target", "name"),
    [
        (rt.zeros([]), rt.zeros([]), "prediction"),
        (rt.zeros([0]), rt.zeros([0]), "prediction"),
        (rt.zeros([2, 2, 2]), rt.zeros([2]), "prediction"),
        (rt.zeros([4]), rt.zeros([3]), "target"),
        (rt.zeros([4, 3]), rt.zeros([4, 2]), "target"),
        (rt.zeros([4, 3]), rt.zeros([4]), "target"),  # classes are integers
        ([0.5], rt.zeros([1]), "prediction"),
        (rt.zeros([1]), [0.5], "target"),
    ],
)
def test_what_does_not_fit(metric: Any, prediction: Any, target: Any, name: str) -> None:
    with pytest.raises(rt.BadArgumentError, match=rf"rt.training.{metric.__name__}: argument `{name}`: "):
        metric(prediction, target)
