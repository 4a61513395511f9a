"""The graph: what is recorded, how long it stays, how deep it may be, and where gradients arrive."""

from __future__ import annotations

import gc
import inspect
import math
import sys
import weakref
from typing import Any

import pytest

import rt_torch as rt
from rt_torch_bindings import functions
from tests.autograd.conftest import leaf, numbers


class TestRecording:
    def test_results_require_grad_where_an_argument_does(self, mode: str) -> None:
        x, y = leaf([1.0]), rt.ones([1])
        assert (x + y).requires_grad and (y * x).requires_grad and x.exp().requires_grad
        assert not (y + y).requires_grad and (y + y).grad_fn is None

    def test_a_number_on_either_side(self, mode: str) -> None:
        x = leaf([2.0])
        for made in (x + 1, 1 + x, x * 3, 3 * x, 1 - x, 1 / x, x / 2, rt.where(x > 0, x, 0), rt.add(1, x)):
            assert made.requires_grad
        assert (True * x).requires_grad

    def test_methods_functions_and_operators(self, mode: str) -> None:
        x = leaf([[1.0, 2.0]])
        for made in (x @ x.T, rt.matmul(x, x.T), x.matmul(x.T), x.sum(0), rt.softmax(x, 0), x.T, abs(x), -x, x**2):
            assert made.requires_grad and not made.is_leaf

    def test_what_has_no_derivative_gives_plain_results(self, mode: str) -> None:
        x = leaf([1.0, 2.0])
        for made in (x > 1, x == x, x.detach(), x.to("i64"), rt.zeros_like(x), rt.ones_like(x), rt.tensor(x)):
            assert not made.requires_grad and made.grad_fn is None

    def test_a_condition_has_no_gradient(self, mode: str) -> None:
        x = leaf([1.0, -2.0])
        rt.where(x > 0, x, x * 3).sum().backward()
        assert numbers(x.grad) == [1.0, 3.0]
        assert not rt.where(x > 0, rt.ones([2]), 0.0).requires_grad

    def test_conversions_that_change_nothing_give_the_tensor_itself(self, mode: str) -> None:
        x = leaf([1.0])
        assert x.to("f64") is x and x.cpu() is x and x.to("cpu") is x

    def test_a_subclass_is_recorded(self, mode: str) -> None:
        class Special(rt.Tensor):
            pass

        x = Special([1.0, 2.0], requires_grad=True)
        (x * x + x).sum().backward()
        assert type(x) is Special and numbers(x.grad) == [3.0, 5.0]
        assert type(x * x) is rt.Tensor

    def test_tensors_that_change_tier_stay_recorded(self, native: None) -> None:
        x = leaf([1.0, 2.0])
        with rt.acceleration("native"):
            y = x * x
        assert y.residency == "native" and y.requires_grad
        y.to_pure()
        assert y.requires_grad and y.shape == (2,)
        with rt.acceleration("pure"):
            z = y * 2
        z.to_native()
        assert z.requires_grad
        with rt.acceleration("native"):
            z.sum().backward()
        assert numbers(x.grad) == [4.0, 8.0]

    def test_modes_may_be_mixed_within_one_graph(self, native: None) -> None:
        x = leaf([[1.0, 2.0], [3.0, 4.0]])
        y = x
        for mode in ("pure", "native", "auto") * 2:
            with rt.acceleration(mode):
                y = (y @ x) / 8
        with rt.acceleration("pure"):
            y.sum().backward()
        pure = numbers(x.grad)
        x.grad = None
        y = x
        for _ in range(6):
            y = (y @ x) / 8
        y.sum().backward()
        for ours, theirs in zip(pure, numbers(x.grad), strict=True):
            assert ours == pytest.approx(theirs, rel=1e-12)

    def test_a_failure_of_the_native_tier_is_recorded_once(self, native: None, monkeypatch: pytest.MonkeyPatch) -> None:
        x = leaf([1.0, 2.0])
        with rt.acceleration("native"):
            (x * 1.0).sum()  # so that the library is open
            from rt_torch import _dispatch

            def fails(*arguments: Any) -> Any:
                raise rt.OutOfMemoryError("for the test")

            monkeypatch.setattr(_dispatch, "_native", fails)
            before = rt.get_stats().fallback
            y = x.exp() * x
            monkeypatch.undo()
            assert rt.get_stats().fallback == before + 2
            assert y.grad_fn is not None
            exp, other = y.grad_fn.edges
            assert [str(y.grad_fn), str(exp)] == ["<mul>", "<exp>"] and other is x._node
            y.sum().backward()
        assert numbers(x.grad) == pytest.approx([5.43656365691809, 22.16716829679195])


