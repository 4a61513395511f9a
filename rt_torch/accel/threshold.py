"""Numbers of elements that the user set, above which a function is native in AUTO whatever it is predicted to cost."""

from __future__ import annotations

import math
import threading
from operator import index
from typing import SupportsIndex

from rt_torch.accel import change, functions

__all__ = ["NEVER", "checked", "overrides", "reset_thresholds", "set_threshold"]

NEVER = math.inf

_overrides: dict[str, int | float] = {}  # by function or group; replaced, never changed
_changing = threading.Lock()


def set_threshold(op: str, n: int | float | None) -> None:
    """Make `op` native in AUTO for more than n elements of its largest tensor, and pure up to n.

    op: a function ("add") or a group ("matmul", "elementwise", "reductions", "activations", "views", "creation").  A
        function's own threshold counts more than its group's.
    n: a whole number from 0, NEVER, or None to go back to what the profile says.

    Errors: ValueError for an unknown name or a negative number, TypeError for anything that is no whole number.
    """
    global _overrides
    name = functions.known(op)
    threshold = None if n is None else checked(n, f"the threshold of {name}")
    with _changing:
        changed = {key: value for key, value in _overrides.items() if key != name}
        if threshold is not None:
            changed[name] = threshold
        _overrides = changed
    change.announce()


def checked(n: object, what: str) -> int | float:
    """`n` when it can be a threshold; `what` it is begins the error's text."""
    if isinstance(n, float) and n == NEVER:
        return NEVER
    if isinstance(n, bool) or not isinstance(n, SupportsIndex):
        raise TypeError(f"{what} must be a whole number or NEVER; given {n!r} ({type(n).__name__})")
    if index(n) < 0:
        raise ValueError(f"{what} must be 0 or more; given {n}")
    return index(n)


def overrides() -> dict[str, int | float]:
    """What was set, by function or group; not to be changed."""
    return _overrides


def reset_thresholds() -> None:
    """Go back to what the profile says, for every function and group."""
    global _overrides
    with _changing:
        _overrides = {}
    change.announce()
