"""Pickles: the elements as bytes, whatever tier they are in."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from array import array
from collections.abc import Callable
from typing import Any

import pytest

import rt_torch as rt
from rt_torch.pure.dtype import ITEM_SIZES

pytestmark = pytest.mark.usefixtures("no_handle_left")

PROTOCOLS = range(2, pickle.HIGHEST_PROTOCOL + 1)
VALUES = {
    "f64": [[1.0, -0.0, 1e308], [float("inf"), 0.1, -5e-324]],
    "f32": [[1.0, -0.0, 0.5], [float("inf"), 3.0, -2.0]],
    "i64": [[0, -1, (1 << 63) - 1], [-(1 << 63), 5, 6]],
    "bool": [[True, False, True], [False, False, True]],
}


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("dtype", VALUES)
def test_round_trip(protocol: int, dtype: str, resident: Callable[[rt.Tensor], rt.Tensor]) -> None:
    tensor = resident(rt.tensor(VALUES[dtype], dtype=dtype))
    again = pickle.loads(pickle.dumps(tensor, protocol))
    assert type(again) is rt.Tensor
    assert (again.dtype, again.shape, again.device) == (dtype, (2, 3), "cpu")
    assert str(again.tolist()) == str(tensor.tolist())  # which tells -0.0 from 0.0
    again[0, 0] = not VALUES[dtype][0][0]
    assert tensor.tolist()[0][0] == VALUES[dtype][0][0]


@pytest.mark.parametrize("shape", [(), (0,), (3, 0, 2), (1, 1)])
def test_shapes(shape: tuple[int, ...], resident: Callable[[rt.Tensor], rt.Tensor]) -> None:
    again = pickle.loads(pickle.dumps(resident(rt.ones(shape))))
    assert (again.shape, again.numel()) == (shape, rt.ones(shape).numel())


def test_views_are_pickled_alone(resident: Callable[[rt.Tensor], rt.Tensor]) -> None:
    tensor = resident(rt.from_buffer(array("d", range(10_000)), (100, 100)))
    data = pickle.dumps(tensor[::-50, 1::60])
    assert len(data) < 500
    assert pickle.loads(data).tolist() == [[9901, 9961], [4901, 4961]]


def test_requires_grad() -> None:
    assert pickle.loads(pickle.dumps(rt.tensor([1.0], requires_grad=True))).requires_grad
    assert not pickle.loads(pickle.dumps(rt.tensor([1.0]))).requires_grad


def test_many_at_once_and_one_twice() -> None:
    one = rt.tensor([1.0])
    first, second, other = pickle.loads(pickle.dumps([one, one, rt.tensor([2])]))
    assert first is second
    assert other.tolist() == [2]


@pytest.mark.parametrize("dtype", ["f64", "f32", "i64", "bool"])
def test_the_other_byte_order(dtype: str) -> None:
    function, (data, shape, *rest, byteorder) = rt.tensor(VALUES[dtype], dtype=dtype).__reduce__()
    size = ITEM_SIZES[dtype]
    turned = b"".join(data[place : place + size][::-1] for place in range(0, len(data), size))
    other = {"little": "big", "big": "little"}[byteorder]
    assert function(turned, shape, *rest, other).tolist() == VALUES[dtype]


@pytest.mark.parametrize("dtype", ["f16", "bf16", "i32", "i16", "i8", "u8"])
def test_the_native_tiers_dtypes(native: None, dtype: str) -> None:
    tensor = rt.tensor([[1, 2, 3], [4, 5, 6]]).to(dtype).transpose(0, 1)
    again = pickle.loads(pickle.dumps(tensor))
    assert (again.dtype, again.tolist()) == (dtype, [[1, 4], [2, 5], [3, 6]])
    assert pickle.loads(pickle.dumps(rt.zeros([0]).to(dtype))).shape == (0,)


def test_a_device_that_is_not_there() -> None:
    function, (data, shape, dtype, _, *rest) = rt.tensor([1.0]).__reduce__()
    tensor = function(data, shape, dtype, "cuda:77", *rest)
    assert (tensor.device, tensor.tolist()) == ("cpu", [1])


def _read_elsewhere(tensor: rt.Tensor, tmp_path: Any, *, library: str) -> subprocess.CompletedProcess[str]:
    file = tmp_path / "tensor"
    file.write_bytes(pickle.dumps(tensor))
    script = "import pickle, sys; t = pickle.load(open(sys.argv[1], 'rb')); print(t.dtype, t.tolist(), t.residency)"
    command = [sys.executable, "-X", "dev", "-W", "ignore::ResourceWarning", "-c", script, str(file)]
    environment = os.environ | {"RT_TORCH_LIBRARY": library}
    return subprocess.run(command, env=environment, capture_output=True, text=True)


def test_native_is_read_where_there_is_only_pure(native: None, tmp_path: Any) -> None:
    with rt.acceleration("native"):
        tensor = rt.ones([2]) + rt.ones([2])
        assert tensor.residency == "native"
    result = _read_elsewhere(tensor, tmp_path, library="none")
    assert (result.stdout, result.stderr) == ("f64 [2.0, 2.0] pure\n", "")


def test_a_dtype_that_pure_does_not_have_says_so(native: None, tmp_path: Any) -> None:
    result = _read_elsewhere(rt.ones([2]).to("f16"), tmp_path, library="none")
    assert "LibraryMissingError" in result.stderr
