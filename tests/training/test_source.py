"""Where batches come from, and where the next one is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import rt_torch as rt
from rt_torch.training.source import Place, Source, samples

Numbers = list[list[int]]


def loader(**options: Any) -> rt.data.DataLoader:
    return rt.data.DataLoader(rt.arange(10), rt.arange(10), **{"batch_size": 3, "seed": 1, **options})


def seen(source: Source, most: int = 99) -> Numbers:
    """What the next batches have, of which each is done with."""
    found = []
    for (x, _), _ in zip(source.batches(), range(most), strict=False):
        source.done()
        found.append(x.tolist())
    return found


class Untold:
    """Data that does not tell where it stands."""

    def __iter__(self) -> Iterator[tuple[rt.Tensor, ...]]:
        return iter(loader())


@given(st.integers(0, 4), st.booleans(), st.booleans())
def test_the_rest_of_an_epoch_begins_where_it_was_left(done: int, tells: bool, failed: bool) -> None:
    """Whether all that was handed out is done with or not."""

    def data() -> Any:
        return loader() if tells else Untold()

    whole = seen(Source("here", data()))
    source = Source("here", data())
    batches = source.batches()
    for _ in range(done):
        next(batches)
        source.done()
    if failed and done < 4:
        next(batches)
    other = Source("here", data())
    other.go_to(source.place())
    assert seen(other) == whole[done:]
    again = Source("here", data())
    again.go_to(other.place())  # the epoch is under way until it is said to be over
    assert seen(again) == []


def test_epochs_follow_each_other() -> None:
    source = Source("here", loader())
    twice = []
    for _ in range(2):
        twice.append(seen(source))
        source.end_epoch()
    expected = loader()
    assert twice == [[x.tolist() for x, _ in expected] for _ in range(2)]
    assert source.place() == Place(expected.state_dict(), 0)
    assert len(source) == 4


def test_a_loader_that_was_left_early_begins_anew() -> None:
    data = loader()
    next(iter(data))
    source = Source("here", data)
    assert source.place().state["sample"] == 0
    next(source.batches())  # which is not done with
    other = Source("here", loader())
    other.go_to(source.place())
    assert seen(other) == [x.tolist() for x, _ in loader()]


def test_what_was_put_stays_until_it_is_used() -> None:
    source = Source("here", Untold())
    source.go_to(Place(None, 2))
    assert source.place() == Place(None, 2)
    told = Source("here", loader())
    told.go_to(Place(loader().state_dict(), 2))
    assert told.place() == Place(loader().state_dict(), 2)


@pytest.mark.parametrize(
    ("data", "count"), [((rt.ones([2]), rt.ones([2])), 1), ([], 0), (loader(), 4), (Untold(), 0), (iter([]), 0)]
)
def test_how_many_batches_there_are(data: Any, count: int) -> None:
    assert len(Source("here", data)) == count


@pytest.mark.parametrize(
    ("batch", "count"), [(rt.ones([3, 2]), 3), (rt.ones([]), 1), ([1, 2], 1), (5, 1), (rt.ones([0, 2]), 0)]
)
def test_how_many_samples_a_batch_has(batch: Any, count: int) -> None:
    assert samples(batch) == count
