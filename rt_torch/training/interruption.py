"""Ctrl-C, heard between batches."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import Any

from rt_torch._terminal import Line

_TOLD = "Ctrl-C: the batch under way is finished; again: stop at once"


class _Heard:
    """What a handler and those who have it set know together."""

    __slots__ = ("closed", "count", "others", "waiting")

    def __init__(self) -> None:
        self.count = 0
        self.closed = 0  # of how many something runs that is to be whole
        self.others: Callable[[int, FrameType | None], Any] | None = None  # a handler that was there before
        self.waiting = False  # whether that is to be called when nothing is closed any more


class Interruption:
    """In a block, the first Ctrl-C is only noted, and the second one raises KeyboardInterrupt.

    Between `close` and `open` the second one waits for `open`; a third one does not.

    That is so where Python's own handler is in place, which is in the main thread of most programs.  A handler that
    somebody else has set is called as before, but between `close` and `open` its first Ctrl-C waits.  In a block within
    another one, the two hear the same.
    """

    def __init__(self, line: Line) -> None:
        self._line = line
        self._before: Any = None  # the handler that is to be given back
        self._heard = _Heard()
        self._closed = False

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
        if not self._closed:
            self._closed = True
            self._heard.closed += 1

    def open(self) -> None:
        """It is over."""
        self._reopen()
        self._pass_on()
        if self.urgent and not self._heard.closed:
            raise KeyboardInterrupt

    def __enter__(self) -> Interruption:
        if threading.current_thread() is threading.main_thread():
            handler = signal.getsignal(signal.SIGINT)
            owner = getattr(handler, "__self__", None)
            if isinstance(owner, Interruption):
                self._heard = owner._heard
            elif callable(handler):
                self._heard.others = None if handler is signal.default_int_handler else handler
                self._before = handler
                signal.signal(signal.SIGINT, self._hear)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        was_closed = self._closed
        self._reopen()
        if self._before is not None:
            signal.signal(signal.SIGINT, self._before)
        self._pass_on()
        if was_closed and self.urgent and error is None and not self._heard.closed:
            raise KeyboardInterrupt

    def _reopen(self) -> None:
        if self._closed:
            self._closed = False
            self._heard.closed -= 1

    def _pass_on(self) -> None:
        """Call the others' handler, when it waits and need not any more."""
        heard = self._heard
        if heard.waiting and not heard.closed:
            heard.waiting = False
            if heard.others is not None:
                heard.others(signal.SIGINT, None)

    def _hear(self, number: int, frame: FrameType | None) -> None:
        heard = self._heard
        if heard.others is not None:
            if heard.closed and not heard.waiting:
                heard.waiting = True
            else:
                heard.waiting = False
                heard.others(number, frame)
            return
        heard.count += 1
        if heard.count == 1:
            self._line.say(_TOLD)
        elif heard.count > 2 or not heard.closed:
            raise KeyboardInterrupt
