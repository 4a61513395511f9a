"""Keeping memory where it is: NumPy and torch would move what they resize, although others are looking at it."""

from __future__ import annotations

import contextlib
import sys
import weakref
from typing import Any


def pinned(source: Any) -> Any:
    """Make the owner of `source` refuse to be resized, for as long as what this returns is there, or for good."""
    numpy: Any = sys.modules.get("numpy")
    if numpy is not None and isinstance(source, numpy.ndarray):
        while isinstance(source.base, numpy.ndarray):
            source = source.base
        return weakref.ref(source)  # which NumPy looks for, even where refcheck=False
    torch: Any = sys.modules.get("torch")
    if torch is not None and isinstance(source, torch.Tensor) and source.device.type == "cpu":
        _pin_storage(torch, source)
    return None


def _pin_storage(torch: Any, tensor: Any) -> None:
    with contextlib.suppress(RuntimeError, NotImplementedError):  # there is no NumPy, or the tensor has no storage
        torch.empty(0, dtype=torch.uint8).set_(tensor.untyped_storage()).numpy()  # torch marks what NumPy has seen
