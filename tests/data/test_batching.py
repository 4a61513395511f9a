"""Some samples at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import rt_torch as rt
from rt_torch.data import DataLoader, batches, permutation

Batches = list[list[Any]]


def seen(epoch: Any) -> Batches:
    """The batches of one epoch, as lists."""
    return [[part.tolist() for part in batch] for batch in epoch]


# batches.


def test_the_last_batch_is_short() -> None:
    x, y = rt.tensor([[1, 2], [3, 4], [5, 6]]), rt.tensor([0.0, 1.0, 0.0])
    assert seen(batches(x, y, batch_size=2)) == [[[[1, 2], [3, 4]], [0, 1]], [[[5, 6]], [0]]]
    assert seen(batches(x, y, batch_size=2, drop_last=True)) == [[[[1, 2], [3, 4]], [0, 1]]]
    assert seen(batches(x, y, batch_size=5, drop_last=True)) == []
    assert seen(batches(x, batch_size=32)) == [[[[1, 2], [3, 4], [5, 6]]]]
    assert seen(batches(rt.zeros([0, 2]))) == []


@given(st.integers(0, 40), st.integers(1, 50), st.booleans())
def test_every_sample_is_in_one_batch(count: int, size: int, drop_last: bool) -> None:
    parts = [batch[0].tolist() for batch in batches(rt.arange(count), batch_size=size, drop_last=drop_last)]
    assert all(len(part) == size for part in parts[:-1])
    kept = count - count % size if drop_last else count
    assert [number for part in parts for number in part] == list(range(kept))


def test_a_batch_is_a_copy(resident: Callable[[rt.Tensor], rt.Tensor]) -> None:
    x = resident(rt.from_buffer(memoryview(bytearray(32)).cast("d")))
    for (batch,) in batches(x, batch_size=2):
        batch[0] = 7.0
    assert x.tolist() == [0, 0, 0, 0]


@pytest.mark.parametrize("size", [0, -1, 1.5, None, "2"])
def test_bad_sizes_are_told_at_once(size: Any) -> None:
    with pytest.raises(rt.BadArgumentError, match=r"batches: argument `batch_size`"):
        batches([1, 2], batch_size=size)
    with pytest.raises(rt.BadArgumentError, match=r"DataLoader: argument `batch_size`"):
        DataLoader([1, 2], batch_size=size)


def test_gradients_pass_through() -> None:
    """What wants gradients is indexed as any tensor is."""
    x = rt.tensor([[1.0], [2.0]], requires_grad=True)
    ((batch,),) = batches(x, batch_size=2)
    assert batch.tolist() == [[1], [2]]


# DataLoader.


def test_each_epoch_has_an_order_of_its_own() -> None:
    loader = DataLoader(rt.arange(5), batch_size=2, seed=3)
    assert len(loader) == 3
    for epoch in range(3):
        assert loader.epoch == epoch
        order = permutation(5, 3, epoch)
        assert seen(loader) == [[order[:2]], [order[2:4]], [order[4:]]]
    assert repr(loader) == ("DataLoader(5 samples, batch_size=2, shuffle=True, seed=3, drop_last=False, epoch=3)")


def test_without_shuffling() -> None:
    loader = DataLoader([1, 2, 3], [4, 5, 6], batch_size=2, shuffle=False)
    assert seen(loader) == seen(loader) == [[[1, 2], [4, 5]], [[3], [6]]]
    assert loader.epoch == 2


@pytest.mark.parametrize(("count", "size", "long", "short"), [(5, 2, 3, 2), (4, 2, 2, 2), (0, 3, 0, 0), (2, 3, 1, 0)])
def test_length(count: int, size: int, long: int, short: int) -> None:
    for drop_last, length in ((False, long), (True, short)):
        loader = DataLoader(rt.zeros([count]), batch_size=size, drop_last=drop_last)
        assert len(loader) == length == len(list(loader))


def test_an_epoch_left_early_begins_anew() -> None:
    loader = DataLoader(rt.arange(6), batch_size=2)
    first = next(iter(loader))[0].tolist()
    assert loader.epoch == 0
    assert seen(loader)[0] == [first]
    assert loader.epoch == 1


def test_an_epoch_can_be_set() -> None:
    loader, other = DataLoader(rt.arange(6), batch_size=2), DataLoader(rt.arange(6), batch_size=2)
    _ = seen(loader), seen(loader)
    other.epoch = 2
    assert seen(other) == seen(loader)


@given(
    count=st.integers(0, 20),
    size=st.integers(1, 7),
    shuffle=st.booleans(),
    drop_last=st.booleans(),
    epochs=st.integers(0, 2),
    stop=st.integers(0, 20),
)
def test_a_resumed_loader_goes_on_with_the_very_next_batch(
    count: int, size: int, shuffle: bool, drop_last: bool, epochs: int, stop: int
) -> None:
    x = rt.arange(count)
    first = DataLoader(x, batch_size=size, shuffle=shuffle, seed=9, drop_last=drop_last)
    for _ in range(epochs):
        assert seen(first) is not None
    rest = iter(first)
    for _ in range(min(stop, len(first))):
        next(rest)
    state = first.state_dict()
    assert all(type(number) is int for number in state.values())
    second = DataLoader(x, batch_size=size, shuffle=shuffle, drop_last=drop_last)
    second.load_state_dict(state)
    assert second.state_dict() == state
    assert seen(second) == seen(rest)
    assert second.state_dict() == first.state_dict()
    assert seen(second) == seen(first)


def test_a_state_is_that_between_two_batches() -> None:
    loader = DataLoader(rt.arange(6), batch_size=4)
    states = [loader.state_dict()]
    for _ in loader:
        states.append(loader.state_dict())
    states.append(loader.state_dict())
    assert [(state["epoch"], state["sample"]) for state in states] == [(0, 0), (0, 4), (0, 6), (1, 0)]


def test_resuming_with_another_batch_size_sees_each_sample_once() -> None:
    first = DataLoader(rt.arange(10), batch_size=4, seed=1)
    rest = iter(first)
    taken = next(rest)[0].tolist()
    second = DataLoader(rt.arange(10), batch_size=3)
    second.load_state_dict(first.state_dict())
    assert taken + [number for (part,) in seen(second) for number in part] == permutation(10, 1)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"count": 4}, "it is of 4 samples, and here are 3"),
        ({"sample": -1}, "sample is -1"),
        ({"sample": 4}, "sample is 4"),
        ({"epoch": None}, "epoch"),
        ({"more": 0}, "a dictionary of count, seed, epoch, sample is expected"),
    ],
)
def test_bad_states(change: dict[str, Any], message: str) -> None:
    loader = DataLoader(rt.arange(3), seed=5)
    before = loader.state_dict()
    with pytest.raises(rt.BadArgumentError, match=message):
        loader.load_state_dict(before | change)
    assert loader.state_dict() == before


def test_memory_is_not_moved_for_each_batch(native: None) -> None:
    """Batches of memory are memory, which libtorch computes with as it is."""
    x = rt.from_buffer(memoryview(bytearray(8 * 64)).cast("d"), (32, 2))
    rt.reset_stats()
    with rt.acceleration("native"):
        for (batch,) in DataLoader(x, batch_size=8):
            assert batch.sum().item() == 0
    assert rt.get_transfers().copies == 0


def test_both_tiers_have_the_same_batches(resident: Callable[[rt.Tensor], rt.Tensor]) -> None:
    x = resident(rt.tensor([[float(number), -1.0] for number in range(7)]))
    assert seen(DataLoader(x, batch_size=3, seed=2)) == [
        [[[float(place), -1.0] for place in permutation(7, 2)[start : start + 3]]] for start in (0, 3, 6)
    ]
