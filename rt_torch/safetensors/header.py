"""The header of a safetensors file: what is in the file, and where.

    8 bytes   how long the JSON is, as an integer without sign, low byte first
    JSON      {"__metadata__": {"epoch": "3"}, "weight": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}}
    the rest  the tensors' elements, row after row, low byte first, one tensor after the other without holes

Everything that a header says is checked before anything is done with it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from math import prod
from typing import Any, NamedTuple, NoReturn

from rt_torch.errors import ArgumentTypeError, BadArgumentError, FileFormatError
from rt_torch.pure.layout import MAX_DIMS, overflow, shape_text
from rt_torch.safetensors.dtype import BITS, place
from rt_torch_bindings.arguments import shown

LENGTH_SIZE = 8
LONGEST = 100_000_000  # bytes of JSON that the format's own library reads, and so what we write
METADATA = "__metadata__"

_ALIGNMENT = 8
_LONGEST_NUMBER = 20  # digits that an integer of 64 bits can have
_REACHABLE = (1 << 64) - 1
_KEYS = ("dtype", "shape", "data_offsets")


class Entry(NamedTuple):
    """What a header says of one tensor."""

    dtype: str  # the format's name of it: "F32"
    shape: tuple[int, ...]
    start: int  # of its bytes, counted from the end of the header
    end: int


class Header(NamedTuple):
    """What is in a file."""

    entries: dict[str, Entry]  # in the order of the bytes
    metadata: dict[str, str] | None


# Writing.


def written(
    symbol: str, tensors: Mapping[str, tuple[str, tuple[int, ...]]], metadata: Mapping[str, str] | None
) -> tuple[bytes, list[str]]:
    """The first bytes of a file up to the tensors' elements, and the names in the order in which these have to follow.

    Args:
        symbol: What messages start with.
        tensors: The format's dtype, and the shape, by name.
        metadata: Texts by name.

    Raises:
        ArgumentTypeError: A name or text is none.
        BadArgumentError: A name is "__metadata__", a text is no Unicode, or the header would be too long.
    """
    said: dict[str, Any] = {}
    if metadata is not None:
        said[METADATA] = _checked_metadata(symbol, metadata)
    for name in tensors:
        _check_text(f"{symbol}: argument `tensors`: a name", name)
        if name == METADATA:
            raise BadArgumentError(f'{symbol}: argument `tensors`: no tensor can be called "{METADATA}"')
    order = sorted(tensors, key=lambda name: (place(tensors[name][0]), name))
    start = 0
    for name in order:
        dtype, shape = tensors[name]
        end = start + prod(shape) * BITS[dtype] // 8
        said[name] = {"dtype": dtype, "shape": shape, "data_offsets": (start, end)}
        start = end
    text = json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()
    text += b" " * (-len(text) % _ALIGNMENT)
    if len(text) > LONGEST:
        raise BadArgumentError(f"{symbol}: the header would have {len(text)} bytes, and at most {LONGEST} are possible")
    return len(text).to_bytes(LENGTH_SIZE, "little") + text, order


def _checked_metadata(symbol: str, metadata: Any) -> dict[str, str]:
    where = f"{symbol}: argument `metadata`"
    if not isinstance(metadata, Mapping):
        raise ArgumentTypeError(f"{where}: texts by name are expected; given {shown(metadata)}")
    for name, text in metadata.items():
        _check_text(f"{where}: a name", name)
        _check_text(f"{where}: what is called {shown(name)}", text)
    return dict(metadata)


def _check_text(where: str, text: Any) -> None:
    if not isinstance(text, str):
        raise ArgumentTypeError(f"{where}: a text is expected; given {shown(text)}")
    if not _is_unicode(text):
        raise BadArgumentError(
            f"{where}: it has half of a pair of surrogates, which is no Unicode; given {shown(text)}"
        )


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


# Reading.


def length(where: str, data: bytes | bytearray, size: int) -> int:
    """How long the JSON is.

    Args:
        where: What messages start with: the file's name.
        data: Its first 8 bytes, or as many as it has.
        size: Of the whole of it.

    Raises:
        FileFormatError: It cannot be that long.
    """
    if len(data) < LENGTH_SIZE:
        _refuse(
            where, f"it has {len(data)} bytes, and a safetensors file begins with {LENGTH_SIZE}, its header's length"
        )
    said = int.from_bytes(data, "little")
    if said > size - LENGTH_SIZE:
        problem = f"it says that its header has {said} bytes, and {size - LENGTH_SIZE} follow"
        _refuse(where, f"{problem}: it is cut short, or no safetensors file")
    if said > LONGEST:
        _refuse(where, f"its header has {said} bytes, and at most {LONGEST} are expected")
    return said


def parsed(where: str, text: bytes | bytearray, size: int) -> Header:
    """What the JSON says.

    Args:
        where: What messages start with: the file's name.
        text: The JSON.
        size: Bytes that follow it.

    Raises:
        FileFormatError: It is not what the format demands, or does not fit the size.
    """
    said = _decoded(where, text)
    metadata = said.pop(METADATA, None)
    if metadata is not None:
        _check_read_metadata(where, metadata)
    entries = {name: _entry(f"{where}: tensor {shown_name(name)}", info) for name, info in said.items()}
    ordered = dict(sorted(entries.items(), key=lambda item: item[1][2:]))
    _check_gapless(where, ordered, size)
    return Header(ordered, metadata)


def shown_name(name: str) -> str:
    """A name in a message, cut short."""
    text = repr(name)
    return text if len(text) <= 100 else f"{text[:97]}..."


def _decoded(where: str, text: bytes | bytearray) -> dict[str, Any]:
    if text[:1] != b"{":
        _refuse(
            where, f"its header begins with {bytes(text[:1])!r}, and {b'{'!r} is expected: it is no safetensors file"
        )
    try:
        said: dict[str, Any] = json.loads(
            text.decode(),
            object_pairs_hook=_without_duplicates,
            parse_int=_integer,
            parse_constant=_no_constant,
        )
    except UnicodeDecodeError as error:
        _refuse(where, f"its header is no UTF-8 at byte {error.start}")
    except ValueError as error:
        _refuse(where, f"its header is not the JSON that is expected: {error}")
    except RecursionError:
        _refuse(where, "its header is not the JSON that is expected: too many brackets are inside each other")
    return said


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    known = dict(pairs)
    if len(known) < len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]  # None
        raise ValueError(f"the key {shown_name(twice)} is there twice")
    for key in known:
        if not _is_unicode(key):
            raise ValueError(f"the key {shown_name(key)} has half of a pair of surrogates")
    return known


def _integer(digits: str) -> int:
    if len(digits) > _LONGEST_NUMBER:  # which would take time, and is none of 64 bits
        raise ValueError(f"a number has {len(digits)} digits")
    return int(digits)


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def _check_read_metadata(where: str, metadata: Any) -> None:
    if not isinstance(metadata, dict):
        _refuse(where, f"{METADATA} is {shown(metadata)}, and texts by name are expected")
    for name, text in metadata.items():
        if not isinstance(text, str) or not _is_unicode(text):
            _refuse(where, f"{METADATA}: {shown_name(name)} is {shown(text)}, and a text is expected")


def _entry(where: str, info: Any) -> Entry:
    if not isinstance(info, dict) or not all(key in info for key in _KEYS):
        _refuse(where, f"it is {shown(info)}, and an object with {', '.join(_KEYS)} is expected")
    dtype, shape, offsets = (info[key] for key in _KEYS)
    if not isinstance(dtype, str) or dtype not in BITS:
        _refuse(where, f"its dtype is {shown(dtype)}, and one of {', '.join(BITS)} is expected")
    if not _are_sizes(shape):
        _refuse(where, f"its shape is {shown(shape)}, and a list of integers of 64 bits from 0 on is expected")
    if not _are_sizes(offsets) or len(offsets) != 2 or offsets[0] > offsets[1]:
        _refuse(where, f"its data_offsets are {shown(offsets)}, and [begin, end] from 0 on is expected")
    _check_size(where, dtype, shape, offsets[1] - offsets[0])
    return Entry(dtype, tuple(shape), *offsets)


def _are_sizes(numbers: Any) -> bool:
    return isinstance(numbers, list) and all(type(number) is int and 0 <= number <= _REACHABLE for number in numbers)


def _check_size(where: str, dtype: str, shape: list[int], size: int) -> None:
    if len(shape) > MAX_DIMS:
        _refuse(where, f"its shape has {len(shape)} sizes, and a tensor has at most {MAX_DIMS} dimensions")
    if problem := overflow(shape):
        _refuse(where, f"the {problem} of its shape {shape_text(shape)} overflows 63 bits")
    bits = prod(shape) * BITS[dtype]
    if bits != size * 8:
        wanted = f"{bits // 8}" if bits % 8 == 0 else f"{bits / 8}"
        _refuse(where, f"{dtype} of shape {shape_text(shape)} is {wanted} bytes, and its data_offsets say {size}")


def _check_gapless(where: str, entries: dict[str, Entry], size: int) -> None:
    end = 0
    for name, entry in entries.items():
        if entry.start != end:
            problem = f"it begins at byte {entry.start}, and {end} is expected: there may be no holes and no overlaps"
            _refuse(f"{where}: tensor {shown_name(name)}", problem)
        end = entry.end
    if end != size:
        problem = "it is cut short" if end > size else "there is something behind the tensors"
        _refuse(where, f"its tensors have {end} bytes, and {size} follow the header: {problem}")


def _refuse(where: str, problem: str) -> NoReturn:
    raise FileFormatError(f"{where}: {problem}")
