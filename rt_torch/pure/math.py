"""Functions of each element.  Those of real numbers take integers and bools as f32."""

from __future__ import annotations

import builtins
import math
from collections.abc import Callable, Iterable
from functools import partial
from math import copysign, inf, nan
from typing import Any

from rt_torch.pure import argument, check
from rt_torch.pure.broadcast import elements
from rt_torch.pure.elementwise import quotient
from rt_torch.pure.layout import layout_of
from rt_torch.pure.promotion import float_dtype, settled
from rt_torch.pure.tensor import PureTensor, check_tensor, pure_tensor


def exp(x: PureTensor) -> PureTensor:
    """e to the power of each element; infinity where that is too large."""
    return of_each("rt_torch_exp", x, exponentials)


def log(x: PureTensor) -> PureTensor:
    """Natural logarithm of each element; -infinity at 0, NaN below."""
    return of_each("rt_torch_log", x, _logarithms)


def sqrt(x: PureTensor) -> PureTensor:
    """Square root of each element; NaN below 0."""
    return of_each("rt_torch_sqrt", x, _roots)


def abs(x: PureTensor) -> PureTensor:
    """Absolute value of each element; that of the least integer is itself.

    Raises:
        BadArgumentError: `x` is bool.
    """
    check_tensor("rt_torch_abs", "x", x)
    check.not_boolean("rt_torch_abs", "x", x)
    layout = x._layout
    items = [*map(builtins.abs, elements(x, layout.dtype))]
    if layout.dtype == "i64":
        items = settled(items, "i64")
    return pure_tensor(items, layout_of(layout.shape, layout.dtype))


def pow(x: PureTensor, exponent: float) -> PureTensor:
    """Each element to the power of `exponent`; NaN for a negative one to a power that is no integer."""
    symbol = "rt_torch_pow"
    check_tensor(symbol, "x", x)
    power = argument.number(symbol, "exponent", exponent)
    return of_each(symbol, x, _POWERS.get(power) or partial(_powers, power))


def of_each(symbol: str, x: PureTensor, compute: Callable[[Any], list[float]]) -> PureTensor:
    """What `compute` makes of the elements, as floating-point numbers in double precision."""
    check_tensor(symbol, "x", x)
    dtype = float_dtype(x._layout.dtype)
    items = compute(elements(x, dtype))
    return pure_tensor(settled(items, dtype), layout_of(x._layout.shape, dtype))


# Lists of results.  Python raises where a processor gives an infinity or NaN: only then is each looked at.


def exponentials(items: Iterable[float]) -> list[float]:
    """e to the power of each; `items` can be iterated over again."""
    try:
        return [*map(math.exp, items)]
    except OverflowError:
        return [*map(exponential, items)]


def exponential(value: float) -> float:
    """e to the power of `value`, infinity where that is too large."""
    try:
        return math.exp(value)
    except OverflowError:
        return inf


def _logarithms(items: Iterable[float]) -> list[float]:
    try:
        return [*map(math.log, items)]
    except ValueError:
        return [*map(_logarithm, items)]


def _logarithm(value: float) -> float:
    if value == 0.0:
        return -inf
    return math.log(value) if not value < 0.0 else nan


def _roots(items: Iterable[float]) -> list[float]:
    try:
        return [*map(math.sqrt, items)]
    except ValueError:
        return [*map(_root, items)]


def _root(value: float) -> float:
    return math.sqrt(value) if not value < 0.0 else nan


def _reciprocals(items: Iterable[float]) -> list[float]:
    try:
        return [1.0 / value for value in items]
    except ZeroDivisionError:
        return [quotient(1.0, value) for value in items]


# The powers that libtorch computes in another way than pow, with other results for zeros and infinities.
_POWERS: dict[float, Callable[[Any], list[float]]] = {
    0.0: lambda items: [1.0] * len(items),
    0.5: _roots,
    -0.5: lambda items: _reciprocals(_roots(items)),
    1.0: list,
    -1.0: _reciprocals,
    2.0: lambda items: [value * value for value in items],
    -2.0: lambda items: _reciprocals([value * value for value in items]),
    3.0: lambda items: [value * value * value for value in items],
}


def _powers(exponent: float, items: Iterable[float]) -> list[float]:
    try:
        return [math.pow(value, exponent) for value in items]
    except (OverflowError, ValueError):
        return [_power(value, exponent) for value in items]


def _power(value: float, exponent: float) -> float:
    """As C's pow."""
    try:
        return math.pow(value, exponent)
    except OverflowError:
        return -inf if value < 0.0 and exponent % 2.0 == 1.0 else inf
    except ValueError:
        if value:
            return nan
        return copysign(inf, value) if exponent % 2.0 == 1.0 else inf
