"""The layer in which every output depends on every input."""

from __future__ import annotations

from rt_torch._create import zeros
from rt_torch._tensor import Tensor
from rt_torch.nn import init
from rt_torch.nn.argument import count
from rt_torch.nn.module import Module
from rt_torch.nn.parameter import Parameter
from rt_torch_bindings import operators


class Linear(Module):
    """x @ weight.T + bias, along the last dimension of `x`.

    The weight has the shape (out_features, in_features) and begins with Xavier's uniform numbers, the bias with zeros.

    Args:
        in_features: Size of the last dimension of `x`.
        out_features: Size of the last dimension of the result.
        bias: Whether there is a bias.
        dtype: Of the parameters, a floating-point one.
        device: Of the parameters.

    Raises:
        BadArgumentError: A size is below 1.
    """

    bias: Parameter | None

    def __init__(
        self,
        in_features: int,
        out_features: int,
        bias: bool = True,
        *,
        dtype: str | None = None,
        device: str | None = None,
    ) -> None:
        self.in_features = count("rt.nn.Linear", "in_features", in_features)
        self.out_features = count("rt.nn.Linear", "out_features", out_features)
        shape = (self.out_features, self.in_features)
        self.weight = Parameter(init.xavier_uniform(shape, dtype=dtype, device=device))
        self.bias = Parameter(zeros([self.out_features], dtype=dtype, device=device)) if bias else None

    def forward(self, x: Tensor) -> Tensor:
        return operators.linear(x, self.weight, self.bias)

    def extra_repr(self) -> str:
        return f"in_features={self.in_features}, out_features={self.out_features}, bias={self.bias is not None}"
