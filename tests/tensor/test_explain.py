"""rt.explain and the log of decisions: what would run where, and why; asking changes nothing."""

from __future__ import annotations

import math
import re
import threading
from collections.abc import Callable
from typing import Any

import pytest

import rt_torch as rt
from rt_torch import _choice, _lending, accel, pure
from rt_torch_bindings import operators
from tests.accel.costs import cost, profile
from tests.tensor.test_parity import REFUSED, given_as, outcome

pytestmark = pytest.mark.usefixtures("settled", "no_handle_left")


@pytest.fixture
def loaded(native: None) -> None:
    with rt.acceleration("native"):
        rt.zeros([1]).exp()
    rt.reset_stats()


def pair() -> tuple[rt.Tensor, rt.Tensor]:
    return rt.tensor([[1.0, 2.0], [3.0, 4.0]]), rt.ones([2, 2])


NAMED_OTHERWISE = {"sum", "mean", "max", "min", "amax", "amin"}  # rt has more under these names than the specs


class TestReasons:
    def test_pure(self) -> None:
        choice = rt.explain("matmul", *pair())
        assert (choice.tier, choice.reason) == ("pure", "the mode is pure")
        assert str(choice).startswith("pure: the mode is pure (predicted: pure ")
        assert isinstance(choice, rt.Choice)

    def test_native(self, native: None) -> None:
        with rt.acceleration("native"):
            choice = rt.explain("matmul", *pair())
        assert (choice.tier, choice.reason) == ("native", "the mode is native")
        assert choice.pure_seconds > 0 < choice.native_seconds

    @pytest.mark.parametrize("mode", ["native", "auto"])
    def test_not_available(self, mode: str) -> None:
        rt.set_ffi_available(False)
        with rt.acceleration(mode):
            choice = rt.explain("matmul", *pair())
        assert (choice.tier, choice.reason) == ("pure", "native is not available")

    def test_costs(self, loaded: None) -> None:
        accel.use_profile(profile(exp=cost((0.0, 2.0), (10.0, 0.5))))
        with rt.acceleration("auto"):
            small, large = rt.explain("exp", rt.ones(2, 2)), rt.explain("exp", rt.ones(4, 10))
        assert small == rt.Choice("pure", "predicted 8 s against 12 s", 8.0, 12.0)
        assert large == rt.Choice("native", "predicted 30 s against 80 s", 80.0, 30.0)
        assert str(large) == "native: predicted 30 s against 80 s"

    def test_a_threshold(self, loaded: None) -> None:
        rt.set_threshold("matmul", 3)
        with rt.acceleration("auto"):
            choice = rt.explain("matmul", *pair())
            assert (choice.tier, choice.reason) == ("native", "4 elements, above the threshold of 3")
            rt.set_threshold("matmul", 4)
            assert rt.explain("matmul", *pair()).reason == "4 elements, not above the threshold of 4"
            rt.set_threshold("matmul", accel.NEVER)
            assert rt.explain("matmul", *pair()).reason == "its threshold is never"

    def test_a_dtype_that_only_native_has(self, native: None) -> None:
        a = rt.tensor([1.0], dtype="f16")
        for mode in rt.AccelMode:
            with rt.acceleration(mode):
                choice = rt.explain("add", a, a)
                assert (choice.tier, choice.reason) == ("native", "only the native tier has the dtype f16")
                assert str(choice) == "native: only the native tier has the dtype f16"
        assert rt.explain("to_dtype", rt.ones([1]), "bf16").tier == "native"
        assert rt.explain("zeros", [1], dtype="i32").reason == "only the native tier has the dtype i32"
        assert rt.explain("zeros", [1], device="cuda").reason == "only the native tier has the device cuda"

    def test_predictions_are_those_of_the_profile(self, loaded: None) -> None:
        accel.use_profile(profile(exp=cost((1.0, 2.0), (3.0, 4.0))))
        for mode in rt.AccelMode:
            with rt.acceleration(mode):
                assert rt.explain("exp", rt.ones([5]))[2:] == (11.0, 23.0)

    def test_where_the_elements_are_counts(self, loaded: None) -> None:
        movement = accel.cost.Movement(wrap=1.0, convert=accel.cost.Linear(2.0, 0.5), view=3.0, box=0.25)
        accel.use_profile(profile(movement, exp=cost((1.0, 1.0), (1.0, 1.0))))
        a = rt.tensor([1.0] * 4)
        assert rt.explain("exp", a)[2:] == (5.0, 5.0 + 1.0 + 2.0 + 2.0)
        a.memoryview()
        assert rt.explain("exp", a)[2:] == (5.0 + 1.0, 5.0 + 1.0)
        with rt.acceleration("native"):
            b = a.clone()
        assert rt.explain("exp", b)[2:] == (5.0 + 3.0 + 1.0, 5.0)


