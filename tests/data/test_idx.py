"""IDX files, good ones and bad ones."""

from __future__ import annotations

import array
import gzip
import os
import struct
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import rt_torch as rt
from rt_torch.data import read_idx
from tests.data.conftest import idx

Written = Callable[[str, bytes], Path]

fresh = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])  # each example overwrites the file

KINDS = {
    8: ("B", "i64", [0, 1, 127, 128, 255, 3]),
    9: ("b", "i64", [0, 1, 127, -128, -1, 3]),
    11: ("h", "i64", [0, 1, 32767, -32768, -1, 3]),
    12: ("i", "i64", [0, 1, 2**31 - 1, -(2**31), -1, 3]),
    13: ("f", "f32", [0.0, 1.5, -2.25, float("inf"), -0.0, 2.0**-149]),
    14: ("d", "f64", [0.0, 0.1, -1e308, float("-inf"), -0.0, 5e-324]),
}


@pytest.mark.parametrize("name", ["plain", "packed.gz"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_elements(kind: int, name: str, written: Written) -> None:
    code, dtype, values = KINDS[kind]
    tensor = read_idx(written(name, idx(kind, [2, 3], struct.pack(f">6{code}", *values))))
    assert (tensor.shape, tensor.dtype) == ((2, 3), dtype)
    assert str(tensor.tolist()) == str([values[:3], values[3:]])  # which tells -0.0 from 0.0


@pytest.mark.parametrize("name", ["plain", "packed.gz"])
@pytest.mark.parametrize("shape", [(), (1,), (0,), (2, 0, 3), (1,) * 64])
def test_every_shape(shape: tuple[int, ...], name: str, written: Written) -> None:
    count = 0 if 0 in shape else 1
    tensor = read_idx(written(name, idx(8, shape, b"\7" * count)))
    assert (tensor.shape, tensor.numel()) == (shape, count)
    if count:
        assert tensor.max().item() == 7


def test_all_bytes(written: Written) -> None:
    assert read_idx(written("x", idx(8, [256], bytes(range(256))))).tolist() == list(range(256))
    signed = [*range(128), *range(-128, 0)]
    assert read_idx(str(written("x", idx(9, [256], bytes(range(256)))))).tolist() == signed


def test_content_and_not_the_name_says_whether_it_is_gzipped(written: Written, tmp_path: Path) -> None:
    plain = idx(8, [2], b"\1\2")
    (tmp_path / "a.gz").write_bytes(plain)
    (tmp_path / "b").write_bytes(gzip.compress(plain[:7]) + gzip.compress(plain[7:]))
    assert read_idx(tmp_path / "a.gz").tolist() == read_idx(tmp_path / "b").tolist() == [1, 2]


def test_the_tensor_can_be_written_to(written: Written) -> None:
    for kind, code in ((8, "B"), (14, "d")):
        tensor = read_idx(written("x", idx(kind, [2], struct.pack(f">2{code}", 1, 2))))
        tensor[0] = 5
        assert tensor.tolist() == [5, 2]


# Bad files.

GOOD = idx(8, [2, 3], b"\0\1\2\3\4\5")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "it has 0 bytes, and an IDX file has at least 4"),
        (b"\0\0\x08", "it has 3 bytes"),
        (b"\x89PNG\r\n", r"it begins with the bytes \[137, 80, 78, 71\]"),
        (b"\0\1\x08\1" + bytes(8), "it begins with the bytes"),
        (idx(7, [1], b"\0"), "it begins with the bytes"),
        (idx(10, [1], b"\0"), "one of 8, 9, 11, 12, 13, 14"),
        (idx(8, [1] * 65, b"\0"), "it says that it has 65 dimensions, and a tensor has at most 64"),
        (GOOD[:9], "it is cut short within the sizes of its 2 dimensions"),
        (GOOD[:-1], r"it says that it has \[2, 3\] unsigned bytes, 6 bytes, and 5 are there: it is cut short"),
        (GOOD[:12], r"and 0 are there: it is cut short"),
        (GOOD + b"\0", "there is something behind them"),
        (idx(14, [1], bytes(7)), "floats of 8 bytes, 8 bytes, and 7 are there"),
        (idx(8, [2**32 - 1], b""), "4294967295 bytes, and it cannot have more than"),
        (idx(14, [2**32 - 1] * 20, b"\0"), "it is cut short, or damaged"),
        (idx(8, [0, 2**32 - 1, 2**32 - 1], b""), "and the number of elements overflows 63 bits"),
    ],
)
@pytest.mark.parametrize("name", ["plain", "packed.gz"])
def test_bad_content(name: str, data: bytes, message: str, written: Written) -> None:
    path = written(name, data)
    tracemalloc.start()
    try:
        with pytest.raises(rt.FileFormatError, match=message) as caught:
            read_idx(path)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert str(caught.value).startswith(f"{path}: ")
    assert isinstance(caught.value, ValueError)
    assert peak < 4 << 20


