"""Reading a text in the notation: one pass over its lines, and a stack of the blocks that are open."""

from __future__ import annotations

import re
from typing import NamedTuple

from rt_torch.errors import SDNError
from rt_torch.sdn.inline import MAX_DEPTH, Inline, add
from rt_torch.sdn.node import Entry, Node
from rt_torch.sdn.source import Source
from rt_torch.sdn.table import Table

_BLANK = re.compile(r"[ \t]*(?:#[^\n]*)?(?:\r?\n|\Z)")
_INDENT = re.compile(r"[ \t]*")
_DASH = re.compile(r"-(?=[ \t\r\n]|\Z)[ \t]*")
_KEY = re.compile(
    r"""(?:[A-Za-z_][A-Za-z0-9_./-]*|"[^"\\\n]*(?:\\[^\n][^"\\\n]*)*"|'[^'\\\n]*(?:\\[^\n][^'\\\n]*)*')"""
    r"[ \t]*(?::(?![A-Za-z0-9_./:-])|=|\|)"
)
_TIGHT_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*:(?=[A-Za-z0-9_./:-])")
_EXTENSION = re.compile(r"(grid|tensor)[ \t]+[A-Za-z_\"'][^:=|#\n]*:")
_TYPED = re.compile(r"table[ \t]*\{")
_TYPE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")

_INSTEAD = {
    "grid": "a table, `name |a, b|` with rows of cells between commas",
    "tensor": "a list of lists, `[[1, 2], [3, 4]]`",
}

STEP = 4  # by which a text that is well laid out indents a block
DASH_STEP = 2  # what stands behind a dash is so far behind it


class Block(NamedTuple):
    """Lines of the same indentation."""

    indent: str
    node: Node
    column: int  # where its lines begin in a text that is well laid out


class Pending(NamedTuple):
    """A value that is to follow in lines of its own."""

    container: Node
    key: str
    start: int  # of its entry
    after: int  # behind what announces it


class Line(NamedTuple):
    """A line in which something begins."""

    start: int
    content: int  # where its indentation ends
    end: int  # where the next line begins, which is not always the next in the text: brackets may go over several
    column: int  # where the content is in a text that is well laid out


