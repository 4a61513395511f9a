"""Formulas as text: parsed with positions, and printed the one way in which a formula is written.

A formula is an expression of Python, or several lines of which all but the last say `name = expression`.  It is written
the way Python's formatters write it, so that it can be rendered as it stands.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from generator.python_text import WIDTH

# How tightly things bind, from the loosest.
CHOICE, OR, AND, NOT, COMPARISON, SUM, PRODUCT, SIGN, POWER, ATOM = range(10)

BINARY: dict[type[ast.operator], tuple[str, int]] = {
    ast.Add: ("+", SUM),
    ast.Sub: ("-", SUM),
    ast.Mult: ("*", PRODUCT),
    ast.Div: ("/", PRODUCT),
    ast.MatMult: ("@", PRODUCT),
    ast.Pow: ("**", POWER),
}
COMPARING: dict[type[ast.cmpop], str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Is: "is",
    ast.IsNot: "is not",
}

_TEXT = re.compile(r"[ !#-\[\]-~]*\Z")  # what needs no escape between double quotes
_BEFORE_LAST = len("    return ")


class FormulaError(Exception):
    """What is wrong, and where in the text."""

    def __init__(self, code: str, text: str, offset: int, width: int = 1, hint: str = "") -> None:
        super().__init__(text)
        self.code = code
        self.text = text
        self.offset = offset
        self.width = width
        self.hint = hint


@dataclass(frozen=True)
class ParsedFormula:
    text: str  # "s = sum(grad * result)\nresult * (grad - s)"
    names: tuple[tuple[ast.Name, ast.expr], ...]  # the assignments
    value: ast.expr  # what the last line says

    def offset(self, node: ast.AST) -> int:
        return _offset(self.text, getattr(node, "lineno", 1), getattr(node, "col_offset", 0))

    def width(self, node: ast.AST) -> int:
        """Of the node's first line."""
        start, line = self.offset(node), getattr(node, "lineno", 1)
        last = getattr(node, "end_lineno", line) == line
        end = _offset(self.text, line, node.end_col_offset) if last else -1  # type: ignore[attr-defined]  # of every expression
        return (end if last else len(self.text.splitlines()[line - 1])) - start


def parse_formula(text: str) -> ParsedFormula:
    """Raises FormulaError where it is no formula, or not written as it prints."""
    parsed = read_formula(text)
    _check_printing(parsed)
    return parsed


def read_formula(text: str) -> ParsedFormula:
    """However it is written; raises FormulaError where it is no formula."""
    odd = next((place for place, character in enumerate(text) if not character.isascii()), None)
    if odd is not None:
        raise FormulaError("E094", f"the character {text[odd]!r} stands in no formula", odd)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about texts that only look like Python
            module = ast.parse(text)
    except SyntaxError as error:
        lines = text.split("\n")
        number = min(error.lineno or 1, len(lines))
        text_there = lines[number - 1]
        raise FormulaError("E094", "this is no Python", _offset(text, number, 0), len(text_there)) from None
    return _parsed(text, module)


def _parsed(text: str, module: ast.Module) -> ParsedFormula:
    if not module.body:
        raise FormulaError("E094", "the formula is empty", 0)
    names = []
    *assignments, last = module.body
    for line in assignments:
        target = line.targets[0] if isinstance(line, ast.Assign) and len(line.targets) == 1 else None
        if not isinstance(line, ast.Assign) or not isinstance(target, ast.Name):
            raise _misplaced(text, line, "every line but the last says `name = expression`")
        names.append((target, line.value))
    if not isinstance(last, ast.Expr):
        raise _misplaced(text, last, "the last line is an expression")
    return ParsedFormula(text, tuple(names), last.value)


def _misplaced(text: str, line: ast.stmt, problem: str) -> FormulaError:
    start = _offset(text, line.lineno, 0)
    return FormulaError("E094", problem, start, len(text.splitlines()[line.lineno - 1]))


def print_formula(parsed: ParsedFormula) -> list[str]:
    """The lines that say the same; raises FormulaError where something is no part of a formula."""
    printer = _Printer(parsed)
    names = [f"{name.id} = {printer.text(value)}" for name, value in parsed.names]
    return [*names, printer.text(parsed.value)]


