"""Plain Python values as memory that C reads and writes; each loader adds what it takes for a pointer."""

from __future__ import annotations

import sys
from abc import ABC, abstractmethod
from array import array
from collections.abc import Sequence
from functools import lru_cache
from operator import index
from struct import calcsize
from typing import Any, TypeAlias

Pointer: TypeAlias = Any
Buffer: TypeAlias = "array[Any] | memoryview"

# Formats of buffers, by type code: those that C can read as they are, and those that are converted.
SAME = {"q": "ql", "d": "d", "f": "f", "B": "B?", "i": "il"}
CONVERTED = {"q": "bBhHiIlLqQ?", "d": "dfbBhHiIlLqQ?", "f": "dfbBhHiIlLqQ?", "B": "bBhHiIlLqQ?", "i": "bBhHiIlLqQ?"}
NATIVE = "@=<" if sys.byteorder == "little" else "@=>"  # signs before a format that change nothing here
SIZES = {"q": 8, "d": 8, "f": 4, "B": 1, "i": 4}
ABSENT = -1  # length of an optional list that is not given


class Memory(ABC):
    """`code` is the array module's type code of the elements."""

    null: Pointer
    refused: tuple[type[Exception], ...] = (TypeError, ValueError, OverflowError, AttributeError, BufferError)

    @abstractmethod
    def pointer(self, code: str, buffer: Buffer) -> Pointer:
        """Pointer to the first element; it keeps the buffer alive and in place."""

    @abstractmethod
    def text(self, pointer: Pointer) -> str | None:
        """The string at a `const char *`, None for NULL."""

    @abstractmethod
    def address(self, pointer: Pointer) -> int:
        """A `void *` as a number, 0 for NULL."""

    @abstractmethod
    def at(self, address: int) -> Pointer:
        """A number as a `void *`."""

    def elements(self, code: str, values: Any) -> tuple[Pointer, int]:
        """Pointer and length of a list argument; a buffer of the right format is passed without copying."""
        buffer = buffer_of(code, values)
        return self.pointer(code, buffer), len(buffer)

    def elements_or_absent(self, code: str, values: Any) -> tuple[Pointer, int]:
        return (self.null, ABSENT) if values is None else self.elements(code, values)

    def number_or_null(self, code: str, value: Any) -> Pointer:
        return self.null if value is None else self.pointer(code, array(code, (value,)))

    def utf8_or_null(self, value: str | None) -> Any:
        return self.null if value is None else utf8(value)

    def room(self, code: str, length: int) -> tuple[array[Any], Pointer]:
        """Memory for C to write to."""
        buffer = array(code, bytes(SIZES[code] * length))
        return buffer, self.pointer(code, buffer)


def checked_address(address: int) -> int:
    number = index(address)
    if not 0 <= number <= 0xFFFFFFFFFFFFFFFF:
        raise OverflowError("the integer is no address")
    return number


@lru_cache(maxsize=256)
def utf8(value: str) -> bytes:
    """A string argument; C would stop at an embedded NUL."""
    encoded = value.encode()
    if b"\0" in encoded:
        raise ValueError("embedded NUL")
    return encoded


def is_buffer(values: Any) -> bool:
    try:
        memoryview(values)
    except TypeError:
        return False
    return True


def buffer_of(code: str, values: Any) -> Buffer:
    """A list, tuple or other sequence of numbers is converted; a buffer is used as it is where its format allows."""
    if type(values) is list or type(values) is tuple:
        return array(code, values)
    try:
        view = memoryview(values)
    except TypeError:
        if isinstance(values, Sequence) and not isinstance(values, str):
            return array(code, list(values))
        raise
    if code != "B" and isinstance(values, (bytes, bytearray)):
        raise TypeError("bytes are no list of such numbers")
    if not view.nbytes:
        return array(code)
    if view.format not in SAME[code] or view.itemsize != SIZES[code]:
        return array(code, _elements(code, view))
    if view.c_contiguous:
        # Typeshed's overloads want the code as a literal, and without a match the result is Any.
        return view.cast("B").cast(code)  # type: ignore[call-overload, no-any-return]
    gathered = array(code)
    gathered.frombytes(view.tobytes())
    return gathered


def _elements(code: str, view: memoryview) -> list[Any]:
    """The elements of a buffer of another format."""
    elements = view.format.lstrip(NATIVE)
    if len(elements) != 1 or elements not in CONVERTED[code] or calcsize(elements) != view.itemsize:
        known = ", ".join(f"'{known}'" for known in CONVERTED[code])
        raise TypeError(f"a buffer of format {view.format!r} was given, expected one of {known}")
    # The code is no literal: as above.
    return memoryview(view.tobytes()).cast(elements).tolist()  # type: ignore[call-overload, no-any-return]
