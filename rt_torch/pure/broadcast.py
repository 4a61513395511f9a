"""Two shapes as one: sizes are compared from the end, and elements are repeated along a size of 1."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from itertools import repeat
from math import prod
from typing import Any

from rt_torch.pure import check
from rt_torch.pure.dtype import Items
from rt_torch.pure.layout import shape_text
from rt_torch.pure.promotion import cast
from rt_torch.pure.tensor import PureTensor, values

_FEW = 16  # repetitions of single elements up to which filling by strides is faster than appending


@lru_cache(maxsize=1024)
def common_shape(a: tuple[int, ...], b: tuple[int, ...]) -> tuple[int, ...] | None:
    """The shape that the two come to; None when they do not fit."""
    if len(a) < len(b):
        a, b = b, a
    sizes = list(a)
    for place, size in enumerate(b, len(a) - len(b)):
        if sizes[place] == 1:
            sizes[place] = size
        elif size not in (1, sizes[place]):
            return None
    return tuple(sizes)


def checked_shape(symbol: str, a_name: str, a: tuple[int, ...], b_name: str, b: tuple[int, ...]) -> tuple[int, ...]:
    """As `common_shape`.

    Raises:
        BadArgumentError: They do not fit, or the result would have too many elements to count.
    """
    shape = common_shape(a, b)
    if shape is None:
        shapes = f"the shapes {shape_text(a)} and {shape_text(b)} do not broadcast"
        rule = "counted from the end, two sizes must be equal or one of them 1"
        check.refuse_pair(symbol, a_name, b_name, f"{shapes}: {rule}")
    check.result_fits(symbol, a_name, b_name, shape)
    return shape


def elements(x: PureTensor, dtype: str) -> Items:
    """The elements in row-major order, as numbers of `dtype`; maybe the storage itself, never to be changed."""
    return cast(values(x), x._layout.dtype, dtype)


def spread(x: PureTensor, shape: tuple[int, ...], dtype: str) -> Iterable[Any]:
    """The element of `x` for each place of `shape`, which it broadcasts to; for a single pass."""
    layout = x._layout
    items = elements(x, dtype)
    if layout.shape == shape:
        return items
    if layout.size == 1:
        return repeat(items[0], prod(shape))
    return expanded(items, layout.shape, shape)


def expanded(items: Items, shape: tuple[int, ...], target: tuple[int, ...]) -> Items:
    """The elements of a tensor of `shape`, repeated for the shape `target`."""
    for block, times in _repetitions(shape, target):
        items = _repeated(items if isinstance(items, list) else items.tolist(), block, times)
    return items


@lru_cache(maxsize=1024)
def _repetitions(shape: tuple[int, ...], target: tuple[int, ...]) -> tuple[tuple[int, int], ...]:
    """What to repeat, from the last dimension to the first: each run of so many elements, so many times."""
    steps: list[tuple[int, int]] = []
    padded = (1,) * (len(target) - len(shape)) + shape
    block = 1
    for size, wanted in zip(reversed(padded), reversed(target), strict=True):
        if size != wanted:
            if steps and steps[-1][0] * steps[-1][1] == block:  # nothing lies between the two
                steps[-1] = (steps[-1][0], steps[-1][1] * wanted)
            else:
                steps.append((block, wanted))
        block *= wanted
    return tuple(steps)


def _repeated(items: list[Any], block: int, times: int) -> list[Any]:
    if block == len(items):
        return items * times
    out: list[Any] = []
    if block > 1:
        for start in range(0, len(items), block):
            out += items[start : start + block] * times
    elif times > _FEW:
        for item in items:
            out += [item] * times
    else:
        out = [None] * (len(items) * times)
        for place in range(times):
            out[place::times] = items
    return out
