"""Files that lie: each is an error of ours, and takes no memory for what it claims."""

from __future__ import annotations

import importlib
import json
import math
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import rt_torch as rt
from rt_torch.safetensors import load, load_file, safe_open, save
from rt_torch.safetensors.dtype import BITS
from tests.safetensors.conftest import file_of

F32 = {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}


def refused(data: bytes, message: str) -> None:
    tracemalloc.start()
    try:
        with pytest.raises(rt.FileFormatError, match=message):
            load(data)
        assert tracemalloc.get_traced_memory()[1] < (8 << 20) + 20 * len(data)
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "it has 0 bytes, and a safetensors file begins with 8"),
        (b"\2\0\0\0\0\0\0", "it has 7 bytes"),
        (b"\2\0\0\0\0\0\0\0", "its header has 2 bytes, and 0 follow: it is cut short, or no safetensors file"),
        (b"PK\3\4" + bytes(60), r"its header has 67324752 bytes, and 56 follow"),
        (file_of(b"{}", length=100_000_000), "100000000 bytes, and 2 follow"),
        (b"\xff" * 16, "18446744073709551615 bytes, and 8 follow"),
        (bytes(8), "its header begins with b''"),
        (file_of(b" {}"), "its header begins with b' '"),
        (file_of(b"[]"), "its header begins with b'\\['"),
        (file_of(b"\xef\xbb\xbf{}"), "its header begins with"),
        (file_of(b'{"\xff": 1}'), "its header is no UTF-8 at byte 2"),
        (file_of(b'{"a": }'), "its header is not the JSON that is expected: Expecting value"),
        (file_of(b"{}{}"), "Extra data"),
        (file_of(b"{} \0"), "Extra data"),
        (file_of(b'{"a": ' + b"[" * 1_000_000), "not the JSON that is expected"),
        (file_of(b'{"a": ' + b'{"b": ' * 100_000 + b"}" * 100_000), "not the JSON that is expected"),
        (file_of(b'{"a":1,"a":1}'), "the key 'a' is there twice"),
        (file_of(b'{"a":{"dtype":"F32","dtype":"F32"}}'), "the key 'dtype' is there twice"),
        (file_of(b'{"__metadata__":{"x":"1","x":"2"}}'), "the key 'x' is there twice"),
        (file_of(b'{"\\ud800":{}}'), "half of a pair of surrogates"),
    ],
)
def test_headers_that_cannot_be_read(data: bytes, message: str) -> None:
    refused(data, message)


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        (None, "it is None"),
        (3, "it is 3 "),
        ([], "an object with dtype, shape, data_offsets is expected"),
        ({}, "an object with dtype, shape, data_offsets is expected"),
        ({"dtype": "F32", "shape": [1]}, "an object with dtype, shape, data_offsets is expected"),
        (F32 | {"dtype": "f32"}, r"its dtype is 'f32' \(str\), and one of U64, I64"),
        (F32 | {"dtype": 5}, "its dtype is 5"),
        (F32 | {"dtype": ["F32"]}, "its dtype is"),
        (F32 | {"shape": 1}, "its shape is 1"),
        (F32 | {"shape": [-1]}, r"its shape is \[-1\]"),
        (F32 | {"shape": [1.0]}, r"its shape is"),
        (F32 | {"shape": [True]}, r"its shape is \[True\]"),
        (F32 | {"shape": [None]}, "its shape is"),
        (F32 | {"shape": ["1"]}, "its shape is"),
        (F32 | {"shape": [1 << 64]}, "its shape is"),
        (F32 | {"shape": [1] * 65}, "its shape has 65 sizes, and a tensor has at most 64"),
        (F32 | {"shape": [1 << 62, 1 << 62]}, "the number of elements of its shape .* overflows 63 bits"),
        (F32 | {"shape": [1 << 63, 0], "data_offsets": [0, 0]}, "overflows 63 bits"),
        (F32 | {"shape": [1 << 61]}, "overflows 63 bits"),
        (F32 | {"shape": [2]}, r"F32 of shape \[2\] is 8 bytes, and its data_offsets say 4"),
        (F32 | {"shape": [0]}, "is 0 bytes, and its data_offsets say 4"),
        (F32 | {"dtype": "F4", "shape": [7]}, "is 3.5 bytes"),
        (F32 | {"data_offsets": [0]}, r"its data_offsets are \[0\]"),
        (F32 | {"data_offsets": [0, 4, 4]}, "its data_offsets are"),
        (F32 | {"data_offsets": [4, 0]}, r"its data_offsets are \[4, 0\]"),
        (F32 | {"data_offsets": [-4, 0]}, r"its data_offsets are \[-4, 0\]"),
        (F32 | {"data_offsets": [0, 4.0]}, "its data_offsets are"),
        (F32 | {"data_offsets": {"0": 4}}, "its data_offsets are"),
        (F32 | {"data_offsets": [4, 8]}, "it begins at byte 4, and 0 is expected"),
        (F32 | {"data_offsets": [0, 1 << 62], "shape": [1 << 60]}, "is 4611686018427387904 bytes|overflows"),
    ],
)
def test_entries_that_make_no_sense(entry: Any, message: str) -> None:
    refused(file_of({"x": entry}, bytes(4)), f"tensor 'x': .*{message}")


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e400", "-0.0", "1e0", "9" * 5000, "9" * 21])
@pytest.mark.parametrize("place", ["shape", "data_offsets"])
def test_numbers_that_are_none(number: str, place: str) -> None:
    text = json.dumps({"x": F32 | {place: ["here", 4] if place == "data_offsets" else ["here"]}})
    refused(
        file_of(text.replace('"here"', number).encode(), bytes(4)), "the header|its header|its shape|its data_offsets"
    )


