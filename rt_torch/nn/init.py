"""Numbers that parameters begin with, drawn from rt's generator: rt.manual_seed decides them, in either tier."""

from __future__ import annotations

import math
from collections.abc import Sequence

from rt_torch._create import rand
from rt_torch._tensor import Tensor
from rt_torch.errors import BadArgumentError
from rt_torch.pure.argument import number
from rt_torch.pure.layout import sizes

__all__ = ["uniform", "xavier_uniform"]


def uniform(
    shape: Sequence[int], low: float, high: float, *, dtype: str | None = None, device: str | None = None
) -> Tensor:
    """A tensor of numbers uniform from `low` to `high`."""
    low, high = number("rt.nn.init.uniform", "low", low), number("rt.nn.init.uniform", "high", high)
    return rand(shape, dtype=dtype, device=device) * (high - low) + low


def xavier_uniform(
    shape: Sequence[int], *, gain: float = 1.0, dtype: str | None = None, device: str | None = None
) -> Tensor:
    """A tensor of numbers uniform within gain * sqrt(6 / (inputs + outputs)) of 0.

    Forward and backward, a layer with such weights keeps the variance of what goes through (Glorot and Bengio, 2010).

    Args:
        shape: Outputs, inputs, and then the sizes of a filter, whose elements count as so many inputs and outputs.
        gain: A factor for the activation that follows.
        dtype: A floating-point one.
        device: Where the tensor is to be.

    Raises:
        BadArgumentError: There are less than two sizes.
    """
    symbol = "rt.nn.init.xavier_uniform"
    outputs_inputs = sizes(symbol, "shape", shape)
    if len(outputs_inputs) < 2:
        raise BadArgumentError(f"{symbol}: argument `shape`: outputs and inputs are expected; given {outputs_inputs}")
    ends = sum(outputs_inputs[:2]) * math.prod(outputs_inputs[2:])
    bound = number(symbol, "gain", gain) * math.sqrt(6.0 / max(ends, 1))
    return uniform(outputs_inputs, -bound, bound, dtype=dtype, device=device)
