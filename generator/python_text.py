"""Laying out Python the way ruff's formatter does, so that what is rendered needs no formatting."""

from __future__ import annotations

import keyword
import re
import textwrap
from collections.abc import Sequence

WIDTH = 120

# A function of a library that is called like one of these gets an underscore: the rendered modules use the names.
TAKEN = {"array", "bind", "bool", "bytes", "cast", "choose", "chooser", "errors", "failure", "float", "getattr"}
TAKEN |= {
    "globals",
    "importlib",
    "int",
    "list",
    "loader",
    "memory",
    "missing",
    "not_released",
    "opened",
    "path",
    "plain",
    "raw",
}
TAKEN |= {"read", "refused", "str", "tuple", "type", "unopened", "use", "utf8"}


def function_name(name: str) -> str:
    return name + "_" if name in TAKEN else param_name(name)


def param_name(name: str) -> str:
    return name + "_" if keyword.iskeyword(name) or name == "error" else name


def camel(name: str) -> str:
    """`bad_argument` as `BadArgument`."""
    return "".join(part.capitalize() for part in name.split("_"))


def bracketed(head: str, items: Sequence[str], tail: str, indent: int = 0, display: bool = False) -> str:
    """`head(a, b)tail`: on one line, or the items on a line of their own (not in a display), or one per line."""
    inside = ", ".join(items)
    if indent + len(head) + len(inside) + len(tail) <= WIDTH:
        return f"{head}{inside}{tail}"
    margin = " " * (indent + 4)
    if len(margin) + len(inside) <= WIDTH and not display:
        return f"{head}\n{margin}{inside}\n{' ' * indent}{tail}"
    return f"{head}\n" + "".join(f"{margin}{item},\n" for item in items) + " " * indent + tail


def nested(head: str, inner: str, items: Sequence[str], tail: str, indent: int = 0) -> str:
    """`head(inner(a, b))tail`, where `head` and `inner` end with their brackets and `tail` closes both."""
    line = f"{head}{inner}{', '.join(items)}){tail}"
    if indent + len(line) <= WIDTH:
        return line
    margin = " " * (indent + 4)
    return f"{head}\n{margin}{bracketed(inner, items, ')', indent + 4)}\n{' ' * indent}{tail}"


def assigned(target: str, head: str, items: Sequence[str], tail: str) -> str:
    """`target = head(a)tail`: what is assigned is broken, or, where its head does not fit either, put into brackets."""
    if len(f"{target} = {head}") <= WIDTH:
        return bracketed(f"{target} = {head}", items, tail)
    return f"{target} = (\n    {bracketed(head, items, tail, 4)}\n)"


def c_lines(declaration: str) -> str:
    """A C declaration, continued behind a comma on further lines where it is long."""
    glued = re.sub(r"(?<!,) ", "\0", declaration)
    lines = textwrap.wrap(glued, WIDTH - 16, break_long_words=False, break_on_hyphens=False)
    return "\n\t\t".join(lines).replace("\0", " ")


def docstring(paragraphs: Sequence[str], indent: int = 4) -> str:
    """Paragraphs as a docstring whose first line stands at `indent`."""
    paragraphs = [text.replace("\\", "\\\\") for text in paragraphs]
    margin = " " * indent
    first = textwrap.wrap(paragraphs[0], WIDTH - indent - 6, break_long_words=False, break_on_hyphens=False)
    if len(paragraphs) == 1 and len(first) == 1 and not first[0].endswith('"'):
        return f'"""{first[0]}"""'
    lines = ['"""' + first[0], *first[1:]]
    for paragraph in paragraphs[1:]:
        lines += ["", *_lines(paragraph, WIDTH - indent)]
    lines.append('"""')
    return "\n".join(margin + line if line and place else line for place, line in enumerate(lines))


def _lines(paragraph: str, width: int) -> list[str]:
    """The lines of a list, which start with spaces, are continued further in."""
    lines = []
    for line in paragraph.split("\n"):
        deeper = " " * (len(line) - len(line.lstrip()) + 4) if line.startswith(" ") else ""
        lines += textwrap.wrap(line, width, subsequent_indent=deeper, break_long_words=False, break_on_hyphens=False)
    return lines
