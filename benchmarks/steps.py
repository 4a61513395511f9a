"""Training steps by us and by others, in the process that `benchmarks.training` starts."""

from __future__ import annotations

import gc
import math
import statistics
import sys
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, NamedTuple

import rt_torch as rt
from benchmarks import child, learners
from benchmarks.learners import Learner, Task
from benchmarks.timing import Timer, alternate, time_prepared
from rt_torch import native

SECONDS = 0.04  # for each contender in a round, at least
FEWEST, LONG = 5, 0.2  # rounds, where a contender takes longer than so many seconds
MODES = ("pure", "native", "auto")

LARGE = Task((784, 512, 256, 128, 10), 128, "cross_entropy")
LITTLE = Task((2, 16, 16, 1), 32, "mse_loss")
CHOICES = (  # from what Python does sooner to what libtorch does
    Task((2, 4, 1), 4, "mse_loss"),
    LITTLE,
    LITTLE._replace(optimizer="Adam"),
    Task((4, 16, 3), 120, "cross_entropy", optimizer="Adam"),
    Task((8, 32, 32, 4), 64, "cross_entropy"),
    Task((64, 64, 10), 32, "cross_entropy", optimizer="Adam"),
    Task((64, 128, 10), 256, "cross_entropy"),
    Task((784, 128, 10), 32, "cross_entropy", "f32", "Adam"),
)
SMALL = Task((3, 4, 2), 4, "cross_entropy")  # instead of others, to see whether everything runs
SMALLEST = CHOICES[0]  # instead of the little one


class Contender(NamedTuple):
    learner: Learner
    prepare: Callable[[], object] = lambda: None  # sets what may be another one by then
    collects: bool = True  # whether Python's garbage collector is on meanwhile, as who learns has it


class Times:
    """What contenders took for parts of a step, in nanoseconds and in the same rounds."""

    def __init__(self, contenders: Mapping[str, Contender], parts: tuple[str, ...], rounds: int, small: bool) -> None:
        check_alike(contenders)
        timers = {(name, part): timer(each, part) for name, each in contenders.items() for part in parts}
        first = {which: each(1) / 1e9 for which, each in timers.items()}
        turns = {f"{name} {part}": 1 if small else math.ceil(SECONDS / taken) for (name, part), taken in first.items()}
        self._taken = alternate(
            {f"{name} {part}": each for (name, part), each in timers.items()},
            turns,
            rounds=min(rounds, FEWEST) if max(first.values()) > LONG else rounds,
            title="training",
        )

    def seconds(self, name: str, part: str = "step") -> float:
        return statistics.median(self._taken[f"{name} {part}"]) / 1e9

    def ratio(self, name: str, peer: str, part: str = "step") -> float:
        """Median of those in the same round."""
        return statistics.median(map(_quotient, self._taken[f"{name} {part}"], self._taken[f"{peer} {part}"]))

    def backward(self, name: str) -> float:
        """What backward takes, to what the way forward takes."""
        both, forward = self._taken[f"{name} gradients"], self._taken[f"{name} forward"]
        return statistics.median(map(_quotient, both, forward)) - 1.0


def _quotient(mine: float, theirs: float) -> float:
    return mine / theirs


def timer(contender: Contender, part: str) -> Timer:
    """Of "forward", "gradients" or "step".

    It is run once more before the clock starts: a change of the mode forgets what was decided.
    """
    call = getattr(contender.learner, part)

    def prepared(turns: int) -> Callable[[], object]:
        if contender.collects:
            gc.enable()
        else:
            gc.collect()  # what it left the last time
            gc.disable()
        contender.prepare()
        call()
        return partial(repeated, call, turns)

    return partial(time_prepared, prepared)


def repeated(call: Callable[[], object], turns: int) -> None:
    for _ in range(turns):
        call()


