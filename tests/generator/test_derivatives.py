"""Derivatives declared in the specs: formulas as text, what is rendered of them, and that none is forgotten."""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.__main__ import run
from generator.formula_text import FormulaError, parse_formula, print_formula, read_formula
from generator.model import Formula, Library
from generator.spec import load_library
from tests.generator.paths import ROOT, SECOND, specs_with

DECLARED = """[derivatives]
attributes = { size = "i64", sizes = "[i64]", colour = "str", "count()" = "i64" }
discrete   = ["settled"]

[check.settled]
args = []
doc  = "The result is settled."

[operators]
class  = "example.things.Thing"
handle = "thing"
alias  = "ex"
none   = ["ex_resized", "ex_joined", "ex_made", "ex_changed", "ex_name"]

[op.plus]
symbol  = "+"
numbers = ["a", "b"]

[op.times]
symbol  = "*"
numbers = ["a", "b"]

[op.shrink]
defaults = { times = 1 }

[op.same]
function = "ex_equal"
symbol   = "=="

[fn.ex_plus]
since   = 1
sig     = "(a: thing, b: thing) -> thing"
result  = "new"
summary = "Both."
body    = "plus"

[fn.ex_plus.derivative]
a = "grad"
b = "grad"

[fn.ex_times]
since   = 1
sig     = "(a: thing, b: thing) -> thing"
result  = "new"
summary = "The one as often as the other."
body    = "times"

[fn.ex_times.derivative]
a = "grad * b"
b = "grad * a"

[fn.ex_shrink]
since   = 1
sig     = "(x: thing, times: i64) -> thing"
docs    = { times = "How often." }
result  = "new"
summary = "Something smaller."
body    = "shrink"

[fn.ex_shrink.derivative]
x = \"\"\"
larger = resized(grad, x.sizes)
larger * result if times > 1 else larger\"\"\"

[fn.ex_resized]
since   = 1
sig     = "(x: thing, sizes: [i64], like: thing?) -> thing"
docs    = { sizes = "The sizes.", like = "What it is like; NULL is like nothing." }
result  = "new"
summary = "Something of other sizes."
body    = "resized"

[fn.ex_resized.derivative]
x    = "resized(grad, x.sizes)"
like = "none"

[fn.ex_joined]
since   = 1
sig     = "(all: [thing]) -> thing"
docs    = { all = "The things." }
result  = "new"
summary = "All in one."
body    = "joined"

[fn.ex_joined.derivative]
all = "[shrink(grad, total([before.size for before in all[:i]])) for i in range(len(all))]"

[fn.ex_equal]
since      = 1
sig        = "(a: thing, b: thing) -> thing"
result     = "new"
summary    = "Where the two are equal."
checks     = "settled()"
body       = "equal"
derivative = "none"

[fn.ex_made]
since   = 1
sig     = "(size: i64) -> thing"
docs    = { size = "Its size." }
result  = "new"
summary = "Something new."
body    = "made"

[fn.ex_name]
since   = 1
sig     = "(x: thing) -> str"
summary = "Its name."
body    = "name"
"""

CHANGED = """
[fn.ex_changed]
since   = 1
sig     = "({params}, times: i64) -> thing"
docs    = {{ times = "How often.", all = "Several.", maybe = "Perhaps." }}
result  = "new"
summary = "Something else."
body    = "changed"

[fn.ex_changed.derivative]
"""


def library_with(folder: Path, text: str) -> tuple[Library | None, str]:
    specs = specs_with(folder)
    (specs / "sample.toml").write_text(text, encoding="utf-8")
    library, diagnostics = load_library(specs, "specs")
    return library, diagnostics.render()


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("derivatives")
    specs = specs_with(folder)
    (specs / "sample.toml").write_text(DECLARED.replace('"ex_changed", ', ""), encoding="utf-8")
    assert run(["gen", "--specs", str(specs), "--out", str(folder / "generated")]) == 0
    return folder


def said(value: Any) -> str:
    return value.text if hasattr(value, "text") else repr(value)


