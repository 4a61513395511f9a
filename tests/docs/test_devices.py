"""What the page on devices shows: on stand-ins for libtorch and libcudart, and on the real one where there is no driver."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from rt_torch.cuda import wheel
from tests.cuda.conftest import build
from tests.gpu.building import built

ROOT = Path(__file__).resolve().parent.parent.parent
TENSORS, RUNTIME = (ROOT / "docs" / "devices.md").read_text(encoding="utf-8").split("## CUDA's runtime\n")
WITH, WITHOUT = RUNTIME.split("## Without a GPU")


def blocks(text: str) -> list[tuple[str, str]]:
    return re.findall(r"```(\w+)\n(.*?)```", text, re.DOTALL)


def run(command: list[str], folder: Path, **variables: str) -> tuple[str, str]:
    paths = os.pathsep.join([str(ROOT), str(ROOT / "generated" / "python")])
    environment = {"PYTHONPATH": paths, **variables}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    return done.stdout, done.stderr


@pytest.fixture(scope="module")
def stand_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("cudart"))


def python(text: str) -> tuple[list[str], str]:
    """What runs the Python of a page, and what it prints there."""
    shown = [block for block in blocks(text) if block[0] in ("python", "text")]
    code = "\n".join(code for kind, code in shown if kind == "python")
    return [sys.executable, "-W", "error", "-c", code], "".join(text for kind, text in shown if kind == "text")


def test_tensors(library: Path, stand_in: Path, tmp_path: Path) -> None:
    variables = {**built(tmp_path), "RT_CUDA_LIBCUDART": str(stand_in), "RT_TORCH_LIBRARY": str(library)}
    command, output = python(TENSORS)
    assert run(command, tmp_path, **variables, XDG_CACHE_HOME=str(tmp_path)) == (output, "")


def test_python(library: Path, stand_in: Path, tmp_path: Path) -> None:
    command, output = python(WITH.split("## From C")[0])
    assert run(command, tmp_path, RT_CUDA_LIBCUDART=str(stand_in), RT_TORCH_LIBRARY=str(library)) == (output, "")


def test_c(library: Path, compiler: str, stand_in: Path, tmp_path: Path) -> None:
    (_, code), (_, output) = blocks(WITH.split("## From C")[1])
    (tmp_path / "example.c").write_text(code)
    build_command = [compiler, "-Wall", "-Wextra", "-Werror", "example.c", "-o", "example", f"-I{ROOT}/generated/c"]
    linked = [f"-L{library.parent}", "-lrt_torch", f"-Wl,-rpath,{library.parent}"]
    subprocess.run([*build_command, *linked], cwd=tmp_path, check=True)
    assert run(["./example"], tmp_path, RT_CUDA_LIBCUDART=str(stand_in)) == (output, "")


def test_without_a_gpu(library: Path, tmp_path: Path) -> None:
    found = wheel.preferred()
    if found is None:
        pytest.skip("no libcudart is installed: pip install nvidia-cuda-runtime-cu12")
    variables = {"RT_CUDA_LIBCUDART": found.library, "RT_TORCH_LIBRARY": str(library)}
    driver = run(
        [sys.executable, "-c", "import rt_torch as rt; print(rt.cuda.driver_version())"], tmp_path, **variables
    )
    if driver != ("None\n", ""):
        pytest.skip(f"there is an NVIDIA driver here: {driver}")
    (_, code), (_, output) = blocks(WITHOUT)
    assert run([sys.executable, "-W", "error", "-c", code], tmp_path, **variables) == (output, "")
