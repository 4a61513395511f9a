"""rt.autograd.Function: operations whose derivative is written in Python."""

from __future__ import annotations

import math
from typing import Any

import pytest

import rt_torch as rt
from rt_torch.autograd import Function
from tests.autograd.conftest import leaf, numbers

pytestmark = pytest.mark.usefixtures("mode")


class Cube(Function):
    @staticmethod
    def forward(ctx: Any, x: rt.Tensor) -> rt.Tensor:
        ctx.save_for_backward(x)
        return x * x * x

    @staticmethod
    def backward(ctx: Any, grad: rt.Tensor) -> rt.Tensor:
        (x,) = ctx.saved_tensors
        result: rt.Tensor = grad * 3 * x * x
        return result


class Exponential(Function):
    """Its derivative is made of its result."""

    @staticmethod
    def forward(ctx: Any, x: rt.Tensor) -> rt.Tensor:
        result = rt.tensor([math.exp(value) for value in x.tolist()])
        ctx.save_for_backward(result)
        return result

    @staticmethod
    def backward(ctx: Any, grad: rt.Tensor) -> rt.Tensor:
        return grad * ctx.saved_tensors[0]


class Scaled(Function):
    """Takes more than tensors, and has a derivative by one argument only."""

    @staticmethod
    def forward(ctx: Any, x: rt.Tensor, factor: float, *, unused: rt.Tensor | None = None) -> rt.Tensor:
        ctx.factor = factor
        return x * factor

    @staticmethod
    def backward(ctx: Any, grad: rt.Tensor) -> Any:
        return grad * ctx.factor, None


def test_first_second_and_third_derivatives() -> None:
    x = leaf([1.0, 2.0])
    y = Cube.apply(x)
    assert y.requires_grad and repr(y) == "tensor([1., 8.], grad_fn=<Cube>)"
    (first,) = rt.grad(y.sum(), x, create_graph=True)
    assert first is not None and first.tolist() == [3.0, 12.0]
    (second,) = rt.grad(first.sum(), x, create_graph=True)
    assert second is not None and second.tolist() == [6.0, 12.0]
    assert numbers(rt.grad(second.sum(), x)[0]) == [6.0, 6.0]


def test_a_derivative_by_the_result() -> None:
    x = leaf([0.0, 1.0])
    (first,) = rt.grad(Exponential.apply(x).sum(), x, create_graph=True)
    assert first is not None and first.requires_grad
    (second,) = rt.grad(first.sum(), x)
    assert numbers(first) == numbers(second) == [1.0, math.e]


def test_other_arguments() -> None:
    x = leaf([1.0, 2.0])
    Scaled.apply(x, 3.0).sum().backward()
    assert numbers(x.grad) == [3.0, 3.0]


def test_between_other_functions() -> None:
    x = leaf([1.0, 2.0])
    (Cube.apply(x * 2) + x).sum().backward()
    assert numbers(x.grad) == [25.0, 97.0]


def test_broadcasting_and_dtypes_are_undone() -> None:
    class Sum(Function):
        @staticmethod
        def forward(ctx: Any, a: rt.Tensor, b: rt.Tensor) -> rt.Tensor:
            return a + b

        @staticmethod
        def backward(ctx: Any, grad: rt.Tensor) -> Any:
            return grad, grad

    a, b = leaf([[1.0, 2.0], [3.0, 4.0]]), leaf([1.0, 2.0], "f32")
    Sum.apply(a, b).sum().backward()
    assert b.grad is not None and b.grad.dtype == "f32"
    assert (numbers(a.grad), numbers(b.grad)) == ([[1.0, 1.0]] * 2, [2.0, 2.0])


def test_what_needs_a_gradient_is_known() -> None:
    seen = []

    class Looks(Function):
        @staticmethod
        def forward(ctx: Any, a: rt.Tensor, b: rt.Tensor, c: float) -> rt.Tensor:
            seen.append((ctx.needs_input_grad, rt.is_grad_enabled()))
            return a * b

        @staticmethod
        def backward(ctx: Any, grad: rt.Tensor) -> Any:
            seen.append((ctx.needs_input_grad, rt.is_grad_enabled()))
            return grad, None, None

    Looks.apply(leaf([1.0]), rt.ones([1]), 1.0).backward()
    assert seen == [((True, False, False), False)] * 2


