"""Tensors with gradients seen from outside: reading, printing, memory for others, copies, pickles."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest

import rt_torch as rt
from tests.autograd.conftest import leaf, numbers

pytestmark = pytest.mark.usefixtures("mode")


def test_numbers_can_be_read() -> None:
    x = leaf([1.5, 2.0])
    y = (x * 2).sum()
    assert (x.tolist(), y.item(), float(y), bool(y), y.tolist(), len(x)) == ([1.5, 2.0], 7.0, 7.0, True, 7.0, 2)
    assert (x * 2).shape == (2,) and (x * 2).dtype == "f64" and (x * 2).strides == (1,)


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (lambda x: x, "tensor([1., 2.], requires_grad=True)"),
        (lambda x: x * x, "tensor([1., 4.], grad_fn=<mul>)"),
        (lambda x: x.sum(), "tensor(3., grad_fn=<sum_tensor>)"),
        (lambda x: x * 2, "tensor([2., 4.], grad_fn=<mul_scalar>)"),
        (lambda x: x[0], "tensor(1., grad_fn=<Part>)"),
        (lambda x: x.to("f32"), "tensor([1., 2.], dtype=f32, grad_fn=<to_dtype>)"),
        (lambda x: x.detach(), "tensor([1., 2.])"),
    ],
)
def test_printing(make: Any, text: str) -> None:
    assert repr(make(leaf([1.0, 2.0]))) == text


def test_a_long_line_is_broken() -> None:
    x = leaf([[0.12345678, 1.12345678, 2.12345678, 3.12345678, 4.12345678]])
    assert repr(x.exp()).endswith(",\n       grad_fn=<exp>)")


def test_detach_shares_the_memory_and_nothing_else() -> None:
    x = leaf([1.0, 2.0])
    for cut in (x.detach(), (x * 1.0).detach(), rt.detach(x)):
        assert not cut.requires_grad and cut.is_leaf and cut.grad is None
    shared = x.detach()
    shared[0] = 9.0
    assert x.tolist() == [9.0, 2.0]
    y = x * 3
    y.detach()[1] = 0.0
    assert y.tolist() == [27.0, 0.0]
    (x * x.detach()).sum().backward()
    assert numbers(x.grad) == [9.0, 2.0]


@pytest.mark.parametrize("recorded", [False, True])
def test_memory_is_given_away_only_without_gradients(recorded: bool) -> None:
    np = pytest.importorskip("numpy", reason="arrays are NumPy's")
    x = leaf([1.0, 2.0])
    x = x * 1.0 if recorded else x
    for export in (lambda: x.numpy(), lambda: np.asarray(x), lambda: x.__array__(), lambda: x.memoryview()):
        with pytest.raises(rt.BadArgumentError, match=r"requires grad.*x\.detach\(\)"):
            export()
    with pytest.raises(BufferError, match=r"__dlpack__: .*requires grad.*x\.detach\(\)"):
        x.__dlpack__()
    with pytest.raises(BufferError, match=r"x\.detach\(\)"):
        rt.from_dlpack(x)
    with rt.no_grad(), pytest.raises(rt.BadArgumentError, match="detach"):
        x.numpy()
    array = x.detach().numpy()
    array[0] = 5.0
    assert x.tolist() == [5.0, 2.0]
    assert x.detach().memoryview().tolist() == [5.0, 2.0]
    assert rt.from_dlpack(x.detach()).tolist() == [5.0, 2.0]


def test_torch_takes_what_is_detached(torch: Any) -> None:
    x = leaf([1.0, 2.0])
    with pytest.raises(BufferError, match="detach"):
        torch.from_dlpack(x)
    assert torch.from_dlpack(x.detach()).tolist() == [1.0, 2.0]


def test_a_new_tensor_of_one_with_gradients_is_a_leaf() -> None:
    x = leaf([1.0, 2.0])
    for source in (x, x * 1.0):
        made = rt.tensor(source)
        assert made.is_leaf and not made.requires_grad
        assert rt.tensor(source, requires_grad=True).is_leaf


@pytest.mark.parametrize("how", ["copy", "deepcopy", "pickle"])
def test_leaves_stay_leaves(how: str) -> None:
    def again(tensor: rt.Tensor) -> rt.Tensor:
        if how == "pickle":
            made: rt.Tensor = pickle.loads(pickle.dumps(tensor))
            return made
        return copy.copy(tensor) if how == "copy" else copy.deepcopy(tensor)

    x = leaf([1.0, 2.0])
    made = again(x)
    assert made.requires_grad and made.is_leaf and made.tolist() == [1.0, 2.0]
    with rt.no_grad():
        made[0] = 9.0
    assert x.tolist() == [1.0, 2.0]
    (made * made).sum().backward()
    assert x.grad is None
    assert not again(rt.ones([2])).requires_grad


def test_a_deep_copy_has_a_gradient_of_its_own() -> None:
    x = leaf([1.0, 2.0])
    (x * x).sum().backward()
    made = copy.deepcopy({"weights": [x, x]})["weights"]
    assert made[0] is made[1] and made[0] is not x
    assert numbers(made[0].grad) == [2.0, 4.0]
    made[0].grad[0] = 7.0
    assert numbers(x.grad) == [2.0, 4.0]


def test_results_are_not_copied_deeply() -> None:
    y = leaf([1.0, 2.0]) * 2
    with pytest.raises(rt.BadArgumentError, match=r"deepcopy: .*result of <mul_scalar>.*x\.detach\(\)"):
        copy.deepcopy(y)
    assert copy.deepcopy(y.detach()).tolist() == [2.0, 4.0]
    for made in (copy.copy(y), pickle.loads(pickle.dumps(y))):  # as torch's: by itself, and to be trained
        assert made.is_leaf and made.requires_grad and made.tolist() == [2.0, 4.0]
