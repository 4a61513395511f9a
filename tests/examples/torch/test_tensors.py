"""01_tensor_creation and 02_tensor_operations: what they print is so."""

from __future__ import annotations

import math
import re

import pytest

import rt_torch as rt
from tests.examples.torch.conftest import Run, once, output
from tests.tensor.conftest import native_problem


def blocks(said: str) -> dict[str, str]:
    """The printed tensors, by what stands above them up to its colon."""
    found = re.findall(r"^(.*): shape .*\n(tensor\((?:.*\n)*?)(?=\n|\Z)", said, re.MULTILINE)
    return {title: text.rstrip() for title, text in found}


# Creation.


def test_creation(place: Run) -> None:
    said = output(place("01_tensor_creation.py"))
    assert "\nzeros([3, 4]): shape (3, 4), ndim 2, numel 12, f64 on cpu\n" in said
    assert "\nones([2, 5]): shape (2, 5), ndim 2, numel 10, f64 on cpu\n" in said
    assert "\nrandn([4, 4]): shape (4, 4), ndim 2, numel 16, f64 on cpu\n" in said
    rt.manual_seed(0)
    assert blocks(said) == {
        "zeros([3, 4])": str(rt.tensor([[0.0] * 4] * 3)),
        "ones([2, 5])": str(rt.tensor([[1.0] * 5] * 2)),
        "randn([4, 4])": str(rt.randn([4, 4])),
    }


def test_random_numbers_of_another_seed() -> None:
    said = output(once("01_tensor_creation.py", "--mode", "pure", "--seed", "7"))
    rt.manual_seed(7)
    assert blocks(said)["randn([4, 4])"] == str(rt.randn([4, 4]))


@pytest.mark.skipif(bool(native_problem()), reason=f"no native tier: {native_problem()}")
def test_the_library_and_its_handles() -> None:
    said = output(once("01_tensor_creation.py"))
    assert re.search(r"^torch_available\(\)       True\ntorch_version\(\)         \d+\.\d+\.\d+\n", said, re.MULTILINE)
    cuda = rt.torch_ffi.torch_cuda_available()
    assert f"\ntorch_cuda_available()  {cuda}\n" in said
    found = re.search(
        r"^rt_torch\.native\.randn\(\[4, 4\]\) gave the handle (\d+): shape \[4, 4\], ndim 2, numel 16\n"
        r"its first row is \[(.*)\]\n"
        r"and after native\.free there are 0 handles more than before\n\Z",
        said,
        re.MULTILINE,
    )
    assert found is not None
    assert int(found[1]) > 0
    rt.manual_seed(0)
    assert [float(text) for text in found[2].split(", ")] == [round(value, 4) for value in rt.randn([4]).tolist()]


def test_no_library_and_no_handles() -> None:
    said = output(once("01_tensor_creation.py", RT_TORCH_LIBRARY="none"))
    assert "\ntorch_available()       False\ntorch_version()         none\ntorch_cuda_available()  False\n" in said
    assert said.endswith("\nHandles are left out: they belong to libtorch.\n")


# Operations.


def test_operations(place: Run) -> None:
    said = output(place("02_tensor_operations.py"))
    assert "\na + b of ones([3, 3]): shape (3, 3), 9 elements, their sum is 18.000000\n" in said
    assert "\na * b: shape (3, 3), 9 elements, their sum is 9.000000\n" in said
    assert "\na @ b: shape (3, 3), 9 elements, their sum is 27.000000\n" in said
    found = blocks(said)
    for title, element in {"a + b of ones([3, 3])": 2.0, "a * b": 1.0, "a @ b": 3.0}.items():
        assert found[title] == str(rt.tensor([[element] * 3] * 3))
    rt.manual_seed(0)
    x = rt.randn([2, 2])
    assert found["x = randn([2, 2])"] == str(x)
    rows: list[list[float]] = x.tolist()
    for title, function in {
        "x.relu()": lambda value: max(value, 0.0),
        "x.sigmoid()": lambda value: 1.0 / (1.0 + math.exp(-value)),
        "x.tanh()": math.tanh,
    }.items():
        expected = [[function(value) for value in row] for row in rows]
        assert found[title] == str(rt.tensor(expected))
        total = sum(map(sum, expected))
        assert f"\n{title}: shape (2, 2), 4 elements, their sum is {total:.6f}\n" in said
