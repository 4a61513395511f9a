"""What parameters begin with."""

from __future__ import annotations

import math

import pytest

import rt_torch as rt
from rt_torch import nn
from tests.tensor.conftest import native_problem

pytestmark = pytest.mark.usefixtures("settled", "no_handle_left")


def check_uniform(values: list[float], low: float, high: float) -> None:
    """Within bounds, near to them, and with the mean and variance of a uniform distribution."""
    count, width = len(values), high - low
    assert all(low <= value <= high for value in values)
    assert min(values) < low + 0.05 * width
    assert max(values) > high - 0.05 * width
    mean = sum(values) / count
    assert abs(mean - (low + high) / 2) < 5 * width / math.sqrt(12 * count)
    assert sum((value - mean) ** 2 for value in values) / count == pytest.approx(width**2 / 12, rel=0.2)


def test_uniform(tier: str) -> None:
    check_uniform(nn.init.uniform([40, 30], -1.0, 3.0).flatten().tolist(), -1.0, 3.0)
    assert nn.init.uniform([], 2.0, 2.0, dtype="f32").tolist() == 2.0


@pytest.mark.parametrize(
    ("shape", "bound"),
    [((30, 20), math.sqrt(6 / 50)), ((8, 4, 3, 5), math.sqrt(6 / (12 * 15))), ((40, 60, 1), math.sqrt(6 / 100))],
)
def test_xavier(tier: str, shape: tuple[int, ...], bound: float) -> None:
    check_uniform(nn.init.xavier_uniform(shape).flatten().tolist(), -bound, bound)
    check_uniform(nn.init.xavier_uniform(shape, gain=0.5).flatten().tolist(), -bound / 2, bound / 2)


def test_layers_begin_with_xavier_and_zeros(tier: str) -> None:
    linear, convolution = nn.Linear(20, 30), nn.Conv2d(4, 8, (3, 5))
    check_uniform(linear.weight.flatten().tolist(), -math.sqrt(6 / 50), math.sqrt(6 / 50))
    check_uniform(convolution.weight.flatten().tolist(), -math.sqrt(6 / 180), math.sqrt(6 / 180))
    assert linear.bias is not None
    assert convolution.bias is not None
    assert {*linear.bias.tolist(), *convolution.bias.tolist()} == {0.0}


def test_vectors_of_numbers_begin_normal(tier: str) -> None:
    values = nn.Embedding(50, 40).weight.flatten().tolist()
    assert sum(values) / 2000 == pytest.approx(0.0, abs=0.1)
    assert sum(value * value for value in values) / 2000 == pytest.approx(1.0, abs=0.15)


@pytest.mark.parametrize("dtype", ["f64", "f32"])
def test_the_seed_decides(tier: str, dtype: str) -> None:
    def weights() -> list[list[float]]:
        layers = [nn.Linear(3, 4, dtype=dtype), nn.Conv2d(1, 2, 3, dtype=dtype), nn.Embedding(3, 2, dtype=dtype)]
        return [parameter.flatten().tolist() for layer in layers for parameter in layer.parameters()]

    rt.manual_seed(5)
    first = weights()
    assert weights() != first
    rt.manual_seed(5)
    assert weights() == first


@pytest.mark.skipif(bool(native_problem()), reason=f"no native tier: {native_problem()}")
@pytest.mark.parametrize("dtype", ["f64", "f32"])
def test_both_tiers_begin_alike(dtype: str) -> None:
    found = []
    for tier in ("pure", "native"):
        with rt.acceleration(tier):
            rt.manual_seed(9)
            found.append([nn.Linear(5, 3, dtype=dtype).weight.tolist(), nn.init.uniform([4], -1.0, 2.0).tolist()])
    assert found[0] == found[1]


def test_bad_arguments() -> None:
    for shape in ([], [3]):
        with pytest.raises(rt.BadArgumentError, match="argument `shape`: outputs and inputs are expected"):
            nn.init.xavier_uniform(shape)
    with pytest.raises(rt.BadArgumentError, match=r"argument `shape`: .*negative|argument `shape`"):
        nn.init.xavier_uniform([2, -1])
    with pytest.raises(rt.ArgumentTypeError, match="argument `gain`: a number is expected"):
        nn.init.xavier_uniform([2, 2], gain="2")  # type: ignore[arg-type]  # it is what is tested
    with pytest.raises(rt.ArgumentTypeError, match="argument `low`: a number is expected"):
        nn.init.uniform([2], None, 1.0)  # type: ignore[arg-type]  # likewise
    with pytest.raises(rt.BadArgumentError, match="dtype"):
        nn.init.uniform([2], 0.0, 1.0, dtype="i64")
