"""The layers of networks against torch, over shapes, dtypes, strides, paddings and storages."""

from __future__ import annotations

import math
from typing import Any

import pytest

pytest.importorskip("torch", reason="the answers that are compared with are torch's")
pytest.importorskip("hypothesis")

import torch
from hypothesis import given
from hypothesis import strategies as st

from rt_torch import pure
from tests.network_arguments import ARGUMENTS, TORCH
from tests.pure.torch_pairs import Pair, check_alike, float_dtypes, moderate, of_terms, pairs

CALM: dict[str, Any] = {"f64": st.floats(-20.0, 20.0), "f32": st.floats(-20.0, 20.0, width=32)}
ODD: dict[str, Any] = {  # infinities would cancel out, or not, by the order of summation
    kind: st.one_of(numbers, st.just(math.nan)) for kind, numbers in CALM.items()
}
WILD: dict[str, Any] = {
    kind: st.one_of(numbers, st.sampled_from([0.0, -0.0, math.inf, -math.inf, math.nan]))
    for kind, numbers in CALM.items()
}
# Sums of products of absolute numbers bound the errors of these.
LINEAR = (
    *("linear", "conv2d", "conv2d_input", "conv2d_weight", "avg_pool2d", "avg_pool2d_backward"),
    *("embedding", "embedding_backward"),
)


def arguments(draws: Any, name: str, dtype: str, numbers: dict[str, Any]) -> list[Any]:
    def make(shape: tuple[int, ...]) -> Pair:
        pair: Pair = draws.draw(pairs(shape, dtype, numbers))
        return pair

    def named(shape: tuple[int, ...], rows: int) -> Pair:
        pair: Pair = draws.draw(pairs(shape, "i64", {"i64": st.integers(0, max(rows - 1, 0))}))
        return pair

    return ARGUMENTS[name](draws.draw, make, named)


def ours(name: str, given: list[Any]) -> Any:
    return getattr(pure, name)(*(value.ours if isinstance(value, Pair) else value for value in given))


def theirs(name: str, given: list[Any]) -> Any:
    return TORCH[name](torch, *(value.theirs if isinstance(value, Pair) else value for value in given)).detach()


def terms(name: str, given: list[Any]) -> Any:
    """The sum of the absolute terms of each element."""
    return theirs(name, [_absolute(value) if isinstance(value, Pair) else value for value in given])


def _absolute(pair: Pair) -> Pair:
    floats = pair.theirs.is_floating_point()
    return pair._replace(theirs=pair.theirs.to(torch.float64).abs() if floats else pair.theirs)


@pytest.mark.parametrize("name", LINEAR)
@moderate
@given(draws=st.data(), dtype=float_dtypes)
def test_sums_of_products(name: str, draws: Any, dtype: str) -> None:
    given = arguments(draws, name, dtype, CALM)
    check_alike(ours(name, given), theirs(name, given), within=of_terms(terms(name, given), given[0].ours))


@pytest.mark.parametrize("name", ["avg_pool2d", "embedding", "embedding_backward"])
@moderate
@given(draws=st.data(), dtype=float_dtypes)
def test_nan_spreads_as_in_torch(name: str, draws: Any, dtype: str) -> None:
    given = arguments(draws, name, dtype, ODD)
    check_alike(ours(name, given), theirs(name, given), within=of_terms(terms(name, given), given[0].ours))


@pytest.mark.parametrize("name", ["linear", "conv2d"])
@moderate
@given(draws=st.data(), dtype=float_dtypes)
def test_nan_in_what_is_multiplied(name: str, draws: Any, dtype: str) -> None:
    """Not in filters: libtorch multiplies those with the zeros of the padding for some dtypes, and for some not."""
    given = arguments(draws, name, dtype, CALM)
    given[0] = draws.draw(pairs(given[0].ours.shape, dtype, ODD))
    check_alike(ours(name, given), theirs(name, given), within=of_terms(terms(name, given), given[0].ours))


@pytest.mark.parametrize("name", ["max_pool2d", "max_pool2d_pick"])
@moderate
@given(draws=st.data(), dtype=float_dtypes)
def test_the_largest(name: str, draws: Any, dtype: str) -> None:
    given = arguments(draws, name, dtype, WILD)
    check_alike(ours(name, given), theirs(name, given))


@moderate
@given(draws=st.data(), dtype=float_dtypes)
def test_the_gradient_of_the_largest(draws: Any, dtype: str) -> None:
    name = "max_pool2d_backward"
    gradient, x, *how = arguments(draws, name, dtype, WILD)
    calm = draws.draw(pairs(gradient.ours.shape, dtype, CALM))
    within = of_terms(theirs(name, [calm._replace(theirs=calm.theirs.abs()), x, *how]), x.ours)
    check_alike(ours(name, [calm, x, *how]), theirs(name, [calm, x, *how]), within=within)


@moderate
@given(draws=st.data(), dtype=st.sampled_from(["i64", "bool"]))
def test_tables_of_other_dtypes(draws: Any, dtype: str) -> None:
    given = arguments(draws, "embedding", dtype, {"i64": st.integers(-9, 9), "bool": st.booleans()})
    check_alike(ours("embedding", given), theirs("embedding", given))


