"""The tensor of the pure tier as an object."""

from __future__ import annotations

import copy
import math
import pickle
import subprocess
import sys
import threading
import weakref
from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rt_torch import pure
from rt_torch.pure import PureTensor
from rt_torch_bindings.errors import ArgumentTypeError, BadArgumentError

DTYPES = ["f64", "f32", "i64", "bool"]
SHAPES = st.lists(st.integers(0, 4), max_size=4).map(tuple)


def counting(shape, dtype="i64"):
    size = math.prod(shape)
    return pure.from_data([place % 2 if dtype == "bool" else place for place in range(size)], shape, dtype)


def test_what_a_tensor_is():
    x = pure.zeros([2, 3], "f32")
    assert (x.shape, x.strides, x.dtype, x.device, x.ndim, x.numel()) == ((2, 3), (3, 1), "f32", "cpu", 2, 6)
    assert x.is_contiguous() and not x.T.is_contiguous()
    assert x.T.shape == (3, 2) and x.T.strides == (1, 3)


def test_the_same_as_functions():
    x = pure.zeros([2, 3], "f32").T
    assert pure.shape(x) == [3, 2] and pure.strides(x) == [1, 3] and pure.ndim(x) == 2 and pure.numel(x) == 6
    assert pure.dtype(x) == "f32" and pure.device(x) == "cpu" and pure.is_contiguous(x) is False
    for name in ("shape", "strides", "ndim", "numel", "dtype", "device", "is_contiguous"):
        with pytest.raises(ArgumentTypeError) as caught:
            getattr(pure, name)(3)
        assert str(caught.value) == f"rt_torch_{name}: argument `x`: a tensor is expected; given 3 (int)"


def test_a_tensor_is_made_of_lists():
    assert PureTensor([[1, 2]]).tolist() == [[1, 2]]
    assert PureTensor([1], "f32").dtype == "f32"


def test_importing_needs_nothing_of_the_package():
    code = (
        "import sys, rt_torch.pure; "
        "print([name for name in sys.modules if name.startswith('rt_torch.') and not name.startswith('rt_torch.pure')], "
        "[name for name in ('numpy', 'torch', 'cffi', 'ctypes') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=".",
        env={"PYTHONPATH": ":".join(sys.path)},
    )
    assert done.stdout.strip() == "[] []"


# Reading.


@given(SHAPES, st.sampled_from(DTYPES))
def test_lists_come_back(shape, dtype):
    x = counting(shape, dtype)
    assert pure.tensor(x.tolist(), dtype).tolist() == x.tolist()
    assert x.T.T.tolist() == x.tolist()


def test_tolist_is_a_copy():
    x = counting([2])
    x.tolist()[0] = 9
    assert x.tolist() == [0, 1]


def test_one_element_is_a_number():
    assert pure.tensor([[2.5]]).item() == 2.5
    assert type(pure.tensor([True]).item()) is bool
    assert counting([3])[2].item() == 2
    for shape, count in (([2], 2), ([0], 0)):
        with pytest.raises(BadArgumentError) as caught:
            counting(shape).item()
        assert str(caught.value) == f"a tensor of the shape {shape} has {count} elements, and only one is a number"


def test_numbers_of_one_element():
    assert bool(pure.tensor([0.5])) and not pure.tensor([[0]])
    assert float(pure.tensor(2)) == 2.0 and int(pure.tensor([2.9])) == 2
    assert [10, 20][pure.tensor(1)] == 20
    with pytest.raises(BadArgumentError, match="has 2 elements, and only one is a number"):
        bool(counting([2]))
    with pytest.raises(TypeError, match="only an i64 tensor of one element is an index"):
        [10][pure.tensor(0.0)]


def test_length_and_iteration():
    assert len(counting([3, 2])) == 3
    assert [row.tolist() for row in counting([2, 2])] == [[0, 1], [2, 3]]
    with pytest.raises(TypeError, match="0-dim"):
        len(pure.tensor(1))
    with pytest.raises(TypeError, match="0-dim"):
        iter(pure.tensor(1))


# Memory.


@given(SHAPES, st.sampled_from(DTYPES))
def test_memory_has_the_tensors_shape_and_elements(shape, dtype):
    x = counting(shape, dtype)
    memory = x.memoryview()
    assert memory.shape == shape
    assert memory.itemsize == {"f64": 8, "f32": 4, "i64": 8, "bool": 1}[dtype]
    if 0 not in shape:
        assert memory.tolist() == x.tolist()


@pytest.mark.parametrize("dtype", DTYPES)
def test_writing_to_the_memory_is_seen(dtype):
    x = counting([2, 2], dtype)
    row = x[1]
    memory = x.memoryview()
    memory[1, 0] = x.tolist()[0][1]
    assert row.tolist()[0] == 1 and x.tolist()[1][0] == 1
    x[0, 0] = 1
    assert memory[0, 0] == 1


def test_the_memory_of_a_part():
    x = counting([3, 2])
    x[1].memoryview()[0] = 9
    assert x.tolist() == [[0, 1], [9, 3], [4, 5]]


def test_memory_cannot_have_gaps():
    with pytest.raises(BadArgumentError) as caught:
        counting([2, 3]).T.memoryview()
    assert "(strides [1, 3])" in str(caught.value) and ".contiguous()" in str(caught.value)


def test_the_storage_becomes_memory_only_once():
    x = counting([4])
    view = x[1:]
    assert type(x._cell[0]) is list
    assert x.buffer() is view.buffer() is x._cell[0]
    assert x.tolist() == [0, 1, 2, 3] and view.tolist() == [1, 2, 3]


