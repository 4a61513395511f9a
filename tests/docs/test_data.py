"""What the pages on data and checkpoints show is run, each in one session, and prints what it says."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.mark.parametrize("page", ["data.md", "checkpoints.md"])
def test_the_page(page: str, tmp_path: Path) -> None:
    blocks = re.findall(r"```(\w+)\n(.*?)```", (ROOT / "docs" / page).read_text(encoding="utf-8"), re.DOTALL)
    code = "\n".join(code for kind, code in blocks if kind == "python")
    output = "".join(text for kind, text in blocks if kind == "text")
    paths = os.pathsep.join([str(ROOT), str(ROOT / "generated" / "python")])
    ran = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        cwd=tmp_path,
        env={"PYTHONPATH": paths},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.stdout, ran.stderr) == (output, "")
