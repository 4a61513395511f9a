"""A straight line, which is the smallest model that learns."""

from __future__ import annotations

import rt_torch as rt
from rt_torch._tensor import Tensor
from rt_torch.errors import ArgumentTypeError, BadArgumentError
from rt_torch.nn import Module, Parameter
from rt_torch.pure.argument import number
from rt_torch_bindings.arguments import shown


class LinearModel(Module):
    """y = w * x + b, in f64.

    Args:
        w: Slope.
        b: Value at 0.

    Raises:
        ArgumentTypeError: One is no number.
    """

    def __init__(self, w: float = 0.0, b: float = 0.0) -> None:
        self.w = Parameter(rt.tensor(number("rt.training.LinearModel", "w", w)))
        self.b = Parameter(rt.tensor(number("rt.training.LinearModel", "b", b)))

    def forward(self, x: Tensor) -> Tensor:
        """The values at each element of `x`."""
        return x * self.w + self.b

    def predict(self, v: float) -> float:
        """The value at one number."""
        value: float = self.w.item() * number("LinearModel.predict", "v", v) + self.b.item()
        return value

    def extra_repr(self) -> str:
        return f"w={self.w.item()}, b={self.b.item()}"


def compute_gradients(model: LinearModel, x: Tensor, y: Tensor) -> tuple[float, float]:
    """How the mean squared error changes with slope and value at 0: mean(2 * e * x) and mean(2 * e), where e is
    model(x) - y.

    Both come from going backward through the model; its own `.grad` are not touched.

    Args:
        model: The line.
        x: Places.
        y: What the model should give there, of the same shape.

    Raises:
        BadArgumentError: The shapes differ, or there are no elements.
    """
    symbol = "rt.training.compute_gradients"
    for name, given, kind in (("model", model, LinearModel), ("x", x, Tensor), ("y", y, Tensor)):
        if not isinstance(given, kind):
            raise ArgumentTypeError(f"{symbol}: argument `{name}`: a {kind.__name__} is expected; given {shown(given)}")
    if x.shape != y.shape or not x.numel():
        raise BadArgumentError(
            f"{symbol}: `x` and `y` are to have elements in the same shape; given {x.shape} and {y.shape}"
        )
    error = model(x) - y
    grad_w, grad_b = rt.grad((error * error).sum(), [model.w, model.b])
    assert grad_w is not None
    assert grad_b is not None
    return grad_w.item() / x.numel(), grad_b.item() / x.numel()
