"""Memory of devices and pinned memory: filling, copying, and never beyond either end."""

from __future__ import annotations

import ctypes
import gc
from array import array
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rt_torch.errors import ArgumentTypeError, BadArgumentError, InvalidHandleError, OutOfMemoryError
from tests.cuda.conftest import Fake


def test_there_and_back(cuda: Any) -> None:
    with cuda.CudaDeviceMem(8, "cuda:1") as block:
        assert (block.size, len(block), block.device) == (8, 8, 1) and block.ptr != 0
        assert repr(block) == "<CudaDeviceMem 8 bytes, cuda:1>"
        block.copy_from(b"12345678")
        block.memset(ord("x"), 3, offset=2)
        block.copy_from(b"..AB..", 2, offset=6, source_offset=2)
        assert block.tobytes() == b"12xxx6AB"
        assert block.tobytes(3, offset=4) == b"x6A"
        assert cuda.current_device() == 0
    assert repr(block) == "<CudaDeviceMem closed>"


def test_anything_with_bytes_is_copied(cuda: Any) -> None:
    numbers = array("d", [1.0, -2.5])
    with cuda.CudaDeviceMem(16) as block:
        block.copy_from(numbers)
        assert array("d", block.tobytes()) == numbers
        block.copy_from(bytearray(16))
        block.copy_from(memoryview(numbers)[1:], offset=8)
        room = array("d", [0.0])
        block.read_into(room, offset=8)
        assert room[0] == -2.5
        block.read_into(bytearray())
        block.copy_from(b"")


def test_numpy_arrays(cuda: Any) -> None:
    numpy = pytest.importorskip("numpy")
    with cuda.CudaDeviceMem(24) as block:
        block.copy_from(numpy.arange(6, dtype="f4").reshape(2, 3))
        room = numpy.empty((2, 3), dtype="f4")
        block.read_into(room)
        assert room.tolist() == [[0, 1, 2], [3, 4, 5]]


def test_what_has_no_bytes_is_refused(cuda: Any) -> None:
    with cuda.CudaDeviceMem(8) as block:
        for source in ("text", 5, [1, 2], None, memoryview(b"abcd")[::2]):
            with pytest.raises(
                ArgumentTypeError, match=r"CudaDeviceMem.copy_from: argument `source`: contiguous bytes"
            ):
                block.copy_from(source)
        with pytest.raises(BadArgumentError, match="argument `target`: it cannot be written to"):
            block.read_into(b"abcd")
        with pytest.raises(ArgumentTypeError, match="a CudaDeviceMem or a CudaHostMem is expected; given bytearray"):
            block.copy_to(bytearray(4))
        with cuda.CudaStream() as stream, pytest.raises(BadArgumentError, match=r"argument `stream`.*CudaHostMem"):
            block.copy_from(b"abcd", stream=stream)


def test_from_device_to_device(cuda: Any) -> None:
    with cuda.CudaDeviceMem(4) as here, cuda.CudaDeviceMem(8) as also_here, cuda.CudaDeviceMem(4, 1) as there:
        here.copy_from(b"abcd")
        here.copy_to(also_here, target_offset=2)
        also_here.copy_from(here, 2, offset=6, source_offset=2)
        assert also_here.tobytes(6, offset=2) == b"abcdcd"
        here.copy_to(there, 3, offset=1)
        assert there.tobytes(3) == b"bcd"
        with cuda.CudaStream(1) as stream:
            here.copy_from(there, 2, offset=2, stream=stream)
            stream.synchronize()
        assert here.tobytes() == b"abbc"
        with pytest.raises(BadArgumentError, match="overlap in the same memory"):
            here.copy_to(here, 3, target_offset=1)


def test_pinned_memory(cuda: Any) -> None:
    with cuda.CudaHostMem(8) as pinned, cuda.CudaDeviceMem(8) as block, cuda.CudaStream() as stream:
        assert len(pinned) == 8 and pinned.ptr != 0 and repr(pinned) == "<CudaHostMem 8 bytes>"
        pinned.view[:] = b"abcdefgh"
        block.copy_from(pinned, 4, offset=4, stream=stream)
        block.memset(ord("-"), 4, stream=stream)
        block.copy_to(pinned, stream=stream)
        assert bytes(pinned.view) == b"abcdefgh"
        stream.synchronize()
        assert bytes(pinned.view) == b"----abcd"
        pinned.view[0] = ord("+")
        block.copy_from(pinned, 1, source_offset=0, offset=7)
        assert block.tobytes() == b"----abc+"
        block.copy_to(pinned, 2, offset=6, target_offset=1)
        assert bytes(pinned.view) == b"+c+-abcd"


