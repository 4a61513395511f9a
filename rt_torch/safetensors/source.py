"""Where bytes are read from: a file, or memory."""

from __future__ import annotations

import os
from types import TracebackType
from typing import BinaryIO

from rt_torch.errors import FileFormatError


class Source:
    """Bytes that can be read from anywhere, into memory of one's own."""

    name: str  # for messages
    size: int

    def read(self, start: int, length: int) -> bytearray:
        """So many bytes from `start` on; the caller has seen to it that they are there."""
        raise NotImplementedError

    def close(self) -> None:
        """Nothing is read any more."""

    def __enter__(self) -> Source:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class Memory(Source):
    """Bytes in memory."""

    def __init__(self, name: str, data: memoryview) -> None:
        self.name = name
        self.size = len(data)
        self._data = data

    def read(self, start: int, length: int) -> bytearray:
        return bytearray(self._data[start : start + length])


class File(Source):
    """A file; several threads may read at once."""

    def __init__(self, name: str, file: BinaryIO) -> None:
        self.name = name
        self.size = os.fstat(file.fileno()).st_size
        self._file = file

    def read(self, start: int, length: int) -> bytearray:
        data = bytearray(length)
        rest = memoryview(data)
        while rest:
            count = os.preadv(self._file.fileno(), [rest], start)
            if not count:
                raise FileFormatError(f"{self.name}: it ends at byte {start} now, where it had {self.size} before")
            rest = rest[count:]
            start += count
        return data

    def close(self) -> None:
        self._file.close()
