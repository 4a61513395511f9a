"""Setting elements: refused where gradients would miss it, noticed where a gradient needs the elements as they were."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import rt_torch as rt
from tests.autograd.conftest import leaf, native_problem, numbers


@pytest.fixture(params=["list", "memory", "both", "native"])
def held(request: pytest.FixtureRequest, mode: str) -> Callable[[rt.Tensor], rt.Tensor]:
    """Has elements in a list, in memory, in memory of both tiers, or in libtorch's memory alone; in each mode."""
    if request.param in ("both", "native") and native_problem():
        pytest.skip(f"no native tier: {native_problem()}")

    def hold(tensor: rt.Tensor) -> rt.Tensor:
        if request.param == "memory":
            tensor.memoryview()
        if request.param == "both":
            tensor.to_native()
        if request.param == "native":
            with rt.acceleration("native"):
                tensor = tensor.clone()
            assert tensor.residency == "native"
        return tensor

    return hold


class TestRefused:
    def test_a_leaf_that_requires_grad(self, mode: str) -> None:
        x = leaf([1.0, 2.0])
        with pytest.raises(rt.BadArgumentError, match=r"x is a leaf that requires grad.*rt\.no_grad\(\)"):
            x[0] = 5.0
        assert x.tolist() == [1.0, 2.0]

    def test_a_recorded_result(self, mode: str) -> None:
        x = leaf([1.0, 2.0])
        y = x * x
        with pytest.raises(rt.BadArgumentError, match=r"x is the result of <mul>"):
            y[0] = 5.0
        with pytest.raises(rt.BadArgumentError, match=r"x is the result of <Part>"):
            x[:1][0] = 5.0

    def test_a_recorded_value(self, mode: str) -> None:
        x, target = leaf([1.0, 2.0]), rt.zeros([2])
        for value in (x, x * 2):
            with pytest.raises(rt.BadArgumentError, match=r"v requires grad.*v\.detach\(\).*rt\.where"):
                target[...] = value
        target[...] = x.detach()
        assert target.tolist() == [1.0, 2.0]

    def test_nothing_of_that_under_no_grad(self, mode: str) -> None:
        x, target = leaf([1.0, 2.0]), rt.zeros([2])
        y = x * 3
        with rt.no_grad():
            x[0] = 5.0
            y[1] = x[0]
            target[...] = x
        assert (x.tolist(), y.tolist(), target.tolist()) == ([5.0, 2.0], [3.0, 5.0], [5.0, 2.0])
        assert x.requires_grad and y.requires_grad and not target.requires_grad


def step(x: rt.Tensor, sign: str, y: Any) -> rt.Tensor:
    """What is called `x` after `x += y`, or what the sign says."""
    names = {"x": x, "y": y}
    exec(f"x {sign}= y", names)
    return names["x"]


SIGNS = {"+": [4.0, 6.0], "-": [0.0, 2.0], "*": [4.0, 8.0], "/": [1.0, 2.0], "**": [4.0, 16.0]}


