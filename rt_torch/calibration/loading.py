"""What loading libtorch costs, in a process of its own: in this one it may be loaded already."""

from __future__ import annotations

import os
import subprocess
import sys

from rt_torch.accel.profile import default_profile

__all__ = ["measured"]

CODE = """
import time
from rt_torch import native
start = time.perf_counter()
native.load()
x = native.ones([16], "f64", "cpu")
native.free(native.add(x, x))
print(time.perf_counter() - start)
"""


def measured() -> float:
    """Seconds from nothing to a first result; what the default profile says where it cannot be measured."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    try:
        done = subprocess.run(
            [sys.executable, "-c", CODE], env=environment, capture_output=True, text=True, check=True, timeout=60
        )
        return float(done.stdout)
    except (OSError, ValueError, subprocess.SubprocessError):
        return default_profile().loading_seconds
