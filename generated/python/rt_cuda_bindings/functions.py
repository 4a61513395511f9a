"""The functions of rt_cuda, typed, raising on failure.

A library is opened when the first of them is called, by whatever was given to `choose`.  Handles are plain integers, to
be freed by the caller.  List arguments take any sequence of numbers, and buffers (array, memoryview, NumPy arrays)
without converting them element by element.
"""

from __future__ import annotations

import importlib.util
from array import array
from collections.abc import Callable, Sequence
from math import isnan as _isnan
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from rt_cuda_bindings import errors
from rt_cuda_bindings.arguments import given as _given
from rt_cuda_bindings.arguments import plain as _plain
from rt_cuda_bindings.memory import Memory
from rt_cuda_bindings.memory import utf8 as _utf8
from rt_cuda_bindings.raw import NAMES, Pointer, Raw

if TYPE_CHECKING:
    from typing_extensions import Buffer

__all__ = [
    "abi_version",
    "alloc",
    "available",
    "can_access_peer",
    "clear_error",
    "copy",
    "copy_async",
    "copy_peer",
    "copy_peer_async",
    "copy_to_address",
    "copy_to_device",
    "copy_to_device_async",
    "copy_to_host",
    "copy_to_host_async",
    "current_device",
    "device_attribute",
    "device_count",
    "device_memory",
    "device_name",
    "driver_version",
    "error_name",
    "error_text",
    "event_create",
    "event_destroy",
    "event_device",
    "event_elapsed",
    "event_query",
    "event_record",
    "event_synchronize",
    "free",
    "function_available",
    "host_alloc",
    "host_free",
    "host_ptr",
    "host_size",
    "last_cuda_error",
    "last_error",
    "last_error_code",
    "libcudart_path",
    "live_handles",
    "memory_device",
    "memory_ptr",
    "memory_size",
    "memset",
    "memset_async",
    "runtime_version",
    "set_device",
    "stream_create",
    "stream_destroy",
    "stream_device",
    "stream_priorities",
    "stream_ptr",
    "stream_query",
    "stream_synchronize",
    "stream_wait_event",
    "suggest_path",
    "synchronize",
]

Integers: TypeAlias = "Sequence[int] | Buffer"  # a list argument of integers

_chooser: Callable[[], Raw] | None = None
_raw: Raw | None = None
_refused: tuple[type[Exception], ...] = ()  # what the loader raises for an argument that it cannot pass on


def choose(chooser: Callable[[], Raw]) -> None:
    """Say how to open the library when a function is first called."""
    global _chooser
    _chooser = chooser


def use(raw: Raw) -> None:
    """Let the functions of this module call this opened library from now on."""
    global _raw, _memory, _refused
    _raw, _memory, _refused = raw, raw.memory, raw.memory.refused
    names = globals()
    for name in NAMES:
        names["_" + name] = getattr(raw, name)


def bind(raw: Raw) -> Any:
    """The same functions over one opened library, as a module of their own."""
    spec = importlib.util.find_spec(__name__)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.use(raw)
    return module


def opened() -> Raw:
    """The library in use; it is opened if none is yet."""
    if _raw is None:
        if _chooser is None:
            raise errors.LibraryMissingError("no library is open: call use(), or choose()")
        use(_chooser())
    assert _raw is not None
    return _raw


def _unopened(name: str) -> Any:
    """What stands for a C function until a library is open."""

    def call(*arguments: Any) -> Any:
        return getattr(opened(), name)(*arguments)

    return call


class _UnopenedMemory:
    """What stands for the library's memory until then."""

    def __getattr__(self, name: str) -> Any:
        return getattr(opened().memory, name)


