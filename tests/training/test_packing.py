"""States as JSON."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import rt_torch as rt
from rt_torch.training.packing import packed, unpacked


def there_and_back(value: Any) -> Any:
    tensors: dict[str, rt.Tensor] = {}
    text = json.dumps(packed(value, "it", tensors), allow_nan=False)
    return unpacked(json.loads(text), tensors)


keys = st.text(max_size=3) | st.integers() | st.booleans() | st.none() | st.sampled_from(["$tensor", "$", "a.b"])
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.tuples(inner, inner) | st.dictionaries(keys, inner, max_size=3),
    max_leaves=10,
)


@given(values)
def test_there_and_back(value: Any) -> None:
    again = there_and_back(value)
    assert again == value
    assert repr(again) == repr(value)  # also -0.0, True and 1


def test_tensors_are_found_by_their_paths() -> None:
    tensors: dict[str, rt.Tensor] = {}
    value = {"state": {0: {"step": 3, "mean": rt.ones([2])}}, "a.b": rt.zeros([1]), "a": {"b": rt.ones([1])}}
    text = packed(value, "optimizer", tensors)
    assert list(tensors) == ["optimizer.state.0.mean", "optimizer.a.b", "optimizer.a.b'"]
    again = unpacked(json.loads(json.dumps(text)), tensors)
    assert again["state"][0]["mean"] is tensors["optimizer.state.0.mean"]
    assert (again["a.b"].item(), again["a"]["b"].item()) == (0.0, 1.0)


def test_nothing_is_kept_of_gradients() -> None:
    tensors: dict[str, rt.Tensor] = {}
    packed(rt.ones([2], requires_grad=True), "it", tensors)
    assert not tensors["it"].requires_grad


def test_what_is_not_finite() -> None:
    assert math.isnan(there_and_back(math.nan))
    assert there_and_back([math.inf, -math.inf]) == [math.inf, -math.inf]


@pytest.mark.parametrize("value", [{1, 2}, object(), b"bytes", 1j, len])
def test_what_no_checkpoint_keeps(value: Any) -> None:
    with pytest.raises(rt.ArgumentTypeError, match=r"it\.deep\.0: a checkpoint keeps numbers, texts"):
        packed({"deep": [value]}, "it", {})


@pytest.mark.parametrize(
    "value",
    [
        {"$tensor": "missing"},
        {"$tensor": []},
        {"$float": "x"},
        {"$float": None},
        {"$tuple": 3},
        {"$items": [[1]]},
        {"$items": [[[], 1]]},
        {"$items": 5},
        {"$other": 1},
        {"$float": "nan", "more": 1},
    ],
)
def test_what_means_nothing(value: Any) -> None:
    with pytest.raises(rt.FileFormatError, match="that a checkpoint could mean"):
        unpacked([value], {})
