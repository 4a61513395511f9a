"""Reductions: of all elements, to a number or to a tensor without dimensions, and of the lines along a dimension."""

from __future__ import annotations

import builtins
from collections.abc import Callable, Sequence
from itertools import groupby
from math import isnan, nan, prod
from typing import Any, TypeAlias

from rt_torch.pure import check
from rt_torch.pure.argument import flag, integer
from rt_torch.pure.broadcast import elements
from rt_torch.pure.dtype import Items
from rt_torch.pure.layout import layout_of, sizes
from rt_torch.pure.lines import extents, of_each_line
from rt_torch.pure.promotion import settled
from rt_torch.pure.sums import sum_of, sum_of_rows
from rt_torch.pure.tensor import PureTensor, check_tensor, pure_tensor

_Best: TypeAlias = "Callable[[Any], Any]"  # max or min

_SUMMED = {"f64": "f64", "f32": "f32", "i64": "i64", "bool": "i64"}  # dtype of a sum


# As numbers.


def sum(x: PureTensor) -> float:
    """Sum of all elements as a number; 0 for an empty tensor.

    An integer sum beyond 2**53 is rounded; sum_tensor keeps it exact.
    """
    return float(_sum("rt_torch_sum", x))


def mean(x: PureTensor) -> float:
    """Mean of all elements as a number; NaN for an empty tensor.

    Raises:
        BadArgumentError: `x` is not floating-point.
    """
    return float(_mean("rt_torch_mean", x))


def max(x: PureTensor) -> float:
    """Largest element as a number; NaN if any element is NaN.

    Raises:
        BadArgumentError: `x` has no elements.
    """
    return float(_extreme("rt_torch_max", x, largest=True))


def min(x: PureTensor) -> float:
    """Smallest element as a number; NaN if any element is NaN.

    Raises:
        BadArgumentError: `x` has no elements.
    """
    return float(_extreme("rt_torch_min", x, largest=False))


# As tensors.


def sum_tensor(x: PureTensor) -> PureTensor:
    """Sum of all elements as a 0-dim tensor; exact for integers, modulo 2**64."""
    return _single(_sum("rt_torch_sum_tensor", x), _SUMMED[x._layout.dtype])


def mean_tensor(x: PureTensor) -> PureTensor:
    """Mean of all elements as a 0-dim tensor.

    Raises:
        BadArgumentError: `x` is not floating-point.
    """
    return _single(_mean("rt_torch_mean_tensor", x), x._layout.dtype)


def max_tensor(x: PureTensor) -> PureTensor:
    """Largest element as a 0-dim tensor; NaN if any element is NaN.

    Raises:
        BadArgumentError: `x` has no elements.
    """
    return _single(_extreme("rt_torch_max_tensor", x, largest=True), x._layout.dtype)


def min_tensor(x: PureTensor) -> PureTensor:
    """Smallest element as a 0-dim tensor; NaN if any element is NaN.

    Raises:
        BadArgumentError: `x` has no elements.
    """
    return _single(_extreme("rt_torch_min_tensor", x, largest=False), x._layout.dtype)


def _single(number: Any, dtype: str) -> PureTensor:
    return pure_tensor([number], layout_of((), dtype))


def _sum(symbol: str, x: PureTensor) -> Any:
    check_tensor(symbol, "x", x)
    dtype = _SUMMED[x._layout.dtype]
    total = sum_of(elements(x, x._layout.dtype))
    return settled([total + 0.0 if dtype != "i64" else total], dtype)[0]  # of no floats, sum() gives an integer


def _mean(symbol: str, x: PureTensor) -> float:
    check_tensor(symbol, "x", x)
    check.floating(symbol, "x", x)
    layout = x._layout
    total = sum_of(elements(x, layout.dtype))
    mean: float = settled([total / layout.size if layout.size else nan], layout.dtype)[0]
    return mean


