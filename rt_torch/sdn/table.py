"""Tables: rows of values under names, or of types."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from rt_torch.errors import ArgumentTypeError, BadArgumentError
from rt_torch_bindings.arguments import shown

_RANGES = {f"i{bits}": (-(1 << bits - 1), (1 << bits - 1) - 1) for bits in (8, 16, 32, 64)}
_RANGES |= {f"u{bits}": (0, (1 << bits) - 1) for bits in (8, 16, 32, 64)}
_PYTHON: dict[str, type] = {"bool": bool}
_PYTHON |= dict.fromkeys([*_RANGES, "int"], int)
_PYTHON |= dict.fromkeys(["f16", "bf16", "f32", "f64", "float"], float)
_PYTHON |= dict.fromkeys(["str", "string", "text"], str)
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_LARGEST = int(sys.float_info.max)  # an integer that becomes a float


class Table:
    """Rows of equal length, whose columns have either names or types.

        Table(["id", "name"], [[1, "Ada"], [2, "Grace"]])
        Table(types=["i64", "f64"], rows=[[1, 0.5]])

    Types are checked where they are known: i8 to i64, u8 to u64, int, f16, bf16, f32, f64, float, bool, str, string and
    text.  A column of floats makes floats of integers, and any cell may be None.

    Args:
        fields: Names of the columns; None where they have types.
        rows: As many cells in each as there are columns.
        types: Types of the columns; None where they have names.

    Raises:
        BadArgumentError: There are both names and types, or neither; a name is there twice; a row is too long or too
            short; a cell is not of its column's type.
        ArgumentTypeError: Names, types or rows are no sequences of texts and cells.
    """

    __hash__ = None  # type: ignore[assignment]  # rows can be changed
    __slots__ = ("fields", "rows", "types")

    fields: list[str] | None
    types: list[str] | None
    rows: list[list[Any]]

    def __init__(
        self,
        fields: Sequence[str] | None = None,
        rows: Iterable[Sequence[Any]] = (),
        *,
        types: Sequence[str] | None = None,
    ) -> None:
        if (fields is None) == (types is None):
            problem = "and not both" if fields is not None else "and neither was given"
            raise BadArgumentError(f"rt.sdn.Table: arguments `fields` and `types`: one of them is expected, {problem}")
        self.fields = None if fields is None else _names("fields", fields)
        self.types = None if types is None else _names("types", types)
        if self.fields is not None and len(set(self.fields)) < len(self.fields):
            raise BadArgumentError(f"rt.sdn.Table: argument `fields`: a name is there twice; given {shown(fields)}")
        if self.types is not None and not all(map(_WORD.fullmatch, self.types)):
            raise BadArgumentError(f"rt.sdn.Table: argument `types`: a type is one word; given {shown(types)}")
        self.rows = []
        if not isinstance(rows, Iterable):
            raise ArgumentTypeError(f"rt.sdn.Table: argument `rows`: a list of rows is expected; given {shown(rows)}")
        for row in rows:
            self.append(row)

    def append(self, row: Sequence[Any]) -> None:
        """Add a row.

        Raises:
            BadArgumentError: It is too long or too short, or a cell is not of its column's type.
            ArgumentTypeError: It is no sequence.
        """
        place = f"rt.sdn.Table: row {len(self.rows)}"
        if not isinstance(row, (list, tuple)):
            raise ArgumentTypeError(f"{place}: a list of cells is expected; given {shown(row)}")
        try:
            self.rows.append(self.checked(row))
        except ValueError as error:
            raise BadArgumentError(f"{place}: {error}") from None

    def checked(self, row: Sequence[Any]) -> list[Any]:
        """The row's cells, integers as floats where these are wanted.

        Raises:
            ValueError: There are too many or too few, or one is not of its column's type; the text says which.
        """
        if len(row) != len(self.names):
            cells = "1 cell" if len(row) == 1 else f"{len(row)} cells"
            raise ValueError(f"it has {cells}, and the table's columns are {', '.join(self.names)}")
        if self.types is None:
            return [*row]
        return [cell_of(kind, cell, place) for place, (kind, cell) in enumerate(zip(self.types, row, strict=True))]

    @property
    def names(self) -> list[str]:
        """What the columns are called by: their names, or their types."""
        return self.fields or self.types or []

    def dicts(self) -> list[dict[str, Any]]:
        """The rows as dictionaries.

        Raises:
            BadArgumentError: The columns have no names.
        """
        if self.fields is None:
            raise BadArgumentError("rt.sdn.Table.dicts: the columns have types and no names")
        return [dict(zip(self.fields, row, strict=True)) for row in self.rows]

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[list[Any]]:
        return iter(self.rows)

    def __getitem__(self, place: int) -> list[Any]:
        return self.rows[place]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Table):
            return NotImplemented
        return (self.fields, self.types, self.rows) == (other.fields, other.types, other.rows)

    def __repr__(self) -> str:
        columns = (
            f"{self.fields!r}, {self.rows!r}" if self.types is None else f"types={self.types!r}, rows={self.rows!r}"
        )
        return f"Table({columns})"


def _names(argument: str, given: Sequence[str]) -> list[str]:
    where = f"rt.sdn.Table: argument `{argument}`"
    if not isinstance(given, (list, tuple)) or not all(isinstance(name, str) for name in given):
        raise ArgumentTypeError(f"{where}: a list of texts is expected; given {shown(given)}")
    if not given:
        raise BadArgumentError(f"{where}: a table has at least one column")
    return [str.__str__(name) for name in given]


def cell_of(kind: str, cell: Any, place: int) -> Any:
    """A cell as its column's type wants it.

    Raises:
        ValueError: It is of another type, or out of the type's range.
    """
    wanted = _PYTHON.get(kind)
    if cell is None or wanted is None:
        return cell
    if wanted is float and isinstance(cell, int) and not isinstance(cell, bool) and abs(cell) <= _LARGEST:
        cell = float(cell)
    if not isinstance(cell, wanted) or (isinstance(cell, bool) and wanted is not bool) or not _fits(kind, cell):
        raise ValueError(f"cell {place} is {shown(cell)}, and the column is of type {kind}")
    return cell


def _fits(kind: str, value: Any) -> bool:
    if kind not in _RANGES:
        return True
    lowest, highest = _RANGES[kind]
    return bool(lowest <= value <= highest)
