"""Arguments of layers and losses, checked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rt_torch._tensor import Tensor
from rt_torch.errors import ArgumentTypeError, BadArgumentError
from rt_torch.pure.argument import integer, number
from rt_torch_bindings.arguments import shown


def count(symbol: str, name: str, value: Any) -> int:
    """An integer of at least 1."""
    checked = integer(symbol, name, value)
    if checked < 1:
        raise BadArgumentError(f"{symbol}: argument `{name}`: {checked} was given, and at least 1 is expected")
    return checked


def counts(symbol: str, name: str, value: Any) -> tuple[int, ...]:
    """One integer of at least 1, or several."""
    given = value if isinstance(value, Sequence) and not isinstance(value, str) else (value,)
    if not given:
        raise BadArgumentError(f"{symbol}: argument `{name}`: at least one size is expected; given {shown(value)}")
    return tuple(count(symbol, name, size) for size in given)


def pair(symbol: str, name: str, value: Any, least: int) -> tuple[int, int]:
    """A number for height and one for width, of which none is less; one number stands for both."""
    both = value if isinstance(value, Sequence) and not isinstance(value, str) else (value, value)
    if len(both) != 2:
        raise BadArgumentError(
            f"{symbol}: argument `{name}`: one integer or two, for height and width, are expected; given {shown(value)}"
        )
    height, width = (integer(symbol, name, each) for each in both)
    if min(height, width) < least:
        raise BadArgumentError(f"{symbol}: argument `{name}`: {value} was given, and at least {least} is expected")
    return height, width


def at_least(symbol: str, name: str, value: Any, least: float) -> float:
    """A number that is no less."""
    checked = number(symbol, name, value)
    if not checked >= least:
        raise BadArgumentError(f"{symbol}: argument `{name}`: {checked} was given, and at least {least} is expected")
    return checked


def share(symbol: str, name: str, value: Any) -> float:
    """A number from 0 to 1."""
    checked = number(symbol, name, value)
    if not 0.0 <= checked <= 1.0:
        raise BadArgumentError(f"{symbol}: argument `{name}`: {checked} was given, and 0 to 1 is expected")
    return checked


def word(symbol: str, name: str, value: Any, words: tuple[str, ...]) -> str:
    """One of some words."""
    if value not in words:
        known = ", ".join(map(repr, words))
        raise BadArgumentError(f"{symbol}: argument `{name}`: one of {known} is expected; given {shown(value)}")
    checked: str = value
    return checked


def tensor(symbol: str, name: str, value: Any) -> Tensor:
    """A tensor."""
    if not isinstance(value, Tensor):
        raise ArgumentTypeError(f"{symbol}: argument `{name}`: a tensor is expected; given {shown(value)}")
    return value
