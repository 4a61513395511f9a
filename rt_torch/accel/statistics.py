"""How many calls each tier answered, and what was moved between them."""

from __future__ import annotations

import itertools
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple, TextIO

__all__ = [
    "Stats",
    "Transfers",
    "count_also",
    "count_native",
    "count_pure",
    "get_stats",
    "get_transfers",
    "not_counted",
    "print_stats",
    "record_ffi",
    "record_ffi_fallback",
    "record_pure",
    "record_transfer",
    "reset_stats",
]


class Stats(NamedTuple):
    pure: int  # calls that were chosen for Python, and answered there
    ffi: int  # calls that native answered
    fallback: int  # calls that native failed and pure answered; in neither of the others


class Transfers(NamedTuple):
    copies: int  # times that elements were copied between the tiers
    elements: int  # how many elements those copies moved
    shared: int  # times that one tier was given the other's memory, without a copy


class _Counter:
    """Counts without a lock: a step of itertools.count is one step of the interpreter.

    Reading takes a step too, so those are subtracted; readers need a lock.
    """

    __slots__ = ("_base", "_others", "_reads", "step")

    def __init__(self) -> None:
        self.step = itertools.count().__next__
        self._others: list[Callable[[], int]] = []
        self._reads = 0
        self._base = 0

    def add(self, other: Callable[[], int]) -> None:
        """Count in what this one says, too."""
        self._others.append(other)

    def _steps(self) -> int:
        steps = self.step() - self._reads
        self._reads += 1
        return steps + sum(other() for other in self._others)

    def read(self) -> int:
        return self._steps() - self._base

    def reset(self, to: int = 0) -> None:
        self._base = self._steps() - to


_pure = _Counter()
_native = _Counter()
_fallback = _Counter()
_lock = threading.Lock()
_copies = _elements = _shared = 0


def count_also(*, pure: Callable[[], int], native: Callable[[], int]) -> None:
    """Add to the calls counted here those that somebody else counts, and tells when asked."""
    with _lock:
        _pure.add(pure)
        _native.add(native)


count_pure = _pure.step  # what they return means nothing
count_native = _native.step


def record_pure() -> None:
    _pure.step()


def record_ffi() -> None:
    _native.step()


def record_ffi_fallback() -> None:
    """Count a call that native failed and pure answered; it is counted nowhere else."""
    _fallback.step()


def record_transfer(elements: int, *, shared: bool = False) -> None:
    """Count data that went from one tier to the other: `elements` copied, or their memory shared."""
    global _copies, _elements, _shared
    with _lock:
        if shared:
            _shared += 1
        else:
            _copies += 1
            _elements += elements


def get_stats() -> Stats:
    """Calls since the last reset, exact however many threads are counting."""
    with _lock:
        return Stats(_pure.read(), _native.read(), _fallback.read())


def get_transfers() -> Transfers:
    """What moved between the tiers since the last reset."""
    with _lock:
        return Transfers(_copies, _elements, _shared)


def reset_stats() -> None:
    """Count from zero again; transfers too."""
    global _copies, _elements, _shared
    with _lock:
        for counter in (_pure, _native, _fallback):
            counter.reset()
        _copies = _elements = _shared = 0


@contextmanager
def not_counted() -> Iterator[None]:
    """Leave out what is counted meanwhile, by whomever."""
    global _copies, _elements, _shared
    stats, moved = get_stats(), get_transfers()
    try:
        yield
    finally:
        with _lock:
            for counter, before in zip((_pure, _native, _fallback), stats, strict=True):
                counter.reset(before)
            _copies, _elements, _shared = moved


def print_stats(file: TextIO | None = None) -> None:
    """Print the statistics, to stdout by default:

    Pure:      4 operations (80%)
    Native:    1 operation (20%)
    Fallback:  0 operations (0%)
    Copied:    2 times, 2,000 elements
    Shared:    5 times
    """
    stats, moved = get_stats(), get_transfers()
    total = sum(stats)
    lines = [
        f"{label + ':':<10} {_counted(number, 'operation')} ({_percent(number, total)})"
        for label, number in zip(("Pure", "Native", "Fallback"), stats, strict=True)
    ]
    lines.append(f"{'Copied:':<10} {_counted(moved.copies, 'time')}, {_counted(moved.elements, 'element')}")
    lines.append(f"{'Shared:':<10} {_counted(moved.shared, 'time')}")
    print("\n".join(lines), file=file or sys.stdout)


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _percent(part: int, total: int) -> str:
    return f"{100 * part / total:.0f}%" if total else "0%"
