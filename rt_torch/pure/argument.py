"""Arguments of the functions, converted or refused in the words of the typed functions."""

from __future__ import annotations

from typing import Any

from rt_torch_bindings import arguments, memory
from rt_torch_bindings.errors import ArgumentTypeError, BadArgumentError

_I64 = range(-1 << 63, 1 << 63)


def converted(symbol: str, name: str, type_name: str, value: Any) -> Any:
    """A value of one of the specs' types: "i64", "bool", "f64", "str", "[i64]", "[f64]", ..."""
    return arguments._convert(f"{symbol}: argument `{name}`", symbol, type_name, value)


def integer(symbol: str, name: str, value: Any) -> int:
    """An `i64`."""
    if type(value) is int and value in _I64:
        return value
    number: int = converted(symbol, name, "i64", value)
    return number


def flag(symbol: str, name: str, value: Any) -> bool:
    """A `bool`: 0 or 1."""
    if type(value) is bool:
        return value
    given: int = converted(symbol, name, "bool", value)
    if given not in (0, 1):
        raise refused(symbol, name, f"{given} was given, and only 0 and 1 are truth values")
    return bool(given)


def optional_integers(symbol: str, name: str, values: Any) -> tuple[int, ...] | None:
    """An `[i64]?`."""
    return None if values is None else integers(symbol, name, values)


def flags(symbol: str, **given: Any) -> list[bool]:
    """Several `bool`: the first that is no integer is told before the first that is neither 0 nor 1."""
    numbers = [
        value if type(value) is bool else converted(symbol, name, "bool", value) for name, value in given.items()
    ]
    return [flag(symbol, name, number) for name, number in zip(given, numbers, strict=True)]


def number(symbol: str, name: str, value: Any) -> float:
    """An `f64`."""
    return value if type(value) is float else float(converted(symbol, name, "f64", value))


def number_or_none(symbol: str, name: str, value: Any) -> float | None:
    """An `f64?`."""
    return None if value is None else number(symbol, name, value)


def text(symbol: str, name: str, value: Any) -> str:
    """A `str`, `dtype` or `device`, as C takes it."""
    if type(value) is str and value.isascii() and "\0" not in value:
        return value
    string: str = converted(symbol, name, "str", value)
    return string


def integers(symbol: str, name: str, values: Any) -> tuple[int, ...]:
    """An `[i64]`."""
    if type(values) in (tuple, list) and all(type(value) is int and value in _I64 for value in values):
        return tuple(values)
    return tuple(memory.buffer_of("q", converted(symbol, name, "[i64]", values)).tolist())


def refused(symbol: str, name: str, problem: str) -> BadArgumentError:
    """What to raise for a value that an argument cannot have."""
    return BadArgumentError(f"{symbol}: argument `{name}`: {problem}", symbol)


def no_tensor(symbol: str, name: str, value: Any) -> ArgumentTypeError:
    """What to raise where a tensor is missing."""
    return ArgumentTypeError(
        f"{symbol}: argument `{name}`: a tensor is expected; given {arguments.shown(value)}", symbol
    )
