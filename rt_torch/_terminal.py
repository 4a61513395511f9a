"""How far something is, on stderr: a bar in one line that is drawn again and again on a terminal, lines elsewhere."""

from __future__ import annotations

import contextlib
import os
import sys

__all__ = ["EVERY", "Line", "bar"]

WIDTH = 30
EVERY = 0.1  # seconds between two drawings
_CLEAR = "\r\033[K"


def bar(share: float) -> str:
    """[###############               ]  50 %"""
    return f"[{'#' * round(WIDTH * share):<{WIDTH}}] {100 * share:3.0f} %"


class Line:
    """The last line of stderr.  Where that is missing, or somebody closes it, nothing is shown, and nothing fails."""

    def __init__(self, *, enabled: bool = True) -> None:
        terminal = _is_terminal() if enabled else None
        self.live = terminal is True  # whether it can be drawn again
        self.plain = terminal is False  # whether there are only lines
        self._drawn = False

    def draw(self, text: str) -> None:
        """Show this instead of what was drawn last; on a terminal only."""
        if self.live:
            self._write(f"{_CLEAR}{text[: self._columns()]}")
            self._drawn = True

    def say(self, text: str) -> None:
        """A line that stays."""
        if self.live or self.plain:
            self._write(f"{_CLEAR if self._drawn else ''}{text}\n")
            self._drawn = False

    def clear(self) -> None:
        """Leave a clean line."""
        if self._drawn:
            self._write(_CLEAR)
            self._drawn = False

    def _write(self, text: str) -> None:
        with contextlib.suppress(OSError, ValueError, RuntimeError, AttributeError):
            # It may be gone, closed, or in use by who was interrupted by a signal.
            sys.stderr.write(text)
            sys.stderr.flush()

    def _columns(self) -> int:
        """So many characters do not wrap."""
        columns = 0  # as terminals say that do not know
        with contextlib.suppress(OSError, ValueError, AttributeError):
            columns = os.get_terminal_size(sys.stderr.fileno()).columns
        return columns - 1 if columns > 1 else 1 << 16


def _is_terminal() -> bool | None:
    """Whether stderr is one; None where there is none at all."""
    try:
        return sys.stderr.isatty()
    except (OSError, ValueError, AttributeError):  # closed, or None as under pythonw
        return None
