"""The functions of the C library on CUDA, which is opened when the first of them is called."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING, cast

from rt_cuda_bindings import functions as functions
from rt_torch import loader
from rt_torch.cuda import wheel

if TYPE_CHECKING:
    from rt_cuda_bindings.raw import Raw

_lock = threading.RLock()  # a finalizer or the handler of a signal may call in the middle
_opened: Raw | None = None


def opened() -> Raw:
    """The C library, opened once, with the libcudart of an installed wheel suggested to it."""
    global _opened
    with _lock:
        if _opened is None:
            raw = cast("Raw", loader.best(loader.find_library(), loader.CUDA))
            found = wheel.preferred()
            if found is not None:
                raw.suggest_path(os.fsencode(found.library))
            _opened = raw
        return _opened


functions.choose(opened)
