"""Activations as modules, over the functions of the same meaning: rt.relu, rt.gelu, ..."""

from __future__ import annotations

from rt_torch._tensor import Tensor
from rt_torch.nn.argument import word
from rt_torch.nn.module import Module
from rt_torch.pure.argument import integer, number
from rt_torch_bindings import operators


class ReLU(Module):
    """max(x, 0) for each element."""

    def forward(self, x: Tensor) -> Tensor:
        return operators.relu(x)


class LeakyReLU(Module):
    """Each element where it is above 0, and `negative_slope` times it elsewhere."""

    def __init__(self, negative_slope: float = 0.01) -> None:
        self.negative_slope = number("rt.nn.LeakyReLU", "negative_slope", negative_slope)

    def forward(self, x: Tensor) -> Tensor:
        return operators.leaky_relu(x, self.negative_slope)

    def extra_repr(self) -> str:
        return f"negative_slope={self.negative_slope}"


class ELU(Module):
    """Each element where it is above 0, and alpha * (exp(x) - 1) elsewhere."""

    def __init__(self, alpha: float = 1.0) -> None:
        self.alpha = number("rt.nn.ELU", "alpha", alpha)

    def forward(self, x: Tensor) -> Tensor:
        return operators.elu(x, self.alpha)

    def extra_repr(self) -> str:
        return f"alpha={self.alpha}"


class GELU(Module):
    """Each element times the share of the normal distribution below it.

    Args:
        approximate: "none", or "tanh" for the formula that has a hyperbolic tangent for that share.
    """

    def __init__(self, approximate: str = "none") -> None:
        self.approximate = word("rt.nn.GELU", "approximate", approximate, ("none", "tanh"))

    def forward(self, x: Tensor) -> Tensor:
        return operators.gelu(x, self.approximate)

    def extra_repr(self) -> str:
        return f"approximate={self.approximate!r}"


class Sigmoid(Module):
    """1 / (1 + exp(-x)) for each element."""

    def forward(self, x: Tensor) -> Tensor:
        return operators.sigmoid(x)


class Tanh(Module):
    """The hyperbolic tangent of each element."""

    def forward(self, x: Tensor) -> Tensor:
        return operators.tanh(x)


class Softmax(Module):
    """exp(x), divided by its sums along `dim`."""

    def __init__(self, dim: int = -1) -> None:
        self.dim = integer(f"rt.nn.{type(self).__name__}", "dim", dim)

    def forward(self, x: Tensor) -> Tensor:
        return operators.softmax(x, self.dim)

    def extra_repr(self) -> str:
        return f"dim={self.dim}"


class LogSoftmax(Softmax):
    """The logarithm of the softmax along `dim`."""

    def forward(self, x: Tensor) -> Tensor:
        return operators.log_softmax(x, self.dim)
