"""Tests that need a GPU.  They skip where there is none, and test_stand_in.py runs them on a stand-in."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest

import rt_torch as rt
from rt_torch import native
from tests.gpu.building import DEVICES
from tests.tensor.conftest import copies as copies
from tests.tensor.conftest import no_handle_left as no_handle_left
from tests.tensor.conftest import settled as settled


@functools.cache
def problem() -> str:
    """Why there is no GPU to place tensors on; "" where there is one."""
    try:
        return native.cuda_problem()
    except rt.Error as error:
        return str(error)


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("gpu") is not None and problem():
        pytest.skip(f"no GPU: {problem()}")


@pytest.fixture
def second() -> str:
    """Another GPU than the first one."""
    if native.cuda_device_count() < 2:
        pytest.skip("there is one GPU only")
    return "cuda:1"


@pytest.fixture
def streams() -> Iterator[list[int]]:
    """Addresses of two streams: CUDA's runtime's, or on the stand-in, which does not look at them, of nothing."""
    if not rt.cuda.is_available():
        if DEVICES not in os.environ:
            pytest.skip(f"no stream can be made: {rt.cuda.why_unavailable()}")
        yield [0x1000, 0x2000]
        return
    with rt.cuda.CudaStream() as first, rt.cuda.CudaStream() as other:
        yield [first.ptr, other.ptr]


@pytest.fixture
def torch() -> Any:
    """torch with a GPU of its own, to compare with: after libtorch is loaded, which is the same."""
    rt.zeros([1], device="cuda")
    torch = pytest.importorskip("torch")
    if not torch.cuda.is_available():
        pytest.skip("torch itself sees no GPU")
    return torch


@pytest.fixture
def alike() -> Callable[..., None]:
    """Whether two tensors have the same shape, dtype and elements, wherever they are."""

    def check(a: rt.Tensor, b: rt.Tensor, tolerance: float = 0.0) -> None:
        assert (a.shape, a.dtype) == (b.shape, b.dtype)
        left, right = a.detach().reshape([-1]).tolist(), b.detach().reshape([-1]).tolist()
        if not tolerance:
            assert left == right
            return
        for one, other in zip(left, right, strict=True):
            assert abs(one - other) <= tolerance * max(1.0, abs(other))

    return check


@pytest.fixture
def seeded() -> Iterator[None]:
    rt.manual_seed(7)
    yield
