"""Whether a shared library lacks its end: opening such a file would kill the process instead of failing."""

from __future__ import annotations

import os
import struct
from typing import BinaryIO, NamedTuple

_IDENT = 16  # bytes that tell what the rest looks like
_PT_LOAD = 1  # a segment that is mapped from the file
_PT_DYNAMIC = 2  # the segment whose entries say where everything else is
_DT_NULL = 0  # the end of those entries
_DT_STRTAB = 5  # the address of the names


def is_truncated(path: str) -> bool:
    """True for an ELF file that ends before its headers or its segments do, or in zeros where it describes itself.

    A download that was cut short may have been given its full length beforehand.  Other files are not judged."""
    try:
        with open(path, "rb") as file:
            return _is_cut(file)
    except OSError:  # whoever opens it says why
        return False
    except (struct.error, IndexError):  # a header is not whole
        return True


class _Layout(NamedTuple):
    """Where things stand in files of one word size and byte order."""

    header: struct.Struct  # where segments and sections begin, the size and number of segments, the same of sections
    segment: struct.Struct  # kind, place in the file, address, length in the file
    entry: struct.Struct  # tag and value of an entry of the dynamic segment
    section: struct.Struct  # kind


def _layout(ident: bytes) -> _Layout:
    wide, order = ident[4] == 2, ">" if ident[5] == 2 else "<"
    spelled = ("16xQQ6xHHHH", "I4xQQ8xQ", "QQ", "4xI") if wide else ("12xII6xHHHH", "III4xI", "II", "4xI")
    return _Layout(*(struct.Struct(order + text) for text in spelled))


def _read(file: BinaryIO, layout: struct.Struct, offset: int) -> tuple[int, ...]:
    file.seek(offset)
    return layout.unpack(file.read(layout.size))


def _is_cut(file: BinaryIO) -> bool:
    size = os.fstat(file.fileno()).st_size
    ident = file.read(_IDENT)
    if ident[:4] != b"\x7fELF":
        return False
    layout = _layout(ident)
    table, sections, entry_size, entries, section_size, section_count = _read(file, layout.header, _IDENT)
    segments = [_read(file, layout.segment, table + entry * entry_size) for entry in range(entries)]
    if any(kind == _PT_LOAD and offset + length > size for kind, offset, _address, length in segments):
        return True
    if any(kind == _PT_DYNAMIC and not _has_names(file, layout, segments, *rest) for kind, *rest in segments):
        return True
    # The table of sections is mostly the last thing in a file, and only its first section is of the kind 0.
    return section_count > 1 and _read(file, layout.section, sections + (section_count - 1) * section_size) == (0,)


def _has_names(
    file: BinaryIO, layout: _Layout, segments: list[tuple[int, ...]], offset: int, _address: int, length: int
) -> bool:
    """Whether the dynamic segment says where the names are, and that is somewhere in the file."""
    for place in range(offset, offset + length, layout.entry.size):
        tag, value = _read(file, layout.entry, place)
        if tag == _DT_NULL:
            return False
        if tag == _DT_STRTAB:
            return any(kind == _PT_LOAD and start <= value < start + filled for kind, _, start, filled in segments)
    return False
