"""Decisions: by mode, availability, thresholds or costs, and what loading libtorch is worth."""

from __future__ import annotations

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rt_torch import accel
from rt_torch.accel import NEVER_ELEMENTS, Decision, Profile, policy, statistics
from rt_torch.accel.cost import KINDS, FunctionCost, Linear, Movement
from rt_torch.accel.functions import line_of
from tests.accel import costs

NOTHING_CERTAIN = (NEVER_ELEMENTS, 0, 0)
SMALL, LARGE = ("list", 5, "list", 5), ("list", 1000, "list", 1000)

seconds = st.floats(1e-9, 1e-3)
linears = st.builds(Linear, seconds, seconds, st.just(0.0) | seconds) | seconds.map(lambda b: Linear(1e-6, b, -b / 2))
function_costs = st.builds(FunctionCost, linears, linears, st.none() | linears)
movements = st.builds(Movement, seconds, linears, seconds, seconds)


@pytest.fixture(autouse=True)
def auto() -> None:
    accel.set_ffi_available(True)
    accel.set_acceleration("auto")
    accel.use_profile(costs.profile())


class TestReasons:
    def test_costs(self) -> None:
        assert accel.decide("add", "f64", 5, SMALL) == Decision("pure", "cost", 5.0, 10.0)
        assert accel.decide("add", "f64", 1000, LARGE) == Decision("native", "cost", 1000.0, 10.0)
        assert accel.decide("add", "f64", 5, SMALL).reason == "predicted 5 s against 10 s"
        assert accel.decide("add", "f64", 1000, LARGE).reason == "predicted 10 s against 1,000 s"

    def test_equal_costs_are_pure(self) -> None:
        assert not accel.decide("add", "f64", 10, ("list", 10, "list", 10)).native

    def test_the_mode(self) -> None:
        accel.set_acceleration("native")
        decision = accel.decide("add", "f64", 5, SMALL)
        assert (decision.tier, decision.reason) == ("native", "the mode is native")
        with accel.acceleration("pure"):
            decision = accel.decide("add", "f64", 1000, LARGE)
        assert (decision.tier, decision.reason) == ("pure", "the mode is pure")
        assert (decision.pure_seconds, decision.native_seconds) == (1000, 10)

    @pytest.mark.parametrize("mode", ["auto", "native"])
    def test_availability(self, mode: str) -> None:
        accel.set_acceleration(mode)
        accel.set_ffi_available(False)
        decision = accel.decide("add", "f64", 1000, LARGE)
        assert (decision.tier, decision.reason) == ("pure", "native is not available")
        accel.set_ffi_available(True)
        assert accel.decide("add", "f64", 1000, LARGE).native

    def test_thresholds(self) -> None:
        accel.set_threshold("add", 999)
        assert accel.decide("add", "f64", 1000, LARGE).reason == "1,000 elements, above the threshold of 999"
        assert accel.decide("add", "f64", 5, SMALL).reason == "5 elements, not above the threshold of 999"
        accel.set_threshold("add", accel.NEVER)
        assert accel.decide("add", "f64", 1000, LARGE).reason == "its threshold is never"

    def test_loading(self) -> None:
        first = accel.decide("add", "f64", 50, ("list", 50), loaded=False)
        assert first.reason == "libtorch is not loaded: it would have saved 40 s until now, and loading takes 100 s"
        then = accel.decide("add", "f64", 1000, LARGE, loaded=False)
        assert then.reason == "libtorch is loaded now: it would have saved 1,030 s, and loading takes 100 s"


class TestPrediction:
    def test_it_is_the_same_in_every_mode(self) -> None:
        expected = accel.predict("add", "f64", 1000, LARGE)
        for mode in accel.AccelMode:
            with accel.acceleration(mode):
                decision = accel.decide("add", "f64", 1000, LARGE)
                assert (decision.pure_seconds, decision.native_seconds) == expected == (1000, 10)

    def test_a_function_that_nobody_measured_costs_what_its_group_does(self) -> None:
        accel.use_profile(costs.profile(reductions=costs.cost((1, 2), (3, 4)), add=costs.cost((9, 9), (9, 9))))
        assert accel.predict("mean_dim", "f64", 1, ()) == (3, 7)
        assert accel.predict("exp", "f64", 100, ()) == (100, 10)
        assert accel.predict("no_such_function", "f64", 100, ()) == (100, 10)

    def test_a_dtype_that_was_not_measured_costs_what_another_does(self) -> None:
        measured = costs.profile(exp=costs.cost((0, 1), (10, 0)))
        f32 = measured.costs["f64"]._replace(functions={"exp": costs.cost((5, 0), (6, 0))}, movement=costs.COSTLY)
        accel.use_profile(measured._replace(costs={**measured.costs, "f32": f32}))
        assert accel.predict("exp", "f32", 100, ("shared", 4)) == (6, 6)
        assert accel.predict("exp", "i64", 100, ("shared", 4)) == (100, 10)
        assert accel.predict("log", "f32", 100, ("shared", 4)) == (101, 10)

    def test_a_view_reads_nothing(self) -> None:
        accel.use_profile(costs.profile(costs.COSTLY, views=costs.cost((1, 0), (2, 0))))
        assert accel.predict("transpose", "f64", 0, ("native", 10**9)) == (4, 2)


