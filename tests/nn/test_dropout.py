"""Dropout: what is left out, what becomes of the rest, and that it can be repeated."""

from __future__ import annotations

import math

import pytest

import rt_torch as rt
from rt_torch import nn
from tests.tensor.conftest import native_problem

pytestmark = pytest.mark.usefixtures("settled", "no_handle_left")


def test_in_use_it_is_the_identity(tier: str) -> None:
    x = rt.ones([3, 4])
    assert nn.Dropout(0.9).eval()(x) is x
    assert nn.Dropout(0.0)(x) is x


@pytest.mark.parametrize("dtype", ["f64", "f32"])
@pytest.mark.parametrize("p", [0.1, 0.5, 0.75])
def test_shares(tier: str, p: float, dtype: str) -> None:
    """So much is left out as was asked for, within five standard deviations, and the rest is scaled."""
    count = 4000
    y = nn.Dropout(p)(rt.full([count], 3.0, dtype=dtype))
    assert y.dtype == dtype
    assert {*y.tolist()} == {0.0, *(rt.tensor([3.0], dtype=dtype) * (1.0 / (1.0 - p))).tolist()}
    assert abs(y.tolist().count(0.0) - count * p) < 5 * math.sqrt(count * p * (1 - p))


def test_everything_left_out(tier: str) -> None:
    x = rt.ones([2, 3], requires_grad=True)
    y = nn.Dropout(1.0)(x)
    y.sum().backward()
    assert x.grad is not None
    assert (y.tolist(), x.grad.tolist()) == ([[0.0] * 3] * 2, [[0.0] * 3] * 2)


def test_gradients_go_where_elements_went(tier: str) -> None:
    x = rt.ones([50], requires_grad=True)
    y = nn.Dropout(0.4)(x)
    y.backward(rt.ones([50]))
    assert x.grad is not None
    assert x.grad.tolist() == y.tolist()


def test_the_seed_decides(tier: str) -> None:
    drop, x = nn.Dropout(0.5), rt.ones([64])
    rt.manual_seed(3)
    first = drop(x).tolist()
    second = drop(x).tolist()
    rt.manual_seed(3)
    assert drop(x).tolist() == first
    assert drop(x).tolist() == second
    assert first != second


@pytest.mark.skipif(bool(native_problem()), reason=f"no native tier: {native_problem()}")
@pytest.mark.parametrize("dtype", ["f64", "f32"])
def test_it_is_the_same_in_both_tiers(dtype: str) -> None:
    found = []
    for tier in ("pure", "native"):
        with rt.acceleration(tier):
            rt.manual_seed(11)
            found.append([nn.dropout(rt.ones([7, 9], dtype=dtype), 0.3).tolist() for _ in range(3)])
    assert found[0] == found[1]


def test_empty_and_single(tier: str) -> None:
    assert nn.dropout(rt.zeros([0, 3])).shape == (0, 3)
    assert nn.dropout(rt.tensor(1.0)).item() in (0.0, 2.0)


def test_bad_arguments() -> None:
    for bad in (-0.1, 1.1, math.nan):
        with pytest.raises(rt.BadArgumentError, match=r"rt\.nn\.Dropout: argument `p`: .*, and 0 to 1 is expected"):
            nn.Dropout(bad)
        with pytest.raises(rt.BadArgumentError, match=r"rt\.nn\.dropout: argument `p`"):
            nn.dropout(rt.ones([1]), bad)
    with pytest.raises(rt.ArgumentTypeError, match="argument `p`: a number is expected"):
        nn.Dropout("0.5")  # type: ignore[arg-type]  # it is what is tested
    with pytest.raises(rt.ArgumentTypeError, match="argument `x`: a tensor is expected"):
        nn.dropout([1.0])  # type: ignore[arg-type]  # likewise
    with pytest.raises(rt.BadArgumentError, match=r"rt\.nn\.dropout: argument `x`: its dtype is i64"):
        nn.dropout(rt.tensor([1, 2]))
