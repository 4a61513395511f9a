"""Pooling and its gradients: what the conformance cases do not show."""

from __future__ import annotations

import math
from typing import Any

import pytest

from rt_torch import pure
from tests.pure.making import of

NAN, INF = math.nan, math.inf
ROW = (1, 1, 1, 4)


def largest(items: list[float], width: int, stride: int = 1, padding: int = 0) -> Any:
    x = of(items, shape=(1, 1, 1, len(items)))
    return pure.max_pool2d(x, [1, width], [1, stride], [0, padding], [1], False).tolist()[0][0][0]


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        ([1.0, 3.0, 2.0, 0.0], [3.0, 3.0, 2.0]),
        ([-INF, -INF, INF, 1.0], [-INF, INF, INF]),
        ([INF, -INF, 1.0, 2.0], [INF, 1.0, 2.0]),
        ([NAN, 1.0, 2.0, 3.0], [NAN, 2.0, 3.0]),
        ([1.0, NAN, 2.0, 3.0], [NAN, NAN, 3.0]),
    ],
)
def test_the_largest(items: list[float], expected: list[float]) -> None:
    assert repr(largest(items, 2)) == repr(expected)


def test_what_is_outside_is_never_the_largest() -> None:
    assert largest([-5.0, -INF, -INF, -7.0], 2, 2, 1) == [-5.0, -INF, -7.0]


@pytest.mark.parametrize(
    ("x", "places"),
    [
        ([1.0, 1.0, 1.0, 1.0], [0, 1, 2]),
        ([1.0, 2.0, 2.0, 1.0], [1, 1, 2]),
        ([NAN, NAN, 1.0, NAN], [1, 1, 3]),
        ([-INF, -INF, -INF, -INF], [0, 1, 2]),
    ],
)
def test_where_the_largest_is(x: list[float], places: list[int]) -> None:
    """The first of equal ones, the last NaN."""
    how = ([1, 2], [1], [0], [1], False)
    numbered = of([0.0, 1.0, 2.0, 3.0], shape=ROW)
    assert pure.max_pool2d_pick(numbered, of(x, shape=ROW), *how).tolist()[0][0][0] == places
    found = pure.max_pool2d_backward(of([1.0, 10.0, 100.0], shape=(1, 1, 1, 3)), of(x, shape=ROW), *how)
    expected = [0.0] * 4
    for place, gradient in zip(places, (1.0, 10.0, 100.0), strict=True):
        expected[place] += gradient
    assert found.tolist()[0][0][0] == expected


def test_the_place_is_never_outside_of_the_image() -> None:
    x = of([-INF] * 4, shape=(1, 1, 2, 2))
    how = ([2], [1], [1], [1], False)
    assert pure.max_pool2d_pick(of([0.0, 1.0, 2.0, 3.0], shape=(1, 1, 2, 2)), x, *how).tolist() == [
        [[[0.0, 0.0, 1.0], [0.0, 0.0, 1.0], [2.0, 2.0, 3.0]]]
    ]


def test_dtypes_stay() -> None:
    x = of([0.1, 0.2, 0.3, 0.4], shape=ROW)
    single = pure.to_dtype(x, "f32")
    for function, how in (
        (pure.max_pool2d, ([1, 2], None, [0], [1], False)),
        (pure.avg_pool2d, ([1, 2], None, [0], False, True)),
    ):
        assert function(single, *how).dtype == "f32"
        assert function(x, *how).dtype == "f64"


def test_the_mean_counts_what_it_is_told_to() -> None:
    x = of([4.0] * 4, shape=ROW)
    ends = {True: [2.0, 4.0, 2.0], False: [4.0, 4.0, 4.0]}
    for counting, expected in ends.items():
        assert pure.avg_pool2d(x, [1, 2], None, [0, 1], False, counting).tolist() == [[[expected]]]
