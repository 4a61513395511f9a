"""How far fit is: a bar on a terminal, lines elsewhere, or nothing."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from typing import Any

import pytest

from rt_torch import _terminal
from rt_torch.training import EarlyStopping, Trainer, TrainingHistory
from tests.training.conftest import At, Stderr, loader, samples, trainer

Streams = Callable[[bool], Stderr]
CLEAR = "\r\033[K"


def known(it: Trainer, losses: list[float]) -> Trainer:
    values = iter(losses)
    it.train_step = lambda x, y: next(values)  # type: ignore[method-assign]  # known losses
    return it


def test_a_line_for_each_epoch(stderr: Streams) -> None:
    stream = stderr(False)
    known(trainer(), [4.135, 0.0602352, 1e-7]).fit(samples(), 3)
    assert stream.text == "epoch 0: loss 4.135\nepoch 1: loss 0.06024\nepoch 2: loss 1e-07\n"


def test_lines_with_all_that_is_known(stderr: Streams) -> None:
    stream = stderr(False)
    it = known(trainer(metrics={"error": lambda prediction, target: 0.25}), [0.5])
    it.measured = {"error": 0.75}
    it.compute = lambda x, y: (x.sum() * 0.0 + 2.0, x)  # type: ignore[method-assign]  # known losses
    it.fit(samples(), 1, validation=samples())
    assert stream.text == "epoch 0: loss 0.5, validation_loss 2, error 0.75, validation_error 0.25\n"


def test_a_line_every_so_often_and_for_the_last_epoch(stderr: Streams) -> None:
    stream = stderr(False)
    known(trainer(), [1.0] * 7).fit(samples(), 7, progress=3)
    assert [line.split(":")[0] for line in stream.text.splitlines()] == ["epoch 2", "epoch 5", "epoch 6"]


@pytest.mark.parametrize("terminal", [True, False])
@pytest.mark.parametrize("progress", [False, 0])
def test_nothing(stderr: Streams, terminal: bool, progress: Any) -> None:
    stream = stderr(terminal)
    trainer().fit(loader(), 3, progress=progress)
    assert stream.text == ""


def test_why_it_ended_before_its_time(stderr: Streams) -> None:
    stream = stderr(False)
    known(trainer(callbacks=[EarlyStopping(patience=1)]), [1.0, 2.0, 3.0]).fit(samples(), 3)
    assert stream.text.splitlines()[1:] == ["epoch 1: loss 2", "stopped before epoch 2: no better loss for 1 epoch"]
    stream = stderr(False)
    trainer(callbacks=[At(0, 1, lambda it: it.stop("enough"))]).fit(loader(), 3)
    assert stream.text == "stopped in epoch 0, after 2 of its batches: enough\n"


def test_a_bar_on_a_terminal(stderr: Streams, clock: list[float]) -> None:
    stream = stderr(True)

    class Slow:
        def on_batch_end(self, it: Trainer, loss: float) -> None:
            clock[0] += 0.3

    known(trainer(callbacks=[Slow()]), [1.0] * 10).fit(loader(), 2)
    drawn = stream.text.split(CLEAR)
    assert drawn[1] == f"[{'#' * 3:30}]  10 %  epoch 0/1, batch 1/5, loss 1"
    assert drawn[4] == f"[{'#' * 12:30}]  40 %  epoch 0/1, batch 4/5, loss 1, 2 s left"
    assert drawn[5] == f"[{'#' * 15:30}]  50 %  epoch 0/1, batch 5/5, loss 1, 1 s left"
    assert drawn[6] == "epoch 0: loss 1\n"  # which stays
    assert "epoch 1/1, batch 1/5, loss 1" in drawn[6 + 1]
    assert stream.text.endswith(f"{CLEAR}epoch 1: loss 1\n")
    assert stream.text.count("\n") == 2


def test_many_short_epochs_are_one_line(stderr: Streams, clock: list[float]) -> None:
    stream = stderr(True)

    class Slow:
        def on_batch_end(self, it: Trainer, loss: float) -> None:
            clock[0] += 0.004

    known(trainer(callbacks=[Slow()]), [1.0] * 1000).fit(samples(), 1000)
    lines = [part for part in stream.text.split(CLEAR) if part.endswith("\n")]
    assert [line.split(":")[0] for line in lines] == ["epoch 249", "epoch 499", "epoch 749", "epoch 999"]
    drawn = [part for part in stream.text.split(CLEAR) if part.startswith("[")]
    assert 35 <= len(drawn) <= 45
    assert "epoch 500/999, loss 1, 2 s left" in "".join(drawn)


@pytest.mark.parametrize(("columns", "longest"), [(40, 39), (0, 57)])
def test_a_line_is_not_longer_than_the_terminal(
    stderr: Streams, monkeypatch: pytest.MonkeyPatch, columns: int, longest: int
) -> None:
    """Of which some do not know how wide they are."""
    stream = stderr(True)
    stream.fileno = lambda: 2  # type: ignore[attr-defined]  # of a terminal
    monkeypatch.setattr(_terminal.os, "get_terminal_size", lambda number: type("Size", (), {"columns": columns})())
    known(trainer(), [1.0]).fit(samples(), 1)
    assert max(len(part.strip("\n")) for part in stream.text.split(CLEAR) if part.startswith("[")) == longest


class Broken(io.StringIO):
    def write(self, text: str) -> int:
        raise BrokenPipeError


@pytest.mark.parametrize("terminal", [True, False])
def test_nobody_reads_on(monkeypatch: pytest.MonkeyPatch, terminal: bool) -> None:
    stream = Broken()
    stream.isatty = lambda: terminal  # type: ignore[method-assign]  # or not
    monkeypatch.setattr(sys, "stderr", stream)
    assert len(trainer().fit(loader(), 2).epochs) == 2


@pytest.mark.parametrize("closed", [True, False])
def test_there_is_no_stderr(monkeypatch: pytest.MonkeyPatch, closed: bool) -> None:
    stream = io.StringIO()
    stream.close()
    monkeypatch.setattr(sys, "stderr", stream if closed else None)
    assert len(trainer().fit(loader(), 2).epochs) == 2


def test_an_error_leaves_a_clean_line(stderr: Streams) -> None:
    def fail(it: Trainer) -> None:
        raise ZeroDivisionError

    stream = stderr(True)
    with pytest.raises(ZeroDivisionError):
        trainer(callbacks=[At(0, 3, fail)]).fit(loader(), 1)
    assert stream.text.endswith(CLEAR)


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.4, "0 s"), (59.4, "59 s"), (61.0, "1 min 1 s"), (7260.0, "2 h 1 min")]
)
def test_durations(seconds: float, text: str) -> None:
    from rt_torch.training.progress import _duration

    assert _duration(seconds) == text


def test_what_an_epoch_says_of_itself() -> None:
    from rt_torch.training.progress import described

    assert described(TrainingHistory([0], [0.5], [None], [0.1], {"a": [1.0]})) == "loss 0.5, a 1"