def test_zeros_that_gzip_could_hold_are_not_made_room_for(tmp_path: Path) -> None:
    """A claim that the size of the file allows, and its content does not bear out."""
    path = tmp_path / "x.gz"
    path.write_bytes(gzip.compress(idx(8, [1 << 29], b"")) + os.urandom(1 << 20))
    tracemalloc.start()
    try:
        with pytest.raises(rt.FileFormatError, match="damaged or cut short"):
            read_idx(path)
        assert tracemalloc.get_traced_memory()[1] < 8 << 20
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("cut", [3, 9, 12, -9, -4, -1])
def test_cut_gzip(cut: int, tmp_path: Path) -> None:
    path = tmp_path / "x.gz"
    path.write_bytes(gzip.compress(GOOD)[:cut])
    with pytest.raises(rt.FileFormatError, match="it is gzipped, and damaged or cut short"):
        read_idx(path)


def test_gzip_whose_checksum_is_wrong(tmp_path: Path) -> None:
    data = bytearray(gzip.compress(GOOD))
    data[-8] ^= 1
    (tmp_path / "x.gz").write_bytes(data)
    with pytest.raises(rt.FileFormatError, match="CRC"):
        read_idx(tmp_path / "x.gz")


@fresh
@given(st.data())
def test_damaged_files_are_refused_or_read(tmp_path: Path, data: Any) -> None:
    content = bytearray(data.draw(st.sampled_from([GOOD, gzip.compress(GOOD, mtime=0)])))
    for _ in range(data.draw(st.integers(0, 3))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    content = content[: data.draw(st.integers(0, len(content)))] + data.draw(st.binary(max_size=3))
    path = tmp_path / "x"
    path.write_bytes(content)
    try:
        tensor = read_idx(path)
    except rt.FileFormatError as error:
        assert str(path) in str(error)
    else:
        assert tensor.numel() <= 6


@fresh
@given(st.binary(max_size=40))
def test_any_bytes_behind_a_good_beginning(tmp_path: Path, tail: bytes) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"\0\0\x08\1" + tail)
    try:
        tensor = read_idx(path)
    except rt.FileFormatError:
        return
    assert tensor.numel() == len(tail) - 4


# What is no file.


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="an IDX file is expected") as caught:
        read_idx(tmp_path / "none")
    assert caught.value.filename == str(tmp_path / "none")


def test_folder(tmp_path: Path) -> None:
    with pytest.raises(IsADirectoryError, match="It is a folder; an IDX file is expected"):
        read_idx(tmp_path)


def test_pipe(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OSError, match="It is no regular file; an IDX file is expected"):
        read_idx(tmp_path / "pipe")


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read everything")
def test_file_that_may_not_be_read(written: Written) -> None:
    path = written("x", GOOD)
    path.chmod(0)
    with pytest.raises(PermissionError, match="an IDX file is expected"):
        read_idx(path)


@pytest.mark.parametrize("path", [3, None, array.array("d"), ["x"]])
def test_no_path(path: Any) -> None:
    with pytest.raises(rt.ArgumentTypeError, match=r"rt\.data\.read_idx: argument `path`: a path is expected"):
        read_idx(path)


def test_nul_in_a_path() -> None:
    with pytest.raises(rt.BadArgumentError, match="NUL"):
        read_idx("a\0b")
