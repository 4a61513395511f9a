"""Known answers of the pure tier's arithmetic."""

from __future__ import annotations

import math
from typing import Any

import pytest

from rt_torch.pure import elementwise
from rt_torch.pure.tensor import PureTensor
from tests.pure.making import LEAST, MOST, of


def test_integers_wrap() -> None:
    assert elementwise.add(of([MOST, 1], "i64"), of([1, 1], "i64")).tolist() == [LEAST, 2]
    assert elementwise.sub(of([LEAST], "i64"), of([1], "i64")).tolist() == [MOST]
    assert elementwise.mul(of([1 << 62, 3], "i64"), of([6, 3], "i64")).tolist() == [LEAST, 9]
    assert elementwise.neg(of([LEAST, 5], "i64")).tolist() == [LEAST, -5]


def test_bools_are_a_ring_of_their_own() -> None:
    a, b = of([True, True, False], "bool"), of([True, False, False], "bool")
    assert elementwise.add(a, b).tolist() == [True, True, False]
    assert elementwise.mul(a, b).tolist() == [True, False, False]


def test_division_by_zero_has_the_signs_of_both() -> None:
    above = of([1.0, -1.0, 1.0, -1.0, math.inf])
    below = of([0.0, 0.0, -0.0, -0.0, -0.0])
    assert elementwise.div(above, below).tolist() == [math.inf, -math.inf, -math.inf, math.inf, -math.inf]
    undefined = elementwise.div(of([0.0, math.nan]), of([0.0, 0.0])).tolist()
    assert all(map(math.isnan, undefined))
    assert elementwise.div_scalar(of([1.0, -2.0]), -0.0).tolist() == [-math.inf, math.inf]


def test_f32_is_rounded_once() -> None:
    result = elementwise.add(of([16777216.0], "f32"), of([1.0], "f32"))
    assert result.tolist() == [16777216.0]
    assert elementwise.mul(of([3e38], "f32"), of([10.0], "f32")).tolist() == [math.inf]


def test_integer_beside_f32_is_rounded_once() -> None:
    close = (1 << 60) + (1 << 36) + 1  # rounds up as a whole, and down by way of a double
    assert elementwise.mul(of([close], "i64"), of([1.0], "f32")).tolist() == [float((1 << 60) + (1 << 37))]


@pytest.mark.parametrize(
    ("a", "b", "shape"),
    [
        ((3, 1), (1, 4), (3, 4)),
        ((3, 20), (20,), (3, 20)),
        ((3, 20), (3, 1), (3, 20)),
        ((2, 1, 3), (5, 1), (2, 5, 3)),
        ((2, 3, 1, 1), (1, 1, 20, 2), (2, 3, 20, 2)),
        ((), (2, 2), (2, 2)),
        ((1,), (), (1,)),
        ((0, 3), (1, 3), (0, 3)),
        ((3, 1), (0,), (3, 0)),
        ((1, 2, 1), (2, 1, 3), (2, 2, 3)),
    ],
)
def test_broadcasting(a: tuple[int, ...], b: tuple[int, ...], shape: tuple[int, ...]) -> None:
    ones, tens = of([*range(math.prod(a))], "i64", a), of([1000 * i for i in range(math.prod(b))], "i64", b)
    result = elementwise.add(ones, tens)
    assert result.shape == shape
    assert elementwise.add(tens, ones).tolist() == result.tolist()
    assert [*_places(result, ones, tens)] == []


def _places(result: PureTensor, ones: PureTensor, tens: PureTensor) -> Any:
    """Where the result is not the sum of the two elements."""
    for flat in range(result.numel()):
        place, at = flat, []
        for size in reversed(result.shape):
            at.append(place % size)
            place //= size
        at.reverse()
        expected = sum(
            x.get([0 if size == 1 else i for i, size in zip(at[len(at) - x.ndim :], x.shape, strict=True)])
            for x in (ones, tens)
        )
        if result.get(at) != expected:
            yield at
