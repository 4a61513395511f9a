"""abi.lock: every function and constant that was ever released, one per line; lines are only ever added.

    1 int64_t rt_torch_add(int64_t a, int64_t b)
    RT_TORCH_ERROR_OK = 0

The number is the ABI version that introduced the function.  What git has committed is what counts: a line of it must
stand in the lock as it is.  A line that no commit has yet, of the ABI version in the making, may still change.
"""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

from generator.abi import Abi

NAME = "abi.lock"

HEADER = (
    "# The released ABI: what stands here is never removed or changed, only added to, by `python -m generator gen`.\n"
)

REMEDY = (
    "a released function stays as it is: restore it, and give what is new a name of its own.\n"
    "(The lines of what is not committed yet, and is `since` the current ABI, are rewritten by `gen`.)"
)


@dataclass(frozen=True)
class Lock:
    lines: tuple[str, ...]  # of the file, without comments
    committed: tuple[str, ...] | None  # those of every commit; None where git cannot tell
    current: tuple[str, ...]  # what the specs declare now
    abi: int  # the library's current ABI version

    def broken(self) -> list[str]:
        """What is locked and the specs, or the lock itself, no longer have; each with what there is now."""
        problems = []
        for line in self.committed or ():
            if line not in self.lines:
                problems.append(f"{name_of(line)} was taken out of the lock, or changed in it\n  committed: {line}")
        now = {name_of(line): line for line in self.current}
        for line in self.lines:
            name = name_of(line)
            if now.get(name) == line or self._is_open(line):
                continue
            if name not in now:
                problems.append(f"{name} was removed\n  locked: {line}")
            else:
                problems.append(f"{name} was changed\n  locked: {line}\n  now:    {now[name]}")
        return problems

    def _is_open(self, line: str) -> bool:
        """Whether the line may still change: no commit has it, and it belongs to the ABI version in the making."""
        if self.committed is None or name_of(line) in map(name_of, self.committed):
            return False
        return line.startswith(f"{self.abi} ") or "(" not in line

    def stale(self) -> list[str]:
        """Lines that the lock has and that may go, as the specs no longer say so."""
        return [line for line in self.lines if line not in self.current and self._is_open(line)]

    def missing(self) -> list[str]:
        """Lines that the lock lacks."""
        known = {name_of(line) for line in self.lines if line not in self.stale()}
        return [line for line in self.current if name_of(line) not in known]


def lock_path(specs: Path) -> Path:
    return specs / NAME


def read_lock(specs: Path, abi: Abi) -> Lock:
    path = lock_path(specs)
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    return Lock(tuple(_lines(text)), _committed(specs), tuple(_current(abi)), abi.library.abi)


def rewritten(specs: Path, lock: Lock) -> str:
    """The lock's text without what is stale, and with what is new at its end."""
    path = lock_path(specs)
    before = path.read_text(encoding="utf-8") if path.exists() else HEADER
    kept = [line for line in before.splitlines() if line not in lock.stale()]
    return "".join(f"{line}\n" for line in (*kept, *lock.missing()))


def _lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def _current(abi: Abi) -> list[str]:
    constants = [constant for enum in abi.enums for constant in enum.constants]
    lines = [f"{constant.name} = {constant.value}" for constant in (*abi.constants[1:], *constants)]
    return lines + [f"{f.function.since} {f.prototype}" for f in abi.functions]


def name_of(line: str) -> str:
    """`rt_torch_add`, `RT_TORCH_ERROR_OK`."""
    words = line.partition("(")[0].partition(" =")[0].split()
    return words[-1].lstrip("*") if words else line


def _committed(specs: Path) -> tuple[str, ...] | None:
    """Every line that any commit has put into the lock, as far back as this clone knows; None where there is no git, or
    no commit with a lock.  A commit cannot take a line out unseen, nor remove the lock."""
    plain = ["--format=", "--patch", "--unified=0", "--no-color", "--no-ext-diff"]
    command = ["git", "-C", str(specs), "log", *plain, "--reverse", "--full-history", "-m", "--", NAME]
    try:
        done = subprocess.run(command, capture_output=True, check=False, stdin=subprocess.DEVNULL)
    except OSError:
        return None
    patch = done.stdout.decode("utf-8", "replace").splitlines()
    added = [line[1:] for line in patch if line.startswith("+") and not line.startswith("+++")]
    return tuple(dict.fromkeys(_lines("\n".join(added)))) or None