_memory = cast(Memory, _UnopenedMemory())
_abi_version: Callable[[], int] = _unopened("abi_version")
_load: Callable[[Pointer], int] = _unopened("load")
_suggest_path: Callable[[Pointer], int] = _unopened("suggest_path")
_available: Callable[[], int] = _unopened("available")
_function_available: Callable[[Pointer], int] = _unopened("function_available")
_libcudart_path: Callable[[], Pointer] = _unopened("libcudart_path")
_runtime_version: Callable[[], int] = _unopened("runtime_version")
_driver_version: Callable[[], int] = _unopened("driver_version")
_last_error: Callable[[], Pointer] = _unopened("last_error")
_last_error_code: Callable[[], int] = _unopened("last_error_code")
_clear_error: Callable[[], int] = _unopened("clear_error")
_last_cuda_error: Callable[[], int] = _unopened("last_cuda_error")
_error_name: Callable[[int], Pointer] = _unopened("error_name")
_error_text: Callable[[int], Pointer] = _unopened("error_text")
_device_count: Callable[[], int] = _unopened("device_count")
_device_name: Callable[[int], Pointer] = _unopened("device_name")
_device_attribute: Callable[[int, int], int] = _unopened("device_attribute")
_device_memory: Callable[[Pointer, Pointer, Pointer], int] = _unopened("device_memory")
_can_access_peer: Callable[[int, int], int] = _unopened("can_access_peer")
_set_device: Callable[[int], int] = _unopened("set_device")
_current_device: Callable[[], int] = _unopened("current_device")
_synchronize: Callable[[Pointer], int] = _unopened("synchronize")
_stream_create: Callable[[int, int, Pointer], int] = _unopened("stream_create")
_stream_destroy: Callable[[int], int] = _unopened("stream_destroy")
_stream_priorities: Callable[[Pointer, Pointer], int] = _unopened("stream_priorities")
_stream_synchronize: Callable[[int], int] = _unopened("stream_synchronize")
_stream_query: Callable[[int], int] = _unopened("stream_query")
_stream_wait_event: Callable[[int, int], int] = _unopened("stream_wait_event")
_stream_device: Callable[[int], int] = _unopened("stream_device")
_stream_ptr: Callable[[int], Pointer] = _unopened("stream_ptr")
_event_create: Callable[[int, int, Pointer], int] = _unopened("event_create")
_event_destroy: Callable[[int], int] = _unopened("event_destroy")
_event_record: Callable[[int, int], int] = _unopened("event_record")
_event_synchronize: Callable[[int], int] = _unopened("event_synchronize")
_event_query: Callable[[int], int] = _unopened("event_query")
_event_elapsed: Callable[[int, int], float] = _unopened("event_elapsed")
_event_device: Callable[[int], int] = _unopened("event_device")
_alloc: Callable[[int, Pointer], int] = _unopened("alloc")
_free: Callable[[int], int] = _unopened("free")
_memory_size: Callable[[int], int] = _unopened("memory_size")
_memory_device: Callable[[int], int] = _unopened("memory_device")
_memory_ptr: Callable[[int], Pointer] = _unopened("memory_ptr")
_host_alloc: Callable[[int], int] = _unopened("host_alloc")
_host_free: Callable[[int], int] = _unopened("host_free")
_host_size: Callable[[int], int] = _unopened("host_size")
_host_ptr: Callable[[int], Pointer] = _unopened("host_ptr")
_live_handles: Callable[[], int] = _unopened("live_handles")
_memset: Callable[[int, int, int, int], int] = _unopened("memset")
_memset_async: Callable[[int, int, int, int, int], int] = _unopened("memset_async")
_copy_to_device: Callable[[Pointer, int, int, int], int] = _unopened("copy_to_device")
_copy_to_host: Callable[[int, int, int, Pointer, int], int] = _unopened("copy_to_host")
_copy_to_address: Callable[[int, int, int, Pointer], int] = _unopened("copy_to_address")
_copy_to_device_async: Callable[[int, int, int, int, int, int], int] = _unopened("copy_to_device_async")
_copy_to_host_async: Callable[[int, int, int, int, int, int], int] = _unopened("copy_to_host_async")
_copy: Callable[[int, int, int, int, int], int] = _unopened("copy")
_copy_async: Callable[[int, int, int, int, int, int], int] = _unopened("copy_async")
_copy_peer: Callable[[int, int, int, int, int], int] = _unopened("copy_peer")
_copy_peer_async: Callable[[int, int, int, int, int, int], int] = _unopened("copy_peer_async")


def _read(code: str, symbol: str, function: Callable[..., int], *arguments: Any) -> array[Any]:
    """A list result: ask for its length, make room, have it written."""
    length = function(*arguments, _memory.null, 0)
    for _ in range(3):  # another thread may have made the list grow in between
        if length < 0:
            raise _failure(symbol)
        out, place = _memory.room(code, length)
        written = function(*arguments, place, length)
        if written >= 0:
            return out[:written]
        problem = _last_error_code(), _memory.text(_last_error()) or symbol
        longer = function(*arguments, _memory.null, 0)
        length = length if 0 <= longer < length else longer
    raise errors.from_code(*problem, symbol)


