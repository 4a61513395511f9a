"""Memory that training takes, in a process for each library that `benchmarks.training` starts."""

from __future__ import annotations

import ctypes
import gc
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks import child, learners
from benchmarks.learners import Learner, Task
from benchmarks.steps import LARGE

STEPS = 5
LITTLE = Task((3, 4, 2), 4, "cross_entropy")  # what learns before, so that the library has all that it needs
SMALL = Task((64, 512, 10), 8, "cross_entropy")  # instead of the large net, to see whether everything runs
FORGET_PEAK = "5"  # as Linux has it

LEARNERS: dict[str, Callable[[Task], Learner]] = {
    "torch": partial(learners.torch, alike=False),
    "native": partial(learners.rt_torch, mode="native", alike=False),
}


def measure(library: str, small: bool) -> dict[str, Any]:
    """Bytes, at most, of a net that learns: {"f32 SGD": 8e6, ...}; nothing where the system does not tell."""
    try:
        return {
            f"{dtype} {optimizer}": peak(
                LEARNERS[library], (SMALL if small else LARGE)._replace(dtype=dtype, optimizer=optimizer)
            )
            for dtype in ("f32", "f64")
            for optimizer in ("SGD", "Adam")
        }
    except OSError:
        return {}


def peak(learner: Callable[[Task], Learner], task: Task) -> float:
    """Resident bytes during some steps, at most, less those before the net was there.

    What the library takes for itself is there before, as a little net has learned.
    """
    steps(learner(LITTLE._replace(dtype=task.dtype, optimizer=task.optimizer)))
    give_back()
    before = status("VmRSS")
    learns = learner(task)
    steps(learns)
    give_back()
    Path("/proc/self/clear_refs").write_text(FORGET_PEAK)
    steps(learns)
    return status("VmHWM") - before


def steps(learner: Learner) -> None:
    for _ in range(STEPS):
        learner.step()


def give_back() -> None:
    """To the system, what nobody uses."""
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)


def status(field: str) -> float:
    """Bytes, of which Linux tells KiB."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(f"{field}:"):
            return float(line.split()[1]) * 1024
    raise OSError(f"/proc/self/status has no {field}")


def main() -> int:
    options = child.options()
    child.answer(measure(options.operation, options.small))
    return 0


if __name__ == "__main__":
    sys.exit(main())
