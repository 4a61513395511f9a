"""The element types of the pure tier, what Python holds them in, and the conversions between them."""

from __future__ import annotations

import re
import struct
from array import array
from collections.abc import Callable, Iterable
from operator import index
from struct import calcsize
from typing import Any, TypeAlias

from rt_torch.pure.argument import refused, text
from rt_torch_bindings.arguments import shown
from rt_torch_bindings.errors import ArgumentTypeError, BadArgumentError

Number: TypeAlias = "float | int | bool"
Items: TypeAlias = "list[Any] | memoryview"  # a storage: Python numbers, or one-dimensional memory

PURE_DTYPES = ("f64", "f32", "i64", "bool")
FLOATING_DTYPES = ("f64", "f32", "f16", "bf16")

# Every name that a dtype goes by, the native tier's own ones included -> the dtype.
DTYPE_NAMES = {
    "f64": "f64",
    "f32": "f32",
    "f16": "f16",
    "bf16": "bf16",
    "i64": "i64",
    "i32": "i32",
    "i16": "i16",
    "i8": "i8",
    "u8": "u8",
    "bool": "bool",
    "float64": "f64",
    "float32": "f32",
    "float16": "f16",
    "bfloat16": "bf16",
    "int64": "i64",
    "int32": "i32",
    "int16": "i16",
    "int8": "i8",
    "uint8": "u8",
}

# The native tier's own dtypes too: their elements can be moved here, 16-bit floats as integers of the same bits.
_MOVED = {"f16": "H", "bf16": "H", "i32": "i", "i16": "h", "i8": "b", "u8": "B"}
FORMATS = {"f64": "d", "f32": "f", "i64": "q", "bool": "?"} | _MOVED  # of a memoryview
ARRAY_CODES = FORMATS | {"bool": "B"}  # of the array behind it
ITEM_SIZES = {dtype: calcsize(code) for dtype, code in FORMATS.items()}
CATEGORIES = {"bool": 0, "i64": 1, "f32": 2, "f64": 2}  # the higher one wins when two tensors meet

_DEVICES = {"cpu:0": "cpu", "cuda": "cuda:0", "gpu": "cuda:0"}

I64_LOWEST, I64_HIGHEST = -1 << 63, (1 << 63) - 1


def canonical(name: str) -> str | None:
    """The dtype that `name` means, "f64" for "float64"; None when there is none."""
    return DTYPE_NAMES.get(name)


def is_floating(dtype: str) -> bool:
    return dtype in FLOATING_DTYPES


def clipped(value: str) -> str:
    """A text that someone gave, for a message: 64 bytes at most."""
    return value.encode()[:64].decode(errors="ignore")


def parse_dtype(symbol: str, name: str, value: Any) -> str:
    """A dtype argument, by its own name or torch's."""
    name_given = text(symbol, name, value)
    dtype = DTYPE_NAMES.get(name_given)
    if dtype in PURE_DTYPES:
        return dtype
    if dtype:
        raise refused(symbol, name, f"{dtype} was given, and the pure tier has f64, f32, i64 and bool")
    raise refused(
        symbol,
        name,
        f'"{clipped(name_given)}" is no dtype: expected f64, f32, f16, bf16, i64, i32, i16, i8, u8 or bool, '
        "or torch's name for one of these",
    )


def parse_device(symbol: str, name: str, value: Any) -> str:
    """A device argument; only the CPU is there."""
    device = text(symbol, name, value)
    if device in ("cpu", "cpu:0"):
        return "cpu"
    if is_cuda(device):
        raise refused(symbol, name, f'"{clipped(device)}" is not there: the pure tier has the cpu only')
    raise refused(symbol, name, f'"{clipped(device)}" is no device: expected cpu, gpu, cuda or cuda:N')


def is_cuda(device: str) -> bool:
    """Whether this means a CUDA device, be it there or not."""
    return re.fullmatch(r"gpu|cuda(:(0|[1-9][0-9]{0,3}))?", device) is not None


def canonical_device(name: str) -> str:
    """The device that `name` means as tensors call it, "cuda:0" for "gpu"; one that means none stays as it is."""
    return _DEVICES.get(name, name)


def gpu_index(symbol: str, name: str, device: Any) -> int:
    """The number of a GPU, where nothing but one can be meant: given as it is, or by its name.

    Whether there is such a GPU is not looked at.

    Raises:
        ArgumentTypeError: It is neither a number nor a text.
        BadArgumentError: No GPU has such a name.
    """
    if isinstance(device, str):
        if not is_cuda(device):
            raise refused(symbol, name, f"{shown(device)} is no GPU: expected its number, or gpu, cuda or cuda:N")
        return int(canonical_device(device)[len("cuda:") :])
    try:
        if not isinstance(device, bool):
            return index(device)
    except TypeError:
        pass
    expected = "the number of a GPU, or gpu, cuda or cuda:N is expected"
    raise ArgumentTypeError(f"{symbol}: argument `{name}`: {expected}; given {shown(device)}", symbol)


