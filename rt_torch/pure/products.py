"""Sums of products of rows: what matrix products and convolutions are made of."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from operator import add, mul
from typing import Any, TypeAlias

from rt_torch.pure.sums import sum_of

Rows: TypeAlias = "Sequence[list[Any]]"  # of one length

_DOTS = sys.version_info >= (3, 12)  # math.sumprod is there, and faster than anything else
_SLOW = sys.version_info < (3, 11)  # expressions are no faster than sum() and map(), once these have begun
_BLOCK = 32  # pairs that one expression multiplies
_LONGEST = 1 << 17  # beyond that, adding block to block is not exact enough
_SHORT = 1024  # up to here, adding number to number is


def with_columns(rows: Rows, matrix: Rows) -> list[list[Any]]:
    """For each row, the sums of its products with the columns of a matrix; no size is 0."""
    if not _in_blocks(len(rows), len(matrix), len(matrix[0])):
        return _by_dots(rows, [*zip(*matrix, strict=True)])
    blocks = (zip(*matrix[start : start + _BLOCK], strict=True) for start in range(0, len(matrix), _BLOCK))
    return _by_blocks(rows, blocks)


def with_rows(rows: Rows, others: Rows) -> list[list[Any]]:
    """For each row, the sums of its products with the other rows; no size is 0."""
    length = len(others[0])
    if not _in_blocks(len(rows), length, len(others)):
        return _by_dots(rows, others)
    blocks = ([other[start : start + _BLOCK] for other in others] for start in range(0, length, _BLOCK))
    return _by_blocks(rows, blocks)


def _in_blocks(rows: int, length: int, columns: int) -> bool:
    """Whether multiplying blocks of many columns at once is faster than sum by sum, and exact enough."""
    return not _DOTS and rows > 1 and columns > 3 and length <= (_BLOCK if _SLOW else _LONGEST)


def _by_dots(rows: Rows, columns: Sequence[Sequence[Any]]) -> list[list[Any]]:
    if sys.version_info >= (3, 12):
        return [[math.sumprod(row, column) for column in columns] for row in rows]
    return [[_dot(row, column) for column in columns] for row in rows]


def _dot(row: Sequence[Any], column: Sequence[Any]) -> Any:
    return sum(map(mul, row, column)) if len(row) <= _SHORT else sum_of([*map(mul, row, column)])


def _by_blocks(rows: Rows, blocks: Iterable[Iterable[Sequence[Any]]]) -> list[list[Any]]:
    """The columns come in blocks: the first 32 numbers of each, the next 32, and what is left at the end."""
    sums: list[list[Any]] = []
    for place, block in enumerate(blocks):
        columns = [*block]
        start, count = place * _BLOCK, len(columns[0])
        products = _expression(count)
        found = [products(columns, *row[start : start + count]) for row in rows]
        sums = [[*map(add, *pair)] for pair in zip(sums, found, strict=True)] if sums else found
    return sums


@cache
def _expression(count: int) -> Callable[..., list[Any]]:
    """What multiplies so many numbers with those of each column: one expression on local names is the fastest that
    CPython has without math.sumprod."""
    factors = ", ".join(f"a{place}" for place in range(count))
    numbers = "".join(f"x{place}, " for place in range(count))
    products = " + ".join(f"a{place} * x{place}" for place in range(count))
    expression: Callable[..., list[Any]] = eval(f"lambda columns, {factors}: [{products} for {numbers}in columns]")
    return expression
