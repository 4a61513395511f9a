"""Examples as they are run by people, each once, however many tests look at what it printed."""

from __future__ import annotations

import functools
import importlib.util
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.examples.torch.conftest import once

ROOT = Path(__file__).resolve().parent.parent.parent
EXAMPLES = ROOT / "examples"

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e[+-]?\d+)?")


class Ran(NamedTuple):
    """What came of a run."""

    status: int
    output: str
    errors: str
    files: list[str]  # that it left where it ran


@functools.cache
def ran(name: str, *arguments: str) -> Ran:
    """A run of an example, "pure_nn/xor_example.py", in an empty folder; of those on libtorch, the one of their tests."""
    if name.startswith("torch/"):
        done = once(name.removeprefix("torch/"), *arguments)
        return Ran(done.returncode, done.stdout, done.stderr, [])
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as caches:
        done = subprocess.run(
            [sys.executable, "-W", "error", str(EXAMPLES / name), *arguments],
            cwd=folder,
            env=environment(caches),
            capture_output=True,
            text=True,
            check=False,
        )
        return Ran(done.returncode, done.stdout, done.stderr, sorted(os.listdir(folder)))


def environment(caches: str) -> dict[str, str]:
    """That of the tests, with one thread, as everything is small, and with nothing that other programs have kept."""
    paths = os.pathsep.join([str(ROOT), str(ROOT / "generated" / "python")])
    kept = {"MPLCONFIGDIR": caches, "XDG_CACHE_HOME": caches}
    return {**os.environ, **kept, "PYTHONPATH": paths, "OMP_NUM_THREADS": "1"}


def output(name: str, *arguments: str) -> str:
    """What a run printed that went well."""
    done = ran(name, *arguments)
    assert (done.status, done.errors) == (0, "")
    return done.output


def numbers(text: str) -> list[float]:
    return [float(found) for found in _NUMBER.findall(text)]


def same(found: str, expected: str, within: float = 1e-12) -> bool:
    """Whether two outputs say the same: every word, and every number to so much of it."""
    pairs = numbers(found) == pytest.approx(numbers(expected), rel=within, abs=within)
    return pairs and _NUMBER.sub("N", found) == _NUMBER.sub("N", expected)


def is_there(module: str) -> bool:
    return importlib.util.find_spec(module) is not None
