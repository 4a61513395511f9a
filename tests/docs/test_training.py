"""What the page on training shows is run, in one session, and prints what it says; pictures where matplotlib is."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", (ROOT / "docs" / "training.md").read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.parametrize("mode", ["pure", "auto"])
def test_the_page(mode: str, tmp_path: Path) -> None:
    there = importlib.util.find_spec("matplotlib") is not None
    kinds = ("python", "py") if there else ("python",)
    code = "\n".join(code for kind, code in BLOCKS if kind in kinds)
    output = "".join(text for kind, text in BLOCKS if kind == "text")
    paths = os.pathsep.join([str(ROOT), str(ROOT / "generated" / "python")])
    ran = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        cwd=tmp_path,
        env={"PYTHONPATH": paths, "RT_TORCH_ACCEL": mode, "MPLCONFIGDIR": str(tmp_path / "fonts")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.stdout, ran.stderr) == (output, "")
    assert (tmp_path / "curves.png").exists() == (tmp_path / "weights.png").exists() == there
