"""Getting torches: wheels that are made here, laid out without half-done folders."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from verification import wheels


def make_wheel(folder: Path, version: str, library: Path, *, cuda: bool = True) -> None:
    with zipfile.ZipFile(folder / f"torch-{version}-cp311-cp311-linux_x86_64.whl", "w") as archive:
        archive.write(library, "torch/lib/libtorch_cpu.so")
        if cuda:
            archive.write(library, "torch/lib/libtorch_cuda.so")
        archive.writestr("torch/include/torch/headeronly/version.h", "")
        archive.writestr(f"torch-{version}.dist-info/METADATA", "Name: torch\nRequires-Dist: sympy\n")


@pytest.mark.parametrize("name", ["9.8.7", "9.8.7+cpu", "9.8.7-3"])
def test_a_wheel_is_laid_out(compile_library: Callable[[str], Path], tmp_path: Path, name: str) -> None:
    make_wheel(tmp_path, name, compile_library("int torch_call(void) { return 0; }"))
    torch = wheels.provide("9.8.7", tmp_path, tmp_path / "cache")
    assert torch.library.exists() and (torch.headers / "torch" / "headeronly" / "version.h").exists()
    assert not (torch.folder / "lib" / "libtorch_cuda.so").exists()  # it is too large
    assert torch.companion is not None and "torch_call" in torch.companion
    assert [path.name for path in (tmp_path / "cache").iterdir()] == ["9.8.7"]


def test_a_cpu_build_has_no_other_half(compile_library: Callable[[str], Path], tmp_path: Path) -> None:
    make_wheel(tmp_path, "9.8.7", compile_library("int torch_call(void) { return 0; }"), cuda=False)
    assert wheels.provide("9.8.7", tmp_path, tmp_path / "cache").companion is None


def test_a_second_time_takes_the_cache(compile_library: Callable[[str], Path], tmp_path: Path) -> None:
    make_wheel(tmp_path, "9.8.7", compile_library("int torch_call(void) { return 0; }"))
    first = wheels.provide("9.8.7", tmp_path, tmp_path / "cache")
    next(tmp_path.glob("*.whl")).unlink()
    assert wheels.provide("9.8.7", tmp_path, tmp_path / "cache") == first


def test_a_cache_without_a_record_is_made_anew(compile_library: Callable[[str], Path], tmp_path: Path) -> None:
    make_wheel(tmp_path, "9.8.7", compile_library("int torch_call(void) { return 0; }"))
    wheels.provide("9.8.7", tmp_path, tmp_path / "cache").record.unlink()
    assert wheels.provide("9.8.7", tmp_path, tmp_path / "cache").record.exists()


@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError])
def test_an_interruption_leaves_nothing(tmp_path: Path, error: type[BaseException]) -> None:
    def build(folder: Path) -> None:
        (folder / "half").write_text("")
        raise error

    with pytest.raises(error):
        wheels.build_folder(tmp_path / "cache" / "9.8.7", build)
    assert list((tmp_path / "cache").iterdir()) == []


def test_a_killed_builds_remains_are_removed(tmp_path: Path) -> None:
    remains = tmp_path / "9.8.7.partial"
    remains.mkdir()
    (remains / "half").write_text("")
    wheels.build_folder(tmp_path / "9.8.7", lambda folder: (folder / "whole").touch())
    assert [path.name for path in tmp_path.rglob("*")] == ["9.8.7", "whole"]


def test_cuda_requirements() -> None:
    old = ["filelock", 'nvidia-cuda-runtime-cu12==12.8.90; platform_system == "Linux"', "nvidia-cuda-nvrtc-cu12==12"]
    assert wheels.cuda_requirements(old) == ["nvidia-cuda-runtime-cu12==12.8.90"]
    new = ['cuda-toolkit[cublas,cudart,cupti]==13.0.2; platform_system == "Linux"', "cuda-bindings<14,>=13.0.3"]
    assert wheels.cuda_requirements(new) == ["cuda-toolkit[cudart,cupti]==13.0.2"]
