"""Where the generator's tests keep their specs."""

from __future__ import annotations

import shutil
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
BASE = HERE / "base"
BAD = HERE / "bad"
BAD_TOGETHER = HERE / "bad_together"
SECOND = HERE / "second_library"
STATUS = HERE / "status_library"


def specs_with(folder: Path, *extra: Path) -> Path:
    """A copy of the base specs with other files laid over it; a set with its own library stands alone."""
    specs = folder / "specs"
    specs.mkdir()
    sources = [*extra] if any((path / "library.toml").exists() for path in extra) else [BASE, *extra]
    for source in sources:
        for file in sorted(source.glob("*.toml")):
            shutil.copy(file, specs / file.name)
    return specs
