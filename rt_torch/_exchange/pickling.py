"""Tensors as bytes, for pickle."""

from __future__ import annotations

import sys
from array import array
from typing import TYPE_CHECKING, Any

from rt_torch import _tensor, _transfer
from rt_torch.errors import Error
from rt_torch.pure.dtype import FORMATS, ITEM_SIZES
from rt_torch.pure.layout import layout_of
from rt_torch.pure.storage import as_memory, gathered, typed
from rt_torch.pure.tensor import pure_tensor

if TYPE_CHECKING:
    from rt_torch._tensor import Tensor

_WORDS = {2: "H", 4: "I", 8: "Q"}  # array codes of unsigned integers, to turn bytes around


def pickled(tensor: Tensor) -> tuple[Any, ...]:
    """What `__reduce__` returns: the elements as bytes in row-major order, and what else makes the tensor.

    The tier does not matter: what was native is read where there is only the pure tier, except for the dtypes that
    the pure tier does not have.
    """
    arguments = (
        _elements(tensor),
        tensor.shape,
        tensor.dtype,
        tensor.device,
        tensor.requires_grad,
        sys.byteorder,
    )
    if type(tensor) is _tensor.Tensor:
        return restored, arguments
    return restored_as, (type(tensor), *arguments), getattr(tensor, "__dict__", None)


def restored(
    data: bytes, shape: tuple[int, ...], dtype: str, device: str, requires_grad: bool, byteorder: str
) -> Tensor:
    """The tensor again, on the same device where that is there, and on the CPU where it is not.

    Pickles name this function, so neither its place nor its parameters may change.

    Raises:
        LibraryMissingError: The dtype is one of the native tier's, and there is no native tier.
    """
    memory = typed(memoryview(_in_order(data, ITEM_SIZES[dtype], byteorder)), FORMATS[dtype])
    tensor = _tensor.of_elements(pure_tensor(memory, layout_of(shape, dtype)))
    if device != "cpu":
        tensor = _placed(tensor, device)
    tensor.requires_grad = requires_grad
    return tensor


def restored_as(cls: type[Tensor], *arguments: Any) -> Tensor:
    """As `restored`, for an instance of a subclass of Tensor; pickles name this one, too."""
    return _tensor.instance_of(cls, restored(*arguments))


def _elements(tensor: Tensor) -> bytes:
    elements = _transfer.elements(tensor.cpu())
    items = gathered(elements._cell[0], elements._layout)
    return (as_memory(items, tensor.dtype) if isinstance(items, list) else items).tobytes()


def _in_order(data: bytes, size: int, byteorder: str) -> bytearray:
    """A copy that can be written to, in this machine's byte order."""
    if byteorder == sys.byteorder or size == 1:
        return bytearray(data)
    words = array(_WORDS[size], data)
    words.byteswap()
    return bytearray(words)


def _placed(tensor: Tensor, device: str) -> Tensor:
    try:
        return tensor.to(device)
    except Error:
        return tensor