def _failure(symbol: str) -> errors.RtTorchError:
    """The thread's last failure as an exception."""
    text = _memory.text(_last_error()) or symbol
    return errors.from_code(_last_error_code(), text, symbol)


def _not_released(code: int, symbol: str, *values: Any) -> errors.RtTorchError:
    """Functions that release leave the thread's error state alone, so the code and the arguments are all to tell."""
    kind = errors.BY_CODE.get(code, errors.RtTorchError)
    return kind(f"{symbol}: {_given(symbol, *values)}{kind.__doc__}", symbol)


def abi_version() -> int:
    """Version of this part's own C ABI; it grows when functions are added, and none is ever removed."""
    return _abi_version()


def load(path: str | None = None) -> None:
    """Open CUDA's runtime now instead of at the first call that needs it.

    Without a path the search runs: the RT_CUDA_LIBCUDART environment variable, the one that a libtorch in this process
    uses, any other that the process has, the path suggested with rt_cuda_suggest_path, the system's loader path.
    Loading again is a success if it means the same file, and refused otherwise. A path that does not exist or cannot be
    used is the error `no_upstream`.

    Args:
        path: File libcudart.so.12 or libcudart.so.13, or a folder that holds it (`nvidia/cuda_runtime/lib`,
            `nvidia/cu13/lib`), in at most 4095 bytes; None runs the search.
    """
    try:
        code = _load(_memory.utf8_or_null(path))
    except _refused as error:
        load(*_plain(error, "rt_cuda_load", path))
        return
    if code:
        raise _failure("rt_cuda_load")


def suggest_path(path: str | None = None) -> None:
    """Say where CUDA's runtime probably is, to be tried ahead of the system's loader path when a search runs.

    Args:
        path: File libcudart.so.12 or libcudart.so.13, or a folder that holds it, in at most 4095 bytes; None takes the
            suggestion back.
    """
    try:
        code = _suggest_path(_memory.utf8_or_null(path))
    except _refused as error:
        suggest_path(*_plain(error, "rt_cuda_suggest_path", path))
        return
    if code:
        raise _failure("rt_cuda_suggest_path")


def available() -> bool:
    """Whether a CUDA device can be used: 1 where CUDA's runtime, a driver and at least one device are there,
    otherwise 0.

    The reason for a 0 is what rt_cuda_device_count then reports.
    """
    return _available() != 0


def function_available(name: str) -> bool:
    """Whether the CUDA runtime that is there has what the function of that name needs; 0 for an unknown name.

    Args:
        name: A function of this part, for example "rt_cuda_memset".
    """
    try:
        out = _function_available(_utf8(name))
    except _refused as error:
        return function_available(*_plain(error, "rt_cuda_function_available", name))
    return out != 0


def libcudart_path() -> str:
    """File that CUDA's runtime was loaded from."""
    out = _memory.text(_libcudart_path())
    if out is None:
        raise _failure("rt_cuda_libcudart_path")
    return out


def runtime_version() -> int:
    """Version of CUDA's runtime, for example 12090 for 12.9."""
    out = _runtime_version()
    if out == -1 and _last_error_code():
        raise _failure("rt_cuda_runtime_version")
    return out


def driver_version() -> int:
    """Newest version of CUDA that the driver can do, for example 13000 for 13.0; 0 where there is no driver."""
    out = _driver_version()
    if out == -1 and _last_error_code():
        raise _failure("rt_cuda_driver_version")
    return out


def last_error() -> str:
    """What this thread's last failure was: the function, the argument, what was given and what was expected.

    An error of CUDA's is told with its name, its number and its text. Work on a device runs by itself: what goes wrong
    in it is told by a later call, and then the text says so. Valid until the thread's next failure; empty when there
    was none.
    """
    return _memory.text(_last_error()) or ""


def last_error_code() -> int:
    """Code of this thread's last call: an RT_CUDA_ERROR_ constant, 0 after a success."""
    return _last_error_code()