@pytest.mark.parametrize(
    ("metadata", "message"),
    [({"x": 1}, "'x' is 1"), ({"x": None}, "'x' is None"), ([], "texts by name are expected"), ("x", "texts by name")],
)
def test_metadata_that_is_no_text(metadata: Any, message: str) -> None:
    refused(file_of({"__metadata__": metadata}), f"__metadata__.*{message}")


def test_metadata_that_is_half_a_character() -> None:
    refused(file_of(b'{"__metadata__":{"x":"\\udfff"}}'), "'x' is .*a text is expected")


@pytest.mark.parametrize(
    ("first", "second", "size", "message"),
    [
        (
            [0, 4],
            [2, 6],
            6,
            "tensor 'b': it begins at byte 2, and 4 is expected: there may be no holes and no overlaps",
        ),
        ([0, 4], [0, 4], 4, "tensor 'b': it begins at byte 0, and 4 is expected"),
        ([0, 4], [5, 9], 9, "tensor 'b': it begins at byte 5, and 4 is expected"),
        ([4, 8], [8, 12], 12, "tensor 'a': it begins at byte 4, and 0 is expected"),
        ([0, 4], [4, 8], 7, "its tensors have 8 bytes, and 7 follow the header: it is cut short"),
        ([0, 4], [4, 8], 9, "its tensors have 8 bytes, and 9 follow the header: there is something behind the tensors"),
    ],
)
def test_holes_and_overlaps(first: list[int], second: list[int], size: int, message: str) -> None:
    header = {"a": F32 | {"data_offsets": first}, "b": F32 | {"data_offsets": second}}
    refused(file_of(header, bytes(size)), message)


def test_tensors_may_be_in_any_order() -> None:
    header = {"b": F32 | {"data_offsets": [4, 8]}, "e": F32 | {"shape": [0], "data_offsets": [4, 4]}, "a": F32}
    assert [*load(file_of(header, bytes(8)))] == ["a", "e", "b"]


def test_what_else_an_entry_says_does_not_matter() -> None:
    """As in the format's own library, which may come to say more one day."""
    assert load(file_of({"a": F32 | {"more": [1.5]}}, bytes(4)))["a"].tolist() == [0]
    assert load(file_of({"__metadata__": None})) == {}


def test_bools_are_0_or_1() -> None:
    entry = {"dtype": "BOOL", "shape": [2], "data_offsets": [0, 2]}
    assert load(file_of({"x": entry}, b"\1\0"))["x"].tolist() == [True, False]
    refused(file_of({"x": entry}, b"\1\2"), "tensor 'x': it is BOOL, and has other bytes than 0 and 1")


@pytest.mark.parametrize("dtype", ["U64", "U32", "U16", "C64", "F8_E4M3", "F8_E5M2", "F8_E8M0"])
def test_types_that_tensors_do_not_have_are_named_and_the_others_read(dtype: str, tmp_path: Path) -> None:
    size = {"U64": 8, "C64": 8, "U32": 4, "U16": 2}.get(dtype, 1)
    header = {
        "x": {"dtype": dtype, "shape": [1], "data_offsets": [0, size]},
        "y": F32 | {"data_offsets": [size, size + 4]},
    }
    path = tmp_path / "x"
    path.write_bytes(file_of(header, bytes(size + 4)))
    with pytest.raises(rt.FileFormatError, match=rf"^{path}: tensor 'x': it is {dtype}, and tensors are F64, F32"):
        load_file(path)
    with safe_open(path) as file:
        assert file.get_tensor("y").tolist() == [0]


def test_long_names_are_cut_in_messages() -> None:
    with pytest.raises(rt.FileFormatError) as caught:
        load(file_of({"x" * 100_000: 1}))
    assert len(str(caught.value)) < 400


