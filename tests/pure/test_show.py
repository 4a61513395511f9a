"""Printing: it reads like NumPy's."""

from __future__ import annotations

import math
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rt_torch import pure

NUMPY_DTYPES = {"f64": "float64", "f32": "float32", "i64": "int64", "bool": "bool"}


@pytest.fixture(scope="module")
def np():
    module = pytest.importorskip("numpy", "2.3", reason="NumPy of the same rules is compared with")
    module.set_printoptions(legacy=False)
    return module


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ([1.0, 2.0], "tensor([1., 2.])"),
        ([1.0, 0.25], "tensor([1.  , 0.25])"),
        ([[1, -20], [300, 4]], "tensor([[  1, -20],\n        [300,   4]])"),
        ([True, False], "tensor([ True, False])"),
        (True, "tensor(True)"),
        (0.1, "tensor(0.1)"),
        (7, "tensor(7)"),
        (-0.0, "tensor(-0.)"),
        ([math.nan, 1.5, -math.inf], "tensor([ nan,  1.5, -inf])"),
        ([math.nan], "tensor([nan])"),
        ([1e10, 1.0], "tensor([1.e+10, 1.e+00])"),
        ([1e-300, 1.25], "tensor([1.00e-300, 1.25e+000])"),
        ([1 / 3], "tensor([0.33333333])"),
        ([[[1], [2]]], "tensor([[[1],\n         [2]]])"),
        ([[[1]], [[2]]], "tensor([[[1]],\n\n        [[2]]])"),
        ([], "tensor([])"),
        ([[], []], "tensor([], size=(2, 0))"),
    ],
)
def test_known_texts(data, text):
    assert repr(pure.tensor(data)) == text


def test_a_dtype_that_the_elements_do_not_show():
    assert repr(pure.tensor([1.5], "f32")) == "tensor([1.5], dtype=f32)"
    assert repr(pure.zeros([0], "i64")) == "tensor([], dtype=i64)"
    assert repr(pure.zeros([2, 0], "bool")) == "tensor([], size=(2, 0), dtype=bool)"


def test_large_tensors_are_cut():
    assert repr(pure.arange(1001)) == "tensor([   0,    1,    2, ...,  998,  999, 1000], size=(1001,))"
    assert repr(pure.arange(1000)).count(",") == 999


def test_a_large_matrix_is_cut_both_ways():
    assert repr(pure.zeros([40, 40])) == (
        "tensor([[0., 0., 0., ..., 0., 0., 0.],\n"
        "        [0., 0., 0., ..., 0., 0., 0.],\n"
        "        [0., 0., 0., ..., 0., 0., 0.],\n"
        "        ...,\n"
        "        [0., 0., 0., ..., 0., 0., 0.],\n"
        "        [0., 0., 0., ..., 0., 0., 0.],\n"
        "        [0., 0., 0., ..., 0., 0., 0.]], size=(40, 40))"
    )


def test_printing_a_large_tensor_reads_only_its_edges():
    class Counting(list):
        reads = 0

        def __getitem__(self, place):
            Counting.reads += 1
            return super().__getitem__(place)

    x = pure.zeros([100_000])
    x._cell[0] = Counting(x._cell[0])
    repr(x)
    assert Counting.reads <= 12


def test_views_print_what_is_in_them():
    assert repr(pure.tensor([[1, 2], [3, 4]]).T) == "tensor([[1, 3],\n        [2, 4]])"
    assert repr(pure.arange(5)[::-2]) == "tensor([4, 2, 0])"


def as_numpy_prints(np, data, shape, dtype):
    elements = np.array(data, dtype=NUMPY_DTYPES[dtype]).reshape(shape)
    body = np.array2string(elements, separator=", ", prefix="tensor(", suffix=")")
    notes = [f"size={elements.shape}"] if elements.size > 1000 else []
    notes += ["dtype=f32"] if dtype == "f32" else []
    if not notes:
        return f"tensor({body})"
    head, tail = f"tensor({body},", ", ".join(notes) + ")"
    last = len(head) - head.rfind("\n") - 1
    return head + (" " if last + 1 + len(tail) <= 75 else "\n       ") + tail


MIXED = st.one_of(
    st.floats(),
    st.floats(-1000, 1000),
    st.floats(0.001, 0.9),
    st.sampled_from([0.0, -0.0, math.inf, -math.inf, math.nan, 1e8, 99999999.5, 1e-4, 9.9e-5, 0.1, 999999.0, 1e6]),
    st.integers(-(10**6), 10**6).map(float),
    st.integers(-(10**6), 10**6).map(lambda cents: cents / 100),
)
SHAPES = st.lists(st.integers(1, 5), max_size=4).map(tuple)


def rounded(value):
    try:
        return struct.unpack("f", struct.pack("f", value))[0]
    except OverflowError:
        return math.copysign(math.inf, value)


@given(SHAPES, st.sampled_from(["f64", "f32"]), st.data())
@settings(max_examples=300)
def test_floats_are_as_numpy_prints_them(np, shape, dtype, data):
    size = math.prod(shape)
    kind = data.draw(st.sampled_from([MIXED, st.floats(-1000, 1000), st.floats(width=32)]))
    elements = data.draw(st.lists(kind, min_size=size, max_size=size))
    if dtype == "f32":
        elements = [*map(rounded, elements)]
    assert repr(pure.from_data(elements, shape, dtype)) == as_numpy_prints(np, elements, shape, dtype)


@given(SHAPES, st.data())
def test_integers_and_bools_are_as_numpy_prints_them(np, shape, data):
    size = math.prod(shape)
    limit = data.draw(st.sampled_from([1, 100, 2**63 - 1]))
    integers = data.draw(st.lists(st.integers(-limit - 1, limit), min_size=size, max_size=size))
    assert repr(pure.from_data(integers, shape, "i64")) == as_numpy_prints(np, integers, shape, "i64")
    bools = [value > 0 for value in integers]
    assert repr(pure.from_data(bools, shape, "bool")) == as_numpy_prints(np, bools, shape, "bool")


@given(st.lists(st.sampled_from([1, 2, 6, 7, 8, 40]), min_size=1, max_size=4).map(tuple), st.integers(1, 9))
def test_what_is_cut_is_what_numpy_cuts(np, shape, scale):
    size = math.prod(shape)
    if size <= 200_000:
        elements = [value * 10.0**scale / 7 for value in range(size)]
        assert repr(pure.from_data(elements, shape)) == as_numpy_prints(np, elements, shape, "f64")
