"""[derivatives] and [fn.NAME.derivative]: formulas, checked so that rendering them needs no further questions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from generator.diagnostics import did_you_mean
from generator.formula import (
    GRAD,
    HANDLE,
    NOTHING,
    NUMBER,
    RESULT,
    Argument,
    Callee,
    FormulaChecker,
    Value,
    Values,
    values_of,
)
from generator.formula import Vocabulary as FormulaVocabulary
from generator.formula_text import FormulaError, parse_formula
from generator.model import (
    Derivative,
    Derivatives,
    Formula,
    Function,
    Interface,
    Kind,
    Operator,
    Param,
    Role,
    Type,
)
from generator.python_text import function_name
from generator.signature import SignatureError, parse_signature
from generator.spec_library import Vocabulary
from generator.spec_words import unfinished_value
from generator.table import Table, is_text

NONE = "none"

_ATTRIBUTE = re.compile(r"[a-z]\w*(\(\))?\Z")


def read_derivatives(
    table: Table | None,
    tables: Iterable[Table],
    functions: dict[str, Function],
    interface: Interface | None,
    operators: Iterable[Operator],
    vocabulary: Vocabulary,
) -> tuple[Derivatives | None, dict[str, Function]]:
    """The library's entry, and the functions with their derivatives."""
    if table is None:
        for child in tables:
            if "derivative" in child:
                text = f"a derivative, but no [derivatives] table in any file ({child.name})"
                child.error("E090", text, "derivative")
        return None, functions
    derivatives = _derivatives(table, vocabulary)
    if interface is None or interface.handle not in vocabulary.handles:
        if interface is None:
            table.error("E090", "formulas are made of operators, and there is no [operators] table in any file")
        return derivatives, functions
    words = _formula_vocabulary(derivatives, functions, interface, operators)
    found = dict(functions)
    for child in tables:
        function = functions[child.name]
        if str(function.signature) == child.values.get("sig"):  # otherwise an error stands already
            derivative = _Reader(child, function, derivatives, words).derivative()
            found[child.name] = replace(function, derivative=derivative)
    return derivatives, found


def _is_differentiated(function: Function, handle: str) -> bool:
    """Whether it computes a handle of this kind from others, so that the question of its derivative arises."""
    returned = [result.type for result in function.signature.results]
    return (
        function.role is Role.COMPUTES
        and bool(_inputs(function, handle))
        and any(_is_handle(type_, handle) for type_ in returned)
    )


def _inputs(function: Function, handle: str) -> list[Param]:
    """The parameters that it may be differentiated by."""
    return [param for param in function.signature.params if _is_handle(param.type, handle)]


def _is_handle(type_: Type, handle: str) -> bool:
    return type_.kind is Kind.HANDLE and type_.name == handle


def _derivatives(table: Table, vocabulary: Vocabulary) -> Derivatives:
    written = table.mapping("attributes", is_text, "a type")
    attributes = {}
    for name, text in written.items():
        below = table.table("attributes")
        if not _ATTRIBUTE.match(name):
            below.error_at_key(
                "E007", f"`{name}` is no attribute, such as `size`, or `size()` where it is called", name
            )
        try:
            attributes[name] = parse_signature(f"() -> {text}", vocabulary.kinds).results[0].type
        except SignatureError:
            hint = did_you_mean(text.strip("[]?"), vocabulary.kinds)
            below.error_within("E014", f"unknown type `{text}` (derivatives, `{name}`)", name, 0, len(text), hint)
    derivatives = Derivatives(attributes=attributes, discrete=table.texts("discrete"), at=table.at())
    for index, name in enumerate(derivatives.discrete):
        if name not in vocabulary.checks:
            within = index if isinstance(table.values["discrete"], list) else None
            hint = did_you_mean(name, vocabulary.checks)
            table.error_within("E041", f"unknown check `{name}` (derivatives)", "discrete", 0, len(name), hint, within)
    table.finish()
    return derivatives


def _formula_vocabulary(
    derivatives: Derivatives, functions: Mapping[str, Function], interface: Interface, operators: Iterable[Operator]
) -> FormulaVocabulary:
    handle = interface.handle
    public = {op.name: _operator(op, functions[op.function], handle) for op in operators if op.function in functions}
    signs = {
        (op.symbol, len(public[op.name].arguments)): public[op.name]
        for op in operators
        if op.symbol and op.name in public
    }
    others = {
        function_name(f.name): _function(f, handle)
        for f in functions.values()
        if f.role is Role.COMPUTES and [str(r.type) for r in f.signature.results if not r.name] == [handle]
    }
    attributes = {name: values_of(type_, handle) for name, type_ in derivatives.attributes.items()}
    return FormulaVocabulary(handle, {**others, **public}, signs, attributes)


def _operator(operator: Operator, function: Function, handle: str) -> Callee:
    arguments: list[Argument] = []
    trailing = True
    for param in reversed(function.signature.params):
        takes: Values = values_of(param.type, handle)
        takes |= NUMBER if param.name in operator.numbers or operator.handles else frozenset()
        takes |= HANDLE if param.name in operator.handles else frozenset()
        takes |= NOTHING if param.name in operator.absent else frozenset()
        trailing = trailing and (Value.NOTHING in takes or param.name in operator.defaults)
        arguments.insert(0, Argument(param.name, takes, not trailing))
    return Callee(operator.name, function.symbol, tuple(arguments), True)


