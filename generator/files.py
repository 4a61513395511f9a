"""The folder of generated files: what is there, against what should be."""

from __future__ import annotations

import difflib
import os
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from generator.output import Output

IGNORED = "__pycache__"  # what running the Python files leaves behind
NOWHERE = "/dev/null"


@dataclass(frozen=True)
class Difference:
    path: str  # "c/rt_torch.h"
    kind: str  # "missing", "extra" or "differs"
    diff: str  # unified, against /dev/null for a file that is missing or extra


def compare(folder: Path, outputs: Sequence[Output]) -> list[Difference]:
    found = [difference for output in outputs if (difference := _compared(folder, output)) is not None]
    expected = {output.path for output in outputs}
    extra = [path for path in present(folder) if path not in expected]
    return found + [Difference(path, "extra", _diff(path, _there(folder / path), None)) for path in extra]


def _compared(folder: Path, output: Output) -> Difference | None:
    file = folder / output.path
    if file.is_symlink():
        return Difference(output.path, "differs", _there(file))
    if not file.is_file():
        return Difference(output.path, "missing", _diff(output.path, None, output.text))
    if file.read_bytes() == output.text.encode("utf-8"):
        return None
    return Difference(output.path, "differs", _diff(output.path, _there(file), output.text))


def present(folder: Path) -> list[str]:
    """Everything below the folder that is no folder, links included, without what running Python leaves behind."""
    found = []
    for parent, folders, files in os.walk(folder):
        links = [name for name in folders if os.path.islink(os.path.join(parent, name))]
        folders[:] = [name for name in folders if name != IGNORED and name not in links]
        found += [(Path(parent) / name).relative_to(folder).as_posix() for name in (*files, *links)]
    return sorted(found)


def _there(file: Path) -> str:
    """What is there, as a diff shows it."""
    if file.is_symlink():
        return f"(a symbolic link to {os.readlink(file)})\n"
    try:
        raw = file.read_bytes()
    except OSError as error:
        return f"({error.strerror})\n"
    return "(no text)\n" if b"\0" in raw else raw.decode("utf-8", "replace")


def _diff(path: str, there: str | None, rendered: str | None) -> str:
    lines = difflib.unified_diff(
        _lines(there),
        _lines(rendered),
        NOWHERE if there is None else f"{path} (there)",
        NOWHERE if rendered is None else f"{path} (rendered)",
        lineterm="\n",
    )
    return "".join(_visible(line) for line in lines)


def _lines(text: str | None) -> list[str]:
    """With their ends; unlike `splitlines` it takes a carriage return for a part of its line."""
    *lines, last = (text or "").split("\n")
    return [line + "\n" for line in lines] + ([last] if last else [])


def _visible(line: str) -> str:
    """Ends of lines that would not be seen."""
    shown = line.removesuffix("\n").replace("\r", "\\r")
    return f"{shown}\n" if line.endswith("\n") else f"{shown}\n\\ No newline at the end\n"


def write(folder: Path, outputs: Sequence[Output], differences: Iterable[Difference]) -> list[str]:
    """Write what is missing or differs, and nothing else; the paths that were written."""
    wanted = {difference.path for difference in differences if difference.kind != "extra"}
    written = []
    for output in outputs:
        if output.path in wanted:
            file = folder / output.path
            file.parent.mkdir(parents=True, exist_ok=True)
            replace_text(file, output.text)
            written.append(output.path)
    return written


def replace_text(file: Path, text: str) -> None:
    """The file has the old text or the new one, at any moment."""
    temporary = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        temporary.write_bytes(text.encode("utf-8"))
        if file.is_file():
            shutil.copymode(file, temporary)
        os.replace(temporary, file)
    finally:
        temporary.unlink(missing_ok=True)
