"""Storages: lists of Python numbers, on which computing is fastest, and memory, on which moving is."""

from __future__ import annotations

import threading
from array import array
from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

from rt_torch.pure.dtype import ARRAY_CODES, ITEM_SIZES, Items, packed
from rt_torch.pure.layout import Layout, contiguous_strides

Run: TypeAlias = "tuple[int, int, int]"  # length, step in one storage, step in the other

_SHORT = 16  # runs up to here are better cut along another dimension
_LONG = 256  # of runs longer than this, those are best that read in order

_writing = threading.RLock()  # a finalizer may write in the middle
_last_write = 0


class Writes:
    """The writes to one storage: `last` is the number of the last one among all writes, 0 when there was none."""

    __slots__ = ("last",)

    def __init__(self) -> None:
        self.last = 0


def last_write() -> int:
    """The number of the last write in place to any storage: while it stays the same, no element has changed."""
    return _last_write


def note_write(cell: list[Any]) -> None:
    """Elements of the storage in a cell were set."""
    global _last_write
    with _writing:
        if len(cell) == 1:
            cell.append(Writes())
        _last_write += 1
        cell[1].last = _last_write


def writes_of(cell: list[Any]) -> Writes:
    """The writes to the storage in a cell, to be shared with whoever else sees that memory."""
    with _writing:
        if len(cell) == 1:
            cell.append(Writes())
    writes: Writes = cell[1]
    return writes


def as_memory(items: Items, dtype: str) -> memoryview:
    """Elements copied into an array of their own."""
    return seen(packed(items, dtype), dtype)


def room(size: int, dtype: str) -> memoryview:
    """Zeroed memory for so many elements."""
    return seen(array(ARRAY_CODES[dtype], bytes(ITEM_SIZES[dtype])) * size, dtype)


def typed(memory: memoryview, code: str, shape: tuple[int, ...] | None = None) -> memoryview:
    """The same memory as elements of another format, in one dimension or in a shape.

    Args:
        memory: Without gaps.
        code: The struct module's: FORMATS[dtype].
        shape: Sizes, none of them 0.
    """
    shaped = () if shape is None else (shape,)
    # mypy knows no formats but literal ones.
    return memory.cast("B").cast(code, *shaped)  # type: ignore[call-overload, no-any-return]


def seen(elements: array[Any], dtype: str) -> memoryview:
    """An array as the storage of a tensor; nothing can resize it from now on."""
    memory = memoryview(elements)
    return memory if dtype != "bool" else typed(memory, "?")


def empty_memory(shape: tuple[int, ...], dtype: str) -> memoryview:
    """Memory of a shape that has a size of 0, which memoryview.cast cannot make."""
    if len(shape) == 1:
        return room(0, dtype)
    import ctypes

    kind: Any = {"f64": ctypes.c_double, "f32": ctypes.c_float, "i64": ctypes.c_int64, "bool": ctypes.c_bool}[dtype]
    for size in reversed(shape):
        kind = kind * size
    return memoryview(kind())


# Elements moved between storages.


def gathered(items: Items, layout: Layout) -> Items:
    """The elements in row-major order, in a new storage of the same kind."""
    size = layout.size
    if layout.contiguous:
        part = items[layout.offset : layout.offset + size]
        return part if isinstance(part, list) else duplicate(part, layout.dtype)
    dims = merged(layout.shape, layout.strides, layout.strides)
    length, step, _ = dims[-1]
    # Of a list, reading in order counts: each element's reference count is written.
    if length > _SHORT and step and (isinstance(items, memoryview) or step == min(stride for _, stride, _ in dims)):
        starts = [start for start, _ in _starts(layout.offset, layout.offset, dims[:-1])]
        if isinstance(items, list):
            listed: list[Any] = _chained([None] * size, items, starts, step, length)
            return listed
        if isinstance(items.obj, array) and len(items.obj) == len(items):
            zeros = array(items.obj.typecode, bytes(items.obj.itemsize)) * size
            return seen(_chained(zeros, items.obj, starts, step, length), layout.dtype)
    out: Items = [None] * size if isinstance(items, list) else room(size, layout.dtype)
    copy_elements(out, contiguous_strides(layout.shape), 0, items, layout.strides, layout.offset, layout.shape)
    return out


def duplicate(memory: memoryview | array[Any], dtype: str) -> memoryview:
    """A copy of one-dimensional memory without gaps."""
    copy = array(ARRAY_CODES[dtype])
    if len(memory):
        copy.frombytes(memoryview(memory).cast("B"))
    return seen(copy, dtype)


def _chained(out: Any, items: Any, starts: Iterable[int], step: int, length: int) -> Any:
    """Fill `out` with one run after the other; growing it run by run would move it again and again."""
    place = 0
    reach = step * length
    for start in starts:
        stop = start + reach
        out[place : place + length] = items[start : stop if stop >= 0 else None : step]
        place += length
    return out


def copy_elements(
    target: Any,
    target_strides: Sequence[int],
    target_offset: int,
    source: Items,
    source_strides: Sequence[int],
    source_offset: int,
    shape: Sequence[int],
) -> None:
    """Copy elements of a shape to another storage of the same kind and dtype.

    One long dimension is copied in slices, which run in C; Python only counts through the others.
    """
    if 0 in shape:
        return
    dims = merged(shape, target_strides, source_strides)
    long = max(range(len(dims)), key=lambda place: (min(dims[place][0], _LONG), -abs(dims[place][2])))
    length, target_step, source_step = dims.pop(long)
    for t, s in _starts(target_offset, source_offset, dims):
        if length == 1 or target_step == 0:
            target[t] = source[s + (length - 1) * source_step]
        elif source_step == 0:
            target[span(t, target_step, length)] = _repeated(source, s, length)
        else:
            target[span(t, target_step, length)] = source[span(s, source_step, length)]


def _repeated(source: Items, place: int, length: int) -> Items:
    one = source[place : place + 1]
    if isinstance(one, list):
        return one * length
    return typed(memoryview(bytes(one) * length), one.format)


def merged(shape: Sequence[int], a: Sequence[int], b: Sequence[int]) -> list[Run]:
    """As few dimensions as walk the same elements in the same order; at least one."""
    dims: list[Run] = []
    for size, a_stride, b_stride in zip(shape, a, b, strict=True):
        if size == 1:
            continue
        if dims and dims[-1][1:] == (a_stride * size, b_stride * size):
            dims[-1] = (dims[-1][0] * size, a_stride, b_stride)
        else:
            dims.append((size, a_stride, b_stride))
    return dims or [(1, 1, 1)]


def _starts(a: int, b: int, dims: Sequence[Run]) -> list[tuple[int, int]]:
    """Each place of `dims` in both storages, in row-major order."""
    starts = [(a, b)]
    for size, a_stride, b_stride in dims:
        starts = [(a + i * a_stride, b + i * b_stride) for a, b in starts for i in range(size)]
    return starts


def span(start: int, step: int, length: int) -> slice:
    """The slice of `length` elements from `start` on, in steps that are not 0."""
    stop = start + step * length
    return slice(start, stop if stop >= 0 else None, step)
