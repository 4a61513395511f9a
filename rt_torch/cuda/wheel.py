"""The libcudart that Python packages bring along: found by looking, without loading or importing anything.

The `nvidia` wheels have it in `nvidia/cuda_runtime/lib` (CUDA 12) and `nvidia/cu13/lib` (CUDA 13); some builds of torch
have one of their own beside libtorch.
"""

from __future__ import annotations

import importlib.util
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from rt_torch import libtorch

_FOLDERS = ("cuda_runtime/lib", "cu*/lib")  # below `nvidia`
_NAME = re.compile(r"libcudart(?:-[0-9a-f]+)?\.so\.(\d+)(?:\.\d+)*")
_CUDA_OF_TORCH = re.compile(r"""^cuda\s*(?::[^=]*)?=\s*['"](\d+)""", re.MULTILINE)


@dataclass(frozen=True)
class Wheel:
    """One libcudart."""

    major: int  # 12: the version of CUDA that it is of
    library: str  # ".../nvidia/cuda_runtime/lib/libcudart.so.12"


def installed() -> list[Wheel]:
    """What there is, the oldest version of CUDA first: an older one goes with any newer driver."""
    found = {wheel.library: wheel for folder in _folders() for wheel in _in(folder)}
    return sorted(found.values(), key=lambda wheel: wheel.major)


def preferred() -> Wheel | None:
    """The one that the installed torch is built for, and the oldest where it is built for none."""
    wheels = installed()
    wanted = _cuda_of_torch()
    return next((wheel for wheel in wheels if wheel.major == wanted), wheels[0] if wheels else None)


def _folders() -> Iterator[Path]:
    torch = libtorch.installed()
    if torch is not None:
        yield Path(torch.library).parent
    for place in _places_of("nvidia"):
        for pattern in _FOLDERS:
            yield from sorted(place.glob(pattern))
    yield Path(sys.prefix) / "lib"  # where conda puts it


def _places_of(package: str) -> Iterable[Path]:
    try:
        spec = importlib.util.find_spec(package)
    except (ImportError, ValueError):
        return []
    return [Path(place) for place in spec.submodule_search_locations or ()] if spec is not None else []


def _in(folder: Path) -> Iterator[Wheel]:
    for path in sorted(folder.glob("libcudart*.so.*")) if folder.is_dir() else ():
        match = _NAME.fullmatch(path.name)
        if match is not None:
            yield Wheel(int(match[1]), str(path))


def _cuda_of_torch() -> int | None:
    """The version of CUDA that torch/version.py tells; None for a torch without CUDA, and without torch."""
    torch = libtorch.installed()
    if torch is None:
        return None
    try:
        text = (Path(torch.library).parent.parent / "version.py").read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None
    match = _CUDA_OF_TORCH.search(text)
    return int(match[1]) if match is not None else None
