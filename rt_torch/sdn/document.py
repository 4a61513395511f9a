"""Texts in the notation that are changed in places, and stay as they are everywhere else."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from rt_torch.errors import ArgumentTypeError, BadArgumentError
from rt_torch.sdn import writer
from rt_torch.sdn.node import Entry, Node
from rt_torch.sdn.path import Path, look_up, parts, place
from rt_torch.sdn.reader import Reader
from rt_torch.sdn.scalar import written_key
from rt_torch.sdn.source import Source
from rt_torch.sdn.table import Table
from rt_torch_bindings.arguments import shown

_NOT_SPACE = re.compile(r"[^ \t]")


class Step(NamedTuple):
    """From a container to a value in it."""

    container: Node
    entry: Entry
    number: int  # of the entry


class Document:
    """A text and its values, which are reached by paths: "training.epochs", "users.0.name".

    What is not changed keeps its comments, its spaces, and how it is written.

    Args:
        text: In the notation.
        name: What messages call it: a file's name.

    Raises:
        SDNError: The text is not in the notation.
    """

    __slots__ = ("_mark", "_newline", "_reader", "_root", "name")

    name: str

    def __init__(self, text: str, name: str = "<text>") -> None:
        if not isinstance(text, str):
            raise ArgumentTypeError(f"rt.sdn.parse: argument `text`: a text is expected; given {shown(text)}")
        self.name = name
        self._mark = text[: text.startswith("\ufeff")]  # that of UTF-8 files from elsewhere
        self._newline = "\r\n" if "\r\n" in text else "\n"
        self._take(text[len(self._mark) :])

    def _take(self, text: str) -> None:
        reader = Reader(Source(text, self.name))
        self._root = reader.read()
        self._reader = reader

    @property
    def text(self) -> str:
        """The text as it is now."""
        return self._mark + self._reader.text

    def __str__(self) -> str:
        return self.text

    @property
    def value(self) -> Any:
        """A copy of all of it, as Python's own values."""
        return copy.deepcopy(self._root.value)

    def get(self, path: Path, default: Any = None) -> Any:
        """A copy of a value; `default` where there is none."""
        try:
            return copy.deepcopy(look_up(self._root.value, parts("rt.sdn.Document.get: argument `path`", path)))
        except KeyError:
            return default

    def __contains__(self, path: Path) -> bool:
        return self.get(path, self) is not self

    def line(self, path: Path) -> int:
        """The line that a value begins in, from 1 on; 0 where there is none."""
        steps, missing = self._walk(parts("rt.sdn.Document.line: argument `path`", path))
        return 0 if missing or not steps else self._reader.source.place(steps[-1].entry.node.start)[0]

    def message(self, path: Path, problem: str) -> str:
        """What to say of a value: file:line:column and the problem, the line, and a caret.

        Only the file where there is no such value; the path [] leads to all of it.
        """
        steps, missing = self._walk(parts("rt.sdn.Document.message: argument `path`", path))
        if missing:
            return f"{self.name}: {problem}"
        node = steps[-1].entry.node if steps else self._root
        return self._reader.source.message(node.start, problem)

    def key_message(self, key: str, problem: str) -> str:
        """What to say of a key of the whole text's dictionary."""
        return self._reader.source.message(self._root.items[key].start, problem)

    # Changes.

    def set(self, path: Path, value: Any) -> None:
        """Give a value to what the path leads to; dictionaries that are missing on the way are made.

        Raises:
            BadArgumentError: The path leads through what is no dictionary and no such item, a table would be in a list
                or in brackets, or a cell is not of its column's type.
            ArgumentTypeError: The value is of a type that the notation does not have.
        """
        where = "rt.sdn.Document.set: argument `path`"
        keys = _some(where, path)
        writer.check(value, len(keys))
        steps, missing = self._walk(keys)
        if not missing:
            self._replace(steps, value)
            return
        container = steps[-1].entry.node if steps else self._root
        if isinstance(container.value, dict):
            for key in reversed(missing[1:]):
                value = {key: value}
            self._insert_entry(container, missing[0], value)
        elif isinstance(container.value, (list, Table)) and missing == [str(len(container.value))]:
            self._push(steps, container, value)
        else:
            raise BadArgumentError(f"{where}: there is no {missing[0]!r} in it; given {shown(path)}")

    def push(self, path: Path, value: Any) -> None:
        """Add an item to a list, or a row to a table; a list that is missing is made.

        Raises:
            BadArgumentError: The path leads to something else, or the value cannot stand there.
            ArgumentTypeError: The value is of a type that the notation does not have.
        """
        where = "rt.sdn.Document.push: argument `path`"
        keys = parts(where, path)
        writer.check(value, len(keys) + 1)
        steps, missing = self._walk(keys)
        if missing:
            self.set(path, [value])
            return
        node = steps[-1].entry.node if steps else self._root
        if not isinstance(node.value, (list, Table)) or node.style in ("row", "tuple"):
            raise BadArgumentError(f"{where}: a list or a table is expected there; given {shown(path)}")
        self._push(steps, node, value)

    def delete(self, path: Path) -> None:
        """Take something out.

        Raises:
            BadArgumentError: There is no such thing, or it is a cell, which can only become None.
        """
        where = "rt.sdn.Document.delete: argument `path`"
        steps, missing = self._walk(_some(where, path))
        if missing:
            raise BadArgumentError(f"{where}: there is no such thing; given {shown(path)}")
        container = steps[-1].container
        if container.style in ("row", "tuple"):
            raise BadArgumentError(f"{where}: a cell can be set to None, and not be taken out; given {shown(path)}")
        if container.style == "header":
            self._splice(self._end_of_header(container), container.end, "")
        elif container.style in ("inline", "listed"):
            self._cut(container, steps[-1])
        elif container.style == "rows" or len(container.items) > 1 or (len(steps) == 1 and container.style == "dict"):
            self._cut_lines(container, steps[-1])
        elif len(steps) > 1:
            self._replace(steps[:-1], type(container.value)())
        else:
            self._splice(container.start, container.end, "[]")

    # Finding.

    def _walk(self, keys: list[str]) -> tuple[list[Step], list[str]]:
        """The steps of a path as far as they lead, and the keys that are left."""
        steps: list[Step] = []
        node, columns = self._root, None
        for done, key in enumerate(keys):
            found = columns.index(key) if columns is not None and key in columns else place(node.value, key)
            if found is None:
                return steps, keys[done:]
            entry = node.items[found]
            steps.append(Step(node, entry, node.entries().index(entry)))
            columns = node.value.fields if isinstance(node.value, Table) else None
            node = entry.node
        return steps, []

    # Putting in.

    def _replace(self, steps: list[Step], value: Any) -> None:
        container, entry, _ = steps[-1]
        node = entry.node
        if isinstance(container.value, Table):
            self._splice(node.start, node.end, _row_text(node.style, _cells(container.value, value)))
        elif container.style in ("row", "tuple"):
            cells = [*container.value]
            cells[steps[-1].number] = value
            _cells(steps[-2].container.value, cells)
            self._splice(node.start, node.end, writer.inline(value))
        elif container.style in ("inline", "values"):
            self._splice(node.start, node.end, writer.inline(value))
        else:
            self._replace_lines(container, entry, value)

    def _replace_lines(self, container: Node, entry: Entry, value: Any) -> None:
        """Of a block of entries, or of items behind dashes."""
        indent = self._indent(entry.start)
        if container.style == "dashes":
            lines = [*writer.dashed(value, indent)]
            within = not writer.has_table(value)
        else:
            key = next(key for key, other in container.items.items() if other is entry)
            lines = [*writer.entry(key, value, indent)]
            within = len(lines) == 1 and not isinstance(value, Table)
        if within and entry.node.style in ("scalar", "inline"):
            self._splice(entry.node.start, entry.node.end, writer.inline(value))
        else:
            self._splice(entry.start, entry.node.end, self._newline.join(lines)[len(indent) :])

    def _insert_entry(self, container: Node, key: str, value: Any) -> None:
        if container.style == "inline":
            self._insert_inline(container, f"{written_key(key)}: {writer.inline(value)}")
            return
        indent = self._indent(container.entries()[0].start) if container.items else ""
        self._insert_lines(container.end, writer.entry(key, value, indent))

    def _push(self, steps: list[Step], node: Node, value: Any) -> None:
        if isinstance(node.value, Table):
            self._push_row(steps[-1].entry, _cells(node.value, value))
        elif node.style == "inline":
            self._insert_inline(node, writer.inline(value))
        else:
            indent = self._indent(node.items[0].start)
            dashed = node.style == "dashes"
            lines = writer.dashed(value, indent) if dashed else [f"{indent}{writer.inline(value)}"]
            self._insert_lines(node.end, lines)

    def _push_row(self, entry: Entry, cells: list[Any]) -> None:
        table = entry.node
        text = writer.row(cells)
        indent = self._indent(table.items[0].start if table.style == "rows" and table.items else entry.start)
        if table.style == "listed":
            self._insert_inline(table, f"({text})")
        elif table.style == "rows":
            self._insert_lines(table.end, [f"{indent}{'' if table.items else writer.STEP}{text}"])
        else:
            (row,) = table.items
            first = self._reader.text[row.start : row.node.end]
            lines = ["", *(f"{indent}{writer.STEP}{line}" for line in (first, text))]
            self._splice(self._end_of_header(table), table.end, self._newline.join(lines))

    def _insert_inline(self, node: Node, text: str) -> None:
        """Behind the last item in brackets, or behind the bracket that opens."""
        if node.items:
            self._splice(node.last.node.end, node.last.node.end, f", {text}")
        else:
            at = self._reader.text.index("[", node.start) if isinstance(node.value, Table) else node.start
            self._splice(at + 1, at + 1, text)

    def _insert_lines(self, at: int, lines: Iterable[str]) -> None:
        """Behind the line that a place is in."""
        text = self._reader.text
        end = text.find("\n", at) + 1 or len(text)
        before = self._newline if end and text[end - 1] != "\n" else ""
        self._splice(end, end, before + "".join(f"{line}{self._newline}" for line in lines))

    # Taking out.

    def _cut_lines(self, container: Node, step: Step) -> None:
        """One of several items that stand in lines."""
        entries = container.entries()
        start, end = step.entry.start, step.entry.node.end
        if container is self._root and container.style == "values" and len(entries) == 2:
            left = entries[1 - step.number].node.value
            self._splice(container.start, container.end, writer.inline([left]))  # a value by itself is no list
        elif self._indent(start) != self._before(start):  # it stands behind a dash
            self._splice(start, entries[1].start, "")
        else:
            self._splice(start - len(self._before(start)), self._reader.text.find("\n", end) + 1 or None, "")

    def _cut(self, container: Node, step: Step) -> None:
        """An item that stands in brackets."""
        entries = container.entries()
        start, end = step.entry.start, step.entry.node.end
        comma = self._reader.skip_lines(end)
        behind = comma + 1 if self._reader.text[comma] == "," else end
        before = self._before(start)
        after = self._reader.end_of_line(behind)
        if self._indent(start) == before and after is not None:
            self._splice(start - len(before), after, "")
        elif step.number + 1 < len(entries):
            self._splice(start, entries[step.number + 1].start, "")
        elif step.number:
            self._splice(entries[step.number - 1].node.end, end, "")
        else:
            self._splice(start, behind, "")

    def _end_of_header(self, table: Node) -> int:
        return len(self._reader.text[: table.items[0].start].rstrip())

    # The text.

    def _before(self, at: int) -> str:
        """What stands before a place in its line."""
        return self._reader.text[self._reader.text.rfind("\n", 0, at) + 1 : at]

    def _indent(self, at: int) -> str:
        """The indentation of what begins there: dashes before it count as spaces."""
        return _NOT_SPACE.sub(" ", self._before(at))

    def _splice(self, start: int, end: int | None, text: str) -> None:
        old = self._reader.text
        self._take(old[:start] + text + ("" if end is None else old[end:]))


def _some(where: str, path: Path) -> list[str]:
    keys = parts(where, path)
    if not keys:
        raise BadArgumentError(f"{where}: at least one key is expected; given {shown(path)}")
    return keys


def _cells(table: Table, value: Any) -> list[Any]:
    """A row for a table, given as a list, or as a dictionary where the columns have names."""
    if isinstance(value, dict) and table.fields is not None:
        if value.keys() != {*table.fields}:
            raise BadArgumentError(
                f"rt.sdn.Document: a row of {', '.join(table.fields)} is expected; given {shown(value)}"
            )
        value = [value[name] for name in table.fields]
    changed = Table(table.fields, types=table.types)
    changed.append(value)
    return changed.rows[0]


def _row_text(style: str, cells: list[Any]) -> str:
    return f"({writer.row(cells)})" if style == "tuple" else writer.row(cells)
