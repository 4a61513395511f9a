"""Comparisons of each element, and the choice between two tensors by a third.  Results of comparisons are bool."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from rt_torch.pure import check
from rt_torch.pure.broadcast import checked_shape, spread
from rt_torch.pure.elementwise import shape_of_two
from rt_torch.pure.layout import layout_of
from rt_torch.pure.promotion import result_dtype
from rt_torch.pure.tensor import PureTensor, check_tensor, pure_tensor


def eq(a: PureTensor, b: PureTensor) -> PureTensor:
    """For each element, whether `a` and `b` are equal.

    Raises:
        BadArgumentError: The shapes do not broadcast.
    """
    return _compared("rt_torch_eq", a, b, operator.eq)


def ne(a: PureTensor, b: PureTensor) -> PureTensor:
    """For each element, whether `a` and `b` differ.

    Raises:
        BadArgumentError: The shapes do not broadcast.
    """
    return _compared("rt_torch_ne", a, b, operator.ne)


def gt(a: PureTensor, b: PureTensor) -> PureTensor:
    """For each element, whether `a` is greater than `b`.

    Raises:
        BadArgumentError: The shapes do not broadcast.
    """
    return _compared("rt_torch_gt", a, b, operator.gt)


def lt(a: PureTensor, b: PureTensor) -> PureTensor:
    """For each element, whether `a` is less than `b`.

    Raises:
        BadArgumentError: The shapes do not broadcast.
    """
    return _compared("rt_torch_lt", a, b, operator.lt)


def ge(a: PureTensor, b: PureTensor) -> PureTensor:
    """For each element, whether `a` is greater than `b` or equal to it.

    Raises:
        BadArgumentError: The shapes do not broadcast.
    """
    return _compared("rt_torch_ge", a, b, operator.ge)


def le(a: PureTensor, b: PureTensor) -> PureTensor:
    """For each element, whether `a` is less than `b` or equal to it.

    Raises:
        BadArgumentError: The shapes do not broadcast.
    """
    return _compared("rt_torch_le", a, b, operator.le)


def _compared(symbol: str, a: PureTensor, b: PureTensor, operation: Callable[[Any, Any], bool]) -> PureTensor:
    """Compared as numbers of the dtype that the two come to, which Python by itself does not do."""
    check_tensor(symbol, "a", a)
    check_tensor(symbol, "b", b)
    shape = shape_of_two(symbol, a, b)
    dtype = result_dtype(a._layout, b._layout)
    items = [*map(operation, spread(a, shape, dtype), spread(b, shape, dtype))]
    return pure_tensor(items, layout_of(shape, "bool"))


def where(cond: PureTensor, a: PureTensor, b: PureTensor) -> PureTensor:
    """Elements of `a` where `cond` is true, of `b` elsewhere; the three broadcast.

    Raises:
        BadArgumentError: `cond` is not bool, or the shapes do not broadcast.
    """
    symbol = "rt_torch_where"
    check_tensor(symbol, "cond", cond)
    check_tensor(symbol, "a", a)
    check_tensor(symbol, "b", b)
    check.boolean(symbol, "cond", cond)
    shapes = [x._layout.shape for x in (cond, a, b)]
    checked_shape(symbol, "cond", shapes[0], "a", shapes[1])
    checked_shape(symbol, "cond", shapes[0], "b", shapes[2])
    both = checked_shape(symbol, "a", shapes[1], "b", shapes[2])
    shape = checked_shape(symbol, "cond", shapes[0], "b", both)
    dtype = result_dtype(a._layout, b._layout)
    chosen = zip(spread(cond, shape, "bool"), spread(a, shape, dtype), spread(b, shape, dtype), strict=True)
    items = [one if true else other for true, one, other in chosen]
    return pure_tensor(items, layout_of(shape, dtype))
