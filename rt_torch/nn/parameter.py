"""Tensors that a module learns."""

from __future__ import annotations

from typing import Any

from rt_torch._create import tensor
from rt_torch._tensor import Tensor, instance_of


class Parameter(Tensor):
    """A tensor that modules register as something to learn; what is computed from it is a plain Tensor.

    Args:
        data: A tensor, whose memory is shared, or what rt.tensor makes one of.
        requires_grad: Whether it learns.

    Raises:
        BadArgumentError: It would learn, and is not of a floating-point dtype.
    """

    __slots__ = ()

    def __new__(cls, data: Any, requires_grad: bool = True) -> Parameter:
        made = instance_of(cls, data.data if isinstance(data, Tensor) else tensor(data))
        made.requires_grad = requires_grad
        return made  # type: ignore[return-value]  # instance_of gives an instance of `cls`

    def __repr__(self) -> str:
        return f"Parameter containing:\n{super().__repr__()}"
