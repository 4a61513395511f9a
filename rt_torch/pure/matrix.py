"""Matrix products."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Sequence
from math import prod
from operator import mul
from typing import Any, NoReturn

from rt_torch.pure import check, distance, strassen
from rt_torch.pure.argument import refused
from rt_torch.pure.broadcast import common_shape, elements, expanded
from rt_torch.pure.layout import layout_of, shape_text
from rt_torch.pure.promotion import settled
from rt_torch.pure.sums import sum_of
from rt_torch.pure.tensor import PureTensor, check_tensor, pure_tensor

_BLOCK = 32  # numbers of a row that one expression multiplies
_LONGEST = 1 << 17  # beyond that, adding block to block is not exact enough

_ZEROS: dict[str, Any] = {"f64": 0.0, "f32": 0.0, "i64": 0, "bool": False}

Rows = list[list[Any]]


def matmul(a: PureTensor, b: PureTensor) -> PureTensor:
    """Matrix product of `a` and `b`; leading dimensions broadcast, a 1-dim tensor is a vector.

    Integers wrap modulo 2**64.  An element of f64 is off by at most 1e-12 of the sum of its absolute terms; where all
    sizes are above 512 and the numbers are of one kind, the weaker bound of rt_torch.pure.strassen holds.

    Raises:
        BadArgumentError: The dtypes differ or are bool, the sizes do not fit, or a tensor has no dimensions.
    """
    symbol = "rt_torch_matmul"
    check_tensor(symbol, "a", a)
    check_tensor(symbol, "b", b)
    check.same_dtype(symbol, a, b)
    check.not_boolean_product(symbol, a, b)
    shape, batch = _checked_shape(symbol, a._layout.shape, b._layout.shape)
    dtype = a._layout.dtype
    items = _products(a, b, batch, dtype) if prod(shape) else []
    return pure_tensor(settled(items, dtype), layout_of(shape, dtype))


def _checked_shape(symbol: str, a: tuple[int, ...], b: tuple[int, ...]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The shape of the product, and its leading dimensions."""
    if not a or not b:
        raise refused(symbol, "b" if a else "a", "a tensor of at least one dimension is needed, this one has none")
    if a[-1] != b[-2 if len(b) > 1 else 0]:
        _mismatch(symbol, "inner", a, b)
    batch = common_shape(a[:-2], b[:-2])
    if batch is None:
        _mismatch(symbol, "leading", a, b)
    shape = (*batch, *a[-2:-1], *(b[-1:] if len(b) > 1 else ()))
    check.result_fits(symbol, "a", "b", shape)
    return shape, batch


def _mismatch(symbol: str, which: str, a: tuple[int, ...], b: tuple[int, ...]) -> NoReturn:
    check.refuse_pair(symbol, "a", "b", f"the {which} sizes of {shape_text(a)} and {shape_text(b)} do not fit")


def _products(a: PureTensor, b: PureTensor, batch: tuple[int, ...], dtype: str) -> list[Any]:
    """The products of all pairs of matrices, one after the other."""
    a_shape, b_shape = a._layout.shape, b._layout.shape
    length = a_shape[-1]
    columns = b_shape[-1] if len(b_shape) > 1 else 1
    a_count = a_shape[-2] if len(a_shape) > 1 else 1
    if not length:
        return [_ZEROS[dtype]] * (prod(batch) * a_count * columns)
    a_rows = _cut(elements(a, dtype), length)
    b_rows = _cut(elements(b, dtype), columns)
    out: list[Any] = []
    for i, j in zip(_places(a_shape[:-2], batch), _places(b_shape[:-2], batch), strict=True):
        for row in _product(a_rows[i * a_count : (i + 1) * a_count], b_rows[j * length : (j + 1) * length]):
            out += row
    return out


def _cut(items: Any, length: int) -> Rows:
    """Elements in rows of one length."""
    flat: list[Any] = items if isinstance(items, list) else items.tolist()
    return [flat[start : start + length] for start in range(0, len(flat), length)]


def _places(shape: tuple[int, ...], batch: tuple[int, ...]) -> Any:
    """Which matrix to take at each place of the leading dimensions."""
    return expanded(list(range(prod(shape))), shape, batch)


def _product(a: Rows, b: Rows) -> Rows:
    """The rows of a product of two matrices; no size is 0."""
    return strassen.product(a, b, _plain) if strassen.suits(a, b) else _plain(a, b)


def _plain(a: Rows, b: Rows) -> Rows:
    products = distance.product(a, b)
    if products is not None:
        return products
    length, columns = len(b), len(b[0])
    if sys.version_info >= (3, 12):
        return _by_dots(a, b, math.sumprod)
    if sys.version_info >= (3, 11) and len(a) > 3 and _BLOCK <= length <= _LONGEST and columns >= 16:
        return _by_blocks(a, b)
    return _by_dots(a, b, _dot)


def _by_dots(a: Rows, b: Rows, dot: Callable[[Any, Any], Any]) -> Rows:
    columns = [*zip(*b, strict=True)]
    return [[dot(row, column) for column in columns] for row in a]


def _dot(row: Sequence[Any], column: Sequence[Any]) -> Any:
    return sum(map(mul, row, column)) if len(row) <= 1024 else sum_of([*map(mul, row, column)])


def _by_blocks(a: Rows, b: Rows) -> Rows:
    """For each row, what blocks of its numbers add to all columns; the numbers that fill no block come first."""
    length = len(b)
    rest = length % _BLOCK
    sums = _by_dots([row[:rest] for row in a], b[:rest], _dot) if rest else [[0] * len(b[0])] * len(a)
    for start in range(rest, length, _BLOCK):
        columns = [*zip(*b[start : start + _BLOCK], strict=True)]
        sums = [_with_products(total, row[start : start + _BLOCK], columns) for total, row in zip(sums, a, strict=True)]
    return sums


def _with_products(sums: list[Any], coefficients: list[Any], columns: list[tuple[Any, ...]]) -> list[Any]:
    """`sums`, each with the products of 32 coefficients and the 32 numbers of its column added.

    One expression on local names: the fastest that CPython 3.11 has.
    """
    # fmt: off
    (
        a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14, a15,
        a16, a17, a18, a19, a20, a21, a22, a23, a24, a25, a26, a27, a28, a29, a30, a31,
    ) = coefficients
    return [
        total
        + (a0 * x0 + a1 * x1 + a2 * x2 + a3 * x3 + a4 * x4 + a5 * x5 + a6 * x6 + a7 * x7
        + a8 * x8 + a9 * x9 + a10 * x10 + a11 * x11 + a12 * x12 + a13 * x13 + a14 * x14 + a15 * x15
        + a16 * x16 + a17 * x17 + a18 * x18 + a19 * x19 + a20 * x20 + a21 * x21 + a22 * x22 + a23 * x23
        + a24 * x24 + a25 * x25 + a26 * x26 + a27 * x27 + a28 * x28 + a29 * x29 + a30 * x30 + a31 * x31)
        for total, (
            x0, x1, x2, x3, x4, x5, x6, x7, x8, x9, x10, x11, x12, x13, x14, x15,
            x16, x17, x18, x19, x20, x21, x22, x23, x24, x25, x26, x27, x28, x29, x30, x31,
        ) in zip(sums, columns, strict=True)
    ]
    # fmt: on
