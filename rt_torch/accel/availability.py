"""Whether the native tier can be used.  The policy itself looks at nothing: whoever dispatches tells it how to."""

from __future__ import annotations

import threading
from collections.abc import Callable

from rt_torch.accel import change

__all__ = ["is_ffi_available", "set_detection", "set_ffi_available", "torch_version"]


def _nothing_there() -> bool:
    return False


def _no_version() -> str:
    return ""


_detect: Callable[[], bool] = _nothing_there
_version: Callable[[], str] = _no_version
_forced: bool | None = None
_detected: bool | None = None
_changes = 0  # counts what was set
_setting = threading.RLock()


def set_ffi_available(available: bool | None) -> None:
    """Say whether native can be used; None finds it out anew when it is next asked.

    Errors: TypeError for anything else.
    """
    global _forced, _detected, _changes
    if available is not None and not isinstance(available, bool):
        raise TypeError(f"availability is True, False or None; given {available!r} ({type(available).__name__})")
    with _setting:
        _forced = available
        _detected = None
        _changes += 1
    change.announce()


def is_ffi_available() -> bool:
    """Whether native can be used: what was set, or else what was found.  Loads nothing."""
    global _detected
    if _forced is not None:
        return _forced
    detected = _detected
    if detected is None:
        with _setting:
            if _detected is None:
                _detected = bool(_detect())
            detected = _detected
    return detected


def changes() -> int:
    """How often availability may have changed."""
    return _changes


def set_detection(detect: Callable[[], bool] | None, version: Callable[[], str] | None = None) -> None:
    """How to find out whether native can be used, and which torch it would use ("" when that cannot be told).

    Neither must load libtorch.  Without them native is not available.
    """
    global _detect, _version, _detected, _changes
    with _setting:
        _detect = detect or _nothing_there
        _version = version or _no_version
        _detected = None
        _changes += 1
    change.announce()


def torch_version() -> str:
    """The version of the torch that native would use, "" when that cannot be told."""
    return _version()
