"""`python -m verification CHECK`: each check prints what it looked at; the exit status is 1 when anything is wrong.

all             every check that needs no download
symbols         the built library exports exactly the functions of the specs, and needs only the C library
header          the public header compiles everywhere alone, and says what the specs say
prototypes      libtorch's C functions are declared as torch's own headers declare them
schemas         the quoted operator schemas are those of the installed torch
lock            write specs/torch/libtorch.lock from the real libraries (with --check: compare only)
torch-versions  the conformance cases on every supported torch, with one binary
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from verification import compilers, lock, prototypes, schemas, specs, symbols, wheels
from verification.clang import HeaderError, Unavailable
from verification.wheels import Torch, WheelError


def main(arguments: Sequence[str] | None = None) -> int:
    options = parser().parse_args(arguments)
    run: Callable[[argparse.Namespace], int] = options.run
    try:
        return run(options)
    except (HeaderError, WheelError, FileNotFoundError) as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return 130


def parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m verification", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(required=True, metavar="CHECK")
    for name, function in {
        "all": run_all,
        "symbols": run_symbols,
        "header": run_header,
        "schemas": run_schemas,
    }.items():
        commands.add_parser(name).set_defaults(run=function)

    wheels_folder = argparse.ArgumentParser(add_help=False)
    wheels_folder.add_argument("--wheels", type=Path, metavar="DIR", help="where wheels lie, instead of downloading")

    command = commands.add_parser("prototypes", parents=[wheels_folder])
    command.add_argument("--torch", type=Path, metavar="DIR", help="a torch package's folder, not the installed one's")
    command.add_argument("--versions", type=versions, metavar="X,Y", help="versions to look at, not the installed one")
    command.set_defaults(run=run_prototypes)

    command = commands.add_parser("lock", parents=[wheels_folder])
    command.add_argument("--check", action="store_true", help="compare the lock with the specs and the installed torch")
    command.set_defaults(run=run_lock)

    command = commands.add_parser("torch-versions", parents=[wheels_folder])
    wanted = versions(os.environ.get("VERSIONS") or ",".join(wheels.VERSIONS))
    command.add_argument("--versions", type=versions, metavar="X,Y", default=wanted, help="default: $VERSIONS, or all")
    command.add_argument("--library", type=Path, default=symbols.LIBRARY, help="default: the one that was built")
    command.set_defaults(run=run_torch_versions)
    return parser


def versions(text: str) -> list[str]:
    return [version.strip() for version in text.split(",") if version.strip()]


def report(name: str, check: Callable[[], list[str]]) -> int:
    """Run one check and print its problems; a check that cannot run says why, and is no failure."""
    try:
        problems = check()
    except Unavailable as reason:
        print(f"{name}: skipped: {reason}", flush=True)
        return 0
    for problem in problems:
        print(problem)
    print(f"{name}: {f'{len(problems)} problems' if problems else 'good'}", flush=True)
    return 1 if problems else 0


def check_symbols() -> list[str]:
    if not symbols.LIBRARY.exists():
        raise Unavailable(f"{symbols.LIBRARY.relative_to(specs.ROOT)} is not built: `make lib`")
    return symbols.check()


def check_header() -> list[str]:
    for program in compilers.absent():
        print(f"header: {program} is not installed, so it was not tried")
    return compilers.check() + check_header_content()


def check_header_content() -> list[str]:
    from verification import header  # only this check reads the generator's model

    return header.check(header.load_abi())


def check_prototypes() -> list[str]:
    return prototypes.check(installed())


def check_schemas() -> list[str]:
    installed()
    return schemas.check()


def installed() -> Torch:
    torch = wheels.installed()
    if torch is None:
        raise Unavailable("no torch is installed: `pip install torch`")
    return torch


def run_symbols(_options: argparse.Namespace) -> int:
    return report("symbols", check_symbols)


def run_header(_options: argparse.Namespace) -> int:
    return report("header", check_header)


def run_schemas(_options: argparse.Namespace) -> int:
    return report("schemas", check_schemas)


def run_all(_options: argparse.Namespace) -> int:
    checks = {
        "symbols": check_symbols,
        "header": check_header,
        "prototypes": check_prototypes,
        "schemas": check_schemas,
        "lock": lock.check,
    }
    return max([report(name, check) for name, check in checks.items()])


def run_prototypes(options: argparse.Namespace) -> int:
    if options.torch:
        return report("prototypes", lambda: prototypes.check(Torch(version_of(options.torch), options.torch)))
    if not options.versions:
        return report("prototypes", check_prototypes)
    status = 0
    for version in options.versions:
        torch = wheels.provide(version, options.wheels)
        status |= report(f"prototypes of torch {version}", partial(prototypes.check, torch))
    return status


def version_of(folder: Path) -> str:
    """The version that a torch package folder says it has; "unknown" when it says nothing."""
    file = folder / "version.py"
    if not file.exists():
        return "unknown"
    line = next((line for line in file.read_text().splitlines() if line.startswith("__version__")), "'unknown'")
    return line.split("'")[1].partition("+")[0]


def run_lock(options: argparse.Namespace) -> int:
    if options.check:
        return report("lock", lock.check)
    lock.update(wheels.VERSIONS, options.wheels)
    print(f"wrote {lock.LOCK.relative_to(specs.ROOT)}")
    return 0


def run_torch_versions(options: argparse.Namespace) -> int:
    from verification import torch_versions

    return torch_versions.run(options.versions, options.wheels, options.library)


if __name__ == "__main__":
    sys.exit(main())
