"""What the tests of the programs stand on: processes, in each of the situations that a user can be in."""

from __future__ import annotations

import functools
import importlib.util
import os
import subprocess
import sys
import tempfile
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
    """Runs a program of the folder as one runs it there: run("xor_pytorch.py", "--seed", "1"); files are in tmp_path."""

    def run(name: str, *arguments: str, without_packages: bool = False, **variables: str) -> Ran:
        return ran(tmp_path, name, arguments, without_packages, variables)

    return run


def ran(folder: Path, name: str, arguments: tuple[str, ...], without_packages: bool, variables: dict[str, str]) -> Ran:
    """A run; without the packages there is no torch, whatever else says where one is."""
    options, known = ["-W", "error"], {**environment(folder), **variables}
    if without_packages:
        options.append("-S")
        known.pop("RT_TORCH_LIBTORCH", None)
    command = [sys.executable, *options, str(FOLDER / name), *arguments]
    return subprocess.run(command, cwd=folder, env=known, capture_output=True, text=True, check=False)


@functools.cache
def once(name: str, *arguments: str, without_packages: bool = False, **variables: str) -> Ran:
    """A run that is the same for all who want it."""
    with tempfile.TemporaryDirectory() as folder:
        return ran(Path(folder), name, arguments, without_packages, variables)


@pytest.fixture(params=["pure", "native", "no library", "no torch"])
def place(request: pytest.FixtureRequest) -> Run:
    """Runs a program in one of the tiers, or as it runs where something is missing for the native one."""
    if request.param == "native" and native_problem():
        pytest.skip(f"no native tier: {native_problem()}")
    known: dict[str, Run] = {
        "pure": lambda name, *arguments: once(name, *arguments, "--mode", "pure"),
        "native": once,
        "no library": functools.partial(once, RT_TORCH_LIBRARY="none"),
        "no torch": functools.partial(once, without_packages=True),
    }
    return known[request.param]


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
