"""Which functions on shapes of the pure tier share memory, and known answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from rt_torch import pure
from rt_torch.pure.tensor import PureTensor
from tests.pure.making import of


def counted(*shape: int) -> PureTensor:
    size = 1
    for count in shape:
        size *= count
    return of([float(i) for i in range(size)], "f64", shape)


@pytest.mark.parametrize(
    "look",
    [
        lambda x: pure.transpose(x, 0, -1),
        pure.transpose_2d,
        lambda x: pure.reshape(x, [3, 2]),
        lambda x: pure.reshape(x, [-1]),
        pure.flatten,
        lambda x: pure.unsqueeze(x, -1),
        lambda x: pure.squeeze(pure.unsqueeze(x, 1)),
        lambda x: pure.squeeze(pure.unsqueeze(x, 0), 0),
        lambda x: pure.expand(x, [4, -1, 3]),
        lambda x: pure.narrow(x, 1, 0, 1),
        pure.detach,
        pure.contiguous,
        lambda x: pure.to_dtype(x, "float64"),
        lambda x: pure.to_device(x, "cpu:0"),
    ],
)
def test_views_share_memory(look: Callable[[PureTensor], PureTensor]) -> None:
    x = counted(2, 3)
    seen = look(x)
    x.set([0, 0], 100.0)
    assert 100.0 in pure.flatten(seen).tolist()
    x.buffer()[0] = 200.0
    assert 200.0 in pure.flatten(seen).tolist()


@pytest.mark.parametrize(
    "copy",
    [
        pure.clone,
        lambda x: pure.flatten(pure.transpose_2d(x)),
        lambda x: pure.reshape(pure.transpose_2d(x), [2, 3]),
        lambda x: pure.contiguous(pure.transpose_2d(x)),
        lambda x: pure.to_dtype(pure.to_dtype(x, "f32"), "f64"),
    ],
)
@pytest.mark.parametrize("memory", [False, True])
def test_copies_do_not(copy: Callable[[PureTensor], PureTensor], memory: bool) -> None:
    x = counted(2, 3)
    if memory:
        x.buffer()
    copied = copy(x)
    before = copied.tolist()
    x.set([0, 0], 100.0)
    assert copied.tolist() == before
    assert copied.is_contiguous()


def test_transposed_copy() -> None:
    x = pure.contiguous(pure.transpose(counted(2, 3, 2), 0, 2))
    assert x.tolist() == [[[0.0, 6.0], [2.0, 8.0], [4.0, 10.0]], [[1.0, 7.0], [3.0, 9.0], [5.0, 11.0]]]


@pytest.mark.parametrize(
    ("call", "shape", "gives"),
    [
        (lambda x: pure.squeeze(x), (1, 3, 1), (3,)),
        (lambda x: pure.squeeze(x, 0), (1, 3, 1), (3, 1)),
        (lambda x: pure.squeeze(x, 1), (1, 3, 1), (1, 3, 1)),
        (lambda x: pure.squeeze(x, -1), (), ()),
        (lambda x: pure.unsqueeze(x, 0), (), (1,)),
        (lambda x: pure.unsqueeze(x, -1), (2, 3), (2, 3, 1)),
        (lambda x: pure.unsqueeze(x, 1), (2, 3), (2, 1, 3)),
        (lambda x: pure.transpose(x, 0, -1), (), ()),
        (lambda x: pure.transpose_2d(x), (3,), (3,)),
        (lambda x: pure.flatten(x), (), (1,)),
        (lambda x: pure.flatten(x), (2, 0), (0,)),
        (lambda x: pure.reshape(x, (-1, 4)), (2, 6), (3, 4)),
        (lambda x: pure.reshape(x, [0, 7]), (2, 0), (0, 7)),
        (lambda x: pure.reshape(x, []), (1, 1), ()),
        (lambda x: pure.expand(x, [4, 2]), (), (4, 2)),
        (lambda x: pure.expand(x, [-1, 3]), (2, 1), (2, 3)),
        (lambda x: pure.expand(x, (0, -1)), (1, 5), (0, 5)),
        (lambda x: pure.expand(x, [7, 0]), (0,), (7, 0)),
    ],
)
def test_shapes(call: Any, shape: tuple[int, ...], gives: tuple[int, ...]) -> None:
    assert call(counted(*shape)).shape == gives


def test_an_expanded_tensor_takes_no_memory() -> None:
    x = pure.expand(counted(3, 1), [3, 1 << 40])
    assert x.strides == (1, 0)
    assert x.numel() == 3 << 40
    assert x[1, 123456789].item() == 1.0
    assert not x.is_contiguous()


def test_part_of_a_matrix_is_reshaped_without_copying() -> None:
    part = counted(4, 6)[::2]
    flat = pure.reshape(part, [2, 3, 2])
    assert flat.tolist() == [[[0.0, 1.0], [2.0, 3.0], [4.0, 5.0]], [[12.0, 13.0], [14.0, 15.0], [16.0, 17.0]]]
    part[0] = 0.5
    assert flat.tolist()[0] == [[0.5, 0.5]] * 3
