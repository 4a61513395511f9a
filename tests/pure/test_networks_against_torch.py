"""The layers of networks against torch, over shapes, dtypes, strides, paddings and storages."""

from __future__ import annotations

import math
from typing import Any

import pytest

pytest.importorskip("torch", reason="the answers that are compared with are torch's")
pytest.importorskip("hypothesis")

import torch
import torch.nn.functional as functional
from hypothesis import assume, given
from hypothesis import strategies as st

from rt_torch import pure
from tests.pure.torch_pairs import Pair, check_alike, float_dtypes, moderate, of_terms, pairs

CALM: dict[str, Any] = {"f64": st.floats(-20.0, 20.0), "f32": st.floats(-20.0, 20.0, width=32)}
ODD: dict[str, Any] = {  # infinities would cancel out, or not, by the order of summation
    kind: st.one_of(numbers, st.just(math.nan)) for kind, numbers in CALM.items()
}
WILD: dict[str, Any] = {
    kind: st.one_of(numbers, st.sampled_from([0.0, -0.0, math.inf, -math.inf, math.nan]))
    for kind, numbers in CALM.items()
}
small, tiny = st.integers(1, 3), st.integers(1, 2)


def drawn(draws: Any, shape: tuple[int, ...], dtype: str, numbers: dict[str, Any] = CALM) -> Pair:
    pair: Pair = draws.draw(pairs(shape, dtype, numbers))
    return pair


def absolute(pair: Pair) -> Any:
    return pair.theirs.to(torch.float64).abs()


# Products with weights.


@moderate
@given(draws=st.data(), dtype=float_dtypes)
def test_linear(draws: Any, dtype: str) -> None:
    inputs, outputs = draws.draw(st.integers(0, 5)), draws.draw(st.integers(0, 5))
    lead = tuple(draws.draw(st.lists(st.integers(0, 3), max_size=2)))
    x = drawn(draws, (*lead, inputs), dtype, ODD)
    weight = drawn(draws, (outputs, inputs), dtype)
    bias = drawn(draws, (outputs,), dtype) if draws.draw(st.booleans()) else None
    expected = functional.linear(x.theirs, weight.theirs, bias and bias.theirs)
    terms = functional.linear(absolute(x), absolute(weight), bias and absolute(bias))
    check_alike(pure.linear(x.ours, weight.ours, bias and bias.ours), expected, within=of_terms(terms, x.ours))


# Convolutions.


class Convolution:
    """Shapes and numbers that go together."""

    def __init__(self, draws: Any) -> None:
        groups, kernel = draws.draw(tiny), [draws.draw(small), draws.draw(small)]
        self.stride = draws.draw(st.lists(small, min_size=1, max_size=2))
        self.padding = draws.draw(st.lists(st.integers(0, 2), min_size=1, max_size=2))
        self.dilation = draws.draw(st.lists(small, min_size=1, max_size=2))
        self.groups = groups
        image = [
            max(
                1,
                1
                + (size - 1) * self.dilation[place % len(self.dilation)]
                - 2 * self.padding[place % len(self.padding)],
            )
            + draws.draw(st.integers(0, 3))
            for place, size in enumerate(kernel)
        ]
        channels, outputs = draws.draw(tiny), draws.draw(tiny)
        self.image = (draws.draw(st.integers(0, 2)), channels * groups, *image)
        self.filters = (outputs * groups, channels, *kernel)
        self.dtype = draws.draw(float_dtypes)

    @property
    def how(self) -> tuple[Any, ...]:
        return self.stride, self.padding, self.dilation, self.groups

    @property
    def torchs(self) -> dict[str, Any]:
        return {
            "stride": [*self.stride, *self.stride][:2],
            "padding": [*self.padding, *self.padding][:2],
            "dilation": [*self.dilation, *self.dilation][:2],
            "groups": self.groups,
        }

    @property
    def result(self) -> tuple[int, ...]:
        return tuple(functional.conv2d(torch.zeros(self.image), torch.zeros(self.filters), **self.torchs).shape)


@moderate
@given(draws=st.data())
def test_conv2d(draws: Any) -> None:
    case = Convolution(draws)
    x = drawn(draws, case.image, case.dtype, ODD)
    weight = drawn(draws, case.filters, case.dtype)
    bias = drawn(draws, case.filters[:1], case.dtype) if draws.draw(st.booleans()) else None
    expected = functional.conv2d(x.theirs, weight.theirs, bias and bias.theirs, **case.torchs)
    terms = functional.conv2d(absolute(x), absolute(weight), bias and absolute(bias), **case.torchs)
    ours = pure.conv2d(x.ours, weight.ours, bias and bias.ours, *case.how)
    check_alike(ours, expected, within=of_terms(terms, x.ours))


