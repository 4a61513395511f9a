"""Changing a text in places: what changes, and that everything else stays as it is written."""

from __future__ import annotations

import copy
import difflib
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rt_torch as rt
from rt_torch import sdn
from rt_torch.sdn import Document, Table
from tests.sdn.values import tables, texts, values

TEXT = """\
# top
name: demo   # trailing
n: 5 # five
d:   # the dictionary
  a: 1
  # before b
  b: {x: 1, y: [1, 2,]}   # inline
  deep:
      e: 1
l: [
  1, # one
  2, # two
  [3],
  # end
]
m: [ ]
t |id, name|   # users
   1, Ada   # first
   2, G H,
u |a| 5  # five
e |a, b|
ty: table{i32, f64} = [(1, 2), # c
   (3, 4),]
ty2: table{i32} = []
ty3: table{i32}
  (1)
  2
tags:
- a
- b: 1  # one
  c: 2
- - x
  - y: 1
    z |q|
       1
-
  - 7
vals:
  one  # c
  {k: v}
  [1, 2]
"a.b": {c: 1}
last: {}"""


def difference(change: Callable[[Document], object], text: str = TEXT) -> list[str]:
    """The lines that a change takes out and puts in."""
    document = sdn.parse_document(text)
    change(document)
    lines = [*difflib.unified_diff(text.split("\n"), document.text.split("\n"), lineterm="", n=0)][2:]
    return [f"{line[0]} {line[1:]}" for line in lines if line[0] in "+-"]


class TestReading:
    @pytest.mark.parametrize(
        ("path", "value"),
        [
            ("n", 5),
            ("d.b.y.0", 1),
            ("d.b.y.-1", 2),
            (["d", "b", "y", 1], 2),
            ("t.1.name", "G H"),
            ("t.1.0", 2),
            ("t.1", [2, "G H"]),
            ("ty.0.1", 2.0),
            ("tags.2.1.z", Table(["q"], [[1]])),
            ('"a.b".c', 1),
            (["a.b", "c"], 1),
            ("'a.b'", {"c": 1}),
        ],
    )
    def test_values_by_path(self, path: Any, value: object) -> None:
        document = sdn.parse_document(TEXT)
        assert document.get(path) == value and path in document

    @pytest.mark.parametrize("path", ["x", "n.0", "d.x", "l.3", "l.-4", "l.x", "t.2", "t.0.x", "t.name", "d.b.y.1_0"])
    def test_what_is_not_there(self, path: str) -> None:
        document = sdn.parse_document(TEXT)
        assert document.get(path) is None and document.get(path, 7) == 7 and path not in document

    def test_copies_are_given(self) -> None:
        document = sdn.parse_document(TEXT)
        document.get("d")["a"] = document.value["n"] = 7
        assert (document.get("d.a"), document.get("n"), document.text) == (1, 5, TEXT)

    def test_places(self) -> None:
        document = sdn.parse_document(TEXT, "x.sdn")
        assert [document.line(path) for path in ("name", "d", "d.deep.e", "t.1", "none", [])] == [2, 5, 9, 19, 0, 0]
        assert document.message("d.b.x", "no!") == (
            "x.sdn:7:10: no!\n    b: {x: 1, y: [1, 2,]}   # inline\n           ^"
        )
        assert document.message("none", "no!") == "x.sdn: no!"

    @pytest.mark.parametrize("path", ["", "a..b", ".a", "a.", '"a', '"a"b', '"\\q"'])
    def test_what_is_no_path(self, path: str) -> None:
        with pytest.raises(rt.BadArgumentError, match=r"rt\.sdn\.Document\.get: argument `path`"):
            sdn.parse_document(TEXT).get(path)
        for wrong in (5, [1.5], None):
            with pytest.raises(rt.ArgumentTypeError, match="a text with dots, or a list of keys"):
                sdn.parse_document(TEXT).get(wrong)  # type: ignore[arg-type]  # that is what is tried


