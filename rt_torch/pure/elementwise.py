"""Arithmetic on each element, of two tensors that broadcast or of a tensor and a number."""

from __future__ import annotations

import operator
from collections.abc import Callable
from itertools import repeat
from math import copysign, inf, nan
from typing import Any

from rt_torch.pure import argument, check
from rt_torch.pure.broadcast import checked_shape, elements, spread
from rt_torch.pure.dtype import rounded
from rt_torch.pure.layout import NEVER, layout_of
from rt_torch.pure.promotion import float_dtype, result_dtype, settled
from rt_torch.pure.tensor import PureTensor, check_tensor, pure_tensor

_ADD: dict[str, Callable[[Any, Any], Any]] = {"bool": operator.or_}
_MUL: dict[str, Callable[[Any, Any], Any]] = {"bool": operator.and_}
_MAXIMUM: dict[str, Callable[[Any, Any], Any]] = {"bool": operator.or_, "i64": max}
_MINIMUM: dict[str, Callable[[Any, Any], Any]] = {"bool": operator.and_, "i64": min}


def add(a: PureTensor, b: PureTensor) -> PureTensor:
    """Sum of `a` and `b`, element by element; for two bool tensors, logical or.

    Integers wrap modulo 2**64.

    Raises:
        BadArgumentError: The shapes do not broadcast.
    """
    if type(a) is type(b) is PureTensor:
        layout = a._layout
        if layout is b._layout and layout.pure_size != NEVER:
            return pure_tensor([*map(operator.add, a._cell[0], b._cell[0])], layout)
    return _combined("rt_torch_add", a, b, operator.add, _ADD)


def sub(a: PureTensor, b: PureTensor) -> PureTensor:
    """Difference of `a` and `b`, element by element; integers wrap modulo 2**64.

    Raises:
        BadArgumentError: The shapes do not broadcast, or one of the two is bool.
    """
    symbol = "rt_torch_sub"
    if type(a) is type(b) is PureTensor:
        layout = a._layout
        if layout is b._layout and layout.pure_size != NEVER:
            return pure_tensor([*map(operator.sub, a._cell[0], b._cell[0])], layout)
    check_tensor(symbol, "a", a)
    check_tensor(symbol, "b", b)
    check.not_boolean(symbol, "a", a)
    check.not_boolean(symbol, "b", b)
    return _combined(symbol, a, b, operator.sub)


def mul(a: PureTensor, b: PureTensor) -> PureTensor:
    """Product of `a` and `b`, element by element; for two bool tensors, logical and.

    Integers wrap modulo 2**64.

    Raises:
        BadArgumentError: The shapes do not broadcast.
    """
    if type(a) is type(b) is PureTensor:
        layout = a._layout
        if layout is b._layout and layout.pure_size != NEVER:
            return pure_tensor([*map(operator.mul, a._cell[0], b._cell[0])], layout)
    return _combined("rt_torch_mul", a, b, operator.mul, _MUL)


def _combined(
    symbol: str,
    a: PureTensor,
    b: PureTensor,
    operation: Callable[[Any, Any], Any],
    special: dict[str, Callable[[Any, Any], Any]] | None = None,
) -> PureTensor:
    """`operation`, or the `special` one of the result's dtype, on two tensors of any shapes and dtypes."""
    check_tensor(symbol, "a", a)
    check_tensor(symbol, "b", b)
    shape = shape_of_two(symbol, a, b)
    dtype = result_dtype(a._layout, b._layout)
    if special:
        operation = special.get(dtype, operation)
    items = [*map(operation, spread(a, shape, dtype), spread(b, shape, dtype))]
    return pure_tensor(settled(items, dtype), layout_of(shape, dtype))


def shape_of_two(symbol: str, a: PureTensor, b: PureTensor) -> tuple[int, ...]:
    """The shape that the arguments `a` and `b` broadcast to."""
    shape = a._layout.shape
    return shape if shape == b._layout.shape else checked_shape(symbol, "a", shape, "b", b._layout.shape)


