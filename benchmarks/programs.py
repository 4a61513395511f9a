"""The C programs of the benchmarks: compiled for the occasion, run in processes of their own."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from verification.specs import ROOT

FOLDER = Path(__file__).parent


def compile_program(name: str, folder: Path, *options: str) -> Path | None:
    """None where there is no C compiler."""
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if not compiler:
        return None
    program = folder / name
    always = ["-O2", "-std=c11", "-D_GNU_SOURCE", "-I", str(ROOT / "generated" / "c")]
    subprocess.run([compiler, *always, *options, str(FOLDER / f"{name}.c"), "-o", str(program), "-ldl"], check=True)
    return program


def nanoseconds(name: str, library: Path, libtorch: Path) -> dict[str, float]:
    """What a program of `MEASURE`s prints; empty where there is no C compiler."""
    with tempfile.TemporaryDirectory() as folder:
        program = compile_program(name, Path(folder))
        if program is None:
            return {}
        result = subprocess.run([program, library, libtorch], capture_output=True, text=True, check=False)
    if result.returncode != 0:
        raise RuntimeError(f"{name} ended with status {result.returncode}: {result.stderr.strip()}")
    return {title: float(time) for title, time in (line.split("\t") for line in result.stdout.splitlines())}
