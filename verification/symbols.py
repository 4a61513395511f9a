"""What the built library exports and needs, against the specs."""

from __future__ import annotations

from pathlib import Path

from verification import specs
from verification.elf import ElfError as ElfError
from verification.elf import SharedObject

LIBRARY = specs.ROOT / "build" / "librt_torch.so"
MAY_NEED = {"libc.so.6", "libm.so.6", "libdl.so.2", "libpthread.so.0"}
MAY_NEED |= {"ld-linux-aarch64.so.1"}  # which holds what gcc's stack protector compares with
SIZE_LIMIT = 400_000


def check(
    path: Path = LIBRARY,
    *,
    declared: set[str] | None = None,
    may_need: set[str] = MAY_NEED,
    size_limit: int = SIZE_LIMIT,
) -> list[str]:
    """Problems; none when the exported symbols are exactly the declared functions."""
    declared = set(specs.functions()) if declared is None else declared
    library = SharedObject(path)
    exported = library.exported
    needed = set(library.needed)
    absent, extra = sorted(declared - exported), sorted(exported - declared)
    problems = [f"{path.name} does not export `{name}`, which the specs declare" for name in absent]
    problems += [f"{path.name} exports `{name}`, which no spec declares" for name in extra]
    problems += [f"{path.name} needs {name}: only the C library may be needed" for name in sorted(needed - may_need)]
    size = path.stat().st_size
    if size > size_limit:
        problems.append(f"{path.name} has {size} bytes, more than {size_limit}")
    return problems
