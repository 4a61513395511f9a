"""Prototypes of the upstream's C functions: `int32_t (void *tensor, int64_t *ret_dim)`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.c_type import TAKEN, TypeProblem, is_void, problems_of
from generator.model import Location, Prototype

_RESULT = re.compile(r"\s*([A-Za-z_][\w ]*?(?:\s*\*+)?)\s*\(")
_PARAM = re.compile(r"((?:[A-Za-z_]\w* )*[A-Za-z_]\w*(?: \*(?:const )?\**| ))([A-Za-z_]\w*)$")
_CALLBACK = re.compile(r"([A-Za-z_][\w ]*?\**) ?\(\*([A-Za-z_]\w*)\)(\(.*\))$")


class PrototypeError(Exception):
    """What is wrong, and where in the text."""

    def __init__(self, text: str, offset: int, width: int = 1) -> None:
        super().__init__(text)
        self.text = text
        self.offset = offset
        self.width = width


def parse_prototype(name: str, text: str, at: Location) -> Prototype:
    head = _RESULT.match(text)
    if head is None:
        raise PrototypeError("expected a C type and `(`", 0)
    if not text.endswith(")"):
        raise PrototypeError("expected `)` at the end", max(len(text) - 1, 0))
    params: list[tuple[str, str]] = []
    for offset, part in _split(text, head.end(), len(text) - 1):
        if part == "void" and not params:
            continue
        c_type, param = _param(part, offset)
        if param in [other for _type, other in params]:
            raise PrototypeError(f"two parameters are called `{param}`", offset, len(part))
        params.append((c_type, param))
    return Prototype(name, head.group(1), tuple(params), at)


def _split(text: str, start: int, end: int) -> list[tuple[int, str]]:
    parts = []
    depth = 0
    begin = start
    for index in range(start, end):
        depth += {"(": 1, ")": -1}.get(text[index], 0)
        if depth < 0:
            raise PrototypeError("this parenthesis closes nothing", index)
        if text[index] == "," and depth == 0:
            parts.append((begin, text[begin:index]))
            begin = index + 1
    parts.append((begin, text[begin:end]))
    return [(offset + len(part) - len(part.lstrip()), part.strip()) for offset, part in parts]


def _param(part: str, offset: int) -> tuple[str, str]:
    """The type and the name; a callback's type is written as `void (*)(void *data)`."""
    callback = _CALLBACK.match(part)
    if callback is not None:
        return f"{callback[1]} (*){callback[3]}", callback[2]
    match = _PARAM.match(part)
    if match is None or match[2] in TAKEN:
        raise PrototypeError(f"`{part}` is no parameter: expected a C type and a name", offset, len(part))
    return match[1].rstrip() if not match[1].endswith("*") else match[1], match[2]


def type_problems(text: str) -> list[TypeProblem]:
    """What in a prototype that parses is no type of C's: in its result, its parameters, and those of callbacks."""
    head = _RESULT.match(text)
    assert head is not None
    return [*problems_of(head[1], head.start(1)), *_problems_of_params(text, head.end(), len(text) - 1)]


def _problems_of_params(text: str, start: int, end: int) -> Iterator[TypeProblem]:
    parts = _split(text, start, end)
    if [part for _offset, part in parts] == ["void"]:
        return
    for offset, part in parts:
        callback = _CALLBACK.match(part)
        if not part:
            yield TypeProblem("a parameter is missing", offset, 1, "none at all are `(void)`")
            continue
        if callback is not None:
            yield from problems_of(callback[1], offset)
            yield from _problems_of_params(text, offset + callback.start(3) + 1, offset + len(part) - 1)
            continue
        match = _PARAM.match(part)
        c_type = match[1].rstrip() if match is not None and match[2] not in TAKEN else part  # a callback's has no name
        if is_void(c_type):
            yield TypeProblem("a parameter cannot be `void`", offset, len(c_type), "an address is `void *`")
        yield from problems_of(c_type, offset)


def declare_parameter(c_type: str, name: str) -> str:
    """`void *tensor`, `int64_t ndim`, `void (*deleter)(void *data)`."""
    if "(*)" in c_type:
        return c_type.replace("(*)", f"(*{name})", 1)
    return c_type + name if c_type.endswith("*") else f"{c_type} {name}"
