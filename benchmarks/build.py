"""What building costs: the library from nothing, and its size."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from benchmarks.report import Table
from verification.specs import ROOT


def measure(library: Path) -> Table:
    rows = [("size of the library", f"{library.stat().st_size / 1000:.0f} KB", "300 KB")]
    if shutil.which("cmake"):
        rows.insert(0, ("build from nothing", f"{build_time():.1f} s", "5 s"))
    note = "`cmake` and the compiler, one job, from an empty folder; no libtorch is looked at."
    return Table("Building", note, ("what", "measured", "goal"), tuple(rows))


def build_time() -> float:
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        quietly(["cmake", "-S", str(ROOT), "-B", folder, "-DCMAKE_BUILD_TYPE=Release"])
        quietly(["cmake", "--build", folder])
        seconds = time.perf_counter() - start
        if not (Path(folder) / library_name()).exists():
            raise RuntimeError(f"the build left no {library_name()}")
    return seconds


def quietly(command: list[str]) -> None:
    subprocess.run(command, check=True, capture_output=True)


def library_name() -> str:
    return "librt_torch.so"
