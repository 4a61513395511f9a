"""Pictures of how a model learned, and of what it has learned."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, isfinite, nan
from typing import Any

from rt_torch import _figure
from rt_torch._file import Path
from rt_torch._tensor import Tensor
from rt_torch.errors import ArgumentTypeError, BadArgumentError
from rt_torch.nn import Module
from rt_torch.training.history import TrainingHistory
from rt_torch_bindings.arguments import shown

# Colours and dashes that are told apart by everyone.
_LOOKS = (("#0072b2", "-"), ("#d55e00", "--"), ("#009e73", "-."), ("#cc79a7", ":"), ("#000000", "-"))
_BINS = 41  # an odd number: of elements that are all the same, the bar is in the middle
_LARGEST = 1e290  # beyond which matplotlib has no axes
_MOST = 12  # histograms side by side and below each other


def plot_history(history: TrainingHistory, path: Path, *, title: str = "", log: bool = False) -> None:
    """Draw losses, metrics and learning rates over the epochs, as PNG.

    Args:
        history: What Trainer.fit gave.
        path: Where the picture goes.
        title: Something to write above.
        log: Whether the losses' axis is logarithmic.

    Raises:
        PlotError: matplotlib is not there.
        BadArgumentError: The history has no epoch.
        OSError: It cannot be written.
    """
    symbol = "rt.training.plot_history"
    _figure.load(symbol)
    if not isinstance(history, TrainingHistory):
        raise ArgumentTypeError(f"{symbol}: argument `history`: a TrainingHistory is expected; given {shown(history)}")
    if not history.epochs:
        raise BadArgumentError(f"{symbol}: argument `history`: it has no epoch")
    panels = _panels(history)
    figure = _figure.new(7, 1.2 + 2.4 * len(panels))
    rows = figure.subplots(len(panels), 1, sharex=True, squeeze=False)[:, 0]
    for axes, (label, curves) in zip(rows, panels, strict=True):
        _draw_curves(axes, history.epochs, curves, label)
    if log and any(_drawn(value) > 0.0 for values in panels[0][1].values() for value in values):
        rows[0].set_yscale("log", nonpositive="mask")
        rows[0].grid(which="minor", axis="y", color="#eeeeee", linewidth=0.4)
    rows[-1].set_xlabel("epoch")
    rows[-1].xaxis.get_major_locator().set_params(integer=True)
    if title:
        figure.suptitle(title, fontsize=11, parse_math=False)
    _figure.save(symbol, figure, path)


def _panels(history: TrainingHistory) -> list[tuple[str, dict[str, Sequence[float | None]]]]:
    """What is drawn together, by its axis."""
    losses: dict[str, Sequence[float | None]] = {"training": history.losses}
    if any(value is not None for value in history.validation_losses):
        losses["validation"] = history.validation_losses
    panels = [("loss", losses)]
    names = [name for name in history.metrics if not name.startswith("validation_")]
    names += [name[len("validation_") :] for name in history.metrics if name.startswith("validation_")]
    for name in dict.fromkeys(names):
        both = {"training": history.metrics.get(name), "validation": history.metrics.get(f"validation_{name}")}
        panels.append((name, {kind: values for kind, values in both.items() if values is not None}))
    if len(set(history.learning_rates) - {None}) > 1:
        panels.append(("learning rate", {"": history.learning_rates}))
    return panels


def _draw_curves(axes: Any, epochs: Sequence[int], curves: dict[str, Sequence[float | None]], label: str) -> None:
    for (name, values), (colour, dash) in zip(curves.items(), _LOOKS, strict=False):
        known = [_drawn(value) for value in values]
        axes.plot(
            epochs, known, color=colour, linestyle=dash, marker=_marker(known), markersize=4, label=name, linewidth=1.6
        )
    axes.set_ylabel(label, parse_math=False)
    axes.grid(color="#dddddd", linewidth=0.6)
    axes.set_axisbelow(True)
    if len(curves) > 1:
        axes.legend(frameon=False)
    _figure.unframed(axes, "top", "right")


def _drawn(value: float | None) -> float:
    """What there is to be drawn of it; NaN for nothing."""
    return value if value is not None and abs(value) <= _LARGEST else nan


def _marker(values: Sequence[float]) -> str:
    """Dots where a line alone would not show all values: those between epochs that have none."""
    there = [False, *map(isfinite, values), False]
    alone = any(
        here and not before and not after for before, here, after in zip(there, there[1:], there[2:], strict=False)
    )
    return "o" if alone or len(values) < 3 else ""


def plot_weights(model: Module, path: Path, *, title: str = "") -> None:
    """Draw a histogram of the elements of each of the model's parameters, as PNG; of many parameters the largest.

    Args:
        model: What has parameters.
        path: Where the picture goes.
        title: Something to write above.

    Raises:
        PlotError: matplotlib is not there.
        BadArgumentError: The model has no parameter.
        OSError: It cannot be written.
    """
    symbol = "rt.training.plot_weights"
    _figure.load(symbol)
    if not isinstance(model, Module):
        raise ArgumentTypeError(f"{symbol}: argument `model`: an rt.nn.Module is expected; given {shown(model)}")
    parameters = _largest({name: tensor for name, tensor in model.named_parameters() if tensor.numel()})
    if not parameters:
        raise BadArgumentError(f"{symbol}: argument `model`: it has no parameters")
    columns = min(len(parameters), 3)
    rows = ceil(len(parameters) / columns)
    figure = _figure.new(3.2 * columns + 0.4, 2.3 * rows + 0.5)
    grid = [axes for row in figure.subplots(rows, columns, squeeze=False) for axes in row]
    for axes, (name, tensor) in zip(grid, parameters.items(), strict=False):
        _draw_histogram(axes, name, tensor)
    for axes in grid[len(parameters) :]:
        axes.set_axis_off()
    if title:
        figure.suptitle(title, fontsize=11, parse_math=False)
    _figure.save(symbol, figure, path)


def _largest(parameters: dict[str, Tensor]) -> dict[str, Tensor]:
    """As many as there is room for, in their order."""
    kept = sorted(parameters, key=lambda name: -parameters[name].numel())[:_MOST]
    return {name: tensor for name, tensor in parameters.items() if name in kept}


def _draw_histogram(axes: Any, name: str, tensor: Tensor) -> None:
    values = tensor.detach().flatten().tolist()
    finite = [value for value in values if isfinite(_drawn(value))]
    lost = f", {len(values) - len(finite)} not drawn" if len(finite) < len(values) else ""
    shape = "×".join(map(str, tensor.shape)) or "one number"
    axes.set_title(f"{name}: {shape}{lost}", fontsize=9, parse_math=False)
    if finite:
        mean = sum(value / len(finite) for value in finite)
        bins = min(_BINS, max(5, len(finite) // 4)) | 1
        axes.hist(finite, bins=bins, range=_range(finite), color=_LOOKS[0][0], edgecolor="white", linewidth=0.6)
        axes.axvline(mean, color=_LOOKS[1][0], linewidth=1.2, label=f"mean {mean:.3g}")
        axes.legend(fontsize=7, frameon=False, loc="upper right", borderaxespad=0.0)
        axes.margins(y=0.2)
    axes.locator_params(axis="x", nbins=5)
    axes.yaxis.get_major_locator().set_params(integer=True)
    axes.tick_params(labelsize=8)
    _figure.unframed(axes, "top", "right")


def _range(values: Sequence[float]) -> tuple[float, float]:
    """From where to where the bars go: wide enough that each has a width."""
    low, high = min(values), max(values)
    least = max(1e-9 * max(abs(low), abs(high)), 1e-300)
    if high - low >= least:
        return low, high
    half = 0.5 * max(1.0, abs(low))
    return low - half, low + half
