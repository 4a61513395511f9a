"""Undoing what broadcasting and promotion did to an argument, so that no derivative has to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rt_torch import _transfer
from rt_torch._dispatch import dispatch
from rt_torch._transfer import layout
from rt_torch.errors import GradientError
from rt_torch.pure.layout import shape_text

if TYPE_CHECKING:
    from rt_torch._tensor import Tensor
    from rt_torch.autograd.graph import Described


def undone(gradient: Tensor, argument: Tensor | Described) -> Tensor:
    """A gradient of the shape, dtype and device of the argument that it is of."""
    given, wanted = layout(gradient), argument._layout
    if given.shape != wanted.shape:
        _check_broadcasts(wanted.shape, given.shape)
        gradient = dispatch("sum_to", gradient, wanted.shape)
    if given.dtype != wanted.dtype:
        gradient = dispatch("to_dtype", gradient, wanted.dtype)
    if _transfer.cuda and gradient.device != argument.device:
        gradient = dispatch("to_device", gradient, argument.device)
    return gradient


def _check_broadcasts(shape: tuple[int, ...], to: tuple[int, ...]) -> None:
    extra = len(to) - len(shape)
    if extra < 0 or any(size not in (1, whole) for size, whole in zip(shape, to[extra:], strict=True)):
        raise GradientError(
            f"the derivative gives a gradient of shape {shape_text(to)} for an argument of shape {shape_text(shape)}, "
            "which does not broadcast to that"
        )
