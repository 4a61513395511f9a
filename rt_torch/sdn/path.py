"""Paths to values within values: training.epochs, users.0.name, "a.b".c."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, TypeAlias

from rt_torch.errors import ArgumentTypeError, BadArgumentError
from rt_torch.sdn.scalar import QUOTED, BadScalar, unquoted
from rt_torch.sdn.table import Table
from rt_torch_bindings.arguments import shown

Path: TypeAlias = "str | Sequence[str | int]"  # "a.b.0", or ["a", "b", 0]

_PLAIN = re.compile(r"""[^."']+""")


def parts(where: str, path: Path) -> list[str]:
    """The steps of a path; those of a list are the numbers of its items, as text.

    Args:
        where: What messages start with: "rt.sdn.Document.get: argument `path`".
        path: Keys and numbers with dots between them, a key with a dot in it in quotes; or a list of them.

    Raises:
        BadArgumentError: It has an empty step.
        ArgumentTypeError: It is no path.
    """
    if isinstance(path, str):
        return _split(where, path)
    if not isinstance(path, Sequence) or not all(isinstance(part, (str, int)) for part in path):
        raise ArgumentTypeError(f"{where}: a text with dots, or a list of keys, is expected; given {shown(path)}")
    return [str(part) for part in path]


def _split(where: str, path: str) -> list[str]:
    found: list[str] = []
    at = 0
    while True:
        part = QUOTED.match(path, at) or _PLAIN.match(path, at)
        if part is None:
            raise BadArgumentError(f"{where}: keys with dots between them are expected; given {shown(path)}")
        try:
            found.append(unquoted(part[0][1:-1]) if part[0][0] in "\"'" else part[0])
        except BadScalar as error:
            raise BadArgumentError(f"{where}: {error}; given {shown(path)}") from None
        at = part.end()
        if at == len(path):
            return found
        if path[at] != ".":
            raise BadArgumentError(f"{where}: a dot is expected behind {part[0]}; given {shown(path)}")
        at += 1


def place(container: Any, part: str) -> Any:
    """The key, the number of the item or the number of the column that a step means; None where there is none such.

    Negative numbers count from the end.
    """
    if isinstance(container, dict):
        return part if part in container else None
    if isinstance(container, (list, Table)) and re.fullmatch(r"-?[0-9]{1,18}", part):
        number = int(part)
        return number % len(container) if -len(container) <= number < len(container) else None
    return None


def step(value: Any, part: str, columns: Sequence[str] | None = None) -> Any:
    """What a step leads to.

    Raises:
        KeyError: There is no such thing.
    """
    found = columns.index(part) if columns is not None and part in columns else place(value, part)
    if found is None:
        raise KeyError(part)
    return value[found]


def look_up(value: Any, path: Sequence[str]) -> Any:
    """What a path leads to.

    Raises:
        KeyError: There is no such thing.
    """
    columns: Sequence[str] | None = None
    for part in path:
        value, columns = step(value, part, columns), value.fields if isinstance(value, Table) else None
    return value
