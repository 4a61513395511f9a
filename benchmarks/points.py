"""What the grid is made of: functions, sizes, residencies, and what was measured at each point."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import NamedTuple

MODES = ("pure", "native", "auto")
RESIDENCIES = ("list", "memory", "native")
SIZES = tuple(1 << bits for bits in (0, 3, 6, 9, 12, 15, 18, 20, 22))
SQUARES = tuple(1 << 2 * bits for bits in range(10))  # elements of the matrices that matmul takes
LONG = 2.0  # seconds; what takes longer in Python is not measured
SUSPECT = 1.15  # points above it are measured again, with more rounds


class Function(NamedTuple):
    call: Callable[..., object]
    operands: int
    sizes: tuple[int, ...] = SIZES
    power: float = 1.0  # the work is the size to this power


FUNCTIONS = {
    "add": Function(operator.add, 2),
    "mul": Function(operator.mul, 2),
    "eq": Function(operator.eq, 2),
    "relu": Function(lambda x: x.relu(), 1),
    "exp": Function(lambda x: x.exp(), 1),
    "tanh": Function(lambda x: x.tanh(), 1),
    "softmax": Function(lambda x: x.softmax(1), 1),
    "sum": Function(lambda x: x.sum(), 1),
    "sum_dim": Function(lambda x: x.sum(1), 1),
    "transpose": Function(lambda x: x.transpose(0, 1), 1, power=0.0),
    "matmul": Function(operator.matmul, 2, SQUARES, 1.5),
}


class Point(NamedTuple):
    function: str
    size: int
    residency: str
    seconds: dict[str, float]  # of one call, by mode: median
    ratio: float  # of AUTO to the better mode: median over the rounds of the ratio in the same round
    tier: str  # that AUTO took: "pure", "native", or "both" when it changed


class Grid(NamedTuple):
    points: list[Point]
    skipped: list[tuple[str, int]]  # function and size
    repeated: int  # points that were measured twice
    profile: str  # "default"
    threads: int
