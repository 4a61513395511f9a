"""Training: a step in each tier against torch and micrograd, what backward costs, how AUTO chooses, and the memory."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks import child
from benchmarks.learners import Task
from benchmarks.report import Table, factor, megabytes, ratio, shown_seconds

STEP_GOAL = 1.15  # native to torch
LITTLE_GOAL = 12.0  # pure to torch
MICROGRAD_GOAL = 19.0  # micrograd to pure, at least
CHOICE_GOAL = 1.25  # AUTO to the better mode

NAMES = {"torch": "torch", "native": "NATIVE", "pure": "PURE"}
RELU = "with ReLU between the layers and the loss and optimizer named, at torch's defaults but for the rate"


def measure(library: Path, libtorch: Path, *, rounds: int, small: bool = False) -> tuple[list[Table], list[str]]:
    """The tables, and what is not in them, with the reason."""
    variables = {"RT_TORCH_LIBRARY": str(library), "RT_TORCH_LIBTORCH": str(libtorch), "RT_TORCH_ACCEL": ""}

    found = child.measured("benchmarks.steps", variables, rounds=rounds, small=small)
    peaks = {
        who: child.measured("benchmarks.step_memory", variables, rounds=rounds, small=small, operation=who)
        for who in ("torch", "native")
    }
    tables = [
        steps_table(found["large"]),
        little_table(found["little"]),
        backward_table(found["backward"]),
        choice_table(found["choice"]),
        *([memory_table(peaks)] if all(peaks.values()) else []),
    ]
    absent = [
        found["little"]["absent"],
        "" if all(peaks.values()) else "memory of training: the system does not tell it",
    ]
    return tables, [reason for reason in absent if reason]


def steps_table(found: Sequence[dict[str, Any]]) -> Table:
    rows = [
        (
            f"{task.dtype}, {task.optimizer}, {threads(each['threads'])}",
            shown_seconds(each["peer"]),
            shown_seconds(each["seconds"]),
            ratio(each["ratio"]),
        )
        for each in found
        for task in [Task(*each["task"])]
    ]
    rows.append(("goal: at most", "", "", ratio(STEP_GOAL)))
    note = (
        f"{title(found[0])}: a step is zero_grad, the net, cross_entropy, backward and the optimizer's step. The native "
        "tier against torch, eager and with its default optimizers, in turns in one process; both compute with the same "
        "libtorch and as many threads."
    )
    return Table("A training step", note, ("step", "torch", "NATIVE", "ratio"), tuple(rows))


def little_table(found: dict[str, Any]) -> Table:
    times = found["peers"]
    rows = [("rt-torch, pure tier", shown_seconds(times["torch"]["seconds"]), "1.00", "")]
    torch = times["torch"]
    rows.append(("torch", shown_seconds(torch["peer"]), ratio(torch["ratio"]), f"{LITTLE_GOAL:g} at most"))
    for name in [name for name in times if name.startswith("micrograd")]:
        takes = f"takes {factor(1 / times[name]['ratio'])}"
        rows.append((name, shown_seconds(times[name]["peer"]), takes, f"{MICROGRAD_GOAL:g}x at least"))
    note = (
        f"{title(found)}, f64, one thread: zero_grad, the net, mse_loss, backward and SGD, with Python's garbage "
        "collector on, and micrograd, which leaves it much to do, without it too. The ratio is that of the pure tier to the other; of micrograd, how many times as long it takes."
    )
    return Table("A training step in pure Python", note, ("library", "time", "ratio", "goal"), tuple(rows))


def backward_table(found: Sequence[dict[str, Any]]) -> Table:
    rows = [
        (f"{title(each)}: {NAMES[each['name']]}", shown_seconds(each["forward"]), ratio(each["ratio"]))
        for each in found
    ]
    note = (
        "What zero_grad and backward take beside the way forward, the net and its loss with the graph recorded; f64, one "
        "thread."
    )
    return Table("Backward beside forward", note, ("net", "forward", "backward to forward"), tuple(rows))


def choice_table(found: Sequence[dict[str, Any]]) -> Table:
    rows = [
        (
            f"{task.title}, {task.dtype}, {task.optimizer}",
            *(shown_seconds(each["seconds"][mode]) for mode in ("pure", "native", "auto")),
            ratio(each["ratio"]),
        )
        for each in found
        for task in [Task(*each["task"])]
    ]
    rows.append(("goal: at most", "", "", "", ratio(CHOICE_GOAL)))
    note = (
        "Whole steps; the ratio is that of AUTO to the better of PURE and NATIVE, each learning on tensors of its own, "
        "which are where the steps before left them. The default profile and number of threads."
    )
    return Table("Training in AUTO", note, ("net", "PURE", "NATIVE", "AUTO", "ratio"), tuple(rows))


def memory_table(peaks: dict[str, dict[str, float]]) -> Table:
    rows = [
        (case, megabytes(theirs), megabytes(mine), ratio(mine / theirs) if theirs else "-")
        for case, theirs in peaks["torch"].items()
        for mine in [peaks["native"][case]]
    ]
    note = (
        "784-512-256-128-10, batch 128, in processes of their own: resident memory at most during steps, less that before "
        "the net was there, when a little net had learned already."
    )
    return Table("Memory of training", note, ("step", "torch", "NATIVE", "ratio"), tuple(rows))


def title(found: dict[str, Any]) -> str:
    return Task(*found["task"]).title


def threads(count: int) -> str:
    return "1 thread" if count == 1 else f"{count} threads"
