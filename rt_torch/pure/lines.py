"""The lines of a tensor along one of its dimensions."""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import Any

from rt_torch.pure.dtype import Items


def extents(shape: tuple[int, ...], dim: int) -> tuple[int, int, int]:
    """Elements before, along and after a dimension; without dimensions there is one line of one element."""
    if not shape:
        return 1, 1, 1
    return prod(shape[:dim]), shape[dim], prod(shape[dim + 1 :])


def cut(items: Items, length: int) -> list[list[Any]]:
    """The elements in rows of one length."""
    flat: list[Any] = items if isinstance(items, list) else items.tolist()
    return [flat[start : start + length] for start in range(0, len(flat), length)]


def each_line(items: Items, shape: tuple[int, ...], dim: int, compute: Callable[[Items], list[Any]]) -> list[Any]:
    """What `compute` makes of each line along `dim` of the elements in row-major order, in the same order."""
    outer, length, inner = extents(shape, dim)
    out: list[Any] = []
    if not outer * length * inner:
        return out
    if inner == 1:
        for start in range(0, outer * length, length):
            out += compute(items[start : start + length])
        return out
    block = length * inner
    for start in range(0, outer * block, block):
        lines = [None] * block
        for place in range(inner):
            lines[place::inner] = compute(items[start + place : start + block : inner])
        out += lines
    return out


def of_each_line(items: Items, shape: tuple[int, ...], dim: int, compute: Callable[[Items], Any]) -> list[Any]:
    """The one element that `compute` makes of each line along `dim`, which is not empty unless there is none."""
    outer, length, inner = extents(shape, dim)
    if inner == 1:
        return [compute(items[start : start + length]) for start in range(0, outer * length, length or 1)]
    block = length * inner
    starts = range(0, outer * block, block or 1)
    return [compute(items[place : start + block : inner]) for start in starts for place in range(start, start + inner)]
