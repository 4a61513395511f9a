"""A number in the history, and when it is better than before."""

from __future__ import annotations

from collections.abc import Mapping
from math import isnan
from typing import Any

from rt_torch.errors import BadArgumentError
from rt_torch.pure.argument import integer, number
from rt_torch.training.history import TrainingHistory
from rt_torch_bindings.arguments import shown

_MODES = ("min", "max")


class Monitor:
    """Follows one of the numbers of each epoch.

    Args:
        symbol: What messages start with: "rt.training.EarlyStopping".
        name: "validation_loss", "loss" or a metric; None for the validation loss, or the loss where there is none.
        mode: Whether "min" or "max" is good; None where the name tells: it ends in loss or in accuracy.
        min_delta: By how much more than this it is to be better.

    Raises:
        BadArgumentError: The mode is none, or is not given and not to be guessed, or `min_delta` is negative.
    """

    def __init__(self, symbol: str, name: str | None, mode: str | None, min_delta: float = 0.0) -> None:
        self._symbol = symbol
        self._name = name
        self._sign = 1.0 if _mode(symbol, name, mode) == "min" else -1.0
        self._delta = number(symbol, "min_delta", min_delta)
        if not self._delta >= 0.0:
            raise BadArgumentError(f"{symbol}: argument `min_delta`: {min_delta} was given, and at least 0 is expected")
        self.best: float | None = None  # None before the first epoch
        self.epoch = -1  # of the best

    def improved(self, history: TrainingHistory) -> bool:
        """Whether the last epoch is the best; it is remembered then.

        Raises:
            BadArgumentError: There is no such number.
        """
        try:
            value = history.last(self.name(history))
        except BadArgumentError as error:
            raise BadArgumentError(f"{self._symbol}: argument `monitor`: {error}") from None
        if isnan(value) or (self.best is not None and self._sign * (self.best - value) <= self._delta):
            return False
        self.best, self.epoch = value, history.epochs[-1]
        return True

    def name(self, history: TrainingHistory) -> str:
        """The number's name."""
        if self._name is not None:
            return self._name
        there = history.validation_losses and history.validation_losses[-1] is not None
        return "validation_loss" if there else "loss"

    def state_dict(self) -> dict[str, Any]:
        return {"best": self.best, "epoch": self.epoch}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        best = None if state["best"] is None else number(self._symbol, "best", state["best"])
        self.best, self.epoch = best, integer(self._symbol, "epoch", state["epoch"])


def _mode(symbol: str, name: str | None, mode: str | None) -> str:
    if mode in _MODES:
        return mode
    if mode is not None:
        raise BadArgumentError(f'{symbol}: argument `mode`: "min" or "max" is expected; given {shown(mode)}')
    if name is None or (isinstance(name, str) and name.endswith("loss")):
        return "min"
    if isinstance(name, str) and name.endswith("accuracy"):
        return "max"
    raise BadArgumentError(f'{symbol}: argument `mode`: is {shown(name)} good when it is "min" or "max"?')


def check_keys(symbol: str, state: Any, keys: tuple[str, ...]) -> None:
    """That a state is a dictionary of these.

    Raises:
        BadArgumentError: It is not.
    """
    if not isinstance(state, Mapping) or set(state) != set(keys):
        raise BadArgumentError(
            f"{symbol}: argument `state`: a dictionary of {', '.join(keys)} is expected; given {shown(state)}"
        )
