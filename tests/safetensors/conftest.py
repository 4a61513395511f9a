"""What the tests of files of tensors stand on."""

from __future__ import annotations

import json
from typing import Any

import pytest

import rt_torch as rt
from tests.tensor.conftest import native, no_handle_left, np, resident, torch

__all__ = ["native", "no_handle_left", "np", "resident", "torch"]  # fixtures


def file_of(header: Any, data: bytes = b"", length: int | None = None) -> bytes:
    """A file with this header, as JSON or as it is, whatever it says."""
    text = header if isinstance(header, bytes) else json.dumps(header, ensure_ascii=False).encode()
    return (len(text) if length is None else length).to_bytes(8, "little") + text + data


@pytest.fixture
def tensors() -> dict[str, rt.Tensor]:
    """One of each dtype that both tiers have, and some unusual shapes."""
    return {
        "weight": rt.tensor([[1.5, -0.0], [float("inf"), 5e-324]]),
        "single": rt.tensor([0.5, 2.0**-149, -3.0], dtype="f32"),
        "count": rt.tensor([-(1 << 63), (1 << 63) - 1, 0]),
        "mask": rt.tensor([True, False, True]),
        "number": rt.tensor(7.25),
        "empty": rt.zeros([0, 3]),
        "layers.0.größe\n": rt.tensor([[[1]]]),
    }


def contents(tensors: dict[str, rt.Tensor]) -> dict[str, tuple[str, tuple[int, ...], str]]:
    """What can be compared of tensors; the text tells -0.0 from 0.0."""
    return {name: (tensor.dtype, tensor.shape, str(tensor.tolist())) for name, tensor in tensors.items()}
