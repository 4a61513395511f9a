"""The layers of networks give the same in each mode, by whatever way they are called, and refuse the same."""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import rt_torch as rt
from rt_torch import accel
from rt_torch_bindings import operators
from tests.accel.costs import cost, profile
from tests.network_calls import BAD, GOOD, Given, bad_calls, worse_calls
from tests.tensor.test_parity import CALM, FORMS, Operand, few, made, outcome, same

pytestmark = pytest.mark.usefixtures("settled", "no_handle_left")

MODES = ("pure", "native", "auto")


def operands(arguments: list[Any]) -> list[Any]:
    return [Operand(a.data, a.shape, a.dtype) if isinstance(a, Given) else a for a in arguments]


# What is refused.


@pytest.mark.parametrize("name", [*GOOD])
def test_the_good_calls_are_good(native: None, name: str) -> None:
    assert isinstance(same(name, operands([*GOOD[name].values()])).kind, tuple)


@pytest.mark.parametrize("name", [*GOOD])
def test_what_is_refused(name: str) -> None:
    for called, arguments in bad_calls():
        if called == name:
            refused_alike(name, arguments)


@pytest.mark.parametrize("name", [*GOOD])
def test_two_bad_arguments(name: str) -> None:
    for called, arguments in worse_calls():
        if called == name:
            refused_alike(name, arguments)


def refused_alike(name: str, arguments: list[Any]) -> None:
    pure = outcome("pure", name, operands(arguments))
    assert pure.kind in (rt.BadArgumentError, rt.ArgumentTypeError), f"{name}{arguments}: {pure}"
    assert pure.value.startswith(f"rt_torch_{name}: argument")
    for mode in MODES[1:]:
        other = outcome(mode, name, operands(arguments))
        assert other == pure, f"{name}{arguments} in {mode}: {other}"


def test_every_parameter_has_its_bad_arguments() -> None:
    assert {name: {*params} for name, params in GOOD.items()} == {
        name: {*operators.FUNCTIONS[name].params} for name in GOOD
    }
    lacking = {name: {*GOOD[name]} - {*BAD[name]} for name in GOOD}
    assert {param for params in lacking.values() for param in params} == set()


# Any arguments, mostly good ones.

pair = st.lists(st.integers(1, 3), min_size=1, max_size=2)
border = st.lists(st.integers(0, 2), min_size=1, max_size=2)
floats = st.sampled_from(["f64", "f32"])


@st.composite
def operand(draw: Any, shape: tuple[int, ...], dtype: str) -> Operand:
    count = prod(shape)
    data = draw(st.lists(CALM[dtype], min_size=count, max_size=count))
    return Operand(data, shape, dtype, draw(st.sampled_from(FORMS)))


@st.composite
def convolutions(draw: Any) -> tuple[tuple[int, ...], tuple[int, ...], list[Any]]:
    """Shapes of images and filters that mostly go together, and how they are convolved."""
    groups, channels, outputs = (draw(st.integers(1, 2)) for _ in range(3))
    sizes = [draw(st.integers(1, 6)) for _ in range(2)]
    kernel = [draw(st.integers(1, 3)) for _ in range(2)]
    images = (draw(st.integers(0, 2)), groups * channels, *sizes)
    filters = (groups * outputs, channels, *kernel)
    return images, filters, [draw(pair), draw(border), draw(pair), groups]