def clear_error() -> None:
    """Forget this thread's last failure."""
    code = _clear_error()
    if code:
        raise _not_released(code, "rt_cuda_clear_error")


def last_cuda_error() -> int:
    """CUDA's own number of the last error that it reported to this thread, for example 2 for
    cudaErrorMemoryAllocation; 0 when there was none.

    It stays while later calls succeed or fail for reasons of their own, and tells what a failure was that
    rt_cuda_last_error_code has just told of.
    """
    return _last_cuda_error()


def error_name(number: int) -> str:
    """CUDA's name of one of its errors, for example "cudaErrorNoDevice" for 100.

    Args:
        number: CUDA's own number of the error.
    """
    try:
        out = _memory.text(_error_name(number))
    except _refused as error:
        return error_name(*_plain(error, "rt_cuda_error_name", number))
    if out is None:
        raise _failure("rt_cuda_error_name")
    return out


def error_text(number: int) -> str:
    """CUDA's own words for one of its errors.

    Args:
        number: CUDA's own number of the error.
    """
    try:
        out = _memory.text(_error_text(number))
    except _refused as error:
        return error_text(*_plain(error, "rt_cuda_error_text", number))
    if out is None:
        raise _failure("rt_cuda_error_text")
    return out


def device_count() -> int:
    """Number of CUDA devices; without a driver or a device it is an error that says so."""
    out = _device_count()
    if out == -1 and _last_error_code():
        raise _failure("rt_cuda_device_count")
    return out


def device_name(device: int) -> str:
    """Name of a device, for example "NVIDIA H100 80GB HBM3".

    Args:
        device: The device, counted from 0.
    """
    try:
        out = _memory.text(_device_name(device))
    except _refused as error:
        return device_name(*_plain(error, "rt_cuda_device_name", device))
    if out is None:
        raise _failure("rt_cuda_device_name")
    return out


def device_attribute(attribute: int, device: int) -> int:
    """One property of a device.

    Args:
        attribute: One of the RT_CUDA_ATTRIBUTE_ constants.
        device: The device, counted from 0.
    """
    try:
        out = _device_attribute(attribute, device)
    except _refused as error:
        return device_attribute(*_plain(error, "rt_cuda_device_attribute", attribute, device))
    if out == -1 and _last_error_code():
        raise _failure("rt_cuda_device_attribute")
    return out


def device_memory(device: int | None = None) -> tuple[int, int]:
    """Memory of a device in bytes: what nobody uses, and all of it.

    Args:
        device: The device, counted from 0; None for this thread's current one.
    """
    try:
        available, available_at = _memory.room("q", 1)
        total, total_at = _memory.room("q", 1)
        code = _device_memory(_memory.number_or_null("q", device), available_at, total_at)
    except _refused as error:
        return device_memory(*_plain(error, "rt_cuda_device_memory", device))
    if code:
        raise _failure("rt_cuda_device_memory")
    return available[0], total[0]


def can_access_peer(device: int, peer: int) -> bool:
    """Whether one device can reach the memory of another without the host's help.

    Args:
        device: The device that reaches out.
        peer: The device whose memory it is.
    """
    try:
        out = _can_access_peer(device, peer)
    except _refused as error:
        return can_access_peer(*_plain(error, "rt_cuda_can_access_peer", device, peer))
    if out < 0:
        raise _failure("rt_cuda_can_access_peer")
    return out != 0


def set_device(device: int) -> None:
    """Make a device this thread's current one.

    Args:
        device: The device, counted from 0.
    """
    try:
        code = _set_device(device)
    except _refused as error:
        set_device(*_plain(error, "rt_cuda_set_device", device))
        return
    if code:
        raise _failure("rt_cuda_set_device")


def current_device() -> int:
    """This thread's current device."""
    out = _current_device()
    if out == -1 and _last_error_code():
        raise _failure("rt_cuda_current_device")
    return out


def synchronize(device: int | None = None) -> None:
    """Wait until a device has done all that was asked of it.

    What went wrong in that work is told here, unless an earlier call has told it.

    Waits for all streams of the device.

    Args:
        device: The device, counted from 0; None for this thread's current one.
    """
    try:
        code = _synchronize(_memory.number_or_null("q", device))
    except _refused as error:
        synchronize(*_plain(error, "rt_cuda_synchronize", device))
        return
    if code:
        raise _failure("rt_cuda_synchronize")


