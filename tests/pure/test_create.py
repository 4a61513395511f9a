"""New tensors: what is in them, and which arguments are refused."""

from __future__ import annotations

import math
from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rt_torch import pure
from rt_torch_bindings.errors import ArgumentTypeError, BadArgumentError, OutOfMemoryError

DTYPES = ["f64", "f32", "i64", "bool"]


def test_zeros_ones_and_full():
    assert pure.zeros([2, 3]).tolist() == [[0.0] * 3] * 2
    assert pure.ones([2], "i64").tolist() == [1, 1]
    assert pure.full([2], 2.5).tolist() == [2.5, 2.5]
    assert pure.zeros([]).tolist() == 0.0
    assert pure.zeros([0, 3]).tolist() == []
    assert pure.zeros([2, 0]).tolist() == [[], []]


@pytest.mark.parametrize("make", [pure.zeros, pure.ones, lambda *rest: pure.full(rest[0], 1, *rest[1:])])
@pytest.mark.parametrize(("dtype", "kind"), [("f64", float), ("f32", float), ("i64", int), ("bool", bool)])
def test_elements_are_of_the_dtype(make, dtype, kind):
    x = make([3], dtype)
    assert x.dtype == dtype
    assert {*map(type, x.tolist())} == {kind}
    assert {*map(type, x._cell[0])} == {kind}


def test_floating_point_is_the_default():
    assert pure.zeros([1]).dtype == pure.ones([1]).dtype == pure.full([1], 3).dtype == pure.randn([1]).dtype == "f64"


def test_names_that_torch_has_for_dtypes():
    assert pure.zeros([1], "float32").dtype == "f32"
    assert pure.zeros([1], "int64").dtype == "i64"


@pytest.mark.parametrize("name", ["zeros", "ones", "randn", "full", "randn_at", "rand", "rand_at"])
@pytest.mark.parametrize(
    ("shape", "dtype", "device", "problem"),
    [
        ([-1], "f64", "cpu", "argument `shape`: the shape [-1] has a negative size"),
        ([2**62], "f64", "cpu", f"argument `shape`: the size in bytes of the shape [{2**62}] overflows 63 bits"),
        ([1] * 65, "f64", "cpu", "argument `shape`: 65 sizes were given, and a tensor has at most 64 dimensions"),
        (
            [2**63],
            "f64",
            "cpu",
            "argument `shape`: element 0 is 9223372036854775808 (int), which is not in the range -2**63 to 2**63 - 1; "
            "given [9223372036854775808] (list)",
        ),
        (3, "f64", "cpu", "argument `shape`: a sequence of numbers, or a buffer, is expected; given 3 (int)"),
        (
            [2.5],
            "f64",
            "cpu",
            "argument `shape`: element 0 is 2.5 (float), an integer is expected; given [2.5] (list)",
        ),
        (
            [2],
            "f63",
            "cpu",
            'argument `dtype`: "f63" is no dtype: expected f64, f32, f16, bf16, i64, i32, i16, i8, u8 or bool, '
            "or torch's name for one of these",
        ),
        ([2], "f16", "cpu", "argument `dtype`: f16 was given, and the pure tier has f64, f32, i64 and bool"),
        ([2], 3, "cpu", "argument `dtype`: a string is expected; given 3 (int)"),
        ([2], "f64", "gpu9", 'argument `device`: "gpu9" is no device: expected cpu, gpu, cuda or cuda:N'),
        ([2], "f64", "cuda:01", 'argument `device`: "cuda:01" is no device: expected cpu, gpu, cuda or cuda:N'),
        ([2], "f64", "cuda:1", 'argument `device`: "cuda:1" is not there: the pure tier has the cpu only'),
        ([-1], "f63", "cpu", 'argument `dtype`: "f63" is no dtype'),  # what arguments say comes before what they mean
        ([-1], 3, "gpu", "argument `dtype`: a string is expected; given 3 (int)"),
    ],
)
def test_what_creation_refuses(name, shape, dtype, device, problem):
    between = {"full": (1.0,), "randn_at": (0, 0), "rand_at": (0, 0)}.get(name, ())
    with pytest.raises(BadArgumentError) as caught:
        getattr(pure, name)(shape, *between, dtype, device)
    assert str(caught.value).startswith(f"rt_torch_{name}: {problem}")


