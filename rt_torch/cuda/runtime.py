"""CUDA's runtime: where it is, and of which version it and the driver are."""

from __future__ import annotations

import os

from rt_cuda_bindings import arguments
from rt_torch.cuda.library import functions


def load(path: str | os.PathLike[str] | None = None) -> str:
    """Open CUDA's runtime now; the file it was loaded from.

    Args:
        path: A libcudart, or the folder that holds it; None has it looked for.

    Raises:
        NoUpstreamError: It is not there or cannot be used, or the process has another one.
    """
    text = os.fspath(path) if isinstance(path, os.PathLike) else path
    functions.load(None if text is None else str(arguments.checked("rt_cuda_load", text)[0]))
    return libcudart_path()


def libcudart_path() -> str:
    """The file that CUDA's runtime was loaded from."""
    return functions.libcudart_path()


def runtime_version() -> tuple[int, int]:
    """Version of CUDA's runtime, (12, 9) for example."""
    return _version(functions.runtime_version())


def driver_version() -> tuple[int, int] | None:
    """The newest version of CUDA that the driver can do, (13, 0) for example; None where there is no driver."""
    number = functions.driver_version()
    return _version(number) if number else None


def _version(number: int) -> tuple[int, int]:
    return number // 1000, number % 1000 // 10


def last_cuda_error() -> tuple[int, str] | None:
    """Number and name of the last error that CUDA itself reported to this thread; None when there was none."""
    number = functions.last_cuda_error()
    return (number, functions.error_name(number)) if number else None
