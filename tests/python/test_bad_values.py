"""Values that the library refuses, through every loader: the documented error, and nothing left behind."""

from __future__ import annotations

import ctypes
import struct
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from rt_torch.errors import BadArgumentError, InvalidHandleError, OutOfMemoryError

BIG = 2**62
MEMORY = ctypes.create_string_buffer(64)
AT = ctypes.addressof(MEMORY)

BAD: dict[str, tuple[Callable[[Any, int], Any], str]] = {
    "dtype that does not exist": (lambda f, x: f.zeros([1], "f63", "cpu"), "`dtype`"),
    "empty dtype": (lambda f, x: f.zeros([1], "", "cpu"), "`dtype`"),
    "very long dtype": (lambda f, x: f.to_dtype(x, "f64" * 10000), "`dtype`"),
    "dtype that is no ASCII": (lambda f, x: f.zeros([1], "f\u00b64", "cpu"), "`dtype`"),
    "device that does not exist": (lambda f, x: f.zeros([1], "f64", "gpu9"), "`device`"),
    "device number that overflows": (lambda f, x: f.to_device(x, "cuda:99999999999999999999"), "`device`"),
    "negative device number": (lambda f, x: f.ones([1], "f64", "cuda:-1"), "`device`"),
    "too few elements": (lambda f, x: f.from_data_f64([1.0, 2.0, 3.0], [2, 2]), "rt_torch_from_data_f64"),
    "too many elements": (lambda f, x: f.from_data_i64([1, 2, 3], [2]), "rt_torch_from_data_i64"),
    "no elements": (lambda f, x: f.from_data_f32([], [1]), "rt_torch_from_data_f32"),
    "no sizes": (lambda f, x: f.from_data_bool(b"\1\1", []), "rt_torch_from_data_bool"),
    "negative size": (lambda f, x: f.zeros([2, -1], "f64", "cpu"), "`shape`"),
    "sizes that overflow": (lambda f, x: f.ones([BIG, 4], "f64", "cpu"), "`shape`"),
    "bytes that overflow": (lambda f, x: f.zeros([BIG], "f64", "cpu"), "rt_torch_zeros"),
    "65 dimensions": (lambda f, x: f.zeros([1] * 65, "f64", "cpu"), "`shape`"),
    "reshape that does not fit": (lambda f, x: f.reshape(x, [3]), "rt_torch_reshape"),
    "reshape with two unknowns": (lambda f, x: f.reshape(x, [-1, -1]), "rt_torch_reshape"),
    "reshape with a negative size": (lambda f, x: f.reshape(x, [-2, 2]), "rt_torch_reshape"),
    "dimension out of range": (lambda f, x: f.softmax(x, 2), "`dim`"),
    "negative dimension out of range": (lambda f, x: f.sum_dim(x, -3, False), "`dim`"),
    "huge dimension": (lambda f, x: f.transpose(x, 0, 2**63 - 1), "`dim1`"),
    "least dimension": (lambda f, x: f.unsqueeze(x, -(2**63)), "`dim`"),
    "optional dimension out of range": (lambda f, x: f.squeeze(x, 5), "`dim`"),
    "bool that is none": (lambda f, x: f.mean_dim(x, 0, 2), "`keepdim`"),
    "shapes that do not broadcast": (lambda f, x: f.add(x, f.scratch([1.0] * 3, [3])), "[3]"),
    "inner sizes that differ": (lambda f, x: f.matmul(x, f.scratch([1.0] * 3, [3, 1])), "rt_torch_matmul"),
    "mask that is no bool": (lambda f, x: f.where(x, x, x), "`cond`"),
    "wrong dtype to read": (lambda f, x: f.to_data_i64(x), "rt_torch_to_data_i64"),
    "no address": (lambda f, x: f.wrap(0, [1], None, "f64", 1), "`data`"),
    "negative size of wrapped memory": (lambda f, x: f.wrap(AT, [-1], None, "f64", 1), "`shape`"),
    "negative stride": (lambda f, x: f.wrap(AT, [2], [-1], "f64", 1), "`strides`"),
    "too few strides": (lambda f, x: f.wrap(AT, [2, 2], [1], "f64", 1), "`strides`"),
    "wrapped size that overflows": (lambda f, x: f.wrap(AT, [BIG, 4], None, "f64", 1), "`shape`"),
    "stride that overflows": (lambda f, x: f.wrap(AT, [4, 4], [2**61, 1], "f64", 1), "`strides`"),
    "no DLPack": (lambda f, x: f.from_dlpack(0), "`managed`"),
    "no threads": (lambda f, x: f.set_num_threads(0), "`n`"),
    "too many threads": (lambda f, x: f.set_num_threads(1025), "between 1 and 1024"),
    "threads beyond an int": (lambda f, x: f.set_num_threads(2**40), "`n`"),
}


