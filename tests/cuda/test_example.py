"""examples/cuda/simple_demo.py, on the stand-in and where CUDA is missing."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.cuda.conftest import ROOT

PROGRAM = str(ROOT / "examples" / "cuda" / "simple_demo.py")


def test_on_devices(python: Any, library: str, fake_path: Path) -> None:
    done = python(PROGRAM, RT_TORCH_LIBRARY=library, RT_CUDA_LIBCUDART=str(fake_path))
    assert (done.returncode, done.stderr) == (0, "")
    assert re.sub(r"[\d,.]+ (ms|GB/s)", r"TIME \1", done.stdout).splitlines() == [
        "CUDA without tensors",
        "CUDA is available: runtime 12.9, driver for up to 13.0",
        "2 devices:",
        "  cuda:0: Fake GPU 0, 0.0 GB",
        "  cuda:1: Fake GPU 1, 0.0 GB",
        "a stream of cuda:0, and two events",
        "a block of 1 MB on cuda:0",
        "filled in TIME ms, TIME GB/s",
        "a second block",
        "copied in TIME ms, TIME GB/s",
        "the stream has done all its work",
        "the last byte of the copy is 42, and 42 was filled in",
        "all of it is given back",
    ]


def test_on_another_device(python: Any, library: str, fake_path: Path) -> None:
    options = {"RT_TORCH_LIBRARY": library, "RT_CUDA_LIBCUDART": str(fake_path)}
    done = python(PROGRAM, "--device", "cuda:1", "--megabytes", "3", **options)
    assert done.returncode == 0 and "a block of 3 MB on cuda:1" in done.stdout
    for device, said in (("cuda:2", "the last device is 1"), ("cpu", "is no GPU")):
        done = python(PROGRAM, "--device", device, **options)
        assert done.returncode == 1 and said in done.stdout and done.stderr == ""
    done = python(PROGRAM, "--megabytes", "20", **options)
    assert done.returncode == 1 and "cudaErrorMemoryAllocation (2)" in done.stdout
    done = python(PROGRAM, "--megabytes", "none", **options)
    assert done.returncode == 2 and "is no number from 1 to 100000" in done.stderr


@pytest.mark.parametrize(
    ("variables", "why"),
    [
        ({"RT_TORCH_LIBRARY": "none"}, "the C library is switched off"),
        ({"RT_CUDA_LIBCUDART": "/nowhere/libcudart.so.12"}, "but there is no file or folder"),
    ],
)
def test_without_cuda(python: Any, variables: dict[str, str], why: str, request: pytest.FixtureRequest) -> None:
    if "RT_TORCH_LIBRARY" not in variables:
        variables = {**variables, "RT_TORCH_LIBRARY": request.getfixturevalue("library")}
    done = python(PROGRAM, **variables)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[1] == "CUDA not available on this system"
    assert why in done.stdout.splitlines()[2]
