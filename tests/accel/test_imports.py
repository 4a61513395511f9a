"""The policy stands on the standard library alone, and is quick to be there."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent

CODE = """
import sys
before = set(sys.modules)
import rt_torch.accel
rt_torch.accel.set_acceleration("auto")
rt_torch.accel.set_ffi_available(True)
rt_torch.accel.decide("add", "f64", 8, ("list", 8))
ours = {name for name in set(sys.modules) - before if name.startswith("rt_torch") and "accel" not in name}
others = {name.partition(".")[0] for name in set(sys.modules) - before} - set(sys.stdlib_module_names) - {"rt_torch"}
print(sorted(ours), sorted(others))
"""


def run(code: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != "RT_TORCH_ACCEL"}
    environment |= {"PYTHONPATH": str(ROOT)} | variables
    command = [sys.executable, "-W", "error", "-c", code]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)


def test_nothing_else_is_imported(tmp_path: Path) -> None:
    done = run(CODE, XDG_CACHE_HOME=str(tmp_path))
    assert (done.stdout, done.stderr) == ("['rt_torch'] []\n", "")


def test_a_bad_mode_in_the_environment_is_no_crash_at_import() -> None:
    done = run(
        "from rt_torch import accel\nprint('imported')\naccel.subscribe(print)\naccel.get_current_mode()",
        RT_TORCH_ACCEL="fast",
    )
    assert done.stdout.startswith("imported\n")
    assert "ValueError: RT_TORCH_ACCEL=fast: unknown acceleration mode 'fast'" in done.stderr


def test_all_is_there() -> None:
    from rt_torch import accel

    assert sorted(set(accel.__all__)) == sorted(accel.__all__)
    assert all(hasattr(accel, name) for name in accel.__all__)
