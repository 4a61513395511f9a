"""Convolutions of images with filters, and the gradients of that with respect to both.

What the windows hold at one of their places makes a row, in row-major order of the windows: a convolution is the product
of the filters with the matrix of these rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from math import prod
from operator import add
from typing import Any, NamedTuple

from rt_torch.pure import check, window
from rt_torch.pure.argument import integer, integers, refused
from rt_torch.pure.broadcast import elements
from rt_torch.pure.layout import layout_of, shape_text, sizes
from rt_torch.pure.lines import cut
from rt_torch.pure.products import with_columns, with_rows
from rt_torch.pure.promotion import settled
from rt_torch.pure.tensor import PureTensor, check_optional, check_tensor, pure_tensor
from rt_torch.pure.window import Image, Pair, Windows

Shape = tuple[int, ...]


class _Convolution(NamedTuple):
    """What the three functions have in common, checked."""

    images: Shape
    filters: Shape
    result: Shape
    windows: Windows
    groups: int

    @property
    def image(self) -> Pair:
        """Height and width."""
        return self.images[2], self.images[3]

    @property
    def counts(self) -> Pair:
        """Of windows."""
        return self.result[2], self.result[3]

    def channels(self, group: int) -> slice:
        """Those of the images that a group has."""
        count = self.filters[1]
        return slice(group * count, (group + 1) * count)

    def outputs(self, group: int) -> slice:
        """Those of the result."""
        count = self.filters[0] // self.groups
        return slice(group * count, (group + 1) * count)

    def held(self, channels: list[Image]) -> list[list[Any]]:
        """What the windows hold at each of their places, in each of these channels."""
        wholes = (window.padded(channel, self.windows, self.counts, 0.0) for channel in channels)
        return [row for whole in wholes for row in window.elements_of(whole, self.windows, self.counts)]


def conv2d(
    x: PureTensor,
    weight: PureTensor,
    bias: PureTensor | None,
    stride: Sequence[int],
    padding: Sequence[int],
    dilation: Sequence[int],
    groups: int,
) -> PureTensor:
    """Convolution of images with filters, in the sense that networks have it: the filters are not reversed.

    An element of f64 is off by at most 1e-12 of the sum of its absolute terms.

    Args:
        x: Images: batch, channels, height and width.
        weight: Filters: output channels, channels of a group, height and width.
        bias: A number for each output channel.
        stride: Steps from window to window; one number, or one for height and one for width.
        padding: Zeros around each image, on each side.
        dilation: Steps from element to element of a window.
        groups: Groups that the channels, and the output channels, fall into; each is convolved by itself.

    Raises:
        BadArgumentError: The dtypes differ or are not floating-point, the channels do not go with the groups, or the
            filters do not fit into the padded images.
    """
    symbol = "rt_torch_conv2d"
    check_tensor(symbol, "x", x)
    check_tensor(symbol, "weight", weight)
    check_optional(symbol, "bias", bias)
    lists, groups = _plain(symbol, stride, padding, dilation, groups)
    check.same_dtype(symbol, x, weight, ("x", "weight"))
    check.same_dtype(symbol, x, bias, ("x", "bias"))
    check.floating(symbol, "x", x)
    window.images(symbol, "x", x)
    window.filters(symbol, "weight", weight)
    shapes = ("x", x._layout.shape), ("weight", weight._layout.shape)
    convolution = _convolution(symbol, *shapes, lists, groups)
    check.result_fits(symbol, "x", "weight", convolution.result)
    check.has_shape(symbol, "bias", bias, weight._layout.shape[:1])
    dtype = x._layout.dtype
    rows = _filtered(x, weight, convolution)
    if bias is None:
        items = [*chain.from_iterable(rows)]
    else:
        numbers = [*elements(bias, dtype)] * convolution.result[0]
        items = [total + number for row, number in zip(rows, numbers, strict=True) for total in row]
    return pure_tensor(settled(items, dtype), layout_of(convolution.result, dtype))


def conv2d_input(
    gradient: PureTensor,
    weight: PureTensor,
    shape: Sequence[int],
    stride: Sequence[int],
    padding: Sequence[int],
    dilation: Sequence[int],
    groups: int,
) -> PureTensor:
    """Gradient of `conv2d` with respect to the images, given the one with respect to its result.

    Args:
        gradient: Gradient with respect to the result.
        weight: Filters: output channels, channels of a group, height and width.
        shape: Shape of the images: batch, channels, height and width.
        stride: As that of `conv2d`, and so are `padding`, `dilation` and `groups`.

    Raises:
        BadArgumentError: The gradient has not the shape of the convolution of such images with the filters.
    """
    symbol = "rt_torch_conv2d_input"
    check_tensor(symbol, "gradient", gradient)
    check_tensor(symbol, "weight", weight)
    asked = integers(symbol, "shape", shape)
    lists, groups = _plain(symbol, stride, padding, dilation, groups)
    check.same_dtype(symbol, gradient, weight, ("gradient", "weight"))
    check.floating(symbol, "gradient", gradient)
    window.images(symbol, "gradient", gradient)
    window.filters(symbol, "weight", weight)
    window.image_sizes(symbol, "shape", sizes(symbol, "shape", asked))
    shapes = ("shape", asked), ("weight", weight._layout.shape)
    convolution = _convolution(symbol, *shapes, lists, groups)
    window.gradient_fits(symbol, gradient, "shape", "convolved", convolution.result)
    dtype = gradient._layout.dtype
    return pure_tensor(settled(_scattered(gradient, weight, convolution), dtype), layout_of(asked, dtype))


def conv2d_weight(
    gradient: PureTensor,
    x: PureTensor,
    shape: Sequence[int],
    stride: Sequence[int],
    padding: Sequence[int],
    dilation: Sequence[int],
    groups: int,
) -> PureTensor:
    """Gradient of `conv2d` with respect to the filters, given the one with respect to its result.

    Args:
        gradient: Gradient with respect to the result.
        x: Images: batch, channels, height and width.
        shape: Shape of the filters: output channels, channels of a group, height and width.
        stride: As that of `conv2d`, and so are `padding`, `dilation` and `groups`.

    Raises:
        BadArgumentError: The gradient has not the shape of the convolution of the images with such filters.
    """
    symbol = "rt_torch_conv2d_weight"
    check_tensor(symbol, "gradient", gradient)
    check_tensor(symbol, "x", x)
    asked = integers(symbol, "shape", shape)
    lists, groups = _plain(symbol, stride, padding, dilation, groups)
    check.same_dtype(symbol, gradient, x, ("gradient", "x"))
    check.floating(symbol, "gradient", gradient)
    window.images(symbol, "gradient", gradient)
    window.images(symbol, "x", x)
    window.filter_sizes(symbol, "shape", sizes(symbol, "shape", asked))
    shapes = ("x", x._layout.shape), ("shape", asked)
    convolution = _convolution(symbol, *shapes, lists, groups)
    window.gradient_fits(symbol, gradient, "shape", "convolved", convolution.result)
    dtype = gradient._layout.dtype
    return pure_tensor(settled(_correlated(gradient, x, convolution), dtype), layout_of(asked, dtype))


# Arguments.


def _plain(symbol: str, stride: Any, padding: Any, dilation: Any, groups: Any) -> tuple[dict[str, Shape], int]:
    """The lists, and a number, that all three functions take."""
    given = {"stride": stride, "padding": padding, "dilation": dilation}
    lists = {name: integers(symbol, name, value) for name, value in given.items()}
    return lists, integer(symbol, "groups", groups)


def _convolution(
    symbol: str, images: tuple[str, Shape], filters: tuple[str, Shape], lists: dict[str, Shape], groups: int
) -> _Convolution:
    """What the arguments say, where they go together."""
    (image_name, image), (filter_name, filter_) = images, filters
    stride = window.steps(symbol, "stride", lists["stride"])
    padding = window.border(symbol, "padding", lists["padding"])
    dilation = window.steps(symbol, "dilation", lists["dilation"])
    _check_channels(symbol, images, filters, groups)
    windows = Windows((filter_[2], filter_[3]), stride, padding, dilation)
    counts = window.fitting(symbol, image_name, image, filter_name, windows)
    return _Convolution(image, filter_, (image[0], filter_[0], *counts), windows, groups)


def _check_channels(symbol: str, images: tuple[str, Shape], filters: tuple[str, Shape], groups: int) -> None:
    (image_name, image), (filter_name, filter_) = images, filters
    if groups < 1:
        raise refused(symbol, "groups", f"{groups} was given, and at least 1 is needed")
    if filter_[0] % groups:
        text = f"the {filter_[0]} output channels of {shape_text(filter_)} do not fall into {groups} groups"
        check.refuse_pair(symbol, filter_name, "groups", text)
    if image[1] != groups * filter_[1]:
        given = f"images of {shape_text(image)} have {image[1]} channels"
        taken = f"filters of {shape_text(filter_)} in {groups} groups take {groups * filter_[1]}"
        check.refuse_pair(symbol, image_name, filter_name, f"{given}, and {taken}")


# What is computed.


def _filtered(x: PureTensor, weight: PureTensor, convolution: _Convolution) -> list[list[Any]]:
    """The images of the result, one row for each."""
    filters = cut(elements(weight, weight._layout.dtype), prod(convolution.filters[1:]))
    found = []
    for image in window.images_of(x):
        for group in range(convolution.groups):
            held = convolution.held(image[convolution.channels(group)])
            found += with_columns(filters[convolution.outputs(group)], held)
    return found


def _correlated(gradient: PureTensor, x: PureTensor, convolution: _Convolution) -> list[Any]:
    """The products of the images of the gradient with what the windows hold, added up."""
    outputs, length = convolution.filters[0], prod(convolution.filters[1:])
    sums = [[0.0] * length for _ in range(outputs)]
    for image, rows in zip(window.images_of(x), _gradients(gradient, convolution), strict=True):
        found: list[list[Any]] = []
        for group in range(convolution.groups):
            held = convolution.held(image[convolution.channels(group)])
            found += with_rows(rows[convolution.outputs(group)], held)
        sums = [[*map(add, *pair)] for pair in zip(sums, found, strict=True)]
    return [*chain.from_iterable(sums)]


def _scattered(gradient: PureTensor, weight: PureTensor, convolution: _Convolution) -> list[Any]:
    """The products of the images of the gradient with the filters, added up where the windows were."""
    filters = cut(elements(weight, weight._layout.dtype), prod(convolution.filters[1:]))
    kernel = prod(convolution.windows.kernel)
    items: list[Any] = []
    for rows in _gradients(gradient, convolution):
        for group in range(convolution.groups):
            part = convolution.outputs(group)
            products = with_columns([[*column] for column in zip(*filters[part], strict=True)], rows[part])
            for start in range(0, len(products), kernel):
                held = products[start : start + kernel]
                items += window.add_elements(convolution.image, convolution.windows, convolution.counts, held)
    return items


def _gradients(gradient: PureTensor, convolution: _Convolution) -> Iterator[list[list[Any]]]:
    """For each image of the batch, a row for each channel of the result."""
    rows = cut(elements(gradient, gradient._layout.dtype), prod(convolution.counts))
    outputs = convolution.filters[0]
    return (rows[start : start + outputs] for start in range(0, len(rows), outputs))
