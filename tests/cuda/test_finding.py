"""Which libcudart is used: each case in a process of its own, which can hold one only."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from rt_torch.cuda import wheel
from rt_torch.cuda.wheel import Wheel
from tests.cuda.conftest import build

PATH = "import rt_torch as rt; print(rt.cuda.libcudart_path(), rt.cuda.runtime_version())"


@pytest.fixture(scope="session")
def fake_13(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("cudart13"), version=13050)


@pytest.fixture
def site(tmp_path: Path, fake_path: Path, fake_13: Path) -> Path:
    """A folder of packages with the wheels of CUDA 12 and 13, as pip lays them."""
    for place, library in (("cuda_runtime", fake_path), ("cu13", fake_13)):
        folder = tmp_path / "site" / "nvidia" / place / "lib"
        folder.mkdir(parents=True)
        shutil.copy(library, folder)
    return tmp_path / "site"


@pytest.fixture
def found(python: Any, library: str) -> Any:
    """What a process of its own prints; without the wheels that are installed here."""

    def run(code: str, **variables: str) -> str:
        hidden = (
            "import sys; sys.path = [p for p in sys.path if not p.endswith('-packages')]; sys.prefix = '/nowhere'\n"
        )
        done = python("-c", hidden + code, RT_TORCH_LIBRARY=library, **variables)
        assert done.returncode == 0, done.stderr
        return str(done.stdout).strip()

    return run


def add_torch(site: Path, cuda: str) -> Path:
    """A torch whose version.py says which CUDA it is for."""
    package = site / "torch"
    (package / "lib").mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "version.py").write_text(f"__version__ = '2.99.0'\ncuda: Optional[str] = {cuda}\n")
    (package / "lib" / "libtorch_cpu.so").write_text("no library\n")
    return package


def test_the_environment_comes_first(found: Any, site: Path, fake_13: Path) -> None:
    assert found(PATH, RT_CUDA_LIBCUDART=str(fake_13), PYTHONPATH=str(site)) == f"{fake_13} (13, 5)"
    assert found(PATH, RT_CUDA_LIBCUDART=str(fake_13.parent), PYTHONPATH=str(site)) == f"{fake_13} (13, 5)"


def test_an_environment_that_is_wrong_is_an_error(found: Any, site: Path) -> None:
    code = "import rt_torch as rt; print(rt.cuda.why_unavailable(), rt.cuda.is_available())"
    said = found(code, RT_CUDA_LIBCUDART="/nowhere/libcudart.so.12", PYTHONPATH=str(site))
    assert "the environment variable RT_CUDA_LIBCUDART says where libcudart is, but there is no file" in said
    assert said.endswith(" False")


def test_a_path_that_is_given(found: Any, site: Path, fake_13: Path) -> None:
    code = f"import rt_torch as rt; print(rt.cuda.load({str(fake_13)!r}), rt.cuda.load({str(fake_13.parent)!r}))"
    assert found(code, PYTHONPATH=str(site)) == f"{fake_13} {fake_13}"


def test_a_second_one_is_refused(found: Any, fake_path: Path, fake_13: Path) -> None:
    code = (
        "import rt_torch as rt\n"
        f"rt.cuda.load({str(fake_path)!r})\n"
        f"try: rt.cuda.load({str(fake_13)!r})\n"
        "except rt.NoUpstreamError as error: print(error)\n"
    )
    said = found(code)
    assert f'"{fake_13}" cannot be loaded, since this process already has libcudart 12.9 from "{fake_path}"' in said


def test_what_is_no_libcudart_is_refused(found: Any, tmp_path: Path, library: str) -> None:
    (tmp_path / "libcudart.so.12").write_text("no library\n")
    code = (
        "import rt_torch as rt\n"
        f"for path in ({str(tmp_path)!r}, {library!r}, '/nowhere', ''):\n"
        "    try: rt.cuda.load(path)\n"
        "    except rt.NoUpstreamError as error: print(error)\n"
    )
    lines = found(code).splitlines()
    for line, part in zip(
        lines,
        ("is no shared library", "it has no `cudaRuntimeGetVersion`", "no file or folder", "no file or"),
        strict=True,
    ):
        assert line.startswith("rt_cuda_load: argument `path`: ") and part in line


def test_one_that_the_process_has_comes_before_the_wheels(found: Any, site: Path, fake_13: Path) -> None:
    code = f"import ctypes; ctypes.CDLL({str(fake_13)!r})\n" + PATH
    assert found(code, PYTHONPATH=str(site)) == f"{fake_13} (13, 5)"


def test_the_one_that_libtorch_uses_comes_before_others_of_the_process(
    found: Any, tmp_path: Path, fake_13: Path
) -> None:
    """Even under a name that nobody would look for."""
    own = tmp_path / "libcudart-0a1b2c3d.so.12"
    build(tmp_path, f"-Wl,-soname,{own.name}").rename(own)
    user, source = tmp_path / "libc10_cuda.so", tmp_path / "user.c"
    source.write_text(
        "int cudaGetDeviceCount(int *count); int used(int *count) { return cudaGetDeviceCount(count); }\n"
    )
    compiler = shutil.which("gcc") or shutil.which("cc") or "clang"
    options = ["-shared", "-fPIC", f"-Wl,-soname,{user.name}", "-Wl,-rpath,$ORIGIN"]
    subprocess.run([compiler, *options, str(source), str(own), "-o", str(user)], check=True)
    code = f"import ctypes; ctypes.CDLL({str(fake_13)!r}); ctypes.CDLL({str(user)!r})\n" + PATH
    assert found(code) == f"{own} (12, 9)"


@pytest.mark.parametrize(
    ("cuda", "place", "version"),
    [
        ("'12.8'", "cuda_runtime/lib/libcudart.so.12", "(12, 9)"),
        ("'13.0'", "cu13/lib/libcudart.so.13", "(13, 5)"),
        ("None", "cuda_runtime/lib/libcudart.so.12", "(12, 9)"),
        ("'11.8'", "cuda_runtime/lib/libcudart.so.12", "(12, 9)"),
    ],
)
def test_the_wheel_is_that_of_the_installed_torch(found: Any, site: Path, cuda: str, place: str, version: str) -> None:
    add_torch(site, cuda)
    assert found(PATH, PYTHONPATH=str(site)) == f"{site / 'nvidia' / place} {version}"


def test_the_oldest_wheel_is_taken_without_a_torch(found: Any, site: Path) -> None:
    assert found(PATH, PYTHONPATH=str(site)).endswith("libcudart.so.12 (12, 9)")
    shutil.rmtree(site / "nvidia" / "cuda_runtime")
    assert found(PATH, PYTHONPATH=str(site)).endswith("libcudart.so.13 (13, 5)")


def test_the_system_s_loader_path_comes_last(found: Any, site: Path, tmp_path: Path, fake_13: Path) -> None:
    folder = tmp_path / "system"
    folder.mkdir()
    shutil.copy(fake_13, folder)
    shutil.rmtree(site / "nvidia" / "cu13")
    assert found(PATH, PYTHONPATH=str(site), LD_LIBRARY_PATH=str(folder)).endswith("(12, 9)")
    assert found(PATH, LD_LIBRARY_PATH=str(folder)) == f"{folder / fake_13.name} (13, 5)"


def test_where_there_is_none_it_is_told_what_to_install(found: Any, tmp_path: Path) -> None:
    """With files of these names on the loader's path that are no libraries: nothing behind them is then looked at."""
    for major in (12, 13):
        (tmp_path / f"libcudart.so.{major}").write_text("")
    code = "import rt_torch as rt; print(rt.cuda.is_available(), rt.cuda.device_count(), rt.cuda.why_unavailable())"
    said = found(code, LD_LIBRARY_PATH=str(tmp_path))
    assert said.startswith("False 0 rt_cuda_device_count: ") and "is no shared library" in said


