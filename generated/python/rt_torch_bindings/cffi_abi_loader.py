"""Open rt_torch with cffi in ABI mode: the cffi package is needed, no compiler."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

from rt_torch_bindings.raw import NAMES, Raw, missing

LOADER = "cffi"

_opened: list[Any] = []  # cffi closes a library that nobody refers to, and its functions do not


def open_library(path: str) -> Raw:
    from rt_torch_bindings.cffi_abi import ffi
    from rt_torch_bindings.cffi_memory import CffiMemory

    library = ffi.dlopen(path, ffi.RTLD_NOW | ffi.RTLD_LOCAL)
    _opened.append(library)
    raw = SimpleNamespace(loader=LOADER, path=path, memory=CffiMemory(ffi))
    lacking = set()
    for name, symbol in NAMES.items():
        try:
            setattr(raw, name, getattr(library, symbol))
        except (AttributeError, ffi.error):
            setattr(raw, name, missing(symbol, path))
            lacking.add(name)
    raw.missing = frozenset(lacking)
    return cast(Raw, raw)
