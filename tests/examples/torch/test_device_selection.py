"""03_device_selection: the device that is asked for, or what to do to have it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Collection
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import rt_torch as rt
from rt_torch import libtorch
from tests.examples.torch.conftest import Run, once, output

NAME = "03_device_selection.py"

without_gpu = pytest.mark.skipif(rt.torch_ffi.torch_cuda_available(), reason="there is a GPU")


def products(device: str) -> str:
    return (
        f"\nzeros([100, 100]) @ ones([100, 100]): shape (100, 100), f32 on {device}\n"
        "the first element is 0, the sum 0\n"
        f"\nones([100, 100]) @ ones([100, 100]): shape (100, 100), f32 on {device}\n"
        "the first element is 100, the sum 1,000,000\n"
    )


def test_the_cpu() -> None:
    said = output(once(NAME, "--device", "cpu", "--mode", "pure"))
    assert said.endswith(f"\nasked for:    cpu, f32, torch\n{products('cpu')}")
    assert "\ndevices here: cpu" in said


@without_gpu
def test_the_second_gpu_is_the_default(place: Run) -> None:
    said = output(place(NAME))
    assert "\ndevices here: cpu\nasked for:    cuda:1, f32, torch\n\ncuda:1 cannot be had: " in said
    assert said.endswith(f"\ncpu takes its place.\n{products('cpu')}")


@without_gpu
def test_what_is_missing_is_told() -> None:
    said = output(once(NAME, RT_TORCH_LIBRARY="none"))
    assert '"cuda:1" needs the native tier, and there is none: RT_TORCH_LIBRARY=none: the C library is switched' in said


# With devices that need not be here.


@pytest.fixture
def selection(program: Callable[[str], ModuleType]) -> ModuleType:
    return program(NAME)


@pytest.mark.parametrize("text", ["tpu", "cuda:", "cuda:-1", "cuda:01", "cpu:1", ""])
def test_what_is_no_device(text: str, selection: ModuleType) -> None:
    assert [selection.device(known) for known in ("cpu", "gpu", "cuda:12")] == ["cpu", "cuda:0", "cuda:12"]
    with pytest.raises(argparse.ArgumentTypeError, match="unknown device"):
        selection.device(text)


def test_the_configuration_decides(
    selection: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "dl.config.sdn").write_text("device: cpu\ndtype: f64\nbackend: native\n", encoding="utf-8")
    monkeypatch.setattr(selection, "FOLDER", tmp_path)
    monkeypatch.setattr(sys, "argv", [NAME])
    with rt.acceleration("pure"):
        assert selection.main() == 0
    said = capsys.readouterr().out
    assert "asked for:    cpu, f64, native" in said
    assert "f64 on cpu" in said


def test_a_mistake_in_the_configuration(
    selection: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "dl.config.sdn").write_text("device: cuda1\n", encoding="utf-8")
    monkeypatch.setattr(selection, "FOLDER", tmp_path)
    monkeypatch.setattr(sys, "argv", [NAME])
    assert selection.main() == 1
    assert 'did you mean "cuda:1"?' in capsys.readouterr().err


def having(selection: ModuleType, monkeypatch: pytest.MonkeyPatch, devices: Collection[str]) -> None:
    """From here on these are all devices that there are."""
    problem = rt.Error("it is not there")
    monkeypatch.setattr(selection, "problem", lambda device: None if device in devices else problem)
    monkeypatch.setattr(rt.torch_ffi, "torch_cuda_available", lambda: len(devices) > 1)


def test_devices_are_counted(selection: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    for devices in (["cpu"], ["cpu", "cuda:0"], ["cpu", "cuda:0", "cuda:1", "cuda:2"]):
        having(selection, monkeypatch, devices)
        assert selection.devices() == devices


def test_a_device_that_is_there(
    selection: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    having(selection, monkeypatch, ["cpu", "cuda:0", "cuda:1"])
    assert selection.chosen("cuda:1", selection.devices()) == "cuda:1"
    assert capsys.readouterr().out == ""


def test_python_computes_on_the_cpu(
    selection: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is on a GPU is libtorch's, in every mode: the program would say that Python computes, and it would not."""
    having(selection, monkeypatch, ["cpu", "cuda:0", "cuda:1"])
    monkeypatch.setattr(sys, "argv", [NAME, "--mode", "pure"])
    with rt.acceleration("pure"):
        assert selection.main() == 0
    said = capsys.readouterr().out
    assert "\nOnly libtorch computes on cuda:1, and Python is to: cpu takes its place.\n" in said
    assert said.endswith(products("cpu"))


def test_another_gpu_is_better_than_none(
    selection: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    having(selection, monkeypatch, ["cpu", "cuda:0"])
    assert selection.chosen("cuda:1", selection.devices()) == "cuda:0"
    assert capsys.readouterr().out == (
        "\ncuda:1 cannot be had: it is not there.\n"
        "There are other GPUs: say --device cuda:0.\n"
        "cuda:0 takes its place.\n"
    )


@pytest.mark.parametrize(
    ("torch", "advice"),
    [
        (None, "Install PyTorch, in a build for CUDA"),
        ("2.13.0+cpu", "The installed torch 2.13.0+cpu has no CUDA"),
        ("2.13.0+cu128", "Install a GPU's driver, for the CUDA that torch 2.13.0+cu128 is built for"),
    ],
)
def test_advice(torch: Any, advice: str, selection: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    there = None if torch is None else libtorch.Installed(torch, "libtorch_cpu.so", imported=False)
    monkeypatch.setattr(libtorch, "installed", lambda: there)
    said = selection.advice(["cpu"])
    assert said.startswith(advice)
    assert "say --device cpu" in said
