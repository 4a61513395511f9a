"""Thresholds that the user sets, beside those that follow from costs."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rt_torch import accel
from rt_torch.accel import NEVER
from tests.accel import costs


@pytest.fixture(autouse=True)
def auto() -> None:
    accel.set_ffi_available(True)
    accel.set_acceleration("auto")


def test_a_function() -> None:
    accel.set_threshold("add", 50)
    assert accel.get_threshold("add") == 50
    assert [accel.should_use_ffi("add", n) for n in (49, 50, 51)] == [False, False, True]
    assert accel.decide("add", "f64", 51, ("list", 51, "list", 51)).native


def test_a_group() -> None:
    before = accel.get_threshold("softmax")
    accel.set_threshold("elementwise", 7)
    assert accel.get_threshold("exp") == accel.get_threshold("where") == accel.get_threshold("elementwise") == 7
    assert accel.get_threshold("softmax") == before


@pytest.mark.parametrize("order", [["exp", "elementwise"], ["elementwise", "exp"]])
def test_a_function_counts_more_than_its_group(order: list[str]) -> None:
    for name in order:
        accel.set_threshold(name, {"exp": 1, "elementwise": 2}[name])
    assert (accel.get_threshold("exp"), accel.get_threshold("log")) == (1, 2)


def test_never() -> None:
    assert math.isinf(NEVER)
    accel.set_threshold("matmul", NEVER)
    assert accel.get_threshold("matmul") == NEVER
    assert not accel.should_use_ffi("matmul", 10**18)
    assert not accel.decide("matmul", "f64", 10**18, ("native", 10**12, "native", 10**12)).native


def test_zero_is_native_for_all_but_nothing() -> None:
    accel.set_threshold("relu", 0)
    assert [accel.should_use_ffi("relu", n) for n in (-1, 0, 1)] == [False, False, True]


def test_none_goes_back_to_the_profile() -> None:
    accel.use_profile("fixed")
    accel.set_threshold("matmul", 5)
    accel.set_threshold("matmul", None)
    assert accel.get_threshold("matmul") == 1_000_000


def test_reset() -> None:
    accel.use_profile("fixed")
    accel.set_threshold("matmul", 5)
    accel.set_threshold("elementwise", 5)
    accel.reset_thresholds()
    assert (accel.get_threshold("matmul"), accel.get_threshold("add")) == (1_000_000, 10_000_000)


def test_it_counts_more_than_the_profile_and_the_costs() -> None:
    for profile in ("fixed", costs.profile()):
        accel.use_profile(profile)
        accel.set_threshold("add", 77)
        assert accel.get_threshold("add") == 77


@pytest.mark.parametrize("by_function", [True, False])
def test_decisions_made_before_are_forgotten(by_function: bool) -> None:
    operands = ("list", 100, "list", 100)
    accel.use_profile("fixed")
    before = accel.decide("add", "f64", 100, operands)
    accel.set_threshold("add" if by_function else "elementwise", 99)
    assert not before.native and accel.decide("add", "f64", 100, operands).native


class TestErrors:
    @pytest.mark.parametrize("call", [accel.get_threshold, lambda name: accel.set_threshold(name, 1)])
    def test_an_unknown_name_is_answered_with_a_likely_one(self, call: object) -> None:
        with pytest.raises(ValueError, match="unknown function or group 'matmull', did you mean 'matmul'"):
            call("matmull")
        with pytest.raises(ValueError, match=r"'xyzzy'; the groups are matmul, .* and creation"):
            call("xyzzy")
        with pytest.raises(TypeError, match=r"given 3 \(int\)"):
            call(3)

    def test_of_questions(self) -> None:
        with pytest.raises(ValueError, match="did you mean 'softmax'"):
            accel.should_use_ffi("sotfmax", 1)
        with pytest.raises(TypeError, match=r"numel is a whole number; given 1.5 \(float\)"):
            accel.should_use_ffi("add", 1.5)

    @pytest.mark.parametrize("n", [-1, -(10**20)])
    def test_a_negative_number(self, n: int) -> None:
        with pytest.raises(ValueError, match=f"the threshold of add must be 0 or more; given {n}"):
            accel.set_threshold("add", n)

    @pytest.mark.parametrize("n", [1.0, -math.inf, math.nan, "5", True, [1]])
    def test_no_whole_number(self, n: object) -> None:
        with pytest.raises(TypeError, match="the threshold of add must be a whole number or NEVER; given"):
            accel.set_threshold("add", n)

    def test_a_whole_number_of_another_kind(self) -> None:
        class Five:
            def __index__(self) -> int:
                return 5

        accel.set_threshold("add", Five())  # as NumPy's integers are none of Python's
        assert accel.get_threshold("add") == 5

    def test_nothing_is_changed_by_one(self) -> None:
        accel.set_threshold("add", 3)
        with pytest.raises(ValueError):
            accel.set_threshold("add", -1)
        assert accel.get_threshold("add") == 3

    def test_an_unknown_kind_of_operand(self) -> None:
        with pytest.raises(ValueError, match="unknown kind 'disk': there are list, memory, native, shared, cuda"):
            accel.get_threshold("add", "disk")


class TestFromCosts:
    def test_where_the_costs_cross(self) -> None:
        accel.use_profile(costs.profile())
        assert accel.get_threshold("add", "native") == 10
        assert [accel.should_use_ffi("add", n) for n in (10, 11)] == [False, True]

    def test_it_differs_with_where_the_elements_are(self) -> None:
        # one operand, n elements: pure n, boxed 1.25 n; native 10; wrapping 1, converting 2 + n / 2, viewing 3
        accel.use_profile(costs.profile(costs.COSTLY))
        found = {kind: accel.get_threshold("neg", kind) for kind in ("list", "memory", "native", "shared")}
        assert found == {"list": 26, "memory": 8, "native": 5, "shared": 8}

    def test_what_is_on_a_gpu_would_have_to_come_back_first(self) -> None:
        # one operand, n elements: pure 1.25 n, viewing 3, and the way here 1 + n / 4, against native 10
        accel.use_profile(costs.profile(costs.COSTLY._replace(link=costs.Linear(1.0, 0.25))))
        assert accel.get_threshold("neg", "cuda") == 4
        accel.use_profile(costs.profile(costs.COSTLY))
        assert accel.get_threshold("neg", "cuda") == accel.get_threshold(
            "neg", "native"
        )  # microseconds are little here

    def test_never_when_converting_costs_more_than_computing(self) -> None:
        accel.use_profile(costs.profile(costs.COSTLY, add=costs.cost((0, 0.9), (0, 0))))
        assert accel.get_threshold("add", "list") == NEVER  # two operands
        assert accel.get_threshold("add", "native") == 0

    def test_matmul_is_of_squares(self) -> None:
        accel.use_profile(costs.profile(matmul=costs.cost((0, 1), (1800, 0))))
        assert accel.get_threshold("matmul") == 100  # 10 x 10 makes 1000 multiplications and 100 lines, worth 8 each
        accel.use_profile(costs.profile(costs.COSTLY, matmul=costs.cost((0, 1), (1800, 0))))
        assert accel.get_threshold("matmul") == 104  # 105 ** 1.5 + 8 * 105 > 1800 + 2 * (1 + 2 + 105 / 2)

    @given(
        st.sampled_from(["add", "neg", "where", "sum"]),
        st.sampled_from(["list", "memory", "native", "shared", "cuda"]),
        *[st.integers(0, 50)] * 4,
        st.integers(1, 300),
    )
    def test_it_is_where_decisions_change(self, name: str, kind: str, a: int, b: int, c: int, d: int, n: int) -> None:
        accel.use_profile(costs.profile(costs.COSTLY, **{name: costs.cost((a, b), (c, d))}))
        tensors = {"add": 2, "where": 3}.get(name, 1)
        threshold = accel.get_threshold(name, kind)
        if threshold == NEVER:
            assert not accel.decide(name, "f64", 10**9, (kind, 10**9) * tensors).native
        else:
            above = int(threshold) + n
            assert accel.decide(name, "f64", above, (kind, above) * tensors).native
        if 0 < threshold < NEVER:
            assert not accel.decide(name, "f64", int(threshold), (kind, int(threshold)) * tensors).native
