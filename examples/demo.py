"""The whole chain in one run: specs, library, libtorch, and every function through every loader, against known answers.

Run it with `make demo`, or, once the library is built, with `.venv/bin/python examples/demo.py [--verbose]`.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from rt_torch import libtorch, loader
from rt_torch_bindings import functions as unbound
from verification.conformance import Conformance
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
    print(f"libtorch   {first.version()}, found {'without importing torch' if 'torch' not in sys.modules else ''}")
    print(f"           {first.libtorch_path()}")
    return show_functions(document, opened, arguments.verbose)


def show_specs(document: Any) -> None:
    start = time.perf_counter()
    said = subprocess.run([sys.executable, "-m", "generator", "gen"], cwd=ROOT, check=True, capture_output=True)
    took = time.perf_counter() - start
    files = said.stdout.decode().strip().splitlines()
    print(f"specs      {len(document['functions'])} functions in specs/torch, rendered into generated/ in {took:.1f} s")
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
        libtorch.prepare(raw)
        opened[choice.name] = unbound.bind(raw)
    return opened


def show_functions(document: Any, opened: dict[str, Any], verbose: bool) -> int:
    """A line per function: how many of its cases passed on each loader, and what the first case gave."""
    outcomes = {name: list(Conformance(functions, document).outcomes()) for name, functions in opened.items()}
    print(f"\n{'function':<28}" + "".join(f"{name:>10}" for name in opened) + "   first answer")
    for function in document["functions"]:
        rows = [[o for o in results if o.symbol == function["symbol"]] for results in outcomes.values()]
        cells = [f"{sum(not o.problem for o in row)}/{len(row)}" if row else "-" for row in rows]
        shown = [o.shown for o in rows[0]] or [""]
        print(f"{function['symbol']:<28}" + "".join(f"{cell:>10}" for cell in cells) + f"   {shown[0][:70]}")
        if verbose:
            print("".join(f"    {text}\n" for text in shown[1:]), end="")
    wrong = [o for results in outcomes.values() for o in results if o.problem]
    for outcome in wrong:
        print(f"WRONG  {outcome.title}: {outcome.problem}")
    total = sum(len(results) for results in outcomes.values())
    print(f"\n{len(document['functions'])} functions, {len(opened)} loaders, {total} known answers, {len(wrong)} wrong")
    return 1 if wrong or not opened else 0


if __name__ == "__main__":
    sys.exit(main())
