"""The tests of this folder on a stand-in for a machine with two GPUs, where there is no real one.

The stand-in computes with the real libtorch, on the CPU, and keeps the devices apart as GPUs would: see stand_in/.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.gpu.building import built
from tests.gpu.conftest import problem

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent

pytestmark = pytest.mark.skipif(os.environ.get("RT_TORCH_LIBRARY") == "none", reason="this run is without the library")

# Why a test is left out on the stand-in; anything else is none.
KNOWN = {"it is about the CPU", "torch itself sees no GPU"}


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    paths = os.pathsep.join([str(ROOT), str(ROOT / "generated" / "python")])
    return {**os.environ, **built(tmp_path_factory.mktemp("stand_in")), "PYTHONPATH": paths}


def test_all_tests_pass_on_it(environment: dict[str, str]) -> None:
    if not problem():
        pytest.skip("there is a GPU, where they run themselves")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-m", "gpu", str(HERE)]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=280)
    assert done.returncode == 0, done.stdout + done.stderr
    skipped = re.findall(r"^SKIPPED \[\d+\] [^ ]+ (.*)$", done.stdout, re.MULTILINE)
    assert {*skipped} <= KNOWN
    passed = re.search(r"(\d+) passed", done.stdout)
    assert passed is not None
    assert int(passed[1]) > 400


def test_whoever_reads_a_gpu_s_memory_from_the_cpu_crashes_there(environment: dict[str, str]) -> None:
    """So that no test passes on it which would not on a GPU."""
    code = (
        "import ctypes\n"
        "import rt_torch as rt\n"
        "x = rt.ones([4], device='cuda')\n"
        "address = rt.native.data_ptr(x._handle)\n"
        "print('reading', flush=True)\n"
        "print(ctypes.c_double.from_address(address).value)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    assert done.stdout == "reading\n"
    assert done.returncode < 0
