"""Whether a shared library ends too early: opening such a file would kill the process instead of failing."""

from __future__ import annotations

import os
import struct
from typing import BinaryIO

_IDENT = 16  # bytes that tell what the rest looks like
_PT_LOAD = 1  # a segment that is mapped from the file


def is_truncated(path: str) -> bool:
    """True for an ELF file that ends before its headers or its segments do; other files are not judged."""
    try:
        with open(path, "rb") as file:
            return _ends_early(file)
    except OSError:  # whoever opens it says why
        return False
    except (struct.error, IndexError):  # a header is not whole
        return True


def _ends_early(file: BinaryIO) -> bool:
    size = os.fstat(file.fileno()).st_size
    ident = file.read(_IDENT)
    if ident[:4] != b"\x7fELF":
        return False
    wide, order = ident[4] == 2, ">" if ident[5] == 2 else "<"
    header = struct.Struct(order + ("16xQ14xHH" if wide else "12xI10xHH"))
    table, entry_size, entries = header.unpack(file.read(header.size))
    segment = struct.Struct(order + ("I4xQ16xQ" if wide else "II8xI"))
    for entry in range(entries):
        file.seek(table + entry * entry_size)
        kind, offset, length = segment.unpack(file.read(segment.size))
        if kind == _PT_LOAD and offset + length > size:
            return True
    return False
