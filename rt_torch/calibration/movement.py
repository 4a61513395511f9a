"""What moving a tensor between the tiers costs."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from functools import partial

from rt_torch import native
from rt_torch._dispatch import dispatch
from rt_torch._tensor import Tensor, of_handle, of_pure
from rt_torch.accel.cost import Movement
from rt_torch.calibration.fit import far_slope, fitted
from rt_torch.calibration.recipe import FAR_SIZE, SIZES, in_list, in_memory, in_native
from rt_torch.calibration.timing import Call, Series, Step
from rt_torch.pure.tensor import pure_tensor

__all__ = ["Constants", "Converting"]

FEW = (8, 128, 2048)  # elements: what does not depend on their number is seen best where there are few
ANY = "clone"  # a function that takes every tensor


class Constants:
    """Wrapping memory, and viewing a native tensor: what a call takes longer with tensors that are new to the tier."""

    def __init__(self) -> None:
        self._wrapped = _over("native", _call_with(_new_in_memory)), _over("native", _resident(in_native))
        self._viewed = _over("pure", _call_with(_new_in_native)), _over("pure", _resident(in_memory))
        self._made = _over("pure", _new_in_memory), _over("pure", _new_in_native)

    def series(self) -> tuple[Series, ...]:
        return (*self._wrapped, *self._viewed, *self._made)

    def wrap(self) -> float:
        return _more(*self._wrapped, self._made[0])

    def view(self) -> float:
        return _more(*self._viewed, self._made[1])


class Converting:
    """Lists of a dtype moved to memory."""

    def __init__(self, dtype: str) -> None:
        def make(size: int) -> Call:
            tensor = in_list(dtype, (size,))
            items, layout = tensor._cell[0], tensor._layout
            return lambda: pure_tensor(items, layout).buffer()  # each time one that is not converted yet

        self.near = _over("pure", make, SIZES)
        self.far = _over("pure", make, (FAR_SIZE,))

    def series(self) -> tuple[Series, ...]:
        return self.near, self.far

    def movement(self, constants: Constants, box: float) -> Movement:
        near = fitted(self.near.points)
        return Movement(constants.wrap(), near._replace(far=far_slope(near, self.far.points)), constants.view(), box)


def _over(mode: str, make: Callable[[int], Call], sizes: Sequence[int] = FEW) -> Series:
    return Series("moving", mode, [Step(size, size, partial(make, size)) for size in sizes])


def _more(longer: Series, shorter: Series, made: Series) -> float:
    """What the longer one takes beside the shorter one and beside making its tensor."""
    times = zip(longer.points, shorter.points, made.points, strict=False)
    return max(0.0, statistics.median(one - other - making for (_, one), (_, other), (_, making) in times))


def _new_in_memory(size: int) -> Callable[[], Tensor]:
    tensor = in_memory("f64", (size,))
    memory, layout = tensor._cell[0], tensor._layout
    return lambda: of_pure(pure_tensor(memory, layout))


def _new_in_native(size: int) -> Callable[[], Tensor]:
    handle = in_native("f64", (size,))._handle

    def make() -> Tensor:
        tensor = of_handle(native.retain(handle))
        tensor.shape  # noqa: B018  (it is found out before, in either tier)
        return tensor

    return make


def _call_with(new: Callable[[int], Callable[[], Tensor]]) -> Callable[[int], Call]:
    def make(size: int) -> Call:
        tensor = new(size)
        return lambda: dispatch(ANY, tensor())

    return make


def _resident(operand: Callable[[str, tuple[int, ...]], Tensor]) -> Callable[[int], Call]:
    return lambda size: partial(dispatch, ANY, operand("f64", (size,)))
