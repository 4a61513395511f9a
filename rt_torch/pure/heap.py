"""The memory of large lists, kept for the next ones.

CPython gives an arena, 1 MiB for small objects, back to the system as soon as nothing lives in it.  The numbers of the
next large list then get it anew, page by page, which takes time of the order of computing them.  One number that lives
on in an arena keeps it: up to 64 MiB in all, which is what malloc keeps too.
"""

from __future__ import annotations

from typing import Any

__all__ = ["LARGE", "keep"]

LARGE = 8192  # elements from which it is worth while
_STEP = 4096  # an arena has room for eight times as many numbers
_ARENA_BITS = 20
_MOST = 64  # arenas

_kept: dict[int, Any] = {}  # by arena


def keep(numbers: list[Any]) -> None:
    """Have the arenas that the numbers live in outlive them; those that were kept first make room."""
    global _kept
    found = {id(number) >> _ARENA_BITS: number for number in numbers[::_STEP]}
    if not found.keys() <= _kept.keys():
        _kept = dict([*_kept.items(), *found.items()][-_MOST:])
