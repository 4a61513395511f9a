"""All programs say which tier computes, and what to do where libtorch is missing."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from types import ModuleType

import pytest

import rt_torch as rt
from rt_torch import libtorch
from tests.examples.torch.conftest import PROGRAMS, once, output
from tests.tensor.conftest import native_problem

PURE = [("2 by 2", "in Python", 2.0), ("64 by 64", "in Python", 64.0)]
INSTALL = "Install PyTorch to run this example on libtorch: pip install torch."


def products(said: str) -> list[tuple[str, str, float]]:
    """Of what size they are, where, and of which elements."""
    found = re.findall(r"^a product of (.*) ones is (.*) now; its elements are (\d+)$", said, re.MULTILINE)
    return [(size, place, float(element)) for size, place, element in found]


def test_the_folder() -> None:
    assert PROGRAMS == [
        "01_tensor_creation.py",
        "02_tensor_operations.py",
        "03_device_selection.py",
        "mnist_classifier.py",
        "tier.py",
        "torch_demo_fallback.py",
        "xor_pytorch.py",
    ]


@pytest.mark.parametrize("name", PROGRAMS)
def test_options(
    name: str,
    program: Callable[[str], ModuleType],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    module = program(name)
    for arguments, status in ((["--help"], 0), (["--mode", "quick"], 2)):
        monkeypatch.setattr("sys.argv", [name, *arguments])
        with pytest.raises(SystemExit) as caught:
            module.main()
        assert caught.value.code == status
    said = capsys.readouterr()
    assert said.out.startswith(f"usage: {name}")
    assert "native: libtorch where it is there; pure: Python alone; auto:" in " ".join(said.out.split())
    assert "argument --mode: invalid choice: 'quick'" in said.err


@pytest.mark.skipif(bool(native_problem()), reason=f"no native tier: {native_problem()}")
def test_auto() -> None:
    said = output(once("tier.py", "--mode", "auto")).splitlines()
    assert said[0] == "Each call is computed by libtorch or in Python, whichever is predicted to be done sooner."
    assert said[2] == "a product of 2 by 2 ones is in Python now; its elements are 2"
    assert re.fullmatch(r"  pure: predicted \S+ us against \S+ us", said[3])


def test_pure() -> None:
    said = output(once("tier.py", "--mode", "pure"))
    assert said.startswith("Pure Python computes.\n")
    assert products(said) == PURE


@pytest.mark.skipif(bool(native_problem()), reason=f"no native tier: {native_problem()}")
def test_native_is_the_default() -> None:
    there = libtorch.installed()
    assert there is not None
    said = output(once("tier.py"))
    assert said.startswith(f"libtorch {there.version.partition('+')[0]} computes.\n")
    assert products(said) == [(size, "in libtorch", element) for size, _, element in PURE]


@pytest.mark.parametrize("mode", ["native", "auto"])
def test_without_the_library(mode: str) -> None:
    text = output(once("tier.py", "--mode", mode, RT_TORCH_LIBRARY="none"))
    said = text.splitlines()
    assert said[0] == "There is no libtorch here: RT_TORCH_LIBRARY=none: the C library is switched off."
    assert (INSTALL in said) == (libtorch.installed() is None)
    assert "Unset RT_TORCH_LIBRARY to use the C library." in said
    assert "Pure Python computes in its place." in said
    assert products(text) == PURE


@pytest.mark.parametrize("mode", ["native", "auto"])
def test_without_torch(mode: str) -> None:
    said = output(once("tier.py", "--mode", mode, without_packages=True)).splitlines()
    assert said[0].startswith("There is no libtorch here: ")
    assert INSTALL in said
    assert "Pure Python computes in its place." in said


def test_a_libtorch_that_is_not_there() -> None:
    """Whoever names one is told about that one, and nothing of installing another."""
    if "C library" in native_problem():
        pytest.skip(native_problem())
    said = output(once("tier.py", RT_TORCH_LIBTORCH="/no/such/folder")).splitlines()
    assert said[0].startswith("There is no libtorch here: ")
    assert "/no/such/folder" in said[0]
    assert INSTALL not in said
    assert "Pure Python computes in its place." in said


@pytest.mark.parametrize("text", ["0", "-1", "1.5", "", "ten", "²"])
def test_counts(text: str, program: Callable[[str], ModuleType]) -> None:
    count = program("tier.py").count
    assert (count("1"), count("500")) == (1, 500)
    with pytest.raises(argparse.ArgumentTypeError, match="is no number from 1 on"):
        count(text)


@pytest.mark.parametrize("text", ["", "x", "1.0", str(1 << 64), str(-(1 << 63) - 1)])
def test_seeds(text: str, program: Callable[[str], ModuleType]) -> None:
    seed = program("tier.py").seed
    for known in (0, 42, -(1 << 63), (1 << 64) - 1):
        assert seed(str(known)) == known
        rt.manual_seed(seed(str(known)))
    with pytest.raises(argparse.ArgumentTypeError, match="is no integer of 64 bits"):
        seed(text)