class TestNothingChanges:
    @pytest.mark.parametrize("mode", ["pure", "native", "auto"])
    def test_by_asking(self, native: None, mode: str) -> None:
        a, b = pair()
        b.memoryview()
        with rt.acceleration("native"):
            c = rt.ones([2, 2]) @ rt.ones([2, 2])
        rt.reset_stats()
        before = rt.native.live_handles(), len(_lending._lent), accel.saved_seconds(), dict(_choice._refusals)
        with rt.acceleration(mode):
            for x in (a, b, c):
                for _ in range(3):
                    rt.explain("matmul", x, a), rt.explain("add", x, 2.0), rt.explain("sum_dim", x, 0, True)
                    rt.explain("zeros", [1000]), rt.explain("exp", x)
        assert (a.residency, b.residency, c.residency) == ("pure", "pure", "native")
        assert (rt.get_stats(), rt.get_transfers()) == ((0, 0, 0), (0, 0, 0))
        after = rt.native.live_handles(), len(_lending._lent), accel.saved_seconds(), dict(_choice._refusals)
        assert after == before
        assert type(a._cell[0]) is list

    def test_random_numbers_are_not_used_up(self) -> None:
        state = pure.random_state()
        for named in ({}, {"dtype": "f32"}):
            assert rt.explain("randn", 1000, 1000, **named).pure_seconds > 0
        assert pure.random_state() == state

    def test_nothing_large_is_made(self) -> None:
        large = rt.tensor([1.0, 2.0]).reshape(1, 2)
        large._layout = pure.Layout((1 << 30, 2), (0, 1), 0, "f64", 2)
        for name, arguments in (("exp", ()), ("pow", (0.0,)), ("add", (large,)), ("to_dtype", ("f32",))):
            rt.explain(name, large, *arguments)
        rt.explain("ones", 1 << 40), rt.explain("arange", 1 << 50), rt.explain("full", [1 << 40], 1)

    def test_another_thread_goes_on(self) -> None:
        def asks() -> None:
            while not done:
                rt.explain("add", rt.tensor(1.0), 2)

        done = False
        thread = threading.Thread(target=asks)
        thread.start()
        x = rt.tensor([1.0])
        assert all((x + x).tolist() == [2.0] for _ in range(2000))
        done = True
        thread.join()

    def test_fast_ways_are_open_again(self, loaded: None) -> None:
        before = dict(vars(operators))
        rt.explain("add", *pair())
        assert dict(vars(operators)) == before

    def test_it_says_what_then_happens(self, loaded: None) -> None:
        calls: dict[str, tuple[Callable[..., Any], tuple[Any, ...]]] = {
            "matmul": (rt.matmul, pair()),
            "exp": (rt.exp, (rt.ones([3000]),)),
            "softmax": (rt.softmax, (rt.ones([30, 40]), 1)),
            "sub": (rt.sub, (rt.ones([2]), 3.0)),
            "where": (rt.where, (rt.ones([2], dtype="bool"), 1.0, rt.ones([2]))),
            "reshape": (rt.reshape, (rt.ones([2]), [2, 1])),
        }
        for mode in rt.AccelMode:
            with rt.acceleration(mode):
                for name, (function, arguments) in calls.items():
                    choice = rt.explain(name, *arguments)
                    result = function(*arguments)
                    assert result.residency in (choice.tier, "both"), (mode, name, choice)


