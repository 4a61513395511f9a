"""Events: marks in streams, which take the time."""

from __future__ import annotations

from rt_torch.cuda.device import Device, index_of
from rt_torch.cuda.library import functions
from rt_torch.cuda.resource import Resource, handle_of
from rt_torch.cuda.streams import CudaStream, stream_handle


class CudaEvent(Resource):
    """A mark in a stream: it has happened when all that stood before it is done.

    Args:
        device: Whose streams it is for; the current device where none is given.
        timing: Whether it takes the time as it happens.
        blocking: Whether a thread that waits for it sleeps, instead of asking again and again.
    """

    __slots__ = ("device",)

    def __init__(self, device: Device | None = None, *, timing: bool = True, blocking: bool = False) -> None:
        handle = functions.event_create(timing, blocking, index_of("CudaEvent", device))
        super().__init__(handle, functions.event_destroy)
        self.device = functions.event_device(handle)

    def record(self, stream: CudaStream | None = None) -> None:
        """Put it into a stream, behind all that stands there; into the default stream where none is given."""
        functions.event_record(self.handle, stream_handle("CudaEvent.record", stream))

    def synchronize(self) -> None:
        """Wait until it has happened; one that was never recorded is not waited for."""
        functions.event_synchronize(self.handle)

    def query(self) -> bool:
        """Whether it has happened; one that was never recorded counts as one that has."""
        return functions.event_query(self.handle)

    def elapsed_time(self, end: CudaEvent) -> float:
        """Milliseconds from this event to another; both must have happened."""
        return functions.event_elapsed(self.handle, handle_of("CudaEvent.elapsed_time", "end", end, "CudaEvent"))

    def __repr__(self) -> str:
        return self._shown(f"cuda:{self.device}")
