"""Laying out a text anew, comments and all."""

from __future__ import annotations

import re

from rt_torch.errors import ArgumentTypeError
from rt_torch.sdn.reader import Line, Reader
from rt_torch.sdn.source import Source
from rt_torch_bindings.arguments import shown

_DASHES = re.compile(r"(?:-[ \t]+)+")


def laid_out(text: str, name: str = "<text>") -> str:
    """The text with blocks indented by four spaces, no spaces at the ends of lines, and no two empty lines together.

    Comments stay, with what they are above or below; nothing changes in the values.

    Raises:
        SDNError: The text is not in the notation.
        ArgumentTypeError: It is no text.
    """
    if not isinstance(text, str):
        raise ArgumentTypeError(f"rt.sdn.laid_out: argument `text`: a text is expected; given {shown(text)}")
    text = text.removeprefix("\ufeff")
    Source(text, name).check_characters()  # before a carriage return too many becomes part of an end of line
    source = Source(text.replace("\r\n", "\n"), name)
    reader = Reader(source)
    reader.read()
    lines: list[str] = []
    before = Line(0, 0, 0, 0)
    for line in reader.lines:
        lines += _between(source.text[before.end : line.start], before, line)
        lines += _moved(source.text[line.start : line.end], line)
        before = line
    end = len(source.text)
    lines += _between(source.text[before.end :], before, Line(end, end, end, 0))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n") + "\n" if any(lines) else ""


def _between(text: str, before: Line, after: Line) -> list[str]:
    """The comments and empty lines between two lines.

    A comment that is indented more than the later line is the earlier one's, unless the later is in its block.
    """
    moved: list[str] = []
    for line in text.removesuffix("\n").split("\n") if text else ():
        comment = line.strip(" \t")
        is_befores = len(line) - len(line.lstrip(" \t")) > after.content - after.start
        column = max(before.column, after.column) if is_befores else after.column
        moved.append(f"{' ' * column}{comment}" if comment else "")
    return moved


def _moved(text: str, line: Line) -> list[str]:
    """A line where it belongs, and what goes on in the lines below it as far away from it as before."""
    first, *others = text.removesuffix("\n").split("\n")
    content = first.strip(" \t")
    dashes = _DASHES.match(content)
    if dashes is not None:
        content = "- " * dashes[0].count("-") + content[dashes.end() :]
    shift = line.column - (line.content - line.start)
    moved = [f"{' ' * line.column}{content}"]
    for other in others:
        text = other.strip(" \t")
        indent = max(0, len(other) - len(other.lstrip(" \t")) + shift)
        moved.append(f"{' ' * indent}{text}" if text else "")
    return moved
