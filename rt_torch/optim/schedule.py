"""Learning rates that change from epoch to epoch."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from rt_torch.errors import ArgumentTypeError, BadArgumentError
from rt_torch.optim.argument import count, not_negative
from rt_torch.optim.optimizer import Optimizer
from rt_torch.pure.argument import integer
from rt_torch_bindings.arguments import shown


class Schedule:
    """Changes the learning rates of an optimizer: call `step()` after each epoch.

    Each rate follows from the one before it, so that several schedules can work on one optimizer.

    Args:
        optimizer: Whose learning rates are changed; those that it has now are the first epoch's.
    """

    base_lrs: list[float]  # of each group, the rate of the first epoch
    last_epoch: int  # counted from 0

    def __init__(self, optimizer: Optimizer) -> None:
        if not isinstance(optimizer, Optimizer):
            raise ArgumentTypeError(f"{self._symbol}: argument `optimizer`: one is expected; given {shown(optimizer)}")
        self.optimizer = optimizer
        self.base_lrs = self.get_last_lr()
        self.last_epoch = 0

    def step(self) -> None:
        """An epoch has ended."""
        self.last_epoch += 1
        for group, base in zip(self.optimizer.param_groups, self.base_lrs, strict=True):
            group["lr"] = self._next(group["lr"], base)

    def get_last_lr(self) -> list[float]:
        """The learning rate that each group has now."""
        return [group["lr"] for group in self.optimizer.param_groups]

    def state_dict(self) -> dict[str, Any]:
        """Where it stands; the learning rates themselves are in the optimizer's state."""
        return {name: value for name, value in vars(self).items() if name != "optimizer"}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on from where another schedule of the same kind stood, whose optimizer had as many groups.

        Raises:
            BadArgumentError: That was no state of such a schedule; this one is as it was.
        """
        symbol = f"{self._symbol}.load_state_dict"
        mine = self.state_dict()
        if not isinstance(state, Mapping) or set(state) != set(mine):
            raise BadArgumentError(
                f"{symbol}: argument `state`: a dictionary of {', '.join(mine)} is expected; given {shown(state)}"
            )
        if not isinstance(state["base_lrs"], (list, tuple)):
            raise BadArgumentError(
                f"{symbol}: argument `state`: base_lrs is to be a list; given {shown(state['base_lrs'])}"
            )
        if len(state["base_lrs"]) != len(self.base_lrs):
            raise BadArgumentError(
                f"{symbol}: argument `state`: it is of {len(state['base_lrs'])} groups, and here are {len(self.base_lrs)}"
            )
        epoch = integer(symbol, "last_epoch", state["last_epoch"])
        if epoch < 0:
            raise BadArgumentError(f"{symbol}: argument `last_epoch`: {epoch} was given, and at least 0 is expected")
        rates = [not_negative(symbol, f"base_lrs[{place}]", rate) for place, rate in enumerate(state["base_lrs"])]
        options = {name: state[name] for name in mine if name not in ("base_lrs", "last_epoch")}
        vars(self).update({**self._checked(symbol, options), "base_lrs": rates, "last_epoch": epoch})

    def __repr__(self) -> str:
        options = ", ".join(f"{name}={value}" for name, value in self.state_dict().items())
        return f"{type(self).__name__}({options})"

    @property
    def _symbol(self) -> str:
        return f"rt.optim.{type(self).__name__}"

    # What the kinds of schedules say.

    def _checked(self, symbol: str, options: dict[str, Any]) -> dict[str, Any]:
        """Its own options with checked values.

        Raises:
            BadArgumentError: One is out of its range.
        """
        return options

    def _next(self, rate: float, base: float) -> float:
        """The rate of `last_epoch` after that of the epoch before it, where `base` was the first."""
        raise NotImplementedError


class StepLR(Schedule):
    """Multiplies the learning rate by `gamma` every `step_size` epochs.

    Args:
        optimizer: Whose learning rates are changed.
        step_size: So many epochs have the same rate.
        gamma: The factor.

    Raises:
        BadArgumentError: A number is out of its range.
    """

    step_size: int
    gamma: float

    def __init__(self, optimizer: Optimizer, step_size: int, gamma: float = 0.1) -> None:
        super().__init__(optimizer)
        vars(self).update(self._checked(self._symbol, {"step_size": step_size, "gamma": gamma}))

    def _checked(self, symbol: str, options: dict[str, Any]) -> dict[str, Any]:
        return {
            "step_size": count(symbol, "step_size", options["step_size"]),
            "gamma": not_negative(symbol, "gamma", options["gamma"]),
        }

    def _next(self, rate: float, base: float) -> float:
        return rate if self.last_epoch % self.step_size else rate * self.gamma


class ExponentialLR(Schedule):
    """Multiplies the learning rate by `gamma` every epoch.

    Args:
        optimizer: Whose learning rates are changed.
        gamma: The factor.

    Raises:
        BadArgumentError: The factor is out of its range.
    """

    gamma: float

    def __init__(self, optimizer: Optimizer, gamma: float) -> None:
        super().__init__(optimizer)
        vars(self).update(self._checked(self._symbol, {"gamma": gamma}))

    def _checked(self, symbol: str, options: dict[str, Any]) -> dict[str, Any]:
        return {"gamma": not_negative(symbol, "gamma", options["gamma"])}

    def _next(self, rate: float, base: float) -> float:
        return rate * self.gamma


class CosineAnnealingLR(Schedule):
    """Lets the learning rate fall along a cosine to `eta_min` in `T_max` epochs, and rise again in as many
    (Loshchilov and Hutter, 2017, without restarts).

    Args:
        optimizer: Whose learning rates are changed.
        T_max: Epochs to the lowest rate.
        eta_min: The lowest rate.

    Raises:
        BadArgumentError: A number is out of its range.
    """

    T_max: int
    eta_min: float

    def __init__(self, optimizer: Optimizer, T_max: int, eta_min: float = 0.0) -> None:
        super().__init__(optimizer)
        vars(self).update(self._checked(self._symbol, {"T_max": T_max, "eta_min": eta_min}))

    def _checked(self, symbol: str, options: dict[str, Any]) -> dict[str, Any]:
        return {
            "T_max": count(symbol, "T_max", options["T_max"]),
            "eta_min": not_negative(symbol, "eta_min", options["eta_min"]),
        }

    def _next(self, rate: float, base: float) -> float:
        before = 1.0 + math.cos(math.pi * (self.last_epoch - 1) / self.T_max)
        now = 1.0 + math.cos(math.pi * self.last_epoch / self.T_max)
        if (self.last_epoch - 1) % (
            2 * self.T_max
        ) == self.T_max:  # it was the lowest, and only the base tells the rest
            return rate + (base - self.eta_min) * now / 2.0
        return self.eta_min + (rate - self.eta_min) * now / before
