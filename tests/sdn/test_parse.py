"""Reading the notation: every form of a value, the forms that real files have besides, and what is said of mistakes."""

from __future__ import annotations

from typing import Any

import pytest

import rt_torch as rt
from rt_torch import sdn
from rt_torch.sdn import Table
from tests.sdn.values import equal


def parsed(text: str) -> Any:
    return sdn.parse(text)


def message(text: str) -> str:
    with pytest.raises(rt.SDNError) as caught:
        sdn.parse(text, "x.sdn")
    return str(caught.value)


class TestScalars:
    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ("word", "word"),
            ("cuda:1", "cuda:1"),
            ("a.b/c-d_e", "a.b/c-d_e"),
            ("std::vec", "std::vec"),
            ("https://example.org/a:b", "https://example.org/a:b"),
            ("truest", "truest"),
            ('"two words"', "two words"),
            ("'it\"s'", 'it"s'),
            (r'"\" \\ \/ \' \n \t \r \b \f \0 \u00e9 \ud83d\ude00"', "\" \\ / ' \n \t \r \b \f \0 é 😀"),
            ('"# no comment"', "# no comment"),
            ('""', ""),
            ('"true"', "true"),
            ("0", 0),
            ("-5", -5),
            ("+5", 5),
            ("1_000_000", 1000000),
            (str(1 << 70), 1 << 70),
            ("9" * 4300, int("9" * 4300)),
            ("0.5", 0.5),
            ("-0.0", -0.0),
            ("1e-3", 0.001),
            ("1_0.2_5E+2", 1025.0),
            ("5e-324", 5e-324),
            ("1e-999", 0.0),
            ("true", True),
            ("false", False),
            ("null", None),
            ("nil", None),
        ],
    )
    def test_values(self, text: str, value: object) -> None:
        assert equal(parsed(f"key: {text}"), {"key": value})
        assert equal(parsed(f"key: {text}  # a comment"), {"key": value})
        assert equal(parsed(f"key: [{text}, {{inner: {text}}}]"), {"key": [value, {"inner": value}]})
        assert equal(parsed(f"key:\n    {text}\n    {text}"), {"key": [value, value]})
        assert equal(parsed(text), value)

    @pytest.mark.parametrize("word", ["ready:", "std::", "true:"])
    def test_words_may_end_with_colons_where_they_are_no_keys(self, word: str) -> None:
        assert parsed(f"key: {word}") == parsed(f"key: {word}  # a comment") == {"key": word}
        assert parsed(f"key: [{word}, {{inner: {word}}}]") == {"key": [word, {"inner": word}]}
        assert sdn.parse(sdn.to_string({"key": word})) == {"key": word}

    @pytest.mark.parametrize(
        ("text", "column", "problem"),
        [
            ("/usr/lib", 1, "a text that is no plain word stands in quotes"),
            ("two words", 5, "a text of several words stands in quotes"),
            ("2026-02-05", 5, "goes on after a number: expected quotes around it"),
            ("1.2.3", 4, "goes on after a number"),
            ("007", 2, "goes on after a number"),
            ("0x1f", 2, "goes on after a number"),
            (".5", 1, "expected a value"),
            ("5.", 2, "goes on after a number"),
            ("a$b", 2, "goes on after a word"),
            ("é", 1, "expected a value"),
            ('"a', 1, "has no counterpart in its line"),
            ('"a\nb"', 1, "has no counterpart in its line"),
            ('"a"b', 4, "goes on after a text"),
            (r'"a\qb"', 3, r"\q is no escape"),
            (r'"\u12g4"', 2, r"\u has four hexadecimal digits"),
            (r'"\ud800"', 2, "halves of characters"),
            ("1e999", 1, "larger than any float"),
            ("9" * 4301, 1, "an integer has at most 4300 digits"),
            ("]", 1, "`]` stands here: expected a value"),
            (",", 1, "`,` stands here: expected a value"),
        ],
    )
    def test_what_is_no_value(self, text: str, column: int, problem: str) -> None:
        for before in ("key: ", "list:\n  1\n  "):
            where = before.rpartition("\n")[2]
            shown = message(before + text)
            assert shown.startswith(f"x.sdn:{before.count(chr(10)) + 1}:{len(where) + column}: ") and problem in shown


