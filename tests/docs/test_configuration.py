"""What the page on configuration shows is run, in one session, and prints what it says."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from rt_torch import doctor

ROOT = Path(__file__).resolve().parent.parent.parent
PAGE = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
ENVIRONMENT = {"PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "generated" / "python")])}


def run(folder: Path, *arguments: str) -> tuple[str, str]:
    """What is printed in a folder that is the home too, as no other configuration is to be found there."""
    command = [sys.executable, "-W", "error", *arguments]
    environment = ENVIRONMENT | {"HOME": str(folder)}
    ran = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    return ran.stdout, ran.stderr


def test_the_page(tmp_path: Path) -> None:
    blocks = re.findall(r"```(\w+)\n(.*?)```", PAGE, re.DOTALL)
    code = "\n".join(code for kind, code in blocks if kind == "python")
    output = "".join(text for kind, text in blocks if kind == "text")
    assert run(tmp_path, "-c", code) == (output, "")


def test_the_presets_are_as_in_the_table(tmp_path: Path) -> None:
    rows = re.findall(r"^\| `(config_\w+)\(\)` \| `(\S+)` \| (\w+) \| (\w+) \| (\w+) \| (\w+) \|$", PAGE, re.MULTILINE)
    code = (
        "from rt_torch import config\n"
        "for name in sorted(name for name in config.__all__ if name.startswith('config_')):\n"
        "    c = getattr(config, name)()\n"
        "    print(name, c.device, c.dtype, c.backend, str(c.autograd).lower(), str(c.amp).lower())\n"
    )
    assert run(tmp_path, "-c", code) == ("".join(f"{' '.join(row)}\n" for row in sorted(rows)), "")


def test_the_shell_commands_work(tmp_path: Path) -> None:
    (tmp_path / "dl.config.sdn").write_text("device: cpu  # here\nseed: 1\n")
    (block,) = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
    command = block.replace("python -m", f"{sys.executable} -m")
    ran = subprocess.run(
        ["sh", "-ec", command], cwd=tmp_path, env=ENVIRONMENT, capture_output=True, text=True, check=False
    )
    assert ran.stderr == ""
    assert ran.stdout == "cpu\ndevice: cuda:1\nseed: 1\ndevice: cuda:1  # here\nseed: 1\n"


def test_every_environment_variable_is_in_the_table() -> None:
    rows = re.findall(r"^\| `(RT_[A-Z_]+)` \|", PAGE, re.MULTILINE)
    sources = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "rt_torch").rglob("*.py"))]
    named = set(re.findall(r"""["'](RT_(?:TORCH|CUDA)_[A-Z]+)["']""", "".join(sources)))
    assert len(rows) == len(set(rows)) and set(rows) == set(doctor.VARIABLES) == named
