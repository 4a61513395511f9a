"""The operators of the public API: what their template is given."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from generator.model import Function, Interface, Kind, Library, NativeTest, Operator, Ownership, Param, Type
from generator.python_text import bracketed, docstring, function_name, param_name
from generator.spec_operator import BINARY, COMPARING, UNARY, works_on

NAMES = {  # of the methods behind the symbols: __add__, __radd__
    **dict(zip(BINARY[:8], ("add", "sub", "mul", "truediv", "floordiv", "mod", "matmul", "pow"), strict=True)),
    **dict(zip(BINARY[8:14], ("eq", "ne", "lt", "le", "gt", "ge"), strict=True)),
    **dict(zip(BINARY[14:], ("and", "or", "xor"), strict=True)),
}
UNARY_NAMES = dict(zip(UNARY, ("neg", "pos", "invert", "abs"), strict=True))
VALUES = {Kind.I64: "int", Kind.ENUM: "int", Kind.F64: "float", Kind.F32: "float", Kind.BOOL: "bool"}
RAW = {Kind.HANDLE: "int", Kind.I64: "int", Kind.F64: "float"}
REFUSAL = "bad_argument"  # the code of checks that look at the arguments; the others tell of the result
OTHER = "other"  # what a method calls the other operand, where there are operands
IGNORES = "  # type: ignore[override]  # by element: object's answers a bool"  # beside methods that object has too


@dataclass(frozen=True)
class Fact:
    """One entry of the table that a dispatcher works with."""

    name: str  # "softmax"
    entry: str  # '"relu": Operator("relu", "rt_torch_relu", ("x",), (0,), (), (), "tensor", "new"),'


@dataclass(frozen=True)
class FastWay:
    """The globals of an operator whose C function is called without a detour."""

    name: str  # "add"
    raw_type: str  # "Callable[[int, int], int]"
    floats: str  # "add": of the module operator; "" when there is no fast way on lists


@dataclass(frozen=True)
class PythonOperator:
    name: str  # "add"
    calls: str  # "add": its name in FUNCTIONS
    function: str  # "def add(a: Tensor | float, b: Tensor | float) -> Tensor:"
    function_docstring: str
    function_lines: tuple[str, ...]  # the body
    method: str  # "def add(self, other: Tensor | float) -> Tensor:"; "" where there is none, for want of a receiver
    method_docstring: str
    method_lines: tuple[str, ...]  # the body, without the fast way
    fast: str  # "binary" or "unary": the fast way stands in the symbol's method, or in the method itself; "" for none
    floats: str  # "add": the same for lists, of the module operator; "" for none
    more: str  # ", dim": the other arguments, of a unary fast way
    guard: str  # "exponent": the parameter that must be a number at sight; "" when none
    special: str  # "__add__": the symbol's method; "" when there is none
    unary: bool  # whether that is another name of the method
    expression: str  # "self + other"
    operand: str  # "other: Tensor | float"
    operand_name: str  # "other"
    operands: str  # "_operands": what isinstance is asked about the operand
    ignores: str  # IGNORES; "" for most
    reflected: str  # "__radd__"; "" when there is none
    reflected_calls: str  # "add": what that calls
    reflected_expression: str  # "other + self"
    slow: str  # '_dispatch("add", self, other)': what the method returns where there is no fast way
    property: str  # "T"
    summary: str  # of the property


@dataclass(frozen=True)
class OperatorsView:
    library: str  # "rt_torch"
    package: str  # "rt_torch_bindings"
    module: str  # "rt_torch._tensor"
    kind: str  # "Tensor"
    handle: str  # "tensor"
    names: tuple[str, ...]  # ("abs", "add", ...), sorted
    facts: tuple[Fact, ...]
    fast: tuple[FastWay, ...]
    floats: tuple[str, ...]  # ("add", "mul"): what is imported from the module operator
    sequences: bool  # whether a parameter is a list
    spread: bool  # whether a method takes a list element by element
    each: bool  # whether several integers can be given, for which a function is called one after the other
    single: bool  # whether a number will do for a list somewhere
    compares: bool  # whether == is an operator, which takes the hash away
    operators: tuple[PythonOperator, ...]


def operators_view(library: Library, package: str) -> OperatorsView:
    interface = library.interface
    assert interface is not None
    functions = {function.symbol: function for function in library.functions}
    made = [_Maker(operator, functions, library, interface) for operator in library.operators]
    module, _, kind = interface.class_path.rpartition(".")
    fast = tuple(maker.fast_way() for maker in made if maker.operator.resident)
    return OperatorsView(
        library=library.name,
        package=package,
        module=module,
        kind=kind,
        handle=interface.handle,
        names=tuple(sorted(operator.name for operator in library.operators)),
        facts=tuple(_fact(f, library, interface) for f in library.functions if works_on(f, interface.handle)),
        fast=fast,
        floats=tuple(sorted({way.floats for way in fast if way.floats})),
        sequences=any(maker.operator.each or any(p.type.is_list for p in maker.params) for maker in made),
        spread=any(operator.spread for operator in library.operators),
        each=any(operator.each for operator in library.operators),
        single=any(operator.single for operator in library.operators),
        compares=any(operator.symbol == "==" for operator in library.operators),
        operators=tuple(maker.made() for maker in made),
    )


def python_names(library: Library) -> dict[str, tuple[str, ...]]:
    """How each function is reached in Python, as the reference says it: `a + b`, `rt.add(a, b)`, `a.add(other)`."""
    interface = library.interface
    if interface is None:
        return {}
    functions = {function.symbol: function for function in library.functions}
    found: dict[str, tuple[str, ...]] = {}
    for operator in library.operators:
        maker = _Maker(operator, functions, library, interface)
        found[operator.function] = found.get(operator.function, ()) + maker.ways(())
        for symbol in operator.handles.values():
            found[symbol] = found.get(symbol, ()) + maker.ways(())
        for absent, symbol in operator.absent.items():
            taken = [param.name for param in functions[symbol].signature.params]
            lost = [param.name for param in maker.params if param.name not in (*taken, absent)]
            found[symbol] = found.get(symbol, ()) + maker.ways([absent, *lost])
    return found


def _fact(function: Function, library: Library, interface: Interface) -> Fact:
    params = function.signature.params
    numbers = {n for operator in library.operators if operator.function == function.symbol for n in operator.numbers}
    if any(function.symbol in operator.handles.values() for operator in library.operators):
        numbers |= {param.name for param in params if param.type.kind is Kind.HANDLE}
    results = function.signature.results
    values = (
        function_name(function.name),
        function.symbol,
        tuple(param_name(param.name) for param in params),
        tuple(i for i, p in enumerate(params) if p.type.name == interface.handle and not p.type.is_list),
        tuple(i for i, p in enumerate(params) if p.name in numbers),
        tuple(
            i
            for i, p in enumerate(params)
            if p.type.name == interface.handle and p.type.optional and not p.type.is_list
        ),
        tuple(i for i, p in enumerate(params) if p.type.name == interface.handle and p.type.is_list),
        ", ".join(str(result.type) for result in results),
        function.ownership.value if function.ownership else "",
    )
    return Fact(values[0], bracketed(f'"{values[0]}": Operator(', [_literal(value) for value in values], "),", 4))


def _literal(value: object) -> str:
    """As Python's formatter writes it: with double quotes."""
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, tuple):
        items = ", ".join(_literal(item) for item in value)
        return f"({items},)" if len(value) == 1 else f"({items})"
    return repr(value)


