"""Real torches to look at: the installed one, or the part of a wheel that matters, laid out as pip would lay it.

A CUDA build's libtorch_cpu.so needs libcudart and libcupti, which come in wheels of their own and are expected at
`../../nvidia/...` beside it; nothing of CUDA is run.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import re
import shutil
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from verification.elf import SharedObject
from verification.specs import ROOT

VERSIONS = ("2.10.0", "2.11.0", "2.12.0", "2.13.0", "2.14.1")
CACHE = ROOT / "build" / "torch-versions"

# libtorch does not depend on Python, so any Python's wheel serves; this one exists for every version.
_WHEEL_TAGS = ("--python-version", "3.11", "--abi", "cp311", "--platform", "manylinux_2_28_x86_64")
_HEADERS = (
    "torch/include/torch/csrc/inductor/aoti_torch/",
    "torch/include/torch/csrc/stable/",
    "torch/include/torch/headeronly/",
    "torch/include/ATen/Parallel.h",
    "torch/version.py",
)
_ROOM = 3_000_000_000  # bytes: the wheel and what is taken out of it
_COMPANION = "libtorch_cuda"
_CUDA_PARTS = ("libcudart.so", "libcupti.so")


class WheelError(Exception):
    """A torch could not be had; the text says why."""


@dataclass(frozen=True)
class Torch:
    version: str  # "2.13.0"
    folder: Path  # .../site-packages/torch

    @property
    def library(self) -> Path:
        return self.folder / "lib" / "libtorch_cpu.so"

    @property
    def companion(self) -> frozenset[str] | None:
        """What libtorch's CUDA half exports; None where there is none to look at."""
        library = self.folder / "lib" / f"{_COMPANION}.so"
        if library.exists():
            return frozenset(SharedObject(library).exported)
        recorded = self.record
        return frozenset(recorded.read_text().split()) or None if recorded.exists() else None

    @property
    def record(self) -> Path:
        """The names of what it exports: the library itself is too large to be kept, and nothing of it is run."""
        return self.folder / "lib" / f"{_COMPANION}.symbols"

    @property
    def headers(self) -> Path:
        return self.folder / "include"


def installed() -> Torch | None:
    """The torch of this Python, found without importing it."""
    spec = importlib.util.find_spec("torch")
    if spec is None or not spec.submodule_search_locations:
        return None
    torch = Torch(importlib.metadata.version("torch").partition("+")[0], Path(spec.submodule_search_locations[0]))
    return torch if torch.library.exists() else None


def provide(version: str, wheels: Path | None = None, cache: Path = CACHE) -> Torch:
    """The installed torch if it is of that version, else the one in the cache, made from a wheel if need be."""
    present = installed()
    if present and present.version == version:
        return present
    folder = cache / version
    torch = Torch(version, folder / "torch")
    if not torch.record.exists():
        shutil.rmtree(folder, ignore_errors=True)
        build_folder(folder, lambda partial: _lay_out(version, wheels, partial))
    return torch


