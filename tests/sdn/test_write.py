"""Writing the notation: what is written, that it reads back, and what cannot be written."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given, settings

import rt_torch as rt
from rt_torch import sdn
from rt_torch.sdn import Table
from tests.sdn.values import equal, values


@settings(max_examples=400, deadline=None)
@given(values)
def test_what_is_written_reads_back(value: Any) -> None:
    text = sdn.to_string(value)
    assert equal(sdn.parse(text), value)
    assert equal(sdn.parse(text.replace("\n", "\r\n")), value)


def test_everything_at_once() -> None:
    value = {
        "name": "two words",
        "word": "cuda:1",
        "quoted": ["true", "5", "a: b", "\n\t\0é", 'say "x"', ""],
        "numbers": [1, -2.5, 1e300, True, None],
        "empty": {"list": [], "dict": {}},
        "nested": {"deep": [[1, 2], {"a": [{}]}]},
        "users": Table(["id", "full name"], [[1, "Ada L"], [None, [1]]]),
        "points": Table(types=["f64", "str"], rows=[[0.5, "x"]]),
        "none": Table(types=["i8"]),
        "items": [{"t": Table(["a"], [[1]]), "b": 1}, 2, [{"u": Table(["a"])}]],
        "default": 1,
        "5": {"key with: colon": 1},
    }
    assert sdn.to_string(value) == (
        'name: "two words"\n'
        "word: cuda:1\n"
        'quoted: ["true", "5", "a: b", "\\n\\t\\u0000é", "say \\"x\\"", ""]\n'
        "numbers: [1, -2.5, 1e+300, true, null]\n"
        "empty:\n"
        "    list: []\n"
        "    dict: {}\n"
        "nested:\n"
        "    deep:\n"
        "        [1, 2]\n"
        "        {a: [{}]}\n"
        'users |id, "full name"|\n'
        '    1, "Ada L"\n'
        "    null, [1]\n"
        "points: table{f64, str}\n"
        "    0.5, x\n"
        "none: table{i8} = []\n"
        "items:\n"
        "    - t |a|\n"
        "          1\n"
        "      b: 1\n"
        "    - 2\n"
        "    -\n"
        "      - u |a|\n"
        '"default": 1\n'
        '"5":\n'
        '    "key with: colon": 1\n'
    )
    assert equal(sdn.parse(sdn.to_string(value)), value)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({}, ""),
        ([], "[]\n"),
        (5, "5\n"),
        ("a b", '"a b"\n'),
        ([1, 2], "[1, 2]\n"),
        ([[1]], "[[1]]\n"),
        ([[1], {"a": 2}], "[1]\n{a: 2}\n"),
        (["x" * 200], f"[{'x' * 200}]\n"),
        (["x" * 200, "y"], f"{'x' * 200}\ny\n"),
        ((1, (2,)), "1\n[2]\n"),
        ({"a": ["x" * 200]}, f"a:\n    {'x' * 200}\n"),
        ([{"t": Table(["a"])}], "- t |a|\n"),
    ],
)
def test_roots_and_long_lists(value: Any, text: str) -> None:
    assert sdn.to_string(value) == text


def test_subclasses_are_what_they_stand_for() -> None:
    assert sdn.to_string({"dtype": rt.DType.F32, "device": rt.Device.CUDA(1)}) == "dtype: f32\ndevice: cuda:1\n"


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        (math.inf, "a float that is finite is expected; given inf"),
        ({"a": [math.nan]}, "a float that is finite is expected; given nan"),
        ([10**4300], "an integer of at most 4300 digits is expected; given a huge int"),
        ("\ud800", "a text without halves of characters is expected"),
        ({"\udfff": 1}, "a text without halves of characters is expected"),
        ({"t": Table(["\ud800"])}, "a text without halves of characters is expected"),
        (Table(["a"]), "a table stands under a key"),
        ([Table(["a"])], "a table stands under a key"),
        ({"t": Table(["a"], [[{"u": Table(["a"])}]])}, "a table stands under a key"),
    ],
)
def test_values_that_cannot_be_written(value: Any, problem: str) -> None:
    with pytest.raises(rt.BadArgumentError, match=problem):
        sdn.to_string(value)


@pytest.mark.parametrize("value", [{1, 2}, b"x", object, {"a": [1j]}, {"t": Table(["a"], [[b""]])}], ids=repr)
def test_types_that_cannot_be_written(value: Any) -> None:
    with pytest.raises(
        rt.ArgumentTypeError, match="a dictionary, list, Table, text, int, float, bool or None is expected"
    ):
        sdn.to_string(value)
    with pytest.raises(rt.ArgumentTypeError, match="a text is expected as a key; given 5"):
        sdn.to_string({"a": {5: value}})


def test_a_table_whose_rows_were_spoiled() -> None:
    table = Table(["a", "b"], [[1, 2]])
    table.rows[0].pop()
    with pytest.raises(rt.BadArgumentError, match="row 0: it has 1 cell, and the table's columns are a, b"):
        sdn.to_string({"t": table})


def test_what_contains_itself() -> None:
    circle: list[Any] = []
    circle.append(circle)
    for value in (circle, {"a": circle}):
        with pytest.raises(rt.BadArgumentError, match="deeper than 100 levels, or contains itself"):
            sdn.to_string(value)
