"""Tensors on memory that somebody else owns; the owner stays for as long as the memory is seen."""

from __future__ import annotations

from typing import Any

from rt_torch import accel
from rt_torch._memory import extent, visible
from rt_torch.pure.dtype import FORMATS, ITEM_SIZES
from rt_torch.pure.layout import contiguous_strides, is_contiguous, layout_of, view_of
from rt_torch.pure.storage import room, typed
from rt_torch.pure.tensor import PureTensor, pure_tensor


def tensor_at(address: int, shape: tuple[int, ...], strides: tuple[int, ...], dtype: str, owner: Any) -> PureTensor:
    """A tensor on memory of others, without copying.

    Args:
        address: Of the first element.
        shape: Sizes.
        strides: Steps in elements, also negative ones.
        dtype: "f64", "f32", "i64" or "bool".
        owner: Anything that keeps the memory there, and in place.
    """
    if 0 in shape:
        return pure_tensor(room(0, dtype), layout_of(shape, dtype))
    if is_contiguous(shape, strides):
        strides = contiguous_strides(shape)  # those of sizes of 1 may be anything
    lowest, highest = extent(shape, strides)
    size = highest - lowest + 1
    memory = visible(address + lowest * ITEM_SIZES[dtype], size * ITEM_SIZES[dtype], owner)
    return pure_tensor(typed(memory, FORMATS[dtype]), view_of(shape, strides, -lowest, dtype, size))


def memory_of(tensor: PureTensor) -> memoryview:
    """The storage as memory; a list has to be copied into it, once."""
    if type(tensor._cell[0]) is list:
        accel.record_transfer(len(tensor._cell[0]))
    return tensor.buffer()
