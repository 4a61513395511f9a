"""What the typed functions do when a loader refuses an argument: convert it if that is exact, otherwise name it.

Loaders differ in what they refuse and in how they say so; here all of them come to the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import index
from typing import Any

from rt_cuda_bindings import memory
from rt_cuda_bindings.errors import ArgumentTypeError, BadArgumentError

SIGNATURES = {
    "rt_cuda_abi_version": "",
    "rt_cuda_load": "path: path?",
    "rt_cuda_suggest_path": "path: path?",
    "rt_cuda_available": "",
    "rt_cuda_function_available": "name: str",
    "rt_cuda_libcudart_path": "",
    "rt_cuda_runtime_version": "",
    "rt_cuda_driver_version": "",
    "rt_cuda_last_error": "",
    "rt_cuda_last_error_code": "",
    "rt_cuda_clear_error": "",
    "rt_cuda_last_cuda_error": "",
    "rt_cuda_error_name": "number: i64",
    "rt_cuda_error_text": "number: i64",
    "rt_cuda_device_count": "",
    "rt_cuda_device_name": "device: i64",
    "rt_cuda_device_attribute": "attribute: attribute, device: i64",
    "rt_cuda_device_memory": "device: i64?",
    "rt_cuda_can_access_peer": "device: i64, peer: i64",
    "rt_cuda_set_device": "device: i64",
    "rt_cuda_current_device": "",
    "rt_cuda_synchronize": "device: i64?",
    "rt_cuda_stream_create": "priority: i64, non_blocking: bool, device: i64?",
    "rt_cuda_stream_destroy": "stream: stream",
    "rt_cuda_stream_priorities": "",
    "rt_cuda_stream_synchronize": "stream: stream?",
    "rt_cuda_stream_query": "stream: stream?",
    "rt_cuda_stream_wait_event": "stream: stream?, event: event",
    "rt_cuda_stream_device": "stream: stream",
    "rt_cuda_stream_ptr": "stream: stream",
    "rt_cuda_event_create": "timing: bool, blocking_sync: bool, device: i64?",
    "rt_cuda_event_destroy": "event: event",
    "rt_cuda_event_record": "event: event, stream: stream?",
    "rt_cuda_event_synchronize": "event: event",
    "rt_cuda_event_query": "event: event",
    "rt_cuda_event_elapsed": "start: event, stop: event",
    "rt_cuda_event_device": "event: event",
    "rt_cuda_alloc": "size: i64, device: i64?",
    "rt_cuda_free": "block: memory",
    "rt_cuda_memory_size": "block: memory",
    "rt_cuda_memory_device": "block: memory",
    "rt_cuda_memory_ptr": "block: memory",
    "rt_cuda_host_alloc": "size: i64",
    "rt_cuda_host_free": "block: pinned",
    "rt_cuda_host_size": "block: pinned",
    "rt_cuda_host_ptr": "block: pinned",
    "rt_cuda_live_handles": "",
    "rt_cuda_memset": "target: memory, offset: i64, value: i64, size: i64",
    "rt_cuda_memset_async": "target: memory, offset: i64, value: i64, size: i64, stream: stream?",
    "rt_cuda_copy_to_device": "data: [u8], target: memory, offset: i64",
    "rt_cuda_copy_to_host": "source: memory, offset: i64, size: i64",
    "rt_cuda_copy_to_address": "source: memory, offset: i64, size: i64, target: ptr",
    "rt_cuda_copy_to_device_async": "source: pinned, source_offset: i64, target: memory, target_offset: i64, size: i64, stream: stream?",
    "rt_cuda_copy_to_host_async": "source: memory, source_offset: i64, target: pinned, target_offset: i64, size: i64, stream: stream?",
    "rt_cuda_copy": "source: memory, source_offset: i64, target: memory, target_offset: i64, size: i64",
    "rt_cuda_copy_async": "source: memory, source_offset: i64, target: memory, target_offset: i64, size: i64, stream: stream?",
    "rt_cuda_copy_peer": "source: memory, source_offset: i64, target: memory, target_offset: i64, size: i64",
    "rt_cuda_copy_peer_async": "source: memory, source_offset: i64, target: memory, target_offset: i64, size: i64, stream: stream?",
}

KINDS = {  # what the types of the signatures are to Python; the others stand for themselves
    "stream": "handle",
    "event": "handle",
    "memory": "handle",
    "pinned": "handle",
    "path": "str",
    "error": "i64",
    "attribute": "i64",
}

CODES = {"handle": "q", "i64": "q", "f64": "d", "f32": "f", "u8": "B", "bool": "i"}
BITS = {"handle": 64, "i64": 64, "bool": 32}
RANGES = {  # of a list's elements, by code
    "q": "-2**63 to 2**63 - 1",
    "i": "-2**31 to 2**31 - 1",
    "B": "0 to 255",
    "d": "of a double",
    "f": "of a float",
}


def plain(error: Exception, symbol: str, *values: Any) -> list[Any]:
    """The arguments as loaders take them; raises where there is no such value, or when none was the matter."""
    converted = checked(symbol, *values)
    if all(new is old for new, old in zip(converted, values, strict=True)):
        raise error
    return converted


def checked(symbol: str, *values: Any) -> list[Any]:
    """The arguments as loaders take them; raises where there is no such value."""
    return [
        value if value is None and optional else _convert(f"{symbol}: argument `{name}`", symbol, type_name, value)
        for (name, type_name, optional), value in zip(_parameters(symbol), values, strict=True)
    ]


def given(symbol: str, *values: Any) -> str:
    """The arguments as the start of a message: "argument `x`: 12345: "."""
    pairs = zip(_parameters(symbol), values, strict=True)
    return "".join(f"argument `{name}`: {shown(value)}: " for (name, *_), value in pairs)


def _parameters(symbol: str) -> list[tuple[str, str, bool]]:
    """Name, type, and whether None is a value."""
    pairs = (parameter.split(": ") for parameter in SIGNATURES[symbol].split(", ") if parameter)
    return [(name, type_name.rstrip("?"), type_name.endswith("?")) for name, type_name in pairs]


def _convert(where: str, symbol: str, type_name: str, value: Any) -> Any:
    kind = KINDS.get(type_name.strip("[]"), type_name.strip("[]"))
    try:
        if type_name.startswith("["):
            return _list(CODES[kind], value)
        if kind == "str":
            return _text(value)
        if kind in ("f64", "f32"):
            return value if isinstance(value, float) else _float(value)
        return _integer(value, BITS.get(kind, 64), signed=kind != "ptr")
    except TypeError as error:
        raise ArgumentTypeError(f"{where}: {error}; given {shown(value)}", symbol) from None
    except (ValueError, OverflowError, BufferError) as error:
        raise BadArgumentError(f"{where}: {error}; given {shown(value)}", symbol) from None


def _integer(value: Any, bits: int, signed: bool) -> int:
    try:
        number = index(value)
    except TypeError:
        raise TypeError("an integer is expected") from None
    lowest, highest = (-1 << bits - 1, (1 << bits - 1) - 1) if signed else (0, (1 << bits) - 1)
    if not lowest <= number <= highest:
        raise OverflowError(f"the integer does not fit into {bits} bits")
    return number


def _float(value: Any) -> float:
    if isinstance(value, (str, bytes, bytearray)):
        raise TypeError("a number is expected")
    try:
        return float(value)
    except TypeError:
        raise TypeError("a number is expected") from None
    except OverflowError:
        raise OverflowError(f"the number is not in the range {RANGES['d']}") from None


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("a string is expected")
    try:
        memory.utf8(value)
    except UnicodeEncodeError:
        raise ValueError("the string has a lone surrogate, which UTF-8 cannot express") from None
    return value


def _list(code: str, value: Any) -> Any:
    """`value` itself when it will do; the element at fault is named when there is one."""
    try:
        memory.buffer_of(code, value)
    except (TypeError, OverflowError):
        if memory.is_buffer(value):
            raise
        if isinstance(value, Sequence) and not isinstance(value, str):
            return _elements(code, value)
        raise TypeError("a sequence of numbers, or a buffer, is expected") from None
    return value


def _elements(code: str, values: Any) -> list[Any]:
    converted = []
    for place, element in enumerate(values):
        try:
            converted.append(memory.buffer_of(code, [element])[0])
        except TypeError:
            wanted = "a number" if code in "df" else "an integer"
            raise TypeError(f"element {place} is {shown(element)}, {wanted} is expected") from None
        except OverflowError:
            raise OverflowError(
                f"element {place} is {shown(element)}, which is not in the range {RANGES[code]}"
            ) from None
    return converted


def shown(value: Any) -> str:
    """A value and its type for a message, cut short."""
    try:
        text = ascii(value)
    except ValueError:  # an int of more digits than Python prints
        text = "a huge int"
    return f"{text if len(text) <= 60 else text[:57] + '...'} ({type(value).__name__})"
