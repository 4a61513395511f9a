"""The public headers alone, under every compiler and standard that they promise to work with."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from verification import specs
from verification.clang import Unavailable

HEADERS = tuple(specs.ROOT / "generated" / "c" / f"{name}.h" for name in specs.libraries())
HEADER = HEADERS[0]
C_STANDARDS = ("c11", "c17", "c2x")  # c2x is C23's name in every compiler that has it
CXX_STANDARDS = ("c++11", "c++14", "c++17", "c++20")
COMPILERS = ("gcc", "clang")
_STRICT = ("-Wall", "-Wextra", "-pedantic-errors", "-Werror", "-fsyntax-only")


@dataclass(frozen=True)
class Compiler:
    program: str  # "gcc"
    language: str  # "c" or "c++"
    standard: str  # "c11"


def present() -> list[Compiler]:
    """Every combination that can be tried on this machine."""
    languages = (("c", C_STANDARDS), ("c++", CXX_STANDARDS))
    return [
        Compiler(program, language, standard)
        for program in COMPILERS
        if shutil.which(program)
        for language, standards in languages
        for standard in standards
    ]


def absent() -> list[str]:
    return [program for program in COMPILERS if not shutil.which(program)]


def compile_header(compiler: Compiler, header: Path = HEADER) -> list[str]:
    """Problems; the header is included twice, so that its guard is tried too."""
    source = f'#include "{header.name}"\n#include "{header.name}"\n'
    options = ["-x", compiler.language, f"-std={compiler.standard}", *_STRICT, "-I", str(header.parent)]
    result = subprocess.run(
        [compiler.program, *options, "-"], input=source, capture_output=True, text=True, check=False
    )
    if result.returncode == 0:
        return []
    first = result.stderr.strip().splitlines()[:6]
    return [f"{compiler.program} -std={compiler.standard}: {header.name} does not compile:\n  " + "\n  ".join(first)]


def check(program: str, headers: Sequence[Path] = HEADERS) -> list[str]:
    """Problems with one compiler, in every language and standard."""
    if program in absent():
        raise Unavailable(f"{program} is not installed")
    mine = [compiler for compiler in present() if compiler.program == program]
    return [problem for header in headers for compiler in mine for problem in compile_header(compiler, header)]
