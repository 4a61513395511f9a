"""Known answers of the pure tier's softmax."""

from __future__ import annotations

import math

import pytest

from rt_torch import pure
from tests.pure.making import of


def test_large_numbers_do_not_overflow() -> None:
    assert pure.softmax(of([1000.0, 1000.0, -1e308]), 0).tolist() == [0.5, 0.5, 0.0]
    assert pure.log_softmax(of([1000.0, 1000.0]), -1).tolist() == [-math.log(2.0)] * 2


def test_small_logarithms_are_exact() -> None:
    """What is beside the largest element is not lost by adding 1 to it."""
    assert pure.log_softmax(of([100.0, 0.0]), 0).tolist() == pytest.approx([-math.exp(-100.0), -100.0], rel=1e-15)


@pytest.mark.parametrize("name", ["softmax", "log_softmax"])
@pytest.mark.parametrize("line", [[math.nan, 1.0], [1.0, math.nan], [math.inf, 1.0], [-math.inf, -math.inf]])
def test_undefined_lines_are_nan(name: str, line: list[float]) -> None:
    result = getattr(pure, name)(of([*line, 0.0, 0.0], "f64", (2, 2)), 1).tolist()
    assert all(map(math.isnan, result[0]))
    assert not any(map(math.isnan, result[1]))


def test_any_dimension() -> None:
    x = of([0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0], "f64", (2, 2, 2))
    for dim in range(3):
        assert pure.sum_dim(pure.softmax(x, dim), dim, False).tolist() == [[1.0, 1.0]] * 2
    assert pure.softmax(x, 1).tolist() == [[[0.5, 0.5]] * 2] * 2
    assert pure.softmax(of([3.0], "f64", ()), -1).item() == 1.0


@pytest.mark.parametrize("name", ["softmax", "log_softmax"])
@pytest.mark.parametrize("dtype", ["i64", "bool"])
def test_nothing_is_anything(name: str, dtype: str) -> None:
    """Of integers it is not defined, but where there are none libtorch does not mind."""
    result = getattr(pure, name)(of([], dtype, (0, 3)), 0)
    assert (result.dtype, result.shape) == (dtype, (0, 3))
