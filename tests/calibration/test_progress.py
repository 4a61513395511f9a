"""How far a calibration is: a bar on a terminal, a few lines elsewhere."""

from __future__ import annotations

import io

import pytest

from rt_torch.calibration import progress
from rt_torch.calibration.progress import Progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [0.0]
    monkeypatch.setattr(progress.time, "perf_counter", lambda: now[0])
    return now


def run(clock: list[float], stream: io.StringIO, monkeypatch: pytest.MonkeyPatch, **options: bool) -> str:
    monkeypatch.setattr("sys.stderr", stream)
    shown = Progress(10, **options)
    for tenth in range(130):
        clock[0] = tenth / 10
        shown.show("exp f32", tenth / 50 if tenth < 50 else 1.0)
    shown.end(True)
    return stream.getvalue()


def test_a_bar_is_drawn_again_and_again_and_removed(clock: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = run(clock, Terminal(), monkeypatch).split("\r\033[K")
    assert drawn[1] == f"[{'':30}]   0 %  exp f32"
    assert f"[{'#' * 15:30}]  51 %  exp f32" in drawn
    assert f"[{'#' * 30}] 100 %  exp f32" in drawn
    assert drawn[-1] == ""
    assert all("\n" not in line for line in drawn)


def test_a_few_lines_where_nobody_watches(clock: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    lines = run(clock, io.StringIO(), monkeypatch).splitlines()
    assert lines == [f"calibrating: {percent} %" for percent in (0, 25, 50, 75, 100)]


def test_nothing_when_it_is_not_wanted(clock: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    for stream in (Terminal(), io.StringIO()):
        assert run(clock, stream, monkeypatch, enabled=False) == ""


def test_no_stderr_is_no_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stderr", None)
    shown = Progress(10)
    shown.show("exp f32", 0.5)
    shown.end(True)


def test_it_does_not_run_ahead_of_what_is_done(clock: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    shown = Progress(1)
    clock[0] = 100.0
    shown.show("exp f32", 0.2)
    assert " 20 %" in terminal.getvalue()
