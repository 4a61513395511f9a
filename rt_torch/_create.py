"""Making tensors: of Python's data, of one value, of random numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from rt_torch import _exchange, pure
from rt_torch._dispatch import dispatch
from rt_torch._tensor import Tensor, of_pure
from rt_torch.pure.dtype import PURE_DTYPES, canonical, dtype_of, is_floating

__all__ = [
    "arange",
    "from_data",
    "full",
    "manual_seed",
    "ones",
    "ones_like",
    "randn",
    "tensor",
    "zeros",
    "zeros_like",
]


def tensor(data: Any, *, dtype: str | None = None, device: str = "cpu", requires_grad: bool = False) -> Tensor:
    """A new tensor with a copy of `data`.

    Args:
        data: A number, nested lists or tuples of numbers, a tensor, or memory: an array, a NumPy array, a memoryview.
        dtype: "f64", "f32", "i64", "bool", ...; by default that of the data: f64 for floats, i64 for ints, bool for
            bools, f64 where there is no element.
        device: "cpu", "cuda" or "cuda:N".
        requires_grad: Whether gradients with respect to it are wanted; floating-point tensors only.

    Raises:
        BadArgumentError: The lists are ragged, a number does not fit into the dtype, or dtype or device is none.
        ArgumentTypeError: Something in the data is no number.
    """
    if isinstance(data, Tensor):
        made = data.clone()
    elif isinstance(data, (list, tuple, int, float)):
        made = of_pure(pure.tensor(data, _held(dtype)))
    else:
        made = _exchange.shared(data).clone()
    return _finished(made, dtype, device, requires_grad)


def from_data(
    data: Any, shape: Sequence[int], *, dtype: str | None = None, device: str = "cpu", requires_grad: bool = False
) -> Tensor:
    """A new tensor of shape `shape` with a copy of the flat `data`, in row-major order.

    Args:
        data: A sequence of numbers, or memory.
        shape: Sizes; they multiply to the length of the data.
        dtype: By default that of the data, as for rt.tensor.
        device: "cpu", "cuda" or "cuda:N".
        requires_grad: Whether gradients with respect to it are wanted; floating-point tensors only.

    Raises:
        BadArgumentError: The sizes do not fit the data, a number does not fit into the dtype, or dtype or device is
            none.
    """
    if isinstance(data, (list, tuple)):
        held = _held(dtype) or pure.tensor(data).dtype
        return _finished(of_pure(pure.from_data(data, shape, held)), dtype, device, requires_grad)
    return _finished(_exchange.shared(data).clone().reshape(shape), dtype, device, requires_grad)


def zeros(shape: Sequence[int], *, dtype: str = "f64", device: str = "cpu", requires_grad: bool = False) -> Tensor:
    """A tensor of zeros."""
    return _wanting(dispatch("zeros", shape, dtype, device), requires_grad)


def ones(shape: Sequence[int], *, dtype: str = "f64", device: str = "cpu", requires_grad: bool = False) -> Tensor:
    """A tensor of ones."""
    return _wanting(dispatch("ones", shape, dtype, device), requires_grad)


def full(
    shape: Sequence[int],
    value: float,
    *,
    dtype: str | None = None,
    device: str = "cpu",
    requires_grad: bool = False,
) -> Tensor:
    """A tensor whose elements are all `value`; by default of the dtype that the number has in rt.tensor."""
    return _wanting(dispatch("full", shape, value, dtype or dtype_of(value) or "f64", device), requires_grad)


def arange(
    start: float,
    end: float | None = None,
    step: float = 1,
    *,
    dtype: str | None = None,
    device: str = "cpu",
    requires_grad: bool = False,
) -> Tensor:
    """The numbers from `start` to before `end` in steps of `step`; `arange(n)` counts from 0.

    By default i64 when all are ints, otherwise f64.
    """
    if end is None:
        start, end = 0, start
    if dtype is None:
        dtype = "i64" if all(isinstance(value, int) for value in (start, end, step)) else "f64"
    return _wanting(dispatch("arange", start, end, step, dtype, device), requires_grad)


def randn(shape: Sequence[int], *, dtype: str = "f64", device: str = "cpu", requires_grad: bool = False) -> Tensor:
    """Normally distributed numbers, mean 0 and variance 1: the same ones after the same rt.manual_seed in both tiers.

    Philox 4x32-10 and the Box-Muller transform.
    """
    pure.check_sizes("rt_torch_randn", "shape", shape)
    seed, offset = pure.default_generator.reserve(math.prod(shape))
    return _wanting(dispatch("randn_at", shape, seed, offset, dtype, device), requires_grad)


def zeros_like(x: Tensor) -> Tensor:
    """Zeros of the shape, dtype and device of `x`."""
    return zeros(x.shape, dtype=x.dtype, device=x.device)


def ones_like(x: Tensor) -> Tensor:
    """Ones of the shape, dtype and device of `x`."""
    return ones(x.shape, dtype=x.dtype, device=x.device)


def manual_seed(seed: int) -> None:
    """Begin the random numbers of both tiers anew: the same seed gives the same numbers.

    Args:
        seed: Any integer of 64 bits.

    Raises:
        BadArgumentError: It needs more bits.
    """
    pure.manual_seed(seed)


def _finished(made: Tensor, dtype: str | None, device: str, requires_grad: bool) -> Tensor:
    if dtype is not None:
        made = made.to(dtype)
    return _wanting(made.to(device), requires_grad)


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
