"""The grid as a picture: time against size, a panel for each function and residency."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

from benchmarks.points import FUNCTIONS, RESIDENCIES, Grid

COLOURS = {"pure": "#4477aa", "native": "#ee6677", "auto": "#222222"}
TITLES = {
    "list": "operands are lists",
    "memory": "operands are memory",
    "native": "operands are native",
}


def draw(grid: Grid, path: Path) -> str | None:
    """Write the picture; None, or why there is none."""
    try:
        matplotlib = importlib.import_module("matplotlib")
    except ImportError as error:
        return str(error)
    matplotlib.use("Agg")
    pyplot = importlib.import_module("matplotlib.pyplot")
    names = [name for name in FUNCTIONS if any(each.function == name for each in grid.points)]
    with pyplot.rc_context({"font.size": 9, "axes.spines.top": False, "axes.spines.right": False}):
        figure, rows = pyplot.subplots(
            len(names), len(RESIDENCIES), figsize=(9, 1.7 * len(names) + 0.6), sharex=True, sharey="row", squeeze=False
        )
        for name, panels in zip(names, rows, strict=True):
            for residency, panel in zip(RESIDENCIES, panels, strict=True):
                draw_panel(panel, grid, name, residency)
            panels[0].set_ylabel(f"{name}\nseconds")
        for residency, top, bottom in zip(RESIDENCIES, rows[0], rows[-1], strict=True):
            top.set_title(TITLES[residency], fontsize=10)
            bottom.set_xlabel("elements")
        handles, labels = rows[0][0].get_legend_handles_labels()
        figure.legend(handles, labels, loc="upper center", ncols=len(labels), frameon=False, fontsize=10)
        figure.tight_layout(rect=(0, 0, 1, 1 - 0.35 / figure.get_figheight()))
        figure.savefig(path, dpi=110)
        pyplot.close(figure)
    return None


def draw_panel(panel: Any, grid: Grid, name: str, residency: str) -> None:
    points = [each for each in grid.points if (each.function, each.residency) == (name, residency)]
    sizes = [each.size for each in points]
    for mode in ("pure", "native"):
        panel.plot(
            sizes, [each.seconds[mode] for each in points], color=COLOURS[mode], label=mode.upper(), linewidth=1.6
        )
    panel.plot(
        sizes, [each.seconds["auto"] for each in points], "o", color=COLOURS["auto"], label="AUTO", markersize=3.5
    )
    panel.set_xscale("log")
    panel.set_yscale("log")
    panel.grid(True, color="#dddddd", linewidth=0.5)
