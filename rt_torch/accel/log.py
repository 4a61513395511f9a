"""Lines on stderr: each decision when logging is enabled, and once for each reason why native gave way to pure."""

from __future__ import annotations

import contextlib
import sys
import threading
from collections.abc import Callable, Sequence

from rt_torch.accel import change

__all__ = ["decision", "enable_logging", "enabled", "fallback", "line", "seconds_text"]

Write = Callable[[str], object]  # given one line, without its end

_SIGNS = {"add": "+", "sub": "-", "mul": "*", "div": "/", "matmul": "@"}

_enabled = False
_write: Write | None = None
_said: set[tuple[str, str]] = set()  # (function, reason) of the fallbacks that were logged
_saying = threading.Lock()


def enable_logging(enabled: bool = True, *, write: Write | None = None) -> None:
    """Log each decision, or no longer.  `write` is called with each line; by default it goes to stderr.

    Every call then goes through the dispatcher, which costs some microseconds.  What falls back is logged always, once
    for each function and reason.
    """
    global _enabled, _write
    _enabled = bool(enabled)
    _write = write
    change.announce()


def enabled() -> bool:
    return _enabled


def line(text: str) -> None:
    text = f"[accel] {text}"
    if _write is not None:
        _write(text)
        return
    with contextlib.suppress(AttributeError, OSError, ValueError):  # no stderr, or a closed one
        sys.stderr.write(text + "\n")


def decision(name: str, operands: Sequence[object], dtype: str, tier: str, reason: str) -> None:
    """`[accel] matmul 1000x1000 @ 1000x1000 f64 -> native (predicted 12.1 ms against 9.8 s)`

    operands: the shapes, and numbers as they are.
    """
    sign = f" {_SIGNS[name]} " if name in _SIGNS else ", "
    line(f"{' '.join(filter(None, (name, sign.join(map(_operand_text, operands)), dtype)))} -> {tier} ({reason})")


def fallback(name: str, reason: str) -> None:
    """That native failed and pure gave the result; said once for each function and reason."""
    with _saying:
        if (name, reason) in _said:
            return
        _said.add((name, reason))
    line(f"{name}: native failed, pure Python gave the result (said once): {reason}")


def _operand_text(operand: object) -> str:
    if isinstance(operand, (tuple, list)):
        return "x".join(map(str, operand)) or "()"
    return str(operand)


def seconds_text(seconds: float) -> str:
    """12.1 ms"""
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("us", 1e-6)):
        if seconds >= 0.9995 * size:
            return f"{_digits(seconds / size)} {unit}"
    return f"{_digits(seconds / 1e-9)} ns"


def _digits(number: float) -> str:
    """Three of them, and never a power of ten: 9.81, 98.1, 981."""
    return f"{number:.3g}" if number < 999.5 else f"{number:,.0f}"
