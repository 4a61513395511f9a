"""A picture of a profile: for each function, from how many elements it is native."""

from __future__ import annotations

from typing import Any

from rt_torch import _figure
from rt_torch._file import Path
from rt_torch.accel import cost
from rt_torch.accel.crossover import ALWAYS, NEVER, Savings
from rt_torch.accel.functions import declared, group_of, line_of, operands_of
from rt_torch.accel.machine import Machine
from rt_torch.accel.profile import Profile

__all__ = ["check", "crossovers", "described", "draw"]

# Colours that are told apart by everyone, and shapes that need no colour.
LOOKS = {cost.LIST: ("o", "#d55e00", "in lists"), cost.MEMORY: ("s", "#0072b2", "in memory of Python")}
LEAST, MOST = 0.5, 1e8  # where `always` and `never` are drawn
_WHO = "--plot"  # what messages start with


def check() -> None:
    """Load what draws.

    Errors: PlotError when matplotlib is not there.
    """
    _figure.load(_WHO)


def crossovers(profile: Profile, kind: str) -> dict[str, float]:
    """From how many f64 elements each measured function is native, when they are all of a kind: ALWAYS, NEVER."""
    found = {}
    for name in declared():
        group = group_of(name)
        if name in profile.costs["f64"].functions and operands_of(name) and group != "views":
            power = 1.5 if group == "matmul" else 1.0
            savings = Savings.of(
                profile.cost(name, "f64"),
                profile.movement("f64"),
                kind,
                operands_of(name),
                power=power,
                line=line_of(name) if power != 1.0 else 0,
            )
            found[name] = savings.always_above()
    return found


def draw(profile: Profile, path: Path) -> None:
    """Write the picture as PNG.

    Errors: PlotError when matplotlib is not there, OSError.
    """
    check()
    by_kind = {kind: crossovers(profile, kind) for kind in LOOKS}
    names = sorted(
        by_kind[cost.LIST], key=lambda name: [_place(found[name]) for found in by_kind.values()], reverse=True
    )
    figure = _figure.new(8, 1.6 + 0.22 * len(names))
    axes = figure.subplots()
    for at in range(len(names)):
        axes.axhline(at, color="#dddddd", linewidth=0.6, zorder=0)
    for kind, (marker, colour, label) in LOOKS.items():
        places = [_place(by_kind[kind][name]) for name in names]
        axes.scatter(places, range(len(names)), marker=marker, s=26, color=colour, label=label, zorder=2, clip_on=False)
    _label(axes, names, profile)
    _figure.save(_WHO, figure, path)


def described(machine: Machine) -> str:
    """AMD EPYC, CPython 3.11, torch 2.13.0+cpu, 2 threads"""
    threads = f"{machine.threads} thread{'' if machine.threads == 1 else 's'}"
    return f"{machine.cpu}, {machine.python}, torch {machine.torch}, {threads}"


def _label(axes: Any, names: list[str], profile: Profile) -> None:
    axes.set_xscale("log")
    axes.set_xlim(LEAST, MOST)
    ticks = [LEAST, *(10.0**power for power in range(1, 8)), MOST]
    axes.set_xticks(ticks, ["always", *(f"{10**power:,}" for power in range(1, 8)), "never"])
    axes.set_xticks([], minor=True)
    axes.set_yticks(range(len(names)), names)
    axes.set_ylim(-1, len(names))
    axes.set_xlabel("elements from which libtorch is faster (matmul: of a square matrix)")
    axes.set_title(f"Where AUTO changes tiers\n{described(profile.machine)}, f64", fontsize=10)
    axes.legend(title="the operands are", loc="upper right", frameon=False)
    _figure.unframed(axes, "top", "right", "left")
    axes.tick_params(axis="y", length=0, labelsize=8)


def _place(elements: float) -> float:
    if elements == ALWAYS or elements < 1:
        return LEAST
    return MOST if elements == NEVER else min(elements, MOST)
