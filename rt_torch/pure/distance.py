"""Matrix products by distances, which Python measures in C: 2 p.q = |p|**2 + |q|**2 - |p - q|**2.

They are off by at most 32 * 2**-53 * (|p|**2 + |q|**2), whatever the terms of p.q are: math.dist and math.hypot are
right within one unit in the last place.  So they are only for matrices where that is for certain within 1e-12 of the
sum of the absolute terms: where all rows and columns are of about one length, and none has many small numbers.  Nor are
they for numbers of few digits, whose products and sums are exact otherwise.
"""

from __future__ import annotations

import sys
from itertools import repeat
from math import dist, frexp, hypot, inf, ldexp
from typing import Any, TypeAlias

Rows: TypeAlias = list[list[Any]]
Lines: TypeAlias = "list[tuple[float, ...]]"

SHORTEST = 24  # numbers in a line from which it is faster
_WORTH = 2 if sys.version_info < (3, 12) else 10  # beside math.sumprod less is gained
_ERROR = 32 * 2.0**-53
_BOUND = 1e-12
_LEAST, _MOST = 1e-100, 1e100  # lengths whose squares are far from what a double holds
_DIGITS = 2.0**20  # numbers of few digits are whole ones of 2**-20


def product(a: Rows, b: Rows) -> Rows | None:
    """The rows of the product; None where they might be off by more than 1e-12 of the sum of the absolute terms, and
    where it would not be faster."""
    if not _worthwhile(len(a), len(b), len(b[0])) or type(a[0][0]) is not float:
        return None
    rows, columns = [*map(tuple, a)], [*zip(*b, strict=True)]
    if _few_digits(rows) and _few_digits(columns):
        return None
    a_lengths, b_lengths = [hypot(*row) for row in rows], [hypot(*column) for column in columns]
    if not (_sound(a_lengths) and _sound(b_lengths)):
        return None
    scale = _scale(max(b_lengths) / max(a_lengths))
    if not _certain(rows, max(a_lengths), scale, columns, max(b_lengths)):
        return None
    if scale != 1.0:
        rows = [tuple([value * scale for value in row]) for row in rows]
    squares = [length * length for length in b_lengths]
    half = 0.5 / scale
    return [
        _products(row, (length * scale) ** 2, columns, squares, half)
        for row, length in zip(rows, a_lengths, strict=True)
    ]


def _products(row: tuple[float, ...], own: float, columns: Lines, squares: list[float], half: float) -> list[float]:
    distances = map(dist, repeat(row), columns)
    return [(own + square - d * d) * half for square, d in zip(squares, distances, strict=True)]


def _worthwhile(rows: int, length: int, columns: int) -> bool:
    """Whether what is gained is more than what it takes to look at the numbers: each line is sorted."""
    return length >= SHORTEST and rows * columns >= _WORTH * (rows + columns) * length.bit_length()


def _few_digits(lines: Lines) -> bool:
    return all((value * _DIGITS).is_integer() for line in lines for value in line)


def _sound(lengths: list[float]) -> bool:
    """Whether none is hardly one, nor NaN."""
    return min(lengths) > _LEAST and max(lengths) < _MOST and sum(lengths) < inf


def _scale(ratio: float) -> float:
    """The power of two that makes two lengths of this ratio about equal."""
    return ldexp(1.0, frexp(ratio)[1]) if not 0.25 < ratio < 4.0 else 1.0


def _certain(rows: Lines, a_longest: float, scale: float, columns: Lines, b_longest: float) -> bool:
    """Whether the error is small beside the absolute terms, of which at least half are of two usual numbers."""
    length = len(rows[0])
    error = _ERROR * ((a_longest * scale) ** 2 + b_longest**2) / scale
    enough = error / (2 * _BOUND * (length - 2 * (length // 4)))
    if _usual(rows[:1]) * _usual(columns[:1]) < enough:
        return False  # as most often where it is so
    return _usual(rows) * _usual(columns) >= enough


def _usual(lines: Lines) -> float:
    """What at least three quarters of the numbers of each line have, or more."""
    quarter = len(lines[0]) // 4
    return min(sorted(map(abs, line))[quarter] for line in lines)
