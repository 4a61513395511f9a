"""What the tests of the Python side stand on: the opened library through each loader, and a small stand-in for it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from rt_torch import libtorch, loader
from rt_torch.errors import LibraryMissingError
from rt_torch_bindings import cffi_api_loader, functions

ROOT = Path(__file__).resolve().parent.parent.parent
LIBRARY_VARIABLES = ("RT_TORCH_LIBRARY", "RT_TORCH_LOADER", "RT_TORCH_LIBTORCH", "RT_TORCH_FORCE")


def usable(name: str) -> str:
    """The loader's name, or a skip that says why it cannot be used here."""
    problem = loader.problem(name)
    if problem:
        pytest.skip(f"{name}: {problem}")
    return name


@pytest.fixture(params=loader.LOADERS)
def loader_name(request: pytest.FixtureRequest) -> str:
    return usable(request.param)


@pytest.fixture(scope="session")
def library() -> str:
    try:
        return loader.find_library()
    except LibraryMissingError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def bound(library: str) -> Callable[[str], Any]:
    """The typed functions over the library through a loader, with libtorch loaded."""
    known: dict[str, Any] = {}

    def over(name: str) -> Any:
        if name not in known:
            known[name] = functions.bind(libtorch.prepare(loader.open_library(name, library)))
        if not known[name].available():
            pytest.skip("no libtorch is found")
        return known[name]

    return over


@pytest.fixture
def f(loader_name: str, bound: Callable[[str], Any]) -> Iterator[Any]:
    """The typed functions over one loader; a test leaves no handle behind."""
    f = bound(loader_name)
    before = f.live_handles()
    yield f
    assert f.live_handles() == before


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., str]:
    """A small library from C source, as a file that is called like ours."""
    compiler = shutil.which("gcc") or shutil.which("cc") or shutil.which("clang")
    if compiler is None:
        pytest.skip("no C compiler to build the stand-in with")

    def build(source: str | Path) -> str:
        folder = tmp_path_factory.mktemp("standin")
        if isinstance(source, str):
            (folder / "source.c").write_text(source)
            source = folder / "source.c"
        target = str(folder / "librt_torch.so")
        subprocess.run([compiler, "-shared", "-fPIC", "-Wall", "-Wextra", "-Werror", source, "-o", target], check=True)
        return target

    return build


@pytest.fixture(scope="session")
def stand_in_file(compiled: Callable[..., str]) -> str:
    return compiled(Path(__file__).with_name("standin.c"))


@pytest.fixture(scope="session")
def stand_ins(stand_in_file: str, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Any]:
    """The stand-in opened through a loader."""
    known: dict[str, Any] = {}

    def opened(name: str) -> Any:
        if name not in known:
            if name == "cffi-api":  # an extension opens one library: a copy of it has a table of its own
                extension = loader.find_extension()
                assert extension is not None
                suffix = sysconfig.get_config_var("EXT_SUFFIX")
                copy = tmp_path_factory.mktemp("extension") / f"{loader.TORCH.extension}{suffix}"
                shutil.copy(extension, copy)
                known[name] = cffi_api_loader.open_library(stand_in_file, str(copy))
                sys.modules.pop(f"rt_torch_bindings.{loader.TORCH.extension}", None)  # cffi puts it there by name
            else:
                known[name] = loader.open_library(name, stand_in_file)
        return known[name]

    return opened


@pytest.fixture
def raw(loader_name: str, stand_ins: Callable[[str], Any]) -> Any:
    return stand_ins(loader_name)


@pytest.fixture
def g(raw: Any) -> Any:
    """The typed functions over the stand-in."""
    return functions.bind(raw)


@pytest.fixture
def python(monkeypatch: pytest.MonkeyPatch) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run code in a process of its own, where none of our variables is set but those given."""

    def run(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        environment = {name: value for name, value in os.environ.items() if name not in LIBRARY_VARIABLES}
        paths = [str(ROOT), str(ROOT / "generated" / "python")]
        if "PYTHONPATH" in variables:
            paths.insert(0, variables.pop("PYTHONPATH"))
        environment["PYTHONPATH"] = os.pathsep.join(paths)
        command = [sys.executable, "-W", "error", *arguments]
        return subprocess.run(
            command, env=environment | variables, capture_output=True, text=True, check=False, timeout=120
        )

    return run


@pytest.fixture
def fake_torch(tmp_path: Path) -> Path:
    """A folder with a torch that must not be imported, and whose libtorch is no library."""
    package = tmp_path / "site" / "torch"
    (package / "lib").mkdir(parents=True)
    (package / "__init__.py").write_text("raise AssertionError('torch was imported')\n")
    (package / "version.py").write_text("__version__ = '2.99.1'\n")
    (package / "lib" / "libtorch_cpu.so").write_text("no library\n")
    return package.parent
