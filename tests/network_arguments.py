"""Good arguments for the layers of networks, of any shape, for Hypothesis; and the same layers in torch."""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import Any, NamedTuple

from hypothesis import strategies as st

Shape = tuple[int, ...]
Make = Callable[[Shape], Any]  # draws a tensor of numbers
Name = Callable[[Shape, int], Any]  # draws a tensor of the numbers of so many rows

steps = st.lists(st.integers(1, 3), min_size=1, max_size=2)


def pair(numbers: list[int]) -> list[int]:
    """One number for height and one for width."""
    return [*numbers, *numbers][:2]


class Windows(NamedTuple):
    """How windows lie on an image, and how many of them there are."""

    image: Shape  # height and width
    kernel: list[int]
    stride: list[int] | None
    padding: list[int]
    dilation: list[int]
    ceil: bool
    counts: Shape


def _windows(draw: Any, pooling: bool, dilation: Any) -> Windows:
    """Good ones: each of them holds an element of the image."""
    kernel = draw(steps) if pooling else pair(draw(steps))
    stride = draw(st.one_of(st.none(), steps)) if pooling else draw(steps)
    padding = draw(st.lists(st.integers(0, min(kernel) // 2 if pooling else 2), min_size=1, max_size=2))
    apart, ceil = draw(dilation), pooling and draw(st.booleans())
    image, counts = [], []
    for size, step, border, gap in zip(*map(pair, (kernel, stride or kernel, padding, apart)), strict=True):
        reach = gap * (size - 1) + 1
        least = max(1, reach - 2 * border, gap if pooling and border else 1)
        image.append(least + draw(st.integers(0, 3)))
        room = image[-1] + 2 * border - reach + (step - 1 if ceil else 0)
        counts.append(room // step + 1 - (ceil and room // step * step >= image[-1] + border))
    return Windows(tuple(image), kernel, stride, padding, apart, ceil, tuple(counts))


def _lead(draw: Any, most: int) -> Shape:
    return tuple(draw(st.lists(st.integers(0, 3), max_size=most)))


def linear(draw: Any, make: Make, name: Name) -> list[Any]:
    inputs, outputs = draw(st.integers(0, 4)), draw(st.integers(0, 4))
    bias = make((outputs,)) if draw(st.booleans()) else None
    return [make((*_lead(draw, 2), inputs)), make((outputs, inputs)), bias]


class _Convolution:
    def __init__(self, draw: Any) -> None:
        groups, channels, outputs = (draw(st.integers(1, 2)) for _ in range(3))
        windows = _windows(draw, pooling=False, dilation=steps)
        batch = draw(st.integers(0, 2))
        self.images = (batch, groups * channels, *windows.image)
        self.filters = (groups * outputs, channels, *windows.kernel)
        self.result = (batch, groups * outputs, *windows.counts)
        self.how = [windows.stride, windows.padding, windows.dilation, groups]


def conv2d(draw: Any, make: Make, name: Name) -> list[Any]:
    one = _Convolution(draw)
    bias = make(one.filters[:1]) if draw(st.booleans()) else None
    return [make(one.images), make(one.filters), bias, *one.how]


def conv2d_input(draw: Any, make: Make, name: Name) -> list[Any]:
    one = _Convolution(draw)
    return [make(one.result), make(one.filters), [*one.images], *one.how]


def conv2d_weight(draw: Any, make: Make, name: Name) -> list[Any]:
    one = _Convolution(draw)
    return [make(one.result), make(one.images), [*one.filters], *one.how]


class _Pool:
    def __init__(self, draw: Any, dilated: bool) -> None:
        windows = _windows(draw, pooling=True, dilation=steps if dilated else st.just([1]))
        lead = draw(st.integers(0, 2)), draw(st.integers(1, 2))
        self.images, self.result = (*lead, *windows.image), (*lead, *windows.counts)
        self.how = [windows.kernel, windows.stride, windows.padding]
        self.largest = [*self.how, windows.dilation, windows.ceil]
        self.ceil = windows.ceil


def max_pool2d(draw: Any, make: Make, name: Name) -> list[Any]:
    one = _Pool(draw, dilated=True)
    return [make(one.images), *one.largest]


def max_pool2d_backward(draw: Any, make: Make, name: Name) -> list[Any]:
    one = _Pool(draw, dilated=True)
    return [make(one.result), make(one.images), *one.largest]


def max_pool2d_pick(draw: Any, make: Make, name: Name) -> list[Any]:
    one = _Pool(draw, dilated=True)
    return [make(one.images), make(one.images), *one.largest]


def avg_pool2d(draw: Any, make: Make, name: Name) -> list[Any]:
    one = _Pool(draw, dilated=False)
    return [make(one.images), *one.how, one.ceil, draw(st.booleans())]


def avg_pool2d_backward(draw: Any, make: Make, name: Name) -> list[Any]:
    one = _Pool(draw, dilated=False)
    return [make(one.result), [*one.images], *one.how, one.ceil, draw(st.booleans())]


def embedding(draw: Any, make: Make, name: Name) -> list[Any]:
    rows = draw(st.integers(0, 4))
    return [make((rows, draw(st.integers(0, 3)))), name(_lead(draw, 2) if rows else (0,), rows)]


def embedding_backward(draw: Any, make: Make, name: Name) -> list[Any]:
    rows = draw(st.integers(0, 4))
    shape = _lead(draw, 2) if rows else (0,)
    return [make((*shape, draw(st.integers(0, 3)))), name(shape, rows), rows]


def layer_norm(draw: Any, make: Make, name: Name) -> list[Any]:
    last = tuple(draw(st.lists(st.integers(0, 3), min_size=1, max_size=2)))
    shape = (*_lead(draw, 2), *last)
    weight, bias = (make(last) if draw(st.booleans()) else None for _ in range(2))
    if weight is None and 0 in shape:
        bias = None  # with which torch's own second derivative fails
    return [make(shape), [*last], weight, bias, draw(st.sampled_from([0.25, 1.0, 3.0]))]


def _batch(draw: Any) -> Shape:
    """Batch, features and maybe more; some have no values, and none has one of each feature."""
    batch, more = draw(st.integers(0, 3)), draw(st.sampled_from([(), (), (1,), (2,), (3,), (0,), (2, 2)]))
    return (batch + (prod((batch, *more)) == 1), draw(st.integers(1, 2)), *more)


def batch_norm(draw: Any, make: Make, name: Name) -> list[Any]:
    shape = _batch(draw)
    weight, bias = (make(shape[1:2]) if draw(st.booleans()) else None for _ in range(2))
    if draw(st.booleans()):
        return [make(shape), weight, bias, None, None, draw(st.sampled_from([0.25, 1.0, 3.0]))]
    eps = draw(st.sampled_from([21.0, 60.0]))  # with which any number that is made will do as a variance
    return [make(shape), weight, bias, make(shape[1:2]), make(shape[1:2]), eps]


def batch_norm_backward(draw: Any, make: Make, name: Name) -> list[Any]:
    shape = _batch(draw)
    weight = make(shape[1:2]) if draw(st.booleans()) else None
    return [make(shape), make(shape), weight, draw(st.sampled_from([0.25, 1.0, 3.0]))]


def batch_statistics(draw: Any, make: Make, name: Name) -> list[Any]:
    return [make((draw(st.integers(1, 3)), draw(st.integers(1, 2)), *draw(st.sampled_from([(), (1,), (2,), (2, 2)]))))]


def batch_norm_measured(draw: Any, make: Make, name: Name) -> list[Any]:
    shape = _batch(draw)
    weight, bias = (make(shape[1:2]) if draw(st.booleans()) else None for _ in range(2))
    return [make(shape), weight, bias, make((2, shape[1])), draw(st.sampled_from([21.0, 60.0]))]


def batch_norm_measured_backward(draw: Any, make: Make, name: Name) -> list[Any]:
    shape = _batch(draw)
    weight = make(shape[1:2]) if draw(st.booleans()) else None
    return [make(shape), make(shape), weight, make((2, shape[1])), draw(st.sampled_from([21.0, 60.0]))]


class _Classes:
    def __init__(self, draw: Any) -> None:
        classes, reduction = draw(st.integers(1, 3)), draw(st.sampled_from(["mean", "sum", "none"]))
        samples = tuple(draw(st.lists(st.integers(reduction == "mean", 3), max_size=3)))
        self.inputs = (*samples[:1], classes, *samples[1:])
        self.targets, self.classes, self.reduction = samples, classes, reduction


def cross_entropy(draw: Any, make: Make, name: Name) -> list[Any]:
    one = _Classes(draw)
    return [make(one.inputs), name(one.targets, one.classes), one.reduction]


def cross_entropy_backward(draw: Any, make: Make, name: Name) -> list[Any]:
    one = _Classes(draw)
    gradient = make(one.targets if one.reduction == "none" else ())
    return [gradient, make(one.inputs), name(one.targets, one.classes), one.reduction]


ARGUMENTS: dict[str, Callable[[Any, Make, Name], list[Any]]] = {
    function.__name__: function
    for function in (
        *(linear, conv2d, conv2d_input, conv2d_weight, max_pool2d, max_pool2d_backward, max_pool2d_pick),
        *(avg_pool2d, avg_pool2d_backward, embedding, embedding_backward, layer_norm),
        *(batch_norm, batch_norm_backward, batch_statistics, batch_norm_measured, batch_norm_measured_backward),
        *(cross_entropy, cross_entropy_backward),
    )
}


# In torch, called with the module and the arguments.


def _convolved(
    torch: Any, x: Any, weight: Any, bias: Any, stride: Any, padding: Any, dilation: Any, groups: int
) -> Any:
    return torch.nn.functional.conv2d(x, weight, bias, pair(stride), pair(padding), pair(dilation), groups)


def _convolved_input(torch: Any, gradient: Any, weight: Any, shape: Any, *how: Any) -> Any:
    x = torch.zeros(shape, dtype=gradient.dtype).requires_grad_()
    return _pulled_back(torch, _convolved(torch, x, weight, None, *how), x, gradient)


def _convolved_weight(torch: Any, gradient: Any, x: Any, shape: Any, *how: Any) -> Any:
    weight = torch.zeros(shape, dtype=gradient.dtype).requires_grad_()
    return _pulled_back(torch, _convolved(torch, x, weight, None, *how), weight, gradient)


def _pulled_back(torch: Any, result: Any, by: Any, gradient: Any) -> Any:
    """In terms of functions that have derivatives again."""
    with torch.enable_grad():
        (found,) = torch.autograd.grad(result, by, gradient, create_graph=True)
    return found


def _places(torch: Any, x: Any, how: Any) -> Any:
    return torch.nn.functional.max_pool2d(x, *how, return_indices=True)[1]


def _max_pool2d_backward(torch: Any, gradient: Any, x: Any, *how: Any) -> Any:
    flat = torch.zeros_like(x).detach().flatten(2)
    return flat.scatter_add(2, _places(torch, x, how).flatten(2), gradient.flatten(2)).reshape(x.shape)


def _max_pool2d_pick(torch: Any, y: Any, x: Any, *how: Any) -> Any:
    places = _places(torch, x, how)
    return y.flatten(2).gather(2, places.flatten(2)).reshape(places.shape)


def _avg_pool2d_backward(torch: Any, gradient: Any, shape: Any, *how: Any) -> Any:
    x = torch.zeros(shape, dtype=gradient.dtype).requires_grad_()
    return _pulled_back(torch, torch.nn.functional.avg_pool2d(x, *how), x, gradient)


def _embedded(torch: Any, weight: Any, indices: Any) -> Any:
    if not weight.numel() or not indices.numel():
        return weight[indices]  # of which torch can give a gradient
    return torch.nn.functional.embedding(indices, weight)


def _embedding_backward(torch: Any, gradient: Any, indices: Any, rows: int) -> Any:
    table = torch.zeros((rows, gradient.shape[-1]), dtype=gradient.dtype)
    return table.index_add(0, indices.flatten(), gradient.reshape(indices.numel(), gradient.shape[-1]))


def _batch_norm(torch: Any, x: Any, weight: Any, bias: Any, mean: Any, var: Any, eps: float) -> Any:
    if not any(given is not None and given.requires_grad for given in (x, weight, bias, mean, var)):
        return torch.batch_norm(x, weight, bias, mean, var, mean is None, 0.0, eps, False)
    # Torch's own takes mean and variance for constants, those of the batch too from the second derivative on.
    of_features, over_batch = (-1, *[1] * (x.ndim - 2)), (0, *range(2, x.ndim))
    if mean is None:
        count = max(x.numel() // x.shape[1], 1)
        mean = x.sum(over_batch) / count
        var = ((x - mean.reshape(of_features)) ** 2).sum(over_batch) / count
    normal = (x - mean.reshape(of_features)) / (var.reshape(of_features) + eps).sqrt()
    scaled = normal if weight is None else normal * weight.reshape(of_features)
    return scaled if bias is None else scaled + bias.reshape(of_features)


def _batch_norm_backward(torch: Any, gradient: Any, x: Any, weight: Any, eps: float) -> Any:
    x = x if x.requires_grad else x.detach().requires_grad_()
    with torch.enable_grad():
        result = _batch_norm(torch, x, weight, None, None, None, eps)
    return _pulled_back(torch, result, x, gradient)


def _batch_statistics(torch: Any, x: Any) -> Any:
    count, over_batch = x.numel() // x.shape[1], (0, *range(2, x.ndim))
    mean = x.sum(over_batch) / count
    distance = x - mean.reshape(-1, *[1] * (x.ndim - 2))
    return torch.stack([mean, (distance**2).sum(over_batch) / count])


def _batch_norm_measured(torch: Any, x: Any, weight: Any, bias: Any, statistics: Any, eps: float) -> Any:
    return torch.batch_norm(x, weight, bias, *statistics, False, 0.0, eps, False)


def _batch_norm_measured_backward(torch: Any, gradient: Any, x: Any, weight: Any, statistics: Any, eps: float) -> Any:
    if not x.numel():
        return gradient.clone()
    mean, var = statistics
    known = (None, None, mean, (var + eps).rsqrt(), True, eps, [True, False, False])
    return torch.ops.aten.native_batch_norm_backward(gradient, x, weight, *known)[0]


def _cross_entropy(torch: Any, x: Any, target: Any, reduction: str) -> Any:
    return torch.nn.functional.cross_entropy(x, target, reduction=reduction)


def _cross_entropy_backward(torch: Any, gradient: Any, x: Any, target: Any, reduction: str) -> Any:
    """Written out, in terms of functions that have derivatives again."""
    dim = 1 if x.ndim > 1 else 0
    hits = torch.zeros_like(x).detach().scatter(dim, target.unsqueeze(dim), 1.0)
    each = gradient / max(target.numel(), 1) if reduction == "mean" else gradient
    return (x.softmax(dim) - hits) * (each.unsqueeze(dim) if reduction == "none" else each)


TORCH: dict[str, Callable[..., Any]] = {
    "linear": lambda torch, *arguments: torch.nn.functional.linear(*arguments),
    "conv2d": _convolved,
    "conv2d_input": _convolved_input,
    "conv2d_weight": _convolved_weight,
    "max_pool2d": lambda torch, *arguments: torch.nn.functional.max_pool2d(*arguments),
    "max_pool2d_backward": _max_pool2d_backward,
    "max_pool2d_pick": _max_pool2d_pick,
    "avg_pool2d": lambda torch, *arguments: torch.nn.functional.avg_pool2d(*arguments),
    "avg_pool2d_backward": _avg_pool2d_backward,
    "embedding": _embedded,
    "embedding_backward": _embedding_backward,
    "cross_entropy": _cross_entropy,
    "cross_entropy_backward": _cross_entropy_backward,
    "layer_norm": lambda torch, *arguments: torch.nn.functional.layer_norm(*arguments),
    "batch_norm": _batch_norm,
    "batch_norm_backward": _batch_norm_backward,
    "batch_statistics": _batch_statistics,
    "batch_norm_measured": _batch_norm_measured,
    "batch_norm_measured_backward": _batch_norm_measured_backward,
}
