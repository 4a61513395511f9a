"""What is at an index: a view of the same storage, or single places of it.

The rules are NumPy's.  Integers, slices, ... and None give a view.  Lists and tensors of integers or bools give places;
beside them an integer counts as a list of one.  Their dimensions stand where the first of them stood, or in front when
something else stands between them.
"""

from __future__ import annotations

import operator
from collections.abc import Iterable, Sequence
from itertools import compress
from types import EllipsisType
from typing import Any, NamedTuple, TypeAlias

from rt_torch.pure.dtype import Items
from rt_torch.pure.layout import MAX_DIMS, Layout, contiguous_strides, shape_text, view_of
from rt_torch.pure.nested import SEQUENCES, flattened
from rt_torch.pure.storage import as_memory, gathered, merged, span
from rt_torch_bindings.arguments import shown


class Array(NamedTuple):
    """A list or tensor in an index."""

    elements: Sequence[Any]  # in row-major order
    shape: tuple[int, ...]
    dtype: str  # "i64" or "bool"


class Kept(NamedTuple):
    """A dimension of the result that is one of the tensor, or new."""

    size: int
    stride: int


class Picked(NamedTuple):
    """Offsets that an array or an integer picks in a dimension."""

    offsets: list[int]
    shape: tuple[int, ...]


class Places(NamedTuple):
    """Single places of a storage: runs of `length` elements from each start on."""

    shape: tuple[int, ...]
    starts: list[int]
    step: int
    length: int

    def taken(self, storage: Items) -> list[Any]:
        """The elements, in row-major order."""
        if self.length == 1:
            return [*map(storage.__getitem__, self.starts)]
        out: list[Any] = []
        for start in self.starts:
            out += storage[span(start, self.step, self.length)]
        return out

    def put(self, storage: Any, elements: list[Any], dtype: str) -> None:
        """Set the elements, in row-major order."""
        if self.length == 1:
            for start, element in zip(self.starts, elements, strict=True):
                storage[start] = element
            return
        source = elements if isinstance(storage, list) else as_memory(elements, dtype)
        for place, start in enumerate(self.starts):
            part = source[place * self.length : (place + 1) * self.length]
            storage[span(start, self.step, self.length)] = part


_CODES = frozenset("bBhHiIlLqQnN?")  # of the struct module: integers and bools

Part: TypeAlias = "int | slice | Array | None"


def find(layout: Layout, storage: int, key: Any) -> Layout | Places:
    """What `key` means for a tensor on a storage of so many elements: the layout of a view, or places.

    Raises:
        IndexError: An index is out of range, or there are too many.
        TypeError: Something in `key` is no index.
    """
    parts = [part(item) for item in (key if type(key) is tuple else (key,))]
    offset, dims = _walk(layout, _complete(layout, parts))
    kept = [dim for dim in dims if isinstance(dim, Kept)]
    if any(isinstance(part, Array) for part in parts):
        front = next(place for place, dim in enumerate(dims) if isinstance(dim, Picked))
        return _places(offset, dims, kept, front if _adjacent(parts) else 0)
    offset += sum(dim.offsets[0] for dim in dims if isinstance(dim, Picked))
    shape = _checked_shape(dim.size for dim in kept)
    return view_of(shape, tuple(dim.stride for dim in kept), offset, layout.dtype, storage)


def place(layout: Layout, indices: Any) -> int:
    """The place in the storage of one element, given one index per dimension.

    Raises:
        IndexError: An index is out of range, or there are too many or too few.
    """
    if not isinstance(indices, Sequence) or isinstance(indices, (str, bytes)):
        raise TypeError(f"one index per dimension is expected, in a list or tuple; given {shown(indices)}")
    if len(indices) != layout.ndim:
        raise IndexError(
            f"{len(indices)} indices were given, and a tensor of {layout.ndim} dimensions has an element "
            f"at {layout.ndim}"
        )
    if odd := [index for index in indices if isinstance(index, bool) or not hasattr(index, "__index__")]:
        raise TypeError(f"one integer per dimension is expected; given {shown(odd[0])}")
    return offset_of(layout, [*map(operator.index, indices)])


