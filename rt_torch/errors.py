"""What this package raises: the errors of the C library, and those of finding it."""

from __future__ import annotations

from rt_torch_bindings.errors import (
    ArgumentTypeError,
    BadArgumentError,
    InvalidHandleError,
    LibraryMissingError,
    MissingFunctionError,
    NoUpstreamError,
    OutOfMemoryError,
    RefusedError,
    UnavailableError,
)
from rt_torch_bindings.errors import RtTorchError as Error

__all__ = [
    "ArgumentTypeError",
    "BadArgumentError",
    "ConfigError",
    "Error",
    "FileFormatError",
    "GradientError",
    "InvalidHandleError",
    "LibraryMissingError",
    "LibtorchMismatchError",
    "LoaderError",
    "MissingFunctionError",
    "NoUpstreamError",
    "OutOfMemoryError",
    "RefusedError",
    "SDNError",
    "UnavailableError",
]


class LoaderError(Error, ImportError):
    """The C library is there but cannot be opened, or not through the loader that RT_TORCH_LOADER forces."""

    name = "loader"  # the kind of failure, and not the module's name as in ImportError

    def __init__(self, message: str, function: str = "") -> None:
        super().__init__(message, function)
        self.msg = message  # as ImportError has it


class GradientError(Error):
    """A gradient cannot be computed: its graph was used up, or a value that it needs was changed in place."""

    name = "gradient"


class LibtorchMismatchError(Error):
    """A libtorch was asked for that is not the one of the installed torch."""

    name = "libtorch_mismatch"


class FileFormatError(Error, ValueError):
    """What is in a file is not what its format demands: it is damaged, cut short, or of another format."""

    name = "file_format"


class SDNError(FileFormatError):
    """A text is not in Simple Data Notation; the message shows the place, and says what was expected there."""

    name = "sdn"

    def __init__(self, message: str, file: str = "", line: int = 0, column: int = 0) -> None:
        super().__init__(message)
        self.file = file  # "dl.config.sdn"
        self.line = line  # from 1 on
        self.column = column  # in characters, from 1 on


class ConfigError(Error, ValueError):
    """A configuration says something that there is not, or that cannot be done; or its file cannot be read."""

    name = "config"
