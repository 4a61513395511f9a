"""The measurements of the pure tier, in the process that `benchmarks.pure` starts for them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from benchmarks import child, peers
from benchmarks.peers import Loops, Sizes
from benchmarks.timing import alternate, summarise, time_one, turns_for

OURS = "rt-torch"
Opened = Callable[[Sizes], Loops]  # a library's loops; ImportError where it is not installed

PEERS: dict[str, Opened] = {"NumPy": peers.numpy, "tinynumpy": peers.tinynumpy}
SLOW_PEERS: dict[str, Opened] = {"tinygrad": peers.tinygrad}
SMALL_PEERS: dict[str, Opened] = {"torch": peers.torch, **PEERS, **SLOW_PEERS}
SLOW_ROUNDS = 3
SECONDS = 0.02  # for each contender in a round, at least

Times = dict[str, dict[str, list[float]]]  # operation: library: [nanoseconds, ratio of ours to it]


def measure(*, rounds: int, small: bool) -> dict[str, Any]:
    """{"times": Times, "absent": {library: reason}}

    The small operation comes first: millions of numbers in memory would spread its few ones over all of it.
    """
    absent: dict[str, str] = {}
    sizes, slow = (peers.SMALL, peers.SMALL) if small else (peers.FULL, peers.SLOW)
    times = times_at(peers.SMALL, SMALL_PEERS, ["small add"], absent, rounds=rounds)
    large = [operation for operation in peers.OPERATIONS if operation not in times]
    times.update(times_at(sizes, PEERS, large, absent, rounds=rounds))
    for operation, taken in times_at(slow, SLOW_PEERS, large, absent, rounds=min(rounds, SLOW_ROUNDS)).items():
        times[operation].update({name: each for name, each in taken.items() if name != OURS})
    return {"times": times, "absent": absent}


def times_at(
    sizes: Sizes, among: dict[str, Opened], operations: Sequence[str], absent: dict[str, str], *, rounds: int
) -> Times:
    """Operations by us and by whoever has them."""
    libraries = {OURS: peers.pure(sizes)}
    for name, opened in among.items():
        try:
            libraries[name] = opened(sizes)
        except ImportError as error:
            absent[name] = str(error)
    return {operation: compared(operation, libraries, sizes, rounds) for operation in operations}


def compared(operation: str, libraries: dict[str, Loops], sizes: Sizes, rounds: int) -> dict[str, list[float]]:
    loops = {name: each[operation] for name, each in libraries.items() if operation in each}
    turns = {name: turns_for(loop, SECONDS) for name, loop in loops.items()}
    timers = {name: partial(time_one, loop) for name, loop in loops.items()}
    taken = alternate(timers, turns, rounds=rounds, title=sizes.title(operation))
    measured = {name: summarise(taken[OURS], peer) for name, peer in taken.items()}
    return {name: [summarise(peer, peer).nanoseconds, measured[name].ratio] for name, peer in taken.items()}


def main() -> int:
    options = child.options()
    child.answer(measure(rounds=options.rounds, small=options.small))
    return 0


if __name__ == "__main__":
    sys.exit(main())
