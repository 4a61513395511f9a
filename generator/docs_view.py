"""The reference: an index, and a page for each group."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from generator.abi import Abi, AbiEnum, AbiFunction, Returns
from generator.c_view import function_symbols, wrapped_prototype
from generator.conformance import literal
from generator.docs import param_doc, result_doc, waits_doc
from generator.model import Case, Function, Kind, Library, Ownership, Role
from generator.python_operators import python_names

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


@dataclass(frozen=True)
class UpstreamVersion:
    """What one version of the upstream library lacks, as the lock file beside the specs records it."""

    name: str  # "2.10.0"
    missing: frozenset[str]  # {"torch_from_blob", "softmax.int"}: symbols and operators


@dataclass(frozen=True)
class DocParam:
    declaration: str  # "const int64_t *shape"
    doc: str


@dataclass(frozen=True)
class DocFunction:
    symbol: str
    signature: str  # "(x: tensor, dim: i64) -> tensor"
    prototype: str
    summary: str
    details: str
    params: tuple[DocParam, ...]
    result: str  # "A handle to a new tensor, owned by the caller. On failure 0."
    ownership: str  # a sentence
    waits: str  # the same; "" when it does not
    errors: tuple[str, ...]  # sentences, each with its code
    python: str  # "`rt.softmax(x, dim)`, `x.softmax(dim)`"; "" when it has no operator
    derivative: str  # "by `a`: `grad * b`<br>by `b`: `grad * a`", "not differentiable"; "" when there can be none
    availability: str  # "Every version from 2.10.0 to 2.14.1."
    example: str  # "softmax(x=[[0.0, 0.0]], dim=1)  →  [[0.5, 0.5]]"; "" when there is no case


@dataclass(frozen=True)
class GroupView:
    title: str
    functions: tuple[DocFunction, ...]


@dataclass(frozen=True)
class IndexGroup:
    name: str  # "reduce": the page
    title: str
    functions: tuple[tuple[str, str], ...]  # (("rt_torch_sum", "Sum of all elements as a number."),)


@dataclass(frozen=True)
class IndexView:
    library: str
    summary: str
    abi: int
    count: int
    upstream: str
    groups: tuple[IndexGroup, ...]
    enums: tuple[AbiEnum, ...]
    versions: tuple[tuple[str, str], ...]  # (("2.10.0", "everything but `rt_torch_x`"),)


def cell(text: str) -> str:
    """A text inside a table."""
    return text.replace("|", "\\|")


def read_versions(specs: Path, library: Library) -> tuple[UpstreamVersion, ...]:
    """From `UPSTREAM.lock`: a table per version with what is missing; none when there is no such file yet."""
    file = specs / f"{library.upstream_name}.lock"
    if not file.is_file():
        return ()
    tables = tomllib.loads(file.read_text(encoding="utf-8"))
    versions = [(name, table) for name, table in tables.items() if isinstance(table, dict)]
    return tuple(UpstreamVersion(name, _missing(table)) for name, table in versions)


def _missing(table: dict[str, Any]) -> frozenset[str]:
    kinds = ("missing", "missing_symbols", "missing_operators", "missing_companion_symbols")
    names = [name for kind in kinds for name in table.get(kind, ())]
    return frozenset(str(name) for name in names) | frozenset(table.get("changed_operators", {}))


def index_view(abi: Abi, versions: tuple[UpstreamVersion, ...]) -> IndexView:
    library = abi.library
    groups = []
    for name in used_groups(library):
        functions = [f for f in abi.functions if f.function.group == name]
        entries = tuple((f.symbol, cell(f.function.summary)) for f in functions)
        groups.append(IndexGroup(name, library.groups[name], entries))
    return IndexView(
        library=library.name,
        summary=library.summary,
        abi=library.abi,
        count=len(abi.functions),
        upstream=library.upstream_name,
        groups=tuple(groups),
        enums=abi.enums,
        versions=tuple((version.name, _lacks(version, library)) for version in versions),
    )


def used_groups(library: Library) -> list[str]:
    return [name for name in library.groups if any(f.group == name for f in library.functions)]


def _lacks(version: UpstreamVersion, library: Library) -> str:
    lacking = [f"`{f.symbol}`" for f in library.functions if not _works(f, library, version)]
    return "everything but " + ", ".join(lacking) if lacking else "every function"


def _works(function: Function, library: Library, version: UpstreamVersion) -> bool:
    required, _ = function_symbols(function, library)
    return not version.missing & {*required, *_operators(function)}


def _operators(function: Function) -> set[str]:
    """The operators that its last route quotes, without which nothing is left to try."""
    schema = function.routes[-1].schema
    return {f"{schema.name}.{schema.overload}" if schema.overload else schema.name} if schema else set()


def group_view(abi: Abi, group: str, versions: tuple[UpstreamVersion, ...]) -> GroupView:
    names = python_names(abi.library)
    functions = tuple(_function(f, abi, versions, names) for f in abi.functions if f.function.group == group)
    return GroupView(abi.library.groups[group], functions)


def _function(
    function: AbiFunction, abi: Abi, versions: tuple[UpstreamVersion, ...], names: dict[str, tuple[str, ...]]
) -> DocFunction:
    spec = function.function
    return DocFunction(
        symbol=function.symbol,
        signature=str(spec.signature),
        prototype=wrapped_prototype(function, ";"),
        summary=spec.summary,
        details=spec.details,
        params=tuple(DocParam(param.declaration, cell(param_doc(function, param))) for param in function.params),
        result=cell(result_doc(function)),
        ownership=_ownership(function),
        waits=cell(waits_doc(function)),
        errors=tuple(_errors(function, abi.library)),
        python=cell(", ".join(f"`{way}`" for way in names.get(spec.symbol, ()))),
        derivative=cell(_derivative(spec)),
        availability=_availability(spec, abi.library, versions),
        example=_example(spec),
    )


def _derivative(function: Function) -> str:
    """The formula for each input, on several lines where it gives names to parts of itself."""
    if function.derivative is None:
        return ""
    if not function.derivative.formulas:
        return "not differentiable"
    said = {name: ["none"] for name in function.derivative.none}
    said |= {formula.input: [f"`{line}`" for line in formula.lines] for formula in function.derivative.formulas}
    places = [param.name for param in function.signature.params if param.name in said]
    return "<br>".join(
        f"by `{name}`:{' ' if len(said[name]) == 1 else '<br>'}{'<br>'.join(said[name])}" for name in places
    )


def _ownership(function: AbiFunction) -> str:
    spec = function.function
    sentences = []
    handles = {p.type.name for p in spec.signature.params if p.type.kind is Kind.HANDLE}
    if spec.role is Role.RELEASES and handles:
        sentences.append("Takes the handle over; it is not to be used again.")
    elif handles:
        sentences.append("Handles are borrowed: they stay the caller's.")
    sentences += {
        Ownership.NEW: [
            "The result is the caller's to free."
            if len(spec.signature.results) < 2
            else "The results are the caller's to free, each of them."
        ],
        Ownership.VIEW: [
            "The result is the caller's to free; it shares the memory of its input, which lives on with it."
        ],
        Ownership.MAYBE: ["The result is the caller's to free; it may share the memory of its input."],
        None: [],
    }[spec.ownership]
    if function.returns is Returns.LENGTH:
        sentences.append("The elements are copied into the caller's memory.")
    if function.returns is Returns.STR:
        sentences.append("The text is the library's and is not to be freed.")
    return " ".join(sentences)


def _errors(function: AbiFunction, library: Library) -> list[str]:
    """Which codes can come, and why; codes have the names that the library's enum of errors gives them."""
    spec = function.function
    if spec.role is Role.ASKS:
        return []
    codes = {value.name for enum in library.enums if enum.name == "error" for value in enum.values}
    found = []
    types = [param.type for param in spec.signature.params]
    if any(t.kind is Kind.HANDLE for t in types):
        found.append(("invalid_handle", "where an argument is no live handle of its kind"))
    if spec.role is Role.COMPUTES:
        declared = {check.name: check for check in library.checks}
        for check in spec.checks:
            test = declared[check.name]
            applied = ", ".join(f"`{arg}`" for arg in check.args)
            if test.error == "bad_argument":
                found.append((test.error, f"for {applied}: {test.doc}"))
            else:
                found.append((test.error, f"unless {test.doc[0].lower()}{test.doc[1:].rstrip('.')}"))
        for text in library.texts:
            names = [f"`{p.name}`" for p in spec.signature.params if p.type.name == text.name]
            found += [("bad_argument", f"where {name} is no {text.name}") for name in names]
        if function_symbols(spec, library)[0]:
            found.append(("no_upstream", f"when {library.upstream_name} cannot be found or used"))
            found.append(("unavailable", f"when this {library.upstream_name} lacks something that the function needs"))
        if _is_refusable(spec, library):
            found.append(("refused", f"when {library.upstream_name} itself reports an error"))
        if any(result.type.kind is Kind.HANDLE for result in spec.signature.results):
            found.append(("out_of_memory", "when memory or handles are used up"))
    if function.returns is Returns.LENGTH:
        found.append(("bad_argument", "where `out_cap` is too small"))
    found += spec.errors.items()
    return [cell(f"`{code}` {text}") for code, text in found if code in codes]