def offset_of(layout: Layout, integers: Sequence[int]) -> int:
    """The place in the storage of the first element at integers for the first dimensions."""
    at = layout.offset
    for dim, index in enumerate(integers):
        at += counted(index, layout.shape[dim], dim) * layout.strides[dim]
    return at


def counted(index: int, size: int, dim: int) -> int:
    """An index counted from the front."""
    if -size <= index < size:
        return index + size if index < 0 else index
    raise IndexError(f"index {index} is out of range for dimension {dim} of size {size}")


# The parts of a key.


def part(item: Any) -> Part | EllipsisType:
    if item is None or item is Ellipsis or isinstance(item, (slice, Array)):
        return item
    if isinstance(item, bool):
        return Array([item], (), "bool")
    if isinstance(item, SEQUENCES):
        return _array(*flattened("the index", item))
    try:
        return operator.index(item)
    except TypeError:
        pass
    try:
        code = memoryview(item).format.lstrip("@=<")
    except TypeError:
        raise _no_index(item) from None
    if code not in _CODES:
        raise _no_index(item)
    found = _array(*flattened("the index", item))
    return found._replace(dtype="bool") if code == "?" else found  # also where there is no element to say so


def _adjacent(parts: Sequence[Part | EllipsisType]) -> bool:
    """Whether integers and arrays stand together; even a ... for no dimension separates them."""
    places = [place for place, part in enumerate(parts) if isinstance(part, (int, Array))]
    return places[-1] - places[0] == len(places) - 1


def _array(elements: list[Any], shape: tuple[int, ...]) -> Array:
    kinds = set(map(type, elements))
    if kinds == {bool}:
        return Array(elements, shape, "bool")
    odd = next((value for value in elements if isinstance(value, bool) or not hasattr(value, "__index__")), None)
    if odd is not None:
        raise _no_index(odd)
    return Array([*map(operator.index, elements)], shape, "i64")


def _no_index(value: Any) -> TypeError:
    return TypeError(
        "an index is an integer, a slice, ..., None, or a list or tensor of integers alone or of bools alone; "
        f"given {shown(value)}"
    )


def _complete(layout: Layout, parts: list[Part | EllipsisType]) -> list[Part]:
    """The parts with slices for the dimensions that ... leaves out, or that the key does not reach."""
    consumed = sum(_consumes(part) for part in parts)
    if consumed > layout.ndim:
        raise IndexError(
            f"{consumed} indices were given, and a tensor of {layout.ndim} dimensions takes at most {layout.ndim}"
        )
    if sum(part is Ellipsis for part in parts) > 1:
        raise IndexError("an index has at most one ...")
    rest = [slice(None)] * (layout.ndim - consumed)
    if not any(part is Ellipsis for part in parts):
        parts = [*parts, Ellipsis]
    complete: list[Part] = []
    for part in parts:
        complete += rest if isinstance(part, EllipsisType) else [part]
    return complete


def _consumes(part: Part | EllipsisType) -> int:
    """Number of dimensions that a part is about."""
    if isinstance(part, Array):
        return len(part.shape) if part.dtype == "bool" else 1
    return int(part is not None and part is not Ellipsis)


def _walk(layout: Layout, parts: Sequence[Part]) -> tuple[int, list[Kept | Picked]]:
    """Where the first element is, as far as slices say, and what becomes of each dimension."""
    offset, dim = layout.offset, 0
    dims: list[Kept | Picked] = []
    for part in parts:
        if part is None:
            dims.append(Kept(1, 0))
        elif isinstance(part, Array):
            dims.append(_masked(layout, dim, part) if part.dtype == "bool" else _picked(layout, dim, part))
        else:
            size, stride = layout.shape[dim], layout.strides[dim]
            if isinstance(part, slice):
                places = range(*part.indices(size))
                offset += places.start * stride if places else 0
                dims.append(Kept(len(places), stride * places.step))
            else:
                dims.append(Picked([counted(part, size, dim) * stride], ()))
        dim += _consumes(part)
    return offset, dims


