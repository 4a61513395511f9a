"""Quoted operator schemas: `softmax.int(Tensor self, int dim, ScalarType? dtype=None) -> Tensor`."""

from __future__ import annotations

import re

from generator.model import Schema, SchemaArg

_HEAD = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)(?:\.([A-Za-z_][A-Za-z0-9_]*))?\(")
_ARG = re.compile(r"(?P<type>[A-Za-z_][A-Za-z0-9_]*\S*) (?P<name>[A-Za-z_][A-Za-z0-9_]*)(?:=(?P<default>\S.*))?$")
_STRING = re.compile(r"'[^']*'|\"[^\"]*\"")
_ALIAS = re.compile(r"\([a-z*!|> -]*\)")


class SchemaError(Exception):
    """What is wrong, and where in the text."""

    def __init__(self, text: str, offset: int, width: int = 1) -> None:
        super().__init__(text)
        self.text = text
        self.offset = offset
        self.width = width


def parse_schema(text: str) -> Schema:
    head = _HEAD.match(text)
    if head is None:
        raise SchemaError("expected an operator's name, `.overload` if it has one, and `(`", 0)
    end = _closing(text, head.end() - 1)
    args = _args(text, head.end(), end)
    tail = text[end + 1 :]
    if not tail.startswith(" -> ") or not tail[4:].strip():
        raise SchemaError("expected ` -> ` and what is returned", end + 1, len(tail))
    returned = tail[4:]
    if returned.startswith("(") and returned.endswith(")"):
        returned = returned[1:-1]
    results = tuple(_ALIAS.sub("", part.split(" ")[0]) for _, part in _split(returned, 0, len(returned)))
    return Schema(text, head.group(1), head.group(2) or "", args, results)


def _without_strings(text: str) -> str:
    """The same length, with nothing between quotes that could be taken for a bracket or a comma."""
    return _STRING.sub(lambda match: "_" * len(match.group()), text)


def _closing(text: str, opening: int) -> int:
    text = _without_strings(text)
    depth = 0
    for index in range(opening, len(text)):
        depth += {"(": 1, ")": -1}.get(text[index], 0)
        if depth == 0:
            return index
    raise SchemaError("this parenthesis is never closed", opening)


def _split(text: str, start: int, end: int) -> list[tuple[int, str]]:
    """Split at the commas that stand in no bracket; each part with its offset."""
    parts = []
    depth = 0
    begin = start
    bare = _without_strings(text)
    for index in range(start, end):
        depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(bare[index], 0)
        if bare[index] == "," and depth == 0:
            parts.append((begin, text[begin:index]))
            begin = index + 1
    parts.append((begin, text[begin:end]))
    return [(offset + len(part) - len(part.lstrip()), part.strip()) for offset, part in parts if part.strip()]


def _args(text: str, start: int, end: int) -> tuple[SchemaArg, ...]:
    args = []
    keyword_only = False
    for offset, part in _split(text, start, end):
        if part == "*":
            keyword_only = True
            continue
        match = _ARG.match(part)
        if match is None:
            raise SchemaError(f"`{part}` is no argument: expected a type and a name", offset, len(part))
        args.append(SchemaArg(_ALIAS.sub("", match["type"]), match["name"], match["default"], keyword_only))
    return tuple(args)
