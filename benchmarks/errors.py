"""What a failing call costs: from C, and torch's own exception for comparison."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.programs import nanoseconds
from benchmarks.report import Table, ratio

GOAL = 20.0  # microseconds, from C


def measure(library: Path, libtorch: Path) -> Table | None:
    """None where there is no C compiler."""
    taken = nanoseconds("error_cost", library, libtorch)
    if not taken:
        return None
    peer = torch_error()
    rows = [(name, f"{cost / 1000:.2f} us", ratio(cost / 1000 / peer)) for name, cost in taken.items()]
    rows.append(("torch: shapes that do not broadcast, caught in Python", f"{peer:.2f} us", "1.00"))
    note = f"A call from C that fails before libtorch is called; the goal is {GOAL:.0f} us."
    return Table("Errors", note, ("error", "time", "ratio"), tuple(rows))


def torch_error() -> float:
    """Microseconds for torch to raise, and Python to catch, an error about shapes."""
    import torch

    x, y = torch.zeros(2, dtype=torch.float64), torch.zeros(3, dtype=torch.float64)
    return raise_cost(lambda: x + y, RuntimeError)


def raise_cost(call: Callable[[], object], error: type[Exception], *, rounds: int = 21, turns: int = 1000) -> float:
    """Median microseconds of a call that raises, including its `try`."""
    taken = []
    for _ in range(rounds):
        start = time.perf_counter()
        for _ in range(turns):
            try:
                call()
            except error:
                continue
        taken.append((time.perf_counter() - start) / turns * 1e6)
    return statistics.median(taken)
