"""libtorch when it is there.

    rt_torch.native     the functions of the C library, typed, raising on failure
    rt_torch.torch_ffi  the same on plain data, without handles
    rt_torch.libtorch   which libtorch is used
    rt_torch.loader     which shared library and which loader are used
    rt_torch.doctor     what was found, and what is missing: `python -m rt_torch doctor`

Importing this package loads nothing: neither the C library nor libtorch, and no module of the package.

Exceptions:

    Error (RuntimeError)
    ├── InvalidHandleError
    ├── BadArgumentError (and ValueError; ArgumentTypeError is also a TypeError)
    ├── NoUpstreamError
    ├── UnavailableError
    ├── RefusedError
    ├── OutOfMemoryError (and MemoryError)
    ├── MissingFunctionError
    ├── LibraryMissingError (and ImportError)
    ├── LoaderError (and ImportError)
    └── LibtorchMismatchError
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rt_torch import doctor, libtorch, loader, native, torch_ffi
    from rt_torch.errors import (
        ArgumentTypeError,
        BadArgumentError,
        Error,
        InvalidHandleError,
        LibraryMissingError,
        LibtorchMismatchError,
        LoaderError,
        MissingFunctionError,
        NoUpstreamError,
        OutOfMemoryError,
        RefusedError,
        UnavailableError,
    )

__all__ = [
    "ArgumentTypeError",
    "BadArgumentError",
    "Error",
    "InvalidHandleError",
    "LibraryMissingError",
    "LibtorchMismatchError",
    "LoaderError",
    "MissingFunctionError",
    "NoUpstreamError",
    "OutOfMemoryError",
    "RefusedError",
    "UnavailableError",
    "__version__",
    "doctor",
    "libtorch",
    "loader",
    "native",
    "torch_ffi",
]

__version__ = "0.1.0"

_MODULES = ("doctor", "libtorch", "loader", "native", "torch_ffi")


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return importlib.import_module(f"rt_torch.{name}")
    if name in __all__:
        value = getattr(importlib.import_module("rt_torch.errors"), name)
        globals()[name] = value
        return value
    raise AttributeError(f"module 'rt_torch' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
