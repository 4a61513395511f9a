"""Parts that are named by steps or by places: the same in both tiers, and written through to what they are parts of."""

from __future__ import annotations

from array import array
from collections.abc import Callable
from itertools import product
from math import prod
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import rt_torch as rt
from rt_torch_bindings import operators

pytestmark = pytest.mark.usefixtures("settled", "no_handle_left", "native")

MODES = ("pure", "native")
Made = Callable[[], "list[rt.Tensor]"]

few = settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


def counted(*shape: int, dtype: str = "f64") -> rt.Tensor:
    return rt.arange(prod(shape), dtype=dtype).reshape(shape)


def outcome(mode: str, name: str, tensors: list[rt.Tensor], arguments: tuple[Any, ...]) -> tuple[Any, ...]:
    """What a function says or gives, and what the tensors are afterwards; its arguments are in the order of the specs."""
    given = list(arguments)
    for place, tensor in zip(operators.FUNCTIONS[name].tensors, tensors, strict=True):
        given.insert(place, tensor)
    with rt.acceleration(mode):
        try:
            result = operators._dispatch(name, *given)
        except Exception as error:
            return type(error), str(error)
    described = (result.dtype, result.shape, result.tolist()) if result is not None else None
    return (described, *(tensor.tolist() for tensor in tensors))


def same(name: str, made: Made, *arguments: Any) -> tuple[Any, ...]:
    """What is said or given, in both tiers alike."""
    pure, native = (outcome(mode, name, made(), arguments) for mode in MODES)
    assert pure == native
    return pure


@st.composite
def parts(draw: st.DrawFn) -> tuple[list[int], list[int], list[int], int]:
    """The shape of a tensor, and sizes, strides and offset of a part, which may reach beyond it."""
    shape = draw(st.lists(st.integers(0, 4), max_size=3))
    ndim = draw(st.integers(0, 3))
    sizes = draw(st.lists(st.integers(0, 3), min_size=ndim, max_size=ndim))
    strides = draw(st.lists(st.integers(0, 5), min_size=ndim, max_size=ndim))
    return shape, sizes, strides, draw(st.integers(-1, 20))


@few
@given(parts())
def test_strided(drawn: Any) -> None:
    shape, sizes, strides, offset = drawn
    found = same("strided", lambda: [counted(*shape)], sizes, strides, offset)
    if 0 in sizes:
        assert found[0][1] == tuple(sizes)
        return
    reach = offset + sum((size - 1) * step for size, step in zip(sizes, strides, strict=True))
    if offset >= 0 and reach < prod(shape):
        places = [
            offset + sum(place * step for place, step in zip(places, strides, strict=True))
            for places in product(*map(range, sizes))
        ]
        assert found[0][1] == tuple(sizes)
        assert found[0][2] == rt.from_data([float(place) for place in places], sizes).tolist()
    else:
        assert found[0] is rt.BadArgumentError
        assert "rt_torch_strided: argument `offset`" in found[1]


@pytest.mark.parametrize("mode", MODES)
def test_what_is_written_to_a_strided_part_is_in_the_tensor(mode: str) -> None:
    with rt.acceleration(mode):
        x = counted(2, 3)
        part = operators._dispatch("strided", x, [2], [3], 1)
        part[:] = rt.tensor([10.0, 20.0])
        assert x.tolist() == [[0.0, 10.0, 2.0], [3.0, 20.0, 5.0]]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (([2], [1, 1], 0), "argument `strides`: 2 strides were given for 1 sizes"),
        (([2], [-1], 1), r"argument `strides`: the strides \[-1\] go backwards"),
        (([-2], [1], 0), "argument `shape`"),
        (([2], [1], 5), r"argument `offset`: 5 was given, and from there the shape \[2\] with the strides \[1\] goes"),
        ((["2"], [1], 0), "argument `shape`"),
        (([2], [1], 1.5), "argument `offset`"),
    ],
)
def test_bad_steps(arguments: Any, says: str) -> None:
    kind, text = same("strided", lambda: [counted(2, 3)], *arguments)
    assert issubclass(kind, rt.BadArgumentError)
    with pytest.raises(rt.BadArgumentError, match=f"rt_torch_strided: {says}"):
        raise kind(text)


