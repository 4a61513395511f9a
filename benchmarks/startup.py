"""From nothing to the first result: this library against `import torch`, each in processes of its own."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path

from benchmarks.programs import compile_program
from benchmarks.report import Table, milliseconds, ratio
from benchmarks.timing import progress
from verification.specs import ROOT

TORCH = """\
import torch
x = torch.tensor([1.0, 2.0], dtype=torch.float64)
assert (x + x).tolist() == [2.0, 4.0]
"""

OURS = """\
import sys
from rt_torch_bindings import {loader}, functions as f
libtorch, *library = sys.argv[1:]
f.use({loader}.open_library(*library))
f.load(libtorch)
x = f.from_data_f64([1.0, 2.0], [2])
assert list(f.to_data_f64(f.add(x, x))) == [2.0, 4.0]
"""

LOADERS = {"cffi API": "cffi_api_loader", "cffi ABI": "cffi_abi_loader", "ctypes": "ctypes_loader"}


@dataclass(frozen=True)
class Run:
    seconds: float  # of the whole process
    megabytes: float  # peak resident memory


def measure(library: Path, libtorch: Path, *, rounds: int) -> Table:
    contenders = {"import torch": [sys.executable, "-c", TORCH]}
    with tempfile.TemporaryDirectory() as folder:
        program = compile_program("first_result", Path(folder))
        if program:
            contenders["rt-torch from C"] = [str(program), str(library), str(libtorch)]
        for title, loader in LOADERS.items():
            command = [sys.executable, "-c", OURS.format(loader=loader), str(libtorch), *opening(loader, library)]
            if works(command):
                contenders[f"rt-torch from Python, {title}"] = command
        runs = interleave(contenders, rounds)
    return table(runs)


def opening(loader: str, library: Path) -> list[str]:
    """What a loader is given to open: the compiled extension lies beside the library unless it is installed."""
    extensions = sorted(library.parent.glob(f"_rt_torch_cffi{EXTENSION_SUFFIXES[0]}"))
    return [str(library), *map(str, extensions[:1])] if loader == "cffi_api_loader" else [str(library)]


def works(command: list[str]) -> bool:
    return subprocess.run(command, stderr=subprocess.DEVNULL, env=environment(), check=False).returncode == 0


def environment() -> dict[str, str]:
    path = os.pathsep.join([str(ROOT), str(ROOT / "generated" / "python"), os.environ.get("PYTHONPATH", "")])
    return {**os.environ, "PYTHONPATH": path.rstrip(os.pathsep)}


def interleave(contenders: dict[str, list[str]], rounds: int) -> dict[str, list[Run]]:
    runs: dict[str, list[Run]] = {name: [] for name in contenders}
    for command in contenders.values():
        run(command)  # into the page cache
    for done in range(rounds):
        progress(f"first result: round {done + 1} of {rounds}")
        for name, command in contenders.items():
            runs[name].append(run(command))
    progress("")
    return runs


def run(command: list[str]) -> Run:
    start = time.perf_counter()
    process = subprocess.Popen(command, env=environment())
    _pid, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise RuntimeError(f"{command[0]} ended with status {process.returncode}")
    return Run(seconds, usage.ru_maxrss / 1024)


def table(runs: dict[str, list[Run]]) -> Table:
    peer = statistics.median(run.seconds for run in runs["import torch"])
    rows = []
    for name, taken in runs.items():
        seconds = statistics.median(run.seconds for run in taken)
        memory = statistics.median(run.megabytes for run in taken)
        rows.append((name, milliseconds(seconds), ratio(seconds / peer), f"{memory:.0f} MB"))
    note = "Whole processes, from start to exit, that add two tensors and read the sum; medians, files cached."
    return Table("First result", note, ("process", "time", "ratio", "peak memory"), tuple(rows))
