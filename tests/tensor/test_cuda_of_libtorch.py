"""rt.cuda's streams and memory of libtorch, where there is no GPU; what they do on one is in tests/gpu."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

import rt_torch as rt
from rt_torch.cuda import libtorch

COUNTS = ("memory_allocated", "max_memory_allocated", "memory_reserved")


@pytest.fixture
def gpu(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """As if libtorch had a GPU, the second of two being the current one; what it is asked is listed."""
    asked: list[Any] = []

    def current_stream(device: str) -> int | None:
        asked.append(("current", device))
        return 7

    monkeypatch.setattr(libtorch.native, "cuda_problem", lambda: "")
    monkeypatch.setattr(libtorch.native, "version", lambda: "2.13.0")
    monkeypatch.setattr(libtorch.native, "cuda_current_stream", current_stream)
    monkeypatch.setattr(libtorch.native, "cuda_set_stream", lambda stream, device: asked.append((stream, device)))
    monkeypatch.setattr(libtorch, "current_device", lambda: 1)
    return asked


def raising(error: Exception) -> Callable[..., Any]:
    def call(*arguments: Any) -> Any:
        raise error

    return call


class TestWithoutOne:
    def test_streams(self, problem: str) -> None:
        with pytest.raises(rt.UnavailableError, match="rt_torch_cuda_current_stream: unavailable") as raised:
            rt.cuda.current_stream()
        assert problem in str(raised.value)
        with pytest.raises(rt.UnavailableError) as raised, rt.cuda.stream(None):
            pytest.fail("there is no stream to work in")
        assert problem in str(raised.value)

    @pytest.mark.parametrize("name", [*COUNTS, "empty_cache"])
    def test_memory(self, problem: str, name: str) -> None:
        with pytest.raises(rt.UnavailableError) as raised:
            getattr(rt.cuda, name)()
        assert str(raised.value) == f"rt.cuda.{name}: there is no CUDA device: {problem}"

    def test_what_is_wrong_with_a_stream_is_said_first(self) -> None:
        with pytest.raises(rt.ArgumentTypeError, match=r"rt\.cuda\.stream: argument `stream`"), rt.cuda.stream("main"):
            pytest.fail("there is no stream to work in")
        with pytest.raises(rt.ArgumentTypeError, match=r"rt\.cuda\.current_stream: argument `device`"):
            rt.cuda.current_stream(1.5)  # type: ignore[arg-type]  # it is what is tested


class TestStreams:
    def test_without_a_device_it_is_the_current_one_s(self, gpu: list[Any]) -> None:
        with rt.cuda.stream(5):
            assert gpu == [("current", "cuda:1"), (5, "cuda:1")]
        assert gpu[2:] == [(7, "cuda:1")]
        assert rt.cuda.current_stream() == 7
        assert rt.cuda.current_stream("cuda") == 7
        assert gpu[3:] == [("current", "cuda:1"), ("current", "cuda")]

    def test_without_cuda_s_runtime_it_is_the_first_one_s(
        self, gpu: list[Any], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(libtorch, "current_device", raising(rt.NoUpstreamError("there is no libcudart")))
        rt.cuda.current_stream()
        assert gpu == [("current", "cuda:0")]

    def test_a_stream_knows_its_device(self, gpu: list[Any]) -> None:
        of_ours = SimpleNamespace(__cuda_stream__=lambda: (0, 9), device=3)
        of_torch = SimpleNamespace(cuda_stream=11, device=SimpleNamespace(index=2))
        with rt.cuda.stream(of_ours), rt.cuda.stream(of_torch):
            pass
        assert gpu == [
            ("current", "cuda:3"),
            (9, "cuda:3"),
            ("current", "cuda:2"),
            (11, "cuda:2"),
            (7, "cuda:2"),
            (7, "cuda:3"),
        ]
        with rt.cuda.stream(of_ours, device=3):
            assert gpu[-1] == (9, "cuda:3")
        said = r"argument `device`: cuda:0 was given, and .* is a stream of cuda:3"
        with pytest.raises(rt.BadArgumentError, match=said), rt.cuda.stream(of_ours, device=0):
            pytest.fail("it is on another device")

    def test_the_default_stream(self, gpu: list[Any]) -> None:
        for default in (None, 0, SimpleNamespace(cuda_stream=0, device=1)):
            with rt.cuda.stream(default):
                assert gpu[-1] == (None, "cuda:1")

    def test_memory_is_no_stream(self, gpu: list[Any]) -> None:
        """Its address would be taken for a stream's, and libtorch would crash."""
        block = SimpleNamespace(ptr=9, device=1)
        with pytest.raises(rt.ArgumentTypeError, match="argument `stream`"), rt.cuda.stream(block):
            pytest.fail("it is no stream")
        assert gpu == []


class TestMemory:
    @pytest.mark.parametrize("name", [*COUNTS, "empty_cache"])
    def test_without_torch_it_is_said_whose_it_is(
        self, gpu: list[Any], monkeypatch: pytest.MonkeyPatch, name: str
    ) -> None:
        monkeypatch.delitem(sys.modules, "torch", raising=False)
        with pytest.raises(rt.UnavailableError) as raised:
            getattr(rt.cuda, name)()
        assert str(raised.value) == (
            f"rt.cuda.{name}: unavailable in libtorch 2.13.0: its C interface has no call for it, and torch.cuda.{name}, "
            "which has the same memory, is not imported: import torch"
        )

    def test_torch_is_asked_and_begins_to_count_first(self, gpu: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
        asked: list[Any] = []

        def counted(name: str) -> Callable[[str], int]:
            def count(device: str) -> int:
                asked.append((name, device))
                return len(asked)

            return count

        cuda = SimpleNamespace(
            init=lambda: asked.append("init"),
            empty_cache=lambda: asked.append("empty_cache"),
            **{name: counted(name) for name in COUNTS},
        )
        monkeypatch.setitem(sys.modules, "torch", SimpleNamespace(cuda=cuda))  # type: ignore[arg-type]  # all that is used
        for name, device, where in zip(COUNTS, (None, "gpu", 3), ("cuda:1", "cuda:0", "cuda:3"), strict=True):
            count = getattr(rt.cuda, name)(device)
            assert asked == ["init", (name, where)]
            assert count == 2
            assert gpu.pop()[0] == "current"
            asked.clear()
        rt.cuda.empty_cache()
        assert asked == ["init", "empty_cache"]

    def test_a_device_that_is_none_of_libtorch_s(self, gpu: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "torch", SimpleNamespace(cuda=SimpleNamespace(init=lambda: None)))  # type: ignore[arg-type]  # all that is used
        wrong = rt.BadArgumentError("the last device is cuda:1")
        monkeypatch.setattr(libtorch.native, "cuda_current_stream", raising(wrong))
        with pytest.raises(rt.BadArgumentError, match="the last device is"):
            rt.cuda.memory_allocated(9)
