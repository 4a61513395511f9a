"""Hooks see the gradients that arrive at a tensor, and may replace them; retain_grad keeps them."""

from __future__ import annotations

from typing import Any

import pytest

import rt_torch as rt
from tests.autograd.conftest import leaf, numbers

pytestmark = pytest.mark.usefixtures("mode")


def test_a_hook_sees_the_whole_gradient_once() -> None:
    x = leaf([1.0, 2.0])
    middle = x * 2
    seen: list[Any] = []
    middle.register_hook(lambda grad: seen.append(grad.tolist()))
    (middle * middle + middle).sum().backward()
    assert seen == [[5.0, 9.0]]
    assert numbers(x.grad) == [10.0, 18.0]


def test_a_hook_on_a_leaf_sees_each_pass_alone() -> None:
    x = leaf([1.0, 2.0])
    seen: list[Any] = []
    x.register_hook(lambda grad: seen.append(grad.tolist()))
    for _ in range(2):
        (x * x + x).sum().backward()
    assert seen == [[3.0, 5.0]] * 2
    assert numbers(x.grad) == [6.0, 10.0]


def test_what_a_hook_returns_replaces_the_gradient() -> None:
    x = leaf([1.0, 2.0])
    middle = x * 2
    middle.register_hook(lambda grad: grad * 10)
    middle.register_hook(lambda grad: grad + 1)
    middle.sum().backward()
    assert numbers(x.grad) == [22.0, 22.0]
    x.grad = None
    x.register_hook(lambda grad: grad.clone() * 0)
    (x * 3).sum().backward()
    assert numbers(x.grad) == [0.0, 0.0]


def test_what_a_hook_kept_is_not_what_the_leaf_has() -> None:
    x = leaf([1.0, 2.0])
    kept: list[rt.Tensor] = []
    x.register_hook(kept.append)
    (x * x).sum().backward()
    kept[0][0] = 100.0
    assert numbers(x.grad) == [2.0, 4.0]


def test_hooks_can_be_removed() -> None:
    x = leaf([1.0])
    seen: list[str] = []
    first = x.register_hook(lambda grad: seen.append("first"))
    x.register_hook(lambda grad: seen.append("second"))
    x.sum().backward()
    first.remove()
    first.remove()
    x.sum().backward()
    with x.register_hook(lambda grad: seen.append("third")):
        x.sum().backward()
    x.sum().backward()
    assert seen == ["first", "second", "second", "second", "third", "second"]


def test_a_hook_may_remove_itself() -> None:
    x = leaf([1.0])
    seen: list[int] = []

    def once(grad: rt.Tensor) -> None:
        seen.append(1)
        handle.remove()

    handle = x.register_hook(once)
    x.sum().backward()
    x.sum().backward()
    assert seen == [1]


@pytest.mark.parametrize(
    ("replacement", "kind", "text"),
    [
        (rt.ones([3]), rt.BadArgumentError, r"the hook .*: result: .*shape \[2\].*shape \[3\]"),
        (rt.ones([2], dtype="f32"), rt.BadArgumentError, "dtype f64 .* dtype f32"),
        (1.0, rt.ArgumentTypeError, "a tensor is expected; given"),
    ],
)
def test_a_replacement_that_does_not_fit(replacement: Any, kind: type[Exception], text: str) -> None:
    x = leaf([1.0, 2.0])
    x.register_hook(lambda grad: replacement)
    with pytest.raises(kind, match=text):
        x.sum().backward()


def test_a_hook_that_fails_ends_the_pass() -> None:
    x = leaf([1.0, 2.0])

    def failing(grad: rt.Tensor) -> None:
        raise ZeroDivisionError

    middle = x * 2
    middle.register_hook(failing)
    with pytest.raises(ZeroDivisionError):
        middle.sum().backward()
    assert x.grad is None and rt.is_grad_enabled()


def test_only_where_gradients_arrive() -> None:
    with pytest.raises(rt.BadArgumentError, match="register_hook: this tensor does not require grad"):
        rt.ones([1]).register_hook(print)
    with pytest.raises(rt.ArgumentTypeError, match="register_hook: argument `hook`: a function is expected"):
        leaf([1.0]).register_hook(3)  # type: ignore[arg-type]  # which is the point
    with pytest.raises(rt.BadArgumentError, match="retain_grad: this tensor does not require grad"):
        rt.ones([1]).retain_grad()


def test_hooks_of_leaves_whose_tensor_is_gone() -> None:
    seen: list[Any] = []
    x = leaf([1.0])
    x.register_hook(lambda grad: seen.append(grad.tolist()))
    y = x * 3
    del x
    y.backward()
    assert seen == [[3.0]]


def test_a_hook_may_go_backward_itself() -> None:
    x, other = leaf([1.0]), leaf([2.0])

    def hook(grad: rt.Tensor) -> rt.Tensor:
        with rt.enable_grad():
            (other * other).sum().backward()
        return grad + numbers(other.grad)[0]

    x.register_hook(hook)
    (x * 1).sum().backward()
    assert (numbers(x.grad), numbers(other.grad)) == ([5.0], [4.0])


def test_hooks_are_recorded_where_a_graph_is_wanted() -> None:
    x = leaf([3.0])
    x.register_hook(lambda grad: grad * x)
    (first,) = rt.grad((x * x).sum(), x, create_graph=True)
    assert first is not None and first.tolist() == [18.0]  # 2x * x
    (second,) = rt.grad(first.sum(), x)
    assert second is not None and second.tolist() == [36.0]  # 4x, times x again by the hook


def test_retain_grad() -> None:
    x = leaf([1.0, 2.0])
    middle, other = x * 2, x * 3
    assert middle.grad is None
    middle.retain_grad()
    middle.retain_grad()
    x.retain_grad()
    result = (middle * other).sum()
    result.backward(retain_graph=True)
    assert numbers(middle.grad) == [3.0, 6.0]
    assert other.grad is None
    result.backward()
    assert numbers(middle.grad) == [6.0, 12.0]


def test_a_retained_gradient_has_memory_of_its_own() -> None:
    x = leaf([1.0, 2.0])
    middle = x + 1
    middle.retain_grad()
    middle.register_hook(lambda grad: grad * 2)
    middle.sum().backward()
    assert middle.grad is not None and x.grad is not None
    middle.grad[0] = 9.0
    assert (numbers(x.grad), numbers(middle.grad)) == ([2.0, 2.0], [9.0, 2.0])