@moderate
@given(draws=st.data())
def test_gradients_of_conv2d(draws: Any) -> None:
    """Against what autograd gives."""
    case = Convolution(draws)
    x, weight = drawn(draws, case.image, case.dtype), drawn(draws, case.filters, case.dtype)
    gradient = drawn(draws, case.result, case.dtype)
    by_input, by_weight = autograd(x.theirs, weight.theirs, gradient.theirs, case)
    input_terms, weight_terms = autograd(absolute(x), absolute(weight), absolute(gradient), case)
    ours = pure.conv2d_input(gradient.ours, weight.ours, case.image, *case.how)
    check_alike(ours, by_input, within=of_terms(input_terms, x.ours))
    ours = pure.conv2d_weight(gradient.ours, x.ours, case.filters, *case.how)
    check_alike(ours, by_weight, within=of_terms(weight_terms, x.ours))


def autograd(x: Any, weight: Any, gradient: Any, case: Convolution) -> Any:
    x, weight = x.clone().requires_grad_(), weight.clone().requires_grad_()
    functional.conv2d(x, weight, **case.torchs).backward(gradient)
    return x.grad, weight.grad


# Pooling.


class Pooling:
    """The same for windows."""

    def __init__(self, draws: Any, dilated: bool) -> None:
        self.kernel = draws.draw(st.lists(st.integers(1, 4), min_size=1, max_size=2))
        self.stride = draws.draw(st.one_of(st.none(), st.lists(st.integers(1, 4), min_size=1, max_size=2)))
        half = min(self.kernel) // 2
        self.padding = draws.draw(st.lists(st.integers(0, half), min_size=1, max_size=2))
        self.dilation = draws.draw(st.lists(small, min_size=1, max_size=2)) if dilated else [1]
        self.ceil = draws.draw(st.booleans())
        self.shape = (
            draws.draw(st.integers(0, 2)),
            draws.draw(tiny),
            *(draws.draw(st.integers(1, 9)) for _ in range(2)),
        )
        self.dtype = draws.draw(float_dtypes)
        for place, size in enumerate(self.shape[2:]):
            kernel, padding, dilation = (
                numbers[place % len(numbers)] for numbers in (self.kernel, self.padding, self.dilation)
            )
            assume(size + 2 * padding >= dilation * (kernel - 1) + 1)
            assume(all(start % dilation < size for start in range(-padding, 0)))

    @property
    def largest(self) -> tuple[Any, ...]:
        return self.kernel, self.stride, self.padding, self.dilation, self.ceil

    def of_torch(self, x: Any) -> Any:
        return functional.max_pool2d(x, *self.largest, return_indices=True)


@moderate
@given(draws=st.data())
def test_max_pool2d(draws: Any) -> None:
    case = Pooling(draws, dilated=True)
    x = drawn(draws, case.shape, case.dtype, WILD)
    check_alike(pure.max_pool2d(x.ours, *case.largest), case.of_torch(x.theirs)[0])


@moderate
@given(draws=st.data())
def test_where_the_largest_are(draws: Any) -> None:
    case = Pooling(draws, dilated=True)
    x, y = drawn(draws, case.shape, case.dtype, WILD), drawn(draws, case.shape, case.dtype)
    places = case.of_torch(x.theirs)[1]
    picked = y.theirs.flatten(2).gather(2, places.flatten(2)).reshape(places.shape)
    check_alike(pure.max_pool2d_pick(y.ours, x.ours, *case.largest), picked)
    gradient = drawn(draws, tuple(places.shape), case.dtype)
    expected = torch.zeros_like(x.theirs).flatten(2)
    expected.scatter_add_(2, places.flatten(2), gradient.theirs.flatten(2))
    terms = torch.zeros(case.shape, dtype=torch.float64).flatten(2)
    terms.scatter_add_(2, places.flatten(2), absolute(gradient).flatten(2))
    ours = pure.max_pool2d_backward(gradient.ours, x.ours, *case.largest)
    check_alike(ours, expected.reshape(case.shape), within=of_terms(terms, x.ours))


