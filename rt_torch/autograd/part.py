"""x[key] with gradients: taking a part, and putting the gradient of one back where it was."""

from __future__ import annotations

from typing import Any

from rt_torch import _device_part, _transfer
from rt_torch._tensor import Tensor, of_pure, part_of
from rt_torch.autograd.function import Function
from rt_torch.pure.dtype import PURE_DTYPES
from rt_torch.pure.part import frozen, put_back

__all__ = ["part"]


def part(x: Tensor, key: Any) -> Tensor:
    """The part of `x` at `key`, an index as rt_torch.pure has it; recorded."""
    return Part.apply(x, frozen(key))


class Part(Function):
    """The part of a tensor at a key."""

    @staticmethod
    def forward(ctx: Any, *arguments: Any) -> Tensor:
        x, key = arguments
        ctx.shape, ctx.key = x.shape, key
        return part_of(x, key)

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> Any:
        if grad.dtype not in PURE_DTYPES and not grad.is_cuda:
            grad = grad.to("f32")
        return Placed.apply(grad, ctx.shape, ctx.key), None


class Placed(Function):
    """Zeros of a shape, and a part added to them at a key; what the key names twice is added twice."""

    @staticmethod
    def forward(ctx: Any, *arguments: Any) -> Tensor:
        x, shape, key = arguments
        ctx.key = key
        if x.is_cuda:
            return _device_part.put_back(x, shape, key)
        return of_pure(put_back(_transfer.to_pure(x), shape, key))

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> Any:
        return Part.apply(grad, ctx.key), None, None
