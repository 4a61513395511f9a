"""Elements copied out in row-major order; the dtype must be the one in the function's name."""

from __future__ import annotations

from typing import Any

from rt_torch.pure.argument import refused
from rt_torch.pure.storage import gathered
from rt_torch.pure.tensor import PureTensor, check_tensor


def to_data_f64(x: PureTensor) -> list[float]:
    """Copy the elements of a tensor of dtype f64 out in row-major order, whatever its strides.

    Raises:
        BadArgumentError: The dtype of `x` is not f64.
    """
    return _elements("f64", x)


def to_data_f32(x: PureTensor) -> list[float]:
    """As to_data_f64, for f32."""
    return _elements("f32", x)


def to_data_i64(x: PureTensor) -> list[int]:
    """As to_data_f64, for i64."""
    return _elements("i64", x)


def to_data_bool(x: PureTensor) -> bytes:
    """As to_data_f64, for bool: bytes of 0 and 1."""
    return bytes(_elements("bool", x))


def _elements(dtype: str, x: PureTensor) -> list[Any]:
    symbol = f"rt_torch_to_data_{dtype}"
    layout = check_tensor(symbol, "x", x)._layout
    if layout.dtype != dtype:
        raise refused(
            symbol,
            "x",
            f"the dtype is {layout.dtype}, and this reads {dtype} without converting; rt_torch_to_dtype converts",
        )
    items = gathered(x._cell[0], layout)
    return items if isinstance(items, list) else items.tolist()