class TestSet:
    @pytest.mark.parametrize(
        ("path", "value", "lines"),
        [
            ("n", 6, ["- n: 5 # five", "+ n: 6 # five"]),
            ("name", "two words", ["- name: demo   # trailing", '+ name: "two words"   # trailing']),
            ("d.a", [1, {"x": None}], ["-   a: 1", "+   a:", "+       1", "+       {x: null}"]),
            ("d.a", {"f": 1}, ["-   a: 1", "+   a:", "+       f: 1"]),
            (
                "d.b.x",
                {"k": "v"},
                [
                    "-   b: {x: 1, y: [1, 2,]}   # inline",
                    "+   b: {x: {k: v}, y: [1, 2,]}   # inline",
                ],
            ),
            ("d.deep", 1, ["-   deep:", "-       e: 1", "+   deep: 1"]),
            ("l.1", "x", ["-   2, # two", "+   x, # two"]),
            ("t.0.name", "Bob", ["-    1, Ada   # first", "+    1, Bob   # first"]),
            ("t.1", [3, None], ["-    2, G H,", "+    3, null"]),
            ("t.1", {"name": "x", "id": 3}, ["-    2, G H,", "+    3, x"]),
            ("u.0.a", 6, ["- u |a| 5  # five", "+ u |a| 6  # five"]),
            ("ty.1.0", 5, ["-    (3, 4),]", "+    (5, 4),]"]),
            ("tags.0", "b", ["- - a", "+ - b"]),
            ("tags.1.c", 3, ["-   c: 2", "+   c: 3"]),
            ("vals.0", [1], ["-   one  # c", "+   [1]  # c"]),
            ("e", 5, ["- e |a, b|", "+ e: 5"]),
            ("m", Table(["a"], [[1]]), ["- m: [ ]", "+ m |a|", "+     1"]),
            ("tags.0", {"w": Table(["a"])}, ["- - a", "+ - w |a|"]),
        ],
    )
    def test_what_is_there(self, path: str, value: Any, lines: list[str]) -> None:
        assert difference(lambda document: document.set(path, value)) == lines

    @pytest.mark.parametrize(
        ("path", "value", "lines"),
        [
            ("d.c", 1, ["+   c: 1"]),
            ("d.deep.f.g", 1, ["+       f:", "+           g: 1"]),
            ("tags.1.d", 1, ["+   d: 1"]),
            (
                "d.b.z w",
                1,
                ["-   b: {x: 1, y: [1, 2,]}   # inline", '+   b: {x: 1, y: [1, 2,], "z w": 1}   # inline'],
            ),
            ("last.x", 1, ["- last: {}", "+ last: {x: 1}"]),
            ("new", [1, 2], ["+ new: [1, 2]", "+ "]),
            ("vals.3", "four", ["+   four"]),
        ],
    )
    def test_what_is_new(self, path: str, value: Any, lines: list[str]) -> None:
        assert difference(lambda document: document.set(path, value)) == lines

    @pytest.mark.parametrize(
        ("text", "result"),
        [
            ("", "a: 1\n"),
            ("# c", "# c\na: 1\n"),
            ("b: 2", "b: 2\na: 1\n"),
            ("\ufeffb: 2\r\n", "\ufeffb: 2\r\na: 1\r\n"),
        ],
    )
    def test_at_the_end(self, text: str, result: str) -> None:
        document = sdn.parse_document(text)
        document.set("a", 1)
        assert document.text == str(document) == result

    @pytest.mark.parametrize(
        ("path", "value", "problem"),
        [
            ("n.x", 1, "there is no 'x' in it"),
            ("l.7", 1, "there is no '7' in it"),
            ("l.x.y", 1, "there is no 'x' in it"),
            ("t.0.nobody", 1, "there is no 'nobody' in it"),
            ([], 1, "at least one key is expected"),
            ("l.0", Table(["a"]), "a table stands under a key"),
            ("d.b.x", {"t": Table(["a"])}, "a table stands under a key"),
            ("t.0", [1], "it has 1 cell"),
            ("t.0", {"id": 1}, "a row of id, name is expected"),
            ("ty.0.0", "x", "the column is of type i32"),
            ("n", float("nan"), "finite"),
        ],
    )
    def test_what_cannot_be(self, path: Any, value: Any, problem: str) -> None:
        document = sdn.parse_document(TEXT)
        with pytest.raises(rt.BadArgumentError, match=problem):
            document.set(path, value)
        assert document.text == TEXT


