"""What came of each epoch."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rt_torch.errors import BadArgumentError, Error
from rt_torch.pure.argument import integer, number
from rt_torch_bindings.arguments import shown

_FIELDS = ("epochs", "losses", "validation_losses", "learning_rates", "metrics", "interrupted", "stopped")


@dataclass
class TrainingHistory:
    """Losses, metrics and learning rates of all epochs that came to their end, in lists of the same length.

    What there is no value of in some epoch, such as a validation loss, is None there.
    """

    epochs: list[int] = field(default_factory=list)  # their numbers, from 0 on
    losses: list[float] = field(default_factory=list)
    validation_losses: list[float | None] = field(default_factory=list)
    learning_rates: list[float | None] = field(default_factory=list)  # of the optimizer's first group of parameters
    metrics: dict[str, list[float | None]] = field(default_factory=dict)  # by name: "accuracy", "validation_accuracy"
    interrupted: bool = False  # whether Ctrl-C ended the last fit
    stopped: str = ""  # why the last fit ended before its time: "no better validation_loss for 5 epochs"

    def add_epoch(
        self,
        epoch: int,
        loss: float,
        validation_loss: float | None = None,
        metrics: Mapping[str, float] | None = None,
        learning_rate: float | None = None,
    ) -> None:
        """An epoch has come to its end.

        Args:
            epoch: Its number, above that of the one before.
            loss: Mean over its samples.
            validation_loss: Mean over the validation data, where there was any.
            metrics: Other numbers by name.
            learning_rate: That of the epoch.

        Raises:
            BadArgumentError: The number is not above that of the last epoch.
            ArgumentTypeError: Something is no number.
        """
        symbol = "TrainingHistory.add_epoch"
        epoch = integer(symbol, "epoch", epoch)
        least = self.epochs[-1] + 1 if self.epochs else 0
        if epoch < least:
            raise BadArgumentError(f"{symbol}: argument `epoch`: {epoch} was given, and at least {least} is expected")
        loss = number(symbol, "loss", loss)
        validation = None if validation_loss is None else number(symbol, "validation_loss", validation_loss)
        rate = None if learning_rate is None else number(symbol, "learning_rate", learning_rate)
        checked = {name: number(symbol, f"metrics[{name!r}]", value) for name, value in (metrics or {}).items()}
        for name in checked:
            self.metrics.setdefault(name, [None] * len(self.epochs))
        self.epochs.append(epoch)
        self.losses.append(loss)
        self.validation_losses.append(validation)
        self.learning_rates.append(rate)
        for name, values in self.metrics.items():
            values.append(checked.get(name))

    def get_final_loss(self) -> float:
        """The loss of the last epoch.

        Raises:
            Error: There is none.
        """
        if not self.losses:
            raise Error("TrainingHistory.get_final_loss: no epoch has come to its end")
        return self.losses[-1]

    def last(self, name: str) -> float:
        """A value of the last epoch: "loss", "validation_loss", "learning_rate", or a metric by its name.

        Raises:
            BadArgumentError: The last epoch has no such value, or there is none.
        """
        known = self.last_values()
        if name in known:
            return known[name]
        there = f"there are {', '.join(known)}" if known else "no epoch has come to its end"
        raise BadArgumentError(f"TrainingHistory.last: the last epoch has no {shown(name)}; {there}")

    def last_values(self) -> dict[str, float]:
        """All that is known of the last epoch, by name."""
        named: dict[str, list[Any]] = {
            "loss": self.losses,
            "validation_loss": self.validation_losses,
            "learning_rate": self.learning_rates,
            **self.metrics,
        }
        return {name: values[-1] for name, values in named.items() if values and values[-1] is not None}

    # As text.

    def to_json(self) -> str:
        """All of it as JSON; what is not finite becomes "nan", "inf" or "-inf"."""
        plain = {name: getattr(self, name) for name in _FIELDS}
        return json.dumps(_coded(plain), allow_nan=False)

    @classmethod
    def from_json(cls, text: str) -> TrainingHistory:
        """What `to_json` gave.

        Raises:
            BadArgumentError: That was something else.
        """
        where = "TrainingHistory.from_json: argument `text`"
        try:
            given = json.loads(text)
        except (TypeError, ValueError, RecursionError) as error:
            raise BadArgumentError(f"{where}: JSON is expected ({error}); given {shown(text)}") from None
        if not isinstance(given, dict) or set(given) != set(_FIELDS):
            raise BadArgumentError(f"{where}: an object of {', '.join(_FIELDS)} is expected; given {shown(text)}")
        try:
            return cls(**_read(given))
        except (TypeError, ValueError, AttributeError) as error:
            raise BadArgumentError(f"{where}: {error}") from None

    def __repr__(self) -> str:
        final = f", final_loss={self.losses[-1]}" if self.losses else ""
        return f"TrainingHistory(epochs={len(self.epochs)}{final})"


def _coded(value: Any) -> Any:
    """JSON has no word for what is not finite."""
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, list):
        return [_coded(each) for each in value]
    return {name: _coded(each) for name, each in value.items()} if isinstance(value, dict) else value


def _read(given: dict[str, Any]) -> dict[str, Any]:
    """The fields, each as it is to be.

    Raises:
        ValueError, TypeError, AttributeError: One is something else.
    """
    epochs = [integer("epochs", "epoch", epoch) for epoch in given["epochs"]]
    if any(after <= before for before, after in zip([-1, *epochs], epochs, strict=False)):
        raise ValueError(f"the numbers of the epochs are to rise; given {epochs}")
    lists = {name: _numbers(name, given[name], len(epochs)) for name in _FIELDS[1:4]}
    if None in lists["losses"]:
        raise ValueError("each epoch has a loss")
    metrics = {name: _numbers(name, values, len(epochs)) for name, values in given["metrics"].items()}
    if not isinstance(given["interrupted"], bool) or not isinstance(given["stopped"], str):
        raise ValueError("`interrupted` is to be true or false, and `stopped` a text")
    return {**given, **lists, "epochs": epochs, "metrics": metrics}


def _numbers(name: str, values: Any, count: int) -> list[float | None]:
    if not isinstance(values, list) or len(values) != count:
        raise ValueError(f"{name} is to have one value for each of {count} epochs")
    return [None if value is None else _number(name, value) for value in values]


def _number(name: str, value: Any) -> float:
    if value in ("nan", "inf", "-inf"):
        return float(value)
    return number(name, "value", value)