def build_folder(folder: Path, build: Callable[[Path], None]) -> None:
    """Build under another name and rename at the end, so that an interrupted build leaves nothing half done."""
    partial = folder.with_name(folder.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    try:
        build(partial)
        partial.rename(folder)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise


def _lay_out(version: str, wheels: Path | None, folder: Path) -> None:
    if shutil.disk_usage(folder).free < _ROOM:
        raise WheelError(f"torch {version} needs {_ROOM / 1e9:.0f} GB of free disk space at {folder.parent}")
    downloads = folder / "wheels"
    wheel = _find(wheels, version) or _download([f"torch=={version}"], downloads, _WHEEL_TAGS)[0]
    start = time.monotonic()
    print(f"torch {version}: extracting {wheel.name} ...", flush=True)
    with zipfile.ZipFile(wheel) as archive:
        _extract_libraries(archive, folder)
        _extract(archive, folder, lambda name: name.startswith(_HEADERS))
        _record_companion(archive, folder)
        requirements = _requirements(archive)
    library = SharedObject(folder / "torch" / "lib" / "libtorch_cpu.so")
    needs_cuda = any(name.startswith(_CUDA_PARTS) for name in library.needed)
    if needs_cuda:
        for part in _download(cuda_requirements(requirements), downloads, (), with_dependencies=True):
            with zipfile.ZipFile(part) as archive:
                _extract(archive, folder, lambda name: Path(name).name.startswith(_CUDA_PARTS))
    shutil.rmtree(downloads, ignore_errors=True)
    print(f"torch {version}: extracted in {time.monotonic() - start:.1f} s", flush=True)


def _find(wheels: Path | None, version: str) -> Path | None:
    if wheels is None:
        return None
    found = sorted(wheels.glob(f"torch-{version}[-+]*.whl"))
    if not found:
        print(f"torch {version}: no wheel in {wheels}, downloading one", flush=True)
    return found[0] if found else None


def _download(
    requirements: list[str], folder: Path, options: Iterable[str], *, with_dependencies: bool = False
) -> list[Path]:
    """Wheels that pip gets for the requirements, into an empty part of `folder`."""
    target = folder / re.sub(r"\W+", "-", requirements[0])
    print(f"downloading {' '.join(requirements)} ...", flush=True)
    command = [sys.executable, "-m", "pip", "download", "--only-binary=:all:", "--dest", str(target)]
    command += [] if sys.stdout.isatty() else ["--quiet"]  # pip's own progress, where somebody watches
    command += [] if with_dependencies else ["--no-deps"]
    result = subprocess.run([*command, *options, *requirements], stderr=subprocess.PIPE, text=True, check=False)
    if result.returncode != 0:
        raise WheelError(f"pip could not download {' '.join(requirements)}:\n{result.stderr.strip()}")
    return sorted(target.glob("*.whl"))


def _extract(archive: zipfile.ZipFile, folder: Path, wanted: Callable[[str], bool]) -> None:
    for name in archive.namelist():
        if wanted(name) and not name.endswith("/"):
            archive.extract(name, folder)


def _extract_libraries(archive: zipfile.ZipFile, folder: Path) -> None:
    """libtorch_cpu.so and, transitively, the libraries that it needs and that stand beside it."""
    beside = {Path(name).name: name for name in archive.namelist() if name.startswith("torch/lib/")}
    waiting = ["libtorch_cpu.so"]
    done: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in done or name not in beside:
            continue
        done.add(name)
        archive.extract(beside[name], folder)
        library = SharedObject(folder / beside[name])
        waiting += library.needed


def _record_companion(archive: zipfile.ZipFile, folder: Path) -> None:
    name = f"torch/lib/{_COMPANION}.so"
    torch = Torch("", folder / "torch")
    names: Iterable[str] = ()
    if name in archive.namelist():
        library = Path(archive.extract(name, folder))
        names = sorted(SharedObject(library).exported)
        library.unlink()
    torch.record.write_text("\n".join(names))


def _requirements(archive: zipfile.ZipFile) -> list[str]:
    metadata = next(name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
    lines = archive.read(metadata).decode().splitlines()
    return [line.partition(":")[2].strip() for line in lines if line.startswith("Requires-Dist:")]


def cuda_requirements(requirements: list[str]) -> list[str]:
    """Of a torch wheel's requirements those that bring libcudart and libcupti, without their markers.

    Up to 2.10 they are named one by one; later wheels name `cuda-toolkit` with a list of extras.
    """
    found = []
    for requirement in requirements:
        name = requirement.partition(";")[0].strip()
        if name.startswith(("nvidia-cuda-runtime", "nvidia-cuda-cupti")):
            found.append(name)
        elif name.startswith("cuda-toolkit["):
            found.append(re.sub(r"\[.*\]", "[cudart,cupti]", name))
    return found
