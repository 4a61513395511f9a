"""Whether calls are recorded for gradients: in each context for itself.

with rt.no_grad():                  nothing is recorded in the block
@rt.no_grad()                       nor in the function
rt.set_grad_enabled(False)          nor from now on, in this context: this thread or task, and tasks that it starts

A thread starts with recording on; a task takes the state of what started it along.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Generator
from contextvars import ContextVar
from types import TracebackType
from typing import Any, TypeVar, overload

__all__ = ["enable_grad", "is_grad_enabled", "no_grad", "set_grad_enabled"]

F = TypeVar("F", bound=Callable[..., Any])


class _State:
    """What one block says; `outer` is what held before it."""

    __slots__ = ("enabled", "outer", "owner")

    def __init__(self, enabled: bool, outer: _State | None, owner: object) -> None:
        self.enabled = enabled
        self.outer = outer
        self.owner = owner


current: ContextVar[_State | None] = ContextVar("rt_torch_grad", default=None)


def said(enabled: bool) -> _State:
    """What a block would say.  Where Ctrl-C may come, it is set and taken back without a `with`, whose end can be missed:

    before = current.get()
    try:
        current.set(said(False))
        ...
    finally:
        current.set(before)
    """
    return _State(enabled, current.get(), None)


def is_grad_enabled() -> bool:
    """Whether calls are recorded in this context."""
    state = current.get()
    return state is None or state.enabled


class _Block:
    """A state for a `with` block, or for each call of a function; one object may be entered by many threads."""

    __slots__ = ()

    enabled: bool

    def __enter__(self) -> None:
        current.set(_State(self.enabled, current.get(), self))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        current.set(_without(current.get(), self))

    def __call__(self, function: F) -> F:
        """The function in this state; of a generator function each step."""
        if inspect.isasyncgenfunction(function):
            raise TypeError(f"{function.__qualname__} is an async generator function: write the `with` inside it")
        if inspect.isgeneratorfunction(function):
            return _stepwise(self, function)

        @functools.wraps(function)
        def call(*arguments: Any, **named: Any) -> Any:
            with self:
                return function(*arguments, **named)

        @functools.wraps(function)
        async def wait(*arguments: Any, **named: Any) -> Any:
            with self:
                return await function(*arguments, **named)

        return wait if inspect.iscoroutinefunction(function) else call  # type: ignore[return-value]  # wrapped: the same


def _without(state: _State | None, owner: object) -> _State | None:
    """The states less the owner's last one, which need not be the innermost: generators run in their callers' contexts."""
    if state is None or state.owner is owner:
        return None if state is None else state.outer
    outer = _without(state.outer, owner)
    return state if outer is state.outer else _State(state.enabled, outer, state.owner)


def _stepwise(block: _Block, function: F) -> F:
    @functools.wraps(function)
    def steps(*arguments: Any, **named: Any) -> Generator[Any, Any, Any]:
        with block:
            generator = function(*arguments, **named)
        step: Callable[[], Any] = functools.partial(next, generator)
        try:
            while True:
                try:
                    with block:
                        value = step()
                except StopIteration as end:
                    return end.value
                try:
                    sent = yield value
                except GeneratorExit:
                    raise
                except BaseException as error:
                    step = functools.partial(generator.throw, error)
                else:
                    step = functools.partial(generator.send, sent)
        finally:
            with block:
                generator.close()

    return steps  # type: ignore[return-value]  # as the function: it gives a generator of the same things


class _Named(_Block):
    """A block that is used as a decorator with and without parentheses."""

    __slots__ = ()

    @overload
    def __new__(cls) -> _Named: ...

    @overload
    def __new__(cls, function: F) -> F: ...  # type: ignore[misc]  # it gives the function that it is called with

    def __new__(cls, function: Any = None) -> Any:
        block = object.__new__(cls)
        return block if function is None else block(function)


class no_grad(_Named):
    """Nothing is recorded in a block, or in a function that it decorates:

        with rt.no_grad():
            weight[...] = weight - 0.1 * weight.grad

        @rt.no_grad()
        def evaluate(...): ...

    It affects only the context that it is in: other threads and tasks keep theirs.  Of a generator function each step
    runs in it.  A `with` inside a generator holds for the caller too while the generator waits.
    """

    __slots__ = ()

    enabled = False


class enable_grad(_Named):
    """Calls are recorded in a block, or in a function that it decorates, also inside rt.no_grad()."""

    __slots__ = ()

    enabled = True


class set_grad_enabled(_Block):
    """Record calls or not, from now on in this context; as the object of a `with`, until its end."""

    __slots__ = ("_before", "enabled")

    def __init__(self, enabled: bool) -> None:
        if not isinstance(enabled, bool):
            raise TypeError(f"set_grad_enabled: argument `enabled`: a bool is expected; given {enabled!r}")
        state = current.get()
        self.enabled = enabled
        self._before = state
        outer, owner = (None, None) if state is None else (state.outer, state.owner)
        current.set(_State(enabled, outer, owner))

    def __enter__(self) -> None:
        current.set(_State(self.enabled, self._before, self))

    def __call__(self, function: F) -> F:
        current.set(self._before)
        return no_grad()(function) if not self.enabled else enable_grad()(function)
