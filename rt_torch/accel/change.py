"""Telling that something changed which decisions depend on."""

from __future__ import annotations

import threading
from collections.abc import Callable

__all__ = ["announce", "announce_soon", "listen"]

_listeners: list[Callable[[], None]] = []
_telling = threading.Lock()
_teller = 0  # the thread that tells at the moment
_pending = False


def listen(listener: Callable[[], None]) -> None:
    _listeners.append(listener)


def announce() -> None:
    """Tell every listener; when this returns, all know."""
    global _pending
    _pending = True
    if _teller == threading.get_ident():
        return  # called by a listener: the loop goes round once more
    with _telling:
        _tell()
    announce_left()


def announce_soon() -> None:
    """Tell every listener now, or leave it to the thread that is telling: waits for nothing, so finalizers may call."""
    global _pending
    _pending = True
    announce_left()


def announce_left() -> None:
    """Tell what was left to this thread while it held the lock."""
    while _pending and _teller != threading.get_ident() and _telling.acquire(blocking=False):
        try:
            _tell()
        finally:
            _telling.release()


def _tell() -> None:
    global _pending, _teller
    _teller = threading.get_ident()
    try:
        while _pending:
            _pending = False
            for listener in tuple(_listeners):
                listener()
    finally:
        _teller = 0
