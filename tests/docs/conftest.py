"""What the examples in the docs need, each skipped with its reason where it is absent."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from rt_torch import libtorch as installed_libtorch
from rt_torch import loader
from rt_torch.errors import LibraryMissingError


@pytest.fixture(scope="session")
def library() -> Path:
    try:
        return Path(loader.find_library())
    except LibraryMissingError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def libtorch(library: Path) -> Path:
    there = installed_libtorch.installed()
    if there is None:
        pytest.skip("no torch is installed")
    return Path(there.library)


@pytest.fixture(scope="session")
def compiler() -> str:
    found = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if found is None:
        pytest.skip("no C compiler")
    return found
