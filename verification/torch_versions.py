"""The conformance cases on each supported torch, all with one and the same library."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from verification import specs
from verification.wheels import WheelError, provide

BINDINGS = specs.ROOT / "generated" / "python"
CASES = specs.ROOT / "generated" / "conformance" / "rt_torch.json"
TIMEOUT = 300  # seconds for one version: a hang must not stop the others


@dataclass(frozen=True)
class Outcome:
    version: str  # "2.13.0"
    passed: int
    failures: tuple[str, ...]  # ("rt_torch_add, case 3: gave [2.0], expected [3.0]",)
    unavailable: tuple[str, ...]  # functions that this libtorch cannot serve
    copies: str  # "yes" where wrapping memory copies it
    seconds: float

    @property
    def good(self) -> bool:
        return not self.failures and self.passed > 0


def run(versions: Sequence[str], wheels: Path | None, library: Path) -> int:
    for needed in (library, CASES):
        if not needed.exists():
            print(f"{needed} is not there: `make lib` makes it", file=sys.stderr)
            return 1
    outcomes = []
    for version in versions:
        outcomes.append(examine(version, wheels, library))
        print(f"torch {version}: {outcomes[-1].passed} passed, {len(outcomes[-1].failures)} failed", flush=True)
        for failure in outcomes[-1].failures:
            print(f"  {failure}", flush=True)
    print()
    print(table(outcomes))
    return 0 if all(outcome.good for outcome in outcomes) else 1


def examine(version: str, wheels: Path | None, library: Path) -> Outcome:
    start = time.monotonic()
    try:
        torch = provide(version, wheels)
        start = time.monotonic()
        answer = run_cases(library, torch.library)
    except (WheelError, RuntimeError) as error:
        return Outcome(version, 0, (str(error),), (), "?", time.monotonic() - start)
    failures = tuple(answer["failures"])
    if not str(answer["version"]).startswith(version):
        failures += (f"it loaded libtorch {answer['version']}",)
    copies = "yes" if answer["copies"] else "no"
    return Outcome(version, answer["passed"], failures, tuple(answer["unavailable"]), copies, time.monotonic() - start)


def run_cases(library: Path, libtorch: Path, cases: Path = CASES) -> dict[str, Any]:
    """In a process of its own: one process can hold one libtorch, and a crash must not take this one along."""
    command = [sys.executable, "-m", "verification.conformance", str(library), str(libtorch), str(cases)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(specs.ROOT), str(BINDINGS)])}
    try:
        result = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=TIMEOUT)
    except subprocess.TimeoutExpired:
        raise RuntimeError(f"the cases took more than {TIMEOUT} s") from None
    if result.returncode != 0:
        raise RuntimeError(f"the cases ended with status {result.returncode}: {result.stderr.strip()[-2000:]}")
    answer: dict[str, Any] = json.loads(result.stdout.splitlines()[-1])
    return answer


def table(outcomes: Sequence[Outcome]) -> str:
    rows = [("torch", "passed", "failed", "wrapping copies", "seconds", "unavailable functions")]
    for outcome in outcomes:
        rows.append(
            (
                outcome.version,
                str(outcome.passed),
                str(len(outcome.failures)),
                outcome.copies,
                f"{outcome.seconds:.1f}",
                ", ".join(outcome.unavailable) or "none",
            )
        )
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)
