"""The stream that libtorch works in."""

from __future__ import annotations

import threading
from typing import Any

import pytest

import rt_torch as rt
from rt_torch import native

pytestmark = [pytest.mark.gpu, pytest.mark.usefixtures("settled")]


class Stream:
    """A stream that somebody else made."""

    def __init__(self, ptr: int, device: int = 0) -> None:
        self.ptr = ptr
        self.device = device

    def __cuda_stream__(self) -> tuple[int, int]:
        return 0, self.ptr


def test_libtorch_works_in_it_inside_the_block(streams: list[int]) -> None:
    first, second = streams
    before = rt.cuda.current_stream()
    x = rt.ones([64, 64], device="cuda")
    with rt.cuda.stream(first):
        assert rt.cuda.current_stream() == first
        y = x @ x
        with rt.cuda.stream(Stream(second)):
            assert rt.cuda.current_stream("cuda:0") == second
            native.cuda_synchronize("cuda")
        assert rt.cuda.current_stream(0) == first
        with rt.cuda.stream(None):
            assert rt.cuda.current_stream() == 0
        native.cuda_synchronize("cuda:0")
    assert rt.cuda.current_stream() == before
    assert y.sum().item() == 64.0**3


def test_it_ends_with_the_block_whatever_happens(streams: list[int]) -> None:
    before = rt.cuda.current_stream()
    with pytest.raises(KeyError), rt.cuda.stream(streams[0]):
        raise KeyError
    assert rt.cuda.current_stream() == before


def test_each_device_has_its_own(streams: list[int], second: str) -> None:
    with rt.cuda.stream(streams[0], second):
        assert rt.cuda.current_stream(second) == streams[0]
        assert rt.cuda.current_stream("cuda:0") != streams[0]


def test_each_thread_has_its_own(streams: list[int]) -> None:
    seen: list[int] = []
    with rt.cuda.stream(streams[0]):
        thread = threading.Thread(target=lambda: seen.append(rt.cuda.current_stream()))
        thread.start()
        thread.join()
    assert seen[0] != streams[0]


def test_streams_of_others(streams: list[int]) -> None:
    class WithProtocol:
        def __cuda_stream__(self) -> tuple[int, int]:
            return 0, streams[0]

    class OfTorch:
        class device:
            index = 0

        cuda_stream = streams[1]

    with rt.cuda.stream(WithProtocol()):
        assert rt.cuda.current_stream() == streams[0]
    with rt.cuda.stream(OfTorch()):
        assert rt.cuda.current_stream() == streams[1]


def test_the_default_stream_by_each_of_its_names(streams: list[int]) -> None:
    class Legacy:
        def __cuda_stream__(self) -> tuple[int, int]:
            return 0, 1  # cudaStreamLegacy

    with rt.cuda.stream(streams[0]):
        for default in (None, 0, 1, Legacy()):
            with rt.cuda.stream(default):
                assert rt.cuda.current_stream() == 0
                assert rt.ones([2], device="cuda").tolist() == [1.0, 1.0]


def test_a_stream_of_another_device(streams: list[int], second: str) -> None:
    said = rf"argument `device`: {second} was given, and .* is a stream of cuda:0"
    with pytest.raises(rt.BadArgumentError, match=said), rt.cuda.stream(Stream(streams[0]), second):
        pass
    with rt.cuda.stream(Stream(streams[0], 1), 1), rt.cuda.stream(Stream(streams[1], 1), "cuda:1"):
        assert rt.cuda.current_stream(second) == streams[1]


@pytest.mark.parametrize("bad", ["stream", 1.5, object(), True])
def test_what_is_no_stream(bad: Any) -> None:
    with pytest.raises(rt.ArgumentTypeError, match="a stream, or the address of one, is expected"), rt.cuda.stream(bad):
        pass


def test_what_is_no_gpu() -> None:
    with pytest.raises(rt.BadArgumentError, match="is no GPU"), rt.cuda.stream(None, "cpu"):
        pass
    with pytest.raises(rt.BadArgumentError, match="is not there: the last device is"):
        rt.cuda.current_stream(77)


def test_with_torch_s_streams(torch: Any) -> None:
    side = torch.cuda.Stream()
    with rt.cuda.stream(side):
        assert rt.cuda.current_stream() == side.cuda_stream
        assert torch.cuda.current_stream().cuda_stream == side.cuda_stream


def test_memory_is_torch_s_to_tell(torch: Any) -> None:
    size = 64 << 20  # bytes; so much is a block of its own
    rt.cuda.empty_cache()
    before, kept = rt.cuda.memory_allocated(), rt.cuda.memory_reserved()
    x = rt.zeros([size // 8], device="cuda")
    assert rt.cuda.memory_allocated() == rt.cuda.memory_allocated("cuda:0") == before + size
    assert rt.cuda.memory_reserved() >= kept + size
    assert rt.cuda.max_memory_allocated() >= before + size
    del x
    assert rt.cuda.memory_allocated() == before
    assert rt.cuda.memory_reserved() >= kept + size
    rt.cuda.empty_cache()
    assert rt.cuda.memory_reserved() < kept + size