def _extreme(symbol: str, x: PureTensor, largest: bool) -> Any:
    check_tensor(symbol, "x", x)
    check.nonempty(symbol, "x", x)
    items = elements(x, x._layout.dtype)
    if x._layout.dtype in ("f64", "f32") and _has_nan(items):
        return nan
    return builtins.max(items) if largest else builtins.min(items)


def _has_nan(items: Items) -> bool:
    """A sum is NaN if an element is; opposite infinities make it so too."""
    return isnan(builtins.sum(items)) and any(map(isnan, items))


# Along a dimension.


def sum_dim(x: PureTensor, dim: int, keepdim: bool) -> PureTensor:
    """Sum along one dimension; integers wrap modulo 2**64, bools count as integers.

    Raises:
        BadArgumentError: `x` has no such dimension.
    """
    symbol = "rt_torch_sum_dim"
    check_tensor(symbol, "x", x)
    dim, keep = integer(symbol, "dim", dim), flag(symbol, "keepdim", keepdim)
    place = check.dim(symbol, "dim", dim, x._layout.ndim)
    dtype = _SUMMED[x._layout.dtype]
    return pure_tensor(settled(_sums(x, place, dtype), dtype), layout_of(_reduced(x, place, keep), dtype))


def mean_dim(x: PureTensor, dim: int, keepdim: bool) -> PureTensor:
    """Mean along one dimension; NaN where there is nothing along it.

    Raises:
        BadArgumentError: `x` has no such dimension, or is not floating-point.
    """
    symbol = "rt_torch_mean_dim"
    check_tensor(symbol, "x", x)
    dim, keep = integer(symbol, "dim", dim), flag(symbol, "keepdim", keepdim)
    place = check.dim(symbol, "dim", dim, x._layout.ndim)
    check.floating(symbol, "x", x)
    layout = x._layout
    length = extents(layout.shape, place)[1]
    sums = _sums(x, place, layout.dtype)
    items = [total / length for total in sums] if length else [nan] * len(sums)
    return pure_tensor(settled(items, layout.dtype), layout_of(_reduced(x, place, keep), layout.dtype))


def amax(x: PureTensor, dim: int, keepdim: bool) -> PureTensor:
    """Largest element along one dimension; NaN where an element is NaN.

    Raises:
        BadArgumentError: `x` has no such dimension, or no element in it.
    """
    return _extremes("rt_torch_amax", x, dim, keepdim, builtins.max)


def amin(x: PureTensor, dim: int, keepdim: bool) -> PureTensor:
    """Smallest element along one dimension; NaN where an element is NaN.

    Raises:
        BadArgumentError: `x` has no such dimension, or no element in it.
    """
    return _extremes("rt_torch_amin", x, dim, keepdim, builtins.min)


def _extremes(symbol: str, x: PureTensor, dim: Any, keepdim: Any, best: _Best) -> PureTensor:
    check_tensor(symbol, "x", x)
    number, keep = integer(symbol, "dim", dim), flag(symbol, "keepdim", keepdim)
    place = check.dim(symbol, "dim", number, x._layout.ndim)
    check.nonempty_along(symbol, "x", place, x)
    layout = x._layout
    items = elements(x, layout.dtype)
    if layout.dtype in ("f64", "f32") and _has_nan(items):
        found = of_each_line(items, layout.shape, place, lambda line: nan if _has_nan(line) else best(line))
    else:
        found = of_each_line(items, layout.shape, place, best)
    return pure_tensor(found, layout_of(_reduced(x, place, keep), layout.dtype))


def argmax(x: PureTensor, dim: int | None, keepdim: bool) -> PureTensor:
    """Place of the largest element along one dimension, or among all in row-major order; the first one's of several.

    A NaN counts as largest.

    Raises:
        BadArgumentError: `x` is bool, or has no such dimension, or no element in it.
    """
    return _places("rt_torch_argmax", x, dim, keepdim, builtins.max)


