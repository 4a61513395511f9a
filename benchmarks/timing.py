"""Interleaved timing: contenders take turns within each round, so that whatever else the machine does hits them all."""

from __future__ import annotations

import gc
import statistics
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

Loop = Callable[[int], None]  # runs the measured thing so many times
Timer = Callable[[int], float]  # does so, and answers nanoseconds for one time
Prepare = Callable[[int], Callable[[], object]]  # gets ready for so many times; what it returns is timed


@dataclass(frozen=True)
class Measured:
    nanoseconds: float  # 812.0: median over the rounds, for one turn of the loop
    ratio: float  # 0.79: median over the rounds of the ratio to the peer in the same round


def interleave(
    contenders: Mapping[str, Loop], peer: str, *, rounds: int, turns: int, title: str
) -> dict[str, Measured]:
    """Time every contender in every round; `peer` is the one that ratios are to."""
    for loop in contenders.values():
        loop(max(turns // 10, 1))  # warm
    timers = {name: partial(time_one, loop) for name, loop in contenders.items()}
    times = alternate(timers, dict.fromkeys(timers, turns), rounds=rounds, title=title)
    return {name: summarise(taken, times[peer]) for name, taken in times.items()}


def alternate(
    contenders: Mapping[str, Timer], turns: Mapping[str, int], *, rounds: int, title: str
) -> dict[str, list[float]]:
    """Nanoseconds for one turn of each contender, in each round."""
    times: dict[str, list[float]] = {name: [] for name in contenders}
    gc.disable()
    try:
        for done in range(rounds):
            progress(f"{title}: round {done + 1} of {rounds}")
            for name, timer in contenders.items():
                times[name].append(timer(turns[name]))
    finally:
        gc.enable()
        progress("")
    return times


def turns_for(loop: Loop, seconds: float) -> int:
    """How many turns of a loop take at least so many seconds; it is warm afterwards."""
    turns = 1
    loop(turns)
    while (taken := time_one(loop, turns) * turns / 1e9) < seconds:
        turns *= 2 if taken * 4 > seconds else 4
    return turns


def time_one(loop: Loop, turns: int) -> float:
    start = time.perf_counter_ns()
    loop(turns)
    return (time.perf_counter_ns() - start) / turns


def time_prepared(prepare: Prepare, turns: int) -> float:
    """As `time_one`; neither getting ready nor letting go of what that made counts."""
    run = prepare(turns)
    start = time.perf_counter_ns()
    run()
    return (time.perf_counter_ns() - start) / turns


def summarise(taken: list[float], peer: list[float]) -> Measured:
    ratios = [mine / theirs for mine, theirs in zip(taken, peer, strict=True)]
    return Measured(statistics.median(taken), statistics.median(ratios))


def progress(text: str) -> None:
    """One line that the next replaces; nothing where nobody watches."""
    if sys.stderr.isatty():
        print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)
