"""What the library declares, and functions refer to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from generator.model import Enumeration, Handle, Kind, NativeTest, Prototype, Style, Text

STYLE_KINDS = ("schema", "status", "value")


@dataclass(frozen=True)
class Vocabulary:
    prefix: str  # "rt_torch_"
    abi: int  # 1
    natives: frozenset[str]  # {"borrow_tensor", "libtorch"}: what the shim calls, which no parameter may hide
    kinds: Mapping[str, Kind]  # {"tensor": Kind.HANDLE, "i64": Kind.I64}: what each type's name stands for
    handles: Mapping[str, Handle]
    texts: Mapping[str, Text]
    enums: Mapping[str, Enumeration]
    checks: Mapping[str, NativeTest]
    whens: Mapping[str, NativeTest]
    styles: Mapping[str, Style]
    symbols: Mapping[str, Prototype]
    unread: frozenset[str]  # symbols whose prototypes are wrong: nothing that follows from that is an error of its own


def error_codes(vocabulary: Vocabulary) -> list[str]:
    """The names of [enum.error]."""
    return [value.name for value in vocabulary.enums["error"].values] if "error" in vocabulary.enums else []