class TestArguments:
    @pytest.mark.parametrize(
        "name", ["", "matmull", "Matmul", "rt_torch_add", "free", "load", "live_handles", "shape ", 1, None]
    )
    def test_unknown_functions(self, name: Any) -> None:
        with pytest.raises(rt.BadArgumentError, match="there is no function"):
            rt.explain(name, *pair())

    @pytest.mark.parametrize("name", ["wrap", "retain", "data_ptr", "to_dlpack", "from_dlpack"])
    def test_what_does_not_compute(self, name: str) -> None:
        with pytest.raises(rt.BadArgumentError, match="there is no function"):
            rt.explain(name, rt.ones([2]))

    def test_a_name_that_cannot_be_hashed(self) -> None:
        with pytest.raises(rt.BadArgumentError):
            rt.explain([], rt.ones([2]))

    @pytest.mark.parametrize("arguments", [(), (rt.ones([2]),), (rt.ones([2]),) * 3])
    def test_too_many_or_too_few(self, arguments: tuple[Any, ...]) -> None:
        with pytest.raises(rt.ArgumentTypeError, match=r"rt\.explain: matmul\(\) (missing|takes) \d .*positional arg"):
            rt.explain("matmul", *arguments)

    @pytest.mark.parametrize(("arguments", "named"), [((), {}), ((0,), {}), ((0, True, 1), {}), ((0,), {"keep": True})])
    def test_too_many_or_too_few_for_the_specs(self, arguments: tuple[Any, ...], named: dict[str, Any]) -> None:
        given = 1 + len(arguments) + len(named)
        text = rf"rt\.explain: sum_dim takes 3 arguments \(x, dim, keepdim\), {given} were given"
        with pytest.raises(rt.ArgumentTypeError, match=text):
            rt.explain("sum_dim", rt.ones([2]), *arguments, **named)
        assert rt.explain("sum_dim", rt.ones([2]), keepdim=True, dim=0).tier == "pure"

    @pytest.mark.parametrize("bad", ["1", None, [1.0], 1j])
    def test_what_is_no_tensor(self, bad: Any) -> None:
        for name, arguments in (("matmul", (rt.ones([2]), bad)), ("add", (bad, rt.ones([2]))), ("exp", (bad,))):
            with pytest.raises(rt.ArgumentTypeError, match=f"rt_torch_{name}: argument"):
                rt.explain(name, *arguments)

    @pytest.mark.parametrize(
        ("name", "arguments", "named"),
        [
            ("sum", (0,), {}),
            ("sum", (), {"dim": 0, "keepdim": True}),
            ("mean", (1, True), {}),
            ("squeeze", (), {}),
            ("t", (), {}),
            ("softmax", (), {"dim": 0}),
            ("zeros", None, {}),
            ("zeros", None, {"dtype": "f32"}),
            ("zeros", None, {"requires_grad": True}),
            ("arange", None, {}),
        ],
    )
    def test_as_the_function_of_that_name_takes_them(self, name: str, arguments: Any, named: dict[str, Any]) -> None:
        given = (rt.ones([2, 2]), *arguments) if arguments is not None else (7,) if name == "arange" else (2, 2)
        getattr(rt, name)(*given, **named)
        assert rt.explain(name, *given, **named).tier == "pure"

    @pytest.mark.parametrize(
        "bad", [[-1], ["2"], [[2]], "2", None, [10**400], object()], ids=lambda bad: repr(bad)[:20]
    )
    def test_shapes_that_are_none(self, bad: Any) -> None:
        for name in ("zeros", "ones", "randn"):
            assert self.explained(name, bad) == self.called(name, bad)

    @pytest.mark.parametrize("bad", [{"dtype": "f65"}, {"dtype": 1}, {"device": "tpu"}, {"device": 0}], ids=str)
    def test_dtypes_and_devices_that_are_none(self, bad: dict[str, Any]) -> None:
        for name, *arguments in (("zeros", 2), ("full", [2], 1.0), ("arange", 5), ("arange", 10**7), ("randn", 2)):
            assert self.explained(name, *arguments, **bad) == self.called(name, *arguments, **bad)

    @pytest.mark.parametrize(
        ("name", "arguments"),
        [
            ("arange", (0, 5, 0)),
            ("arange", (0, 10**9, -1)),
            ("arange", (0, math.inf)),
            ("arange", ("a",)),
            ("full", ([2], "a")),
            ("full", ([-2], 1.0)),
        ],
    )
    def test_numbers_that_will_not_do(self, name: str, arguments: Any) -> None:
        assert self.explained(name, *arguments) == self.called(name, *arguments)

    @pytest.mark.parametrize("name", sorted({name for name, *_ in REFUSED} - NAMED_OTHERWISE))
    def test_what_the_call_refuses(self, name: str) -> None:
        """Of those that rt has by another name, the symbol in the text is the other one's."""
        for _, *arguments in (call for call in REFUSED if call[0] == name):
            given = [given_as(argument) for argument in arguments]
            expected = outcome("pure", name, arguments)
            if re.search("an (index|element) is ", expected.value):  # which only its elements show
                assert rt.explain(name, *given).tier == "pure"
                continue
            assert self.explained(name, *given) == (expected.kind, expected.value)

    def test_in_every_mode(self) -> None:
        for mode in rt.AccelMode:
            with rt.acceleration(mode):
                for name in ("add", "matmul"):
                    assert self.explained(name, rt.ones(2), rt.ones(3, 5)) == self.called(
                        name, rt.ones(2), rt.ones(3, 5)
                    )

    def test_of_a_dtype_that_only_native_has(self, native: None) -> None:
        x = rt.tensor([1.0, 2.0], dtype="f16")
        assert self.explained("softmax", x, 3) == self.called("softmax", x, 3)
        assert self.explained("add", x, rt.ones(3)) == self.called("add", x, rt.ones(3))
        assert self.explained("zeros", -1, dtype="i8") == self.called("zeros", -1, dtype="i8")
        assert rt.explain("softmax", x, 0).tier == rt.explain("zeros", 2, dtype="i8").tier == "native"

    def explained(self, name: str, *arguments: Any, **named: Any) -> tuple[type, str]:
        with pytest.raises(rt.BadArgumentError) as raised:
            rt.explain(name, *arguments, **named)
        return raised.type, str(raised.value)

    def called(self, name: str, *arguments: Any, **named: Any) -> tuple[type, str]:
        with pytest.raises(rt.BadArgumentError) as raised:
            getattr(rt, name)(*arguments, **named)
        return raised.type, str(raised.value)


