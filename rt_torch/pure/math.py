"""Functions of each element.  Those of real numbers take integers and bools as f32."""

from __future__ import annotations

import builtins
import math
from collections.abc import Callable, Iterable
from functools import partial
from math import copysign, inf, nan
from typing import Any

from rt_torch.pure import argument, check
from rt_torch.pure.broadcast import elements, spread
from rt_torch.pure.dtype import rounded, whole
from rt_torch.pure.elementwise import quotient, shape_of_two
from rt_torch.pure.layout import layout_of
from rt_torch.pure.promotion import float_dtype, result_dtype, settled
from rt_torch.pure.tensor import PureTensor, check_tensor, pure_tensor

_KINDS: dict[str, Callable[[int], Any]] = {"f64": float, "f32": float, "i64": int, "bool": bool}


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


def pow_tensor(a: PureTensor, b: PureTensor) -> PureTensor:
    """Each element of `a` to the power of the element of `b`; NaN for a negative one to a power that is no integer.

    Integers give integers modulo 2**64; to a negative power, 1 and -1 give 1 and -1, and all others 0.

    Raises:
        BadArgumentError: The shapes do not broadcast, or both tensors are bool.
    """
    symbol = "rt_torch_pow_tensor"
    check_tensor(symbol, "a", a)
    check_tensor(symbol, "b", b)
    check.not_both_boolean(symbol, a, b)
    shape = shape_of_two(symbol, a, b)
    dtype = result_dtype(a._layout, b._layout)
    power = _integer_power if dtype == "i64" else math.pow
    try:
        items: list[Any] = [*map(power, spread(a, shape, dtype), spread(b, shape, dtype))]
    except (OverflowError, ValueError):
        items = [*map(_power, spread(a, shape, dtype), spread(b, shape, dtype))]
    return pure_tensor(settled(items, dtype), layout_of(shape, dtype))


def _integer_power(base: int, exponent: int) -> int:
    if exponent >= 0:
        return builtins.pow(base, exponent, 1 << 64)
    if base == -1:
        return -1 if exponent % 2 else 1
    return 1 if base == 1 else 0


def sign(x: PureTensor) -> PureTensor:
    """1 for each element above 0, -1 for each below, 0 for 0 and NaN; a bool stays as it is."""
    check_tensor("rt_torch_sign", "x", x)
    layout = x._layout
    kind = _KINDS[layout.dtype]
    items = [kind((value > 0) - (value < 0)) for value in elements(x, layout.dtype)]
    return pure_tensor(items, layout_of(layout.shape, layout.dtype))


def clamp(x: PureTensor, min: float | None = None, max: float | None = None) -> PureTensor:
    """Each element, but `min` where it is smaller, and `max` where it is larger; NaN stays NaN.

    Where `min` is larger than `max`, all elements are `max`.  A bound that is NaN makes all of them NaN.

    Args:
        min: For i64 a whole number that it holds, beyond 2**53 the nearest f64; None for no bound.
        max: The same.

    Raises:
        BadArgumentError: `x` is bool, no bound is given, or i64 does not hold one.
    """
    symbol = "rt_torch_clamp"
    check_tensor(symbol, "x", x)
    low, high = argument.number_or_none(symbol, "min", min), argument.number_or_none(symbol, "max", max)
    check.not_boolean(symbol, "x", x)
    if low is None and high is None:
        check.refuse_pair(symbol, "min", "max", "neither was given, and one is needed")
    layout = x._layout
    least, most = _bound(symbol, "min", low, layout.dtype), _bound(symbol, "max", high, layout.dtype)
    items = _bounded(elements(x, layout.dtype), least, most)
    return pure_tensor(items, layout_of(layout.shape, layout.dtype))


def _bound(symbol: str, name: str, value: float | None, dtype: str) -> Any:
    """A bound as an element of the dtype."""
    if value is None or dtype == "f64":
        return value
    return whole(symbol, name, value) if dtype == "i64" else rounded([value])[0]


def _bounded(items: Iterable[Any], least: Any, most: Any) -> list[Any]:
    if least != least or most != most:
        return [nan for _ in items]
    if least is not None:
        items = [least if value < least else value for value in items]
    return [most if value > most else value for value in items] if most is not None else [*items]


def sin(x: PureTensor) -> PureTensor:
    """Sine of each element, which is an angle in radians; NaN at the infinities."""
    return of_each("rt_torch_sin", x, partial(_periodic, math.sin))


def cos(x: PureTensor) -> PureTensor:
    """Cosine of each element, which is an angle in radians; NaN at the infinities."""
    return of_each("rt_torch_cos", x, partial(_periodic, math.cos))


def erf(x: PureTensor) -> PureTensor:
    """Error function of each element."""
    return of_each("rt_torch_erf", x, lambda items: [*map(math.erf, items)])


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


def _periodic(function: Callable[[float], float], items: Iterable[float]) -> list[float]:
    try:
        return [*map(function, items)]
    except ValueError:
        return [nan if math.isinf(value) else function(value) for value in items]


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
