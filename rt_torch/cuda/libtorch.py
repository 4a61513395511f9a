"""What libtorch does on a GPU: in which stream, and with how much memory."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from rt_torch import native
from rt_torch._target import gpu
from rt_torch.cuda.device import current_device
from rt_torch.errors import ArgumentTypeError, BadArgumentError, Error, UnavailableError
from rt_torch.pure.argument import integer
from rt_torch.pure.dtype import canonical_device
from rt_torch_bindings.arguments import shown

__all__ = ["current_stream", "empty_cache", "max_memory_allocated", "memory_allocated", "memory_reserved", "stream"]

# Streams.

_LEGACY = 1  # CUDA's other word for the default stream, cudaStreamLegacy, which libtorch does not know


@contextmanager
def stream(stream: Any, device: int | str | None = None) -> Iterator[None]:
    """Have libtorch work in a stream inside the block, in this thread.

        with rt.cuda.CudaStream() as side, rt.cuda.stream(side):
            y = x @ x

    What works in different streams is not ordered by itself: wait for one before its results are used in another.

    Args:
        stream: A CudaStream, torch's Stream, or another object with `__cuda_stream__`; the address of a `cudaStream_t`;
            or None for the default stream.
        device: Whose stream it is, where the stream does not tell: this thread's current GPU if nothing is said.

    Raises:
        ArgumentTypeError: It is no stream.
        BadArgumentError: There is no such device, or the stream is one of another.
        UnavailableError: This libtorch has no CUDA; the text says why.
    """
    told = _device_of(stream)
    own = None if told is None else canonical_device(gpu("rt.cuda.stream", told))
    where = canonical_device(_place("rt.cuda.stream", own if device is None else device))
    if own not in (None, where):
        raise BadArgumentError(
            f"rt.cuda.stream: argument `device`: {where} was given, and {shown(stream)} is a stream of {own}"
        )
    address = _address_of(stream)
    before = native.cuda_current_stream(where)
    native.cuda_set_stream(address, where)
    try:
        yield
    finally:
        native.cuda_set_stream(before, where)


def current_stream(device: int | str | None = None) -> int:
    """The stream that libtorch works in, in this thread: the address of a `cudaStream_t`, 0 for the default one.

    Args:
        device: On which GPU; this thread's current one if nothing is said.

    Raises:
        BadArgumentError: There is no such device.
        UnavailableError: This libtorch has no CUDA; the text says why.
    """
    return native.cuda_current_stream(_place("rt.cuda.current_stream", device)) or 0


def _place(function: str, device: int | str | None) -> str:
    """Where no device is said, this thread's current one: what CUDA's runtime tells, and without one the first."""
    if device is None:
        try:
            device = current_device()
        except Error:
            device = 0
    return gpu(function, device)


def _address_of(stream: Any) -> int | None:
    address = _told(stream)
    return None if address in (0, _LEGACY) else address


def _told(stream: Any) -> int:
    if stream is None:
        return 0
    if hasattr(stream, "__cuda_stream__"):
        return int(stream.__cuda_stream__()[1])
    if hasattr(stream, "cuda_stream"):
        return int(stream.cuda_stream)
    if isinstance(stream, int) and not isinstance(stream, bool):
        return integer("rt.cuda.stream", "stream", stream)
    raise ArgumentTypeError(
        f"rt.cuda.stream: argument `stream`: a stream, or the address of one, is expected; given {shown(stream)}"
    )


def _device_of(stream: Any) -> int | str | None:
    device = getattr(stream, "device", None)
    return device if device is None or isinstance(device, (int, str)) else getattr(device, "index", None)


# Memory, which libtorch keeps to use it again.


def empty_cache() -> None:
    """Give memory back to the GPUs that libtorch keeps and uses for nothing.

    libtorch's C interface has no call for that, and torch has: it does it where it is imported, as it shares libtorch's
    memory with this package.

    Raises:
        UnavailableError: There is no CUDA, or torch is not imported.
    """
    _torch("empty_cache").empty_cache()


def memory_allocated(device: int | str | None = None) -> int:
    """Bytes on a GPU that tensors use, by torch's count; see `empty_cache`.

    Raises:
        BadArgumentError: There is no such device.
        UnavailableError: There is no CUDA, or torch is not imported.
    """
    return _count("memory_allocated", device)


def max_memory_allocated(device: int | str | None = None) -> int:
    """The most bytes that tensors have used on a GPU at a time, by torch's count; see `empty_cache`.

    Raises:
        BadArgumentError: There is no such device.
        UnavailableError: There is no CUDA, or torch is not imported.
    """
    return _count("max_memory_allocated", device)


def memory_reserved(device: int | str | None = None) -> int:
    """Bytes on a GPU that libtorch keeps, be they used or not, by torch's count; see `empty_cache`.

    Raises:
        BadArgumentError: There is no such device.
        UnavailableError: There is no CUDA, or torch is not imported.
    """
    return _count("memory_reserved", device)


def _count(function: str, device: int | str | None) -> int:
    cuda, where = _torch(function), _place(f"rt.cuda.{function}", device)
    native.cuda_current_stream(where)  # which says what is wrong with the device
    return int(getattr(cuda, function)(canonical_device(where)))


def _torch(function: str) -> Any:
    """torch.cuda, which counts libtorch's memory once it has begun to."""
    problem = native.cuda_problem()
    if problem:
        raise UnavailableError(f"rt.cuda.{function}: there is no CUDA device: {problem}", f"rt.cuda.{function}")
    torch: Any = sys.modules.get("torch")
    if torch is None:
        raise UnavailableError(
            f"rt.cuda.{function}: unavailable in libtorch {native.version()}: its C interface has no call for it, and "
            f"torch.cuda.{function}, which has the same memory, is not imported: import torch",
            f"rt.cuda.{function}",
        )
    torch.cuda.init()
    return torch.cuda
