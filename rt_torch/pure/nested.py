"""Nested lists and what is in them."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from contextlib import suppress
from itertools import chain
from operator import index
from typing import Any

from rt_torch.pure.dtype import ARRAY_CODES, FLOATING_DTYPES, PURE_DTYPES, Items, canonical, element, is_floating
from rt_torch.pure.layout import MAX_DIMS, shape_text
from rt_torch.pure.storage import typed
from rt_torch_bindings.arguments import shown
from rt_torch_bindings.errors import ArgumentTypeError, BadArgumentError

SEQUENCES = (list, tuple, range)


def flattened(where: str, data: Any) -> tuple[list[Any], tuple[int, ...]]:
    """Elements in row-major order, and shape, of nested lists, of a buffer or of a single value.

    Args:
        where: What messages start with: "rt_torch_tensor: argument `data`".

    Raises:
        BadArgumentError: The lists have different lengths, or are too deep.
    """
    if not isinstance(data, SEQUENCES):
        return _of_buffer(data) or ([data], ())
    _check_depth(where, data)
    shape: list[int] = []
    level = [data]
    while level and isinstance(level[0], SEQUENCES):
        lengths = {*map(_length, level)}
        if len(lengths) > 1:
            raise _ragged(where, level, len(shape))
        shape.append(len(level[0]))
        level = [*chain.from_iterable(level)]
    if any(issubclass(kind, SEQUENCES) for kind in set(map(type, level))):
        raise _ragged(where, level, len(shape))
    return level, tuple(shape)


def _ragged(where: str, level: list[Any], depth: int) -> BadArgumentError:
    first = level[0]
    odd = next(part for part in level if _length(part) != _length(first))
    if _length(first) is None or _length(odd) is None:
        problem = f"{shown(odd)} stands beside {'numbers' if _length(first) is None else 'lists'}"
    else:
        problem = f"lists of {len(first)} and of {len(odd)} elements stand beside each other"
    return BadArgumentError(f"{where}: {problem}, at depth {depth}")


def _length(part: Any) -> int | None:
    return len(part) if isinstance(part, SEQUENCES) else None


def _check_depth(where: str, data: Any) -> None:
    depth = 0
    while isinstance(data, SEQUENCES):
        depth += 1
        if depth > MAX_DIMS:
            raise BadArgumentError(f"{where}: the lists are nested deeper than the {MAX_DIMS} dimensions of a tensor")
        if not data:
            return
        data = data[0]


def _of_buffer(data: Any) -> tuple[list[Any], tuple[int, ...]] | None:
    if isinstance(data, (str, bytes, bytearray)):
        return None
    try:
        memory = memoryview(data)
        code = memory.format.lstrip("@=<")
        elements = typed(memoryview(memory.tobytes()), code)
    except (TypeError, ValueError):
        return None
    return elements.tolist(), memory.shape or ()


def nested(values: Items, shape: tuple[int, ...]) -> Any:
    """Elements in row-major order as nested lists; the element itself where there are no dimensions."""
    if not shape:
        return values[0]
    if 0 in shape:
        return _nothing(shape)
    level: list[Any] = [*values]
    for size in reversed(shape[1:]):
        level = [level[place : place + size] for place in range(0, len(level), size)]
    return level


def _nothing(shape: tuple[int, ...]) -> list[Any]:
    return [_nothing(shape[1:]) for _ in range(shape[0])] if len(shape) > 1 else []


def dtype_of_elements(where: str, elements: Iterable[Any], floating: str = "f64") -> str:
    """The dtype that holds Python's numbers, `floating`, i64 or bool, NumPy's, which have one, and 0-dim tensors.

    The first of f64, f32, f16, bf16, i64 and bool that is among theirs; `floating` where there is nothing.
    """
    kinds = set(map(type, elements))
    dtypes = {_DTYPES[kind] for kind in kinds & _DTYPES.keys()}
    if float in kinds:
        dtypes.add(floating)
    if foreign := kinds - _DTYPES.keys() - {float}:
        dtypes |= {_dtype_of(where, value) for value in elements if type(value) in foreign}
    return next((dtype for dtype in (*FLOATING_DTYPES, "i64", "bool") if dtype in dtypes), floating)


_DTYPES: dict[type, str] = {int: "i64", bool: "bool"}
_FORMATS = {"?": "bool", "e": "f32", "f": "f32", "d": "f64"}


def _dtype_of(where: str, value: Any) -> str:
    """The dtype of a number that is none of Python's own."""
    dtype = getattr(value, "dtype", None)
    if isinstance(dtype, str) and canonical(dtype) == dtype and not value.shape:  # a tensor's
        return dtype if dtype in PURE_DTYPES else "f32" if is_floating(dtype) else "i64"
    several, code = _seen(value)
    if not several:
        if code in _FORMATS:
            return _FORMATS[code]
        with suppress(TypeError):
            index(value)
            return "i64"
        if hasattr(value, "__float__") and not code.startswith("Z"):  # which is complex
            return "f64"
    raise ArgumentTypeError(f"{where}: a number is expected; given {shown(value)}")


def _seen(value: Any) -> tuple[bool, str]:
    """Whether these are several elements, and their format; "" where it has no memory to show."""
    try:
        view = memoryview(value)
    except (TypeError, ValueError, BufferError):
        return bool(getattr(value, "shape", ())), ""
    return view.ndim > 0, view.format


def items_of(where: str, elements: list[Any], dtype: str) -> list[Any]:
    """Python numbers as a storage of the dtype."""
    kinds = set(map(type, elements))
    if (kinds <= {float} and dtype == "f64") or (kinds <= {bool} and dtype == "bool"):
        return elements
    if dtype != "bool" and kinds <= ({int, bool} if dtype == "i64" else {int, bool, float}):
        try:
            return array(ARRAY_CODES[dtype], elements).tolist()
        except OverflowError:
            pass  # the element at fault is named below
    return [element(where, value, dtype) for value in elements]


def check_fits(where: str, shape: tuple[int, ...], target: tuple[int, ...]) -> None:
    """Whether elements of one shape can be repeated to fill another."""
    if not broadcasts(shape, target):
        raise BadArgumentError(
            f"{where}: the shape {shape_text(shape)} does not broadcast to the shape {shape_text(target)}"
        )


def broadcasts(shape: tuple[int, ...], target: tuple[int, ...]) -> bool:
    extra = len(shape) - len(target)
    if extra > 0 and any(size != 1 for size in shape[:extra]):
        return False
    return all(size in (1, wanted) for size, wanted in zip(reversed(shape), reversed(target), strict=False))