def _check_printing(parsed: ParsedFormula) -> None:
    written, printed = parsed.text.split("\n"), print_formula(parsed)
    at = 0
    for place, line in enumerate(written):
        wanted = printed[place] if place < len(printed) else ""
        if line != wanted:
            hint = f"write `{wanted}`" if len(written) == len(printed) else "one line for each name, one for the value"
            raise FormulaError("E095", "the formula is not written as it prints", at, len(line), hint)
        room = WIDTH - (_BEFORE_LAST if place == len(written) - 1 else len("    "))
        if len(line) > room:
            hint = "give a part of it a name, on a line before"
            raise FormulaError("E095", f"the line is {len(line)} characters long; {room} fit", at, len(line), hint)
        at += len(line) + 1


def _offset(text: str, line: int, column: int) -> int:
    """The text is ASCII, so columns in bytes are columns in characters."""
    return sum(len(before) + 1 for before in text.split("\n")[: line - 1]) + column


class _Printer:
    def __init__(self, parsed: ParsedFormula) -> None:
        self.parsed = parsed

    def text(self, node: ast.expr, tightness: int = CHOICE) -> str:
        """In parentheses where the node binds less tightly than what is around it wants."""
        printer = _PRINTERS.get(type(node))
        if printer is None:
            raise self._unwelcome(node, "a formula has nothing of this kind")
        text, own = printer(self, node)
        return f"({text})" if own < tightness else text

    def _unwelcome(self, node: ast.AST, problem: str) -> FormulaError:
        return FormulaError("E094", problem, self.parsed.offset(node), self.parsed.width(node))

    def _joined(self, nodes: list[ast.expr]) -> str:
        return ", ".join(self.text(node) for node in nodes)

    # Each gives the text, and how tightly it binds.

    def _name(self, node: ast.Name) -> tuple[str, int]:
        return node.id, ATOM

    def _constant(self, node: ast.Constant) -> tuple[str, int]:
        value = node.value
        if isinstance(value, str):
            if not _TEXT.match(value):
                raise self._unwelcome(node, "a text in a formula has no quotes and no escapes")
            return f'"{value}"', ATOM
        if value is None or isinstance(value, bool):
            return str(value), ATOM
        if isinstance(value, (int, float)):
            return self._as_written(node).lower(), ATOM
        raise self._unwelcome(node, f"a formula has no `{self._as_written(node)}`")

    def _as_written(self, node: ast.expr) -> str:
        start = self.parsed.offset(node)
        return self.parsed.text[start : start + self.parsed.width(node)]

    def _choice(self, node: ast.IfExp) -> tuple[str, int]:
        parts = (self.text(node.body, OR), self.text(node.test, OR), self.text(node.orelse))
        return "{} if {} else {}".format(*parts), CHOICE

    def _logic(self, node: ast.BoolOp) -> tuple[str, int]:
        word, own = ("or", OR) if isinstance(node.op, ast.Or) else ("and", AND)
        return f" {word} ".join(self.text(value, NOT) for value in node.values), own

    def _unary(self, node: ast.UnaryOp) -> tuple[str, int]:
        if isinstance(node.op, ast.Not):
            if isinstance(node.operand, ast.Compare):
                raise self._unwelcome(node, "instead of `not` there is the opposite comparison")
            return "not " + self.text(node.operand, NOT), NOT
        if not isinstance(node.op, ast.USub):
            raise self._unwelcome(node, "of the signs, a formula has `-` only")
        power = isinstance(node.operand, ast.BinOp) and isinstance(node.operand.op, ast.Pow)
        apart = power or isinstance(node.operand, ast.UnaryOp)  # -(x**2) and -(-x) leave no doubt
        return "-" + self.text(node.operand, ATOM if apart else SIGN), SIGN

    def _comparison(self, node: ast.Compare) -> tuple[str, int]:
        if len(node.ops) > 1:
            raise self._unwelcome(node, "a formula compares two things at a time")
        sign = COMPARING.get(type(node.ops[0]))
        if sign is None:
            raise self._unwelcome(node, "a formula has no `in`")
        return f"{self.text(node.left, SUM)} {sign} {self.text(node.comparators[0], SUM)}", COMPARISON

    def _binary(self, node: ast.BinOp) -> tuple[str, int]:
        if type(node.op) not in BINARY:
            known = ", ".join(f"`{sign}`" for sign, _ in BINARY.values())
            raise self._unwelcome(node, f"of the operators, a formula has {known} and comparisons")
        sign, own = BINARY[type(node.op)]
        if own == POWER:
            signed = isinstance(node.left, ast.UnaryOp)  # which stands in parentheses
            tight = not signed and _is_simple(node.left) and _is_simple(node.right)
            left, right = self.text(node.left, ATOM), self.text(node.right, SIGN)
            return (f"{left}**{right}" if tight else f"{left} ** {right}"), own
        return f"{self.text(node.left, own)} {sign} {self.text(node.right, own + 1)}", own

    def _tuple(self, node: ast.Tuple) -> tuple[str, int]:
        return f"({self._joined(node.elts)}{',' if len(node.elts) == 1 else ''})", ATOM

    def _list(self, node: ast.List) -> tuple[str, int]:
        return f"[{self._joined(node.elts)}]", ATOM

    def _spread(self, node: ast.Starred) -> tuple[str, int]:
        return "*" + self.text(node.value, SUM), ATOM

    def _loop(self, node: ast.ListComp) -> tuple[str, int]:
        loop = node.generators[0]
        if len(node.generators) > 1 or loop.ifs or loop.is_async or not isinstance(loop.target, ast.Name):
            raise self._unwelcome(node, "a list is made by one loop over one name: `[expression for name in list]`")
        return f"[{self.text(node.elt)} for {loop.target.id} in {self.text(loop.iter, OR)}]", ATOM

    def _call(self, node: ast.Call) -> tuple[str, int]:
        if not isinstance(node.func, (ast.Name, ast.Attribute)):
            raise self._unwelcome(node.func, "only what has a name can be called")
        named = [f"{keyword.arg}={self.text(keyword.value)}" for keyword in node.keywords if keyword.arg]
        if len(named) < len(node.keywords) or any(isinstance(argument, ast.Starred) for argument in node.args):
            raise self._unwelcome(node, "arguments are given one by one")
        arguments = [*(self.text(argument) for argument in node.args), *named]
        return f"{self.text(node.func, ATOM)}({', '.join(arguments)})", ATOM

    def _attribute(self, node: ast.Attribute) -> tuple[str, int]:
        return f"{self.text(node.value, ATOM)}.{node.attr}", ATOM

    def _subscript(self, node: ast.Subscript) -> tuple[str, int]:
        if isinstance(node.slice, ast.Tuple):
            raise self._unwelcome(node, "one index at a time")
        return f"{self.text(node.value, ATOM)}[{self.text(node.slice)}]", ATOM

    def _slice(self, node: ast.Slice) -> tuple[str, int]:
        if node.step is not None:
            raise self._unwelcome(node, "a slice has no step in a formula")
        simple = all(end is None or _is_simple_bound(end) for end in (node.lower, node.upper))
        lower = self.text(node.lower) + ("" if simple else " ") if node.lower else ""
        upper = ("" if simple else " ") + self.text(node.upper) if node.upper else ""
        return f"{lower}:{upper}", ATOM


