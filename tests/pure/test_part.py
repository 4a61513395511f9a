"""Indices that are kept, parts that are put back where they were, and writes that are counted."""

from __future__ import annotations

from array import array
from typing import Any

import pytest

from rt_torch import pure
from rt_torch.pure.part import frozen, put_back
from rt_torch.pure.storage import last_write, writes_of

KEYS = [
    1,
    -1,
    (0, 2),
    slice(None),
    (slice(None, None, -2), 1),
    ...,
    (None, ..., 0),
    [1, 0, 1],
    ([0, 1], [2, 2]),
    (slice(None), [0, 0, 2]),
    [[True, False, False], [False, True, True]],
    (True, 0),
    [],
]


class TestFrozen:
    @pytest.mark.parametrize("key", KEYS)
    def test_it_means_the_same(self, key: Any) -> None:
        x = pure.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
        kept = frozen(key)
        assert x[kept].tolist() == x[key].tolist()
        assert x[frozen(kept)].tolist() == x[key].tolist()

    def test_it_goes_on_to_mean_the_same(self) -> None:
        x, places, mask = pure.arange(0, 4, 1, "f64", "cpu"), [1, 2], pure.tensor([True, False, False, True])
        number, memory = pure.tensor(1), array("q", [3, 0])
        kept = [frozen(key) for key in (places, mask, slice(number, None), number, memory)]
        before = [x[key].tolist() for key in kept]
        places[0], mask[0], number[()], memory[0] = 0, False, 0, 0
        assert [x[key].tolist() for key in kept] == before == [[1, 2], [0, 3], [1, 2, 3], 1, [3, 0]]

    def test_what_is_no_index(self) -> None:
        with pytest.raises(TypeError, match="an index is"):
            frozen(("x",))


class TestPutBack:
    @pytest.mark.parametrize("key", KEYS)
    @pytest.mark.parametrize("dtype", ["f64", "f32"])
    @pytest.mark.parametrize("in_memory", [False, True])
    def test_each_place_gets_the_sum_of_what_was_taken_from_it(self, key: Any, dtype: str, in_memory: bool) -> None:
        places = pure.tensor([[0, 1, 2], [3, 4, 5]])
        taken = places[key]
        part = pure.to_dtype(taken, dtype) * 0.5 + 1.0
        part = pure.to_dtype(part, dtype)
        if in_memory:
            part.buffer()
        sums = [0.0] * 6
        for place, value in zip(pure.to_data_i64(taken), pure.values(part), strict=True):
            sums[place] += value
        whole = put_back(part, (2, 3), frozen(key))
        assert (whole.shape, whole.dtype, whole.is_contiguous()) == ((2, 3), dtype, True)
        assert [*pure.values(whole)] == sums

    def test_a_part_in_any_order(self) -> None:
        part = pure.tensor([[1.0, 2.0], [3.0, 4.0]]).T
        assert put_back(part, (2, 2), frozen(slice(None, None, -1))).tolist() == [[2.0, 4.0], [1.0, 3.0]]
        assert put_back(part, (3, 2), frozen([2, 2])).tolist() == [[0.0, 0.0], [0.0, 0.0], [3.0, 7.0]]

    def test_sums_of_f32_are_rounded(self) -> None:
        part = pure.tensor([16777216.0, 1.0], "f32")
        assert put_back(part, (1,), frozen([0, 0])).tolist() == [16777216.0]

    def test_no_element(self) -> None:
        assert put_back(pure.zeros([0], "f64", "cpu"), (2,), frozen([])).tolist() == [0.0, 0.0]
        assert put_back(pure.zeros([0], "f64", "cpu"), (0,), frozen(slice(None))).tolist() == []


class TestWrites:
    @pytest.mark.parametrize(
        "write",
        [
            lambda x: x.__setitem__((0, 0), 5.0),
            lambda x: x.__setitem__(0, 5.0),
            lambda x: x.__setitem__([0, 1], 5.0),
            lambda x: x.set([0, 0], 5.0),
            lambda x: x.T[0].__setitem__(0, 5.0),
        ],
    )
    @pytest.mark.parametrize("in_memory", [False, True])
    def test_each_is_counted_for_its_storage(self, write: Any, in_memory: bool) -> None:
        x, other = pure.zeros([2, 2], "f64", "cpu"), pure.zeros([2, 2], "f64", "cpu")
        if in_memory:
            x.buffer()
        before, writes = last_write(), writes_of(x._cell)
        write(x)
        assert writes.last == last_write() == before + 1
        assert writes_of(x.T._cell) is writes
        assert writes_of(other._cell).last == 0
        write(x)
        assert writes.last == last_write() == before + 2

    def test_what_fails_is_none(self) -> None:
        x = pure.zeros([2], "f64", "cpu")
        before = last_write()
        for bad in (lambda: x.__setitem__(5, 1.0), lambda: x.__setitem__(0, "x"), lambda: x.set([9], 1.0)):
            with pytest.raises((IndexError, TypeError)):
                bad()
        assert last_write() == before
