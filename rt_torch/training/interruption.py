"""Ctrl-C, heard between batches."""

from __future__ import annotations

import signal
import threading
from types import FrameType, TracebackType

from rt_torch._terminal import Line

_TOLD = "Ctrl-C: the batch under way is finished; again: stop at once"


class _Heard:
    """What a handler and those who have it set know together."""

    __slots__ = ("closed", "count")

    def __init__(self) -> None:
        self.count = 0
        self.closed = False  # whether something runs that is to be whole


class Interruption:
    """In a block, the first Ctrl-C is only noted, and the second one raises KeyboardInterrupt.

    Between `close` and `open` the second one waits for `open`; a third one does not.

    That is so where Python's own handler is in place, which is in the main thread of most programs; a handler that
    somebody else has set stays.  In a block within another one, the two hear the same.
    """

    def __init__(self, line: Line) -> None:
        self.exposed = False  # whether a handler of others may raise in the middle of anything
        self._line = line
        self._installed = False
        self._heard = _Heard()

    @property
    def requested(self) -> bool:
        """Whether there was a Ctrl-C."""
        return self._heard.count > 0

    @property
    def urgent(self) -> bool:
        """Whether there was a second one."""
        return self._heard.count > 1

    def close(self) -> None:
        """What follows is to be whole."""
        self._heard.closed = True

    def open(self) -> None:
        """It is over."""
        self._heard.closed = False
        if self._heard.count > 1:
            raise KeyboardInterrupt

    def __enter__(self) -> Interruption:
        if threading.current_thread() is threading.main_thread():
            handler = signal.getsignal(signal.SIGINT)
            owner = getattr(handler, "__self__", None)
            if isinstance(owner, Interruption):
                self._heard = owner._heard
            elif handler is signal.default_int_handler:
                self._installed = True
                signal.signal(signal.SIGINT, self._hear)
            else:
                self.exposed = callable(handler)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._heard.closed = False
        if self._installed:
            signal.signal(signal.SIGINT, signal.default_int_handler)

    def _hear(self, number: int, frame: FrameType | None) -> None:
        self._heard.count += 1
        if self._heard.count == 1:
            self._line.say(_TOLD)
        elif self._heard.count > 2 or not self._heard.closed:
            raise KeyboardInterrupt
