"""Small calls on resident tensors, and what moving and explaining cost: in the process that `benchmarks.tiers` starts."""

from __future__ import annotations

import sys
from array import array
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Any

import rt_torch as rt
from benchmarks import child
from benchmarks.peers import adding, loop
from benchmarks.timing import Loop, Prepare, Timer, alternate, summarise, time_one, time_prepared
from rt_torch import loader

PEER = "torch"
MODES = ("native", "auto")
TURNS = 4000
ELEMENTS = 1_000_000  # that are wrapped and viewed
MOVED = 10  # tensors in a round
DATA = [0.5 * i - 4.0 for i in range(16)]

Call = Callable[[], object]


def measure(*, rounds: int, small: bool) -> dict[str, Any]:
    """{"calls": {call: {contender: [nanoseconds, ratio to torch], "decision": AUTO to NATIVE}}, "others": {...}, "loader": ...}

    The others are nanoseconds and the ratio to what each is compared with.
    """
    turns, elements = (20, 100) if small else (TURNS, ELEMENTS)
    calls = {title: decided(title, *pair, rounds=rounds, turns=turns) for title, pair in pairs().items()}
    memory = array("d", bytes(8 * elements))
    copy = partial(time_one, loop(memoryview(memory).tobytes))
    others = {
        "wrap": against(copy, partial(time_prepared, wrapping(memory)), rounds=rounds, turns=MOVED),
        "view": against(copy, partial(time_prepared, viewing(memory)), rounds=rounds, turns=MOVED),
        "explain": explained(rounds=rounds, turns=turns),
    }
    return {"calls": calls, "others": others, "loader": loader.opened().loader}


def pairs() -> dict[str, tuple[Loop, Loop]]:
    """Each call by torch and by us, on tensors that are resident.

    Operands are tensors of their own: one that is both operands, or that there is a view of, takes torch a tenth less.
    """
    import torch

    torch.set_num_threads(1)
    x, y, z, w = (torch.tensor(DATA, dtype=torch.float64) for _ in range(4))
    m, n, o, p = (torch.tensor([DATA[i : i + 4] for i in range(0, 16, 4)], dtype=torch.float64) for _ in range(4))
    row = torch.tensor(DATA[:4], dtype=torch.float64)
    a, b, c, d = (resident(DATA, 16) for _ in range(4))
    q, r, s, t = (resident(DATA, 4, 4) for _ in range(4))
    line = resident(DATA[:4], 4)
    return {
        "`a + b`": (adding(x, y), adding(a, b)),
        "`a + row`": (adding(m, row), adding(q, line)),
        "softmax": (loop(lambda: z.softmax(0)), loop(lambda: c.softmax(0))),
        "sum": (loop(lambda: w.sum()), loop(lambda: d.sum())),
        "sum(dim)": (loop(lambda: n.sum(1)), loop(lambda: r.sum(1))),
        "matmul 4x4": (loop(lambda: o @ p), loop(lambda: s @ t)),
    }


def resident(flat: list[float], *shape: int) -> Any:
    """A tensor that only the native side has."""
    rt.set_acceleration("native")
    tensor = rt.from_data(flat, shape).clone()
    if tensor.residency != "native":
        raise RuntimeError(f"a clone in mode native is resident in {tensor.residency}")
    return tensor


def decided(title: str, theirs: Loop, ours: Loop, *, rounds: int, turns: int) -> dict[str, Any]:
    timers: dict[str, Timer] = {PEER: partial(time_one, theirs)}
    timers |= {mode: partial(time_prepared, in_mode(mode, ours)) for mode in MODES}
    for timer in timers.values():
        timer(max(turns // 10, 1))  # warm
    taken = alternate(timers, dict.fromkeys(timers, turns), rounds=rounds, title=title)
    found: dict[str, Any] = {name: pair(times, taken[PEER]) for name, times in taken.items()}
    return {**found, "decision": summarise(taken["auto"], taken["native"]).ratio}


def in_mode(mode: str, inner: Loop) -> Prepare:
    """The loop once the mode is set, which takes as long as fifty calls."""

    def prepare(turns: int) -> Call:
        rt.set_acceleration(mode)
        return partial(inner, turns)

    return prepare


def explained(*, rounds: int, turns: int) -> list[float]:
    """An explanation, and the call that it explains."""
    a = resident([1.0] * 16, 16)
    peer, ours = adding(a, a), loop(lambda: rt.explain("add", a, a))
    timers = [partial(time_prepared, in_mode("auto", each)) for each in (peer, ours)]
    return against(*timers, rounds=rounds, turns=turns)


def wrapping(memory: array[float]) -> Prepare:
    """The native side of tensors on Python's memory."""

    def prepare(turns: int) -> Call:
        tensors = [rt.from_buffer(memory) for _ in range(turns)]
        return lambda: deque(map(rt.Tensor.to_native, tensors), maxlen=0)

    return prepare


def viewing(memory: array[float]) -> Prepare:
    """Python's view of tensors that libtorch made."""

    def prepare(turns: int) -> Call:
        rt.set_acceleration("native")
        tensors = [rt.from_buffer(memory).clone() for _ in range(turns)]
        return lambda: deque(map(rt.Tensor.memoryview, tensors), maxlen=0)

    return prepare


def against(peer: Timer, ours: Timer, *, rounds: int, turns: int) -> list[float]:
    timers = {"peer": peer, "ours": ours}
    for each in timers.values():
        each(max(turns // 10, 1))  # warm
    taken = alternate(timers, dict.fromkeys(timers, turns), rounds=rounds, title="moving and explaining")
    return pair(taken["ours"], taken["peer"])


def pair(times: list[float], peer: list[float]) -> list[float]:
    measured = summarise(times, peer)
    return [measured.nanoseconds, measured.ratio]


def main() -> int:
    options = child.options()
    child.answer(measure(rounds=options.rounds, small=options.small))
    return 0


if __name__ == "__main__":
    sys.exit(main())
