"""Open rt_cuda with cffi in ABI mode: the cffi package is needed, no compiler."""

from __future__ import annotations

from collections.abc import Callable
from operator import index
from types import SimpleNamespace
from typing import Any, cast

from rt_cuda_bindings.raw import NAMES, Raw, missing

LOADER = "cffi"

_opened: list[Any] = []  # cffi closes a library that nobody refers to, and its functions do not


def open_library(path: str) -> Raw:
    from rt_cuda_bindings.cffi_abi import ffi
    from rt_cuda_bindings.cffi_memory import CffiMemory

    library = ffi.dlopen(path, ffi.RTLD_NOW | ffi.RTLD_LOCAL)
    _opened.append(library)
    raw = SimpleNamespace(loader=LOADER, path=path, memory=CffiMemory(ffi))
    lacking = set()
    for name, symbol in NAMES.items():
        try:
            function = getattr(library, symbol)
        except (AttributeError, ffi.error):
            setattr(raw, name, missing(symbol, path))
            lacking.add(name)
            continue
        types = ffi.typeof(function).args
        places = [place for place, kind in enumerate(types) if kind.cname in ("int64_t", "int32_t")]
        setattr(raw, name, _checked(function, places, len(types)))
    raw.missing = frozenset(lacking)
    return cast(Raw, raw)


def _checked(function: Callable[..., Any], places: list[int], count: int) -> Callable[..., Any]:
    """The function with integers as Python's own functions take them: cffi itself would also take a Decimal."""
    if not places:
        return function
    if places == [0] == list(range(count)):
        return lambda x, /: function(index(x))
    if places == [0, 1] == list(range(count)):
        return lambda x, y, /: function(index(x), index(y))

    def call(*arguments: Any) -> Any:
        converted = list(arguments)
        for place in places:
            converted[place] = index(converted[place])
        return function(*converted)

    return call
