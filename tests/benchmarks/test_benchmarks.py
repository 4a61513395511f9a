"""The benchmarks run, and their arithmetic is right; what they measure is for `make bench`."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.report import Table, factor, shown_seconds, write_markdown
from benchmarks.timing import alternate, interleave, summarise, time_prepared, turns_for
from verification import symbols, wheels
from verification.specs import ROOT

TABLE = Table("One call", "What was measured.", ("through", "add"), (("torch", "1.00"), ("ctypes", "1.25 (900)")))


def test_a_table_as_text() -> None:
    assert TABLE.as_text().splitlines() == [
        "One call",
        "  What was measured.",
        "  through         add",
        "  -------  ----------",
        "  torch          1.00",
        "  ctypes   1.25 (900)",
    ]


def test_a_table_as_markdown(tmp_path: Path) -> None:
    path = tmp_path / "benchmarks.md"
    write_markdown(path, "python -m benchmarks", "torch 2.13.0", [TABLE])
    text = path.read_text()
    assert "one run of `python -m benchmarks`, with torch 2.13.0." in text
    assert text.endswith("| through | add |\n| --- | ---: |\n| torch | 1.00 |\n| ctypes | 1.25 (900) |\n")


def test_ratios_are_of_the_same_round() -> None:
    measured = summarise([10.0, 40.0, 30.0], [10.0, 20.0, 10.0])
    assert (measured.nanoseconds, measured.ratio) == (30.0, 2.0)


def test_contenders_take_turns() -> None:
    order: list[str] = []
    loops = {"ours": lambda turns: order.append(f"ours {turns}"), "peer": lambda turns: order.append(f"peer {turns}")}
    measured = interleave(loops, "peer", rounds=2, turns=10, title="nothing")
    assert order == ["ours 1", "peer 1", *["ours 10", "peer 10"] * 2]
    assert measured["peer"].ratio == 1.0


def test_contenders_of_unlike_speed_have_turns_of_their_own() -> None:
    order: list[str] = []

    def timer(name: str, turns: int) -> float:
        order.append(f"{name} {turns}")
        return 10.0 * turns

    timers = {"fast": lambda turns: timer("fast", turns), "slow": lambda turns: timer("slow", turns)}
    times = alternate(timers, {"fast": 8, "slow": 1}, rounds=2, title="nothing")
    assert order == ["fast 8", "slow 1"] * 2
    assert times == {"fast": [80.0, 80.0], "slow": [10.0, 10.0]}


def test_turns_that_take_long_enough() -> None:
    assert turns_for(lambda turns: None, 0.0) == 1
    assert turns_for(lambda turns: time.sleep(0.001 * turns), 0.003) in (2, 4)


def test_what_is_prepared_does_not_count() -> None:
    def prepare(turns: int) -> Callable[[], object]:
        time.sleep(0.05)
        return lambda: turns

    assert time_prepared(prepare, 10) < 5e6


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(8.12e-7, "812 ns"), (1.5e-6, "1.5 us"), (0.9996, "1000 ms"), (0.25, "250 ms"), (12.34, "12.3 s")],
)
def test_seconds_as_text(seconds: float, text: str) -> None:
    assert shown_seconds(seconds) == text


def test_factors_as_text() -> None:
    assert (factor(412.4), factor(7.26)) == ("412x", "7.3x")


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        ("startup", "import torch"),
        ("calls", "ctypes"),
        ("errors", "invalid"),
        ("pure", "row softmax of 8 x 8"),
        ("tiers", "The worst choices"),
        ("training", "Memory of training"),
    ],
)
def test_each_part_runs(part: str, expected: str, tmp_path: Path) -> None:
    if wheels.installed() is None:
        pytest.skip("no torch is installed")
    if not symbols.LIBRARY.exists():
        pytest.skip("build/librt_torch.so is not built: `make lib`")
    report = tmp_path / "benchmarks.md"
    options = ["--only", part, "--rounds", "2", "--turns", "20", "--small", "--markdown", str(report)]
    command = [sys.executable, "-m", "benchmarks", *options]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=200)
    assert expected in report.read_text()
