"""Making tensors: of Python's data, of one value, of random numbers."""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterable, Sequence
from contextlib import suppress
from numbers import Integral, Real
from typing import Any

from rt_torch import _defaults, _exchange, pure
from rt_torch._dispatch import dispatch, is_asking
from rt_torch._numbers import plain
from rt_torch._tensor import Tensor, of_pure
from rt_torch._transfer import to_pure
from rt_torch.errors import ArgumentTypeError, BadArgumentError
from rt_torch.pure.argument import refused
from rt_torch.pure.create import filled, natural_dtype, no_memory, shaped
from rt_torch.pure.dtype import PURE_DTYPES, canonical, is_floating
from rt_torch.pure.fill import length_of_range
from rt_torch.pure.layout import sizes
from rt_torch.pure.tensor import values
from rt_torch_bindings.arguments import shown

__all__ = [
    "arange",
    "from_data",
    "full",
    "manual_seed",
    "ones",
    "ones_like",
    "rand",
    "randn",
    "tensor",
    "zeros",
    "zeros_like",
]

_NARROW = {"u8": range(1 << 8)} | {f"i{bits}": range(-1 << bits - 1, 1 << bits - 1) for bits in (8, 16, 32)}


def tensor(data: Any, *, dtype: str | None = None, device: str | None = None, requires_grad: bool = False) -> Tensor:
    """A new tensor with a copy of `data`.

    Args:
        data: A number, nested lists or tuples of numbers, another sequence of numbers such as a range, a tensor, or
            memory: an array, a NumPy array, a memoryview.  What is in memory is copied, which rt.get_transfers counts.
        dtype: "f64", "f32", "i64", "bool", ...; by default that of the data: i64 for ints, bool for bools, and for
            floats, and where there is no element, f64 unless a configuration says otherwise.  NumPy's numbers in lists
            and 0-dim tensors count as what they are.
        device: "cpu", "cuda" or "cuda:N"; by default a tensor's own, the GPU of another library's tensor that is on one,
            and of anything else the CPU, unless a configuration says otherwise.
        requires_grad: Whether gradients with respect to it are wanted; floating-point tensors only.

    Raises:
        BadArgumentError: The lists are ragged, a number does not fit into the dtype, or dtype or device is none.
        ArgumentTypeError: Something in the data is no number.
    """
    if isinstance(data, Tensor):
        made = data.detach().clone()
        device = made.device if device is None else device
    elif isinstance(data, Real) and not hasattr(data, "__array__"):  # NumPy's numbers have a dtype of their own
        made, dtype = _of_numbers(plain(data), dtype)
    elif _is_sequence(data):
        made, dtype = _of_numbers(list(data), dtype)
    else:
        made = _exchange.owned("rt.tensor: argument `data`", data)
        if device is None and made.is_cuda:
            device = made.device
    return _finished(made, dtype, device, requires_grad)


def from_data(
    data: Any, shape: Sequence[int], *, dtype: str | None = None, device: str | None = None, requires_grad: bool = False
) -> Tensor:
    """A new tensor of shape `shape` with a copy of the flat `data`, in row-major order.

    Args:
        data: A sequence of numbers, or memory.
        shape: Sizes; they multiply to the length of the data.
        dtype: By default that of the data, as for rt.tensor.
        device: As for rt.tensor.
        requires_grad: Whether gradients with respect to it are wanted; floating-point tensors only.

    Raises:
        BadArgumentError: The sizes do not fit the data, a number does not fit into the dtype, or dtype or device is
            none.
    """
    if _is_sequence(data):
        made, dtype = _of_numbers(list(data), dtype)
    else:
        made = _exchange.owned("rt.from_data: argument `data`", data)
    flat = to_pure(made)
    if flat.ndim != 1:
        raise BadArgumentError(f"rt.from_data: argument `data`: it is to be flat, and has {flat.ndim} dimensions")
    made = of_pure(shaped(f"rt_torch_from_data_{flat.dtype}", values(flat), shape, flat.dtype))
    return _finished(made, dtype, device, requires_grad)


def zeros(
    shape: int | Sequence[int],
    *more: int,
    dtype: str | None = None,
    device: str | None = None,
    requires_grad: bool = False,
) -> Tensor:
    """A tensor of zeros: zeros([2, 3]) or zeros(2, 3)."""
    return _wanting(dispatch("zeros", _shape("zeros", shape, more), *_kind(dtype, device)), requires_grad)


