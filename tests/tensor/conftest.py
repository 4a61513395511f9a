"""What the tests of the tensor stand on: the two tiers, and the libraries that it exchanges memory with."""

from __future__ import annotations

import functools
import gc
import importlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import rt_torch as rt
from rt_torch import accel
from rt_torch.accel import change, log, mode, policy

ROOT = Path(__file__).resolve().parent.parent.parent


@functools.cache
def native_problem() -> str:
    """Why there is no native tier; "" where there is one."""
    try:
        rt.zeros([1]).to_native()
    except rt.Error as error:
        return str(error)
    return ""


@pytest.fixture
def native() -> None:
    """Skips where there is no native tier."""
    if native_problem():
        pytest.skip(f"no native tier: {native_problem()}")


@pytest.fixture
def problem(native: None) -> str:
    """Why this libtorch has no GPU."""
    found = rt.native.cuda_problem()
    if not found:
        pytest.skip("there is a GPU")
    return found


@pytest.fixture(params=["pure", "native"])
def resident(request: pytest.FixtureRequest) -> Callable[[rt.Tensor], rt.Tensor]:
    """Makes a tensor resident in one of the tiers."""
    if request.param == "pure":
        return lambda tensor: tensor
    if native_problem():
        pytest.skip(f"no native tier: {native_problem()}")
    return lambda tensor: tensor.to_native()


@pytest.fixture
def np() -> Any:
    return pytest.importorskip("numpy")


@pytest.fixture
def torch() -> Any:
    return pytest.importorskip("torch")


@pytest.fixture(params=["numpy", "torch", "callback"])
def exporter(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Who makes the DLPack capsules of what is Python's memory, the others being out of sight."""
    name: str = request.param
    if name != "callback":
        pytest.importorskip(name)
    for other in {"numpy", "torch"} - {name}:
        monkeypatch.setitem(sys.modules, other, None)
    return name


@pytest.fixture
def quick_collections() -> Iterator[None]:
    """Collections that look only at what the test makes."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.fixture
def copies() -> Callable[[], int]:
    """How many copies were counted since the test began."""
    before = rt.get_transfers().copies
    return lambda: rt.get_transfers().copies - before


@pytest.fixture
def no_handle_left() -> Iterator[None]:
    """A test leaves no native tensor behind."""
    if native_problem():
        yield
        return
    live_handles = importlib.import_module("rt_torch_bindings.functions").live_handles
    before = live_handles()
    yield
    if live_handles() > before:
        gc.collect()
    assert live_handles() <= before


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A test starts with the policy as after importing it, and leaves it so."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(ROOT / "no" / "such" / "folder"))
    monkeypatch.delenv(mode.VARIABLE, raising=False)
    monkeypatch.setattr(mode, "_mode", None)
    monkeypatch.setattr(log, "_said", set())
    monkeypatch.setattr(policy, "_saved", 0.0)
    _settle()
    yield
    _settle()
    accel.use_profile(None)
    monkeypatch.undo()
    change.announce()


def _settle() -> None:
    accel.enable_logging(False)
    accel.reset_thresholds()
    accel.use_profile("default")
    accel.set_ffi_available(None)
    accel.reset_stats()
