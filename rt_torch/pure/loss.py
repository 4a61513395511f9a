"""What losses of networks are made of."""

from __future__ import annotations

from itertools import repeat
from math import exp, log, log1p, nan
from typing import Any

from rt_torch.pure import argument, check
from rt_torch.pure.dtype import Items, clipped
from rt_torch.pure.layout import Layout, layout_of, shape_text
from rt_torch.pure.lines import each_line, of_each_line
from rt_torch.pure.promotion import settled
from rt_torch.pure.sums import sum_of
from rt_torch.pure.tensor import PureTensor, check_tensor, pure_tensor, values


def binary_cross_entropy(x: PureTensor, target: PureTensor) -> PureTensor:
    """-target * log(x) - (1 - target) * log(1 - x) for each element, where logarithms below -100 count as -100.

    Raises:
        BadArgumentError: The shapes or dtypes differ, the dtype is not floating-point, or an element is not from 0 to 1.
    """
    symbol = "rt_torch_binary_cross_entropy"
    check_tensor(symbol, "x", x)
    check_tensor(symbol, "target", target)
    check.same_shape(symbol, "x", x, "target", target)
    check.same_dtype(symbol, x, target, ("x", "target"))
    check.floating(symbol, "x", x)
    given, wanted = values(x), values(target)
    check.probabilities(symbol, "x", given)
    check.probabilities(symbol, "target", wanted)
    layout = x._layout
    return pure_tensor(settled(_cross_entropies(given, wanted), layout.dtype), layout_of(layout.shape, layout.dtype))


def _cross_entropies(given: Items, wanted: Items) -> list[float]:
    if len(given) and min(given) > 1e-43 and max(given) < 1.0:  # no logarithm is below -100
        return [(target - 1.0) * log1p(-x) - target * log(x) for x, target in zip(given, wanted, strict=True)]
    return [*map(_cross_entropy, given, wanted)]


def _cross_entropy(x: float, target: float) -> float:
    right = max(log(x), -100.0) if x > 0.0 else -100.0
    wrong = log1p(-x) if x < 1.0 else -100.0
    return (target - 1.0) * wrong - target * right


# Cross entropies of classes.


def cross_entropy(x: PureTensor, target: PureTensor, reduction: str) -> PureTensor:
    """Minus the log-softmax of `x` at the number of the right class, for each sample.

    Args:
        x: Any numbers, of the shape (classes,), (samples, classes) or (samples, classes, ...).
        target: Numbers of classes, i64, in that shape without the classes.
        reduction: "mean" or "sum" of all samples, or "none" for these themselves.

    Raises:
        BadArgumentError: `x` is not floating-point, `target` is not i64, the shapes do not fit, there is no such class,
            or no such reduction.
    """
    symbol = "rt_torch_cross_entropy"
    check_tensor(symbol, "x", x)
    check_tensor(symbol, "target", target)
    word = argument.text(symbol, "reduction", reduction)
    classes = _checked(symbol, x, target, word)
    layout = x._layout
    numbers = iter(classes)
    losses = of_each_line(values(x), layout.shape, _dim(layout), lambda line: _loss(line, next(numbers)))
    if word == "none":
        return pure_tensor(settled(losses, layout.dtype), layout_of(target._layout.shape, layout.dtype))
    total = sum_of(losses)
    if word == "mean":
        total = total / len(losses) if losses else nan
    return pure_tensor(settled([float(total)], layout.dtype), layout_of((), layout.dtype))


def cross_entropy_backward(gradient: PureTensor, x: PureTensor, target: PureTensor, reduction: str) -> PureTensor:
    """Gradient of `cross_entropy`, given the one with respect to its result.

    It is the softmax of `x`, less 1 at the right class, times the gradient of each sample.

    Raises:
        BadArgumentError: The gradient has not the shape or dtype of the result, or as cross_entropy.
    """
    symbol = "rt_torch_cross_entropy_backward"
    check_tensor(symbol, "gradient", gradient)
    check_tensor(symbol, "x", x)
    check_tensor(symbol, "target", target)
    word = argument.text(symbol, "reduction", reduction)
    check.same_dtype(symbol, gradient, x, ("gradient", "x"))
    classes = _checked(symbol, x, target, word)
    shape = target._layout.shape if word == "none" else ()
    if gradient._layout.shape != shape:
        problem = f"its shape is {shape_text(gradient._layout.shape)}, and {shape_text(shape)} is needed"
        raise argument.refused(symbol, "gradient", problem)
    layout = x._layout
    scales = iter(_scales(values(gradient), word, len(classes)))
    numbers = iter(classes)
    items = each_line(values(x), layout.shape, _dim(layout), lambda line: _slopes(line, next(numbers), next(scales)))
    return pure_tensor(settled(items, layout.dtype), layout_of(layout.shape, layout.dtype))


def _dim(layout: Layout) -> int:
    """That of the classes."""
    return 0 if layout.ndim == 1 else 1


def _checked(symbol: str, x: PureTensor, target: PureTensor, reduction: str) -> Items:
    """The numbers of the classes, each of which there is."""
    check.floating(symbol, "x", x)
    check.integers(symbol, "target", target)
    if reduction not in ("mean", "sum", "none"):
        problem = f'"{clipped(reduction)}" is no reduction: expected mean, sum or none'
        raise argument.refused(symbol, "reduction", problem)
    shape, given = x._layout.shape, target._layout.shape
    if not shape:
        raise argument.refused(symbol, "x", "it is a single number, and a dimension of classes is needed")
    dim = _dim(x._layout)
    if given != shape[:dim] + shape[dim + 1 :]:
        shapes = f"the shapes are {shape_text(shape)} and {shape_text(given)}"
        problem = f"{shapes}, and the second must be the first without the dimension of classes"
        check.refuse_pair(symbol, "x", "target", problem)
    numbers = values(target)
    if len(numbers) and not (min(numbers) >= 0 and max(numbers) < shape[dim]):
        wrong = next(number for number in numbers if not 0 <= number < shape[dim])
        raise argument.refused(symbol, "target", f"a class is {wrong}, and there are {shape[dim]} of them, from 0 on")
    return numbers


def _loss(line: Any, number: int) -> float:
    """log1p of what is beside the largest: nothing is lost where that one is nearly all there is."""
    largest = max(line)
    powers = [exp(value - largest) for value in line]
    if 1.0 not in powers:  # an infinity or NaN is the largest
        return nan
    powers[powers.index(1.0)] = 0.0
    beside: float = sum_of(powers)
    loss: float = log1p(beside) - (line[number] - largest)
    return loss


def _scales(gradient: Items, reduction: str, count: int) -> Any:
    """What the gradient of each sample is multiplied by."""
    if reduction == "none":
        return gradient
    return repeat(gradient[0] / count if reduction == "mean" and count else gradient[0])


def _slopes(line: Any, number: int, scale: float) -> list[float]:
    largest = max(line)
    powers = [exp(value - largest) for value in line]
    factor = scale / sum_of(powers)
    slopes = [power * factor for power in powers]
    slopes[number] -= scale
    return slopes