def _picked(layout: Layout, dim: int, array: Array) -> Picked:
    size, stride = layout.shape[dim], layout.strides[dim]
    return Picked([counted(index, size, dim) * stride for index in array.elements], array.shape)


def _masked(layout: Layout, dim: int, mask: Array) -> Picked:
    end = dim + len(mask.shape)
    if layout.shape[dim:end] != mask.shape:
        raise IndexError(
            f"a list or tensor of bools of the shape {shape_text(mask.shape)} was given for dimensions of the sizes "
            f"{shape_text(layout.shape[dim:end])}"
        )
    strides = layout.strides[dim:end]
    offsets: Sequence[int] = [0]
    for size, stride, _ in merged(mask.shape, strides, strides):
        steps = range(0, size * stride, stride) if stride else [0] * size
        offsets = steps if len(offsets) == 1 else _sums(offsets, steps)
    chosen = [*compress(offsets, mask.elements)]
    return Picked(chosen, (len(chosen),))


# Places.


def _places(offset: int, dims: list[Kept | Picked], kept: list[Kept], front: int) -> Places:
    """The places that arrays pick; their dimensions come after the first `front` of the others."""
    shape, offsets = _together([dim for dim in dims if isinstance(dim, Picked)])
    before, after = kept[:front], kept[front:]
    whole = _checked_shape([*(dim.size for dim in before), *shape, *(dim.size for dim in after)])
    if 0 in whole:
        return Places(whole, [], 1, 1)
    strides = [dim.stride for dim in after]
    *others, (length, step, _) = merged([dim.size for dim in after], strides, strides)
    starts = [offset]
    for size, stride in before:
        starts = _sums(starts, [place * stride for place in range(size)])
    starts = _sums(starts, offsets)
    for size, stride, _ in others:
        starts = _sums(starts, [place * stride for place in range(size)])
    if step == 0:
        return Places(whole, _sums(starts, [0] * length), 1, 1)
    return Places(whole, starts, step, length)


def _together(arrays: list[Picked]) -> tuple[tuple[int, ...], list[int]]:
    """The shape that arrays of offsets broadcast to, and their sums."""
    if len(arrays) == 1:
        return arrays[0].shape, arrays[0].offsets
    shape: tuple[int, ...] = ()
    for array in arrays:
        small, large = sorted((shape, array.shape), key=len)
        small = (1,) * (len(large) - len(small)) + small
        if any(a != b and 1 not in (a, b) for a, b in zip(small, large, strict=True)):
            shapes = ", ".join(shape_text(array.shape) for array in arrays)
            raise IndexError(f"the indices have the shapes {shapes}, which do not broadcast")
        shape = tuple(b if a == 1 else a for a, b in zip(small, large, strict=True))
    return shape, [*map(sum, zip(*(_repeated(array, shape) for array in arrays), strict=True))]


def _repeated(array: Picked, shape: tuple[int, ...]) -> Sequence[int]:
    if array.shape == shape:
        return array.offsets
    layout = Layout(shape, broadcast_strides(array.shape, shape), 0, "i64", len(array.offsets))
    return gathered(array.offsets, layout)


def broadcast_strides(shape: tuple[int, ...], target: tuple[int, ...]) -> tuple[int, ...]:
    """Strides that walk contiguous elements of `shape` as if they had the shape `target`."""
    extra = len(target) - len(shape)
    strides = contiguous_strides(shape)
    if extra < 0:
        return tuple(0 if size == 1 else stride for size, stride in zip(shape, strides, strict=True))[-extra:]
    return (0,) * extra + tuple(0 if size == 1 else stride for size, stride in zip(shape, strides, strict=True))


def _sums(starts: Sequence[int], offsets: Sequence[int]) -> list[int]:
    """Each start with each offset."""
    return [start + offset for start in starts for offset in offsets]


def _checked_shape(sizes: Iterable[int]) -> tuple[int, ...]:
    shape = tuple(sizes)
    if len(shape) > MAX_DIMS:
        raise IndexError(f"the index gives {len(shape)} dimensions, and a tensor has at most {MAX_DIMS}")
    return shape
