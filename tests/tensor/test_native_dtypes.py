"""Parts of tensors whose dtypes only the native tier has: Python moves their elements, and computes with none."""

from __future__ import annotations

import gc
from collections.abc import Callable
from typing import Any

import pytest

import rt_torch as rt
from rt_torch_bindings import functions

pytestmark = pytest.mark.usefixtures("native", "settled", "no_handle_left")

DTYPES = ("f16", "bf16", "i32", "i16", "i8", "u8")
INTEGERS = DTYPES[2:]
LIMITS = {"i32": (-(1 << 31), (1 << 31) - 1), "i16": (-32768, 32767), "i8": (-128, 127), "u8": (0, 255)}

KEYS: list[Any] = [
    *(0, -1, (1, 2), (..., 1), None, (None, 1), slice(1, None), (slice(None), slice(None, None, 2)), (), ...),
    *((slice(2, 2), 1), [1, 0, 1], ([0, 1], [2, 0]), ([True, False], 1), [[0], [1]], (slice(None), [2, 2])),
]


@pytest.fixture(params=DTYPES)
def dtype(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


def cells(dtype: str) -> rt.Tensor:
    return rt.tensor([[0, 1, 2], [3, 4, 5]]).to(dtype)


@pytest.fixture
def views(native: None) -> None:
    """Skips where libtorch copies what it is to see."""
    if functions.wrap_copies():
        pytest.skip("this libtorch has no views of Python's memory")


@pytest.mark.usefixtures("views")
class TestParts:
    @pytest.mark.parametrize("key", KEYS, ids=str)
    def test_as_of_other_dtypes(self, dtype: str, key: Any) -> None:
        x, same = cells(dtype), cells("f64")
        part = x[key]
        assert (part.dtype, part.residency) == (dtype, "native")
        assert (part.shape, part.tolist()) == (same[key].shape, same[key].tolist())
        assert (part + part).tolist() == (same[key] + same[key]).tolist()

    def test_of_a_view(self, dtype: str) -> None:
        assert cells(dtype).T[1:][..., 1].tolist() == [4, 5]
        assert cells(dtype)[1][1:][0].item() == 4

    def test_views_share_the_memory(self, dtype: str) -> None:
        x = cells(dtype)
        row = x[1]
        row[0] = 9
        x[1, 1] = 8
        assert (x.tolist(), row.tolist()) == ([[0, 1, 2], [9, 8, 5]], [9, 8, 5])

    def test_lists_give_copies(self, dtype: str) -> None:
        x = cells(dtype)
        x[[1]][0, 0] = 9
        assert x.tolist() == cells("i64").tolist()

    def test_views_keep_the_memory(self, dtype: str) -> None:
        part = cells(dtype)[1:][0]
        gc.collect()
        assert part.tolist() == [3, 4, 5]

    def test_iteration(self, dtype: str) -> None:
        assert [[element.item() for element in row] for row in cells(dtype)] == [[0, 1, 2], [3, 4, 5]]

    def test_no_step_goes_backwards(self, dtype: str) -> None:
        with pytest.raises(rt.BadArgumentError, match=f"dtype {dtype} has no such view, as libtorch has no steps back"):
            cells(dtype)[::-1]

    def test_a_libtorch_that_copies_gives_no_views(self, dtype: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(functions, "wrap_copies", lambda: True)
        with pytest.raises(
            rt.BadArgumentError, match=f"dtype {dtype} has no such view, as this libtorch would copy it"
        ):
            cells(dtype)[0]
        assert cells(dtype)[[0]].tolist() == [[0, 1, 2]]

    def test_bad_keys(self, dtype: str) -> None:
        with pytest.raises(IndexError, match="index 2 is out of range"):
            cells(dtype)[2]
        with pytest.raises(TypeError, match="an index is an integer"):
            cells(dtype)["a"]

    def test_nothing_is_counted_as_a_copy(self, dtype: str) -> None:
        x = cells(dtype)
        before = rt.get_transfers().copies
        x[0][1:]
        assert rt.get_transfers().copies == before


class TestAssignment:
    @pytest.mark.parametrize("key", [key for key in KEYS if key is not None], ids=str)
    def test_of_a_number(self, dtype: str, key: Any) -> None:
        x, same = cells(dtype), cells("f64")
        x[key] = same[key] = 7
        assert (x.dtype, x.tolist()) == (dtype, same.tolist())

    @pytest.mark.parametrize("made", [list, rt.tensor])
    @pytest.mark.parametrize("value", [[7, 8, 9], [[7], [8]], [8.0]], ids=str)
    def test_of_lists_and_tensors(self, dtype: str, made: Callable[[Any], Any], value: Any) -> None:
        x, same = cells(dtype), cells("f64")
        x[...] = same[...] = made(value)
        assert x.tolist() == same.tolist()

    def test_of_its_own_part(self, dtype: str) -> None:
        x = cells(dtype)
        x[:, 1:] = x[:, :2] if not functions.wrap_copies() else rt.tensor([[0, 1], [3, 4]])
        assert x.tolist() == [[0, 0, 1], [3, 3, 4]]

    def test_numbers_become_the_dtypes(self) -> None:
        for dtype, number, becomes in (("f16", 0.1, 0.0999755859375), ("bf16", 0.1, 0.10009765625), ("i8", 1.75, 1)):
            x = cells(dtype)
            x[0, 0] = number
            assert x[0, 0].item() == becomes

    def test_what_does_not_fit(self, dtype: str) -> None:
        with pytest.raises(rt.BadArgumentError, match="does not broadcast"):
            cells(dtype)[0] = [1, 2]

    @pytest.mark.parametrize("dtype", INTEGERS)
    def test_no_integer_wraps_around(self, dtype: str) -> None:
        x, (low, high) = cells(dtype), LIMITS[dtype]
        x[0, :2] = [low, high]
        assert x[0].tolist() == [low, high, 2]
        for number in (low - 1, high + 1, 1 << 40):
            with pytest.raises(rt.BadArgumentError, match=f"{dtype} has no such number; given {number} "):
                x[1, 0] = number
        assert x[1].tolist() == [3, 4, 5]


@pytest.mark.parametrize("dtype", INTEGERS)
def test_tensors_are_made_of_what_the_dtype_has(dtype: str) -> None:
    low, high = LIMITS[dtype]
    assert rt.tensor([[low], [high]], dtype=dtype).tolist() == [[low], [high]]
    assert rt.from_data([low, high], [2], dtype=dtype).tolist() == [low, high]
    for number in (low - 1, high + 1):
        problem = f"argument `data`: {dtype} has no such number; given {number} "
        for function in (lambda n: rt.tensor(n, dtype=dtype), lambda n: rt.from_data([0, n], [2], dtype=dtype)):
            with pytest.raises(rt.BadArgumentError, match=problem):
                function(number)


class TestMemory:
    @pytest.mark.parametrize("dtype", INTEGERS)
    def test_of_integers(self, dtype: str) -> None:
        x = cells(dtype)
        memory = x.memoryview()
        assert (memory.tolist(), memory.shape) == ([[0, 1, 2], [3, 4, 5]], (2, 3))
        memory[0, 0] = 100
        assert x.tolist()[0][0] == 100

    @pytest.mark.parametrize("dtype", ["f16", "bf16"])
    def test_no_format_for_half_precision(self, dtype: str) -> None:
        with pytest.raises(rt.BadArgumentError, match=f"a memoryview has no format for {dtype}: convert it with"):
            cells(dtype).memoryview()
