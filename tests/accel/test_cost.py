"""What a call is predicted to cost: computing is linear in the work, moving in the elements."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rt_torch.accel.cost import FAR, KINDS, LINK, FunctionCost, Linear, Movement, Operands, predict
from tests.accel.costs import COSTLY, cost

ADD = cost((10.0, 1.0), (20.0, 0.125))

seconds = st.floats(0, 1e3, allow_subnormal=False)
linears = st.builds(Linear, seconds, seconds, st.just(0.0) | seconds) | seconds.map(lambda b: Linear(1e-6, b, -b / 2))
function_costs = st.builds(FunctionCost, linears, linears, st.none() | linears)
movements = st.builds(Movement, seconds, linears, seconds, seconds, st.none() | linears)


class TestPrediction:
    @pytest.mark.parametrize(
        ("operands", "pure", "native"),
        [
            ((), 10 + 8, 20 + 1),
            (("list", 8), 18, 21 + 1 + 2 + 4),
            (("memory", 8), 18 + 2, 21 + 1),
            (("native", 8), 18 + 3 + 2, 21),
            (("shared", 8), 18 + 2, 21),
            (("list", 8, "native", 4), 18 + 3 + 1, 21 + 1 + 2 + 4),
            (("cuda", 8), 18 + 3 + 2 + 5 + 2, 21),
            (("cuda", 8, "memory", 4), 18 + 3 + 3 + 5 + 2, 21 + 1),
        ],
    )
    def test_what_is_not_where_it_is_needed_is_moved(self, operands: Operands, pure: float, native: float) -> None:
        assert predict(ADD, COSTLY._replace(link=Linear(5.0, 0.25)), 8, operands) == (pure, native)

    def test_where_no_gpu_was_measured_moving_from_one_costs_what_is_usual(self) -> None:
        assert predict(ADD, COSTLY, 8, ("cuda", 8)) == (18 + 3 + 2 + LINK.at(8), 21)
        assert COSTLY.moving(1000) == LINK.at(1000) > 1000 * 8 / 100e9  # no link has 100 GB/s

    def test_a_function_may_have_a_cost_of_its_own_on_memory(self) -> None:
        own = ADD._replace(memory=Linear(2.0, 0.5))
        assert predict(own, COSTLY, 8, ("memory", 8)) == (6, 22)
        assert predict(own, COSTLY, 8, ("native", 8)) == (6 + 3, 21)
        assert predict(own, COSTLY, 8, ("memory", 8, "list", 8))[0] == (6 + 18) / 2
        assert predict(own, COSTLY, 8, ("memory", 8), reads=False)[0] == 18

    def test_beyond_what_caches_hold_each_element_costs_more(self) -> None:
        linear = Linear(1.0, 2.0, 0.5)
        assert [linear.at(n) for n in (0, 10, FAR, FAR + 10)] == [1, 21, 1 + 2 * FAR, 1 + 2 * FAR + 25]

    def test_a_view_reads_nothing(self) -> None:
        assert predict(ADD, COSTLY, 0, ("memory", 8), reads=False) == (10, 21)
        assert predict(ADD, COSTLY, 0, ("native", 8), reads=False) == (13, 20)

    @given(function_costs, movements, st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 10**6)), max_size=3))
    def test_more_work_never_costs_less(
        self, cost: FunctionCost, movement: Movement, described: list[tuple[str, int]]
    ) -> None:
        operands: Operands = tuple(part for operand in described for part in operand)
        little, much = predict(cost, movement, 10, operands), predict(cost, movement, 1000, operands)
        rounding = 1e-9 * sum(much)
        assert 0 <= little[0] + rounding <= much[0] + 2 * rounding and 0 <= little[1] <= much[1]
