"""Losses that are no numbers any more."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Any

from rt_torch._tensor import Tensor
from rt_torch.errors import BadArgumentError, Error
from rt_torch.pure.dtype import is_floating
from rt_torch_bindings.arguments import shown

if TYPE_CHECKING:
    from rt_torch.nn import Module

ON_NAN = ("error", "skip", "ignore")


class DivergedError(Error):
    """A loss is NaN or infinite.  The model is as it was before that batch."""

    name = "diverged"

    def __init__(self, message: str, epoch: int, batch: int, loss: float) -> None:
        super().__init__(message)
        self.epoch = epoch  # its number, from 0 on
        self.batch = batch  # its number within the epoch, from 0 on
        self.loss = loss


def checked(symbol: str, on_nan: Any) -> str:
    """What is to be done about such losses.

    Raises:
        BadArgumentError: It is no such word.
    """
    if isinstance(on_nan, str) and on_nan in ON_NAN:
        return on_nan
    words = '"error", "skip" or "ignore"'
    raise BadArgumentError(f"{symbol}: argument `on_nan`: {words} is expected; given {shown(on_nan)}")


def explained(model: Module, x: Any, y: Any, rate: float) -> str:
    """Where such a loss comes from, as far as that can be seen, and what to do."""
    lost = next((path for path, tensor in model.named_parameters() if not finite(tensor)), "")
    for name, given in (("x", x), ("y", y)):
        if isinstance(given, Tensor) and not given.numel():
            return f"`{name}` of this batch, of the shape {given.shape}, has no elements to take a mean of"
        if isinstance(given, Tensor) and not finite(given):
            return f"`{name}` of this batch has elements that are NaN or infinite: look for them in the data"
    if lost:
        return f"the parameter {lost} is not finite since the last step: try a lower learning rate than {rate:g}"
    return (
        "batch and parameters are finite, so the model or the loss overflows: try a lower learning rate than "
        f"{rate:g}, inputs on a common scale (rt.data.standardize), and a loss that takes logits or keeps away from log(0)"
    )


def finite(tensor: Tensor) -> bool:
    """Whether all elements are finite."""
    plain = tensor.detach()
    return not is_floating(plain.dtype) or isfinite(float((plain - plain).sum().item()))
