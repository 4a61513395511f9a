"""Tables, for the terminal and for docs/benchmarks.md."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Table:
    title: str  # "One call, 16 f64 elements"
    note: str  # what was measured, in a sentence or two
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def as_text(self) -> str:
        widths = [max(map(len, column)) for column in zip(self.columns, *self.rows, strict=True)]
        lines = [_line(row, widths) for row in (self.columns, tuple("-" * width for width in widths), *self.rows)]
        return "\n".join([self.title, f"  {self.note}", *lines])

    def as_markdown(self) -> str:
        lines = [_bar(self.columns), _bar(["---", *["---:"] * (len(self.columns) - 1)]), *map(_bar, self.rows)]
        return "\n".join([f"## {self.title}", "", self.note, "", *lines])


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    first, *rest = zip(row, widths, strict=True)
    cells = [first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in rest)]
    return "  " + "  ".join(cells)


def _bar(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def write_markdown(path: Path, command: str, setting: str, tables: Sequence[Table]) -> None:
    heading = ["# Benchmarks", "", f"All of it comes from one run of `{command}`, with {setting}."]
    text = "\n".join([*heading, *(f"\n{table.as_markdown()}" for table in tables)])
    path.write_text(text + "\n")


def milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms"


def ratio(value: float) -> str:
    return f"{value:.2f}"
