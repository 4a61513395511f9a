"""Measuring this machine, so that AUTO predicts well on it: `rt-torch calibrate`.

Both tiers run every function on tensors of several sizes and dtypes; a straight line through the times is a function's
cost.  What the machine does beside it only ever adds time, so the shortest of several rounds counts.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from contextlib import contextmanager

from rt_torch import Tensor as Tensor  # with it all that is below is there, and how native is found is known
from rt_torch import libtorch, native, pure
from rt_torch.accel import functions, is_ffi_available
from rt_torch.accel.cost import FunctionCost
from rt_torch.accel.machine import this_machine
from rt_torch.accel.profile import DtypeCosts, Profile
from rt_torch.accel.statistics import not_counted
from rt_torch.calibration import loading, movement
from rt_torch.calibration.errors import CalibrationError, PlotError
from rt_torch.calibration.fit import median_cost
from rt_torch.calibration.progress import Progress
from rt_torch.calibration.recipe import DTYPES, far_example, forget, recipes
from rt_torch.calibration.timing import Clock
from rt_torch.errors import Error

__all__ = ["CalibrationError", "PlotError", "calibrate"]


NEAR_PART = 0.7  # of the time, for sizes within the caches


def calibrate(seconds: float = 10, progress: bool = True) -> Profile:
    """Measure both tiers here, in about so many seconds; one round is made however long it takes.

    progress: show on stderr how far it is.

    Errors: CalibrationError when the native tier is not there, ValueError for seconds below 0.
    """
    if not seconds >= 0:
        raise ValueError(f"seconds must be 0 or more; given {seconds}")
    shown = Progress(seconds, enabled=progress)
    finished = False
    try:
        shown.show("loading libtorch", 0)
        loading_seconds, torch = _loaded()
        with _generators_kept(), not_counted():
            machine = _Measurements()
            machine.measure(Clock(shown, refused=(Error,)), seconds)
        finished = True
    finally:
        shown.end(finished)
        forget()
    return Profile("calibrated", this_machine()._replace(torch=torch), loading_seconds, machine.costs())


def _loaded() -> tuple[float, str]:
    """What loading libtorch takes, and the version of its torch; it is loaded then."""
    if not is_ffi_available():
        raise CalibrationError(
            "there is nothing to compare: the native tier is not available; `rt-torch doctor` shows what is missing"
        )
    try:
        native.load()
        seconds = loading.measured()
    except Error as error:
        raise CalibrationError(
            f"there is nothing to compare: the native tier does not work here ({error}); "
            "`rt-torch doctor` shows what is missing"
        ) from error
    installed = libtorch.installed()
    return seconds, installed.version if installed is not None else ""


@contextmanager
def _generators_kept() -> Iterator[None]:
    """Random numbers are drawn meanwhile: afterwards the generators go on where they were."""
    tiers = (pure, native)
    states = [tier.random_state() for tier in tiers]
    try:
        yield
    finally:
        for tier, state in zip(tiers, states, strict=True):
            tier.set_random_state(*state)


class _Measurements:
    """All that is measured."""

    def __init__(self) -> None:
        self.recipes = {dtype: list(recipes(dtype)) for dtype in DTYPES}
        self.constants = movement.Constants()
        self.converting = {dtype: movement.Converting(dtype) for dtype in DTYPES}
        self.links = {dtype: movement.Link(dtype) for dtype in DTYPES}

    def measure(self, clock: Clock, seconds: float) -> None:
        every = [recipe for each in self.recipes.values() for recipe in each]
        near = [*self.constants.series()]
        near += [converting.near for converting in self.converting.values()]
        near += [series for link in self.links.values() for series in link.series]
        near += [series for recipe in every for series in recipe.near_series()]
        clock.measure(near, NEAR_PART * seconds)
        far = [converting.far for converting in self.converting.values()]
        far += [series for recipe in every for series in recipe.far_series()]
        clock.measure(far, seconds)

    def costs(self) -> dict[str, DtypeCosts]:
        far = {recipe.name: recipe.far_slope() for recipe in self.recipes["f64"]}
        return {dtype: self._costs(dtype, far) for dtype in DTYPES}

    def _costs(self, dtype: str, far: dict[str, float]) -> DtypeCosts:
        found = {recipe.name: recipe.cost(far.get(far_example(recipe.name), 0.0)) for recipe in self.recipes[dtype]}
        costs = {name: cost for name, cost in found.items() if cost is not None}
        boxes = [box for recipe in self.recipes[dtype] if (box := recipe.box()) is not None]
        box = max(0.0, statistics.median(boxes)) if boxes else 0.0
        moved = self.converting[dtype].movement(self.constants, box, self.links[dtype].cost())
        return DtypeCosts(moved, {**_groups(costs), **costs} if dtype in ("f64", "f32") else costs)


def _groups(costs: dict[str, FunctionCost]) -> dict[str, FunctionCost]:
    """What a function costs that was not measured: a typical one of its group."""
    members: dict[str, list[FunctionCost]] = {}
    for name, cost in costs.items():
        members.setdefault(functions.group_of(name), []).append(cost)
    return {group: median_cost(members[group]) for group in functions.GROUPS if group in members and group not in costs}
