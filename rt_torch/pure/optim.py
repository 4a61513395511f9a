"""What steps of optimizers are made of."""

from __future__ import annotations

import math

from rt_torch.pure import argument, check
from rt_torch.pure.dtype import Items
from rt_torch.pure.elementwise import quotient
from rt_torch.pure.layout import layout_of
from rt_torch.pure.promotion import settled
from rt_torch.pure.tensor import PureTensor, check_tensor, pure_tensor, values

Step = tuple[PureTensor, PureTensor, PureTensor]


def adam(
    param: PureTensor,
    gradient: PureTensor,
    mean: PureTensor,
    square: PureTensor,
    step: int,
    lr: float,
    beta1: float,
    beta2: float,
    eps: float,
    weight_decay: float,
    decoupled: bool,
) -> Step:
    """A step of Adam, or of AdamW: the parameter and both running means after it.

    Args:
        param: The parameter.
        gradient: The gradient with respect to it.
        mean: Running mean of the gradient; zeros before the first step.
        square: Running mean of its square; zeros before the first step.
        step: Number of this step, from 1 on.
        lr: Learning rate.
        beta1: How much of `mean` is kept.
        beta2: How much of `square` is kept.
        eps: What is added to the root of the square.
        weight_decay: How much of the parameter is added to the gradient, or with `decoupled` taken off the parameter,
            times `lr`.
        decoupled: Whether the weight decay is AdamW's.

    Raises:
        BadArgumentError: The shapes or dtypes differ, the dtype is not floating-point, or `step`, `beta1` or `beta2` is
            out of its range.
    """
    symbol = "rt_torch_adam"
    tensors = {"param": param, "gradient": gradient, "mean": mean, "square": square}
    for name, tensor in tensors.items():
        check_tensor(symbol, name, tensor)
    count = argument.integer(symbol, "step", step)
    numbers = {"lr": lr, "beta1": beta1, "beta2": beta2, "eps": eps, "weight_decay": weight_decay}
    given = {name: argument.number(symbol, name, number) for name, number in numbers.items()}
    apart = argument.flag(symbol, "decoupled", decoupled)
    for name in ("gradient", "mean", "square"):
        check.same_shape(symbol, "param", param, name, tensors[name])
    for name in ("gradient", "mean", "square"):
        check.same_dtype(symbol, param, tensors[name], ("param", name))
    check.floating(symbol, "param", param)
    check.ordinal(symbol, "step", count)
    for name in ("beta1", "beta2"):
        check.share(symbol, name, given[name])
    p, g, m, v = [values(tensor) for tensor in tensors.values()]
    if apart:
        share = 1.0 - given["lr"] * given["weight_decay"]
        p = [x * share for x in p]
    elif given["weight_decay"]:
        g = _decayed(p, g, given["weight_decay"])
    layout = layout_of(param._layout.shape, param._layout.dtype)
    m, v = [settled(items, layout.dtype) for items in _means(g, m, v, given["beta1"], given["beta2"])]
    rate, root = given["lr"] / (1.0 - given["beta1"] ** count), math.sqrt(1.0 - given["beta2"] ** count)
    p = settled(_moved(p, m, v, rate, root, given["eps"]), layout.dtype)
    return pure_tensor(p, layout), pure_tensor(m, layout), pure_tensor(v, layout)


def _decayed(p: Items, g: Items, decay: float) -> list[float]:
    return [y + decay * x for x, y in zip(p, g, strict=True)]


def _means(g: Items, m: Items, v: Items, beta1: float, beta2: float) -> tuple[list[float], list[float]]:
    new, squared = 1.0 - beta1, 1.0 - beta2
    mean = [beta1 * x + new * y for x, y in zip(m, g, strict=True)]
    return mean, [beta2 * x + squared * (y * y) for x, y in zip(v, g, strict=True)]


def _moved(p: Items, m: Items, v: Items, rate: float, root: float, eps: float) -> list[float]:
    """p - rate * m / (sqrt(v) / root + eps)."""
    sqrt = math.sqrt
    try:
        return [x - rate * y / (sqrt(z) / root + eps) for x, y, z in zip(p, m, v, strict=True)]
    except (ValueError, ZeroDivisionError):  # no root, or one of 0 and no eps
        roots = [sqrt(z) if not z < 0.0 else math.nan for z in v]
        return [x - rate * quotient(y, z / root + eps) for x, y, z in zip(p, m, roots, strict=True)]
