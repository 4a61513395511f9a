"""What moving a tensor between the tiers costs.

The tensors are new to the other tier at each call, and outlive it: a native call goes on to use them, and what letting
go of them costs is nobody's before that.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from functools import partial
from operator import neg
from typing import Any

from rt_torch import native
from rt_torch._dispatch import dispatch
from rt_torch._tensor import Tensor, of_handle, of_pure
from rt_torch.accel.cost import Linear, Movement
from rt_torch.calibration.fit import far_slope, fitted
from rt_torch.calibration.recipe import FAR_SIZE, SIZES, in_list, in_memory, in_native
from rt_torch.calibration.timing import Call, Fresh, Series, Step
from rt_torch.pure.tensor import PureTensor, pure_tensor

__all__ = ["Constants", "Converting", "Link"]

FEW = (8, 128, 2048)  # elements: what does not depend on their number is seen best where there are few
ANY = "clone"  # a function that takes every tensor
GPU = "cuda:0"


class Constants:
    """Wrapping memory, and viewing a native tensor: what a call takes longer with tensors that are new to the tier."""

    def __init__(self) -> None:
        self._wrapped = _over("native", _new_in_memory), _over("native", _resident(in_native))
        self._viewed = _over("pure", _new_in_native), _over("pure", _resident(in_memory))

    def series(self) -> tuple[Series, ...]:
        return (*self._wrapped, *self._viewed)

    def wrap(self) -> float:
        return _more(*self._wrapped)

    def view(self) -> float:
        return _more(*self._viewed)


class Converting:
    """Lists of a dtype moved to memory.  Their numbers are let go of, which for floats takes about as long."""

    def __init__(self, dtype: str) -> None:
        def make(size: int) -> Fresh:
            items, layout = in_list(dtype, (size,))._cell[0], in_list(dtype, (size,))._layout
            return Fresh(lambda: pure_tensor(_copies(items), layout), PureTensor.buffer)

        self.near = _over("pure", make, SIZES)
        self.far = _over("pure", make, (FAR_SIZE,))

    def series(self) -> tuple[Series, ...]:
        return self.near, self.far

    def movement(self, constants: Constants, box: float, link: Linear | None) -> Movement:
        near = fitted(self.near.points)
        converting = near._replace(far=far_slope(near, self.far.points))
        return Movement(constants.wrap(), converting, constants.view(), box, link)


class Link:
    """Tensors of a dtype moved from the first GPU to the CPU, where there is one."""

    def __init__(self, dtype: str) -> None:
        def make(size: int) -> Call:
            return partial(dispatch, "to_device", in_native(dtype, (size,)).to(GPU), "cpu")

        self.series = [_over("native", make, (*SIZES, FAR_SIZE))] if native.cuda_device_count() else []

    def cost(self) -> Linear | None:
        points = [point for series in self.series for point in series.points]
        return fitted(points) if points else None


def _copies(items: list[Any]) -> list[Any]:
    """Numbers that nothing else holds, as of a result."""
    return items[:] if type(items[0]) is bool else [*map(neg, items)]


def _over(mode: str, make: Callable[[int], Call | Fresh], sizes: Sequence[int] = FEW) -> Series:
    return Series("moving", mode, [Step(size, size, partial(make, size)) for size in sizes])


def _more(longer: Series, shorter: Series) -> float:
    """What the longer one takes beside the shorter one."""
    times = zip(longer.points, shorter.points, strict=False)
    return max(0.0, statistics.median(one - other for (_, one), (_, other) in times))


def _new_in_memory(size: int) -> Fresh:
    tensor = in_memory("f64", (size,))
    memory, layout = tensor._cell[0], tensor._layout
    return Fresh(lambda: of_pure(pure_tensor(memory, layout)), partial(dispatch, ANY))


def _new_in_native(size: int) -> Fresh:
    handle = in_native("f64", (size,))._handle

    def make() -> Tensor:
        tensor = of_handle(native.retain(handle))
        tensor.shape  # noqa: B018  (it is found out before, in either tier)
        return tensor

    return Fresh(make, partial(dispatch, ANY))


def _resident(operand: Callable[[str, tuple[int, ...]], Tensor]) -> Callable[[int], Call]:
    return lambda size: partial(dispatch, ANY, operand("f64", (size,)))