def test_threads_get_the_same_memory():
    for _ in range(50):
        x = counting([1000])
        found = []
        threads = [threading.Thread(target=lambda x=x, found=found: found.append(x.buffer())) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len({id(memory) for memory in found}) == 1


def test_memory_of_someone_else():
    block = array("d", [1.0, 2.0])
    x = pure.pure_tensor(memoryview(block), pure.zeros([2])._layout)
    x[0] = 7
    assert block[0] == 7.0
    with pytest.raises(BufferError):
        block.append(3.0)


@pytest.mark.skipif(sys.version_info < (3, 12), reason="classes in Python have the buffer protocol from 3.12 on")
def test_the_buffer_protocol():
    x = counting([2, 2])
    memoryview(x)[0, 1] = 9
    assert x.tolist() == [[0, 9], [2, 3]]
    with pytest.raises(BufferError, match="contiguous"):
        memoryview(x.T)


def test_numpy_sees_the_memory():
    np = pytest.importorskip("numpy", reason="NumPy is compared with")
    for dtype in DTYPES:
        x = counting([2, 3], dtype)
        assert np.asarray(x.memoryview()).tolist() == x.tolist()
        assert np.asarray(counting([2, 0], dtype).memoryview()).shape == (2, 0)


# Copies.


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("in_memory", [False, True])
@pytest.mark.parametrize("make", [copy.copy, copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))])
def test_copies_are_equal_and_separate(dtype, in_memory, make):
    x = counting([2, 3], dtype)
    if in_memory:
        x.buffer()
    for original in (x, x.T, x[:, 1], x[1, 2], x[:0]):
        made = make(original)
        assert (made.tolist(), made.shape, made.dtype) == (original.tolist(), original.shape, original.dtype)
        assert made.is_contiguous()
        assert made._cell is not original._cell
        if original.numel():
            made[...] = 0
            assert original is x or x.tolist() == counting([2, 3], dtype).tolist()
    assert x.tolist() == counting([2, 3], dtype).tolist()


def test_only_a_parts_own_elements_are_pickled():
    whole = pure.zeros([100_000])
    assert len(pickle.dumps(whole[:2])) < 1000


def test_tensors_can_be_referred_to_weakly():
    x = counting([1])
    reference = weakref.ref(x)
    assert reference() is x
    del x
    assert reference() is None


# Operators.


def test_arithmetic():
    a, b = pure.tensor([1.0, 2.0]), pure.tensor([4.0, 8.0])
    assert (a + b).tolist() == [5.0, 10.0]
    assert (b - a).tolist() == [3.0, 6.0]
    assert (a * b).tolist() == [4.0, 16.0]
    assert (b / a).tolist() == [4.0, 4.0]
    assert (a @ b).tolist() == 20.0
    assert (b**2).tolist() == [16.0, 64.0]
    assert (2.0**b).tolist() == [2.0**value for value in b.tolist()]
    assert (b**b).tolist() == [value**value for value in b.tolist()]
    assert (-a).tolist() == [-1.0, -2.0]
    assert abs(-a).tolist() == [1.0, 2.0]


def test_numbers_on_either_side():
    a = pure.tensor([1.0, 2.0])
    assert (a + 1).tolist() == (1 + a).tolist() == [2.0, 3.0]
    assert (a - 1).tolist() == [0.0, 1.0] and (1 - a).tolist() == [0.0, -1.0]
    assert (a * 2).tolist() == (2 * a).tolist() == [2.0, 4.0]
    assert (a / 2).tolist() == [0.5, 1.0] and (2 / a).tolist() == [2.0, 1.0]
    assert (a > 1).tolist() == (1 < a).tolist() == [False, True]  # noqa: SIM300  # the reflected one is tested too


def test_numbers_do_not_raise_the_dtype_within_its_category():
    assert (pure.tensor([1.0], "f32") + 0.5).dtype == "f32"
    assert (pure.tensor([1]) + 1).dtype == "i64"
    assert (pure.tensor([1]) + True).dtype == "i64"
    assert (pure.tensor([True]) + 1).dtype == "i64"


def test_comparisons_are_by_element():
    a, b = pure.tensor([1, 2, 3]), pure.tensor([3, 2, 1])
    assert (a == b).tolist() == [False, True, False]
    assert (a != b).tolist() == [True, False, True]
    assert (a < b).tolist() == [True, False, False]
    assert (a <= b).tolist() == [True, True, False]
    assert (a > b).tolist() == [False, False, True]
    assert (a >= b).tolist() == [False, True, True]
    nan = pure.tensor([math.nan])
    assert (nan == nan).tolist() == (nan <= nan).tolist() == (nan >= nan).tolist() == [False]


def test_what_is_neither_tensor_nor_number_is_left_to_python():
    x = counting([1])
    assert (x == None) is False and (x == [0]) is False and x != "a"  # noqa: E711  # == is what is tested
    for act in (lambda: x + None, lambda: "a" - x, lambda: x @ 2, lambda: x < None, lambda: x ** "2", lambda: None**x):
        with pytest.raises(TypeError, match=r"unsupported|not supported"):
            act()


def test_a_tensor_can_be_a_key():
    x = counting([2])
    assert {x: 1}[x] == 1 and hash(x) == hash(x)


def test_a_number_that_i64_does_not_hold():
    with pytest.raises(BadArgumentError, match="the number: i64 has no such number"):
        counting([1]) + 2**63
