"""Numbers of one dtype as those of another, and what Python computed as numbers of a dtype."""

from __future__ import annotations

from itertools import repeat
from operator import ne
from typing import Any

from rt_torch.pure.dtype import Items, packed, truncated, wrapped
from rt_torch.pure.dtype import result_dtype as dtype_of_two
from rt_torch.pure.layout import Layout

_EXACT = 1 << 53  # integers up to here are exact as doubles


def result_dtype(a: Layout, b: Layout) -> str:
    """The dtype of what two tensors give."""
    return a.dtype if a.dtype == b.dtype else dtype_of_two(a.dtype, a.ndim, b.dtype, b.ndim)


def float_dtype(dtype: str) -> str:
    """The dtype in which a function of real numbers computes."""
    return dtype if dtype in ("f64", "f32") else "f32"


def settled(items: list[Any], dtype: str) -> list[Any]:
    """Exact integers, or doubles, as numbers of `dtype`: modulo 2**64, rounded to f32; maybe the same list."""
    if dtype == "f32":
        return packed(items, "f32").tolist()
    if dtype == "i64":
        try:
            packed(items, "i64")
        except OverflowError:
            return [*map(wrapped, items)]
    return items


def cast(items: Items, source: str, target: str) -> Items:
    """Numbers of the dtype `source` as those of `target`; maybe the same object."""
    if source == target or (source == "f32" and target == "f64"):
        return items
    if target == "bool":
        return [*map(ne, items, repeat(0))]
    if target == "i64":
        return [*map(int, items)] if source == "bool" else _integers(items)
    if target == "f32":
        return packed(_near(items) if source == "i64" else items, "f32").tolist()
    return [*map(float, items)]


def _integers(items: Items) -> list[int]:
    try:
        integers = [*map(int, items)]
        packed(integers, "i64")
    except (OverflowError, ValueError):  # what i64 does not hold, or NaN
        return [*map(truncated, items)]
    return integers


def _near(items: Items) -> Items:
    """Integers which rounding to a double first, and to f32 then, rounds right."""
    if len(items) == 0 or (max(items) <= _EXACT and min(items) >= -_EXACT):
        return items
    return [*map(_odd, items)]


def _odd(value: int) -> int:
    """`value` cut to the 53 bits of a double, where the last bit tells whether anything was cut off."""
    extra = abs(value).bit_length() - 53
    if extra <= 0:
        return value
    kept = abs(value) >> extra
    kept |= kept << extra != abs(value)
    return (kept if value > 0 else -kept) << extra
