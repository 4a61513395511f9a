"""From how many elements native is faster, and below how many pure is."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rt_torch.accel.cost import FAR, KINDS, FunctionCost, Linear, Movement, predict
from rt_torch.accel.crossover import ALWAYS, NEVER, Savings
from tests.accel.costs import COSTLY, STILL, cost

seconds = st.floats(0, 1e3, allow_subnormal=False) | st.floats(1e-9, 1e-3)
linears = st.builds(Linear, seconds, seconds, st.just(0.0) | seconds) | seconds.map(lambda b: Linear(1e-6, b, -b / 2))
function_costs = st.builds(FunctionCost, linears, linears, st.none() | linears)
movements = st.builds(Movement, seconds, linears, seconds, seconds, st.none() | linears)
kinds = st.sampled_from(KINDS)
savings = st.builds(Savings.of, function_costs, movements, kinds, st.integers(0, 3), power=st.sampled_from([1.0, 1.5]))


def rounding(saved: Savings, n: float) -> float:
    """What rounding may make of the savings for n elements."""
    work = math.pow(n, saved.power)
    return 1e-9 * (abs(saved.a) + abs(saved.per_element * n) + abs(saved.per_work * work) + abs(saved.far * n)) + 1e-18


@given(function_costs, movements, kinds, st.integers(0, 3), st.integers(0, 10**7))
def test_savings_are_the_difference_of_the_predictions(
    cost: FunctionCost, movement: Movement, kind: str, tensors: int, n: int
) -> None:
    pure, native = predict(cost, movement, n, (kind, n) * tensors)
    saved = Savings.of(cost, movement, kind, tensors)
    assert math.isclose(saved.at(n), pure - native, rel_tol=1e-9, abs_tol=1e-9 * (pure + native))


@given(savings, st.floats(1.0001, 1e6))
def test_above_it_native_is_faster_and_at_it_not(saved: Savings, factor: float) -> None:
    found = saved.always_above()
    if found == ALWAYS:
        assert all(saved.at(n) > -rounding(saved, n) for n in (0, 1, 10, 1e3, FAR, 1e6, 1e9))
    elif found < 1e12:
        above = (found + 1e-9) * factor
        assert saved.at(above) >= -rounding(saved, above)
        assert saved.at(found) <= rounding(saved, found)


@given(savings, st.floats(0, 1))
def test_below_it_pure_is_as_fast(saved: Savings, factor: float) -> None:
    below = min(saved.never_below(), 1e12) * factor
    if below:
        assert saved.at(below) <= rounding(saved, below)


@given(savings)
def test_pure_ends_where_native_begins_or_before(saved: Savings) -> None:
    assert saved.never_below() <= max(saved.always_above(), 0) * (1 + 1e-9) + 1e-9


@pytest.mark.parametrize(
    ("pure", "native", "above", "below"),
    [
        ((0, 1), (10, 0), 10, 10),
        ((5, 1), (0, 0), ALWAYS, 0),
        ((0, 0), (5, 1), NEVER, NEVER),
        ((5, 0), (0, 1), NEVER, 0),  # short ones only
        ((1, 1), (1, 1), NEVER, NEVER),
        ((0, 0, 2), (10, 0), FAR + 5, FAR + 5),
        ((0, 1, 0), (10, 0, 9), NEVER, 10),  # until it becomes slow
        ((0, 1, 1), (FAR + 10, 0), FAR + 5, FAR + 5),
        ((FAR, 0, 1), (0, 1), NEVER, 0),
        ((FAR + 1, 0, 1), (0, 1), ALWAYS, 0),
    ],
)
def test_known_ones(pure: tuple[float, ...], native: tuple[float, ...], above: float, below: float) -> None:
    saved = Savings.of(FunctionCost(Linear(*pure), Linear(*native)), STILL, "list", 1)
    assert (saved.always_above(), saved.never_below()) == (above, below)


def test_of_a_matrix_product() -> None:
    def above(pure: float, native: float, kind: str = "list") -> float:
        return Savings.of(cost((0, pure), (native, 0)), COSTLY, kind, 2, power=1.5).always_above()

    assert above(0, 5) == NEVER
    assert above(1, 0, "shared") < 1e-9
    found = above(2, 100)
    assert math.isclose(2 * found**1.5, 100 + 2 * (1 + 2 + found / 2))
    assert Savings.of(cost((9, 2), (0, 1)), COSTLY, "shared", 2, power=1.5).always_above() == ALWAYS