class TestProperties:
    @given(function_costs, movements, st.sampled_from(KINDS), st.integers(0, 10**6), st.integers(1, 10**6))
    def test_more_work_never_brings_a_call_back_from_the_tier_that_scales_better(
        self, cost: FunctionCost, movement: Movement, kind: str, work: int, more: int
    ) -> None:
        accel.use_profile(costs.profile(movement, add=cost))
        little = accel.decide("add", "f64", work, (kind, 64, kind, 64))
        much = accel.decide("add", "f64", work + more, (kind, 64, kind, 64))
        in_python = cost.memory if cost.memory is not None and kind != "list" else cost.pure
        grows = [pure - native for pure, native in zip(in_python[1:], cost.native[1:], strict=True)]
        better = "native" if min(grows) >= 0 else "pure" if max(grows) <= 0 else ""
        clear = abs(little.pure_seconds - little.native_seconds) > 1e-9 * (little.pure_seconds + little.native_seconds)
        if little.tier == better and clear:
            assert much.tier == better

    @given(
        function_costs,
        function_costs,
        movements,
        st.sampled_from(["add", "neg", "softmax", "sum", "matmul", "where", "reshape"]),
        st.sampled_from(["f64", "f32"]),
        st.sampled_from([-2, -1, 0, 1, 2, 10, 10**6]),
    )
    def test_what_is_certain_is_what_would_be_decided(
        self, f64: FunctionCost, f32: FunctionCost, movement: Movement, name: str, dtype: str, step: int
    ) -> None:
        measured = costs.profile(movement, **{name: f64})
        costs_f32 = measured.costs["f64"]._replace(functions={name: f32})
        accel.use_profile(measured._replace(costs={**measured.costs, "f32": costs_f32}))
        native_from, pure_below, lists_below = accel.limits()[name]
        tensors = {"add": 2, "matmul": 2, "where": 3}.get(name, 1)
        works = {
            "matmul": lambda n: (n, int(n**1.5) + line_of(name) * n),
            "softmax": lambda n: (n, n + line_of(name), n + line_of(name) * n) if n else (0,),
            "reshape": lambda n: (0,),
        }.get(name, lambda n: (n,))
        n = native_from + max(step, 0)
        if n < 10**15:
            for work in works(n):
                decision = accel.decide(name, dtype, work, ("native", n) * tensors)
                assert decision.native or decision.native_seconds <= decision.pure_seconds * (1 + 1e-9)
        for kind, below in (("list", pure_below), ("memory", pure_below), ("list", lists_below)):
            n = min(below - 1 - max(step, 0), 10**15)
            for work in works(n) if n >= 0 else ():
                decision = accel.decide(name, "f64", work, (kind, n) * tensors)
                assert not decision.native or decision.pure_seconds <= decision.native_seconds * (1 + 1e-9)

    @given(st.data())
    def test_a_remembered_decision_is_the_one_that_was_made(self, data: st.DataObject) -> None:
        work = data.draw(st.integers(0, 50))
        operands = tuple(data.draw(st.sampled_from([("list", 5), ("native", 70)])))
        assert accel.decide("add", "f64", work, operands) == accel.decide("add", "f64", work, operands)
        fresh = policy._Rules(policy._Basis.now())._decide(accel.AccelMode.AUTO, "add", "f64", work, operands)
        assert accel.decide("add", "f64", work, operands) == fresh


