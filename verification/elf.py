"""A reader of ELF shared objects that needs no binutils: exported symbols, needed libraries, readable strings.

Only 64-bit little-endian files are read, and they are mapped, not loaded: libtorch_cpu.so has over 400 MB.
"""

from __future__ import annotations

import mmap
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_SHT_DYNAMIC, _SHT_DYNSYM = 6, 11
_DT_NEEDED = 1
_GLOBAL, _WEAK, _UNIQUE = 1, 2, 10
_HIDDEN = (1, 2)  # STV_INTERNAL, STV_HIDDEN


_SHT_NOBITS = 8  # takes no room in the file
_HEADER_SIZE, _ENTRY_SIZE = 64, 64
_RECORD_SIZES = {_SHT_DYNAMIC: 16, _SHT_DYNSYM: 24}


class ElfError(ValueError):
    """A file is no shared object that can be read; the text says which and why."""


@dataclass(frozen=True)
class Section:
    name: str  # ".rodata"
    type: int  # 11: SHT_DYNSYM
    offset: int
    size: int
    link: int  # index of the section that holds its strings


class SharedObject:
    def __init__(self, path: Path) -> None:
        if not path.stat().st_size:
            raise ElfError(f"{path} is empty")
        with path.open("rb") as file:
            self._bytes = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        if self._bytes[:6] != b"\x7fELF\x02\x01":
            raise ElfError(f"{path} is no 64-bit little-endian ELF file")
        sections = self._read_sections()
        if sections is None or not all(self._sound(section, len(sections)) for section in sections):
            raise ElfError(f"{path} is truncated or damaged: its sections do not lie inside it")
        self.sections = sections

    def _read_sections(self) -> list[Section] | None:
        if len(self._bytes) < _HEADER_SIZE:
            return None
        (table,) = struct.unpack_from("<Q", self._bytes, 0x28)
        entry_size, count, names_index = struct.unpack_from("<HHH", self._bytes, 0x3A)
        inside = table + count * entry_size <= len(self._bytes)
        if not inside or entry_size != _ENTRY_SIZE or names_index >= count:
            return None
        raw = [struct.unpack_from("<IIQQQQIIQQ", self._bytes, table + i * entry_size) for i in range(count)]
        names = raw[names_index][4]
        return [Section(self._text(names + entry[0]), entry[1], entry[4], entry[5], entry[6]) for entry in raw]

    def _sound(self, section: Section, count: int) -> bool:
        inside = section.type == _SHT_NOBITS or section.offset + section.size <= len(self._bytes)
        return inside and section.link < count and section.size % _RECORD_SIZES.get(section.type, 1) == 0

    def _text(self, offset: int) -> str:
        return self._bytes[offset : self._bytes.find(b"\0", offset)].decode("utf-8", "replace")

    def _symbols(self) -> Iterator[tuple[str, bool]]:
        """Names in the dynamic symbol table that other libraries can see, each with whether it is defined here."""
        for table in self.sections:
            if table.type != _SHT_DYNSYM:
                continue
            strings = self.sections[table.link].offset
            data = self._bytes[table.offset : table.offset + table.size]
            for name, info, other, section, _value, _size in struct.iter_unpack("<IBBHQQ", data):
                if name and info >> 4 in (_GLOBAL, _WEAK, _UNIQUE) and other & 3 not in _HIDDEN:
                    yield self._text(strings + name), section != 0

    @property
    def exported(self) -> set[str]:
        return {name for name, defined in self._symbols() if defined}

    @property
    def reachable(self) -> set[str]:
        """What dlsym finds through this library: its own symbols, and those that it takes from the ones it needs."""
        return {name for name, _defined in self._symbols()}

    @property
    def needed(self) -> list[str]:
        found = []
        for table in self.sections:
            if table.type != _SHT_DYNAMIC:
                continue
            strings = self.sections[table.link].offset
            data = self._bytes[table.offset : table.offset + table.size]
            found += [
                self._text(strings + value) for tag, value in struct.iter_unpack("<QQ", data) if tag == _DT_NEEDED
            ]
        return found

    def read_only_data(self) -> bytes:
        """The sections that hold string constants, with a zero byte around each."""
        parts = (s for s in self.sections if s.name.startswith(".rodata"))
        return b"\0".join([b"", *(self._bytes[part.offset : part.offset + part.size] for part in parts), b""])
