"""Functions, sizes and residencies in each mode: in the process that `benchmarks.tiers` starts for it."""

from __future__ import annotations

import gc
import random
import statistics
import sys
import time
from array import array
from collections import deque
from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any

import rt_torch as rt
from benchmarks import child
from benchmarks.points import FUNCTIONS, LONG, MODES, RESIDENCIES, SUSPECT, Grid, Point
from benchmarks.timing import Prepare, progress, time_prepared
from rt_torch import accel, native

ELEMENTS, CALLS = 32768, 300  # in a round at most, but at least one call
DECISION_COUNTS = 1 << 20  # work up to which a first decision takes a part of the call's time that can be seen
FEWEST, MOST = 3, 15  # rounds
SECONDS = 0.3  # for a point, where the fewest rounds do not take longer
AGAIN = 120.0  # seconds for that, all together


def measure(*, rounds: int, small: bool) -> Grid:
    most = min(rounds, MOST)
    points: list[Point] = []
    skipped: list[tuple[str, int]] = []
    for name, function in FUNCTIONS.items():
        sizes = function.sizes[:3] if small else function.sizes
        for residency in RESIDENCIES:
            measured, too_long = row(name, sizes, residency, most, CALLS // 30 if small else CALLS)
            points += measured
            skipped += [(name, size) for size in too_long if (name, size) not in skipped]
    repeated = 0 if small else repeat_suspects(points, most)
    return Grid(points, skipped, repeated, accel.current_profile().name, native.get_num_threads())


def row(
    name: str, sizes: tuple[int, ...], residency: str, rounds: int, calls: int
) -> tuple[list[Point], tuple[int, ...]]:
    """One function over the sizes, and the sizes for which the pure tier would take too long."""
    points: list[Point] = []
    for place, size in enumerate(sizes):
        if points:
            growth = (size / points[-1].size) ** FUNCTIONS[name].power
            if points[-1].seconds["pure"] * growth > LONG:
                return points, sizes[place:]
        points.append(point(name, size, residency, FEWEST, rounds, calls))
    return points, ()


def repeat_suspects(points: list[Point], rounds: int) -> int:
    """Measure what looks bad again, with three times as many rounds: the second result counts, whatever it is."""
    end = time.perf_counter() + AGAIN
    suspects = sorted((each for each in points if each.ratio > SUSPECT), key=lambda each: -each.ratio)
    for done, each in enumerate(suspects):
        if time.perf_counter() > end:
            return done
        again = point(each.function, each.size, each.residency, 3 * FEWEST, 3 * rounds)
        points[points.index(each)] = again
    return len(suspects)


def point(name: str, size: int, residency: str, fewest: int, rounds: int, calls: int = CALLS) -> Point:
    """Interleaved rounds in the three modes.

    The modes change places from round to round: the one after a long one may find the caches cold.
    """
    timers = {mode: partial(time_prepared, preparing(mode, name, size, residency)) for mode in MODES}
    turns = max(1, min(calls, ELEMENTS // size))
    for timer in timers.values() if turns > 1 else ():
        timer(turns // 10 + 1)  # warm
    times: dict[str, list[float]] = {mode: [] for mode in MODES}
    tiers: set[str] = set()
    order = list(MODES)
    end = time.perf_counter() + SECONDS * fewest / FEWEST
    gc.disable()
    while (done := len(times["auto"])) < min(fewest, rounds) or (done < rounds and time.perf_counter() < end):
        progress(f"{name} of {size:,}, {residency}: round {done + 1}")
        for mode in order:
            times[mode].append(timers[mode](turns))
            if mode == "auto":
                tiers |= used()
        order.append(order.pop(0))
    gc.enable()
    progress("")
    return summary(name, size, residency, times, tiers)


def summary(name: str, size: int, residency: str, times: dict[str, list[float]], tiers: set[str]) -> Point:
    seconds = {mode: statistics.median(taken) / 1e9 for mode, taken in times.items()}
    better = times[min(("pure", "native"), key=seconds.__getitem__)]
    ratio = statistics.median(mine / theirs for mine, theirs in zip(times["auto"], better, strict=True))
    return Point(name, size, residency, seconds, ratio, tiers.pop() if len(tiers) == 1 else "both")


def used() -> set[str]:
    """The tiers that computed since the operands were made."""
    stats = accel.get_stats()
    return {tier for tier, calls in (("pure", stats.pure + stats.fallback), ("native", stats.ffi)) if calls}


def preparing(mode: str, name: str, size: int, residency: str) -> Prepare:
    """Calls of a function, each on operands of its own that nobody has moved yet.

    A change of the mode forgets decisions, so the first call is not timed where the decision would count.
    """
    function = FUNCTIONS[name]
    first = 1 if size**function.power <= DECISION_COUNTS else 0

    def prepare(turns: int) -> Callable[[], object]:
        columns = [[operand(size, residency) for _ in range(turns + first)] for _ in range(function.operands)]
        rt.set_acceleration(mode)
        if first:
            function.call(*(column.pop() for column in columns))
        accel.reset_stats()
        return lambda: deque(map(function.call, *columns), maxlen=0)

    return prepare


def operand(size: int, residency: str) -> Any:
    """A matrix of so many elements that nothing else holds, its shape known."""
    rt.set_acceleration("pure")
    if residency == "list":
        return -listed(size)  # what Python computes is a list
    memory = rt.from_buffer(data(size)[:], shape_of(size))
    if residency == "memory":
        return memory
    rt.set_acceleration("native")
    tensor = memory.clone()
    if tensor.shape != memory.shape or tensor.residency != "native":
        raise RuntimeError(f"a clone in mode native is resident in {tensor.residency}")
    return tensor


@lru_cache(maxsize=1)
def listed(size: int) -> Any:
    return rt.from_data(data(size).tolist(), shape_of(size))


@lru_cache(maxsize=1)
def data(size: int) -> array[float]:
    numbers = random.Random(size)
    some = array("d", [numbers.uniform(-1.0, 1.0) for _ in range(min(size, 4096))])
    return (some * (size // len(some) + 1))[:size]


def shape_of(size: int) -> tuple[int, int]:
    """As square as powers of two can be."""
    rows = 1 << (size.bit_length() - 1) // 2
    return rows, size // rows


def main() -> int:
    options = child.options()
    child.answer(measure(rounds=options.rounds, small=options.small))
    return 0


if __name__ == "__main__":
    sys.exit(main())
