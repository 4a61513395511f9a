"""Known answers of the pure tier's functions of each element."""

from __future__ import annotations

import math
from typing import Any

import pytest

from rt_torch import pure
from tests.pure.making import LEAST, of

INF, NAN = math.inf, math.nan


@pytest.mark.parametrize(
    ("name", "given", "gives"),
    [
        ("exp", [1000.0, -1000.0, 0.0, INF, -INF], [INF, 0.0, 1.0, INF, 0.0]),
        ("log", [0.0, -0.0, 1.0, INF], [-INF, -INF, 0.0, INF]),
        ("sqrt", [4.0, 0.0, INF], [2.0, 0.0, INF]),
        ("abs", [-1.5, -INF, 2.0], [1.5, INF, 2.0]),
        ("sigmoid", [-1000.0, 1000.0, 0.0, -INF, INF], [0.0, 1.0, 0.5, 0.0, 1.0]),
        ("tanh", [-1000.0, 1000.0, 0.0, -INF, INF], [-1.0, 1.0, 0.0, -1.0, 1.0]),
        ("relu", [-1.0, 0.0, 2.0, INF, -INF], [0.0, 0.0, 2.0, INF, 0.0]),
    ],
)
def test_ends_of_the_range(name: str, given: list[float], gives: list[float]) -> None:
    assert getattr(pure, name)(of(given)).tolist() == gives


@pytest.mark.parametrize("name", ["exp", "log", "sqrt", "abs", "sigmoid", "tanh", "relu"])
@pytest.mark.parametrize("others", [[1.0], [1000.0], [-1.0], [0.0, -1000.0]])
def test_nan_stays_nan(name: str, others: list[float]) -> None:
    result = getattr(pure, name)(of([*others, NAN])).tolist()
    assert math.isnan(result[-1])


@pytest.mark.parametrize("name", ["log", "sqrt"])
def test_not_defined_below_zero(name: str) -> None:
    result = getattr(pure, name)(of([-1.0, -INF, 1.0])).tolist()
    assert [math.isnan(value) for value in result] == [True, True, False]


def test_zeros_keep_their_signs() -> None:
    for name in ("relu", "sqrt", "tanh"):
        assert math.copysign(1.0, getattr(pure, name)(of([-0.0])).item()) == -1.0


@pytest.mark.parametrize(
    ("base", "exponent", "gives"),
    [
        (2.0, 10.0, 1024.0),
        (-8.0, 3.0, -512.0),
        (10.0, 400.0, INF),
        (-10.0, 401.0, -INF),
        (-10.0, 400.0, INF),
        (0.0, -3.0, INF),
        (-0.0, -3.0, -INF),
        (-0.0, -4.0, INF),
        (0.0, -1.0, INF),
        (-0.0, -1.0, -INF),
        (0.0, -0.5, INF),
        (0.0, -1.5, INF),
        (0.0, -INF, INF),
        (NAN, 0.0, 1.0),
        (0.0, 0.0, 1.0),
        (1.0, NAN, 1.0),
        (-8.0, 1.0 / 3.0, NAN),
        (-8.0, 0.5, NAN),
        (NAN, 2.5, NAN),
    ],
)
def test_pow(base: float, exponent: float, gives: float) -> None:
    result = pure.pow(of([base]), exponent).item()
    assert result == gives or (math.isnan(result) and math.isnan(gives))


def test_integers_become_f32() -> None:
    result = pure.exp(of([1], "i64"))
    assert result.dtype == "f32"
    assert result.tolist() == of([2.7182817459106445]).tolist()
    assert pure.sigmoid(of([False], "bool")).tolist() == [0.5]


def test_least_integer_has_no_absolute_value() -> None:
    assert pure.abs(of([LEAST, -3], "i64")).tolist() == [LEAST, 3]


@pytest.mark.parametrize("items", [[], [1.0]])
def test_no_dimensions_and_no_elements(items: list[Any]) -> None:
    shape = () if items else (2, 0)
    assert pure.exp(of(items, "f64", shape)).shape == shape
