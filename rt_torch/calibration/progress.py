"""How far a calibration is: a bar that is redrawn on a terminal, a few lines elsewhere."""

from __future__ import annotations

import sys
import time

__all__ = ["Progress"]

WIDTH = 30
EVERY = 0.1  # seconds between two drawings


class Progress:
    """How much of the time is over, and what is being measured."""

    def __init__(self, seconds: float, *, enabled: bool = True) -> None:
        self.seconds = seconds
        self._start = time.perf_counter()
        self._drawn = -EVERY
        self._quarter = -1
        self._live = enabled and sys.stderr is not None and sys.stderr.isatty()
        self._lines = enabled and sys.stderr is not None and not self._live

    def elapsed(self) -> float:
        return time.perf_counter() - self._start

    def show(self, label: str, part: float = 1.0) -> None:
        """`part` of what must be done is done; the bar goes by the time, and not beyond that part."""
        if not self._live and not self._lines:
            return
        elapsed = self.elapsed()
        share = min(elapsed / self.seconds if self.seconds else 1.0, part, 1.0)
        if self._lines and min(int(4 * share), 3) > self._quarter:
            self._quarter = min(int(4 * share), 3)
            print(f"calibrating: {25 * self._quarter} %", file=sys.stderr, flush=True)
        if self._live and elapsed - self._drawn >= EVERY:
            self._drawn = elapsed
            bar = "#" * round(WIDTH * share)
            text = f"\r\033[K[{bar:<{WIDTH}}] {100 * share:3.0f} %  {label}"
            print(text, end="", file=sys.stderr, flush=True)

    def end(self, finished: bool) -> None:
        """Leave a clean line."""
        if self._live:
            print("\r\033[K", end="", file=sys.stderr, flush=True)
        if self._lines and finished:
            print("calibrating: 100 %", file=sys.stderr, flush=True)