def test_a_view_keeps_pinned_memory(cuda: Any, fake: Fake) -> None:
    pinned = cuda.CudaHostMem(4)
    pinned.view[:] = b"abcd"
    view = pinned.view[1:3]
    pinned.close()
    assert pinned.closed and repr(pinned) == "<CudaHostMem closed>"
    for use in (lambda: pinned.view, lambda: pinned.handle, lambda: pinned.ptr):
        with pytest.raises(InvalidHandleError, match="this CudaHostMem is closed"):
            use()
    gc.collect()
    assert fake.live() == 1 and bytes(view) == b"bc"
    del view
    gc.collect()
    assert fake.live() == 0


def test_nothing_at_all(cuda: Any) -> None:
    with cuda.CudaDeviceMem(0) as block, cuda.CudaHostMem(0) as pinned:
        assert (block.ptr, pinned.ptr, len(pinned.view)) == (0, 0, 0)
        block.memset(0)
        block.copy_from(b"")
        block.copy_to(pinned)
        assert block.tobytes() == b""


def test_memory_that_cannot_be_had(cuda: Any, fake: Fake) -> None:
    with pytest.raises(OutOfMemoryError, match=r"\(2\): out of memory; wanted: 1099511627776 bytes on cuda:1"):
        cuda.CudaDeviceMem(1 << 40, 1)
    with pytest.raises(OutOfMemoryError, match="bytes of pinned host memory"):
        cuda.CudaHostMem(1 << 40)
    with pytest.raises(MemoryError):
        cuda.CudaDeviceMem(1 << 40)
    assert fake.last_error() == 0
    for size, error in ((-1, BadArgumentError), (2**63, BadArgumentError), (1.5, ArgumentTypeError)):
        for kind in (cuda.CudaDeviceMem, cuda.CudaHostMem):
            with pytest.raises(error, match="`size`"):
                kind(size)


class TestArgumentsOfOtherTypes:
    """Whatever is given, it is an error of ours that names the function and the argument."""

    @pytest.mark.parametrize("number", [1.0, "1", b"1", [1]], ids=repr)
    def test_sizes_and_offsets(self, cuda: Any, number: Any) -> None:
        with cuda.CudaDeviceMem(8) as block, cuda.CudaDeviceMem(8) as other, cuda.CudaHostMem(8) as pinned:
            for name, call in (
                ("value", lambda: block.memset(number)),
                ("size", lambda: block.memset(0, number)),
                ("offset", lambda: block.memset(0, offset=number)),
                ("size", lambda: block.tobytes(number)),
                ("offset", lambda: block.tobytes(offset=number)),
                ("offset", lambda: block.read_into(bytearray(1), offset=number)),
                ("size", lambda: block.copy_to(other, number)),
                ("offset", lambda: block.copy_to(pinned, offset=number)),
                ("target_offset", lambda: block.copy_to(pinned, target_offset=number)),
                ("size", lambda: block.copy_from(bytes(8), number)),
                ("source_offset", lambda: block.copy_from(bytes(8), source_offset=number)),
                ("source_offset", lambda: block.copy_from(bytes(8), 1, source_offset=number)),
                ("source_offset", lambda: block.copy_from(pinned, source_offset=number)),
            ):
                with pytest.raises(ArgumentTypeError, match=f"argument `{name}`: an integer is expected"):
                    call()

    @pytest.mark.parametrize("stream", [0, "main", object()], ids=["0", "main", "object"])
    def test_streams(self, cuda: Any, stream: Any) -> None:
        with cuda.CudaDeviceMem(8) as block, cuda.CudaDeviceMem(8) as other, cuda.CudaHostMem(8) as pinned:
            for call in (
                lambda: block.memset(0, stream=stream),
                lambda: block.copy_to(other, stream=stream),
                lambda: block.copy_to(pinned, stream=stream),
                lambda: block.copy_from(pinned, stream=stream),
                lambda: cuda.CudaEvent().record(stream),
            ):
                with pytest.raises(ArgumentTypeError, match="argument `stream`: a CudaStream is expected; given"):
                    call()

    def test_integers_of_other_classes(self, cuda: Any) -> None:
        class One:
            def __index__(self) -> int:
                return 1

        with cuda.CudaDeviceMem(4) as block:
            block.copy_from(b"abcd")
            block.copy_from(b"ABCD", One(), offset=One(), source_offset=One())
            assert block.tobytes() == b"aBcd" and block.tobytes(offset=One()) == b"Bcd"


