"""What both cffi loaders take for a pointer."""

from __future__ import annotations

from typing import Any

from rt_cuda_bindings import memory
from rt_cuda_bindings.raw import Pointer


class CffiMemory(memory.Memory):
    def __init__(self, ffi: Any) -> None:
        self.null = ffi.NULL
        self._ffi = ffi
        names = {"q": "int64_t[]", "d": "double[]", "f": "float[]", "B": "uint8_t[]", "i": "int32_t[]"}
        self._types = {code: ffi.typeof(name) for code, name in names.items()}
        self._void = ffi.typeof("void *")
        self._number = ffi.typeof("uintptr_t")

    def pointer(self, code: str, buffer: memory.Buffer) -> Pointer:
        return self._ffi.from_buffer(self._types[code], buffer)

    def text(self, pointer: Pointer) -> str | None:
        return self._ffi.string(pointer).decode() if pointer else None

    def address(self, pointer: Pointer) -> int:
        return int(self._ffi.cast(self._number, pointer))

    def at(self, address: int) -> Pointer:
        return self._ffi.cast(self._void, memory.checked_address(address))
