"""The conformance cases on each supported torch, all with one and the same library."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from verification import specs
from verification.clang import CANNOT_RUN
from verification.elf import SharedObject
from verification.wheels import WheelError, provide

BINDINGS = specs.ROOT / "generated" / "python"
CASES = specs.ROOT / "generated" / "conformance" / "rt_torch.json"
TIMEOUT = 300  # seconds for one version: a hang must not stop the others


@dataclass(frozen=True)
class Outcome:
    version: str  # "2.13.0"
    passed: dict[str, int]  # {"ctypes": 235}: of each loader that works here
    failures: tuple[str, ...]  # ("rt_torch_add, case 3: gave [2.0], expected [3.0]",)
    unavailable: tuple[str, ...]  # functions that this libtorch cannot serve
    copies: str  # "yes" where wrapping memory copies it
    seconds: float
    left_out: dict[str, str] = field(default_factory=dict)  # {"cffi": "the cffi package is not installed"}

    @property
    def good(self) -> bool:
        return not self.failures and any(self.passed.values())


def run(versions: Sequence[str], wheels: Path | None, library: Path) -> int:
    for needed in (library, CASES):
        if not needed.exists():
            print(f"{needed} is not there: `make lib` makes it", file=sys.stderr)
            return CANNOT_RUN
    SharedObject(library)  # says what is wrong with it better than each loader would
    outcomes = []
    for version in versions:
        outcomes.append(examine(version, wheels, library))
        show(outcomes[-1])
    print()
    print(table(outcomes))
    return 0 if all(outcome.good for outcome in outcomes) else 1


def show(outcome: Outcome) -> None:
    print(f"torch {outcome.version}: {passed(outcome)} passed, {len(outcome.failures)} failed", flush=True)
    for failure in outcome.failures:
        print(f"  {failure}", flush=True)
    for loader, reason in outcome.left_out.items():
        print(f"  {loader} was not tried: {reason}", flush=True)


def passed(outcome: Outcome) -> str:
    return ", ".join(f"{loader} {count}" for loader, count in outcome.passed.items()) or "0"


def examine(version: str, wheels: Path | None, library: Path) -> Outcome:
    start = time.monotonic()
    try:
        torch = provide(version, wheels)
        start = time.monotonic()
        answer = run_cases(library, torch.library)
    except (WheelError, RuntimeError) as error:
        return Outcome(version, {}, (str(error),), (), "?", time.monotonic() - start)
    failures = tuple(answer["failures"])
    if not str(answer["version"]).startswith(version):
        failures += (f"it loaded libtorch {answer['version']}",)
    copies = "yes" if answer["copies"] else "no"
    seconds = time.monotonic() - start
    unavailable = tuple(answer["unavailable"])
    return Outcome(version, answer["passed"], failures, unavailable, copies, seconds, answer["left_out"])


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
                passed(outcome),
                str(len(outcome.failures)),
                outcome.copies,
                f"{outcome.seconds:.1f}",
                ", ".join(outcome.unavailable) or "none",
            )
        )
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)
