"""Several tensors as one."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from math import prod
from typing import Any, NoReturn

from rt_torch.pure import check
from rt_torch.pure.argument import integer, refused
from rt_torch.pure.broadcast import elements
from rt_torch.pure.dtype import promote
from rt_torch.pure.layout import layout_of, overflow, shape_text
from rt_torch.pure.tensor import PureTensor, check_tensor, pure_tensor
from rt_torch_bindings.arguments import shown
from rt_torch_bindings.errors import ArgumentTypeError, BadArgumentError

_NOTHING = (0,)  # the shape of what can be joined with anything


def cat(tensors: Sequence[PureTensor], dim: int = 0) -> PureTensor:
    """The tensors one after the other along `dim`, of the dtype that all promote to.

    A tensor of the shape (0,) adds nothing, whatever shapes the others have.

    Raises:
        BadArgumentError: There is no tensor, one has no dimensions, other sizes than that of `dim` differ, or there is
            no such dimension.
        ArgumentTypeError: It is no list or tuple of tensors.
    """
    symbol = "rt_torch_cat"
    given, number = _several(symbol, tensors), integer(symbol, "dim", dim)
    _check_any(symbol, given)
    for at, x in enumerate(given):
        if not x._layout.shape:
            text = "a tensor of at least one dimension is needed, this one has none"
            raise refused(symbol, f"tensors[{at}]", text)
    first = next((at for at, x in enumerate(given) if x._layout.shape != _NOTHING), 0)
    shape = given[first]._layout.shape
    place = check.dim(symbol, "dim", number, len(shape))
    joined = [x for x in given if x._layout.shape != _NOTHING]
    for at, x in enumerate(given):
        other = x._layout.shape
        if other != _NOTHING and (*other[:place], *other[place + 1 :], len(other)) != (
            *shape[:place],
            *shape[place + 1 :],
            len(shape),
        ):
            _refuse_two(symbol, first, shape, at, other, f"all sizes but that of dimension {place} must be the same")
    total = sum(x._layout.shape[place] for x in joined)
    return _joined(symbol, joined, _common_dtype(given), place, (*shape[:place], total, *shape[place + 1 :]))


def stack(tensors: Sequence[PureTensor], dim: int = 0) -> PureTensor:
    """The tensors one after the other along a new dimension, of the dtype that all promote to.

    Raises:
        BadArgumentError: There is no tensor, the shapes differ, or there is no such place for a dimension.
        ArgumentTypeError: It is no list or tuple of tensors.
    """
    symbol = "rt_torch_stack"
    given, number = _several(symbol, tensors), integer(symbol, "dim", dim)
    _check_any(symbol, given)
    shape = given[0]._layout.shape
    for at, x in enumerate(given):
        if x._layout.shape != shape:
            _refuse_two(symbol, 0, shape, at, x._layout.shape, "all must be the same")
    place = check.new_dim(symbol, "dim", number, given[0], "tensors")
    _check_size(symbol, (len(given), *shape))
    return _joined(symbol, given, _common_dtype(given), place, (*shape[:place], len(given), *shape[place:]))


def _several(symbol: str, tensors: Any) -> list[PureTensor]:
    if not isinstance(tensors, (list, tuple)):
        text = f"{symbol}: argument `tensors`: a list of tensors is expected; given {shown(tensors)}"
        raise ArgumentTypeError(text, symbol)
    return [check_tensor(symbol, f"tensors[{at}]", x) for at, x in enumerate(tensors)]


def _check_any(symbol: str, tensors: list[PureTensor]) -> None:
    if not tensors:
        raise refused(symbol, "tensors", "no tensor was given, and at least one is needed")


def _check_size(symbol: str, shape: tuple[int, ...]) -> None:
    if problem := overflow(shape):
        text = f"the {problem} of the result's shape {shape_text(shape)} overflows 63 bits"
        raise refused(symbol, "tensors", text)


def _refuse_two(symbol: str, a: int, shape: tuple[int, ...], b: int, other: tuple[int, ...], rule: str) -> NoReturn:
    shapes = f"the shapes are {shape_text(shape)} and {shape_text(other)}"
    raise BadArgumentError(f"{symbol}: arguments `tensors[{a}]` and `tensors[{b}]`: {shapes}, and {rule}", symbol)


def _common_dtype(tensors: list[PureTensor]) -> str:
    return reduce(promote, [x._layout.dtype for x in tensors])


def _joined(symbol: str, tensors: list[PureTensor], dtype: str, place: int, shape: tuple[int, ...]) -> PureTensor:
    """Blocks of elements from each in turn; there are as many of them as elements before the dimension."""
    _check_size(symbol, shape)
    count = prod(shape[:place])
    items = [elements(x, dtype) for x in tensors]
    out: list[Any] = []
    if count == 1:
        for each in items:
            out += each
        return pure_tensor(out, layout_of(shape, dtype))
    blocks = [(each, len(each) // (count or 1)) for each in items]
    for at in range(count):
        for each, block in blocks:
            out += each[at * block : at * block + block]
    return pure_tensor(out, layout_of(shape, dtype))
