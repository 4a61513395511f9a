"""Normalization."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf, nan, prod, sqrt
from operator import add, mul
from typing import Any

from rt_torch.pure import argument, check
from rt_torch.pure.argument import integers, refused
from rt_torch.pure.layout import layout_of, shape_text
from rt_torch.pure.lines import cut
from rt_torch.pure.promotion import settled
from rt_torch.pure.sums import sum_of
from rt_torch.pure.tensor import PureTensor, check_optional, check_tensor, pure_tensor, values


def layer_norm(
    x: PureTensor, shape: Sequence[int], weight: PureTensor | None, bias: PureTensor | None, eps: float
) -> PureTensor:
    """`x` minus its mean and over its standard deviation, both along its last dimensions, times `weight` plus `bias`.

    Args:
        shape: Sizes of the last dimensions.
        weight: A tensor of these sizes.
        bias: A tensor of these sizes.
        eps: What is added to the variance, whose root is the standard deviation.

    Raises:
        BadArgumentError: The dtypes differ or are not floating-point, or the sizes are not those of the last dimensions.
    """
    symbol = "rt_torch_layer_norm"
    check_tensor(symbol, "x", x)
    check_optional(symbol, "weight", weight)
    check_optional(symbol, "bias", bias)
    last, number = integers(symbol, "shape", shape), argument.number(symbol, "eps", eps)
    check.same_dtype(symbol, x, weight, ("x", "weight"))
    check.same_dtype(symbol, x, bias, ("x", "bias"))
    check.floating(symbol, "x", x)
    _check_shape(symbol, x, last)
    check.has_shape(symbol, "weight", weight, last)
    check.has_shape(symbol, "bias", bias, last)
    layout = x._layout
    items: list[Any] = []
    for row in cut(values(x), prod(last)) if layout.size else []:
        normal = _normal(row, number)
        if weight is not None:
            normal = [*map(mul, normal, values(weight))]
        items += normal if bias is None else map(add, normal, values(bias))
    return pure_tensor(settled(items, layout.dtype), layout_of(layout.shape, layout.dtype))


def _check_shape(symbol: str, x: PureTensor, last: tuple[int, ...]) -> None:
    shape = x._layout.shape
    if not last:
        raise refused(symbol, "shape", "no sizes were given, and at least one is needed")
    if shape[-len(last) :] != last:
        text = f"{shape_text(last)} are not the last sizes of `x`, whose shape is {shape_text(shape)}"
        raise refused(symbol, "shape", text)


def _normal(row: list[Any], eps: float) -> list[float]:
    """The numbers with a mean of 0 and a variance of 1."""
    mean = sum_of(row) / len(row)
    centered = [number - mean for number in row]
    variance = sum_of([number * number for number in centered]) / len(row) + eps
    scale = 1.0 / sqrt(variance) if variance > 0.0 else inf if variance == 0.0 else nan
    return [number * scale for number in centered]
