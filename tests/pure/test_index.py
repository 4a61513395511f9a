"""Indexing and assignment: as NumPy does it."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from rt_torch import pure
from rt_torch.pure import PureTensor
from rt_torch_bindings.errors import BadArgumentError


def counting(*shape):
    """A tensor of 0, 1, 2, ..."""
    size = pure.zeros(shape).numel()
    return pure.from_data([*range(size)], shape, "i64")


@pytest.fixture(scope="module")
def np():
    return pytest.importorskip("numpy", reason="NumPy is compared with")


# By example.


@pytest.mark.parametrize(
    ("key", "part"),
    [
        (0, [0, 1, 2]),
        (-1, [3, 4, 5]),
        ((1, 2), 5),
        ((slice(None), 1), [1, 4]),
        (slice(None, None, -1), [[3, 4, 5], [0, 1, 2]]),
        ((slice(None), slice(None, None, -2)), [[2, 0], [5, 3]]),
        ((..., 0), [0, 3]),
        ((None, 0), [[0, 1, 2]]),
        ((slice(None), None, slice(0, 1)), [[[0]], [[3]]]),
        (slice(5, 9), []),
        ([1, 0, 1], [[3, 4, 5], [0, 1, 2], [3, 4, 5]]),
        (([0, 1], [2, 0]), [2, 3]),
        ([True, False], [[0, 1, 2]]),
        ((slice(None), [True, False, True]), [[0, 2], [3, 5]]),
        ([[True, False, False], [False, False, True]], [0, 5]),
        ([], []),
    ],
)
def test_parts(key, part):
    assert counting(2, 3)[key].tolist() == part


@pytest.mark.parametrize(
    ("key", "shape"),
    [
        (([0], [1]), (1, 4)),
        ((slice(None), [0], [1]), (2, 1)),
        (([0], slice(None), [1]), (1, 3)),
        ((0, slice(None), [1, 2]), (2, 3)),
        (([0], ..., [1], slice(None)), (1, 4)),  # ... stands for no dimension here, and separates all the same
        (([0], None, [1]), (1, 1, 4)),
    ],
)
def test_where_the_dimensions_of_lists_go(key, shape):
    assert counting(2, 3, 4)[key].shape == shape


def test_tensors_are_indices():
    x = counting(2, 3)
    assert x[pure.tensor([1, 1])].tolist() == [[3, 4, 5], [3, 4, 5]]
    assert x[x > 3].tolist() == [4, 5]
    assert x[pure.tensor(1)].tolist() == [3, 4, 5]


def test_memory_is_an_index():
    from array import array

    assert counting(4)[array("q", [3, 0])].tolist() == [3, 0]


def test_views_share_the_elements():
    x = counting(2, 3)
    view = x[:, 1:][1]
    view[0] = 40
    assert x.tolist() == [[0, 1, 2], [3, 40, 5]]
    x[1, 2] = 50
    assert view.tolist() == [40, 50]


def test_views_stay_together_when_the_storage_becomes_memory():
    x = counting(4)
    view = x[::2]
    x.buffer()[0] = 7
    view[1] = 8
    assert x.tolist() == [7, 1, 8, 3] and view.tolist() == [7, 8]


def test_lists_give_copies():
    x = counting(3)
    copy = x[[0, 1]]
    copy[0] = 9
    assert x.tolist() == [0, 1, 2]


@pytest.mark.parametrize(
    ("key", "value", "after"),
    [
        (0, 9, [[9, 9, 9], [3, 4, 5]]),
        ((slice(None), 0), [8, 9], [[8, 1, 2], [9, 4, 5]]),
        (slice(None), [7, 8, 9], [[7, 8, 9], [7, 8, 9]]),
        (..., [[7], [8]], [[7, 7, 7], [8, 8, 8]]),
        ((1, slice(None, None, -1)), [7, 8, 9], [[0, 1, 2], [9, 8, 7]]),
        ([1, 1], [[1, 1, 1], [2, 2, 2]], [[0, 1, 2], [2, 2, 2]]),
        (([0, 1], [0, 0]), 9, [[9, 1, 2], [9, 4, 5]]),
        ([[True, False, True], [False] * 3], [8, 9], [[8, 1, 9], [3, 4, 5]]),
        (slice(0, 0), 9, [[0, 1, 2], [3, 4, 5]]),
        ((0, 0), [[9]], [[9, 1, 2], [3, 4, 5]]),
    ],
)
@pytest.mark.parametrize("in_memory", [False, True])
def test_assignment(key, value, after, in_memory):
    x = counting(2, 3)
    if in_memory:
        x.buffer()
    x[key] = value
    assert x.tolist() == after


def test_an_array_of_nothing_is_of_its_dtype(np):
    x = pure.zeros([0, 2])
    assert x[np.zeros((0, 2), bool)].shape == (0,)
    assert x[np.zeros((0, 2), int)].shape == (0, 2, 2)
    with pytest.raises(IndexError, match=r"bools of the shape \[0, 2\] was given for dimensions of the sizes \[0, 3\]"):
        pure.zeros([0, 3])[np.zeros((0, 2), bool)]
    for kind in (float, object, complex, "S1"):
        with pytest.raises(TypeError, match="an index is an integer, a slice"):
            x[np.zeros(0, kind)]


@pytest.mark.parametrize("in_memory", [False, True])
def test_assigning_a_tensor_to_itself_shifted(in_memory):
    x = counting(4)
    if in_memory:
        x.buffer()
    x[1:] = x[:-1]
    assert x.tolist() == [0, 0, 1, 2]


def test_assignment_converts_to_the_dtype():
    x = pure.zeros([2], "i64")
    x[:] = pure.tensor([1.9, -1.9])
    assert x.tolist() == [1, -1]
    y = pure.zeros([2], "f32")
    y[0] = 0.1
    assert y.tolist() == [0.10000000149011612, 0.0]
    z = pure.zeros([2], "bool")
    z[:] = [0, 5]
    assert z.tolist() == [False, True]


def test_one_element_by_its_indices():
    x = pure.tensor([[1.0, 2.0], [3.0, 4.0]])
    assert x.get([1, 0]) == 3.0 and x.get((-1, -1)) == 4.0
    x.set([1, 0], 9)
    assert x.tolist() == [[1.0, 2.0], [9.0, 4.0]]
    assert pure.tensor(5.0).get([]) == 5.0


# What is refused.


@pytest.mark.parametrize(
    ("key", "text"),
    [
        (2, "index 2 is out of range for dimension 0 of size 2"),
        ((0, -4), "index -4 is out of range for dimension 1 of size 3"),
        ((0, 0, 0), "3 indices were given, and a tensor of 2 dimensions takes at most 2"),
        ((..., ...), "an index has at most one ..."),
        ([0, 2], "index 2 is out of range for dimension 0 of size 2"),
        (([0, 1], [0, 1, 2]), "the indices have the shapes [2], [3], which do not broadcast"),
        (
            [True, False, True],
            "a list or tensor of bools of the shape [3] was given for dimensions of the sizes [2]",
        ),
        ((None,) * 63, "the index gives 65 dimensions, and a tensor has at most 64"),
    ],
)
def test_indices_that_are_not_there(key, text):
    for act in (lambda x: x[key], lambda x: x.__setitem__(key, 1)):
        with pytest.raises(IndexError) as caught:
            act(counting(2, 3))
        assert str(caught.value) == text


@pytest.mark.parametrize(
    ("key", "given"),
    [(1.5, "1.5 (float)"), ("a", "'a' (str)"), ([0.5], "0.5 (float)"), ([True, 1], "True (bool)"), ({}, "{} (dict)")],
)
def test_what_is_no_index(key, given):
    with pytest.raises(TypeError) as caught:
        counting(2, 3)[key]
    assert str(caught.value).endswith(f"or a list or tensor of integers alone or of bools alone; given {given}")


def test_a_tensor_of_floats_is_no_index():
    with pytest.raises(TypeError, match="this one is f64"):
        counting(2)[pure.tensor([0.0])]


def test_get_wants_one_integer_per_dimension():
    x = counting(2, 3)
    with pytest.raises(IndexError, match="1 indices were given, and a tensor of 2 dimensions has an element at 2"):
        x.get([0])
    with pytest.raises(IndexError, match="index 3 is out of range for dimension 1 of size 3"):
        x.get([0, 3])
    with pytest.raises(TypeError, match=r"given 0 \(int\)"):
        x.get(0)
    with pytest.raises(TypeError, match=r"given 0.5 \(float\)"):
        x.set([0, 0.5], 1)


def test_values_that_do_not_fit():
    x = counting(2, 3)
    with pytest.raises(BadArgumentError) as caught:
        x[:, 0] = [1, 2, 3]
    assert str(caught.value) == "the value: the shape [3] does not broadcast to the shape [2]"
    with pytest.raises(BadArgumentError, match="lists of 1 and of 2 elements stand beside each other"):
        x[:] = [[1], [2, 3]]
    with pytest.raises(TypeError, match="the value: a number is expected; given 'a'"):
        x[0] = "a"
    with pytest.raises(BadArgumentError, match="the value: i64 has no such number; given nan"):
        x[0, 0] = float("nan")
    with pytest.raises(BadArgumentError, match="i64 has no such number"):
        x[0, 0] = 2**63
    assert x.tolist() == counting(2, 3).tolist()


# Against NumPy.


@st.composite
def slices(draw, size):
    bound = st.none() | st.integers(-size - 2, size + 2)
    return slice(draw(bound), draw(bound), draw(st.none() | st.sampled_from([-3, -2, -1, 1, 2, 3])))


@st.composite
def keys(draw, shape):
    """An index into a shape, and whether a list is in it."""
    key: list = []
    dim = 0
    listed = None
    count = draw(st.integers(0, 3))
    gap = False
    kinds = ["int", "slice", "none", "ellipsis", "list", "mask", "truth"]
    while dim < len(shape) and len(key) < 6:
        kind = draw(st.sampled_from(kinds))
        size = shape[dim]
        if kind == "none":
            key.append(None)
        elif kind == "truth":
            key.append(draw(st.booleans()))
        elif kind == "ellipsis":
            if gap:
                break
            gap = True
            key.append(...)
            dim += draw(st.integers(0, len(shape) - dim))
        elif kind == "slice":
            key.append(draw(slices(size)))
            dim += 1
        elif kind == "mask":
            key.append(draw(st.lists(st.booleans(), min_size=size, max_size=size)))
            dim += 1
        elif size == 0 or kind == "list":
            places = st.integers(-size, size - 1) if size else st.nothing()
            listed = draw(st.lists(places, max_size=count if size else 0))
            if draw(st.booleans()):
                listed = [listed]
            key.append(listed)
            dim += 1
        else:
            key.append(draw(st.integers(-size, size - 1)))
            dim += 1
    return tuple(key)


SHAPES = st.lists(st.integers(0, 4), max_size=4).map(tuple)


def as_numpy(np, key):
    """Lists with a dtype, which an empty one has not by itself."""
    return tuple(
        np.array(part, dtype=None if part and part != [[]] else int) if isinstance(part, list) else part for part in key
    )


def part_of(x, key, expected):
    try:
        return x[key]
    except IndexError:
        assume(expected.size)  # NumPy does not look at indices in a result without elements; we do
        raise


@given(SHAPES, st.data())
def test_parts_are_numpys(np, shape, data):
    key = data.draw(keys(shape))
    ours = counting(*shape)
    theirs = np.array(ours.tolist(), dtype="int64").reshape(shape)
    if data.draw(st.booleans()):
        ours, theirs = ours.T, theirs.T
        key = data.draw(keys(theirs.shape))
    try:
        expected = theirs[as_numpy(np, key)]
    except IndexError:
        with pytest.raises(IndexError):
            ours[key]
        return
    part = part_of(ours, key, expected)
    assert part.shape == expected.shape
    assert part.tolist() == expected.tolist()


@given(SHAPES, st.booleans(), st.data())
def test_assignment_is_numpys(np, shape, in_memory, data):
    key = data.draw(keys(shape))
    ours = counting(*shape)
    theirs = np.array(ours.tolist(), dtype="int64").reshape(shape)
    if in_memory:
        ours.buffer()
    try:
        target = theirs[as_numpy(np, key)]
    except IndexError:
        return
    broadcast = [size if data.draw(st.booleans()) else 1 for size in target.shape]
    broadcast = broadcast[data.draw(st.integers(0, len(broadcast))) :]
    value = counting(*broadcast) + 100
    part_of(ours, key, target)
    theirs[as_numpy(np, key)] = np.array(value.tolist(), dtype="int64").reshape(broadcast)
    ours[key] = value
    assert ours.tolist() == theirs.tolist()


@given(SHAPES, st.data())
def test_only_integers_and_slices_share_memory(np, shape, data):
    key = data.draw(keys(shape))
    ours = counting(*shape)
    theirs = np.zeros(shape)
    try:
        expected = theirs[as_numpy(np, key)]
    except IndexError:
        return
    part = part_of(ours, key, expected)
    if part.numel():
        shares = isinstance(expected, np.ndarray) and np.shares_memory(expected, theirs)
        basic = not any(isinstance(item, (list, bool)) for item in key)
        assert (part._cell is ours._cell) == basic
        assert basic or not shares


@given(SHAPES, st.data())
def test_iteration_and_indexing_agree(shape, data):
    assume(shape)
    x = counting(*shape)
    assert [part.tolist() for part in x] == x.tolist()
    assert len(x) == shape[0]
    assert all(isinstance(part, PureTensor) and part._cell is x._cell for part in x)
