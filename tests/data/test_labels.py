"""Classes as vectors."""

from __future__ import annotations

from typing import Any

import pytest

import rt_torch as rt
from rt_torch.data import one_hot


def test_vectors() -> None:
    assert one_hot([0, 2, 1]).tolist() == [[1, 0, 0], [0, 0, 1], [0, 1, 0]]
    assert one_hot(rt.tensor([1]), 3).tolist() == [[0, 1, 0]]
    assert one_hot([[0], [1]], 2).shape == (2, 1, 2)
    assert one_hot(rt.tensor(1), 2).tolist() == [0, 1]
    assert one_hot([], 2).shape == (0, 2)
    assert (one_hot([1]).dtype, one_hot([1], dtype="f32").dtype) == ("f64", "f32")


@pytest.mark.parametrize(
    ("labels", "classes", "message"),
    [
        ([3], 3, "3 is none of the classes 0 to 2"),
        ([-1], None, "-1 is none of the classes from 0 on"),
        ([], None, "argument `classes`: it is needed"),
        ([0], 0, "argument `classes`"),
        ([0.5], 2, "integers are expected"),
        ([True], 2, "integers are expected"),
    ],
)
def test_what_is_no_label(labels: Any, classes: int | None, message: str) -> None:
    with pytest.raises(rt.BadArgumentError, match=rf"rt\.data\.one_hot: .*{message}"):
        one_hot(labels, classes)
