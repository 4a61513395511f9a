"""Each test has a folder and a home of its own, and leaves the process as it was."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import rt_torch as rt
from rt_torch import _defaults, accel
from rt_torch.accel import change, mode
from rt_torch.autograd.mode import current


@pytest.fixture(autouse=True)
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    project = tmp_path / "project"
    project.mkdir()
    monkeypatch.chdir(project)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    monkeypatch.delenv(mode.VARIABLE, raising=False)
    monkeypatch.setattr(mode, "_mode", None)
    monkeypatch.setattr(_defaults, "_process", _defaults.Defaults())
    grad, numbers = current.get(), rt.pure.random_state()
    change.announce()
    yield
    monkeypatch.undo()
    current.set(grad)
    rt.pure.set_random_state(*numbers)
    accel.set_ffi_available(None)
    change.announce()


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str], None]:
    """Writes a file, named from the project's folder, or from the home with ~/ before it."""

    def write(name: str, text: str) -> None:
        path = tmp_path / "home" / name[2:] if name.startswith("~/") else tmp_path / "project" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    return write