class TestInline:
    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ("[]", []),
            ("{}", {}),
            ("[1, a, [2,], {}]", [1, "a", [2], {}]),
            ("{a: 1, b: {c: [x]},}", {"a": 1, "b": {"c": ["x"]}}),
            ("{\"two words\": 1, 'b' : 2}", {"two words": 1, "b": 2}),
            ("[\n  1, # one\n\n  2\n  # the end\n]", [1, 2]),
            ("{\na: 1,\n\tb:\n 2}", {"a": 1, "b": 2}),
        ],
    )
    def test_brackets(self, text: str, value: object) -> None:
        for mark in (":", " =", ": "):
            assert equal(parsed(f"key{mark} {text} # comment\nnext: 1"), {"key": value, "next": 1})

    @pytest.mark.parametrize(
        ("text", "place", "problem"),
        [
            ("a: [1, 2", "1:4", "this `[` is never closed"),
            ("a: {b: [1]", "1:4", "this `{` is never closed"),
            ("a: [1 2]", "1:7", "`2` stands here: expected `,` or `]`"),
            ("a: [1}", "1:6", "expected `,` or `]`"),
            ("a: {b}", "1:6", "expected `:` and a space after the key"),
            ("a: {5: 1}", "1:5", "expected a key"),
            ("a: {b: 1, b: 2}", "1:11", "the key `b` is there already, in line 1"),
            ("a: [,]", "1:5", "expected a value"),
            ("a: [1] 2", "1:8", "expected the end of the line"),
        ],
    )
    def test_mistakes(self, text: str, place: str, problem: str) -> None:
        shown = message(text)
        assert shown.startswith(f"x.sdn:{place}: ") and problem in shown


class TestBlocks:
    def test_dictionaries_nest(self) -> None:
        text = "a:\n    b:\n        c: 1\n    d: 2\ne: 3\n"
        assert parsed(text) == {"a": {"b": {"c": 1}, "d": 2}, "e": 3}

    def test_the_second_token_decides(self) -> None:
        assert parsed("a:\n  b: 1") == {"a": {"b": 1}}
        assert parsed("a:\n  b:1") == {"a": ["b:1"]}  # one word
        assert parsed('a:\n  "b" : 1') == {"a": {"b": 1}}
        assert parsed("a:\n  b") == {"a": ["b"]}
        assert parsed("a:\n  {b: 1}\n  [2]\n  3") == {"a": [{"b": 1}, [2], 3]}

    def test_dashes(self) -> None:
        text = "a:\n  - 1\n  - x: 2\n    y:\n      z: 3\n  - - 4\n    - 5\n  -\n    w: 6\nb:\n- 7\n- 8\nc: -9\n"
        assert parsed(text) == {"a": [1, {"x": 2, "y": {"z": 3}}, [4, 5], {"w": 6}], "b": [7, 8], "c": -9}

    def test_the_root(self) -> None:
        assert parsed("") == parsed("# only\n\n") == {}
        assert parsed("5") == 5 and parsed("[5]") == [5] and parsed("{a: 5}") == {"a": 5}
        assert parsed("5\n6") == [5, 6] and parsed("- 5") == [5]

    def test_any_indentation_will_do(self) -> None:
        assert parsed("  a:\n   b: 1\n  c:\n\td: 2".replace("\t", "      ")) == {"a": {"b": 1}, "c": {"d": 2}}
        assert parsed("a:\n\tb:\n\t\tc: 1\n\td: 2") == {"a": {"b": {"c": 1}, "d": 2}}

    def test_comments_and_empty_lines_are_anywhere(self) -> None:
        text = "# top\n\na:  # one\n\n      # deep\n  b: 1# two\n# shallow\n  c: 2\n   \n#"
        assert parsed(text) == {"a": {"b": 1, "c": 2}}

    def test_ends_of_lines_and_marks(self) -> None:
        assert parsed("\ufeffa: 1\r\nb:\r\n  c: [\r\n1]\r\n") == {"a": 1, "b": {"c": [1]}}
        assert parsed("a: 1") == parsed("a: 1\n") == parsed("a: 1  ") == {"a": 1}

    @pytest.mark.parametrize(
        ("text", "place", "problem"),
        [
            ("a:", "1:3", "a value is missing: expected one here, or an indented block"),
            ("a:\nb: 1", "1:3", "a value is missing"),
            ("a: 1\n  b: 2", "2:3", "indented deeper than the block that begins in line 1"),
            ("a:\n    b: 1\n  c: 2", "3:3", "its indentation is that of none of the blocks above"),
            ("  a: 1\nb: 2", "2:1", "its indentation is that of none of the blocks above"),
            ("a:\n\tb: 1\n  c: 2", "3:3", "tabs where"),
            ("\ta:\n        b: 1", "2:9", "tabs where"),
            ("a: 1\nb:2", "2:3", "a space is missing after the colon"),
            ("a: 1\nb", "2:1", "expected `key: value`, as in line 1"),
            ("a: 1\n- 2", "2:1", "expected `key: value`, as in line 1"),
            ("1\na: 2", "2:1", "expected a value by itself, as in line 1"),
            ("- 1\na: 2", "2:1", "expected `-` and a space, as in line 1"),
            ("a: 1\n\na: 2", "3:1", "the key `a` is there already, in line 1"),
            ("a: b c", "1:6", "`c` stands here: expected the end of the line"),
            ("l:\n  1, 2", "2:4", "`,` stands here: expected the end of the line"),
        ],
    )
    def test_mistakes(self, text: str, place: str, problem: str) -> None:
        shown = message(text)
        assert shown.startswith(f"x.sdn:{place}: ") and problem in shown


