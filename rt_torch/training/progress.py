"""How far fit is: a bar on a terminal, a line for each epoch elsewhere."""

from __future__ import annotations

import time

from rt_torch._terminal import EVERY, Line, bar
from rt_torch.training.averages import Averages
from rt_torch.training.history import TrainingHistory

_PAUSE = 1.0  # seconds between two lines that stay on a terminal


class Progress:
    """The progress of one fit.

    Args:
        line: Where it is shown.
        every: Lines are for so many epochs each.
        first: Number of the first epoch.
        end: Number of the one after the last.
        batches: In an epoch; 0 where that is not known.
        done: Of the first epoch, when it is under way.
    """

    def __init__(self, line: Line, every: int, first: int, end: int, batches: int, done: int = 0) -> None:
        self.wanted = line.live  # whether `batch` is to be called
        self._line = line
        self._every = every
        self._first, self._end = first, end
        self._batches = batches
        self._begun = self._share(first, done)
        self._start = time.perf_counter()
        self._drawn = self._start - EVERY
        self._said = self._start
        self._last = ""  # what is known of the last epoch
        self._pending = ""  # a line that was not shown

    def batch(self, epoch: int, batch: int, averages: Averages) -> None:
        """So many batches of an epoch are done, with those averages."""
        now = time.perf_counter()
        if now - self._drawn < EVERY:
            return
        self._drawn = now
        share = self._share(epoch, batch)
        inner = f", batch {batch}/{self._batches}" if self._batches > 1 else ""
        text = self._last or f"loss {averages.mean('loss'):.4g}"
        self._line.draw(f"{bar(share)}  epoch {epoch}/{self._end - 1}{inner}, {text}{self._left(now, share)}")

    def _share(self, epoch: int, batch: int) -> float:
        part = min(batch / self._batches, 1.0) if self._batches else 0.0
        return (epoch - self._first + part) / max(self._end - self._first, 1)

    def _left(self, now: float, share: float) -> str:
        elapsed, done = now - self._start, share - self._begun
        return f", {_duration(elapsed / done * (1.0 - share))} left" if done > 0.0 and elapsed >= _PAUSE else ""

    def epoch(self, history: TrainingHistory) -> None:
        """An epoch is over."""
        number = history.epochs[-1]
        self._last = described(history)
        self._pending = f"epoch {number}: {self._last}"
        if self._line.live:
            now = time.perf_counter()
            due = now - self._said >= _PAUSE
            self._said = now if due else self._said
        else:
            due = (number + 1) % self._every == 0
        if due:
            self._say()

    def _say(self) -> None:
        if self._pending:
            self._line.say(self._pending)
        self._pending = ""

    def clear(self) -> None:
        """Leave a clean line, for those who say something."""
        self._line.clear()

    def end(self, word: str) -> None:
        """It is over: the last epoch's line, and why it ended before its time."""
        self._say()
        if word:
            self._line.say(word)


def described(history: TrainingHistory) -> str:
    """loss 0.1234, validation_loss 0.2345, accuracy 0.98"""
    known = history.last_values()
    return ", ".join(f"{name} {value:.4g}" for name, value in known.items() if name != "learning_rate")


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
