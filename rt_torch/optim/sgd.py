"""Stochastic gradient descent."""

from __future__ import annotations

from typing import ClassVar

from rt_torch._tensor import Tensor
from rt_torch.errors import BadArgumentError
from rt_torch.optim.argument import not_negative
from rt_torch.optim.optimizer import Optimizer, Options, Params, State, plus


class SGD(Optimizer):
    """Gradient descent with momentum: v = momentum * v + g, p = p - lr * v, where g includes weight_decay * p.

    Args:
        params: Tensors, or groups of them with options of their own.
        lr: Learning rate.
        momentum: How much is kept of the steps before.
        weight_decay: How much of a parameter is added to its gradient.
        nesterov: Look ahead by the momentum (Sutskever et al., 2013): p = p - lr * (g + momentum * v).

    Raises:
        BadArgumentError: An option is out of its range, or `nesterov` is without momentum.
    """

    _kept: ClassVar = frozenset({"momentum_buffer"})

    def __init__(
        self,
        params: Params,
        lr: float = 1e-3,
        momentum: float = 0.0,
        weight_decay: float = 0.0,
        *,
        nesterov: bool = False,
    ) -> None:
        super().__init__(params, {"lr": lr, "momentum": momentum, "weight_decay": weight_decay, "nesterov": nesterov})

    def _checked(self, symbol: str, options: Options) -> Options:
        checked = super()._checked(symbol, options)
        checked["momentum"] = not_negative(symbol, "momentum", options["momentum"])
        if checked["nesterov"] and not checked["momentum"]:
            raise BadArgumentError(f"{symbol}: argument `nesterov`: it needs a momentum above 0")
        return checked

    def _changed(self, param: Tensor, grad: Tensor, state: State, options: Options) -> Tensor:
        rate: float = options["lr"]
        momentum, decay = options["momentum"], options["weight_decay"]
        if decay:
            grad = plus(grad, param, decay)
        if momentum:
            kept = state.get("momentum_buffer")
            velocity = state["momentum_buffer"] = grad.clone() if kept is None else plus(grad, kept, momentum)
            grad = plus(grad, velocity, momentum) if options["nesterov"] else velocity
        return plus(param, grad, -rate)