def test_memory_of_python_objects_is_left_alone(cuda: Any) -> None:
    """Bytes of a device in place of references would crash Python."""
    objects = (ctypes.py_object * 2)("a", "b")

    class Named(ctypes.Structure):
        _fields_ = (("Odd", ctypes.c_int32), ("one", ctypes.py_object))

    class Plain(ctypes.Structure):
        _fields_ = (("Odd", ctypes.c_int32),)

    with cuda.CudaDeviceMem(16) as block:
        block.memset(1)
        for memory in (objects, Named(1, "a")):
            with pytest.raises(ArgumentTypeError, match=r"argument `target`: .*its elements are Python objects"):
                block.read_into(memory)
            with pytest.raises(ArgumentTypeError, match=r"argument `source`: .*its elements are Python objects"):
                block.copy_from(memory)
        plain = Plain()
        block.read_into(plain)
        assert plain.Odd == 0x01010101
    assert list(objects) == ["a", "b"]


def test_memory_that_cannot_be_looked_at(cuda: Any) -> None:
    gone = memoryview(b"abcd")
    gone.release()
    with cuda.CudaDeviceMem(4) as block, pytest.raises(ArgumentTypeError, match="argument `source`: contiguous bytes"):
        block.copy_from(gone)


def test_an_offset_beyond_the_end_is_what_is_told_of(cuda: Any) -> None:
    with cuda.CudaDeviceMem(4) as block:
        for call in (lambda: block.memset(0, offset=5), lambda: block.tobytes(offset=5)):
            with pytest.raises(BadArgumentError, match=r"argument `offset`: 5 was given, and `.*` has 4 bytes"):
                call()
        with pytest.raises(BadArgumentError, match="argument `source_offset`: 5 was given, and `source` has 4 bytes"):
            block.copy_from(b"abcd", source_offset=5)
        with pytest.raises(BadArgumentError, match="argument `size`: 3 was given, and `source` has 2 bytes from 2 on"):
            block.copy_from(b"abcd", 3, source_offset=2)


BEYOND = [
    *({"size": 9}, {"size": -1}, {"offset": 9}, {"offset": -1}, {"size": 1, "offset": 8}, {"size": 2**62, "offset": 1}),
    *({"offset": 2**63 - 1, "size": 2**63 - 1},),
]


@pytest.mark.parametrize("part", BEYOND, ids=str)
def test_nothing_beyond_the_memory_is_touched(cuda: Any, part: dict[str, int]) -> None:
    with cuda.CudaDeviceMem(8) as block, cuda.CudaDeviceMem(16) as other, cuda.CudaHostMem(8) as pinned:
        block.copy_from(b"12345678")
        for call in (
            lambda: block.memset(0, **part),
            lambda: block.tobytes(**part),
            lambda: block.copy_to(other, **part),
            lambda: block.copy_to(pinned, **part),
            lambda: block.copy_from(pinned, **part),
            lambda: block.copy_from(other, **{"size": 16} | part),
            lambda: block.copy_from(bytes(16), **{"size": 16} | part),
        ):
            with pytest.raises(BadArgumentError):
                call()
        assert block.tobytes() == b"12345678"


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    data=st.binary(max_size=40),
    steps=st.lists(
        st.tuples(st.integers(0, 3), st.integers(-2, 42), st.integers(-2, 42), st.integers(0, 255)), max_size=12
    ),
)
def test_any_sequence_of_changes_is_that_of_a_bytearray(cuda: Any, data: bytes, steps: list[tuple[int, ...]]) -> None:
    """Each step either does what it does to a bytearray, or is refused and changes nothing."""
    model = bytearray(data)
    with cuda.CudaDeviceMem(len(data)) as block, cuda.CudaDeviceMem(40) as other, cuda.CudaStream() as stream:
        block.copy_from(data)
        other.memset(1)
        for kind, offset, size, value in steps:
            inside = offset >= 0 and size >= 0 and offset + size <= len(model)
            try:
                if kind == 0:
                    block.memset(value, size, offset=offset)
                    model[offset : offset + size] = bytes([value]) * size
                elif kind == 1:
                    block.memset(value, size, offset=offset, stream=stream)
                    stream.synchronize()
                    model[offset : offset + size] = bytes([value]) * size
                elif kind == 2:
                    block.copy_from(other, size, offset=offset)
                    model[offset : offset + size] = b"\1" * size
                else:
                    block.copy_from(bytes([value]) * 41, size, offset=offset)
                    model[offset : offset + size] = bytes([value]) * size
            except BadArgumentError:
                assert not inside or size > 40
                continue
            assert inside
            assert block.tobytes() == bytes(model)