def _is_refusable(function: Function, library: Library) -> bool:
    """Whether it calls something of the upstream that can fail."""
    fallible = {style.name for style in library.styles if style.kind != "value"}
    return any(not fallible.isdisjoint((route.style, *route.through)) for route in function.routes)


def _availability(function: Function, library: Library, versions: tuple[UpstreamVersion, ...]) -> str:
    if not function_symbols(function, library)[0]:
        return f"With any {library.upstream_name}{'.' if 'no_upstream' in function.errors else ', and without one.'}"
    if not versions:
        return ""
    lacking = [version.name for version in versions if not _works(function, library, version)]
    tried = f"{versions[0].name} to {versions[-1].name}"
    beside = "".join(f", where {companion} is" for companion in _companions(function, library))
    if not lacking:
        return f"{library.upstream_name} {tried}{beside}."
    return f"{library.upstream_name} {tried}, but not {', '.join(lacking)}{beside}."


def _companions(function: Function, library: Library) -> list[str]:
    """The libraries beside the upstream one that the function cannot do without."""
    required, _ = function_symbols(function, library)
    return sorted({prototype.companion for prototype in library.upstream if prototype.name in required} - {""})


def _example(function: Function) -> str:
    case = next((case for case in function.cases if case.gives is not None and not case.error), None)
    return f"{function.name}({_arguments(case)})  →  {literal(case.gives)}" if case else ""


def _arguments(case: Case) -> str:
    return ", ".join(f"{name}={literal(value)}" for name, value in case.args.items())