@moderate
@given(draws=st.data(), counting=st.booleans())
def test_avg_pool2d(draws: Any, counting: bool) -> None:
    case = Pooling(draws, dilated=False)
    how = case.kernel, case.stride, case.padding, case.ceil, counting
    x = drawn(draws, case.shape, case.dtype, ODD)
    expected = functional.avg_pool2d(x.theirs, *how)
    terms = functional.avg_pool2d(absolute(x), *how)
    check_alike(pure.avg_pool2d(x.ours, *how), expected, within=of_terms(terms, x.ours))
    gradient = drawn(draws, tuple(expected.shape), case.dtype)
    by_input = pulled_back(gradient.theirs, case.shape, how)
    terms = pulled_back(absolute(gradient), case.shape, how)
    ours = pure.avg_pool2d_backward(gradient.ours, case.shape, *how)
    check_alike(ours, by_input, within=of_terms(terms, x.ours))


def pulled_back(gradient: Any, shape: tuple[int, ...], how: tuple[Any, ...]) -> Any:
    x = torch.zeros(shape, dtype=gradient.dtype, requires_grad=True)
    functional.avg_pool2d(x, *how).backward(gradient)
    return x.grad


# Tables.


@moderate
@given(draws=st.data(), dtype=st.sampled_from(["f64", "f32", "i64", "bool"]))
def test_embedding(draws: Any, dtype: str) -> None:
    rows, length = draws.draw(st.integers(0, 4)), draws.draw(st.integers(0, 3))
    indices = named(draws, rows)
    weight = draws.draw(pairs((rows, length), dtype))
    check_alike(pure.embedding(weight.ours, indices.ours), functional.embedding(indices.theirs, weight.theirs))


@moderate
@given(draws=st.data(), dtype=float_dtypes)
def test_the_gradient_of_a_table(draws: Any, dtype: str) -> None:
    rows, length = draws.draw(st.integers(0, 4)), draws.draw(st.integers(0, 3))
    indices = named(draws, rows)
    gradient = drawn(draws, (*indices.ours.shape, length), dtype, ODD)
    table = torch.zeros((rows, length), dtype=gradient.theirs.dtype, requires_grad=True)
    functional.embedding(indices.theirs, table).backward(gradient.theirs)
    terms = torch.zeros((rows, length), dtype=torch.float64)
    terms.index_add_(0, indices.theirs.flatten(), absolute(gradient).reshape(indices.ours.numel(), length))
    ours = pure.embedding_backward(gradient.ours, indices.ours, rows)
    check_alike(ours, table.grad, within=of_terms(terms, gradient.ours))


def named(draws: Any, rows: int) -> Pair:
    shape = tuple(draws.draw(st.lists(st.integers(0, 3), max_size=2))) if rows else (0,)
    pair: Pair = draws.draw(pairs(shape, "i64", {"i64": st.integers(0, max(rows - 1, 0))}))
    return pair


# Normalization.


@moderate
@given(draws=st.data(), dtype=float_dtypes, eps=st.sampled_from([1e-5, 0.5, 3.0]))
def test_layer_norm(draws: Any, dtype: str, eps: float) -> None:
    last = tuple(draws.draw(st.lists(st.integers(0, 3), min_size=1, max_size=2)))
    x = drawn(draws, (*draws.draw(st.lists(st.integers(0, 3), max_size=2)), *last), dtype, ODD)
    weight, bias = (drawn(draws, last, dtype) if draws.draw(st.booleans()) else None for _ in range(2))
    expected = functional.layer_norm(x.theirs, last, weight and weight.theirs, bias and bias.theirs, eps)
    ours = pure.layer_norm(x.ours, last, weight and weight.ours, bias and bias.ours, eps)
    factor = absolute(weight) if weight else torch.ones(last, dtype=torch.float64)
    terms = factor * (40.0 / math.sqrt(eps)) + (absolute(bias) if bias else 0.0)
    within = of_terms(terms.expand(expected.shape), x.ours)
    check_alike(ours, expected, within=within)


@moderate
@given(x=pairs(st.tuples(st.integers(1, 3), st.integers(2, 4)), float_dtypes, WILD), eps=st.sampled_from([1e-5, -1e9]))
def test_layer_norm_where_there_is_no_deviation(x: Pair, eps: float) -> None:
    """NaN in rows with infinities or NaN, and everywhere where the variance comes out negative."""
    ours = pure.layer_norm(x.ours, x.ours.shape[1:], None, None, eps).tolist()
    theirs = functional.layer_norm(x.theirs, x.ours.shape[1:], None, None, eps)
    assert [[*map(math.isnan, row)] for row in ours] == theirs.isnan().tolist()
