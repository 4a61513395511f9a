"""Specs to model: a folder of TOML files becomes one `Library`, or a list of errors."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from generator.c_type import problems_of
from generator.diagnostics import Diagnostics, did_you_mean
from generator.model import (
    Enumeration,
    EnumValue,
    Function,
    Handle,
    Kind,
    Library,
    Location,
    NativeTest,
    Prototype,
    Role,
    Style,
    Text,
)
from generator.prototype import PrototypeError, parse_prototype, type_problems
from generator.signature import PLAIN_KINDS
from generator.source import Source, read_source
from generator.spec_derivative import read_derivatives
from generator.spec_function import FunctionReader
from generator.spec_library import STYLE_KINDS, Vocabulary, compare_libraries
from generator.spec_operator import TAKEN, read_operators
from generator.spec_words import RESERVED, check_docs, name_problem
from generator.spec_wrapper import read_wrappers
from generator.table import Table, is_text, is_texts

SECTIONS = (
    "library",
    "groups",
    "enum",
    "handle",
    "text",
    "check",
    "when",
    "style",
    "upstream",
    "companion",
    "fn",
    "plain",
    "wrapper",
    "operators",
    "op",
    "derivatives",
)

# What cannot be judged while one of the files is no TOML: all that looks for a declaration.
_DECLARED_ELSEWHERE = (
    *("E008", "E014", "E030", "E034", "E041", "E048", "E052", "E060", "E062", "E063", "E070"),
    *("E080", "E081", "E086", "E090", "E097"),
)

_TAKEN_IN = {"wrapper": RESERVED, "op": TAKEN}

_C_TYPE = re.compile(r"((?P<native>(struct|enum) [A-Za-z_]\w*)|[A-Za-z_]\w*( [A-Za-z_]\w*)*)( \*)?\Z", re.ASCII)
_C_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")


def load_library(folder: Path, shown_as: str) -> tuple[Library | None, Diagnostics]:
    """Read every `*.toml` of the folder; `shown_as` is what messages call it.  None when there are errors."""
    diagnostics = Diagnostics()
    library = _load(folder, shown_as, diagnostics)
    return (None if diagnostics else library), diagnostics


def load_libraries(folders: Mapping[Path, str]) -> tuple[list[Library], Diagnostics]:
    """The same of several folders, whose libraries are then compared; none when there are errors in any."""
    diagnostics = Diagnostics()
    read = [_load(folder, shown_as, diagnostics) for folder, shown_as in folders.items()]
    libraries = [library for library in read if library is not None]
    if len(folders) > 1 and not diagnostics:
        compare_libraries(libraries, diagnostics)
    return ([] if diagnostics else libraries), diagnostics


def _load(folder: Path, shown_as: str, diagnostics: Diagnostics) -> Library | None:
    sources = []
    before = len(diagnostics.found)
    for file in sorted(folder.glob("*.toml")):
        source = read_source(file, f"{shown_as}/{file.name}", diagnostics)
        if source is not None:
            sources.append(source)
    unread = len(diagnostics.found) > before and len(sources) < len(list(folder.glob("*.toml")))
    with diagnostics.leaving_out(_DECLARED_ELSEWHERE if unread else ()):
        return _Reader(sources, f"{shown_as}/library.toml", diagnostics).library()


class _Reader:
    def __init__(self, sources: list[Source], main: str, diagnostics: Diagnostics) -> None:
        self.main = main
        self.diagnostics = diagnostics
        self.sections: dict[str, list[Table]] = {name: [] for name in SECTIONS}
        for source in sources:
            self._sort(source)

    def _sort(self, source: Source) -> None:
        top = Table(source, (), source.values, self.diagnostics)
        for name in source.values:
            if name not in SECTIONS:
                top.error_at_key("E003", f"unknown table `{name}`", name, did_you_mean(name, SECTIONS))
            else:
                self.sections[name].append(top.table(name))

    def _once(self, section: str) -> Table | None:
        """A section that stands in one file only."""
        tables = self.sections[section]
        for extra in tables[1:]:
            first = tables[0].at()
            extra.error("E006", f"[{section}] stands in {first.path} already, line {first.line}")
        return tables[0] if tables else None

    def _named(self, section: str, code: str = "E006") -> list[Table]:
        """The tables [section.NAME] of all files; each name once."""
        first: dict[str, Table] = {}
        for table in self.sections[section]:
            for child in table.children():
                problem = _misnamed(section, child.name)
                if problem:
                    child.error("E007", problem)
                elif child.name in first:
                    at = first[child.name].at()
                    child.error(code, f"`{child.name}` is declared already: {at.path}, line {at.line}")
                else:
                    first[child.name] = child
        return list(first.values())

    def _kinds(
        self, handles: tuple[Handle, ...], texts: tuple[Text, ...], enums: tuple[Enumeration, ...]
    ) -> dict[str, Kind]:
        """What each type's name stands for; a name stands for one type."""
        kinds = dict(PLAIN_KINDS)
        for kind, named in ((Kind.HANDLE, handles), (Kind.TEXT, texts), (Kind.ENUM, enums)):
            for declared in named:
                if declared.name in kinds:
                    self.diagnostics.error(declared.at, "E006", f"the type `{declared.name}` is there already")
                kinds[declared.name] = kind
        return kinds

    def library(self) -> Library | None:
        table = self._once("library")
        if table is None:
            self.diagnostics.error(Location(self.main, 1, 1), "E070", "there is no [library] table in any file")
            return None
        beside = self._named("companion")
        upstream = tuple(self._upstream(beside))
        self.symbols = {prototype.name: prototype for prototype in upstream}
        declared = [name for section in (*self.sections["upstream"], *beside) for name in section.values]
        self.unread = frozenset(declared) - self.symbols.keys()
        handles = tuple(self._handle(child) for child in self._named("handle"))
        texts = tuple(self._text(child) for child in self._named("text"))
        enums = tuple(self._enum(child) for child in self._named("enum"))
        kinds = self._kinds(handles, texts, enums)
        styles = tuple(self._style(child) for child in self._named("style"))
        vocabulary = Vocabulary(
            prefix=table.text("prefix"),
            abi=table.integer("abi"),
            natives=_natives(table, handles, texts, styles),
            kinds=kinds,
            handles={handle.name: handle for handle in handles},
            texts={text.name: text for text in texts},
            enums={enum.name: enum for enum in enums},
            checks={t.name: t for t in (self._native_test(child, kinds) for child in self._named("check"))},
            whens={t.name: t for t in (self._native_test(child, kinds) for child in self._named("when"))},
            styles={style.name: style for style in styles},
            symbols=self.symbols,
            unread=self.unread,
        )
        groups = self._groups()
        functions = self._functions(vocabulary, groups)
        self._check_releases(vocabulary.prefix, functions)
        return self._finish(table, vocabulary, groups, functions)

    def _finish(
        self, table: Table, vocabulary: Vocabulary, groups: dict[str, str], functions: dict[str, Function]
    ) -> Library:
        order = list(groups)
        plain, wrappers = read_wrappers(self._once("plain"), self._named("wrapper"), functions, vocabulary)
        interface, operators = read_operators(self._once("operators"), self._named("op"), functions, vocabulary)
        derivatives, functions = read_derivatives(
            self._once("derivatives"), self._named("fn", "E011"), functions, interface, operators, vocabulary
        )
        library = Library(
            name=self._identifier(table, "name"),
            prefix=vocabulary.prefix,
            abi=vocabulary.abi,
            summary=table.text("summary"),
            upstream_name=self._identifier(table, "upstream"),
            sonames=table.texts("sonames"),
            environment=table.text("environment", ""),
            install=table.text("install", ""),
            users=table.texts("users"),
            identify=table.texts("identify"),
            hooks=self._hooks(table),
            includes=table.texts("includes"),
            handles=tuple(vocabulary.handles.values()),
            texts=tuple(vocabulary.texts.values()),
            enums=tuple(vocabulary.enums.values()),
            checks=tuple(vocabulary.checks.values()),
            whens=tuple(vocabulary.whens.values()),
            styles=tuple(vocabulary.styles.values()),
            upstream=tuple(vocabulary.symbols.values()),
            groups=groups,
            functions=tuple(sorted(functions.values(), key=lambda f: order.index(f.group) if f.group in groups else 0)),
            wrappers=wrappers,
            plain=plain,
            interface=interface,
            operators=operators,
            derivatives=derivatives,
            beside=self._identifier(table, "beside") if "beside" in table else "",
            at={key: table.at(key) for key in ("name", "prefix", "beside") if key in table},
        )
        check_docs(table, "summary", library.summary)
        check_docs(table, "install", library.install)
        self._symbols(table, "identify")
        if not self.sections["upstream"]:
            table.error("E004", "there is no [upstream] table in any file")
        if not self.sections["fn"]:
            table.error("E004", "there is no function, which is a table [fn.NAME], in any file")
        table.finish()
        return library

    def _identifier(self, table: Table, key: str) -> str:
        name = table.text(key)
        if name and not _C_NAME.match(name):
            table.error("E007", f"`{name}` is no C identifier", key)
        return name

    def _c_type(self, table: Table, key: str = "c_type") -> str:
        text = table.text(key)
        match = _C_TYPE.match(text)
        if match is None:
            if text:
                table.error("E007", f"`{text}` is no C type ({table.name})", key)
        elif not match["native"]:
            for problem in problems_of(text):
                hint = problem.hint or "a type of the native headers is `struct NAME` or `enum NAME`"
                found = f"{problem.text} ({table.name})"
                table.error_within("E031", found, key, problem.offset, problem.width, hint)
        return text

    def _hooks(self, table: Table) -> dict[str, str]:
        hooks = table.table("hooks")
        found = {key: self._identifier(hooks, key) for key in ("opened", "forked") if key in hooks}
        hooks.finish(("opened", "forked"))
        return found

    def _symbols(self, table: Table, key: str) -> tuple[str, ...]:
        """A list of upstream symbols, each of which must be declared."""
        names = table.texts(key)
        for index, name in enumerate(names):
            if name not in self.symbols and name not in self.unread:
                hint = did_you_mean(name, self.symbols)
                within = index if isinstance(table.values[key], list) else None
                text = f"`{name}` is not declared in [upstream] ({table.name})"
                table.error_within("E034", text, key, 0, len(name), hint, within)
        return names

    def _upstream(self, beside: list[Table]) -> list[Prototype]:
        """What is looked up in the library, and what in others beside it, which may not be there."""
        table = self._once("upstream")
        read = [self._prototype(table, name) for name in table.values] if table else []
        for other in beside:
            known = {prototype.name: prototype.at for prototype in read if prototype is not None}
            for name in other.values:
                if name in known:
                    text = f"`{name}` is declared already: {known[name].path}, line {known[name].line}"
                    other.error_at_key("E006", text, name)
                    continue
                prototype = self._prototype(other, name)
                read.append(None if prototype is None else replace(prototype, companion=other.name))
        return [prototype for prototype in read if prototype is not None]

    def _prototype(self, table: Table, name: str) -> Prototype | None:
        """None, with an error added, where it cannot be declared in C."""
        text = table.text(name)
        if not _C_NAME.match(name):
            table.error_at_key("E007", f"`{name}` is no C identifier (upstream)", name)
        try:
            prototype = parse_prototype(name, text, table.at(name))
        except PrototypeError as error:
            table.error_within("E033", f"{error.text} ({name})", name, error.offset, error.width)
            return None
        problems = type_problems(text)
        for problem in problems:
            found = f"{problem.text} ({name})"
            table.error_within("E031", found, name, problem.offset, problem.width, problem.hint)
        return None if problems else prototype

    def _handle(self, table: Table) -> Handle:
        handle = Handle(
            table.name,
            table.text("doc"),
            table.text("release"),
            self._c_type(table),
            self._identifier(table, "member"),
            self._identifier(table, "borrow"),
            self._c_type(table, "list_type") if "list_type" in table else "",
            self._identifier(table, "borrow_list") if "list_type" in table else "",
            self._symbols(table, "needs"),
            self._symbols(table, "optional"),
            table.at(),
        )
        check_docs(table, "doc", handle.doc)
        table.finish()
        return handle

    def _text(self, table: Table) -> Text:
        text = Text(
            table.name,
            table.text("doc"),
            self._c_type(table),
            self._identifier(table, "parse"),
            self._symbols(table, "needs"),
            table.texts("values"),
            table.at(),
        )
        check_docs(table, "doc", text.doc)
        table.finish()
        return text

    def _enum(self, table: Table) -> Enumeration:
        doc = table.text("doc")
        check_docs(table, "doc", doc)
        values: list[EnumValue] = []
        for child in [table.table(name) for name in table.values if name != "doc"]:
            problem = name_problem(child.name, reserved=frozenset())
            if problem:
                child.error("E007", f"{problem} ({table.name})")
            value = EnumValue(child.name, child.integer("value"), child.text("doc"))
            check_docs(child, "doc", value.doc)
            twin = next((v.name for v in values if v.value == value.value), "")
            if twin:
                child.error("E061", f"`{twin}` has the value {value.value} already ({table.name})", "value")
            values.append(value)
            child.finish()
        return Enumeration(table.name, doc, tuple(values), table.at())

    def _native_test(self, table: Table, kinds: dict[str, Kind]) -> NativeTest:
        args = table.texts("args")
        for index, arg in enumerate(args):
            name = arg.rstrip("?").strip("[]")
            if name not in kinds and arg != "[T]":
                hint = did_you_mean(name, kinds)
                table.error_within("E014", f"unknown type `{arg}` ({table.name})", "args", 0, len(arg), hint, index)
        test = NativeTest(
            table.name,
            args,
            table.text("doc"),
            table.text("error", "bad_argument"),
            self._symbols(table, "needs"),
            table.at(),
        )
        check_docs(table, "doc", test.doc)
        table.finish()
        return test

    def _style(self, table: Table) -> Style:
        style = Style(
            name=table.name,
            kind=table.text("kind"),
            doc=table.text("doc"),
            namespace=table.text("namespace", ""),
            finish=self._identifier(table, "finish") if "finish" in table else "",
            passed=self._identifier(table, "passed") if "passed" in table else "",
            pack=table.mapping("pack", is_text, "a function's name"),
            takes={name: tuple(ours) for name, ours in table.mapping("takes", is_texts, "a list of types").items()},
            gives=table.text("gives", ""),
            literals=table.mapping("literals", is_text, "a C literal"),
            alias={name: tuple(ours) for name, ours in table.mapping("alias", is_texts, "a list of names").items()},
            needs=self._symbols(table, "needs"),
            pack_needs=self._pack_symbols(table, "pack_needs"),
            pack_optional=self._pack_symbols(table, "pack_optional"),
            at=table.at(),
        )
        check_docs(table, "doc", style.doc)
        for packed, packer in style.pack.items():
            if not _C_NAME.match(packer):
                table.table("pack").error("E007", f"`{packer}` is no C identifier ({table.name})", packed)
        if style.kind and style.kind not in STYLE_KINDS:
            table.error(
                "E041", f"unknown kind `{style.kind}` of a style", "kind", did_you_mean(style.kind, STYLE_KINDS)
            )
        if style.kind == "schema" and not style.finish:
            table.error("E004", f"`finish` is missing ({table.name})")
        if style.kind == "status" and not (style.finish or style.passed):
            table.error("E004", f"`finish` or `passed` is missing ({table.name})")
        table.finish()
        return style

    def _pack_symbols(self, table: Table, key: str) -> dict[str, tuple[str, ...]]:
        below = table.table(key)
        packers = table.values.get("pack", {})
        known = {name for name in packers.values() if is_text(name)} if isinstance(packers, dict) else set()
        for name in below.values:
            if name not in known:
                below.error_at_key("E003", f"`{name}` packs nothing ({table.name})", name, did_you_mean(name, known))
        return {name: self._symbols(below, name) for name in below.values}

    def _groups(self) -> dict[str, str]:
        table = self._once("groups")
        if table is None:
            return {}
        for name in table.values:
            problem = name_problem(name, reserved=frozenset(["index"]))
            if problem:
                table.error_at_key("E007", f"{problem} (groups)", name)
            if isinstance(table.values[name], str):
                check_docs(table, name, table.values[name])
        return {name: table.text(name) for name in table.values}

    def _functions(self, vocabulary: Vocabulary, groups: dict[str, str]) -> dict[str, Function]:
        functions = {}
        untitled: set[str] = set()
        for table in self._named("fn", "E011"):
            group = Path(table.source.path).stem
            if group not in groups and group not in untitled:
                untitled.add(group)
                hint = did_you_mean(group, groups)
                table.error("E008", f"the group `{group}`, which is this file, has no title in [groups]", hint=hint)
            functions[table.name] = FunctionReader(table, group, vocabulary).function()
        return functions

    def _check_releases(self, prefix: str, functions: dict[str, Function]) -> None:
        for table in self._named("handle"):
            name = table.text("release")
            function = functions.get(name)
            if not name:
                continue
            if function is None:
                table.error("E048", f"no function `{name}`", "release", did_you_mean(name, functions, prefix))
            elif function.role is not Role.RELEASES or [str(p.type) for p in function.signature.params] != [table.name]:
                text = f'`{name}` must have the role "releases" and take one {table.name}'
                table.error("E048", text, "release")


def _natives(table: Table, handles: Iterable[Handle], texts: Iterable[Text], styles: Iterable[Style]) -> frozenset[str]:
    packers = {packer for style in styles for packer in style.pack.values()}
    others = {*(h.borrow for h in handles), *(t.parse for t in texts)}
    others |= {name for style in styles for name in (style.finish, style.passed)}
    return frozenset(packers | others | {table.text("upstream")})


def _misnamed(section: str, name: str) -> str:
    if section == "fn":  # the rest of its name is looked at once the prefix is off
        return "" if _C_NAME.match(name) else f"`{name}` is no C identifier"
    return name_problem(name, _TAKEN_IN.get(section, frozenset()))
