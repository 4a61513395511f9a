"""Elements left out at random."""

from __future__ import annotations

from rt_torch._create import rand
from rt_torch._tensor import Tensor
from rt_torch.errors import BadArgumentError
from rt_torch.nn.argument import share, tensor
from rt_torch.nn.module import Module
from rt_torch.pure.dtype import is_floating


class Dropout(Module):
    """In training each element becomes 0 with probability `p`, and the others grow by 1 / (1 - p); otherwise nothing
    changes.

    Which ones is drawn from rt's generator: rt.manual_seed decides it, and it is the same in both tiers.

    Args:
        p: From 0 to 1.
    """

    def __init__(self, p: float = 0.5) -> None:
        self.p = share("rt.nn.Dropout", "p", p)

    def forward(self, x: Tensor) -> Tensor:
        return dropout(x, self.p, self.training)

    def extra_repr(self) -> str:
        return f"p={self.p}, inplace=False"


def dropout(x: Tensor, p: float = 0.5, training: bool = True) -> Tensor:
    """What Dropout computes.

    Args:
        x: Of a floating-point dtype.
        p: Probability with which each element becomes 0, from 0 to 1.
        training: Whether anything happens at all.

    Raises:
        BadArgumentError: `p` is no probability, or the dtype of `x` is not floating-point.
    """
    share("rt.nn.dropout", "p", p)
    tensor("rt.nn.dropout", "x", x)
    if not training or p == 0.0:
        return x
    if not is_floating(x.dtype):
        raise BadArgumentError(
            f"rt.nn.dropout: argument `x`: its dtype is {x.dtype}, and a floating-point one is expected"
        )
    if p == 1.0:
        return x * 0.0
    kept = rand(x.shape, dtype=x.dtype, device=x.device) >= p
    return x * (kept.to(x.dtype) * (1.0 / (1.0 - p)))
