"""`python -m benchmarks`: startup, calls, errors, the build, the two tiers and training, measured in one run against torch.

With --markdown FILE the tables are written there too, with --plot FILE the part `tiers` draws its times.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks import build, calls, errors, plot, pure, startup, tiers, training
from benchmarks.points import Grid
from benchmarks.report import Table, setting, write_markdown
from verification import symbols, wheels
from verification.specs import ROOT

PARTS = ("startup", "calls", "errors", "build", "pure", "tiers", "training")


def main(arguments: Sequence[str] | None = None) -> int:
    options = parser().parse_args(arguments)
    torch = wheels.installed()
    if torch is None:
        print(
            "torch is not installed, and it is what everything is compared with: `pip install torch`", file=sys.stderr
        )
        return 1
    if not options.library.exists():
        print(f"{options.library} is not built: `make lib`", file=sys.stderr)
        return 1
    sys.path.insert(0, str(ROOT / "generated" / "python"))
    tables = []
    for part in options.only or PARTS:
        for table in measure(part, options.library, torch.library, options):
            print(f"{table.as_text()}\n", flush=True)
            tables.append(table)
    if options.markdown:
        write_markdown(options.markdown, command(options), setting(torch.version), tables)
    return 0


def parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="write the tables to this file as well")
    parser.add_argument("--library", type=Path, default=symbols.LIBRARY, help="default: the one that was built")
    parser.add_argument("--only", action="append", choices=PARTS, help="one part; may be given several times")
    parser.add_argument("--rounds", type=int, default=21, help="rounds of each comparison (default: 21)")
    parser.add_argument("--turns", type=int, default=20000, help="calls in each round (default: 20000)")
    parser.add_argument(
        "--plot", type=Path, metavar="FILE", help="draw the tiers' times to this PNG (needs matplotlib)"
    )
    parser.add_argument(
        "--small", action="store_true", help="tiny sizes of tiers and nets: to see whether everything runs"
    )
    return parser


def measure(part: str, library: Path, libtorch: Path, options: argparse.Namespace) -> list[Table]:
    if part == "startup":
        return [startup.measure(library, libtorch, rounds=max(options.rounds // 3, 3))]
    if part == "calls":
        table, absent = calls.measure(library, libtorch, rounds=options.rounds, turns=options.turns)
        return known([table], absent)
    if part == "errors":
        measured = errors.measure(library, libtorch)
        if measured is None:
            print("errors: skipped: no C compiler is installed")
        return [measured] if measured else []
    if part == "pure":
        table, absent = pure.measure(rounds=max(options.rounds // 3, 2), small=options.small)
        return known([table], absent)
    if part == "tiers":
        tables, grid = tiers.measure(library, libtorch, rounds=options.rounds, small=options.small)
        if options.plot:
            draw(grid, options.plot)
        return tables
    if part == "training":
        return known(*training.measure(library, libtorch, rounds=options.rounds, small=options.small))
    return [build.measure(library)]


def known(tables: list[Table], absent: Sequence[str]) -> list[Table]:
    """The tables, once it was said what is not in them."""
    for reason in absent:
        print(f"not measured: {reason}")
    return tables


def draw(grid: Grid, path: Path) -> None:
    problem = plot.draw(grid, path)
    print(f"not drawn: {problem}" if problem else f"drawn: {path}")


def command(options: argparse.Namespace) -> str:
    shown = ["python -m benchmarks", *(f"--only {part}" for part in options.only or ())]
    return " ".join(shown)


if __name__ == "__main__":
    sys.exit(main())
