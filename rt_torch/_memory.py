"""Memory at an address, seen from Python."""

from __future__ import annotations

import ctypes
from typing import Any


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
