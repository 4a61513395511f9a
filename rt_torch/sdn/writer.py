"""Writing values in the notation."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from rt_torch.errors import ArgumentTypeError, BadArgumentError
from rt_torch.sdn.inline import MAX_DEPTH
from rt_torch.sdn.scalar import MAX_DIGITS, written_key, written_number, written_text
from rt_torch.sdn.table import Table
from rt_torch_bindings.arguments import shown

WIDTH = 100  # columns that a list in one line may have
STEP = "    "
_LARGEST = 10**MAX_DIGITS


def to_string(value: Any) -> str:
    """The value in the notation; sdn.parse makes an equal one of it.

    Args:
        value: A dictionary with texts as keys, a list, a text, an int, a finite float, a bool or None, and in
            dictionaries also a Table.  Tuples become lists.

    Returns:
        Lines, each with its end; "" for a dictionary without keys.

    Raises:
        ArgumentTypeError: Something in it is of another type.
        BadArgumentError: A number is not finite or has too many digits, a text has half of a character in it, a table
            does not stand under a key, or it is nested deeper than 100 levels.
    """
    check(value, 0)
    if isinstance(value, dict):
        lines = [*_entries(value, "")]
    elif isinstance(value, Table):
        raise _homeless()
    elif isinstance(value, (list, tuple)):
        lines = [*_root_list(value)]
    else:
        lines = [inline(value)]
    return "".join(f"{line}\n" for line in lines)


def entry(key: str, value: Any, indent: str) -> Iterator[str]:
    """The lines of a key and its value."""
    name = f"{indent}{written_key(str.__str__(key))}"
    if isinstance(value, Table):
        yield from _table(name, value, indent)
    elif isinstance(value, dict) and value:
        yield f"{name}:"
        yield from _entries(value, indent + STEP)
    elif isinstance(value, (list, tuple)) and not _is_short(value, len(name) + 2):
        yield f"{name}:"
        yield from _items(value, indent + STEP)
    else:
        yield f"{name}: {inline(value)}"


def dashed(value: Any, indent: str) -> Iterator[str]:
    """The lines of an item behind a dash."""
    if not has_table(value):
        yield f"{indent}- {inline(value)}"
    elif isinstance(value, dict):
        first, *others = _entries(value, f"{indent}  ")
        yield f"{indent}- {first[len(indent) + 2 :]}"
        yield from others
    elif isinstance(value, Table):
        raise _homeless()
    else:
        yield f"{indent}-"
        yield from _items(value, f"{indent}  ")


def inline(value: Any) -> str:
    """The value in one line, with brackets where it has values in it.

    Raises:
        BadArgumentError: A table is in it.
    """
    if isinstance(value, dict):
        return f"{{{', '.join(f'{written_key(str.__str__(key))}: {inline(item)}' for key, item in value.items())}}}"
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(inline, value))}]"
    if isinstance(value, Table):
        raise _homeless()
    if value is None:
        return "null"
    return written_text(str.__str__(value)) if isinstance(value, str) else written_number(value)


def row(cells: Any) -> str:
    """The cells of a table's row."""
    return ", ".join(map(inline, cells))


def _entries(value: dict[str, Any], indent: str) -> Iterator[str]:
    for key, item in value.items():
        yield from entry(key, item, indent)


def _items(value: Any, indent: str) -> Iterator[str]:
    """A list, in lines."""
    if has_table(value):
        for item in value:
            yield from dashed(item, indent)
    else:
        yield from (f"{indent}{inline(item)}" for item in value)


def _root_list(value: Any) -> Iterator[str]:
    """A list that is the whole text; one value in a line by itself would be that value, and no list."""
    if has_table(value):
        yield from _items(value, "")
    elif len(value) < 2 or _is_short(value, 0):
        yield inline(value)
    else:
        yield from _items(value, "")


def _is_short(value: Any, before: int) -> bool:
    """Whether a list stands in one line."""
    return not any(isinstance(item, (dict, list, tuple, Table)) and item for item in value) and (
        before + len(inline(value)) <= WIDTH
    )


def _table(name: str, table: Table, indent: str) -> Iterator[str]:
    if table.fields is not None:
        yield f"{name} |{', '.join(map(written_key, table.fields))}|"
    else:
        yield f"{name}: table{{{', '.join(table.types or ())}}}{'' if table.rows else ' = []'}"
    yield from (f"{indent}{STEP}{row(cells)}" for cells in table.rows)


# What can be written.


def has_table(value: Any) -> bool:
    if isinstance(value, dict):
        return any(map(has_table, value.values()))
    if isinstance(value, (list, tuple)):
        return any(map(has_table, value))
    return isinstance(value, Table)


def check(value: Any, depth: int) -> None:
    """That a value can be written which is in so many containers."""
    if isinstance(value, (dict, list, tuple, Table)):
        if depth >= MAX_DEPTH:
            raise BadArgumentError(
                f"rt.sdn.to_string: argument `value`: it is nested deeper than {MAX_DEPTH} levels, or contains itself"
            )
        _check_container(value, depth + 1)
    elif isinstance(value, str):
        _check_text(value)
    elif isinstance(value, int):
        if not -_LARGEST < value < _LARGEST:
            raise _refused("an integer", f"of at most {MAX_DIGITS} digits", value)
    elif isinstance(value, float):
        if not math.isfinite(value):
            raise _refused("a float", "that is finite", value)
    elif value is not None:
        raise ArgumentTypeError(
            "rt.sdn.to_string: argument `value`: a dictionary, list, Table, text, int, float, bool or None is expected; "
            f"given {shown(value)}"
        )


def _check_container(value: Any, depth: int) -> None:
    if isinstance(value, Table):
        for name in Table(value.fields, value.rows, types=value.types).names:  # whose rows somebody may have changed
            _check_text(name)
        for cells in value.rows:
            for cell in cells:
                check(cell, depth)
                if has_table(cell):
                    raise _homeless()
    elif isinstance(value, dict):
        for key, item in value.items():
            if not isinstance(key, str):
                raise ArgumentTypeError(f"rt.sdn.to_string: a text is expected as a key; given {shown(key)}")
            _check_text(key)
            check(item, depth)
    else:
        for item in value:
            check(item, depth)


def _check_text(text: str) -> None:
    if not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text):
        raise _refused("a text", "without halves of characters", text)


def _refused(kind: str, wanted: str, value: Any) -> BadArgumentError:
    return BadArgumentError(f"rt.sdn.to_string: argument `value`: {kind} {wanted} is expected; given {shown(value)}")


def _homeless() -> BadArgumentError:
    return BadArgumentError(
        "rt.sdn.to_string: a table stands under a key: it is no item of a list, no cell, and no text"
    )
