"""[operators] and [op.NAME]: the class and its operators, checked so that rendering them needs no further questions."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable, Mapping
from typing import Any

from generator.diagnostics import did_you_mean
from generator.model import Function, Interface, Kind, Operator, Ownership, Param, Role, Type
from generator.spec_library import Vocabulary
from generator.spec_words import check_docs, name_problem
from generator.table import Table, is_literal, is_text

BINARY = ("+", "-", "*", "/", "//", "%", "@", "**", "==", "!=", "<", "<=", ">", ">=", "&", "|", "^")
UNARY = ("-", "+", "~", "abs")
COMPARING = ("==", "!=", "<", "<=", ">", ">=")

# What a fast way on lists of floats may be, and how many lists it takes: none of these raises, or changes the type.
FLOATS = {"operator.add": 2, "operator.sub": 2, "operator.mul": 2, "operator.neg": 1, "operator.abs": 1}

# Names that what is rendered uses, and an operator may not have.
TAKEN = frozenset(keyword.kwlist) | {
    *("bool", "cast", "choose", "float", "getattr", "globals", "hasattr", "int", "isinstance", "len", "map", "object"),
    *("property", "self", "set_limits", "str", "tuple", "type", "use"),
}

_OF_METHODS = ("receiver", "symbol", "property", "spread", "each", "handles", "resident")  # keys

_CLASS = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)+\Z")
_ATTRIBUTE = re.compile(r"[A-Za-z][A-Za-z0-9_]*\Z")
_DEFAULTS = {Kind.BOOL: (bool,), Kind.I64: (int,), Kind.F64: (int, float), Kind.STR: (str,), Kind.TEXT: (str,)}


def read_operators(
    interface: Table | None, operators: Iterable[Table], functions: Mapping[str, Function], vocabulary: Vocabulary
) -> tuple[Interface | None, tuple[Operator, ...]]:
    tables = list(operators)
    if interface is None:
        if tables:
            tables[0].error("E081", "there are operators, but no [operators] table in any file")
        return None, ()
    read = _interface(interface, functions, vocabulary)
    found = tuple(_Reader(table, read, functions, vocabulary).operator() for table in tables)
    _check_unique(tables, found, functions)
    _check_complete(interface, read, found, functions)
    return read, found


def _interface(table: Table, functions: Mapping[str, Function], vocabulary: Vocabulary) -> Interface:
    interface = Interface(
        class_path=table.text("class"),
        handle=table.text("handle"),
        alias=table.text("alias"),
        none=table.texts("none"),
        at=table.at(),
    )
    if interface.class_path and not _CLASS.match(interface.class_path):
        table.error("E081", f"`{interface.class_path}` is no module and class, such as `package.module.Class`", "class")
    if interface.handle and interface.handle not in vocabulary.handles:
        hint = did_you_mean(interface.handle, vocabulary.handles)
        table.error("E081", f"no handle `{interface.handle}` (operators)", "handle", hint)
    if interface.alias and name_problem(interface.alias, frozenset(keyword.kwlist)):
        table.error("E081", f"`{interface.alias}` is no name of a package", "alias")
    for index, name in enumerate(interface.none):
        if name not in functions:
            hint = did_you_mean(name, functions, vocabulary.prefix)
            _none_error(table, "E080", f"no function `{name}` (operators)", index, name, hint)
    table.finish()
    return interface


def _none_error(table: Table, code: str, text: str, index: int, name: str, hint: str = "") -> None:
    within = index if isinstance(table.values["none"], list) else None
    table.error_within(code, text, "none", 0, len(name), hint, within)


def _check_unique(tables: list[Table], operators: tuple[Operator, ...], functions: Mapping[str, Function]) -> None:
    names = {operator.name: operator.name for operator in operators}
    symbols: dict[tuple[str, int], str] = {}
    for table, operator in zip(tables, operators, strict=True):
        if operator.property in names:
            text = f"`{operator.property}` is the operator `{names[operator.property]}` already ({operator.name})"
            table.error("E089", text, "property")
        elif operator.property:
            names[operator.property] = operator.name
        if operator.symbol and operator.function in functions:
            key = (operator.symbol, len(functions[operator.function].signature.params))
            twin = symbols.setdefault(key, operator.name)
            if twin != operator.name:
                text = f"`{operator.symbol}` is the symbol of `{twin}` already ({operator.name})"
                table.error("E089", text, "symbol")


def _check_complete(
    table: Table, interface: Interface, operators: tuple[Operator, ...], functions: Mapping[str, Function]
) -> None:
    having = {operator.function: operator.name for operator in operators}
    having |= {other: op.name for op in operators for other in (*op.absent.values(), *op.handles.values())}
    for index, name in enumerate(interface.none):
        if name in having:
            _none_error(table, "E086", f"`{name}` has an operator, `{having[name]}` (operators)", index, name)
    for function in functions.values():
        if works_on(function, interface.handle) and function.symbol not in {*having, *interface.none}:
            hint = "add [op.NAME], or list it as `none` in [operators]"
            text = f"`{function.symbol}` has no operator"
            table.diagnostics.error(function.at, "E086", text, hint, len(f"[fn.{function.symbol}]"))


def works_on(function: Function, handle: str) -> bool:
    """Whether it computes on handles of this kind, or makes them."""
    types = [param.type for param in function.signature.params] + [r.type for r in function.signature.results]
    return function.role is Role.COMPUTES and any(t.kind is Kind.HANDLE and t.name == handle for t in types)


class _Reader:
    def __init__(
        self, table: Table, interface: Interface, functions: Mapping[str, Function], vocabulary: Vocabulary
    ) -> None:
        self.table = table
        self.name = table.name
        self.interface = interface
        self.functions = functions
        self.handles = vocabulary.handles
        self.prefix = vocabulary.prefix
        self.symbol = table.text("function", self.prefix + self.name)
        function = functions.get(self.symbol)
        if function is None:
            hint = did_you_mean(self.symbol, functions, self.prefix)
            table.error("E080", f"no function `{self.symbol}` ({self.name})", self._if_there("function"), hint)
        self.function = function if function is not None and function.routes else None  # None: an error stands already
        self.params = {p.name: p for p in self.function.signature.params} if self.function else {}

    def _if_there(self, key: str) -> str | None:
        return key if key in self.table else None

    def operator(self) -> Operator:
        table = self.table
        handles = [name for name, param in self.params.items() if self._is_handle(param.type)]
        first = next(iter(self.params), "") if handles or not self.params else ""
        operator = Operator(
            name=self.name,
            function=self.symbol,
            receiver=table.text("receiver", first),
            symbol=table.text("symbol", ""),
            property=table.text("property", ""),
            numbers=table.texts("numbers"),
            defaults=table.mapping("defaults", is_literal, "a string, a number or a bool"),
            absent=table.mapping("absent", is_text, "a function's name"),
            handles=table.mapping("handles", is_text, "a function's name"),
            spread=table.text("spread", ""),
            each=table.text("each", ""),
            single=table.texts("single"),
            resident=table.truth("resident"),
            floats=table.text("floats", ""),
            summary=table.text("summary", ""),
            details=table.text("details", ""),
            docs=table.mapping("docs", is_text, "a string"),
            at=table.at(),
        )
        table.finish()
        for key in ("summary", "details"):
            check_docs(table, key, table.text(key, ""))
        for name, doc in operator.docs.items():
            check_docs(table.table("docs"), name, doc, self.name)
        if operator.property and (not _ATTRIBUTE.match(operator.property) or keyword.iskeyword(operator.property)):
            table.error("E007", f"`{operator.property}` is no good name ({self.name})", "property")
        if self.function is not None and self._takes_handles(self.function):
            self._check_params(operator)
            self._check_symbol(operator)
            self._check_absent(operator)
            self._check_handles(operator)
            self._check_order(operator)
            self._check_fast(operator, self.function)
        return operator

    def _is_handle(self, type_: Type) -> bool:
        return type_.kind is Kind.HANDLE and type_.name == self.interface.handle and not type_.is_list

    def _is_list(self, type_: Type) -> bool:
        return type_.kind is Kind.HANDLE and type_.name == self.interface.handle and type_.is_list

    def _takes_handles(self, function: Function) -> bool:
        """Whether it can be an operator at all; if not, there is an error."""
        handle = self.interface.handle
        if handle not in self.handles:
            return False
        results = [str(result.type) for result in function.signature.results if not result.name]
        foreign = [p for p in self.params.values() if p.type.kind in (Kind.PTR, Kind.HANDLE) and p.type.name != handle]
        good = function.role is Role.COMPUTES and results == [handle] and not foreign
        if not good or not any(self._is_handle(p.type) or self._is_list(p.type) for p in self.params.values()):
            text = f"`{function.symbol}` must take a {handle} and plain values, and return one {handle} ({self.name})"
            self.table.error("E082", text, self._if_there("function"))
            return False
        return True

    def _check_params(self, operator: Operator) -> None:
        handles = [name for name, param in self.params.items() if self._is_handle(param.type)]
        lists = [name for name, param in self.params.items() if param.type.is_list and not param.type.optional]
        if not handles:
            for key in (key for key in _OF_METHODS if key in self.table):
                text = f"`{key}` is for a method, and no parameter is a {self.interface.handle} ({self.name})"
                self.table.error_at_key("E083", text, key)
        elif operator.receiver not in handles:
            self._wrong("receiver", operator.receiver, handles, f"no parameter that is a {self.interface.handle}")
        for index, name in enumerate(operator.numbers):
            if name not in handles:
                at = index if isinstance(self.table.values["numbers"], list) else None
                self._wrong("numbers", name, handles, f"no parameter that is a {self.interface.handle}", at)
        several = [name for name in [*self.params] if _is_integers(self.params[name].type)]
        for index, name in enumerate(operator.single):
            if name not in several:
                at = index if isinstance(self.table.values["single"], list) else None
                self._wrong("single", name, several, "no parameter that is a list of integers", at)
        if operator.spread and (operator.spread not in lists or operator.spread != [*self.params][-1]):
            self._wrong("spread", operator.spread, lists, "no list that is the last parameter")
        integers = [name for name, param in self.params.items() if param.type == Type("i64", Kind.I64)]
        if operator.each and operator.each not in integers:
            self._wrong("each", operator.each, integers, "no parameter that is an i64")
        for key in ("defaults", "absent", "handles", "docs"):
            below = self.table.table(key)
            for name in below.values:
                if name not in self.params:
                    text = f"{key} for `{name}`, which is no parameter ({self.name})"
                    below.error_at_key("E083", text, name, did_you_mean(name, self.params))
        for name, value in operator.defaults.items():
            if name in self.params and not _is_value(value, self.params[name], name in operator.single):
                text = f"the default of `{name}` must be a value of {self.params[name].type} ({self.name})"
                self.table.table("defaults").error("E083", text, name)

    def _wrong(self, key: str, name: str, known: Iterable[str], what: str, index: int | None = None) -> None:
        text, hint = f"`{name}` is {what} ({self.name})", did_you_mean(name, known)
        if key in self.table:
            self.table.error_within("E083", text, key, 0, len(name), hint, index)
        else:
            self.table.error("E083", text, hint=hint)

    def _check_symbol(self, operator: Operator) -> None:
        symbol, count = operator.symbol, len(self.params)
        if not symbol or not operator.receiver:
            return
        known = {1: UNARY, 2: BINARY}.get(count, ())
        if symbol not in (*UNARY, *BINARY):
            hint = did_you_mean(symbol, {*UNARY, *BINARY})
            self.table.error("E084", f"no symbol `{symbol}` ({self.name})", "symbol", hint)
        elif symbol not in known:
            text = f"`{symbol}` does not go with {count} parameter{'s' if count != 1 else ''} ({self.name})"
            self.table.error("E084", text, "symbol")
        elif operator.receiver != next(iter(self.params)):
            self.table.error("E084", f"the left operand of `{symbol}` is the receiver ({self.name})", "receiver")

    def _check_absent(self, operator: Operator) -> None:
        below = self.table.table("absent")
        if len(operator.absent) > 1:
            text = f"only one parameter's absence can call another function ({self.name})"
            self.table.error("E087", text, "absent")
        for name, symbol in operator.absent.items():
            if name in operator.defaults:
                below.error("E087", f"`{name}` has a default, so it is never absent ({self.name})", name)
            function = self.functions.get(symbol)
            if function is None:
                hint = did_you_mean(symbol, self.functions, self.prefix)
                below.error("E080", f"no function `{symbol}` ({self.name})", name, hint)
            elif name in self.params and function.routes:
                self._check_instead(operator, name, function)

    def _check_instead(self, operator: Operator, absent: str, function: Function) -> None:
        """The function called without one parameter takes some of the others; a parameter that it lacks is off then."""
        assert self.function is not None
        below = self.table.table("absent")
        taken = {param.name: param.type for param in function.signature.params}
        ours = {name: param.type for name, param in self.params.items() if name != absent}
        same_results = function.signature.results == self.function.signature.results
        if not same_results or any(ours.get(name) != type_ for name, type_ in taken.items()):
            text = f"`{function.symbol}` must take parameters of `{self.symbol}` other than `{absent}`, and return the same"
            below.error("E087", f"{text} ({self.name})", absent)
        for name in ours:
            if name not in taken and operator.defaults.get(name) is not False:
                text = f"`{function.symbol}` takes no `{name}`, whose default must be false then ({self.name})"
                below.error("E087", text, absent)

    def _check_handles(self, operator: Operator) -> None:
        """The function called with a handle for a number takes and returns the same but for that."""
        below, handle = self.table.table("handles"), self.interface.handle
        if len(operator.handles) > 1:
            text = f"only one number can be a {handle} instead ({self.name})"
            self.table.error("E087", text, "handles")
        for name, symbol in operator.handles.items():
            function = self.functions.get(symbol)
            if function is None:
                hint = did_you_mean(symbol, self.functions, self.prefix)
                below.error("E080", f"no function `{symbol}` ({self.name})", name, hint)
            elif name in self.params and function.routes and not self._takes_handle_for(name, function):
                text = f"`{symbol}` must take a {handle} for the number `{name}` of `{self.symbol}`, and else be alike"
                below.error("E087", f"{text} ({self.name})", name)

    def _takes_handle_for(self, name: str, function: Function) -> bool:
        assert self.function is not None
        if self.params[name].type.kind not in (Kind.I64, Kind.F64) or self.params[name].type.is_list:
            return False
        ours = [self.interface.handle if p.name == name else str(p.type) for p in self.params.values()]
        theirs = [str(param.type) for param in function.signature.params]
        return ours == theirs and function.signature.results == self.function.signature.results

    def _check_order(self, operator: Operator) -> None:
        behind = ""
        for name in self.params:
            if name in operator.defaults or name in operator.absent:
                behind = name
            elif behind and not self.params[name].type.optional:
                text = f"`{name}` stands behind `{behind}`, which has a default, and has none ({self.name})"
                key = "defaults" if "defaults" in self.table else "absent"
                self.table.error_at_key("E085", text, key)

    def _check_fast(self, operator: Operator, function: Function) -> None:
        operands = [name for name, param in self.params.items() if self._is_handle(param.type)]
        if operator.resident:
            problem = self._slow(operator, function, operands)
            if problem:
                self.table.error("E088", f"it cannot be `resident`: {problem} ({self.name})", "resident")
        if not operator.floats:
            return
        if operator.floats not in FLOATS:
            hint = did_you_mean(operator.floats, FLOATS)
            self.table.error("E088", f"no fast way on floats by `{operator.floats}` ({self.name})", "floats", hint)
        elif not operator.resident:
            self.table.error("E088", f"a fast way on floats needs `resident` as well ({self.name})", "floats")
        elif not FLOATS[operator.floats] == len(operands) == len(self.params):
            text = f"`{operator.floats}` does not go with `{function.signature}` ({self.name})"
            self.table.error("E088", text, "floats")

    def _slow(self, operator: Operator, function: Function, operands: list[str]) -> str:
        """Why it cannot be called with what is at hand; "" when it can."""
        others = [param.type for name, param in self.params.items() if name not in operands]
        if function.ownership is not Ownership.NEW:
            return "the result is not new"
        if operator.absent or operator.spread or operator.each:
            return "there is more than one way to call it"
        if [*self.params][: len(operands)] != operands or any(self.params[name].type.optional for name in operands):
            return "its operands must come first, and be there"
        if any(t.is_list or t.optional or t.kind not in (Kind.I64, Kind.F64) for t in others):
            return "besides its operands it may take integers and numbers only"
        if len(operands) > 2 or (len(operands) == 2 and (others or operator.symbol not in BINARY)):
            return "with two operands it must have a symbol, and take nothing else"
        return ""


def _is_integers(type_: Type) -> bool:
    return type_.kind is Kind.I64 and type_.is_list


def _is_value(value: Any, param: Param, single: bool) -> bool:
    """Whether a parameter can have the default `value`: of a list, one number that stands for it."""
    kinds = _DEFAULTS.get(param.type.kind, ())
    plain = single or not param.type.is_list
    return plain and isinstance(value, kinds) and (isinstance(value, bool) == (kinds == (bool,)))
