"""Sums of products of rows: every way to compute them gives the same."""

from __future__ import annotations

import math
import random
from fractions import Fraction
from typing import Any

import pytest

from rt_torch.pure import products

SIZES = [(1, 1, 1), (2, 1, 4), (4, 9, 25), (4, 32, 16), (5, 64, 17), (6, 71, 20), (3, 40, 1), (1, 33, 8)]


@pytest.fixture(params=["chosen", "dots", "blocks"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param != "chosen":
        monkeypatch.setattr(products, "_in_blocks", lambda *sizes: request.param == "blocks")


def transposed(rows: list[list[Any]]) -> list[list[Any]]:
    return [[*column] for column in zip(*rows, strict=True)]


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize(("rows", "length", "columns"), SIZES)
@pytest.mark.parametrize("number", [int, float])
def test_integers_are_exact(number: Any, rows: int, length: int, columns: int) -> None:
    a = [[number((i * 31 + k * 17) % 101 - 50) for k in range(length)] for i in range(rows)]
    b = [[number((k * 13 + j * 7) % 97 - 40) for j in range(columns)] for k in range(length)]
    expected = [[sum(x * b[k][j] for k, x in enumerate(row)) for j in range(columns)] for row in a]
    for result in (products.with_columns(a, b), products.with_rows(a, transposed(b))):
        assert result == expected
        assert all(type(x) is number for row in result for x in row)


@pytest.mark.usefixtures("way")
def test_integers_of_any_size() -> None:
    assert products.with_rows([[1 << 62, 1 << 62]] * 4, [[1 << 62, 4]] * 4) == [[(1 << 124) + (1 << 64)] * 4] * 4


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("length", [1, 31, 32, 33, 1000, 5000])
def test_errors_stay_small(length: int) -> None:
    numbers = random.Random(length)
    rows = [[numbers.gauss(0.0, 1.0) for _ in range(length)] for _ in range(4)]
    found = products.with_rows(rows, rows)
    for i, j in ((0, 0), (1, 3)):
        terms = [Fraction(x) * Fraction(y) for x, y in zip(rows[i], rows[j], strict=True)]
        assert abs(Fraction(found[i][j]) - sum(terms)) <= Fraction(1e-12) * sum(map(abs, terms))


@pytest.mark.usefixtures("way")
def test_infinities_and_nan_stay_where_they_are() -> None:
    rows = [[1.0, math.inf], [1.0, 1.0], [math.nan, 0.0], [0.0, 0.0]]
    found = products.with_rows(rows, [[1.0, 0.0], [1.0, 1.0], [2.0, -1.0], [0.0, 3.0]])
    assert found[1] == [1.0, 2.0, 1.0, 3.0]
    assert found[0][1:] == [math.inf, -math.inf, math.inf]
    assert all(map(math.isnan, [found[0][0], *found[2]]))
    assert found[3] == [0.0] * 4


def test_long_rows_are_summed_part_by_part() -> None:
    length = 200_000
    found = products.with_rows([[0.1] * length] * 2, [[1.0] * length] * 4)
    assert all(abs(total - 0.1 * length) < 1e-12 * 0.1 * length for row in found for total in row)