def test_unrecorded_calls() -> None:
    x = leaf([1.0, 2.0])
    assert not Cube.apply(x.detach()).requires_grad
    with rt.no_grad():
        y = Cube.apply(x)
    assert not y.requires_grad and y.tolist() == [1.0, 8.0]


def test_a_result_that_is_an_argument() -> None:
    class Same(Function):
        @staticmethod
        def forward(ctx: Any, x: rt.Tensor) -> rt.Tensor:
            return x

        @staticmethod
        def backward(ctx: Any, grad: rt.Tensor) -> rt.Tensor:
            return grad * 10

    x = leaf([1.0])
    y = Same.apply(x)
    assert y is not x and x.is_leaf and not y.is_leaf
    y.backward()
    assert numbers(x.grad) == [10.0]
    plain = rt.ones([1])
    assert Same.apply(plain) is not plain


def test_a_result_that_has_no_gradients() -> None:
    class Larger(Function):
        @staticmethod
        def forward(ctx: Any, x: rt.Tensor) -> rt.Tensor:
            return x > 0

        @staticmethod
        def backward(ctx: Any, grad: rt.Tensor) -> None:
            raise AssertionError("there is nothing to differentiate")

    assert not Larger.apply(leaf([1.0])).requires_grad


def test_no_gradient_at_all() -> None:
    class Stopped(Function):
        @staticmethod
        def forward(ctx: Any, x: rt.Tensor) -> rt.Tensor:
            return x * 2

        @staticmethod
        def backward(ctx: Any, grad: rt.Tensor) -> None:
            return None

    x = leaf([1.0])
    (Stopped.apply(x) + x).sum().backward()
    assert numbers(x.grad) == [1.0]


def test_what_was_kept_goes_after_backward() -> None:
    x = leaf([1.0, 2.0])
    y = Cube.apply(x).sum()
    y.backward(retain_graph=True)
    y.backward()
    with pytest.raises(rt.GradientError, match=r"<Cube> had kept .* retain_graph=True"):
        y.backward()
    assert numbers(x.grad) == [6.0, 24.0]


@pytest.mark.parametrize(
    ("forward", "backward", "kind", "text"),
    [
        (1.0, None, rt.ArgumentTypeError, "Bad.forward: it is to give one tensor; given"),
        ((rt.ones([1]), rt.ones([1])), None, rt.ArgumentTypeError, "Bad.forward: it is to give one tensor"),
        (
            rt.ones([1]),
            (rt.ones([1]), None),
            rt.BadArgumentError,
            "Bad.backward: one gradient per argument .* 1; given 2",
        ),
        (rt.ones([1]), 1.0, rt.ArgumentTypeError, "Bad.backward: a tensor or None is expected; given"),
        (rt.ones([1]), rt.ones([2, 2]), rt.GradientError, r"shape \[2, 2\] for an argument of shape \[3\]"),
    ],
)
def test_bad_functions(forward: Any, backward: Any, kind: type[Exception], text: str) -> None:
    class Bad(Function):
        @staticmethod
        def forward(ctx: Any, x: rt.Tensor) -> Any:
            return forward

        @staticmethod
        def backward(ctx: Any, grad: rt.Tensor) -> Any:
            return backward

    with pytest.raises(kind, match=text):
        Bad.apply(leaf([1.0, 2.0, 3.0])).backward()


def test_only_tensors_are_kept() -> None:
    class Bad(Function):
        @staticmethod
        def forward(ctx: Any, x: rt.Tensor) -> rt.Tensor:
            ctx.save_for_backward(x, 3.0)
            return x

    with pytest.raises(rt.ArgumentTypeError, match="save_for_backward: argument 1: a tensor or None is expected"):
        Bad.apply(leaf([1.0]))


def test_missing_methods() -> None:
    with pytest.raises(NotImplementedError, match="forward"):
        Function.apply(leaf([1.0]))

    class Half(Function):
        @staticmethod
        def forward(ctx: Any, x: rt.Tensor) -> rt.Tensor:
            return x * 2

    with pytest.raises(NotImplementedError, match="backward"):
        Half.apply(leaf([1.0])).backward()
