"""What the checks need, each skipped with its reason where it is absent."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from verification import compilers, symbols, wheels
from verification.wheels import Torch


@pytest.fixture(scope="session")
def torch() -> Torch:
    found = wheels.installed()
    if found is None:
        pytest.skip("no torch is installed")
    return found


@pytest.fixture(scope="session")
def libclang() -> None:
    if importlib.util.find_spec("clang") is None:
        pytest.skip("libclang is not installed")
    if not any(map(shutil.which, ("clang", "gcc", "cc"))):
        pytest.skip("no C compiler, whose stddef.h libclang needs")


@pytest.fixture(scope="session")
def library() -> Path:
    if not symbols.LIBRARY.exists():
        pytest.skip("build/librt_torch.so is not built: `make lib`")
    return symbols.LIBRARY


@pytest.fixture(scope="session")
def header_path() -> Path:
    if not compilers.HEADER.exists():
        pytest.skip("generated/c/rt_torch.h is not rendered: `make gen`")
    return compilers.HEADER


@pytest.fixture
def compile_library(tmp_path: Path) -> Callable[[str], Path]:
    """Compile a few lines of C into a shared object."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        pytest.skip("no C compiler is installed")

    def compile_source(source: str) -> Path:
        path = tmp_path / "libsmall.so"
        command = [compiler, "-shared", "-fPIC", "-x", "c", "-", "-o", str(path), "-Wl,--no-as-needed", "-lm"]
        subprocess.run(command, input=source, text=True, check=True)
        return path

    return compile_source
