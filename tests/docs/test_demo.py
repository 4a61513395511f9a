"""The demo as a command among others."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def test_nothing_is_said_when_nobody_reads_on(libtorch: Path) -> None:
    """As in `examples/demo.py | head`."""
    paths = os.pathsep.join([str(ROOT), str(ROOT / "generated" / "python")])
    reader, writer = os.pipe()
    os.close(reader)
    with open(writer, "wb") as nowhere:
        ran = subprocess.run(
            [sys.executable, "examples/demo.py"],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": paths},
            stdout=nowhere,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert (ran.returncode, ran.stderr) == (1, b"")
