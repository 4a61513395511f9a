"""New tensors."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import Any

from rt_torch.pure.argument import converted, integers, text
from rt_torch.pure.dtype import (
    ARRAY_CODES,
    Items,
    Number,
    parse_device,
    parse_dtype,
)
from rt_torch.pure.layout import check_sizes, layout_of, shape_text
from rt_torch.pure.nested import dtype_of_elements, flattened, items_of
from rt_torch.pure.promotion import cast
from rt_torch.pure.storage import duplicate
from rt_torch.pure.tensor import PureTensor, copied, pure_tensor, values
from rt_torch_bindings import memory
from rt_torch_bindings.errors import BadArgumentError, OutOfMemoryError

_ZEROS: dict[str, Number] = {"f64": 0.0, "f32": 0.0, "i64": 0, "bool": False}
_ONES: dict[str, Number] = {"f64": 1.0, "f32": 1.0, "i64": 1, "bool": True}
_LISTS = {"f64": "[f64]", "f32": "[f32]", "i64": "[i64]", "bool": "[u8]"}  # what from_data_* take


def zeros(shape: Sequence[int], dtype: str = "f64", device: str = "cpu") -> PureTensor:
    """A tensor of zeros.

    Args:
        shape: Sizes; none makes a 0-dim tensor, a 0 among them an empty one.
        dtype: "f64", "f32", "i64" or "bool".
        device: "cpu".

    Raises:
        BadArgumentError: There is no such shape, dtype or device.
    """
    plain, name = described("rt_torch_zeros", shape, dtype, device)
    return filled("rt_torch_zeros", plain, _ZEROS[name], name)


def ones(shape: Sequence[int], dtype: str = "f64", device: str = "cpu") -> PureTensor:
    """A tensor of ones; arguments and errors are those of `zeros`."""
    plain, name = described("rt_torch_ones", shape, dtype, device)
    return filled("rt_torch_ones", plain, _ONES[name], name)


# From data.


def from_data(data: Any, shape: Sequence[int], dtype: str = "f64") -> PureTensor:
    """A tensor of the shape `shape` with a copy of `data`, a flat sequence or buffer in row-major order.

    Raises:
        BadArgumentError: The shape does not have as many elements as are given.
    """
    name = parse_dtype("rt_torch_from_data", "dtype", dtype)
    return _from_data(f"rt_torch_from_data_{name}", name, data, shape)


def from_data_f64(data: Any, shape: Sequence[int]) -> PureTensor:
    """Copy `data` into a new contiguous f64 tensor of shape `shape`."""
    return _from_data("rt_torch_from_data_f64", "f64", data, shape)


def from_data_f32(data: Any, shape: Sequence[int]) -> PureTensor:
    """Copy `data` into a new contiguous f32 tensor of shape `shape`."""
    return _from_data("rt_torch_from_data_f32", "f32", data, shape)


def from_data_i64(data: Any, shape: Sequence[int]) -> PureTensor:
    """Copy `data` into a new contiguous i64 tensor of shape `shape`."""
    return _from_data("rt_torch_from_data_i64", "i64", data, shape)


def from_data_bool(data: Any, shape: Sequence[int]) -> PureTensor:
    """Copy `data` into a new contiguous bool tensor of shape `shape`; every byte but 0 is true."""
    return _from_data("rt_torch_from_data_bool", "bool", data, shape)


def _from_data(symbol: str, dtype: str, data: Any, shape: Any) -> PureTensor:
    return shaped(symbol, _copy_of(symbol, dtype, data), shape, dtype)


def shaped(symbol: str, items: Items, shape: Any, dtype: str) -> PureTensor:
    """A tensor on a storage of its own, whose elements are as many as the shape has.

    Raises:
        BadArgumentError: They are not.
    """
    plain = integers(symbol, "shape", shape)
    check_sizes(symbol, "shape", plain)
    layout = layout_of(plain, dtype)
    if layout.size != len(items):
        raise BadArgumentError(
            f"{symbol}: arguments `data` and `shape`: {len(items)} elements were given, and the shape "
            f"{shape_text(plain)} has {layout.size}",
            symbol,
        )
    return pure_tensor(items, layout)


def _copy_of(symbol: str, dtype: str, data: Any) -> Items:
    """A list becomes a list, a buffer becomes memory."""
    code = ARRAY_CODES[dtype]
    listed = type(data) is list or type(data) is tuple
    try:
        elements: Any = array(code, data) if listed else memory.buffer_of(code, data)
    except (TypeError, OverflowError):
        elements = memory.buffer_of(code, converted(symbol, "data", _LISTS[dtype], data))
    if dtype == "bool":
        return [*map(bool, elements)]
    return elements.tolist() if listed else duplicate(elements, dtype)


def tensor(data: Any, dtype: str | None = None, device: str = "cpu") -> PureTensor:
    """A tensor with a copy of `data`: a number, nested lists, a buffer or a tensor.

    Args:
        dtype: By default that of the numbers: f64 for floats, i64 for integers, bool for bools, f64 for nothing.

    Raises:
        BadArgumentError: Lists beside each other have different lengths.
        ArgumentTypeError: There is something that is no number.
    """
    symbol = "rt_torch_tensor"
    name = None if dtype is None else parse_dtype(symbol, "dtype", dtype)
    parse_device(symbol, "device", device)
    if isinstance(data, PureTensor):
        if name in (None, data.dtype):
            return copied(data)
        return pure_tensor(cast(values(data), data.dtype, str(name)), layout_of(data.shape, str(name)))
    where = f"{symbol}: argument `data`"
    elements, shape = flattened(where, data)
    name = name or dtype_of_elements(where, elements)
    check_sizes(symbol, "data", shape)
    return pure_tensor(items_of(where, elements, name), layout_of(shape, name))


def natural_dtype(data: Any, floating: str) -> str:
    """The dtype that a tensor of this has, where Python's floats, and no element at all, mean `floating`.

    Raises:
        BadArgumentError: Lists beside each other have different lengths.
        ArgumentTypeError: There is something that is no number.
    """
    where = "rt_torch_tensor: argument `data`"
    return dtype_of_elements(where, flattened(where, data)[0], floating)


# Arguments.


def described(symbol: str, shape: Any, dtype: Any, device: Any) -> tuple[tuple[int, ...], str]:
    """The arguments shape and dtype, checked in the order of the native tier: what each is before what it says."""
    plain = integers(symbol, "shape", shape)
    text(symbol, "dtype", dtype)
    text(symbol, "device", device)
    name = parse_dtype(symbol, "dtype", dtype)
    parse_device(symbol, "device", device)
    check_sizes(symbol, "shape", plain)
    return plain, name


def filled(symbol: str, shape: tuple[int, ...], value: Number, dtype: str) -> PureTensor:
    """A tensor of one element, which is of the dtype, again and again."""
    layout = layout_of(shape, dtype)
    try:
        return pure_tensor([value] * layout.size, layout)
    except (MemoryError, OverflowError):
        raise no_memory(symbol) from None


def no_memory(symbol: str) -> OutOfMemoryError:
    """What to raise when Python has no more."""
    return OutOfMemoryError(f"{symbol}: memory is used up", symbol)
