"""Tensors on whatever has the buffer protocol."""

from __future__ import annotations

import ctypes
import mmap
import time
from array import array
from collections.abc import Callable
from typing import Any

import pytest

import rt_torch as rt

pytestmark = pytest.mark.usefixtures("no_handle_left")

BOOLS = memoryview(bytearray([1, 0, 1])).cast("?")


@pytest.mark.parametrize(
    ("buffer", "dtype", "written"),
    [
        (array("d", [1, 2, 3]), "f64", 9.5),
        (array("f", [1, 2, 3]), "f32", 9.5),
        (array("q", [1, 2, 3]), "i64", -(1 << 63)),
        (array("l", [1, 2, 3]), "i64", 7),
        (BOOLS, "bool", False),
        ((ctypes.c_double * 3)(1, 2, 3), "f64", 9.5),
        ((ctypes.c_float * 3)(1, 2, 3), "f32", 9.5),
        ((ctypes.c_int64 * 3)(1, 2, 3), "i64", 9),
        ((ctypes.c_bool * 3)(True, False, True), "bool", False),
        (memoryview(bytearray(24)).cast("d"), "f64", 1.0),
    ],
    ids=lambda value: type(value).__name__,
)
def test_memory_is_shared(buffer: Any, dtype: str, written: Any, copies: Callable[[], int]) -> None:
    tensor = rt.from_buffer(buffer)
    assert (tensor.dtype, tensor.shape, tensor.tolist()) == (dtype, (3,), list(buffer))
    buffer[0] = written
    assert tensor.tolist()[0] == written
    tensor[2] = written
    assert buffer[2] == written
    assert copies() == 0


def test_dimensions() -> None:
    cells = memoryview(array("d", range(6))).cast("B").cast("d", [2, 3])
    assert rt.from_buffer(cells).tolist() == [[0, 1, 2], [3, 4, 5]]
    assert rt.from_buffer(ctypes.c_double(4)).tolist() == 4.0
    assert rt.from_buffer(((ctypes.c_int64 * 2) * 3)((1, 2), (3, 4), (5, 6))).tolist() == [[1, 2], [3, 4], [5, 6]]


def test_shape() -> None:
    numbers = array("d", range(6))
    tensor = rt.from_buffer(numbers, (3, 2))
    tensor[2, 1] = 50
    assert numbers[5] == 50
    assert rt.from_buffer(array("d", [4]), ()).item() == 4
    assert rt.from_buffer(memoryview(numbers)[2:5], [3, 1]).shape == (3, 1)


@pytest.mark.parametrize(
    ("shape", "text"),
    [
        ((4,), r"shape \[4\] has 4 elements, the buffer 6"),
        ((2, -3), "negative size"),
        (("2", 3), "`shape`"),
        (6, "`shape`"),
    ],
)
def test_wrong_shape(shape: Any, text: str) -> None:
    with pytest.raises(rt.BadArgumentError, match=text):
        rt.from_buffer(array("d", range(6)), shape)


def test_steps() -> None:
    numbers = array("q", range(10))
    tensor = rt.from_buffer(memoryview(numbers)[8:1:-3])
    assert (tensor.tolist(), tensor.strides) == ([8, 5, 2], (-3,))
    tensor[1] = 50
    numbers[2] = 20
    assert (numbers[5], tensor.tolist()) == (50, [8, 50, 20])
    with pytest.raises(rt.BadArgumentError, match="gaps or another order"):
        rt.from_buffer(memoryview(numbers)[::2], (5, 1))


@pytest.mark.parametrize("code", "bBhHiIlLqQ")
def test_other_integers_become_i64_by_copying(code: str, copies: Callable[[], int]) -> None:
    tensor = rt.from_buffer(array(code, [1, 2, 100]))
    assert (tensor.dtype, tensor.tolist()) == ("i64", [1, 2, 100])
    assert copies() == (0 if code in "lq" and array(code).itemsize == 8 else 1)


def test_an_integer_that_does_not_fit() -> None:
    assert rt.from_buffer(array("Q", [(1 << 63) - 1])).item() == (1 << 63) - 1
    with pytest.raises(rt.BadArgumentError, match="9223372036854775808 is in it"):
        rt.from_buffer(array("Q", [1, 1 << 63]))


def test_read_only_memory_is_copied(copies: Callable[[], int]) -> None:
    data = memoryview(array("d", [1, 2])).tobytes()
    tensor = rt.from_buffer(memoryview(data).cast("d"))
    tensor[0] = 7
    assert copies() == 1
    assert memoryview(data).cast("d")[0] == 1


