"""AUTO: each call runs where it is predicted to be faster, and libtorch is loaded once it would have paid."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import pytest

import rt_torch as rt
from rt_torch import _choice, accel
from tests.accel.costs import STILL, cost, profile
from tests.tensor.test_modes import LOADED, answer

pytestmark = pytest.mark.usefixtures("settled", "no_handle_left")


@pytest.fixture
def auto(native: None) -> None:
    """In mode AUTO, with libtorch loaded."""
    with rt.acceleration("native"):
        rt.zeros([1]).exp()
    rt.reset_stats()
    rt.set_acceleration("auto")


def listed(n: int) -> rt.Tensor:
    return rt.tensor([1.0] * n)


def memory(n: int) -> rt.Tensor:
    x = listed(n)
    x.memoryview()
    return x


def resident(n: int) -> rt.Tensor:
    with rt.acceleration("native"):
        x = rt.ones([n]) + 0.0
    assert x.residency == "native"
    return x


class TestChoices:
    """By round numbers: moving is free, pure takes one second for each element, native ten for any number of them."""

    @pytest.mark.parametrize("make", [listed, memory, resident])
    @pytest.mark.parametrize(("n", "tier"), [(0, "pure"), (9, "pure"), (10, "pure"), (11, "native"), (1000, "native")])
    def test_by_the_number_of_elements(self, auto: None, make: Callable[[int], rt.Tensor], n: int, tier: str) -> None:
        accel.use_profile(profile())
        a, b = make(n), make(n)
        for call in (lambda: a + b, a.exp, lambda: a * 2.0, lambda: a > b, a.neg, lambda: rt.where(a > b, a, b)):
            assert call().residency == tier
        assert (a + b).tolist() == [2.0] * n

    @pytest.mark.parametrize(("make", "tier"), [(listed, "pure"), (memory, "native"), (resident, "native")])
    def test_by_where_the_elements_are(self, auto: None, make: Callable[[int], rt.Tensor], tier: str) -> None:
        accel.use_profile(
            profile(STILL._replace(convert=accel.cost.Linear(0.0, 2.0)))
        )  # for a list, more than computing
        assert (make(100) + make(100)).residency == tier

    def test_by_the_function(self, auto: None) -> None:
        accel.use_profile(profile(exp=cost((0.0, 1.0), (0.0, 2.0)), log=cost((5.0, 0.0), (1.0, 0.0))))
        for n in (1, 1000):
            assert listed(n).exp().residency == "pure"
            assert listed(n).log().residency == "native"

    def test_by_the_dtype(self, auto: None) -> None:
        slow, quick = cost((0.0, 1.0), (0.0, 2.0)), cost((0.0, 2.0), (0.0, 1.0))
        both = profile(exp=slow)
        f32 = both.costs["f64"]._replace(functions={**both.costs["f64"].functions, "exp": quick})
        accel.use_profile(both._replace(costs={**both.costs, "f32": f32}))
        assert listed(5).exp().residency == "pure"
        assert listed(5).to("f32").exp().residency == "native"

    def test_matrix_products_by_their_multiplications_and_lines(self, auto: None) -> None:
        accel.use_profile(profile(matmul=cost((0.0, 1.0), (1800.0, 0.0))))  # and a number of the result counts as 8
        for rows, inner, columns in ((1, 1792, 1), (10, 10, 10), (3, 3, 54), (0, 10, 9999), (99, 0, 1)):
            assert (rt.ones([rows, inner]) @ rt.ones([inner, columns])).residency == "pure"
        for rows, inner, columns in ((1, 1793, 1), (10, 10, 11), (11, 10, 10)):
            assert (rt.ones([rows, inner]) @ rt.ones([inner, columns])).residency == "native"
        assert (rt.ones([2, 10, 10]) @ rt.ones([10, 6])).residency == "native"
        assert (rt.ones([1793]) @ rt.ones([1793])).residency == "native"
        assert (rt.ones([2, 3, 10, 1]) @ rt.ones([1, 3])).residency == "pure"

    def test_what_works_along_a_dimension_by_the_lines_too(self, auto: None) -> None:
        accel.use_profile(profile(sum_dim=cost((0.0, 1.0), (1000.0, 0.0))))  # and a line counts as 45
        x = rt.ones([4, 25])
        for dim, tier in ((1, "pure"), (-1, "pure"), (0, "native"), (-2, "native"), (1, "pure")):
            assert rt.tensor(x.tolist()).sum(dim).residency == tier
        assert rt.explain("sum", x, 0).pure_seconds == 100 + 25 * 45
        assert rt.explain("sum", x, 1).pure_seconds == 100 + 4 * 45
        for empty in (rt.ones([0, 4]), rt.ones([4, 0])):
            assert empty.sum(1).shape == (empty.shape[0],)
        for wrong in (7, "1"):
            with pytest.raises(rt.errors.BadArgumentError, match="dim"):
                x.sum(wrong)

    def test_broadcasting_by_the_result(self, auto: None) -> None:
        accel.use_profile(profile())
        assert (rt.ones([5, 1]) + rt.ones([1, 3])).residency == "native"
        assert (rt.ones([5, 1]) + rt.ones([1, 2])).residency == "pure"

    def test_creation_by_what_is_made(self, auto: None) -> None:
        accel.use_profile(profile())
        assert [rt.zeros([n]).residency for n in (10, 11)] == ["pure", "native"]
        assert [rt.full([n, 2], 1.0).residency for n in (5, 6)] == ["pure", "native"]
        assert [rt.arange(n).residency for n in (10, 11)] == ["pure", "native"]
        assert [rt.randn([n]).residency for n in (10, 11)] == ["pure", "native"]

    def test_what_is_decided_is_what_is_predicted(self, auto: None) -> None:
        for n in (1, 16, 100, 1000, 10_000):
            for make, kind in ((listed, "list"), (memory, "memory"), (resident, "native")):
                a = make(n)
                expected = accel.preview("tanh", "f64", n, (kind, n)).tier
                pure, native = accel.predict("tanh", "f64", n, (kind, n))
                assert expected == ("native" if native < pure else "pure")
                assert a.tanh().residency == expected

    @pytest.mark.parametrize("name", ["add", "elementwise"])
    def test_thresholds(self, auto: None, name: str) -> None:
        rt.set_threshold(name, 3)
        assert [(listed(n) + listed(n)).residency for n in (3, 4)] == ["pure", "native"]
        assert [(resident(n) + resident(n)).residency for n in (3, 4)] == ["pure", "native"]
        rt.set_threshold(name, accel.NEVER)
        assert (resident(4000) + resident(4000)).residency == "pure"
        rt.set_threshold(name, None)
        assert (resident(4000) + resident(4000)).residency == "native"

    def test_the_fixed_profile(self, auto: None) -> None:
        accel.use_profile("fixed")
        assert (resident(1000) + resident(1000)).residency == "pure"
        assert resident(1000).softmax(0).residency == "pure"

    def test_changes_take_hold_at_once(self, auto: None) -> None:
        a = listed(20)
        tiers = []
        for elements in (5.0, 50.0, 5.0):
            accel.use_profile(profile(exp=cost((0.0, 1.0), (elements, 0.0)), add=cost((0.0, 1.0), (elements, 0.0))))
            tiers += [a.exp().residency, (a + a).residency, listed(20).exp().residency]
        assert tiers == ["native"] * 3 + ["pure"] * 3 + ["native"] * 3
        rt.set_ffi_available(False)
        assert a.exp().residency == (a + a).residency == "pure"
        rt.set_ffi_available(None)
        assert a.exp().residency == (a + a).residency == "native"


class TestResidents:
    def test_they_stay(self, auto: None) -> None:
        for n in (1, 8, 16, 64, 1000):
            x = resident(n)
            for step in range(20):
                x = (x + x) * 0.5 if step % 2 else x.exp().log()
                assert x.residency == "native", (n, step)
            assert x.tolist() == pytest.approx([1.0] * n)
        assert rt.get_transfers().copies == 0

    def test_short_lists_stay_too(self, auto: None) -> None:
        x = listed(8)
        for _ in range(20):
            x = (x + x) - x
            assert x.residency == "pure"
        assert rt.get_transfers() == (0, 0, 0)

    def test_results_are_the_same(self, auto: None) -> None:
        a = rt.arange(12.0).reshape(3, 4)
        right = ((a @ a.T).softmax(1) + 1).sum(dim=0).tolist()
        for _ in range(3):
            a.to_native()
            assert ((a @ a.T).softmax(1) + 1).sum(dim=0).tolist() == pytest.approx(right, rel=1e-12)


class TestWithoutNative:
    def test_everything_is_pure(self) -> None:
        rt.set_ffi_available(False)
        rt.set_acceleration("auto")
        x = rt.ones([200, 200])
        assert (x @ x).residency == "pure"
        assert rt.get_stats().ffi == rt.get_stats().fallback == 0
        assert accel.saved_seconds() == 0


COSTS = """
from rt_torch import accel
from rt_torch.accel.cost import FunctionCost, Linear, Movement
still = Movement(0.0, Linear(0.0, 0.0), 0.0, 0.0)
one_second = FunctionCost(Linear(1.0, 0.0), Linear(0.0, 0.0))  # is saved by each call
default = accel.profile.default_profile()
accel.use_profile(default._replace(loading_seconds=2.5, costs={
    "f64": default.costs["f64"]._replace(movement=still, functions={"elementwise": one_second})}))
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks at /proc")
class TestLoading:
    def test_it_is_loaded_once_it_would_have_paid(self, native: None) -> None:
        lines = answer(
            "import rt_torch as rt\n"
            + LOADED
            + COSTS
            + """
rt.set_acceleration("auto")
a = rt.tensor([1.0, 2.0])
for step in range(4):
    explained = rt.explain("exp", a)
    b = a.exp()
    print(explained.tier, b.residency, "libtorch" in loaded(), accel.saved_seconds(), rt.get_stats())
    print(explained.reason)
    rt.explain("exp", a), rt.explain("exp", a)
"""
        )
        assert lines[::2] == [
            "pure pure False 1.0 Stats(pure=1, ffi=0, fallback=0)",
            "pure pure False 2.0 Stats(pure=2, ffi=0, fallback=0)",
            "native native True 3.0 Stats(pure=2, ffi=1, fallback=0)",
            "native native True 3.0 Stats(pure=2, ffi=2, fallback=0)",
        ]
        assert lines[1::2] == [
            "libtorch is not loaded: it would have saved 1 s until now, and loading takes 2.5 s",
            "libtorch is not loaded: it would have saved 2 s until now, and loading takes 2.5 s",
            "libtorch is loaded now: it would have saved 3 s, and loading takes 2.5 s",
            "predicted 0 ns against 1 s",
        ]

    def test_shortcuts_wait_for_it_too(self, native: None) -> None:
        """`a + a` is decided in place, but never natively before libtorch is there."""
        lines = answer(
            "import rt_torch as rt\n"
            + LOADED
            + COSTS
            + """
rt.set_acceleration("auto")
a = rt.tensor([1.0, 2.0])
print([(a + a).residency for step in range(4)], "libtorch" in loaded(), accel.saved_seconds())
"""
        )
        assert lines == ["['pure', 'pure', 'native', 'native'] True 3.0"]

    def test_small_work_never_loads_it(self, native: None) -> None:
        lines = answer(
            "import rt_torch as rt\n"
            + LOADED
            + """
rt.set_acceleration("auto")
a = rt.tensor([[1.0, 2.0], [3.0, 4.0]])
for _ in range(2000):
    b = (a + a) @ a
    b.softmax(1).sum(dim=0)
print(b.tolist(), loaded(), rt.get_stats().ffi)
"""
        )
        assert lines == ["[[14.0, 20.0], [30.0, 44.0]] [] 0"]

    def test_where_it_is_loaded_already_nothing_is_waited_for(self, native: None) -> None:
        lines = answer(
            """
            import rt_torch as rt
            a = rt.ones([500]).to_native()
            rt.set_acceleration("auto")
            print(rt.explain("add", a, a).reason.startswith("predicted"), (a + a).residency, rt.accel.saved_seconds())
            """
        )
        assert lines == ["True native 0.0"]

    def test_native_mode_loads_it_at_once(self, native: None) -> None:
        lines = answer(
            "import rt_torch as rt\n"
            + LOADED
            + """
a = rt.tensor([1.0, 2.0])
print("libtorch" in loaded())
with rt.acceleration("native"):
    a + a
print("libtorch" in loaded(), rt.accel.saved_seconds())
rt.set_acceleration("auto")
print(rt.explain("exp", a).reason.startswith("predicted"))
"""
        )
        assert lines == ["False", "True 0.0", "True"]


class TestMemory:
    def test_of_choices_is_bounded(self, auto: None, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(_choice, "REMEMBERED", 50)
        for n in range(200):
            listed(n).exp()
            assert len(_choice._choices) <= 50

    def test_a_mode_has_choices_of_its_own(self, auto: None) -> None:
        accel.use_profile(profile())
        a = listed(20)
        tiers: list[Any] = []
        for _ in range(2):
            for mode in ("auto", "pure", "native"):
                with rt.acceleration(mode):
                    tiers.append(a.tanh().residency)
        assert tiers == ["native", "pure", "native"] * 2
