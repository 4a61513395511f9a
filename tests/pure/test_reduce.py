"""Known answers of the pure tier's reductions."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest

from rt_torch import pure
from tests.pure.making import LEAST, MOST, of


@pytest.mark.parametrize("shape", [(100_000,), (100_000, 1), (1, 100_000), (2, 50_000), (50_000, 2)])
def test_errors_of_a_long_sum_stay_small(shape: tuple[int, ...]) -> None:
    """0.1 is added in one direction of rounding: a plain loop is off by more than 1e-12 of the sum."""
    x = of([0.1] * 100_000, "f64", shape)
    exact = Fraction(0.1) * 100_000
    assert abs(Fraction(pure.sum(x)) - exact) < exact * Fraction(4, 10**13)
    for dim in range(len(shape)):
        for total in pure.flatten(pure.sum_dim(x, dim, False)).tolist():
            assert abs(total - 0.1 * shape[dim]) < 1e-12 * 0.1 * shape[dim]


def test_integers_are_exact_and_wrap() -> None:
    assert pure.sum_tensor(of([1 << 53, 1], "i64")).item() == (1 << 53) + 1
    assert pure.sum_tensor(of([MOST, 1], "i64")).item() == LEAST
    assert pure.sum_dim(of([MOST, 1, 1, 1], "i64", (2, 2)), 1, False).tolist() == [LEAST, 2]
    assert pure.sum(of([MOST, 1], "i64")) == float(LEAST)


@pytest.mark.parametrize("shape", [(4,), (1, 4), (4, 1), (2, 2)])
def test_bools_are_counted(shape: tuple[int, ...]) -> None:
    x = of([True, False, True, True], "bool", shape)
    assert pure.sum_tensor(x).dtype == "i64"
    assert pure.sum_tensor(x).item() == 3
    assert all(type(total) is int for total in pure.flatten(pure.sum_dim(x, 0, True)).tolist())


@pytest.mark.parametrize("items", [[1.0, math.nan, 2.0], [math.nan, 1.0], [math.inf, -math.inf, math.nan]])
def test_nan_is_the_largest_and_the_smallest(items: list[float]) -> None:
    assert math.isnan(pure.max(of(items)))
    assert math.isnan(pure.min(of(items)))


def test_infinities_are_no_nan() -> None:
    assert pure.max(of([math.inf, -math.inf])) == math.inf
    assert pure.min(of([math.inf, -math.inf])) == -math.inf
    assert math.isnan(pure.sum(of([math.inf, -math.inf])))
    assert pure.sum(of([math.inf, 1.0])) == math.inf


def test_extremes_keep_the_dtype() -> None:
    assert pure.max_tensor(of([(1 << 53) + 1, 1], "i64")).item() == (1 << 53) + 1
    assert pure.max_tensor(of([False, True], "bool")).item() is True
    assert type(pure.min(of([False, True], "bool"))) is float


def test_of_nothing() -> None:
    assert pure.sum(of([])) == 0.0
    assert math.isnan(pure.mean(of([])))
    assert pure.sum_dim(of([], "f64", (0, 3)), 0, False).tolist() == [0.0] * 3
    assert pure.sum_dim(of([], "i64", (0, 3)), 0, False).tolist() == [0] * 3
    assert all(map(math.isnan, pure.mean_dim(of([], "f64", (2, 0)), 1, False).tolist()))
    assert pure.sum_dim(of([], "f64", (0, 3)), 1, True).shape == (0, 1)


def test_what_an_expansion_repeated_is_added_up() -> None:
    x = of([1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0], "f64", (2, 2, 2))
    assert pure.sum_to(x, [2]).tolist() == [16.0, 20.0]
    assert pure.sum_to(x, [2, 1, 1]).tolist() == [[[10.0]], [[26.0]]]
    assert pure.sum_to(x, [1, 2]).tolist() == [[16.0, 20.0]]
    assert pure.sum_to(x, [2, 1]).tolist() == [[14.0], [22.0]]
    assert pure.sum_to(x, []).item() == 36.0


def test_a_sum_over_nothing_is_a_copy() -> None:
    for dtype in ("f64", "i64"):
        x = of([1, 2], dtype)
        same = pure.sum_to(x, [2])
        x.set([0], 9)
        assert same.tolist() == [1, 2]


def test_keepdim_without_dimensions() -> None:
    assert pure.sum_dim(of([2.0], "f64", ()), 0, True).shape == ()
    assert pure.mean_dim(of([2.0], "f64", ()), -1, False).item() == 2.0
