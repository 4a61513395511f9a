"""The measurements of one operation of the pure tier, in the process that `benchmarks.pure` starts for it."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from benchmarks import child, peers
from benchmarks.peers import Library, Sizes
from benchmarks.timing import Loop, alternate, progress, summarise, time_one, turns_for

OURS = "rt-torch"
LEAST = "Python"
Opened = Callable[[], Library]  # ImportError where it is not installed

PEERS: dict[str, Opened] = {LEAST: peers.least, "NumPy": peers.numpy, "tinynumpy": peers.tinynumpy}
SLOW_PEERS: dict[str, Opened] = {"tinygrad": peers.tinygrad}
SMALL_PEERS: dict[str, Opened] = {"torch": peers.torch, "tinynumpy": peers.tinynumpy, **SLOW_PEERS}
SECONDS = 0.02  # for each contender in a round, at least
SECONDS_AROUND = 0.5  # for each of our turns before and after a call that takes long

Times = dict[str, list[float]]  # by library: [nanoseconds, ratio of ours to it]


def measure(operation: str, *, rounds: int, small: bool) -> dict[str, Any]:
    """{"times": Times, "absent": {library: reason}}"""
    absent: dict[str, str] = {}
    if operation == "small add":
        return {"times": compared(operation, SMALL_PEERS, peers.SMALL, absent, rounds), "absent": absent}
    sizes = peers.SMALL if small else peers.FULL
    times = compared(operation, PEERS, sizes, absent, rounds)
    return {"times": {**times, **once(operation, sizes, absent)}, "absent": absent}


def compared(operation: str, among: Mapping[str, Opened], sizes: Sizes, absent: dict[str, str], rounds: int) -> Times:
    """An operation by us and by whoever has it."""
    loops = opened_loops(operation, {OURS: peers.pure, **among}, sizes, absent)
    turns = {name: turns_for(loop, SECONDS) for name, loop in loops.items()}
    timers = {name: partial(time_one, loop) for name, loop in loops.items()}
    taken = alternate(timers, turns, rounds=rounds, title=sizes.title(operation))
    measured = {name: summarise(taken[OURS], peer) for name, peer in taken.items()}
    return {name: [summarise(peer, peer).nanoseconds, measured[name].ratio] for name, peer in taken.items()}


def once(operation: str, sizes: Sizes, absent: dict[str, str]) -> Times:
    """An operation by who takes minutes for it, in a single call, between two of our turns."""
    loops = opened_loops(operation, {OURS: peers.pure, **SLOW_PEERS}, sizes, absent)
    ours = loops.pop(OURS)
    turns = turns_for(ours, SECONDS_AROUND)
    times = {}
    gc.disable()
    for name, loop in loops.items():
        progress(f"{sizes.title(operation)}: {name}, once")
        before, taken, after = time_one(ours, turns), time_one(loop, 1), time_one(ours, turns)
        times[name] = [taken, (before + after) / 2 / taken]
    gc.enable()
    return times


def opened_loops(operation: str, among: Mapping[str, Opened], sizes: Sizes, absent: dict[str, str]) -> dict[str, Loop]:
    """Of those that are installed and have the operation; who is not installed is noted in `absent`."""
    loops = {}
    for name, opened in among.items():
        try:
            loop = opened().loop(operation, sizes)
        except ImportError as error:
            absent[name] = str(error)
            continue
        if loop is not None:
            loops[name] = loop
    peers.data.cache_clear()
    return loops


def main() -> int:
    options = child.options()
    child.answer(measure(options.operation, rounds=options.rounds, small=options.small))
    return 0


if __name__ == "__main__":
    sys.exit(main())