@moderate
@given(draws=st.data(), dtype=float_dtypes)
def test_layer_norm(draws: Any, dtype: str) -> None:
    given = arguments(draws, "layer_norm", dtype, ODD)
    x, last, weight, bias, eps = given
    expected = theirs("layer_norm", given)
    factor = _absolute(weight).theirs if weight else torch.ones(last, dtype=torch.float64)
    bound = factor * (40.0 / math.sqrt(eps)) + (_absolute(bias).theirs if bias else 0.0)
    check_alike(ours("layer_norm", given), expected, within=of_terms(bound.expand(expected.shape), x.ours))


@moderate
@given(x=pairs(st.tuples(st.integers(1, 3), st.integers(2, 4)), float_dtypes, WILD), eps=st.sampled_from([1e-5, -1e9]))
def test_layer_norm_where_there_is_no_deviation(x: Pair, eps: float) -> None:
    """NaN in rows with infinities or NaN, and everywhere where the variance comes out negative."""
    given = [x, [*x.ours.shape[1:]], None, None, eps]
    expected = theirs("layer_norm", given).isnan().tolist()
    assert [[*map(math.isnan, row)] for row in ours("layer_norm", given).tolist()] == expected


@moderate
@given(draws=st.data(), dtype=float_dtypes)
def test_batch_norm(draws: Any, dtype: str) -> None:
    given = arguments(draws, "batch_norm", dtype, ODD)
    x, weight, bias, mean, _, eps = given
    expected = theirs("batch_norm", given)
    of_features = (-1, *[1] * (expected.ndim - 2))
    scale = math.sqrt(1.0 if mean else eps)
    factor = _absolute(weight).theirs.reshape(of_features) if weight else torch.ones([], dtype=torch.float64)
    bound = factor * (60.0 / scale) + (_absolute(bias).theirs.reshape(of_features) if bias else 0.0)
    check_alike(ours("batch_norm", given), expected, within=of_terms(bound.expand(expected.shape), x.ours))


@moderate
@given(draws=st.data(), dtype=float_dtypes)
def test_batch_statistics(draws: Any, dtype: str) -> None:
    given = arguments(draws, "batch_statistics", dtype, ODD)
    expected = theirs("batch_statistics", given)
    within = of_terms(torch.full(expected.shape, 40.0**2, dtype=torch.float64), given[0].ours)
    check_alike(ours("batch_statistics", given), expected, within=within)


@moderate
@given(draws=st.data(), dtype=float_dtypes)
def test_batch_norm_of_what_was_measured(draws: Any, dtype: str) -> None:
    given = arguments(draws, "batch_norm_measured", dtype, ODD)
    expected = theirs("batch_norm_measured", given)
    of_features = (-1, *[1] * (expected.ndim - 2))
    factor = _absolute(given[1]).theirs.reshape(of_features) if given[1] else torch.ones([], dtype=torch.float64)
    bound = factor * 60.0 + (_absolute(given[2]).theirs.reshape(of_features) if given[2] else 0.0)
    within = of_terms(bound.expand(expected.shape), given[0].ours)
    check_alike(ours("batch_norm_measured", given), expected, within=within)


@moderate
@given(draws=st.data(), dtype=float_dtypes)
def test_the_gradient_of_that(draws: Any, dtype: str) -> None:
    given = arguments(draws, "batch_norm_measured_backward", dtype, ODD)
    expected = theirs("batch_norm_measured_backward", given)
    of_features = (-1, *[1] * (expected.ndim - 2))
    factor = _absolute(given[2]).theirs.reshape(of_features) if given[2] else torch.ones([], dtype=torch.float64)
    within = of_terms((factor * 60.0 * 40.0**2).expand(expected.shape), given[1].ours)
    check_alike(ours("batch_norm_measured_backward", given), expected, within=within)


@moderate
@given(draws=st.data(), dtype=float_dtypes)
def test_the_gradient_of_batch_norm(draws: Any, dtype: str) -> None:
    given = arguments(draws, "batch_norm_backward", dtype, ODD)
    _, x, weight, eps = given
    expected = theirs("batch_norm_backward", given)
    of_features = (-1, *[1] * (expected.ndim - 2))
    factor = _absolute(weight).theirs.reshape(of_features) if weight else torch.ones([], dtype=torch.float64)
    bound = factor * (60.0 / math.sqrt(eps)) * (40.0 / math.sqrt(eps)) ** 2
    check_alike(ours("batch_norm_backward", given), expected, within=of_terms(bound.expand(expected.shape), x.ours))


@moderate
@given(
    x=pairs(st.tuples(st.integers(2, 3), st.integers(1, 4)), float_dtypes, WILD), eps=st.sampled_from([0.0, 1e-5, -1e9])
)
def test_batch_norm_where_there_is_no_deviation(x: Pair, eps: float) -> None:
    """NaN in features with infinities or NaN, and where the variance comes out negative; 0 where it is exactly 0."""
    given = [x, None, None, None, None, eps]
    expected = theirs("batch_norm", given).isnan().tolist()
    assert [[*map(math.isnan, row)] for row in ours("batch_norm", given).tolist()] == expected
