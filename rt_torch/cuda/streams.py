"""Streams: queues of work for a device."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rt_torch.cuda.device import Device, index_of
from rt_torch.cuda.library import functions
from rt_torch.cuda.resource import Resource, handle_of

if TYPE_CHECKING:
    from rt_torch.cuda.event import CudaEvent


class CudaStream(Resource):
    """A queue of work for one device: what stands in it is done in order, and beside what stands in others.

    Args:
        device: Where the work is done; the current device where none is given.
        priority: 0 for a usual stream, less for a more urgent one: `rt.cuda.stream_priorities`.
        non_blocking: Whether it goes its own way beside the default stream, instead of each waiting for the other.
    """

    __slots__ = ("device",)

    def __init__(self, device: Device | None = None, *, priority: int = 0, non_blocking: bool = False) -> None:
        handle = functions.stream_create(priority, non_blocking, index_of("CudaStream", device))
        super().__init__(handle, functions.stream_destroy)
        self.device = functions.stream_device(handle)

    @property
    def ptr(self) -> int:
        """CUDA's own `cudaStream_t`, for other libraries; valid while this object lives."""
        return functions.stream_ptr(self.handle)

    def __cuda_stream__(self) -> tuple[int, int]:
        """The version of this protocol, and the `cudaStream_t`: what other libraries take for a stream."""
        return 0, self.ptr

    def synchronize(self) -> None:
        """Wait until all work in it is done; what went wrong in that is raised here."""
        functions.stream_synchronize(self.handle)

    def query(self) -> bool:
        """Whether all work in it is done."""
        return functions.stream_query(self.handle)

    def wait_event(self, event: CudaEvent) -> None:
        """Have what is put into it from now on wait for an event; this call itself does not wait."""
        functions.stream_wait_event(self.handle, handle_of("CudaStream.wait_event", "event", event, "CudaEvent"))

    def __repr__(self) -> str:
        return self._shown(f"cuda:{self.device}")


def stream_handle(function: str, stream: CudaStream | None) -> int | None:
    """None is the default stream."""
    return None if stream is None else handle_of(function, "stream", stream, "CudaStream")
