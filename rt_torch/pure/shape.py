"""Other shapes for the same elements: views on the same storage, where strides can tell them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rt_torch.pure import check
from rt_torch.pure.argument import integer, integers
from rt_torch.pure.layout import contiguous_strides, layout_of
from rt_torch.pure.tensor import PureTensor, check_tensor, copied, pure_tensor, view


def reshape(x: PureTensor, shape: Sequence[int]) -> PureTensor:
    """`x` with other sizes and the same elements in row-major order; one of the sizes may be -1, to be worked out.

    A view where strides can express it, otherwise a copy.

    Raises:
        BadArgumentError: The sizes do not fit the number of elements.
    """
    symbol = "rt_torch_reshape"
    check_tensor(symbol, "x", x)
    return _reshaped(x, check.reshaped(symbol, x, integers(symbol, "shape", shape)))


def flatten(x: PureTensor) -> PureTensor:
    """All elements in one dimension, in row-major order; a view where strides can express it, otherwise a copy."""
    check_tensor("rt_torch_flatten", "x", x)
    return _reshaped(x, (x._layout.size,))


def _reshaped(x: PureTensor, shape: tuple[int, ...]) -> PureTensor:
    layout = x._layout
    if layout.contiguous:
        return view(x, shape, contiguous_strides(shape), layout.offset)
    strides = view_strides(layout.shape, layout.strides, shape)
    if strides is not None:
        return view(x, shape, strides, layout.offset)
    return pure_tensor(copied(x)._cell[0], layout_of(shape, layout.dtype))


def view_strides(shape: tuple[int, ...], strides: tuple[int, ...], wanted: tuple[int, ...]) -> tuple[int, ...] | None:
    """Strides with which the elements of `shape` and `strides` have the shape `wanted`; None when there are none.

    Runs of dimensions that lie behind each other without gaps are as one dimension: each of them must be the product
    of some of the wanted sizes.
    """
    found: list[int] = []  # from the last dimension to the first
    sizes = list(wanted)
    for run, stride in _runs(shape, strides):
        size = 1
        while sizes and (size < run or sizes[-1] == 1):
            found.append(size * stride)
            size *= sizes.pop()
        if size != run:
            return None
    return tuple(reversed(found)) if not sizes else None


def _runs(shape: tuple[int, ...], strides: tuple[int, ...]) -> list[tuple[int, int]]:
    """Size and innermost stride of each run of dimensions without gaps, from the last to the first."""
    runs: list[tuple[int, int]] = []
    for size, stride in zip(reversed(shape), reversed(strides), strict=True):
        if runs and (size == 1 or stride == runs[-1][0] * runs[-1][1]):
            runs[-1] = (runs[-1][0] * size, runs[-1][1])
        else:
            runs.append((size, stride))
    return runs


def narrow(x: PureTensor, dim: int, start: int, length: int) -> PureTensor:
    """A view of the part of `x` that has `length` elements along `dim`, from `start` on.

    Args:
        start: The first element; a negative one counts from the end.

    Raises:
        BadArgumentError: `x` has no such dimension, or not so many elements in it.
    """
    symbol = "rt_torch_narrow"
    check_tensor(symbol, "x", x)
    number, first = integer(symbol, "dim", dim), integer(symbol, "start", start)
    count = integer(symbol, "length", length)
    layout = x._layout
    place = check.dim(symbol, "dim", number, layout.ndim)
    first = check.narrowed(symbol, x, place, first, count)
    sizes = (*layout.shape[:place], count, *layout.shape[place + 1 :])
    return view(x, sizes, layout.strides, layout.offset + first * layout.strides[place])


def expand(x: PureTensor, shape: Sequence[int]) -> PureTensor:
    """A view of `x` with its elements repeated along dimensions of size 1, and along new ones in front.

    Args:
        shape: Sizes; -1 keeps that of `x`.

    Raises:
        BadArgumentError: A size differs from that of `x`, which is not 1, or the result could not be counted.
    """
    symbol = "rt_torch_expand"
    check_tensor(symbol, "x", x)
    sizes = check.expanded(symbol, x, integers(symbol, "shape", shape))
    layout = x._layout
    front = len(sizes) - layout.ndim
    kept = zip(sizes[front:], layout.shape, layout.strides, strict=True)
    strides = (0,) * front + tuple([stride if size == old else 0 for size, old, stride in kept])
    return view(x, sizes, strides, layout.offset)


def squeeze(x: PureTensor, dim: int | None = None) -> PureTensor:
    """A view of `x` without its dimensions of size 1, or without the dimension `dim` if its size is 1.

    Raises:
        BadArgumentError: `x` has no such dimension.
    """
    check_tensor("rt_torch_squeeze", "x", x)
    layout = x._layout
    only = None if dim is None else check.dim("rt_torch_squeeze", "dim", dim, layout.ndim)
    kept = [place for place, size in enumerate(layout.shape) if size != 1 or only not in (None, place)]
    return view(x, _at(layout.shape, kept), _at(layout.strides, kept), layout.offset)


def unsqueeze(x: PureTensor, dim: int) -> PureTensor:
    """A view of `x` with a new dimension of size 1 at the place `dim`; a negative one counts from the end.

    Raises:
        BadArgumentError: There is no such place.
    """
    check_tensor("rt_torch_unsqueeze", "x", x)
    place = check.new_dim("rt_torch_unsqueeze", "dim", dim, x)
    layout = x._layout
    stride = layout.shape[place] * layout.strides[place] if place < layout.ndim else 1
    shape = (*layout.shape[:place], 1, *layout.shape[place:])
    return view(x, shape, (*layout.strides[:place], stride, *layout.strides[place:]), layout.offset)


def transpose(x: PureTensor, dim0: int, dim1: int) -> PureTensor:
    """A view of `x` with the dimensions `dim0` and `dim1` exchanged.

    Raises:
        BadArgumentError: `x` has no such dimension.
    """
    symbol = "rt_torch_transpose"
    check_tensor(symbol, "x", x)
    layout = x._layout
    dim0, dim1 = integer(symbol, "dim0", dim0), integer(symbol, "dim1", dim1)
    first = check.dim(symbol, "dim0", dim0, layout.ndim)
    second = check.dim(symbol, "dim1", dim1, layout.ndim)
    order = list(range(layout.ndim))
    if order:
        order[first], order[second] = second, first
    return view(x, _at(layout.shape, order), _at(layout.strides, order), layout.offset)


def transpose_2d(x: PureTensor) -> PureTensor:
    """A view of a matrix as its transpose; a tensor of fewer than two dimensions is viewed as it is.

    Raises:
        BadArgumentError: `x` has more than two dimensions.
    """
    check_tensor("rt_torch_transpose_2d", "x", x)
    check.at_most_2d("rt_torch_transpose_2d", "x", x)
    layout = x._layout
    return view(x, layout.shape[::-1], layout.strides[::-1], layout.offset)


def _at(values: tuple[Any, ...], places: list[int]) -> tuple[Any, ...]:
    return tuple([values[place] for place in places])
