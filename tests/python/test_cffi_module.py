"""The out-of-line module is what cffi itself would emit, and the extension compiles without linking the library."""

from __future__ import annotations

import re
import shutil
import subprocess
import sysconfig
from pathlib import Path
from typing import Any

import pytest

from rt_torch_bindings import cffi_api_build
from tools import build_api

cffi = pytest.importorskip("cffi")


def contents(path: Path) -> dict[str, Any]:
    """What the module gives to cffi's backend."""
    seen: dict[str, Any] = {}

    class Backend:
        @staticmethod
        def FFI(name: str, **given: Any) -> None:
            seen.update(given, name=name)

    exec(path.read_text().replace("import _cffi_backend", ""), {"_cffi_backend": Backend})
    return seen


def test_abi_module_is_what_cffi_emits(tmp_path: Path) -> None:
    ffi = cffi.FFI()
    ffi.cdef(cffi_api_build.PROTOTYPES)
    ffi.set_source("rt_torch_bindings.cffi_abi", None)
    ffi.emit_python_code(str(tmp_path / "emitted.py"))
    assert contents(Path(cffi_api_build.__file__).with_name("cffi_abi.py")) == contents(tmp_path / "emitted.py")


def test_extension_needs_nothing_of_ours(tmp_path: Path) -> None:
    header = Path(sysconfig.get_path("include")) / "Python.h"
    if not header.is_file() or not shutil.which("gcc"):
        pytest.skip("no C compiler, or no Python headers")
    extension = cffi_api_build.build(tmp_path)
    if not shutil.which("readelf"):
        pytest.skip("no readelf")
    dynamic = subprocess.run(["readelf", "-d", extension], capture_output=True, text=True, check=True).stdout
    assert not re.search(r"NEEDED.*(rt_torch|libtorch)", dynamic)


def test_build_says_what_failed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    monkeypatch.setenv("CC", "no-such-compiler")
    assert cffi_api_build.main([str(tmp_path)]) == 1
    assert "no-such-compiler cannot be run" in capsys.readouterr().err
    monkeypatch.setenv("CC", "false")
    assert cffi_api_build.main([str(tmp_path)]) == 1
    assert cffi_api_build.main(["--help"]) == 2


def test_build_without_headers_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    monkeypatch.setattr(sysconfig, "get_path", lambda name: str(tmp_path))
    assert cffi_api_build.main([str(tmp_path)]) == 1
    assert f"Python's headers are not installed (there is no {tmp_path}/Python.h" in capsys.readouterr().err


def test_tool_says_why_it_skips(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    monkeypatch.setenv("CC", "/no/such/compiler")
    monkeypatch.setattr(build_api, "BUILD", tmp_path)
    assert build_api.main() == 0
    assert "cffi API mode is skipped: " in capsys.readouterr().out
