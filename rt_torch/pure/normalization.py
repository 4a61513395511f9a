"""Normalization."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain, repeat
from math import inf, nan, prod, sqrt
from operator import add, mul
from typing import Any

from rt_torch.pure import argument, check
from rt_torch.pure.argument import integers, refused
from rt_torch.pure.dtype import Items
from rt_torch.pure.layout import layout_of, shape_text
from rt_torch.pure.lines import cut
from rt_torch.pure.promotion import settled
from rt_torch.pure.sums import sum_of
from rt_torch.pure.tensor import PureTensor, check_optional, check_tensor, copied, pure_tensor, values

# Over the last dimensions.


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
    _, centered, variance = _measured(row)
    scale = _scale(variance + eps)
    return [number * scale for number in centered]


def _measured(row: list[Any]) -> tuple[float, list[float], float]:
    """The mean, the numbers less that, and their variance."""
    mean = sum_of(row) / len(row)
    centered = [number - mean for number in row]
    return mean, centered, sum_of([number * number for number in centered]) / len(row)


def _scale(variance: float) -> float:
    return 1.0 / sqrt(variance) if variance > 0.0 else inf if variance == 0.0 else nan


# Over the batch.


def batch_norm(
    x: PureTensor,
    weight: PureTensor | None,
    bias: PureTensor | None,
    mean: PureTensor | None,
    var: PureTensor | None,
    eps: float,
) -> PureTensor:
    """`x` minus the mean and over the standard deviation of each feature, times `weight` and plus `bias`.

    Args:
        x: Batch, features, and any dimensions more.
        weight: A number for each feature.
        bias: A number for each feature.
        mean: The mean of each feature, if not the batch's own; goes with `var`.
        var: The variance of each feature; goes with `mean`.
        eps: What is added to the variance, whose root is the standard deviation.

    Raises:
        BadArgumentError: The dtypes differ or are not floating-point, there are no features or not one number for each,
            only one of `mean` and `var` is given, or neither and the batch has a single value of each feature.
    """
    symbol = "rt_torch_batch_norm"
    of_features = {"weight": weight, "bias": bias, "mean": mean, "var": var}
    check_tensor(symbol, "x", x)
    for name, numbers in of_features.items():
        check_optional(symbol, name, numbers)
    number = argument.number(symbol, "eps", eps)
    _check_batch(symbol, x, of_features)
    _check_statistics(symbol, x, mean, var)
    each = zip(_lines(x), _numbers(x, weight, 1.0), _numbers(x, bias, 0.0), strict=True)
    if mean is None or var is None:
        return _of_lines([_normal_line(*one, number) for one in each], x)
    pairs = zip(values(mean), values(var), strict=True)
    return _of_lines([_scaled_line(*one, *pair, number) for one, pair in zip(each, pairs, strict=True)], x)


def batch_norm_backward(gradient: PureTensor, x: PureTensor, weight: PureTensor | None, eps: float) -> PureTensor:
    """Gradient of `batch_norm` with the batch's own mean and variance with respect to `x`.

    Args:
        gradient: Gradient with respect to the result.
        x: Batch, features, and any dimensions more.
        weight: A number for each feature.
        eps: What is added to the variance, whose root is the standard deviation.

    Raises:
        BadArgumentError: The dtypes differ or are not floating-point, the shapes do, there are no features or not one
            number for each, or the batch has a single value of each feature.
    """
    symbol = "rt_torch_batch_norm_backward"
    check_tensor(symbol, "gradient", gradient)
    check_tensor(symbol, "x", x)
    check_optional(symbol, "weight", weight)
    number = argument.number(symbol, "eps", eps)
    check.same_dtype(symbol, gradient, x, ("gradient", "x"))
    check.same_shape(symbol, "gradient", gradient, "x", x)
    _check_batch(symbol, x, {"weight": weight})
    _check_own_statistics(symbol, x)
    if not x._layout.size:
        return copied(gradient)
    each = zip(_lines(gradient), _lines(x), _numbers(x, weight, 1.0), strict=True)
    lines = []
    for line, given, factor in each:
        _, centered, variance = _measured(given)
        lines.append(_gradient_line(line, centered, _scale_of_batch(variance, number), factor))
    return _of_lines(lines, x)


# Over the batch, in two steps.


def batch_statistics(x: PureTensor) -> PureTensor:
    """Mean and variance of all values that a feature has: a row of means, and one of variances.

    Args:
        x: Batch, features, and any dimensions more.

    Raises:
        BadArgumentError: The dtype is not floating-point, or there are no features or no values.
    """
    symbol = "rt_torch_batch_statistics"
    check_tensor(symbol, "x", x)
    _check_batch(symbol, x, {})
    check.nonempty(symbol, "x", x)
    means, variances = [], []
    for line in _lines(x):
        mean, _, variance = _measured(line)
        means.append(mean)
        variances.append(variance)
    dtype = x._layout.dtype
    return pure_tensor(settled(means + variances, dtype), layout_of((2, len(means)), dtype))


def batch_norm_measured(
    x: PureTensor, weight: PureTensor | None, bias: PureTensor | None, statistics: PureTensor, eps: float
) -> PureTensor:
    """`batch_norm` by the batch's own mean and variance, where these are known already.

    Args:
        x: Batch, features, and any dimensions more.
        weight: A number for each feature.
        bias: A number for each feature.
        statistics: What `batch_statistics` gives for `x`.
        eps: What is added to the variance, whose root is the standard deviation.

    Raises:
        BadArgumentError: The dtypes differ or are not floating-point, there are no features or not one number for each,
            or the batch has a single value of each feature.
    """
    symbol = "rt_torch_batch_norm_measured"
    check_tensor(symbol, "x", x)
    check_optional(symbol, "weight", weight)
    check_optional(symbol, "bias", bias)
    check_tensor(symbol, "statistics", statistics)
    number = argument.number(symbol, "eps", eps)
    _check_batch(symbol, x, {"weight": weight, "bias": bias}, statistics)
    _check_own_statistics(symbol, x)
    each = zip(_lines(x), _numbers(x, weight, 1.0), _numbers(x, bias, 0.0), _pairs(statistics), strict=True)
    return _of_lines([_scaled_line(line, factor, shift, *pair, number) for line, factor, shift, pair in each], x)


def batch_norm_measured_backward(
    gradient: PureTensor, x: PureTensor, weight: PureTensor | None, statistics: PureTensor, eps: float
) -> PureTensor:
    """Gradient of `batch_norm_measured` with respect to `x`, given the one with respect to its result.

    Args:
        gradient: Gradient with respect to the result.
        x: Batch, features, and any dimensions more.
        weight: A number for each feature.
        statistics: What `batch_statistics` gives for `x`.
        eps: What is added to the variance, whose root is the standard deviation.

    Raises:
        BadArgumentError: The dtypes differ or are not floating-point, the shapes do, there are no features or not one
            number for each, or the batch has a single value of each feature.
    """
    symbol = "rt_torch_batch_norm_measured_backward"
    check_tensor(symbol, "gradient", gradient)
    check_tensor(symbol, "x", x)
    check_optional(symbol, "weight", weight)
    check_tensor(symbol, "statistics", statistics)
    number = argument.number(symbol, "eps", eps)
    check.same_dtype(symbol, gradient, x, ("gradient", "x"))
    check.same_shape(symbol, "gradient", gradient, "x", x)
    _check_batch(symbol, x, {"weight": weight}, statistics)
    _check_own_statistics(symbol, x)
    if not x._layout.size:
        return copied(gradient)
    lines = []
    each = zip(_lines(gradient), _lines(x), _numbers(x, weight, 1.0), _pairs(statistics), strict=True)
    for line, given, factor, (mean, variance) in each:
        centered = [value - mean for value in given]
        lines.append(_gradient_line(line, centered, _scale(variance + number), factor))
    return _of_lines(lines, x)


def _check_batch(
    symbol: str, x: PureTensor, of_features: dict[str, PureTensor | None], statistics: PureTensor | None = None
) -> None:
    for name, numbers in {**of_features, "statistics": statistics}.items():
        check.same_dtype(symbol, x, numbers, ("x", name))
    check.floating(symbol, "x", x)
    shape = x._layout.shape
    if len(shape) < 2:
        text = f"it has {len(shape)} dimensions, and at least 2 are needed: batch and features"
        raise refused(symbol, "x", text)
    if not shape[1]:
        raise refused(symbol, "x", f"its shape is {shape_text(shape)}, and at least one feature is needed")
    for name, numbers in of_features.items():
        check.has_shape(symbol, name, numbers, shape[1:2])
    check.has_shape(symbol, "statistics", statistics, (2, shape[1]))


def _check_statistics(symbol: str, x: PureTensor, mean: PureTensor | None, var: PureTensor | None) -> None:
    if mean is None and var is None:
        _check_own_statistics(symbol, x)
    elif mean is None or var is None:
        text = "of mean and variance it alone was given, and both are needed, or neither"
        raise refused(symbol, "var" if mean is None else "mean", text)


def _check_own_statistics(symbol: str, x: PureTensor) -> None:
    layout = x._layout
    if layout.size == layout.shape[1]:
        needed = "more than one value for each feature is needed, whose variance is taken"
        raise refused(symbol, "x", f"its shape is {shape_text(layout.shape)}, and {needed}")


def _numbers(x: PureTensor, given: PureTensor | None, otherwise: float) -> Items:
    """A number for each feature of `x`."""
    return [otherwise] * x._layout.shape[1] if given is None else values(given)


def _pairs(statistics: PureTensor) -> Iterable[tuple[float, float]]:
    """Mean and variance of each feature."""
    items, count = values(statistics), statistics._layout.shape[1]
    return zip(items[:count], items[count:], strict=True)


def _lines(x: PureTensor) -> list[list[Any]]:
    """The values of each feature."""
    _, features, *more = x._layout.shape
    items = values(x)
    flat = items if isinstance(items, list) else items.tolist()
    if prod(more) == 1:
        return [flat[place::features] for place in range(features)]
    rows = cut(flat, prod(more)) if flat else []
    return [[*chain.from_iterable(rows[place::features])] for place in range(features)]


def _of_lines(lines: list[list[float]], x: PureTensor) -> PureTensor:
    """A tensor like `x` of the values of each feature."""
    layout = x._layout
    more = prod(layout.shape[2:])
    parts = [*map(cut, lines, repeat(more))] if more > 1 else lines  # of each feature a part for each of the batch
    items: list[Any] = [*chain.from_iterable(zip(*parts, strict=True))]
    if more > 1:
        items = [*chain.from_iterable(items)]
    return pure_tensor(settled(items, layout.dtype), layout_of(layout.shape, layout.dtype))


def _normal_line(line: list[Any], factor: float, shift: float, eps: float) -> list[float]:
    """With the mean and variance of the line itself."""
    if not line:
        return line
    _, centered, variance = _measured(line)
    scale = _scale_of_batch(variance, eps) * factor
    return [number * scale + shift for number in centered]


def _scaled_line(line: list[Any], factor: float, shift: float, mean: float, variance: float, eps: float) -> list[float]:
    """In the order in which libtorch computes, which shows where the scale is infinite."""
    scale = _scale(variance + eps) * factor
    offset = shift - mean * scale
    return [number * scale + offset for number in line]


def _gradient_line(gradient: list[Any], centered: list[float], scale: float, factor: float) -> list[float]:
    mean = sum_of(gradient) / len(gradient)
    slope = sum_of([*map(mul, gradient, centered)]) / len(gradient) * scale * scale
    scale *= factor
    return [(number - mean - distance * slope) * scale for number, distance in zip(gradient, centered, strict=True)]


def _scale_of_batch(variance: float, eps: float) -> float:
    """As libtorch has it, 0 where there is no deviation at all."""
    return 0.0 if variance == eps == 0.0 else _scale(variance + eps)