def stream_create(priority: int, non_blocking: bool, device: int | None = None) -> int:
    """A new stream.

    Args:
        priority: 0 for the usual one, less for a more urgent one; CUDA takes what is beyond rt_cuda_stream_priorities
            for the nearest that there is.
        non_blocking: 1 for a stream that does not wait for the default stream, nor that for it.
        device: The device, counted from 0; None for this thread's current one.
    """
    try:
        out = _stream_create(priority, non_blocking, _memory.number_or_null("q", device))
    except _refused as error:
        return stream_create(*_plain(error, "rt_cuda_stream_create", priority, non_blocking, device))
    if not out:
        raise _failure("rt_cuda_stream_create")
    return out


def stream_destroy(stream: int) -> None:
    """Give a stream back; work that stands in it is still done.

    Returns the code for an invalid handle when `stream` is none, was destroyed already or is of another kind; the
    thread's error state stays as it is. A call in another thread that uses it completes first.

    Waits for nothing on the device, but maybe for its driver.
    """
    try:
        code = _stream_destroy(stream)
    except _refused as error:
        stream_destroy(*_plain(error, "rt_cuda_stream_destroy", stream))
        return
    if code:
        raise _not_released(code, "rt_cuda_stream_destroy", stream)


def stream_priorities() -> tuple[int, int]:
    """Priorities of the least and of the most urgent streams of the current device; the most urgent one has the
    lowest number.
    """
    least, least_at = _memory.room("q", 1)
    greatest, greatest_at = _memory.room("q", 1)
    code = _stream_priorities(least_at, greatest_at)
    if code:
        raise _failure("rt_cuda_stream_priorities")
    return least[0], greatest[0]


def stream_synchronize(stream: int | None = None) -> None:
    """Wait until all work in a stream is done.

    What went wrong in that work is told here, unless an earlier call has told it.

    Waits for the stream.
    """
    try:
        code = _stream_synchronize(-1 if stream is None else stream)
    except _refused as error:
        stream_synchronize(*_plain(error, "rt_cuda_stream_synchronize", stream))
        return
    if code:
        raise _failure("rt_cuda_stream_synchronize")


def stream_query(stream: int | None = None) -> bool:
    """Whether all work in a stream is done."""
    try:
        out = _stream_query(-1 if stream is None else stream)
    except _refused as error:
        return stream_query(*_plain(error, "rt_cuda_stream_query", stream))
    if out < 0:
        raise _failure("rt_cuda_stream_query")
    return out != 0


def stream_wait_event(stream: int | None, event: int) -> None:
    """Have what is put into a stream from now on wait for an event; this call itself does not wait."""
    try:
        code = _stream_wait_event(-1 if stream is None else stream, event)
    except _refused as error:
        stream_wait_event(*_plain(error, "rt_cuda_stream_wait_event", stream, event))
        return
    if code:
        raise _failure("rt_cuda_stream_wait_event")


def stream_device(stream: int) -> int:
    """The device that a stream is of."""
    try:
        out = _stream_device(stream)
    except _refused as error:
        return stream_device(*_plain(error, "rt_cuda_stream_device", stream))
    if out == -1 and _last_error_code():
        raise _failure("rt_cuda_stream_device")
    return out


def stream_ptr(stream: int) -> int:
    """CUDA's own `cudaStream_t`, for other libraries that use the same runtime.

    Valid as long as the handle.
    """
    try:
        out = _memory.address(_stream_ptr(stream))
    except _refused as error:
        return stream_ptr(*_plain(error, "rt_cuda_stream_ptr", stream))
    if not out and _last_error_code():
        raise _failure("rt_cuda_stream_ptr")
    return out


def event_create(timing: bool, blocking_sync: bool, device: int | None = None) -> int:
    """A new event.

    Args:
        timing: 1 for one that takes the time as it happens; 0 costs less.
        blocking_sync: 1 for one that a thread waits for asleep, and not by asking again and again.
        device: The device, counted from 0; None for this thread's current one.
    """
    try:
        out = _event_create(timing, blocking_sync, _memory.number_or_null("q", device))
    except _refused as error:
        return event_create(*_plain(error, "rt_cuda_event_create", timing, blocking_sync, device))
    if not out:
        raise _failure("rt_cuda_event_create")
    return out