class TestPush:
    @pytest.mark.parametrize(
        ("path", "value", "lines"),
        [
            ("l", 4, ["-   [3],", "+   [3], 4,"]),
            ("m", "x y", ["- m: [ ]", '+ m: ["x y" ]']),
            ("d.b.y", 3, ["-   b: {x: 1, y: [1, 2,]}   # inline", "+   b: {x: 1, y: [1, 2, 3,]}   # inline"]),
            ("t", [3, "x"], ["+    3, x"]),
            ("t", {"name": "x", "id": 3}, ["+    3, x"]),
            ("u", [6], ["- u |a| 5  # five", "+ u |a|", "+     5", "+     6  # five"]),
            ("e", [1, 2], ["+     1, 2"]),
            ("ty", [5, 6], ["-    (3, 4),]", "+    (3, 4), (5, 6.0),]"]),
            ("ty2", [1], ["- ty2: table{i32} = []", "+ ty2: table{i32} = [(1)]"]),
            ("ty3", [3], ["+   3"]),
            ("tags", {"b": 1}, ["+ - {b: 1}"]),
            ("tags.2", 5, ["+   - 5"]),
            ("vals", [5], ["+   [5]"]),
            ("new.list", 5, ["+ new:", "+     list: [5]", "+ "]),
        ],
    )
    def test_lists_and_tables(self, path: str, value: Any, lines: list[str]) -> None:
        assert difference(lambda document: document.push(path, value)) == lines

    def test_a_list_that_is_all(self) -> None:
        document = sdn.parse_document("one")
        with pytest.raises(rt.BadArgumentError, match="a list or a table is expected there"):
            document.push([], "two")
        for text, result in (("[1]", "[1, 2]"), ("- 1", "- 1\n- 2\n"), ("0\n1", "0\n1\n2\n")):
            document = sdn.parse_document(text)
            document.push([], 2)
            assert document.text == result

    @pytest.mark.parametrize(("path", "value"), [("n", 1), ("d", 1), ("t.0", 1), ("t", [1]), ("l", Table(["a"]))])
    def test_what_cannot_be(self, path: str, value: Any) -> None:
        document = sdn.parse_document(TEXT)
        with pytest.raises(rt.BadArgumentError):
            document.push(path, value)
        assert document.text == TEXT


