"""The whole chain in one run: specs, library, libtorch, and every function through every loader, against known answers.

Run it with `make demo`, or, once the library is built, with `.venv/bin/python examples/demo.py [--verbose]`.
"""

from __future__ import annotations

import argparse
import ctypes
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rt_torch import libtorch, loader
from rt_torch_bindings import functions as unbound
from rt_torch_bindings.raw import NAMES
from verification.conformance import Conformance, Outcome
from verification.torch_versions import CASES

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--verbose", action="store_true", help="show what every case gave")
    arguments = parser.parse_args()
    document = json.loads(CASES.read_text(encoding="utf-8"))
    show_specs(document)
    path = loader.find_library()
    show_library(path)
    opened = open_all(path)
    first = next(iter(opened.values()))
    print(f"libtorch   {first.version()}{'' if 'torch' in sys.modules else ', found without importing torch'}")
    print(f"           {first.libtorch_path()}")
    return show_functions(document, opened, arguments.verbose)


def show_specs(document: Any) -> None:
    start = time.perf_counter()
    said = subprocess.run([sys.executable, "-m", "generator", "gen"], cwd=ROOT, check=True, capture_output=True)
    took = time.perf_counter() - start
    files = said.stdout.decode().strip().splitlines()
    known = len(document["functions"])
    print(f"specs      {len(NAMES)} functions in specs/torch, {known} of them with known answers,")
    print(f"           rendered into generated/ in {took:.1f} s")
    for line in files:
        print(f"           {line}")


def show_library(path: str) -> None:
    size = Path(path).stat().st_size
    print(f"library    {Path(path).relative_to(ROOT)}, {size // 1024} KB, built without any libtorch")


def open_all(path: str) -> dict[str, Any]:
    """The typed functions over each loader that works here."""
    opened = {}
    for choice in loader.choices():
        if choice.problem:
            print(f"loader     {choice.name} is left out: {choice.problem}")
            continue
        raw = loader.open_library(choice.name, path)
        raw = libtorch.prepare(raw)
        opened[choice.name] = unbound.bind(raw)
    return opened


# Functions about memory and files have no answers that a spec could hold: each is tried here, and tells what it gave.


def try_load(f: Any) -> str:
    f.load(f.libtorch_path())
    return "the same file again: nothing to do"


def try_suggest_path(f: Any) -> str:
    f.suggest_path(None)
    return "no path is suggested any more"


def try_clear_error(f: Any) -> str:
    try:
        f.neg(0)
    except RuntimeError:
        before = f.last_error_code()
    f.clear_error()
    expect(before != 0 and f.last_error_code() == 0 and f.last_error() == "", "an error that is gone")
    return f"code {before} became 0"


def try_wrap(f: Any) -> str:
    """Our memory becomes a tensor, and its token comes back once nobody uses it any more."""
    buffer = (ctypes.c_double * 3)(1.0, 2.0, 3.0)
    token = 42
    handle = f.wrap(ctypes.addressof(buffer), [3], None, "f64", token)
    elements = list(f.to_data_f64(handle))
    f.free(handle)
    released = list(f.released())
    expect(elements == [1.0, 2.0, 3.0] and released == [token], f"{elements}, released {released}")
    return f"{elements}; freed, and released() gave {released}"


def try_dlpack(f: Any) -> str:
    """A tensor goes out as DLPack and comes back as a second one on the same memory."""
    first = f.from_data_f64([1.0, 2.0, 3.0, 4.0], [2, 2])
    second = f.from_dlpack(f.to_dlpack(first))
    shape, elements = list(f.shape(second)), list(f.to_data_f64(second))
    for handle in (first, second):
        f.free(handle)
    expect((shape, elements) == ([2, 2], [1.0, 2.0, 3.0, 4.0]), f"{shape} {elements}")
    return f"{elements} of shape {shape}, there and back"


def expect(holds: bool, found: str) -> None:
    if not holds:
        raise RuntimeError(f"not as expected: {found}")


TRIALS: dict[str, Callable[[Any], str]] = {
    "load": try_load,
    "suggest_path": try_suggest_path,
    "clear_error": try_clear_error,
    "wrap": try_wrap,
    "to_dlpack": try_dlpack,
    "from_dlpack": try_dlpack,
}


def run_trial(f: Any, name: str) -> Outcome:
    symbol = NAMES[name]
    before = f.live_handles()
    try:
        shown = TRIALS[name](f)
        expect(f.live_handles() == before, "handles are left behind")
        return Outcome(symbol, symbol, shown, "")
    except Exception as error:
        return Outcome(symbol, symbol, "", f"{type(error).__name__}: {error}")


def run_all(f: Any, document: Any) -> list[Outcome]:
    return [*Conformance(f, document).outcomes(), *(run_trial(f, name) for name in TRIALS)]


def show_functions(document: Any, opened: dict[str, Any], verbose: bool) -> int:
    """A line per function: how many of its cases passed on each loader, and what the first case gave."""
    outcomes = {name: run_all(functions, document) for name, functions in opened.items()}
    tried = {outcome.symbol for results in outcomes.values() for outcome in results}
    print(f"\n{'function':<28}" + "".join(f"{name:>10}" for name in opened) + "   first answer")
    for symbol in NAMES.values():
        show_function(symbol, [[o for o in results if o.symbol == symbol] for results in outcomes.values()], verbose)
    wrong = [f"{o.title}: {o.problem}" for results in outcomes.values() for o in results if o.problem]
    for text in wrong:
        print(f"WRONG  {text}")
    answers = sum(len(results) for results in outcomes.values()) - len(TRIALS) * len(opened)
    print(
        f"\n{len(tried)} of {len(NAMES)} functions run, through {len(opened)} loaders: {answers} known answers,", end=""
    )
    print(f" {len(TRIALS) * len(opened)} other trials, {len(wrong)} wrong")
    return 1 if wrong or not opened else 0


def show_function(symbol: str, rows: list[list[Outcome]], verbose: bool) -> None:
    cells = [f"{sum(not o.problem for o in row)}/{len(row)}" if row else "-" for row in rows]
    shown = [o.shown for o in rows[0]] or ["not run: its spec gives no cases"]
    print(f"{symbol:<28}" + "".join(f"{cell:>10}" for cell in cells) + f"   {shown[0][:70]}".rstrip())
    if verbose:
        print("".join(f"    {text}\n" for text in shown[1:]), end="")


if __name__ == "__main__":
    try:
        status = main()
        sys.stdout.flush()
    except BrokenPipeError:  # whoever reads has seen enough; what is still in the buffer has nowhere to go
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = 1
    sys.exit(status)
