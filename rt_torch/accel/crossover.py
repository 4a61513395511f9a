"""From how many elements native is faster, and below how many pure is."""

from __future__ import annotations

import math
from typing import NamedTuple

from rt_torch.accel.cost import CUDA, FAR, LINK, LIST, FunctionCost, Movement, predict

__all__ = ["ALWAYS", "NEVER", "Savings"]

ALWAYS = -1.0
NEVER = math.inf

_MOST = 1e30  # more than any number of elements


class Savings(NamedTuple):
    """What native saves, in seconds, for equal operands of n elements each, when they make n ** power of work."""

    a: float  # for none
    per_element: float  # for each that is moved
    per_work: float
    far: float  # more for each element beyond FAR
    power: float

    @classmethod
    def of(
        cls,
        cost: FunctionCost,
        movement: Movement,
        kind: str,
        operands: int,
        *,
        power: float = 1.0,
        line: float = 0.0,
        reads: bool = True,
    ) -> Savings:
        """For so many operands of a kind.

        line: Work that each element brings beside: that of a line, where there are as many lines as elements.
        reads: False for a view, which touches no element.
        """
        boxed = 0.0
        if reads and operands and kind != LIST:
            boxed = movement.box if cost.memory is None else 0.0
            cost = cost._replace(pure=cost.memory or cost.pure)
        pure, native = predict(cost, movement, 0, (kind, 0) * operands, reads=reads)
        converted, far = _moved(movement, kind)
        per_work = cost.pure.b - cost.native.b if reads else 0.0
        more = cost.pure.far - cost.native.far if reads and power == 1.0 else 0.0
        per_element = operands * (boxed - converted) + line * per_work
        return cls(pure - native, per_element, per_work, more - operands * far, power)

    def at(self, n: float) -> float:
        saved = self.a + self.per_element * n + self.per_work * math.pow(n, self.power)
        return saved if n <= FAR else saved + self.far * (n - FAR)

    def always_above(self) -> float:
        """The least number above which native is faster, whatever the number: ALWAYS for all, NEVER for none."""
        if self.power != 1.0:
            return self._above_power()
        near = self.per_element + self.per_work
        beyond, there = near + self.far, self.at(FAR)
        if beyond < 0 or (there <= 0 and beyond == 0):
            return NEVER
        if there <= 0:
            return FAR - there / beyond
        return ALWAYS if self.a > 0 else -self.a / near

    def never_below(self) -> float:
        """The number below which pure is at least as fast: 0 for none, NEVER when it is for all."""
        if self.a > 0:
            return 0.0
        if self.power != 1.0:
            return self._below_power()
        near = self.per_element + self.per_work
        if near > 0 and -self.a / near <= FAR:
            return -self.a / near
        beyond = near + self.far
        return NEVER if beyond <= 0 else FAR - self.at(FAR) / beyond

    # Where work grows faster than elements: on each side of FAR savings fall while moving costs more than the work
    # saves, then they rise.

    def _above_power(self) -> float:
        if self.per_work == 0:
            return self._replace(power=1.0).always_above()
        if self.per_work < 0:
            return NEVER
        far, near = self._lowest_far(), self._lowest_near()
        if self.at(far) <= 0:
            return self._rising(far)
        return self._rising(near) if self.at(near) <= 0 else ALWAYS

    def _below_power(self) -> float:
        if self.per_work == 0:
            return self._replace(power=1.0).never_below()
        if self.per_work < 0:
            return NEVER if self.per_element <= 0 and self.far <= 0 else 0.0
        return self._rising(self._lowest_near() if self.at(FAR) > 0 else self._lowest_far())

    def _lowest_near(self) -> float:
        return min(self._falling(self.per_element), FAR)

    def _lowest_far(self) -> float:
        return max(self._falling(self.per_element + self.far), FAR)

    def _falling(self, per_element: float) -> float:
        """Up to where they fall."""
        part = max(0.0, -per_element / (self.power * self.per_work))
        return math.pow(min(part, _MOST), 1 / (self.power - 1))

    def _rising(self, low: float) -> float:
        """Where they are no longer negative, from `low` on."""
        high = max(1.0, 2 * low)
        while self.at(high) <= 0:
            high *= 2
            if high > _MOST:
                return NEVER
        for _ in range(100):
            middle = (low + high) / 2
            low, high = (low, middle) if self.at(middle) > 0 else (middle, high)
        return high


def _moved(movement: Movement, kind: str) -> tuple[float, float]:
    """What moving one element costs native more than pure, and beyond FAR."""
    if kind == LIST:
        return movement.convert.b, movement.convert.far
    if kind == CUDA:
        link = movement.link or LINK
        return -link.b, -link.far
    return 0.0, 0.0
