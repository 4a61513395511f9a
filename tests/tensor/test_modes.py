"""Modes: which tier answers, and what is loaded for it."""

from __future__ import annotations

import asyncio
import gc
import os
import subprocess
import sys
import textwrap
import threading
from pathlib import Path
from typing import Any

import pytest

import rt_torch as rt
from rt_torch import _lending
from rt_torch.accel import mode

ROOT = Path(__file__).resolve().parent.parent.parent


pytestmark = pytest.mark.usefixtures("settled", "no_handle_left")


def in_a_process(code: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run code in a process of its own, in no mode but one given here."""
    environment = {name: value for name, value in os.environ.items() if name != mode.VARIABLE}
    environment["PYTHONPATH"] = os.pathsep.join([str(ROOT), str(ROOT / "generated" / "python")])
    command = [sys.executable, "-W", "error", "-c", textwrap.dedent(code)]
    return subprocess.run(
        command, env=environment | variables, capture_output=True, text=True, check=False, timeout=120
    )


def answer(code: str, **variables: str) -> list[str]:
    """What code in a process of its own prints, line by line; it prints no error."""
    done = in_a_process(code, **variables)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.splitlines()


LOADED = """
def loaded():
    with open("/proc/self/maps") as file:
        maps = file.read()
    return [name for name in ("librt_torch", "libtorch", "libc10", "_cffi") if name in maps]
"""


class TestPure:
    def test_is_the_default(self) -> None:
        assert rt.get_current_mode() is rt.AccelMode.PURE
        assert answer("import rt_torch as rt; print(rt.get_current_mode())") == ["AccelMode.PURE"]

    @pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks at /proc")
    def test_loads_nothing(self) -> None:
        lines = answer(
            LOADED
            + """
import io, sys
import rt_torch as rt
print(loaded(), [name for name in sys.modules if name.startswith("rt_torch.")])
a = rt.tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)
rt.manual_seed(1)
b = rt.randn([2, 2]) + rt.arange(4.0).reshape(2, 2) @ rt.full([2, 2], 0.5)
y = (a @ b + a / 2 - 1).softmax(0).sum(dim=1, keepdim=True)
(y * y).sum().backward()
c = y.detach()
c[0] = 7
rt.where(c > 1, c, 0.0).to("f32").tolist(), repr(c), [*c], c.memoryview(), float(c[0]), bool(c[0])
rt.explain("matmul", a, b)
rt.zeros_like(a), rt.ones_like(b), a.T, a.clone().flatten().squeeze(), a.cpu(), a.device, a.residency
rt.print_stats(io.StringIO())
rt.is_ffi_available()
try:
    a + rt.ones([3])
except rt.BadArgumentError:
    pass
