"""libclang, cut down to what the checks ask: the functions that a header declares, their types and comments."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CANNOT_RUN = 2  # exit status of a check for which something is not there


class Unavailable(Exception):
    """A tool that a check needs is not there; the text says which and what to install."""


class HeaderError(Exception):
    """The header does not parse cleanly; the text holds every diagnostic."""


@dataclass(frozen=True)
class Declared:
    """A function declaration as the compiler sees it."""

    name: str  # "aoti_torch_get_dim"
    result: str  # "int"
    params: tuple[tuple[str, str], ...]  # (("void *", "tensor"), ("long *", "ret_dim"))
    comment: str  # "/** Number of dimensions of `x`. ... */"; "" when there is none
    mangled: str  # "_ZN2at15set_num_threadsEi"
    file: str  # "rt_torch.h"

    @property
    def prototype(self) -> str:
        params = ", ".join(f"{type_} {name}".strip() for type_, name in self.params)
        return f"{self.result} {self.name}({params or 'void'})"


@dataclass(frozen=True)
class Constant:
    """An enumerator, or a macro with a value."""

    name: str  # "RT_TORCH_ERROR_OK"
    value: int  # 0


@dataclass(frozen=True)
class Header:
    functions: tuple[Declared, ...]
    constants: tuple[Constant, ...]


def parse(text: str, *, language: str, standard: str, folders: Sequence[Path] = (), name: str = "check.h") -> Header:
    """Parse a source text that stands nowhere on disk; any diagnostic at all is an error."""
    cindex = _cindex()
    arguments = ["-x", language, f"-std={standard}", "-Wall", "-Wextra", "-Wno-pragma-once-outside-header"]
    arguments += [part for folder in folders for part in ("-I", str(folder))]
    arguments += ["-isystem", builtin_headers()]
    options = cindex.TranslationUnit.PARSE_SKIP_FUNCTION_BODIES
    try:
        unit = cindex.Index.create().parse(name, arguments, [(name, text)], options)
    except cindex.LibclangError as error:
        raise Unavailable(f"libclang does not load: {error}") from None
    except cindex.TranslationUnitLoadError as error:
        raise HeaderError(f"libclang could not parse {name}: {error}") from None
    if unit.diagnostics:
        raise HeaderError("\n".join(str(diagnostic) for diagnostic in unit.diagnostics))
    functions: list[Declared] = []
    constants: list[Constant] = []
    _collect(unit.cursor, functions, constants)
    return Header(tuple(functions), tuple(constants))


def _cindex() -> Any:
    try:
        # It has no types, and may not be there at all.
        import clang.cindex  # type: ignore[import-untyped,import-not-found,unused-ignore]
    except ImportError:
        raise Unavailable("libclang is not installed: `pip install libclang`") from None
    return clang.cindex


def builtin_headers() -> str:
    """The compiler's own headers (stddef.h), which libclang from PyPI comes without."""
    for compiler in ("clang", "gcc", "cc"):
        if shutil.which(compiler):
            command = [compiler, "-print-file-name=include"]
            return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    raise Unavailable("no C compiler is installed, whose stddef.h libclang could use")


def _collect(cursor: Any, functions: list[Declared], constants: list[Constant]) -> None:
    for child in cursor.get_children():
        kind = child.kind.name
        if kind == "FUNCTION_DECL":
            functions.append(_declared(child))
        elif kind == "ENUM_CONSTANT_DECL":
            constants.append(Constant(child.spelling, child.enum_value))
        elif kind in ("LINKAGE_SPEC", "NAMESPACE", "UNEXPOSED_DECL", "ENUM_DECL"):
            _collect(child, functions, constants)


def _declared(cursor: Any) -> Declared:
    params = tuple((canonical(argument.type), argument.spelling) for argument in cursor.get_arguments())
    file = Path(cursor.location.file.name).name if cursor.location.file else ""
    return Declared(
        cursor.spelling,
        canonical(cursor.result_type),
        params,
        cursor.raw_comment or "",
        cursor.mangled_name,
        file,
    )


def canonical(type_: Any) -> str:
    """A type without typedefs; a pointer to a struct, whose name means nothing to a C caller, is a `void *`."""
    type_ = type_.get_canonical()
    if type_.kind.name == "ENUM":
        return "int"  # as every C compiler passes one
    if type_.kind.name != "POINTER":
        return str(type_.spelling)
    pointee = type_.get_pointee()
    const = "const " if pointee.is_const_qualified() else ""
    if pointee.kind.name == "RECORD":
        return f"{const}void *"
    if pointee.kind.name == "FUNCTIONPROTO":
        arguments = ", ".join(canonical(argument) for argument in pointee.argument_types())
        return f"{canonical(pointee.get_result())} (*)({arguments or 'void'})"
    if pointee.kind.name == "POINTER":
        return canonical(pointee) + ("const *" if const else "*")
    return f"{pointee.spelling} *"
