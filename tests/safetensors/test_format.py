"""Files written and read again."""

from __future__ import annotations

import os
import struct
import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import rt_torch as rt
from rt_torch.safetensors import load, load_file, safe_open, save, save_file
from tests.safetensors.conftest import contents, file_of

pytestmark = pytest.mark.usefixtures("no_handle_left")

Resident = Callable[[rt.Tensor], rt.Tensor]


def test_round_trip(tensors: dict[str, rt.Tensor], resident: Resident, tmp_path: Path) -> None:
    moved = {name: resident(tensor.clone()) for name, tensor in tensors.items()}
    save_file(moved, tmp_path / "x.safetensors")
    read = load_file(str(tmp_path / "x.safetensors"))
    assert contents(read) == contents(tensors)
    assert contents(load(save(moved))) == contents(tensors)
    assert not any(tensor.requires_grad for tensor in read.values())


def test_the_bytes_of_a_small_file() -> None:
    """Types with the strictest alignment first, then by name; padded with spaces to a multiple of 8; low bytes first."""
    data = save({"b": rt.tensor([1.0]), "a": rt.tensor([1.0]), "c": rt.tensor([2]), "d": rt.tensor([True])}, {"k": "ü"})
    header = (
        '{"__metadata__":{"k":"ü"},"c":{"dtype":"I64","shape":[1],"data_offsets":[0,8]},'
        '"a":{"dtype":"F64","shape":[1],"data_offsets":[8,16]},"b":{"dtype":"F64","shape":[1],"data_offsets":[16,24]},'
        '"d":{"dtype":"BOOL","shape":[1],"data_offsets":[24,25]}}'
    ).encode()
    length = int.from_bytes(data[:8], "little")
    assert length % 8 == 0
    assert data[8 : 8 + length] == header.ljust(length)
    assert data[8 + length :] == struct.pack("<qdd?", 2, 1.0, 1.0, True)


def test_a_file_without_tensors(tmp_path: Path) -> None:
    assert save({}) == file_of(b"{}      ")
    save_file({}, tmp_path / "x", {})
    with safe_open(tmp_path / "x") as file:
        assert (file.keys(), file.metadata()) == ([], {})


@given(st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), st.lists(st.floats(width=64))))
def test_any_names_and_numbers(lists: dict[str, list[float]]) -> None:
    if "__metadata__" in lists:
        return
    given_tensors = {name: rt.tensor(numbers, dtype="f64") for name, numbers in lists.items()}
    read = load(save(given_tensors, {name: name for name in lists}))
    assert {name: struct.pack(f"{len(tensor)}d", *tensor.tolist()) for name, tensor in read.items()} == {
        name: struct.pack(f"{len(numbers)}d", *numbers) for name, numbers in lists.items()
    }


@pytest.mark.parametrize("dtype", ["f16", "bf16", "i32", "i16", "i8", "u8"])
def test_dtypes_of_the_native_tier(native: None, dtype: str, tmp_path: Path) -> None:
    tensor = rt.tensor([[1, 2, 3], [4, 5, 6]]).to(dtype).transpose(0, 1)
    save_file({"x": tensor, "none": rt.zeros([0]).to(dtype)}, tmp_path / "x")
    read = load_file(tmp_path / "x")
    assert (read["x"].dtype, read["x"].tolist()) == (dtype, [[1, 4], [2, 5], [3, 6]])
    assert (read["none"].dtype, read["none"].shape) == (dtype, (0,))


PURE = """
import sys
import rt_torch as rt
with rt.safetensors.safe_open(sys.argv[1]) as file:
    print(file.get_tensor("x").tolist())
try:
    rt.safetensors.load_file(sys.argv[1])
except rt.LibraryMissingError as error:
    print(error)
"""


