"""The C functions of rt_cuda as every loader offers them: C's own arguments and results, no exceptions.

A pointer is whatever the loader takes for one; `memory` makes and reads them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, TypeAlias

from rt_cuda_bindings.errors import MissingFunctionError
from rt_cuda_bindings.memory import Memory

Pointer: TypeAlias = Any

ABI = 1  # version of the C ABI that these bindings were made for


class Raw(Protocol):
    """One opened library."""

    loader: str  # "ctypes", "cffi" or "cffi-api"
    path: str  # file that was opened
    missing: frozenset[str]  # declared functions that this file lacks; calling one raises MissingFunctionError
    memory: Memory

    def abi_version(self) -> int: ...

    def load(self, path: Pointer, /) -> int: ...

    def suggest_path(self, path: Pointer, /) -> int: ...

    def available(self) -> int: ...

    def function_available(self, name: Pointer, /) -> int: ...

    def libcudart_path(self) -> Pointer: ...

    def runtime_version(self) -> int: ...

    def driver_version(self) -> int: ...

    def last_error(self) -> Pointer: ...

    def last_error_code(self) -> int: ...

    def clear_error(self) -> int: ...

    def last_cuda_error(self) -> int: ...

    def error_name(self, number: int, /) -> Pointer: ...

    def error_text(self, number: int, /) -> Pointer: ...

    def device_count(self) -> int: ...

    def device_name(self, device: int, /) -> Pointer: ...

    def device_attribute(self, attribute: int, device: int, /) -> int: ...

    def device_memory(self, device: Pointer, available: Pointer, total: Pointer, /) -> int: ...

    def can_access_peer(self, device: int, peer: int, /) -> int: ...

    def set_device(self, device: int, /) -> int: ...

    def current_device(self) -> int: ...

    def synchronize(self, device: Pointer, /) -> int: ...

    def stream_create(self, priority: int, non_blocking: int, device: Pointer, /) -> int: ...

    def stream_destroy(self, stream: int, /) -> int: ...

    def stream_priorities(self, least: Pointer, greatest: Pointer, /) -> int: ...

    def stream_synchronize(self, stream: int, /) -> int: ...

    def stream_query(self, stream: int, /) -> int: ...

    def stream_wait_event(self, stream: int, event: int, /) -> int: ...

    def stream_device(self, stream: int, /) -> int: ...

    def stream_ptr(self, stream: int, /) -> Pointer: ...

    def event_create(self, timing: int, blocking_sync: int, device: Pointer, /) -> int: ...

    def event_destroy(self, event: int, /) -> int: ...

    def event_record(self, event: int, stream: int, /) -> int: ...

    def event_synchronize(self, event: int, /) -> int: ...

    def event_query(self, event: int, /) -> int: ...

    def event_elapsed(self, start: int, stop: int, /) -> float: ...

    def event_device(self, event: int, /) -> int: ...

    def alloc(self, size: int, device: Pointer, /) -> int: ...

    def free(self, block: int, /) -> int: ...

    def memory_size(self, block: int, /) -> int: ...

    def memory_device(self, block: int, /) -> int: ...

    def memory_ptr(self, block: int, /) -> Pointer: ...

    def host_alloc(self, size: int, /) -> int: ...

    def host_free(self, block: int, /) -> int: ...

    def host_size(self, block: int, /) -> int: ...

    def host_ptr(self, block: int, /) -> Pointer: ...

    def live_handles(self) -> int: ...

    def memset(self, target: int, offset: int, value: int, size: int, /) -> int: ...

    def memset_async(self, target: int, offset: int, value: int, size: int, stream: int, /) -> int: ...

    def copy_to_device(self, data: Pointer, data_len: int, target: int, offset: int, /) -> int: ...

    def copy_to_host(self, source: int, offset: int, size: int, out: Pointer, out_cap: int, /) -> int: ...

    def copy_to_address(self, source: int, offset: int, size: int, target: Pointer, /) -> int: ...

    def copy_to_device_async(
        self, source: int, source_offset: int, target: int, target_offset: int, size: int, stream: int, /
    ) -> int: ...

    def copy_to_host_async(
        self, source: int, source_offset: int, target: int, target_offset: int, size: int, stream: int, /
    ) -> int: ...

    def copy(self, source: int, source_offset: int, target: int, target_offset: int, size: int, /) -> int: ...

    def copy_async(
        self, source: int, source_offset: int, target: int, target_offset: int, size: int, stream: int, /
    ) -> int: ...

    def copy_peer(self, source: int, source_offset: int, target: int, target_offset: int, size: int, /) -> int: ...

    def copy_peer_async(
        self, source: int, source_offset: int, target: int, target_offset: int, size: int, stream: int, /
    ) -> int: ...


NAMES: dict[str, str] = {  # name here: symbol in the shared library
    "abi_version": "rt_cuda_abi_version",
    "load": "rt_cuda_load",
    "suggest_path": "rt_cuda_suggest_path",
    "available": "rt_cuda_available",
    "function_available": "rt_cuda_function_available",
    "libcudart_path": "rt_cuda_libcudart_path",
    "runtime_version": "rt_cuda_runtime_version",
    "driver_version": "rt_cuda_driver_version",
    "last_error": "rt_cuda_last_error",
    "last_error_code": "rt_cuda_last_error_code",
    "clear_error": "rt_cuda_clear_error",
    "last_cuda_error": "rt_cuda_last_cuda_error",
    "error_name": "rt_cuda_error_name",
    "error_text": "rt_cuda_error_text",
    "device_count": "rt_cuda_device_count",
    "device_name": "rt_cuda_device_name",
    "device_attribute": "rt_cuda_device_attribute",
    "device_memory": "rt_cuda_device_memory",
    "can_access_peer": "rt_cuda_can_access_peer",
    "set_device": "rt_cuda_set_device",
    "current_device": "rt_cuda_current_device",
    "synchronize": "rt_cuda_synchronize",
    "stream_create": "rt_cuda_stream_create",
    "stream_destroy": "rt_cuda_stream_destroy",
    "stream_priorities": "rt_cuda_stream_priorities",
    "stream_synchronize": "rt_cuda_stream_synchronize",
    "stream_query": "rt_cuda_stream_query",
    "stream_wait_event": "rt_cuda_stream_wait_event",
    "stream_device": "rt_cuda_stream_device",
    "stream_ptr": "rt_cuda_stream_ptr",
    "event_create": "rt_cuda_event_create",
    "event_destroy": "rt_cuda_event_destroy",
    "event_record": "rt_cuda_event_record",
    "event_synchronize": "rt_cuda_event_synchronize",
    "event_query": "rt_cuda_event_query",
    "event_elapsed": "rt_cuda_event_elapsed",
    "event_device": "rt_cuda_event_device",
    "alloc": "rt_cuda_alloc",
    "free": "rt_cuda_free",
    "memory_size": "rt_cuda_memory_size",
    "memory_device": "rt_cuda_memory_device",
    "memory_ptr": "rt_cuda_memory_ptr",
    "host_alloc": "rt_cuda_host_alloc",
    "host_free": "rt_cuda_host_free",
    "host_size": "rt_cuda_host_size",
    "host_ptr": "rt_cuda_host_ptr",
    "live_handles": "rt_cuda_live_handles",
    "memset": "rt_cuda_memset",
    "memset_async": "rt_cuda_memset_async",
    "copy_to_device": "rt_cuda_copy_to_device",
    "copy_to_host": "rt_cuda_copy_to_host",
    "copy_to_address": "rt_cuda_copy_to_address",
    "copy_to_device_async": "rt_cuda_copy_to_device_async",
    "copy_to_host_async": "rt_cuda_copy_to_host_async",
    "copy": "rt_cuda_copy",
    "copy_async": "rt_cuda_copy_async",
    "copy_peer": "rt_cuda_copy_peer",
    "copy_peer_async": "rt_cuda_copy_peer_async",
}

INDEPENDENT: frozenset[str] = frozenset(  # names of those that need nothing of the upstream library, QUESTIONS apart
    [
        "abi_version",
        "load",
        "suggest_path",
        "last_error",
        "last_error_code",
        "clear_error",
        "last_cuda_error",
        "stream_destroy",
        "event_destroy",
        "free",
        "host_free",
        "live_handles",
    ]
)

QUESTIONS: frozenset[str] = frozenset(  # names of those that answer yes or no, and never fail
    [
        "available",
        "function_available",
    ]
)


def missing(symbol: str, path: str) -> Callable[..., Any]:
    """What stands in for a function that the shared library lacks."""

    def call(*arguments: object) -> Any:
        raise MissingFunctionError(f"{symbol} is not in {path}: that build is older than these bindings", symbol)

    return call
