"""The functions of the C library, typed, raising on failure: `native.add(a, b)`.

Importing this module opens nothing; the first call does.  Where the C library is missing, that call says what to
install.
"""

from __future__ import annotations

import os

from rt_torch import libtorch, loader
from rt_torch_bindings import functions
from rt_torch_bindings.functions import *  # noqa: F403  (all but `load` and `released`)

functions.choose(loader.opened)


def load(path: str | os.PathLike[str] | None = None, *, force: bool = False) -> None:
    """Open libtorch now instead of at the first call that needs it; see rt_torch.libtorch.load."""
    libtorch.load(path, force=force)


def released() -> list[int]:  # type: ignore[no-redef]  # in place of the one imported above
    """Take the tokens of memory given to `wrap` that nothing uses any more; each is given once.

    Those of memory that tensors lend to libtorch are not among them.
    """
    from rt_torch import _lending

    return _lending.released()
