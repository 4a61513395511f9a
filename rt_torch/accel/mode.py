"""How the tier of a call is chosen: one mode for the process, and other ones for single contexts.

RT_TORCH_ACCEL=auto            the mode a process starts in: pure, native or auto
set_acceleration("auto")       the mode of the process from now on
with acceleration("native"):   the mode of this context only: this thread or task, and tasks that it starts
"""

from __future__ import annotations

import enum
import functools
import os
import sys
from collections.abc import Callable
from contextvars import ContextVar
from types import TracebackType
from typing import Any, TypeVar

from rt_torch.accel import change, log

__all__ = ["VARIABLE", "AccelMode", "acceleration", "get_current_mode", "set_acceleration"]

VARIABLE = "RT_TORCH_ACCEL"

F = TypeVar("F", bound=Callable[..., Any])


class AccelMode(enum.Enum):
    """PURE: Python computes.  NATIVE: libtorch does where it is available.  AUTO: whichever is predicted to be faster."""

    PURE = "pure"
    NATIVE = "native"
    AUTO = "auto"

    __hash__ = object.__hash__  # each decision is looked up by it, and Enum's own is written in Python


class _Override:
    """The mode of one `with acceleration(...)`; it lives for as long as any context refers to it.

    A task that was started inside keeps a copy of the context, and may outlive the `with`.
    """

    __slots__ = ("mode", "outer", "owner")

    def __init__(self, mode: AccelMode, outer: _Override | None, owner: acceleration) -> None:
        self.mode = mode
        self.outer = outer
        self.owner = owner
        _overrides[id(self)] = None

    def __del__(self) -> None:
        _overrides.pop(id(self), None)
        if not sys.is_finalizing():
            change.announce_soon()


_mode: AccelMode | None = None  # of the process; None until it is asked for
_override: ContextVar[_Override | None] = ContextVar("rt_torch_acceleration", default=None)
_overrides: dict[int, None] = {}  # those that are alive, in any context


def set_acceleration(mode: AccelMode | str) -> None:
    """Set the mode of the process.  Contexts inside a `with acceleration(...)` keep theirs.

    Errors: ValueError for a text that is no mode's name, TypeError for anything else.
    """
    global _mode
    _mode = mode_of(mode)
    change.announce()
    if log.enabled():
        log.line(f"mode: {_mode.value}")


def get_current_mode() -> AccelMode:
    """The mode in this context.

    Errors: ValueError when the mode is still that of RT_TORCH_ACCEL, and this names none.
    """
    override = _override.get()
    if override is not None:
        return override.mode
    return _mode or _mode_of_environment()


def overridden() -> bool:
    """Whether a mode other than the process's may hold in some context."""
    return bool(_overrides)


def mode_of_process() -> AccelMode:
    return _mode or _mode_of_environment()


class acceleration:
    """The mode of a block, or of each call of a function:

        with acceleration("auto"):
            ...

        @acceleration(AccelMode.NATIVE)
        def step(...): ...

    It affects only the context that it is in: other threads and tasks keep theirs, and a task that is started inside
    takes it along.  One object may be entered any number of times, by any number of threads.

    Errors: ValueError for a text that is no mode's name, TypeError for anything else, and for decorating a generator
    function, whose caller runs between its steps.
    """

    __slots__ = ("_mode",)

    def __init__(self, mode: AccelMode | str) -> None:
        self._mode = mode_of(mode)

    def __enter__(self) -> AccelMode:
        _override.set(_Override(self._mode, _override.get(), self))
        change.announce()
        return self._mode

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        _override.set(_without(_override.get(), self))

    def __call__(self, function: F) -> F:
        import inspect

        if inspect.isgeneratorfunction(function) or inspect.isasyncgenfunction(function):
            raise TypeError(
                f"{function.__qualname__} is a generator function: write `with acceleration(...)` inside it"
            )

        @functools.wraps(function)
        def call(*arguments: Any, **named: Any) -> Any:
            with self:
                return function(*arguments, **named)

        @functools.wraps(function)
        async def wait(*arguments: Any, **named: Any) -> Any:
            with self:
                return await function(*arguments, **named)

        return wait if inspect.iscoroutinefunction(function) else call  # type: ignore[return-value]  # called as it is


def _without(override: _Override | None, owner: acceleration) -> _Override | None:
    """The overrides less the owner's last one.

    It need not be the innermost, nor there at all: a generator with a `with` inside runs in its callers' contexts.
    """
    if override is None:
        return None
    if override.owner is owner:
        return override.outer
    outer = _without(override.outer, owner)
    return override if outer is override.outer else _Override(override.mode, outer, override.owner)


def mode_of(mode: AccelMode | str) -> AccelMode:
    if isinstance(mode, AccelMode):
        return mode
    if not isinstance(mode, str):
        raise TypeError(f"a mode is an AccelMode or its name, {_names()}; given {mode!r} ({type(mode).__name__})")
    try:
        return AccelMode(mode.strip().lower())
    except ValueError:
        raise ValueError(f"unknown acceleration mode {mode!r}: the modes are {_names()}") from None


def _mode_of_environment() -> AccelMode:
    global _mode
    text = os.environ.get(VARIABLE, "")
    try:
        _mode = mode_of(text) if text.strip() else AccelMode.PURE
    except ValueError as error:
        raise ValueError(f"{VARIABLE}={text}: {error}") from None
    return _mode


def _names() -> str:
    *most, last = (mode.value for mode in AccelMode)
    return f"{', '.join(most)} and {last}"
