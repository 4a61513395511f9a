"""Known answers of the pure tier's comparisons."""

from __future__ import annotations

import math

import pytest

from rt_torch import pure
from tests.pure.making import of

NAN = math.nan


@pytest.mark.parametrize(
    ("name", "gives"),
    [
        ("eq", [False, True, False, False]),
        ("ne", [True, False, True, True]),
        ("gt", [False, False, True, False]),
        ("lt", [True, False, False, False]),
        ("ge", [False, True, True, False]),
        ("le", [True, True, False, False]),
    ],
)
@pytest.mark.parametrize("b", [[2.0, 2.0, 2.0, 2.0], [2.0]])
def test_order(name: str, gives: list[bool], b: list[float]) -> None:
    result = getattr(pure, name)(of([1.0, 2.0, 3.0, NAN]), of(b))
    assert result.dtype == "bool"
    assert result.tolist() == gives


def test_integers_are_compared_exactly() -> None:
    a, b = of([(1 << 53) + 1], "i64"), of([1 << 53], "i64")
    assert pure.gt(a, b).tolist() == [True]
    assert pure.eq(a, b).tolist() == [False]


def test_integers_are_compared_with_floats_as_floats() -> None:
    a = of([(1 << 53) + 1], "i64")
    assert pure.eq(a, of([2.0**53])).tolist() == [True]
    assert pure.eq(of([16777217], "i64"), of([16777216.0], "f32")).tolist() == [True]


def test_number_without_dimensions_does_not_widen() -> None:
    """Beside a vector of f32 a single f64 is an f32."""
    assert pure.eq(of([0.10000000149011612], "f32"), of([0.1], "f64", ())).tolist() == [True]
    assert pure.eq(of([0.10000000149011612], "f32"), of([0.1])).tolist() == [False]


def test_where() -> None:
    cond = of([True, False], "bool", (2, 1))
    result = pure.where(cond, of([1, 2, 3], "i64"), of([0.5], "f32"))
    assert result.dtype == "f32"
    assert result.tolist() == [[1.0, 2.0, 3.0], [0.5, 0.5, 0.5]]
    assert all(type(value) is float for row in result.tolist() for value in row)
