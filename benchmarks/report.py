"""Tables, for the terminal and for files in docs/."""

from __future__ import annotations

import platform
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


def setting(torch_version: str) -> str:
    python = ".".join(platform.python_version_tuple()[:2])
    return f"torch {torch_version}, Python {python} and {platform.system()} on {platform.machine()}"


def milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms"


def shown_seconds(seconds: float) -> str:
    """Three digits and the unit: "812 ns", "40.1 ms"."""
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("us", 1e-6)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}" if seconds < 100 * size else f"{seconds / size:.0f} {unit}"
    return f"{seconds * 1e9:.0f} ns"


def megabytes(count: float) -> str:
    """Of bytes: "9.3 MB"."""
    return f"{count / 1e6:.1f} MB"


def ratio(value: float) -> str:
    return f"{value:.2f}"


def factor(value: float) -> str:
    """How many times: "412x", "7.3x"."""
    return f"{value:.0f}x" if value >= 20 else f"{value:.1f}x"
