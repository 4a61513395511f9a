"""The formulas of derivatives, as Python: what their template is given."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from generator.formula import COUNTING, GRAD, RESULT
from generator.model import Derivative, Formula, Function, Kind, Library, Param, Type
from generator.python_operators import VALUES
from generator.python_text import WIDTH, bracketed, docstring, function_name


@dataclass(frozen=True)
class CalledFunction:
    """A function that formulas call, and the public API does not have."""

    definition: str  # "def to_dtype(x: Tensor, dtype: str) -> Tensor:"
    docstring: str
    returned: str  # 'return _operators._dispatch("to_dtype", x, dtype)'


@dataclass(frozen=True)
class FormulaFunction:
    definition: str  # "def _mul_a(grad: Tensor, result: Tensor, a: Tensor, b: Tensor) -> Tensor:"
    lines: tuple[str, ...]  # ("s = sum(grad * result, dim, True)",): but for the last
    value: str  # "result * (grad - s)"


@dataclass(frozen=True)
class GradientsView:
    library: str  # "rt_torch"
    package: str  # "rt_torch_bindings"
    module: str  # "rt_torch._tensor"
    kind: str  # "Tensor"
    handle: str  # "tensor"
    attributes: tuple[str, ...]  # ("shape", "numel"): of an operand whose values are not saved
    imports: str  # "from rt_torch_bindings.operators import matmul, sum"; "" where nothing of the public API is called
    total: bool  # whether a formula adds up the numbers of a list
    sequences: bool  # whether a parameter is a list
    functions: tuple[CalledFunction, ...]
    formulas: tuple[FormulaFunction, ...]
    entries: tuple[str, ...]  # ('"mul": Gradient((0, 1), (0, 1), False, (_mul_a, _mul_b)),',)
    constant: tuple[str, ...]  # ("eq", "ne"): functions that are not differentiable


def gradients_view(library: Library, package: str) -> GradientsView:
    interface, derivatives = library.interface, library.derivatives
    assert interface is not None and derivatives is not None
    module, _, kind = interface.class_path.rpartition(".")
    differentiable = [(f, f.derivative) for f in library.functions if f.derivative and f.derivative.formulas]
    formulas = [(f, formula) for f, derivative in differentiable for formula in derivative.formulas]
    calls = {name for _, formula in formulas for name in formula.calls}
    public = {operator.name for operator in library.operators}
    others = [f for f in library.functions if function_name(f.name) in calls - public]
    rendered = [_formula(f, formula, kind) for f, formula in formulas]
    called = [_called(f, kind) for f in others]
    definitions = [*(function.definition for function in rendered), *(function.definition for function in called)]
    return GradientsView(
        library=library.name,
        package=package,
        module=module,
        kind=kind,
        handle=interface.handle,
        attributes=tuple(name.removesuffix("()") for name in derivatives.attributes),
        imports=_import(f"{package}.operators", sorted(calls & public)),
        total=COUNTING[-1] in calls - public - {function_name(f.name) for f in others},
        sequences=any("Sequence[" in text for text in definitions),
        functions=tuple(called),
        formulas=tuple(rendered),
        entries=tuple(_entry(f, derivative) for f, derivative in differentiable),
        constant=tuple(
            sorted(function_name(f.name) for f in library.functions if f.derivative and not f.derivative.formulas)
        ),
    )


def _import(module: str, names: Sequence[str]) -> str:
    """On one line, or one name on each."""
    line = f"from {module} import {', '.join(names)}"
    if len(line) <= WIDTH:
        return line if names else ""
    return f"from {module} import (\n" + "".join(f"    {name},\n" for name in names) + ")"


def _called(function: Function, kind: str) -> CalledFunction:
    name, params = function_name(function.name), function.signature.params
    names = [param.name for param in params]
    return CalledFunction(
        definition=bracketed(f"def {name}(", _declared(params, kind, defaults=True), f") -> {kind}:"),
        docstring=docstring([function.summary.replace("NULL", "None")]),
        returned=bracketed("return _operators._dispatch(", [f'"{name}"', *names], ")", 4),
    )


def _formula(function: Function, formula: Formula, kind: str) -> FormulaFunction:
    params = [_given(param) if param.name == formula.input else param for param in function.signature.params]
    returned = _annotation(next(param.type for param in params if param.name == formula.input), kind)
    declared = [f"{name}: {kind}" for name in (GRAD, RESULT)] + _declared(params, kind)
    definition = bracketed(
        f"def {_name(function, formula)}(", declared, f") -> {returned.replace('Sequence', 'list')}:"
    )
    return FormulaFunction(definition, formula.lines[:-1], formula.lines[-1])


def _given(param: Param) -> Param:
    """A gradient is asked for by what is there."""
    return replace(param, type=replace(param.type, optional=False))


def _name(function: Function, formula: Formula) -> str:
    return f"_{function.name}_{formula.input}"


def _declared(params: Iterable[Param], kind: str, defaults: bool = False) -> list[str]:
    declared: list[str] = []
    trailing = defaults
    for param in reversed([*params]):
        trailing = trailing and param.type.optional
        declared.insert(0, f"{param.name}: {_annotation(param.type, kind)}{' = None' if trailing else ''}")
    return declared


def _annotation(type_: Type, kind: str) -> str:
    text = kind if type_.kind is Kind.HANDLE else VALUES.get(type_.kind, "str")
    text = f"Sequence[{text}]" if type_.is_list else text
    return text + " | None" if type_.optional else text


def _entry(function: Function, derivative: Derivative) -> str:
    """The line of the table: places of inputs, of what is saved, and the formulas."""
    places = {param.name: place for place, param in enumerate(function.signature.params)}
    read = {name for formula in derivative.formulas for name in formula.reads}
    values = (
        _tuple(str(places[formula.input]) for formula in derivative.formulas),
        _tuple(str(place) for name, place in places.items() if name in read),
        str(RESULT in read),
        _tuple(_name(function, formula) for formula in derivative.formulas),
    )
    return bracketed(f'"{function_name(function.name)}": Gradient(', values, "),", 4)


def _tuple(items: Iterable[str]) -> str:
    listed = [*items]
    return f"({listed[0]},)" if len(listed) == 1 else f"({', '.join(listed)})"
