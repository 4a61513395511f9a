"""The benchmarks run, and their arithmetic is right; what they measure is for `make bench`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.report import Table, write_markdown
from benchmarks.timing import interleave, summarise
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


@pytest.mark.parametrize(
    ("part", "expected"), [("startup", "import torch"), ("calls", "ctypes"), ("errors", "invalid")]
)
def test_each_part_runs(part: str, expected: str, tmp_path: Path) -> None:
    if wheels.installed() is None:
        pytest.skip("no torch is installed")
    if not symbols.LIBRARY.exists():
        pytest.skip("build/librt_torch.so is not built: `make lib`")
    report = tmp_path / "benchmarks.md"
    options = ["--only", part, "--rounds", "2", "--turns", "20", "--markdown", str(report)]
    command = [sys.executable, "-m", "benchmarks", *options]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=200)
    assert expected in report.read_text()
