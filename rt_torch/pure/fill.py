"""New tensors filled by number."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, isfinite
from typing import Any

from rt_torch.pure.argument import integers, number, refused, text
from rt_torch.pure.create import described, filled, no_memory
from rt_torch.pure.dtype import I64_HIGHEST, I64_LOWEST, Number, not_held, parse_device, parse_dtype, rounded, whole
from rt_torch.pure.layout import layout_of
from rt_torch.pure.tensor import PureTensor, pure_tensor
from rt_torch_bindings.errors import BadArgumentError

F32_LARGEST = 3.4028234663852886e38


def full(shape: Sequence[int], value: float, dtype: str = "f64", device: str = "cpu") -> PureTensor:
    """A tensor whose elements are all `value`.

    Args:
        shape: Sizes; none makes a 0-dim tensor, a 0 among them an empty one.
        value: For i64 a whole number that it holds; as a double holds integers up to 2**53 only, a larger one is the
            nearest double.  For bool, anything but 0 is true.
        dtype: "f64", "f32", "i64" or "bool".
        device: "cpu".

    Raises:
        BadArgumentError: There is no such shape, dtype or device, or the dtype does not hold `value`.
    """
    symbol = "rt_torch_full"
    integers(symbol, "shape", shape)
    given = number(symbol, "value", value)
    plain, name = described(symbol, shape, dtype, device)
    return filled(symbol, plain, _element(symbol, given, name), name)


def _element(symbol: str, value: float, dtype: str) -> Number:
    if dtype == "i64":
        return whole(symbol, "value", value)
    if dtype == "bool":
        return value != 0
    if dtype == "f32" and abs(value) > F32_LARGEST and isfinite(value):
        raise refused(symbol, "value", f"{value:g} was given, and f32 holds at most {F32_LARGEST:g}")
    return rounded([value])[0] if dtype == "f32" else value


_LEFT_OUT: Any = object()  # None would be a value, and a wrong one


def arange(
    start: float, end: float = _LEFT_OUT, step: float = 1, dtype: str = _LEFT_OUT, device: str = "cpu"
) -> PureTensor:
    """The numbers from `start` on, `step` apart, that come before `end`; from 0 on when only one number is given.

    Their count is (end - start) / step in f64, rounded up.  Element i is start + i * step, in f64, or for i64 exactly.

    Args:
        dtype: By default i64 when all numbers are integers, otherwise f64.

    Raises:
        BadArgumentError: A number is not finite, `step` is 0 or does not lead from `start` to `end`, the range is too
            long, or the dtype does not hold it, as bool never does.
    """
    symbol = "rt_torch_arange"
    if end is _LEFT_OUT:
        start, end = 0, start
    if dtype is _LEFT_OUT:
        dtype = "f64" if any(isinstance(value, float) for value in (start, end, step)) else "i64"
    first, last, by = number(symbol, "start", start), number(symbol, "end", end), number(symbol, "step", step)
    text(symbol, "dtype", dtype)
    text(symbol, "device", device)
    name = parse_dtype(symbol, "dtype", dtype)
    parse_device(symbol, "device", device)
    if name == "bool":
        raise refused(symbol, "dtype", "bool was given, and a range has numbers")
    count = length_of_range(symbol, first, last, by)
    try:
        if name == "i64":
            items: list[Any] = [*_integers(symbol, first, by, count)]
        else:
            bytearray(8 * count)  # fails at once where a list that grows would only fail after having filled the memory
            items = [first + place * by for place in range(count)]
    except (MemoryError, OverflowError):
        raise no_memory(symbol) from None
    return pure_tensor(rounded(items) if name == "f32" else items, layout_of((count,), name))


def length_of_range(symbol: str, start: float, end: float, step: float) -> int:
    """How many numbers lie so far apart; BadArgumentError when they do not lead to the end, or are too many."""
    for name, value in (("start", start), ("end", end), ("step", step)):
        if not isfinite(value):
            raise refused(symbol, name, f"{value:g} was given, and a finite number is needed")
    if step == 0:
        raise refused(symbol, "step", "0 was given, and a range goes up or down")
    if end < start if step > 0 else end > start:
        raise refused(symbol, "step", f"{step:g} was given, which does not lead from {start:g} to {end:g}")
    length = (end - start) / step
    if length <= 2**60 - 2**7:  # the last double before 2**60: more are 2**63 bytes
        return ceil(length)
    raise BadArgumentError(
        f"{symbol}: arguments `start`, `end` and `step`: from {start:g} to {end:g} by {step:g} it is {length:g} "
        "elements, whose size in bytes overflows 63 bits",
        symbol,
    )


def _integers(symbol: str, start: float, step: float, count: int) -> range:
    if count == 0:
        return range(0)
    first = whole(symbol, "start", start)
    if count == 1:
        return range(first, first + 1)
    if not step.is_integer():
        raise refused(symbol, "step", f"{step:.17g} was given, and i64 holds whole numbers only")
    by = int(step)
    steps = (I64_HIGHEST - first) // by if by > 0 else (first - I64_LOWEST) // -by
    if steps < count - 1:
        raise not_held(symbol, "end", "the range reaches", start + (steps + 1) * step)
    return range(first, first + count * by, by)
