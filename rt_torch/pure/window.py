"""Windows that move over images: how many there are, what each holds, and where it lies.

Of two numbers the first is for the height.  An image is a list of rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, product
from operator import add
from typing import Any, NamedTuple

from rt_torch.pure import check
from rt_torch.pure.argument import refused
from rt_torch.pure.broadcast import elements
from rt_torch.pure.layout import shape_text
from rt_torch.pure.lines import cut
from rt_torch.pure.tensor import PureTensor

IMAGES = "batch, channels, height and width"
FILTERS = "output channels, channels, height and width"

Pair = tuple[int, int]
Image = list[list[Any]]

_MOST = (1 << 31) - 1


class Windows(NamedTuple):
    """What moves over an image, and how."""

    kernel: Pair  # elements of a window
    stride: Pair  # steps from window to window
    padding: Pair  # how far windows reach over the edges
    dilation: Pair = (1, 1)  # steps from element to element
    ceil: bool = False  # whether windows reach further over the far edge where they begin before it

    def reach(self) -> Pair:
        """Height and width of a window, its gaps included."""
        (height, width), (down, right) = self.kernel, self.dilation
        return down * (height - 1) + 1, right * (width - 1) + 1

    def counts(self, height: int, width: int) -> Pair:
        """How many there are on an image, down and to the right; 0 where they do not fit."""
        down, right = self.reach()
        return self._count(0, height, down), self._count(1, width, right)

    def _count(self, place: int, size: int, reach: int) -> int:
        stride, padding = self.stride[place], self.padding[place]
        room = size + 2 * padding - reach + (stride - 1 if self.ceil else 0)
        if room < 0:
            return 0
        return room // stride + 1 - (self.ceil and room // stride * stride >= size + padding)

    def misses(self, height: int, width: int) -> bool:
        """Whether a window before the image passes over it with one step, which is possible where it is that small."""
        return any(self._misses(place, size) for place, size in enumerate((height, width)))

    def _misses(self, place: int, size: int) -> bool:
        dilation = self.dilation[place]
        return size < dilation and any(
            start % dilation >= size for start in range(-self.padding[place], 0, self.stride[place])
        )


# Checks, with the words of the native tier.


def images(symbol: str, name: str, x: PureTensor) -> None:
    """Four dimensions, of which only the batch may be empty."""
    check.dims(symbol, name, x, 4, IMAGES)
    _sizes(symbol, name, x._layout.shape, 1)


def image_sizes(symbol: str, name: str, shape: tuple[int, ...]) -> None:
    """The same of a list of sizes."""
    _four(symbol, name, shape, IMAGES)
    _sizes(symbol, name, shape, 1)


def filters(symbol: str, name: str, weight: PureTensor) -> None:
    """Four dimensions, none of them empty."""
    check.dims(symbol, name, weight, 4, FILTERS)
    _sizes(symbol, name, weight._layout.shape, 0)


def filter_sizes(symbol: str, name: str, shape: tuple[int, ...]) -> None:
    """The same of a list of sizes."""
    _four(symbol, name, shape, FILTERS)
    _sizes(symbol, name, shape, 0)


def _four(symbol: str, name: str, shape: tuple[int, ...], meaning: str) -> None:
    if len(shape) != 4:
        raise refused(symbol, name, f"{len(shape)} sizes were given, and 4 are needed: {meaning}")


def _sizes(symbol: str, name: str, shape: tuple[int, ...], first: int) -> None:
    if 0 in shape[first:]:
        beside = " beside the batch" if first else ""
        raise refused(symbol, name, f"the shape {shape_text(shape)} has a size of 0{beside}")
    if max(shape[2:]) > _MOST:
        raise refused(symbol, name, f"the shape {shape_text(shape)} has a height or width above {_MOST}")


def steps(symbol: str, name: str, numbers: tuple[int, ...]) -> Pair:
    """One number for both, or two, of at least 1."""
    return _pair(symbol, name, numbers, 1)


def border(symbol: str, name: str, numbers: tuple[int, ...]) -> Pair:
    """One number for both, or two, of at least 0."""
    return _pair(symbol, name, numbers, 0)


def _pair(symbol: str, name: str, numbers: tuple[int, ...], least: int) -> Pair:
    if len(numbers) not in (1, 2):
        rule = "one is needed, or one for height and one for width"
        raise refused(symbol, name, f"{len(numbers)} numbers were given, and {rule}")
    if not all(least <= number <= _MOST for number in numbers):
        rule = f"each number must lie in {least} to {_MOST}"
        raise refused(symbol, name, f"{shape_text(numbers)} was given, and {rule}")
    return numbers[0], numbers[-1]


def fitting(symbol: str, image_name: str, image: tuple[int, ...], window_name: str, windows: Windows) -> Pair:
    """How many windows there are, down and to the right: at least one."""
    counts = windows.counts(*image[2:])
    if 0 in counts:
        padded = [size + 2 * padding for size, padding in zip(image[2:], windows.padding, strict=True)]
        reach = f"windows of {shape_text(windows.reach())}, dilation included"
        room = f"images of {shape_text(padded)}, padding included"
        check.refuse_pair(symbol, image_name, window_name, f"{reach}, do not fit into {room}")
    return counts


def gradient_fits(symbol: str, gradient: PureTensor, name: str, what: str, shape: tuple[int, ...]) -> None:
    """A gradient of the shape that the convolved or pooled images have."""
    given = gradient._layout.shape
    if given != shape:
        text = f"the shape of the gradient is {shape_text(given)}, and that of the {what} images {shape_text(shape)}"
        check.refuse_pair(symbol, "gradient", name, text)


# Elements.


def images_of(x: PureTensor) -> Iterator[list[Image]]:
    """For each image of the batch, that of each channel."""
    _, channels, height, width = x._layout.shape
    rows = cut(elements(x, x._layout.dtype), width)
    images = cut(rows, height)
    return (images[start : start + channels] for start in range(0, len(images), channels))


def padded(image: Image, windows: Windows, counts: Pair, fill: Any) -> Image:
    """An image with what the windows reach over its edges."""
    (top, left), (down, right) = windows.padding, windows.stride
    height, width = windows.reach()
    bottom = down * (counts[0] - 1) + height - top - len(image)
    beside = right * (counts[1] - 1) + width - left - len(image[0])
    if not (top or left or bottom > 0 or beside > 0):
        return image
    before, behind = [fill] * left, [fill] * beside
    blank = [fill] * (left + len(image[0]) + max(beside, 0))
    inner = [[*before, *row, *behind] for row in image]
    return [blank] * top + inner + [blank] * bottom


def elements_of(image: Image, windows: Windows, counts: Pair) -> Iterator[list[Any]]:
    """For each place in a window, row by row, the elements that the windows have there, in row-major order."""
    down, right = counts
    (step_down, step_right), (apart_down, apart_right) = windows.stride, windows.dilation
    reach_down, reach_right = windows.reach()
    last_down, last_right = step_down * (down - 1), step_right * (right - 1)
    shifted = [
        [row[at : at + last_right + 1 : step_right] for row in image] for at in range(0, reach_right, apart_right)
    ]
    if step_down == 1:
        flat = [[*chain.from_iterable(rows)] for rows in shifted]
        for at in range(0, reach_down, apart_down):
            yield from (items[at * right : (at + down) * right] for items in flat)
    else:
        for at in range(0, reach_down, apart_down):
            yield from ([*chain.from_iterable(rows[at : at + last_down + 1 : step_down])] for rows in shifted)


def add_elements(image: Pair, windows: Windows, counts: Pair, elements: Iterable[list[float]]) -> list[float]:
    """The opposite of `elements_of`: an image in row-major order, where each element is the sum of what stands for it
    in the windows; what they reach over its edges is left out."""
    (height, width), (top, left), (down, right) = image, windows.padding, counts
    step_down, step_right = windows.stride
    reach_down, reach_right = windows.reach()
    last_down, last_right = step_down * (down - 1), step_right * (right - 1)
    length = max(left + width, last_right + reach_right)
    whole = [[0.0] * length for _ in range(max(top + height, last_down + reach_down))]
    places = product(range(0, reach_down, windows.dilation[0]), range(0, reach_right, windows.dilation[1]))
    for (y, x), items in zip(places, elements, strict=True):
        part = slice(x, x + last_right + 1, step_right)
        rows = whole[y : y + last_down + 1 : step_down]
        for row, start in zip(rows, range(0, down * right, right), strict=True):
            row[part] = map(add, row[part], items[start : start + right])
    return [*chain.from_iterable(row[left : left + width] for row in whole[top : top + height])]
