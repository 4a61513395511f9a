"""Handles of CUDA's and those of tensors are in one table, and never taken for each other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from rt_cuda_bindings.arguments import SIGNATURES
from rt_cuda_bindings.raw import NAMES
from rt_torch import native
from rt_torch.errors import InvalidHandleError


@pytest.fixture
def tensor(library: str) -> Iterator[int]:
    if not native.available():
        pytest.skip("no libtorch is found")
    handle = native.zeros([2], "f64", "cpu")
    yield handle
    native.free(handle)


def test_a_tensor_is_no_stream_and_no_memory(cuda: Any, f: Any, tensor: int) -> None:
    with pytest.raises(InvalidHandleError, match="is a tensor handle, and a stream handle is expected"):
        f.stream_synchronize(tensor)
    with pytest.raises(InvalidHandleError, match="is a tensor handle, and a handle of device memory is expected"):
        f.memset(tensor, 0, 0, 1)
    with pytest.raises(InvalidHandleError):
        f.free(tensor)
    assert native.shape(tensor) == [2]


def test_a_stream_is_no_tensor(cuda: Any, tensor: int) -> None:
    with cuda.CudaStream() as stream, cuda.CudaDeviceMem(8) as block:
        assert len({stream.handle, block.handle, tensor}) == 3
        for handle in (stream.handle, block.handle):
            with pytest.raises(InvalidHandleError, match="no live tensor handle: it stands for something else"):
                native.ndim(handle)
            with pytest.raises(InvalidHandleError):
                native.free(handle)
        assert stream.query()


def test_a_thread_has_one_error_for_both(cuda: Any, f: Any, tensor: int) -> None:
    with pytest.raises(InvalidHandleError):
        f.stream_query(tensor)
    assert native.last_error() == f.last_error() and native.last_error_code() == f.last_error_code() == 1
    native.ndim(tensor)
    assert f.last_error_code() == 0


def test_numbers_that_are_no_handles(f: Any) -> None:
    for number in (0, -1, -2, 4711, 2**53, 2**63 - 1, -(2**63)):
        for call in (f.stream_device, f.event_query, f.memory_size, f.host_size, f.stream_destroy, f.free):
            with pytest.raises(InvalidHandleError):
                call(number)
    for call in (f.stream_query, f.stream_synchronize):
        with pytest.raises(InvalidHandleError):
            call(4711)


# Of each function, each argument that is a handle: of another kind, given back, and no number of a handle at all.

KINDS = ("stream", "event", "memory", "pinned")
PLAIN = {"i64": 0, "bool": False, "[u8]": b"", "ptr": 1}
TAKES = [
    (name, place, type_.rstrip("?"))
    for name, symbol in NAMES.items()
    for place, type_ in enumerate(re.findall(r": ([^,]+)", SIGNATURES[symbol]))
    if type_.rstrip("?") in KINDS
]


@pytest.fixture
def live(f: Any) -> Iterator[dict[str, int]]:
    """One handle of each kind."""
    handles = {
        "stream": f.stream_create(0, False),
        "event": f.event_create(True, False),
        "memory": f.alloc(8),
        "pinned": f.host_alloc(8),
    }
    yield handles
    release = {"stream": f.stream_destroy, "event": f.event_destroy, "memory": f.free, "pinned": f.host_free}
    for kind, handle in handles.items():
        release[kind](handle)


def test_every_kind_of_handle_is_taken_by_some_function() -> None:
    assert {kind for _, _, kind in TAKES} == set(KINDS) and len(TAKES) > 30


@pytest.mark.parametrize(("name", "place", "kind"), TAKES, ids=[f"{name} {place}" for name, place, _ in TAKES])
def test_each_argument_takes_live_handles_of_its_kind_only(
    f: Any, live: dict[str, int], name: str, place: int, kind: str
) -> None:
    types = [type_.rstrip("?") for type_ in re.findall(r": ([^,]+)", SIGNATURES[NAMES[name]])]
    arguments = [live[type_] if type_ in live else PLAIN[type_] for type_ in types]
    gone = f.event_create(True, False)
    f.event_destroy(gone)
    for other in (gone, 0, -2, 2**53, *(handle for other, handle in live.items() if other != kind)):
        with pytest.raises(InvalidHandleError):
            getattr(f, name)(*arguments[:place], other, *arguments[place + 1 :])
    assert f.live_handles() == len(live)
