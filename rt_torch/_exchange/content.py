"""Tensors as their elements' bytes, row after row, and tensors made of such."""

from __future__ import annotations

import sys
from array import array
from typing import TYPE_CHECKING

from rt_torch import _tensor, _transfer
from rt_torch.pure.dtype import FORMATS, ITEM_SIZES
from rt_torch.pure.layout import layout_of
from rt_torch.pure.storage import as_memory, gathered, typed
from rt_torch.pure.tensor import pure_tensor

if TYPE_CHECKING:
    from rt_torch._tensor import Tensor

_WORDS = {2: "H", 4: "I", 8: "Q"}  # array codes of unsigned integers, to turn bytes around


def content(tensor: Tensor) -> memoryview:
    """The bytes of the elements in row-major order, in this machine's byte order; only to be read.

    They are the tensor's own memory where that is on the CPU and in this order.
    """
    elements = _transfer.elements(_tensor.on_cpu(tensor))
    items, layout = elements._cell[0], elements._layout
    if isinstance(items, list) or not layout.contiguous:
        items = gathered(items, layout)
    else:
        items = items[layout.offset : layout.offset + layout.size]
    return (as_memory(items, layout.dtype) if isinstance(items, list) else items).cast("B")


def tensor_of(data: bytearray, shape: tuple[int, ...], dtype: str) -> Tensor:
    """A tensor on such bytes, which become its memory.

    Raises:
        LibraryMissingError: The dtype is one of the native tier's, and there is no native tier.
    """
    memory = typed(memoryview(data), FORMATS[dtype])
    return _tensor.of_elements(pure_tensor(memory, layout_of(shape, dtype)))


def turned(data: bytes | bytearray | memoryview, dtype: str, byteorder: str) -> bytes | bytearray | memoryview:
    """Bytes of elements from one byte order into the other, `byteorder` being one and this machine's the other.

    Where the two are the same, or an element is one byte, it is what was given.
    """
    size = ITEM_SIZES[dtype]
    if byteorder == sys.byteorder or size == 1:
        return data
    words = array(_WORDS[size])
    words.frombytes(data)
    words.byteswap()
    return memoryview(words).cast("B")
