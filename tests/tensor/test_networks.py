"""The layers of networks give the same in each mode, by whatever way they are called, and refuse the same."""

from __future__ import annotations

from math import prod
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import rt_torch as rt
from rt_torch import accel
from rt_torch_bindings import operators
from tests.accel.costs import cost, profile
from tests.network_arguments import ARGUMENTS
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
    for name, good in GOOD.items():
        assert [*good] == [*operators.FUNCTIONS[name].params]
        assert {*good} - {*BAD[name]} == set()


# Any arguments, mostly good ones.


@st.composite
def calls(draw: Any, name: str) -> list[Any]:
    """Arguments for a function; seldom a bad one among them."""
    dtype = draw(st.sampled_from(["f64", "f32"]))

    def make(shape: tuple[int, ...]) -> Operand:
        operand: Operand = draw(operands_of(shape, dtype, CALM[dtype]))
        return operand

    def named(shape: tuple[int, ...], rows: int) -> Operand:
        operand: Operand = draw(operands_of(shape, "i64", st.integers(0, max(rows - 1, 0))))
        return operand

    arguments = ARGUMENTS[name](draw, make, named)
    if draw(st.integers(0, 7)) == 0:
        param = draw(st.sampled_from([*GOOD[name]]))
        arguments[[*GOOD[name]].index(param)] = operands([draw(st.sampled_from(BAD[name][param]))])[0]
    return arguments


@st.composite
def operands_of(draw: Any, shape: tuple[int, ...], dtype: str, numbers: st.SearchStrategy[Any]) -> Operand:
    count = prod(shape)
    return Operand(draw(st.lists(numbers, min_size=count, max_size=count)), shape, dtype, draw(st.sampled_from(FORMS)))


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


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("shape", [(3, 2), (3, 2, 2), (2, 2, 3, 1)])
def test_numbers_of_features_with_gaps_between_them(mode: str, shape: tuple[int, ...]) -> None:
    """Every second one, and one number for all."""
    x = made(Operand([float(n * n % 17) for n in range(prod(shape))], shape))
    gradient = made(Operand([float(n * n % 13) for n in range(prod(shape))], shape))
    with rt.acceleration(mode):
        for apart in (rt.tensor([2.0, 90.0, 3.0, 90.0]).clone()[::2], rt.tensor([5.0]).clone().expand(2)):
            whole = rt.tensor(apart.tolist())
            pairs = rt.tensor([[4.0, 90.0, 2.0], [90.0, 90.0, 90.0], [3.0, 90.0, 5.0]]).clone().T[::2, ::2]
            rows = rt.tensor(pairs.tolist())
            for name, one, other in [
                ("batch_norm", [x, *[apart] * 4, 0.5], [x, *[whole] * 4, 0.5]),
                ("batch_norm", [x, apart, apart, None, None, 0.5], [x, whole, whole, None, None, 0.5]),
                ("batch_norm_backward", [gradient, x, apart, 0.5], [gradient, x, whole, 0.5]),
                ("batch_norm_measured", [x, apart, None, pairs, 0.5], [x, whole, None, rows, 0.5]),
                (
                    "batch_norm_measured_backward",
                    [gradient, x, apart, pairs, 0.5],
                    [gradient, x, whole, rows, 0.5],
                ),
            ]:
                found, expected = (operators._dispatch(name, *given).reshape(-1).tolist() for given in (one, other))
                assert found == pytest.approx(expected, rel=1e-12, abs=1e-12), name


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
