"""What was read: each value, and where it stands in the text."""

from __future__ import annotations

from typing import Any, NamedTuple

__all__ = ["Entry", "Node"]


class Node:
    """A value in a text, with the values in it.

    How it is written:

        scalar   5, "text", word                          a single value
        inline   {a: 1}, [1, 2]                           in brackets
        dict     one key after the other, in lines        a block of entries
        values   one value in each line                   a block of items
        dashes   one item after the other, behind dashes  a block of items
        header   |a, b| 1, 2                              a table whose row stands behind its header
        rows     |a, b| or table{i32}, and lines          a table whose rows stand in lines
        listed   table{i32} = [(1), (2)]                  a table whose rows stand in brackets
        row      1, 2                                     a row
        tuple    (1, 2)                                   a row in parentheses
    """

    __slots__ = ("_end", "items", "start", "style", "value")

    style: str
    value: Any  # as Python has it
    start: int  # of its text
    items: Any  # of dictionaries by key, of everything else a list

    def __init__(self, style: str, value: Any, start: int, end: int = 0, items: Any = ()) -> None:
        self.style = style
        self.value = value
        self.start = start
        self.items = items
        self._end = end

    @property
    def end(self) -> int:
        """Where its text ends, without comments behind it."""
        node = self
        while node.style in ("dict", "values", "dashes", "rows") and node.items:
            node = node.last.node
        return node._end

    @end.setter
    def end(self, at: int) -> None:
        self._end = at

    @property
    def last(self) -> Entry:
        entries: dict[str, Entry] | list[Entry] = self.items
        return next(reversed(entries.values())) if isinstance(entries, dict) else entries[-1]

    def entries(self) -> list[Entry]:
        return [*self.items.values()] if isinstance(self.items, dict) else [*self.items]


class Entry(NamedTuple):
    """A value in a container."""

    start: int  # of its key, of its dash, or of the value where there is neither
    node: Node