class _Maker:
    """One operator, as Python says it."""

    def __init__(
        self, operator: Operator, functions: dict[str, Function], library: Library, interface: Interface
    ) -> None:
        self.operator = operator
        self.function = functions[operator.function]
        self.functions = functions
        self.library = library
        self.kind = interface.class_path.rpartition(".")[2]
        self.alias = interface.alias
        self.calls = function_name(self.function.name)
        self.params = self.function.signature.params
        self.handles = [p.name for p in self.params if p.type.kind is Kind.HANDLE and not p.type.is_list]
        self.in_method = {param.name: param_name(param.name) for param in self.params} | {operator.receiver: "self"}
        others = [name for name in self.handles if name != operator.receiver]
        if others and len(others[-1]) == 1 and OTHER not in self.in_method:  # where a name tells, it is kept
            self.in_method[others[-1]] = OTHER

    # Parameters.

    def _annotation(self, param: Param, scalar: bool = True) -> str:
        type_ = param.type
        text = self.kind if type_.kind is Kind.HANDLE else VALUES.get(type_.kind, "str")
        if type_.is_list:
            text = f"{text} | Sequence[{text}]" if param.name in self.operator.single else f"Sequence[{text}]"
        elif param.name in self.operator.handles and scalar:
            text = f"{self.kind} | {text}"
        elif scalar and (param.name in self.operator.numbers or (self.operator.handles and text == self.kind)):
            text += " | float"
        elif param.name == self.operator.each:
            text += f" | Sequence[{text}]"
        return text + " | None" if type_.optional or param.name in self.operator.absent else text

    def _default(self, param: Param) -> str:
        if param.name in self.operator.defaults:
            return " = " + _literal(self.operator.defaults[param.name])
        behind = self.params[self.params.index(param) :]
        trailing = all(p.type.optional or p.name in {**self.operator.defaults, **self.operator.absent} for p in behind)
        return " = None" if trailing else ""

    def _declared(self, names: dict[str, str], params: Iterable[Param]) -> list[str]:
        return [f"{names[param.name]}: {self._annotation(param)}{self._default(param)}" for param in params]

    def _others(self) -> list[Param]:
        """Those of the method."""
        return [param for param in self.params if param.name != self.operator.receiver]

    # Bodies.

    def _dispatched(self, names: dict[str, str], calls: str = "", params: Sequence[Param] | None = None) -> str:
        return f"_dispatch({', '.join(self._given(names, calls, params))})"

    def _with_handle(self) -> str:
        """What is called where a handle is given for a number; the function itself where none can be."""
        symbol = next(iter(self.operator.handles.values()), self.function.symbol)
        return function_name(self.functions[symbol].name)

    def _given(self, names: dict[str, str], calls: str = "", params: Sequence[Param] | None = None) -> list[str]:
        """What the dispatcher is given."""
        given = self.params if params is None else params
        single = self.operator.single
        arguments = [f"_several({names[p.name]})" if p.name in single else names[p.name] for p in given]
        called = f'"{calls or self.calls}"'
        for name in self.operator.handles if not calls else ():
            called = f'"{self._with_handle()}" if isinstance({names[name]}, _{self.kind}) else {called}'
        return [called, *arguments]

    def _lines(self, names: dict[str, str], indent: int) -> list[str]:
        """The body of a function or method that always dispatches."""
        lines = []
        for name, symbol in self.operator.absent.items():
            function = self.functions[symbol]
            taken = [param.name for param in function.signature.params]
            lost = [names[p.name] for p in self.params if p.name not in (*taken, name)]
            lines.append(f"if {' and '.join([f'{names[name]} is None', *(f'not {other}' for other in lost)])}:")
            instead = self._dispatched(names, function_name(function.name), function.signature.params)
            lines.append(f"    return {instead}")
        returned = bracketed("return _dispatch(", self._given(names), ")", indent)
        return [*lines, *self._lines_for_each(names), returned]

    def _lines_for_each(self, names: dict[str, str]) -> list[str]:
        """What is done where several integers are given for one."""
        if not self.operator.each:
            return []
        several, receiver = names[self.operator.each], names[self.operator.receiver]
        known = "" if receiver == "self" else f" and isinstance({receiver}, _{self.kind})"
        call = f"lambda {receiver}, {several}: {self._dispatched(names)}"
        return [
            f"if isinstance({several}, (list, tuple)){known}:",
            f'    return {receiver}._for_each("{self.calls}", {several}, {call})',
        ]

    def _function_lines(self, names: dict[str, str]) -> list[str]:
        if not self.operator.resident:
            return self._lines(names, 4)
        slow = self._dispatched(names)
        first = names[self.handles[0]]
        if len(self.handles) == 2:
            second = names[self.handles[1]]
            return [
                f"if type({first}) is _{self.kind} and type({second}) is _{self.kind}:",
                f"    return {first} {self.operator.symbol} {second}",
                f"return {slow}",
            ]
        method = f"{first}.{self.operator.name}({', '.join(names[param.name] for param in self._others())})"
        if self.operator.handles:
            return [f"if type({first}) is _{self.kind}:", f"    return {method}", f"return {slow}"]
        return [f"return {method} if type({first}) is _{self.kind} else {slow}"]

    def _method_lines(self) -> list[str]:
        names = self.in_method
        if self.operator.spread:
            names = {**names, self.operator.spread: f"_listed({names[self.operator.spread]})"}
        if self.operator.resident and len(self.handles) == 2:
            other = names[self._others()[0].name]
            slow = self._dispatched(names)
            return [f"return self {self.operator.symbol} {other} if type({other}) is _{self.kind} else {slow}"]
        return self._lines(names, 8)

    # What is read.

    def _text(self, text: str, names: dict[str, str]) -> str:
        """The spec's words with Python's names."""
        text = text.replace("NULL", "None")
        return re.sub(r"`(\w+)`", lambda found: f"`{names.get(found[1], found[1])}`", text)

    def _docstring(self, names: dict[str, str], indent: int) -> str:
        operator, function = self.operator, self.function
        # Details go with their summary: a summary of its own leaves the function's details out.
        said = operator if operator.summary else function
        texts = [said.summary, operator.details or said.details]
        tests = {test.name: test for test in self.library.checks}
        checks = [(tests[check.name], check.args) for check in function.checks]
        if function.ownership is Ownership.NEW and not operator.handles:  # of which each function has its own
            texts += _promises([test for test, _ in checks], said.summary)
        listed = [f"    {names[param.name]}: {doc}" for param, doc in self._documented() if names[param.name] != "self"]
        texts.append("\n".join(["Args:", *listed]) if listed else "")
        raises = [f"    BadArgumentError: {line}" for line in _refusals(checks, self._in_order())]
        texts.append("\n".join(["Raises:", *raises]) if raises else "")
        return docstring([self._text(text, names) for text in texts if text], indent)

    def _in_order(self) -> list[str]:
        return [param.name for param in self.params]

    def _documented(self) -> list[tuple[Param, str]]:
        """Parameters with a doc of their own: what a handle is, its type says already."""
        usual = {handle.name: handle.doc for handle in self.library.handles}
        docs = [(param, self.operator.docs.get(param.name, param.doc)) for param in self.params]
        return [(param, doc) for param, doc in docs if doc and doc != usual.get(param.type.name)]

    def ways(self, without: Sequence[str]) -> tuple[str, ...]:
        """How it is called, as the reference says it; without some of the parameters."""
        operator = self.operator
        plain = {param.name: param_name(param.name) for param in self.params}
        receiver = plain.get(operator.receiver, "")
        given = [
            (param, self._default(param).replace(" = ", "=")) for param in self.params if param.name not in without
        ]
        function = [plain[param.name] + default for param, default in given]
        in_method = [
            self.in_method[param.name] + default for param, default in given if param.name != operator.receiver
        ]
        if operator.spread:
            in_method[-1] = "*" + in_method[-1]
        ways = [self._expression(plain[self.params[0].name], plain[self.params[-1].name])] if operator.symbol else []
        ways.append(f"{self.alias}.{operator.name}({', '.join(function)})")
        ways += [f"{receiver}.{operator.name}({', '.join(in_method)})"] if receiver else []
        ways += [f"{receiver}.{operator.property}"] if operator.property else []
        return tuple(ways)

    def _expression(self, left: str, right: str) -> str:
        symbol = self.operator.symbol
        if len(self.params) == 2:
            return f"{left} {symbol} {right}"
        return f"{symbol}{left}" if not symbol.isalpha() else f"{symbol}({left})"

    # The whole.

    def fast_way(self) -> FastWay:
        looked_at = self.operator.handles  # before it is passed, in a way that a type checker does not follow
        types = ", ".join("Any" if param.name in looked_at else RAW[param.type.kind] for param in self.params)
        return FastWay(self.calls, f"Callable[[{types}], int]", _plain(self.operator))

    def made(self) -> PythonOperator:
        operator, names = self.operator, {param.name: param_name(param.name) for param in self.params}
        others = self._others()
        declared = self._declared(self.in_method, others)
        if operator.spread:
            declared[-1] = f"*{self.in_method[operator.spread]}: {self._spread_annotation()}"
        binary = bool(operator.symbol) and len(self.params) == 2
        special = (NAMES if binary else UNARY_NAMES)[operator.symbol] if operator.symbol else ""
        operand = others[0] if binary else None
        fast = ("binary" if len(self.handles) == 2 else "unary") if operator.resident else ""
        numbers = self.params[0].name in operator.numbers or bool(operator.handles)
        reflected = binary and numbers and operator.symbol not in COMPARING
        operand_name = self.in_method[operand.name] if operand else ""
        guard = next((self.in_method[p.name] for p in others if p.type.kind is Kind.F64), "")
        returns = f") -> {self.kind}:"
        return PythonOperator(
            name=operator.name,
            calls=self.calls,
            function=bracketed(f"def {operator.name}(", self._declared(names, self.params), returns),
            function_docstring=self._docstring(names, 4),
            function_lines=tuple(self._function_lines(names)),
            method=bracketed(f"def {operator.name}(", ["self", *declared], returns, 4) if operator.receiver else "",
            method_docstring=self._docstring(self.in_method, 8),
            method_lines=tuple(self._method_lines()),
            fast=fast,
            floats=_plain(operator),
            more="".join(f", {self.in_method[param.name]}" for param in others),
            guard=guard if operator.resident else "",
            special=f"__{special}__" if special else "",
            unary=bool(operator.symbol) and not binary,
            expression=self._expression("self", operand_name) if operator.symbol else "",
            operand=_operand(operator, operand_name, self._annotation(operand)) if operand else "",
            operand_name=operand_name,
            operands=self._operands(operand) if operand else "",
            ignores=IGNORES if operator.symbol in ("==", "!=") else "",
            reflected=f"__r{special}__" if reflected else "",
            reflected_calls=self._with_handle(),
            slow=self._dispatched(self.in_method),
            reflected_expression=f"{operand_name} {operator.symbol} self" if reflected else "",
            property=operator.property,
            summary=self._text(operator.summary or self.function.summary, self.in_method),
        )

    def _spread_annotation(self) -> str:
        param = next(param for param in self.params if param.name == self.operator.spread)
        element = self._annotation(Param(param.name, Type(param.type.name, param.type.kind), ""))
        return f"{element} | Sequence[{element}]"

    def _operands(self, operand: Param) -> str:
        if operand.type.kind is not Kind.HANDLE and operand.name not in self.operator.handles:
            return "_NUMBERS"
        return "_operands" if operand.name in (*self.operator.numbers, *self.operator.handles) else f"_{self.kind}"


def _plain(operator: Operator) -> str:
    return operator.floats.rpartition(".")[2]


def _operand(operator: Operator, name: str, annotation: str) -> str:
    return f"{name}: {'object' if operator.symbol in ('==', '!=') else annotation}"


def _promises(tests: Sequence[NativeTest], summary: str) -> list[str]:
    """What the checks say of the result, unless the summary says it."""
    docs = dict.fromkeys(test.doc for test in tests if test.error != REFUSAL)
    return [doc for doc in docs if doc.rstrip(".").lower() not in summary.lower()]


def _refusals(checks: Sequence[tuple[NativeTest, tuple[str, ...]]], order: Sequence[str]) -> list[str]:
    """What makes the function refuse its arguments, each reason once with all the parameters that it is about."""
    about: dict[str, set[str]] = {}
    for test, args in checks:
        if test.error == REFUSAL:
            about.setdefault(test.doc, set()).update(args)
    return [f"{', '.join(f'`{name}`' for name in order if name in names)}: {doc}" for doc, names in about.items()]
