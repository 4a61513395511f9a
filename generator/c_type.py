"""The types that C itself has, its headers <stdbool.h>, <stddef.h> and <stdint.h> included.

What is rendered for the upstream's functions includes no other header: in their prototypes a handle is `void *`, an enum
`int32_t`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from generator.diagnostics import did_you_mean

_WIDTHS = (8, 16, 32, 64)
_SIZED = [f"{sign}int{kind}{width}_t" for sign in ("", "u") for kind in ("", "_least", "_fast") for width in _WIDTHS]
_NAMED = frozenset(
    [
        *("bool", "_Bool", "float", "double", "void", *_SIZED),
        *("intptr_t", "uintptr_t", "intmax_t", "uintmax_t", "size_t", "ptrdiff_t", "wchar_t", "max_align_t"),
    ]
)
_INTEGERS = ("char", "short", "short int", "int", "long", "long int", "long long", "long long int")
_SIGNED = [f"{sign} {integer}" for sign in ("", "signed", "unsigned") for integer in _INTEGERS]
_COMBINED = frozenset(tuple(sorted(text.split())) for text in ("signed", "unsigned", "long double", *_SIGNED))
_PARTS = frozenset(word for words in _COMBINED for word in words)
_QUALIFIERS = frozenset(["const", "volatile", "restrict"])
_TAGS = frozenset(["struct", "union", "enum"])

_KEYWORDS = """
    auto break case continue default do else extern for goto if inline register return sizeof static switch typedef while
    _Alignas _Alignof _Atomic _Complex _Generic _Imaginary _Noreturn _Static_assert _Thread_local
"""

# What no parameter can be called.
TAKEN = frozenset(_KEYWORDS.split()) | _NAMED | _PARTS | _QUALIFIERS | _TAGS

_WORD = re.compile(r"[A-Za-z_]\w*")


@dataclass(frozen=True)
class TypeProblem:
    text: str  # "unknown C type `itn64_t`"
    offset: int  # 9: where in the whole text
    width: int
    hint: str  # "did you mean `int64_t`?"


def problems_of(c_type: str, start: int = 0) -> list[TypeProblem]:
    """Why a type such as `const int64_t *`, which starts there in the whole text, is none of C's; empty when it is one."""
    words = [word for word in _WORD.finditer(c_type) if word.group() not in _QUALIFIERS]
    tag = next((word for word in words if word.group() in _TAGS), None)
    if tag is not None:
        text = f"`{c_type[tag.start() :].rstrip(' *')}` is declared nowhere"
        return [TypeProblem(text, start + tag.start(), len(tag.group()), "handles are `void *`, enums `int32_t`")]
    unknown = [word for word in words if word.group() not in _NAMED | _PARTS]
    names = [word.group() for word in words]
    if not unknown and names not in [[name] for name in _NAMED] and tuple(sorted(names)) not in _COMBINED:
        return [TypeProblem(f"`{c_type}` is no C type", start, len(c_type), "")]
    return [_unknown(word.group(), start + word.start()) for word in unknown]


def _unknown(name: str, offset: int) -> TypeProblem:
    return TypeProblem(f"unknown C type `{name}`", offset, len(name), did_you_mean(name, _NAMED | _PARTS))


_FLOATING = frozenset(["float", "double"])


def words_of(c_type: str) -> list[str]:
    """`["unsigned", "int"]` of `const unsigned int *`."""
    return [word for word in _WORD.findall(c_type) if word not in _QUALIFIERS]


def is_floating(c_type: str) -> bool:
    return "*" not in c_type and any(word in _FLOATING for word in words_of(c_type))


def is_integer(c_type: str) -> bool:
    return "*" not in c_type and not is_floating(c_type) and not is_void(c_type)


def is_unsigned(c_type: str) -> bool:
    return is_integer(c_type) and any(word.startswith(("u", "size_t", "bool", "_Bool")) for word in words_of(c_type))


def takes_any_int64(c_type: str) -> bool:
    """Whether every `int64_t` is a value of that type."""
    return is_floating(c_type) or words_of(c_type) in (["int64_t"], ["long", "long"], ["intmax_t"])


def target_of(pointer: str) -> str:
    """`size_t` for `size_t *`; "" for what nothing can be written to through it."""
    target = pointer.removesuffix("*").rstrip()
    return "" if target == pointer or (target.startswith("const ") and not target.endswith("*")) else target


def is_void(c_type: str) -> bool:
    """`void` itself, and no pointer."""
    return "*" not in c_type and [word for word in c_type.split() if word not in _QUALIFIERS] == ["void"]
