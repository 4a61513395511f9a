"""Samples to learn from, and samples to test with."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import rt_torch as rt
from rt_torch.data import permutation, train_test_split


@given(st.integers(2, 200), st.floats(0.001, 0.999), st.integers(0, 1000))
def test_each_sample_is_on_one_side(count: int, ratio: float, seed: int) -> None:
    x_train, x_test, y_train, y_test = train_test_split(rt.arange(count), rt.arange(count) * -1, ratio=ratio, seed=seed)
    assert x_train.tolist() + x_test.tolist() == permutation(count, seed)
    assert [-number for number in x_train.tolist()] == y_train.tolist()
    assert [-number for number in x_test.tolist()] == y_test.tolist()
    assert abs(len(x_train) - count * ratio) <= 1
    assert len(x_train) and len(x_test)


@pytest.mark.parametrize(
    ("count", "ratio", "train"),
    [(6, 0.7, 4), (150, 0.8, 120), (100, 0.57, 57), (10, 0.99, 9), (10, 0.01, 1), (2, 0.5, 1), (20, 0.8, 16)],
)
def test_sizes(count: int, ratio: float, train: int) -> None:
    """The nearest integer, where the product itself may be a little off: 100 * 0.57 is 56.99999999999999."""
    parts = train_test_split(rt.arange(count), ratio=ratio)
    assert [len(part) for part in parts] == [train, count - train]


def test_without_shuffling() -> None:
    train, test = train_test_split([1, 2, 3, 4, 5], ratio=0.6, shuffle=False)
    assert (train.tolist(), test.tolist()) == ([1, 2, 3], [4, 5])


def test_seeds() -> None:
    x = rt.arange(50)
    assert train_test_split(x, seed=1)[0].tolist() == train_test_split(x, seed=1)[0].tolist()
    assert train_test_split(x, seed=1)[0].tolist() != train_test_split(x, seed=2)[0].tolist()


@pytest.mark.parametrize("ratio", [0, 1, -0.5, 2, float("nan"), float("inf"), "0.5", None])
def test_bad_ratios(ratio: Any) -> None:
    with pytest.raises(rt.BadArgumentError, match=r"rt\.data\.train_test_split: argument `ratio`"):
        train_test_split([1, 2, 3], ratio=ratio)


def test_too_few_samples() -> None:
    with pytest.raises(rt.BadArgumentError, match="there are 1 samples, and at least 2 are needed"):
        train_test_split([1])
    with pytest.raises(rt.BadArgumentError, match="tensor 0 has 2 samples, and tensor 1 has 3"):
        train_test_split([1, 2], [1, 2, 3])
