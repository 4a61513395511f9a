"""Dtypes, which are texts with names."""

from __future__ import annotations

import enum
from typing import Any

from rt_torch.config.suggestion import did_you_mean
from rt_torch.errors import BadArgumentError
from rt_torch.pure.dtype import canonical
from rt_torch_bindings.arguments import shown

__all__ = ["DType", "dtype_of"]


class DType(str, enum.Enum):
    """A dtype: DType.F32.

    It is the text that tensors call it by, "f32", so it goes wherever such a text does.  There are no tensors of u16, u32
    and u64 yet, which a configuration may name.

    Raises:
        BadArgumentError: DType(name) of a name that is none of these, nor torch's for one of them.
    """

    F16 = "f16"
    F32 = "f32"
    F64 = "f64"
    BF16 = "bf16"
    I8 = "i8"
    I16 = "i16"
    I32 = "i32"
    I64 = "i64"
    U8 = "u8"
    U16 = "u16"
    U32 = "u32"
    U64 = "u64"
    BOOL = "bool"

    @property
    def size_bytes(self) -> int:
        """Bytes of an element."""
        return 1 if self is DType.BOOL else int(self.value.lstrip("bfiu")) // 8

    @property
    def is_float(self) -> bool:
        return self.value.startswith(("f", "bf"))

    @property
    def is_signed(self) -> bool:
        """Whether there are numbers below 0."""
        return self.is_float or self.value.startswith("i")

    def to_string(self) -> str:
        """ "f32"."""
        return str(self)

    def __str__(self) -> str:
        return str.__str__(self)

    def __format__(self, spec: str) -> str:  # Enum's own is another in each version of Python
        return format(str(self), spec)

    @classmethod
    def _missing_(cls, value: object) -> DType:
        try:
            return dtype_of(value)
        except ValueError as error:
            raise BadArgumentError(f"rt.DType: {error}") from None


_BY_NAME = {str(dtype): dtype for dtype in DType}
_OF_TORCH = {f"uint{bits}": _BY_NAME[f"u{bits}"] for bits in (16, 32, 64)}  # which no tensor has yet, so only here


def dtype_of(name: Any) -> DType:
    """The dtype of that name.

    Raises:
        ValueError: There is none; the text says what there is.
    """
    found = _BY_NAME.get(canonical(name) or name) or _OF_TORCH.get(name) if isinstance(name, str) else None
    if found is None:
        hint = (
            did_you_mean(name, [*_BY_NAME, "float16", "float32", "float64", "bfloat16"])
            if isinstance(name, str)
            else ""
        )
        raise ValueError(f"unknown dtype {shown(name)}: expected {', '.join(_BY_NAME)}{hint}")
    return found
