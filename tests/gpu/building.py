"""Builds the stand-in for a machine with GPUs."""

from __future__ import annotations

import importlib.util
import os
import platform
import shutil
import subprocess
from pathlib import Path

import pytest

SOURCES = Path(__file__).resolve().parent / "stand_in"
DEVICES = "STAND_IN_DEVICES"  # the variable that is set where the stand-in is in use
FLAGS = [
    "-std=c11",
    "-g",
    "-O1",
    "-Wall",
    "-Wextra",
    "-Wpedantic",
    "-Werror",
    "-fPIC",
    "-shared",
    "-fvisibility=hidden",
]


def built(folder: Path) -> dict[str, str]:
    """The environment of a process that has two GPUs, as it seems to it; skips where that cannot be built."""
    compiler = shutil.which("gcc") or shutil.which("cc") or shutil.which("clang")
    found = importlib.util.find_spec("torch")
    if compiler is None or found is None or found.origin is None:
        pytest.skip("a C compiler and torch are needed for the stand-in")
    if platform.system() != "Linux":
        pytest.skip("the stand-in is for Linux")
    real = Path(found.origin).parent / "lib"
    libraries, driver = folder / "lib", folder / "driver"
    libraries.mkdir()
    driver.mkdir()
    first, second = libraries / "libtorch_cpu.so", libraries / "libtorch_cuda.so"
    linked = ["-Wl,--no-as-needed", f"-L{real}", "-ltorch_cpu", f"-Wl,-rpath,{real}", "-ldl", "-lpthread"]
    commands = [
        [SOURCES / "libcuda.c", "-o", driver / "libcuda.so.1"],
        [SOURCES / "libtorch_cpu.c", "-Wl,-soname,libtorch_devices.so", *linked, "-o", first],
        [SOURCES / "libtorch_cuda.c", first, f"-Wl,-rpath,{libraries}", "-o", second],
    ]
    for command in commands:
        done = subprocess.run([compiler, *FLAGS, *map(str, command)], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    return {
        "RT_TORCH_LIBTORCH": str(libraries),
        "RT_TORCH_FORCE": "1",
        "LD_LIBRARY_PATH": _before(str(driver)),
        DEVICES: "2",
    }


def _before(folder: str) -> str:
    return os.pathsep.join(filter(None, [folder, os.environ.get("LD_LIBRARY_PATH")]))
