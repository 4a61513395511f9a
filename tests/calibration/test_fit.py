"""Straight lines through measured times."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rt_torch.accel.cost import FAR, FunctionCost, Linear
from rt_torch.calibration.fit import far_slope, fitted, median_cost

SIZES = (8, 128, 1024, 8192, 65_536)


@given(st.floats(1e-7, 1e-4), st.floats(1e-10, 1e-6))
def test_a_line_is_found_again(a: float, b: float) -> None:
    found = fitted([(size, a + b * size) for size in SIZES])
    assert math.isclose(found.b, b, rel_tol=1e-6)
    assert all(math.isclose(found.at(size), a + b * size, rel_tol=1e-6) for size in SIZES)


@given(st.lists(st.tuples(st.sampled_from(SIZES), st.floats(1e-9, 1e3)), min_size=1))
def test_nothing_costs_less_than_nothing(points: list[tuple[float, float]]) -> None:
    found = fitted(points)
    assert found.a >= 0 and found.b >= 0 and math.isfinite(found.a + found.b)


def test_small_sizes_count_as_much_as_large_ones() -> None:
    found = fitted([(8, 1e-6), (65_536, 2e-3)])
    assert math.isclose(found.at(8), 1e-6, rel_tol=1e-6) and math.isclose(found.at(65_536), 2e-3, rel_tol=1e-6)


def test_one_size_is_a_constant() -> None:
    assert fitted([(0, 2e-6), (0, 2e-6)]) == Linear(2e-6, 0.0)


def test_nothing_measured_costs_nothing() -> None:
    assert fitted([]) == Linear(0.0, 0.0)


def test_beyond_far() -> None:
    near = Linear(1.0, 2.0)
    assert far_slope(near, [(2 * FAR, near.at(2 * FAR) + 3 * FAR)]) == 3
    assert far_slope(near, [(2 * FAR, 1.0)]) == 0
    assert far_slope(near, [(2 * FAR, 1.0)], -near.b) == -near.b
    assert far_slope(near, []) == 0


@pytest.mark.parametrize("memory", [None, Linear(7.0, 8.0)])
def test_a_typical_one(memory: Linear | None) -> None:
    low, middle, high = (FunctionCost(Linear(n, n, n), Linear(n, 10 - n), memory) for n in (1.0, 2.0, 9.0))
    assert median_cost([high, low, middle]) == FunctionCost(Linear(2, 2, 2), Linear(2, 8), memory)