def test_a_header_of_100_mb_that_is_not_there(tmp_path: Path) -> None:
    path = tmp_path / "x"
    with path.open("wb") as file:
        file.write(file_of(b"", length=99_999_999))
        file.truncate(1000)
    tracemalloc.start()
    try:
        with pytest.raises(rt.FileFormatError, match="99999999 bytes, and 992 follow"):
            load_file(path)
        assert tracemalloc.get_traced_memory()[1] < 1 << 20
    finally:
        tracemalloc.stop()


def test_a_header_that_is_too_long(tmp_path: Path) -> None:
    path = tmp_path / "x"
    with path.open("wb") as file:
        file.write(file_of(b"", length=100_000_001))
        file.truncate(100_000_100)  # a file with a hole, which takes no room
    with pytest.raises(rt.FileFormatError, match="its header has 100000001 bytes, and at most 100000000 are expected"):
        load_file(path)


# At random.

GOOD = save({"a": rt.tensor([1.0, 2.0]), "b": rt.tensor([[3]]), "c": rt.tensor([True])}, {"k": "v"})

sizes = st.one_of(
    st.integers(0, 9), st.integers(-(1 << 65), 1 << 65), st.floats(), st.none(), st.booleans(), st.text(max_size=3)
)
entries = st.one_of(
    st.fixed_dictionaries(
        {},
        optional={
            "dtype": st.sampled_from(["F32", "F64", "I64", "BOOL", "U8", "F4", "X", "", 5, None]),
            "shape": st.one_of(st.lists(sizes, max_size=4), sizes),
            "data_offsets": st.one_of(st.lists(sizes, min_size=2, max_size=2), sizes),
            "more": sizes,
        },
    ),
    sizes,
)


@settings(max_examples=300)
@given(
    st.dictionaries(st.one_of(st.text(max_size=3), st.just("__metadata__")), entries, max_size=4),
    st.binary(max_size=40),
)
def test_any_header(header: dict[str, Any], data: bytes) -> None:
    check(file_of(json.dumps(header).encode(), data))


@settings(max_examples=300)
@given(st.data())
def test_headers_that_are_nearly_right(data: Any) -> None:
    """One number of a good header is another one."""
    header, end = {}, 0
    for name in data.draw(st.lists(st.sampled_from("abcdef"), unique=True, min_size=1)):
        dtype, shape = data.draw(st.sampled_from([*BITS])), data.draw(st.lists(st.integers(0, 4), max_size=3))
        start, end = end, end + -(-math.prod(shape) * BITS[dtype] // 8)
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [start, end]}
    numbers = [numbers for entry in header.values() for numbers in (entry["shape"], entry["data_offsets"]) if numbers]
    chosen = data.draw(st.sampled_from(numbers))
    place = data.draw(st.integers(0, len(chosen) - 1))
    chosen[place] += data.draw(st.sampled_from([0, 0, 1, -1, 4, 8, 1 << 31, 1 << 62, 1 << 63, 1 << 64]))
    size = max(0, end + data.draw(st.sampled_from([0, 0, 0, 1, -1, 8])))
    check(file_of(dict(data.draw(st.permutations([*header.items()]))), bytes(size)))


@settings(max_examples=300)
@given(st.data())
def test_damaged_files(data: Any) -> None:
    content = bytearray(GOOD)
    for _ in range(data.draw(st.integers(0, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(content)))
    check(bytes(content[:cut] if data.draw(st.booleans()) else content) + data.draw(st.binary(max_size=3)))


@given(st.binary(max_size=60))
@example(file_of(b'{"a":{"dtype":"BOOL","shape":[],"data_offsets":[0,1]}}', b"\1"))
def test_any_bytes(data: bytes) -> None:
    check(data)
    check(file_of(data))
    check(file_of(b"{" + data))


STRICTER = "there twice|begins with|overflows 63 bits|at most 64 dimensions|and tensors are|other bytes than 0 and 1"


def check(data: bytes) -> None:
    """Read, or refused with our error; and where there is the format's own library, as it does, but for known cases."""
    try:
        read = load(data)
    except rt.FileFormatError as error:
        assert str(error).startswith("the data: ")
        read, refusal = None, str(error)
    except (rt.LibraryMissingError, rt.NoUpstreamError):
        return  # a good file, with a dtype of the native tier
    library = installed()
    if library is None:
        return
    try:
        theirs = dict(library.deserialize(data))
    except library.SafetensorError:
        assert read is None
        return
    if read is None:
        assert any(words in refusal for words in STRICTER.split("|")), refusal
    else:
        assert {name: list(tensor.shape) for name, tensor in read.items()} == {
            name: one["shape"] for name, one in theirs.items()
        }


def installed() -> Any:
    try:
        return importlib.import_module("safetensors")
    except ModuleNotFoundError:
        return None
