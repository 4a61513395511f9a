"""The operators of a class: what is rendered from [operators] and [op.NAME], run over a dispatcher that only notes."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from itertools import repeat
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from generator.__main__ import run
from tests.generator.paths import SECOND, specs_with

OPERATORS = """[operators]
class  = "example.things.Thing"
handle = "thing"
alias  = "ex"
none   = "ex_name"

[op.join]
symbol   = "+"
numbers  = ["a", "b"]
resident = true

[op.same]
function = "ex_equal"
symbol   = "=="

[op.grow]
symbol   = "**"
defaults = { factor = 2.0 }

[op.flip]
symbol   = "-"
resident = true
floats   = "operator.neg"
property = "F"

[op.choose_one]
function = "ex_pick"
receiver = "b"
numbers  = ["b"]
docs     = { sure = "Whether `b` is sure." }
absent   = { place = "ex_pick_any" }
defaults = { sure = false, colour = "red" }

[op.sizes]
function = "ex_resize"
spread   = "sizes"

[op.cover]
single   = ["steps", "border"]
defaults = { steps = 1 }
[op.raised]
symbol   = "%"
handles  = { by = "ex_raised_by" }
resident = true

[op.pile]
defaults = { high = false }

[op.cut]
each     = "at"
defaults = { clean = false }

[fn.ex_raised]
since   = 1
sig     = "(x: thing, by: f64) -> thing"
docs    = { by = "How often." }
result  = "new"
summary = "`x` times itself."
body    = "raised"

[fn.ex_raised_by]
since   = 1
sig     = "(a: thing, b: thing) -> thing"
result  = "new"
summary = "`a` times itself, `b` times."
body    = "raised_by"

[fn.ex_cut]
since   = 1
sig     = "(x: thing, at: i64, clean: bool) -> thing"
docs    = { at = "Where.", clean = "1 or 0." }
result  = "new"
summary = "`x` without what is there."
body    = "cut"

[fn.ex_join]
since   = 1
sig     = "(a: thing, b: thing) -> thing"
result  = "new"
summary = "`a` and `b` in one."
checks  = ["alike(a, b)"]
body    = "join"

[fn.ex_equal]
since   = 1
sig     = "(a: thing, b: thing) -> thing"
result  = "new"
summary = "Where the two are equal."
body    = "equal"

[fn.ex_grow]
since   = 1
sig     = "(x: thing, factor: f64) -> thing"
docs    = { factor = "How much larger." }
result  = "new"
summary = "A larger `x`."
body    = "grow"

[fn.ex_flip]
since   = 1
sig     = "(x: thing) -> thing"
result  = "new"
summary = "`x` upside down."
body    = "flip"

[fn.ex_pick]
since   = 1
sig     = "(a: thing, b: thing, place: i64, sure: bool, colour: str) -> thing"
docs    = { place = "Where; NULL is nowhere.", sure = "1 or 0.", colour = "Which." }
result  = "view"
summary = "One of `a` and `b`."
details = "Not for long."
body    = "pick"

[fn.ex_pick_any]
since   = 1
sig     = "(a: thing, b: thing, colour: str) -> thing"
docs    = { colour = "Which." }
result  = "view"
summary = "Any of the two."
body    = "pick_any"

[fn.ex_resize]
since   = 1
sig     = "(x: thing, sizes: [i64]) -> thing"
docs    = { sizes = "The sizes." }
result  = "maybe"
summary = "`x` of other sizes."
body    = "resize"

[fn.ex_pile]
since   = 1
sig     = "(things: [thing], high: bool) -> thing"
docs    = { things = "What is piled.", high = "1 or 0." }
result  = "new"
summary = "Things on each other."
body    = "pile"

[fn.ex_cover]
since   = 1
sig     = "(x: thing, edge: thing?, steps: [i64], border: [i64]?) -> thing"
docs    = { edge = "What goes around it.", steps = "Steps in each direction.", border = "How wide the edge is." }
result  = "new"
summary = "`x` under a cover."
body    = "cover"