def check_alike(contenders: Mapping[str, Contender]) -> None:
    """All do the same work: their losses agree in the first steps, which also warms."""
    lost: dict[str, list[float]] = {}
    for name, each in contenders.items():
        each.prepare()
        lost[name] = [each.learner.number(each.learner.step()) for _ in range(4)]
    first, *others = lost.values()
    for other in others:
        if any(not math.isclose(a, b, rel_tol=1e-4) for a, b in zip(first, other, strict=True)):
            raise RuntimeError(f"the contenders do not learn the same: {lost}")


def ours(task: Task, mode: str) -> Contender:
    return Contender(learners.rt_torch(task, mode), partial(rt.set_acceleration, mode))


def torch(task: Task) -> Contender:
    return Contender(learners.torch(task))


# The comparisons: each gives what JSON can say, but for the tasks, which come back as lists.


def large(rounds: int, small: bool) -> list[dict[str, Any]]:
    """A step of a net that libtorch is for, by the native tier and by torch."""
    found = []
    for threads in sorted({1, native.get_num_threads()}):
        native.set_num_threads(threads)
        for dtype in ("f32", "f64"):
            for optimizer in ("SGD", "Adam"):
                task = (SMALL if small else LARGE)._replace(dtype=dtype, optimizer=optimizer)
                times = Times({"native": ours(task, "native"), "torch": torch(task)}, ("step",), rounds, small)
                found.append({"task": task, "threads": threads, **summary(times, "native", "torch")})
    return found


def little(rounds: int, small: bool) -> dict[str, Any]:
    """A step of a net that Python is for, by the pure tier, torch, and micrograd if it is installed."""
    task = SMALLEST if small else LITTLE
    contenders = {"pure": ours(task, "pure"), "torch": torch(task)}
    absent = ""
    try:
        contenders["micrograd"] = Contender(learners.micrograd(task))
        contenders["micrograd, collector off"] = Contender(learners.micrograd(task), collects=False)
    except ImportError as error:
        absent = f"micrograd: {error}"
    times = Times(contenders, ("step",), rounds, small)
    peers = {name: summary(times, "pure", name) for name in contenders if name != "pure"}
    return {"task": task, "peers": peers, "absent": absent}


def backward(rounds: int, small: bool) -> list[dict[str, Any]]:
    """What going back costs beside going forward."""
    found = []
    for task, modes in ((SMALL if small else LARGE, ("native",)), (SMALLEST if small else LITTLE, ("native", "pure"))):
        contenders = {"torch": torch(task), **{mode: ours(task, mode) for mode in modes}}
        times = Times(contenders, ("forward", "gradients"), rounds, small)
        found += [
            {"task": task, "name": name, "forward": times.seconds(name, "forward"), "ratio": times.backward(name)}
            for name in contenders
        ]
    return found


def choice(rounds: int, small: bool) -> list[dict[str, Any]]:
    """Steps in AUTO, and in both other modes."""
    found = []
    for task in (SMALL,) if small else CHOICES:
        times = Times({mode: ours(task, mode) for mode in MODES}, ("step",), rounds, small)
        better = min(("pure", "native"), key=times.seconds)
        taken = {mode: times.seconds(mode) for mode in MODES}
        found.append({"task": task, "seconds": taken, "ratio": times.ratio("auto", better)})
    return found


def summary(times: Times, name: str, peer: str) -> dict[str, Any]:
    return {"seconds": times.seconds(name), "peer": times.seconds(peer), "ratio": times.ratio(name, peer)}


def measure(rounds: int, small: bool) -> dict[str, Any]:
    """{"large": [...], "little": {...}, "backward": [...], "choice": [...]}"""
    threads = native.get_num_threads()
    found: dict[str, Any] = {"large": large(rounds, small)}
    native.set_num_threads(1)
    found |= {"little": little(rounds, small), "backward": backward(rounds, small)}
    native.set_num_threads(threads)
    return {**found, "choice": choice(rounds, small)}


def main() -> int:
    options = child.options()
    gc.freeze()  # what was imported is not gone through again and again
    child.answer(measure(options.rounds, options.small))
    return 0


if __name__ == "__main__":
    sys.exit(main())
