"""Fewer dimensions."""

from __future__ import annotations

from math import prod

from rt_torch._tensor import Tensor
from rt_torch.errors import BadArgumentError
from rt_torch.nn.argument import tensor
from rt_torch.nn.module import Module
from rt_torch.pure.argument import integer


class Flatten(Module):
    """Makes one dimension of those from `start_dim` to `end_dim`; by default of all but the first.

    Args:
        start_dim: The first of them; a negative one counts from the end.
        end_dim: The last of them.
    """

    def __init__(self, start_dim: int = 1, end_dim: int = -1) -> None:
        self.start_dim = integer("rt.nn.Flatten", "start_dim", start_dim)
        self.end_dim = integer("rt.nn.Flatten", "end_dim", end_dim)

    def forward(self, x: Tensor) -> Tensor:
        shape = tensor("rt.nn.Flatten", "x", x).shape or (1,)
        first, last = (dim + len(shape) if dim < 0 else dim for dim in (self.start_dim, self.end_dim))
        if not 0 <= first <= last < len(shape):
            raise BadArgumentError(
                f"rt.nn.Flatten: argument `x`: its shape is {x.shape}, which has no dimensions from {self.start_dim} to "
                f"{self.end_dim}"
            )
        return x.reshape((*shape[:first], prod(shape[first : last + 1]), *shape[last + 1 :]))

    def extra_repr(self) -> str:
        return f"start_dim={self.start_dim}, end_dim={self.end_dim}"
