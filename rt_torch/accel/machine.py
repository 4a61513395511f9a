"""What a profile's measurements depend on."""

from __future__ import annotations

import os
import sys
from typing import NamedTuple

from rt_torch.accel import availability

__all__ = ["Machine", "this_machine"]


class Machine(NamedTuple):
    cpu: str  # "AMD EPYC 7B13"
    python: str  # "CPython 3.11"
    torch: str  # "2.13.0+cpu"; "" when it cannot be told, which fits all
    threads: int  # that libtorch computes with
    package: str  # "0.1.0": this package's version

    def differences(self, here: Machine) -> list[str]:
        """What differs on the machine `here`: "torch 2.12.0 (here 2.13.0)"."""
        named = {"cpu": "CPU", "python": "Python", "torch": "torch", "threads": "threads", "package": "rt-torch"}
        return [
            f"{label} {getattr(self, field)} (here {getattr(here, field)})"
            for field, label in named.items()
            if getattr(self, field) != getattr(here, field) and (field != "torch" or "" not in (self.torch, here.torch))
        ]


def this_machine() -> Machine:
    import platform

    from rt_torch import __version__

    python = f"{platform.python_implementation()} {sys.version_info[0]}.{sys.version_info[1]}"
    return Machine(_cpu(), python, availability.torch_version(), _threads(), __version__)


def _cpu() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf-8", errors="replace") as file:
            start = file.read(4096)  # of the first processor: the whole file takes long where there are many
    except OSError:
        start = ""
    for line in start.splitlines():
        label, _, value = line.partition(":")
        if label.strip() == "model name":
            return value.strip()
    import platform

    return platform.processor() or platform.machine()


def _threads() -> int:
    """How many libtorch starts with, told without loading it."""
    asked = os.environ.get("OMP_NUM_THREADS", "").split(",")[0].strip()
    if asked.isdecimal() and int(asked) > 0:
        return int(asked)
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
