"""What one call costs, with the free of its result: each loader against torch's own Python functions."""

from __future__ import annotations

import ctypes
import importlib
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path
from typing import Any

from benchmarks.programs import compile_program
from benchmarks.report import Table, ratio
from benchmarks.startup import LOADERS, opening
from benchmarks.timing import Loop, Measured, interleave

PEER = "torch"
OPERATIONS = ("add", "relu", "matmul 4x4")
GOALS = {"add": 0.85, "relu": 1.10, "matmul 4x4": 1.15}  # raw functions through cffi's API mode
DATA = [0.5 * i - 4.0 for i in range(16)]


@dataclass(frozen=True)
class Functions:
    """Three operations and the free, as a loader or the typed functions offer them, and their arguments."""

    add: Callable[[int, int], int]
    relu: Callable[[int], int]
    matmul: Callable[[int, int], int]
    free: Callable[[int], Any]
    vectors: tuple[int, int]
    matrices: tuple[int, int]


def measure(library: Path, libtorch: Path, *, rounds: int, turns: int) -> tuple[Table, list[str]]:
    """The table, and the loaders that cannot run, with the reason."""
    contenders: dict[str, dict[str, Loop]] = {PEER: torch_loops()}
    absent = []
    for title, module in LOADERS.items():
        try:
            raw, typed = opened(module, library, libtorch)
        except ImportError as error:
            absent.append(f"{title}: {error}")
            continue
        contenders[f"{title}, C function"] = loops(raw)
        contenders[f"{title}, typed function"] = loops(typed)
        contenders["C"] = c_loops(library, raw.vectors, raw.matrices)
    contenders = {name: each for name, each in contenders.items() if each}
    measured = {
        operation: interleave(
            {name: each[operation] for name, each in contenders.items()},
            PEER,
            rounds=rounds,
            turns=turns,
            title=operation,
        )
        for operation in OPERATIONS
    }
    return table(measured), absent


def opened(module: str, library: Path, libtorch: Path) -> tuple[Functions, Functions]:
    """The C functions as the loader gives them, and the typed ones over them."""
    functions = importlib.import_module("rt_torch_bindings.functions")
    loader = importlib.import_module(f"rt_torch_bindings.{module}")
    raw = loader.open_library(*opening(module, library))
    typed = functions.bind(raw)
    typed.load(str(libtorch))
    typed.set_num_threads(1)
    vectors = typed.from_data_f64(DATA, [16]), typed.from_data_f64(DATA, [16])
    matrices = typed.from_data_f64(DATA, [4, 4]), typed.from_data_f64(DATA, [4, 4])
    plain = Functions(raw.add, raw.relu, raw.matmul, raw.free, vectors, matrices)
    return plain, Functions(typed.add, typed.relu, typed.matmul, typed.free, vectors, matrices)


def loops(functions: Functions) -> dict[str, Loop]:
    free, add, relu, matmul = functions.free, functions.add, functions.relu, functions.matmul
    (x, y), (m, n) = functions.vectors, functions.matrices

    def add_loop(turns: int) -> None:
        for _ in repeat(None, turns):
            free(add(x, y))

    def relu_loop(turns: int) -> None:
        for _ in repeat(None, turns):
            free(relu(x))

    def matmul_loop(turns: int) -> None:
        for _ in repeat(None, turns):
            free(matmul(m, n))

    return dict(zip(OPERATIONS, (add_loop, relu_loop, matmul_loop), strict=True))


def c_loops(library: Path, vectors: tuple[int, int], matrices: tuple[int, int]) -> dict[str, Loop]:
    """The same from C, without any Python in the loop; empty where there is no C compiler."""
    with tempfile.TemporaryDirectory() as folder:
        path = compile_program("loops", Path(folder), "-shared", "-fPIC")
        if path is None:
            return {}
        c = ctypes.CDLL(str(path))
    rt_torch = ctypes.CDLL(str(library))
    free = rt_torch.rt_torch_free

    def loop(run: Any, function: Any, *arguments: int) -> Loop:
        given = [ctypes.c_int64(argument) for argument in arguments]

        def timed(turns: int) -> None:
            if run(function, free, *given, ctypes.c_int64(turns)) != 0:
                raise RuntimeError("a call from C failed")

        return timed

    add = loop(c.binary_loop, rt_torch.rt_torch_add, *vectors)
    relu = loop(c.unary_loop, rt_torch.rt_torch_relu, vectors[0])
    matmul = loop(c.binary_loop, rt_torch.rt_torch_matmul, *matrices)
    return dict(zip(OPERATIONS, (add, relu, matmul), strict=True))


def torch_loops() -> dict[str, Loop]:
    """On tensors of their own: one that is both operands, or that there is a view of, takes torch a tenth less."""
    import torch

    torch.set_num_threads(1)
    relu = torch.relu
    x, y, z = (torch.tensor(DATA, dtype=torch.float64) for _ in range(3))
    m, n = (torch.tensor([DATA[i : i + 4] for i in range(0, 16, 4)], dtype=torch.float64) for _ in range(2))

    def add_loop(turns: int) -> None:
        for _ in repeat(None, turns):
            _result = x + y

    def relu_loop(turns: int) -> None:
        for _ in repeat(None, turns):
            relu(z)

    def matmul_loop(turns: int) -> None:
        for _ in repeat(None, turns):
            _result = m @ n

    return dict(zip(OPERATIONS, (add_loop, relu_loop, matmul_loop), strict=True))


def table(measured: dict[str, dict[str, Measured]]) -> Table:
    names = list(measured[OPERATIONS[0]])
    rows = [(name, *(cell(measured[operation][name]) for operation in OPERATIONS)) for name in names]
    rows.append(("goal: cffi API, C function", *(ratio(GOALS[operation]) for operation in OPERATIONS)))
    note = (
        "16 f64 elements, one thread, each call with the free of its result: the ratio to torch's `x + y`, "
        "`torch.relu(x)` and `x @ y`, and nanoseconds. All take turns in one process."
    )
    return Table("One call", note, ("through", *OPERATIONS), tuple(rows))


def cell(measured: Measured) -> str:
    return f"{measured.ratio:.2f} ({measured.nanoseconds:.0f})"