_PRINTERS: dict[type[ast.expr], Callable[[_Printer, Any], tuple[str, int]]] = {
    ast.Name: _Printer._name,
    ast.Constant: _Printer._constant,
    ast.IfExp: _Printer._choice,
    ast.BoolOp: _Printer._logic,
    ast.UnaryOp: _Printer._unary,
    ast.Compare: _Printer._comparison,
    ast.BinOp: _Printer._binary,
    ast.Tuple: _Printer._tuple,
    ast.List: _Printer._list,
    ast.Starred: _Printer._spread,
    ast.ListComp: _Printer._loop,
    ast.Call: _Printer._call,
    ast.Attribute: _Printer._attribute,
    ast.Subscript: _Printer._subscript,
    ast.Slice: _Printer._slice,
}


def _is_simple(node: ast.expr) -> bool:
    """Whether a formatter writes a power of it without spaces."""
    if isinstance(node, ast.UnaryOp):
        return not isinstance(node.op, ast.Not) and _is_simple(node.operand)
    if isinstance(node, ast.Attribute):
        return _is_simple(node.value)
    return isinstance(node, ast.Name) or (isinstance(node, ast.Constant) and not isinstance(node.value, str))


def _is_simple_bound(node: ast.expr) -> bool:
    """Whether a formatter writes a slice with such a bound without spaces."""
    if isinstance(node, ast.UnaryOp):
        return _is_simple_bound(node.operand)
    return isinstance(node, (ast.Name, ast.Constant))
