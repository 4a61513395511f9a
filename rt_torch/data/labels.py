"""Classes as numbers, and as vectors."""

from __future__ import annotations

from typing import Any

from rt_torch._create import from_data, tensor
from rt_torch._tensor import Tensor
from rt_torch.data.shuffling import at_least
from rt_torch.errors import ArgumentTypeError, BadArgumentError
from rt_torch_bindings.arguments import shown


def one_hot(labels: Any, classes: int | None = None, *, dtype: str | None = None) -> Tensor:
    """Vectors with a 1 at the place that the label says, and 0 everywhere else.

    Args:
        labels: A tensor of i64, or nested lists of integers.
        classes: How long the vectors are; by default as long as the greatest label needs.
        dtype: Of the result.

    Returns:
        The labels' shape, and behind it the classes.

    Raises:
        BadArgumentError: A label is no class, or there is none and `classes` is not given.
        ArgumentTypeError: The labels are no integers.
    """
    symbol = "rt.data.one_hot"
    given = labels if isinstance(labels, Tensor) else tensor(labels, dtype=None if labels else "i64", device="cpu")
    if given.dtype != "i64":
        raise ArgumentTypeError(f"{symbol}: argument `labels`: integers are expected; given {shown(labels)}")
    places = given.reshape((given.numel(),)).tolist()
    if classes is None and not places:
        raise BadArgumentError(f"{symbol}: argument `classes`: it is needed where there is no label")
    count = max(places) + 1 if classes is None else at_least(symbol, "classes", classes, 1)
    for place in places:
        if not 0 <= place < count:
            classes_there = f"0 to {count - 1}" if count > 0 else "from 0 on"
            raise BadArgumentError(f"{symbol}: argument `labels`: {place} is none of the classes {classes_there}")
    elements = [0.0] * (len(places) * count)
    for row, place in enumerate(places):
        elements[row * count + place] = 1.0
    made = from_data(elements, (*given.shape, count), device=given.device)
    return made if dtype is None else made.to(dtype)
