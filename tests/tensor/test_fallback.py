"""What the native tier fails at: pure gives the result, it is counted and said once, and nothing leaks.

Faults are injected at the C boundary, beneath everything that calls it: shortcuts, dispatcher and typed functions.
"""

from __future__ import annotations

import functools
import gc
import itertools
import math
import threading
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest

import rt_torch as rt
from rt_torch import _choice, _dispatch, _lending
from rt_torch_bindings import functions, operators
from rt_torch_bindings.operators import FUNCTIONS
from tests.tensor.test_modes import answer, in_a_process

pytestmark = pytest.mark.usefixtures("settled", "no_handle_left")

NO_UPSTREAM, UNAVAILABLE, REFUSED, OUT_OF_MEMORY = 3, 4, 5, 6
FAILURES: dict[str, Any] = {"tensor": 0, "f64": math.nan}
LENDING = {"retain", "wrap", "data_ptr", "to_dlpack", "from_dlpack"}
COMPUTING = [name for name, operator in FUNCTIONS.items() if operator.result in FAILURES and name not in LENDING]


class Library:
    """The opened library where calls fail as told: every n-th operation, with all that is tried to get it done."""

    def __init__(self, raw: Any) -> None:
        self.every = 0  # 0: none
        self.code = OUT_OF_MEMORY
        self.names = {*COMPUTING}
        self.asked: list[str] = []
        self.failed = 0
        self._count = itertools.count(1)
        self._own = threading.local()
        self._raw = raw
        self.faulty = SimpleNamespace(**vars(raw))
        self.faulty.memory = _Texts(raw.memory)
        self.faulty.last_error = lambda: getattr(self._own, "text", None) or raw.last_error()
        self.faulty.last_error_code = lambda: getattr(self._own, "code", 0) or raw.last_error_code()
        for name in (*COMPUTING, "wrap"):
            setattr(self.faulty, name, functools.partial(self._call, name, getattr(raw, name)))

    def _call(self, name: str, function: Callable[..., Any], *arguments: Any) -> Any:
        own = self._own
        own.code, own.text = 0, None
        if name not in self.names:
            return function(*arguments)
        self.asked.append(name)
        again = self.every and getattr(own, "pending", None) == (name, arguments)
        if not again and not (self.every and next(self._count) % self.every == 0):
            own.pending = None
            return function(*arguments)
        self.failed += not again
        own.pending = name, arguments
        own.code, own.text = self.code, f"rt_torch_{name}: injected"
        return FAILURES[FUNCTIONS[name].result]


class _Texts:
    """The library's memory, where texts may also be Python's."""

    def __init__(self, memory: Any) -> None:
        self._memory = memory

    def __getattr__(self, name: str) -> Any:
        return getattr(self._memory, name)

    def text(self, pointer: Any) -> Any:
        return pointer if isinstance(pointer, str) else self._memory.text(pointer)


def use(raw: Any) -> None:
    functions.use(raw)
    _dispatch._direct.clear()
    _dispatch._note_loaded()


@pytest.fixture
def library(native: None) -> Iterator[Library]:
    with rt.acceleration("native"):
        rt.zeros([1]).exp()
    raw = functions.opened()
    library = Library(raw)
    rt.reset_stats()
    use(library.faulty)
    yield library
    use(raw)


def program(a: rt.Tensor, b: rt.Tensor) -> list[Any]:
    """Operations of all kinds, and what they give."""
    c = a + b
    d = (c * 2.0 - a) / (b * b + 1.0)
    e = d.softmax(1) @ d.T
    f = rt.where(e > 0.25, e, 0.5).sum(dim=0, keepdim=True)
    g = f.exp().log().sqrt().reshape(-1).unsqueeze(0)
    h = (g - g.mean()).abs().max()
    return [x.tolist() for x in (c, d, e, f, g, h)]


OPERATIONS = 21  # of the program


def operands() -> tuple[rt.Tensor, rt.Tensor]:
    a = rt.tensor([[1.0, -2.0, 3.0], [0.5, 0.25, -1.0]])
    b = rt.tensor([[2.0, 1.0, 0.0], [1.0, -1.0, 4.0]])
    b.memoryview()
    return a, b


