"""Measurements in a process of their own: what one needs loaded or set must not touch another."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

from benchmarks.startup import environment
from verification.specs import ROOT

ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


def measured(module: str, variables: Mapping[str, str], *, rounds: int, small: bool, operation: str = "") -> Any:
    """What a module's `main` answered, through JSON."""
    options = ["--rounds", str(rounds), *(["--small"] if small else []), "--operation", operation]
    command = [sys.executable, "-m", module, *options]
    result = subprocess.run(
        command, cwd=ROOT, env={**environment(), **variables}, stdout=subprocess.PIPE, text=True, check=False
    )
    if result.returncode != 0:
        raise RuntimeError(f"{module} ended with status {result.returncode}")
    return json.loads(result.stdout)


def options() -> argparse.Namespace:
    """What the module in the process was asked for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, required=True)
    parser.add_argument("--small", action="store_true")
    parser.add_argument("--operation", default="")
    return parser.parse_args()


def answer(value: Any) -> None:
    print(json.dumps(value))
