"""`python -m verification CHECK`: each check prints what it looked at; the exit status is 1 when anything is wrong.

A check asked for by name that cannot run, for want of a compiler, a torch or the library, says why and exits with 2.

all             every check that needs no download; one that cannot run is skipped, saying so, unless --strict is given
symbols         the built library exports exactly the functions of the specs, and needs only the C library
header          the public header compiles everywhere alone, and says what the specs say
prototypes      libtorch's C functions are declared as torch's own headers declare them
cuda            the same of CUDA's runtime and its own headers, of each version that is installed; and its numbers
schemas         the quoted operator schemas are those of the installed torch
lock            write specs/torch/libtorch.lock from the real libraries (with --check: compare only)
torch-versions  the conformance cases on every supported torch, with one binary
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from verification import compilers, cuda, lock, prototypes, schemas, specs, symbols, wheels
from verification.clang import CANNOT_RUN, HeaderError, Unavailable
from verification.elf import ElfError
from verification.schemas import RegistryError
from verification.specs import SpecError
from verification.wheels import Torch, WheelError


def main(arguments: Sequence[str] | None = None) -> int:
    options = parser().parse_args(arguments)
    run: Callable[[argparse.Namespace], int] = options.run
    try:
        read_specs()
        return run(options)
    except (SpecError, HeaderError, WheelError, ElfError, RegistryError, OSError) as error:
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
    command = commands.add_parser("all")
    command.add_argument("--strict", action="store_true", help="a check that cannot run is a failure")
    command.set_defaults(run=run_all)
    for name, checks in {"symbols": SYMBOLS, "header": HEADER, "schemas": SCHEMAS, "cuda": CUDA}.items():
        commands.add_parser(name).set_defaults(run=partial(run_named, checks))

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
    wanted = os.environ.get("VERSIONS") or ",".join(wheels.VERSIONS)
    command.add_argument("--versions", type=versions, metavar="X,Y", default=wanted, help="default: $VERSIONS, or all")
    command.add_argument("--library", type=Path, default=symbols.LIBRARY, help="default: the one that was built")
    command.set_defaults(run=run_torch_versions)
    return parser


def versions(text: str) -> list[str]:
    found = [version.strip() for version in text.split(",") if version.strip()]
    wrong = [version for version in found if not re.fullmatch(r"\d+(\.\d+)+", version)]
    if wrong or not found:
        raise argparse.ArgumentTypeError(
            f"{wrong[0] if wrong else text!r} is no version, such as {wheels.VERSIONS[-1]}"
        )
    return found


def read_specs() -> None:
    """Specs with mistakes are told of as the generator tells of them, before any check trips over them."""
    from verification import header  # only here and in the header's check the generator is needed

    for folder in specs.libraries().values():
        header.load_abi(folder)


def report(name: str, check: Callable[[], list[str]], skipped: int = CANNOT_RUN) -> int:
    """Run one check and print its problems; `skipped` is the status of one that cannot run."""
    try:
        problems = check()
    except Unavailable as reason:
        print(f"{name}: {'cannot run' if skipped else 'skipped'}: {reason}", flush=True)
        return skipped
    for problem in problems:
        print(problem)
    print(f"{name}: {f'{len(problems)} problems' if problems else 'good'}", flush=True)
    return 1 if problems else 0


def check_symbols() -> list[str]:
    if not symbols.LIBRARY.exists():
        raise Unavailable(f"{symbols.LIBRARY.relative_to(specs.ROOT)} is not built: `make lib`")
    return symbols.check(symbols.LIBRARY)


def check_header_content() -> list[str]:
    from verification import header

    return header.check_all()


def check_prototypes() -> list[str]:
    return prototypes.check(installed())


def check_cuda(major: int) -> list[str]:
    return cuda.check(cuda.installed(major))


def check_schemas() -> list[str]:
    installed()
    return schemas.check()


def installed() -> Torch:
    torch = wheels.installed()
    if torch is None:
        raise Unavailable("no torch is installed: `pip install torch`")
    return torch


def check_lock() -> list[str]:
    return lock.check(lock.LOCK)


def check_lock_truth() -> list[str]:
    return lock.check_truth(installed(), lock.LOCK)


Checks = dict[str, Callable[[], list[str]]]
SYMBOLS: Checks = {"symbols": check_symbols}
HEADER: Checks = {
    **{f"header with {program}": partial(compilers.check, program) for program in compilers.COMPILERS},
    "header": check_header_content,
}
CUDA: Checks = {f"CUDA {major}": partial(check_cuda, major) for major in cuda.MAJORS}
PROTOTYPES: Checks = {"prototypes": check_prototypes}
SCHEMAS: Checks = {"schemas": check_schemas}
LOCK: Checks = {"lock": check_lock, "lock of the installed torch": check_lock_truth}


def run_named(checks: Checks, _options: argparse.Namespace) -> int:
    return max([report(name, check) for name, check in checks.items()])


def run_all(options: argparse.Namespace) -> int:
    skipped = CANNOT_RUN if options.strict else 0
    checks = {**SYMBOLS, **HEADER, **PROTOTYPES, **CUDA, **SCHEMAS, **LOCK}
    return max([report(name, check, skipped) for name, check in checks.items()])


def run_prototypes(options: argparse.Namespace) -> int:
    if options.torch:
        return report("prototypes", lambda: prototypes.check(Torch(version_of(options.torch), options.torch)))
    if not options.versions:
        return run_named(PROTOTYPES, options)
    status = 0
    for version in options.versions:
        torch = wheels.provide(version, options.wheels)
        outcome = report(f"prototypes of torch {version}", partial(prototypes.check, torch))
        status = max(status, outcome)
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
        return run_named(LOCK, options)
    lock.update(wheels.VERSIONS, options.wheels)
    print(f"wrote {lock.LOCK.relative_to(specs.ROOT)}")
    return 0


def run_torch_versions(options: argparse.Namespace) -> int:
    from verification import torch_versions

    return torch_versions.run(options.versions, options.wheels, options.library)


if __name__ == "__main__":
    sys.exit(main())
