"""Any text is either read or refused with an SDNError, whatever is in it."""

from __future__ import annotations

import copy
import os
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import rt_torch as rt
from rt_torch import sdn
from tests.sdn.values import anything, equal

MANY = 100_000


@settings(max_examples=600, deadline=None)
@given(anything)
@example("t |a|\n  x\n\n# end")
@example("a:\n- b: 1\n\n  c: 2")
def test_any_text(text: str) -> None:
    try:
        value = sdn.parse(text, "x.sdn")
    except rt.SDNError as error:
        first, _, caret = str(error).split("\n")
        assert first.startswith(f"x.sdn:{error.line}:{error.column}: ")
        assert error.line >= 1 and error.column >= 1 and caret.strip() == "^"
    else:
        assert equal(sdn.parse(sdn.to_string(value)), value)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=40))
def test_any_bytes(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "any.sdn"
    path.write_bytes(content)
    try:
        sdn.parse_file(path)
    except rt.SDNError as error:
        assert error.file == str(path)


@pytest.mark.parametrize(
    "text",
    [
        "[" * MANY,
        "a: " + "[" * MANY + "]" * MANY,
        "{a: " * MANY,
        "- " * MANY,
        "(" * MANY,
        "a: table{i8} = [" + "(" * MANY,
        "\n".join(" " * depth + "a:" for depth in range(200)),
        "t |a|\n  " + "[" * MANY,
    ],
    ids=lambda text: text[:20],
)
def test_deep_nesting_is_refused(text: str) -> None:
    with pytest.raises(rt.SDNError):
        sdn.parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100 + "]" * 100,
        "1\n" + "[" * 99 + "]" * 99,
        "a: " + "[" * 99 + "]" * 99,
        "- " * 100 + "1",
        "".join(f"{' ' * depth}-\n" for depth in range(99)) + " " * 99 + "x: 1",
        "".join(f"{' ' * depth}a:\n" for depth in range(98)) + " " * 98 + "t |x|\n" + " " * 99 + "1",
    ],
    ids=lambda text: text[:20],
)
def test_what_is_as_deep_as_it_may_be_can_be_used(text: str) -> None:
    value = sdn.parse(text)
    assert copy.deepcopy(value) == value and repr(value)
    assert sdn.parse(sdn.to_string(value)) == value


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("[" * 101 + "]" * 101, "1:101"),
        ("[" * 100 + "]" * 100 + "\n1", "1:100"),
        ("1\n" + "[" * 100, "2:100"),
        ("- " * 101 + "1", "1:201"),
    ],
    ids=lambda text: text[:20],
)
def test_what_is_a_level_deeper_is_refused(text: str, place: str) -> None:
    with pytest.raises(rt.SDNError, match=rf"^<text>:{place}: it is nested deeper than 100 levels"):
        sdn.parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "k: " + " " * MANY + "x y",
        "\n" * MANY + "]",
        "# comment\n" * MANY + "]",
        '"' + "\\" * MANY,
        "'" * MANY,
        "a" + ":" * MANY + " b",
        "a: " + "1_" * MANY,
        "a: " + "9" * MANY,
        "a: 1" + "0" * MANY + ".5e5",
        "t |a|\n  1" + "," * MANY,
        "t |a|\n  " + "x " * MANY + "|",
        "[" + " # c\n" * MANY,
        "[" + "1, " * MANY,
        "grid " * MANY,
        "".join(f"k{number}: 1\n" for number in range(MANY // 10)) + "k5: 1",
        "- a\n" * (MANY // 10) + "b: 1",
        "t |" + ", ".join(f"c{number}" for number in range(MANY)) + ", c5|",
    ],
    ids=lambda text: repr(text[:20]),
)
def test_long_texts_are_refused_soon(text: str) -> None:
    """What took time that grows with the square of the length would not come to an end here."""
    with pytest.raises(rt.SDNError):
        sdn.parse(text)


@pytest.mark.parametrize(
    ("text", "place", "problem"),
    [
        ("a: \0", "1:4", "U+0000 stands here"),
        ('b: 1\na: "\x1b"', "2:5", r"U+001B stands here: a text in quotes has control characters as \u001B"),
        ("a: \ud800", "1:4", "U+D800 is half of a character"),
        ("a: 1\rb: 2", "1:5", "a carriage return is followed by a line feed"),
        ("a:\u00a01", "1:3", "U+00A0 stands here"),
        ("a: 1\u2028b: 2", "1:5", "U+2028 goes on after a number"),
        ("a: \ufeff1", "1:4", "U+FEFF stands here"),
    ],
)
def test_characters_that_none_expects(text: str, place: str, problem: str) -> None:
    with pytest.raises(rt.SDNError) as caught:
        sdn.parse(text, "x")
    assert str(caught.value).startswith(f"x:{place}: ") and problem in str(caught.value)


@pytest.mark.parametrize(
    ("content", "place", "byte"),
    [(b"a: 1\nb: \xff", "2:4", "0xff"), (b"a\xc3", "1:2", "0xc3"), ("ä: 1".encode("utf-16"), "1:1", "0xff")],
)
def test_files_that_are_no_text(tmp_path: Path, content: bytes, place: str, byte: str) -> None:
    path = tmp_path / "x.sdn"
    path.write_bytes(content)
    with pytest.raises(rt.SDNError) as caught:
        sdn.parse_file(path)
    assert str(caught.value).startswith(f"{path}:{place}: the byte {byte} is no UTF-8")


def test_files(tmp_path: Path) -> None:
    path = tmp_path / "x.sdn"
    path.write_bytes(b'\xef\xbb\xbfname: "\xc3\xa9"\r\nn:\t1\r\n')
    assert sdn.parse_file(path) == sdn.parse_file(str(path)) == {"name": "é", "n": 1}
    with pytest.raises(FileNotFoundError):
        sdn.parse_file(tmp_path / "none.sdn")
    with pytest.raises(IsADirectoryError):
        sdn.parse_file(tmp_path)
    for name, function in (("parse_file", sdn.parse_file), ("read_document", sdn.read_document)):
        with pytest.raises(rt.ArgumentTypeError, match=rf"^rt\.sdn\.{name}: argument `path`: a path is expected"):
            function(5)  # type: ignore[arg-type]  # that is what is tried
    with pytest.raises(rt.BadArgumentError, match=r"^rt\.sdn\.write_file: argument `path`: a path has no NUL"):
        sdn.write_file("a\0", {})


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    path, link = tmp_path / "x.sdn", tmp_path / "link.sdn"
    sdn.write_file(path, {"a": "é"})
    assert path.read_bytes() == 'a: "é"\n'.encode()
    path.chmod(0o640)
    link.symlink_to(path)
    sdn.write_file(str(link), sdn.read_document(path))
    sdn.write_file(link, {"a": 2})
    assert link.is_symlink() and path.read_text() == "a: 2\n" and path.stat().st_mode & 0o777 == 0o640
    with pytest.raises(rt.BadArgumentError):
        sdn.write_file(path, {"a": float("nan")})
    with pytest.raises(IsADirectoryError):
        sdn.write_file(tmp_path, {"a": 3})
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OSError, match="It is no regular file"):
        sdn.write_file(tmp_path / "pipe", {"a": 3})
    assert (tmp_path / "pipe").is_fifo()
    (tmp_path / "pipe").unlink()
    assert path.read_text() == "a: 2\n" and sorted(tmp_path.iterdir()) == [link, path]
