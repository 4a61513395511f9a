"""What the functions of rt_torch raise.

RtTorchError (RuntimeError)
├── InvalidHandleError
├── BadArgumentError (and ValueError)
│   └── ArgumentTypeError (and TypeError)
├── NoUpstreamError
├── UnavailableError
├── RefusedError
├── OutOfMemoryError (and MemoryError)
├── MissingFunctionError
└── LibraryMissingError (and ImportError)
"""

from __future__ import annotations


class RtTorchError(RuntimeError):
    """Any failure of a function of rt_torch."""

    code = 0  # the library's own number for the kind of failure; 0 when the library was not reached
    name = ""  # "bad_argument": that number's name

    def __init__(self, message: str, function: str = "") -> None:
        super().__init__(message)
        self.function = function  # "rt_torch_abi_version"


class InvalidHandleError(RtTorchError):
    """The number is no live handle of the kind that the argument wants."""

    code = 1
    name = "invalid_handle"


class BadArgumentError(RtTorchError, ValueError):
    """An argument's value is not one that the function takes; a text that is no valid UTF-8 never is."""

    code = 2
    name = "bad_argument"


class ArgumentTypeError(BadArgumentError, TypeError):
    """An argument is of a type that the function does not take."""


class NoUpstreamError(RtTorchError):
    """libtorch was not found, or the one found cannot be used."""

    code = 3
    name = "no_upstream"


class UnavailableError(RtTorchError):
    """This libtorch lacks something that the function needs."""

    code = 4
    name = "unavailable"


class RefusedError(RtTorchError):
    """libtorch itself refused the operation (before 2.13, which gives no reasons, maybe for want of memory)."""

    code = 5
    name = "refused"


class OutOfMemoryError(RtTorchError, MemoryError):
    """Memory or handles are used up (in libtorch before 2.13, known only where the result itself finds no room)."""

    code = 6
    name = "out_of_memory"


class MissingFunctionError(RtTorchError):
    """The function is declared, but the shared library that was opened has no such symbol."""

    name = "missing_function"


class LibraryMissingError(RtTorchError, ImportError):
    """There is no shared library to call."""

    name = "missing_library"  # as everywhere here: the kind of failure, and not the module's name as in ImportError

    def __init__(self, message: str, function: str = "") -> None:
        super().__init__(message, function)
        self.msg = message  # as ImportError has it


BY_CODE: dict[int, type[RtTorchError]] = {
    1: InvalidHandleError,
    2: BadArgumentError,
    3: NoUpstreamError,
    4: UnavailableError,
    5: RefusedError,
    6: OutOfMemoryError,
}


def from_code(code: int, message: str, function: str) -> RtTorchError:
    return BY_CODE.get(code, RtTorchError)(message, function)
