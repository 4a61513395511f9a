"""A library whose functions return a status and write their results through pointers: nothing of it is hand-written."""

from __future__ import annotations

import importlib
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from generator.__main__ import run
from tests.generator.paths import ROOT, STATUS

COMPILER = shutil.which("gcc") or shutil.which("clang")
CORE = ROOT / "native" / "core"
FLAGS = ["-std=c11", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-O1", "-fPIC", "-fvisibility=hidden", "-shared"]

pytestmark = pytest.mark.skipif(COMPILER is None, reason="no C compiler")


def compile_library(output: Path, sources: list[Path], *options: str) -> None:
    command = [str(COMPILER), *FLAGS, *options, *map(str, sources), "-o", str(output), "-ldl", "-lpthread"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("status")
    shutil.copytree(STATUS / "specs", folder / "specs")
    assert run(["gen", "--specs", str(folder / "specs"), "--out", str(folder / "generated")]) == 0
    return folder


@pytest.fixture(scope="module")
def meter(rendered: Path) -> Iterator[Any]:
    """The typed functions over the compiled library, and that over its upstream."""
    c = rendered / "generated" / "c"
    compile_library(rendered / "libmeter.so", [STATUS / "upstream" / "meter.c"], "-fvisibility=default")
    sources = [c / "rt_m.c", STATUS / "native" / "meter.c", *sorted(CORE.glob("*.c"))]
    compile_library(rendered / "librt_m.so", sources, *(f"-I{folder}" for folder in (CORE, STATUS / "native", c)))
    sys.path.insert(0, str(rendered / "generated" / "python"))
    importlib.invalidate_caches()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RT_M_LIBMETER", str(rendered))
        try:
            loader = importlib.import_module("rt_m_bindings.ctypes_loader")
            functions = importlib.import_module("rt_m_bindings.functions")
            functions.use(loader.open_library(str(rendered / "librt_m.so")))
            yield functions
        finally:
            sys.path.remove(str(rendered / "generated" / "python"))
            for name in [name for name in sys.modules if name.split(".")[0] == "rt_m_bindings"]:
                del sys.modules[name]


def test_one_result(meter: Any) -> None:
    assert meter.version() == 7
    assert [meter.unit(side) for side in (0, 1)] == ["metres", "feet"]
    assert [meter.is_even(number) for number in (2, 3)] == [True, False]


def test_several_results(meter: Any) -> None:
    assert meter.range(4) == (4.5, 4)


def test_no_result(meter: Any) -> None:
    assert meter.reset(2, 3) is None


def test_a_status_that_is_no_success(meter: Any) -> None:
    with pytest.raises(RuntimeError, match="rt_m_range: libmeter says 3"):
        meter.range(-1)
    with pytest.raises(RuntimeError, match="rt_m_reset: libmeter says 5"):
        meter.reset(1, 3)


def test_handles(meter: Any) -> None:
    a, b = meter.open(), meter.open()
    assert meter.compare(a, b) == -10.0
    assert meter.compare(a, None) == 0.25
    meter.free(a)
    with pytest.raises(RuntimeError, match="no live meter"):
        meter.compare(b, a)
    meter.free(b)


@pytest.mark.parametrize(
    ("name", "arguments", "argument", "c_type"),
    [
        ("range", [2**31], "which", "int"),
        ("range", [-(2**31) - 1], "which", "int"),
        ("reset", [2**32, 0], "to", "unsigned int"),
        ("reset", [-1, 0], "to", "unsigned int"),
        ("reset", [0, -1], "count", "size_t"),
        ("is_even", [256], "number", "unsigned char"),
        ("half", [2**31], "number", "int32_t"),
    ],
)
def test_a_number_that_the_library_would_cut_short(
    meter: Any, name: str, arguments: list[int], argument: str, c_type: str
) -> None:
    with pytest.raises(ValueError, match=rf"rt_m_{name}: argument `{argument}`: .* libmeter takes it as `{c_type}`"):
        getattr(meter, name)(*arguments)


def test_the_largest_numbers_that_fit(meter: Any) -> None:
    assert meter.range(2**31 - 2)[1] == 2**31 - 2
    assert meter.reset(2**32 - 1, 2**63 - 1) is None
    assert meter.half(-(2**31)) == -(2**30)
    assert meter.is_even(254)


def test_what_is_rendered(rendered: Path) -> None:
    shim = (rendered / "generated" / "c" / "rt_m.c").read_text(encoding="utf-8")
    assert (
        """
	if (unlikely(!call_enter(&call, &functions[FN_RANGE])))
		return error_code();
	if (check_ptr(&call, "high", high)
	    && check_ptr(&call, "low", low)) {
		size_t raw_low = 0;
		double raw_high = 0;

		ok = check_fits(&call, "which", which, which == (int)which, "int")
		    && passed(&call, libmeter.meter_range(&raw_low, which, &raw_high));
		if (ok) {
			*low = (int64_t)raw_low;
			*high = raw_high;
		}
	}
	call_leave(&call, ok);
	return ok ? 0 : error_code();
"""
        in shim
    )


def refusable(docs: Path, upstream: str) -> set[str]:
    """The functions of which it is said that the upstream may refuse them."""
    sections = "".join(page.read_text(encoding="utf-8") for page in sorted(docs.glob("*.md"))).split("\n## ")
    return {section.split("\n")[0] for section in sections if f"`refused` when {upstream} itself reports" in section}


def test_what_the_upstream_may_refuse_is_documented(rendered: Path) -> None:
    """A status may tell of an error, that of a body's calls too; what returns its result cannot."""
    said = refusable(rendered / "generated" / "docs" / "rt_m", "libmeter")
    assert {"rt_m_open", "rt_m_range"} <= said and not {"rt_m_last_error", "rt_m_free"} & said
    said = refusable(ROOT / "generated" / "docs" / "rt_cuda", "libcudart")
    assert {"rt_cuda_set_device", "rt_cuda_memset", "rt_cuda_alloc"} <= said
    assert not {"rt_cuda_error_name", "rt_cuda_memory_size", "rt_cuda_free"} & said