def ones(
    shape: int | Sequence[int],
    *more: int,
    dtype: str | None = None,
    device: str | None = None,
    requires_grad: bool = False,
) -> Tensor:
    """A tensor of ones: ones([2, 3]) or ones(2, 3)."""
    return _wanting(dispatch("ones", _shape("ones", shape, more), *_kind(dtype, device)), requires_grad)


def full(
    shape: Sequence[int],
    value: float,
    *,
    dtype: str | None = None,
    device: str | None = None,
    requires_grad: bool = False,
) -> Tensor:
    """A tensor whose elements are all `value`; by default of the dtype that the number has in rt.tensor."""
    if dtype is None:
        dtype = _dtype_of_number(value)
    value = _python_number(value)
    if _is_i64(dtype) and _is_beyond_floats(value):
        made = of_pure(filled("rt_torch_full", sizes("rt_torch_full", "shape", shape), value, "i64"))
        return _finished(made, None, device, requires_grad)
    return _wanting(dispatch("full", shape, value, *_kind(dtype, device)), requires_grad)


def arange(
    start: float,
    end: float | None = None,
    step: float = 1,
    *,
    dtype: str | None = None,
    device: str | None = None,
    requires_grad: bool = False,
) -> Tensor:
    """The numbers from `start` to before `end` in steps of `step`; `arange(n)` counts from 0.

    By default i64 when all are integers, otherwise of the dtype that floats have.
    """
    if end is None:
        start, end = 0, start
    start, end, step = numbers = tuple(map(_python_number, (start, end, step)))
    integers = all(isinstance(value, int) for value in numbers)
    if dtype is None:
        dtype = "i64" if integers else _defaults.dtype()
    if integers and step and _is_i64(dtype) and any(map(_is_beyond_floats, numbers)):
        return tensor(_range(*numbers), dtype="i64", device=device, requires_grad=requires_grad)
    return _wanting(dispatch("arange", start, end, step, *_kind(dtype, device)), requires_grad)


def _range(start: int, end: int, step: int) -> list[int]:
    """What rt_torch_arange would make if it had the integers that floats do not have."""
    symbol = "rt_torch_arange"
    if end < start if step > 0 else end > start:
        raise refused(symbol, "step", f"{step} was given, which does not lead from {start} to {end}")
    length_of_range(symbol, start, end, step)
    try:
        return [*range(start, end, step)]
    except MemoryError:
        raise no_memory(symbol) from None


def randn(
    shape: int | Sequence[int],
    *more: int,
    dtype: str | None = None,
    device: str | None = None,
    requires_grad: bool = False,
) -> Tensor:
    """Normally distributed numbers, mean 0 and variance 1: the same ones after the same rt.manual_seed in both tiers.

    Philox 4x32-10 and the Box-Muller transform.  Sizes are given as to rt.zeros.
    """
    return _wanting(_drawn("randn", shape, more, dtype, device), requires_grad)


def rand(
    shape: int | Sequence[int],
    *more: int,
    dtype: str | None = None,
    device: str | None = None,
    requires_grad: bool = False,
) -> Tensor:
    """Numbers from 0 to below 1, all equally likely: the same ones after the same rt.manual_seed in both tiers.

    The upper 53 bits of the numbers of Philox 4x32-10, for f32 the upper 24.  Sizes are given as to rt.zeros.
    """
    return _wanting(_drawn("rand", shape, more, dtype, device), requires_grad)


def _drawn(name: str, shape: Any, more: tuple[int, ...], dtype: str | None, device: str | None) -> Tensor:
    """From the one generator of both tiers."""
    dtype, device = _kind(dtype, device)
    plain_shape = sizes(f"rt_torch_{name}", "shape", _shape(name, shape, more))
    if is_asking():
        dispatch(f"{name}_at", plain_shape, 0, 0, dtype, device)  # which raises: no numbers are used up
    if dtype != "f64" or device != "cpu":
        dispatch(f"{name}_at", (1,), 0, 0, dtype, device)  # what fails shall use up no numbers
    seed, offset = pure.default_generator.reserve(math.prod(plain_shape))
    made: Tensor = dispatch(f"{name}_at", plain_shape, seed, offset, dtype, device)
    return made


