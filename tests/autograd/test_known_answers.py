"""Gradients that anybody can work out, in every mode."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest

import rt_torch as rt
from tests.autograd.conftest import leaf, numbers

pytestmark = pytest.mark.usefixtures("mode")


@pytest.mark.parametrize(
    ("function", "at", "gradient"),
    [
        (lambda x: x + x, 5.0, 2.0),
        (lambda x: x * x, 3.0, 6.0),
        (lambda x: x * 2 * 3 * 4, 1.0, 24.0),
        (lambda x: x - x, 1.0, 0.0),
        (lambda x: -x, 1.0, -1.0),
        (lambda x: 1 / x, 2.0, -0.25),
        (lambda x: x / 4, 2.0, 0.25),
        (lambda x: x**3, 2.0, 12.0),
        (lambda x: x.relu(), 2.0, 1.0),
        (lambda x: x.relu(), -2.0, 0.0),
        (lambda x: x.relu(), 0.0, 0.0),
        (lambda x: x.exp(), 0.0, 1.0),
        (lambda x: x.log(), 4.0, 0.25),
        (lambda x: x.sigmoid(), 0.0, 0.25),
        (lambda x: x.tanh(), 0.0, 1.0),
    ],
)
def test_of_one_number(function: Callable[[rt.Tensor], rt.Tensor], at: float, gradient: float) -> None:
    x = leaf(at)
    function(x).backward()
    assert numbers(x.grad) == gradient


def test_a_sum_times_one_of_its_terms() -> None:
    x, y = leaf(2.0), leaf(3.0)
    ((x + y) * x).backward()
    assert (numbers(x.grad), numbers(y.grad)) == (7.0, 2.0)


def test_two_paths_to_one_leaf() -> None:
    a, b = leaf(1.0), leaf(2.0)
    c = a + b
    (c * a).backward()
    assert (numbers(a.grad), numbers(b.grad)) == (4.0, 1.0)  # 2a + b and a


def test_a_diamond() -> None:
    x, y = leaf(3.0), leaf(4.0)
    (x * y + x).backward()
    assert (numbers(x.grad), numbers(y.grad)) == (5.0, 3.0)
    x, y = leaf(1.0), leaf(2.0)
    left, right = x * 2, x + y
    (left * y - right + right * y).backward()
    assert (numbers(x.grad), numbers(y.grad)) == (5.0, 6.0)


def test_branches_that_meet_again() -> None:
    x = leaf(1.0)
    (x * 2 + x * 3).backward()
    assert numbers(x.grad) == 5.0
    x, y = leaf(3.0), leaf(4.0)
    product = x * y
    product.backward()
    assert (numbers(x.grad), numbers(y.grad)) == (4.0, 3.0)


def test_a_product_of_matrices() -> None:
    a, b = leaf([[1.0, 2.0], [3.0, 4.0]]), leaf([[5.0, 6.0], [7.0, 8.0]])
    (a @ b).backward(rt.ones([2, 2]))
    assert numbers(a.grad) == [[11.0, 15.0], [11.0, 15.0]]  # ones @ b.T
    assert numbers(b.grad) == [[4.0, 4.0], [6.0, 6.0]]  # a.T @ ones


def test_sum_and_mean() -> None:
    x = leaf([1.0, 2.0, 3.0, 4.0])
    x.sum().backward()
    assert numbers(x.grad) == [1.0] * 4
    x.grad = None
    x.mean().backward()
    assert numbers(x.grad) == [0.25] * 4


def test_relu_of_several() -> None:
    x = leaf([-1.0, 0.0, 2.0])
    x.relu().sum().backward()
    assert numbers(x.grad) == [0.0, 0.0, 1.0]


def test_a_second_derivative() -> None:
    x = leaf(2.0)
    (first,) = rt.grad(x * x * x, x, create_graph=True)
    assert first is not None and first.item() == 12.0
    (second,) = rt.grad(first, x, create_graph=True)
    assert second is not None and second.item() == 12.0
    (third,) = rt.grad(second, x)
    assert third is not None and third.item() == 6.0 and not third.requires_grad


@pytest.mark.parametrize("broadcast", [(1, 3), (3,), (2, 1), (1, 1), (1,), ()])
def test_broadcasting_is_undone(broadcast: tuple[int, ...]) -> None:
    x, y = rt.ones([2, 3], requires_grad=True), rt.full(broadcast, 2.0, requires_grad=True)
    (x * y).sum().backward()
    assert x.grad is not None and y.grad is not None
    assert numbers(x.grad) == [[2.0] * 3] * 2
    assert y.grad.shape == broadcast
    assert y.grad.sum().item() == 6.0


@pytest.mark.parametrize(("a", "b"), [("f32", "f64"), ("f64", "f32"), ("f32", "i64"), ("f64", "bool")])
def test_promotion_is_undone(a: str, b: str) -> None:
    x, y = rt.tensor([1.0, 2.0], dtype=a, requires_grad=True), rt.tensor([3.0, 1.0], dtype=b)
    if b in ("f32", "f64"):
        y.requires_grad_()
    (x * y).sum().backward()
    assert x.grad is not None and x.grad.dtype == a
    assert numbers(x.grad) == y.tolist()
    if y.requires_grad:
        assert y.grad is not None and y.grad.dtype == b
        assert numbers(y.grad) == [1.0, 2.0]
    else:
        assert y.grad is None


@pytest.mark.parametrize("bases", [[2.0], [2.0, 3.0], [0.5]])
@pytest.mark.parametrize("dtype", ["i64", "f32", "f64"])
def test_a_power_is_as_exact_as_its_exponent(bases: list[float], dtype: str) -> None:
    x, base = leaf([1.5]), rt.tensor(bases).to(dtype)
    (base**x).sum().backward()
    exact = sum(number**1.5 * math.log(number) for number in base.tolist() if number)
    assert numbers(x.grad) == pytest.approx([exact], rel=1e-14)


def test_a_power_of_a_number() -> None:
    x = leaf(1.5)
    (3**x).backward()
    assert numbers(x.grad) == pytest.approx(3**1.5 * math.log(3), rel=1e-14)


def test_another_dtype_on_the_way() -> None:
    x = leaf([1.0, 2.0])
    x.to("f32").sum().backward()
    assert x.grad is not None and x.grad.dtype == "f64"
    assert not x.to("i64").requires_grad


def test_a_step_of_learning_makes_the_loss_smaller() -> None:
    rt.manual_seed(3)
    x, wanted = rt.randn([8, 3]), rt.randn([8, 2])
    w, b = (rt.randn([3, 2]) * 0.1).requires_grad_(), rt.zeros([2], requires_grad=True)
    losses = []
    for _ in range(5):
        difference = (x @ w + b).tanh() - wanted
        loss = (difference * difference).mean()
        losses.append(loss.item())
        w.grad = b.grad = None
        loss.backward()
        with rt.no_grad():
            for parameter in (w, b):
                assert parameter.grad is not None
                parameter[...] = parameter - 0.5 * parameter.grad
    assert losses == sorted(losses, reverse=True)


def test_torch_agrees_about_a_network(torch: Any) -> None:
    rt.manual_seed(1)
    shapes = [(4, 5), (5,), (5, 3), (3,)]
    ours = [rt.randn(shape).requires_grad_() for shape in shapes]
    x, y = rt.randn([6, 4]), rt.randn([6, 3])
    theirs = [torch.tensor(p.detach().tolist(), dtype=torch.float64).requires_grad_() for p in ours]

    def loss(p: Any, x: Any, y: Any) -> Any:
        hidden = (x @ p[0] + p[1]).sigmoid()
        scores = (hidden @ p[2] + p[3]).log_softmax(1)
        return -(scores * y).sum() / 6

    loss(ours, x, y).backward()
    loss(theirs, *(torch.tensor(t.tolist(), dtype=torch.float64) for t in (x, y))).backward()
    for a, b in zip(ours, theirs, strict=True):
        assert torch.allclose(torch.tensor(numbers(a.grad), dtype=torch.float64), b.grad, rtol=1e-10, atol=1e-13)


def test_where_tensors_may_be_on_other_devices(native: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a GPU about, devices are looked at; here all of them are the same."""
    monkeypatch.setattr("rt_torch._transfer.cuda", True)
    x, y = leaf([1.0, 2.0]), leaf(3.0)
    (x * y + x.exp()).sum().backward()
    assert numbers(y.grad) == 3.0 and x.grad is not None and x.grad.device == "cpu"