class TestTables:
    def test_with_names(self) -> None:
        text = 'users |id, name, city|  # header\n  1, Ada, San Francisco  # row\n\n  2, "a, b", null,\nn: 1'
        made = parsed(text)["users"]
        assert made == Table(["id", "name", "city"], [[1, "Ada", "San Francisco"], [2, "a, b", None]])
        assert made.dicts()[0] == {"id": 1, "name": "Ada", "city": "San Francisco"}
        assert (len(made), made[1][0], [*made]) == (2, 2, made.rows)

    def test_a_row_behind_the_header(self) -> None:
        assert parsed("t |a, b| 1, x y # c") == {"t": Table(["a", "b"], [[1, "x y"]])}
        assert parsed('t |a, "b c",|\nn: 1') == {"t": Table(["a", "b c"]), "n": 1}

    def test_with_types(self) -> None:
        rows = [[1, 2.0], [3, 4.5]]
        wanted = {"t": Table(types=["i32", "f64"], rows=rows)}
        assert equal(parsed("t: table{i32, f64} = [(1, 2), (3, 4.5),]"), wanted)
        assert equal(parsed("t: table{i32, f64} = [\n  (1, 2), # c\n  (3, 4.5)\n]"), wanted)
        assert equal(parsed("t: table{i32, f64}\n  1, 2\n  (3, 4.5)"), wanted)
        assert parsed("t: table{i32} = []") == parsed("t: table{i32}") == {"t": Table(types=["i32"])}

    @pytest.mark.parametrize(
        ("cell", "value"),
        [
            ("San Francisco", "San Francisco"),
            ("1_0", 10),
            ("-1e2", -100.0),
            ("true", True),
            ("nil", None),
            ("2026-02-05", "2026-02-05"),
            ("007", "007"),
            ("12:30", "12:30"),
            ("it's", "it's"),
            ("f(x)", "f(x)"),
            ("[1, {a: b}]", [1, {"a": "b"}]),
            ("'x, y'", "x, y"),
        ],
    )
    def test_cells(self, cell: str, value: object) -> None:
        assert equal(parsed(f"t |a, b|\n  {cell}, 1\n"), {"t": Table(["a", "b"], [[value, 1]])})

    @pytest.mark.parametrize(
        ("text", "place", "problem"),
        [
            ("t |a, b|\n  1", "2:3", "it has 1 cell, and the table's columns are a, b"),
            ("t |a|\n  1\n  2, 3", "3:3", "it has 2 cells, and the table's columns are a"),
            ("t |a, a|", "1:7", "a column `a` is there already"),
            ("t ||", "1:4", "expected a key"),
            ("t |a", "1:5", "expected `,` or `|`"),
            ("t |a|\n  1,,2", "2:5", "expected a cell"),
            ("t |a|\n  - 1", "2:3", "no dash"),
            ("t |a|\n  b: 1", "2:4", "expected quotes around the cell"),
            ('t |a|\n  5" disk', "2:4", "expected quotes around the cell"),
            ("t |a| 1\n  2", "2:3", "indented deeper"),
            ("t: |a|", "1:4", "stand behind its name without a colon"),
            ("t: table{i8}\n  300", "2:3", "cell 0 is 300 (int), and the column is of type i8"),
            ("t: table{bool} = [(1)]", "1:19", "the column is of type bool"),
            ("t: table{str} = [(1)]", "1:18", "the column is of type str"),
            ("t: table{f64} = [(true)]", "1:18", "the column is of type f64"),
            ("t: table{} = []", "1:10", "expected a type"),
            ("t: table{i8} = [1]", "1:17", "expected a row in parentheses"),
            ("t: table{i8} = [('1' 2)]", "1:22", "expected `,` or `)`"),
            ("t: table{i8} 1", "1:14", "expected `= [(..), (..)]`, or rows in the next lines"),
        ],
    )
    def test_mistakes(self, text: str, place: str, problem: str) -> None:
        shown = message(text)
        assert shown.startswith(f"x.sdn:{place}: ") and problem in shown


