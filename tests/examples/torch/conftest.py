"""What the tests of the programs stand on: processes, in each of the situations that a user can be in."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from tests.nn.conftest import tier
from tests.tensor.conftest import native_problem, torch

__all__ = ["tier", "torch"]  # fixtures

ROOT = Path(__file__).resolve().parent.parent.parent.parent
FOLDER = ROOT / "examples" / "torch"
PROGRAMS = sorted(path.name for path in FOLDER.glob("*.py"))

Ran = subprocess.CompletedProcess[str]
Run = Callable[..., Ran]


def environment(folder: Path) -> dict[str, str]:
    """That of the tests, where the packages are those of the repository, and nothing is found that others have kept.

    One thread: several that wait for each other take many times as long where others use the machine too.
    """
    paths = os.pathsep.join([str(ROOT), str(ROOT / "generated" / "python")])
    kept = {"MPLCONFIGDIR": str(folder / "fonts"), "XDG_CACHE_HOME": str(folder / "cache")}
    ours = {"PYTHONPATH": paths, **kept, "COLUMNS": "120", "OMP_NUM_THREADS": "1"}
    return {**os.environ, **ours}


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Runs a program of the folder as one runs it there: run("xor_pytorch.py", "--seed", "1")."""

    def run(name: str, *arguments: str, before: tuple[str, ...] = (), **variables: str) -> Ran:
        command = [sys.executable, "-W", "error", *before, str(FOLDER / name), *arguments]
        return subprocess.run(
            command,
            cwd=tmp_path,
            env={**environment(tmp_path), **variables},
            capture_output=True,
            text=True,
            check=False,
        )

    return run


@pytest.fixture(params=["pure", "native", "no library", "no torch"])
def place(request: pytest.FixtureRequest, run: Run, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a program in one of the tiers, or with none given where something is missing for the native tier."""
    situation = request.param
    if situation == "native" and native_problem():
        pytest.skip(f"no native tier: {native_problem()}")
    if situation == "no library":
        monkeypatch.setenv("RT_TORCH_LIBRARY", "none")
        return run
    if situation == "no torch":  # nor any other package
        monkeypatch.delenv("RT_TORCH_LIBTORCH", raising=False)
        return lambda name, *arguments: run(name, *arguments, before=("-S",))
    return lambda name, *arguments: run(name, *arguments, "--mode", situation)


@pytest.fixture
def program(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], ModuleType]:
    """A program of the folder as a module."""
    monkeypatch.syspath_prepend(FOLDER)

    def load(name: str) -> ModuleType:
        spec = importlib.util.spec_from_file_location(f"example_{Path(name).stem}", FOLDER / name)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    return load


def output(ran: Ran) -> str:
    """What a program printed that has nothing to complain about."""
    assert (ran.returncode, ran.stderr) == (0, "")
    return ran.stdout
