"""x.data: the elements outside of any gradient, and other elements for the same tensor."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import rt_torch as rt

pytestmark = pytest.mark.usefixtures("settled", "no_handle_left")

Resident = Callable[[rt.Tensor], rt.Tensor]


def test_it_is_another_tensor_on_the_same_memory(resident: Resident) -> None:
    x = resident(rt.tensor([1.0, 2.0], requires_grad=True))
    data = x.data
    assert (type(data), data.tolist(), data.requires_grad, x.requires_grad) == (rt.Tensor, [1.0, 2.0], False, True)
    data[0] = 5.0
    assert x.tolist() == [5.0, 2.0]
    assert (x * 2.0).data.is_leaf


def test_setting_it_keeps_the_object_and_what_its_gradient_is(resident: Resident) -> None:
    x = resident(rt.tensor([1.0, 2.0], requires_grad=True))
    (x * x).sum().backward()
    x.data = resident(rt.tensor([3.0, 4.0]))
    assert (x.tolist(), x.requires_grad, x.is_leaf) == ([3.0, 4.0], True, True)
    assert x.grad is not None
    assert x.grad.tolist() == [2.0, 4.0]
    (x * x).sum().backward()
    assert x.grad.tolist() == [8.0, 12.0]


@pytest.mark.parametrize("before", ["pure", "native", "both"])
@pytest.mark.parametrize("after", ["pure", "native", "both"])
def test_the_memory_comes_along(native: None, before: str, after: str) -> None:
    def made(residency: str, values: list[float]) -> rt.Tensor:
        x = rt.tensor(values)
        if residency == "native":
            with rt.acceleration("native"):
                return rt.tensor([0.0, 0.0]).to_native() + x
        return x.to_native() if residency == "both" else x

    x, y = made(before, [1.0, 2.0]), made(after, [3.0, 4.0])
    old = x.data
    x.data = y
    assert (x.residency, y.residency) == (after, after)
    y[1] = 7.0
    assert (x.tolist(), old.tolist()) == ([3.0, 7.0], [1.0, 2.0])


def test_views_keep_the_old_memory(resident: Resident) -> None:
    x = resident(rt.tensor([[1.0, 2.0], [3.0, 4.0]]))
    row, transposed = x[0], x.T
    x.data = rt.zeros([2, 2])
    assert (row.tolist(), transposed.tolist()) == ([1.0, 2.0], [[1.0, 3.0], [2.0, 4.0]])


def test_views_can_be_what_is_set(resident: Resident) -> None:
    whole = resident(rt.tensor([[1.0, 2.0], [3.0, 4.0]]))
    x = rt.zeros([2, 2], requires_grad=True)
    x.data = whole.T
    assert (x * 1.0).tolist() == [[1.0, 3.0], [2.0, 4.0]]
    x.data = x.data
    assert x.tolist() == [[1.0, 3.0], [2.0, 4.0]]


def test_what_is_set_does_not_learn_along(resident: Resident) -> None:
    x, y = rt.zeros([2], requires_grad=True), resident(rt.ones([2], requires_grad=True))
    x.data = y * 3.0
    (x * 2.0).sum().backward()
    assert (x.tolist(), y.grad) == ([3.0, 3.0], None)


class Named(rt.Tensor):
    """A subclass."""


def test_a_subclass_stays_one() -> None:
    named = Named([1.0])
    named.data = rt.tensor([2.0])
    assert (type(named), type(named.data), named.tolist()) == (Named, rt.Tensor, [2.0])


def test_another_dtype() -> None:
    x = rt.ones([2], requires_grad=True)
    x.data = rt.tensor([0.5, 0.25], dtype="f32")
    assert (x.dtype, x.requires_grad) == ("f32", True)
    (x * x).sum().backward()
    assert x.grad is not None
    assert x.grad.dtype == "f32"
    counts = rt.tensor([1, 2])
    counts.data = rt.tensor([True, False])
    assert counts.dtype == "bool"


# Graphs.


def test_graphs_have_the_elements_that_a_leaf_had(resident: Resident) -> None:
    w = resident(rt.tensor([2.0, 3.0], requires_grad=True))
    x = resident(rt.tensor([5.0, 7.0], requires_grad=True))
    y = (w * x).sum()
    w.data = rt.zeros([2])
    y.backward()
    assert x.grad is not None
    assert w.grad is not None
    assert (x.grad.tolist(), w.grad.tolist()) == ([2.0, 3.0], [5.0, 7.0])


def test_and_so_have_graphs_of_gradients(resident: Resident) -> None:
    w = resident(rt.tensor([2.0], requires_grad=True))
    (slope,) = rt.grad((w * w * w).sum(), w, create_graph=True)
    w.data = rt.tensor([100.0])
    assert slope is not None
    slope.sum().backward()
    assert w.grad is not None
    assert w.grad.tolist() == [12.0]


def test_of_a_constant_they_find_out(resident: Resident) -> None:
    w, x = rt.tensor([2.0], requires_grad=True), resident(rt.tensor([5.0]))
    y = w * x
    x.data = resident(rt.tensor([7.0]))
    with pytest.raises(rt.GradientError, match=r"argument `b` of <mul> was changed in place"):
        y.backward()
    (w * x).backward()
    assert w.grad is not None
    assert w.grad.tolist() == [7.0]


def test_writing_into_a_leaf_is_found_out_as_before(resident: Resident) -> None:
    w = resident(rt.tensor([2.0], requires_grad=True))
    y = w * w
    with rt.no_grad():
        w[0] = 3.0
    with pytest.raises(rt.GradientError, match="was changed in place"):
        y.backward()


# What is refused.


def test_what_cannot_be_set() -> None:
    x: Any = rt.zeros([2], requires_grad=True)
    for bad in (1.0, [1.0, 2.0], None):
        with pytest.raises(rt.ArgumentTypeError, match="data: a tensor is expected"):
            x.data = bad
    for shape in ([], [1], [3], [1, 2]):
        with pytest.raises(
            rt.BadArgumentError, match=r"data: the shape is \[2\], and stays so; given elements of shape"
        ):
            x.data = rt.zeros(shape)
    with pytest.raises(rt.BadArgumentError, match=r"data: only floating-point tensors have gradients; .* dtype i64"):
        x.data = rt.tensor([1, 2])
    with pytest.raises(rt.BadArgumentError, match=r"data: this tensor is the result of <mul_scalar>, and only leaves"):
        (x * 2.0).data = rt.zeros([2])
    x.grad = rt.ones([2])
    with pytest.raises(
        rt.BadArgumentError, match="data: there is a gradient of dtype f64; given elements of dtype f32"
    ):
        x.data = rt.zeros([2], dtype="f32")
    assert (x.tolist(), x.dtype) == ([0.0, 0.0], "f64")
