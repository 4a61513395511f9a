"""x[key] where x is on a GPU: Python finds the places, and libtorch takes the elements or sets them."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from math import prod
from typing import Any

from rt_torch import _lending, _transfer
from rt_torch._tensor import Tensor, of_handle, of_pure
from rt_torch.errors import BadArgumentError
from rt_torch.pure import index
from rt_torch.pure.dtype import PURE_DTYPES
from rt_torch.pure.layout import Layout, layout_of, view_of
from rt_torch.pure.nested import check_fits, flattened, items_of
from rt_torch.pure.storage import gathered
from rt_torch.pure.tensor import plain_key, pure_tensor
from rt_torch_bindings import functions, operators

__all__ = ["assign", "is_selection", "part_of", "put_back", "selected"]


# Parts along the first dimension that a tensor names which is on the GPU too: its elements need not come to the CPU.


def is_selection(tensor: Tensor, key: Tensor) -> bool:
    """Whether `key` names such parts."""
    return key.dtype == "i64" and tensor.ndim > 0 and key.ndim > 0 and tensor.is_cuda and key.device == tensor.device


def selected(tensor: Tensor, key: Tensor) -> Tensor:
    """The parts of `tensor` that `key` names; recorded."""
    size, flat = tensor.shape[0], key.reshape([-1])
    counted = operators.where(flat < 0, flat + size, flat)
    try:
        parts = operators.index_select(tensor, 0, counted)
    except BadArgumentError:
        beyond = [place for place in flat.tolist() if not -size <= place < size]
        if not beyond:
            raise
        raise IndexError(f"index {beyond[0]} is out of range for dimension 0 of size {size}") from None
    return parts.reshape((*key.shape, *tensor.shape[1:]))


# Any other part.


def part_of(tensor: Tensor, key: Any) -> Tensor:
    """The part at an index of the pure tier's, not recorded."""
    steps = _steps(tensor, key)
    if steps is not None:
        return _strided(tensor, steps)
    places, shape = _places(tensor.shape, key)
    return of_handle(functions.take(tensor._handle, places)).reshape(shape)


def assign(tensor: Tensor, key: Any, value: Any) -> None:
    """Set the part at an index of the pure tier's to a number, or to a tensor or nested lists that broadcast to it."""
    source = _source(value, tensor.dtype)
    steps = _steps(tensor, key)
    if steps is not None:
        part = _strided(tensor, steps)
        with _handle_of(_fitting(source, steps.shape, part)) as handle:
            functions.assign(part._handle, handle)
    else:
        places, shape = _places(tensor.shape, key)
        _put(tensor, places, shape, _fitting(source, shape, tensor))
    _transfer.note_write(tensor)


def put_back(part: Tensor, shape: tuple[int, ...], key: tuple[Any, ...]) -> Tensor:
    """Zeros of a shape with `part` added at `key`; what the key names several times gets the sum.

    Args:
        part: Of a floating-point dtype, on a GPU, and of the shape that a tensor of `shape` has at `key`.
        shape: Sizes of the result.
        key: From rt_torch.pure.part.frozen.
    """
    made: Tensor = operators._dispatch("zeros", shape, part.dtype, part.device)
    steps = _steps(made, key)
    if steps is not None:
        target = _strided(made, steps)  # which frees its handle as it goes
        functions.assign(target._handle, part._handle)
        return made
    places, _ = _places(shape, key)
    where = of_pure(pure_tensor(memoryview(places), layout_of((len(places),), "i64"))).to(part.device)
    return operators.index_add(made.reshape([-1]), 0, where, part.reshape([-1])).reshape(shape)


# Where a part is.


def _steps(tensor: Tensor, key: Any) -> Layout | None:
    """The layout of the part in the tensor's memory; None where it is none that libtorch can have."""
    shape, strides = tensor.shape, tensor.strides
    reach = 1 + sum((size - 1) * stride for size, stride in zip(shape, strides, strict=True)) if prod(shape) else 0
    found = index.find(view_of(shape, strides, 0, tensor.dtype, reach), reach, plain_key(key))
    if isinstance(found, Layout) and all(stride >= 0 for stride in found.strides):
        return found
    return None


def _strided(tensor: Tensor, steps: Layout) -> Tensor:
    handle = functions.strided(tensor._handle, steps.shape, steps.strides, steps.offset)
    return of_handle(handle, _transfer.memory_of(tensor))


def _places(shape: tuple[int, ...], key: Any) -> tuple[array[int], tuple[int, ...]]:
    """The places of a part, counted in row-major order, and its shape."""
    whole = layout_of(shape, "i64")
    found = index.find(whole, whole.size, plain_key(key))
    if isinstance(found, Layout):
        return array("q", gathered([*range(whole.size)], found)), found.shape
    spans: Sequence[range] = [
        range(start, start + found.step * found.length, found.step) for start in found.starts if found.length
    ]
    return array("q", chain.from_iterable(spans)), found.shape


# What it is set to.


def _source(value: Any, dtype: str) -> Tensor:
    """A value as a tensor; of Python's numbers one of that dtype, as on the CPU."""
    if isinstance(value, Tensor):
        return value.detach()
    if dtype not in PURE_DTYPES:
        return Tensor(value, dtype=dtype, device="cpu")
    elements, shape = flattened("the value", value)
    return of_pure(pure_tensor(items_of("the value", elements, dtype), layout_of(shape, dtype)))


def _fitting(source: Tensor, shape: tuple[int, ...], target: Tensor) -> Tensor:
    """The source without dimensions of size 1 in front that the part does not have, and in memory of its own."""
    check_fits("the value", source.shape, shape)
    extra = source.ndim - len(shape)
    if extra > 0:
        source = source.reshape(source.shape[extra:])
    if source._handle and _transfer.memory_of(source) is _transfer.memory_of(target):
        source = source.clone()
    return source


def _put(tensor: Tensor, places: array[int], shape: tuple[int, ...], source: Tensor) -> None:
    """Of a place that is named twice the last element stays, as on the CPU."""
    source = operators.expand(source, shape).to(tensor.device, tensor.dtype).reshape([-1])
    last = {place: at for at, place in enumerate(places)}
    if len(last) < len(places):
        places = array("q", last)
        source = of_handle(functions.take(source._handle, array("q", last.values())))
    functions.put(tensor._handle, places, source._handle)


@contextmanager
def _handle_of(tensor: Tensor) -> Iterator[int]:
    handle, owned = _transfer.to_native(tensor)
    try:
        yield handle
    finally:
        if owned:
            functions.free(handle)
            _lending.reclaim()
