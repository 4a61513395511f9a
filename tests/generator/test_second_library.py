"""A second library, zlib and libm, through the same generator, the same native core and the same loaders."""

from __future__ import annotations

import ctypes
import ctypes.util
import importlib
import json
import math
import os
import shutil
import subprocess
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from generator.__main__ import run
from tests.generator.paths import ROOT, SECOND

COMPILER = shutil.which("gcc") or shutil.which("clang")
CORE = ROOT / "native" / "core"
FLAGS = ["-std=c11", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-O1", "-fPIC", "-fvisibility=hidden", "-shared"]

pytestmark = [
    pytest.mark.skipif(COMPILER is None, reason="no C compiler"),
    pytest.mark.skipif(ctypes.util.find_library("z") is None, reason="no zlib"),
]


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("second")
    shutil.copytree(SECOND / "specs", folder / "specs")
    assert run(["gen", "--specs", str(folder / "specs"), "--out", str(folder / "generated")]) == 0
    assert run(["check", "--specs", str(folder / "specs"), "--out", str(folder / "generated")]) == 0
    return folder


@pytest.fixture(scope="module")
def built(rendered: Path) -> Path:
    library = rendered / "librt_z.so"
    sources = [rendered / "generated" / "c" / "rt_z.c", SECOND / "native" / "checksum.c", *sorted(CORE.glob("*.c"))]
    folders = [CORE, SECOND / "native", rendered / "generated" / "c"]
    command = [COMPILER, *FLAGS, *(f"-I{folder}" for folder in folders), *map(str, sources), "-o", str(library)]
    done = subprocess.run([*map(str, command), "-lm", "-ldl", "-lpthread"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return library


@pytest.fixture(scope="module")
def bindings(rendered: Path, built: Path) -> Iterator[Any]:
    """The generated typed functions, bound to the library by the generated ctypes loader."""
    sys.path.insert(0, str(rendered / "generated" / "python"))
    importlib.invalidate_caches()
    try:
        yield connected(built)
    finally:
        sys.path.remove(str(rendered / "generated" / "python"))
        for name in [name for name in sys.modules if name.split(".")[0] == "rt_z_bindings"]:
            del sys.modules[name]


def connected(library: Path) -> ModuleType:
    loader = importlib.import_module("rt_z_bindings.ctypes_loader")
    functions = importlib.import_module("rt_z_bindings.functions")
    functions.use(loader.open_library(str(library)))
    return functions


def test_the_version_comes_from_the_library_itself(bindings: Any) -> None:
    assert bindings.version() == zlib.ZLIB_RUNTIME_VERSION


def test_a_list_and_a_number_go_to_plain_c(bindings: Any) -> None:
    data = b"The quick brown fox"
    assert bindings.crc32(data, 0) == zlib.crc32(data)
    assert bindings.crc32(data[4:], zlib.crc32(data[:4])) == zlib.crc32(data)
    assert bindings.compress_bound(100) > 100


def test_several_results(bindings: Any) -> None:
    assert tuple(bindings.split(12.0)) == (0.75, 4)


def test_an_enum(bindings: Any) -> None:
    assert [bindings.round(-1.5, way) for way in (0, 1, 2)] == [-2.0, -1.0, -1.0]
    with pytest.raises(ValueError, match="way"):
        bindings.round(1.0, 9)
    rounding = importlib.import_module("rt_z_bindings.enums").Rounding
    assert [bindings.round(-1.5, way) for way in rounding] == [-2.0, -1.0, -1.0]
    assert rounding.CUT == 2 and rounding["DOWN"] is rounding(0)


def test_optional_arguments(bindings: Any) -> None:
    assert bindings.power(3.0, None) == 9.0
    assert bindings.power(2.0, 0.5) == math.sqrt(2.0)
    assert list(bindings.digits(305, None)) == [5, 0, 3]
    assert list(bindings.digits(6, [2])) == [0, 1, 1]


def test_what_may_wait_gives_the_interpreter_s_lock_up(rendered: Path, bindings: Any) -> None:
    quick = importlib.import_module("rt_z_bindings.cffi_api_build").QUICK
    assert quick == ["rt_z_free"]
    assert "| waits | Waits until it is settled. |" in (
        rendered / "generated" / "docs" / "rt_z" / "checksum.md"
    ).read_text(encoding="utf-8")
    assert "Waits until it is settled." in bindings.settle.__doc__


def test_handles(bindings: Any) -> None:
    running = bindings.checksum("adler32")
    other = bindings.checksum("adler32")
    bindings.update(running, b"abc")
    assert bindings.value(running) == zlib.adler32(b"abc")
    assert not bindings.equal(running, other)
    assert not bindings.equal(running, None)
    bindings.update(other, b"abc")
    assert bindings.equal(running, other)
    assert bindings.total([running, other]) == 2 * zlib.adler32(b"abc")
    bindings.free(running)
    bindings.free(other)
    with pytest.raises(RuntimeError, match="no live checksum"):
        bindings.value(running)


def test_what_upstream_lacks_is_an_error_when_called(bindings: Any) -> None:
    with pytest.raises(RuntimeError, match="zlibNoSuch"):
        bindings.lacking(1)
    assert bindings.lacking_at_first(100) == bindings.compress_bound(100)


def test_a_library_beside_it(rendered: Path, built: Path, bindings: Any) -> None:
    assert math.isclose(bindings.cube_root(-27.0), -3.0)
    with pytest.raises(RuntimeError, match="it lacks `noSuchRoot`"):
        bindings.no_root(1.0)
    code = (
        "from rt_z_bindings import ctypes_loader, functions\n"
        f"functions.use(ctypes_loader.open_library({str(built)!r}))\n"
        "print(functions.crc32(b'', 0))\n"
        "try: functions.cube_root(8.0)\n"
        "except RuntimeError as error: print(error)\n"
    )
    environment = {**os.environ, "RT_Z_ALONE": "1", "PYTHONPATH": str(rendered / "generated" / "python")}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    first, second = done.stdout.splitlines()
    assert first == "0"
    assert second.startswith("rt_z_cube_root: unavailable in libz") and second.endswith(": RT_Z_ALONE is set")


def test_the_cases(rendered: Path, bindings: Any) -> None:
    document = json.loads((rendered / "generated" / "conformance" / "rt_z.json").read_text(encoding="utf-8"))
    ran = 0
    for function in document["functions"]:
        for case in function["cases"]:
            check_case(bindings, function, case)
            ran += 1
    assert ran > 8


def check_case(bindings: Any, function: Any, case: Any) -> None:
    ways = {"down": 0, "up": 1, "cut": 2}
    arguments = [case["args"].get(param["name"]) for param in function["params"]]
    arguments = [ways.get(value, value) if isinstance(value, str) else value for value in arguments]
    arguments = [math.nan if value == "nan" else value for value in arguments]
    call = getattr(bindings, function["name"])
    if "error" in case:
        with pytest.raises(RuntimeError, match=case["says"]):
            call(*arguments)
        return
    found = call(*arguments)
    if isinstance(function["result"], dict):
        assert dict(zip(function["result"], found, strict=True)) == case["gives"]
    elif case["gives"] == "nan":
        assert math.isnan(found)
    else:
        assert (list(found) if isinstance(case["gives"], list) else found) == case["gives"]


def test_only_the_specs_functions_are_exported(rendered: Path, built: Path) -> None:
    if shutil.which("nm") is None:
        pytest.skip("no nm")
    printed = subprocess.run(["nm", "-D", "--defined-only", str(built)], capture_output=True, text=True, check=True)
    exported = {line.split()[-1] for line in printed.stdout.splitlines()}
    lock = (rendered / "specs" / "abi.lock").read_text(encoding="utf-8").splitlines()
    declared = {line.partition("(")[0].split()[-1].lstrip("*") for line in lock if line.startswith("1 ")}
    assert exported == declared


def test_the_header_is_read_by_cffi(rendered: Path) -> None:
    cffi = pytest.importorskip("cffi")
    text = (rendered / "generated" / "c" / "rt_z.h").read_text(encoding="utf-8")
    ffi = cffi.FFI()
    ffi.cdef(text.partition("/* cdef: begin */")[2].partition("/* cdef: end */")[0])
    assert ffi.typeof("enum rt_z_rounding").elements == {
        0: "RT_Z_ROUNDING_DOWN",
        1: "RT_Z_ROUNDING_UP",
        2: "RT_Z_ROUNDING_CUT",
    }
