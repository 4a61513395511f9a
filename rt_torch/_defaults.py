"""The dtype and the device of what is made without saying which: of the process, and other ones for single contexts."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import NamedTuple

__all__ = ["Defaults", "current", "device", "dtype", "overriding", "set_defaults"]


class Defaults(NamedTuple):
    """What is made without saying which."""

    dtype: str = "f64"  # of floats
    device: str = "cpu"


class _Override:
    """What one block says; `outer` is what held before it."""

    __slots__ = ("defaults", "outer", "owner")

    def __init__(self, defaults: Defaults, outer: _Override | None, owner: object) -> None:
        self.defaults = defaults
        self.outer = outer
        self.owner = owner


_process = Defaults()
_override: ContextVar[_Override | None] = ContextVar("rt_torch_defaults", default=None)
_setting = threading.Lock()


def current() -> Defaults:
    """Those of this context."""
    override = _override.get()
    return _process if override is None else override.defaults


def dtype() -> str:
    """The dtype of floats in this context."""
    return current().dtype


def device() -> str:
    """The device of what is made in this context."""
    return current().device


def set_defaults(dtype: str | None = None, device: str | None = None) -> None:
    """Set those of the process, None leaving one as it is.  Contexts inside `overriding` keep theirs."""
    global _process
    with _setting:
        _process = Defaults(dtype or _process.dtype, device or _process.device)


@contextmanager
def overriding(dtype: str | None = None, device: str | None = None) -> Iterator[None]:
    """Have others in this context only, until the block ends: in this thread or task, and in tasks that it starts."""
    outer = _override.get()
    owner = object()
    defaults = current()
    _override.set(_Override(Defaults(dtype or defaults.dtype, device or defaults.device), outer, owner))
    try:
        yield
    finally:
        _override.set(_without(_override.get(), owner))


def _without(override: _Override | None, owner: object) -> _Override | None:
    """The overrides less that of the owner, which need not be the innermost: generators run in their callers' contexts."""
    if override is None or override.owner is owner:
        return None if override is None else override.outer
    outer = _without(override.outer, owner)
    return override if outer is override.outer else _Override(override.defaults, outer, override.owner)
