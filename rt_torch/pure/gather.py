"""Elements and parts at the places that indices name: taken from there, and added there."""

from __future__ import annotations

from operator import add, or_
from typing import Any

from rt_torch.pure import argument, check
from rt_torch.pure.broadcast import elements
from rt_torch.pure.dtype import Items
from rt_torch.pure.layout import contiguous_strides, layout_of
from rt_torch.pure.lines import extents
from rt_torch.pure.promotion import settled
from rt_torch.pure.tensor import PureTensor, check_tensor, pure_tensor, values


def index_select(x: PureTensor, dim: int, index: PureTensor) -> PureTensor:
    """The parts of `x` along `dim` that `index` names, one after the other.

    Args:
        index: i64, of at most one dimension; each index counts from 0.

    Raises:
        BadArgumentError: `x` has no such dimension, or `index` is not i64, has more dimensions or an index that is out
            of range.
    """
    symbol = "rt_torch_index_select"
    place, places = _checked_list(symbol, x, dim, index)
    check.indices(symbol, places, place, x)
    layout = x._layout
    outer, length, inner = extents(layout.shape, place)
    items = _listed(elements(x, layout.dtype))
    out: list[Any] = []
    for start in range(0, outer * length * inner, length * inner or 1):
        if inner == 1:
            line = items[start : start + length]
            out += [line[at] for at in places]
        else:
            for at in places:
                out += items[start + at * inner : start + at * inner + inner]
    shape = (*layout.shape[:place], len(places), *layout.shape[place + 1 :]) if layout.shape else ()
    return pure_tensor(out, layout_of(shape, layout.dtype))


def index_add(x: PureTensor, dim: int, index: PureTensor, source: PureTensor) -> PureTensor:
    """`x` with each part of `source` along `dim` added to the part that its index names; for bool, logical or.

    Integers wrap modulo 2**64.

    Args:
        index: i64, of at most one dimension; each index counts from 0, and may come several times.
        source: Of the dtype of `x`, and but for `dim`, where it has as many parts as there are indices, of its shape.

    Raises:
        BadArgumentError: `x` has no such dimension, `index` is not i64, has more dimensions or an index that is out of
            range, or `source` has another dtype or shape.
    """
    symbol = "rt_torch_index_add"
    place, places = _checked_list(symbol, x, dim, index, source)
    check.parts(symbol, source, place, index, x)
    check.indices(symbol, places, place, x)
    layout = x._layout
    outer, length, inner = extents(layout.shape, place)
    out, added = [*elements(x, layout.dtype)], elements(source, layout.dtype)
    plus = or_ if layout.dtype == "bool" else add
    come = 0  # elements of `source` that were added
    for start in range(0, outer * length * inner, length * inner or 1):
        for at in places:
            there = slice(start + at * inner, start + at * inner + inner)
            out[there] = map(plus, out[there], added[come : come + inner])
            come += inner
    return pure_tensor(settled(out, layout.dtype), layout_of(layout.shape, layout.dtype))


def _checked_list(
    symbol: str, x: PureTensor, dim: int, index: PureTensor, source: PureTensor | None = None
) -> tuple[int, Items]:
    """The dimension, counted from the front, and the indices, whose range is to be checked yet."""
    place = _checked(symbol, x, dim, index, source)
    check.index_list(symbol, index, x)
    return place, values(index)


def _checked(symbol: str, x: PureTensor, dim: int, index: PureTensor, source: PureTensor | None) -> int:
    check_tensor(symbol, "x", x)
    number = argument.integer(symbol, "dim", dim)
    check_tensor(symbol, "index", index)
    if source is not None:
        check_tensor(symbol, "source", source)
    place = check.dim(symbol, "dim", number, x._layout.ndim)
    check.integers(symbol, "index", index)
    if source is not None:
        check.same_dtype(symbol, x, source, ("x", "source"))
    return place


def gather(x: PureTensor, dim: int, index: PureTensor) -> PureTensor:
    """For each place of `index`, the element of `x` there, but along `dim` at the place that the index names.

    Args:
        index: i64, with as many dimensions as `x`, and but for `dim` no larger; each index counts from 0.

    Raises:
        BadArgumentError: `x` has no such dimension, or `index` is not i64, does not fit or has an index that is out of
            range.
    """
    symbol = "rt_torch_gather"
    place = _checked(symbol, x, dim, index, None)
    check.gathered(symbol, x, place, index)
    places = values(index)
    check.indices(symbol, places, place, x)
    items, dtype = elements(x, x._layout.dtype), x._layout.dtype
    out = [items[at] for at in _targets(x, place, index, places)]
    return pure_tensor(out, layout_of(index._layout.shape, dtype))


def scatter_add(x: PureTensor, dim: int, index: PureTensor, source: PureTensor) -> PureTensor:
    """`x` with each element of `source` added there, but along `dim` at the place that its index names.

    Integers wrap modulo 2**64; for bool it is logical or.

    Args:
        index: i64, with as many dimensions as `x`, and but for `dim` no larger; each index counts from 0, and may come
            several times.
        source: Of the dtype of `x` and the shape of `index`.

    Raises:
        BadArgumentError: `x` has no such dimension, `index` is not i64, does not fit or has an index that is out of
            range, or `source` has another dtype or shape.
    """
    symbol = "rt_torch_scatter_add"
    place = _checked(symbol, x, dim, index, source)
    check.same_shape(symbol, "index", index, "source", source)
    check.gathered(symbol, x, place, index)
    places = values(index)
    check.indices(symbol, places, place, x)
    layout = x._layout
    out, added = [*elements(x, layout.dtype)], elements(source, layout.dtype)
    plus = or_ if layout.dtype == "bool" else add
    for at, value in zip(_targets(x, place, index, places), added, strict=True):
        out[at] = plus(out[at], value)
    return pure_tensor(settled(out, layout.dtype), layout_of(layout.shape, layout.dtype))


def _targets(x: PureTensor, dim: int, index: PureTensor, places: Items) -> list[int]:
    """For each index, where among the elements of `x` it leads."""
    if not len(places):
        return []
    strides = contiguous_strides(x._layout.shape) or (1,)
    starts = [0]
    for number, size in enumerate(index._layout.shape):
        step = 0 if number == dim else strides[number]
        starts = [start + step * at for start in starts for at in range(size)]
    stride = strides[dim]
    return [start + stride * at for start, at in zip(starts, places, strict=True)]


def _listed(items: Items) -> list[Any]:
    return items if isinstance(items, list) else items.tolist()
