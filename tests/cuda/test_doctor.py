"""What `rt-torch doctor` says of CUDA: runtime, driver, devices and memory, and why not."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from rt_torch.cuda import examination
from tests.cuda.conftest import Fake
from tests.gpu.building import built


def cuda_lines(printed: str) -> list[str]:
    """From the line on CUDA on, as far as they are indented."""
    lines = printed.splitlines()
    start = next(place for place, line in enumerate(lines) if line.startswith("CUDA: "))
    end = next(place for place in range(start + 1, len(lines) + 1) if place == len(lines) or lines[place][:1] != " ")
    return lines[start:end]


def test_devices_and_their_memory(python: Any, library: str, fake_path: Path) -> None:
    variables = {"RT_TORCH_LIBRARY": library, "RT_CUDA_LIBCUDART": str(fake_path)}
    done = python("-m", "rt_torch", "doctor", **variables)
    assert cuda_lines(done.stdout) == [
        f"CUDA: 12.9 at {fake_path}, driver for up to 13.0",
        "  cuda:0: Fake GPU 0, 0.0 of 0.0 GB free, compute capability 750.760",
        "  cuda:1: Fake GPU 1, 0.0 of 0.0 GB free, compute capability 751.761",
    ]
    assert f"  RT_CUDA_LIBCUDART={fake_path}" in done.stdout
    report = json.loads(python("-m", "rt_torch", "doctor", "--json", **variables).stdout)
    assert report["cuda"]["devices"][1] == {
        "device": "cuda:1",
        "name": "Fake GPU 1",
        "capability": "751.761",
        "free": 1 << 24,
        "total": 1 << 24,
    }
    assert report["cuda"]["reason"] == "" and not report["cuda"]["broken"]


def test_a_libcudart_that_was_asked_for_and_is_not_there_is_a_problem(python: Any, library: str) -> None:
    done = python("-m", "rt_torch", "doctor", RT_TORCH_LIBRARY=library, RT_CUDA_LIBCUDART="/nowhere/libcudart.so.12")
    assert done.returncode == 1
    assert cuda_lines(done.stdout) == ["CUDA: none"]
    assert "RT_CUDA_LIBCUDART says where libcudart is, but there is no file" in done.stdout.split("Problems:")[1]


def test_an_installed_libcudart_that_does_not_work_is_a_problem(python: Any, library: str, tmp_path: Path) -> None:
    folder = tmp_path / "nvidia" / "cuda_runtime" / "lib"
    folder.mkdir(parents=True)
    (folder / "libcudart.so.12").write_text("no library\n")
    hidden = "import sys; sys.path = [p for p in sys.path if not p.endswith('-packages')]; sys.prefix = '/nowhere'\n"
    code = "from rt_torch.__main__ import main; sys.exit(main(['doctor']))"
    done = python("-c", hidden + code, RT_TORCH_LIBRARY=library, PYTHONPATH=str(tmp_path))
    assert done.returncode == 1, done.stderr
    assert cuda_lines(done.stdout) == ["CUDA: none"]
    assert f'"{folder / "libcudart.so.12"}" is no shared library' in done.stdout.split("Problems:")[1]


def test_a_libcudart_that_lacks_everything_is_a_problem(python: Any, library: str, tmp_path: Path) -> None:
    source, path = tmp_path / "bare.c", tmp_path / "libcudart.so.12"
    source.write_text("int cudaRuntimeGetVersion(int *version) { *version = 12090; return 0; }\n")
    compiler = shutil.which("gcc") or shutil.which("cc") or shutil.which("clang")
    if compiler is None:
        pytest.skip("no C compiler")
    subprocess.run([compiler, "-shared", "-fPIC", str(source), "-o", str(path)], check=True)
    done = python("-m", "rt_torch", "doctor", RT_TORCH_LIBRARY=library, RT_CUDA_LIBCUDART=str(path))
    assert done.returncode == 1
    assert cuda_lines(done.stdout) == [f"CUDA: of unknown version at {path}, no driver"]
    assert "unavailable in libcudart 12.9: it lacks `cuda" in done.stdout.split("Problems:")[1]


def test_that_tensors_are_to_leave_cuda_alone_is_told(python: Any) -> None:
    done = python("-m", "rt_torch", "doctor", RT_TORCH_LIBRARY="none", RT_TORCH_CUDA="0")
    assert "  RT_TORCH_CUDA=0\n" in done.stdout


def test_without_the_c_library_nothing_is_said(python: Any) -> None:
    done = python("-m", "rt_torch", "doctor", RT_TORCH_LIBRARY="none")
    assert done.returncode == 0 and "CUDA:" not in done.stdout


def test_what_is_not_there_is_no_fault(f: Any, fake: Fake) -> None:
    fake.driver(0)
    state = examination.examine()
    assert (state.runtime, state.driver, state.devices, state.broken) == ("12.9", "", [], False)
    first, second = examination.lines(state)
    assert first == f"CUDA: 12.9 at {fake.path}, no driver" and "cudaErrorInsufficientDriver (35)" in second
    fake.reset()
    fake.devices(0)
    state = examination.examine()
    assert state.driver == "13.0" and not state.broken and "cudaErrorNoDevice (100)" in state.reason


@pytest.mark.parametrize(("code", "driver"), [(803, 13000), (35, 11040)])
def test_a_driver_that_does_not_work_is_a_problem(f: Any, fake: Fake, code: int, driver: int) -> None:
    fake.driver(driver)
    if code != 35:
        fake.fail("cudaGetDeviceCount", code)
    state = examination.examine()
    assert state.broken and f"({code})" in state.reason


def test_without_a_libcudart(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> str:
        raise examination.Error("libcudart was not found")

    monkeypatch.setattr(examination.runtime, "libcudart_path", missing)
    monkeypatch.setattr(examination.wheel, "installed", list)
    monkeypatch.delenv(examination.VARIABLE, raising=False)
    state = examination.examine()
    assert not state.broken
    assert examination.lines(state) == ["CUDA: none", "  libcudart was not found"]


def test_whether_tensors_can_be_there_is_said_with_libtorch(
    python: Any, library: str, fake_path: Path, tmp_path: Path
) -> None:
    """A driver and a GPU are not enough: torch must be a build for CUDA, too, and nobody must have switched it off."""
    pytest.importorskip("torch")
    variables = {"RT_TORCH_LIBRARY": library, "RT_CUDA_LIBCUDART": str(fake_path)}
    there = {**variables, **built(tmp_path)}
    done = python("-m", "rt_torch", "doctor", **there)
    assert "\n  tensors can be on cuda:0, cuda:1\n" in done.stdout
    done = python("-m", "rt_torch", "doctor", **there, RT_TORCH_CUDA="0")
    assert "\n  RT_TORCH_CUDA=0\n" in done.stdout
    said = "the environment variable RT_TORCH_CUDA is 0, which turns it off"
    assert f"\n  tensors can be on no GPU: {said}\n" in done.stdout
    report = json.loads(python("-m", "rt_torch", "doctor", "--json", **there, RT_TORCH_CUDA="0").stdout)
    assert (report["gpus"], report["gpus_reason"], len(report["cuda"]["devices"])) == (0, said, 2)