class TestDelete:
    @pytest.mark.parametrize(
        ("path", "lines"),
        [
            ("n", ["- n: 5 # five"]),
            ("d.deep", ["-   deep:", "-       e: 1"]),
            ("d.deep.e", ["-   deep:", "-       e: 1", "+   deep: {}"]),
            (
                "d.b.x",
                ["-   b: {x: 1, y: [1, 2,]}   # inline", "+   b: {y: [1, 2,]}   # inline"],
            ),
            (
                "d.b.y.1",
                ["-   b: {x: 1, y: [1, 2,]}   # inline", "+   b: {x: 1, y: [1,]}   # inline"],
            ),
            ("l.0", ["-   1, # one"]),
            ("l.2", ["-   [3],"]),
            ("l.2.0", ["-   [3],", "+   [],"]),
            ("t.0", ["-    1, Ada   # first"]),
            ("u.0", ["- u |a| 5  # five", "+ u |a|  # five"]),
            (
                "ty.1",
                ["- ty: table{i32, f64} = [(1, 2), # c", "-    (3, 4),]", "+ ty: table{i32, f64} = [(1, 2),]"],
            ),
            ("tags.0", ["- - a"]),
            ("tags.1.b", ["- - b: 1  # one", "-   c: 2", "+ - c: 2"]),
            ("tags.3.0", ["- -", "-   - 7", "+ - []"]),
            ("vals.1", ["-   {k: v}"]),
            ('"a.b"', ['- "a.b": {c: 1}']),
        ],
    )
    def test_entries_and_items(self, path: str, lines: list[str]) -> None:
        assert difference(lambda document: document.delete(path)) == lines

    @pytest.mark.parametrize(
        ("text", "path", "result"),
        [
            ("a: 1", "a", ""),
            ("# top\na: 1\n# end", "a", "# top\n# end"),
            ("- 1", "0", "[]"),
            ("x\ny", "0", "[y]"),
            ("x\ny\nz", "0", "y\nz"),
            ("{a: 1}", "a", "{}"),
        ],
    )
    def test_the_last_one(self, text: str, path: str, result: str) -> None:
        document = sdn.parse_document(text)
        document.delete(path)
        assert document.text == result

    @pytest.mark.parametrize(
        ("path", "problem"),
        [
            ("x", "there is no such thing"),
            ("l.9", "there is no such thing"),
            ("t.0.name", "a cell can be set to None"),
            ([], "at least one"),
        ],
    )
    def test_what_cannot_be(self, path: Any, problem: str) -> None:
        with pytest.raises(rt.BadArgumentError, match=problem):
            sdn.parse_document(TEXT).delete(path)


# Any changes.


def paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """To all that is in a value, cells apart."""
    if isinstance(value, dict):
        inner: Any = value.items()
    elif isinstance(value, list):
        inner = enumerate(value)
    else:
        return [(*path, row) for row in range(len(value))] if isinstance(value, Table) else []
    return [found for key, item in inner for found in ((*path, key), *paths(item, (*path, key)))]


def at(value: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        value = value[key]
    return value


@settings(max_examples=250, deadline=None)
@given(st.data())
def test_any_changes(data: st.DataObject) -> None:
    """After each, the text's value is what the same change makes of Python's own."""
    written = st.dictionaries(texts, values | tables(), max_size=3).map(sdn.to_string)
    text = data.draw(
        st.sampled_from([TEXT, TEXT.replace("\n", "\r\n"), "\ufeff" + TEXT, "", "[1, 2]", "- a\n- b"]) | written
    )
    document = sdn.parse_document(text)
    model = document.value
    for _ in range(data.draw(st.integers(1, 4))):
        before = copy.deepcopy(model)
        path = data.draw(st.sampled_from([(), *paths(model)]))
        value = data.draw(values | tables())
        try:
            changed(document, model, path, value, data.draw(st.sampled_from(["set", "push", "delete"])))
        except rt.BadArgumentError:
            model = before
        assert document.value == model
        assert document.text.startswith("\ufeff") == text.startswith("\ufeff")
        assert "\r\n" not in text or document.text.count("\r\n") == document.text.count("\n")


def changed(document: Document, model: Any, path: tuple[Any, ...], value: Any, change: str) -> None:
    """The same change to both; the document is first to refuse it."""
    inner = at(model, path)
    if change == "push" and isinstance(inner, (list, Table)):
        document.push(path, value)
        inner.append(
            copy.deepcopy([*value.values()] if isinstance(value, dict) and isinstance(inner, Table) else value)
        )
    elif change == "delete" and path:
        document.delete(path)
        outer = at(model, path[:-1])
        del (outer.rows if isinstance(outer, Table) else outer)[path[-1]]
    elif isinstance(inner, dict):
        document.set([*path, "new", "a.b"], value)
        inner.setdefault("new", {})["a.b"] = copy.deepcopy(value)
    elif path and not isinstance(at(model, path[:-1]), Table):
        document.set(path, value)
        at(model, path[:-1])[path[-1]] = copy.deepcopy(value)
