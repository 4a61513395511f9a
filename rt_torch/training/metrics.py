"""How good predictions are."""

from __future__ import annotations

import rt_torch as rt
from rt_torch._tensor import Tensor
from rt_torch.errors import ArgumentTypeError, BadArgumentError
from rt_torch.pure.argument import number
from rt_torch.pure.dtype import is_floating
from rt_torch_bindings.arguments import shown


def accuracy(prediction: Tensor, target: Tensor, threshold: float = 0.5) -> float:
    """The share of samples whose prediction is right.

    Args:
        prediction: Of shape (samples, classes) a number for each class, the largest of which is the prediction; of shape
            (samples,) or (samples, 1) a probability, and the prediction is whether it reaches the threshold.
        target: Classes, as integers of shape (samples,), or for each sample a row in which the right one has the
            largest number; of probabilities, which of them should have reached the threshold.
        threshold: From which probability on it is a yes.

    Raises:
        BadArgumentError: The shapes do not fit, or there are no samples.
    """
    return _share("rt.training.accuracy", prediction, target, number("rt.training.accuracy", "threshold", threshold))


def accuracy_from_logits(prediction: Tensor, target: Tensor, threshold: float = 0.5) -> float:
    """As accuracy, of predictions before the sigmoid or softmax; the threshold is that of the probability."""
    symbol = "rt.training.accuracy_from_logits"
    limit = number(symbol, "threshold", threshold)
    _check(symbol, prediction, target)
    if prediction.ndim == 1 or prediction.shape[1:] == (1,):
        prediction = rt.sigmoid(prediction.detach())
    return _share(symbol, prediction, target, limit)


def _share(symbol: str, prediction: Tensor, target: Tensor, threshold: float) -> float:
    _check(symbol, prediction, target)
    prediction, target = prediction.detach(), target.detach()
    count = prediction.shape[0]
    if prediction.ndim == 1 or prediction.shape[1] == 1:
        said, wanted = (each.reshape([count]) >= threshold for each in (prediction, target))
    else:
        said = prediction.argmax(1)
        wanted = target.argmax(1) if target.shape == prediction.shape else target.reshape([count])
    return float((said == wanted).sum().item()) / count


def _check(symbol: str, prediction: Tensor, target: Tensor) -> None:
    for name, given in (("prediction", prediction), ("target", target)):
        if not isinstance(given, Tensor):
            raise ArgumentTypeError(f"{symbol}: argument `{name}`: a tensor is expected; given {shown(given)}")
    shape = prediction.shape
    if len(shape) not in (1, 2) or 0 in shape:
        raise BadArgumentError(
            f"{symbol}: argument `prediction`: (samples,) or (samples, classes) is expected; given shape {shape}"
        )
    classes = len(shape) == 2 and shape[1] > 1
    fits = target.shape == shape or target.shape in ((shape[0],), (shape[0], 1))
    if not fits or (classes and target.shape != shape and is_floating(target.dtype)):
        wanted = f"{shape}, or classes as integers of shape ({shape[0]},)," if classes else f"({shape[0]},)"
        raise BadArgumentError(
            f"{symbol}: argument `target`: shape {wanted} is expected; given {target.dtype} of shape {target.shape}"
        )