class WithScratch:
    """The functions, and tensors that are freed when the test is over."""

    def __init__(self, f: Any) -> None:
        self._f = f
        self._handles: list[int] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._f, name)

    def scratch(self, data: list[float], shape: list[int]) -> int:
        self._handles.append(self._f.from_data_f64(data, shape))
        return self._handles[-1]

    def clear(self) -> None:
        for handle in self._handles:
            self._f.free(handle)


@pytest.fixture
def s(f: Any) -> Iterator[WithScratch]:
    scratch = WithScratch(f)
    yield scratch
    scratch.clear()


@pytest.mark.parametrize("name", BAD)
def test_bad_value(s: WithScratch, name: str) -> None:
    call, text = BAD[name]
    x = s.scratch([1.0, 2.0, 3.0, 4.0], [2, 2])
    with pytest.raises(BadArgumentError) as caught:
        call(s, x)
    assert text in str(caught.value)
    assert caught.value.function in str(caught.value)
    assert s.last_error_code() == 2 and s.last_error() == str(caught.value)
    assert s.to_data_f64(x) == [1.0, 2.0, 3.0, 4.0]


@pytest.mark.parametrize("handle", [0, -1, -(2**63), 1, 12345678901, 2**53, 2**63 - 1])
def test_handle_that_is_none(f: Any, handle: int) -> None:
    for call in (f.relu, f.shape, f.dtype, f.sum, f.ndim, f.data_ptr, f.to_data_f64, f.free, f.retain):
        with pytest.raises(InvalidHandleError):
            call(handle)


def test_handle_that_was_freed(f: Any) -> None:
    x = f.zeros([2], "f64", "cpu")
    f.free(x)
    for call in (f.relu, f.shape, f.free):
        with pytest.raises(InvalidHandleError):
            call(x)


def test_memory_that_cannot_be_had(f: Any) -> None:
    with pytest.raises((OutOfMemoryError, RuntimeError)) as caught:
        f.zeros([2**50], "f64", "cpu")
    assert getattr(caught.value, "code", 0) in (5, 6)


def test_buffer_that_is_too_small(f: Any) -> None:
    x = f.from_data_f64([1.0, 2.0, 3.0], [3])
    raw = f.opened()
    room, place = raw.memory.room("d", 2)
    assert raw.to_data_f64(x, place, 2) == -1
    assert raw.last_error_code() == 2 and "out_cap" in raw.memory.text(raw.last_error())
    assert room.tolist() == [0.0, 0.0]
    assert raw.to_data_f64(x, place, -1) == -1
    assert raw.to_data_f64(x, raw.memory.null, 3) == -1
    f.free(x)


def test_text_that_is_no_utf8(f: Any) -> None:
    raw = f.opened()
    shape, length = raw.memory.elements("q", [1])
    assert raw.zeros(shape, length, b"f\xff4", b"cpu") == 0
    assert raw.last_error_code() == 2 and "`dtype`" in raw.memory.text(raw.last_error())
    assert raw.zeros(raw.memory.null, 1, b"f64", b"cpu") == 0
    assert "`shape`" in raw.memory.text(raw.last_error())
    assert raw.zeros(shape, -5, b"f64", b"cpu") == 0
    assert raw.zeros(shape, length, raw.memory.null, b"cpu") == 0
    assert "`dtype`" in raw.memory.text(raw.last_error())


def test_success_clears_the_code(f: Any) -> None:
    with pytest.raises(InvalidHandleError):
        f.relu(0)
    assert f.last_error_code() == 1
    f.free(f.zeros([1], "f64", "cpu"))
    assert f.last_error_code() == 0
    f.clear_error()
    assert f.last_error() == ""


def test_wrapped_memory_is_shared_and_comes_back(f: Any) -> None:
    memory = ctypes.create_string_buffer(struct.pack("3d", 1.0, 2.0, 3.0), 24)
    f.released()
    x = f.wrap(ctypes.addressof(memory), [3], None, "f64", 77)
    if not f.wrap_copies():
        struct.pack_into("d", memory, 8, 20.0)
        assert f.to_data_f64(x) == [1.0, 20.0, 3.0]
        view = f.reshape(x, [3, 1])
        f.free(x)
        assert f.released() == []
        f.free(view)
    else:
        f.free(x)
    assert f.released() == [77]
    assert f.released() == []
