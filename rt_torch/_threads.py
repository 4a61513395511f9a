"""How many threads compute: libtorch's, since the pure tier has one."""

from __future__ import annotations

import warnings

from rt_torch import _choice, accel
from rt_torch.accel import machine
from rt_torch.errors import BadArgumentError
from rt_torch.pure.argument import integer
from rt_torch_bindings import functions

__all__ = ["get_num_threads", "set_num_threads"]

_MOST = 1024  # as C has it

_wanted = 0  # what was asked for before libtorch was there; 0 where nothing was


def set_num_threads(n: int) -> None:
    """Have libtorch compute with so many threads, in the calls that this thread makes and those of threads that are
    started later.

    libtorch is not loaded for it: what is asked for before holds from the first native call on.  The pure tier computes
    with one thread whatever is asked for, and so does a GPU's work not depend on it; where there is no native tier, more
    than one is a warning.

    Args:
        n: 1 to 1024.

    Raises:
        BadArgumentError: It is less, or more.
    """
    global _wanted
    count = integer("rt.set_num_threads", "n", n)
    if not 1 <= count <= _MOST:
        raise BadArgumentError(
            f"rt.set_num_threads: argument `n`: {count} was given, and a number of threads is between 1 and {_MOST}"
        )
    if _choice.loaded:
        functions.set_num_threads(count)
        return
    _wanted = count
    if count > 1 and not accel.is_ffi_available():
        text = "the native tier is not available, and the pure tier computes with one thread"
        warnings.warn(f"rt.set_num_threads: {text}", RuntimeWarning, stacklevel=2)


def get_num_threads() -> int:
    """How many threads libtorch computes with in calls from this thread; 1 where there is only the pure tier."""
    if _choice.loaded:
        return functions.get_num_threads()
    if not accel.is_ffi_available():
        return 1
    return _wanted or machine.this_machine().threads


def apply() -> None:
    """Before the first native call."""
    global _wanted
    if _wanted:
        functions.set_num_threads(_wanted)
        _wanted = 0
