"""rt.grad: gradients as results, without touching anybody's `.grad`."""

from __future__ import annotations

from typing import Any

import pytest

import rt_torch as rt
from tests.autograd.conftest import leaf, numbers

pytestmark = pytest.mark.usefixtures("mode")


def test_one_of_one() -> None:
    x = leaf([1.0, 2.0])
    found = rt.grad((x * x).sum(), x)
    assert isinstance(found, tuple) and [numbers(g) for g in found] == [[2.0, 4.0]]
    assert x.grad is None


def test_several_of_several() -> None:
    a, b = leaf([1.0, 2.0]), leaf([3.0, 4.0])
    found = rt.grad([(a * b).sum(), a * 2], [b, a, b], [None, rt.tensor([1.0, 10.0])])
    assert [numbers(g) for g in found] == [[1.0, 2.0], [5.0, 24.0], [1.0, 2.0]]


def test_what_is_no_leaf() -> None:
    x = leaf([1.0, 2.0])
    middle = x * 3
    found = rt.grad((middle * middle).sum(), [middle, x])
    assert [numbers(g) for g in found] == [[6.0, 12.0], [18.0, 36.0]]
    assert middle.grad is None and x.grad is None


def test_an_output_by_itself() -> None:
    x = leaf(2.0)
    y = x * x
    assert [numbers(g) for g in rt.grad(y, [y, x])] == [1.0, 4.0]
    assert [numbers(g) for g in rt.grad(x, x)] == [1.0]


def test_only_what_leads_to_the_inputs_runs() -> None:
    a, b = leaf([1.0]), leaf([2.0])

    def never(grad: rt.Tensor) -> None:
        raise AssertionError("this gradient is of no use")

    other = b * 5
    other.register_hook(never)
    result = (a * other).sum()
    assert numbers(rt.grad(result, a)[0]) == [10.0]
    with pytest.raises(AssertionError):
        rt.grad((a * other).sum(), b)


def test_graphs_that_are_left_alone_are_not_used_up() -> None:
    a, b = leaf([1.0]), leaf([2.0])
    squares = b * b
    rt.grad((a * a + squares).sum(), a)
    squares.sum().backward()
    assert numbers(b.grad) == [4.0]


def test_unused_inputs() -> None:
    a, b = leaf([1.0]), leaf([[2.0, 3.0]])
    with pytest.raises(rt.BadArgumentError, match=r"inputs\[1\], a tensor of shape \[1, 2\]: .* allow_unused=True"):
        rt.grad(a.sum(), [a, b])
    found = rt.grad(a.sum(), [a, b], allow_unused=True)
    assert numbers(found[0]) == [1.0] and found[1] is None


@pytest.mark.parametrize(
    ("outputs", "inputs", "grad_outputs", "kind", "text"),
    [
        (lambda x: rt.ones([]), lambda x: x, None, rt.BadArgumentError, r"outputs\[0\]: it does not require grad"),
        (lambda x: x.sum(), lambda x: rt.ones([]), None, rt.BadArgumentError, r"inputs\[0\]: it does not require grad"),
        (lambda x: x * x, lambda x: x, None, rt.BadArgumentError, r"outputs\[0\] has the shape \[2\].*`grad_outputs"),
        (lambda x: x * x, lambda x: x, rt.ones([3]), rt.BadArgumentError, r"`grad_outputs\[0\]`: .*\[2\].*\[3\]"),
        (lambda x: x * x, lambda x: x, [1.0], rt.ArgumentTypeError, "a tensor is expected"),
        (lambda x: [x, x], lambda x: x, [rt.ones([2])], rt.BadArgumentError, "2 outputs and 1 grad_outputs"),
        (lambda x: [1.0], lambda x: x, None, rt.ArgumentTypeError, r"outputs\[0\]: a tensor is expected; given"),
        (lambda x: x.sum(), lambda x: ["x"], None, rt.ArgumentTypeError, r"inputs\[0\]: a tensor is expected; given"),
        (lambda x: 1.0, lambda x: x, None, rt.ArgumentTypeError, "`outputs`: a tensor or several are"),
        (lambda x: x.sum(), lambda x: None, None, rt.ArgumentTypeError, "`inputs`: a tensor or several are .* None"),
        (lambda x: x.sum(), lambda x: x, 1.0, rt.ArgumentTypeError, "`grad_outputs`: a tensor or several"),
    ],
)
def test_bad_arguments(outputs: Any, inputs: Any, grad_outputs: Any, kind: type[Exception], text: str) -> None:
    x = leaf([1.0, 2.0])
    with pytest.raises(kind, match=text):
        rt.grad(outputs(x), inputs(x), grad_outputs)


def test_the_graph_is_used_up_unless_it_is_retained() -> None:
    x = leaf([1.0, 2.0])
    y = (x * x).sum()
    rt.grad(y, x, retain_graph=True)
    rt.grad(y, x, create_graph=True)
    rt.grad(y, x)
    with pytest.raises(rt.GradientError):
        rt.grad(y, x)


def test_results_are_recorded_only_where_a_graph_is_wanted() -> None:
    x = leaf([1.0, 2.0])
    y = (x * x * x).sum()
    (plain,) = rt.grad(y, x, retain_graph=True)
    (recorded,) = rt.grad(y, x, create_graph=True)
    assert plain is not None and recorded is not None
    assert not plain.requires_grad and recorded.requires_grad
    assert numbers(rt.grad(recorded.sum(), x)[0]) == [6.0, 12.0]


def test_under_no_grad_with_a_graph_of_before() -> None:
    x = leaf([1.0, 2.0])
    y = (x * x).sum()
    with rt.no_grad():
        (found,) = rt.grad(y, x, create_graph=True)
    assert found is not None and found.requires_grad


def test_gradients_of_grad_outputs() -> None:
    x, v = leaf([1.0, 2.0]), leaf([3.0, 4.0])
    (found,) = rt.grad(x * x, x, v, create_graph=True)
    assert found is not None
    assert [numbers(g) for g in rt.grad(found.sum(), [x, v])] == [[6.0, 8.0], [2.0, 4.0]]


def test_a_penalty_on_gradients(torch: Any) -> None:
    """What second derivatives are for: the norm of a gradient as part of a loss."""

    def loss(w: Any, x: Any, grad: Any) -> Any:
        y = ((x @ w).tanh() ** 2).sum()
        (g,) = grad(y, x, create_graph=True)
        return y + (g * g).sum()

    w, x = leaf([[0.5, -1.0], [0.25, 2.0]]), leaf([[1.0, 2.0], [-0.5, 0.75]])
    loss(w, x, rt.grad).backward()
    tw, tx = (torch.tensor(t.detach().tolist(), dtype=torch.float64, requires_grad=True) for t in (w, x))
    loss(tw, tx, torch.autograd.grad).backward()
    for ours, theirs in ((w, tw), (x, tx)):
        assert torch.allclose(
            torch.tensor(numbers(ours.grad), dtype=torch.float64), theirs.grad, rtol=1e-10, atol=1e-13
        )
