"""TOML files with positions: `tomllib` reads the values, a scan of our own finds where each of them is written."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

from generator.diagnostics import Diagnostics
from generator.model import Location

Path_ = tuple[str | int, ...]  # ("fn", "rt_torch_add", "routes", 0, "aoti")


@dataclass(frozen=True)
class Span:
    """Offsets into a file's text."""

    key: int  # where the key, or the element of an array, starts
    value: int  # where the value starts; for a table, the same as `key`
    end: int  # just behind the value


@dataclass(frozen=True)
class Source:
    path: str  # "specs/torch/reduce.toml"
    text: str
    values: dict[str, Any]
    spans: dict[Path_, Span]

    def locate(self, offset: int) -> Location:
        line = self.text.count("\n", 0, offset) + 1
        return Location(self.path, line, offset - (self.text.rfind("\n", 0, offset) + 1) + 1)

    def span(self, path: Path_) -> Span:
        while path and path not in self.spans:
            path = path[:-1]
        return self.spans.get(path, Span(0, 0, 1))


def read_source(file: Path, shown_as: str, diagnostics: Diagnostics) -> Source | None:
    """None, with an error added, when the file is no TOML."""
    raw = file.read_bytes()
    try:
        text = raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        diagnostics.error(Location(shown_as, 1, 1), "E001", f"not UTF-8: byte {error.start}")
        return None
    diagnostics.add_source(shown_as, text)
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        if not (_REPEATED.search(str(error)) and _report_repeated(shown_as, text, diagnostics)):
            diagnostics.error(_error_location(str(error), shown_as, text), "E001", _error_text(str(error)))
        return None
    scanner = _Scanner(text)
    scanner.document()
    source = Source(shown_as, text, values, scanner.spans)
    for offset, width, what in scanner.unwelcome:
        hint = "write one key per line, below a table's header"
        diagnostics.error(source.locate(offset), "E002", what, hint, width)
    return source


def _report_repeated(shown_as: str, text: str, diagnostics: Diagnostics) -> bool:
    """Whether it is no TOML because a key or a table is written twice, each such place then being an error."""
    scanner = _Scanner(text)
    try:
        scanner.document()
    except (AssertionError, IndexError, ValueError):
        return False
    source = Source(shown_as, text, {}, {})
    for offset, width, path, first in scanner.repeated:
        above, key = path[:-1], path[-1]
        is_header = text[offset] == "["
        what = f"the table [{_dotted(path)}]" if is_header else f"the key `{key}`"
        where = f" in [{_dotted(above)}]" if above and not is_header else ""
        line = source.locate(first).line
        diagnostics.error(
            source.locate(offset), "E001", f"{what} is there twice{where}; first in line {line}", "", width
        )
    return bool(scanner.repeated)


def _dotted(path: Path_) -> str:
    return ".".join(str(part) for part in path)


_REPEATED = re.compile(r"overwrite|twice|duplicate|mutate|redefine", re.IGNORECASE)  # in the parser's messages
_WHERE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


def _error_text(message: str) -> str:
    text = _WHERE.sub("", message)
    return text[:1].lower() + text[1:]


def _error_location(message: str, path: str, text: str) -> Location:
    match = _WHERE.search(message)
    if match is not None and match[1]:
        return Location(path, int(match[1]), int(match[2]))
    lines = text.splitlines() or [""]
    return Location(path, len(lines), max(len(lines[-1]), 1))


_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_BLANK = re.compile(r"(?:[ \t\n]|#[^\n]*)*")
_SCALAR = re.compile(r"[^,\]}\n#]*")
_STRINGS = (
    re.compile(r'"""(?:[^\\]|\\.)*?"""', re.DOTALL),
    re.compile(r"'''.*?'''", re.DOTALL),
    re.compile(r'"(?:[^"\\\n]|\\.)*"'),
    re.compile(r"'[^'\n]*'"),
)


class _Scanner:
    """Walks a text that is known to be valid TOML, keys written twice apart, and notes where everything starts."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.offset = 0
        self.spans: dict[Path_, Span] = {}
        self.unwelcome: list[tuple[int, int, str]] = []
        self.repeated: list[tuple[int, int, Path_, int]] = []  # where, how wide, what, and where it is first

    def _note(self, path: Path_, span: Span, width: int) -> None:
        if path in self.spans and self.repeated and self.repeated[-1][2] == path[:-1]:
            return  # in a table that is there twice: that says it all
        if path in self.spans:
            self.repeated.append((span.key, width, path, self.spans[path].key))
        else:
            self.spans[path] = span

    def document(self) -> None:
        table: Path_ = ()
        self._blank()
        while self.offset < len(self.text):
            if self.text[self.offset] == "[":
                table = self._header()
            else:
                self._pair(table)
            self._blank()

    def _blank(self) -> None:
        match = _BLANK.match(self.text, self.offset)
        assert match is not None
        self.offset = match.end()

    def _header(self) -> Path_:
        start = self.offset
        if self.text.startswith("[[", start):
            self.offset += 1
            end = self.text.index("]]", start) + 2
            self.unwelcome.append((start, end - start, "an array of tables"))
        self.offset += 1
        self._blank()
        table = self._key()
        self.offset = self.text.index("]", self.offset) + 1
        if self.text.startswith("]", self.offset):
            self.offset += 1
        self._note(table, Span(start, start, self.offset), self.offset - start)
        return table

    def _key(self) -> Path_:
        parts: list[str | int] = []
        while True:
            string = self._string()
            if string is not None:
                parts.append(string)
            else:
                bare = _BARE_KEY.match(self.text, self.offset)
                assert bare is not None
                parts.append(bare.group())
                self.offset = bare.end()
            self._blank()
            if not self.text.startswith(".", self.offset):
                return tuple(parts)
            self.offset += 1
            self._blank()

    def _pair(self, table: Path_) -> None:
        start = self.offset
        key = self._key()
        width = len(self.text[start : self.offset].rstrip())
        if len(key) > 1:
            self.unwelcome.append((start, width, "a dotted key"))
        self.offset = self.text.index("=", self.offset) + 1
        self._blank()
        value = self.offset
        self._value(table + key)
        self._note(table + key, Span(start, value, self.offset), width)

    def _value(self, path: Path_) -> None:
        opening = self.text[self.offset]
        if opening == "[":
            self._array(path)
        elif opening == "{":
            self._inline_table(path)
        elif self._string() is None:
            match = _SCALAR.match(self.text, self.offset)
            if match is None or not match.group().strip():
                raise ValueError("a value is missing")
            self.offset += len(match.group().rstrip())

    def _string(self) -> str | None:
        """The text between the quotes; escapes stay as they are, as no key has any."""
        for pattern in _STRINGS:
            match = pattern.match(self.text, self.offset)
            if match is not None:
                self.offset = match.end()
                return match.group().strip("\"'")
        return None

    def _array(self, path: Path_) -> None:
        self.offset += 1
        self._blank()
        index = 0
        while self.text[self.offset] != "]":
            start = self.offset
            element = (*path, index)
            self._value(element)
            self.spans[element] = Span(start, start, self.offset)
            index += 1
            self._blank()
            if self.text[self.offset] == ",":
                self.offset += 1
                self._blank()
        self.offset += 1

    def _inline_table(self, path: Path_) -> None:
        self.offset += 1
        self._blank()
        while self.text[self.offset] != "}":
            self._pair(path)
            self._blank()
            if self.text[self.offset] == ",":
                self.offset += 1
                self._blank()
        self.offset += 1
