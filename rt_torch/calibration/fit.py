"""Straight lines through measured times."""

from __future__ import annotations

import statistics
from collections.abc import Sequence

from rt_torch.accel.cost import FAR, FunctionCost, Linear

__all__ = ["Point", "far_slope", "fitted", "median_cost"]

Point = tuple[float, float]  # work, seconds


def fitted(points: Sequence[Point]) -> Linear:
    """The line a + b * work with the least squares of relative errors, neither a nor b negative.

    Relative ones: a microsecond matters at a size that takes two, and not at one that takes a second.
    """
    weighted = [(1 / seconds, work / seconds) for work, seconds in points if seconds > 0]
    if not weighted:
        return Linear(0.0, 0.0)
    u, v = sum(one for one, _ in weighted), sum(per_work for _, per_work in weighted)
    uu = sum(one * one for one, _ in weighted)
    uv = sum(one * per_work for one, per_work in weighted)
    vv = sum(per_work * per_work for _, per_work in weighted)
    determinant = uu * vv - uv * uv
    if determinant <= 1e-12 * uu * vv:  # one size only
        return Linear(u / uu, 0.0)
    a, b = (u * vv - v * uv) / determinant, (v * uu - u * uv) / determinant
    if a < 0:
        return Linear(0.0, v / vv)
    return Linear(u / uu, 0.0) if b < 0 else Linear(a, b)


def far_slope(near: Linear, points: Sequence[Point], least: float = 0.0) -> float:
    """What each element beyond FAR costs more, by sizes beyond it."""
    more = [(seconds - near.at(work)) / (work - FAR) for work, seconds in points if work > FAR]
    return max(least, statistics.median(more)) if more else 0.0


def median_cost(costs: Sequence[FunctionCost]) -> FunctionCost:
    """A typical one of several."""
    memory = [cost.memory for cost in costs if cost.memory is not None]
    pure, native = _median([cost.pure for cost in costs]), _median([cost.native for cost in costs])
    return FunctionCost(pure, native, _median(memory) if memory else None)


def _median(lines: Sequence[Linear]) -> Linear:
    a, b, far = (statistics.median(numbers) for numbers in zip(*lines, strict=True))
    return Linear(a, b, far)
