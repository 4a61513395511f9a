"""Memory of devices, and pinned memory of the host."""

from __future__ import annotations

import re
import weakref
from typing import TYPE_CHECKING, Any

from rt_torch.cuda.device import Device, index_of
from rt_torch.cuda.library import functions
from rt_torch.cuda.resource import Closable, Resource, give_back
from rt_torch.cuda.streams import CudaStream, stream_handle
from rt_torch.errors import ArgumentTypeError, BadArgumentError, InvalidHandleError
from rt_torch.pure.argument import integer
from rt_torch_bindings.arguments import shown

if TYPE_CHECKING:
    from typing_extensions import Buffer

_FIELD_NAMES = re.compile(":[^:]*:")  # in the format of a structure


class CudaDeviceMem(Resource):
    """So many bytes of a device's memory, with anything in them.

    A copy is refused where it would go beyond either end.  In a stream it is done some time after the call, and what it
    is between must stay as it is until then.  Without one it goes to the default stream, and a copy from or to the
    host's memory is done when the call comes back.

    Args:
        size: In bytes.
        device: Whose memory; the current device's where none is given.
    """

    __slots__ = ("device", "size")

    def __init__(self, size: int, device: Device | None = None) -> None:
        handle = functions.alloc(size, index_of("CudaDeviceMem", device))
        super().__init__(handle, functions.free)
        self.size = functions.memory_size(handle)
        self.device = functions.memory_device(handle)

    @property
    def ptr(self) -> int:
        """Address on the device, for other libraries; valid while this object lives, and 0 for no bytes at all."""
        return functions.memory_ptr(self.handle)

    def __len__(self) -> int:
        return self.size

    def memset(self, value: int, size: int | None = None, *, offset: int = 0, stream: CudaStream | None = None) -> None:
        """Fill `size` bytes from `offset` on, all that follow where none is given, with one byte."""
        part = _part("CudaDeviceMem.memset", self.size, size, "offset", offset)
        queue = stream_handle("CudaDeviceMem.memset", stream)
        if queue is None:
            functions.memset(self.handle, offset, value, part)
        else:
            functions.memset_async(self.handle, offset, value, part, queue)

    def copy_to(
        self,
        target: CudaDeviceMem | CudaHostMem,
        size: int | None = None,
        *,
        offset: int = 0,
        target_offset: int = 0,
        stream: CudaStream | None = None,
    ) -> None:
        """Copy `size` bytes from `offset` on to memory of this device, of another one, or to pinned memory.

        Args:
            target: What they are copied to.
            size: All that follow `offset` where none is given.
            offset: Where they begin here.
            target_offset: Where they go there.
            stream: Which stream the copy stands in; the default one where none is given.
        """
        symbol = "CudaDeviceMem.copy_to"
        part = _part(symbol, self.size, size, "offset", offset)
        queue = stream_handle(symbol, stream)
        if isinstance(target, CudaDeviceMem):
            _copy((self.handle, offset, target.handle, target_offset, part), self.device == target.device, queue)
        elif isinstance(target, CudaHostMem):
            functions.copy_to_host_async(self.handle, offset, target.handle, target_offset, part, queue)
            _wait(self.device, stream)
        else:
            raise ArgumentTypeError(
                f"{symbol}: argument `target`: a CudaDeviceMem or a CudaHostMem is expected; given {shown(target)}",
                symbol,
            )

    def copy_from(
        self,
        source: CudaDeviceMem | CudaHostMem | Buffer,
        size: int | None = None,
        *,
        offset: int = 0,
        source_offset: int = 0,
        stream: CudaStream | None = None,
    ) -> None:
        """Copy `size` bytes to `offset`, from memory of a device, pinned memory, or anything that has bytes.

        Args:
            source: What they are copied from; with a stream it is memory of CUDA's, which stays where it is.
            size: All that follow `source_offset` where none is given.
            offset: Where they go here.
            source_offset: Where they begin there.
            stream: Which stream the copy stands in; the default one where none is given.
        """
        symbol = "CudaDeviceMem.copy_from"
        if isinstance(source, CudaDeviceMem):
            source.copy_to(self, size, offset=source_offset, target_offset=offset, stream=stream)
        elif isinstance(source, CudaHostMem):
            part = _part(symbol, source.size, size, "source_offset", source_offset)
            place = (source.handle, source_offset, self.handle, offset, part)
            functions.copy_to_device_async(*place, stream_handle(symbol, stream))
            _wait(self.device, stream)
        elif stream is not None:
            raise BadArgumentError(
                f"{symbol}: argument `stream`: with one the source must be a CudaHostMem or a CudaDeviceMem, and it is a "
                f"{type(source).__name__}",
                symbol,
            )
        else:
            functions.copy_to_device(_slice(symbol, source, size, source_offset), self.handle, offset)

    def tobytes(self, size: int | None = None, *, offset: int = 0) -> bytes:
        """`size` bytes from `offset` on, all that follow where none is given; it waits for the default stream."""
        part = _part("CudaDeviceMem.tobytes", self.size, size, "offset", offset)
        return functions.copy_to_host(self.handle, offset, part)

    def read_into(self, target: Buffer, *, offset: int = 0) -> None:
        """Fill memory of the host, such as an `array` or a NumPy array, from `offset` on."""
        import ctypes

        view = _bytes_of("CudaDeviceMem.read_into", "target", target)
        if view.readonly:
            raise BadArgumentError(
                "CudaDeviceMem.read_into: argument `target`: it cannot be written to", "CudaDeviceMem.read_into"
            )
        if len(view):
            place = (ctypes.c_ubyte * len(view)).from_buffer(view)
            functions.copy_to_address(self.handle, offset, len(view), ctypes.addressof(place))

    def __repr__(self) -> str:
        return self._shown(f"{self.size} bytes", f"cuda:{self.device}")


