"""Handles of CUDA's and those of tensors are in one table, and never taken for each other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

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
