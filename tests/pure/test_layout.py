"""Where elements are: shapes, strides, and copying by them."""

from __future__ import annotations

from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rt_torch import pure
from rt_torch.pure import layout
from rt_torch.pure.heap import LARGE
from rt_torch.pure.layout import NEVER, layout_of, view_of, watched
from rt_torch.pure.storage import copy_elements, gathered, seen
from rt_torch_bindings.errors import BadArgumentError

SHAPES = st.lists(st.integers(0, 4), max_size=4).map(tuple)


def places(shape, strides, offset):
    """The place of each element in row-major order, counted one by one."""
    starts = [offset]
    for size, stride in zip(shape, strides, strict=True):
        starts = [start + index * stride for start in starts for index in range(size)]
    return starts


@given(SHAPES)
def test_a_new_layout_is_row_major(shape):
    new = layout_of(shape, "f64")
    assert places(shape, new.strides, 0) == [*range(new.size)]
    assert new.contiguous and new.whole and new.offset == 0 and new.ndim == len(shape)


def test_strides_count_a_size_of_0_as_1():
    assert layout_of((2, 0, 3), "f64").strides == (3, 3, 1)


def test_equal_layouts_are_one_object():
    assert layout_of((2, 3), "f64") is layout_of((2, 3), "f64")
    assert layout_of((2, 3), "f64") is not layout_of((2, 3), "f32")
    assert view_of((2, 3), (1, 2), 0, "f64", 6) is view_of((2, 3), (1, 2), 0, "f64", 6)


def test_a_view_of_everything_is_the_whole():
    assert view_of((2, 3), (3, 1), 0, "i64", 6) is layout_of((2, 3), "i64")


@pytest.mark.parametrize(
    ("shape", "strides", "offset", "storage"),
    [
        pytest.param((2,), (1,), 0, 3, id="the beginning"),
        pytest.param((2,), (1,), 1, 3, id="the end"),
        pytest.param((2,), (2,), 0, 3, id="gaps"),
        pytest.param((2, 2), (1, 2), 0, 4, id="another order"),
        pytest.param((3,), (0,), 0, 1, id="one element again and again"),
    ],
)
def test_a_part_is_not_whole(shape, strides, offset, storage):
    assert not view_of(shape, strides, offset, "f64", storage).whole


def test_the_stride_of_a_single_element_does_not_matter():
    assert view_of((1, 3), (7, 1), 0, "f64", 3).contiguous


def test_the_sizes_say_at_once_who_may_take_a_fast_path():
    assert layout_of((2, 3), "f64").pure_size == 6
    assert layout_of((2, 3), "f32").pure_size == NEVER
    assert layout_of((LARGE,), "f64").pure_size == NEVER
    assert view_of((2,), (2,), 0, "f64", 4).pure_size == NEVER
    assert layout_of((2, 3), "f32").native_size == 6
    assert layout_of((2, 3), "f16").native_size == 6
    assert layout_of((2, 3), "i64").native_size == -1


def test_the_cache_has_an_end():
    for size in range(10_000):
        layout_of((size,), "f64")
    assert len(layout._cache) <= layout._CACHED_LAYOUTS


@st.composite
def views(draw):
    """A shape, and strides and offset with which it fits into a storage."""
    shape = draw(SHAPES)
    strides = draw(st.tuples(*[st.integers(-6, 6)] * len(shape)))
    reach = [(size - 1) * stride for size, stride in zip(shape, strides, strict=True)]
    offset = -sum(step for step in reach if step < 0) + draw(st.integers(0, 3)) if 0 not in shape else 0
    storage = offset + sum(step for step in reach if step > 0) + 1 if 0 not in shape else 0
    return shape, strides, offset, max(storage, 0)


@given(views(), st.booleans())
def test_gathering_finds_each_element(view, in_memory):
    shape, strides, offset, storage = view
    items = [float(place) for place in range(storage)]
    held = seen(array("d", items), "f64") if in_memory else items
    found = gathered(held, view_of(shape, strides, offset, "f64", storage))
    assert type(found) is type(held)
    assert [*found] == places(shape, strides, offset)


@given(st.integers(1, 40), st.integers(1, 40), st.sampled_from([list, memoryview, bytearray]))
def test_a_transposed_matrix_is_gathered_right(rows, columns, kind):
    items = [float(place) for place in range(rows * columns)]
    held = {
        list: items,
        memoryview: memoryview(array("d", items)),
        bytearray: memoryview(bytearray(array("d", items).tobytes())).cast("d"),
    }[kind]
    found = gathered(held, view_of((columns, rows), (1, columns), 0, "f64", rows * columns))
    assert [*found] == [items[row * columns + column] for column in range(columns) for row in range(rows)]


@given(SHAPES, st.data())
def test_copying_reaches_each_element_once(shape, data):
    order = data.draw(st.permutations(range(len(shape))))
    size = layout_of(shape, "i64").size
    permuted = layout_of(tuple(shape[dim] for dim in order), "i64")
    strides = [0] * len(shape)
    for place, dim in enumerate(order):
        strides[dim] = permuted.strides[place]
    target, source = [None] * size, [*range(size)]
    copy_elements(target, strides, 0, source, layout_of(shape, "i64").strides, 0, shape)
    assert [target[place] for place in places(shape, strides, 0)] == source


@pytest.mark.parametrize(
    ("shape", "problem"),
    [
        ((1,) * 65, "65 sizes were given, and a tensor has at most 64 dimensions"),
        ((2, -1), "the shape [2, -1] has a negative size"),
        ((2**32, 2**32), "the number of elements of the shape [4294967296, 4294967296] overflows 63 bits"),
        ((2**32, 0, 2**32), "the number of elements of the shape [4294967296, 0, 4294967296] overflows 63 bits"),
        ((2**61,), "the size in bytes of the shape [2305843009213693952] overflows 63 bits"),
    ],
)
def test_sizes_that_no_tensor_has(shape, problem):
    with pytest.raises(BadArgumentError) as caught:
        layout.check_sizes("rt_torch_zeros", "shape", shape)
    assert str(caught.value) == f"rt_torch_zeros: argument `shape`: {problem}"


def test_the_largest_shapes():
    layout.check_sizes("rt_torch_zeros", "shape", (1,) * 64)
    layout.check_sizes("rt_torch_zeros", "shape", (2**60 - 1,))


def test_a_watched_layout_is_the_same_but_for_the_fast_paths():
    plain = layout_of((2, 3), "f64")
    form = watched(plain)
    assert form is watched(plain) and form is watched(form) and form.plain is plain and plain.plain is None
    assert (form.pure_size, form.native_size) == (NEVER, -1)
    for name in ("shape", "strides", "offset", "dtype", "size", "ndim", "contiguous", "whole"):
        assert getattr(form, name) == getattr(plain, name)


def test_many_watched_layouts():
    kept = [layout_of((size,), "f64") for size in range(5000)]
    forms = [watched(layout) for layout in kept]
    assert [form.shape for form in forms] == [layout.shape for layout in kept]
    assert all(watched(layout).plain is layout for layout in kept)


def test_results_of_the_pure_tier_are_not_watched():
    x = pure.tensor([1.0, 2.0])
    assert pure.add(x, x)._layout.plain is None