@pytest.mark.parametrize("buffer", [array("d"), memoryview(bytearray()).cast("q"), (ctypes.c_float * 0)()])
def test_nothing(buffer: Any, resident: Callable[[rt.Tensor], rt.Tensor]) -> None:
    tensor = resident(rt.from_buffer(buffer))
    assert (tensor.shape, tensor.tolist()) == ((0,), [])


class Pair(ctypes.Structure):
    _fields_ = (("a", ctypes.c_int), ("b", ctypes.c_int))


@pytest.mark.parametrize(
    "buffer",
    [
        b"12345678",
        bytearray(8),
        [1.0],
        3,
        "text",
        None,
        object(),
        memoryview(b"ab").cast("c"),
        (ctypes.c_wchar * 2)(),
        Pair(),
        (ctypes.c_double.__ctype_be__ * 2)(),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_has_no_typed_numbers(buffer: Any) -> None:
    with pytest.raises(rt.ArgumentTypeError, match=r"rt\.from_buffer: argument `buffer`"):
        rt.from_buffer(buffer)


def test_a_released_memoryview() -> None:
    view = memoryview(array("d", [1]))
    view.release()
    with pytest.raises(rt.ArgumentTypeError, match="released"):
        rt.from_buffer(view)


def test_the_view_may_be_released_and_the_memory_not_resized() -> None:
    numbers = array("d", [1, 2, 3])
    view = memoryview(numbers)
    tensor = rt.from_buffer(view)
    view.release()
    with pytest.raises(BufferError):
        numbers.append(4)
    assert tensor.tolist() == [1, 2, 3]
    del tensor
    numbers.append(4)


def test_a_mapped_file_stays_open(tmp_path: Any) -> None:
    file = tmp_path / "numbers"
    file.write_bytes(array("d", range(4)).tobytes())
    with open(file, "r+b") as opened:
        mapped = mmap.mmap(opened.fileno(), 0)
    tensor = rt.from_buffer(memoryview(mapped).cast("d"))
    tensor[1] = 100
    with pytest.raises(BufferError):
        mapped.close()
    del tensor
    mapped.close()
    assert array("d", file.read_bytes())[1] == 100


def test_both_tiers_see_the_memory(native: None, copies: Callable[[], int]) -> None:
    numbers = array("d", range(4))
    tensor = rt.from_buffer(numbers).to_native()
    numbers[1] = -5
    with rt.acceleration("native"):
        assert (tensor + tensor).tolist() == [0, -10, 4, 6]
        assert tensor.residency == "both"
    assert copies() == 0


def test_a_native_tensor_seen_from_python(native: None, copies: Callable[[], int]) -> None:
    with rt.acceleration("native"):
        tensor = rt.ones((2, 3)) + rt.ones((2, 3))
        assert tensor.residency == "native"
        memory = tensor.memoryview()
        assert (memory.format, memory.shape, memory.tolist()) == ("d", (2, 3), [[2.0] * 3] * 2)
        memory[1, 2] = 9
        assert (tensor + 0.0).tolist() == [[2, 2, 2], [2, 2, 9]]
    assert copies() == 0


def test_sharing_a_million_elements_takes_no_time(native: None) -> None:
    numbers = array("d", bytes(8_000_000))
    with rt.acceleration("native"):
        other = rt.zeros([1_000_000])

        def shared() -> None:
            rt.from_buffer(numbers).to_native()

        def seen() -> None:
            (other.reshape([1_000_000])).memoryview()

        for function in (shared, seen):
            times = []
            for _ in range(200):
                start = time.perf_counter()
                function()
                times.append(time.perf_counter() - start)
            assert min(times) < 200e-6  # a copy takes 500 and more


def test_making_memory_of_a_list_is_counted(copies: Callable[[], int]) -> None:
    x = rt.tensor([[1.0, 2.0], [3.0, 4.0]])
    with pytest.raises(rt.BadArgumentError, match="no memoryview can express"):
        x.T.memoryview()
    assert copies() == 0
    for _ in range(2):
        assert x[1:].memoryview().tolist() == [[3.0, 4.0]]
        assert copies() == 1


def test_anything_with_memory() -> None:
    class Exporter:
        def __dlpack__(self, **wanted: Any) -> Any:
            return rt.tensor([1.0, 2.0]).__dlpack__(**wanted)

    assert rt.tensor(Exporter()).tolist() == [1, 2]
    assert rt.tensor(array("q", [1, 2])).tolist() == [1, 2]
    with pytest.raises(
        rt.ArgumentTypeError, match=r"^rt.tensor: .* memory such as an array's is expected; given .*object"
    ):
        rt.tensor(object())
    with pytest.raises(rt.ArgumentTypeError, match=r"^rt.from_data: argument `data`: .* is expected; given .*object"):
        rt.from_data(object(), [1])