class Reader(Inline):
    """Reads one text."""

    def __init__(self, source: Source) -> None:
        super().__init__(source)
        self.lines: list[Line] = []
        self._blocks: list[Block] = []
        self._pending: Pending | None = None
        self._table: Node | None = None  # whose rows may follow

    def read(self) -> Node:
        """The value of the whole text: a dictionary without keys where nothing is in it, one value if that is all.

        Raises:
            SDNError: It is not in the notation.
        """
        self.source.check_characters()
        at = self._next_line(0)
        while at is not None:
            at = self._next_line(self._line(at))
        if self._pending is not None:
            raise self._missing(self._pending)
        if not self._blocks:
            return Node("dict", {}, len(self.text), len(self.text), {})
        root = self._blocks[0].node
        return root.items[0].node if root.style == "values" and len(root.items) == 1 else root

    # Lines and blocks.

    def _next_line(self, at: int) -> int | None:
        """Where the next line begins that is not empty."""
        while at < len(self.text):
            found = _BLANK.match(self.text, at)
            if found is None:
                return at
            at = found.end()
        return None

    def _line(self, start: int) -> int:
        """Read what begins in a line; where the next one begins."""
        found = _INDENT.match(self.text, start)
        indent = found[0] if found else ""
        at = start + len(indent)
        if not self._opens(indent, at):
            self._close(indent, at)
        column = self._blocks[-1].column
        end = self._item(at)
        self.lines.append(Line(start, at, end, column))
        return end

    def _opens(self, indent: str, at: int) -> bool:
        """Open the block that this line begins, if it does."""
        if not self._blocks:
            self._push(Block(indent, self._block_at(at), 0))
            return True
        outer = self._blocks[-1]
        pending, table = self._pending, self._table
        self._pending = self._table = None
        deeper = len(indent) > len(outer.indent)
        if deeper and (pending or table) and not indent.startswith(outer.indent):
            raise self._mixed(at)
        if table is not None and deeper:
            self._push(Block(indent, table, outer.column + STEP))
            return True
        if pending is None:
            return False
        level = outer.node.style == "dict" and indent == outer.indent and _DASH.match(self.text, at)
        if not deeper and not level:
            raise self._missing(pending)
        node = self._block_at(at)
        add(pending.container, pending.key, Entry(pending.start, node))
        self._push(Block(indent, node, outer.column + (DASH_STEP if outer.node.style == "dashes" else STEP)))
        return True

    def _block_at(self, at: int) -> Node:
        style = self._style(at)
        return Node(style, {}, at, items={}) if style == "dict" else Node(style, [], at, items=[])

    def _style(self, at: int) -> str:
        """How a block is written, as its first line shows."""
        if _DASH.match(self.text, at):
            return "dashes"
        if _KEY.match(self.text, at):
            return "dict"
        self._refuse_extension(at)
        return "values"

    def _push(self, block: Block) -> None:
        if len(self._blocks) >= MAX_DEPTH:
            raise self.error(block.node.start, f"it is nested deeper than {MAX_DEPTH} levels")
        self._blocks.append(block)

    def _close(self, indent: str, at: int) -> None:
        """Close the blocks that this line is behind."""
        deepest = len(self._blocks)
        while len(self._blocks) > 1 and len(self._blocks[-1].indent) > len(indent):
            self._blocks.pop()
        block = self._blocks[-1]
        if block.indent == indent:
            outer = self._blocks[-2] if len(self._blocks) > 1 else block
            if outer.indent == indent and outer is not block and not _DASH.match(self.text, at):
                self._blocks.pop()  # a list whose dashes stand below their key
            return
        if len(block.indent) == len(indent) or not indent.startswith(block.indent):
            raise self._mixed(at) if len(block.indent) <= len(indent) else self._between(at)
        if len(self._blocks) < deepest:
            raise self._between(at)
        line, _ = self.source.place(block.node.start)
        raise self.error(
            at, f"it is indented deeper than the block that begins in line {line}, and nothing announces that"
        )

    def _mixed(self, at: int) -> SDNError:
        return self.error(at, "its indentation has tabs where that of the lines above has spaces, or the reverse")

    def _between(self, at: int) -> SDNError:
        return self.error(at, "its indentation is that of none of the blocks above")

    def _missing(self, pending: Pending) -> SDNError:
        return self.error(pending.after, "a value is missing: expected one here, or an indented block in the next line")

    def _finished(self, at: int) -> int:
        """That nothing is left in the line; where the next one begins."""
        after = self.end_of_line(at)
        if after is None:
            raise self.unexpected(at, "the end of the line (a text of several words stands in quotes)")
        return after

    # Items.

    def _item(self, at: int) -> int:
        """Read the item of the innermost block that begins there; where the next line begins."""
        node = self._blocks[-1].node
        while node.style == "dashes":
            content = self._behind_dash(node, at)
            after = self.end_of_line(content)
            if after is not None:
                self._pending = Pending(node, "", at, content)
                return after
            if self._style(content) == "values":
                value = self.value(content, len(self._blocks))
                add(node, "", Entry(at, value))
                return self._finished(value.end)
            inner = self._block_at(content)
            add(node, "", Entry(at, inner))
            indent = f"{self._blocks[-1].indent} {self.text[at + 1 : content]}"
            self._push(Block(indent, inner, self._blocks[-1].column + DASH_STEP))
            node, at = inner, content
        if node.style == "dict":
            return self._entry(node, at)
        if node.style == "rows":
            return self._row(node, at)
        return self._value(node, at)

    def _behind_dash(self, node: Node, at: int) -> int:
        found = _DASH.match(self.text, at)
        if found is None:
            raise self.unexpected(at, f"`-` and a space, as in line {self._first_line(node)}")
        return found.end()

    def _value(self, node: Node, at: int) -> int:
        if _KEY.match(self.text, at) or _DASH.match(self.text, at):
            raise self.unexpected(at, f"a value by itself, as in line {self._first_line(node)}")
        is_root = len(self._blocks) == 1
        if is_root and len(node.items) == 1:
            self.value(node.items[0].start, 1)  # it is in a list after all: so deep it may not be
        value = self.value(at, 0 if is_root and not node.items else len(self._blocks))
        add(node, "", Entry(at, value))
        return self._finished(value.end)

    def _entry(self, node: Node, at: int) -> int:
        """Read a key, and its value where this begins in the line."""
        if not _KEY.match(self.text, at):
            raise self._no_key(node, at)
        key, end = self.key(at)
        self.check_new(node, key, at)
        mark = self.skip_space(end)
        content = self.skip_space(mark + 1)
        if self.text[mark] == "|":
            return self._with_header(node, key, at, mark)
        if self.text[mark] == ":":
            after = self.end_of_line(content)
            if after is not None:
                self._pending = Pending(node, key, at, mark + 1)
                return after
            if _TYPED.match(self.text, content):
                return self._with_types(node, key, at, content)
            if self.text[content] == "|":
                raise self.error(content, "a table's columns stand behind its name without a colon: `name |a, b|`")
        value = self.value(content, len(self._blocks))
        add(node, key, Entry(at, value))
        return self._finished(value.end)

    def _no_key(self, node: Node, at: int) -> SDNError:
        self._refuse_extension(at)
        tight = _TIGHT_KEY.match(self.text, at)
        if tight is not None:
            return self.error(tight.end(), "a space is missing after the colon: without one, it is part of a word")
        return self.unexpected(at, f"`key: value`, as in line {self._first_line(node)}")

    def _first_line(self, node: Node) -> int:
        return self.source.place(node.start)[0]

    def _refuse_extension(self, at: int) -> None:
        found = _EXTENSION.match(self.text, at)
        if found is not None:
            name = found[1]
            raise self.error(
                at, f"`{name}` is an extension of the notation that is not read here: expected {_INSTEAD[name]}"
            )

    # Tables.

    def _with_header(self, node: Node, key: str, start: int, bar: int) -> int:
        """Read `|a, b|`, and the row behind it if there is one."""
        names, at = self._columns(bar + 1, "|")
        table = Node("rows", Table(names), bar, at, [])
        add(node, key, Entry(start, table))
        content = self.skip_space(at)
        after = self.end_of_line(content)
        if after is not None:
            self._table = table
            return after
        table.style = "header"
        return self._row(table, content)

    def _with_types(self, node: Node, key: str, start: int, at: int) -> int:
        """Read `table{i32, i32}`, and the rows in brackets behind it if they are there."""
        types, end = self._columns(self.text.index("{", at) + 1, "}")
        table = Node("rows", Table(types=types), at, end, [])
        add(node, key, Entry(start, table))
        content = self.skip_space(end)
        after = self.end_of_line(content)
        if after is not None:
            self._table = table
            return after
        table.style = "listed"
        bracket = self.skip_space(content + 1)
        if self.text[content] != "=" or self.text[bracket : bracket + 1] != "[":
            raise self.unexpected(content, "`= [(..), (..)]`, or rows in the next lines")
        table.end = self._listed(table, bracket) + 1
        return self._finished(table.end)

    def _columns(self, at: int, closing: str) -> tuple[list[str], int]:
        """Names or types of columns, and where they end."""
        names: list[str] = []
        known: set[str] = set()
        while not (names and self.text[at : at + 1] == closing):
            at = self.skip_space(at)
            name, end = self.key(at) if closing == "|" else self._type(at)
            if closing == "|" and name in known:
                raise self.error(at, f"a column `{name}` is there already")
            known.add(name)
            names.append(name)
            at = self.skip_space(end)
            if self.text[at : at + 1] == ",":
                at = self.skip_space(at + 1)
            elif self.text[at : at + 1] != closing:
                raise self.unexpected(at, f"`,` or `{closing}`")
        return names, at + 1

    def _type(self, at: int) -> tuple[str, int]:
        found = _TYPE.match(self.text, at)
        if found is None:
            raise self.unexpected(at, "a type, such as i32, f64, bool or str")
        return found[0], found.end()

    def _row(self, table: Node, at: int) -> int:
        if _DASH.match(self.text, at):
            raise self.unexpected(at, "a row of cells with commas between them, and no dash")
        row = self.cells(at, len(self._blocks))
        self._add_row(table, row)
        table.end = row.end
        return self._finished(row.end)

    def _listed(self, table: Node, bracket: int) -> int:
        """Read `[(1, 2), (3, 4)]`; where its last bracket is."""
        at = self.skip_lines(bracket + 1)
        while self.text[at : at + 1] != "]":
            if self.text[at : at + 1] != "(":
                raise self.unexpected(at, "a row in parentheses, or `]`")
            row = self.cells(at, len(self._blocks) + 1)
            self._add_row(table, row)
            at = self.skip_lines(row.end)
            if self.text[at : at + 1] == ",":
                at = self.skip_lines(at + 1)
            elif self.text[at : at + 1] != "]":
                raise self.unexpected(at, "`,` or `]`")
        return at

    def _add_row(self, table: Node, row: Node) -> None:
        try:
            row.value = table.value.checked(row.value)
        except ValueError as error:
            raise self.error(row.start, str(error)) from None
        table.value.rows.append(row.value)
        table.items.append(Entry(row.start, row))