def event_destroy(event: int) -> None:
    """Give an event back, even one that has not happened yet.

    Returns the code for an invalid handle when `event` is none, was destroyed already or is of another kind; the
    thread's error state stays as it is. A call in another thread that uses it completes first.

    Waits for nothing on the device, but maybe for its driver.
    """
    try:
        code = _event_destroy(event)
    except _refused as error:
        event_destroy(*_plain(error, "rt_cuda_event_destroy", event))
        return
    if code:
        raise _not_released(code, "rt_cuda_event_destroy", event)


def event_record(event: int, stream: int | None = None) -> None:
    """Put an event into a stream, behind all that stands there."""
    try:
        code = _event_record(event, -1 if stream is None else stream)
    except _refused as error:
        event_record(*_plain(error, "rt_cuda_event_record", event, stream))
        return
    if code:
        raise _failure("rt_cuda_event_record")


def event_synchronize(event: int) -> None:
    """Wait until an event has happened; one that was never recorded is not waited for.

    What went wrong in the work before it is told here, unless an earlier call has told it.

    Waits for the event.
    """
    try:
        code = _event_synchronize(event)
    except _refused as error:
        event_synchronize(*_plain(error, "rt_cuda_event_synchronize", event))
        return
    if code:
        raise _failure("rt_cuda_event_synchronize")


def event_query(event: int) -> bool:
    """Whether an event has happened; one that was never recorded counts as one that has."""
    try:
        out = _event_query(event)
    except _refused as error:
        return event_query(*_plain(error, "rt_cuda_event_query", event))
    if out < 0:
        raise _failure("rt_cuda_event_query")
    return out != 0


def event_elapsed(start: int, stop: int) -> float:
    """Milliseconds from one event to another, to about half a microsecond; both must have happened."""
    try:
        out = _event_elapsed(start, stop)
    except _refused as error:
        return event_elapsed(*_plain(error, "rt_cuda_event_elapsed", start, stop))
    if _isnan(out) and _last_error_code():
        raise _failure("rt_cuda_event_elapsed")
    return out


def event_device(event: int) -> int:
    """The device that an event is of."""
    try:
        out = _event_device(event)
    except _refused as error:
        return event_device(*_plain(error, "rt_cuda_event_device", event))
    if out == -1 and _last_error_code():
        raise _failure("rt_cuda_event_device")
    return out


def alloc(size: int, device: int | None = None) -> int:
    """New memory of a device, with anything in it; none at all of 0 bytes.

    Args:
        size: Size.
        device: The device, counted from 0; None for this thread's current one.
    """
    try:
        out = _alloc(size, _memory.number_or_null("q", device))
    except _refused as error:
        return alloc(*_plain(error, "rt_cuda_alloc", size, device))
    if not out:
        raise _failure("rt_cuda_alloc")
    return out


def free(block: int) -> None:
    """Give device memory back.

    Returns the code for an invalid handle when `block` is none, was freed already or is of another kind; the thread's
    error state stays as it is. A call in another thread that uses it completes first.

    Waits until the device has done what uses the memory.
    """
    try:
        code = _free(block)
    except _refused as error:
        free(*_plain(error, "rt_cuda_free", block))
        return
    if code:
        raise _not_released(code, "rt_cuda_free", block)


def memory_size(block: int) -> int:
    """Size of device memory in bytes."""
    try:
        out = _memory_size(block)
    except _refused as error:
        return memory_size(*_plain(error, "rt_cuda_memory_size", block))
    if out == -1 and _last_error_code():
        raise _failure("rt_cuda_memory_size")
    return out


def memory_device(block: int) -> int:
    """The device that memory is of."""
    try:
        out = _memory_device(block)
    except _refused as error:
        return memory_device(*_plain(error, "rt_cuda_memory_device", block))
    if out == -1 and _last_error_code():
        raise _failure("rt_cuda_memory_device")
    return out


def memory_ptr(block: int) -> int:
    """Address on the device, for other libraries that use it; None without an error for memory of 0 bytes.

    Valid as long as the handle; not for reading and writing by the host.
    """
    try:
        out = _memory.address(_memory_ptr(block))
    except _refused as error:
        return memory_ptr(*_plain(error, "rt_cuda_memory_ptr", block))
    if not out and _last_error_code():
        raise _failure("rt_cuda_memory_ptr")
    return out


