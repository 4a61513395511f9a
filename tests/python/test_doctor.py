"""`python -m rt_torch doctor`: what it says, and when its status is not 0."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import rt_torch
from rt_torch import doctor as doctor_module
from rt_torch import libtorch, loader
from rt_torch.errors import UnavailableError
from rt_torch_bindings import functions
from tests.python.conftest import ROOT


def doctor(python: Any, *arguments: str, **variables: str) -> Any:
    return python("-m", "rt_torch", "doctor", *arguments, **variables)


def test_all_is_well(python: Any, library: str) -> None:
    done = doctor(python, RT_TORCH_LIBRARY=library)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"C library: {library} (ABI 1)" in done.stdout
    assert "ctypes   works" in done.stdout
    if libtorch.installed() is None:
        assert "no torch is installed" in done.stdout
    else:
        assert "All is well." in done.stdout and "available" in done.stdout


def test_json(python: Any, library: str) -> None:
    done = doctor(python, "--json", RT_TORCH_LIBRARY=library)
    report = json.loads(done.stdout)
    assert done.returncode == 0 and report["ok"] and report["problems"] == []
    assert report["library"] == library
    assert [state["name"] for state in report["loaders"]] == list(loader.LOADERS)
    assert report["loader"] == next(state["name"] for state in report["loaders"] if state["works"])
    assert report["environment"] == {"RT_TORCH_LIBRARY": library}


def test_nothing_installed_is_no_fault(python: Any) -> None:
    done = doctor(python, RT_TORCH_LIBRARY="none")
    assert done.returncode == 0
    assert "C library: none" in done.stdout and "Nothing is broken" in done.stdout
    assert "ctypes   not tried" in done.stdout and "works" not in done.stdout.replace("works.", "")


def test_where_it_looked(python: Any, tmp_path: Path) -> None:
    code = (
        "from rt_torch import doctor, loader\n"
        "loader.FILE = 'librt_torch_absent.so'\n"
        "print(doctor.as_text(doctor.examine()))\n"
    )
    done = python("-c", code)
    assert "(beside the package)" in done.stdout and "(built for development)" in done.stdout


def test_library_that_is_absent(python: Any, tmp_path: Path) -> None:
    done = doctor(python, RT_TORCH_LIBRARY=str(tmp_path / "absent.so"))
    assert done.returncode == 1
    assert "Problems:" in done.stdout and "absent.so: no such file" in done.stdout


def test_library_that_cannot_be_opened(python: Any, tmp_path: Path) -> None:
    (tmp_path / "librt_torch.so").write_text("no library")
    done = doctor(python, RT_TORCH_LIBRARY=str(tmp_path / "librt_torch.so"))
    assert done.returncode == 1
    assert "the ctypes loader cannot open" in done.stdout
    assert len(done.stdout.split("Problems:")[1].strip().splitlines()) == 1


def test_library_that_is_empty_or_a_folder(python: Any, tmp_path: Path) -> None:
    file = tmp_path / "librt_torch.so"
    file.touch()
    for path, text in ((file, f"{file} is empty; build it again"), (tmp_path, f"{tmp_path}: it is a folder")):
        done = doctor(python, RT_TORCH_LIBRARY=str(path))
        assert done.returncode == 1, done.stderr
        (problem,) = done.stdout.split("Problems:")[1].strip().splitlines()
        assert text in problem


def test_library_that_is_truncated(python: Any, library: str, tmp_path: Path) -> None:
    file = tmp_path / "librt_torch.so"
    file.write_bytes(Path(library).read_bytes()[:30000])
    done = doctor(python, RT_TORCH_LIBRARY=str(file))
    assert done.returncode == 1, done.stderr
    (problem,) = done.stdout.split("Problems:")[1].strip().splitlines()
    assert f"{file} is truncated" in problem


def test_reader_that_goes_away(library: str) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "rt_torch", "doctor"]
    environment = os.environ | {"PYTHONPATH": f"{ROOT}:{ROOT}/generated/python", "RT_TORCH_LIBRARY": library}
    done = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, text=True, env=environment, check=False)
    os.close(writing)
    assert done.stderr == ""


@pytest.mark.parametrize(
    ("variables", "path", "shown"),
    [
        ({"PYTHONIOENCODING": "ascii"}, "/nowhere/\u00e9", "/nowhere/\\xe9"),
        ({"PYTHONIOENCODING": "latin-1"}, "/nowhere/\u65e5", "/nowhere/\\u65e5"),
        ({"PYTHONIOENCODING": "utf-8"}, "/nowhere/\udcff", "/nowhere/\\udcff"),  # a byte that is no UTF-8
    ],
)
def test_path_that_the_output_cannot_spell(python: Any, variables: dict[str, str], path: str, shown: str) -> None:
    done = doctor(python, RT_TORCH_LIBRARY=path, PYTHONUTF8="1", **variables)
    assert (done.returncode, done.stderr) == (1, "")
    assert f"RT_TORCH_LIBRARY={shown}: no such file" in done.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="needs a POSIX shell")
@pytest.mark.parametrize("command", ["doctor", "doctor --json", "calibrate --dry-run", "--version"])
@pytest.mark.parametrize(
    ("output", "said"),
    [(">&-", "standard output is closed"), (">/dev/full", "standard output: No space left on device")],
)
def test_output_that_takes_nothing(output: str, said: str, command: str) -> None:
    if output == ">/dev/full" and not Path("/dev/full").exists():
        pytest.skip("no /dev/full")
    if output == ">/dev/full" and command.startswith("calibrate"):
        pytest.skip("measures first; tests/calibration tries it")
    environment = os.environ | {"PYTHONPATH": f"{ROOT}:{ROOT}/generated/python", "RT_TORCH_LIBRARY": "none"}
    line = f'"{sys.executable}" -m rt_torch {command} {output}'
    done = subprocess.run(["sh", "-c", line], stderr=subprocess.PIPE, text=True, env=environment, check=False)
    assert (done.returncode, done.stderr) == (1, f"rt-torch: {said}\n")


def test_libtorch_that_is_refused(python: Any, library: str, fake_torch: Path, tmp_path: Path) -> None:
    other = tmp_path / "libtorch_cpu.so"
    other.touch()
    done = doctor(python, RT_TORCH_LIBRARY=library, PYTHONPATH=str(fake_torch), RT_TORCH_LIBTORCH=str(other))
    (problem,) = done.stdout.split("Problems:")[1].strip().splitlines()
    assert done.returncode == 1 and f"{other} is not the libtorch of the installed torch" in problem


def test_library_that_is_too_old(python: Any, stand_in_file: str) -> None:
    done = doctor(python, RT_TORCH_LIBRARY=stand_in_file, RT_TORCH_LOADER="ctypes")
    assert done.returncode == 1
    assert "is older than this package: it lacks" in done.stdout


def test_forced_loader_that_is_broken(python: Any, library: str) -> None:
    code = (
        "import sys; sys.modules['_cffi_backend'] = None\n"
        "from rt_torch.__main__ import main; sys.exit(main(['doctor']))"
    )
    done = python("-c", code, RT_TORCH_LIBRARY=library, RT_TORCH_LOADER="cffi")
    assert done.returncode == 1
    (problem,) = done.stdout.split("Problems:")[1].strip().splitlines()
    assert "RT_TORCH_LOADER=cffi, but the cffi package is not installed" in problem
    done = doctor(python, RT_TORCH_LIBRARY=library, RT_TORCH_LOADER="other")
    assert done.returncode == 1 and "there is no such loader" in done.stdout


def test_libtorch_that_is_broken(python: Any, library: str, fake_torch: Path) -> None:
    done = doctor(python, RT_TORCH_LIBRARY=library, PYTHONPATH=str(fake_torch))
    assert done.returncode == 1, done.stdout
    assert "libtorch: none" in done.stdout and str(fake_torch) in done.stdout
    done = doctor(python, "--json", RT_TORCH_LIBRARY=library, RT_TORCH_LIBTORCH="/nowhere/libtorch_cpu.so")
    report = json.loads(done.stdout)
    assert done.returncode == 1 and not report["ok"] and "/nowhere/libtorch_cpu.so" in report["problems"][0]


def test_functions_that_this_libtorch_cannot_serve(monkeypatch: pytest.MonkeyPatch) -> None:
    def add(a: int, b: int) -> int:
        raise UnavailableError("rt_torch_add: libtorch 2.10.0 lacks something", "rt_torch_add")

    monkeypatch.setattr(functions, "add", add)
    raw = SimpleNamespace(
        missing=frozenset({"relu"}), function_available=lambda symbol: symbol not in (b"rt_torch_add", b"rt_torch_relu")
    )
    report = doctor_module.Report("0", "3", library="here.so", libtorch="there.so")
    doctor_module._examine_functions(report, raw)
    found = {item.function: item.reason for item in report.unavailable}
    assert found == {
        "rt_torch_add": "rt_torch_add: libtorch 2.10.0 lacks something",
        "rt_torch_relu": "here.so lacks it",
    }
    assert f"{report.functions - 2} of {report.functions} available" in doctor_module.as_text(report)


def test_command_line(python: Any) -> None:
    done = python("-m", "rt_torch", "--version")
    assert done.stdout == f"rt-torch {rt_torch.__version__}\n"
    assert "doctor" in python("-m", "rt_torch", "--help").stdout
    assert python("-m", "rt_torch").returncode == 2


class TestConfiguration:
    """What doctor says of configuration files, in a folder that is the home too."""

    def test_files_that_are_there(self, python: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)
        (tmp_path / "base.sdn").write_text("seed: 1\n")
        (tmp_path / "dl.config.sdn").write_text("extends: base.sdn\ndevice: gpu\n")
        done = doctor(python, RT_TORCH_LIBRARY="none", HOME=str(tmp_path))
        assert done.returncode == 0
        lines = (
            "Configuration files: base.sdn, dl.config.sdn\n  device: cuda:0 (dl.config.sdn:2)\n  seed: 1 (base.sdn:1)\n"
        )
        assert lines in done.stdout
        report = json.loads(doctor(python, "--json", RT_TORCH_LIBRARY="none", HOME=str(tmp_path)).stdout)
        assert report["configuration_files"] == ["base.sdn", "dl.config.sdn"]
        assert report["configuration"] == ["device: cuda:0 (dl.config.sdn:2)", "seed: 1 (base.sdn:1)"]

    def test_none(self, python: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)
        done = doctor(python, RT_TORCH_LIBRARY="none", HOME=str(tmp_path), XDG_CONFIG_HOME="")
        assert "Configuration files: none\n" in done.stdout and done.returncode == 0
        looked = [f"{tmp_path}/.simple/", f"{tmp_path}/.config/rt-torch/", ""]
        assert all(f"  looked at {folder}dl.config.sdn\n" in done.stdout for folder in looked)

    @pytest.mark.parametrize(
        ("text", "problem"),
        [
            ("devise: cpu", "  - dl.config.local.sdn:1:1: unknown key 'devise'"),
            ("amp: true", "  - dl.config.local.sdn:1: amp: nothing computes in mixed precision yet"),
            ("a b", "  - Failed to parse SDN: dl.config.local.sdn:1:3: "),
        ],
    )
    def test_what_is_wrong_is_a_problem(
        self, python: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, problem: str
    ) -> None:
        monkeypatch.chdir(tmp_path)
        (tmp_path / "dl.config.local.sdn").write_text(text)
        done = doctor(python, RT_TORCH_LIBRARY="none", HOME=str(tmp_path))
        assert done.returncode == 1
        assert "Configuration files: dl.config.local.sdn\n" in done.stdout
        assert problem in done.stdout.split("Problems:\n")[1]
