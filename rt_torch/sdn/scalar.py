"""Single values: how words, numbers and quoted texts are written, and read."""

from __future__ import annotations

import re
from typing import Any, TypeAlias

Scalar: TypeAlias = "str | int | float | bool | None"

WORDS: dict[str, Scalar] = {"true": True, "false": False, "null": None, "nil": None}
RESERVED = ("default", "flat", "grid", "slice", "tensor")  # which the notation's extensions use as keys

BARE = re.compile(r"[A-Za-z_](?:[A-Za-z0-9_./-]|:+(?=[A-Za-z0-9_./-]))*")  # a text without quotes
BARE_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_./-]*")
QUOTED = re.compile(r"""("[^"\\\n]*(?:\\[^\n][^"\\\n]*)*")|('[^'\\\n]*(?:\\[^\n][^'\\\n]*)*')""")
_WHOLE = r"[+-]?(?:0|[1-9](?:_?[0-9])*)"
WHOLE = re.compile(_WHOLE)
NUMBER = re.compile(_WHOLE + r"(?:\.[0-9](?:_?[0-9])*)?(?:[eE][+-]?[0-9]+)?")

MAX_DIGITS = 4300  # of an integer: beyond that Python does not read them, as it takes long

_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|(.))")
_ESCAPED = {
    "0": "\0",
    "b": "\b",
    "t": "\t",
    "n": "\n",
    "f": "\f",
    "r": "\r",
    '"': '"',
    "'": "'",
    "/": "/",
    "\\": "\\",
}
_TO_ESCAPE = re.compile('["\\\\\0-\x1f\x7f]')
_SHORT = {"\t": "\\t", "\n": "\\n", "\r": "\\r", '"': '\\"', "\\": "\\\\"}


class BadScalar(ValueError):
    """What is written is no value; `at` is where in it."""

    def __init__(self, problem: str, at: int = 0) -> None:
        super().__init__(problem)
        self.at = at


# Reading.


def number(text: str) -> int | float:
    """The number that a match of NUMBER is.

    Raises:
        BadScalar: It is too large.
    """
    digits = text.replace("_", "")
    if WHOLE.fullmatch(text):
        count = len(digits.lstrip("+-"))
        if count > MAX_DIGITS:
            raise BadScalar(f"an integer has at most {MAX_DIGITS} digits, and this one has {count}")
        try:
            return int(digits)
        except ValueError:  # the process allows fewer digits
            raise BadScalar(f"an integer of {count} digits is more than Python is set to read") from None
    value = float(digits)
    if value in (float("inf"), float("-inf")):
        raise BadScalar("the number is larger than any float")
    return value


def unquoted(text: str) -> str:
    """What stands between quotes, with its escapes resolved.

    Raises:
        BadScalar: There is no such escape, or it gives half of a character.
    """
    if "\\" not in text:
        return text
    resolved = _ESCAPE.sub(_resolved, text)
    try:
        return resolved.encode("utf-16", "surrogatepass").decode("utf-16")  # which joins what \ud83d\ude00 gives
    except UnicodeDecodeError:
        raise BadScalar("\\uD800 to \\uDFFF are halves of characters, and one stands alone") from None


def _resolved(escape: re.Match[str]) -> str:
    if escape[1]:
        return chr(int(escape[1], 16))
    if escape[2] not in _ESCAPED:
        problem = "\\u has four hexadecimal digits behind it" if escape[2] == "u" else f"\\{escape[2]} is no escape"
        raise BadScalar(f"{problem}: expected \\\" \\\\ \\/ \\' \\n \\r \\t \\b \\f \\0 or \\uXXXX", escape.start())
    return _ESCAPED[escape[2]]


def plain(text: str) -> Scalar:
    """What a text without quotes means in a cell of a table: a number, true, false, null, or itself.

    Raises:
        BadScalar: It is a number, and too large.
    """
    if text in WORDS:
        return WORDS[text]
    return number(text) if NUMBER.fullmatch(text) else text


# Writing.


def written_text(text: str) -> str:
    """A text as a value: bare where that is possible."""
    return text if BARE.fullmatch(text) and text not in WORDS else quoted(text)


def written_key(key: str) -> str:
    return key if BARE_KEY.fullmatch(key) and key not in RESERVED else quoted(key)


def quoted(text: str) -> str:
    return f'"{_TO_ESCAPE.sub(_escaped, text)}"'


def _escaped(found: re.Match[str]) -> str:
    return _SHORT.get(found[0]) or f"\\u{ord(found[0]):04x}"


def written_number(value: Any) -> str:
    """A bool, an int or a finite float."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return int.__repr__(value) if isinstance(value, int) else float.__repr__(value)
