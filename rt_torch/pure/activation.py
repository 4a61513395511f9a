"""Activation functions."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from rt_torch.pure import argument, check
from rt_torch.pure.broadcast import elements
from rt_torch.pure.dtype import clipped, rounded
from rt_torch.pure.layout import Layout, layout_of
from rt_torch.pure.lines import each_line
from rt_torch.pure.math import exponential, of_each
from rt_torch.pure.promotion import settled
from rt_torch.pure.sums import sum_of
from rt_torch.pure.tensor import PureTensor, check_tensor, pure_tensor, values


def relu(x: PureTensor) -> PureTensor:
    """max(x, 0) for each element; NaN stays NaN.

    Raises:
        BadArgumentError: `x` is bool.
    """
    check_tensor("rt_torch_relu", "x", x)
    check.not_boolean("rt_torch_relu", "x", x)
    layout = x._layout
    items = elements(x, layout.dtype)
    if layout.dtype == "i64":
        positive: list[Any] = [0 if value < 0 else value for value in items]
    else:
        positive = [0.0 if value < 0.0 else value for value in items]
    return pure_tensor(positive, layout_of(layout.shape, layout.dtype))


def relu_backward(gradient: PureTensor, y: PureTensor) -> PureTensor:
    """Gradient of relu, given the one with respect to its result `y`: 0 where that is at most 0.

    Raises:
        BadArgumentError: The shapes or dtypes differ, or the dtype is not floating-point.
    """
    symbol = "rt_torch_relu_backward"
    check_tensor(symbol, "gradient", gradient)
    check_tensor(symbol, "y", y)
    check.same_shape(symbol, "gradient", gradient, "y", y)
    check.same_dtype(symbol, gradient, y, ("gradient", "y"))
    check.floating(symbol, "gradient", gradient)
    items = [0.0 if value <= 0.0 else given for given, value in zip(values(gradient), values(y), strict=True)]
    return pure_tensor(items, layout_of(y._layout.shape, y._layout.dtype))


def sigmoid(x: PureTensor) -> PureTensor:
    """1 / (1 + exp(-x)) for each element; of integers and bools as f32."""
    return of_each("rt_torch_sigmoid", x, _sigmoids)


def _sigmoids(items: Any) -> list[float]:
    exp = math.exp
    try:
        return [1.0 / (1.0 + exp(-value)) for value in items]
    except OverflowError:
        return [1.0 / (1.0 + exponential(-value)) for value in items]


def tanh(x: PureTensor) -> PureTensor:
    """Hyperbolic tangent of each element; of integers and bools as f32."""
    return of_each("rt_torch_tanh", x, lambda items: [*map(math.tanh, items)])


def leaky_relu(x: PureTensor, slope: float) -> PureTensor:
    """Each element that is above 0, and `slope * x` for the others.

    Raises:
        BadArgumentError: `x` is not floating-point.
    """
    factor, layout = _numbered("rt_torch_leaky_relu", x, "slope", slope)
    items = [value if value > 0.0 else value * factor for value in elements(x, layout.dtype)]
    return pure_tensor(settled(items, layout.dtype), layout_of(layout.shape, layout.dtype))


def elu(x: PureTensor, alpha: float) -> PureTensor:
    """Each element that is at least 0, and `alpha * (exp(x) - 1)` for the others.

    Raises:
        BadArgumentError: `x` is not floating-point.
    """
    factor, layout = _numbered("rt_torch_elu", x, "alpha", alpha)
    expm1 = math.expm1
    items = [value if value >= 0.0 else factor * expm1(value) for value in elements(x, layout.dtype)]
    return pure_tensor(settled(items, layout.dtype), layout_of(layout.shape, layout.dtype))


def _numbered(symbol: str, x: PureTensor, name: str, value: Any) -> tuple[float, Layout]:
    """A number that goes with a floating-point tensor, in its precision, and the tensor's layout."""
    check_tensor(symbol, "x", x)
    number = argument.number(symbol, name, value)
    check.floating(symbol, "x", x)
    return rounded([number])[0] if x._layout.dtype == "f32" else number, x._layout


def gelu(x: PureTensor, approximate: str) -> PureTensor:
    """`x` times the share of the standard normal distribution that is below `x`, for each element.

    Args:
        approximate: "none", or "tanh" for 0.5 * x * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x**3))) instead.

    Raises:
        BadArgumentError: `x` is not floating-point, or there is no such approximation.
    """
    symbol = "rt_torch_gelu"
    check_tensor(symbol, "x", x)
    name = argument.text(symbol, "approximate", approximate)
    check.floating(symbol, "x", x)
    compute = _GELUS.get(name)
    if compute is None:
        problem = f'"{clipped(name)}" is no approximation: expected none or tanh'
        raise argument.refused(symbol, "approximate", problem)
    return of_each(symbol, x, compute)


def _gelus(items: Any) -> list[float]:
    erf = math.erf
    return [value * 0.5 * (1.0 + erf(value * _ROOT_HALF)) for value in items]


def _gelus_by_tanh(items: Any) -> list[float]:
    tanh = math.tanh
    return [0.5 * value * (1.0 + tanh(_ROOT_2_PI * (value + 0.044715 * value * value * value))) for value in items]


_ROOT_HALF, _ROOT_2_PI = math.sqrt(0.5), math.sqrt(2.0 / math.pi)
_GELUS: dict[str, Callable[[Any], list[float]]] = {"none": _gelus, "tanh": _gelus_by_tanh}


def softmax(x: PureTensor, dim: int) -> PureTensor:
    """Softmax of `x` along `dim`, computed without overflow.

    Raises:
        BadArgumentError: `x` has elements and is not floating-point, or `x` has no such dimension.
    """
    return _along("rt_torch_softmax", x, dim, _softmax)


def log_softmax(x: PureTensor, dim: int) -> PureTensor:
    """Logarithm of the softmax of `x` along `dim`, computed without overflow.

    Raises:
        BadArgumentError: `x` has elements and is not floating-point, or `x` has no such dimension.
    """
    return _along("rt_torch_log_softmax", x, dim, _log_softmax)


def _along(symbol: str, x: PureTensor, dim: int, compute: Callable[[Any], list[float]]) -> PureTensor:
    check_tensor(symbol, "x", x)
    layout = x._layout
    place = check.dim(symbol, "dim", dim, layout.ndim)
    if layout.size:
        check.floating(symbol, "x", x)
    items = each_line(elements(x, layout.dtype), layout.shape, place, compute)
    return pure_tensor(settled(items, layout.dtype), layout_of(layout.shape, layout.dtype))


def _softmax(line: Any) -> list[float]:
    exp = math.exp
    largest = max(line)
    powers = [exp(value - largest) for value in line]
    total = sum_of(powers)
    return [power / total for power in powers]


def _log_softmax(line: Any) -> list[float]:
    """log1p of what is beside the largest element: nothing is lost where that one is nearly all there is."""
    largest = max(line)
    less = [value - largest for value in line]
    if 0.0 not in less:  # an infinity or NaN is the largest
        return [math.nan] * len(less)
    powers = [*map(math.exp, less)]
    powers[less.index(0.0)] = 0.0
    total = math.log1p(sum_of(powers))
    return [value - total for value in less]