def _function(function: Function, handle: str) -> Callee:
    arguments: list[Argument] = []
    trailing = True
    for param in reversed(function.signature.params):
        trailing = trailing and param.type.optional
        arguments.insert(0, Argument(param.name, values_of(param.type, handle), not trailing))
    return Callee(function_name(function.name), function.symbol, tuple(arguments), False)


class _Reader:
    """The derivative of one function."""

    def __init__(
        self, table: Table, function: Function, derivatives: Derivatives, vocabulary: FormulaVocabulary
    ) -> None:
        self.table = table
        self.function = function
        self.derivatives = derivatives
        self.vocabulary = vocabulary
        self.handle = vocabulary.handle
        self.inputs = _inputs(function, self.handle)

    def derivative(self) -> Derivative | None:
        table, symbol = self.table, self.function.symbol
        given = table.values.get("derivative")
        if not _is_differentiated(self.function, self.handle):
            if given is not None:
                text = f"it does not compute a {self.handle} from others, so it has no derivative ({symbol})"
                table.error("E092", text, "derivative")
            return None
        if given is None:
            hint = f'add [fn.{symbol}.derivative], or `derivative = "{NONE}"` where it is not differentiable'
            table.error("E091", f"what is its derivative? ({symbol})", hint=hint)
            return None
        if isinstance(given, dict):
            below = table.table("derivative")
            without = tuple(param.name for param in self.inputs if given.get(param.name) == NONE)
            return Derivative(tuple(self._formulas(below)), without, table.at("derivative"))
        if not isinstance(given, str):
            table.error("E005", f'`derivative` must be a table of formulas, or "{NONE}" ({symbol})', "derivative")
        elif given != NONE and not unfinished_value(table, "derivative", given, symbol):
            hint = f'a formula stands beside the {self.handle} that it is for: `{{ {self.inputs[0].name} = "..." }}`'
            table.error("E093", f'of a whole function only "{NONE}" is said ({symbol})', "derivative", hint)
        return Derivative((), tuple(param.name for param in self.inputs), table.at("derivative"))

    def _formulas(self, table: Table) -> list[Formula]:
        symbol = self.function.symbol
        params = {param.name: param for param in self.function.signature.params}
        for name in table.values:
            if name not in params:
                hint = did_you_mean(name, [param.name for param in self.inputs])
                table.error_at_key("E093", f"a formula for `{name}`, which is no parameter ({symbol})", name, hint)
            elif params[name] not in self.inputs:
                text = f"a formula for `{name}`, which is no {self.handle} ({symbol})"
                table.error_at_key("E093", text, name)
        for param in self.inputs:
            if param.name not in table:
                hint = f'add a formula, or `{param.name} = "{NONE}"`'
                self.table.error("E093", f"the derivative by `{param.name}` is missing ({symbol})", "derivative", hint)
        formulas = [formula for param in self.inputs if param.name in table for formula in self._formula(table, param)]
        if all(table.values.get(param.name) == NONE for param in self.inputs):
            hint = f'write `derivative = "{NONE}"`'
            self.table.error("E093", f"there is a formula for nothing ({symbol})", "derivative", hint)
        self._check_formulas(formulas)
        return formulas

    def _formula(self, table: Table, param: Param) -> list[Formula]:
        """Nothing where the function is not differentiable by it, or the formula is wrong."""
        text, subject = table.values[param.name], f"{self.function.symbol}, by `{param.name}`"
        if not isinstance(text, str):
            table.error("E005", f"a formula is a string ({subject})", param.name)
            return []
        if text == NONE or unfinished_value(table, param.name, text, subject):
            return []
        try:
            parsed = parse_formula(text.removesuffix("\n"))
        except FormulaError as error:
            self._report(table, param.name, [error], subject)
            return []
        known = {other.name: values_of(other.type, self.handle) for other in self.function.signature.params}
        known[param.name] -= NOTHING
        checker = FormulaChecker(parsed, known, known[param.name], self.vocabulary)
        self._report(table, param.name, checker.errors, subject)
        usage = checker.usage()
        lines = tuple(parsed.text.split("\n"))
        return [Formula(param.name, lines, usage.reads, usage.calls, table.at(param.name))]

    def _report(self, table: Table, key: str, errors: Iterable[FormulaError], subject: str) -> None:
        for error in errors:
            table.error_within(error.code, f"{error.text} ({subject})", key, error.offset, error.width, error.hint)

    def _check_formulas(self, formulas: list[Formula]) -> None:
        function = self.function
        if not formulas:
            return
        results = function.signature.results
        if len(results) > 1 or results[0].type.is_list or results[0].name:
            text = f"there are formulas for a single {self.handle} returned only ({function.symbol})"
            self.table.error("E092", text, "derivative", f'write `derivative = "{NONE}"`')
        for param in function.signature.params:
            if param.name in (GRAD, RESULT):
                text = f"`{param.name}` means something else in formulas: the parameter needs another name"
                where = self.table.text("sig").find(f"{param.name}:")
                self.table.error_within("E096", f"{text} ({function.symbol})", "sig", where, len(param.name))
        self._check_discrete(formulas)

    def _check_discrete(self, formulas: list[Formula]) -> None:
        function, below = self.function, self.table.table("derivative")
        for check in function.checks:
            if check.name not in self.derivatives.discrete:
                continue
            if not check.args:
                text = f"the result is discrete, as `{check}` says ({function.symbol})"
                self.table.error("E099", text, "derivative", f'write `derivative = "{NONE}"`')
            for formula in formulas:
                if formula.input in check.args:
                    text = f"`{formula.input}` is discrete, as `{check}` says ({function.symbol})"
                    below.error("E099", text, formula.input, f'write `{formula.input} = "{NONE}"`')
