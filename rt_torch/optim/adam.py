"""Adam and AdamW."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from rt_torch._create import zeros
from rt_torch._dispatch import dispatch
from rt_torch._tensor import Tensor
from rt_torch.errors import ArgumentTypeError
from rt_torch.optim.argument import below_one, not_negative
from rt_torch.optim.optimizer import Optimizer, Options, Params, State
from rt_torch_bindings.arguments import shown

_MEANS = ("exp_avg", "exp_avg_sq")  # what is kept, as torch calls it


class Adam(Optimizer):
    """Steps along a running mean of the gradient over the root of one of its square (Kingma and Ba, 2015).

    Both means begin at 0, and are corrected for that.

    Args:
        params: Tensors, or groups of them with options of their own.
        lr: Learning rate.
        betas: How much is kept of the two means in each step.
        eps: What is added to the root.
        weight_decay: How much of a parameter is added to its gradient.

    Raises:
        BadArgumentError: An option is out of its range.
    """

    _kept: ClassVar = frozenset(_MEANS)
    _decoupled: ClassVar = False  # whether the weight decay is no part of the gradient

    def __init__(
        self,
        params: Params,
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(params, {"lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay})

    def _checked(self, symbol: str, options: Options) -> Options:
        checked = super()._checked(symbol, options)
        checked["betas"] = _betas(symbol, options["betas"])
        checked["eps"] = not_negative(symbol, "eps", options["eps"])
        return checked

    def _changed(self, param: Tensor, grad: Tensor, state: State, options: Options) -> Tensor:
        step = state.get("step", 0) + 1
        before = [
            state[name] if step > 1 else zeros(param.shape, dtype=param.dtype, device=param.device) for name in _MEANS
        ]
        moved: Tensor
        moved, mean, square = dispatch(
            "adam",
            param,
            grad,
            *before,
            step,
            options["lr"],
            *options["betas"],
            options["eps"],
            options["weight_decay"],
            self._decoupled,
        )
        state.update(step=step, exp_avg=mean, exp_avg_sq=square)
        return moved


class AdamW(Adam):
    """Adam whose weight decay is no part of the gradient (Loshchilov and Hutter, 2019): p = p - lr * weight_decay * p
    comes before each step.

    Args:
        params: Tensors, or groups of them with options of their own.
        lr: Learning rate.
        betas: How much is kept of the two means in each step.
        eps: What is added to the root.
        weight_decay: How much of a parameter is taken off, times `lr`.

    Raises:
        BadArgumentError: An option is out of its range.
    """

    _decoupled: ClassVar = True

    def __init__(
        self,
        params: Params,
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 1e-2,
    ) -> None:
        super().__init__(params, lr, betas, eps, weight_decay)


def _betas(symbol: str, betas: Any) -> tuple[float, float]:
    if not isinstance(betas, Sequence) or isinstance(betas, str) or len(betas) != 2:
        raise ArgumentTypeError(f"{symbol}: argument `betas`: two numbers are expected; given {shown(betas)}")
    return below_one(symbol, "betas[0]", betas[0]), below_one(symbol, "betas[1]", betas[1])
