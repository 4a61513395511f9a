"""Memory that both tiers use at once: Python's lent to libtorch, and libtorch's seen from Python.

Neither can dangle.  What is lent is held, in place, until libtorch says that nothing uses it; what is seen holds the
native tensor that it belongs to.
"""

from __future__ import annotations

import itertools
import threading
from collections import deque
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from rt_torch._memory import address_of, extent, visible
from rt_torch.pure.dtype import FORMATS, ITEM_SIZES
from rt_torch.pure.layout import Layout
from rt_torch.pure.storage import Writes, room, typed
from rt_torch_bindings import functions
from rt_torch_bindings.memory import ABSENT

_lent: dict[int, memoryview] = {}  # by token, until libtorch hands the token back
_FIRST_TOKEN = 1 << 62  # a caller of rt_torch.native.wrap chooses its own below that
_tokens = itertools.count(_FIRST_TOKEN)
_look_at = 64  # lent blocks: with so many, look whether some have come back
_SPARE = (64, 4096, 1 << 18)  # tokens that may come between two calls
_others: deque[int] = deque()  # such tokens, handed back while ours were polled
_reclaiming = threading.Lock()
_wanted = False  # whether somebody asked for it while it was going on


class Memory:
    """What tensors on the same native memory have in common."""

    __slots__ = ("writes",)

    def __init__(self, writes: Writes | None = None) -> None:
        self.writes = writes or Writes()


class Lease(Memory):
    """Of memory that is lent: when the last tensor on it is gone, it is given back at once."""

    __slots__ = ()

    def __del__(self) -> None:
        reclaim()


def lend(memory: memoryview, layout: Layout) -> int:
    """A native tensor on `memory`, without copying; a handle.

    Args:
        memory: One-dimensional, writable, of the dtype's format.
        layout: Where in it the elements are; no stride is negative.
    """
    _reclaim_some()
    raw = functions.opened()
    shape = _listed(layout.shape)
    strides = (raw.memory.null, ABSENT) if layout.contiguous else _listed(layout.strides)
    token = next(_tokens)
    held = memoryview(memory)  # one of our own: nobody else can release it
    address = 0
    if len(held):
        address = address_of(held) + layout.offset * held.itemsize
    _lent[token] = held
    handle = raw.wrap(raw.memory.at(address), *shape, *strides, layout.dtype.encode(), token)
    return handle or _lend_or_raise(address, layout, token)


def _lend_or_raise(address: int, layout: Layout, token: int) -> int:
    """Once more, through the function that raises."""
    try:
        return functions.wrap(address or None, layout.shape, layout.strides, layout.dtype, token)
    except BaseException:
        del _lent[token]
        raise


@lru_cache(maxsize=1024)
def _listed(sizes: tuple[int, ...]) -> tuple[Any, int]:
    """Pointer and length of sizes for C."""
    return functions.opened().memory.elements("q", sizes)


def _reclaim_some() -> None:
    """Look for memory to let go of, each time that twice as much is lent."""
    global _look_at
    if len(_lent) >= _look_at:
        reclaim()
        _look_at = max(64, 2 * len(_lent))


def reclaim() -> None:
    """Let go of lent memory that nothing uses any more.  Waits for nothing, so finalizers may call it."""
    global _wanted
    _wanted = True
    while _wanted and _reclaiming.acquire(blocking=False):
        try:
            _wanted = False
            for token in _tokens_released():
                if _lent.pop(token, None) is None and token < _FIRST_TOKEN:
                    _others.append(token)
        finally:
            _reclaiming.release()


def _tokens_released() -> Sequence[int]:
    """A success of the C function leaves the thread's error as it is; with some room to spare it does not fail."""
    raw = functions.opened()
    for spare in _SPARE:
        count = raw.released(raw.memory.null, 0)
        if count <= 0:
            break
        tokens, pointer = raw.memory.room("q", count + spare)
        taken = raw.released(pointer, count + spare)
        if taken >= 0:
            return tokens[:taken]
    return ()


def released() -> list[int]:
    """Take the tokens of memory that was wrapped through rt_torch.native and that nothing uses any more."""
    reclaim()
    taken = []
    while _others:
        taken.append(_others.popleft())
    return taken


class Owner:
    """A native tensor that stays for as long as its memory is seen from Python."""

    __slots__ = ("handle",)

    def __init__(self, handle: int) -> None:
        self.handle = 0
        self.handle = functions.retain(handle)

    def __del__(self) -> None:
        if self.handle:
            functions.free(self.handle)
        if _lent:  # the memory may be Python's in the end
            reclaim()


def see(handle: int, dtype: str) -> tuple[memoryview, tuple[int, ...], tuple[int, ...]]:
    """The memory of a CPU tensor, without copying: one-dimensional and writable; with the tensor's shape and strides."""
    shape, strides = tuple(functions.shape(handle)), tuple(functions.strides(handle))
    if 0 in shape:
        return room(0, dtype), shape, strides
    size = (extent(shape, strides)[1] + 1) * ITEM_SIZES[dtype]
    return typed(visible(functions.data_ptr(handle), size, Owner(handle)), FORMATS[dtype]), shape, strides
