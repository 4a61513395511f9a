"""The tables of training say what was measured, and what is compared is the same work."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from itertools import pairwise

import pytest

import rt_torch as rt
from benchmarks import learners, steps, training
from benchmarks.learners import Learner, Task
from benchmarks.steps import LITTLE, SMALL, Contender

TASK = [*SMALL]  # as it comes through JSON


@pytest.fixture(autouse=True)
def mode_as_before() -> Iterator[None]:
    mode = rt.get_current_mode()
    yield
    rt.set_acceleration(mode)


def test_steps_beside_the_goal() -> None:
    found = [
        {"task": TASK, "threads": threads, "seconds": 2e-3, "peer": 1e-3, "ratio": 2.0 / threads} for threads in (1, 2)
    ]
    table = training.steps_table(found)
    assert table.note.startswith("3-4-2, batch 4: ")
    assert table.rows == (
        ("f64, SGD, 1 thread", "1 ms", "2 ms", "2.00"),
        ("f64, SGD, 2 threads", "1 ms", "2 ms", "1.00"),
        ("goal: at most", "", "", "1.15"),
    )


@pytest.mark.parametrize("installed", [True, False])
def test_pure_steps_beside_others(installed: bool) -> None:
    peers = {
        "torch": {"seconds": 1e-3, "peer": 1e-4, "ratio": 10.0},
        "micrograd": {"seconds": 1e-3, "peer": 4e-2, "ratio": 0.025},
        "micrograd, collector off": {"seconds": 1e-3, "peer": 2.5e-2, "ratio": 0.04},
    }
    if not installed:
        peers = {"torch": peers["torch"]}
    rows = training.little_table({"task": TASK, "peers": peers}).rows
    assert rows[:2] == (
        ("rt-torch, pure tier", "1 ms", "1.00", ""),
        ("torch", "100 us", "10.00", "12 at most"),
    )
    micrograd = (
        ("micrograd", "40 ms", "takes 40x", "19x at least"),
        ("micrograd, collector off", "25 ms", "takes 25x", "19x at least"),
    )
    assert rows[2:] == (micrograd if installed else ())


def test_backward_choice_and_memory() -> None:
    back = training.backward_table([{"task": TASK, "name": "native", "forward": 1e-3, "ratio": 2.5}])
    assert back.rows == (("3-4-2, batch 4: NATIVE", "1 ms", "2.50"),)
    seconds = {"pure": 1e-3, "native": 2e-3, "auto": 1.1e-3}
    choice = training.choice_table([{"task": TASK, "seconds": seconds, "ratio": 1.1}])
    assert choice.rows[0] == ("3-4-2, batch 4, f64, SGD", "1 ms", "2 ms", "1.1 ms", "1.10")
    memory = training.memory_table(
        {"torch": {"f32 SGD": 8e6, "f64 SGD": 0.0}, "native": {"f32 SGD": 1e7, "f64 SGD": 1.0}}
    )
    assert memory.rows == (("f32 SGD", "8.0 MB", "10.0 MB", "1.25"), ("f64 SGD", "0.0 MB", "0.0 MB", "-"))


def test_all_libraries_learn_the_same() -> None:
    task = LITTLE._replace(sizes=(2, 3, 1), batch=4)
    contenders = {"pure": steps.ours(task, "pure")}
    for name, made in (("torch", learners.torch), ("micrograd", learners.micrograd)):
        if importlib.util.find_spec(name) is not None:
            contenders[name] = Contender(made(task))
    steps.check_alike(contenders)  # raises where they do not


def test_contenders_that_learn_otherwise_are_told() -> None:
    def learner(losses: list[float]) -> Contender:
        return Contender(Learner(lambda: None, lambda: None, lambda: losses.pop(), lambda lost: float(lost)))

    steps.check_alike({"a": learner([4.0, 3.0, 2.0, 1.0]), "b": learner([4.0, 3.0, 2.0, 1.00001])})
    with pytest.raises(RuntimeError, match="do not learn the same"):
        steps.check_alike({"a": learner([4.0, 3.0, 2.0, 1.0]), "b": learner([4.0, 3.0, 2.5, 1.0])})


def test_the_loss_falls() -> None:
    for optimizer in ("SGD", "Adam"):
        learner = learners.rt_torch(SMALL._replace(optimizer=optimizer), "pure")
        lost = [learner.number(learner.step()) for _ in range(5)]
        assert all(before > after for before, after in pairwise(lost))


def test_micrograd_does_what_it_can() -> None:
    with pytest.raises(ValueError, match="micrograd: mse_loss, SGD and one output are expected"):
        learners.micrograd(SMALL)


def test_a_task_names_itself() -> None:
    assert Task((2, 16, 16, 1), 32, "mse_loss").title == "2-16-16-1, batch 32"
