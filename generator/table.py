"""One table of a spec file, read key by key: each getter checks the value's type, `finish` reports what was not read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from generator.diagnostics import Diagnostics, did_you_mean
from generator.model import Location
from generator.source import Path_, Source


class Table:
    def __init__(self, source: Source, path: Path_, values: dict[str, Any], diagnostics: Diagnostics) -> None:
        self.source = source
        self.path = path
        self.values = values
        self.diagnostics = diagnostics
        self.name = next((str(part) for part in reversed(path) if isinstance(part, str)), "")
        self._read: list[str] = []

    def at(self, key: str | None = None) -> Location:
        span = self.source.span((*self.path, key) if key is not None else self.path)
        return self.source.locate(span.value if key is not None else span.key)

    def error(self, code: str, text: str, key: str | None = None, hint: str = "") -> None:
        """Point at a key's value; at the table itself without a key."""
        span = self.source.span((*self.path, key) if key is not None else self.path)
        start = span.value if key is not None else span.key
        self.diagnostics.error(self.source.locate(start), code, text, hint, _width(self.source, start, span.end))

    def error_at_key(self, code: str, text: str, key: str, hint: str = "") -> None:
        start = self.source.span((*self.path, key)).key
        self.diagnostics.error(self.source.locate(start), code, text, hint, len(key))

    def error_within(
        self, code: str, text: str, key: str, offset: int, width: int, hint: str = "", index: int | None = None
    ) -> None:
        """Point into a string: `offset` counts the characters behind the quote."""
        path: Path_ = (*self.path, key) if index is None else (*self.path, key, index)
        start = self.source.span(path).value
        quote = 3 if self.source.text[start : start + 3] in ('"""', "'''") else 1
        if quote == 3 and self.source.text.startswith("\n", start + quote):
            quote += 1  # a line's end behind the quotes is no part of the text
        self.diagnostics.error(self.source.locate(start + quote + offset), code, text, hint, width)

    def has(self, key: str) -> bool:
        return key in self.values

    def __contains__(self, key: str) -> bool:
        return key in self.values

    def _get(self, key: str, kinds: type | tuple[type, ...], what: str, default: Any) -> Any:
        self._read.append(key)
        if key not in self.values:
            if default is None:
                self.error("E004", f"`{key}` is missing ({self.name})")
                return None
            return default
        value = self.values[key]
        if not isinstance(value, kinds) or (isinstance(value, bool) and kinds is not bool):
            self.error("E005", f"`{key}` must be {what} ({self.name})", key)
            return default
        return value

    def text(self, key: str, default: str | None = None) -> str:
        """Empty, with an error added, when it is needed and missing."""
        text: str | None = self._get(key, str, "a string", default)
        if text == "" and default is None:
            self.error("E005", f"`{key}` must not be empty ({self.name})", key)
        return text or ""

    def integer(self, key: str, default: int | None = None) -> int:
        return self._get(key, int, "an integer", default) or 0

    def number(self, key: str, default: float) -> float:
        return float(self._get(key, (int, float), "a number", default))

    def truth(self, key: str) -> bool:
        """False when it is not there."""
        return bool(self._get(key, bool, "true or false", False))

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of strings; a single string counts as a list of one."""
        value = self._get(key, (str, list), "a string or a list of strings", [])
        values = [value] if isinstance(value, str) else value
        if not all(isinstance(item, str) for item in values):
            self.error("E005", f"`{key}` must hold strings ({self.name})", key)
            return ()
        return tuple(values)

    def anything(self, key: str) -> Any:
        self._read.append(key)
        return self.values.get(key)

    def mapping(self, key: str, check: Callable[[Any], bool], what: str) -> dict[str, Any]:
        """A table whose keys are free, and whose values pass `check`."""
        value = self._get(key, dict, "a table", {}) or {}
        good = {}
        for name, item in value.items():
            if check(item):
                good[name] = item
            else:
                self.table(key).error("E005", f"`{name}` must be {what} ({self.name})", name)
        return good

    def table(self, key: str) -> Table:
        self._read.append(key)
        value = self.values.get(key, {})
        if not isinstance(value, dict):
            self.error("E005", f"`{key}` must be a table ({self.name})", key)
            value = {}
        return Table(self.source, (*self.path, key), value, self.diagnostics)

    def tables(self, key: str) -> list[Table]:
        """A list of inline tables."""
        value = self._get(key, list, "a list of tables", []) or []
        found = []
        for index, item in enumerate(value):
            if isinstance(item, dict):
                found.append(Table(self.source, (*self.path, key, index), item, self.diagnostics))
            else:
                self.error("E005", f"`{key}` must hold tables ({self.name})", key)
        return found

    def children(self) -> list[Table]:
        """The tables below this one, in the order in which they are written."""
        return [self.table(key) for key in self.values]

    def finish(self, more: Iterable[str] = ()) -> None:
        """Report every key that no getter asked for."""
        known = [*self._read, *more]
        for key in self.values:
            if key not in known:
                self.error_at_key("E003", f"unknown key `{key}` ({self.name})", key, did_you_mean(key, known))


def _width(source: Source, start: int, end: int) -> int:
    newline = source.text.find("\n", start, end)
    return (end if newline < 0 else newline) - start


def is_text(value: Any) -> bool:
    return isinstance(value, str)


def is_literal(value: Any) -> bool:
    return isinstance(value, (str, int, float))


def is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)
