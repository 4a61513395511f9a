"""Ctrl-C, heard between batches."""

from __future__ import annotations

import signal
import threading
from types import FrameType, TracebackType

from rt_torch._terminal import Line

_TOLD = "Ctrl-C: the batch under way is finished; again: stop at once"


class Interruption:
    """In a block, the first Ctrl-C is only noted, and the second one raises KeyboardInterrupt.

    That is so where Python's own handler is in place, which is in the main thread of most programs; a handler that
    somebody else has set stays.  In a block within another one, the two hear the same.
    """

    def __init__(self, line: Line) -> None:
        self.deferred = False  # whether the first Ctrl-C is noted here, instead of raising in the middle of anything
        self._line = line
        self._heard = 0
        self._outer: Interruption | None = None

    @property
    def requested(self) -> bool:
        """Whether there was a Ctrl-C."""
        return self._heard > 0 if self._outer is None else self._outer.requested

    @property
    def urgent(self) -> bool:
        """Whether there was a second one."""
        return self._heard > 1 if self._outer is None else self._outer.urgent

    def __enter__(self) -> Interruption:
        self._heard = 0
        if threading.current_thread() is threading.main_thread():
            handler = signal.getsignal(signal.SIGINT)
            owner = getattr(handler, "__self__", None)
            if isinstance(owner, Interruption):
                self._outer, self.deferred = owner, True
            elif handler is signal.default_int_handler:
                self.deferred = True
                signal.signal(signal.SIGINT, self._hear)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.deferred and self._outer is None:
            signal.signal(signal.SIGINT, signal.default_int_handler)
        self.deferred = False

    def _hear(self, number: int, frame: FrameType | None) -> None:
        self._heard += 1
        if self._heard > 1:
            raise KeyboardInterrupt
        self._line.say(_TOLD)
