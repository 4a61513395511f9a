"""The ways to do a function's work: bodies, quoted schemas and C functions, with what binds to their arguments."""

from __future__ import annotations

import re
from dataclasses import dataclass

from generator.c_type import is_floating, is_integer, target_of
from generator.diagnostics import did_you_mean
from generator.model import Binding, Kind, Predicate, Prototype, Route, Schema, Signature, Style, Type
from generator.schema import SchemaError, parse_schema
from generator.spec_library import STYLE_KINDS, Vocabulary
from generator.spec_words import unfinished_value
from generator.table import Table, is_literal

_BY_POINTER = (Kind.I64, Kind.F64, Kind.F32, Kind.BOOL, Kind.ENUM)  # as C sees them where they are optional
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?(e-?[0-9]+)?\Z")
_C_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")


@dataclass(frozen=True)
class _Target:
    """One argument of the upstream function."""

    name: str
    type: str
    default: str | None


class RouteReader:
    def __init__(self, symbol: str, signature: Signature, vocabulary: Vocabulary) -> None:
        self.symbol = symbol
        self.signature = signature
        self.vocabulary = vocabulary
        self.params = {param.name: param.type for param in signature.params}
        lists = [param for param in signature.params if param.type.is_list]
        self.sources = {*self.params, *(f"{param.name}_len" for param in lists)}
        self.results = {result.name: result.type for result in signature.results}

    def route(self, table: Table, when: tuple[Predicate, ...]) -> Route | None:
        """None, with an error added, where the route cannot be made sense of."""
        keys = [key for key in (*self.vocabulary.styles, "body") if key in table]
        if len(keys) != 1:
            known = ", ".join(f"`{name}`" for name in (*self.vocabulary.styles, "body"))
            table.error("E030", f"a route has exactly one of {known} ({self.symbol})")
            return None
        text = table.text(keys[0])
        style = self.vocabulary.styles.get(keys[0])
        if (
            not text
            or unfinished_value(table, keys[0], text, self.symbol)
            or (style is not None and style.kind not in STYLE_KINDS)
        ):
            for key in ("bind", "needs", "optional", "through"):
                table.anything(key)
            return None
        if style is None:
            return self._body(table, text, when)
        return self._schema(table, style, text, when) if style.kind == "schema" else self._c(table, style, text, when)

    def _symbols(self, table: Table, key: str) -> tuple[str, ...]:
        names = table.texts(key)
        for index, name in enumerate(names):
            if name not in self.vocabulary.symbols and name not in self.vocabulary.unread:
                hint = did_you_mean(name, self.vocabulary.symbols)
                within = index if isinstance(table.values[key], list) else None
                text = f"`{name}` is not declared in [upstream] ({self.symbol})"
                table.error_within("E034", text, key, 0, len(name), hint, within)
        return names

    def _body(self, table: Table, name: str, when: tuple[Predicate, ...]) -> Route:
        if name and not _C_NAME.match(name):
            table.error("E007", f"`{name}` is no C identifier ({self.symbol})", "body")
        needs = [*self._symbols(table, "needs")]
        optional = [*self._symbols(table, "optional")]
        through = table.texts("through")
        for index, style_name in enumerate(through):
            style = self.vocabulary.styles.get(style_name)
            if style is None:
                hint = did_you_mean(style_name, self.vocabulary.styles)
                within = index if isinstance(table.values["through"], list) else None
                text = f"unknown style `{style_name}` ({self.symbol})"
                table.error_within("E041", text, "through", 0, len(style_name), hint, within)
                continue
            needs += style.needs
            optional += [symbol for symbols in style.pack_optional.values() for symbol in symbols]
        return Route(
            "body",
            name,
            "",
            None,
            None,
            (),
            when,
            _unique(needs),
            _unique(optional),
            table.at("body"),
            through,
        )

    def _schema(self, table: Table, style: Style, text: str, when: tuple[Predicate, ...]) -> Route | None:
        key = style.name
        try:
            schema = parse_schema(text)
        except SchemaError as error:
            table.error_within("E032", f"{error.text} ({self.symbol})", key, error.offset, error.width)
            return None
        self._check_result(table, key, style, len(schema.returns) == 1 and style.gives in ("", *schema.returns))
        targets = [_Target(arg.name, arg.type, arg.default) for arg in schema.args]
        bindings = self._bind(table, key, style, targets, when)
        needs, optional = [*style.needs, *self._symbols(table, "needs")], [*self._symbols(table, "optional")]
        for binding in bindings:
            packer = self._packer(table, key, style, schema, binding)
            needs += style.pack_needs.get(packer, ())
            optional += style.pack_optional.get(packer, ())
        return Route(
            style.name,
            style.namespace + schema.name,
            schema.overload,
            schema,
            None,
            tuple(bindings),
            when,
            _unique(needs),
            _unique(optional),
            table.at(key),
        )

    def _packer(self, table: Table, key: str, style: Style, schema: Schema, binding: Binding) -> str:
        """The function that puts the argument onto the stack; "" with an error when there is none."""
        type_ = "none" if binding.literal == "none" else binding.type
        where = re.search(rf"\b{re.escape(binding.target)}\b(?=[,=)])", schema.text)
        offset = where.start() if where else 0
        if type_ in style.pack:
            packer = style.pack[type_]
            ours = str(self.params.get(binding.source or "", ""))
            if ours and ours not in style.takes.get(packer, (ours,)):
                text = f"`{binding.source}` is a `{ours}`, and the schema wants `{type_}` ({self.symbol})"
                table.error_within("E038", text, key, offset, len(binding.target))
            return packer
        text = (
            f"no pack function for `{type_}` in [style.{style.name}.pack] ({self.symbol}, argument `{binding.target}`)"
        )
        table.error_within("E038", text, key, offset, len(binding.target), did_you_mean(type_, style.pack))
        return ""

    def _c(self, table: Table, style: Style, name: str, when: tuple[Predicate, ...]) -> Route | None:
        prototype = self.vocabulary.symbols.get(name)
        if prototype is None:
            if name not in self.vocabulary.unread:
                hint = did_you_mean(name, self.vocabulary.symbols)
                text = f"`{name}` is not declared in [upstream] ({self.symbol})"
                table.error_within("E034", text, style.name, 0, len(name), hint)
            self._symbols(table, "needs"), self._symbols(table, "optional"), table.anything("bind")
            return None
        targets = [_Target(param, c_type, None) for c_type, param in prototype.params]
        by_pointers = style.kind == "status" and self._is_plain() and bool(style.passed)
        if by_pointers:
            self._check_result(table, style.name, style, prototype.result in ("int", "int32_t"))
        elif style.kind == "status":
            fits = bool(targets) and targets[-1].type.replace(" ", "") == "void**" and prototype.result == "int32_t"
            self._check_result(table, style.name, style, fits and bool(style.finish))
            targets = targets[:-1]
        else:
            self._check_result(table, style.name, style, self._value_fits(prototype))
        bindings = self._bind(table, style.name, style, targets, when, by_pointers)
        for binding in bindings:
            self._check_optional(table, style.name, binding)
        needs = _unique([name, *style.needs, *self._symbols(table, "needs")])
        optional = _unique([*self._symbols(table, "optional")])
        return Route(
            style.name, name, "", None, prototype, tuple(bindings), when, needs, optional, table.at(style.name)
        )

    def _check_optional(self, table: Table, key: str, binding: Binding) -> None:
        """A number that may be absent is a pointer, which a C function must take as one."""
        ours = self.params.get(binding.source or "")
        if ours is None or not ours.optional or ours.is_list or ours.kind not in _BY_POINTER:
            return
        if not binding.type.endswith("*"):
            text = f"`{binding.source}` is a `{ours}`, and `{binding.target}` is a `{binding.type}` ({self.symbol})"
            table.error("E038", text, key, "a body can do it")

    def _value_fits(self, prototype: Prototype) -> bool:
        return (prototype.result == "void") == (not self.signature.results)

    def _is_plain(self) -> bool:
        """Whether neither handles nor lists are returned."""
        return all(not r.type.is_list and r.type.kind is not Kind.HANDLE for r in self.signature.results)

    def _check_result(self, table: Table, key: str, style: Style, fits: bool) -> None:
        """What a style returns: one handle, or, for plain C, one plain value or nothing, or several by pointers."""
        results = self.signature.results
        if style.kind == "value":
            wanted = "one plain value, or nothing from a void function"
            ours = len(results) <= 1 and self._is_plain() and all(not r.name for r in results)
        elif style.kind == "status" and not style.finish:
            wanted = "plain values, from a function that returns an `int32_t`"
            ours = self._is_plain()
        elif style.kind == "status" and style.passed:
            wanted = "one handle, or plain values, from a function that returns an `int32_t`"
            ours = self._is_plain() or len(results) == 1
        else:
            wanted = "one handle"
            ours = len(results) == 1 and results[0].type.kind is Kind.HANDLE and not results[0].name
            ours = ours and not results[0].type.is_list
        if not (fits and ours):
            table.error("E046", f"the style `{style.name}` can only return {wanted} ({self.symbol})", key)

    def _bind(
        self,
        table: Table,
        key: str,
        style: Style,
        targets: list[_Target],
        when: tuple[Predicate, ...],
        by_pointers: bool = False,
    ) -> list[Binding]:
        explicit = table.mapping("bind", is_literal, "a parameter or a literal")
        bind_table = table.table("bind")
        names = [target.name for target in targets]
        for name in explicit:
            if name not in names:
                text = f"the upstream function has no argument `{name}` ({self.symbol})"
                bind_table.error_at_key("E037", text, name, did_you_mean(name, names))
        bindings = []
        for target in targets:
            binding = self._bind_result(table, key, target, explicit) if by_pointers else None
            binding = binding or self._bind_one(table, key, bind_table, style, target, explicit)
            if binding is not None:
                bindings.append(binding)
        self._check_used(table, key, bindings, when)
        if by_pointers:
            self._check_written(table, key, bindings)
        return bindings

    def _bind_result(self, table: Table, key: str, target: _Target, explicit: dict[str, str | float]) -> Binding | None:
        """Where the upstream function writes a result; None where it reads an argument."""
        given = explicit.get(target.name)
        name = "" if given == "result" else given if given is not None else target.name
        if name not in self.results or (given is None and target.name in self.sources):
            return None
        type_ = self.results[str(name)]
        if not _can_be_read(target_of(target.type), type_):
            text = f"`{target.type}` gives no result of type {type_} ({self.symbol})"
            if given is None:
                table.error("E049", text, key)
            else:
                table.table("bind").error("E049", text, target.name)
        return Binding(target.name, None, None, target.type, str(name))

    def _check_written(self, table: Table, key: str, bindings: list[Binding]) -> None:
        for name in self.results:
            count = sum(binding.result == name for binding in bindings)
            ours = f"the result `{name}`" if name else "the result"
            if count == 0:
                hint = f'add `bind = {{ ... = "{name or "result"}" }}`'
                text = f"no argument of the upstream function writes {ours} ({self.symbol})"
                table.error("E049", text, key, hint)
            elif count > 1:
                text = f"several arguments of the upstream function write {ours} ({self.symbol})"
                table.error("E049", text, key)

    def _bind_one(
        self,
        table: Table,
        key: str,
        bind_table: Table,
        style: Style,
        target: _Target,
        explicit: dict[str, str | float],
    ) -> Binding | None:
        given = explicit.get(target.name)
        if isinstance(given, str) and given in self.sources:
            return Binding(target.name, given, None, target.type)
        if given is not None:
            literal = self._literal(style, _spelled(given))
            if literal is None:
                text = f"`{given}` is no parameter, number or literal ({self.symbol})"
                bind_table.error(
                    "E037", text, target.name, did_you_mean(str(given), self.sources | style.literals.keys())
                )
                return None
            return Binding(target.name, None, literal, target.type)
        for name in (target.name, *style.alias.get(target.name, ())):
            if name in self.sources:
                return Binding(target.name, name, None, target.type)
        if target.default is None:
            text = f"nothing is bound to the upstream's argument `{target.name}` ({self.symbol})"
            table.error("E035", text, key, f"add `bind = {{ {target.name} = ... }}`")
            return None
        literal = self._literal(style, target.default)
        if literal is None:
            text = f"the default `{target.default}` of `{target.name}` has no literal ({self.symbol})"
            table.error("E039", text, key, f"add it to [style.{style.name}.literals], or bind the argument")
            return None
        return Binding(target.name, None, literal, target.type)

    def _literal(self, style: Style, text: str) -> str | None:
        if text in style.literals:
            return style.literals[text]
        return text if _NUMBER.match(text) else None

    def _check_used(self, table: Table, key: str, bindings: list[Binding], when: tuple[Predicate, ...]) -> None:
        used = {binding.source for binding in bindings} | {arg for predicate in when for arg in predicate.args}
        for name in self.params:
            if name not in used:
                table.error("E036", f"the parameter `{name}` is not used here ({self.symbol})", key)


def _spelled(value: str | float) -> str:
    if isinstance(value, bool):
        return "True" if value else "False"
    return value if isinstance(value, str) else repr(value)


def _unique(names: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


def _can_be_read(c_type: str, ours: Type) -> bool:
    """Whether a variable of the C type can be given as a result of ours."""
    if ours.kind in (Kind.I64, Kind.BOOL, Kind.ENUM):
        return bool(c_type) and is_integer(c_type)
    if ours.kind in (Kind.F64, Kind.F32):
        return bool(c_type) and (is_floating(c_type) or is_integer(c_type))
    if ours.kind in (Kind.STR, Kind.TEXT):
        return c_type.replace(" ", "") == "constchar*"
    return ours.kind is Kind.PTR and c_type.replace(" ", "") == "void*"
