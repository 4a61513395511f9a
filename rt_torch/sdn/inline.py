"""Reading what stands within a line, or in brackets: words, numbers, quoted texts, lists and dictionaries."""

from __future__ import annotations

import re
from typing import Any

from rt_torch.errors import SDNError
from rt_torch.sdn.node import Entry, Node
from rt_torch.sdn.scalar import BARE, BARE_KEY, NUMBER, QUOTED, WORDS, BadScalar, number, plain, unquoted
from rt_torch.sdn.source import Source

MAX_DEPTH = 100  # so that Python can compare, print and copy whatever was read

_END_OF_LINE = re.compile(r"[ \t]*(?:#[^\n]*)?\r?(?:\n|\Z)")
_SPACE = re.compile(r"[ \t]*")
_LINES = re.compile(r"(?:[ \t\r\n]+|#[^\n]*)*")  # what may stand between the parts of a bracket
_COLONS_AT_END = re.compile(r":+(?=[ \t]*(?:[,\]})#\r\n]|\Z))")  # of a word: before anything else they follow a key
_TOKEN = re.compile(r"""[^\s,\[\]{}()|#"']+|.""")
_RAW_CELL = re.compile(r"[^,#\n]*")
_RAW_CELL_IN_TUPLE = re.compile(r"[^,#\n)]*")
_NOT_RAW = re.compile(r"""[\[\]{}"|]|:(?=[ \t])""")
_AFTER_VALUE = " \t\r\n#,]})"

_OPENING = {"[": "]", "{": "}"}


