"""Our files and those of the safetensors library are the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import rt_torch as rt
from rt_torch.safetensors import load, load_file, safe_open, save, save_file
from tests.safetensors.conftest import contents

theirs = pytest.importorskip("safetensors", reason="the safetensors library is not installed")

NAMES = {"F64": "f64", "F32": "f32", "I64": "i64", "BOOL": "bool"}


def test_the_library_reads_what_we_write(tensors: dict[str, rt.Tensor]) -> None:
    read = dict(theirs.deserialize(save(tensors, {"epoch": "3"})))
    assert {name: (NAMES[one["dtype"]], tuple(one["shape"])) for name, one in read.items()} == {
        name: (tensor.dtype, tensor.shape) for name, tensor in tensors.items()
    }
    for name, tensor in tensors.items():
        alone = save({"x": tensor})
        assert alone.endswith(bytes(read[name]["data"]))


def test_the_librarys_arrays_are_our_tensors(np: Any, tensors: dict[str, rt.Tensor], tmp_path: Path) -> None:
    numpy = pytest.importorskip("safetensors.numpy")
    save_file(tensors, tmp_path / "ours", {"epoch": "3"})
    arrays = numpy.load_file(tmp_path / "ours")
    for name, array in arrays.items():
        assert (array.shape, str(array.tolist())) == (tensors[name].shape, str(tensors[name].tolist()))
    with theirs.safe_open(tmp_path / "ours", framework="np") as file:
        assert file.metadata() == {"epoch": "3"}
    numpy.save_file(arrays, tmp_path / "theirs", {"epoch": "3"})
    assert (tmp_path / "theirs").read_bytes() == (tmp_path / "ours").read_bytes()
    with safe_open(tmp_path / "theirs") as ours:
        assert ours.metadata() == {"epoch": "3"}
    assert contents(load_file(tmp_path / "theirs")) == contents(tensors)


def test_files_of_torch_with_every_dtype(native: None, torch: Any, tmp_path: Path) -> None:
    files = pytest.importorskip("safetensors.torch")
    kinds = ["float64", "float32", "float16", "bfloat16", "int64", "int32", "int16", "int8", "uint8", "bool"]
    given = {f"x.{kind}": torch.arange(6).reshape(2, 3).to(getattr(torch, kind)) for kind in kinds}
    files.save_file(given, tmp_path / "theirs", {"format": "pt"})
    read = load_file(tmp_path / "theirs")
    for name, tensor in given.items():
        assert read[name].tolist() == tensor.tolist()
    save_file(read, tmp_path / "ours", {"format": "pt"})
    assert (tmp_path / "ours").read_bytes() == (tmp_path / "theirs").read_bytes()
    again = files.load_file(tmp_path / "ours")
    assert all(torch.equal(again[name], tensor) and again[name].dtype == tensor.dtype for name, tensor in given.items())


def test_types_that_tensors_do_not_have(np: Any) -> None:
    numpy = pytest.importorskip("safetensors.numpy")
    data = numpy.save({"x": np.zeros(2, dtype="uint16"), "y": np.ones(2)})
    with pytest.raises(rt.FileFormatError, match="tensor 'x': it is U16, and tensors are F64, F32"):
        load(data)
