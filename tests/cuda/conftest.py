"""What the tests of CUDA's runtime stand on: a stand-in for libcudart, through each loader, in this process."""

from __future__ import annotations

import ctypes
import gc
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from rt_cuda_bindings import functions
from rt_torch import loader
from rt_torch.errors import LibraryMissingError, NoUpstreamError

ROOT = Path(__file__).resolve().parent.parent.parent
SOURCE = ROOT / "tests" / "native" / "fake_cudart.c"
VARIABLES = ("RT_TORCH_LIBRARY", "RT_TORCH_LOADER", "RT_TORCH_LIBTORCH", "RT_TORCH_FORCE", "RT_CUDA_LIBCUDART")


class Fake:
    """The stand-in's own functions; tests/native/fake_cudart.c says what they do."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._library = ctypes.CDLL(str(path))
        self.devices: Callable[[int], None] = self._library.fake_devices
        self.driver: Callable[[int], None] = self._library.fake_driver
        self.poison: Callable[[int], None] = self._library.fake_poison
        self.reset: Callable[[], None] = self._library.fake_reset
        self.live: Callable[[], int] = self._library.fake_live
        self.last_error: Callable[[], int] = self._library.fake_last_error

    def fail(self, function: str, code: int, skipped: int = 0) -> None:
        self._library.fake_fail(function.encode(), code, skipped)


def build(folder: Path, *options: str, version: int = 12090) -> Path:
    """A stand-in, called as the real one of that version is."""
    compiler = shutil.which("gcc") or shutil.which("cc") or shutil.which("clang")
    if compiler is None:
        pytest.skip("no C compiler to build the stand-in with")
    path = folder / f"libcudart.so.{version // 1000}"
    path.parent.mkdir(parents=True, exist_ok=True)
    shared = ["-shared", "-fPIC", "-fvisibility=hidden", f"-Wl,-soname,{path.name}", f"-DFAKE_VERSION={version}"]
    subprocess.run([compiler, *shared, *options, str(SOURCE), "-o", str(path), "-lpthread"], check=True)
    return path


@pytest.fixture(scope="session")
def library() -> str:
    try:
        return loader.find_library()
    except LibraryMissingError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def fake_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("cudart"))


@pytest.fixture(scope="session")
def fake(library: str, tmp_path_factory: pytest.TempPathFactory) -> Fake:
    """The stand-in in this process, which can hold one libcudart only.

    Under a name of its own: a libtorch for CUDA that is opened later is not to take it for the one that it needs.
    """
    path = build(tmp_path_factory.mktemp("in_process"), "-Wl,-soname,libcudart_stand_in.so")
    raw = loader.best(library, loader.CUDA)
    try:
        functions.bind(raw).load(str(path))
    except NoUpstreamError as error:
        pytest.skip(f"this process has a libcudart already: {error}")
    return Fake(path)


@pytest.fixture(params=loader.LOADERS)
def loader_name(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    problem = loader.problem(name, loader.CUDA)
    if problem:
        pytest.skip(f"{name}: {problem}")
    return name


@pytest.fixture
def f(loader_name: str, fake: Fake, library: str) -> Iterator[Any]:
    """The typed functions over one loader, which rt_torch.cuda then uses too; a test leaves nothing behind."""
    import rt_torch.cuda  # noqa: F401  (it says how the functions find the library, which is now told at once)

    functions.use(loader.open_library(loader_name, library, loader.CUDA))
    fake.reset()
    functions.clear_error()
    yield functions
    fake.reset()
    if fake.live():  # in a traceback, for example
        gc.collect()
    assert (functions.live_handles(), fake.live()) == (0, 0)
    assert functions.current_device() == 0
    fake.driver(0)  # to the tests of others there is no CUDA


@pytest.fixture
def cuda(f: Any) -> Any:
    """`rt.cuda` over one loader."""
    import rt_torch

    return rt_torch.cuda


@pytest.fixture
def python() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run code in a process of its own, where none of our variables is set but those given."""

    def run(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        environment = {name: value for name, value in os.environ.items() if name not in VARIABLES}
        paths = [variables.pop("PYTHONPATH", ""), str(ROOT), str(ROOT / "generated" / "python")]
        environment["PYTHONPATH"] = os.pathsep.join(path for path in paths if path)
        command = [sys.executable, "-W", "error", *arguments]
        return subprocess.run(
            command, env=environment | variables, capture_output=True, text=True, check=False, timeout=120
        )

    return run
