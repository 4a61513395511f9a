"""The measurements of one operation of the pure tier, in the process that `benchmarks.pure` starts for it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from benchmarks import child, peers
from benchmarks.peers import Library, Sizes
from benchmarks.timing import alternate, summarise, time_one, turns_for

OURS = "rt-torch"
LEAST = "Python"
Opened = Callable[[], Library]  # ImportError where it is not installed

PEERS: dict[str, Opened] = {LEAST: peers.least, "NumPy": peers.numpy, "tinynumpy": peers.tinynumpy}
SLOW_PEERS: dict[str, Opened] = {"tinygrad": peers.tinygrad}
SMALL_PEERS: dict[str, Opened] = {"torch": peers.torch, "tinynumpy": peers.tinynumpy, **SLOW_PEERS}
SLOW_ROUNDS = 3
SECONDS = 0.02  # for each contender in a round, at least

Times = dict[str, list[float]]  # by library: [nanoseconds, ratio of ours to it]


def measure(operation: str, *, rounds: int, small: bool) -> dict[str, Any]:
    """{"times": Times, "absent": {library: reason}}"""
    absent: dict[str, str] = {}
    if operation == "small add":
        return {"times": compared(operation, SMALL_PEERS, peers.SMALL, absent, rounds), "absent": absent}
    sizes, slow = (peers.SMALL, peers.SMALL) if small else (peers.FULL, peers.SLOW)
    times = compared(operation, PEERS, sizes, absent, rounds)
    slower = compared(operation, SLOW_PEERS, slow, absent, min(rounds, SLOW_ROUNDS))
    return {"times": {**slower, **times}, "absent": absent}


def compared(operation: str, among: Mapping[str, Opened], sizes: Sizes, absent: dict[str, str], rounds: int) -> Times:
    """An operation by us and by whoever has it."""
    loops = {}
    for name, opened in {OURS: peers.pure, **among}.items():
        try:
            loop = opened().loop(operation, sizes)
        except ImportError as error:
            absent[name] = str(error)
            continue
        if loop is not None:
            loops[name] = loop
    peers.data.cache_clear()
    turns = {name: turns_for(loop, SECONDS) for name, loop in loops.items()}
    timers = {name: partial(time_one, loop) for name, loop in loops.items()}
    taken = alternate(timers, turns, rounds=rounds, title=sizes.title(operation))
    measured = {name: summarise(taken[OURS], peer) for name, peer in taken.items()}
    return {name: [summarise(peer, peer).nanoseconds, measured[name].ratio] for name, peer in taken.items()}


def main() -> int:
    options = child.options()
    child.answer(measure(options.operation, rounds=options.rounds, small=options.small))
    return 0


if __name__ == "__main__":
    sys.exit(main())