def zeros_like(x: Tensor) -> Tensor:
    """Zeros of the shape, dtype and device of `x`."""
    _check_tensor("rt.zeros_like", x)
    return zeros(x.shape, dtype=x.dtype, device=x.device)


def ones_like(x: Tensor) -> Tensor:
    """Ones of the shape, dtype and device of `x`."""
    _check_tensor("rt.ones_like", x)
    return ones(x.shape, dtype=x.dtype, device=x.device)


def manual_seed(seed: int) -> None:
    """Begin the random numbers of both tiers anew: the same seed gives the same numbers.

    Args:
        seed: Any integer of 64 bits.

    Raises:
        BadArgumentError: It needs more bits.
    """
    pure.manual_seed(seed)


def _shape(function: str, first: Any, more: tuple[int, ...]) -> Any:
    """Sizes that are given in one sequence, or one by one."""
    if not isinstance(first, (int, Integral)):
        if not more:
            return first
        raise ArgumentTypeError(
            f"rt.{function}: sizes are given in one sequence or one by one, and everything else by name; "
            f"given {shown(first)} and then {shown(more[0])}"
        )
    return (first, *more)


def _is_sequence(data: Any) -> bool:
    """Whether these are Python's numbers one after the other, and no memory."""
    return isinstance(data, Sequence) and not isinstance(data, (str, bytes, bytearray, memoryview, array))


def _python_number(value: Any) -> Any:
    """A number of any kind, NumPy's and a tensor of one element too, as Python's."""
    return value.item() if isinstance(value, Tensor) and value.numel() == 1 else plain(value)


def _is_i64(dtype: Any) -> bool:
    return isinstance(dtype, str) and canonical(dtype) == "i64"


def _is_beyond_floats(value: Any) -> bool:
    """Whether this is an integer of 64 bits that a float may not hold."""
    return isinstance(value, int) and 1 << 53 < abs(value) < 1 << 63


def _check_tensor(where: str, x: Any) -> None:
    if not isinstance(x, Tensor):
        raise ArgumentTypeError(f"{where}: argument `x`: a tensor is expected; given {shown(x)}")


def _kind(dtype: str | None, device: str | None) -> tuple[str, str]:
    """The dtype and the device that are asked for, or those of what is made without asking."""
    if dtype is None or device is None:
        defaults = _defaults.current()
        return defaults.dtype if dtype is None else dtype, defaults.device if device is None else device
    return dtype, device


def _dtype_of_number(value: Any) -> str:
    """The dtype that rt.tensor gives a number; the default of floats for what is none."""
    floating = _defaults.dtype()
    with suppress(ArgumentTypeError):
        return natural_dtype([value if hasattr(value, "__array__") else plain(value)], floating)
    return floating


def _of_numbers(data: Any, dtype: str | None) -> tuple[Tensor, str | None]:
    """A tensor of Python's numbers, in a dtype that the pure tier holds, and the dtype that it is to have."""
    floating = _defaults.dtype()
    if dtype is None and floating != "f64":
        dtype = natural_dtype(data, floating)
    made = pure.tensor(data, _held(dtype))
    known = canonical(dtype) if isinstance(dtype, str) else None
    if known in _NARROW:
        _check_held(values(made), known)
    return of_pure(made), dtype


def _check_held(elements: Iterable[int], dtype: str) -> None:
    """Whether an integer dtype of the native tier has all these numbers."""
    for element in elements:
        if element not in _NARROW[dtype]:
            problem = f"{dtype} has no such number; given {shown(element)}"
            raise BadArgumentError(f"rt_torch_tensor: argument `data`: {problem}")


def _finished(made: Tensor, dtype: str | None, device: str | None, requires_grad: bool) -> Tensor:
    if dtype is not None:
        made = made.to(dtype=dtype)
    return _wanting(made.to(device=_defaults.device() if device is None else device), requires_grad)


def _wanting(made: Tensor, requires_grad: bool) -> Tensor:
    if requires_grad:
        made.requires_grad = True
    return made


def _held(dtype: str | None) -> str | None:
    """The dtype in which the pure tier holds numbers that are to become `dtype`."""
    known = canonical(dtype) if isinstance(dtype, str) else None
    if known is None or known in PURE_DTYPES:
        return dtype
    return "f64" if is_floating(known) else "i64"
