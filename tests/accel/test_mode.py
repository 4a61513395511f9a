"""The mode: one for the process, others for single contexts."""

from __future__ import annotations

import asyncio
import contextvars
import gc
import threading
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from rt_torch import accel
from rt_torch.accel import AccelMode, acceleration, get_current_mode, mode, set_acceleration

PURE, NATIVE, AUTO = AccelMode.PURE, AccelMode.NATIVE, AccelMode.AUTO


def in_a_thread() -> AccelMode:
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(get_current_mode).result()


class TestProcess:
    def test_pure_is_the_default(self) -> None:
        assert get_current_mode() is PURE

    @pytest.mark.parametrize(("given", "expected"), [("auto", AUTO), (" Native", NATIVE), (PURE, PURE), (AUTO, AUTO)])
    def test_a_mode_or_its_name(self, given: AccelMode | str, expected: AccelMode) -> None:
        set_acceleration(given)
        assert get_current_mode() is expected
        assert in_a_thread() is expected

    def test_an_unknown_name_says_which_exist(self) -> None:
        with pytest.raises(ValueError, match="unknown acceleration mode 'fast': the modes are pure, native and auto"):
            set_acceleration("fast")
        with pytest.raises(ValueError, match="unknown acceleration mode 'fast'"):
            acceleration("fast")
        assert get_current_mode() is PURE

    def test_anything_else_is_a_type_error(self) -> None:
        with pytest.raises(TypeError, match=r"given 3 \(int\)"):
            set_acceleration(3)
        with pytest.raises(TypeError, match=r"given None \(NoneType\)"):
            acceleration(None)


