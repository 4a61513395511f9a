"""x[key] and iteration: the gradient of a part goes back to where it was."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import rt_torch as rt
from rt_torch.pure.layout import shape_text
from tests.autograd.conftest import leaf, modes, numbers

few = settings(deadline=None, derandomize=True, database=None, max_examples=60, suppress_health_check=[*HealthCheck])


@pytest.mark.parametrize(
    ("key", "gradient"),
    [
        (0, [[1, 1, 1], [0, 0, 0]]),
        (-1, [[0, 0, 0], [1, 1, 1]]),
        ((1, 2), [[0, 0, 0], [0, 0, 1]]),
        (slice(None), [[1, 1, 1], [1, 1, 1]]),
        ((slice(None), slice(None, None, 2)), [[1, 0, 1], [1, 0, 1]]),
        ((slice(None), slice(None, None, -1)), [[1, 1, 1], [1, 1, 1]]),
        ((0, slice(2, 0, -1)), [[0, 1, 1], [0, 0, 0]]),
        ((..., 1), [[0, 1, 0], [0, 1, 0]]),
        ((None, 1, None), [[0, 0, 0], [1, 1, 1]]),
        ([1, 1, 0], [[1, 1, 1], [2, 2, 2]]),
        (([0, 0], [1, 1]), [[0, 2, 0], [0, 0, 0]]),
        ((slice(None), [2, 2, 0]), [[1, 0, 2], [1, 0, 2]]),
        ([True, False], [[1, 1, 1], [0, 0, 0]]),
        ([[True, False, True], [False, True, False]], [[1, 0, 1], [0, 1, 0]]),
        (slice(2, 2), [[0, 0, 0], [0, 0, 0]]),
        ([], [[0, 0, 0], [0, 0, 0]]),
    ],
)
@pytest.mark.parametrize("dtype", ["f64", "f32"])
def test_each_kind_of_key(mode: str, dtype: str, key: Any, gradient: list[list[float]]) -> None:
    x = leaf([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], dtype)
    part = x[key]
    assert part.requires_grad and str(part.grad_fn) == "<Part>"
    assert part.tolist() == x.detach()[key].tolist()
    part.sum().backward()
    assert x.grad is not None and x.grad.dtype == dtype
    assert numbers(x.grad) == gradient


def test_tensors_as_keys(mode: str) -> None:
    x = leaf([1.0, -2.0, 3.0])
    (x[x > 0] * x[rt.tensor([2, 2])]).sum().backward()
    assert numbers(x.grad) == [3.0, 0.0, 1.0 + 3.0 + 3.0]
    x.grad = None
    x[rt.tensor(1)].backward()
    assert numbers(x.grad) == [0.0, 1.0, 0.0]


def test_keys_that_change_later(mode: str) -> None:
    x, places, which = leaf([1.0, 2.0, 3.0]), [0, 0], rt.tensor([2, 2])
    y = x[places].sum() + x[which].sum() + x[rt.tensor(0) : rt.tensor(1)].sum()
    places[0] = 1
    which[0] = 1
    y.backward()
    assert numbers(x.grad) == [3.0, 0.0, 2.0]


def test_bad_keys_are_as_of_a_plain_tensor(mode: str) -> None:
    x = leaf([1.0, 2.0])
    for key in (2, (0, 0), "x", 1.5, [5], [True]):
        with pytest.raises((IndexError, TypeError)) as ours:
            x[key]
        with pytest.raises(ours.type) as plain:
            x.detach()[key]
        assert str(ours.value) == str(plain.value)


def test_iteration(mode: str) -> None:
    x = leaf([[1.0, 2.0], [3.0, 4.0]])
    first, second = x
    (first * second).sum().backward()
    assert numbers(x.grad) == [[3.0, 4.0], [1.0, 2.0]]


def test_parts_are_views_of_the_memory(mode: str) -> None:
    x = leaf([[1.0, 2.0], [3.0, 4.0]])
    part = x[0]
    with rt.no_grad():
        x[0, 0] = 9.0
    assert part.tolist() == [9.0, 2.0]


def test_under_no_grad(mode: str) -> None:
    x = leaf([1.0, 2.0])
    with rt.no_grad():
        assert not x[0].requires_grad and not x[[0]].requires_grad


def test_second_derivatives(mode: str) -> None:
    x = leaf([1.0, 2.0, 3.0])
    chosen = x[[0, 2, 2]]
    (first,) = rt.grad((chosen * chosen * chosen).sum(), x, create_graph=True)
    assert first is not None and first.tolist() == [3.0, 0.0, 54.0]
    (second,) = rt.grad((first * first).sum(), x)
    assert numbers(second) == [2 * 3 * 6, 0, 2 * 54 * 36]  # type: ignore[arg-type]  # it is used


def test_parts_of_dtypes_that_only_the_native_tier_has(native: None) -> None:
    x = leaf([1.0, 2.0, 4.0], "f16")
    (x[[0, 0, 2]] * x[1]).sum().backward()
    assert x.grad is not None and x.grad.dtype == "f16"
    assert numbers(x.grad) == [4.0, 6.0, 2.0]


KEYS = st.one_of(
    st.integers(-3, 2),
    st.slices(3),
    st.none(),
    st.just(...),
    st.lists(st.integers(-2, 1), max_size=3),
    st.lists(st.lists(st.integers(0, 1), min_size=2, max_size=2), min_size=1, max_size=2),
)


def test_any_key_as_torch(torch: Any) -> None:
    @few
    @given(st.lists(st.integers(1, 3), min_size=1, max_size=3), st.lists(KEYS, min_size=1, max_size=3).map(tuple))
    def compared(shape: list[int], key: tuple[Any, ...]) -> None:
        elements = [place + 1.0 for place in range(rt.zeros(shape).numel())]
        theirs = torch.tensor(elements, dtype=torch.float64).reshape(shape).requires_grad_()
        try:
            part = theirs[tuple(torch.tensor(k, dtype=torch.int64) if isinstance(k, list) else k for k in key)]
        except (IndexError, ValueError, TypeError):  # which torch has for negative steps, too
            return
        scale = torch.arange(1.0, part.numel() + 1, dtype=torch.float64).reshape(part.shape)
        (part * scale * part).sum().backward()
        for mode in modes():
            with rt.acceleration(mode):
                x = rt.from_data(elements, shape, requires_grad=True)
                ours = x[key]
                assert shape_text(ours.shape) == shape_text(part.shape)
                (ours * rt.from_data(scale.reshape(-1).tolist(), ours.shape) * ours).sum().backward()
            assert numbers(x.grad) == theirs.grad.tolist()

    compared()