SHAPES = st.lists(st.integers(0, 3), max_size=3)
PLACES = st.lists(st.integers(-1, 12), max_size=6)


@few
@given(SHAPES, PLACES, st.sampled_from(("f64", "f32", "i64", "bool")), st.booleans())
def test_take(shape: list[int], places: list[int], dtype: str, turned: bool) -> None:
    def made() -> list[rt.Tensor]:
        x = counted(*shape).to(dtype)
        return [x.transpose(0, -1) if turned and len(shape) > 1 else x]

    found = same("take", made, places)
    elements = made()[0].flatten().tolist()
    if all(0 <= place < len(elements) for place in places):
        assert found[0] == (dtype, (len(places),), [elements[place] for place in places])
    else:
        assert found[0] is rt.BadArgumentError
        assert "rt_torch_take: argument `places`: a place is" in found[1]


@few
@given(SHAPES, st.lists(st.integers(0, 12), max_size=6, unique=True), st.integers(0, 1), st.booleans())
def test_put(shape: list[int], places: list[int], more: int, turned: bool) -> None:
    def made() -> list[rt.Tensor]:
        x = counted(*shape)
        return [x.transpose(0, -1) if turned and len(shape) > 1 else x, -1.0 - counted(len(places) + more)]

    same("put", made, places)
    found = same("put", lambda: [x.contiguous() for x in made()], places)
    x = made()[0]
    if all(place < x.numel() for place in places) and not more:
        elements = x.flatten().tolist()
        for count, place in enumerate(places):
            elements[place] = -1.0 - count
        assert found[1] == rt.from_data(elements, x.shape).tolist()
    else:
        assert found[0] is rt.BadArgumentError
        assert "rt_torch_put: argument" in found[1]


def test_put_takes_memory_and_names_the_dtypes_that_differ() -> None:
    assert same("put", lambda: [counted(2, 2), rt.tensor([9.0])], array("q", [2]))[1] == [[0.0, 1.0], [9.0, 3.0]]
    kind, text = same("put", lambda: [counted(2, 2), rt.tensor([9])], [2])
    assert kind is rt.BadArgumentError
    assert (
        text
        == "rt_torch_put: arguments `x` and `source`: the dtypes are f64 and i64, and both must be the same (rt_torch_to_dtype converts)"
    )


@few
@given(
    st.sampled_from(
        [((2, 3), (3,)), ((2, 3), (2, 1)), ((2, 3), ()), ((2, 3), (2, 3)), ((), ()), ((0, 3), (3,)), ((2, 3), (2,))]
    ),
    st.sampled_from(("f64", "f32", "i64", "bool")),
    st.sampled_from(("f64", "f32", "i64", "bool")),
    st.booleans(),
)
def test_assign(shapes: Any, dtype: str, other: str, turned: bool) -> None:
    def made() -> list[rt.Tensor]:
        x = rt.zeros(shapes[0], dtype=dtype)
        source = (counted(*shapes[1]) + 1.0).to(other)
        return [rt.zeros(shapes[0][::-1], dtype=dtype).t() if turned and x.ndim == 2 else x, source]

    found = same("assign", made)
    if shapes == ((2, 3), (2,)):
        problem = "the shape is [2], and does not broadcast to that of `x`, [2, 3]"
        assert found == (rt.BadArgumentError, f"rt_torch_assign: argument `source`: {problem}")
    else:
        x, source = made()
        assert found[1] == source.expand(x.shape).to(dtype).tolist()


@pytest.mark.parametrize("mode", MODES)
def test_a_tensor_is_assigned_its_own_part(mode: str) -> None:
    with rt.acceleration(mode):
        x = counted(4)
        operators._dispatch("assign", x, x)
        assert x.tolist() == [0.0, 1.0, 2.0, 3.0]
        operators._dispatch("assign", x[:2], x[2:])
        assert x.tolist() == [2.0, 3.0, 2.0, 3.0]
