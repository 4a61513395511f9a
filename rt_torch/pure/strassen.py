"""Strassen's way to multiply large matrices: seven products of halves instead of eight.

Its error bound is weaker than that of the plain product.  There an element is off by at most 1e-12 of the sum of its
absolute terms; here by at most 12**levels * 300000 * 2**-53 * max|a| * max|b|, with one level for each halving down to
512, whatever its own terms are.  In practice numbers of one kind come out about as exact, but what should be exact, or
zero, may not be.  So it is only for matrices without zeros whose rows and columns are of about one size.  Integers are
exact.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import add, sub
from typing import Any, TypeAlias

Rows: TypeAlias = list[list[Any]]

LARGE = 512  # a size up to which the plain product is as fast
_RANGE = 32.0  # between the largest numbers of the lines of a matrix
_PEAK = 8.0  # between the largest number of a line and its mean
_LARGEST, _SMALLEST = 1e100, 1e-100


def suits(a: Rows, b: Rows) -> bool:
    """Whether two matrices are large enough, and their numbers of about one size."""
    if min(len(a), len(b), len(b[0])) <= LARGE:
        return False
    if type(a[0][0]) is int:
        return True
    return _balanced(a) and _balanced([list(column) for column in zip(*b, strict=True)])


def _balanced(lines: Rows) -> bool:
    """Whether the numbers of all lines are finite, not 0, and of about one size."""
    smallest, largest = _LARGEST, _SMALLEST
    for line in lines:
        sizes = [*map(abs, line)]
        peak, total = max(sizes), sum(sizes)
        smallest, largest = min(smallest, peak), max(largest, peak)
        if 0.0 in sizes or not peak * len(line) <= total * _PEAK:  # NaN is not below anything
            return False
    return smallest > _SMALLEST and largest < _LARGEST and largest <= smallest * _RANGE


def product(a: Rows, b: Rows, plain: Callable[[Rows, Rows], Rows]) -> Rows:
    """The rows of the product; `plain` multiplies what is small."""
    if min(len(a), len(b), len(b[0])) <= LARGE:
        return plain(a, b)
    rows, columns = len(a), len(b[0])
    a11, a12, a21, a22 = _quarters(a)
    b11, b12, b21, b22 = _quarters(b)
    s1 = _each(add, a21, a22)
    s2 = _each(sub, s1, a11)
    t1 = _each(sub, b12, b11)
    t2 = _each(sub, b22, t1)
    p1 = product(a11, b11, plain)
    u2 = _each(add, p1, product(s2, t2, plain))
    u3 = _each(add, u2, product(_each(sub, a11, a21), _each(sub, b22, b12), plain))
    p5 = product(s1, t1, plain)
    c11 = _each(add, p1, product(a12, b21, plain))
    c12 = _each(add, _each(add, u2, p5), product(_each(sub, a12, s2), b22, plain))
    c21 = _each(sub, u3, product(a22, _each(sub, t2, b21), plain))
    c22 = _each(add, u3, p5)
    top = [left + right for left, right in zip(c11, c12, strict=True)]
    below = [left + right for left, right in zip(c21, c22, strict=True)]
    return [row[:columns] for row in (top + below)[:rows]]


def _quarters(matrix: Rows) -> tuple[Rows, Rows, Rows, Rows]:
    """Four parts of one shape; an odd size is filled up with zeros."""
    if len(matrix[0]) % 2:
        matrix = [[*row, 0] for row in matrix]
    if len(matrix) % 2:
        matrix = [*matrix, [0] * len(matrix[0])]
    middle, half = len(matrix) // 2, len(matrix[0]) // 2
    top, below = matrix[:middle], matrix[middle:]
    return (
        [row[:half] for row in top],
        [row[half:] for row in top],
        [row[:half] for row in below],
        [row[half:] for row in below],
    )


def _each(operation: Callable[[Any, Any], Any], a: Rows, b: Rows) -> Rows:
    return [[*map(operation, one, other)] for one, other in zip(a, b, strict=True)]
