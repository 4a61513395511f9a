"""The element types of the format, and which of them tensors have."""

from __future__ import annotations

# Bits of an element, in the order in which the format's own library lays tensors out: from the strictest alignment on.
BITS = {
    "U64": 64,
    "I64": 64,
    "F64": 64,
    "C64": 64,
    "F32": 32,
    "U32": 32,
    "I32": 32,
    "BF16": 16,
    "F16": 16,
    "U16": 16,
    "I16": 16,
    "F8_E5M2FNUZ": 8,
    "F8_E4M3FNUZ": 8,
    "F8_E8M0": 8,
    "F8_E4M3": 8,
    "F8_E5M2": 8,
    "I8": 8,
    "U8": 8,
    "F6_E3M2": 6,
    "F6_E2M3": 6,
    "F4": 4,
    "BOOL": 8,
}

FROM_TENSOR = {
    "f64": "F64",
    "f32": "F32",
    "f16": "F16",
    "bf16": "BF16",
    "i64": "I64",
    "i32": "I32",
    "i16": "I16",
    "i8": "I8",
    "u8": "U8",
    "bool": "BOOL",
}
TO_TENSOR = {name: dtype for dtype, name in FROM_TENSOR.items()}

_ORDER = {name: place for place, name in enumerate(BITS)}


def place(name: str) -> int:
    """Where tensors of this type come in a file."""
    return _ORDER[name]
