"""What a formula means: which names and functions it uses, what each of its parts is, and whose values it needs."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from generator.diagnostics import did_you_mean
from generator.formula_text import BINARY, COMPARING, FormulaError, ParsedFormula
from generator.model import Kind, Type
from generator.spec_words import NAME

GRAD, RESULT = "grad", "result"
COUNTING = ("len", "range", "total")  # of a list: how many, their places, and the sum of numbers

# Assigned names that would hide what is rendered around them, or that look like a number.
_TAKEN = frozenset({GRAD, RESULT, *COUNTING, "l"})


class Value(Enum):
    """What an expression gives."""

    HANDLE = "a handle"
    HANDLES = "a list of handles"
    NUMBER = "a number"
    NUMBERS = "a list of numbers"
    TEXT = "a text"
    NOTHING = "None"


Values = frozenset[Value]  # what it may give: {NUMBER, NOTHING} for an optional number

ANY = frozenset(Value)
HANDLE = frozenset({Value.HANDLE})
NUMBER = frozenset({Value.NUMBER})
NUMBERS = frozenset({Value.NUMBERS})
TEXT = frozenset({Value.TEXT})
NOTHING = frozenset({Value.NOTHING})
LISTS = frozenset({Value.HANDLES, Value.NUMBERS})


@dataclass(frozen=True)
class Argument:
    name: str  # "dim"
    takes: Values  # {NUMBER, NOTHING}
    needed: bool  # False where it may be left out


@dataclass(frozen=True)
class Callee:
    """A function as formulas call it."""

    name: str  # "sum"
    symbol: str  # "rt_torch_sum_dim"
    arguments: tuple[Argument, ...]
    is_operator: bool  # whether it is a name of the public API, and not only of the specs


@dataclass(frozen=True)
class Vocabulary:
    """What formulas may say."""

    handle: str  # "tensor"
    callees: Mapping[str, Callee]
    signs: Mapping[tuple[str, int], Callee]  # {("+", 2): ...}: what an operator on handles calls, by its operands
    attributes: Mapping[str, Values]  # {"shape": NUMBERS, "numel()": NUMBER}: of a handle


@dataclass(frozen=True)
class Usage:
    """What a good formula needs."""

    reads: tuple[str, ...]  # ("b", "result"): parameters whose values it uses, `result` with them
    calls: tuple[str, ...]  # ("len", "where"): in the order of the alphabet


def values_of(type_: Type, handle: str) -> Values:
    """What stands for a parameter of this type."""
    if type_.kind is Kind.HANDLE:
        found = HANDLE if type_.name == handle else TEXT
    else:
        found = (
            NUMBER if type_.kind in (Kind.I64, Kind.F64, Kind.F32, Kind.U8, Kind.BOOL, Kind.ENUM, Kind.PTR) else TEXT
        )
    if type_.is_list:
        found = frozenset({Value.HANDLES}) if found == HANDLE else NUMBERS if found == NUMBER else TEXT
    return found | NOTHING if type_.optional else found


def described(values: Values, handle: str) -> str:
    """`a tensor or None`."""
    words = [value.value.replace("handle", handle) for value in Value if value in values]
    return " or ".join(words)


class FormulaChecker:
    """One formula; `errors` are all that is wrong with it."""

    def __init__(
        self, formula: ParsedFormula, params: Mapping[str, Values], wanted: Values, vocabulary: Vocabulary
    ) -> None:
        self.formula = formula
        self.vocabulary = vocabulary
        self.errors: list[FormulaError] = []
        self.known: dict[str, Values] = {GRAD: HANDLE, RESULT: HANDLE, **params}
        self.sources = {name: name for name in (RESULT, *params)}  # whose values a name stands for
        self.unused: dict[str, ast.Name] = {}
        self.reads: set[str] = set()
        self.calls: set[str] = set()
        self._check(wanted)

    def usage(self) -> Usage:
        handles = [name for name in self.sources if name in self.reads]
        return Usage(tuple(handles), tuple(sorted(self.calls)))

    def _check(self, wanted: Values) -> None:
        for name, value in self.formula.names:
            self._assign(name, self._value(value))
        given = self._value(self.formula.value)
        if not given & wanted:
            what = f"the formula gives {self._said(given)}, not {self._said(wanted)}"
            self._error("E098", self.formula.value, what)
        for name in self.unused.values():
            self._error("E096", name, f"the name `{name.id}` is not used")
        if not any(isinstance(node, ast.Name) and node.id == GRAD for line in self._lines() for node in ast.walk(line)):
            self._error("E096", self.formula.value, f"the formula does not use `{GRAD}`")

    def _lines(self) -> list[ast.expr]:
        return [value for _, value in self.formula.names] + [self.formula.value]

    def _said(self, values: Values) -> str:
        return described(values, self.vocabulary.handle)

    def _error(self, code: str, node: ast.AST, text: str, hint: str = "") -> None:
        self.errors.append(FormulaError(code, text, self.formula.offset(node), self.formula.width(node), hint))

    # Names.

    def _assign(self, name: ast.Name, values: Values) -> None:
        if name.id in self.known:
            self._error("E096", name, f"the name `{name.id}` stands for something already")
        elif not NAME.fullmatch(name.id) or name.id in _TAKEN or name.id in self.vocabulary.callees:
            self._error(
                "E096", name, f"`{name.id}` is no good name", "small letters, digits and `_`, no function's name"
            )
        else:
            self.unused[name.id] = name
        self.known.setdefault(name.id, values)

    def _name(self, node: ast.Name) -> Values:
        self.unused.pop(node.id, None)
        if node.id in self.known:
            return self.known[node.id]
        if node.id in self.vocabulary.callees or node.id in COUNTING:
            self._error("E096", node, f"`{node.id}` is a function: what is it called with?")
        else:
            hint = did_you_mean(node.id, self.known)
            self._error("E096", node, f"unknown name `{node.id}`", hint)
        return ANY

    def _source(self, node: ast.expr) -> str:
        """The parameter, or `result`, that the expression is or is an element of; "" when it is something else."""
        if isinstance(node, ast.Subscript):
            return self._source(node.value)
        return self.sources.get(node.id, "") if isinstance(node, ast.Name) else ""

    # Expressions.

    def _value(self, node: ast.expr, read: bool = True) -> Values:
        """What the expression gives; `read` says whether the values of handles are needed for it."""
        if isinstance(node, ast.Name):
            values = self._name(node)
        elif isinstance(node, ast.Constant):
            values = _constant(node)
        elif isinstance(node, ast.IfExp):
            values = self._choice(node, read)
        elif isinstance(node, (ast.BoolOp, ast.UnaryOp, ast.Compare, ast.BinOp)):
            return self._operation(node)
        elif isinstance(node, (ast.Tuple, ast.List)):
            values = self._elements(node)
        elif isinstance(node, ast.ListComp):
            values = self._loop(node)
        elif isinstance(node, ast.Call):
            values = self._call(node)
        elif isinstance(node, ast.Attribute):
            values = self._attribute(node, "")
        elif isinstance(node, ast.Subscript):
            values = self._subscript(node)
        else:
            raise AssertionError(ast.dump(node))  # the printer knows no more
        source = self._source(node)
        if read and source and values & {Value.HANDLE, Value.HANDLES}:
            self.reads.add(source)
        return values

    def _expect(self, node: ast.expr, wanted: Values, code: str = "E098", read: bool = True) -> Values:
        given = self._value(node, read)
        if not given & wanted:
            self._error(code, node, f"{self._said(wanted)} is wanted, this is {self._said(given)}")
        return given & wanted or wanted

    def _choice(self, node: ast.IfExp, read: bool) -> Values:
        self._truth(node.test)
        first, second = self._value(node.body, read), self._value(node.orelse, read)
        return first | second

    def _truth(self, node: ast.expr) -> None:
        given = self._value(node, read=False)
        if not given - {Value.HANDLE, Value.HANDLES}:
            self._error(
                "E098", node, f"a condition is no {self.vocabulary.handle}: it is decided before any is computed"
            )

    def _operation(self, node: ast.BoolOp | ast.UnaryOp | ast.Compare | ast.BinOp) -> Values:
        if isinstance(node, ast.BoolOp):
            for value in node.values:
                self._truth(value)
            return NUMBER
        if isinstance(node, ast.UnaryOp):
            if isinstance(node.op, ast.Not):
                self._truth(node.operand)
                return NUMBER
            return self._applied("-", node, [node.operand])
        if isinstance(node, ast.BinOp):
            return self._applied(BINARY[type(node.op)][0], node, [node.left, node.right])
        sign, other = COMPARING[type(node.ops[0])], node.comparators[0]
        if sign in ("is", "is not"):
            self._value(node.left, read=False)
            if not isinstance(other, ast.Constant) or other.value is not None:
                self._error("E098", node, f"`{sign}` compares with None only")
            return NUMBER
        return self._applied(sign, node, [node.left, other])

    def _applied(self, sign: str, node: ast.expr, operands: list[ast.expr]) -> Values:
        """An operator, on handles or on plain values."""
        given = [self._value(operand) for operand in operands]
        if not any(Value.HANDLE in values and values != ANY for values in given):
            return ANY if ANY in given else self._plainly(sign, operands, given)
        callee = self.vocabulary.signs.get((sign, len(operands)))
        if callee is None:
            known = sorted({sign for sign, count in self.vocabulary.signs if count == len(operands)})
            hint = "known: " + ", ".join(f"`{sign}`" for sign in known)
            self._error("E097", node, f"there is no operator `{sign}` of a {self.vocabulary.handle}", hint)
            return HANDLE
        for operand, values, argument in zip(operands, given, callee.arguments, strict=True):
            self._fits(operand, values, argument, f"`{sign}`")
        return HANDLE

    def _plainly(self, sign: str, operands: list[ast.expr], given: list[Values]) -> Values:
        comparable = ANY - {Value.HANDLE, Value.HANDLES, Value.NOTHING} if sign in ("==", "!=") else NUMBER
        for operand, values in zip(operands, given, strict=True):
            if not values & comparable or sign == "@":
                self._error("E098", operand, f"`{sign}` does not go with {self._said(values)}")
        return NUMBER

    def _fits(self, node: ast.expr, given: Values, argument: Argument, where: str) -> None:
        if not given & argument.takes:
            text = f"{where} wants {self._said(argument.takes)} for `{argument.name}`, this is {self._said(given)}"
            self._error("E098", node, text)

    def _elements(self, node: ast.Tuple | ast.List) -> Values:
        values = NUMBERS
        for element in node.elts:
            if isinstance(element, ast.Starred):
                values = self._expect(element.value, LISTS)
            else:
                given = self._expect(element, NUMBER | HANDLE)
                values = NUMBERS if Value.NUMBER in given else frozenset({Value.HANDLES})
        return values

    def _loop(self, node: ast.ListComp) -> Values:
        loop = node.generators[0]
        assert isinstance(loop.target, ast.Name)
        looped = self._expect(loop.iter, LISTS, read=False)
        element = HANDLE if Value.HANDLES in looped else NUMBER
        if loop.target.id in self.known:
            self._error("E096", loop.target, f"the name `{loop.target.id}` stands for something already")
            return ANY
        self._assign(loop.target, element)
        source = self._source(loop.iter)
        if source:
            self.sources[loop.target.id] = source
        made = self._value(node.elt)
        if loop.target.id in self.unused:
            self._name(loop.target)
            self._error("E096", loop.target, f"the name `{loop.target.id}` is not used")
        del self.known[loop.target.id]
        self.sources.pop(loop.target.id, None)
        return frozenset({Value.HANDLES}) if Value.HANDLE in made else NUMBERS

    def _attribute(self, node: ast.Attribute, call: str) -> Values:
        """`x.shape`, and with `()` for `call` `x.numel()`."""
        given = self._value(node.value, read=False)
        attributes = self.vocabulary.attributes
        if not given & HANDLE:
            self._error("E096", node, f"{self._said(given)} has no attribute `{node.attr}` in a formula")
            return ANY
        if node.attr + call not in attributes:
            hint = did_you_mean(node.attr + call, attributes)
            if call and node.attr in self.vocabulary.callees:
                hint = f"write `{node.attr}(...)`"
            self._error("E096", node, f"a formula cannot ask for `.{node.attr}{call}`", hint)
            return ANY
        return attributes[node.attr + call]

    def _subscript(self, node: ast.Subscript) -> Values:
        given = self._expect(node.value, LISTS, read=False)
        if isinstance(node.slice, ast.Slice):
            for bound in (node.slice.lower, node.slice.upper):
                if bound is not None:
                    self._expect(bound, NUMBER)
            return given
        self._expect(node.slice, NUMBER)
        return HANDLE if Value.HANDLES in given else NUMBER

    # Calls.

    def _call(self, node: ast.Call) -> Values:
        if isinstance(node.func, ast.Attribute):
            if node.args or node.keywords:
                self._error("E097", node, f"`.{node.func.attr}()` takes no arguments in a formula")
            return self._attribute(node.func, "()")
        assert isinstance(node.func, ast.Name)
        name = node.func.id
        if name in self.known:
            self._error("E097", node.func, f"`{name}` is no function here, but a name for something else")
            return ANY
        callee = self.vocabulary.callees.get(name)
        if callee is None and name in COUNTING:
            return self._counting(name, node)
        if callee is None:
            hint = did_you_mean(name, [*self.vocabulary.callees, *COUNTING])
            self._error("E097", node.func, f"unknown function `{name}`", hint)
            for argument in node.args:
                self._value(argument)
            return HANDLE
        self.calls.add(name)
        self._check_arguments(node, callee)
        return HANDLE

    def _counting(self, name: str, node: ast.Call) -> Values:
        if len(node.args) != 1 or node.keywords:
            self._error("E097", node, f"`{name}` takes 1 argument")
        for argument in node.args:
            self.calls.add(name)
            self._expect(argument, {"len": LISTS, "range": NUMBER, "total": NUMBERS}[name], read=False)
        return NUMBERS if name == "range" else NUMBER

    def _check_arguments(self, node: ast.Call, callee: Callee) -> None:
        for place, value in enumerate(node.args):
            given = self._value(value)
            if place < len(callee.arguments):
                self._fits(value, given, callee.arguments[place], f"`{callee.name}`")
        named = {argument.name: argument for argument in callee.arguments[len(node.args) :]}
        for keyword in node.keywords:
            given = self._value(keyword.value)
            argument = named.pop(keyword.arg or "", None)
            if argument is None:
                hint = did_you_mean(keyword.arg or "", named)
                self._error("E097", keyword, f"`{callee.name}` has no argument `{keyword.arg}` left to give", hint)
            else:
                self._fits(keyword.value, given, argument, f"`{callee.name}`")
        missing = [argument.name for argument in named.values() if argument.needed]
        takes = ", ".join(argument.name for argument in callee.arguments)
        if len(node.args) > len(callee.arguments):
            text = f"`{callee.name}` takes {len(callee.arguments)} arguments ({takes}), not {len(node.args)}"
            self._error("E097", node, text)
        elif missing:
            listed = " and ".join(f"`{name}`" for name in missing)
            self._error("E097", node, f"`{callee.name}` ({takes}) is not given {listed}")


def _constant(node: ast.Constant) -> Values:
    if node.value is None:
        return NOTHING
    return TEXT if isinstance(node.value, str) else NUMBER
