"""Each test starts with the policy as after importing it, and leaves it so."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from rt_torch import accel
from rt_torch.accel import availability, log, mode, policy, profile


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    detect, version = availability._detect, availability._version
    kept = mode._mode
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "cache"))
    monkeypatch.delenv(mode.VARIABLE, raising=False)
    monkeypatch.setattr(profile, "_warned", set())
    monkeypatch.setattr(log, "_said", set())
    monkeypatch.setattr(policy, "_saved", 0.0)
    monkeypatch.setattr(policy, "_subscribers", [])
    accel.set_detection(None)
    _settle()
    mode._mode = None
    yield
    accel.set_detection(detect, version)
    _settle()
    mode._mode = kept


def _settle() -> None:
    accel.enable_logging(False)
    accel.reset_thresholds()
    accel.use_profile(None)
    accel.reset_stats()
    accel.set_ffi_available(None)
