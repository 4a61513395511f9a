"""Tables of rows, and their gradients."""

from __future__ import annotations

from itertools import chain
from operator import add
from typing import Any

from rt_torch.pure import check
from rt_torch.pure.argument import integer, refused
from rt_torch.pure.create import no_memory
from rt_torch.pure.layout import MAX_DIMS, layout_of, overflow, shape_text
from rt_torch.pure.lines import cut
from rt_torch.pure.promotion import settled
from rt_torch.pure.tensor import PureTensor, check_tensor, pure_tensor, values


def embedding(weight: PureTensor, indices: PureTensor) -> PureTensor:
    """The rows of `weight` that `indices` name, in a dimension behind those of `indices`.

    Raises:
        BadArgumentError: `weight` is no matrix, `indices` is not i64, or an index is not that of a row.
    """
    symbol = "rt_torch_embedding"
    check_tensor(symbol, "weight", weight)
    check_tensor(symbol, "indices", indices)
    check.dims(symbol, "weight", weight, 2, "a row for each index")
    check.integers(symbol, "indices", indices)
    if indices._layout.ndim >= MAX_DIMS:
        text = f"it has {indices._layout.ndim} dimensions, and a tensor has at most {MAX_DIMS}"
        raise refused(symbol, "indices", text)
    length, dtype = weight._layout.shape[1], weight._layout.dtype
    shape = (*indices._layout.shape, length)
    check.result_fits(symbol, "weight", "indices", shape)
    named, items = values(indices), values(weight)
    check.indices(symbol, named, 0, weight, ("indices", "weight"))
    found = (items[place * length : (place + 1) * length] for place in named) if length else ()
    return pure_tensor([*chain.from_iterable(found)], layout_of(shape, dtype))


def embedding_backward(gradient: PureTensor, indices: PureTensor, rows: int) -> PureTensor:
    """Gradient of `embedding` with respect to the table: each row is the sum of those of `gradient` whose index it is.

    Args:
        gradient: Gradient with respect to the result.
        indices: Numbers of rows, i64.
        rows: Number of rows of the table.

    Raises:
        BadArgumentError: `gradient` is not floating-point or has not the shape of a result, `indices` is not i64, or an
            index is not below `rows`.
    """
    symbol = "rt_torch_embedding_backward"
    check_tensor(symbol, "gradient", gradient)
    check_tensor(symbol, "indices", indices)
    rows = integer(symbol, "rows", rows)
    check.floating(symbol, "gradient", gradient)
    check.integers(symbol, "indices", indices)
    shape = _table_shape(symbol, gradient._layout.shape, indices._layout.shape, rows)
    named = values(indices)
    _check_range(symbol, named, rows)
    dtype = gradient._layout.dtype
    try:
        table = [[0.0] * shape[1] for _ in range(rows)] if shape[1] else []
    except MemoryError:
        raise no_memory(symbol) from None
    if shape[1]:
        for row, place in zip(cut(values(gradient), shape[1]), named, strict=True):
            table[place] = [*map(add, table[place], row)]
    return pure_tensor(settled([*chain.from_iterable(table)], dtype), layout_of(shape, dtype))


def _table_shape(symbol: str, gradient: tuple[int, ...], indices: tuple[int, ...], rows: int) -> tuple[int, int]:
    if gradient[:-1] != indices or not gradient:
        given = f"the shape of the gradient is {shape_text(gradient)}, and that of the indices {shape_text(indices)}"
        check.refuse_pair(symbol, "gradient", "indices", f"{given}, behind which one size is needed")
    if rows < 0:
        raise refused(symbol, "rows", f"{rows} was given, and it must not be negative")
    shape = (rows, gradient[-1])
    if problem := overflow(shape):
        raise refused(symbol, "rows", f"the {problem} of the shape {shape_text(shape)} overflows 63 bits")
    return shape


def _check_range(symbol: str, named: Any, rows: int) -> None:
    if len(named) and not (min(named) >= 0 and max(named) < rows):
        wrong = next(place for place in named if not 0 <= place < rows)
        raise refused(symbol, "indices", f"an index is {wrong}, and a table of {rows} rows has none such")
