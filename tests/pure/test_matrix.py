"""Known answers of the pure tier's matrix products."""

from __future__ import annotations

import math
import random

import pytest

from rt_torch import pure
from rt_torch.pure import strassen
from rt_torch.pure.products import with_columns
from tests.pure.making import LEAST, of


@pytest.mark.parametrize(("rows", "length", "columns"), [(1, 1, 1), (4, 32, 16), (5, 64, 17), (6, 71, 20), (3, 40, 1)])
def test_integers_are_exact(rows: int, length: int, columns: int) -> None:
    a = [[(i * 31 + k * 17) % 101 - 50 for k in range(length)] for i in range(rows)]
    b = [[(k * 13 + j * 7) % 97 - 40 for j in range(columns)] for k in range(length)]
    product = [[sum(x * b[k][j] for k, x in enumerate(row)) for j in range(columns)] for row in a]
    for dtype in ("i64", "f64"):
        number = int if dtype == "i64" else float
        left = of([number(x) for row in a for x in row], dtype, (rows, length))
        right = of([number(x) for row in b for x in row], dtype, (length, columns))
        result = pure.matmul(left, right)
        assert result.tolist() == product
        assert all(type(x) is number for row in result.tolist() for x in row)


def test_integers_wrap() -> None:
    assert pure.matmul(of([1 << 62, 1 << 62], "i64"), of([1, 1], "i64")).item() == LEAST
    assert pure.matmul(of([1 << 62], "i64"), of([4], "i64")).item() == 0


def test_infinities_stay_in_their_row() -> None:
    a = of([1.0, math.inf, 1.0, 0.0], "f64", (2, 2))
    b = of([1.0, 2.0, 3.0, 0.0], "f64", (2, 2))
    result = pure.matmul(a, b).tolist()
    assert result[0][0] == math.inf
    assert math.isnan(result[0][1])
    assert result[1] == [1.0, 2.0]


def test_vectors() -> None:
    matrix_ = of([1.0, 2.0, 3.0, 4.0], "f64", (2, 2))
    assert pure.matmul(of([1.0, 2.0]), of([3.0, 4.0])).item() == 11.0
    assert pure.matmul(matrix_, of([1.0, 1.0])).tolist() == [3.0, 7.0]
    assert pure.matmul(of([1.0, 1.0]), matrix_).tolist() == [4.0, 6.0]


def test_leading_dimensions_broadcast() -> None:
    a = of([float(i) for i in range(12)], "f64", (3, 1, 2, 2))
    b = of([1.0, 0.0, 0.0, 1.0, 0.0, 1.0, 1.0, 0.0], "f64", (2, 2, 2))
    result = pure.matmul(a, b)
    assert result.shape == (3, 2, 2, 2)
    assert result.tolist()[1] == [[[4.0, 5.0], [6.0, 7.0]], [[5.0, 4.0], [7.0, 6.0]]]


def test_errors_of_a_long_product_stay_small() -> None:
    length = 20_000
    total = pure.matmul(of([0.1] * length), of([1.0] * length)).item()
    assert abs(total - 0.1 * length) < 1e-12 * 0.1 * length


def test_nothing_to_add_up() -> None:
    for dtype, zero in (("f64", 0.0), ("i64", 0), ("bool", False)):
        result = pure.matmul(of([], dtype, (2, 0)), of([], dtype, (0, 2))).tolist()
        assert result == [[zero] * 2] * 2
        assert type(result[0][0]) is type(zero)


# Large products.


def rows_of(numbers: random.Random, count: int, length: int) -> list[list[float]]:
    return [[numbers.gauss(0.0, 1.0) for _ in range(length)] for _ in range(count)]


@pytest.mark.parametrize(("rows", "length", "columns"), [(16, 16, 16), (17, 13, 15), (9, 40, 11)])
def test_product_of_halves(rows: int, length: int, columns: int, monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = random.Random(rows * length * columns)
    a, b = rows_of(numbers, rows, length), rows_of(numbers, length, columns)
    whole = of([int(1e18 * x) for row in a for x in row], "i64", (rows, length))
    exact = pure.matmul(whole, whole.T).tolist()
    monkeypatch.setattr(strassen, "LARGE", 4)
    assert pure.matmul(whole, whole.T).tolist() == exact
    for one, other in zip(strassen.product(a, b, with_columns), with_columns(a, b), strict=True):
        assert one == pytest.approx(other, rel=0.0, abs=1e-12)


def test_halves_only_where_little_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    even = [[x + math.copysign(0.5, x) for x in row] for row in rows_of(random.Random(1), 8, 8)]
    assert not strassen.suits(even, even)
    monkeypatch.setattr(strassen, "LARGE", 4)
    assert strassen.suits(even, even)
    assert not strassen.suits(even[:4], even)
    for wrong in (0.0, math.nan, math.inf, -math.inf, 1e200, 1e5):
        odd = [[*row] for row in even]
        odd[3][5] = wrong
        assert not strassen.suits(odd, even)
        assert not strassen.suits(even, odd)
    assert not strassen.suits([[x * 1e-5 for x in row] if i == 2 else row for i, row in enumerate(even)], even)
    assert not strassen.suits([[x * 1e-200 for x in row] for row in even], even)
