"""Windows on images: how many there are, what they hold, and what is added where they were."""

from __future__ import annotations

import random
from itertools import product
from typing import Any

import pytest

from rt_torch.pure.window import Image, Pair, Windows, add_elements, elements_of, padded

CASES = [
    ((3, 3), Windows((2, 2), (1, 1), (0, 0))),
    ((4, 5), Windows((2, 3), (2, 1), (1, 1))),
    ((6, 7), Windows((3, 2), (1, 2), (0, 1), (2, 3))),
    ((5, 5), Windows((2, 2), (2, 2), (0, 0), (1, 1), ceil=True)),
    ((5, 4), Windows((3, 3), (3, 2), (1, 1), (1, 1), ceil=True)),
    ((1, 1), Windows((1, 1), (1, 1), (0, 0))),
    ((7, 2), Windows((1, 1), (3, 3), (0, 0))),
]
by_case = pytest.mark.parametrize(("size", "windows"), CASES)


def image_of(size: Pair) -> Image:
    numbers = random.Random(size[0] * 10 + size[1])
    return [[float(numbers.randint(-9, 9)) for _ in range(size[1])] for _ in range(size[0])]


def held(image: Image, windows: Windows, counts: Pair, fill: Any) -> list[list[Any]]:
    """What each window has at each of its places, looked up one by one."""

    def at(window: Pair, place: Pair) -> Any:
        y, x = (
            window[axis] * windows.stride[axis] - windows.padding[axis] + place[axis] * windows.dilation[axis]
            for axis in (0, 1)
        )
        return image[y][x] if 0 <= y < len(image) and 0 <= x < len(image[0]) else fill

    places, every = product(*map(range, windows.kernel)), [*product(*map(range, counts))]
    return [[at(window, place) for window in every] for place in places]


@by_case
def test_what_they_hold(size: Pair, windows: Windows) -> None:
    image, counts = image_of(size), windows.counts(*size)
    found = [*elements_of(padded(image, windows, counts, 0.5), windows, counts)]
    assert found == held(image, windows, counts, 0.5)


@by_case
def test_what_is_added_where_they_were(size: Pair, windows: Windows) -> None:
    counts = windows.counts(*size)
    numbers = random.Random(7)
    elements = [
        [float(numbers.randint(-9, 9)) for _ in range(counts[0] * counts[1])] for _ in held([[0.0]], windows, counts, 0)
    ]
    numbered = [[row * size[1] + column for column in range(size[1])] for row in range(size[0])]
    expected = [0.0] * (size[0] * size[1])
    for places, row in zip(held(numbered, windows, counts, None), elements, strict=True):
        for place, element in zip(places, row, strict=True):
            if place is not None:
                expected[place] += element
    assert add_elements(size, windows, counts, elements) == expected


def test_an_image_without_a_border_is_not_copied() -> None:
    image = image_of((4, 4))
    assert padded(image, Windows((2, 2), (2, 2), (0, 0)), (2, 2), 0.0) is image


@pytest.mark.parametrize(
    ("windows", "counts"),
    [
        (Windows((3, 3), (1, 1), (0, 0)), (3, 4)),
        (Windows((3, 3), (2, 2), (1, 1)), (3, 3)),
        (Windows((3, 3), (2, 2), (1, 1), ceil=True), (3, 4)),
        (Windows((2, 2), (3, 4), (0, 0), ceil=True), (2, 2)),
        (Windows((2, 2), (1, 1), (0, 0), (4, 5)), (1, 1)),
        (Windows((6, 2), (1, 1), (0, 0)), (0, 5)),
        (Windows((7, 9), (4, 4), (1, 1), ceil=True), (1, 1)),
        (Windows((1 << 31, 1), (1, 1), (0, 0), ((1 << 31) - 1, 1)), (0, 6)),
    ],
)
def test_how_many_there_are(windows: Windows, counts: Pair) -> None:
    assert windows.counts(5, 6) == counts


@pytest.mark.parametrize(
    ("windows", "missing"),
    [
        (Windows((2, 2), (1, 1), (1, 1), (3, 3)), True),  # one at -1 and 2
        (Windows((2, 2), (1, 1), (0, 1), (3, 2)), False),
        (Windows((2, 2), (1, 1), (1, 0), (2, 3)), False),
        (Windows((4, 4), (2, 2), (2, 2), (3, 3)), False),  # begins at -2 and 0, so never at -1
    ],
)
def test_windows_that_miss_the_image(windows: Windows, missing: bool) -> None:
    assert windows.misses(2, 2) is missing
