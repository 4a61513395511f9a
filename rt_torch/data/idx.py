"""Files of the IDX format, which MNIST comes in.

    2 bytes   0
    1 byte    what the elements are: 8 bytes without sign, 9 with, 11 to 14 larger numbers
    1 byte    how many dimensions there are
    4 bytes   for each dimension: its size
    the rest  the elements, row after row

All numbers have their high byte first.  Nothing that such a file claims is believed before its content bears it out.
"""

from __future__ import annotations

import gzip
import os
import sys
import zlib
from array import array
from math import prod
from typing import BinaryIO, NamedTuple, NoReturn

from rt_torch._file import Path, opened, path_text
from rt_torch._tensor import Tensor, of_pure
from rt_torch.data.octets import looked_up
from rt_torch.errors import FileFormatError
from rt_torch.pure.dtype import FORMATS
from rt_torch.pure.layout import MAX_DIMS, layout_of, overflow, shape_text
from rt_torch.pure.tensor import pure_tensor

BYTES = 8


class _Kind(NamedTuple):
    name: str
    size: int  # bytes
    dtype: str  # of the tensor


_KINDS = {
    BYTES: _Kind("unsigned bytes", 1, "i64"),
    9: _Kind("signed bytes", 1, "i64"),
    11: _Kind("integers of 2 bytes", 2, "i64"),
    12: _Kind("integers of 4 bytes", 4, "i64"),
    13: _Kind("floats of 4 bytes", 4, "f32"),
    14: _Kind("floats of 8 bytes", 8, "f64"),
}
_CODES = {11: "h", 12: "i", 13: "f", 14: "d"}  # of arrays
_SIGNED = [*range(128), *range(-128, 0)]

_GZIP = b"\x1f\x8b"
_MOST_PER_BYTE = 1032  # bytes that one byte of gzip can stand for
_AT_ONCE = 1 << 20


class Idx(NamedTuple):
    """What is in a file."""

    kind: int  # BYTES, ...
    shape: tuple[int, ...]
    data: bytearray  # as it is in the file


def read_idx(path: Path) -> Tensor:
    """The tensor in an IDX file, plain or gzipped.

    Args:
        path: The file; whether it is gzipped shows in what is in it, not in its name.

    Returns:
        i64 for integers of any size, f32 and f64 for floats, in the file's shape.

    Raises:
        FileFormatError: It is no IDX file, cut short, damaged, or has something behind its elements.
        OSError: It cannot be read.
    """
    return _tensor(read(path_text("rt.data.read_idx: argument `path`", path)))


def _tensor(idx: Idx) -> Tensor:
    dtype = _KINDS[idx.kind].dtype
    if idx.kind not in _CODES:
        return looked_up(idx.data, range(256) if idx.kind == BYTES else _SIGNED, idx.shape, dtype)
    elements = array(_CODES[idx.kind])
    elements.frombytes(idx.data)
    if sys.byteorder == "little":
        elements.byteswap()
    if elements.typecode != FORMATS[dtype]:
        elements = array(FORMATS[dtype], elements)
    return of_pure(pure_tensor(memoryview(elements), layout_of(idx.shape, dtype)))


def read(path: str) -> Idx:
    """What is in an IDX file; errors are those of read_idx."""
    with opened(path, "an IDX file") as file:
        most = os.fstat(file.fileno()).st_size
        if file.read(len(_GZIP)) != _GZIP:
            file.seek(0)
            return _read(path, file, most)
        file.seek(0)
        try:
            with gzip.GzipFile(fileobj=file) as content:
                return _read(path, content, most * _MOST_PER_BYTE)
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            _refuse(path, f"it is gzipped, and damaged or cut short: {error}")


def _read(path: str, file: BinaryIO | gzip.GzipFile, most: int) -> Idx:
    """Of a file whose content cannot be longer than `most`."""
    magic = file.read(4)
    if len(magic) < 4:
        _refuse(path, f"it has {len(magic)} bytes, and an IDX file has at least 4")
    zeros, kind, ndim = magic[:2], magic[2], magic[3]
    if zeros != b"\0\0" or kind not in _KINDS:
        known = ", ".join(map(str, _KINDS))
        _refuse(
            path, f"it begins with the bytes {[*magic]}, and an IDX file with 0, 0, one of {known}, and the dimensions"
        )
    if ndim > MAX_DIMS:
        _refuse(path, f"it says that it has {ndim} dimensions, and a tensor has at most {MAX_DIMS}")
    sizes = file.read(4 * ndim)
    if len(sizes) < 4 * ndim:
        _refuse(path, f"it is cut short within the sizes of its {ndim} dimensions")
    shape = tuple(int.from_bytes(sizes[place : place + 4], "big") for place in range(0, 4 * ndim, 4))
    claim = f"it says that it has {shape_text(shape)} {_KINDS[kind].name}"
    wanted = prod(shape) * _KINDS[kind].size
    if not wanted and (problem := overflow(shape)):
        _refuse(path, f"{claim}, and the {problem} overflows 63 bits")
    if wanted > most:
        _refuse(path, f"{claim}, {wanted} bytes, and it cannot have more than {most}: it is cut short, or damaged")
    data = _up_to(file, wanted)
    if len(data) < wanted:
        _refuse(path, f"{claim}, {wanted} bytes, and {len(data)} are there: it is cut short")
    if file.read(1):
        _refuse(path, f"{claim}, {wanted} bytes, and there is something behind them")
    return Idx(kind, shape, data)


def _up_to(file: BinaryIO | gzip.GzipFile, size: int) -> bytearray:
    """So many bytes, or what is there: memory grows with what comes, and not with what was claimed."""
    data = bytearray()
    while len(data) < size:
        part = file.read(min(_AT_ONCE, size - len(data)))
        if not part:
            break
        data += part
    return data


def _refuse(path: str, problem: str) -> NoReturn:
    raise FileFormatError(f"{path}: {problem}")
