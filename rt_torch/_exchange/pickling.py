"""Tensors as bytes, for pickle."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from rt_torch import _tensor
from rt_torch._exchange.content import content, tensor_of, turned
from rt_torch.errors import Error

if TYPE_CHECKING:
    from rt_torch._tensor import Tensor


def pickled(tensor: Tensor) -> tuple[Any, ...]:
    """What `__reduce__` returns: the elements as bytes in row-major order, and what else makes the tensor.

    The tier does not matter: what was native is read where there is only the pure tier, except for the dtypes that
    the pure tier does not have.
    """
    arguments = (
        content(tensor).tobytes(),
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
    tensor = tensor_of(bytearray(turned(data, dtype, byteorder)), shape, dtype)
    if device != "cpu":
        tensor = _placed(tensor, device)
    tensor.requires_grad = requires_grad
    return tensor


def restored_as(cls: type[Tensor], *arguments: Any) -> Tensor:
    """As `restored`, for an instance of a subclass of Tensor; pickles name this one, too."""
    return _tensor.instance_of(cls, restored(*arguments))


def _placed(tensor: Tensor, device: str) -> Tensor:
    try:
        return tensor.to(device)
    except Error:
        return tensor