def test_more_than_there_is_memory_for():
    for name, arguments in (("zeros", ([2**59],)), ("randn", ([2**59],)), ("arange", (2.0**59,)), ("arange", (2**59,))):
        with pytest.raises(OutOfMemoryError, match=f"rt_torch_{name}: memory is used up"):
            getattr(pure, name)(*arguments)


# from_data


@given(st.lists(st.floats(), max_size=12), st.sampled_from(DTYPES))
def test_data_goes_in_and_comes_out(floats, dtype):
    data = {
        "f64": floats,
        "f32": array("f", floats).tolist(),
        "i64": [hash(value) for value in floats],
        "bool": [value > 0 for value in floats],
    }[dtype]
    x = pure.from_data(data, [len(data)], dtype)
    back = getattr(pure, f"to_data_{dtype}")(x)
    assert repr(back) == repr(bytes(data) if dtype == "bool" else data)


def test_data_is_copied():
    data = [1.0, 2.0]
    x = pure.from_data(data, [2])
    data[0] = 9.0
    memory = array("d", [1.0, 2.0])
    y = pure.from_data(memory, [2])
    memory[0] = 9.0
    assert x.tolist() == y.tolist() == [1.0, 2.0]


def test_a_list_becomes_a_list_and_memory_becomes_memory():
    assert type(pure.from_data([1.0], [1])._cell[0]) is list
    assert type(pure.from_data(array("d", [1.0]), [1])._cell[0]) is memoryview


@pytest.mark.parametrize(
    ("name", "data", "result"),
    [
        ("f64", [1, True, 2.5], [1.0, 1.0, 2.5]),
        ("f64", array("i", [1, 2]), [1.0, 2.0]),
        ("f64", array("f", [0.5]), [0.5]),
        ("f64", range(3), [0.0, 1.0, 2.0]),
        ("f32", [0.1], [0.10000000149011612]),
        ("f32", [1e39], [math.inf]),
        ("i64", [2**63 - 1, True], [2**63 - 1, 1]),
        ("i64", array("b", [-1]), [-1]),
        ("bool", [0, 1, 255, True], [False, True, True, True]),
        ("bool", b"\0\2", [False, True]),
        ("f64", [], []),
        ("f64", array("d"), []),
    ],
)
def test_what_from_data_takes(name, data, result):
    x = getattr(pure, f"from_data_{name}")(data, [len(result)])
    assert x.tolist() == result
    assert [*map(type, x.tolist())] == [*map(type, result)]


@pytest.mark.parametrize(
    ("name", "data", "shape", "problem"),
    [
        (
            "f64",
            [1.0, 2.0, 3.0],
            [2, 2],
            "arguments `data` and `shape`: 3 elements were given, and the shape [2, 2] has 4",
        ),
        ("f64", [1.0], [-1], "argument `shape`: the shape [-1] has a negative size"),
        ("f64", [1.0, "2"], [2], "argument `data`: element 1 is '2' (str), a number is expected"),
        ("f64", 1.0, [1], "argument `data`: a sequence of numbers, or a buffer, is expected; given 1.0 (float)"),
        ("f64", "1", [1], "argument `data`: a sequence of numbers, or a buffer, is expected; given '1' (str)"),
        ("i64", [0.5], [1], "argument `data`: element 0 is 0.5 (float), an integer is expected"),
        ("i64", [2**63], [1], "argument `data`: element 0 is 9223372036854775808 (int), which is not in the range"),
        ("bool", [256], [1], "argument `data`: element 0 is 256 (int), which is not in the range 0 to 255"),
    ],
)
def test_what_from_data_refuses(name, data, shape, problem):
    with pytest.raises(BadArgumentError) as caught:
        getattr(pure, f"from_data_{name}")(data, shape)
    assert str(caught.value).startswith(f"rt_torch_from_data_{name}: {problem}")