def test_what_a_runtime_lacks_is_told_by_what_needs_it(found: Any, tmp_path: Path) -> None:
    path = build(tmp_path / "lacking", "-DFAKE_LACKING")
    code = (
        "import rt_torch as rt\n"
        "with rt.cuda.CudaDeviceMem(4) as here, rt.cuda.CudaDeviceMem(4, 1) as there:\n"
        "    here.memset(1)\n"
        "    try: here.copy_to(there)\n"
        "    except rt.UnavailableError as error: print(error)\n"
        "from rt_cuda_bindings import functions as f\n"
        "print(f.function_available('rt_cuda_copy_peer'), f.function_available('rt_cuda_copy'))\n"
    )
    assert found(code, RT_CUDA_LIBCUDART=str(path)).splitlines() == [
        "rt_cuda_copy_peer: unavailable in libcudart 12.9: it lacks `cudaMemcpyPeer`",
        "False True",
    ]


def test_without_the_c_library(python: Any) -> None:
    code = (
        "import rt_torch as rt\n"
        "print(rt.cuda.is_available(), rt.cuda.device_count(), rt.cuda.why_unavailable())\n"
        "try: rt.cuda.CudaStream()\n"
        "except rt.LibraryMissingError as error: print('missing')\n"
    )
    done = python("-c", code, RT_TORCH_LIBRARY="none")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("False 0 RT_TORCH_LIBRARY=none: the C library is switched off\nmissing")


