"""The folder of generated files: what is there, against what should be."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from generator.output import Output

IGNORED = ("__pycache__", ".mypy_cache", ".ruff_cache")
IGNORED_ENDINGS = (".pyc", ".so", ".o")  # what running and compiling leave behind


@dataclass(frozen=True)
class Difference:
    path: str  # "c/rt_torch.h"
    kind: str  # "missing", "extra" or "differs"
    diff: str  # unified; "" unless it differs


def compare(folder: Path, outputs: Sequence[Output]) -> list[Difference]:
    found = []
    for output in outputs:
        file = folder / output.path
        if not file.is_file():
            found.append(Difference(output.path, "missing", ""))
            continue
        raw = file.read_bytes()
        if raw != output.text.encode("utf-8"):
            found.append(Difference(output.path, "differs", _diff(output, raw.decode("utf-8", "replace"))))
    expected = {output.path for output in outputs}
    return found + [Difference(path, "extra", "") for path in present(folder) if path not in expected]


def present(folder: Path) -> list[str]:
    """Every file below the folder, without what running and compiling leave behind."""
    files = (file for file in sorted(folder.rglob("*")) if file.is_file())
    paths = (file.relative_to(folder) for file in files if not file.name.endswith(IGNORED_ENDINGS))
    return [path.as_posix() for path in paths if not set(path.parts) & set(IGNORED)]


def _diff(output: Output, there: str) -> str:
    lines = difflib.unified_diff(
        there.splitlines(), output.text.splitlines(), f"{output.path} (there)", f"{output.path} (rendered)", lineterm=""
    )
    return "".join(f"{line}\n" for line in lines)


def write(folder: Path, outputs: Sequence[Output], differences: Sequence[Difference]) -> list[str]:
    """Write what is missing or differs, and nothing else; the paths that were written."""
    wanted = {difference.path for difference in differences if difference.kind != "extra"}
    written = []
    for output in outputs:
        if output.path in wanted:
            file = folder / output.path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(output.text.encode("utf-8"))
            written.append(output.path)
    return written
