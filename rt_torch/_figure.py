"""Pictures, drawn by matplotlib where it is installed."""

from __future__ import annotations

import importlib
import importlib.util
from typing import Any

from rt_torch._file import Path, path_text, replacing
from rt_torch.errors import Error

__all__ = ["PlotError", "load", "new", "save", "unframed"]


class PlotError(Error):
    """What draws is not installed."""

    name = "plot"


def load(who: str) -> None:
    """Load what draws.

    Args:
        who: What the message starts with: "rt.training.plot_history".

    Raises:
        PlotError: matplotlib is not there.
    """
    if importlib.util.find_spec("matplotlib") is None:
        raise PlotError(f"{who} needs matplotlib: pip install 'rt-torch[plot]'")
    for name in ("figure", "backends.backend_agg"):
        importlib.import_module(f"matplotlib.{name}")


def new(width: float, height: float) -> Any:
    """A matplotlib figure of that size in inches, which no window shows and no other code sees."""
    return importlib.import_module("matplotlib.figure").Figure(figsize=(width, height), layout="constrained")


def save(who: str, figure: Any, path: Path) -> None:
    """Write it as PNG; an old file is replaced as a whole or not at all.

    Raises:
        ArgumentTypeError: The path is none.
        OSError: It cannot be written.
    """
    with replacing(path_text(f"{who}: argument `path`", path)) as file:
        figure.savefig(file, format="png", dpi=150)


def unframed(axes: Any, *sides: str) -> None:
    """Take lines away from around the drawing: "top", "right", "left"."""
    for side in sides:
        axes.spines[side].set_visible(False)
