"""Specs to model: a folder of TOML files becomes one `Library`, or a list of errors."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TypeVar

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
    Plain,
    Prototype,
    Role,
    Style,
    Text,
    Wrapper,
)
from generator.prototype import PrototypeError, parse_prototype
from generator.signature import PLAIN_KINDS
from generator.source import Source, read_source
from generator.spec_function import FunctionReader, check_docs
from generator.spec_library import Vocabulary
from generator.table import Table, is_text, is_texts

Named = TypeVar("Named", Handle, Text, Enumeration, NativeTest, Style, Prototype, Function, Wrapper)

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
    "fn",
    "plain",
    "wrapper",
)
STYLE_KINDS = ("schema", "status", "value")
WRAPPER_KINDS = ("asks", "to_handle", "from_handle", "creation", "operation")

_C_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*$")


def load_library(folder: Path, shown_as: str) -> tuple[Library | None, Diagnostics]:
    """Read every `*.toml` of the folder; `shown_as` is what messages call it.  None when there are errors."""
    diagnostics = Diagnostics()
    sources = []
    for file in sorted(folder.glob("*.toml")):
        source = read_source(file, f"{shown_as}/{file.name}", diagnostics)
        if source is not None:
            sources.append(source)
    library = _Reader(sources, f"{shown_as}/library.toml", diagnostics).library()
    return (None if diagnostics else library), diagnostics


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
                if not _C_NAME.match(child.name):
                    child.error("E007", f"`{child.name}` is no C identifier")
                elif child.name in first:
                    at = first[child.name].at()
                    child.error(code, f"`{child.name}` is declared already: {at.path}, line {at.line}")
                else:
                    first[child.name] = child
        return list(first.values())

    def library(self) -> Library | None:
        table = self._once("library")
        if table is None:
            self.diagnostics.error(Location(self.main, 1, 1), "E070", "there is no [library] table in any file")
            return None
        upstream = tuple(self._upstream())
        self.symbols = {prototype.name: prototype for prototype in upstream}
        handles = tuple(self._handle(child) for child in self._named("handle"))
        texts = tuple(self._text(child) for child in self._named("text"))
        enums = tuple(self._enum(child) for child in self._named("enum"))
        kinds = dict(PLAIN_KINDS)
        kinds |= {handle.name: Kind.HANDLE for handle in handles}
        kinds |= {text.name: Kind.TEXT for text in texts}
        kinds |= {enum.name: Kind.ENUM for enum in enums}
        vocabulary = Vocabulary(
            prefix=table.text("prefix"),
            abi=table.integer("abi"),
            kinds=kinds,
            handles={handle.name: handle for handle in handles},
            texts={text.name: text for text in texts},
            enums={enum.name: enum for enum in enums},
            checks={t.name: t for t in (self._native_test(child, kinds) for child in self._named("check"))},
            whens={t.name: t for t in (self._native_test(child, kinds) for child in self._named("when"))},
            styles={s.name: s for s in (self._style(child) for child in self._named("style"))},
            symbols=self.symbols,
        )
        groups = self._groups()
        functions = self._functions(vocabulary, groups)
        self._check_releases(handles, functions)
        return self._finish(table, vocabulary, groups, functions)

    def _finish(
        self, table: Table, vocabulary: Vocabulary, groups: dict[str, str], functions: dict[str, Function]
    ) -> Library:
        order = list(groups)
        library = Library(
            name=self._identifier(table, "name"),
            prefix=vocabulary.prefix,
            abi=vocabulary.abi,
            summary=table.text("summary"),
            upstream_name=self._identifier(table, "upstream"),
            sonames=table.texts("sonames"),
            environment=table.text("environment", ""),
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
            wrappers=tuple(self._wrapper(child, functions) for child in self._named("wrapper")),
            plain=self._plain(functions),
        )
        check_docs(table, "summary", library.summary)
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

    def _hooks(self, table: Table) -> dict[str, str]:
        hooks = table.table("hooks")
        found = {key: hooks.text(key) for key in ("opened", "forked") if key in hooks}
        hooks.finish(("opened", "forked"))
        return found

    def _symbols(self, table: Table, key: str) -> tuple[str, ...]:
        """A list of upstream symbols, each of which must be declared."""
        names = table.texts(key)
        for index, name in enumerate(names):
            if name not in self.symbols:
                hint = did_you_mean(name, self.symbols)
                within = index if isinstance(table.values[key], list) else None
                text = f"`{name}` is not declared in [upstream] ({table.name})"
                table.error_within("E034", text, key, 0, len(name), hint, within)
        return names

    def _upstream(self) -> list[Prototype]:
        found = []
        table = self._once("upstream")
        for name in table.values if table else ():
            assert table is not None
            text = table.text(name)
            try:
                found.append(parse_prototype(name, text, table.at(name)))
            except PrototypeError as error:
                table.error_within("E033", f"{error.text} ({name})", name, error.offset, error.width)
        return found

    def _handle(self, table: Table) -> Handle:
        handle = Handle(
            table.name,
            table.text("doc"),
            table.text("release"),
            table.text("c_type"),
            table.text("member"),
            table.text("borrow"),
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
            table.text("c_type"),
            table.text("parse"),
            self._symbols(table, "needs"),
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
            finish=table.text("finish", ""),
            pack=table.mapping("pack", is_text, "a function's name"),
            literals=table.mapping("literals", is_text, "a C literal"),
            alias={name: tuple(ours) for name, ours in table.mapping("alias", is_texts, "a list of names").items()},
            needs=self._symbols(table, "needs"),
            pack_needs=self._pack_symbols(table, "pack_needs"),
            pack_optional=self._pack_symbols(table, "pack_optional"),
            at=table.at(),
        )
        check_docs(table, "doc", style.doc)
        if style.kind and style.kind not in STYLE_KINDS:
            table.error(
                "E041", f"unknown kind `{style.kind}` of a style", "kind", did_you_mean(style.kind, STYLE_KINDS)
            )
        if style.kind in ("schema", "status") and not style.finish:
            table.error("E004", f"`finish` is missing ({table.name})")
        table.finish()
        return style

    def _pack_symbols(self, table: Table, key: str) -> dict[str, tuple[str, ...]]:
        below = table.table(key)
        packers = table.values.get("pack", {})
        known = set(packers.values()) if isinstance(packers, dict) else set()
        for name in below.values:
            if name not in known:
                below.error_at_key("E003", f"`{name}` packs nothing ({table.name})", name, did_you_mean(name, known))
        return {name: self._symbols(below, name) for name in below.values}

    def _groups(self) -> dict[str, str]:
        table = self._once("groups")
        return {name: table.text(name) for name in table.values} if table else {}

    def _functions(self, vocabulary: Vocabulary, groups: dict[str, str]) -> dict[str, Function]:
        functions = {}
        for table in self._named("fn", "E011"):
            group = Path(table.source.path).stem
            if group not in groups:
                hint = did_you_mean(group, groups)
                table.error("E008", f"the group `{group}`, which is this file, has no title in [groups]", hint=hint)
            functions[table.name] = FunctionReader(table, group, vocabulary).function()
        return functions

    def _check_releases(self, handles: tuple[Handle, ...], functions: dict[str, Function]) -> None:
        for table in self._named("handle"):
            name = table.text("release")
            function = functions.get(name)
            if not name:
                continue
            if function is None:
                table.error("E048", f"no function `{name}`", "release", did_you_mean(name, functions))
            elif function.role is not Role.RELEASES or [str(p.type) for p in function.signature.params] != [table.name]:
                text = f'`{name}` must have the role "releases" and take one {table.name}'
                table.error("E048", text, "release")

    def _function_name(self, table: Table, key: str, functions: dict[str, Function]) -> str:
        name = table.text(key)
        if name and name not in functions:
            table.error("E060", f"no function `{name}` ({table.name})", key, did_you_mean(name, functions))
        return name

    def _wrapper(self, table: Table, functions: dict[str, Function]) -> Wrapper:
        kind = table.text("kind")
        if kind and kind not in WRAPPER_KINDS:
            table.error("E041", f"unknown kind `{kind}` of a wrapper", "kind", did_you_mean(kind, WRAPPER_KINDS))
        calls = self._function_name(table, "calls", functions)
        wrapper = Wrapper(table.name, kind, calls, table.text("summary"), table.at())
        check_docs(table, "summary", wrapper.summary)
        table.finish()
        return wrapper

    def _plain(self, functions: dict[str, Function]) -> Plain | None:
        table = self._once("plain")
        if table is None:
            return None
        plain = Plain(
            to_handle=self._function_name(table, "to_handle", functions),
            convert=self._function_name(table, "convert", functions),
            dtype=table.text("dtype"),
            device=table.text("device", ""),
            shape=self._function_name(table, "shape", functions),
            from_handle=self._function_name(table, "from_handle", functions),
            release=self._function_name(table, "release", functions),
            at=table.at(),
        )
        table.finish()
        return plain
