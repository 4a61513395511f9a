"""The pure tier against one-thread NumPy, and against what else computes in Python alone."""

from __future__ import annotations

import sys

from benchmarks import child, peers
from benchmarks.pure_times import LEAST, OURS, Times
from benchmarks.report import Table, factor, ratio, shown_seconds

SUMPRODUCT = sys.version_info >= (3, 12)  # math.sumprod is there
GOALS = {
    "add": 130.0,
    "relu": 55.0,
    "sum": 50.0,
    "exp": 45.0,
    "softmax": 55.0,
    "transpose": 6.0,
    "transpose memory": 6.0,
    "matmul": 300.0 if SUMPRODUCT else 620.0,
    "small add": 0.6,
}
SLOWER = {"tinynumpy": 7.0, "tinygrad": 400.0}  # how many times as long as ours they take, at least


def measure(*, rounds: int, small: bool = False) -> tuple[Table, list[str]]:
    """The table, and who is not in it, with the reason."""
    variables = {**child.ONE_THREAD, "DEV": "PYTHON", "CACHELEVEL": "0"}
    times: dict[str, Times] = {}
    absent: dict[str, str] = {}
    for operation in peers.OPERATIONS:
        answer = child.measured("benchmarks.pure_times", variables, rounds=rounds, small=small, operation=operation)
        times[operation] = answer["times"]
        absent |= answer["absent"]
    return table(times, peers.SMALL if small else peers.FULL), [f"{name}: {reason}" for name, reason in absent.items()]


def table(times: dict[str, Times], sizes: peers.Sizes) -> Table:
    rows = [row(operation, times[operation], sizes) for operation in peers.OPERATIONS]
    rows.append(("goal: at least", "", "", "", "", "", *(factor(SLOWER[name]) for name in SLOWER)))
    note = (
        "f64, one thread, through the public API; tensors from lists where no memory is spoken of. Each operation is "
        "measured in a process of its own, because a heap that others have fragmented costs up to a quarter more. The "
        "ratio is to NumPy, and to torch where only the call counts. Python's least is the ratio of the shortest Python "
        "that gives such a list at all: `[*map(math.exp, x)]`, `sum(x)`, a copy of the list for its transpose. Then, how "
        "many times as long as rt-torch tinynumpy and tinygrad's `PYTHON` device take for the same (`-`: it has no such "
        "function). What tinygrad takes up to minutes for it does once, between two turns of rt-torch."
    )
    columns = (
        "work",
        "time",
        "against",
        "ratio",
        "goal: at most",
        "Python's least",
        "tinynumpy takes",
        "tinygrad takes",
    )
    return Table("The pure tier", note, columns, tuple(rows))


def row(operation: str, times: dict[str, list[float]], sizes: peers.Sizes) -> tuple[str, ...]:
    peer = "torch" if operation == "small add" else "NumPy"
    measured = shown_seconds(times[OURS][0] / 1e9), peer, ratio(times[peer][1]) if peer in times else "-"
    least = ratio(times[peer][1] / times[LEAST][1]) if LEAST in times and peer in times else "-"
    slower = [factor(1 / times[name][1]) if name in times else "-" for name in SLOWER]
    return sizes.title(operation), *measured, f"{GOALS[operation]:g}", least, *slower
