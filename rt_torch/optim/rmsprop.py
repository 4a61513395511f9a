"""RMSprop."""

from __future__ import annotations

from typing import ClassVar

from rt_torch._tensor import Tensor
from rt_torch.optim.argument import below_one, not_negative
from rt_torch.optim.optimizer import Optimizer, Options, Params, State, running_mean


class RMSprop(Optimizer):
    """Steps along the gradient over the root of a running mean of its square (Hinton's lecture 6e, 2012).

    Args:
        params: Tensors, or groups of them with options of their own.
        lr: Learning rate.
        alpha: How much is kept of the mean in each step.
        eps: What is added to the root.
        weight_decay: How much of a parameter is added to its gradient.
        momentum: How much is kept of the steps before.
        centered: Take the root of the variance instead, from which the square of the mean gradient is taken off.

    Raises:
        BadArgumentError: An option is out of its range.
    """

    _kept: ClassVar = frozenset({"square_avg", "grad_avg", "momentum_buffer"})

    def __init__(
        self,
        params: Params,
        lr: float = 1e-2,
        alpha: float = 0.99,
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        momentum: float = 0.0,
        *,
        centered: bool = False,
    ) -> None:
        options = {"lr": lr, "alpha": alpha, "eps": eps, "weight_decay": weight_decay, "momentum": momentum}
        super().__init__(params, {**options, "centered": centered})

    def _checked(self, symbol: str, options: Options) -> Options:
        checked = super()._checked(symbol, options)
        checked["alpha"] = below_one(symbol, "alpha", options["alpha"])
        checked["eps"] = not_negative(symbol, "eps", options["eps"])
        checked["momentum"] = not_negative(symbol, "momentum", options["momentum"])
        return checked

    def _changed(self, param: Tensor, grad: Tensor, state: State, options: Options) -> Tensor:
        rate: float = options["lr"]
        alpha, decay, momentum = options["alpha"], options["weight_decay"], options["momentum"]
        if decay:
            grad = grad + decay * param
        square = state["square_avg"] = running_mean(state.get("square_avg"), grad * grad, alpha)
        if options["centered"]:
            mean = state["grad_avg"] = running_mean(state.get("grad_avg"), grad, alpha)
            square = (square - mean * mean).clamp(
                0.0
            )  # gradients that hardly change leave rounding errors of either sign
        step: Tensor = grad / (square.sqrt() + options["eps"])
        if momentum:
            kept = state.get("momentum_buffer")
            step = state["momentum_buffer"] = step if kept is None else momentum * kept + step
        return param - rate * step