class TestSteps:
    """x += y changes a leaf that requires grad itself where nothing is recorded, and gives another tensor otherwise."""

    @pytest.mark.parametrize("sign", SIGNS)
    def test_a_leaf_under_no_grad(self, held: Callable[[rt.Tensor], rt.Tensor], sign: str) -> None:
        x = held(rt.tensor([2.0, 4.0])).requires_grad_()
        for y in (2, 2.0, rt.tensor(2.0), rt.tensor([2.0, 2.0])):
            with rt.no_grad():
                x[...] = rt.tensor([2.0, 4.0])
                assert step(x, sign, y) is x
            assert x.is_leaf and x.requires_grad and x.tolist() == SIGNS[sign]

    @pytest.mark.parametrize("sign", SIGNS)
    def test_not_where_it_would_have_to_be_recorded(self, mode: str, sign: str) -> None:
        x = leaf([2.0, 4.0])
        with pytest.raises(rt.BadArgumentError, match=r"x is a leaf that requires grad.*rt\.no_grad\(\).* = x .* y"):
            step(x, sign, 2.0)
        assert x.tolist() == [2.0, 4.0]

    @pytest.mark.parametrize("sign", SIGNS)
    def test_another_tensor_otherwise(self, mode: str, sign: str) -> None:
        x, plain = leaf([1.0, 2.0]), rt.tensor([2.0, 4.0])
        y = x * 2
        found = step(y, sign, 2.0)
        assert found.requires_grad and found.tolist() == step(plain, sign, 2.0).tolist() == SIGNS[sign]
        assert y.tolist() == plain.tolist() == [2.0, 4.0]

    def test_a_graph_that_needs_the_leaf_as_it_was(self, mode: str) -> None:
        x = leaf([2.0, 4.0])
        y = (x * x).sum()
        with rt.no_grad():
            x -= 1.0
        with pytest.raises(rt.GradientError, match="was changed in place"):
            y.backward()

    def test_learning_by_hand(self, mode: str) -> None:
        model = rt.nn.Linear(1, 1)
        x = rt.tensor([[0.0], [1.0], [2.0]])
        for _ in range(100):
            rt.nn.mse_loss(model(x), 2 * x + 1).backward()
            with rt.no_grad():
                for parameter in model.parameters():
                    parameter -= 0.2 * parameter.grad
            model.zero_grad()
        assert (model.weight.item(), model.bias.item()) == pytest.approx((2.0, 1.0), abs=1e-3)

    @pytest.mark.parametrize("y", ["a", None, [1.0]])
    def test_what_is_no_number(self, mode: str, y: Any) -> None:
        x = leaf([2.0, 4.0])
        with rt.no_grad(), pytest.raises(TypeError, match="unsupported operand"):
            x += y
        with rt.no_grad(), pytest.raises(rt.BadArgumentError, match=r"\[3, 2\].*\[2\]"):
            x += rt.ones([3, 2])
        assert x.tolist() == [2.0, 4.0]


Use = Callable[[rt.Tensor, rt.Tensor], rt.Tensor]


class TestNoticed:
    """A value that a gradient needs, and that was changed between the call and backward."""

    def test_an_argument(self, held: Callable[[rt.Tensor], rt.Tensor]) -> None:
        x, factor = leaf([1.0, 2.0]), held(rt.tensor([3.0, 4.0]))
        y = x * factor
        factor[0] = 7.0
        with pytest.raises(rt.GradientError, match=r"argument `b` of <mul> was changed in place.*clone\(\)"):
            y.sum().backward()
        assert x.grad is None
        (x * factor).sum().backward()
        assert numbers(x.grad) == [7.0, 4.0]

    def test_a_leaf_under_no_grad(self, held: Callable[[rt.Tensor], rt.Tensor]) -> None:
        x = held(rt.tensor([1.0, 2.0])).requires_grad_()
        y = x * x
        with rt.no_grad():
            x[0] = 7.0
        with pytest.raises(rt.GradientError, match="argument `a` of <mul>"):
            y.sum().backward()

    def test_a_result(self, mode: str) -> None:
        x = leaf([1.0, 2.0])
        y = x.exp()
        with rt.no_grad():
            y[0] = 0.0
        with pytest.raises(rt.GradientError, match="result of <exp> was changed in place"):
            y.sum().backward()

    def test_through_any_view(self, held: Callable[[rt.Tensor], rt.Tensor]) -> None:
        views: list[Callable[[rt.Tensor], rt.Tensor]] = [
            lambda t: t.detach(),
            lambda t: t.reshape(4),
            lambda t: t.T,
            lambda t: t[1:],
            lambda t: t.unsqueeze(0).squeeze(0).T.flatten().detach() if t.T.is_contiguous() else t.unsqueeze(0),
            lambda t: t.contiguous(),
            lambda t: t[:, 1].detach()[:].unsqueeze(1),
            lambda t: rt.from_dlpack(t),
        ]
        for view in views:
            x, factor = leaf([[1.0, 2.0], [3.0, 4.0]]), held(rt.ones([2, 2]))
            early = view(factor)
            y = (x * factor).sum()
            early[0] = 7.0
            assert factor.sum().item() > 4.0
            with pytest.raises(rt.GradientError, match="argument `b` of <mul>"):
                y.backward()
            y = (x * factor).sum()
            late = view(factor)
            late[0] = 9.0
            with pytest.raises(rt.GradientError, match="argument `b` of <mul>"):
                y.backward()

    def test_a_view_that_was_kept_and_its_base_that_was_changed(self, held: Callable[[rt.Tensor], rt.Tensor]) -> None:
        x, base = leaf([1.0, 2.0]), held(rt.ones([2, 2]))
        for part in (base[0], base.T[0], base.reshape(4)[2:], base.flatten().detach()[:2]):
            y = (x * part).sum()
            base[0, 0] = 7.0
            with pytest.raises(rt.GradientError):
                y.backward()

    def test_after_the_tensor_changed_its_tier(self, native: None) -> None:
        x, factor = leaf([1.0, 2.0]), rt.tensor([3.0, 4.0])
        view = factor[:1]
        y = (x * factor).sum()
        factor.to_native()
        with rt.acceleration("native"):
            other = factor.reshape(2, 1)
        other[0] = 8.0
        assert (factor.tolist(), view.tolist()) == ([8.0, 4.0], [8.0])
        with pytest.raises(rt.GradientError):
            y.backward()
        y = (x * factor).sum()
        view.to_native()
        view[0] = 9.0
        with pytest.raises(rt.GradientError):
            y.backward()

    def test_of_dtypes_that_only_the_native_tier_has(self, native: None) -> None:
        x, factor = leaf([1.0, 2.0], "f16"), rt.tensor([3.0, 4.0], dtype="f16")
        y = (x * factor).sum()
        factor[0] = 7.0
        with pytest.raises(rt.GradientError):
            y.backward()
        whole = rt.ones([2, 2], dtype="f16")
        part = whole[0]
        y = (x * part).sum()
        whole[0, 0] = 5.0
        with pytest.raises(rt.GradientError):
            y.backward()

    def test_what_a_function_kept(self, mode: str) -> None:
        class Times(rt.autograd.Function):
            @staticmethod
            def forward(ctx: Any, x: rt.Tensor, factor: rt.Tensor) -> rt.Tensor:
                ctx.save_for_backward(None, factor)
                return x * factor

            @staticmethod
            def backward(ctx: Any, grad: rt.Tensor) -> Any:
                return grad * ctx.saved_tensors[1], None

        x, factor = leaf([1.0, 2.0]), rt.tensor([3.0, 4.0])
        y = Times.apply(x, factor).sum()
        factor[0] = 7.0
        with pytest.raises(rt.GradientError, match="saved tensor 1 of <Times> was changed in place"):
            y.backward()