def host_alloc(size: int) -> int:
    """New pinned memory of the host, with anything in it: devices copy from and to it while the host goes on.

    Args:
        size: Size.
    """
    try:
        out = _host_alloc(size)
    except _refused as error:
        return host_alloc(*_plain(error, "rt_cuda_host_alloc", size))
    if not out:
        raise _failure("rt_cuda_host_alloc")
    return out


def host_free(block: int) -> None:
    """Give pinned memory back.

    Returns the code for an invalid handle when `block` is none, was freed already or is of another kind; the thread's
    error state stays as it is. A call in another thread that uses it completes first.

    Waits until the devices have done what uses the memory.
    """
    try:
        code = _host_free(block)
    except _refused as error:
        host_free(*_plain(error, "rt_cuda_host_free", block))
        return
    if code:
        raise _not_released(code, "rt_cuda_host_free", block)


def host_size(block: int) -> int:
    """Size of pinned memory in bytes."""
    try:
        out = _host_size(block)
    except _refused as error:
        return host_size(*_plain(error, "rt_cuda_host_size", block))
    if out == -1 and _last_error_code():
        raise _failure("rt_cuda_host_size")
    return out


def host_ptr(block: int) -> int:
    """Address of pinned memory, for the host to read and write; None without an error for memory of 0 bytes.

    Valid as long as the handle.
    """
    try:
        out = _memory.address(_host_ptr(block))
    except _refused as error:
        return host_ptr(*_plain(error, "rt_cuda_host_ptr", block))
    if not out and _last_error_code():
        raise _failure("rt_cuda_host_ptr")
    return out


def live_handles() -> int:
    """Number of streams, events and pieces of memory that have not been given back."""
    return _live_handles()


def memset(target: int, offset: int, value: int, size: int) -> None:
    """Fill a part of device memory with one byte.

    It may come back before that is done; what is put into the default stream of the device afterwards comes after it.

    Args:
        offset: Where the part begins.
        value: The byte, 0 to 255.
        size: Size of the part.
    """
    try:
        code = _memset(target, offset, value, size)
    except _refused as error:
        memset(*_plain(error, "rt_cuda_memset", target, offset, value, size))
        return
    if code:
        raise _failure("rt_cuda_memset")


def memset_async(target: int, offset: int, value: int, size: int, stream: int | None = None) -> None:
    """Fill a part of device memory with one byte, in a stream.

    Args:
        offset: Where the part begins.
        value: The byte, 0 to 255.
        size: Size of the part.
    """
    try:
        code = _memset_async(target, offset, value, size, -1 if stream is None else stream)
    except _refused as error:
        memset_async(*_plain(error, "rt_cuda_memset_async", target, offset, value, size, stream))
        return
    if code:
        raise _failure("rt_cuda_memset_async")


def copy_to_device(data: Integers, target: int, offset: int) -> None:
    """Copy bytes of the host into device memory.

    Waits for the device's default stream, and until the data has been read.

    Args:
        data: The bytes.
        offset: Where in the target they go.
    """
    try:
        code = _copy_to_device(*_memory.elements("B", data), target, offset)
    except _refused as error:
        copy_to_device(*_plain(error, "rt_cuda_copy_to_device", data, target, offset))
        return
    if code:
        raise _failure("rt_cuda_copy_to_device")


def copy_to_host(source: int, offset: int, size: int) -> bytes:
    """Copy a part of device memory to the host.

    Waits for the device's default stream, and until the copy is done.

    Args:
        offset: Where the part begins.
        size: Size of the part.
    """
    try:
        out = _read("B", "rt_cuda_copy_to_host", _copy_to_host, source, offset, size)
    except _refused as error:
        return copy_to_host(*_plain(error, "rt_cuda_copy_to_host", source, offset, size))
    return out.tobytes()


def copy_to_address(source: int, offset: int, size: int, target: int) -> None:
    """Copy a part of device memory to an address of the host.

    Waits for the device's default stream, and until the copy is done.

    Args:
        offset: Where the part begins.
        size: Size of the part.
        target: Address of memory of the host. So many bytes must be there to be written.
    """
    try:
        code = _copy_to_address(source, offset, size, _memory.at(target))
    except _refused as error:
        copy_to_address(*_plain(error, "rt_cuda_copy_to_address", source, offset, size, target))
        return
    if code:
        raise _failure("rt_cuda_copy_to_address")