@pytest.fixture(scope="module")
def modules(rendered: Path) -> Iterator[tuple[Any, Any]]:
    """The rendered operators, whose results say how they were computed, and the rendered gradients."""
    package = ModuleType("ex_bindings")
    package.__path__ = [str(rendered / "generated" / "python" / "ex_bindings")]
    sys.modules["ex_bindings"] = package
    from importlib import import_module

    operators, gradients = import_module("ex_bindings.operators"), import_module("ex_bindings.gradients")

    class Thing(operators.Operators):  # type: ignore[name-defined, misc]  # a class of a module that is rendered here
        def __init__(self, text: str, size: int = 1) -> None:
            self.text, self.size, self.sizes, self.colour = text, size, (size, 2), "red"

    def dispatch(name: str, *arguments: Any) -> Thing:
        return Thing(f"{name}({', '.join(map(said, arguments))})")

    operators.choose(dispatch, Thing, iter(()), iter(()))
    gradients.Thing = Thing
    yield operators, gradients
    for name in [name for name in sys.modules if name.split(".")[0] == "ex_bindings"]:
        del sys.modules[name]


# Formulas as text.


WRITTEN_SO = [
    "grad",
    "-grad * (a / b) / b",
    "grad * x ** (exponent - 1)",
    "x**2 * 2**-x - -x + x.size**None",
    "x[0] ** 2 + x.numel() ** 1 + (a, b) ** -x",
    "(*x**2, (-x.size) ** True)",
    "-(x**-1) / -x @ -(-x)",
    "[x[a:b] for i in x[-1:]]",
    "(-x) ** 2 * -(x**2) @ grad",
    "grad if dim is None or not (keep and a.ndim == 2) else f(grad, dim=dim)",
    "f(grad, (*x.shape[:-1], 1), [1, 2.5], (), True, None)",
    "f(grad, x.shape[a + 1 :], x.shape[1:-1], x.shape[0])",
    "[f(grad, before) for before in all]",
    'grad if kind == "not this" else -grad',
    "s = sum(grad * result, dim, True)\nresult * (grad - s)",
]


@pytest.mark.parametrize("text", WRITTEN_SO)
def test_a_formula_is_written_as_it_prints(text: str) -> None:
    parsed = parse_formula(text)
    assert "\n".join(print_formula(parsed)) == text


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("grad*b", "grad * b"),
        ("((grad) * (b)) + 1", "grad * b + 1"),
        ("x ** 2", "x**2"),
        ("x**(a+1)", "x ** (a + 1)"),
        ("a and b or c", "(a and b) or c"),
        ("f( grad,a = 1 )", "f(grad, a=1)"),
        ("1E-5 * grad", "1e-5 * grad"),
        ("grad, 1", "(grad, 1)"),
        ("grad # as it is", "grad"),
        ("kind == 'this'", 'kind == "this"'),
    ],
)
def test_a_formula_that_is_written_in_another_way(written: str, printed: str) -> None:
    assert print_formula(read_formula(written)) == [printed]
    with pytest.raises(FormulaError, match="not written as it prints") as raised:
        parse_formula(written)
    assert raised.value.hint == f"write `{printed}`"


