"""Devices: what is told of them, and what is said where there are none."""

from __future__ import annotations

import threading
from typing import Any

import pytest

import rt_torch as rt
from rt_torch.errors import ArgumentTypeError, BadArgumentError, NoUpstreamError, RefusedError
from tests.cuda.conftest import Fake


def test_what_is_told_of_devices(cuda: Any) -> None:
    assert cuda.is_available() and cuda.why_unavailable() == ""
    assert cuda.device_count() == 2
    assert cuda.get_device_memory(1) == cuda.get_device_memory() == 1 << 24
    assert cuda.mem_get_info("cuda:1") == (1 << 24, 1 << 24)
    assert cuda.get_device_attribute("warp_size") == cuda.get_device_attribute(cuda.Attribute.WARP_SIZE, 1) == 32
    assert cuda.get_device_capability(1) == (751, 761)
    assert cuda.can_access_peer(0, 1) and not cuda.can_access_peer(1, 1)
    assert cuda.runtime_version() == (12, 9) and cuda.driver_version() == (13, 0)
    assert cuda.stream_priorities() == (0, -5)


@pytest.mark.parametrize(
    ("device", "index"), [(0, 0), (1, 1), ("cuda:1", 1), ("cuda", 0), ("gpu", 0), (rt.Device.CUDA(1), 1), (None, 0)]
)
def test_a_device_is_a_number_or_a_name_of_tensors(cuda: Any, device: int | str | None, index: int) -> None:
    assert cuda.get_device_name(device) == f"Fake GPU {index}"
    with cuda.CudaStream(device) as stream, cuda.CudaEvent(device) as event, cuda.CudaDeviceMem(1, device) as block:
        assert stream.device == event.device == block.device == index
    cuda.synchronize(device)
    if device is not None:
        assert cuda.can_access_peer(device, 1 - index) and cuda.can_access_peer(1 - index, device)
        cuda.set_device(device)
        assert cuda.current_device() == index
    cuda.set_device(0)


def test_the_current_device_is_the_thread_s(cuda: Any) -> None:
    seen = []

    def elsewhere() -> None:
        seen.append(cuda.current_device())
        cuda.set_device("cuda:1")
        seen.append(cuda.current_device())
        with cuda.CudaDeviceMem(1) as block:
            seen.append(block.device)

    thread = threading.Thread(target=elsewhere)
    thread.start()
    thread.join()
    assert seen == [0, 1, 1]
    assert cuda.current_device() == 0
    cuda.synchronize()
    cuda.synchronize(1)


@pytest.mark.parametrize(
    "device", ["cpu", "cuda:", "cuda:-1", "cuda:1.0", "cuda:01", "cuda:\u0661", "gpu:1", " cuda:0", "cuda:0\n", ""]
)
def test_what_is_no_cuda_device(cuda: Any, device: str) -> None:
    with pytest.raises(
        BadArgumentError, match=r"get_device_name: argument `device`: .* is no GPU: expected its number"
    ):
        cuda.get_device_name(device)
    with pytest.raises(BadArgumentError, match="CudaStream: argument `device`"):
        cuda.CudaStream(device)
    with pytest.raises(BadArgumentError, match="argument `peer`"):
        cuda.can_access_peer(0, device)


@pytest.mark.parametrize("device", [2, "cuda:2", -1, 2**40, 2**70])
def test_a_device_that_is_not_there(cuda: Any, device: int | str) -> None:
    for call in (cuda.get_device_name, cuda.mem_get_info, cuda.set_device, cuda.synchronize, cuda.CudaEvent):
        with pytest.raises(BadArgumentError, match="`device`"):
            call(device)


@pytest.mark.parametrize("device", [1.5, True, b"cuda", [0]])
def test_a_device_of_another_type(cuda: Any, device: Any) -> None:
    for call in (cuda.set_device, cuda.synchronize, cuda.CudaEvent):
        with pytest.raises(
            ArgumentTypeError, match="argument `device`: the number of a GPU, or gpu, cuda or cuda:N is"
        ):
            call(device)


def test_none_at_all_is_no_device_to_choose(cuda: Any) -> None:
    with pytest.raises(ArgumentTypeError, match=r"set_device: argument `device`: .*; given None"):
        cuda.set_device(None)


def test_an_attribute_that_is_not_there(cuda: Any) -> None:
    with pytest.raises(BadArgumentError, match=r"'warp_sise' is none of max_threads_per_block, "):
        cuda.get_device_attribute("warp_sise")
    with pytest.raises(BadArgumentError, match="argument `attribute`: 4711 is no value of attribute"):
        cuda.get_device_attribute(4711)


def test_without_a_driver(cuda: Any, fake: Fake) -> None:
    fake.driver(0)
    assert not cuda.is_available() and cuda.device_count() == 0
    assert cuda.driver_version() is None
    for part in (
        "cudaErrorInsufficientDriver (35)",
        "there is no NVIDIA driver here",
        'on the device "cpu", natively or in the pure tier',
    ):
        assert part in cuda.why_unavailable()
    assert cuda.last_cuda_error() == (35, "cudaErrorInsufficientDriver")
    for call in (cuda.CudaStream, cuda.CudaEvent, cuda.get_device_name, cuda.synchronize, cuda.current_device):
        with pytest.raises(NoUpstreamError, match="no NVIDIA driver"):
            call()
    for call in (cuda.CudaDeviceMem, cuda.CudaHostMem):
        with pytest.raises(NoUpstreamError, match="no NVIDIA driver"):
            call(1)


def test_without_a_device(cuda: Any, fake: Fake) -> None:
    fake.devices(0)
    assert not cuda.is_available() and cuda.device_count() == 0
    assert "cudaErrorNoDevice (100)" in cuda.why_unavailable() and "CUDA_VISIBLE_DEVICES" in cuda.why_unavailable()


def test_other_errors_are_not_taken_for_no_device(cuda: Any, fake: Fake) -> None:
    fake.fail("cudaGetDeviceCount", 1)
    with pytest.raises(RefusedError, match=r"cudaErrorInvalidValue \(1\)"):
        cuda.device_count()
    assert cuda.device_count() == 2
    assert fake.last_error() == 0
