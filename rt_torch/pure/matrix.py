"""Matrix products."""

from __future__ import annotations

from itertools import chain
from math import prod
from operator import add
from typing import Any, NoReturn

from rt_torch.pure import check, distance, strassen
from rt_torch.pure.argument import refused
from rt_torch.pure.broadcast import common_shape, elements, expanded
from rt_torch.pure.layout import layout_of, shape_text
from rt_torch.pure.lines import cut
from rt_torch.pure.products import with_columns, with_rows
from rt_torch.pure.promotion import settled
from rt_torch.pure.tensor import PureTensor, check_optional, check_tensor, pure_tensor

_MANY = 16  # rows for which turning the other matrix over costs little

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


def linear(x: PureTensor, weight: PureTensor, bias: PureTensor | None = None) -> PureTensor:
    """`x` times the transpose of `weight`, plus `bias`, along the last dimension of `x`.

    Args:
        weight: A matrix: a row for each element of the output, a column for each of the input.
        bias: A vector, an element for each row of `weight`.

    Raises:
        BadArgumentError: The dtypes differ or are not floating-point, or the sizes do not fit.
    """
    symbol = "rt_torch_linear"
    check_tensor(symbol, "x", x)
    check_tensor(symbol, "weight", weight)
    check_optional(symbol, "bias", bias)
    check.same_dtype(symbol, x, weight, ("x", "weight"))
    check.same_dtype(symbol, x, bias, ("x", "bias"))
    check.floating(symbol, "x", x)
    shape = _linear_shape(symbol, x._layout.shape, weight, bias)
    dtype = x._layout.dtype
    items = _with_weights(x, weight, bias, dtype) if prod(shape) else []
    return pure_tensor(settled(items, dtype), layout_of(shape, dtype))


def _linear_shape(symbol: str, x: tuple[int, ...], weight: PureTensor, bias: PureTensor | None) -> tuple[int, ...]:
    if not x:
        raise refused(symbol, "x", "a tensor of at least one dimension is needed, this one has none")
    check.dims(symbol, "weight", weight, 2, "a row for each element of the output")
    outputs, inputs = weight._layout.shape
    if x[-1] != inputs:
        shapes = f"{shape_text(x)} and {shape_text(weight._layout.shape)}"
        check.refuse_pair(symbol, "x", "weight", f"the last sizes of {shapes} differ")
    check.has_shape(symbol, "bias", bias, (outputs,))
    shape = (*x[:-1], outputs)
    check.result_fits(symbol, "x", "weight", shape)
    return shape


def _with_weights(x: PureTensor, weight: PureTensor, bias: PureTensor | None, dtype: str) -> list[Any]:
    outputs, inputs = weight._layout.shape
    added = [0.0] * outputs if bias is None else [*elements(bias, dtype)]
    if not inputs:
        return added * prod(x._layout.shape[:-1])
    rows = _with_transposed(cut(elements(x, dtype), inputs), cut(elements(weight, dtype), inputs))
    if bias is None:
        return [*chain.from_iterable(rows)]
    return [total for row in rows for total in map(add, row, added)]


def _with_transposed(a: Rows, b: Rows) -> Rows:
    """The rows of the product of a matrix with the transpose of another."""
    products = distance.product(a, [[*column] for column in zip(*b, strict=True)]) if len(a) >= _MANY else None
    return with_rows(a, b) if products is None else products


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
    a_rows = cut(elements(a, dtype), length)
    b_rows = cut(elements(b, dtype), columns)
    out: list[Any] = []
    for i, j in zip(_places(a_shape[:-2], batch), _places(b_shape[:-2], batch), strict=True):
        for row in _product(a_rows[i * a_count : (i + 1) * a_count], b_rows[j * length : (j + 1) * length]):
            out += row
    return out


def _places(shape: tuple[int, ...], batch: tuple[int, ...]) -> Any:
    """Which matrix to take at each place of the leading dimensions."""
    return expanded(list(range(prod(shape))), shape, batch)


def _product(a: Rows, b: Rows) -> Rows:
    """The rows of a product of two matrices; no size is 0."""
    return strassen.product(a, b, _plain) if strassen.suits(a, b) else _plain(a, b)


def _plain(a: Rows, b: Rows) -> Rows:
    products = distance.product(a, b)
    return with_columns(a, b) if products is None else products
