"""x[key] on a GPU gives, sets and derives what it does on the CPU."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import rt_torch as rt

pytestmark = [pytest.mark.gpu, pytest.mark.usefixtures("settled", "no_handle_left")]

few = settings(max_examples=60, deadline=None, derandomize=True, database=None, suppress_health_check=[*HealthCheck])

KEYS: list[Any] = [
    0,
    -1,
    (1, 2),
    slice(None),
    slice(1, None, 2),
    slice(None, None, -1),
    (slice(None), slice(None, None, 2)),
    (..., -1),
    None,
    (None, 1, None),
    [0, 2, 0],
    (slice(1, 3), [1, 0]),
    ([0, 1], [2, 3]),
    [[0, 1], [2, 2]],
    [True, False, True],
    (1, [True, False, False, True]),
    [],
    (slice(0, 0), 1),
]


def numbers() -> rt.Tensor:
    return rt.arange(12, dtype="f64").reshape([3, 4])


@pytest.mark.parametrize("key", KEYS, ids=str)
@pytest.mark.parametrize("turned", [False, True], ids=["contiguous", "transposed"])
def test_a_part(key: Any, turned: bool, alike: Callable[..., None]) -> None:
    here = numbers() if not turned else numbers().reshape([4, 3]).T
    there = numbers().cuda() if not turned else numbers().reshape([4, 3]).cuda().T
    alike(there[key], here[key])
    assert there[key].device == "cuda:0"


@pytest.mark.parametrize("key", KEYS, ids=str)
@pytest.mark.parametrize("turned", [False, True], ids=["contiguous", "transposed"])
def test_setting_a_part(key: Any, turned: bool, alike: Callable[..., None]) -> None:
    here, there = numbers(), numbers().cuda()
    seen_here, seen_there = (here.reshape([4, 3]).T, there.reshape([4, 3]).T) if turned else (here, there)
    part = seen_here[key]
    for value in (7, -rt.arange(part.numel(), dtype="f64").reshape(part.shape)):
        seen_here[key] = value
        seen_there[key] = value.cuda() if isinstance(value, rt.Tensor) else value
        alike(there, here)
        seen_there[key] = value  # from the CPU
        alike(there, here)


@pytest.mark.parametrize("key", KEYS, ids=str)
def test_its_gradient(key: Any, alike: Callable[..., None]) -> None:
    here, there = numbers().requires_grad_(), numbers().cuda().requires_grad_()
    for x in (here, there):
        part = x[key]
        (part * part).sum().backward()
    assert here.grad is not None
    assert there.grad is not None
    assert there.grad.device == "cuda:0"
    alike(there.grad, here.grad, 1e-12)


def test_a_part_is_a_view_of_the_memory() -> None:
    x = rt.zeros([2, 3], device="cuda")
    row = x[1]
    row[:] = 5.0
    x[:, 0][1] = 6.0
    assert x.tolist() == [[0.0, 0.0, 0.0], [6.0, 5.0, 5.0]]


def test_what_overlaps_is_copied_first() -> None:
    x = rt.arange(5, dtype="f64", device="cuda")
    x[1:] = x[:-1]
    assert x.tolist() == [0.0, 0.0, 1.0, 2.0, 3.0]


def test_of_a_place_that_is_named_twice_the_last_stays() -> None:
    x = rt.zeros([3], device="cuda")
    x[[0, 2, 0]] = rt.tensor([1.0, 2.0, 3.0])
    assert x.tolist() == [3.0, 0.0, 2.0]


@pytest.mark.parametrize("device", ["cpu", "cuda"])
@pytest.mark.parametrize("key", [0, slice(None), [1, 0]], ids=str)
def test_numbers_that_the_dtype_does_not_have_are_refused(key: Any, device: str) -> None:
    x = rt.ones([2], dtype="u8", device=device)
    with pytest.raises(rt.BadArgumentError, match="u8 has no such number; given 300 "):
        x[key] = 300
    assert x.tolist() == [1, 1]


@pytest.mark.parametrize("dtype", ["f32", "f16", "bf16", "i64", "i32", "u8", "bool"])
def test_every_dtype(dtype: str) -> None:
    x = rt.tensor([0, 1, 0, 1], dtype=dtype, device="cuda")
    assert x[1:3].tolist() == [1, 0]
    assert x[[3, 0]].tolist() == [1, 0]
    x[0] = 1
    x[[1, 3]] = rt.tensor([0.0, 0.0])
    assert x.tolist() == [1, 0, 0, 0]


class TestIndicesOnTheGpu:
    def test_they_need_not_leave_it(self, alike: Callable[..., None]) -> None:
        x, index = numbers(), rt.tensor([[2, -1], [0, -3]])
        alike(x.cuda()[index.cuda()], x[index])
        rt.reset_stats()
        x.cuda()[rt.tensor([0, 1], device="cuda")]
        assert rt.get_transfers().copies == 3  # the two tensors going there, and numbers() a list

    def test_masks_and_mixed_keys(self, alike: Callable[..., None]) -> None:
        x = numbers()
        there = x.cuda()
        alike(there[there > 4.5], x[x > 4.5])
        alike(there[1:, rt.tensor([0, 3], device="cuda")], x[1:, [0, 3]])
        there[there > 4.5] = 0.0
        x[x > 4.5] = 0.0
        alike(there, x)

    def test_out_of_range(self) -> None:
        x = rt.zeros([3, 2], device="cuda")
        with pytest.raises(IndexError, match="index 3 is out of range for dimension 0 of size 3"):
            x[rt.tensor([0, 3], device="cuda")]
        with pytest.raises(IndexError, match="index 5 is out of range"):
            x[5]
        with pytest.raises(BaseException, match="does not broadcast"):
            x[0] = [1.0, 2.0, 3.0]


@few
@given(st.data())
def test_any_key(data: st.DataObject) -> None:
    shape = tuple(data.draw(st.lists(st.integers(0, 4), min_size=1, max_size=3)))
    size = 1
    for each in shape:
        size *= each
    parts = [
        data.draw(
            st.one_of(
                st.slices(length),
                st.integers(-length, length - 1) if length else st.just(slice(None)),
                st.lists(st.integers(-length, length - 1), max_size=3) if length else st.just([]),
                st.none(),
            )
        )
        for length in shape
    ]
    consumed = [part for part in parts if part is not None]
    key = tuple(parts) if len(consumed) <= len(shape) else tuple(consumed)
    here = rt.arange(size, dtype="f64").reshape(shape)
    try:
        expected = here[key]
    except (IndexError, TypeError) as error:
        with pytest.raises(type(error)):
            here.cuda()[key]
        return
    found = here.cuda()[key]
    assert (found.shape, found.tolist()) == (expected.shape, expected.tolist())
