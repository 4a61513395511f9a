"""The functions of the C library, typed, raising on failure: `native.add(a, b)`.

Importing this module opens nothing; the first call does.  Where the C library is missing, that call says what to
install.
"""

from __future__ import annotations

import os

from rt_torch import libtorch, loader
from rt_torch_bindings import functions
from rt_torch_bindings.functions import *  # noqa: F403  (all but `load`)

functions.choose(loader.opened)


def load(path: str | os.PathLike[str] | None = None, *, force: bool = False) -> None:
    """Open libtorch now instead of at the first call that needs it; see rt_torch.libtorch.load."""
    libtorch.load(path, force=force)
