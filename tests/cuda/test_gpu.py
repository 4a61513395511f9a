"""On a real device, with the real libcudart: `make test-gpu`."""

from __future__ import annotations

import gc
import threading
from array import array
from collections.abc import Iterator
from typing import Any

import pytest

import rt_torch as rt
from rt_torch.errors import OutOfMemoryError

pytestmark = pytest.mark.gpu


@pytest.fixture(scope="module")
def cuda(library: str) -> Iterator[Any]:
    why = rt.cuda.why_unavailable()
    if why:
        pytest.skip(why)
    yield rt.cuda
    gc.collect()
    from rt_cuda_bindings import functions

    assert functions.live_handles() == 0


def test_what_is_told_of_devices(cuda: Any) -> None:
    for device in range(cuda.device_count()):
        assert len(cuda.get_device_name(device)) > 3
        free, total = cuda.mem_get_info(device)
        assert 0 < free <= total == cuda.get_device_memory(device)
        assert cuda.get_device_attribute("warp_size", device) == 32
        assert cuda.get_device_capability(device) >= (5, 0)
        for attribute in cuda.Attribute:
            assert isinstance(cuda.get_device_attribute(attribute, device), int)
    driver = cuda.driver_version()
    assert driver is not None and driver[0] >= cuda.runtime_version()[0]
    assert cuda.current_device() == 0
    least, greatest = cuda.stream_priorities()
    assert greatest <= least


def test_there_and_back(cuda: Any) -> None:
    data = bytes(range(256)) * 4096
    with cuda.CudaDeviceMem(len(data)) as block, cuda.CudaDeviceMem(len(data)) as other:
        block.copy_from(data)
        assert block.tobytes() == data
        block.memset(7, 100, offset=50)
        block.copy_to(other)
        assert other.tobytes(200) == data[:50] + b"\7" * 100 + data[150:200]
        room = array("d", bytes(len(data)))
        other.read_into(room)
        assert room.tobytes()[150:] == data[150:]


def test_streams_and_pinned_memory(cuda: Any) -> None:
    size = 1 << 24
    stream, pinned = cuda.CudaStream(non_blocking=True), cuda.CudaHostMem(size)
    with cuda.CudaDeviceMem(size) as block, cuda.CudaDeviceMem(size) as other:
        pinned.view[:] = b"\5" * size
        block.copy_from(pinned, stream=stream)
        block.memset(6, 1000, offset=1000, stream=stream)
        block.copy_to(other, stream=stream)
        other.copy_to(pinned, stream=stream)
        stream.synchronize()
        assert stream.query()
        assert bytes(pinned.view[998:1002]) == b"\5\5\6\6" and bytes(pinned.view[-2:]) == b"\5\5"


def test_events_take_the_time(cuda: Any) -> None:
    stream, block = cuda.CudaStream(), cuda.CudaDeviceMem(1 << 26)
    with cuda.CudaEvent() as start, cuda.CudaEvent(blocking=True) as end:
        start.record(stream)
        for value in range(20):
            block.memset(value, stream=stream)
        end.record(stream)
        end.synchronize()
        assert start.query() and end.query()
        assert 0 < start.elapsed_time(end) < 10_000


def test_a_stream_waits_for_another_s_event(cuda: Any) -> None:
    size = 1 << 26
    first, second, event = cuda.CudaStream(non_blocking=True), cuda.CudaStream(non_blocking=True), cuda.CudaEvent()
    with cuda.CudaDeviceMem(size) as block, cuda.CudaDeviceMem(size) as other:
        other.memset(0)
        cuda.synchronize()
        block.memset(9, stream=first)
        event.record(first)
        second.wait_event(event)
        block.copy_to(other, stream=second)
        second.synchronize()
        assert other.tobytes(4, offset=size - 4) == b"\t" * 4


def test_from_one_device_to_another(cuda: Any) -> None:
    if cuda.device_count() < 2:
        pytest.skip("there is one device only")
    data = bytes(range(256)) * 64
    with cuda.CudaDeviceMem(len(data), 0) as here, cuda.CudaDeviceMem(len(data), 1) as there:
        here.copy_from(data)
        here.copy_to(there)
        cuda.synchronize(0)
        assert there.tobytes() == data
        with cuda.CudaStream(1) as stream:
            there.memset(1, 10, stream=stream)
            there.copy_to(here, stream=stream)
            stream.synchronize()
        assert here.tobytes(12) == b"\1" * 10 + data[10:12]
    assert cuda.current_device() == 0


def test_too_much_memory(cuda: Any) -> None:
    with pytest.raises(OutOfMemoryError, match=r"cudaErrorMemoryAllocation \(2\)"):
        cuda.CudaDeviceMem(1 << 50)
    with cuda.CudaDeviceMem(16) as block:  # which has harmed nothing
        block.memset(1)
        assert block.tobytes() == b"\1" * 16


def test_nothing_leaks(cuda: Any) -> None:
    cuda.CudaDeviceMem(1).close()
    before = cuda.mem_get_info()[0]
    for _ in range(200):
        cuda.CudaDeviceMem(1 << 26).memset(1)
        cuda.CudaStream().synchronize()
    gc.collect()
    cuda.synchronize()
    assert before - cuda.mem_get_info()[0] < 1 << 26


def test_threads(cuda: Any) -> None:
    problems = []

    def work(value: int) -> None:
        try:
            with cuda.CudaStream(non_blocking=True) as stream, cuda.CudaDeviceMem(1 << 16) as block:
                for _ in range(50):
                    block.memset(value, stream=stream)
                    stream.synchronize()
                    assert block.tobytes(2, offset=100) == bytes([value, value])
        except BaseException as error:
            problems.append(error)

    threads = [threading.Thread(target=work, args=(value,)) for value in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
