"""What a call would do, without doing it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

from rt_torch import _choice, _create, _dispatch, pure
from rt_torch._choice import ONLY_NATIVE, Choice
from rt_torch._numbers import grouped, with_tensors
from rt_torch._tensor import Tensor
from rt_torch._transfer import layout
from rt_torch.accel.policy import without_shortcuts
from rt_torch.errors import ArgumentTypeError, BadArgumentError
from rt_torch.pure.argument import integers, number
from rt_torch.pure.dtype import PURE_DTYPES, canonical, is_cuda, is_floating
from rt_torch.pure.fill import length_of_range
from rt_torch.pure.layout import check_sizes, layout_of
from rt_torch.pure.tensor import PureTensor
from rt_torch_bindings import operators
from rt_torch_bindings.operators import FUNCTIONS, Operator

_FEW = 1000  # elements that are made to see whether they can be
_COMPUTING = sorted(name for name in FUNCTIONS if hasattr(pure, name))


def explain(name: str, *arguments: Any, **named: Any) -> Choice:
    """What rt.NAME(*arguments, **named) would do now, and why; nothing is computed, moved, loaded or counted.

    Of what the specs have no function for, such as a sum along several dimensions, the first step is explained.

    Args:
        name: A function that computes, as in rt: "matmul", "sum", "zeros", ...; or as in the specs: "sum_dim", ...
        arguments: As the function takes them.
        named: As the function takes them.

    Raises:
        BadArgumentError: There is no such function, or the call would raise it, as far as that can be told without
            libtorch: whether a GPU that is asked for is there is not looked at.
        ArgumentTypeError: The function takes other arguments.
    """
    call = _function(name)
    try:
        with without_shortcuts(), _dispatch.asking():
            call(*arguments, **named)
    except _dispatch.Asked as asked:
        operator, given = with_tensors(asked.operator, asked.arguments)
    except TypeError as error:
        if isinstance(error, ArgumentTypeError):
            raise
        raise ArgumentTypeError(f"rt.explain: {error}") from None
    else:
        return Choice("pure", "Python makes it without a function of the specs")
    choice = _choice.preview(operator, given)
    _check(operator, given, native_only=choice is ONLY_NATIVE)
    return _choice.why_native(operator, given) if choice is ONLY_NATIVE else choice


def _function(name: Any) -> Callable[..., Any]:
    """rt's function of that name, or the one of the specs."""
    if isinstance(name, str) and (name in operators.__all__ or name in _COMPUTING):
        for module in (operators, _create):
            if name in module.__all__:
                function: Callable[..., Any] = getattr(module, name)
                return function
        return _of_the_specs(FUNCTIONS[name])
    known = ", ".join(_COMPUTING)
    raise BadArgumentError(f"rt.explain: there is no function {name!r} that computes: expected one of {known}")


def _of_the_specs(operator: Operator) -> Callable[..., Any]:
    def call(*arguments: Any, **named: Any) -> Any:
        given = dict(zip(operator.params, arguments, strict=False)) | named
        if len(arguments) + len(named) != len(operator.params) or given.keys() != {*operator.params}:
            wanted = f"{operator.name} takes {len(operator.params)} arguments ({', '.join(operator.params)})"
            raise TypeError(f"{wanted}, {len(arguments) + len(named)} were given")
        return _dispatch.dispatch(operator.name, *(given[param] for param in operator.params))

    return call


# What the call would say of its arguments: its twin in Python is run up to where it would read an element.


class _Computes(Exception):
    """The arguments are as they should be."""


class _Unread:
    """A storage whose elements cannot be had."""

    def _read(self, *arguments: Any) -> Any:
        raise _Computes

    __getattr__ = __getitem__ = __iter__ = __len__ = _read


def _check(operator: Operator, arguments: tuple[Any, ...], *, native_only: bool) -> None:
    """Raise what the call would, as far as it does not depend on the elements."""
    if native_only:
        _check_devices(operator, arguments)
    values = dict(zip(operator.params, arguments, strict=True))
    for place in operator.tensors:
        values[operator.params[place]] = _outside(arguments[place])
    if native_only:
        values |= _in_pure(values)
    function = getattr(pure, operator.name)
    if operator.tensors or operator.lists:
        with contextlib.suppress(_Computes):
            function(*grouped(operator, [*values.values()]))
    elif "dtype" in values:
        _check_made(operator.symbol, function, values)


def _check_devices(operator: Operator, arguments: tuple[Any, ...]) -> None:
    """All on one, where a number on the CPU goes with any."""
    placed = [(operator.params[place], arguments[place].device, arguments[place].ndim) for place in operator.tensors]
    placed = [each for each in placed if each[1:] != ("cpu", 0)]
    for name, device, _ in placed[1:]:
        first, where, _ = placed[0]
        if device != where:
            how = "all" if operator.lists else "both"
            raise BadArgumentError(
                f"{operator.symbol}: arguments `{first}` and `{name}`: they are on {where} and {device}, and {how} must "
                "be on one device",
                operator.symbol,
            )


def _outside(tensor: Tensor) -> PureTensor:
    """A tensor without its elements, in a dtype of the pure tier."""
    known = layout(tensor)
    dtype = known.dtype if known.dtype in PURE_DTYPES else "f32" if is_floating(known.dtype) else "i64"
    seen = object.__new__(PureTensor)
    seen._cell = [_Unread()]
    seen._layout = layout_of(known.shape, dtype)
    return seen


def _in_pure(asked: dict[str, Any]) -> dict[str, Any]:
    """The dtype and the device that are asked for as ones that the pure tier has."""
    dtype, device = asked.get("dtype"), asked.get("device")
    instead = {}
    if isinstance(dtype, str) and (known := canonical(dtype)) is not None:
        instead["dtype"] = known if known in PURE_DTYPES else "f32" if is_floating(known) else "i64"
    if isinstance(device, str) and is_cuda(device):
        instead["device"] = "cpu"
    return instead


def _check_made(symbol: str, function: Callable[..., Any], values: dict[str, Any]) -> None:
    """As `_check`, of what makes a tensor: of few elements it is made."""
    if "shape" in values:
        shape = integers(symbol, "shape", values["shape"])
        function(*(values | {"shape": ()}).values())
        check_sizes(symbol, "shape", shape)
        return
    function(*(values | {"end": values["start"]}).values())
    limits = [number(symbol, name, values[name]) for name in ("start", "end", "step")]
    if length_of_range(symbol, *limits) <= _FEW:
        function(*values.values())
