"""What we know of CUDA's runtime against its own headers and library: prototypes, numbers, exported functions.

The headers come with the `nvidia` wheels that hold the library itself; nothing of CUDA is run.
"""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from verification import specs
from verification.clang import Header, Unavailable, parse
from verification.elf import SharedObject
from verification.prototypes import compare, declared_here

MAJORS = (12, 13)
NATIVE = specs.ROOT / "native" / "cuda"
STUBS = Path(__file__).resolve().parent / "stubs"

_PLACES = {12: "cuda_runtime", 13: "cu13"}  # folders below `nvidia`
_PACKAGES = {12: "nvidia-cuda-runtime-cu12", 13: "nvidia-cuda-runtime"}
_NUMBER = re.compile(r"(\d+)[,;]?\s*/\*\s*(cuda\w+)\s*\*/")  # `700, /* cudaErrorIllegalAddress */`
_PROBE = "check_"

# Without that macro some functions go by names with a version in them, of which the library has the plain ones too.
_HEADER = """\
#define __CUDA_API_VERSION_INTERNAL
#include <cuda_runtime_api.h>
"""


@dataclass(frozen=True)
class Cudart:
    """One version of CUDA's runtime."""

    version: str  # "12.9"
    folder: Path  # .../site-packages/nvidia/cuda_runtime

    @property
    def headers(self) -> Path:
        return self.folder / "include"

    @property
    def library(self) -> Path:
        return self.folder / "lib" / f"libcudart.so.{self.version.partition('.')[0]}"


def installed(major: int) -> Cudart:
    """The runtime of that version of CUDA, found without loading anything."""
    spec = importlib.util.find_spec("nvidia")
    for place in (spec.submodule_search_locations or ()) if spec is not None else ():
        folder = Path(place) / _PLACES[major]
        header = folder / "include" / "cuda_runtime_api.h"
        if header.is_file():
            return Cudart(version_of(header), folder)
    raise Unavailable(f"the headers of CUDA {major} are not installed: `pip install {_PACKAGES[major]}`")


def version_of(header: Path) -> str:
    """`#define CUDART_VERSION 12090` as "12.9"."""
    match = re.search(r"#define\s+CUDART_VERSION\s+(\d+)", header.read_text(encoding="utf-8", errors="replace"))
    number = int(match[1]) if match else 0
    return f"{number // 1000}.{number % 1000 // 10}"


def check(cudart: Cudart, ours: Mapping[str, str] | None = None, numbers: Mapping[str, int] | None = None) -> list[str]:
    """Problems; none when every prototype and number is as the headers have it, and every function is exported."""
    ours = specs.prototypes(specs.CUDA_SPECS) if ours is None else ours
    numbers = used_numbers() if numbers is None else numbers
    theirs = {function.name: function for function in _parsed(cudart).functions}
    problems = []
    for name, declared in declared_here(ours).items():
        if name not in theirs:
            problems.append(f"CUDA {cudart.version}: `{name}` is in no header")
        else:
            problems += compare(f"CUDA {cudart.version}", declared, theirs[name])
    exported = SharedObject(cudart.library).exported
    problems += [f"{cudart.library.name}: `{name}` is not exported" for name in ours if name not in exported]
    return problems + _wrong_numbers(cudart, numbers)


def _parsed(cudart: Cudart, more: str = "") -> Header:
    folders = [STUBS, cudart.headers]
    return parse(_HEADER + more, language="c", standard="c11", folders=folders, name="cuda.c")


def used_numbers(native: Path = NATIVE, folder: Path = specs.CUDA_SPECS) -> dict[str, int]:
    """CUDA's own numbers that we use: those that C files name in a comment, and the attributes of devices."""
    found: dict[str, int] = {}
    for path in sorted(native.glob("*.[ch]")):
        found |= {name: int(number) for number, name in _NUMBER.findall(path.read_text(encoding="utf-8"))}
    attributes: dict[str, Any] = specs.read_toml(folder / "library.toml")["enum"]["attribute"]
    found |= {attribute_name(name): value["value"] for name, value in attributes.items() if name != "doc"}
    return found


def attribute_name(name: str) -> str:
    """`max_block_dim_x` as CUDA calls it: `cudaDevAttrMaxBlockDimX`."""
    return "cudaDevAttr" + "".join(word.capitalize() for word in name.split("_"))


def _wrong_numbers(cudart: Cudart, numbers: Mapping[str, int]) -> list[str]:
    """Enumerators and macros alike, as the values of enums of our own."""
    probes = "".join(f"enum {{ {_PROBE}{name} = {name} }};\n" for name in numbers)
    header = _parsed(cudart, probes)
    values = {constant.name: constant.value for constant in header.constants}
    return [
        f"CUDA {cudart.version}: `{name}` is {values[_PROBE + name]}, we have {number}"
        for name, number in numbers.items()
        if values[_PROBE + name] != number
    ]
