"""How far a calibration is: a bar that is redrawn on a terminal, a few lines elsewhere."""

from __future__ import annotations

import time

from rt_torch._terminal import EVERY, Line, bar

__all__ = ["Progress"]


class Progress:
    """How much of the time is over, and what is being measured."""

    def __init__(self, seconds: float, *, enabled: bool = True) -> None:
        self.seconds = seconds
        self._start = time.perf_counter()
        self._drawn = -EVERY
        self._quarter = -1
        self._line = Line(enabled=enabled)

    def elapsed(self) -> float:
        return time.perf_counter() - self._start

    def show(self, label: str, part: float = 1.0) -> None:
        """`part` of what must be done is done; the bar goes by the time, and not beyond that part."""
        if not self._line.live and not self._line.plain:
            return
        elapsed = self.elapsed()
        share = min(elapsed / self.seconds if self.seconds else 1.0, part, 1.0)
        if self._line.plain and min(int(4 * share), 3) > self._quarter:
            self._quarter = min(int(4 * share), 3)
            self._line.say(f"calibrating: {25 * self._quarter} %")
        if self._line.live and elapsed - self._drawn >= EVERY:
            self._drawn = elapsed
            self._line.draw(f"{bar(share)}  {label}")

    def end(self, finished: bool) -> None:
        """Leave a clean line."""
        self._line.clear()
        if self._line.plain and finished:
            self._line.say("calibrating: 100 %")
