"""Sums of numbers whose rounding errors stay small however many there are."""

from __future__ import annotations

import sys
from itertools import islice
from operator import add
from typing import Any

from rt_torch.pure.dtype import Items

_COMPENSATED = sys.version_info >= (3, 12)  # sum() carries the rounding errors of floats along
_BLOCK = 1024


def sum_of(items: Items) -> Any:
    """The sum of numbers; of floats with an error of at most 4e-13 of the sum of their absolute values.

    Blocks are summed, then the sums of the blocks: each number takes part in a few thousand additions at most.
    """
    if _COMPENSATED:
        return sum(items)
    while len(items) > _BLOCK:
        following = iter(items)  # which is quicker than slices, as nothing is copied
        items = [sum(islice(following, _BLOCK)) for _ in range(0, len(items), _BLOCK)]
    return sum(items)


def sum_of_rows(rows: list[Items]) -> list[Any]:
    """The sums of the columns; the rows are of one length, and there is at least one."""
    while len(rows) > _BLOCK:
        rows = [_added(rows[start : start + _BLOCK]) for start in range(0, len(rows), _BLOCK)]
    return _added(rows)


def _added(rows: list[Items]) -> list[Any]:
    total: Any = rows[0]
    for row in rows[1:]:
        total = map(add, total, row)
    return [*total]
