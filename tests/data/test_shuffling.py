"""Orders that are functions of seed and epoch."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rt_torch as rt
from rt_torch.data import Shuffle, permutation, shuffle
from rt_torch.pure import philox

seeds = st.integers(-(1 << 63), (1 << 64) - 1)


def test_known_orders() -> None:
    """These may never change: a run that is resumed goes on with them."""
    assert permutation(6, 42) == [0, 3, 1, 2, 5, 4]
    assert permutation(6, 42, epoch=1) == [1, 4, 5, 2, 3, 0]
    assert permutation(10) == [1, 7, 6, 2, 5, 9, 0, 4, 8, 3]
    assert permutation(5000, -1, 1 << 40)[:6] == [3281, 4343, 2893, 3646, 1161, 1952]


@given(st.integers(0, 3000), seeds, st.integers(0, (1 << 63) - 1))
def test_every_number_is_there_once(count: int, seed: int, epoch: int) -> None:
    order = permutation(count, seed, epoch)
    assert sorted(order) == list(range(count))
    assert order == permutation(count, seed, epoch)


@settings(max_examples=20)
@given(st.integers(2, 1500), seeds, st.integers(0, 100))
def test_it_is_fisher_and_yates_over_philox(count: int, seed: int, epoch: int) -> None:
    order = list(range(count))
    key = (seed & 0xFFFFFFFF, seed >> 32 & 0xFFFFFFFF)
    for step, place in enumerate(range(count - 1, 0, -1)):
        ((a, b, c, d),) = philox.blocks([(step // 2, epoch, 0, 0x53485546)], key)
        number = (d << 32 | c) if step % 2 else (b << 32 | a)
        other = number * (place + 1) >> 64
        order[place], order[other] = order[other], order[place]
    assert permutation(count, seed, epoch) == order


def test_each_order_is_as_likely() -> None:
    seen = Counter(tuple(permutation(4, seed, epoch)) for seed in range(60) for epoch in range(80))
    assert len(seen) == math.factorial(4)
    expected = 4800 / 24
    assert (
        sum((count - expected) ** 2 / expected for count in seen.values()) < 49.7
    )  # chi square, 23 degrees, p = 0.001


def test_no_number_is_one_of_randn() -> None:
    assert permutation(100, 0) != permutation(100, 1) != permutation(100, 0, 1)
    rt.manual_seed(0)
    before = rt.randn([4]).tolist()
    rt.manual_seed(0)
    permutation(100, 0)
    assert rt.randn([4]).tolist() == before


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((-1,), "argument `count`: -1 was given"),
        (((1 << 32) + 1,), "at most 2"),
        ((1.5,), "argument `count`"),
        (("3",), "argument `count`"),
        ((3, 1 << 64), "argument `seed`"),
        ((3, None), "argument `seed`"),
        ((3, 0, -1), "argument `epoch`: -1 was given"),
    ],
)
def test_bad_arguments(arguments: tuple[Any, ...], message: str) -> None:
    with pytest.raises(rt.BadArgumentError, match=rf"rt\.data\.permutation: {message}|{message}"):
        permutation(*arguments)


# Shuffle.


def test_a_shuffle_gives_one_order_after_the_other() -> None:
    orders = Shuffle(6, seed=42)
    assert [next(orders), next(orders)] == [permutation(6, 42), permutation(6, 42, 1)]
    assert orders.epoch == 2
    assert repr(orders) == "Shuffle(count=6, seed=42, epoch=2)"
    assert iter(orders) is orders


@given(st.integers(0, 50), seeds, st.integers(0, 5))
def test_a_shuffle_goes_on_where_it_stood(count: int, seed: int, epochs: int) -> None:
    first = Shuffle(count, seed)
    for _ in range(epochs):
        next(first)
    state = first.state_dict()
    assert all(-(1 << 63) <= number < 1 << 63 for number in state.values())
    second = Shuffle(count, seed=7)
    second.load_state_dict(state)
    assert [next(first) for _ in range(3)] == [next(second) for _ in range(3)]


@pytest.mark.parametrize(
    ("state", "message"),
    [
        ({}, "a dictionary of count, seed, epoch is expected"),
        (None, "a dictionary of count, seed, epoch is expected"),
        ({"count": 3, "seed": 0, "epoch": 0, "more": 1}, "a dictionary of count"),
        ({"count": 4, "seed": 0, "epoch": 0}, "it is of 4 samples, and here are 3"),
        ({"count": 3, "seed": 0, "epoch": -1}, "epoch is -1"),
        ({"count": 3, "seed": "0", "epoch": 1}, "seed"),
        ({"count": 3, "seed": 0, "epoch": 0.5}, "epoch"),
    ],
)
def test_bad_states(state: Any, message: str) -> None:
    orders = Shuffle(3, seed=5)
    with pytest.raises(rt.BadArgumentError, match=message):
        orders.load_state_dict(state)
    assert orders.state_dict() == {"count": 3, "seed": 5, "epoch": 0}


# shuffle.


def test_tensors_keep_together(resident: Callable[[rt.Tensor], rt.Tensor]) -> None:
    x = resident(rt.tensor([[1, 2], [3, 4], [5, 6], [7, 8], [9, 10], [11, 12]]))
    y = resident(rt.tensor([0.0, 1.0, 0.0, 1.0, 0.0, 1.0]))
    shuffled_x, shuffled_y = shuffle(x, y, seed=42)
    order = permutation(6, 42)
    assert shuffled_x.tolist() == [x[place].tolist() for place in order]
    assert shuffled_y.tolist() == [y[place].item() for place in order]
    assert (shuffled_x.dtype, shuffled_y.dtype) == ("i64", "f64")
    assert x.tolist()[0] == [1, 2]


def test_a_single_tensor_comes_as_it_is() -> None:
    shuffled = shuffle([1, 2, 3], seed=1)
    assert isinstance(shuffled, rt.Tensor)
    assert sorted(shuffled.tolist()) == [1, 2, 3]


def test_what_is_shuffled_is_a_copy(resident: Callable[[rt.Tensor], rt.Tensor]) -> None:
    x = resident(rt.ones([3]))
    shuffle(x)[0] = 5.0
    assert x.tolist() == [1, 1, 1]


@pytest.mark.parametrize("dtype", ["f64", "f32", "i64", "bool"])
@pytest.mark.parametrize("shape", [(0,), (0, 3), (1,), (3, 0), (3, 2, 2)])
def test_shapes_and_dtypes(shape: tuple[int, ...], dtype: str, resident: Callable[[rt.Tensor], rt.Tensor]) -> None:
    x = resident(rt.ones(shape, dtype=dtype))
    shuffled = shuffle(x)
    assert (shuffled.shape, shuffled.dtype, shuffled.tolist()) == (shape, dtype, x.tolist())


@pytest.mark.parametrize("dtype", ["f16", "bf16", "i32", "i16", "i8", "u8"])
def test_dtypes_of_the_native_tier(native: None, dtype: str) -> None:
    x = rt.tensor([[1, 2, 3], [4, 5, 6]]).to(dtype)
    for samples in (x, x.T, x[1:]):
        shuffled = shuffle(samples, seed=3)
        rows = samples.tolist()
        assert shuffled.dtype == dtype
        assert shuffled.tolist() == [rows[place] for place in permutation(len(rows), 3)]


@pytest.mark.parametrize("view", ["transposed", "backwards", "part"])
def test_views(view: str, resident: Callable[[rt.Tensor], rt.Tensor]) -> None:
    x = resident(rt.from_buffer(memoryview(bytearray(range(64))).cast("q"), (4, 2)))
    x = {"transposed": x.T, "backwards": x[::-1], "part": x[1:, 1]}[view]
    rows = x.tolist()
    assert shuffle(x, seed=3).tolist() == [rows[place] for place in permutation(len(rows), 3)]


def test_different_numbers_of_samples() -> None:
    with pytest.raises(rt.BadArgumentError, match=r"rt\.data\.shuffle: tensor 0 has 2 samples, and tensor 1 has 3"):
        shuffle([1, 2], [1, 2, 3])
    with pytest.raises(rt.BadArgumentError, match=r"rt\.data\.shuffle: at least one tensor"):
        shuffle()  # type: ignore[call-overload]
    with pytest.raises(rt.BadArgumentError, match="tensor 1 is a single number"):
        shuffle([1], 3)
    with pytest.raises(rt.BadArgumentError, match="seed"):
        shuffle([1], [2], seed=1 << 64)
