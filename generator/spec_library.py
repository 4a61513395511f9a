"""What the library declares, and functions refer to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from generator.diagnostics import Diagnostics, did_you_mean
from generator.model import Enumeration, Handle, Kind, Library, NativeTest, Prototype, Style, Text

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


def compare_libraries(libraries: Sequence[Library], diagnostics: Diagnostics) -> None:
    """What libraries that are rendered together must keep to."""
    for index, library in enumerate(libraries):
        for key, name in (("name", library.name), ("prefix", library.prefix)):
            twin = next((other for other in libraries[:index] if name in (other.name, other.prefix)), None)
            if twin is not None:
                first = twin.at[key].path
                diagnostics.error(
                    library.at[key], "E071", f"the {key} `{name}` is in {first} already", width=len(name) + 2
                )
        if library.beside:
            _compare_codes(library, {other.name: other for other in libraries if other is not library}, diagnostics)


def _compare_codes(library: Library, others: Mapping[str, Library], diagnostics: Diagnostics) -> None:
    """A thread has one error for both libraries, so its code means the same to both."""
    at, width = library.at["beside"], len(library.beside) + 2
    if library.beside not in others:
        hint = did_you_mean(library.beside, others)
        diagnostics.error(at, "E072", f"no library `{library.beside}` is rendered with this one", hint, width)
    elif _codes(library) != _codes(others[library.beside]):
        theirs = ", ".join(f"{name} = {value}" for name, value in _codes(others[library.beside]).items())
        text = f"[enum.error] is not that of `{library.beside}`"
        diagnostics.error(at, "E072", text, f"it has {theirs or 'none'}", width)


def _codes(library: Library) -> dict[str, int]:
    return {value.name: value.value for enum in library.enums if enum.name == "error" for value in enum.values}