def _part(function: str, whole: int, size: int | None, name: str, offset: int) -> int:
    """So many bytes, all from the offset on where none are said; less than none where that lies beyond the end."""
    return whole - integer(function, name, offset) if size is None else integer(function, "size", size)


def _slice(function: str, source: Any, size: int | None, offset: int) -> memoryview:
    """A part of the bytes of the host that are copied from."""
    view = _bytes_of(function, "source", source)
    start = integer(function, "source_offset", offset)
    part = _part(function, len(view), size, "source_offset", start)
    if not 0 <= start <= len(view):
        problem = f"{start} was given, and `source` has {len(view)} bytes"
        raise BadArgumentError(f"{function}: argument `source_offset`: {problem}", function)
    if not 0 <= part <= len(view) - start:
        problem = f"{part} was given, and `source` has {len(view) - start} bytes from {start} on"
        raise BadArgumentError(f"{function}: argument `size`: {problem}", function)
    return view[start : start + part]


def _copy(place: tuple[int, int, int, int, int], on_one_device: bool, queue: int | None) -> None:
    """From device memory to device memory, of one device or of two."""
    if queue is None:
        (functions.copy if on_one_device else functions.copy_peer)(*place)
    else:
        (functions.copy_async if on_one_device else functions.copy_peer_async)(*place, queue)


def _wait(device: int, stream: CudaStream | None) -> None:
    """For what was put into the default stream; what stands in another one is its owner's to wait for."""
    if stream is None:
        functions.synchronize(device)


def _bytes_of(function: str, argument: str, value: Any) -> memoryview:
    """The bytes of anything that has some, one after the other."""
    try:
        view = memoryview(value)
        if "O" in _FIELD_NAMES.sub("", view.format):
            raise TypeError("its elements are Python objects")
        return view.cast("B")
    except (TypeError, ValueError, BufferError) as error:
        raise ArgumentTypeError(
            f"{function}: argument `{argument}`: contiguous bytes are expected, such as an array has; given "
            f"{type(value).__name__} ({error})",
            function,
        ) from None


class CudaHostMem(Closable):
    """So many bytes of the host's memory, with anything in them, pinned: devices copy from and to it by themselves.

    The memory goes when this object is closed or gone, and no `view` of it is left.

    Args:
        size: In bytes.
    """

    __slots__ = ("__weakref__", "_handle", "_kept", "size")

    def __init__(self, size: int) -> None:
        import ctypes

        handle = functions.host_alloc(size)
        release = functions.host_free
        try:
            self.size = functions.host_size(handle)
            address = functions.host_ptr(handle)
            # What views are made from, so that each of them holds it.
            block: Any = (ctypes.c_ubyte * self.size).from_address(address) if self.size else (ctypes.c_ubyte * 0)()
            # Not at exit, where a view may still be left.
            weakref.finalize(block, give_back, release, handle).atexit = False
        except BaseException:
            give_back(release, handle)
            raise
        self._handle = handle
        self._kept = [block]
        weakref.finalize(self, self._kept.clear)

    @property
    def handle(self) -> int:
        """The C library's handle, for its other functions; it stays this object's."""
        self._block()
        return self._handle

    @property
    def ptr(self) -> int:
        """Address, for other libraries; valid while this object or a view lives, and 0 for no bytes at all."""
        return functions.host_ptr(self.handle)

    @property
    def view(self) -> memoryview:
        """The bytes, to be read and written; they stay as long as any view of them."""
        return memoryview(self._block()).cast("B")

    def _block(self) -> Any:
        """What views are made from; another thread may close this object at any moment."""
        for block in tuple(self._kept):
            return block
        raise InvalidHandleError("this CudaHostMem is closed", "CudaHostMem")

    def __len__(self) -> int:
        return self.size

    @property
    def closed(self) -> bool:
        return not self._kept

    def close(self) -> None:
        """Give it back, as soon as no view of it is left; nothing happens where that has been done."""
        self._kept.clear()

    def __repr__(self) -> str:
        return self._shown(f"{self.size} bytes")
