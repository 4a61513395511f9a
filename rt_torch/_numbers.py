"""Numbers among the arguments of tensor functions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from numbers import Integral, Real
from operator import neg
from typing import Any, NoReturn

from rt_torch._tensor import Tensor, of_number
from rt_torch.errors import ArgumentTypeError, BadArgumentError
from rt_torch.pure.dtype import element, is_floating
from rt_torch.pure.layout import layout_of
from rt_torch.pure.tensor import pure_tensor
from rt_torch_bindings.arguments import shown
from rt_torch_bindings.operators import FUNCTIONS, Operator

# The functions that take a number instead of the second tensor, and what becomes of the number.
_WITH_NUMBER: dict[str, tuple[str, Callable[[float], float]]] = {
    "add": ("add_scalar", float),
    "sub": ("add_scalar", neg),
    "mul": ("mul_scalar", float),
    "div": ("div_scalar", float),
}


def with_tensors(operator: Operator, arguments: tuple[Any, ...]) -> tuple[Operator, tuple[Any, ...]]:
    """Check that tensors are where they belong; a number, or None, may stand for one where the operator says so.

    A tensor that is not given is not among those of the operator that comes back; those of a list are arguments of
    their own, which `grouped` undoes.

    A number takes part in the promotion of dtypes as in torch: like a tensor without dimensions, and a float does not
    raise the dtype of floats.
    """
    if operator.name in _WITH_NUMBER and type(arguments[1]) is float and isinstance(arguments[0], Tensor):
        tensor, number = arguments
        if is_floating(tensor.dtype):  # by far the most usual
            name, given = _WITH_NUMBER[operator.name]
            return FUNCTIONS[name], (tensor, given(number))
    if len(operator.lists) == 1:
        operator, arguments = _spread(operator, arguments)
    numbers, absent = False, False
    for place in operator.tensors:
        value = arguments[place]
        if value is None and place in operator.optional:
            absent = True
        elif not isinstance(value, Tensor):
            if place not in operator.numbers or not isinstance(value, Real):
                _refuse(operator, place, value)
            numbers = True
    if absent:
        operator = _with_only(operator, tuple(place for place in operator.tensors if arguments[place] is not None))
    if not numbers:
        return operator, arguments
    arguments = tuple(map(plain, arguments))
    return _with_scalar(operator, arguments) or (operator, _lifted(operator, arguments))


def _spread(operator: Operator, arguments: tuple[Any, ...]) -> tuple[Operator, tuple[Any, ...]]:
    """A list of tensors as so many arguments, which is what everybody else knows."""
    (place,) = operator.lists
    tensors = arguments[place]
    if not isinstance(tensors, (list, tuple)):
        raise ArgumentTypeError(
            f"{operator.symbol}: argument `{operator.params[place]}`: a list of tensors is expected; given "
            f"{shown(tensors)}",
            operator.symbol,
        )
    return _of_several(operator, len(tensors)), (*arguments[:place], *tensors, *arguments[place + 1 :])


@lru_cache(maxsize=256)
def _of_several(operator: Operator, count: int) -> Operator:
    (place,) = operator.lists
    names = [f"{operator.params[place]}[{at}]" for at in range(count)]
    params = (*operator.params[:place], *names, *operator.params[place + 1 :])
    return operator._replace(params=params, tensors=tuple(range(place, place + count)), lists=(place, place + count))


def grouped(operator: Operator, values: Sequence[Any]) -> Sequence[Any]:
    """The arguments as the function takes them: with a list where its elements are arguments of their own."""
    if not operator.lists:
        return values
    first, end = operator.lists
    return (*values[:first], [*values[first:end]], *values[end:])


@cache
def _with_only(operator: Operator, tensors: tuple[int, ...]) -> Operator:
    return operator._replace(tensors=tensors)


def plain(value: Any) -> Any:
    """A number of any kind as one of Python's own."""
    if isinstance(value, (int, float, Tensor)) or not isinstance(value, Real):
        return value
    return int(value) if isinstance(value, Integral) else float(value)


def _refuse(operator: Operator, place: int, value: object) -> NoReturn:
    wanted = "a tensor or a number" if place in operator.numbers else "a tensor"
    wanted += " or None" if place in operator.optional else ""
    raise ArgumentTypeError(
        f"{operator.symbol}: argument `{operator.params[place]}`: {wanted} is expected; given {shown(value)}",
        operator.symbol,
    )


def _with_scalar(operator: Operator, arguments: tuple[Any, ...]) -> tuple[Operator, tuple[Any, ...]] | None:
    """The function for a tensor and a floating-point number, where there is one."""
    if operator.name not in _WITH_NUMBER:
        return None
    tensor, number = arguments
    if isinstance(number, Tensor) and operator.name in ("add", "mul"):
        tensor, number = number, tensor
    if not isinstance(tensor, Tensor) or isinstance(number, (bool, Tensor)):
        return None
    dtype = tensor.dtype
    if dtype == "bool" or (not isinstance(number, float) and not is_floating(dtype)):
        return None
    name, given = _WITH_NUMBER[operator.name]
    try:
        return FUNCTIONS[name], (tensor, given(float(number)))
    except OverflowError:  # an int beyond all floats
        return None


def _lifted(operator: Operator, arguments: tuple[Any, ...]) -> tuple[Any, ...]:
    """The arguments with tensors without dimensions for the numbers."""
    values = list(arguments)
    dtypes = [values[place].dtype for place in operator.tensors if isinstance(values[place], Tensor)]
    floating = "f64" if not dtypes or "f64" in dtypes else "f32"
    beyond = floating if any(map(is_floating, dtypes)) else None
    for place in operator.numbers:
        if not isinstance(values[place], Tensor):
            values[place] = _number(operator, place, values[place], floating, beyond)
    return tuple(values)


def _number(operator: Operator, place: int, value: float, floating: str, beyond: str | None) -> Tensor:
    """A number as a tensor without dimensions; an integer beyond 64 bits is of the dtype `beyond`, if there is one."""
    where = f"{operator.symbol}: argument `{operator.params[place]}`"
    dtype = "bool" if isinstance(value, bool) else "i64" if isinstance(value, int) else floating
    if dtype == "i64" and not -(1 << 63) <= value < 1 << 63:
        if beyond is None:
            text = f"{where}: the integer does not fit into 64 bits; given {shown(value)}"
            raise BadArgumentError(text, operator.symbol)
        dtype = beyond
    return of_number(pure_tensor([element(where, value, dtype)], layout_of((), dtype)))