def test_a_call_in_the_middle_of_opening(found: Any, fake_path: Path) -> None:
    """As the handler of a signal makes it, in the same thread."""
    code = (
        "from rt_torch.cuda import library, wheel\n"
        "import rt_torch as rt\n"
        "search, said = wheel.preferred, []\n"
        "def interrupted():\n"
        "    if not said:\n"
        "        said.append('')\n"
        "        said.append(rt.cuda.device_count())\n"
        "    return search()\n"
        "wheel.preferred = interrupted\n"
        "print(rt.cuda.device_count(), said[1])\n"
    )
    assert found(code, RT_CUDA_LIBCUDART=str(fake_path)) == "2 2"


def test_importing_it_loads_nothing(python: Any) -> None:
    code = (
        "import pathlib, sys, rt_torch as rt\n"
        "rt.cuda.CudaStream, rt.cuda.Attribute.WARP_SIZE\n"
        "maps = pathlib.Path('/proc/self/maps').read_text() if sys.platform == 'linux' else ''\n"
        "assert 'librt_torch' not in maps and 'cudart' not in maps\n"
        "assert not {'ctypes', 'cffi', '_cffi_backend', 'torch', 'numpy'} & set(sys.modules)\n"
    )
    done = python("-c", code)
    assert (done.returncode, done.stderr) == (0, "")


def test_wheels_are_found_by_their_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nvidia = tmp_path / "nvidia"
    for name in ("cuda_runtime/lib/libcudart.so.12", "cu13/lib/libcudart.so.13", "cu13/lib/libcudart_static.a"):
        (nvidia / name).parent.mkdir(parents=True, exist_ok=True)
        (nvidia / name).touch()
    (nvidia / "cu13" / "lib" / "libcudart.so.old").touch()
    torch = add_torch(tmp_path, "'12.4'")
    bundled = torch / "lib" / "libcudart-1b184a4c.so.12"
    bundled.touch()
    monkeypatch.setattr(wheel, "_places_of", lambda package: [tmp_path / package])
    monkeypatch.setattr(wheel.sys, "prefix", "/nowhere")
    installed = wheel.libtorch.Installed("2.99.0", str(torch / "lib" / "libtorch_cpu.so"), False)
    monkeypatch.setattr(wheel.libtorch, "installed", lambda: installed)
    assert wheel.installed() == [
        Wheel(12, str(bundled)),
        Wheel(12, str(nvidia / "cuda_runtime/lib/libcudart.so.12")),
        Wheel(13, str(nvidia / "cu13/lib/libcudart.so.13")),
    ]
    assert wheel.preferred() == Wheel(12, str(bundled))
    monkeypatch.setattr(wheel.libtorch, "installed", lambda: None)
    assert wheel.preferred() == Wheel(12, str(nvidia / "cuda_runtime/lib/libcudart.so.12"))
    shutil.rmtree(nvidia)
    assert wheel.installed() == [] and wheel.preferred() is None