class TestLog:
    def test_a_line_for_each_decision(self, loaded: None) -> None:
        lines: list[str] = []
        a, b = pair()
        rt.enable_logging(True, write=lines.append)
        a + b
        with rt.acceleration("native"):
            a @ b
        (a * 2.0).sum(dim=0)
        rt.enable_logging(False)
        a + b
        assert [line.partition(" -> ")[0] for line in lines] == [
            "[accel] add 2x2 + 2x2 f64",
            "[accel] matmul 2x2 @ 2x2 f64",
            "[accel] mul_scalar 2x2 f64",
            "[accel] sum_dim 2x2 f64",
        ]
        assert [line.partition(" -> ")[2] for line in lines] == [
            "pure (the mode is pure)",
            "native (the mode is native)",
            "pure (the mode is pure)",
            "pure (the mode is pure)",
        ]

    def test_predictions_are_said(self, loaded: None) -> None:
        lines: list[str] = []
        accel.use_profile(profile(exp=cost((0.0, 2.0), (10.0, 0.0))))
        rt.set_acceleration("auto")
        a = rt.tensor([1.0] * 7)
        rt.enable_logging(True, write=lines.append)
        a.exp()
        assert lines == ["[accel] exp 7 f64 -> native (predicted 10 s against 14 s)"]

    def test_to_stderr(self, capsys: pytest.CaptureFixture[str]) -> None:
        rt.enable_logging(True)
        a = rt.tensor([1.0])
        a + a
        said = capsys.readouterr()
        assert (said.out, said.err) == ("", "[accel] add 1 + 1 f64 -> pure (the mode is pure)\n")

    @pytest.mark.parametrize("mode", ["pure", "native", "auto"])
    def test_logging_changes_no_result_and_no_count(self, mode: str) -> None:
        a = rt.tensor([1.0, 2.0])
        counts = []
        for log in (False, True):
            rt.reset_stats()
            rt.enable_logging(log, write=lambda line: None)
            with rt.acceleration(mode):
                assert (a + a).tolist() == [2.0, 4.0]
                a.sum(), a.reshape(2, 1), a > 1
            counts.append(rt.get_stats())
        assert counts[0] == counts[1]
        assert sum(counts[0]) == 4


def test_a_choice_reads_well() -> None:
    assert str(rt.Choice("pure", "the mode is pure")) == "pure: the mode is pure"
    assert math.isnan(rt.Choice("pure", "the mode is pure").pure_seconds)
    text = str(rt.Choice("native", "the mode is native", 0.0121, 9.8))
    assert text == "native: the mode is native (predicted: pure 12.1 ms, native 9.8 s)"