class TestExtensions:
    @pytest.mark.parametrize(
        ("text", "name", "instead"),
        [
            ("grid board:\n  | 1 | 2 |", "grid", "a table"),
            ("a: 1\ntensor K: Float [d=2, h=3]\n  slice d=0:", "tensor", "a list of lists"),
            ("a:\n  grid b:\n    | 1 |", "grid", "a table"),
        ],
    )
    def test_they_are_refused_by_name(self, text: str, name: str, instead: str) -> None:
        assert f"`{name}` is an extension of the notation that is not read here: expected {instead}" in message(text)

    def test_rows_between_bars_are_refused(self) -> None:
        assert "rows between bars belong to `grid`" in message("t |a|\n  | 1 |")

    def test_their_words_are_keys_like_others(self) -> None:
        assert parsed("grid: 1\ntensor: x\ndefault = 2\nflat:\n  slice: 3") == {
            "grid": 1,
            "tensor": "x",
            "default": 2,
            "flat": {"slice": 3},
        }


class TestErrors:
    def test_the_place_is_shown(self) -> None:
        with pytest.raises(rt.SDNError) as caught:
            sdn.parse("a: 1\nbc:\tx y  # c\n", "conf/x.sdn")
        assert str(caught.value) == (
            "conf/x.sdn:2:7: `y` stands here: expected the end of the line (a text of several words stands in quotes)\n"
            "  bc:\tx y  # c\n"
            "     \t  ^"
        )
        error = caught.value
        assert (error.file, error.line, error.column) == ("conf/x.sdn", 2, 7)
        assert isinstance(error, rt.FileFormatError) and isinstance(error, ValueError) and isinstance(error, rt.Error)

    @pytest.mark.parametrize(("before", "columns"), [('a: "日本"', 9), ('a: "e\u0301"', 6), ('a: "é😀\uff21"', 10)])
    def test_characters_may_be_wide_or_be_drawn_over_others(self, before: str, columns: int) -> None:
        assert message(f"{before} x").split("\n")[1:] == [f"  {before} x", f"  {' ' * columns} ^"]

    def test_a_text_without_a_name_is_called_so(self) -> None:
        with pytest.raises(rt.SDNError, match=r"^<text>:1:1: "):
            sdn.parse("]")

    def test_long_lines_are_cut(self) -> None:
        shown = message(f"a: {'x' * 1000} y{'z' * 1000}").split("\n")
        assert max(map(len, shown)) < 200
        assert shown[1].startswith("  ...") and shown[1].endswith("...") and shown[1][shown[2].index("^")] == "y"

    def test_what_is_no_text(self) -> None:
        with pytest.raises(
            rt.ArgumentTypeError, match=r"rt\.sdn\.parse: argument `text`: a text is expected; given b''"
        ):
            sdn.parse(b"")  # type: ignore[arg-type]  # that is what is tried


def test_a_file_of_the_original() -> None:
    """The forms that its own files have: dashes, `extends`, comments behind values, lists behind colons, two spaces."""
    text = """\
# Phase 2
extends: "base.sdn"
project: medgemma-korean
model:
  name: google/medgemma-4b-it   # the base
  lora_r: 64
  lora_dropout: 0.05
  use_rslora: true
training:
  epochs: 5          # more than in phase 1
  learning_rate: 0.0001
  device: "cuda:0"
  grad_accum: nil
data: {type: mcq, path: data/train.jsonl, format: jsonl}
previous_loras:
  - models/phase0/lora
  - models/phase1/lora
tags: [phase2, "multiple choice"]
"""
    assert parsed(text) == {
        "extends": "base.sdn",
        "project": "medgemma-korean",
        "model": {"name": "google/medgemma-4b-it", "lora_r": 64, "lora_dropout": 0.05, "use_rslora": True},
        "training": {"epochs": 5, "learning_rate": 0.0001, "device": "cuda:0", "grad_accum": None},
        "data": {"type": "mcq", "path": "data/train.jsonl", "format": "jsonl"},
        "previous_loras": ["models/phase0/lora", "models/phase1/lora"],
        "tags": ["phase2", "multiple choice"],
    }
