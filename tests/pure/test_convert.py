"""Known answers of the pure tier's conversions."""

from __future__ import annotations

import math
from typing import Any

import pytest

from rt_torch import pure
from tests.pure.making import LEAST, MOST, of


@pytest.mark.parametrize(
    ("items", "source", "target", "gives"),
    [
        ([1.9, -1.9, 0.0], "f64", "i64", [1, -1, 0]),
        ([math.nan, math.inf, -math.inf], "f64", "i64", [LEAST] * 3),
        ([2.0**63, -(2.0**63), 1e300, 1.5], "f64", "i64", [LEAST, LEAST, LEAST, 1]),
        ([0.1, 1e39, -1e39], "f64", "f32", [0.10000000149011612, math.inf, -math.inf]),
        ([0.0, -0.0, math.nan, 0.5], "f64", "bool", [False, False, True, True]),
        ([0.5], "f32", "f64", [0.5]),
        ([MOST, 3], "i64", "f64", [2.0**63, 3.0]),
        (
            [(1 << 60) + (1 << 36) + 1, 16777217, MOST],
            "i64",
            "f32",
            [float((1 << 60) + (1 << 37)), 16777216.0, 2.0**63],
        ),
        ([-((1 << 60) + (1 << 36) + 1)], "i64", "f32", [-float((1 << 60) + (1 << 37))]),
        ([0, -2], "i64", "bool", [False, True]),
        ([True, False], "bool", "i64", [1, 0]),
        ([True, False], "bool", "f32", [1.0, 0.0]),
    ],
)
@pytest.mark.parametrize("memory", [False, True])
def test_to_dtype(items: list[Any], source: str, target: str, gives: list[Any], memory: bool) -> None:
    x = of(items, source)
    if memory:
        x.buffer()
    result = pure.to_dtype(x, target)
    assert result.dtype == target
    assert result.tolist() == gives
    assert [type(value) for value in result.tolist()] == [type(value) for value in gives]


def test_the_same_dtype_is_the_same_tensor() -> None:
    x = of([1.0])
    assert pure.to_dtype(x, "float64") is x
    assert pure.to_device(x, "cpu") is x
    assert pure.contiguous(x) is x