class TestLoading:
    """While libtorch is not loaded, what it would have saved is added up until that is more than loading costs."""

    def saves_45(self) -> Decision:
        return accel.decide("add", "f64", 55, ("list", 55, "list", 55), loaded=False)

    def test_native_is_chosen_when_it_has_become_worth_it(self) -> None:
        assert [self.saves_45().tier for _ in range(4)] == ["pure", "pure", "native", "native"]

    def test_one_call_may_be_worth_it(self) -> None:
        assert accel.decide("add", "f64", 1000, LARGE, loaded=False).native

    def test_calls_that_are_pure_anyhow_count_nothing(self) -> None:
        for _ in range(1000):
            assert accel.decide("add", "f64", 5, SMALL, loaded=False).rule == "cost"
        assert accel.saved_seconds() == 0

    def test_asking_in_advance_counts_nothing(self) -> None:
        self.saves_45()
        for _ in range(10):
            decision = accel.preview("add", "f64", 55, ("list", 55, "list", 55), loaded=False)
            assert (decision.tier, decision.saved) == ("pure", 90)
        assert accel.saved_seconds() == 45

    def test_nothing_counts_once_it_is_loaded(self) -> None:
        assert accel.decide("add", "f64", 55, ("list", 55, "list", 55)).native
        assert accel.saved_seconds() == 0

    def test_native_mode_waits_for_nothing(self) -> None:
        accel.set_acceleration("native")
        assert accel.decide("add", "f64", 5, SMALL, loaded=False).native

    def test_threads_lose_nothing(self) -> None:
        accel.use_profile(costs.profile(loading=8 * 500 * 45.0))
        threads = [threading.Thread(target=lambda: [self.saves_45() for _ in range(500)]) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert accel.saved_seconds() == 8 * 500 * 45
        assert self.saves_45().native


class TestResident:
    """The shipped costs: what is native stays there, and short lists are not worth moving."""

    @pytest.fixture(autouse=True)
    def shipped(self) -> None:
        accel.use_profile("default")

    @pytest.mark.parametrize("name", ["add", "exp", "softmax", "matmul", "sum", "relu"])
    @pytest.mark.parametrize("n", [1, 16, 10**6])
    def test_native_operands_stay(self, name: str, n: int) -> None:
        operands = ("native", n) * (2 if name in ("add", "matmul") else 1)
        assert accel.decide(name, "f64", n, operands).native

    @pytest.mark.parametrize("name", ["add", "exp", "softmax", "sum", "relu", "neg"])
    def test_short_lists_stay(self, name: str) -> None:
        operands = ("list", 4) * (2 if name == "add" else 1)
        assert not accel.decide(name, "f64", 4, operands).native
        assert min(accel.limits()[name][1:]) > 4

    def test_a_large_matrix_product_is_worth_moving(self) -> None:
        assert accel.decide("matmul", "f64", 512**3, ("list", 512**2, "list", 512**2)).native


class TestLimits:
    def test_pure(self) -> None:
        accel.set_acceleration("pure")
        assert set(accel.limits().values()) == {(NEVER_ELEMENTS,) * 3}

    def test_native(self) -> None:
        accel.set_acceleration("native")
        assert set(accel.limits().values()) == {(0, 0, 0)}

    @pytest.mark.parametrize("mode", ["auto", "native"])
    def test_pure_is_certain_where_native_is_not_available(self, mode: str) -> None:
        accel.set_acceleration(mode)
        accel.set_ffi_available(False)
        assert set(accel.limits().values()) == {(NEVER_ELEMENTS,) * 3}

    def test_auto(self) -> None:
        assert accel.limits()["add"] == (11, 10, 10)  # 10 is where the costs are equal: left to `decide`
        accel.use_profile(costs.profile(costs.COSTLY))
        assert accel.limits()["neg"] == (6, 9, 26)
        assert accel.limits()["add"] == (3, 8, NEVER_ELEMENTS)

    def test_auto_with_a_threshold(self) -> None:
        accel.set_threshold("activations", 70)
        accel.set_threshold("relu", accel.NEVER)
        assert accel.limits()["tanh"] == (71,) * 3
        assert accel.limits()["relu"] == (NEVER_ELEMENTS,) * 3
        assert accel.limits()["add"] == (11, 10, 10)

    def test_native_needs_both_dtypes(self) -> None:
        measured = costs.profile(add=costs.cost((0, 1), (10, 0)))
        f32 = measured.costs["f64"]._replace(functions={"add": costs.cost((0, 1), (30, 0))})
        accel.use_profile(measured._replace(costs={**measured.costs, "f32": f32}))
        assert accel.limits()["add"] == (31, 10, 10)

    def test_nothing_is_certain_where_short_lists_are_better_native(self) -> None:
        accel.use_profile(costs.profile(add=costs.cost((10, 1), (5, 2))))
        assert accel.limits()["add"] == NOTHING_CERTAIN

    @pytest.mark.parametrize("mode", ["pure", "native", "auto"])
    def test_nothing_is_certain_while_something_unusual_holds(self, mode: str) -> None:
        accel.set_acceleration(mode)
        usual = accel.limits()
        assert NOTHING_CERTAIN not in usual.values()
        with accel.without_shortcuts(), accel.without_shortcuts():
            assert set(accel.limits().values()) == {NOTHING_CERTAIN}
        assert accel.limits() == usual
        accel.enable_logging(write=lambda line: None)
        assert set(accel.limits().values()) == {NOTHING_CERTAIN}
        accel.enable_logging(False)
        assert accel.limits() == usual


class TestSubscribers:
    def test_they_hear_of_it_at_once_and_of_each_change(self) -> None:
        heard: list[tuple[int, int, int]] = []
        accel.subscribe(lambda limits: heard.append(limits["add"]))
        accel.set_acceleration("pure")
        accel.set_acceleration("native")
        accel.set_ffi_available(False)
        accel.set_ffi_available(True)
        accel.set_acceleration("auto")
        accel.set_threshold("add", 3)
        accel.use_profile("default")
        accel.reset_thresholds()
        certain = (NEVER_ELEMENTS,) * 3
        assert heard[:8] == [(11, 10, 10), certain, (0,) * 3, certain, (0,) * 3, (11, 10, 10), (4,) * 3, (4,) * 3]
        assert heard[8] == accel.limits()["add"] != (4, 4, 4)

    def test_they_hear_nothing_when_nothing_changes(self) -> None:
        heard: list[object] = []
        accel.subscribe(heard.append)
        for _ in range(3):
            accel.set_acceleration("native")
            accel.enable_logging(False)
        assert len(heard) == 2

    def test_one_may_change_something(self) -> None:
        heard: list[tuple[int, int, int]] = []

        def hear(limits: policy.Limits) -> None:
            heard.append(limits["add"])
            accel.set_threshold("add", 3)

        accel.subscribe(hear)
        assert heard == [(11, 10, 10), (4, 4, 4)]

    def test_the_last_they_hear_is_what_holds(self) -> None:
        heard: list[policy.Limits] = []
        accel.subscribe(heard.append)

        def change(n: int) -> None:
            for step in range(40):
                accel.set_threshold("add", 100 * n + step)
                with accel.acceleration("native"):
                    accel.decide("add", "f64", 5, SMALL)

        threads = [threading.Thread(target=change, args=(n,)) for n in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert heard[-1] == accel.limits()
        threshold = accel.get_threshold("add")
        assert accel.limits()["add"] == (threshold + 1,) * 3
        assert accel.decide("add", "f64", 1, ("list", int(threshold) + 1)).native

    def test_one_that_fails_is_told_again(self) -> None:
        heard: list[object] = []

        def hear(limits: object) -> None:
            heard.append(limits)
            if len(heard) == 2:
                raise OSError

        accel.subscribe(hear)
        with pytest.raises(OSError):
            accel.set_acceleration("pure")
        accel.set_acceleration("pure")
        assert heard[2] == accel.limits()


class TestDetection:
    def test_it_is_asked_once_and_only_where_it_matters(self) -> None:
        asked: list[int] = []

        def detect() -> bool:
            asked.append(1)
            return True

        accel.set_acceleration("pure")
        accel.set_detection(detect)
        accel.set_ffi_available(None)
        accel.should_use_ffi("add", 10**9)
        assert not asked
        accel.set_acceleration("auto")
        assert accel.is_ffi_available() and accel.is_ffi_available()
        assert len(asked) == 1
        accel.set_ffi_available(None)
        assert accel.is_ffi_available() and len(asked) == 2

    def test_what_is_set_counts_more(self) -> None:
        accel.set_detection(lambda: True)
        accel.set_ffi_available(False)
        assert not accel.is_ffi_available()
        accel.set_ffi_available(None)
        assert accel.is_ffi_available()

    def test_decisions_follow_a_new_answer(self) -> None:
        there = [True]
        accel.set_detection(lambda: there[0])
        accel.set_ffi_available(None)
        assert accel.decide("add", "f64", 1000, LARGE).native
        there.clear()
        there.append(False)
        accel.set_ffi_available(None)
        assert not accel.decide("add", "f64", 1000, LARGE).native

    def test_anything_but_an_answer_is_a_type_error(self) -> None:
        with pytest.raises(TypeError, match=r"True, False or None; given 1 \(int\)"):
            accel.set_ffi_available(1)


def test_memory_of_decisions_is_bounded() -> None:
    for n in range(3 * policy.REMEMBERED):
        accel.decide("add", "f64", n, ("list", n, "list", n))
    assert policy._current_rules().decided.cache_info().currsize <= policy.REMEMBERED


def test_deciding_counts_nothing() -> None:
    accel.decide("add", "f64", 1000, LARGE)
    assert statistics.get_stats() == (0, 0, 0)


def test_a_profile_is_used_as_it_is_given() -> None:
    given = costs.profile()
    accel.use_profile(given)
    assert isinstance(given, Profile) and accel.current_profile() is given
