"""What a forked child begins with: no lock is held in it, since whoever held one in the parent is not there."""

from __future__ import annotations

import os
import sys
import threading
from typing import Any

from rt_torch import pure

_LOCKS = (type(threading.Lock()), type(threading.RLock()))


def _let_go() -> None:
    """Make the package's locks new ones, as Python does with its own."""
    modules = [module for name, module in sys.modules.items() if name.partition(".")[0] == "rt_torch" and module]
    locks: list[Any] = [value for module in modules for value in module.__dict__.values() if type(value) in _LOCKS]
    for lock in [*locks, pure.default_generator._lock]:
        lock._at_fork_reinit()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_let_go)
