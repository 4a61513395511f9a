"""What is to be given back: once, by whoever comes first, and without a word where that goes wrong."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import TYPE_CHECKING, Any

from rt_torch.errors import ArgumentTypeError, InvalidHandleError
from rt_torch_bindings.arguments import shown

if TYPE_CHECKING:
    from typing_extensions import Self


def give_back(release: Callable[[int], None], handle: int) -> None:
    """As a finalizer: in any thread, in any order, at the interpreter's exit, after an error of the device."""
    with suppress(Exception):
        release(handle)


class Closable:
    """What is given back at the end of a `with` block, by `close`, or when nobody refers to it any more."""

    __slots__ = ()

    @property
    def closed(self) -> bool:
        raise NotImplementedError

    def close(self) -> None:
        """Give it back now; nothing happens where that has been done."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def __reduce__(self) -> str:
        """A copy would be given back with the original, and another process has no use for the handle."""
        raise TypeError(f"a {type(self).__name__} can be neither copied nor pickled")

    def _shown(self, *parts: str) -> str:
        return f"<{type(self).__name__} {', '.join(['closed'] if self.closed else parts)}>"


class Resource(Closable):
    """One handle of the C library."""

    __slots__ = ("__weakref__", "_finalizer", "_handle")

    def __init__(self, handle: int, release: Callable[[int], None]) -> None:
        self._handle = handle
        self._finalizer = weakref.finalize(self, give_back, release, handle)

    @property
    def handle(self) -> int:
        """The C library's handle, for its other functions; it stays this object's."""
        if not self._finalizer.alive:
            name = type(self).__name__
            raise InvalidHandleError(f"this {name} is closed", name)
        return self._handle

    @property
    def closed(self) -> bool:
        return not self._finalizer.alive

    def close(self) -> None:
        self._finalizer()


def handle_of(function: str, argument: str, value: Any, expected: str) -> int:
    """The handle of an argument; whether it is of the kind that is expected the C library sees."""
    if not isinstance(value, Resource):
        text = f"{function}: argument `{argument}`: a {expected} is expected; given {shown(value)}"
        raise ArgumentTypeError(text, function)
    return value.handle
