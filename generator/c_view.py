"""The C outputs: what their templates are given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from generator.abi import Abi, AbiConstant, AbiEnum, AbiFunction, Part
from generator.c_shim import ShimFunction, body_prototypes, shim_function
from generator.c_text import comment_lines, quoted, tagged_lines, wrapped_call, wrapped_list
from generator.docs import error_doc, param_doc, result_doc, waits_doc
from generator.model import Function, Kind, Library, Prototype, Role
from generator.prototype import declare_parameter


@dataclass(frozen=True)
class HeaderFunction:
    comment: tuple[str, ...]  # ("Softmax of `x` along `dim`.", "", "@param x  A tensor handle.", ...)
    prototype: str  # "int64_t rt_torch_softmax(int64_t x, int64_t dim);"


@dataclass(frozen=True)
class HeaderGroup:
    title: str  # "Reductions"
    functions: tuple[HeaderFunction, ...]


@dataclass(frozen=True)
class HeaderView:
    guard: str  # "RT_TORCH_H"
    library: str  # "rt_torch"
    summary: str
    abi: AbiConstant  # RT_TORCH_ABI
    constants: tuple[AbiConstant, ...]  # the others
    enums: tuple[AbiEnum, ...]
    groups: tuple[HeaderGroup, ...]


def header_view(abi: Abi) -> HeaderView:
    library = abi.library
    groups = []
    for name, title in library.groups.items():
        functions = tuple(_header_function(f) for f in abi.functions if f.function.group == name)
        if functions:
            groups.append(HeaderGroup(title, functions))
    guard = f"{library.name.upper()}_H"
    constants = abi.constants[1:]
    return HeaderView(guard, library.name, library.summary, abi.constants[0], constants, abi.enums, tuple(groups))


def _header_function(function: AbiFunction) -> HeaderFunction:
    spec = function.function
    paragraphs = [text for text in (spec.summary, spec.details, waits_doc(function), error_doc(function)) if text]
    comment = [*comment_lines(paragraphs), ""]
    width = max((len(param.name) for param in function.params), default=0)
    for param in function.params:
        comment += tagged_lines(f"@param {param.name:<{width}}  ", param_doc(function, param))
    comment += tagged_lines("@return ", result_doc(function))
    return HeaderFunction(tuple(comment), wrapped_prototype(function, ";"))


def wrapped_prototype(function: AbiFunction, tail: str = "") -> str:
    head = f"{function.result}{'' if function.result.endswith('*') else ' '}{function.symbol}"
    return wrapped_call(head, [param.declaration for param in function.params] or ["void"], tail)


@dataclass(frozen=True)
class SymbolsView:
    guard: str  # "RT_TORCH_SYMBOLS_H"
    library: str  # "rt_torch"
    upstream: str  # "libtorch": name of the structure and of its one instance
    pointers: tuple[str, ...]  # ("int32_t (*aoti_torch_get_dim)(void *tensor, int64_t *ret_dim);",)


def symbols_view(abi: Abi) -> SymbolsView:
    library = abi.library
    pointers = tuple(_pointer(prototype) for prototype in library.upstream)
    return SymbolsView(f"{library.name.upper()}_SYMBOLS_H", library.name, library.upstream_name, pointers)


def _pointer(prototype: Prototype) -> str:
    params = [declare_parameter(c_type, name) for c_type, name in prototype.params] or ["void"]
    space = "" if prototype.result.endswith("*") else " "
    return wrapped_call(f"\t{prototype.result}{space}(*{prototype.name})", params, ";")


@dataclass(frozen=True)
class BodiesView:
    guard: str  # "RT_TORCH_BODIES_H"
    includes: tuple[str, ...]  # ("tensor.h",)
    prototypes: tuple[str, ...]  # ("int64_t body_wrap(struct call *call, ...);",)


def bodies_view(abi: Abi) -> BodiesView:
    library = abi.library
    prototypes = {name: text for f in abi.functions for name, text in body_prototypes(f, library).items()}
    return BodiesView(f"{library.name.upper()}_BODIES_H", ("call.h", *library.includes), tuple(prototypes.values()))


Symbols: TypeAlias = tuple[str, ...]  # of upstream, in the order of [upstream]


@dataclass(frozen=True)
class ShimSymbol:
    """One line of the table of what is looked up."""

    name: str  # "aoti_torch_abi_version"
    companion: str  # "true" where a library beside upstream has it


@dataclass(frozen=True)
class ShimNeeds:
    """A list of upstream symbols, which functions share that need the same."""

    name: str  # "required_sum_dim": after the first function that has it
    symbols: str  # "\tSYM_a, SYM_b,": lines of an initializer


@dataclass(frozen=True)
class ShimEntry:
    """One line of the table of functions."""

    constant: str  # "FN_SUM_DIM"
    symbol: str  # '"rt_torch_sum_dim"'
    required: str  # "required_sum_dim", or "nothing"
    optional: str
    uses_upstream: str  # "true"


@dataclass(frozen=True)
class ShimEnum:
    """The check that a number is a value of an enum."""

    name: str  # "mode"
    constants: tuple[str, ...]  # ("RT_Z_MODE_FAST",)


@dataclass(frozen=True)
class ShimView:
    library: str  # "rt_torch"
    name: str  # '"rt_torch"'
    upstream: str  # "libtorch"
    upstream_name: str  # '"libtorch"'
    environment: str  # '"RT_TORCH_LIBTORCH"', or "NULL"
    install: str  # '"pip install torch"', or "NULL"
    users: str  # '"libc10_cuda.so", '
    sonames: str  # '"libtorch_cpu.so", '
    identify: str
    opened: str  # "torch_opened", or "NULL"
    forked: str
    uses_nan: bool
    uses_nothing: bool  # whether some function needs no symbol, or has no optional one
    symbols: tuple[ShimSymbol, ...]
    needs: tuple[ShimNeeds, ...]
    entries: tuple[ShimEntry, ...]
    enums: tuple[ShimEnum, ...]
    functions: tuple[ShimFunction, ...]


def shim_view(abi: Abi) -> ShimView:
    library = abi.library
    needs = {f.symbol: function_symbols(f.function, library) for f in abi.functions}
    lists = _shared_lists({f.name: needs[f.symbol] for f in abi.functions})
    return ShimView(
        library=library.name,
        name=quoted(library.name),
        upstream=library.upstream_name,
        upstream_name=quoted(library.upstream_name),
        environment=quoted(library.environment) if library.environment else "NULL",
        install=quoted(library.install) if library.install else "NULL",
        users="".join(f"{quoted(name)}, " for name in library.users),
        sonames="".join(f"{quoted(name)}, " for name in library.sonames),
        identify="".join(f"{quoted(name)}, " for name in library.identify),
        opened=library.hooks.get("opened", "NULL"),
        forked=library.hooks.get("forked", "NULL"),
        uses_nan=any(f.failure == "NAN" for f in abi.functions),
        uses_nothing=not all(symbols for both in needs.values() for symbols in both),
        symbols=tuple(ShimSymbol(p.name, "true" if p.companion else "false") for p in library.upstream),
        needs=tuple(ShimNeeds(name, _indices(symbols)) for symbols, name in lists.items()),
        entries=tuple(_entry(f, lists, *needs[f.symbol]) for f in abi.functions),
        enums=_checked_enums(abi),
        functions=tuple(shim_function(f, library, needs[f.symbol][0]) for f in abi.functions),
    )


def function_symbols(function: Function, library: Library) -> tuple[Symbols, Symbols]:
    """What the function cannot do without, and what it uses where it exists.

    The last route must be possible; what only earlier ones need is optional."""
    required: list[str] = []
    optional: list[str] = []
    if function.role is Role.COMPUTES:
        types = [param.type for param in function.signature.params]
        types += [result.type for result in function.signature.results]
        for handle in library.handles:
            if any(t.kind is Kind.HANDLE and t.name == handle.name for t in types):
                required += handle.needs
                optional += handle.optional
        for text in library.texts:
            if any(t.kind is Kind.TEXT and t.name == text.name for t in types):
                required += text.needs
    tests = {("check", test.name): test.needs for test in library.checks}
    tests |= {("when", test.name): test.needs for test in library.whens}
    for check in function.checks:
        required += tests["check", check.name]
    for route in function.routes:
        (required if route is function.routes[-1] else optional).extend(route.needs)
        optional += route.optional
        for predicate in route.when:
            required += tests["when", predicate.name]
    order = [prototype.name for prototype in library.upstream]
    known = set(required)
    return (
        tuple(name for name in order if name in known),
        tuple(name for name in order if name in set(optional) - known),
    )


def _shared_lists(needs: dict[str, tuple[Symbols, Symbols]]) -> dict[Symbols, str]:
    """The name of each list that is not empty."""
    lists: dict[Symbols, str] = {}
    for function, (required, optional) in needs.items():
        if required:
            lists.setdefault(required, f"required_{function}")
        if optional:
            lists.setdefault(optional, f"optional_{function}")
    return lists


def _indices(symbols: Symbols) -> str:
    return wrapped_list([*(f"SYM_{name}" for name in symbols), "NO_SYMBOL"])


def _entry(function: AbiFunction, lists: dict[Symbols, str], required: Symbols, optional: Symbols) -> ShimEntry:
    return ShimEntry(
        constant=f"FN_{function.name.upper()}",
        symbol=quoted(function.symbol),
        required=lists.get(required, "nothing"),
        optional=lists.get(optional, "nothing"),
        uses_upstream="true" if required else "false",
    )


def _checked_enums(abi: Abi) -> tuple[ShimEnum, ...]:
    taken = {
        param.spec_type.name
        for f in abi.functions
        if f.function.role is Role.COMPUTES
        for param in f.params
        if param.spec_type.kind is Kind.ENUM and param.part in (Part.VALUE, Part.OPTIONAL)
    }
    enums = [enum for enum in abi.enums if enum.label in taken]
    return tuple(ShimEnum(enum.label, tuple(c.name for c in enum.constants)) for enum in enums)
