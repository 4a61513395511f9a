"""Laying out C: long lines are broken as a person would break them."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

WIDTH = 120
TAB = 8  # columns


def columns(text: str) -> int:
    return len(text.expandtabs(TAB))


def wrapped_call(head: str, args: Sequence[str], tail: str = "", indent: int = 0) -> str:
    """`head(args)tail`; where that is too long, the arguments go on below the first one.

    `indent` is the number of tabs that the caller puts before each line."""
    width = WIDTH - indent * TAB
    one_line = f"{head}({', '.join(args)}){tail}"
    if columns(one_line) <= width:
        return one_line
    lines = [head + "("]
    below = "\t" * (len(head) - len(head.lstrip("\t"))) + " " * len(head.lstrip("\t") + "(")
    for index, arg in enumerate(args):
        last = index == len(args) - 1
        piece = arg + (")" + tail if last else ",")
        opening = lines[-1].endswith("(")
        candidate = lines[-1] + ("" if opening else " ") + piece
        if not opening and columns(candidate) > width:
            lines.append(below + piece)
        else:
            lines[-1] = candidate
    return "\n".join(lines)


def wrapped_list(items: Sequence[str], indent: str = "\t") -> str:
    """`a, b, c` over as many lines as it takes."""
    lines = textwrap.wrap(", ".join(items), WIDTH - columns(indent), break_long_words=False, break_on_hyphens=False)
    return "\n".join(indent + line for line in lines)


def comment_lines(paragraphs: Sequence[str], width: int = WIDTH - 3) -> tuple[str, ...]:
    """Paragraphs as the lines of a comment, an empty one between two."""
    lines: list[str] = []
    for paragraph in paragraphs:
        if lines:
            lines.append("")
        lines += textwrap.wrap(paragraph, width, break_long_words=False, break_on_hyphens=False)
    return tuple(lines)


def tagged_lines(tag: str, text: str, width: int = WIDTH - 3) -> tuple[str, ...]:
    """`@param x  A tensor handle.`, continued below the text."""
    wrapped = textwrap.wrap(text, width - len(tag), break_long_words=False, break_on_hyphens=False)
    return (tag + wrapped[0], *(" " * len(tag) + line for line in wrapped[1:]))


def quoted(text: str) -> str:
    """A C string literal."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
