"""What the tests of data stand on: both tiers, and files written by hand."""

from __future__ import annotations

import gzip
import struct
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from tests.tensor.conftest import native, np, resident

__all__ = ["native", "np", "resident"]  # fixtures


def idx(kind: int, shape: Sequence[int], data: bytes) -> bytes:
    """An IDX file."""
    return bytes([0, 0, kind, len(shape)]) + struct.pack(f">{len(shape)}I", *shape) + data


@pytest.fixture
def written(tmp_path: Path) -> Callable[..., Path]:
    """Writes bytes to a file, gzipped where its name says so."""

    def write(name: str, data: bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
        return path

    return write