def test_where_there_is_no_libtorch_its_dtypes_are_named_and_the_others_read(tmp_path: Path) -> None:
    header = {
        "half": {"dtype": "F16", "shape": [2], "data_offsets": [0, 4]},
        "x": {"dtype": "F32", "shape": [1], "data_offsets": [4, 8]},
    }
    (tmp_path / "x").write_bytes(file_of(header, bytes(8)))
    environment = {"PYTHONPATH": os.pathsep.join(sys.path), "RT_TORCH_LIBRARY": "none"}
    ran = subprocess.run(
        [sys.executable, "-c", PURE, "x"], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    assert ran.stdout.startswith("[0.0]\nx: tensor 'half': it is F16, which needs libtorch: ")


def test_views_are_written_as_they_are_seen(resident: Resident) -> None:
    x = resident(rt.from_buffer(memoryview(bytearray(range(96))).cast("q"), (4, 3)))
    views = {"t": x.T, "part": x[1:3], "back": x[::-1, ::-2], "one": x[2, 1], "row": x[1]}
    assert contents(load(save(views))) == contents(views)


def test_tensors_that_share_memory_are_written_one_by_one() -> None:
    x = rt.tensor([1.0, 2.0])
    read = load(save({"a": x, "b": x}))
    read["a"][0] = 5.0
    assert (read["a"].tolist(), read["b"].tolist(), x.tolist()) == ([5, 2], [1, 2], [1, 2])


def test_what_wants_gradients_is_written_too() -> None:
    assert load(save({"x": rt.tensor([1.0], requires_grad=True)}))["x"].tolist() == [1]


def test_bytes_like_things_can_be_loaded() -> None:
    data = save({"x": rt.tensor([1.0])})
    for given_data in (data, bytearray(data), memoryview(data)):
        read = load(given_data)["x"]
        read[0] = 2.0
    assert load(data)["x"].tolist() == [1]


# safe_open.


def test_one_tensor_of_several(tensors: dict[str, rt.Tensor], tmp_path: Path) -> None:
    save_file(tensors, tmp_path / "x", {"epoch": "3"})
    with safe_open(tmp_path / "x") as file:
        assert set(file.keys()) == set(tensors)
        assert file.metadata() == {"epoch": "3"}
        assert file.get_tensor("single").tolist() == tensors["single"].tolist()
        first, second = file.get_tensor("count"), file.get_tensor("count")
        first[0] = 0
        assert second[0].item() == -(1 << 63)
    with pytest.raises(ValueError, match="closed"):
        file.get_tensor("single")


def test_a_name_that_is_not_there(tensors: dict[str, rt.Tensor], tmp_path: Path) -> None:
    save_file(tensors, tmp_path / "x")
    with safe_open(tmp_path / "x") as file:
        with pytest.raises(
            rt.BadArgumentError, match=r"x: there is no tensor 'wieght' \(str\); did you mean 'weight'\?"
        ):
            file.get_tensor("wieght")
        with pytest.raises(rt.BadArgumentError, match=r"there are 7, such as 'count'"):
            file.get_tensor(5)  # type: ignore[arg-type]


def test_an_open_file_stays_what_it_was(tmp_path: Path) -> None:
    save_file({"x": rt.tensor([1.0])}, tmp_path / "x")
    with safe_open(tmp_path / "x") as file:
        save_file({"x": rt.tensor([2.0, 3.0])}, tmp_path / "x")
        assert file.get_tensor("x").tolist() == [1]
    assert load_file(tmp_path / "x")["x"].tolist() == [2, 3]


def test_a_file_that_shrinks_while_it_is_read(tmp_path: Path) -> None:
    save_file({"x": rt.tensor([1.0, 2.0])}, tmp_path / "x")
    with safe_open(tmp_path / "x") as file:
        os.truncate(tmp_path / "x", 72)
        with pytest.raises(rt.FileFormatError, match="it ends at byte 72 now"):
            file.get_tensor("x")


def test_nothing_is_copied_twice(tmp_path: Path) -> None:
    size = 16 << 20
    memory = rt.from_buffer(memoryview(bytearray(size)).cast("d"))
    tracemalloc.start()
    try:
        save_file({"x": memory}, tmp_path / "x")
        assert tracemalloc.get_traced_memory()[1] < size // 8
        tracemalloc.reset_peak()
        read = load_file(tmp_path / "x")
        assert tracemalloc.get_traced_memory()[1] < size * 9 // 8
    finally:
        tracemalloc.stop()
    assert read["x"].shape == memory.shape


# Bad arguments.


@pytest.mark.parametrize(
    ("tensors", "metadata", "error", "message"),
    [
        ([rt.tensor([1])], None, rt.ArgumentTypeError, "argument `tensors`: tensors by name are expected"),
        ({"a": [1.0]}, None, rt.ArgumentTypeError, r"a tensor is expected at 'a' \(str\); given \[1\.0\] \(list\)"),
        ({3: rt.tensor([1])}, None, rt.ArgumentTypeError, "a name: a text is expected; given 3"),
        ({"__metadata__": rt.tensor([1])}, None, rt.BadArgumentError, 'no tensor can be called "__metadata__"'),
        ({"\ud800": rt.tensor([1])}, None, rt.BadArgumentError, "half of a pair of surrogates"),
        ({}, {"epoch": 3}, rt.ArgumentTypeError, r"what is called 'epoch' \(str\): a text is expected; given 3"),
        ({}, {3: "x"}, rt.ArgumentTypeError, "argument `metadata`: a name: a text is expected"),
        ({}, "text", rt.ArgumentTypeError, "argument `metadata`: texts by name are expected"),
        ({}, {"x": "\udc80"}, rt.BadArgumentError, "half of a pair of surrogates"),
        ({}, {"x": "y" * 100_000_001}, rt.BadArgumentError, "the header would have 1000000.. bytes"),
    ],
)
def test_what_cannot_be_written(
    tensors: Any, metadata: Any, error: type[Exception], message: str, tmp_path: Path
) -> None:
    with pytest.raises(error, match=message) as caught:
        save_file(tensors, tmp_path / "x", metadata)
    assert str(caught.value).startswith("rt.safetensors.save_file: ")
    with pytest.raises(error, match=r"^rt\.safetensors\.save: "):
        save(tensors, metadata)
    assert os.listdir(tmp_path) == []


def test_no_paths_and_no_bytes() -> None:
    with pytest.raises(rt.ArgumentTypeError, match=r"rt\.safetensors\.save_file: argument `filename`: a path"):
        save_file({}, 5)  # type: ignore[arg-type]
    with pytest.raises(rt.ArgumentTypeError, match=r"rt\.safetensors\.safe_open: argument `filename`: a path"):
        load_file(None)  # type: ignore[arg-type]
    with pytest.raises(rt.ArgumentTypeError, match=r"rt\.safetensors\.load: argument `data`: bytes"):
        load("text")  # type: ignore[arg-type]


def test_files_that_are_none(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="a safetensors file is expected"):
        load_file(tmp_path / "none")
    with pytest.raises(IsADirectoryError, match="a safetensors file is expected"):
        load_file(tmp_path)


def test_devices(tmp_path: Path) -> None:
    save_file({"x": rt.tensor([1.0])}, tmp_path / "x")
    assert load_file(tmp_path / "x", device="cpu")["x"].device == "cpu"
    with pytest.raises(rt.Error):
        load_file(tmp_path / "x", device="moon")
