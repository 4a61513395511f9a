"""Whether calls are recorded: blocks, decorators, generators, threads and tasks."""

from __future__ import annotations

import asyncio
import itertools
import sys
import threading
from collections.abc import AsyncIterator, Callable, Generator, Iterator
from types import FrameType
from typing import Any

import pytest

import rt_torch as rt
from tests.autograd.conftest import leaf


def recorded() -> bool:
    """Whether a call is recorded here; the question has the same answer."""
    made = (leaf([1.0]) * 2).requires_grad
    assert made == rt.is_grad_enabled()
    return made


def test_blocks(mode: str) -> None:
    assert recorded()
    with rt.no_grad():
        assert not recorded()
        with rt.enable_grad():
            assert recorded()
            with rt.no_grad():
                assert not recorded()
            assert recorded()
        assert not recorded()
    assert recorded()


def test_leaves_of_a_block_still_require_grad() -> None:
    with rt.no_grad():
        x = leaf([1.0])
        y = x * 2
    assert x.requires_grad and not y.requires_grad
    assert (x * 2).requires_grad


def test_a_block_ends_with_an_error() -> None:
    with pytest.raises(ZeroDivisionError), rt.no_grad():
        _ = 1 / 0
    assert recorded()


def test_one_object_may_be_entered_again() -> None:
    block = rt.no_grad()
    with block:
        with block, rt.enable_grad(), block:
            assert not recorded()
        assert not recorded()
    assert recorded()


def test_decorators() -> None:
    @rt.no_grad()
    def with_parentheses(expected: bool) -> bool:
        """A docstring."""
        return recorded() == expected

    @rt.no_grad
    def without(expected: bool) -> bool:
        return recorded() == expected

    @rt.enable_grad()
    def inner() -> bool:
        return recorded()

    @rt.set_grad_enabled(False)
    def switched_off() -> bool:
        return recorded()

    assert recorded()
    assert with_parentheses(False) and without(False)
    assert with_parentheses.__doc__ == "A docstring."
    with rt.no_grad():
        assert inner()
    assert not switched_off() and recorded()

    @rt.no_grad()
    def failing() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        failing()
    assert recorded()


class TestSwitch:
    @pytest.fixture(autouse=True)
    def restored(self) -> Iterator[None]:
        yield
        rt.set_grad_enabled(True)

    def test_from_now_on(self) -> None:
        rt.set_grad_enabled(False)
        assert not recorded()
        rt.set_grad_enabled(True)
        assert recorded()

    def test_as_a_block(self) -> None:
        with rt.set_grad_enabled(False):
            assert not recorded()
            with rt.set_grad_enabled(True):
                assert recorded()
            assert not recorded()
        assert recorded()

    def test_within_a_block_until_its_end(self) -> None:
        with rt.no_grad():
            rt.set_grad_enabled(True)
            assert recorded()
        assert recorded()
        rt.set_grad_enabled(False)
        with rt.enable_grad():
            assert recorded()
        assert not recorded()

    def test_something_else_than_a_bool(self) -> None:
        with pytest.raises(TypeError, match="argument `enabled`: a bool is expected; given 'no'"):
            rt.set_grad_enabled("no")  # type: ignore[arg-type]  # which is the point
        assert recorded()

    def test_many_times(self) -> None:
        for _ in range(100_000):
            rt.set_grad_enabled(False)
        rt.set_grad_enabled(True)
        assert recorded()


