"""The two tiers behind one tensor: what choosing costs, and how good the choice is."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks import child
from benchmarks.points import FUNCTIONS, LONG, SUSPECT, Grid, Point
from benchmarks.report import Table, ratio, shown_seconds

CALL_GOAL = 1.15  # `a + b` on resident tensors to torch's
DECISION_GOAL = 1.05  # AUTO to NATIVE
MOVE_GOAL = 20  # microseconds
MEAN_GOAL, WORST_GOAL = 1.05, 1.25  # AUTO to the better mode
WORST = 8  # points that are listed

LOADERS = {"cffi-api": "cffi's API mode", "cffi": "cffi's ABI mode"}
OTHERS = {  # what is measured: its title, what the ratio is to, the goal
    "wrap": ("memory of 1,000,000 f64 as a native tensor", "a copy of it", f"{MOVE_GOAL} us"),
    "view": ("a native tensor of 1,000,000 f64 seen from Python", "a copy of it", f"{MOVE_GOAL} us"),
    "explain": ('`rt.explain("add", a, b)`', "the call itself", ""),
}


def measure(library: Path, libtorch: Path, *, rounds: int, small: bool = False) -> tuple[list[Table], Grid]:
    variables = {"RT_TORCH_LIBRARY": str(library), "RT_TORCH_LIBTORCH": str(libtorch), "RT_TORCH_ACCEL": ""}
    calls = child.measured("benchmarks.small_calls", variables, rounds=rounds, small=small)
    grid = grid_of(child.measured("benchmarks.grid", variables, rounds=rounds, small=small))
    tables = [
        calls_table(calls["calls"], calls["loader"]),
        others_table(calls["others"]),
        choice_table(grid),
        worst_table(grid),
    ]
    return tables, grid


def grid_of(answer: Any) -> Grid:
    points, skipped, *rest = answer
    return Grid([Point(*each) for each in points], [(name, size) for name, size in skipped], *rest)


def calls_table(calls: dict[str, dict[str, Any]], loader: str) -> Table:
    rows = [
        (title, *(cell(times[name]) for name in ("torch", "native", "auto")), ratio(times["decision"]))
        for title, times in calls.items()
    ]
    rows.append(
        ("goal", "", f"{ratio(CALL_GOAL)} for `a + b`", f"{ratio(CALL_GOAL)} for `a + b`", ratio(DECISION_GOAL))
    )
    note = (
        f"16 f64 elements that are resident, one thread, through {LOADERS.get(loader, loader)}: the ratio to torch's own "
        "call, and nanoseconds. The last column is what AUTO's decision costs: it chooses native too."
    )
    return Table("A small call of a tensor", note, ("call", "torch", "NATIVE", "AUTO", "AUTO to NATIVE"), tuple(rows))


def others_table(others: dict[str, list[float]]) -> Table:
    rows = [
        (
            title,
            shown_seconds(others[key][0] / 1e9),
            f"{others[key][1]:.3f}" if others[key][1] < 0.1 else ratio(others[key][1]),
            peer,
            goal,
        )
        for key, (title, peer, goal) in OTHERS.items()
    ]
    note = "Nothing is copied where memory is shared; the ratio is to what the next column says."
    return Table("Moving and explaining", note, ("what", "time", "ratio", "to", "goal"), tuple(rows))


def cell(times: Sequence[float]) -> str:
    nanoseconds, to_torch = times
    return f"{to_torch:.2f} ({nanoseconds:.0f})"


def choice_table(grid: Grid) -> Table:
    rows = [choice_row(name, [each for each in grid.points if each.function == name]) for name in FUNCTIONS]
    rows.append(choice_row("all", grid.points))
    rows.append(("goal", "", ratio(MEAN_GOAL), ratio(WORST_GOAL), ""))
    note = (
        f"Time in AUTO divided by the time in the better of PURE and NATIVE, over {len(grid.points)} combinations of "
        "function, size (1 to 4,194,304 f64 elements) and residency (list, memory, native), with the "
        f"{'default' if grid.profile == 'default' else 'calibrated'} profile and {grid.threads} threads. Operands are "
        "made anew for each call, and libtorch is loaded. A decision is remembered: the first call of a kind is not "
        f"timed where its decision could be seen. {grid.repeated} points above {SUSPECT} were measured again with more "
        f"rounds, and the second result counts.{left_out(grid)}"
    )
    return Table("The choice", note, ("function", "points", "geometric mean", "worst", "at"), tuple(rows))


def choice_row(title: str, points: Sequence[Point]) -> tuple[str, ...]:
    worst = max(points, key=lambda each: each.ratio)
    mean = math.exp(sum(math.log(each.ratio) for each in points) / len(points))
    where = f"{worst.size:,}, {worst.residency}"
    return title, str(len(points)), ratio(mean), ratio(worst.ratio), where


def left_out(grid: Grid) -> str:
    if not grid.skipped:
        return ""
    named = ", ".join(f"{name} of {size:,}" for name, size in grid.skipped)
    return f" Left out, as the pure tier would take more than {LONG:g} s: {named}."


def worst_table(grid: Grid) -> Table:
    worst = sorted(grid.points, key=lambda each: -each.ratio)[:WORST]
    rows = [
        (
            f"{each.function} of {each.size:,}, {each.residency}",
            *(shown_seconds(each.seconds[mode]) for mode in ("pure", "native", "auto")),
            each.tier,
            ratio(each.ratio),
        )
        for each in worst
    ]
    note = "The points where AUTO lost most, with the tier that it took."
    return Table("The worst choices", note, ("call", "PURE", "NATIVE", "AUTO", "took", "ratio"), tuple(rows))
