"""Streams and events."""

from __future__ import annotations

from typing import Any

import pytest

from rt_torch.errors import ArgumentTypeError, BadArgumentError, InvalidHandleError, RefusedError
from tests.cuda.conftest import Fake


def test_work_in_a_stream_is_done_later(cuda: Any) -> None:
    with cuda.CudaStream() as stream, cuda.CudaDeviceMem(4) as block:
        block.copy_from(b"abcd")
        assert stream.query()
        block.memset(0, 2, stream=stream)
        assert not stream.query()
        stream.synchronize()
        assert stream.query()
        assert block.tobytes() == b"\0\0cd"


def test_a_stream_tells_what_it_is(cuda: Any) -> None:
    with cuda.CudaStream("cuda:1", priority=-5, non_blocking=True) as stream:
        assert stream.device == 1 and stream.ptr != 0 and not stream.closed
        assert repr(stream) == "<CudaStream cuda:1>"
        assert stream.__cuda_stream__() == (0, stream.ptr)
    assert stream.closed and repr(stream) == "<CudaStream closed>"
    assert cuda.current_device() == 0


def test_what_is_no_event_and_no_stream(cuda: Any) -> None:
    with cuda.CudaStream() as stream, cuda.CudaEvent() as event, cuda.CudaDeviceMem(4) as block:
        for given in (None, 5, "event"):
            with pytest.raises(ArgumentTypeError, match="wait_event: argument `event`: a CudaEvent is expected; given"):
                stream.wait_event(given)
            with pytest.raises(ArgumentTypeError, match="elapsed_time: argument `end`: a CudaEvent is expected; given"):
                event.elapsed_time(given)
        with pytest.raises(InvalidHandleError, match="is a stream handle, and an event handle is expected"):
            stream.wait_event(stream)
        for given in (block, event):
            with pytest.raises(ArgumentTypeError, match=r"rt\.cuda\.stream: argument `stream`"), cuda.stream(given):
                pytest.fail("it is no stream")


def test_events_take_the_time(cuda: Any) -> None:
    with cuda.CudaStream() as stream, cuda.CudaEvent() as start, cuda.CudaEvent(blocking=True) as end:
        with cuda.CudaDeviceMem(1000) as block:
            start.record(stream)
            block.memset(1, stream=stream)
            end.record(stream)
            assert not end.query()
            with pytest.raises(RefusedError, match=r"cudaErrorNotReady \(600\).* has not happened yet: wait for it"):
                start.elapsed_time(end)
            end.synchronize()
        assert end.query()
        assert 0.001 < start.elapsed_time(end) < 0.01
        assert end.elapsed_time(start) == -start.elapsed_time(end)
        assert repr(end) == "<CudaEvent cuda:0>"


def test_events_that_cannot_take_the_time(cuda: Any) -> None:
    with cuda.CudaEvent() as timed, cuda.CudaEvent(timing=False) as untimed, cuda.CudaEvent(1) as elsewhere:
        with pytest.raises(BadArgumentError, match="never recorded"):
            timed.elapsed_time(timed)
        for event in (timed, untimed, elsewhere):
            event.record()
            event.synchronize()
        with pytest.raises(BadArgumentError, match="argument `stop`: the event was made to take no time"):
            timed.elapsed_time(untimed)
        with pytest.raises(BadArgumentError, match="it is an event of cuda:1, and `start` one of cuda:0"):
            timed.elapsed_time(elsewhere)


def test_a_stream_waits_for_another_s_event(cuda: Any) -> None:
    first, second, event = cuda.CudaStream(), cuda.CudaStream(1), cuda.CudaEvent()
    with cuda.CudaDeviceMem(4) as here, cuda.CudaDeviceMem(4, 1) as there:
        here.memset(7, stream=first)
        event.record(first)
        second.wait_event(event)
        here.copy_to(there, stream=second)
        second.synchronize()
        assert there.tobytes() == b"\7" * 4


def test_a_stream_of_another_device(cuda: Any) -> None:
    with cuda.CudaStream(1) as stream, cuda.CudaEvent() as event, cuda.CudaDeviceMem(4) as block:
        with pytest.raises(BadArgumentError, match="a stream of cuda:1, and `event` is an event of cuda:0"):
            event.record(stream)
        with pytest.raises(BadArgumentError, match="a stream of cuda:1, and `target` is on cuda:0"):
            block.memset(0, stream=stream)


def test_what_is_closed_is_told(cuda: Any) -> None:
    stream, event = cuda.CudaStream(), cuda.CudaEvent()
    stream.close()
    event.close()
    event.close()
    with pytest.raises(InvalidHandleError, match="this CudaStream is closed"):
        stream.synchronize()
    with pytest.raises(InvalidHandleError, match="this CudaEvent is closed"):
        event.record()
    with cuda.CudaEvent() as live, pytest.raises(InvalidHandleError, match="this CudaStream is closed"):
        live.record(stream)


def test_arguments_of_another_type(cuda: Any) -> None:
    with pytest.raises(ArgumentTypeError, match="`priority`"):
        cuda.CudaStream(priority="high")
    with pytest.raises(BadArgumentError, match="`priority`"):
        cuda.CudaStream(priority=2**40)


@pytest.mark.parametrize("code", [214, 220, 226, 700, 702, 709, 710, 714, 715, 716, 717, 718, 719, 721, 810, 911])
def test_what_ends_all_work_of_a_process_says_so(cuda: Any, fake: Fake, code: int) -> None:
    """All of which CUDA's headers say that the process must be begun anew, and errors of the hardware."""
    with cuda.CudaStream() as stream:
        fake.fail("cudaStreamSynchronize", code)
        with pytest.raises(RefusedError, match=rf"\({code}\).* asked for earlier; the device stays unusable"):
            stream.synchronize()


def test_an_error_of_work_is_told_late_and_all_is_still_given_back(cuda: Any, fake: Fake) -> None:
    with cuda.CudaStream() as stream, cuda.CudaDeviceMem(4) as block, cuda.CudaEvent() as event:
        fake.poison(700)
        block.memset(0, stream=stream)
        with pytest.raises(RefusedError, match=r"cudaErrorIllegalAddress \(700\).* asked for earlier") as caught:
            stream.synchronize()
        assert caught.value.function == "rt_cuda_stream_synchronize"
        assert cuda.last_cuda_error() == (700, "cudaErrorIllegalAddress")
        with pytest.raises(RefusedError, match="700"):
            event.record(stream)
    assert fake.live() == 0