class TestLeaves:
    def test_a_new_tensor_is_a_leaf_that_requires_no_grad(self) -> None:
        x = rt.tensor([1.0])
        assert x.is_leaf and not x.requires_grad and x.grad is None and x.grad_fn is None

    @pytest.mark.parametrize("dtype", ["f64", "f32"])
    def test_requires_grad_can_be_set_and_taken_back(self, dtype: str) -> None:
        x = rt.ones([2], dtype=dtype)
        assert x.requires_grad_() is x and x.requires_grad
        assert not x.requires_grad_(False).requires_grad
        assert not (x * 2).requires_grad
        x.requires_grad = True
        assert (x * 2).requires_grad and x.is_leaf

    def test_what_no_longer_requires_grad_gets_none_of_older_graphs(self, mode: str) -> None:
        x, y = leaf([2.0]), leaf([3.0])
        first, second = (x * y).sum(), (x * y).sum()
        x.requires_grad = False
        first.backward()
        assert x.grad is None and numbers(y.grad) == [2.0]
        x.requires_grad = True
        second.backward()
        assert numbers(x.grad) == [3.0]

    @pytest.mark.parametrize("dtype", ["i64", "bool"])
    def test_only_floats_require_grad(self, dtype: str) -> None:
        with pytest.raises(
            rt.BadArgumentError, match=f"only floating-point tensors have gradients, this one is {dtype}"
        ):
            rt.ones([2], dtype=dtype, requires_grad=True)
        x = rt.ones([2], dtype=dtype)
        with pytest.raises(rt.BadArgumentError, match="floating"):
            x.requires_grad_()
        x.requires_grad_(False)

    def test_results_require_grad_for_good(self) -> None:
        y = leaf([1.0]) * 2
        y.requires_grad = True
        with pytest.raises(rt.BadArgumentError, match=r"requires_grad: .* result of <mul_scalar>.*x\.detach\(\)"):
            y.requires_grad = False

    def test_gradients_add_up_over_passes(self, mode: str) -> None:
        x = leaf([1.0, 2.0])
        for _ in range(3):
            (x * x).sum().backward()
        assert numbers(x.grad) == [6.0, 12.0]
        x.zero_grad()
        assert x.grad is None
        (x * x).sum().backward()
        assert numbers(x.grad) == [2.0, 4.0]

    def test_the_gradient_is_of_shape_and_dtype_of_the_leaf(self, mode: str) -> None:
        x = rt.tensor([[1.0], [2.0]], dtype="f32", requires_grad=True)
        (x * rt.ones([2, 3])).sum().backward()
        assert x.grad is not None and (x.grad.shape, x.grad.dtype) == ((2, 1), "f32")
        assert not x.grad.requires_grad

    def test_the_gradient_can_be_set(self, mode: str) -> None:
        x = leaf([1.0, 2.0])
        x.grad = rt.ones([2])
        (x * 3).sum().backward()
        assert numbers(x.grad) == [4.0, 4.0]
        for bad, kind in (
            (rt.ones([3]), rt.BadArgumentError),
            (rt.ones([2], dtype="f32"), rt.BadArgumentError),
            ([1.0, 1.0], rt.ArgumentTypeError),
        ):
            with pytest.raises(kind, match="grad: "):
                x.grad = bad  # type: ignore[assignment]  # which is the point
        assert numbers(x.grad) == [4.0, 4.0]

    def test_a_gradient_has_memory_of_its_own(self, mode: str) -> None:
        a, b, c = leaf([1.0, 2.0]), leaf([1.0, 2.0]), leaf([[1.0], [2.0]])
        seed = rt.ones([2])
        ((a + b) + c.reshape(2)).backward(seed)
        seed[0] = 100.0
        assert a.grad is not None and b.grad is not None and c.grad is not None
        a.grad[1] = 50.0
        assert (numbers(a.grad), numbers(b.grad), numbers(c.grad)) == ([1.0, 50.0], [1.0, 1.0], [[1.0], [1.0]])
        a.requires_grad_(False)
        x = leaf([1.0, 2.0])
        x.backward(seed)
        seed[0] = -1.0
        assert numbers(x.grad) == [100.0, 1.0]

    def test_a_gradient_that_was_a_view_is_whole(self, mode: str) -> None:
        x = leaf([[1.0, 2.0], [3.0, 4.0]])
        (x.T @ rt.tensor([[1.0, 2.0], [3.0, 4.0]])).sum().backward()
        x.T.sum().backward()
        assert x.grad is not None
        x.grad[0, 0] = 9.0
        assert numbers(x.grad) == [[9.0, 4.0], [8.0, 8.0]]

    def test_backward_from_a_leaf(self, mode: str) -> None:
        x = leaf(3.0)
        x.backward()
        assert numbers(x.grad) == 1.0