def styled(*arguments: str, given: str = "") -> str:
    """What ruff prints, in the house's style; the test is skipped where there is none."""
    ruff = shutil.which("ruff") or shutil.which("ruff", path=str(Path(sys.executable).parent))
    if ruff is None:
        pytest.skip("no ruff")
    command = [ruff, arguments[0], "--no-cache", "--config", str(ROOT / "pyproject.toml"), *arguments[1:]]
    done = subprocess.run(command, input=given, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


NAMES = st.sampled_from(["grad", "x", "dim"])
ATOMS = NAMES | st.sampled_from(["1", "2.5", "1e-5", "None", "True", '"text"', "x.shape", "x.numel()", "x.shape[0]"])


def larger(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Expressions of smaller ones, with parentheses wherever they may be needed."""
    two = st.tuples(parts, parts)
    operators = st.sampled_from(["+", "-", "*", "/", "@", "**", "==", "<", "is not", "and", "or"])
    return st.one_of(
        st.tuples(operators, two).map(lambda t: f"({t[1][0]}) {t[0]} ({t[1][1]})"),
        parts.map(lambda part: f"-({part})"),
        two.map(lambda t: f"f({t[0]}, name=({t[1]}))"),
        two.map(lambda t: f"(({t[0]}) if (({t[1]})) else ({t[0]}))"),
        two.map(lambda t: f"(*({t[0]}), ({t[1]}))"),
        two.map(lambda t: f"x.shape[({t[0]}) : ({t[1]})]"),
        two.map(lambda t: f"[({t[0]}) for i in ({t[1]})]"),
    )


EXPRESSIONS = st.recursive(ATOMS, larger, max_leaves=8)


@given(EXPRESSIONS)
def test_printing_changes_nothing_and_is_final(text: str) -> None:
    parsed = read_formula(text)
    (printed,) = print_formula(parsed)
    again = read_formula(printed)
    assert ast.dump(again.value) == ast.dump(parsed.value)
    assert print_formula(again) == [printed]


def test_a_printed_formula_needs_no_formatter() -> None:
    module = "".join(f"x = {line}\n" for text in WRITTEN_SO for line in text.split("\n") if " = " not in line)
    assert styled("format", "-", given=module) == module


# What a formula needs.


def formula_for(folder: Path, formula: str, params: str) -> tuple[Formula | None, str]:
    docs = {"all": "Several.", "maybe": "Perhaps."}
    entry = CHANGED.format(params=params)
    for name, doc in docs.items():
        if f"{name}:" not in params:
            entry = entry.replace(f', {name} = "{doc}"', "")
    names = [param.split(":")[0] for param in params.split(", ")]
    entry += "".join(f'{name} = "none"\n' for name in names[1:]) + f"{names[0]} = '''{formula}'''\n"
    library, printed = library_with(folder, DECLARED + entry)
    function = next((f for f in library.functions if f.name == "changed"), None) if library else None
    return (function.derivative.formulas[0] if function and function.derivative else None), printed


THINGS = "x: thing, y: thing, all: [thing], maybe: thing?"


@pytest.mark.parametrize(
    ("formula", "reads"),
    [
        ("grad", ()),
        ("grad * x", ("x",)),
        ("grad * result + y", ("result", "y")),
        ("shrink(grad, x.size + y.count())", ()),
        ("grad if x.size > 1 else grad * y", ("y",)),
        ("grad if maybe is None else -1 * grad", ()),
        ("grad if maybe is None else grad * maybe", ("maybe",)),
        ("grad + 1 if len(all) > 1 else grad", ()),
        ("shrink(grad, all[0].size)", ()),
        ("grad * all[0]", ("all",)),
        ("shrink(grad, total([one.size for one in all]))", ()),
        ("joined([grad + one for one in all[1:]])", ("all",)),
        ("joined(all) * grad", ("all",)),
        ("other = y\ngrad * other", ("y",)),
        ("shrink(grad, (x * y).size)", ("x", "y")),
        ("grad * (x if times > 1 else y)", ("x", "y")),
        ("shrink(grad, (x if times > 1 else y).size)", ()),
        ("grad * (x == y)", ("x", "y")),
    ],
)
def test_a_formula_reads_what_it_uses_the_values_of(tmp_path: Path, formula: str, reads: tuple[str, ...]) -> None:
    found, printed = formula_for(tmp_path, formula, THINGS)
    assert printed == ""
    assert found is not None and found.reads == reads


@pytest.mark.parametrize(
    ("formula", "problem"),
    [
        ("-grad", "there is no operator `-` of a thing"),
        ("grad * all", "`*` wants a thing or a number for `b`, this is a list of things"),
        ("grad == 2", "`==` wants a thing for `b`, this is a number"),
        ("shrink(grad, maybe)", "`shrink` wants a number for `times`, this is a thing or None"),
        ("grad * name(x)", "unknown function `name`"),
        ("made(3)", "the formula does not use `grad`"),
        ("grad if x == y else x", "a condition is no thing"),
        ("[grad for x in all]", "the name `x` stands for something already"),
        ("shrink(grad, one) + joined([grad + one for one in all])", "unknown name `one`"),
    ],
)
def test_a_formula_that_cannot_be(tmp_path: Path, formula: str, problem: str) -> None:
    found, printed = formula_for(tmp_path, formula, THINGS)
    assert found is None
    assert problem in printed


def test_the_caret_stands_on_the_line_of_a_formula(tmp_path: Path) -> None:
    _, printed = formula_for(tmp_path, "\nlarger = grad * x\nlagrer * y", THINGS)
    assert "\n  lagrer * y'''\n  ^^^^^^  did you mean `larger`?\n" in printed


def test_a_formula_may_end_its_last_line(tmp_path: Path) -> None:
    found, printed = formula_for(tmp_path, "\nlarger = grad * x\nlarger * y\n", THINGS)
    assert printed == ""
    assert found is not None
    assert found.lines == ("larger = grad * x", "larger * y")
    assert str(found) == "larger = grad * x\nlarger * y"


def test_a_formula_for_what_may_be_absent_has_it_there(tmp_path: Path) -> None:
    found, printed = formula_for(tmp_path, "shrink(grad, maybe.size)", "maybe: thing?, x: thing")
    assert printed == ""
    assert found is not None and found.reads == ()


# What is rendered.


def test_the_table_of_gradients(modules: tuple[Any, Any]) -> None:
    _, gradients = modules
    table = {name: gradient[:3] for name, gradient in gradients.GRADIENTS.items()}
    assert table == {
        "plus": ((0, 1), (), False),
        "times": ((0, 1), (0, 1), False),
        "shrink": ((0,), (), True),
        "resized": ((0,), (), False),
        "joined": ((0,), (), False),
    }
    assert frozenset({"equal"}) == gradients.NOT_DIFFERENTIABLE
    assert gradients.ATTRIBUTES == ("size", "sizes", "colour", "count")
    assert all(len(gradient.inputs) == len(gradient.formulas) for gradient in gradients.GRADIENTS.values())


def test_a_formula_calls_operators_and_functions(modules: tuple[Any, Any]) -> None:
    _, gradients = modules
    grad, result, a, b = map(gradients.Thing, ("grad", "result", "a", "b"))
    first, second = gradients.GRADIENTS["times"].formulas
    assert first(grad, result, a, b).text == "times(grad, b)"
    assert second(grad, result, a, b).text == "times(grad, a)"
    (shrunk,) = gradients.GRADIENTS["shrink"].formulas
    assert shrunk(grad, result, a, 1).text == "resized(grad, (1, 2), None)"
    assert shrunk(grad, result, a, 2).text == "times(resized(grad, (1, 2), None), result)"


def test_the_formula_of_a_list_gives_a_list(modules: tuple[Any, Any]) -> None:
    _, gradients = modules
    (joined,) = gradients.GRADIENTS["joined"].formulas
    things = [gradients.Thing("a", 2), gradients.Thing("b", 3), gradients.Thing("c", 4)]
    found = joined(gradients.Thing("grad"), gradients.Thing("result"), things)
    assert [thing.text for thing in found] == ["shrink(grad, 0)", "shrink(grad, 2)", "shrink(grad, 5)"]


def test_what_is_rendered_reads_as_written_by_hand(rendered: Path) -> None:
    text = (rendered / "generated" / "python" / "ex_bindings" / "gradients.py").read_text(encoding="utf-8")
    assert "from builtins import sum as total\n" in text
    assert "from ex_bindings.operators import shrink\n" in text
    assert (
        "\n\ndef _shrink_x(grad: Thing, result: Thing, x: Thing, times: int) -> Thing:\n"
        "    larger = resized(grad, x.sizes)\n"
        "    return larger * result if times > 1 else larger\n\n\n"
    ) in text
    assert "def _joined_all(grad: Thing, result: Thing, all: Sequence[Thing]) -> list[Thing]:\n" in text
    assert (
        "\n\ndef resized(x: Thing, sizes: Sequence[int], like: Thing | None = None) -> Thing:\n"
        '    """Something of other sizes."""\n'
        '    return _operators._dispatch("resized", x, sizes, like)\n'
    ) in text


def test_what_is_rendered_is_in_the_houses_style(rendered: Path) -> None:
    module = str(rendered / "generated" / "python" / "ex_bindings" / "gradients.py")
    styled("check", module)
    styled("format", "--check", module)


def test_the_reference_has_the_formulas(rendered: Path) -> None:
    page = (rendered / "generated" / "docs" / "ex" / "sample.md").read_text(encoding="utf-8")
    assert "| derivative | by `a`: `grad * b`<br>by `b`: `grad * a` |" in page
    assert (
        "| derivative | by `x`:<br>`larger = resized(grad, x.sizes)`<br>`larger * result if times > 1 else larger` |"
        in page
    )
    assert "| derivative | by `x`: `resized(grad, x.sizes)`<br>by `like`: none |" in page
    assert page.count("| derivative | not differentiable |") == 1


@pytest.mark.parametrize(
    ("name", "stage", "expected"),
    [
        ("times", "abi", "  derivative\n    by a: grad * b\n    by b: grad * a\n"),
        ("shrink", "abi", "    by x: larger * result if times > 1 else larger\n      where larger = resized("),
        ("resized", "abi", "    by like: none\n"),
        ("equal", "abi", "\n  not differentiable\n"),
        ("times", "spec", '\n[fn.ex_times.derivative]\na = "grad * b"\nb = "grad * a"\n'),
        ("times", "model", "Formula(input='a',"),
        (
            "times",
            "python",
            "\n\n\ndef _times_b(grad: Thing, result: Thing, a: Thing, b: Thing) -> Thing:\n    return grad",
        ),
    ],
)
def test_show(rendered: Path, name: str, stage: str, expected: str, capsys: pytest.CaptureFixture[str]) -> None:
    options = ["--specs", str(rendered / "specs"), "--out", str(rendered / "generated"), "--stage", stage]
    assert run(["show", name, *options]) == 0
    assert expected in capsys.readouterr().out


def test_show_says_nothing_where_there_can_be_none(rendered: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = ["--specs", str(rendered / "specs"), "--out", str(rendered / "generated")]
    assert run(["show", "name", *options]) == 0
    printed = capsys.readouterr().out
    assert "derivative" not in printed and "differentiable" not in printed


def test_new_proposes_a_derivative(rendered: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    specs = tmp_path / "specs"
    shutil.copytree(rendered / "specs", specs)
    options = ["--specs", str(specs), "--out", str(tmp_path / "generated")]
    assert run(["new", "widen", "--group", "sample", *options]) == 0
    assert (
        (specs / "sample.toml")
        .read_text(encoding="utf-8")
        .endswith('\n[fn.ex_widen.derivative]\nx = "TODO: in terms of grad, result and x; or none"\n')
    )
    capsys.readouterr()
    assert run(["gen", *options]) == 1
    assert "E021 `TODO` (ex_widen, by `x`)" in capsys.readouterr().err


def test_a_library_need_not_say_derivatives(tmp_path: Path) -> None:
    shutil.copytree(SECOND / "specs", tmp_path / "specs")
    assert run(["gen", "--specs", str(tmp_path / "specs"), "--out", str(tmp_path / "generated")]) == 0
    assert not list((tmp_path / "generated").rglob("gradients.py"))
    assert "derivative" not in (tmp_path / "generated" / "docs" / "rt_z" / "checksum.md").read_text(encoding="utf-8")


# The project's own.


def test_every_function_that_computes_tensors_of_tensors_says_its_derivative() -> None:
    library, diagnostics = load_library(ROOT / "specs" / "torch", "specs/torch")
    assert library is not None, diagnostics.render()
    from rt_torch_bindings.gradients import GRADIENTS, NOT_DIFFERENTIABLE
    from rt_torch_bindings.operators import FUNCTIONS

    computing = {
        function.name
        for function in library.functions
        if any(param.type.name == "tensor" for param in function.signature.params)
        and any(result.type.name == "tensor" for result in function.signature.results)
    }
    assert computing == set(GRADIENTS) | NOT_DIFFERENTIABLE
    assert not set(GRADIENTS) & NOT_DIFFERENTIABLE
    assert computing <= set(FUNCTIONS)