def test_reading_does_not_convert():
    with pytest.raises(BadArgumentError) as caught:
        pure.to_data_f64(pure.zeros([1], "i64"))
    assert str(caught.value) == (
        "rt_torch_to_data_f64: argument `x`: the dtype is i64, and this reads f64 without converting; "
        "rt_torch_to_dtype converts"
    )
    with pytest.raises(ArgumentTypeError) as caught:
        pure.to_data_f64([1.0])
    assert str(caught.value) == "rt_torch_to_data_f64: argument `x`: a tensor is expected; given [1.0] (list)"


def test_reading_is_in_row_major_order_and_a_copy():
    x = pure.tensor([[1.0, 2.0], [3.0, 4.0]])
    assert pure.to_data_f64(x.T) == [1.0, 3.0, 2.0, 4.0]
    pure.to_data_f64(x)[0] = 9.0
    assert x.get([0, 0]) == 1.0


# tensor


@pytest.mark.parametrize(
    ("data", "dtype", "shape"),
    [
        (1.5, "f64", ()),
        (1, "i64", ()),
        (True, "bool", ()),
        ([1, 2], "i64", (2,)),
        ([1, 2.0], "f64", (2,)),
        ([True, 2], "i64", (2,)),
        ([True, 0.5], "f64", (2,)),
        ([[True], [False]], "bool", (2, 1)),
        ([], "f64", (0,)),
        ([[], []], "f64", (2, 0)),
        (((1, 2), [3, 4]), "i64", (2, 2)),
        (range(3), "i64", (3,)),
        (array("d", [1.0]), "f64", (1,)),
        (memoryview(bytes(6)).cast("B", (2, 3)), "i64", (2, 3)),
    ],
)
def test_dtype_and_shape_are_those_of_the_data(data, dtype, shape):
    x = pure.tensor(data)
    assert (x.dtype, x.shape) == (dtype, shape)


@pytest.mark.parametrize(
    ("data", "dtype", "result"),
    [
        ([1, 2], "f64", [1.0, 2.0]),
        ([1.9, -1.9], "i64", [1, -1]),
        ([0, 2.5], "bool", [False, True]),
        ([0.1], "f32", [0.10000000149011612]),
        ([2**53 + 1], "i64", [2**53 + 1]),
    ],
)
def test_a_dtype_that_is_given(data, dtype, result):
    x = pure.tensor(data, dtype)
    assert x.tolist() == result and x.dtype == dtype


def test_a_tensor_of_a_tensor_is_a_copy():
    x = pure.tensor([[1.0, 2.0]])
    y = pure.tensor(x.T)
    y[0] = 9
    assert x.tolist() == [[1.0, 2.0]] and y.tolist() == [[9.0], [2.0]]
    assert pure.tensor(x, "i64").tolist() == [[1, 2]]


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        ([[1, 2], [3]], "lists of 2 and of 1 elements stand beside each other, at depth 1"),
        ([[1], 2], "2 (int) stands beside lists, at depth 1"),
        ([1, [2]], "[2] (list) stands beside numbers, at depth 1"),
        (["a"], "a number is expected; given 'a' (str)"),
        ([None], "a number is expected; given None (NoneType)"),
        ([2**63], "i64 has no such number; given 9223372036854775808 (int)"),
        ("12", "a number is expected; given '12' (str)"),
        (1j, "a number is expected; given 1j (complex)"),
    ],
)
def test_what_tensor_refuses(data, problem):
    with pytest.raises(BadArgumentError) as caught:
        pure.tensor(data)
    assert str(caught.value) == f"rt_torch_tensor: argument `data`: {problem}"


def test_lists_without_end():
    endless: list = []
    endless += [endless, endless]
    with pytest.raises(BadArgumentError, match="nested deeper than the 64 dimensions"):
        pure.tensor(endless)


@given(st.recursive(st.integers(-9, 9) | st.floats(-9, 9), lambda inner: st.lists(inner, max_size=3), max_leaves=9))
def test_any_lists_become_a_tensor_or_are_refused(data):
    try:
        x = pure.tensor(data)
    except BadArgumentError:
        return
    assert x.tolist() == data
