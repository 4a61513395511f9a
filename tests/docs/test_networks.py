"""What the page on networks shows is run, in one session, and prints what it says."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", (ROOT / "docs" / "networks.md").read_text(encoding="utf-8"), re.DOTALL)


def test_the_page() -> None:
    code = "\n".join(code for kind, code in BLOCKS if kind == "python")
    output = "".join(text for kind, text in BLOCKS if kind == "text")
    paths = os.pathsep.join([str(ROOT), str(ROOT / "generated" / "python")])
    ran = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        env={"PYTHONPATH": paths},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.stdout, ran.stderr) == (output, "")