def copy_to_device_async(
    source: int, source_offset: int, target: int, target_offset: int, size: int, stream: int | None = None
) -> None:
    """Copy a part of pinned host memory into device memory, in a stream.

    Args:
        source_offset: Where the part begins.
        target_offset: Where in the target it goes.
        size: Size of the part.
    """
    try:
        code = _copy_to_device_async(
            source, source_offset, target, target_offset, size, -1 if stream is None else stream
        )
    except _refused as error:
        copy_to_device_async(
            *_plain(error, "rt_cuda_copy_to_device_async", source, source_offset, target, target_offset, size, stream)
        )
        return
    if code:
        raise _failure("rt_cuda_copy_to_device_async")


def copy_to_host_async(
    source: int, source_offset: int, target: int, target_offset: int, size: int, stream: int | None = None
) -> None:
    """Copy a part of device memory into pinned host memory, in a stream.

    Args:
        source_offset: Where the part begins.
        target_offset: Where in the target it goes.
        size: Size of the part.
    """
    try:
        code = _copy_to_host_async(source, source_offset, target, target_offset, size, -1 if stream is None else stream)
    except _refused as error:
        copy_to_host_async(
            *_plain(error, "rt_cuda_copy_to_host_async", source, source_offset, target, target_offset, size, stream)
        )
        return
    if code:
        raise _failure("rt_cuda_copy_to_host_async")


def copy(source: int, source_offset: int, target: int, target_offset: int, size: int) -> None:
    """Copy a part of device memory to other memory of the same device.

    It may come back before that is done; what is put into the default stream of the device afterwards comes after it.
    For memory of two devices there is rt_cuda_copy_peer.

    Args:
        source_offset: Where the part begins.
        target_offset: Where in the target it goes.
        size: Size of the part.
    """
    try:
        code = _copy(source, source_offset, target, target_offset, size)
    except _refused as error:
        copy(*_plain(error, "rt_cuda_copy", source, source_offset, target, target_offset, size))
        return
    if code:
        raise _failure("rt_cuda_copy")


def copy_async(
    source: int, source_offset: int, target: int, target_offset: int, size: int, stream: int | None = None
) -> None:
    """Copy a part of device memory to other memory of the same device, in a stream.

    Args:
        source_offset: Where the part begins.
        target_offset: Where in the target it goes.
        size: Size of the part.
    """
    try:
        code = _copy_async(source, source_offset, target, target_offset, size, -1 if stream is None else stream)
    except _refused as error:
        copy_async(*_plain(error, "rt_cuda_copy_async", source, source_offset, target, target_offset, size, stream))
        return
    if code:
        raise _failure("rt_cuda_copy_async")


def copy_peer(source: int, source_offset: int, target: int, target_offset: int, size: int) -> None:
    """Copy a part of device memory to memory of another device, or of the same.

    It may come back before that is done; what is put into the default streams of the two devices afterwards comes after
    it.

    Args:
        source_offset: Where the part begins.
        target_offset: Where in the target it goes.
        size: Size of the part.
    """
    try:
        code = _copy_peer(source, source_offset, target, target_offset, size)
    except _refused as error:
        copy_peer(*_plain(error, "rt_cuda_copy_peer", source, source_offset, target, target_offset, size))
        return
    if code:
        raise _failure("rt_cuda_copy_peer")


def copy_peer_async(
    source: int, source_offset: int, target: int, target_offset: int, size: int, stream: int | None = None
) -> None:
    """Copy a part of device memory to memory of another device, or of the same, in a stream.

    Args:
        source_offset: Where the part begins.
        target_offset: Where in the target it goes.
        size: Size of the part.
    """
    try:
        code = _copy_peer_async(source, source_offset, target, target_offset, size, -1 if stream is None else stream)
    except _refused as error:
        copy_peer_async(
            *_plain(error, "rt_cuda_copy_peer_async", source, source_offset, target, target_offset, size, stream)
        )
        return
    if code:
        raise _failure("rt_cuda_copy_peer_async")
