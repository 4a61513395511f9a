"""Tables: what they hold, and what they refuse."""

from __future__ import annotations

import copy
from typing import Any

import pytest

import rt_torch as rt
from rt_torch.sdn import Table


def test_columns_have_names_or_types() -> None:
    named, typed = Table(["a", "b"], [(1, 2)]), Table(types=("i8", "f64"), rows=[[1, 2]])
    assert (named.fields, named.types, named.rows) == (["a", "b"], None, [[1, 2]])
    assert (typed.fields, typed.types, typed.rows) == (None, ["i8", "f64"], [[1, 2.0]])
    assert isinstance(typed.rows[0][1], float)
    assert repr(named) == "Table(['a', 'b'], [[1, 2]])"
    assert repr(typed) == "Table(types=['i8', 'f64'], rows=[[1, 2.0]])"


def test_equality() -> None:
    table = Table(["a"], [[1]])
    assert table == Table(("a",), ((1,),)) and table == copy.deepcopy(table)
    assert table != Table(["b"], [[1]]) and table != Table(["a"], [[2]]) and table != Table(types=["a"], rows=[[1]])
    assert table != [[1]]
    with pytest.raises(TypeError, match="unhashable"):
        hash(table)


def test_rows_are_added_and_read() -> None:
    table = Table(["a", "b"])
    table.append([1, 2])
    assert (len(table), table[0], [*table], table.dicts()) == (1, [1, 2], [[1, 2]], [{"a": 1, "b": 2}])
    with pytest.raises(rt.BadArgumentError, match="row 1: it has 1 cell"):
        table.append([1])
    with pytest.raises(rt.BadArgumentError, match="the columns have types and no names"):
        Table(types=["i8"]).dicts()


@pytest.mark.parametrize(
    ("kind", "right", "wrong"),
    [
        ("i8", [-128, 127, None], [-129, 128, 1.0, True, "1"]),
        ("u8", [0, 255], [-1, 256]),
        ("i64", [-(1 << 63)], [1 << 63]),
        ("u64", [(1 << 64) - 1], [1 << 64]),
        ("int", [1 << 70], [1.0]),
        ("f32", [1, 1.5, None], ["1", False, 10**400]),
        ("bool", [True, None], [1, "true"]),
        ("text", ["x", None], [1]),
        ("Point", [1, "x", [2]], []),
    ],
)
def test_known_types_are_checked(kind: str, right: list[Any], wrong: list[Any]) -> None:
    assert Table(types=[kind], rows=[[cell] for cell in right]).rows == [[cell] for cell in right]
    for cell in wrong:
        with pytest.raises(rt.BadArgumentError, match=rf"row 0: cell 0 is .*, and the column is of type {kind}"):
            Table(types=[kind], rows=[[cell]])


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({}, "one of them is expected, and neither was given"),
        ({"fields": ["a"], "types": ["i8"]}, "one of them is expected, and not both"),
        ({"fields": []}, "a table has at least one column"),
        ({"fields": ["a", "a"]}, "a name is there twice"),
        ({"fields": "ab"}, "a list of texts is expected"),
        ({"fields": [1]}, "a list of texts is expected"),
        ({"types": ["a b"]}, "a type is one word"),
        ({"fields": ["a"], "rows": [5]}, "row 0: a list of cells is expected"),
        ({"fields": ["a"], "rows": 5}, "argument `rows`: a list of rows is expected; given 5"),
        ({"fields": ["a"], "rows": ["x"]}, "row 0: a list of cells is expected"),
    ],
)
def test_what_is_no_table(arguments: dict[str, Any], problem: str) -> None:
    with pytest.raises(rt.BadArgumentError, match=problem):
        Table(**arguments)
