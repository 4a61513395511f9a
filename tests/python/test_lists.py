"""Lists of handles, through every loader."""

from __future__ import annotations

import threading
from array import array
from typing import Any

import pytest

from rt_torch.errors import ArgumentTypeError, BadArgumentError, InvalidHandleError


def vectors(f: Any, count: int) -> list[int]:
    return [f.from_data_f64([float(at)], [1]) for at in range(count)]


def taken(f: Any, handle: int) -> list[float]:
    elements = list(f.to_data_f64(handle))
    f.free(handle)
    return elements


@pytest.fixture(autouse=True)
def no_handle_left(f: Any) -> Any:
    before = f.live_handles()
    yield
    assert f.live_handles() == before


@pytest.mark.parametrize("count", [1, 2, 16, 17, 1000])
def test_as_many_as_there_are(f: Any, count: int) -> None:
    handles = vectors(f, count)
    expected = [float(at) for at in range(count)]
    for given in (handles, tuple(handles), array("q", handles)):
        assert taken(f, f.cat(given, 0)) == expected
        assert taken(f, f.stack(given, 1)) == expected
    for handle in handles:
        f.free(handle)


def test_one_of_them_several_times(f: Any) -> None:
    (handle,) = vectors(f, 1)
    assert taken(f, f.cat([handle] * 40, 0)) == [0.0] * 40
    f.free(handle)


@pytest.mark.parametrize("place", [0, 1, 20])
def test_one_that_is_no_live_handle_is_told_with_its_place(f: Any, place: int) -> None:
    handles = vectors(f, 21)
    f.free(handles[place])
    with pytest.raises(
        InvalidHandleError, match=rf"rt_torch_cat: argument `tensors\[{place}\]`: {handles[place]} is no"
    ):
        f.cat(handles, 0)
    for bad in (0, -1, 12345678):
        with pytest.raises(
            InvalidHandleError, match=rf"rt_torch_stack: argument `tensors\[{place}\]`: {bad} is no live"
        ):
            f.stack([*handles[:place], bad, *handles[place + 1 :]], 0)
    del handles[place]
    for handle in handles:
        f.free(handle)


def test_what_is_no_list_of_handles(f: Any) -> None:
    for bad in (None, 3, "ab", [1.5], ["1"], [None], b"12345678"):
        with pytest.raises(ArgumentTypeError, match="rt_torch_cat: argument `tensors`: "):
            f.cat(bad, 0)
    with pytest.raises(BadArgumentError, match=r"element 0 is 18446744073709551616 \(int\), which is not in the range"):
        f.cat([1 << 64], 0)


def test_shapes_that_do_not_fit_are_told_with_their_places(f: Any) -> None:
    handles = [*vectors(f, 2), f.from_data_f64([1.0, 2.0], [2])]
    with pytest.raises(
        BadArgumentError, match=r"arguments `tensors\[0\]` and `tensors\[2\]`: the shapes are \[1\] and \[2\]"
    ):
        f.stack(handles, 0)
    for handle in handles:
        f.free(handle)


def test_they_may_be_freed_during_the_call(f: Any) -> None:
    """The call either has all of them or says which one is gone."""
    for _ in range(50):
        handles = vectors(f, 50)
        threads = [threading.Thread(target=f.free, args=(handle,)) for handle in handles[::10]]
        for thread in threads:
            thread.start()
        try:
            assert taken(f, f.cat(handles, 0)) == [float(at) for at in range(50)]
        except InvalidHandleError as error:
            assert "argument `tensors[" in str(error)
        for thread in threads:
            thread.join()
        for at, handle in enumerate(handles):
            if at % 10:
                f.free(handle)
