"""Profiles with round numbers."""

from __future__ import annotations

from rt_torch.accel.cost import FunctionCost, Linear, Movement
from rt_torch.accel.machine import this_machine
from rt_torch.accel.profile import DtypeCosts, Profile

STILL = Movement(0.0, Linear(0.0, 0.0), 0.0, 0.0)  # moving is free
COSTLY = Movement(wrap=1.0, convert=Linear(2.0, 0.5), view=3.0, box=0.25)


def cost(pure: tuple[float, float], native: tuple[float, float]) -> FunctionCost:
    return FunctionCost(Linear(*pure), Linear(*native))


def profile(movement: Movement = STILL, loading: float = 100.0, **functions: FunctionCost) -> Profile:
    """Element-wise functions by default: native wins above 10 elements when nothing is moved."""
    costs = {"elementwise": cost((0.0, 1.0), (10.0, 0.0))} | functions
    return Profile("round numbers", this_machine(), loading, {"f64": DtypeCosts(movement, costs)})
