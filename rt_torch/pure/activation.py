"""Activation functions."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from rt_torch.pure import check
from rt_torch.pure.broadcast import elements
from rt_torch.pure.layout import layout_of
from rt_torch.pure.lines import each_line
from rt_torch.pure.math import exponential, of_each
from rt_torch.pure.promotion import settled
from rt_torch.pure.sums import sum_of
from rt_torch.pure.tensor import PureTensor, check_tensor, pure_tensor


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