def div(a: PureTensor, b: PureTensor) -> PureTensor:
    """True quotient of `a` and `b`, element by element; of integers as f32.

    Division by zero gives an infinity or NaN.

    Raises:
        BadArgumentError: The shapes do not broadcast.
    """
    symbol = "rt_torch_div"
    check_tensor(symbol, "a", a)
    check_tensor(symbol, "b", b)
    shape = shape_of_two(symbol, a, b)
    dtype = float_dtype(result_dtype(a._layout, b._layout))
    try:
        items = [*map(operator.truediv, spread(a, shape, dtype), spread(b, shape, dtype))]
    except ZeroDivisionError:
        items = [*map(quotient, spread(a, shape, dtype), spread(b, shape, dtype))]
    return pure_tensor(settled(items, dtype), layout_of(shape, dtype))


def quotient(a: float, b: float) -> float:
    """a / b as processors divide: by zero too."""
    try:
        return a / b
    except ZeroDivisionError:
        return copysign(inf, a) * copysign(1.0, b) if a < 0.0 or a > 0.0 else nan


def maximum(a: PureTensor, b: PureTensor) -> PureTensor:
    """The larger of `a` and `b`, element by element; NaN where one of the two is NaN.

    Raises:
        BadArgumentError: The shapes do not broadcast.
    """
    return _combined("rt_torch_maximum", a, b, _larger, _MAXIMUM)


def minimum(a: PureTensor, b: PureTensor) -> PureTensor:
    """The smaller of `a` and `b`, element by element; NaN where one of the two is NaN.

    Raises:
        BadArgumentError: The shapes do not broadcast.
    """
    return _combined("rt_torch_minimum", a, b, _smaller, _MINIMUM)


def _larger(a: float, b: float) -> float:
    return a if a > b or a != a else b


def _smaller(a: float, b: float) -> float:
    return a if a < b or a != a else b


def neg(x: PureTensor) -> PureTensor:
    """Negative of each element; that of the least integer is itself.

    Raises:
        BadArgumentError: `x` is bool.
    """
    check_tensor("rt_torch_neg", "x", x)
    check.not_boolean("rt_torch_neg", "x", x)
    layout = x._layout
    items = [-value for value in elements(x, layout.dtype)]
    if layout.dtype == "i64":
        items = settled(items, "i64")
    return pure_tensor(items, layout_of(layout.shape, layout.dtype))


# With a number.  It counts as f32 beside f32, as libtorch has it, and does not change the dtype.


def add_scalar(x: PureTensor, s: float) -> PureTensor:
    """`x + s` for each element; of integers as f32."""
    return _with_number("rt_torch_add_scalar", x, s, operator.add)


def mul_scalar(x: PureTensor, s: float) -> PureTensor:
    """`x * s` for each element; of integers as f32."""
    return _with_number("rt_torch_mul_scalar", x, s, operator.mul)


def div_scalar(x: PureTensor, s: float) -> PureTensor:
    """`x / s` for each element, of integers as f32; division by zero gives an infinity or NaN."""
    return _with_number("rt_torch_div_scalar", x, s, operator.truediv)


def add_scaled(a: PureTensor, b: PureTensor, s: float) -> PureTensor:
    """`a + s * b`, element by element.

    Raises:
        BadArgumentError: One of the two is not floating-point, or the shapes do not broadcast.
    """
    symbol = "rt_torch_add_scaled"
    check_tensor(symbol, "a", a)
    check_tensor(symbol, "b", b)
    number = argument.number(symbol, "s", s)
    check.floating(symbol, "a", a)
    check.floating(symbol, "b", b)
    shape = shape_of_two(symbol, a, b)
    dtype = result_dtype(a._layout, b._layout)
    if dtype == "f32":
        number = rounded([number])[0]
    items = [x + number * y for x, y in zip(spread(a, shape, dtype), spread(b, shape, dtype), strict=True)]
    return pure_tensor(settled(items, dtype), layout_of(shape, dtype))


def _with_number(symbol: str, x: PureTensor, s: Any, operation: Callable[[Any, Any], float]) -> PureTensor:
    check_tensor(symbol, "x", x)
    number = argument.number(symbol, "s", s)
    layout = x._layout
    dtype = float_dtype(layout.dtype)
    if dtype == "f32":
        number = rounded([number])[0]
    if operation is operator.truediv and number == 0.0:
        operation = quotient
    items = [*map(operation, elements(x, dtype), repeat(number))]
    return pure_tensor(settled(items, dtype), layout_of(layout.shape, dtype))