class Inline:
    """Reads values from places in a text."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.text = source.text

    def value(self, at: int, depth: int) -> Node:
        """The value that begins there.

        Args:
            at: A place in the text.
            depth: How many containers it is in.
        """
        open_ones: list[tuple[Node, str, int]] = []  # with the key, and where that is, of the value to come
        while True:
            if self.text[at : at + 1] in ("[", "{"):
                node = self._opened(at, depth + len(open_ones))
                at = self.skip_lines(at + 1)
                if not self._closes(node, at):
                    at = self._next_item(open_ones, node, at)
                    continue
                node.end = at + 1
            else:
                node = self.scalar(at)
            while open_ones:
                container, key, start = open_ones.pop()
                add(container, key, Entry(start, node))
                at = self._after_item(container, node.end)
                if not self._closes(container, at):
                    at = self._next_item(open_ones, container, at)
                    break
                container.end = at + 1
                node = container
            else:
                return node

    def _opened(self, at: int, depth: int) -> Node:
        if depth >= MAX_DEPTH:
            raise self.error(at, f"it is nested deeper than {MAX_DEPTH} levels")
        is_list = self.text[at] == "["
        return Node("inline", [] if is_list else {}, at, items=[] if is_list else {})

    def _closes(self, container: Node, at: int) -> bool:
        return self.text[at : at + 1] == _OPENING[self.text[container.start]]

    def _next_item(self, open_ones: list[tuple[Node, str, int]], container: Node, at: int) -> int:
        """Remember what the next value is for; where this begins."""
        if at >= len(self.text):
            raise self.error(container.start, f"this `{self.text[container.start]}` is never closed")
        if isinstance(container.value, list):
            open_ones.append((container, "", at))
            return at
        key, end = self.key(at)
        self.check_new(container, key, at)
        colon = self.skip_space(end)
        if self.text[colon : colon + 1] != ":":
            raise self.unexpected(colon, "`:` and a space after the key")
        open_ones.append((container, key, at))
        return self.skip_lines(colon + 1)

    def _after_item(self, container: Node, at: int) -> int:
        """Where the next item begins, or the bracket closes."""
        at = self.skip_lines(at)
        if self.text[at : at + 1] == ",":
            return self.skip_lines(at + 1)
        if at >= len(self.text):
            raise self.error(container.start, f"this `{self.text[container.start]}` is never closed")
        if not self._closes(container, at):
            closing = _OPENING[self.text[container.start]]
            raise self.unexpected(at, f"`,` or `{closing}`")
        return at

    def key(self, at: int) -> tuple[str, int]:
        """The key that begins there, and where it ends."""
        found = BARE_KEY.match(self.text, at)
        if found is not None:
            return found[0], found.end()
        if self.text[at : at + 1] in ('"', "'"):
            node = self._quoted(at)
            return node.value, node.end
        raise self.unexpected(at, "a key: a word, or a text in quotes")

    def check_new(self, container: Node, key: str, at: int) -> None:
        """That a dictionary has no such key yet."""
        if key in container.items:
            line, _ = self.source.place(container.items[key].start)
            raise self.error(at, f"the key `{key}` is there already, in line {line}")

    # Single values.

    def scalar(self, at: int) -> Node:
        """The word, number or quoted text that begins there."""
        character = self.text[at : at + 1]
        if character in ('"', "'") and character:
            return self._quoted(at)
        found = NUMBER.match(self.text, at)
        if found is not None:
            self._check_end(found, "number")
            return Node("scalar", self._read(number, found[0], at), at, found.end())
        found = BARE.match(self.text, at)
        if found is None:
            raise self.unexpected(at, "a value; a text that is no plain word stands in quotes")
        colons = _COLONS_AT_END.match(self.text, found.end())
        if colons is not None:
            return Node("scalar", found[0] + colons[0], at, colons.end())
        self._check_end(found, "word")
        return Node("scalar", WORDS.get(found[0], found[0]), at, found.end())

    def _quoted(self, at: int) -> Node:
        found = QUOTED.match(self.text, at)
        if found is None:
            raise self.error(at, f"this {self.text[at]} has no counterpart in its line: a text in quotes ends with one")
        self._check_end(found, "text", ":=|")
        return Node("scalar", self._read(unquoted, found[0][1:-1], at + 1), at, found.end())

    def _check_end(self, found: re.Match[str], kind: str, more: str = "") -> None:
        """That the value ends where it seems to."""
        following = self.text[found.end() : found.end() + 1]
        if following and following not in _AFTER_VALUE + more:
            hint = "a space, a comma or the end of the line" if kind == "text" else "quotes around it, if it is text"
            raise self.error(found.end(), f"{self._named(found.end())} goes on after a {kind}: expected {hint}")

    def _read(self, read: Any, text: str, at: int) -> Any:
        try:
            return read(text)
        except BadScalar as error:
            raise self.error(at + error.at, str(error)) from None

    # Rows of tables.

    def cells(self, at: int, depth: int) -> Node:
        """A row up to the end of its line, or in parentheses."""
        if self.text[at] != "(":
            return self._cells_of(Node("row", [], at, items=[]), at, depth)
        row = self._cells_of(Node("tuple", [], at, items=[]), self.skip_lines(at + 1), depth)
        row.end = self.skip_lines(row.end) + 1
        return row

    def _cells_of(self, row: Node, at: int, depth: int) -> Node:
        """Read cells into a row that ends where the last one does, or the comma behind it."""
        while True:
            cell = self._cell(at, depth, row.style)
            add(row, "", Entry(at, cell))
            row.end = cell.end
            at = self._skip(row, cell.end)
            if self.text[at : at + 1] == ",":
                row.end = at + 1
                at = self._skip(row, at + 1)
            elif not self._ends(row, at):
                raise self.unexpected(at, "`,` or `)`" if row.style == "tuple" else "`,` or the end of the line")
            if self._ends(row, at):
                return row

    def _skip(self, row: Node, at: int) -> int:
        return self.skip_lines(at) if row.style == "tuple" else self.skip_space(at)

    def _ends(self, row: Node, at: int) -> bool:
        return self.text[at : at + 1] == ")" if row.style == "tuple" else self.end_of_line(at) is not None

    def _cell(self, at: int, depth: int, style: str) -> Node:
        """A value, or a text without quotes up to the next comma."""
        if self.text[at : at + 1] in ("[", "{", '"', "'") and at < len(self.text):
            return self.value(at, depth)
        found = (_RAW_CELL_IN_TUPLE if style == "tuple" else _RAW_CELL).match(self.text, at)
        text = found[0].rstrip() if found else ""
        if not text:
            raise self.unexpected(at, "a cell (null, where there is nothing to say)")
        odd = _NOT_RAW.search(text)
        if odd is not None:
            if text[0] == "|":
                raise self.error(at, _GRID)
            raise self.error(
                at + odd.start(), f"`{odd[0]}` is in a cell without quotes: expected quotes around the cell"
            )
        return Node("scalar", self._read(plain, text, at), at, at + len(text))

    # Space, and errors.

    def skip_space(self, at: int) -> int:
        found = _SPACE.match(self.text, at)
        return found.end() if found else at

    def skip_lines(self, at: int) -> int:
        """Past spaces, comments and ends of lines."""
        found = _LINES.match(self.text, at)
        return found.end() if found else at

    def end_of_line(self, at: int) -> int | None:
        """Where the next line begins, if nothing but a comment follows in this one."""
        found = _END_OF_LINE.match(self.text, at)
        return found.end() if found else None

    def error(self, at: int, problem: str) -> SDNError:
        return self.source.error(at, problem)

    def unexpected(self, at: int, expected: str) -> SDNError:
        if self.end_of_line(at) is None:
            at = self.skip_space(at)
        return self.error(at, f"{self._named(at)} stands here: expected {expected}")

    def _named(self, at: int) -> str:
        """What stands at a place, for a message."""
        if at >= len(self.text):
            return "the end of the text"
        if self.end_of_line(at) is not None:
            return "the end of the line"
        found = _TOKEN.match(self.text, at)
        token = found[0] if found else self.text[at]
        if len(token) > 40:
            token = f"{token[:37]}..."
        return f"`{token}`" if token.isprintable() and not token.isspace() else f"U+{ord(token[0]):04X}"


_GRID = "rows between bars belong to `grid`, an extension that is not read here: expected cells with commas, `1, 2`"


def add(container: Node, key: str, entry: Entry) -> None:
    """Put a value into a list or a dictionary."""
    if isinstance(container.value, list):
        container.items.append(entry)
        container.value.append(entry.node.value)
    else:
        container.items[key] = entry
        container.value[key] = entry.node.value
