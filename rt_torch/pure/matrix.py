"""Matrix products."""

from __future__ import annotations

from math import prod
from typing import Any, NoReturn

from rt_torch.pure import check, distance, strassen
from rt_torch.pure.argument import refused
from rt_torch.pure.broadcast import common_shape, elements, expanded
from rt_torch.pure.layout import layout_of, shape_text
from rt_torch.pure.products import with_columns
from rt_torch.pure.promotion import settled
from rt_torch.pure.tensor import PureTensor, check_tensor, pure_tensor

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
    return with_columns(a, b) if products is None else products
