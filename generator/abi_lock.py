"""abi.lock: every function and constant that was ever released, one per line; lines are only ever added.

    1 int64_t rt_torch_add(int64_t a, int64_t b)
    RT_TORCH_ERROR_OK = 0

The number is the ABI version that introduced the function.
"""

from __future__ import annotations

from pathlib import Path

from generator.abi import Abi

HEADER = (
    "# The released ABI: what stands here is never removed or changed, only added to, by `python -m generator gen`.\n"
)

REMEDY = (
    "a released function stays as it is: restore it, and give what is new a name of its own.\n"
    "(What no release has ever contained may be taken out of the lock by hand.)"
)


def lock_path(specs: Path) -> Path:
    return specs / "abi.lock"


def locked(path: Path) -> list[str]:
    """The lines of the lock, without comments; empty when there is no lock yet."""
    if not path.exists():
        return []
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def current(abi: Abi) -> list[str]:
    constants = [constant for enum in abi.enums for constant in enum.constants]
    lines = [f"{constant.name} = {constant.value}" for constant in (*abi.constants[1:], *constants)]
    return lines + [f"{f.function.since} {f.prototype}" for f in abi.functions]


def name_of(line: str) -> str:
    """`rt_torch_add`, `RT_TORCH_ERROR_OK`."""
    return line.partition("(")[0].partition(" =")[0].split()[-1].lstrip("*")


def broken(path: Path, abi: Abi) -> list[str]:
    """What the lock holds and the specs no longer declare; each with what there is now."""
    now = {name_of(line): line for line in current(abi)}
    problems = []
    for line in locked(path):
        name = name_of(line)
        if name not in now:
            problems.append(f"{name} was removed\n  locked: {line}")
        elif now[name] != line:
            problems.append(f"{name} was changed\n  locked: {line}\n  now:    {now[name]}")
    return problems


def missing(path: Path, abi: Abi) -> list[str]:
    """Lines that the lock lacks."""
    known = {name_of(line) for line in locked(path)}
    return [line for line in current(abi) if name_of(line) not in known]


def extended(path: Path, abi: Abi) -> str:
    """The lock's text with what is new at its end."""
    before = path.read_text(encoding="utf-8") if path.exists() else HEADER
    if not before.endswith("\n"):
        before += "\n"
    return before + "".join(f"{line}\n" for line in missing(path, abi))