class TestPasses:
    def test_of_one_element_only_by_default(self, mode: str) -> None:
        x = leaf([1.0, 2.0])
        with pytest.raises(rt.BadArgumentError, match=r"backward: this tensor has the shape \[2\].*pass `gradient`"):
            (x * x).backward()
        (x * x)[:1].backward()
        assert numbers(x.grad) == [2.0, 0.0]

    @pytest.mark.parametrize(
        ("gradient", "kind", "text"),
        [
            (rt.ones([3]), rt.BadArgumentError, r"shape \[2\] has that shape; given one of shape \[3\]"),
            (rt.ones([]), rt.BadArgumentError, r"shape \[2\]"),
            (rt.ones([2], dtype="f32"), rt.BadArgumentError, "dtype f64 has that dtype; given one of dtype f32"),
            ([1.0, 1.0], rt.ArgumentTypeError, "a tensor is expected; given"),
            (1.0, rt.ArgumentTypeError, "argument `gradient`"),
        ],
    )
    def test_a_gradient_that_does_not_fit(self, gradient: Any, kind: type[Exception], text: str) -> None:
        with pytest.raises(kind, match=text):
            (leaf([1.0, 2.0]) * 2).backward(gradient)

    def test_what_requires_no_grad(self) -> None:
        with pytest.raises(rt.BadArgumentError, match="backward: this tensor: it does not require grad"):
            rt.ones([]).backward()

    def test_a_second_pass_says_that_the_graph_is_used_up(self, mode: str) -> None:
        x = leaf([1.0, 2.0])
        y = (x * x).sum()
        y.backward()
        with pytest.raises(rt.GradientError, match=r"<mul> had kept .* retain_graph=True"):
            y.backward()
        assert numbers(x.grad) == [2.0, 4.0]

    def test_a_graph_that_keeps_nothing_is_not_used_up(self, mode: str) -> None:
        x = leaf([1.0, 2.0])
        y = (x + 1).sum()
        y.backward()
        y.backward()
        assert numbers(x.grad) == [2.0, 2.0]

    def test_retain_graph(self, mode: str) -> None:
        x = leaf([1.0, 2.0])
        y = (x.exp() * x).sum()
        y.backward(retain_graph=True)
        first = numbers(x.grad)
        y.backward()
        assert numbers(x.grad) == [2 * value for value in first]
        with pytest.raises(rt.GradientError):
            y.backward()

    def test_part_of_a_graph_that_another_pass_used_up(self, mode: str) -> None:
        x = leaf([1.0, 2.0])
        shared = x * x
        shared.sum().backward()
        with pytest.raises(rt.GradientError, match="retain_graph"):
            (shared * 2).sum().backward()

    def test_create_graph_keeps_the_graph(self, mode: str) -> None:
        x = leaf(2.0)
        y = x * x * x
        y.backward(create_graph=True)
        assert x.grad is not None and x.grad.requires_grad and x.grad.item() == 12.0
        y.backward()
        assert x.grad.item() == 24.0

    def test_inputs(self, mode: str) -> None:
        a, b = leaf(2.0), leaf(3.0)
        middle = a * b
        (middle * a).backward(inputs=[a, middle])
        assert (numbers(a.grad), b.grad, numbers(middle.grad)) == (12.0, None, 2.0)
        with pytest.raises(rt.BadArgumentError, match=r"backward: inputs\[0\]: it does not require grad"):
            (a * b).backward(inputs=rt.ones([]))

    def test_each_node_runs_once(self, mode: str) -> None:
        x = leaf([1.0])
        y = x
        for _ in range(60):  # 2 ** 60 paths
            y = y + y
        y.backward()
        assert numbers(x.grad) == [2.0**60]

    def test_nothing_of_a_pass_is_recorded(self, mode: str) -> None:
        x = leaf([1.0, 2.0])
        (x.exp() * x).sum().backward()
        assert x.grad is not None and not x.grad.requires_grad and x.grad.is_leaf


