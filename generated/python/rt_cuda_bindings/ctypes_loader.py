"""Open rt_cuda with ctypes: nothing but the standard library is needed."""

from __future__ import annotations

from collections.abc import Callable
from ctypes import (
    CDLL,
    ArgumentError,
    byref,
    c_byte,
    c_char_p,
    c_double,
    c_int32,
    c_int64,
    c_void_p,
    sizeof,
)
from types import SimpleNamespace
from typing import Any, cast

from rt_cuda_bindings import memory
from rt_cuda_bindings.raw import NAMES, Pointer, Raw, missing

LOADER = "ctypes"


class _Int32:
    """An `int32_t` argument: ctypes itself would cut off what does not fit."""

    @staticmethod
    def from_param(value: int) -> c_int32:
        if -0x80000000 <= value <= 0x7FFFFFFF:
            return c_int32(value)
        raise OverflowError("the integer does not fit into 32 bits")


class _Int64:
    """An `int64_t` argument, in the same way."""

    @staticmethod
    def from_param(value: int) -> c_int64:
        if -0x8000000000000000 <= value <= 0x7FFFFFFFFFFFFFFF:
            return c_int64(value)
        raise OverflowError("the integer does not fit into 64 bits")


# Name: result type, argument types.
SIGNATURES: dict[str, tuple[Any, list[Any]]] = {
    "abi_version": (c_int64, []),
    "load": (c_int32, [c_char_p]),
    "suggest_path": (c_int32, [c_char_p]),
    "available": (c_int32, []),
    "function_available": (c_int32, [c_char_p]),
    "libcudart_path": (c_char_p, []),
    "runtime_version": (c_int64, []),
    "driver_version": (c_int64, []),
    "last_error": (c_char_p, []),
    "last_error_code": (c_int64, []),
    "clear_error": (c_int32, []),
    "last_cuda_error": (c_int64, []),
    "error_name": (c_char_p, [_Int64]),
    "error_text": (c_char_p, [_Int64]),
    "device_count": (c_int64, []),
    "device_name": (c_char_p, [_Int64]),
    "device_attribute": (c_int64, [_Int64, _Int64]),
    "device_memory": (c_int32, [c_void_p, c_void_p, c_void_p]),
    "can_access_peer": (c_int32, [_Int64, _Int64]),
    "set_device": (c_int32, [_Int64]),
    "current_device": (c_int64, []),
    "synchronize": (c_int32, [c_void_p]),
    "stream_create": (c_int64, [_Int64, _Int32, c_void_p]),
    "stream_destroy": (c_int32, [_Int64]),
    "stream_priorities": (c_int32, [c_void_p, c_void_p]),
    "stream_synchronize": (c_int32, [_Int64]),
    "stream_query": (c_int32, [_Int64]),
    "stream_wait_event": (c_int32, [_Int64, _Int64]),
    "stream_device": (c_int64, [_Int64]),
    "stream_ptr": (c_void_p, [_Int64]),
    "event_create": (c_int64, [_Int32, _Int32, c_void_p]),
    "event_destroy": (c_int32, [_Int64]),
    "event_record": (c_int32, [_Int64, _Int64]),
    "event_synchronize": (c_int32, [_Int64]),
    "event_query": (c_int32, [_Int64]),
    "event_elapsed": (c_double, [_Int64, _Int64]),
    "event_device": (c_int64, [_Int64]),
    "alloc": (c_int64, [_Int64, c_void_p]),
    "free": (c_int32, [_Int64]),
    "memory_size": (c_int64, [_Int64]),
    "memory_device": (c_int64, [_Int64]),
    "memory_ptr": (c_void_p, [_Int64]),
    "host_alloc": (c_int64, [_Int64]),
    "host_free": (c_int32, [_Int64]),
    "host_size": (c_int64, [_Int64]),
    "host_ptr": (c_void_p, [_Int64]),
    "live_handles": (c_int64, []),
    "memset": (c_int32, [_Int64, _Int64, _Int64, _Int64]),
    "memset_async": (c_int32, [_Int64, _Int64, _Int64, _Int64, _Int64]),
    "copy_to_device": (c_int32, [c_void_p, _Int64, _Int64, _Int64]),
    "copy_to_host": (c_int64, [_Int64, _Int64, _Int64, c_void_p, _Int64]),
    "copy_to_address": (c_int32, [_Int64, _Int64, _Int64, c_void_p]),
    "copy_to_device_async": (c_int32, [_Int64, _Int64, _Int64, _Int64, _Int64, _Int64]),
    "copy_to_host_async": (c_int32, [_Int64, _Int64, _Int64, _Int64, _Int64, _Int64]),
    "copy": (c_int32, [_Int64, _Int64, _Int64, _Int64, _Int64]),
    "copy_async": (c_int32, [_Int64, _Int64, _Int64, _Int64, _Int64, _Int64]),
    "copy_peer": (c_int32, [_Int64, _Int64, _Int64, _Int64, _Int64]),
    "copy_peer_async": (c_int32, [_Int64, _Int64, _Int64, _Int64, _Int64, _Int64]),
}


class CtypesMemory(memory.Memory):
    null = None
    refused = (*memory.Memory.refused, ArgumentError)

    def pointer(self, code: str, buffer: memory.Buffer) -> Pointer:
        if not len(buffer):
            return byref(_NOTHING)
        try:
            return byref(c_byte.from_buffer(buffer))
        except TypeError:  # ctypes has no pointers to read-only memory
            return buffer.tobytes()

    def text(self, pointer: Pointer) -> str | None:
        return None if pointer is None else pointer.decode()

    def address(self, pointer: Pointer) -> int:
        return pointer or 0

    def at(self, address: int) -> Pointer:
        return c_void_p(memory.checked_address(address))


_NOTHING = c_int64()  # an empty list's first element
_WORD = c_void_p if sizeof(c_void_p) == sizeof(c_int64) else c_int64


def open_library(path: str) -> Raw:
    library = CDLL(path)
    raw = SimpleNamespace(loader=LOADER, path=path, memory=CtypesMemory())
    lacking = set()
    for name, symbol in NAMES.items():
        try:
            function = library[symbol]
        except AttributeError:
            setattr(raw, name, missing(symbol, path))
            lacking.add(name)
            continue
        function.restype, function.argtypes = SIGNATURES[name]
        setattr(raw, name, _checked(function))
    raw.missing = frozenset(lacking)
    return cast(Raw, raw)


def _checked(function: Any) -> Callable[..., Any]:
    """The function; where it takes one or two integers and nothing else, they are checked in the quickest way.

    ctypes passes an int on faster as a pointer than as an integer, and in the same place; what else it would take for a
    pointer does not compare with an int.
    """
    if function.argtypes == [_Int64]:
        function.argtypes = [_WORD]

        def one(x: int, /) -> Any:
            if -0x8000000000000000 <= x <= 0x7FFFFFFFFFFFFFFF:
                return function(x)
            raise OverflowError("the integer does not fit into 64 bits")

        return one
    if function.argtypes == [_Int64, _Int64]:
        function.argtypes = [_WORD, _WORD]

        def two(x: int, y: int, /) -> Any:
            if -0x8000000000000000 <= x <= 0x7FFFFFFFFFFFFFFF and -0x8000000000000000 <= y <= 0x7FFFFFFFFFFFFFFF:
                return function(x, y)
            raise OverflowError("the integer does not fit into 64 bits")

        return two
    return cast(Callable[..., Any], function)