def promote(a: str, b: str) -> str:
    """The dtype that holds the values of both: the higher category, and within floats the larger."""
    if a == b:
        return a
    if CATEGORIES[a] != CATEGORIES[b]:
        return a if CATEGORIES[a] > CATEGORIES[b] else b
    return "f64"


def result_dtype(a: str, a_ndim: int, b: str, b_ndim: int) -> str:
    """The dtype of what two tensors give: one without dimensions only counts where its category is higher."""
    if a == b:
        return a
    if (a_ndim > 0) == (b_ndim > 0):
        return promote(a, b)
    many, single = (a, b) if a_ndim else (b, a)
    return single if CATEGORIES[single] > CATEGORIES[many] else many


_FEW = 48  # numbers up to which an array reads them itself as fast
_AT_A_TIME = 2048  # numbers that stay in the nearest cache while they are packed


# Elements.


def packed(items: Items, dtype: str) -> array[Any]:
    """Elements of the dtype, or floats to be rounded to it, as an array.

    struct reads a list in half the time that the array takes.

    Raises:
        OverflowError: i64 does not hold one of them.
    """
    code = ARRAY_CODES[dtype]
    if len(items) <= _FEW or dtype == "bool" or not isinstance(items, list):
        return array(code, items)
    memory = array(code)
    try:
        for start in range(0, len(items), _AT_A_TIME):
            part = items[start : start + _AT_A_TIME]
            memory.frombytes(struct.pack(f"{len(part)}{code}", *part))
    except struct.error:
        return array(code, items)  # which says what is wrong
    return memory


def rounded(values: Iterable[float]) -> list[float]:
    """Floats rounded to f32, what is too large to infinity."""
    return array("f", values).tolist()


def wrapped(value: int) -> int:
    """An integer modulo 2**64, as a signed one of 64 bits."""
    return (value - I64_LOWEST & 0xFFFFFFFFFFFFFFFF) + I64_LOWEST


def truncated(value: float) -> int:
    """Towards zero; what i64 does not hold, and NaN, become its lowest value as in libtorch on x86."""
    if I64_LOWEST <= value < 2.0**63:
        return int(value)
    return I64_LOWEST


def element(where: str, value: Any, dtype: str) -> Number:
    """A Python number as an element: f32 is rounded, i64 truncates.

    Args:
        where: What messages start with: "rt_torch_full: argument `value`".
    """
    if type(value) is float and dtype == "f64":
        return value
    if isinstance(value, (str, bytes, bytearray)):
        raise ArgumentTypeError(f"{where}: a number is expected; given {shown(value)}")
    try:
        return _ELEMENTS[dtype](value)
    except TypeError:
        raise ArgumentTypeError(f"{where}: a number is expected; given {shown(value)}") from None
    except (OverflowError, ValueError):
        raise BadArgumentError(f"{where}: {dtype} has no such number; given {shown(value)}") from None


def _i64(value: Any) -> int:
    try:
        number = index(value)
    except TypeError:
        number = int(float(value))
    if not I64_LOWEST <= number <= I64_HIGHEST:
        raise OverflowError
    return number


def _bool(value: Any) -> bool:
    return bool(value) if isinstance(value, (int, float)) else bool(float(value))


def _f32(value: Any) -> float:
    return array("f", (float(value),))[0]


_ELEMENTS: dict[str, Callable[[Any], Number]] = {"f64": float, "f32": _f32, "i64": _i64, "bool": _bool}


def whole(symbol: str, name: str, value: float) -> int:
    """A whole number that i64 holds."""
    if I64_LOWEST <= value <= I64_HIGHEST and value.is_integer():
        return int(value)
    raise not_held(symbol, name, "the value is", value)


def not_held(symbol: str, name: str, what: str, value: float) -> BadArgumentError:
    """What to raise for a number that i64 does not hold; `what` says which of the argument's it is."""
    holds = f"i64 holds whole numbers from {I64_LOWEST} to {I64_HIGHEST}"
    return refused(symbol, name, f"{what} {value:.17g}, and {holds}")


def dtype_of(value: Any) -> str | None:
    """The dtype that a Python number has by itself; None for what is no number."""
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, int):
        return "i64"
    return "f64" if isinstance(value, float) else None
