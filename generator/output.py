"""A rendered file."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Output:
    path: str  # "c/rt_torch.h", relative to the folder of generated files, always with "/"
    text: str
