"""Open rt_cuda with cffi in API mode: needs the extension that cffi_api_build.py compiles.

The extension has one table of functions, so it opens one library in a process.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
from functools import cache
from types import SimpleNamespace
from typing import Any, cast

from rt_cuda_bindings.raw import NAMES, Raw, missing

LOADER = "cffi-api"
EXTENSION = "_rt_cuda_cffi"

_opened: dict[str | None, str] = {}  # extension: the library that its table was filled from


def open_library(path: str, extension: str | None = None) -> Raw:
    """`extension` is the extension's file, where it is not installed beside this module."""
    library, ffi = _extension(extension)
    older = [symbol for symbol in NAMES.values() if not hasattr(library, symbol)]
    if older:
        raise ImportError(
            f"{extension or EXTENSION} was built from older bindings, and lacks {older[0]} and maybe more; "
            f"build it again (python -m rt_cuda_bindings.cffi_api_build)"
        )
    if extension not in _opened:
        problem = library.rt_cuda_bind_library(os.fsencode(path))
        if problem:
            raise OSError(ffi.string(problem).decode(errors="replace"))
        _opened[extension] = path
    elif os.path.realpath(path) != os.path.realpath(_opened[extension]):
        raise OSError(f"cannot open {path}: API mode has {_opened[extension]} open in this process")

    from rt_cuda_bindings.cffi_memory import CffiMemory

    raw = SimpleNamespace(loader=LOADER, path=path, memory=CffiMemory(ffi))
    lacking = {name for name, symbol in NAMES.items() if not library.rt_cuda_found(symbol.encode())}
    for name, symbol in NAMES.items():
        setattr(raw, name, missing(symbol, path) if name in lacking else getattr(library, symbol))
    raw.missing = frozenset(lacking)
    return cast(Raw, raw)


@cache
def _extension(path: str | None) -> tuple[Any, Any]:
    """The `lib` and `ffi` of the compiled module."""
    name = f"rt_cuda_bindings.{EXTENSION}"
    if path is None:
        module = importlib.import_module(name)
        return module.lib, module.ffi
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} is no extension module")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.lib, module.ffi
