"""Arguments of optimizers and schedules, checked."""

from __future__ import annotations

from math import isfinite
from typing import Any

from rt_torch.errors import BadArgumentError
from rt_torch.pure.argument import integer, number


def not_negative(symbol: str, name: str, value: Any) -> float:
    """A finite number of at least 0."""
    checked = number(symbol, name, value)
    if not (checked >= 0.0 and isfinite(checked)):
        raise _refused(symbol, name, checked, "a finite number of at least 0")
    return checked


def below_one(symbol: str, name: str, value: Any) -> float:
    """A number of at least 0 that is below 1."""
    checked = number(symbol, name, value)
    if not 0.0 <= checked < 1.0:
        raise _refused(symbol, name, checked, "a number of at least 0 that is below 1")
    return checked


def count(symbol: str, name: str, value: Any) -> int:
    """An integer of at least 1."""
    checked = integer(symbol, name, value)
    if checked < 1:
        raise _refused(symbol, name, checked, "at least 1")
    return checked


def _refused(symbol: str, name: str, value: float, wanted: str) -> BadArgumentError:
    return BadArgumentError(f"{symbol}: argument `{name}`: {value} was given, and {wanted} is expected")
