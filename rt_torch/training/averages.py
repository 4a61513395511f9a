"""Means over the samples of an epoch, of which batches tell."""

from __future__ import annotations

from collections.abc import Mapping
from math import nan
from typing import Any

from rt_torch.pure.argument import integer, number


class Averages:
    """Means of some numbers over all samples, by name.

    A batch weighs as much as it has samples, counted in those of the first batch: the mean over batches of one size is
    that of their numbers, and that of a single batch is its own, to the last bit.
    """

    __slots__ = ("totals", "unit", "weight")

    totals: dict[str, float]
    unit: int  # samples of the first batch
    weight: float  # samples so far, in such units

    def __init__(self) -> None:
        self.totals = {}
        self.unit = 0
        self.weight = 0.0

    def add(self, count: int, numbers: Mapping[str, float]) -> None:
        """The numbers of a batch of so many samples."""
        if not self.unit:
            self.unit = count or 1
        share = count / self.unit
        self.weight += share
        for name, value in numbers.items():
            self.totals[name] = self.totals.get(name, 0.0) + share * value

    def means(self) -> dict[str, float]:
        """The means by name."""
        return {name: total / self.weight if self.weight else nan for name, total in self.totals.items()}

    def mean(self, name: str) -> float:
        """One mean; NaN where no batch has told."""
        return self.totals[name] / self.weight if self.weight and name in self.totals else nan

    def state_dict(self) -> dict[str, Any]:
        return {"totals": {**self.totals}, "unit": self.unit, "weight": self.weight}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        symbol = "Averages.load_state_dict"
        self.totals = {str(name): number(symbol, "totals", total) for name, total in state["totals"].items()}
        self.unit, self.weight = integer(symbol, "unit", state["unit"]), number(symbol, "weight", state["weight"])
