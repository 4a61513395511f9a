"""Products by distances: within the bound wherever they are given, and only there."""

from __future__ import annotations

import math
import random
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rt_torch import pure
from rt_torch.pure import distance
from tests.pure.making import of

Rows = list[list[float]]
ROWS, LENGTH, COLUMNS = 27, 26, 31


@pytest.fixture(autouse=True)
def worthwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(distance, "_WORTH", 2)  # on every version of Python


KINDS: dict[str, Callable[[random.Random], float]] = {
    "even": lambda numbers: numbers.uniform(-1.0, 1.0),
    "normal": lambda numbers: numbers.gauss(0.0, 1.0),
    "positive": lambda numbers: numbers.uniform(0.5, 2.0),
    "far from zero": lambda numbers: 1e3 + numbers.random(),
    "wide": lambda numbers: numbers.choice((-1.0, 1.0)) * 10.0 ** numbers.uniform(-6.0, 2.0),
    "some zeros": lambda numbers: numbers.random() if numbers.random() < 0.9 else 0.0,
}


def rows_of(numbers: random.Random, count: int, length: int, kind: str, scale: float = 1.0) -> Rows:
    return [[scale * KINDS[kind](numbers) for _ in range(length)] for _ in range(count)]


def largest_error(a: Rows, b: Rows, product: Rows) -> float:
    """The largest error of an element, in units of the sum of its absolute terms."""
    columns = list(zip(*b, strict=True))
    return max(
        abs(element - math.fsum(map(float.__mul__, row, column))) / math.fsum(abs(x * y) for x, y in zip(row, column))  # noqa: B905  (they are of one length)
        for row, elements in zip(a, product, strict=True)
        for column, element in zip(columns, elements, strict=True)
    )


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 2**32),
    st.sampled_from(sorted(KINDS)),
    st.sampled_from(sorted(KINDS)),
    st.integers(-300, 300),
    st.integers(-300, 300),
    st.integers(-3, 3),
)
def test_what_is_given_is_within_the_bound(seed: int, left: str, right: str, up: int, down: int, uneven: int) -> None:
    numbers = random.Random(seed)
    a = rows_of(numbers, ROWS, LENGTH, left, 2.0**up)
    b = rows_of(numbers, LENGTH, COLUMNS, right, 2.0**down)
    a[3] = [x * 4.0**uneven for x in a[3]]
    product = distance.product(a, b)
    if product is not None:
        assert largest_error(a, b, product) <= 1e-12


@pytest.mark.parametrize("kind", ["even", "normal", "positive"])
@pytest.mark.parametrize("scale", [1.0, 3e-90, 1e90])
def test_it_is_given_for_usual_numbers(kind: str, scale: float) -> None:
    numbers = random.Random(kind)
    a = rows_of(numbers, ROWS, LENGTH, kind, scale)
    b = rows_of(numbers, LENGTH, COLUMNS, kind)
    for left, right in ((a, b), (a, rows_of(numbers, LENGTH, COLUMNS, "normal", 1e-3))):
        product = distance.product(left, right)
        assert product is not None
        assert (len(product), len(product[0])) == (ROWS, COLUMNS)
        assert largest_error(left, right, product) <= 1e-14


@pytest.mark.parametrize("wrong", [math.nan, math.inf, -math.inf, 1e150, 1e5])
def test_one_number_that_is_unlike_the_others(wrong: float) -> None:
    numbers = random.Random(1)
    a, b = rows_of(numbers, ROWS, LENGTH, "even"), rows_of(numbers, LENGTH, COLUMNS, "even")
    for odd in (a, b):
        kept, odd[5][7] = odd[5][7], wrong
        assert distance.product(a, b) is None
        odd[5][7] = kept
    assert distance.product(a, b) is not None


@pytest.mark.parametrize(
    "line",
    [[0.0] * LENGTH, [1e-9 * x for x in range(1, LENGTH + 1)], [1.0] * (LENGTH // 2) + [0.0] * (LENGTH // 2)],
    ids=["zeros", "short", "half zeros"],
)
def test_one_line_that_is_unlike_the_others(line: list[float]) -> None:
    numbers = random.Random(2)
    a, b = rows_of(numbers, ROWS, LENGTH, "even"), rows_of(numbers, LENGTH, COLUMNS, "even")
    assert distance.product([*a[1:], line], b) is None
    assert distance.product(a, [[x, *row[1:]] for x, row in zip(line, b, strict=True)]) is None


def test_numbers_of_few_digits_are_multiplied_exactly() -> None:
    a = [[float((i * 31 + k * 17) % 101 - 50) / 64 or 1.0 for k in range(LENGTH)] for i in range(ROWS)]
    b = [[float((k * 13 + j * 7) % 97 - 40) or 1.0 for j in range(COLUMNS)] for k in range(LENGTH)]
    assert distance.product(a, b) is None
    columns = list(zip(*b, strict=True))
    exact = [[math.fsum(x * y for x, y in zip(row, column, strict=True)) for column in columns] for row in a]
    left = of([x for row in a for x in row], "f64", (ROWS, LENGTH))
    right = of([x for row in b for x in row], "f64", (LENGTH, COLUMNS))
    assert pure.matmul(left, right).tolist() == exact


def test_integers_and_small_matrices_are_not_for_it() -> None:
    numbers = random.Random(3)
    a, b = rows_of(numbers, ROWS, LENGTH, "even"), rows_of(numbers, LENGTH, COLUMNS, "even")
    assert distance.product([[int(1e6 * x) for x in row] for row in a], b) is None
    assert distance.product(a[:10], b) is None
    assert distance.product(a, [row[:10] for row in b]) is None
    assert distance.product([row[:23] for row in a], b[:23]) is None
    assert distance.product(a, b) is not None
    assert distance.product([row * 100 for row in a], b * 100) is None  # sorting long lines takes longer