def argmin(x: PureTensor, dim: int | None, keepdim: bool) -> PureTensor:
    """Place of the smallest element along one dimension, or among all in row-major order; the first one's of several.

    A NaN counts as smallest.

    Raises:
        BadArgumentError: `x` is bool, or has no such dimension, or no element in it.
    """
    return _places("rt_torch_argmin", x, dim, keepdim, builtins.min)


def _places(symbol: str, x: PureTensor, dim: Any, keepdim: Any, best: _Best) -> PureTensor:
    check_tensor(symbol, "x", x)
    number = None if dim is None else integer(symbol, "dim", dim)
    keep = flag(symbol, "keepdim", keepdim)
    check.not_boolean(symbol, "x", x)
    layout = x._layout
    place = None if number is None else check.dim(symbol, "dim", number, layout.ndim)
    check.nonempty_along(symbol, "x", place, x)
    items = elements(x, layout.dtype)
    listed = items if isinstance(items, list) else items.tolist()
    if place is None:
        found, shape = [_place(listed, best)], (1,) * layout.ndim if keep else ()
    else:
        found = of_each_line(listed, layout.shape, place, lambda line: _place(line, best))
        shape = _reduced(x, place, keep)
    return pure_tensor(found, layout_of(shape, "i64"))


def _place(line: Any, best: _Best) -> int:
    value = best(line)
    if isinstance(value, float) and _has_nan(line):
        return next(at for at, value in enumerate(line) if value != value)
    place: int = line.index(value)
    return place


def sum_to(x: PureTensor, shape: Sequence[int]) -> PureTensor:
    """Sum of what `expand` repeats: `x` summed to the shape `shape`, which must be one that expands to that of `x`.

    Integers wrap modulo 2**64, bools count as integers.

    Raises:
        BadArgumentError: `shape` does not expand to the shape of `x`.
    """
    symbol = "rt_torch_sum_to"
    check_tensor(symbol, "x", x)
    target = sizes(symbol, "shape", shape)
    check.summed_to(symbol, x, target)
    dtype = _SUMMED[x._layout.dtype]
    return pure_tensor(settled(_sums_to(x, target, dtype), dtype), layout_of(target, dtype))


def _sums_to(x: PureTensor, target: tuple[int, ...], dtype: str) -> list[Any]:
    """The sums that are left, not yet as numbers of `dtype`: one run of dimensions after the other is summed."""
    shape = x._layout.shape
    if not prod(shape):
        return [0 if dtype == "i64" else 0.0] * prod(target)
    items: Items = [*elements(x, dtype)]
    padded = (1,) * (len(shape) - len(target)) + target
    outer, inner = 1, len(items)
    for stays, run in groupby(zip(shape, padded, strict=True), key=lambda sizes: sizes[0] == sizes[1]):
        length = prod(size for size, _ in run)
        inner //= length
        if stays:
            outer *= length
        else:
            items = _line_sums(items, outer, length, inner)
    return [*items]


def _sums(x: PureTensor, dim: int, dtype: str) -> list[Any]:
    """The sums along a dimension, not yet as numbers of `dtype`."""
    outer, length, inner = extents(x._layout.shape, dim)
    if not outer * length * inner:
        return [0 if dtype == "i64" else 0.0] * (outer * inner)
    return _line_sums(elements(x, dtype), outer, length, inner)


def _line_sums(items: Items, outer: int, length: int, inner: int) -> list[Any]:
    """The sums along a dimension, by how many elements lie before, along and after it."""
    if inner == 1:
        return [sum_of(items[start : start + length]) for start in range(0, outer * length, length)]
    out: list[Any] = []
    block = length * inner
    for start in range(0, outer * block, block):
        if length < inner:
            out += sum_of_rows([items[row : row + inner] for row in range(start, start + block, inner)])
        else:
            out += [sum_of(items[place : start + block : inner]) for place in range(start, start + inner)]
    return out


def _reduced(x: PureTensor, dim: int, keep: bool) -> tuple[int, ...]:
    """The shape without a dimension, or with it at size 1."""
    shape = x._layout.shape
    return shape[:dim] + ((1,) if keep and shape else ()) + shape[dim + 1 :]
