"""Interleaved timing: contenders take turns within each round, so that whatever else the machine does hits them all."""

from __future__ import annotations

import gc
import statistics
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

Loop = Callable[[int], None]  # runs the measured thing so many times


@dataclass(frozen=True)
class Measured:
    nanoseconds: float  # 812.0: median over the rounds, for one turn of the loop
    ratio: float  # 0.79: median over the rounds of the ratio to the peer in the same round


def interleave(
    contenders: Mapping[str, Loop], peer: str, *, rounds: int, turns: int, title: str
) -> dict[str, Measured]:
    """Time every contender in every round; `peer` is the one that ratios are to."""
    times: dict[str, list[float]] = {name: [] for name in contenders}
    for loop in contenders.values():
        loop(max(turns // 10, 1))  # warm
    gc.disable()
    try:
        for done in range(rounds):
            progress(f"{title}: round {done + 1} of {rounds}")
            for name, loop in contenders.items():
                times[name].append(time_one(loop, turns))
    finally:
        gc.enable()
        progress("")
    return {name: summarise(taken, times[peer]) for name, taken in times.items()}


def time_one(loop: Loop, turns: int) -> float:
    start = time.perf_counter_ns()
    loop(turns)
    return (time.perf_counter_ns() - start) / turns


def summarise(taken: list[float], peer: list[float]) -> Measured:
    ratios = [mine / theirs for mine, theirs in zip(taken, peer, strict=True)]
    return Measured(statistics.median(taken), statistics.median(ratios))


def progress(text: str) -> None:
    """One line that the next replaces; nothing where nobody watches."""
    if sys.stderr.isatty():
        print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)
