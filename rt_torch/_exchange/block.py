"""Tensors on memory that somebody else owns; the owner stays for as long as the memory is seen."""

from __future__ import annotations

import ctypes
from typing import Any

from rt_torch import accel
from rt_torch.pure.dtype import FORMATS, ITEM_SIZES
from rt_torch.pure.layout import contiguous_strides, is_contiguous, layout_of, view_of
from rt_torch.pure.storage import room
from rt_torch.pure.tensor import PureTensor, pure_tensor

# Bytes of an element, of those dtypes too that only the native tier has.
SIZES = ITEM_SIZES | {"f16": 2, "bf16": 2, "i32": 4, "i16": 2, "i8": 1, "u8": 1}


def visible(address: int, size: int, owner: Any) -> memoryview:
    """`size` bytes at `address`, writable; `owner` is let go of after the last view of them."""
    block = (ctypes.c_char * size).from_address(address)
    block.owner = owner  # type: ignore[attr-defined]  # ctypes objects take any attribute
    return memoryview(block).cast("B")


def address_of(memory: memoryview) -> int:
    """Where memory starts that is contiguous and writable."""
    return ctypes.addressof(ctypes.c_char.from_buffer(memory)) if memory.nbytes else 0


def extent(shape: tuple[int, ...], strides: tuple[int, ...]) -> tuple[int, int]:
    """The lowest and the highest element that are reached, counted from the first one; there is at least one."""
    reach = [(size - 1) * stride for size, stride in zip(shape, strides, strict=True)]
    return sum(step for step in reach if step < 0), sum(step for step in reach if step > 0)


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
    items = memory.cast(FORMATS[dtype])  # type: ignore[call-overload]
    return pure_tensor(items, view_of(shape, strides, -lowest, dtype, size))


def memory_of(tensor: PureTensor) -> memoryview:
    """The storage as memory; a list has to be copied into it, once."""
    if type(tensor._cell[0]) is list:
        accel.record_transfer(len(tensor._cell[0]))
    return tensor.buffer()