class TestLifetime:
    @pytest.fixture(autouse=True)
    def quiet(self) -> Any:
        gc.collect()
        gc.disable()
        yield
        gc.enable()

    def test_a_graph_goes_with_its_result(self, mode: str) -> None:
        """By counting references alone: there are no cycles."""
        x = leaf([1.0, 2.0])
        middle = x.exp().tanh().sigmoid()
        watched = weakref.ref(middle)
        result = (middle * middle).softmax(0).sum()
        del middle
        assert watched() is not None  # kept for the gradient of the product
        del result
        assert watched() is None

    def test_what_is_kept_goes_as_backward_goes(self, mode: str) -> None:
        x = leaf([1.0, 2.0])
        middle = x * 2
        watched = weakref.ref(middle)
        result = (middle * middle).sum()
        del middle
        result.backward()
        assert watched() is None
        assert result.item() == 20.0

    def test_nothing_is_left_after_a_pass_in_the_native_tier(self, native: None) -> None:
        with rt.acceleration("native"):
            x = rt.randn([4, 4]).requires_grad_()
            live = []
            for _ in range(3):
                (x.tanh() @ x.softmax(0)).mean().backward()
                x.grad = None
                live.append(functions.live_handles())
            assert live[1] == live[2]

    def test_functions_and_parts_leave_no_cycle(self, mode: str) -> None:
        class Square(rt.autograd.Function):
            @staticmethod
            def forward(ctx: Any, x: rt.Tensor) -> rt.Tensor:
                result = x * x
                ctx.save_for_backward(x, result)
                return result

            @staticmethod
            def backward(ctx: Any, grad: rt.Tensor) -> rt.Tensor:
                x, _ = ctx.saved_tensors
                return 2 * x * grad

        x = leaf([1.0, 2.0])
        y = Square.apply(x)[0]
        node = weakref.ref(y)
        y.backward()
        del y
        assert node() is None
        assert numbers(x.grad) == [2.0, 0.0]

    @pytest.mark.parametrize("drop", ["before", "after"])
    def test_deep_graphs(self, drop: str, mode: str) -> None:
        x = leaf([1.0])
        y = x
        for _ in range(100_000):
            y = y * 1.0 if drop == "after" else y + x
        if drop == "after":
            y.backward()
            assert numbers(x.grad) == [1.0]
        del y

    def test_deep_graphs_of_views_and_parts(self) -> None:
        x = leaf([[1.0, 2.0]])
        y = x
        for _ in range(10_000):
            y = y.T[:].T
        y.sum().backward()
        assert numbers(x.grad) == [[1.0, 1.0]]

    def test_without_recursion(self, mode: str) -> None:
        x = leaf([1.0])
        y = x
        for _ in range(2_000):
            y = y * x
        z = y.exp()[:1].reshape(1)
        limit = sys.getrecursionlimit()
        sys.setrecursionlimit(len(inspect.stack(0)) + 60)
        try:
            rt.grad(z, [x], create_graph=True)
            z.backward()
            del y, z
        finally:
            sys.setrecursionlimit(limit)
        assert numbers(x.grad) == [pytest.approx(2_001 * math.e)]
