"""Where a tensor's elements are in its storage: shape, strides, offset and dtype."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import prod
from typing import Any

from rt_torch.pure.argument import integers
from rt_torch.pure.dtype import FLOATING_DTYPES
from rt_torch.pure.heap import LARGE
from rt_torch_bindings.errors import BadArgumentError

MAX_DIMS = 64
_LONGEST_TEXT = 168  # characters of a shape in a message
NEVER = 1 << 62  # larger than any number of elements
_MOST = (1 << 63) - 1
_CACHED_LAYOUTS = 4096


class Layout:
    """Shape, strides and dtype of a tensor; not to be changed.

    Equal layouts are one object for as long as they are cached: `a is b` then says without looking inside that two
    tensors are alike, and otherwise says nothing.
    """

    __slots__ = (
        "contiguous",
        "dtype",
        "native_size",
        "ndim",
        "offset",
        "plain",
        "pure_size",
        "shape",
        "size",
        "strides",
        "whole",
    )

    shape: tuple[int, ...]
    strides: tuple[int, ...]  # steps from element to element in each dimension, in elements; may be negative or 0
    offset: int  # of the first element
    dtype: str  # the pure tier's, or one that only the native tier has
    size: int  # number of elements
    ndim: int
    contiguous: bool  # row-major order without gaps, wherever it starts
    whole: bool  # contiguous, and nothing else is in the storage
    pure_size: int  # number of elements where plain loops over the storage are all there is to do, otherwise NEVER
    native_size: int  # number of elements where they are floating, otherwise -1
    plain: Layout | None  # of a watched layout the one that it is a form of; None of all others

    def __init__(self, shape: tuple[int, ...], strides: tuple[int, ...], offset: int, dtype: str, storage: int) -> None:
        self.shape = shape
        self.strides = strides
        self.offset = offset
        self.dtype = dtype
        self.ndim = len(shape)
        self.size = size = prod(shape)
        self.contiguous = is_contiguous(shape, strides)
        self.whole = self.contiguous and offset == 0 and size == storage
        self.pure_size = size if self.whole and dtype == "f64" and size < LARGE else NEVER
        self.native_size = size if self.whole and dtype in FLOATING_DTYPES else -1
        self.plain = None

    def __repr__(self) -> str:
        return f"Layout(shape={self.shape}, strides={self.strides}, offset={self.offset}, dtype={self.dtype!r})"


_cache: dict[Any, Layout] = {}
_watched: dict[Layout, Layout] = {}


def layout_of(shape: tuple[int, ...], dtype: str) -> Layout:
    """Row-major, alone in its storage."""
    known = _cache.get((shape, dtype))
    return known or _kept((shape, dtype), Layout(shape, contiguous_strides(shape), 0, dtype, prod(shape)))


def view_of(shape: tuple[int, ...], strides: tuple[int, ...], offset: int, dtype: str, storage: int) -> Layout:
    """Any part of a storage of so many elements."""
    if not offset and storage == prod(shape) and strides == contiguous_strides(shape):
        return layout_of(shape, dtype)
    key = (shape, strides, offset, dtype, storage)
    return _cache.get(key) or _kept(key, Layout(shape, strides, offset, dtype, storage))


def watched(layout: Layout) -> Layout:
    """The same layout for a tensor whose every operation is to be seen: no fast path takes it, by its sizes."""
    if layout.plain is not None:
        return layout
    return _watched.get(layout) or _watch(layout)


def _watch(layout: Layout) -> Layout:
    form = object.__new__(Layout)
    for name in Layout.__slots__:
        setattr(form, name, getattr(layout, name))
    form.pure_size, form.native_size, form.plain = NEVER, -1, layout
    if len(_watched) >= _CACHED_LAYOUTS:
        _watched.clear()
    return _watched.setdefault(layout, form)


def _kept(key: Any, layout: Layout) -> Layout:
    if len(_cache) >= _CACHED_LAYOUTS:
        _cache.clear()
    return _cache.setdefault(key, layout)


def contiguous_strides(shape: Sequence[int]) -> tuple[int, ...]:
    """Those of row-major order; a size of 0 counts as 1, as in libtorch."""
    strides = []
    step = 1
    for size in reversed(shape):
        strides.append(step)
        step *= size or 1
    return tuple(reversed(strides))


def is_contiguous(shape: Sequence[int], strides: Sequence[int]) -> bool:
    """Whether elements follow each other in row-major order; the stride of a size of 1 does not matter."""
    step = 1
    for size, stride in zip(reversed(shape), reversed(strides), strict=True):
        if size == 0:
            return True
        if size != 1:
            if stride != step:
                return _is_empty(shape)
            step *= size
    return True


def _is_empty(shape: Sequence[int]) -> bool:
    return 0 in shape


# Checks, with the words of the native tier.


def shape_text(shape: Iterable[int]) -> str:
    """A shape in a message: "[2, 3]"; a long one is cut where the native tier cuts it."""
    text = "["
    for place, size in enumerate(shape):
        if len(text) > _LONGEST_TEXT:
            return f"{text}, ...]"
        text += f", {size}" if place else str(size)
    return f"{text}]"


def check_sizes(symbol: str, name: str, shape: Sequence[int]) -> None:
    """Sizes that a tensor can have."""
    where = f"{symbol}: argument `{name}`"
    if len(shape) > MAX_DIMS:
        raise BadArgumentError(
            f"{where}: {len(shape)} sizes were given, and a tensor has at most {MAX_DIMS} dimensions", symbol
        )
    if any(size < 0 for size in shape):
        raise BadArgumentError(f"{where}: the shape {shape_text(shape)} has a negative size", symbol)
    if what := overflow(shape):
        raise BadArgumentError(f"{where}: the {what} of the shape {shape_text(shape)} overflows 63 bits", symbol)


def overflow(shape: Sequence[int]) -> str | None:
    """What is wrong with sizes that are not negative; None when nothing is."""
    if prod(size or 1 for size in shape) > _MOST:  # as strides count them
        return "number of elements"
    return "size in bytes" if prod(shape) > _MOST // 8 else None


def sizes(symbol: str, name: str, shape: Any) -> tuple[int, ...]:
    """A shape argument, checked."""
    checked = integers(symbol, name, shape)
    check_sizes(symbol, name, checked)
    return checked