class TestGenerators:
    def test_each_step_of_a_decorated_one(self) -> None:
        @rt.no_grad()
        def steps() -> Generator[bool, str, str]:
            sent = yield recorded()
            try:
                yield sent == "sent" and not recorded()
            except KeyError:
                yield not recorded()
            return "end"

        generator = steps()
        assert recorded() and next(generator) is False
        assert recorded() and generator.send("sent")
        assert recorded() and generator.throw(KeyError())
        with pytest.raises(StopIteration) as end:
            next(generator)
        assert end.value.value == "end" and recorded()

    def test_closing_one(self) -> None:
        seen = []

        @rt.no_grad()
        def steps() -> Iterator[int]:
            try:
                yield 1
                yield 2
            finally:
                seen.append(recorded())

        generator = steps()
        next(generator)
        generator.close()  # type: ignore[attr-defined]  # it is a generator
        assert seen == [False] and recorded()

    def test_an_error_in_one(self) -> None:
        @rt.no_grad()
        def steps() -> Iterator[int]:
            yield 1
            raise KeyError

        generator = steps()
        next(generator)
        with pytest.raises(KeyError):
            next(generator)
        assert recorded()

    def test_a_block_inside_one_holds_while_it_waits_and_ends_in_any_order(self) -> None:
        def steps() -> Iterator[None]:
            with rt.no_grad():
                yield

        generator = steps()
        next(generator)
        assert not recorded()
        with rt.enable_grad():
            assert next(generator, "over") == "over"
            assert recorded()
        assert recorded()

    def test_async_ones_are_refused(self) -> None:
        async def steps() -> AsyncIterator[int]:
            yield 1

        with pytest.raises(TypeError, match="async generator"):
            rt.no_grad()(steps)


class TestThreadsAndTasks:
    def test_a_thread_starts_with_recording_on(self) -> None:
        seen = []
        with rt.no_grad():
            thread = threading.Thread(target=lambda: seen.append(recorded()))
            thread.start()
            thread.join()
        assert seen == [True]

    def test_a_block_in_one_thread_is_nothing_to_another(self) -> None:
        inside, done = threading.Event(), threading.Event()

        def other() -> None:
            with rt.no_grad():
                inside.set()
                done.wait(30)

        thread = threading.Thread(target=other)
        thread.start()
        assert inside.wait(30)
        assert recorded()
        done.set()
        thread.join()

    def test_tasks(self) -> None:
        async def task(seen: list[Any]) -> None:
            seen.append(recorded())
            with rt.enable_grad():
                await asyncio.sleep(0)
                seen.append(recorded())

        @rt.no_grad()
        async def decorated() -> bool:
            await asyncio.sleep(0)
            return recorded()

        async def main() -> list[Any]:
            seen: list[Any] = []
            with rt.no_grad():
                started = asyncio.create_task(task(seen))
                await asyncio.sleep(0)
                seen.append(recorded())
                await started
            seen.append(recorded())
            seen.append(await decorated())
            seen.append(recorded())
            return seen

        assert asyncio.run(main()) == [False, False, True, True, False, True]


class CtrlC:
    """A tracer that has Ctrl-C come where the so-many-th function of the package begins."""

    def __init__(self, count: int) -> None:
        self.count = count

    def __call__(self, frame: FrameType, event: str, argument: Any) -> None:
        if frame.f_globals["__name__"].startswith("rt_torch.autograd."):  # no finalizers, which let nothing through
            self.count -= 1
        if self.count == 0:
            raise KeyboardInterrupt


class Twice(rt.autograd.Function):
    @staticmethod
    def forward(context: Any, x: rt.Tensor) -> rt.Tensor:
        return x * 2.0

    @staticmethod
    def backward(context: Any, gradient: rt.Tensor) -> rt.Tensor:
        return gradient * 2.0


@pytest.mark.parametrize(
    "what",
    [
        lambda x, y: y.backward(),
        lambda x, y: rt.grad(y, x),
        lambda x, y: rt.grad(y, x, create_graph=True),
        lambda x, y: Twice.apply(x),
    ],
    ids=["backward", "grad", "create_graph", "function"],
)
def test_wherever_ctrl_c_comes_recording_goes_on(what: Callable[[rt.Tensor, rt.Tensor], Any]) -> None:
    before = sys.gettrace()
    for count in itertools.count(1):
        x = leaf([1.0, 2.0])
        tracer = CtrlC(count)
        y = (x * x).sum()
        sys.settrace(tracer)
        try:
            what(x, y)
        except KeyboardInterrupt:
            pass
        finally:
            sys.settrace(before)
        assert recorded()
        if tracer.count > 0:
            break
    assert count > 3
