"""Losses: how far a prediction is from its target.  Each is a function, and a module that calls it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from rt_torch._tensor import Tensor
from rt_torch.errors import BadArgumentError
from rt_torch.nn.argument import at_least, tensor, word
from rt_torch.nn.module import Module
from rt_torch.pure.argument import number
from rt_torch.pure.dtype import is_floating
from rt_torch_bindings import operators

_REDUCTIONS = ("mean", "sum", "none")


def mse_loss(input: Tensor, target: Tensor, reduction: str = "mean") -> Tensor:
    """Squared differences.

    Args:
        input: The prediction.
        target: What it should be, of the same shape.
        reduction: "mean" or "sum" of the losses of all elements; "none" for these themselves.

    Raises:
        BadArgumentError: The shapes differ, or `reduction` is none.
    """
    return _reduced(_difference("rt.nn.mse_loss", input, target, reduction) ** 2, reduction)


def mae_loss(input: Tensor, target: Tensor, reduction: str = "mean") -> Tensor:
    """Absolute differences; torch calls it l1_loss.  Arguments and errors are those of mse_loss."""
    return _reduced(operators.abs(_difference("rt.nn.mae_loss", input, target, reduction)), reduction)


l1_loss = mae_loss


def huber_loss(input: Tensor, target: Tensor, reduction: str = "mean", delta: float = 1.0) -> Tensor:
    """Half the squared difference up to `delta`, and from there on a line (Huber, 1964).

    Args:
        input: The prediction.
        target: What it should be, of the same shape.
        reduction: "mean" or "sum" of the losses of all elements; "none" for these themselves.
        delta: The difference from which on it is a line; above 0.

    Raises:
        BadArgumentError: The shapes differ, `reduction` is none, or `delta` is too small.
    """
    width = _delta("rt.nn.huber_loss", delta)
    return _reduced(_huber(_difference("rt.nn.huber_loss", input, target, reduction), width), reduction)


def smooth_l1_loss(input: Tensor, target: Tensor, reduction: str = "mean", beta: float = 1.0) -> Tensor:
    """huber_loss divided by `beta`; for 0 that is mae_loss.

    Args:
        input: The prediction.
        target: What it should be, of the same shape.
        reduction: "mean" or "sum" of the losses of all elements; "none" for these themselves.
        beta: The difference from which on it is a line; at least 0.

    Raises:
        BadArgumentError: The shapes differ, `reduction` is none, or `beta` is too small.
    """
    width = at_least("rt.nn.smooth_l1_loss", "beta", beta, 0.0)
    difference = _difference("rt.nn.smooth_l1_loss", input, target, reduction)
    return _reduced(_huber(difference, width) / width if width else operators.abs(difference), reduction)


def binary_cross_entropy(input: Tensor, target: Tensor, reduction: str = "mean") -> Tensor:
    """-target * log(input) - (1 - target) * log(1 - input), where logarithms below -100 count as -100.

    Args:
        input: Probabilities, from 0 to 1.
        target: What they should be, of the same shape.
        reduction: "mean" or "sum" of the losses of all elements; "none" for these themselves.

    Raises:
        BadArgumentError: The shapes differ, an element of `input` is no probability, or `reduction` is none.
    """
    _check("rt.nn.binary_cross_entropy", input, target, reduction)
    return _reduced(operators.binary_cross_entropy(input, target), reduction)


def nll_loss(input: Tensor, target: Tensor, reduction: str = "mean") -> Tensor:
    """Minus the logarithm of the right class's probability.

    Args:
        input: Logarithms of probabilities, of shape (classes,), (samples, classes) or (samples, classes, ...).
        target: Numbers of classes, as i64, of that shape without the classes.
        reduction: "mean" or "sum" of the losses of all samples; "none" for these themselves.

    Raises:
        BadArgumentError: The shapes do not fit, there is no class of some number, or `reduction` is none.
    """
    return _nll("rt.nn.nll_loss", input, target, reduction)


def cross_entropy(input: Tensor, target: Tensor, reduction: str = "mean") -> Tensor:
    """nll_loss of the log-softmax; with probabilities as target, minus the sum of each times its log-softmax.

    Args:
        input: Any numbers ("logits"), of shape (classes,), (samples, classes) or (samples, classes, ...).
        target: Numbers of classes, as i64, of that shape without the classes; or probabilities, of that shape.
        reduction: "mean" or "sum" of the losses of all samples; "none" for these themselves.

    Raises:
        BadArgumentError: The shapes do not fit, there is no class of some number, or `reduction` is none.
    """
    symbol = "rt.nn.cross_entropy"
    dim = _class_dim(symbol, input)
    if not is_floating(tensor(symbol, "target", target).dtype):
        word(symbol, "reduction", reduction, _REDUCTIONS)
        _check_classes(symbol, input, target, dim)
        try:
            return operators.cross_entropy(input, target, reduction)
        except BadArgumentError:
            _check_numbers(symbol, input.shape[dim], target)
            raise
    _check(symbol, input, target, reduction)
    return _reduced(-(target * operators.log_softmax(input, dim)).sum(dim), reduction)


class Loss(Module):
    """A loss as a module.

    Args:
        reduction: "mean" or "sum" of the losses; "none" for these themselves.
    """

    function: ClassVar[Callable[..., Tensor]]

    def __init__(self, reduction: str = "mean") -> None:
        self.reduction = word(f"rt.nn.{type(self).__name__}", "reduction", reduction, _REDUCTIONS)

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return type(self).function(input, target, self.reduction)


class MSELoss(Loss):
    """mse_loss as a module."""

    function = staticmethod(mse_loss)


class MAELoss(Loss):
    """mae_loss as a module."""

    function = staticmethod(mae_loss)


L1Loss = MAELoss


class CrossEntropyLoss(Loss):
    """cross_entropy as a module."""

    function = staticmethod(cross_entropy)


class NLLLoss(Loss):
    """nll_loss as a module."""

    function = staticmethod(nll_loss)


class BCELoss(Loss):
    """binary_cross_entropy as a module."""

    function = staticmethod(binary_cross_entropy)


class HuberLoss(Loss):
    """huber_loss as a module."""

    def __init__(self, reduction: str = "mean", delta: float = 1.0) -> None:
        super().__init__(reduction)
        self.delta = _delta("rt.nn.HuberLoss", delta)

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return huber_loss(input, target, self.reduction, self.delta)


class SmoothL1Loss(Loss):
    """smooth_l1_loss as a module."""

    def __init__(self, reduction: str = "mean", beta: float = 1.0) -> None:
        super().__init__(reduction)
        self.beta = at_least("rt.nn.SmoothL1Loss", "beta", beta, 0.0)

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return smooth_l1_loss(input, target, self.reduction, self.beta)


def _huber(difference: Tensor, width: float) -> Tensor:
    """difference**2 / 2 up to `width`, and beyond width * (abs(difference) - width / 2): one formula gives both."""
    near = operators.clamp(difference, -width, width)
    return near * (difference - 0.5 * near)


def _nll(symbol: str, input: Tensor, target: Tensor, reduction: str) -> Tensor:
    dim = _class_dim(symbol, input)
    word(symbol, "reduction", reduction, _REDUCTIONS)
    _check_classes(symbol, input, target, dim)
    try:
        picked = operators.gather(input, dim, target.unsqueeze(dim))
    except BadArgumentError:
        _check_numbers(symbol, input.shape[dim], target)
        raise
    return _reduced(-picked.squeeze(dim), reduction)


def _class_dim(symbol: str, input: Any) -> int:
    if tensor(symbol, "input", input).ndim == 0:
        raise BadArgumentError(
            f"{symbol}: argument `input`: it is a single number, and a dimension of classes is expected"
        )
    return 0 if input.ndim == 1 else 1


def _check_classes(symbol: str, input: Tensor, target: Tensor, dim: int) -> None:
    wanted = input.shape[:dim] + input.shape[dim + 1 :]
    if tensor(symbol, "target", target).shape != wanted:
        raise BadArgumentError(
            f"{symbol}: argument `target`: its shape is {target.shape}, and {wanted} is expected: that of `input`, "
            f"{input.shape}, without the classes"
        )
    if target.dtype != "i64":
        raise BadArgumentError(
            f"{symbol}: argument `target`: its dtype is {target.dtype}, and i64 is expected for numbers of classes"
        )


def _check_numbers(symbol: str, classes: int, target: Tensor) -> None:
    lowest, highest = target.min().item(), target.max().item()
    if lowest < 0 or highest >= classes:
        raise BadArgumentError(
            f"{symbol}: argument `target`: numbers from {lowest} to {highest} are in it, and `input` has the classes 0 to "
            f"{classes - 1}"
        )


def _difference(symbol: str, input: Tensor, target: Tensor, reduction: str) -> Tensor:
    _check(symbol, input, target, reduction)
    return input - target


def _check(symbol: str, input: Tensor, target: Tensor, reduction: str) -> None:
    word(symbol, "reduction", reduction, _REDUCTIONS)
    shape = tensor(symbol, "input", input).shape
    if tensor(symbol, "target", target).shape != shape:
        raise BadArgumentError(
            f"{symbol}: argument `target`: its shape is {target.shape}, and that of `input` is expected, {shape}"
        )


def _delta(symbol: str, delta: Any) -> float:
    width = number(symbol, "delta", delta)
    if not width > 0.0:
        raise BadArgumentError(f"{symbol}: argument `delta`: {width} was given, and more than 0 is expected")
    return width


def _reduced(losses: Tensor, reduction: str) -> Tensor:
    if reduction == "none":
        return losses
    return losses.mean() if reduction == "mean" else losses.sum()
