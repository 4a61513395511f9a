"""Pooling: the largest element, or the mean, of each window on images; and the gradients of that."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import chain, repeat
from math import inf, isnan, prod
from operator import truediv
from typing import Any, NamedTuple

from rt_torch.pure import check, window
from rt_torch.pure.argument import flag, flags, integers, optional_integers, refused
from rt_torch.pure.layout import layout_of, shape_text, sizes
from rt_torch.pure.lines import cut
from rt_torch.pure.promotion import settled
from rt_torch.pure.sums import sum_of_rows
from rt_torch.pure.tensor import PureTensor, check_tensor, pure_tensor, values
from rt_torch.pure.window import Image, Pair, Windows

Shape = tuple[int, ...]


class _Lists(NamedTuple):
    """The arguments that say what the windows are, not yet checked."""

    kernel: Shape
    stride: Shape | None
    padding: Shape
    dilation: Shape = (1,)


# The largest.


def max_pool2d(
    x: PureTensor,
    kernel: Sequence[int],
    stride: Sequence[int] | None,
    padding: Sequence[int],
    dilation: Sequence[int],
    ceil_mode: bool,
) -> PureTensor:
    """Largest element of each window on the images; NaN where the window has one.

    Args:
        x: Images: batch, channels, height and width.
        kernel: Height and width of the windows; one number stands for both.
        stride: Steps from window to window; those of `kernel` when absent.
        padding: How far windows reach over the edges of the images, on each side; at most half of `kernel`.
        dilation: Steps from element to element of a window.
        ceil_mode: Whether to have windows at the far edges that reach further over them.

    Raises:
        BadArgumentError: `x` is not floating-point, the windows do not fit into the padded images, or one of them would
            hold no element.
    """
    symbol = "rt_torch_max_pool2d"
    check_tensor(symbol, "x", x)
    lists = _lists(symbol, kernel, stride, padding, dilation)
    ceil = flag(symbol, "ceil_mode", ceil_mode)
    check.floating(symbol, "x", x)
    window.images(symbol, "x", x)
    windows, shape = _checked(symbol, "x", x._layout.shape, lists, ceil)

    def largest(image: Image) -> list[Any]:
        held = _held(image, windows, shape[2:], -inf)
        if any(isnan(sum(row)) for row in image):
            return _with_nan(held)
        return [*map(max, *held)] if len(held) > 1 else held[0]

    items = _of_each(x, largest)
    return pure_tensor(items, layout_of(shape, x._layout.dtype))


def max_pool2d_backward(
    gradient: PureTensor,
    x: PureTensor,
    kernel: Sequence[int],
    stride: Sequence[int] | None,
    padding: Sequence[int],
    dilation: Sequence[int],
    ceil_mode: bool,
) -> PureTensor:
    """Gradient of `max_pool2d`: each element of that of its result goes to where the window had its largest.

    Of several that are largest the first counts, and of several NaN the last.

    Args:
        gradient: Gradient with respect to the result.
        x: Images; this and what follows is as for `max_pool2d`.

    Raises:
        BadArgumentError: The gradient has not the shape or the dtype of the pooled images.
    """
    symbol = "rt_torch_max_pool2d_backward"
    check_tensor(symbol, "gradient", gradient)
    check_tensor(symbol, "x", x)
    lists = _lists(symbol, kernel, stride, padding, dilation)
    ceil = flag(symbol, "ceil_mode", ceil_mode)
    check.same_dtype(symbol, gradient, x, ("gradient", "x"))
    check.floating(symbol, "x", x)
    window.images(symbol, "x", x)
    windows, shape = _checked(symbol, "x", x._layout.shape, lists, ceil)
    window.gradient_fits(symbol, gradient, "x", "pooled", shape)
    layout = x._layout
    gradients = iter(cut(values(gradient), prod(shape[2:])))

    def returned(places: list[int]) -> list[Any]:
        items = [0.0] * prod(layout.shape[2:])
        for place, element in zip(places, next(gradients), strict=True):
            items[place] += element
        return items

    items = [item for places in _places(x, windows, shape) for item in returned(places)]
    return pure_tensor(settled(items, layout.dtype), layout_of(layout.shape, layout.dtype))


def max_pool2d_pick(
    y: PureTensor,
    x: PureTensor,
    kernel: Sequence[int],
    stride: Sequence[int] | None,
    padding: Sequence[int],
    dilation: Sequence[int],
    ceil_mode: bool,
) -> PureTensor:
    """The elements of `y` at the places where the windows on `x` have their largest.

    Of several that are largest the first counts, and of several NaN the last.

    Args:
        y: What is picked from, of the shape of `x`.
        x: Images; this and what follows is as for `max_pool2d`.

    Raises:
        BadArgumentError: The two tensors have not the same shape and dtype.
    """
    symbol = "rt_torch_max_pool2d_pick"
    check_tensor(symbol, "y", y)
    check_tensor(symbol, "x", x)
    lists = _lists(symbol, kernel, stride, padding, dilation)
    ceil = flag(symbol, "ceil_mode", ceil_mode)
    check.same_dtype(symbol, y, x, ("y", "x"))
    check.floating(symbol, "x", x)
    window.images(symbol, "x", x)
    check.same_shape(symbol, "y", y, "x", x)
    windows, shape = _checked(symbol, "x", x._layout.shape, lists, ceil)
    images = cut(values(y), prod(x._layout.shape[2:]))
    picked = zip(images, _places(x, windows, shape), strict=True)
    items = [image[place] for image, places in picked for place in places]
    return pure_tensor(items, layout_of(shape, x._layout.dtype))


def _places(x: PureTensor, windows: Windows, shape: Shape) -> Iterator[list[int]]:
    """For each image where the windows have their largest elements: their places in it, counted in row-major order."""
    height, width = x._layout.shape[2:]
    numbered = [[*range(start, start + width)] for start in range(0, height * width, width)]
    places = _held(numbered, windows, shape[2:], -1)
    for channels in window.images_of(x):
        for image in channels:
            held = _held(image, windows, shape[2:], -inf)
            yield [place for _, place in _found(held, places)]


def _with_nan(held: list[list[Any]]) -> list[Any]:
    """The largest element of each window, for which NaN counts more than any number."""
    best = held[0]
    for others in held[1:]:
        best = [new if new > old or new != new else old for old, new in zip(best, others, strict=True)]
    return best


def _found(held: list[list[Any]], places: list[list[int]]) -> list[tuple[Any, int]]:
    """The largest element of each window with its place: the first of equal ones, and the last NaN.

    A negative place is outside of the image: it gives way to any other.
    """
    pairs = (zip(*pair, strict=True) for pair in zip(held, places, strict=True))
    best = [*next(pairs)]
    for others in pairs:
        best = [
            new if new[0] > old[0] or old[1] < 0 or new[0] != new[0] else old
            for old, new in zip(best, others, strict=True)
        ]
    return best


# The mean.


def avg_pool2d(
    x: PureTensor,
    kernel: Sequence[int],
    stride: Sequence[int] | None,
    padding: Sequence[int],
    ceil_mode: bool,
    count_include_pad: bool,
) -> PureTensor:
    """Mean of each window on the images.

    Args:
        x: Images: batch, channels, height and width.
        kernel: Height and width of the windows; one number stands for both.
        stride: Steps from window to window; those of `kernel` when absent.
        padding: Zeros around each image, on each side; at most half of `kernel`.
        ceil_mode: Whether to have windows at the far edges that reach further over them.
        count_include_pad: Whether to count the zeros around the images too.

    Raises:
        BadArgumentError: `x` is not floating-point, or the windows do not fit into the padded images.
    """
    symbol = "rt_torch_avg_pool2d"
    check_tensor(symbol, "x", x)
    lists = _lists(symbol, kernel, stride, padding)
    ceil, counting = flags(symbol, ceil_mode=ceil_mode, count_include_pad=count_include_pad)
    check.floating(symbol, "x", x)
    window.images(symbol, "x", x)
    windows, shape = _checked(symbol, "x", x._layout.shape, lists, ceil)
    counts = _counts(windows, x._layout.shape, shape, counting)

    def means(image: Image) -> Iterator[float]:
        return map(truediv, sum_of_rows([*_held(image, windows, shape[2:], 0.0)]), counts)

    items = _of_each(x, means)
    return pure_tensor(settled(items, x._layout.dtype), layout_of(shape, x._layout.dtype))


def avg_pool2d_backward(
    gradient: PureTensor,
    shape: Sequence[int],
    kernel: Sequence[int],
    stride: Sequence[int] | None,
    padding: Sequence[int],
    ceil_mode: bool,
    count_include_pad: bool,
) -> PureTensor:
    """Gradient of `avg_pool2d`: each element of that of its result is shared out among its window.

    Args:
        gradient: Gradient with respect to the result.
        shape: Shape of the images: batch, channels, height and width.
        kernel: As for `avg_pool2d`, and so is what follows.

    Raises:
        BadArgumentError: The gradient has not the shape of the pooled images.
    """
    symbol = "rt_torch_avg_pool2d_backward"
    check_tensor(symbol, "gradient", gradient)
    asked = integers(symbol, "shape", shape)
    lists = _lists(symbol, kernel, stride, padding)
    ceil, counting = flags(symbol, ceil_mode=ceil_mode, count_include_pad=count_include_pad)
    check.floating(symbol, "gradient", gradient)
    window.image_sizes(symbol, "shape", sizes(symbol, "shape", asked))
    windows, pooled = _checked(symbol, "shape", asked, lists, ceil)
    window.gradient_fits(symbol, gradient, "shape", "pooled", pooled)
    counts = _counts(windows, asked, pooled, counting)
    items: list[Any] = []
    for row in cut(values(gradient), prod(pooled[2:])):
        shares = [*map(truediv, row, counts)]
        held = repeat(shares, prod(windows.kernel))
        items += window.add_elements((asked[2], asked[3]), windows, (pooled[2], pooled[3]), held)
    dtype = gradient._layout.dtype
    return pure_tensor(settled(items, dtype), layout_of(asked, dtype))


def _counts(windows: Windows, image: Shape, pooled: Shape, include_pad: bool) -> list[int]:
    """How many elements the mean of each window is of; zeros that only the last windows reach never count."""
    down, right = (
        [_count(windows, axis, image[2 + axis], place, include_pad) for place in range(pooled[2 + axis])]
        for axis in (0, 1)
    )
    return [height * width for height in down for width in right]


def _count(windows: Windows, axis: int, size: int, place: int, include_pad: bool) -> int:
    border = windows.padding[axis] if include_pad else 0
    start = place * windows.stride[axis] - windows.padding[axis]
    return min(start + windows.kernel[axis], size + border) - max(start, -border)


# What both have in common.


def _lists(symbol: str, kernel: Any, stride: Any, padding: Any, dilation: Any = (1,)) -> _Lists:
    return _Lists(
        integers(symbol, "kernel", kernel),
        optional_integers(symbol, "stride", stride),
        integers(symbol, "padding", padding),
        integers(symbol, "dilation", dilation),
    )


def _checked(symbol: str, name: str, image: Shape, lists: _Lists, ceil: bool) -> tuple[Windows, Shape]:
    """The windows, and the shape of the pooled images."""
    kernel = window.steps(symbol, "kernel", lists.kernel)
    stride = kernel if lists.stride is None else window.steps(symbol, "stride", lists.stride)
    padding = window.border(symbol, "padding", lists.padding)
    windows = Windows(kernel, stride, padding, window.steps(symbol, "dilation", lists.dilation), ceil)
    half = kernel[0] // 2, kernel[1] // 2
    if padding[0] > half[0] or padding[1] > half[1]:
        rule = f"at most half of the kernel, {shape_text(half)}, is possible"
        raise refused(symbol, "padding", f"{shape_text(padding)} was given, and {rule}")
    counts = window.fitting(symbol, name, image, "kernel", windows)
    if windows.misses(*image[2:]):
        text = f"with steps of {shape_text(windows.dilation)} there are windows that hold no element of the images"
        check.refuse_pair(symbol, name, "dilation", text)
    shape = (*image[:2], *counts)
    check.result_fits(symbol, name, "kernel", shape)
    return windows, shape


def _held(image: Image, windows: Windows, counts: Shape, fill: Any) -> list[list[Any]]:
    """What the windows hold at each of their places."""
    pair: Pair = (counts[0], counts[1])
    return [*window.elements_of(window.padded(image, windows, pair, fill), windows, pair)]


def _of_each(x: PureTensor, compute: Callable[[Image], Any]) -> list[Any]:
    """What is computed of each image."""
    return [*chain.from_iterable(compute(image) for channels in window.images_of(x) for image in channels)]
