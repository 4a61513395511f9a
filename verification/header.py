"""The generated headers, as libclang reads them, against the ABI that the generator lowers the specs to."""

from __future__ import annotations

import re
from pathlib import Path

from generator.abi import Abi, AbiFunction, lower
from generator.spec import load_library
from verification import specs
from verification.clang import Declared, Header, parse
from verification.compilers import HEADER, HEADERS

_PROBE = "check_"  # names the constants whose values are asked for


def check(abi: Abi, path: Path = HEADER) -> list[str]:
    """Problems; none when the header declares the ABI's functions and constants, and documents each parameter."""
    header = read(abi, path)
    declared = {function.name: function for function in header.functions if function.file == path.name}
    expected = {function.symbol: function for function in abi.functions}
    problems = [f"`{name}` is not in {path.name}" for name in sorted(expected.keys() - declared.keys())]
    problems += [f"`{name}` is in {path.name}, but in no spec" for name in sorted(declared.keys() - expected.keys())]
    canonical = _canonical(abi)
    for name in sorted(expected.keys() & declared.keys()):
        problems += compare(canonical[name], declared[name])
        problems += undocumented(expected[name], declared[name].comment)
    return problems + _wrong_constants(abi, header)


def check_all() -> list[str]:
    """The same of every library of ours."""
    return [
        problem
        for folder, path in zip(specs.libraries().values(), HEADERS, strict=True)
        for problem in check(load_abi(folder), path)
    ]


def load_abi(folder: Path | None = None) -> Abi:
    folder = folder or specs.SPECS
    inside = folder.is_relative_to(specs.ROOT)
    library, diagnostics = load_library(folder, (folder.relative_to(specs.ROOT) if inside else folder).as_posix())
    if library is None:
        raise specs.SpecError(diagnostics.render().rstrip())
    return lower(library)


def read(abi: Abi, path: Path) -> Header:
    """The header, and an enum behind it whose values are those of the constants, macros or not."""
    probes = "".join(f"\t{_PROBE}{name} = {name},\n" for name in _constants(abi))
    source = f'#include "{path.name}"\nenum {{\n{probes}}};\n'
    return parse(source, language="c", standard="c11", folders=[path.parent], name="header.c")


def _constants(abi: Abi) -> dict[str, int]:
    constants = [*abi.constants, *(constant for enum in abi.enums for constant in enum.constants)]
    return {constant.name: constant.value for constant in constants}


def _canonical(abi: Abi) -> dict[str, Declared]:
    """The ABI's prototypes through the same compiler, so that only what they mean is compared."""
    lines = [f"{function.prototype};" for function in abi.functions]
    header = parse("\n".join(["#include <stdint.h>", *lines]), language="c", standard="c11", name="abi.c")
    return {function.name: function for function in header.functions}


def compare(expected: Declared, declared: Declared) -> list[str]:
    if (expected.result, expected.params) == (declared.result, declared.params):
        return []
    return [f"`{declared.name}` differs\n  specs:  {expected.prototype}\n  header: {declared.prototype}"]


def undocumented(function: AbiFunction, comment: str) -> list[str]:
    """The summary and the text of every parameter must stand in the comment, each text behind its name."""
    words = plain(comment)
    problems = []
    if plain(function.function.summary) not in words:
        problems.append(f"`{function.symbol}`: its comment lacks the summary")
    for param in function.params:
        if not re.search(rf"\b{param.name}\W+{re.escape(plain(param.doc))}", words):
            problems.append(f"`{function.symbol}`: its comment lacks the text of `{param.name}`: {param.doc}")
    return problems


def plain(text: str) -> str:
    """A comment on one line, without its decoration."""
    text = re.sub(r"^\s*/\*+!?|\*/\s*$|^\s*\* ?|^\s*///? ?", " ", text, flags=re.MULTILINE)
    return " ".join(text.split())


def _wrong_constants(abi: Abi, header: Header) -> list[str]:
    values = {constant.name: constant.value for constant in header.constants}
    return [
        f"`{name}` is {values[_PROBE + name]} in the header, {value} in the specs"
        for name, value in _constants(abi).items()
        if values[_PROBE + name] != value
    ]