print(loaded(), [name for name in ("torch", "numpy", "cffi", "_cffi_backend", "ctypes") if name in sys.modules])
del a, b, c, y
print(loaded())
"""
        )
        assert lines == ["[] []", "[] []", "[]"] or lines == ["[] []", "[] ['ctypes']", "[]"]

    def test_results_are_of_the_pure_tier(self) -> None:
        a = rt.tensor([1.0, 2.0])
        for made in (a + a, a.exp(), a @ a, rt.zeros([2]), a.reshape(2, 1), a > 1, a.sum(), a * 2, a.to("f32")):
            assert made.residency == "pure"
        assert rt.get_stats() == (9, 0, 0)

    def test_computes_on_native_tensors_without_copying(self, native: None) -> None:
        with rt.acceleration("native"):
            a = rt.ones([4]) * 3.0
        assert a.residency == "native"
        rt.reset_stats()
        b = a + a
        assert (a.residency, b.residency, b.tolist()) == ("both", "pure", [6.0] * 4)
        assert rt.get_stats() == (1, 0, 0)
        assert rt.get_transfers() == (0, 0, 1)

    def test_dtypes_that_only_native_has_are_native_all_the_same(self, native: None) -> None:
        a = rt.tensor([1.5, -2.0], dtype="f16")
        b = a + a
        assert (b.dtype, b.residency, b.tolist()) == ("f16", "native", [3.0, -4.0])
        assert rt.zeros([2], dtype="i32").residency == "native"
        assert rt.tensor([1.5]).to("bf16").residency == "native"
        assert rt.get_stats().fallback == 0


class TestNative:
    def test_results_are_of_the_native_tier(self, native: None) -> None:
        a = rt.tensor([1.0, 2.0])
        assert a.residency == "pure"
        with rt.acceleration("native"):
            for made in (a + a, a.exp(), a @ a, rt.zeros([2]), a.reshape(2, 1), a > 1, a.sum(), a * 2, a.to("f32")):
                assert made.residency == "native"
        assert a.residency == "both"
        assert rt.get_stats() == (0, 9, 0)

    @pytest.mark.parametrize("process", [True, False])
    def test_where_it_is_not_available_pure_answers(self, process: bool) -> None:
        rt.set_ffi_available(False)
        a = rt.tensor([1.0, 2.0])
        if process:
            rt.set_acceleration("native")
            b = a + a
        else:
            with rt.acceleration("native"):
                b = a + a
        assert (b.residency, b.tolist()) == ("pure", [2.0, 4.0])
        assert rt.get_stats() == (1, 0, 0)

    def test_a_native_tensor_where_it_is_available_no_longer(self, native: None) -> None:
        rt.set_acceleration("native")
        a = rt.ones([3]) + rt.ones([3])
        rt.set_ffi_available(False)
        b = a + a
        assert (a.residency, b.residency, b.tolist()) == ("both", "pure", [4.0] * 3)
        rt.set_ffi_available(None)
        assert (a + a).residency == "native"

    def test_a_list_is_copied_once_and_memory_never(self, native: None) -> None:
        rt.set_acceleration("native")
        a = rt.tensor([1.0, 2.0, 3.0])
        rt.reset_stats()
        a.exp(), a.exp(), a + a
        assert rt.get_transfers() == (1, 3, 0)
        b = rt.tensor([1.0, 2.0, 3.0])
        b.memoryview()
        rt.reset_stats()
        b.exp()
        assert rt.get_transfers() == (0, 0, 1)

    def test_a_copy_that_libtorch_has_to_have_is_counted(self, native: None) -> None:
        a = rt.tensor([1.0, 2.0, 3.0])
        a.memoryview()
        rt.reset_stats()
        with rt.acceleration("native"):
            listed = (-(a[::-1])).tolist()
        assert listed == [-3.0, -2.0, -1.0]
        assert rt.get_transfers()[:2] == (1, 3)

    def test_a_part_of_a_list_counts_what_is_copied(self, native: None) -> None:
        part = rt.zeros([100])[:2]
        rt.reset_stats()
        part.to_native()
        del part
        assert rt.get_transfers() == (1, 100, 0)


class TestChoosing:
    def test_a_block_decides_whatever_the_shortcuts_did_before(self, native: None) -> None:
        a, b = rt.tensor([1.0, 2.0]), rt.tensor([3.0, 4.0])
        tiers = []
        for _ in range(2):
            tiers.append((a + b).residency)
            with rt.acceleration("native"):
                tiers.append((a + b).residency)
                with rt.acceleration("pure"):
                    tiers.append((a + b).residency)
                tiers.append((a + b).residency)
        assert tiers == ["pure", "native", "pure", "native"] * 2
        assert rt.get_stats() == (4, 4, 0)

    @pytest.mark.parametrize("chosen", ["pure", "native", "auto"])
    def test_every_way_to_say_it(self, chosen: str) -> None:
        expected = rt.AccelMode(chosen)
        for given in (chosen, f" {chosen.upper()} ", expected):
            rt.set_acceleration(given)
            assert rt.get_current_mode() is expected
            rt.set_acceleration("pure")
            with rt.acceleration(given):
                assert rt.get_current_mode() is expected
            assert rt.acceleration(given)(rt.get_current_mode)() is expected
            assert rt.get_current_mode() is rt.AccelMode.PURE

    @pytest.mark.parametrize(
        ("given", "error"), [("fast", ValueError), ("", ValueError), (None, TypeError), (1, TypeError)]
    )
    def test_what_is_no_mode(self, given: Any, error: type[Exception]) -> None:
        for say in (rt.set_acceleration, rt.acceleration):
            with pytest.raises(error, match="pure, native and auto"):
                say(given)
        assert rt.get_current_mode() is rt.AccelMode.PURE

    def test_an_exception_ends_the_block(self, native: None) -> None:
        a = rt.tensor([1.0, 2.0])
        with pytest.raises(rt.BadArgumentError), rt.acceleration("native"):
            a + rt.ones([3])
        assert (a + a).residency == "pure"

    def test_a_function_and_a_coroutine(self, native: None) -> None:
        a = rt.tensor([1.0])

        @rt.acceleration("native")
        def tier() -> str:
            return (a + a).residency

        @rt.acceleration("native")
        async def later() -> str:
            await asyncio.sleep(0)
            return (a + a).residency

        async def both() -> list[str]:
            running = asyncio.ensure_future(later())
            await asyncio.sleep(0)
            return [(a + a).residency, await running, (a + a).residency]

        assert [(a + a).residency, tier(), (a + a).residency] == ["pure", "native", "pure"]
        assert asyncio.run(both()) == ["pure", "native", "pure"]

    def test_other_threads_keep_theirs(self, native: None) -> None:
        a = rt.tensor([1.0])
        tiers: list[str] = []
        with rt.acceleration("native"):
            thread = threading.Thread(target=lambda: tiers.append(rt.get_current_mode().value))
            thread.start()
            thread.join()
            tiers.append((a + a).residency)
        expected = "native" if sys.version_info >= (3, 14) and sys.flags.thread_inherit_context else "pure"
        assert tiers == [expected, "native"]

    def test_tasks_keep_theirs(self, native: None) -> None:
        a = rt.tensor([1.0, 2.0])

        async def work(name: str, tier: str) -> set[str]:
            with rt.acceleration(name):
                found = set()
                for _ in range(20):
                    found.add((a * a).residency)
                    await asyncio.sleep(0)
                return found

        async def all_of_them() -> list[set[str]]:
            with rt.acceleration("native"):
                inherited = asyncio.ensure_future(inherits())
            return [*await asyncio.gather(*(work(*pair) for pair in pairs)), await inherited]

        async def inherits() -> set[str]:
            await asyncio.sleep(0)
            return {(a * a).residency}

        pairs = [("native", "native"), ("pure", "pure")] * 4
        assert asyncio.run(all_of_them()) == [{tier} for _, tier in pairs] + [{"native"}]


class TestEnvironment:
    CODE = """
    import rt_torch as rt
    a = rt.tensor([1.0, 2.0])
    print(rt.get_current_mode().value, (a + a).residency, (a + a).tolist())
    """

    @pytest.mark.parametrize("text", ["native", " NATIVE "])
    def test_native(self, native: None, text: str) -> None:
        assert answer(self.CODE, RT_TORCH_ACCEL=text) == ["native native [2.0, 4.0]"]

    @pytest.mark.parametrize(("text", "chosen"), [("auto", "auto"), ("pure", "pure"), ("", "pure"), (" ", "pure")])
    def test_others(self, text: str, chosen: str) -> None:
        assert answer(self.CODE, RT_TORCH_ACCEL=text) == [f"{chosen} pure [2.0, 4.0]"]

    def test_a_bad_one_is_an_error_where_it_matters(self) -> None:
        lines = answer(
            """
            import rt_torch as rt
            a = rt.tensor([1.0, 2.0])
            for compute in (lambda: a + a, lambda: rt.zeros([2]), a.exp, lambda: rt.explain("add", a, a)):
                try:
                    compute()
                except ValueError as error:
                    print(error)
            rt.set_acceleration("pure")
            print((a + a).tolist())
            """,
            RT_TORCH_ACCEL="fast",
        )
        said = "RT_TORCH_ACCEL=fast: unknown acceleration mode 'fast': the modes are pure, native and auto"
        assert lines == [said] * 4 + ["[2.0, 4.0]"]


class TestAvailability:
    @pytest.mark.parametrize("value", [1, 0, "yes", "none"])
    def test_anything_but_an_answer(self, value: Any) -> None:
        with pytest.raises(TypeError, match="True, False or None"):
            rt.set_ffi_available(value)

    def test_without_a_library(self) -> None:
        lines = answer(
            """
            import rt_torch as rt
            print(rt.is_ffi_available())
            a = rt.tensor([1.0, 2.0])
            for mode in rt.AccelMode:
                with rt.acceleration(mode):
                    print((a + a).tolist(), (a + a).residency, rt.zeros([1]).exp().tolist(), rt.get_stats())
            for fails in (a.to_native, lambda: rt.zeros([1], dtype="f16"), lambda: a.to("i32"),
                          lambda: rt.tensor([1.0], device="cuda"), lambda: rt.native.zeros([1], "f64", "cpu")):
                try:
                    fails()
                except rt.LibraryMissingError as error:
                    print(error)
            print((a + a).tolist(), a.residency)
            """,
            RT_TORCH_LIBRARY="none",
        )
        assert lines[0] == "False"
        assert lines[1:4] == [f"[2.0, 4.0] pure [1.0] Stats(pure={n}, ffi=0, fallback=0)" for n in (4, 8, 12)]
        off = "RT_TORCH_LIBRARY=none: the C library is switched off"
        assert (lines[4], lines[8]) == (off, off)
        needs = "needs the native tier, and there is none"
        assert lines[5:8] == [
            f'rt_torch_zeros: argument `dtype`: "f16" {needs}: {off}; or use "f32"',
            f'rt_torch_to_dtype: argument `dtype`: "i32" {needs}: {off}; or use "f32"',
            f'rt_torch_to_device: argument `device`: "cuda" {needs}: {off}; or use "cpu"',
        ]
        assert lines[9] == "[2.0, 4.0] pure"

    def test_without_a_libtorch(self, native: None, tmp_path: Path) -> None:
        lines = answer(
            """
            import rt_torch as rt
            print(rt.is_ffi_available())
            a = rt.tensor([1.0, 2.0])
            rt.set_acceleration("native")
            print((a + a).tolist(), (a + a).residency, rt.get_stats())
            """,
            RT_TORCH_LIBTORCH=str(tmp_path / "libtorch_cpu.so"),
        )
        assert lines == ["False", "[2.0, 4.0] pure Stats(pure=2, ffi=0, fallback=0)"]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="forks")
def test_every_module_can_be_the_first() -> None:
    lines = answer(
        """
        import importlib, os, pathlib, sys
        import rt_torch
        package = pathlib.Path(rt_torch.__file__).parent
        files = [file.relative_to(package.parent).with_suffix("") for file in package.rglob("*.py")]
        names = [".".join(file.parts) for file in files if file.name not in ("__main__", "__init__")]
        for name in names:
            if os.fork() == 0:
                sys.stderr = open(os.devnull, "w")
                try:
                    importlib.import_module(name)
                except ImportError as error:
                    print(name, error, flush=True)
                os._exit(0)
            os.wait()
        print(len(names) > 30)
        """
    )
    assert lines == ["True"]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="forks")
def test_a_forked_child_waits_for_no_thread_of_its_parent() -> None:
    lines = answer(
        """
        import os, signal, sys, threading, warnings
        import rt_torch as rt
        warnings.simplefilter("ignore")  # Python warns of forks in programs with threads
        rt.set_acceleration("native")
        (rt.ones([3]) + 1).tolist()
        modules = [module for name, module in [*sys.modules.items()] if name.startswith("rt_torch")]
        kinds = (type(threading.Lock()), type(threading.RLock()))
        locks = [value for module in modules for value in vars(module).values() if type(value) in kinds]
        locks.append(rt.pure.default_generator._lock)
        held, over = threading.Event(), threading.Event()

        def hold():
            print(sum(lock.acquire(blocking=False) for lock in locks) > 5, flush=True)
            held.set()
            over.wait()

        thread = threading.Thread(target=hold)
        thread.start()
        held.wait()
        child = os.fork()
        if child == 0:
            signal.alarm(30)
            x = rt.tensor([1.0, 2.0, 3.0])
            rt.randn(2)
            rt.reset_stats()
            print((x @ x).item(), sum(rt.get_stats()), flush=True)
            os._exit(0)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
        over.set()
        thread.join()
        """
    )
    assert lines == ["True", "14.0 1", "0"]


CYCLES = 100_000


@pytest.mark.parametrize("chosen", ["pure", "native", "auto"])
def test_nothing_is_left_of_many_tensors(chosen: str) -> None:
    """Create, operate, drop: as the process's mode, so that the shortcuts take part."""
    rt.set_acceleration(chosen)
    available = rt.is_ffi_available()
    live = rt.native.live_handles if available else int
    before, lent = live(), len(_lending._lent)
    resident = rt.ones([3])
    if available:
        resident = resident.to_native()
    for step in range(CYCLES):
        a = rt.tensor([1.0, 2.0, 3.0])
        b = a + resident
        if step % 10 == 0:
            c = b * b - a
            d = (resident + resident).exp()
            e = d.reshape(3, 1)
            assert (e.T @ e).shape == (1, 1)
            del d
        if step % 1000 == 0:
            assert c.tolist() == [3.0, 7.0, 13.0]
            assert e[1].item() == pytest.approx(7.389056, rel=1e-6)
            assert live() <= before + 12
            assert len(_lending._lent) <= lent + 3
    operations = sum(rt.get_stats())
    del a, b, c, e, resident
    gc.collect()
    assert operations >= CYCLES
    assert live() == before
    assert len(_lending._lent) == lent
