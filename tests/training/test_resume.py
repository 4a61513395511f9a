"""A run that goes on in another process ends as one that was never interrupted, to the last bit."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import rt_torch as rt
from tests.training.run import EPOCHS, OPTIMIZERS

ROOT = Path(__file__).resolve().parent.parent.parent


def started(tier: str, how: str, folder: Path) -> subprocess.Popen[str]:
    path = os.pathsep.join([str(ROOT), str(ROOT / "generated" / "python")])
    return subprocess.Popen(
        [sys.executable, "-m", "tests.training.run", how, str(folder)],
        env={**os.environ, "PYTHONPATH": path, "RT_TORCH_ACCEL": tier},
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finished(process: subprocess.Popen[str]) -> Any:
    output, errors = process.communicate(timeout=200)
    assert (process.returncode, errors) == (0, "")
    return json.loads(output.splitlines()[-1])


def test_in_another_process(tier: str, tmp_path: Path) -> None:
    """With every optimizer, shuffling, dropout, running statistics, a schedule, validation and early stopping."""
    first = finished(started(tier, "first", tmp_path))
    assert {tuple(each["position"]) for each in first.values()} == {(3, 1)}
    whole = finished(started(tier, "whole", tmp_path))
    assert len(whole) == 2 * len(OPTIMIZERS)
    assert {tuple(each["position"]) for each in whole.values()} == {(EPOCHS, 0)}
    assert len({json.dumps(each["model"]) for each in whole.values()}) == len(whole)
    for how in ("within", "between"):
        found = finished(started(tier, how, tmp_path))
        different = [name for name in whole if found[name] != whole[name]]
        assert different == [], how


def test_killed_at_any_time(tmp_path: Path) -> None:
    """What is lost is what came after the last save, and it is made up for."""
    whole = tmp_path / "whole"
    whole.mkdir()
    expected = finished(started("pure", "killed", whole))
    folder = tmp_path / "killed"
    folder.mkdir()
    chance = random.Random(1)
    positions = []
    for _ in range(8):
        process = started("pure", "killed", folder)
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(chance.uniform(0.0, 0.03))
        process.kill()
        process.communicate()
        if (folder / "run").exists():
            with rt.safetensors.safe_open(folder / "run") as file:
                position = json.loads(file.metadata()["position"])
            positions.append((position["epoch"], position["batch"]))
    assert positions == sorted(positions) and positions
    assert finished(started("pure", "killed", folder)) == expected
    assert {path.name for path in folder.iterdir()} == {"run", "best"}
