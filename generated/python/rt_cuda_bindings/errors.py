"""What the functions of rt_cuda raise: the exceptions of rt_torch, with which they share the thread's error."""

from __future__ import annotations

from rt_torch_bindings.errors import (
    BY_CODE,
    ArgumentTypeError,
    BadArgumentError,
    InvalidHandleError,
    LibraryMissingError,
    MissingFunctionError,
    NoUpstreamError,
    OutOfMemoryError,
    RefusedError,
    RtTorchError,
    UnavailableError,
    from_code,
)

__all__ = [
    "BY_CODE",
    "ArgumentTypeError",
    "BadArgumentError",
    "InvalidHandleError",
    "LibraryMissingError",
    "MissingFunctionError",
    "NoUpstreamError",
    "OutOfMemoryError",
    "RefusedError",
    "RtTorchError",
    "UnavailableError",
    "from_code",
]
