"""Tensors from lists, for the tests."""

from __future__ import annotations

from typing import Any

from rt_torch.pure.layout import layout_of
from rt_torch.pure.tensor import PureTensor, pure_tensor

LEAST, MOST = -(1 << 63), (1 << 63) - 1


def of(items: list[Any], dtype: str = "f64", shape: tuple[int, ...] | None = None) -> PureTensor:
    """A tensor of these elements, in row-major order; of one dimension unless a shape is given."""
    return pure_tensor(items, layout_of((len(items),) if shape is None else shape, dtype))
