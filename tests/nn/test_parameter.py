"""Parameters: tensors that learn, and what is computed from them are plain tensors."""

from __future__ import annotations

import copy
import pickle

import pytest

import rt_torch as rt
from rt_torch.nn import Parameter

pytestmark = pytest.mark.usefixtures("settled", "no_handle_left")


def test_a_parameter_is_a_tensor_that_requires_grad() -> None:
    parameter = Parameter(rt.tensor([1.0, 2.0]))
    assert isinstance(parameter, rt.Tensor)
    assert (parameter.requires_grad, parameter.is_leaf, parameter.tolist()) == (True, True, [1.0, 2.0])
    assert Parameter([[1.0]]).shape == (1, 1)
    assert not Parameter([1.0], requires_grad=False).requires_grad
    assert not Parameter([1], False).requires_grad


def test_it_shares_the_memory_of_a_tensor(tier: str) -> None:
    source = rt.ones([2])
    parameter = Parameter(source)
    source[0] = 5.0
    assert parameter.tolist() == [5.0, 1.0]
    assert not source.requires_grad


def test_it_does_not_continue_a_graph(tier: str) -> None:
    source = rt.ones([2], requires_grad=True)
    parameter = Parameter(source * 2.0)
    parameter.sum().backward()
    assert parameter.is_leaf
    assert source.grad is None
    assert parameter.grad is not None


def test_what_is_computed_is_a_plain_tensor(tier: str) -> None:
    parameter = Parameter([1.0, 2.0])
    results = [parameter + 1.0, parameter.sum(), parameter[0], parameter.data, parameter.detach(), rt.relu(parameter)]
    assert {type(result) for result in results} == {rt.Tensor}


def test_copies_are_parameters(tier: str) -> None:
    for learns in (True, False):
        parameter = Parameter([1.0, 2.0], learns)
        for copied in (copy.copy(parameter), copy.deepcopy(parameter), pickle.loads(pickle.dumps(parameter))):
            assert type(copied) is Parameter
            assert (copied.tolist(), copied.requires_grad) == ([1.0, 2.0], learns)


def test_printing() -> None:
    assert repr(Parameter([1.0, 2.0])) == "Parameter containing:\ntensor([1., 2.], requires_grad=True)"


def test_integers_do_not_learn() -> None:
    with pytest.raises(rt.BadArgumentError, match="only floating-point tensors have gradients"):
        Parameter([1, 2])