def flat(values: Any) -> list[float]:
    return [number for value in values for number in flat(value)] if isinstance(values, list) else [values]


def expected() -> list[float]:
    with rt.acceleration("pure"):
        result = flat(program(*operands()))
    rt.reset_stats()
    return result


class TestEveryNthCall:
    @pytest.mark.parametrize("code", [NO_UPSTREAM, UNAVAILABLE, REFUSED, OUT_OF_MEMORY])
    @pytest.mark.parametrize("every", [1, 2, 3, 7])
    @pytest.mark.parametrize("process", [True, False])
    def test_results_stay_right(self, library: Library, code: int, every: int, process: bool) -> None:
        right = expected()
        before, lent = rt.native.live_handles(), len(_lending._lent)
        library.code, library.every = code, every
        if process:
            rt.set_acceleration("native")
        with rt.acceleration("native"):
            for _ in range(5):
                assert flat(program(*operands())) == pytest.approx(right, rel=1e-12)
        stats = rt.get_stats()
        assert sum(stats) == 5 * OPERATIONS
        assert stats.fallback > 0
        assert rt.is_ffi_available() == (code != NO_UPSTREAM)
        assert (rt.native.live_handles(), len(_lending._lent)) == (before, lent)

    @pytest.mark.parametrize("every", [1, 3])
    def test_in_auto(self, library: Library, every: int) -> None:
        right = expected()
        library.every = every
        rt.set_threshold("elementwise", 0)
        rt.set_threshold("reductions", 0)
        rt.set_threshold("matmul", 0)
        rt.set_acceleration("auto")
        for _ in range(5):
            assert flat(program(*operands())) == pytest.approx(right, rel=1e-12)
        assert rt.get_stats().fallback > 0
        assert sum(rt.get_stats()) == 5 * OPERATIONS

    def test_each_is_counted_exactly(self, library: Library) -> None:
        library.every = 1
        rt.set_acceleration("native")
        for _ in range(3):
            program(*operands())
        assert rt.get_stats() == (0, 0, 3 * OPERATIONS)
        library.every = 0
        program(*operands())
        assert rt.get_stats() == (0, OPERATIONS, 3 * OPERATIONS)

    def test_it_is_said_once_for_each_function_and_reason(
        self, library: Library, capsys: pytest.CaptureFixture[str]
    ) -> None:
        library.every = 1
        rt.set_acceleration("native")
        a, b = operands()
        for _ in range(3):
            a + b, a.exp()
        library.code = REFUSED
        a.exp()
        said = capsys.readouterr().err.splitlines()
        line = "[accel] {0}: native failed, pure Python gave the result (said once): rt_torch_{0}: injected"
        assert said == [line.format("add"), line.format("exp")]

    def test_tensors_that_are_native_already(self, library: Library) -> None:
        rt.set_acceleration("native")
        a = rt.tensor([1.0, 2.0]) + 0.0
        assert a.residency == "native"
        library.every = 1
        b = a + a
        assert (a.residency, b.residency, b.tolist()) == ("both", "pure", [2.0, 4.0])
        library.every = 0
        c = b + a
        assert (c.residency, c.tolist()) == ("native", [3.0, 6.0])

    def test_moving_fails(self, library: Library) -> None:
        library.every, library.names = 1, {"wrap"}
        before, lent = rt.native.live_handles(), len(_lending._lent)
        a = rt.tensor([1.0, 2.0])
        with rt.acceleration("native"):
            b = a.exp()
        assert (a.residency, b.residency, len(_lending._lent)) == ("pure", "pure", lent)
        assert rt.get_stats() == (0, 0, 1)
        with pytest.raises(rt.OutOfMemoryError, match="rt_torch_wrap: injected"):
            a.to_native()
        assert (a.tolist(), a.residency, len(_lending._lent)) == ([1.0, 2.0], "pure", lent)
        assert rt.native.live_handles() == before

    def test_moving_fails_once(self, library: Library) -> None:
        wrap, failed = library.faulty.wrap, []

        def fails_once(*arguments: Any) -> int:
            if failed:
                return int(wrap(*arguments))
            failed.append(arguments)
            return 0

        library.faulty.wrap = fails_once
        use(library.faulty)
        lent = len(_lending._lent)
        a = rt.arange(10.0)
        a.memoryview()
        part = a[4:7]
        with rt.acceleration("native"):
            doubled = (part * 2.0).tolist()
        held = len(_lending._lent) - lent, part.residency
        del part
        assert doubled == [8.0, 10.0, 12.0]
        assert held in [(1, "both"), (0, "pure")]

    def test_seeing_native_memory_fails(self, library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
        unraisable: list[Any] = []

        def retain(*arguments: Any) -> int:
            raise rt.OutOfMemoryError("rt_torch_retain: injected", "rt_torch_retain")

        with rt.acceleration("native"):
            a = rt.ones([2])
        monkeypatch.setattr(functions, "retain", retain)
        monkeypatch.setattr("sys.unraisablehook", unraisable.append)
        with pytest.raises(rt.OutOfMemoryError):
            a.tolist()
        monkeypatch.undo()
        assert (a.tolist(), a.residency) == ([1.0, 1.0], "both")
        del a
        assert unraisable == []

    def test_what_only_native_has_fails_aloud(self, library: Library) -> None:
        a = rt.tensor([1.0, 2.0], dtype="f16")
        before = rt.get_stats()
        library.every = 1
        for code, error in ((OUT_OF_MEMORY, rt.OutOfMemoryError), (REFUSED, rt.RefusedError)):
            library.code = code
            for mode in rt.AccelMode:
                with rt.acceleration(mode), pytest.raises(error, match="injected"):
                    a + a
        library.every = 0
        b = a + a
        assert b.tolist() == [2.0, 4.0]
        assert rt.get_stats().fallback == before.fallback == 0

    def test_a_shortcut_that_fails_for_no_reason(self, library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
        rt.set_acceleration("native")
        a = rt.tensor([4.0, 1.0]).to_native()
        a + a
        for name in operators.LIMITED:
            monkeypatch.setattr(operators, f"_c_{name}", lambda *arguments: 0)
        made = [a + a, a - a, a * a, a / a, a**2, -a, abs(a), a.exp().log(), a.sqrt(), a.relu(), a.sigmoid(), a.tanh()]
        made += [a.softmax(0), a.log_softmax(0), a.clone()]
        assert {tensor.residency for tensor in made} == {"native"}
        assert made[0].tolist() == [8.0, 2.0]
        assert rt.get_stats().fallback == 0


class TestRefusals:
    def test_native_is_not_asked_again(self, library: Library) -> None:
        rt.set_acceleration("native")
        a, b = operands()
        library.every, library.code = 1, REFUSED
        a @ b.T
        library.every = 0
        library.asked.clear()
        assert (a @ b.T).tolist() == [[0.0, 15.0], [1.25, -3.75]]
        assert "matmul" not in library.asked
        assert rt.get_stats().fallback == 2  # the product, and the transposition before it
        assert "as an earlier call showed: rt_torch_matmul: injected" in rt.explain("matmul", a, b.T).reason

    @pytest.mark.parametrize("code", [REFUSED, UNAVAILABLE])
    def test_nor_by_the_shortcuts(self, library: Library, code: int) -> None:
        rt.set_acceleration("native")
        a = rt.tensor([1.0, 2.0]).to_native()
        library.every, library.code = 1, code
        (a + a).tolist()
        library.asked.clear()
        for _ in range(5):
            a + a
        asked = library.asked
        del a
        assert asked == []

    def test_others_are_asked(self, library: Library) -> None:
        rt.set_acceleration("native")
        a = rt.tensor([1.0, 2.0])
        library.every, library.code, library.names = 1, UNAVAILABLE, {"sum_tensor"}
        assert a.sum().residency == "pure"
        assert a.mean().residency == "native"
        assert a.sum().residency == "pure"
        library.every = 0
        assert a.to("f32").sum().residency == "native"  # of another dtype
        assert a.sum().residency == "pure"
        rt.set_ffi_available(None)
        assert a.sum().residency == "native"
        assert rt.get_stats().fallback == 1

    def test_they_are_forgotten_when_availability_is_found_out_anew(self, library: Library) -> None:
        rt.set_acceleration("native")
        a = rt.tensor([1.0, 2.0])
        library.every, library.code = 1, REFUSED
        a.sum()
        library.every = 0
        rt.set_ffi_available(None)
        tier = a.sum().residency
        del a
        assert tier == "native"

    def test_want_of_memory_is_none(self, library: Library) -> None:
        rt.set_acceleration("native")
        a = rt.tensor([1.0, 2.0])
        library.every = 1
        assert a.exp().residency == "pure"
        library.every = 0
        assert a.exp().residency == "native"

    def test_a_libtorch_that_is_gone_is_not_asked_at_all(self, library: Library) -> None:
        rt.set_acceleration("native")
        a, b = operands()
        library.every, library.code = 1, NO_UPSTREAM
        assert (a + b).residency == "pure"
        library.asked.clear()
        program(a, b)
        assert (library.asked, rt.get_stats(), rt.is_ffi_available()) == ([], (OPERATIONS, 0, 1), False)
        assert rt.explain("add", a, b).reason == "native is not available"
        library.every = 0
        rt.set_ffi_available(None)
        assert (a + b).residency == "native"

    def test_a_function_that_the_library_lacks(self, library: Library) -> None:
        from rt_torch_bindings.errors import MissingFunctionError

        def missing(*arguments: Any) -> int:
            raise MissingFunctionError("rt_torch_exp: the library has no such function", "rt_torch_exp")

        library.faulty.missing = frozenset({"exp"})
        library.faulty.exp = missing
        use(library.faulty)
        rt.set_acceleration("native")
        a = rt.tensor([0.0]).to_native()
        assert [a.exp().tolist() for _ in range(3)] == [[1.0]] * 3  # nor is it asked by the shortcuts
        assert rt.get_stats() == (2, 0, 1)


class TestUserErrors:
    CALLS: tuple[Callable[[rt.Tensor], Any], ...] = (
        lambda a: a + rt.zeros([7]),
        lambda a: a.softmax(5),
        lambda a: a.sum(dim=-4),
        lambda a: a @ a,
        lambda a: a.reshape(4),
        lambda a: a.transpose(0, 2),
        lambda a: rt.where(a, a, a),
        lambda a: a.to("f128"),
        lambda a: a + "1",
        lambda a: rt.add(a, "1"),
        lambda a: rt.tensor([True]) - True,
        lambda a: rt.zeros([0]).max(),
        lambda a: rt.zeros([-1]),
    )

    @pytest.mark.parametrize("place", range(len(CALLS)))
    def test_they_never_fall_back(self, library: Library, place: int, capsys: pytest.CaptureFixture[str]) -> None:
        for resident in (False, True):
            a = operands()[0]
            if resident:
                a.to_native()
            for mode in rt.AccelMode:
                with rt.acceleration(mode), pytest.raises((rt.BadArgumentError, TypeError)):
                    self.CALLS[place](a)
        assert (rt.get_stats().fallback, _choice._refusals, capsys.readouterr().err) == (0, {}, "")

    def test_they_are_the_users_even_where_native_fails(self, library: Library) -> None:
        rt.set_acceleration("native")
        library.every, library.code = 1, REFUSED
        with pytest.raises(rt.BadArgumentError, match="rt_torch_softmax: argument `dim`: dimension 5 was given"):
            operands()[0].softmax(5)

    def test_and_then_nothing_is_remembered(self, library: Library, capsys: pytest.CaptureFixture[str]) -> None:
        rt.set_acceleration("native")
        library.every, library.code = 1, REFUSED
        with pytest.raises(rt.BadArgumentError):
            operands()[0].softmax(5)
        assert (rt.get_stats().fallback, _choice._refusals, capsys.readouterr().err) == (0, {}, "")

    def test_a_call_that_raises_is_counted_alike_in_both_tiers(self, library: Library) -> None:
        counted = []
        a, b = rt.tensor([1.0, 2.0]), rt.zeros([7])
        for mode in ("pure", "native"):
            rt.reset_stats()
            with rt.acceleration(mode), pytest.raises(rt.BadArgumentError):
                a + b
            counted.append(sum(rt.get_stats()))
        del a, b
        assert counted == [0, 0]


class TestThreads:
    @pytest.mark.parametrize("code", [OUT_OF_MEMORY, REFUSED, NO_UPSTREAM])
    def test_faults_in_one_are_none_in_another(self, library: Library, code: int) -> None:
        right = expected()
        before = rt.native.live_handles()
        library.every, library.code = 3, code
        rt.set_acceleration("native")
        shared = [operands()]
        results: list[list[float]] = []

        def work() -> None:
            for _ in range(10):
                results.append(flat(program(*shared[0])))
                results.append(flat(program(*operands())))

        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(results) == 80
        for result in results:
            assert result == pytest.approx(right, rel=1e-12)
        assert sum(rt.get_stats()) == 80 * OPERATIONS
        assert rt.get_stats().fallback > 0
        shared.clear()
        gc.collect()
        assert rt.native.live_handles() == before

    def test_libtorch_vanishes_and_returns_while_two_threads_compute(self, library: Library) -> None:
        right = expected()
        rt.set_acceleration("native")
        results: list[list[float]] = []
        done = threading.Event()

        def work() -> None:
            for _ in range(30):
                results.append(flat(program(*operands())))

        def disturb() -> None:
            library.code = NO_UPSTREAM
            while not done.wait(0.001):
                library.every = 1
                done.wait(0.001)
                library.every = 0
                rt.set_ffi_available(None)

        threads = [threading.Thread(target=work) for _ in range(2)]
        disturber = threading.Thread(target=disturb)
        for thread in [disturber, *threads]:
            thread.start()
        for thread in threads:
            thread.join()
        done.set()
        disturber.join()
        assert len(results) == 60
        for result in results:
            assert result == pytest.approx(right, rel=1e-12)
        assert sum(rt.get_stats()) == 60 * OPERATIONS


class TestProcesses:
    PROGRAM = """
    import rt_torch as rt
    a = rt.tensor([1.0, 2.0])
    print(rt.is_ffi_available())
    rt.set_acceleration("native")
    print([(a + a).tolist() for _ in range(3)], rt.get_stats(), rt.is_ffi_available(), rt.explain("add", a, a).reason)
    """

    def gone(self, **variables: str) -> str:
        """What was said when what seemed to be there was not: the results are right, and it was tried once."""
        done = in_a_process(self.PROGRAM, **variables)
        assert done.stdout.splitlines() == [
            "True",
            f"{[[2.0, 4.0]] * 3} Stats(pure=2, ffi=0, fallback=1) False native is not available",
        ]
        (said,) = done.stderr.splitlines()
        assert said.startswith("[accel] add: native failed, pure Python gave the result (said once): ")
        return said

    def test_a_library_that_is_none(self, native: None, tmp_path: Any) -> None:
        library = tmp_path / "librt_torch.so"
        library.write_text("no library\n")
        assert str(library) in self.gone(RT_TORCH_LIBRARY=str(library))

    def test_a_libtorch_that_is_not_the_installed_one(self, native: None, torch: Any, tmp_path: Any) -> None:
        other = tmp_path / "libtorch_cpu.so"
        other.write_text("no library\n")
        assert "RT_TORCH_LIBTORCH is refused" in self.gone(RT_TORCH_LIBTORCH=str(other), RT_TORCH_FORCE="")

    def test_a_libtorch_that_is_none(self, native: None, tmp_path: Any) -> None:
        other = tmp_path / "libtorch_cpu.so"
        other.write_text("no library\n")
        assert str(other) in self.gone(RT_TORCH_LIBTORCH=str(other), RT_TORCH_FORCE="1")

    def test_somebody_says_that_it_is_there(self) -> None:
        code = self.PROGRAM.replace(
            'rt.set_acceleration("native")', 'rt.set_ffi_available(True)\n    rt.set_acceleration("native")'
        )
        done = in_a_process(code, RT_TORCH_LIBRARY="none")
        assert done.stdout.splitlines() == [
            "False",
            f"{[[2.0, 4.0]] * 3} Stats(pure=2, ffi=0, fallback=1) False native is not available",
        ]
        assert done.stderr.splitlines() == [
            "[accel] add: native failed, pure Python gave the result (said once): "
            "RT_TORCH_LIBRARY=none: the C library is switched off"
        ]

    def test_nothing_is_said_where_nothing_fails(self) -> None:
        assert answer(self.PROGRAM)[0] in ("True", "False")