def convolved(images: tuple[int, ...], filters: tuple[int, ...], how: list[Any]) -> tuple[int, ...]:
    """The shape of the result; one that cannot be where they do not go together."""
    sizes = []
    for place in (0, 1):
        stride, padding, dilation = (numbers[place % len(numbers)] for numbers in how[:3])
        room = images[2 + place] + 2 * padding - dilation * (filters[2 + place] - 1) - 1
        sizes.append(max(0, room // stride + 1))
    return (images[0], filters[0], *sizes)


@st.composite
def pools(draw: Any) -> tuple[tuple[int, ...], list[Any]]:
    shape = (draw(st.integers(0, 2)), draw(st.integers(1, 2)), draw(st.integers(1, 6)), draw(st.integers(1, 6)))
    stride = draw(st.one_of(st.none(), pair))
    padding = draw(st.sampled_from([[0], [0], [1], [0, 1]]))
    return shape, [draw(pair), stride, padding]


def pooled(shape: tuple[int, ...], how: list[Any]) -> tuple[int, ...]:
    """The shape of the result; some shape where the windows do not fit."""
    try:
        return rt.zeros(shape).max_pool2d(*how).shape
    except rt.BadArgumentError:
        return (1, 1, 1, 1)


@st.composite
def calls(draw: Any, name: str) -> list[Any]:
    """Arguments for a function; seldom a bad one among them."""
    dtype = draw(floats)
    arguments = ARGUMENTS[name](draw, dtype)
    if draw(st.integers(0, 7)) == 0:
        param = draw(st.sampled_from([param for param in GOOD[name] if BAD[name][param]]))
        arguments[[*GOOD[name]].index(param)] = operands([draw(st.sampled_from(BAD[name][param]))])[0]
    return arguments


def _linear(draw: Any, dtype: str) -> list[Any]:
    inputs, outputs = draw(st.integers(0, 3)), draw(st.integers(0, 3))
    lead = tuple(draw(st.lists(st.integers(0, 3), max_size=2)))
    bias = draw(st.one_of(st.none(), operand((outputs,), dtype)))
    return [draw(operand((*lead, inputs), dtype)), draw(operand((outputs, inputs), dtype)), bias]


def _conv2d(draw: Any, dtype: str) -> list[Any]:
    images, filters, how = draw(convolutions())
    bias = draw(st.one_of(st.none(), operand(filters[:1], dtype)))
    return [draw(operand(images, dtype)), draw(operand(filters, dtype)), bias, *how]


def _conv2d_input(draw: Any, dtype: str) -> list[Any]:
    images, filters, how = draw(convolutions())
    gradient = draw(operand(convolved(images, filters, how), dtype))
    return [gradient, draw(operand(filters, dtype)), [*images], *how]


def _conv2d_weight(draw: Any, dtype: str) -> list[Any]:
    images, filters, how = draw(convolutions())
    gradient = draw(operand(convolved(images, filters, how), dtype))
    return [gradient, draw(operand(images, dtype)), [*filters], *how]


def _max_pool2d(draw: Any, dtype: str) -> list[Any]:
    shape, how = draw(pools())
    return [draw(operand(shape, dtype)), *how, draw(pair), draw(st.booleans())]


def _max_pool2d_backward(draw: Any, dtype: str) -> list[Any]:
    x, *how = _max_pool2d(draw, dtype)
    return [draw(operand(pooled(x.shape, how), dtype)), x, *how]


def _max_pool2d_pick(draw: Any, dtype: str) -> list[Any]:
    x, *how = _max_pool2d(draw, dtype)
    return [draw(operand(x.shape, dtype)), x, *how]


def _avg_pool2d(draw: Any, dtype: str) -> list[Any]:
    shape, how = draw(pools())
    return [draw(operand(shape, dtype)), *how, draw(st.booleans()), draw(st.booleans())]


def _avg_pool2d_backward(draw: Any, dtype: str) -> list[Any]:
    shape, how = draw(pools())
    ceil, counting = draw(st.booleans()), draw(st.booleans())
    gradient = draw(operand(pooled(shape, [*how, 1, ceil]), dtype))
    return [gradient, [*shape], *how, ceil, counting]


def _embedding(draw: Any, dtype: str) -> list[Any]:
    rows = draw(st.integers(0, 3))
    indices = draw(named(rows))
    return [draw(operand((rows, draw(st.integers(0, 3))), draw(st.sampled_from([dtype, "i64", "bool"])))), indices]


def _embedding_backward(draw: Any, dtype: str) -> list[Any]:
    rows = draw(st.integers(0, 3))
    indices = draw(named(rows))
    return [draw(operand((*indices.shape, draw(st.integers(0, 3))), dtype)), indices, rows]


@st.composite
def named(draw: Any, rows: int) -> Operand:
    """Numbers of rows, seldom one too many."""
    shape = tuple(draw(st.lists(st.integers(0, 3), max_size=2))) if rows else (0,)
    numbers = st.integers(0, rows - (draw(st.integers(0, 9)) > 0)) if rows else st.nothing()
    data = draw(st.lists(numbers, min_size=prod(shape), max_size=prod(shape)))
    return Operand(data, shape, "i64", draw(st.sampled_from(FORMS)))


def _layer_norm(draw: Any, dtype: str) -> list[Any]:
    last = tuple(draw(st.lists(st.integers(0, 3), min_size=1, max_size=2)))
    x = draw(operand((*draw(st.lists(st.integers(0, 3), max_size=1)), *last), dtype))
    weight, bias = (draw(st.one_of(st.none(), operand(last, dtype))) for _ in range(2))
    return [x, [*last], weight, bias, draw(st.sampled_from([0.25, 1, 3.0]))]


ARGUMENTS: dict[str, Callable[[Any, str], list[Any]]] = {
    "linear": _linear,
    "conv2d": _conv2d,
    "conv2d_input": _conv2d_input,
    "conv2d_weight": _conv2d_weight,
    "max_pool2d": _max_pool2d,
    "max_pool2d_backward": _max_pool2d_backward,
    "max_pool2d_pick": _max_pool2d_pick,
    "avg_pool2d": _avg_pool2d,
    "avg_pool2d_backward": _avg_pool2d_backward,
    "embedding": _embedding,
    "embedding_backward": _embedding_backward,
    "layer_norm": _layer_norm,
}


@pytest.mark.parametrize("name", [*GOOD])
@few
@given(data=st.data())
def test_any_arguments(name: str, data: st.DataObject) -> None:
    same(name, data.draw(calls(name)))


# Ways to call them.


@pytest.mark.parametrize("mode", MODES)
def test_one_number_stands_for_two(mode: str) -> None:
    x, weight = made(Operand([float(n) for n in range(36)], (1, 1, 6, 6))), rt.ones([1, 1, 2, 2])
    with rt.acceleration(mode):
        for one, other in [
            (rt.conv2d(x, weight, stride=2, padding=1), x.conv2d(weight, None, [2, 2], (1, 1), [1], 1)),
            (rt.max_pool2d(x, 2), x.max_pool2d((2, 2), [2, 2], 0)),
            (rt.avg_pool2d(x, (3, 2), stride=1), x.avg_pool2d([3, 2], [1])),
            (rt.layer_norm(x, 6), x.layer_norm([6])),
        ]:
            assert one.tolist() == other.tolist()


@pytest.mark.parametrize("mode", MODES)
def test_what_may_be_absent(mode: str) -> None:
    x, weight, bias = rt.ones([2, 3]), rt.ones([4, 3]), rt.ones([4])
    with rt.acceleration(mode):
        assert rt.linear(x, weight).tolist() == rt.linear(x, weight, None).tolist() == [[3.0] * 4] * 2
        assert x.linear(weight, bias=bias).tolist() == [[4.0] * 4] * 2
        three = rt.tensor([1.0, 2.0, 3.0])
        assert rt.layer_norm(x, 3, bias=three).tolist() == [[1.0, 2.0, 3.0]] * 2
        assert rt.layer_norm(x, 3, weight=three).tolist() == [[0.0] * 3] * 2
        with pytest.raises(rt.ArgumentTypeError, match=r"`bias`: a tensor or None is expected; given 1\.0"):
            rt.linear(x, weight, 1.0)  # type: ignore[arg-type]
        with pytest.raises(rt.ArgumentTypeError, match="`weight`: a tensor is expected; given None"):
            rt.linear(x, None)  # type: ignore[arg-type]


@pytest.mark.parametrize("mode", MODES)
def test_views_of_images(mode: str) -> None:
    """A part of each image, every second of them and backwards, as what is convolved and pooled."""
    base = made(Operand([float(n * n % 17) for n in range(240)], (2, 2, 10, 6)))
    weight = made(Operand([float(n % 5) for n in range(16)], (2, 2, 2, 2)))
    part = base[:, :, ::2, ::-1]
    with rt.acceleration(mode):
        for one, other in [
            (rt.conv2d(part, weight), rt.conv2d(part.contiguous(), weight)),
            (rt.conv2d(part, weight.transpose(2, 3)), rt.conv2d(part, weight.transpose(2, 3).contiguous())),
            (rt.max_pool2d(part, 2), rt.max_pool2d(part.contiguous(), 2)),
            (rt.avg_pool2d(part, 2), rt.avg_pool2d(part.contiguous(), 2)),
        ]:
            assert one.tolist() == other.tolist()


class TestChoice:
    """The work of a product with weights is its multiplications, for which a matrix product's cost stands."""

    @pytest.fixture(autouse=True)
    def loaded(self, native: None) -> None:
        with rt.acceleration("native"):
            rt.zeros([1]).exp()

    @pytest.mark.parametrize(
        ("name", "multiplications"),
        [("linear", 24), ("conv2d", 240 * 108 // 4), ("conv2d_input", 144 * 18), ("conv2d_weight", 144 * 18)],
    )
    def test_multiplications(self, name: str, multiplications: int) -> None:
        arguments = [made(a) if isinstance(a, Operand) else a for a in operands([*GOOD[name].values()])]
        accel.use_profile(profile(matmul=cost((0.0, 1.0), (0.0, 0.0))))
        with rt.acceleration("auto"):
            assert rt.explain(name, *arguments).pure_seconds == multiplications

    def test_elements_of_an_embedding(self) -> None:
        accel.use_profile(profile(elementwise=cost((0.0, 1.0), (0.0, 0.0))))
        with rt.acceleration("auto"):
            choice = rt.explain("embedding", rt.zeros([1000, 4]), rt.tensor([1, 2, 3]))
        assert choice.pure_seconds == 12