[fn.ex_name]
since   = 1
sig     = "(x: thing) -> str"
summary = "Its name."
body    = "name"
"""

CALLS: list[tuple[Any, ...]] = []


def noted(*call: Any) -> str:
    CALLS.append(call)
    return "dispatched"


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("operators")
    specs = specs_with(folder)
    (specs / "sample.toml").write_text(OPERATORS, encoding="utf-8")
    assert run(["gen", "--specs", str(specs), "--out", str(folder / "generated")]) == 0
    return folder / "generated"


@pytest.fixture(scope="module")
def operators(rendered: Path) -> Iterator[Any]:
    """The rendered module with a class that has nothing of its own, and an instance as `thing`."""
    path = rendered / "python" / "ex_bindings" / "operators.py"
    module = ModuleType("ex_operators")
    sys.modules[module.__name__] = module  # NamedTuple asks for it
    exec(compile(path.read_text(encoding="utf-8"), str(path), "exec"), module.__dict__)

    class Thing(module.Operators):
        def __init__(self) -> None:
            self._handle, self._layout = 0, None

    module.__dict__["Thing"] = Thing
    module.choose(noted, Thing, iter(()), iter(()))
    yield module
    del sys.modules[module.__name__]


@pytest.fixture
def thing(operators: Any) -> Any:
    CALLS.clear()
    one = operators.Thing()
    one._layout = SMALL
    return one


class Layout:
    pure_size = native_size = 3


SMALL = Layout()


def last() -> tuple[Any, ...]:
    (call,) = CALLS
    CALLS.clear()
    return call


def test_an_operator_dispatches_by_the_functions_name(operators: Any, thing: Any) -> None:
    other = operators.Thing()
    assert thing + other == "dispatched"
    assert last() == ("join", thing, other)
    assert operators.join(thing, 2) == "dispatched"
    assert last() == ("join", thing, 2)
    thing.join(other)
    assert last() == ("join", thing, other)


def test_numbers_stand_on_either_side(thing: Any) -> None:
    thing + 2
    assert last()[:1] == ("join",)
    2.5 + thing
    assert last()[1] == 2.5


def test_what_is_no_operand_is_left_to_python(thing: Any) -> None:
    with pytest.raises(TypeError, match="unsupported operand"):
        thing + "text"
    assert (thing == "text") is False
    assert (thing == 1) is False  # takes no numbers
    assert CALLS == []


def test_one_number_stands_for_a_list(operators: Any, thing: Any) -> None:
    operators.cover(thing)
    assert last() == ("cover", thing, None, [1], None)
    thing.cover(operators.Thing(), 2, border=3)
    assert last()[3:] == ([2], [3])
    thing.cover(None, (1, 2), [4])
    assert last()[2:] == (None, (1, 2), [4])


def test_comparing_does_not_take_the_hash_away(operators: Any, thing: Any) -> None:
    assert hash(thing) == object.__hash__(thing)
    assert len({thing, operators.Thing()}) == 2


def test_a_number_as_the_right_operand_and_its_default(thing: Any) -> None:
    thing**3
    assert last() == ("grow", thing, 3)
    thing.grow()
    assert last() == ("grow", thing, 2.0)
    with pytest.raises(TypeError, match="unsupported operand"):
        thing**thing


def test_unary_operators_and_properties(operators: Any, thing: Any) -> None:
    for result in (-thing, thing.flip(), thing.F, operators.flip(thing)):
        assert result == "dispatched"
    assert [CALLS.pop(0) for _ in range(4)] == [("flip", thing)] * 4


def test_another_function_is_called_where_a_parameter_is_absent(operators: Any, thing: Any) -> None:
    other = operators.Thing()
    thing.choose_one(other, 3, colour="blue")
    assert last() == ("pick", other, thing, 3, False, "blue")
    thing.choose_one(other)
    assert last() == ("pick_any", other, thing, "red")
    operators.choose_one(other, 1, sure=True)  # what the other function cannot know of is not dropped
    assert last() == ("pick", other, 1, None, True, "red")


def test_another_function_is_called_where_a_handle_is_given_for_a_number(operators: Any, thing: Any) -> None:
    other = operators.Thing()
    for call in (thing.__mod__, thing.raised, lambda by: operators.raised(thing, by), lambda by: thing % by):
        call(2.0)
        assert last() == ("raised", thing, 2.0)
        call(other)
        assert last() == ("raised_by", thing, other)
    assert (2 % thing, operators.raised(2, thing)) == ("dispatched", "dispatched")
    assert [CALLS.pop(0) for _ in range(2)] == [("raised_by", 2, thing)] * 2
    with pytest.raises(TypeError, match="unsupported operand"):
        2j % thing
    assert operators.FUNCTIONS["raised_by"].numbers == (0, 1)
    assert operators.FUNCTIONS["raised"].numbers == ()


def test_what_takes_a_list_of_handles_is_no_method(operators: Any, thing: Any) -> None:
    operators.pile([thing, thing])
    assert last() == ("pile", [thing, thing], False)
    operators.pile((thing,), high=True)
    assert last() == ("pile", (thing,), True)
    assert not hasattr(operators.Operators, "pile")


def test_a_list_can_be_given_element_by_element(operators: Any, thing: Any) -> None:
    thing.sizes(2, 3)
    thing.sizes((2, 3))
    operators.sizes(thing, (2, 3))
    assert [CALLS.pop(0) for _ in range(3)] == [("resize", thing, (2, 3))] * 3
    thing.sizes(4)
    assert last() == ("resize", thing, (4,))
    thing.sizes()
    assert last() == ("resize", thing, ())


def test_several_integers_go_to_the_class(operators: Any, thing: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def for_each(self: Any, name: str, places: Any, call: Any) -> list[Any]:
        return [name, *(call(self, place) for place in places)]

    monkeypatch.setattr(operators.Thing, "_for_each", for_each, raising=False)
    for several in (lambda: thing.cut((2, 1), True), lambda: operators.cut(thing, [2, 1], clean=True)):
        assert several() == ["cut", "dispatched", "dispatched"]
        assert [CALLS.pop(0) for _ in range(2)] == [("cut", thing, 2, True), ("cut", thing, 1, True)]
    thing.cut(2)
    assert last() == ("cut", thing, 2, False)
    operators.cut("no thing", (1, 2))
    assert last() == ("cut", "no thing", (1, 2), False)


def test_nothing_runs_before_something_was_chosen(rendered: Path) -> None:
    path = rendered / "python" / "ex_bindings" / "operators.py"
    module = ModuleType("ex_unchosen")
    sys.modules[module.__name__] = module
    exec(compile(path.read_text(encoding="utf-8"), str(path), "exec"), module.__dict__)
    del sys.modules[module.__name__]
    with pytest.raises(RuntimeError, match=r"join: nothing to run it with: call choose\(\)"):
        module.join(1, 2)


def test_a_fast_way_on_floats_within_the_limits(operators: Any, thing: Any) -> None:
    thing._cell = [[1.0, -2.0, 0.0]]
    operators.choose(noted, operators.Thing, iter(()), (kind() for kind in repeat(operators.Thing)))
    operators.set_limits({"flip": (operators.NEVER, 4, 4)})
    result = -thing
    assert (result._handle, result._cell, result._layout) == (0, [[-1.0, 2.0, 0.0]], SMALL)
    assert thing._cell == [[1.0, -2.0, 0.0]]
    operators.set_limits({"flip": (operators.NEVER, 3, 3)})
    assert -thing == "dispatched"
    operators.set_limits({})
    assert -thing == "dispatched"


def test_the_table_of_functions(operators: Any) -> None:
    table = operators.FUNCTIONS
    others = {"flip", "pick", "pick_any", "resize", "cover", "name", "raised", "raised_by", "pile"}
    assert set(table) == {"join", "equal", "grow", "cut"} | others
    assert table["join"] == ("join", "ex_join", ("a", "b"), (0, 1), (0, 1), (), (), "thing", "new")
    assert table["pick"].numbers == (1,)
    assert table["pick"].ownership == "view"
    assert table["name"] == ("name", "ex_name", ("x",), (0,), (), (), (), "str", "")
    assert table["cover"].things == (0, 1) and table["cover"].optional == (1,)
    assert table["pile"].things == () and table["pile"].lists == (0,)


def test_docstrings_speak_pythons_words(operators: Any) -> None:
    assert operators.join.__doc__ == (
        "`a` and `b` in one.\n\n    Raises:\n        BadArgumentError: `a`, `b`: The two must be alike.\n    "
    )
    assert operators.Operators.join.__doc__.startswith("`self` and `other` in one.")
    method = operators.Operators.choose_one.__doc__
    assert method.startswith("One of `other` and `self`.\n\n        Not for long.")
    assert "place: Where; None is nowhere." in method
    assert "sure: Whether `self` is sure." in method


def test_every_name_has_a_docstring_and_types(rendered: Path) -> None:
    tree = ast.parse((rendered / "python" / "ex_bindings" / "operators.py").read_text(encoding="utf-8"))
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name != "_unchosen"]
    for function in functions:
        assert ast.get_docstring(function), function.name
        assert function.returns is not None, function.name


def test_the_reference_names_the_operators(rendered: Path) -> None:
    page = (rendered / "docs" / "ex" / "sample.md").read_text(encoding="utf-8")
    assert "| Python | `a + b`, `ex.join(a, b)`, `a.join(other)` |" in page
    assert "| Python | `-x`, `ex.flip(x)`, `x.flip()`, `x.F` |" in page
    assert '| Python | `ex.choose_one(a, b, colour="red")`, `b.choose_one(other, colour="red")` |' in page
    assert "`x.sizes(*sizes)`" in page


def test_a_library_without_operators_renders_none(tmp_path: Path) -> None:
    assert run(["gen", "--specs", str(SECOND / "specs"), "--out", str(tmp_path), "--dry-run"]) == 0
    specs = specs_with(tmp_path)
    assert run(["gen", "--specs", str(specs), "--out", str(tmp_path / "generated")]) == 0
    assert not list((tmp_path / "generated").rglob("operators.py"))
