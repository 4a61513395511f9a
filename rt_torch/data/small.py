"""Data sets that are quickly learned."""

from __future__ import annotations

import os
from typing import Any

from rt_torch._create import tensor
from rt_torch._tensor import Tensor
from rt_torch.data.handwriting import FILES
from rt_torch.data.shuffling import at_least, checked_seed
from rt_torch.errors import BadArgumentError
from rt_torch.pure import philox
from rt_torch.pure.argument import number

IRIS_FEATURES = ("sepal length", "sepal width", "petal length", "petal width")  # in cm
IRIS_CLASSES = ("setosa", "versicolor", "virginica")


def xor(*, dtype: str | None = None) -> tuple[Tensor, Tensor]:
    """The four cases of "one or the other, but not both".

    Returns:
        Inputs of shape [4, 2], and outputs of shape [4, 1].
    """
    x = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]
    return _on_cpu(x, dtype), _on_cpu([[0.0], [1.0], [1.0], [0.0]], dtype)


def linear(
    n: int = 20,
    slope: float = 2.0,
    intercept: float = 1.0,
    noise: float = 0.0,
    seed: int = 0,
    *,
    dtype: str | None = None,
) -> tuple[Tensor, Tensor]:
    """Points near a line: x is 0, 1/n, 2/n, ... to before 1, and y is slope * x + intercept, and some noise.

    Args:
        n: How many there are.
        slope: Of the line.
        intercept: Of the line, at x = 0.
        noise: The standard deviation of what is added to y, which is normally distributed.
        seed: Of the noise, any integer of 64 bits.
        dtype: Of both.

    Returns:
        x and y, both of shape [n, 1].

    Raises:
        BadArgumentError: `n` is not positive, `noise` is negative, or `seed` is no integer of 64 bits.
    """
    symbol = "rt.data.linear"
    n = at_least(symbol, "n", n, 1)
    slope, intercept = number(symbol, "slope", slope), number(symbol, "intercept", intercept)
    spread = number(symbol, "noise", noise)
    if not spread >= 0.0:
        raise BadArgumentError(f"{symbol}: argument `noise`: {spread} was given, and at least 0 is expected")
    samples = philox.normal(checked_seed(symbol, seed), 0, n)
    x = [place / n for place in range(n)]
    y = [slope * at + intercept + spread * sample for at, sample in zip(x, samples, strict=True)]
    return _on_cpu([[value] for value in x], dtype), _on_cpu([[value] for value in y], dtype)


def iris(*, dtype: str | None = None) -> tuple[Tensor, Tensor]:
    """150 flowers of three kinds of iris, measured by Anderson and published by Fisher in 1936.

    The numbers are Fisher's own, as in R and scikit-learn; the file of the UCI repository (CC BY 4.0), from which most
    copies come, differs from them in the samples 34 and 37.

    Args:
        dtype: Of the measures.

    Returns:
        Measures in cm of shape [150, 4], whose columns IRIS_FEATURES names, and the kinds, i64 of shape [150], as
        numbers of IRIS_CLASSES.  The first 50 flowers are of the first kind, the next 50 of the second one.
    """
    with open(os.path.join(FILES, "iris.csv"), encoding="ascii") as file:
        rows = [line.rstrip().split(",") for line in file][1:]
    x = [[float(text) for text in row[:4]] for row in rows]
    return _on_cpu(x, dtype), _on_cpu([IRIS_CLASSES.index(row[4]) for row in rows], "i64")


def _on_cpu(data: Any, dtype: str | None) -> Tensor:
    """A data set is there, whatever a configuration says of the device of other tensors."""
    return tensor(data, dtype=dtype, device="cpu")
