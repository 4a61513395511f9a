"""MNIST's files, as far as one can have them without downloading."""

from __future__ import annotations

import gzip
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import rt_torch as rt
from rt_torch.data import mnist
from tests.data.conftest import idx

Written = Callable[[str, bytes], Path]

IMAGES = idx(8, [2, 2, 3], bytes([0, 51, 102, 153, 204, 255, 1, 2, 3, 4, 5, 6]))
LABELS = idx(8, [2], bytes([7, 3]))


@pytest.mark.parametrize("packed", ["", ".gz"])
@pytest.mark.parametrize("between", ["-", "."])
@pytest.mark.parametrize(("train", "prefix"), [(True, "train"), (False, "t10k")])
def test_files_as_they_are_called(
    train: bool, prefix: str, between: str, packed: str, written: Written, tmp_path: Path
) -> None:
    written(f"{prefix}-images{between}idx3-ubyte{packed}", IMAGES)
    written(f"{prefix}-labels{between}idx1-ubyte{packed}", LABELS)
    x, y = mnist(tmp_path, train=train)
    assert (x.shape, x.dtype, y.dtype) == ((2, 6), "f64", "i64")
    assert x[0].tolist() == [0, 0.2, 0.4, 0.6, 0.8, 1]
    assert y.tolist() == [7, 3]


@pytest.fixture
def folder(written: Written, tmp_path: Path) -> str:
    written("train-images-idx3-ubyte", IMAGES)
    written("train-labels-idx1-ubyte.gz", LABELS)
    return str(tmp_path)


def test_scales(folder: str) -> None:
    raw = [0, 51, 102, 153, 204, 255]
    assert mnist(folder, scale=None)[0][0].tolist() == raw
    assert mnist(folder, scale=(-1, 1))[0][0].tolist() == [(pixel - 127.5) / 127.5 for pixel in raw]
    assert mnist(folder, scale=(1, 0))[0][0].tolist() == [(255 - pixel) / 255 for pixel in raw]


def test_dtypes(folder: str) -> None:
    x, _ = mnist(folder, dtype="float32", scale=None)
    assert (x.dtype, x.tolist()[1]) == ("f32", [1, 2, 3, 4, 5, 6])


def test_dtypes_of_the_native_tier(native: None, folder: str) -> None:
    x, _ = mnist(folder, dtype="bf16", scale=None)
    assert (x.dtype, x.tolist()[1]) == ("bf16", [1, 2, 3, 4, 5, 6])


@pytest.mark.parametrize("dtype", ["i64", "bool", "f65", "", 3])
def test_dtypes_that_are_no_floats(dtype: Any, folder: str) -> None:
    with pytest.raises(rt.BadArgumentError, match=r"rt\.data\.mnist: argument `dtype`: one of f64, f32, f16, bf16"):
        mnist(folder, dtype=dtype)


@pytest.mark.parametrize("scale", [1, (1,), (1, 2, 3), "01x", ("a", "b"), (None, 1)])
def test_bad_scales(scale: Any, folder: str) -> None:
    with pytest.raises(rt.ArgumentTypeError, match=r"rt\.data\.mnist: argument `scale`: two numbers, or None"):
        mnist(folder, scale=scale)


# What is missing, or does not go together.


def test_missing_folder(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"no such folder, and one with train-images-idx3-ubyte is expected"):
        mnist(tmp_path / "none")
    (tmp_path / "file").write_text("")
    with pytest.raises(FileNotFoundError, match="no such folder"):
        mnist(tmp_path / "file")
    with pytest.raises(rt.ArgumentTypeError, match=r"rt\.data\.mnist: argument `folder`: a path is expected"):
        mnist(5)  # type: ignore[arg-type]


def test_missing_file(folder: str) -> None:
    with pytest.raises(
        FileNotFoundError, match=r"There is no t10k-images-idx3-ubyte, and no t10k-images-idx3-ubyte\.gz, in the folder"
    ) as caught:
        mnist(folder, train=False)
    assert caught.value.filename == folder


def test_counts_that_differ(folder: str, written: Written) -> None:
    path = written("train-labels-idx1-ubyte", idx(8, [3], b"\1\2\3"))
    with pytest.raises(rt.FileFormatError, match="it has 3 labels, and train-images-idx3-ubyte has 2 images") as caught:
        mnist(folder)
    assert str(path) in str(caught.value)


@pytest.mark.parametrize(
    "images", [idx(8, [12], bytes(12)), idx(9, [2, 2, 3], bytes(12)), LABELS, idx(13, [2, 1, 1], bytes(8))]
)
def test_files_of_other_things(images: bytes, folder: str, written: Written) -> None:
    written("train-images-idx3-ubyte", images)
    with pytest.raises(rt.FileFormatError, match="unsigned bytes in 3 dimensions are expected"):
        mnist(folder)


def test_swapped_files(folder: str, written: Written) -> None:
    written("train-labels-idx1-ubyte", IMAGES)
    with pytest.raises(rt.FileFormatError, match="unsigned bytes in 1 dimensions are expected"):
        mnist(folder)


def test_damaged_files(folder: str, written: Written) -> None:
    written("train-images-idx3-ubyte", gzip.compress(IMAGES)[:-6])
    with pytest.raises(rt.FileFormatError, match="damaged or cut short"):
        mnist(folder)


def test_it_is_quick(written: Written, tmp_path: Path) -> None:
    """A tenth of MNIST; element by element it would take seconds."""
    written("train-images-idx3-ubyte", idx(8, [6000, 28, 28], bytes(range(256)) * 18375))
    written("train-labels-idx1-ubyte", idx(8, [6000], bytes(6000)))
    start = time.perf_counter()
    x, _ = mnist(tmp_path, dtype="f32")
    assert time.perf_counter() - start < 2
    assert x[5999, 783].item() == 1
