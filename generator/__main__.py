"""`python -m generator`: from specs to everything that is generated."""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def parser() -> argparse.ArgumentParser:
    from generator import commands  # here, so that an interruption while it is imported is one to `main` as well

    common = argparse.ArgumentParser(add_help=False)
    text = "folder of a library's specs, several times for several (default: all below specs/)"
    common.add_argument("--specs", type=Path, metavar="DIR", action="append", help=text)
    common.add_argument("--out", type=Path, metavar="DIR", help="folder of generated files (default: generated)")
    common.add_argument("--verbose", action="store_true", help="say what is done with every file")
    main = argparse.ArgumentParser(
        prog="python -m generator",
        description="Render the specs of libraries into C, Python, documentation and known answers.",
        epilog="The exit status is 0 when all is well, 1 when specs or files are wrong, 2 for a wrong command.",
    )
    actions = main.add_subparsers(dest="action", required=True, metavar="COMMAND")

    gen = actions.add_parser("gen", parents=[common], help="write every generated file that differs")
    gen.add_argument("--dry-run", action="store_true", help="say what would be written, and write nothing")

    actions.add_parser(
        "check", parents=[common], help="fail when a file is missing, extra or differs, or the ABI broke"
    )

    listing = actions.add_parser("list", parents=[common], help="list the functions")
    listing.add_argument("--group", help="only those of one group")

    show = actions.add_parser("show", parents=[common], help="show one function at any stage of the pipeline")
    show.add_argument("name", metavar="NAME", help="the function, with or without the library's prefix")
    show.add_argument("--stage", default="abi", choices=commands.STAGES, help="default: abi")

    new = actions.add_parser("new", parents=[common], help="write the skeleton of a new function's entry")
    new.add_argument("name", metavar="NAME", help="the function, with or without the library's prefix")
    new.add_argument("--group", help="the group, which is the file, that it goes to")
    new.add_argument("--dry-run", action="store_true", help="print the entry instead of writing it")
    return main


def default_specs() -> list[Path]:
    """The folders of specs of this project, whose libraries share one folder of generated files."""
    return sorted(file.parent for file in (ROOT / "specs").glob("*/library.toml"))


def specs_of(options: argparse.Namespace) -> list[Path]:
    """What the command is about; what writes or compares the project's own files is about all of its libraries."""
    from generator import commands

    given: list[Path] = options.specs or []
    if not given:
        return default_specs()
    if options.action not in ("gen", "check") or options.out is not None:
        return given
    if {folder.resolve() for folder in given} <= {folder.resolve() for folder in default_specs()}:
        return default_specs()
    raise commands.Refused("other specs than the default ones go to a folder of their own: use --out")


def run(arguments: Sequence[str] | None = None) -> int:
    from generator import commands

    options = parser().parse_args(arguments)
    try:
        books = commands.read(specs_of(options))
        out = options.out or ROOT / "generated"
        if options.action == "gen":
            return commands.gen(books, out, dry_run=options.dry_run, verbose=options.verbose)
        if options.action == "check":
            return commands.check(books, out, verbose=options.verbose)
        if options.action == "list":
            return commands.list_functions(books, options.group)
        if options.action == "show":
            return commands.show(books, out, options.name, options.stage)
        return commands.new(books, options.name, options.group, dry_run=options.dry_run)
    except commands.Refused as refused:
        print(refused, file=sys.stderr, end="" if str(refused).endswith("\n") else "\n")
        return 1


def main() -> int:
    if sys.stdout is None:  # `>&-`
        print("standard output is closed", file=sys.stderr)
        return 1
    if isinstance(sys.stdout, io.TextIOWrapper):  # a path may hold what its encoding lacks
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        try:
            return run()
        finally:  # also where --help is all there is to print
            sys.stdout.flush()
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # the reader, `head` for example, has enough
        _drop_output()
        return 1
    except OSError as error:
        _drop_output()
        place = f"{error.filename}: " if error.filename is not None else ""
        print(f"{place}{error.strerror or error}", file=sys.stderr)
        return 1


def _drop_output() -> None:
    """What is still to be printed has nowhere to go; keep the interpreter's own flush at its end quiet."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    sys.exit(main())
