"""What losses of networks are made of."""

from __future__ import annotations

from math import log, log1p

from rt_torch.pure import check
from rt_torch.pure.dtype import Items
from rt_torch.pure.layout import layout_of
from rt_torch.pure.promotion import settled
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
