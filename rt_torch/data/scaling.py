"""Numbers brought to a common scale, each column by itself.

The samples are the first dimension; a column is what stands at the same place in each of them.
"""

from __future__ import annotations

from math import frexp, prod
from typing import Any

from rt_torch import _defaults
from rt_torch._create import tensor
from rt_torch._tensor import Tensor
from rt_torch.data.samples import checked
from rt_torch.errors import BadArgumentError
from rt_torch.pure.dtype import is_floating
from rt_torch_bindings.operators import mean as mean_of
from rt_torch_bindings.operators import sqrt, where


def normalize(data: Any, min: Any = None, max: Any = None) -> Tensor:
    """Bring each column to the range from 0 to 1: (x - min) / (max - min), and 0.0 where min and max are equal.

    What was found in one set of samples can be used for another:

        low, high = rt.data.value_range(x_train)
        x_train, x_test = rt.data.normalize(x_train, low, high), rt.data.normalize(x_test, low, high)

    Args:
        data: A tensor or nested lists; integers become floats.
        min: What becomes 0: a number, or one for each column; by default each column's least value.
        max: What becomes 1; by default each column's greatest value.

    Raises:
        BadArgumentError: There is no sample, only one of `min` and `max` is given, or they do not fit the columns.
    """
    symbol = "rt.data.normalize"
    x = _floating(symbol, data)
    if (min is None) != (max is None):
        raise BadArgumentError(f"{symbol}: arguments `min` and `max`: both are expected, or none; only one was given")
    low, high = _extremes(symbol, x) if min is None else (_as(x, min), _as(x, max))
    return _quotient(x - low, high - low)


def standardize(data: Any, mean: Any = None, std: Any = None) -> Tensor:
    """Bring each column to mean 0 and standard deviation 1: (x - mean) / std, and 0.0 where std is 0.

    The deviation is the population's: the root of the mean square, divided by n and not by n - 1.

    Args:
        data: A tensor or nested lists; integers become floats.
        mean: What becomes 0: a number, or one for each column; by default each column's mean.
        std: What becomes 1; by default each column's standard deviation.

    Raises:
        BadArgumentError: There is no sample, only one of `mean` and `std` is given, or they do not fit the columns.
    """
    symbol = "rt.data.standardize"
    x = _floating(symbol, data)
    if (mean is None) != (std is None):
        raise BadArgumentError(f"{symbol}: arguments `mean` and `std`: both are expected, or none; only one was given")
    middle, deviation = _moments(symbol, x) if mean is None else (_as(x, mean), _as(x, std))
    return _quotient(x - middle, deviation)


def value_range(data: Any) -> tuple[Tensor, Tensor]:
    """The least and the greatest value of each column; NaN where one is in it.

    Raises:
        BadArgumentError: There is no sample.
    """
    symbol = "rt.data.value_range"
    return _extremes(symbol, _floating(symbol, data))


def mean_and_std(data: Any) -> tuple[Tensor, Tensor]:
    """The mean and the population's standard deviation of each column; of a constant one exactly its value, and 0.

    Raises:
        BadArgumentError: There is no sample.
    """
    symbol = "rt.data.mean_and_std"
    return _moments(symbol, _floating(symbol, data))


def _floating(symbol: str, data: Any) -> Tensor:
    ((x,), _) = checked(symbol, (data,))
    return x if is_floating(x.dtype) else x.to(_defaults.dtype())


def _as(x: Tensor, given: Any) -> Tensor:
    return (given if isinstance(given, Tensor) else tensor(given, device=x.device)).to(x.dtype)


def _quotient(above: Tensor, below: Tensor) -> Tensor:
    """The quotient, and 0.0 where the divisor is 0."""
    nothing = below == 0
    return where(nothing, 0.0, above / where(nothing, 1.0, below))


def _extremes(symbol: str, x: Tensor) -> tuple[Tensor, Tensor]:
    if not x.shape[0]:
        raise BadArgumentError(f"{symbol}: there is no sample, and at least one is needed")
    width = prod(x.shape[1:])
    rows = x.reshape((x.shape[0], width))
    columns = [rows[:, place] for place in range(width)]
    low = [column.min().item() for column in columns]
    high = [column.max().item() for column in columns]
    lowest, highest = (tensor(values, dtype=x.dtype, device=x.device) for values in (low, high))
    return lowest.reshape(x.shape[1:]), highest.reshape(x.shape[1:])


def _moments(symbol: str, x: Tensor) -> tuple[Tensor, Tensor]:
    low, high = _extremes(symbol, x)
    constant = low == high  # whose computed mean may be off in the last bit, and then its deviation too
    power = _power(low, high)
    scaled = x if power is None else x / power
    mean = mean_of(scaled, 0)
    distance = scaled - where(constant, low if power is None else low / power, mean)
    deviation = sqrt(mean_of(distance * distance, 0))
    if power is not None:
        mean, deviation = mean * power, deviation * power
    return where(constant, low, mean), deviation


# Of each dtype: the largest power of two of numbers whose squares can be added up, and are not lost beside 1; and the
# largest one that has an inverse.
_POWERS = {"f64": (400, 1022), "f32": (32, 126), "bf16": (32, 126), "f16": (4, 14)}


def _power(low: Tensor, high: Tensor) -> Tensor | None:
    """For each column a power of two that brings it near 1, so that no square is 0 or infinite; None if none is needed."""
    most, largest = _POWERS[low.dtype]
    powers = []
    for numbers in zip(low.flatten().tolist(), high.flatten().tolist(), strict=True):
        _, power = frexp(max(map(abs, numbers)))
        powers.append(max(min(power, largest), -largest) if abs(power) > most else 0)
    if not any(powers):
        return None
    return tensor([2.0**power for power in powers], dtype=low.dtype, device=low.device).reshape(low.shape)
