"""Taking times: everything in turn, again and again while there is time, and the shortest counts."""

from __future__ import annotations

import gc
import time
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial
from itertools import repeat
from typing import Any

from rt_torch.accel import acceleration, get_stats
from rt_torch.calibration.fit import Point
from rt_torch.calibration.progress import Progress

__all__ = ["Call", "Clock", "Fresh", "Series", "Step"]

BURST = 4e-4  # seconds that a call is repeated for, at least
LONGEST = 1.2e-2  # seconds: a size that would take longer is left out

Call = Callable[[], object]


class Fresh:
    """Calls on operands that are made anew for each, before its time is taken, and that outlive it."""

    def __init__(self, operand: Callable[[], Any], use: Callable[[Any], object]) -> None:
        self.operand = operand
        self.use = use

    def calls(self, turns: int) -> Call:
        return partial(_exhaust, self.use, [self.operand() for _ in range(turns)])


def _exhaust(use: Callable[[Any], object], operands: Sequence[Any]) -> None:
    deque(map(use, operands), maxlen=0)


class Step:
    """One thing to time."""

    def __init__(self, size: int, work: float, make: Callable[[], Call | Fresh]) -> None:
        self.size = size  # elements of an operand
        self.work = work
        self.make = make  # called when it is first timed
        self.call: Call | Fresh | None = None
        self.seconds = 0.0  # the shortest yet

    def time(self) -> None:
        if self.call is None:
            self.call = self.make()
        once = self._timed(1)
        if once < BURST:
            once = min(once, self._timed(min(int(BURST / max(once, 1e-7)) + 1, 2000)))
        self.seconds = min(self.seconds or once, once)

    def _timed(self, turns: int) -> float:
        assert self.call is not None
        run = self.call.calls(turns) if isinstance(self.call, Fresh) else partial(_repeat, self.call, turns)
        start = time.perf_counter()
        run()
        return (time.perf_counter() - start) / turns


def _repeat(call: Call, turns: int) -> None:
    for _ in repeat(None, turns):
        call()


class Series:
    """A thing to time at growing sizes."""

    def __init__(self, label: str, mode: str, steps: Sequence[Step]) -> None:
        self.label = label  # "exp f32"
        self.mode = acceleration(mode)
        self.steps = list(steps)

    @property
    def points(self) -> list[Point]:
        return [(step.work, step.seconds) for step in self.steps if step.seconds]

    def first_round(self, refused: tuple[type[Exception], ...]) -> None:
        """Time all sizes that do not take too long; none when it is refused."""
        fallbacks = get_stats().fallback
        try:
            with self.mode:
                self._time_growing()
        except refused:
            self.steps = []
        if get_stats().fallback != fallbacks:  # it was the other tier's time
            self.steps = []

    def _time_growing(self) -> None:
        for at, step in enumerate(self.steps):
            step.time()
            following = self.steps[at + 1 : at + 2]
            if following and self._too_long(step, following[0]):
                step.time()  # it may be that only something else was in its way
                if self._too_long(step, following[0]):
                    del self.steps[at + 1 :]

    def _too_long(self, step: Step, following: Step) -> bool:
        return bool(step.work) and step.seconds > 1e-4 and step.seconds * following.work / step.work > LONGEST

    def end(self) -> None:
        """Let go of the tensors; the times stay."""
        for step in self.steps:
            step.call = None

    def another_round(self) -> None:
        with self.mode:
            for step in self.steps:
                step.time()


class Clock:
    """Times series in rounds."""

    def __init__(self, progress: Progress, refused: tuple[type[Exception], ...] = ()) -> None:
        self.progress = progress
        self.refused = refused

    def measure(self, all_series: Sequence[Series], until: float) -> None:
        """One round over all of them, then more while a whole one ends before so many seconds are over."""
        collecting = gc.isenabled()
        gc.disable()
        try:
            self._measure(all_series, until)
        finally:
            for series in all_series:
                series.end()
            if collecting:
                gc.enable()

    def _measure(self, all_series: Sequence[Series], until: float) -> None:
        start = self.progress.elapsed()
        for done, series in enumerate(all_series):
            self.progress.show(series.label, done / len(all_series))
            series.first_round(self.refused)
        round_seconds = self.progress.elapsed() - start
        while self.progress.elapsed() + round_seconds < until:
            start = self.progress.elapsed()
            for series in all_series:
                self.progress.show(series.label)
                series.another_round()
            round_seconds = self.progress.elapsed() - start
