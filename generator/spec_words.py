"""What may stand in the names and texts of specs, so that every language can take them over as they are."""

from __future__ import annotations

import keyword
import re

from generator.table import Table

NAME = re.compile(r"[a-z]([a-z0-9_]*[a-z0-9])?")

_RESERVED = """
    alignas alignof and and_eq asm assert auto bitand bitor bool break case catch char char16_t char32_t char8_t class
    co_await co_return co_yield compl complex concept const const_cast consteval constexpr constinit continue decltype
    default delete do double dynamic_cast else enum errno explicit export extern false float for fortran friend goto
    if imaginary inline int long mutable namespace new noexcept noreturn not not_eq nullptr offsetof operator or or_eq
    private protected public register reinterpret_cast requires restrict return short signed sizeof static
    static_assert static_cast stderr stdin stdout struct switch template this thread_local throw true try typedef
    typeid typename typeof typeof_unqual union unsigned using virtual void volatile while xor xor_eq
    i386 linux unix fpclassify isfinite isinf isnan isnormal signbit
    max_align_t nullptr_t ptrdiff_t size_t ssize_t time_t wchar_t
    int8_t int16_t int32_t int64_t intmax_t intptr_t uint8_t uint16_t uint32_t uint64_t uintmax_t uintptr_t
    call functions library likely unlikely ok out out_cap out_len raw result
    array bytes cast cls errors getattr globals handle isinstance layout len list memory object self str super tuple type
    error gives gives_dtype gives_shape says tolerance
"""

# Words of C, C++ and Python, macros and types of C's headers, names that what is rendered uses, keys of a case.
RESERVED = frozenset(_RESERVED.split()) | frozenset(keyword.kwlist)

_TODO = re.compile(r"\b(TODO|FIXME|XXX|TBD)\b", re.IGNORECASE)
_MARKS = ("/*", "*/", '"""', "\\")  # what ends or begins a comment, a docstring, an escape


def name_problem(name: str, reserved: frozenset[str] = RESERVED) -> str:
    """Why the name cannot be one in every language; "" when it can."""
    if not name:
        return "the name is empty"
    if not NAME.fullmatch(name):
        return f"`{name}` is no good name: small letters, digits and `_`, a letter first"
    return f"the name `{name}` is taken" if name in reserved else ""


def check_docs(table: Table, key: str, text: str, subject: str = "") -> None:
    """A doc is finished, and can stand in a comment and in a table; a summary ends like a sentence."""
    subject = subject or table.name
    found = _TODO.search(text)
    if found is not None:
        table.error_within("E021", f"`{found.group()}` in the docs ({subject})", key, found.start(), len(found.group()))
    elif key == "summary" and text and not text.endswith("."):
        table.error_within("E020", f"the summary does not end with a full stop ({subject})", key, len(text) - 1, 1)
    for mark in _MARKS:
        if mark in text:
            table.error("E025", f"`{mark}` in the docs ({subject})", key, "say it in words")
    if text.endswith('"'):
        table.error("E025", f"the docs end with a quote ({subject})", key, "end them with a full stop")
    odd = next((character for character in text if not character.isprintable()), "")
    if odd:
        table.error("E025", f"the character {odd!a} in the docs ({subject})", key)


def unfinished_value(table: Table, key: str, text: str, subject: str) -> bool:
    """Whether a value still says TODO, with the error added."""
    if "TODO" in text:
        table.error_within("E021", f"`TODO` ({subject})", key, text.index("TODO"), len("TODO"))
    return "TODO" in text