class TestEnvironment:
    @pytest.mark.parametrize(("text", "expected"), [("auto", AUTO), ("NATIVE ", NATIVE), ("pure", PURE), ("", PURE)])
    def test_it_is_the_mode_that_a_process_starts_in(
        self, monkeypatch: pytest.MonkeyPatch, text: str, expected: AccelMode
    ) -> None:
        monkeypatch.setenv("RT_TORCH_ACCEL", text)
        assert get_current_mode() is expected

    def test_a_bad_value_is_an_error_where_it_is_used(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("RT_TORCH_ACCEL", "fast")
        for ask in (get_current_mode, lambda: accel.should_use_ffi("add", 1)):
            with pytest.raises(ValueError, match=r"RT_TORCH_ACCEL=fast: .* the modes are pure, native and auto"):
                ask()
        assert set(accel.limits().values()) == {(accel.NEVER_ELEMENTS, 0, 0)}  # so that each call gets there

    def test_what_is_set_counts_more(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("RT_TORCH_ACCEL", "fast")
        set_acceleration("auto")
        assert get_current_mode() is AUTO


class TestContext:
    def test_a_block(self) -> None:
        with acceleration("auto") as inside:
            assert inside is get_current_mode() is AUTO
        assert get_current_mode() is PURE

    def test_blocks_in_blocks(self) -> None:
        with acceleration("auto"):
            with acceleration("native"):
                assert get_current_mode() is NATIVE
                with acceleration("pure"):
                    assert get_current_mode() is PURE
                assert get_current_mode() is NATIVE
            assert get_current_mode() is AUTO

    def test_it_ends_with_an_exception(self) -> None:
        with pytest.raises(KeyError), acceleration("native"), acceleration("auto"):
            raise KeyError
        assert get_current_mode() is PURE

    def test_one_object_can_be_entered_again(self) -> None:
        auto = acceleration("auto")
        with auto, acceleration("native"), auto:
            assert get_current_mode() is AUTO
        assert get_current_mode() is PURE

    def test_the_process_is_set_beneath_it(self) -> None:
        with acceleration("native"):
            set_acceleration("auto")
            assert get_current_mode() is NATIVE
        assert get_current_mode() is AUTO


class TestThreads:
    def test_other_threads_keep_theirs(self) -> None:
        with acceleration("native"):
            assert in_a_thread() is PURE

    def test_one_object_in_many_threads(self) -> None:
        shared, meet, seen = acceleration("auto"), threading.Barrier(8), []

        def run(own: AccelMode) -> None:
            for _ in range(50):
                with acceleration(own):
                    meet.wait()
                    with shared:
                        seen.append(get_current_mode() is AUTO)
                    seen.append(get_current_mode() is own)
                seen.append(get_current_mode() is PURE)

        threads = [threading.Thread(target=run, args=(list(AccelMode)[n % 3],)) for n in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(seen) == 8 * 50 * 3 and all(seen)
        assert not mode.overridden()

    def test_a_copied_context_takes_it_along(self) -> None:
        with acceleration("native"):
            copied = contextvars.copy_context()
        assert get_current_mode() is PURE
        assert copied.run(get_current_mode) is NATIVE


class TestTasks:
    def test_tasks_keep_theirs(self) -> None:
        async def one(own: AccelMode, rounds: int) -> bool:
            with acceleration(own):
                for _ in range(rounds):
                    await asyncio.sleep(0)
                    if get_current_mode() is not own:
                        return False
            return get_current_mode() is PURE

        async def several() -> list[bool]:
            return await asyncio.gather(*(one(own, rounds) for own in AccelMode for rounds in (1, 2, 5)))

        assert all(asyncio.run(several()))

    def test_a_task_takes_along_the_mode_that_it_was_started_in(self) -> None:
        async def main() -> list[AccelMode]:
            async def ask() -> AccelMode:
                await asyncio.sleep(0)
                return get_current_mode()

            with acceleration("native"):
                task = asyncio.create_task(ask())
            return [get_current_mode(), await task, get_current_mode()]

        assert asyncio.run(main()) == [PURE, NATIVE, PURE]

    def test_an_asynchronous_generator_closed_elsewhere_disturbs_nobody(self) -> None:
        async def numbers() -> AsyncIterator[int]:
            with acceleration("native"):
                yield 1
                yield 2

        async def main() -> AccelMode:
            stream = numbers()
            await asyncio.create_task(stream.__anext__())
            with acceleration("auto"):
                await stream.aclose()
                return get_current_mode()

        assert asyncio.run(main()) is AUTO


class TestGenerators:
    def test_a_block_in_a_generator_ends_alone(self) -> None:
        def steps() -> Iterator[int]:
            with acceleration("native"):
                yield 1

        running = steps()
        next(running)
        with acceleration("auto"):
            assert list(running) == []
            assert get_current_mode() is AUTO
        assert get_current_mode() is PURE


class TestDecorator:
    def test_each_call_has_the_mode(self) -> None:
        @acceleration("native")
        def ask(depth: int) -> list[AccelMode]:
            """Says its mode."""
            return [get_current_mode(), *(ask(depth - 1) if depth else [])]

        assert ask(2) == [NATIVE] * 3
        assert get_current_mode() is PURE
        assert (ask.__name__, ask.__doc__) == ("ask", "Says its mode.")

    def test_a_coroutine_has_it_until_its_end(self) -> None:
        @acceleration("native")
        async def ask() -> AccelMode:
            await asyncio.sleep(0)
            return get_current_mode()

        async def main() -> list[AccelMode]:
            return [await ask(), get_current_mode()]

        assert asyncio.run(main()) == [NATIVE, PURE]

    def test_a_generator_function_is_refused(self) -> None:
        with pytest.raises(TypeError, match="steps is a generator function: write `with acceleration"):

            @acceleration("native")
            def steps() -> Iterator[int]:
                yield 1


class TestShortcuts:
    """What decides in place knows only the process's mode: it must not while another one holds anywhere."""

    def shortcuts(self) -> bool:
        return set(accel.limits().values()) != {(accel.NEVER_ELEMENTS, 0, 0)}

    def test_none_within_a_block(self) -> None:
        assert self.shortcuts()
        with acceleration("pure"):
            assert not self.shortcuts()
            with acceleration("auto"):
                assert not self.shortcuts()
            assert not self.shortcuts()
        assert self.shortcuts()

    def test_none_while_another_thread_is_within_one(self) -> None:
        entered, leave = threading.Event(), threading.Event()

        def run() -> None:
            with acceleration("native"):
                entered.set()
                leave.wait(60)

        thread = threading.Thread(target=run)
        thread.start()
        entered.wait(60)
        within = self.shortcuts()
        leave.set()
        thread.join()
        assert not within and self.shortcuts()

    def test_none_while_a_copied_context_is_alive(self) -> None:
        with acceleration("native"):
            copied = contextvars.copy_context()
        assert not self.shortcuts()
        del copied
        gc.collect()
        assert self.shortcuts()

    def test_subscribers_hear_of_both_ends(self) -> None:
        heard: list[bool] = []
        accel.subscribe(lambda limits: heard.append(limits["add"] == (accel.NEVER_ELEMENTS, 0, 0)))
        with acceleration("pure"), acceleration("auto"):
            pass
        assert heard == [False, True, False]