class TestAllowed:
    """What no gradient needs may change."""

    def test_before_the_call(self, held: Callable[[rt.Tensor], rt.Tensor]) -> None:
        x, factor = leaf([1.0, 2.0]), held(rt.tensor([3.0, 4.0]))
        factor[0] = 7.0
        (x * factor).sum().backward()
        assert numbers(x.grad) == [7.0, 4.0]

    def test_other_memory(self, held: Callable[[rt.Tensor], rt.Tensor]) -> None:
        x, factor, other = leaf([1.0, 2.0]), held(rt.tensor([3.0, 4.0])), held(rt.tensor([3.0, 4.0]))
        y = (x * factor).sum()
        other[0] = 7.0
        factor.clone()[0] = 8.0
        y.backward()
        assert numbers(x.grad) == [3.0, 4.0]

    def test_copies_that_might_have_been_views(self, held: Callable[[rt.Tensor], rt.Tensor]) -> None:
        x, factor = leaf([1.0, 2.0, 3.0, 4.0]), held(rt.tensor([[1.0, 2.0], [3.0, 4.0]]))
        rows = factor.T.reshape(4)  # which takes a copy
        y = (x * rows).sum()
        factor[...] = 0.0
        y.backward()
        assert numbers(x.grad) == [1.0, 3.0, 2.0, 4.0]

    def test_values_that_no_derivative_needs(self, held: Callable[[rt.Tensor], rt.Tensor]) -> None:
        x, term = leaf([1.0, 2.0]), held(rt.tensor([3.0, 4.0]))
        y = (x + term).sum()
        term[0] = 7.0
        with rt.no_grad():
            x[0] = 7.0
        y.backward()
        assert numbers(x.grad) == [1.0, 1.0]

    def test_after_backward(self, held: Callable[[rt.Tensor], rt.Tensor]) -> None:
        x = held(rt.tensor([1.0, 2.0])).requires_grad_()
        for expected in ([2.0, 4.0], [4.0, 4.0]):
            x.grad = None
            (x * x).sum().backward()
            assert numbers(x.grad) == expected
            with rt.no_grad():
                x[0] = 2.0
