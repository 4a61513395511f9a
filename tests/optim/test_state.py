"""States of optimizers and schedules: in torch's form, and to go on from, bit for bit."""

from __future__ import annotations

import copy
import math
import pickle
from collections.abc import Callable
from typing import Any

import pytest

import rt_torch as rt
from rt_torch import nn, optim

pytestmark = pytest.mark.usefixtures("settled", "no_handle_left")

KINDS: dict[str, Callable[[Any], optim.Optimizer]] = {
    "SGD": lambda params: optim.SGD(params, lr=0.1),
    "SGD with momentum": lambda params: optim.SGD(params, lr=0.1, momentum=0.9, weight_decay=0.01, nesterov=True),
    "Adam": lambda params: optim.Adam(params, lr=0.01),
    "AdamW": lambda params: optim.AdamW(params, lr=0.01),
    "RMSprop": lambda params: optim.RMSprop(params, lr=0.01, momentum=0.5, centered=True),
}
SCHEDULES: dict[str, Callable[[optim.Optimizer], optim.Schedule]] = {
    "StepLR": lambda optimizer: optim.StepLR(optimizer, 2, 0.5),
    "ExponentialLR": lambda optimizer: optim.ExponentialLR(optimizer, 0.9),
    "CosineAnnealingLR": lambda optimizer: optim.CosineAnnealingLR(optimizer, 3, 1e-3),
}


def model(dtype: str = "f64") -> nn.Sequential:
    rt.manual_seed(1)
    return nn.Sequential(nn.Linear(3, 4, dtype=dtype), nn.Tanh(), nn.Linear(4, 2, dtype=dtype))


def learn(net: nn.Module, optimizer: optim.Optimizer, schedule: optim.Schedule, steps: int) -> None:
    dtype = next(net.parameters()).dtype
    x = rt.tensor([[0.1, -0.4, 0.3], [0.7, 0.2, -0.9]], dtype=dtype)
    y = rt.tensor([[0.5, 0.1], [-0.3, 0.8]], dtype=dtype)
    for _ in range(steps):
        optimizer.zero_grad()
        nn.mse_loss(net(x), y).backward()
        optimizer.step()
        schedule.step()


def weights(net: nn.Module) -> list[Any]:
    return [parameter.tolist() for parameter in net.parameters()]


@pytest.mark.parametrize("dtype", ["f64", "f32"])
@pytest.mark.parametrize("schedule", SCHEDULES)
@pytest.mark.parametrize("kind", KINDS)
def test_going_on_bit_for_bit(tier: str, kind: str, schedule: str, dtype: str) -> None:
    net, other = model(dtype), model(dtype)
    optimizer = KINDS[kind](net.parameters())
    rates = SCHEDULES[schedule](optimizer)
    learn(net, optimizer, rates, 7)
    state = net.state_dict(), optimizer.state_dict(), rates.state_dict()
    learn(net, optimizer, rates, 8)

    again = KINDS[kind](other.parameters())
    rates_again = SCHEDULES[schedule](again)
    other.load_state_dict(state[0])
    again.load_state_dict(state[1])
    rates_again.load_state_dict(state[2])
    learn(other, again, rates_again, 8)
    assert weights(other) == weights(net)
    assert rates_again.get_last_lr() == rates.get_last_lr()
    assert described(again.state_dict()) == described(optimizer.state_dict())


def described(state: dict[str, Any]) -> Any:
    """A state with lists for the tensors."""
    if isinstance(state, rt.Tensor):
        return (state.dtype, state.tolist())
    if isinstance(state, dict):
        return {key: described(value) for key, value in state.items()}
    return [described(each) for each in state] if isinstance(state, list) else state


def test_the_form_is_torchs(torch: Any) -> None:
    net, theirs = model(), torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.Tanh(), torch.nn.Linear(4, 2)).double()
    for kind, options in (
        ("SGD", {"momentum": 0.9}),
        ("Adam", {}),
        ("AdamW", {}),
        ("RMSprop", {"momentum": 0.5, "centered": True}),
    ):
        groups = [[{"params": m[2].parameters(), "lr": 0.5}, {"params": m[0].parameters()}] for m in (net, theirs)]
        ours = getattr(optim, kind)(groups[0], lr=0.1, **options)
        other = getattr(torch.optim, kind)(groups[1], lr=0.1, **options)
        learn(net, ours, optim.ExponentialLR(ours, 1.0), 2)
        for _ in range(2):
            other.zero_grad()
            theirs(torch.ones(1, 3).double()).sum().backward()
            other.step()
        found, expected = ours.state_dict(), other.state_dict()
        assert {*found} == {*expected} == {"state", "param_groups"}
        assert [group["params"] for group in found["param_groups"]] == [[0, 1], [2, 3]]
        for group, wanted in zip(found["param_groups"], expected["param_groups"], strict=True):
            assert group == {name: wanted[name] for name in group}
        assert {*found["state"]} == {*expected["state"]} == {0, 1, 2, 3}
        for number, state in found["state"].items():
            wanted = {name for name in expected["state"][number] if kind != "RMSprop" or name != "step"}
            assert {*state} == wanted
            assert all(state[name].shape == tuple(expected["state"][number][name].shape) for name in wanted - {"step"})


def test_a_state_stays_as_it_is_while_learning_goes_on(tier: str) -> None:
    net = model()
    optimizer = KINDS["Adam"](net.parameters())
    rates = SCHEDULES["StepLR"](optimizer)
    learn(net, optimizer, rates, 3)
    state, before = optimizer.state_dict(), described(optimizer.state_dict())
    learn(net, optimizer, rates, 3)
    assert described(state) == before


def test_a_state_is_taken_over_in_the_dtype_of_the_parameters(tier: str) -> None:
    net, other = model("f32"), model("f64")
    optimizer, again = KINDS["Adam"](net.parameters()), KINDS["Adam"](other.parameters())
    learn(net, optimizer, SCHEDULES["StepLR"](optimizer), 2)
    again.load_state_dict(optimizer.state_dict())
    kept = [value for state in again.state_dict()["state"].values() for value in state.values()]
    assert {value.dtype for value in kept if isinstance(value, rt.Tensor)} == {"f64"}
    learn(other, again, SCHEDULES["StepLR"](again), 2)


def test_copies_of_a_network_with_its_optimizer(tier: str) -> None:
    net = model()
    optimizer = KINDS["Adam"](net.parameters())
    learn(net, optimizer, optim.ExponentialLR(optimizer, 0.9), 2)
    for copied_net, copied in (copy.deepcopy((net, optimizer)), pickle.loads(pickle.dumps((net, optimizer)))):
        assert all(a is b for a, b in zip(copied_net.parameters(), copied.param_groups[0]["params"], strict=True))
        before = weights(net)
        learn(copied_net, copied, optim.ExponentialLR(copied, 0.9), 2)
        assert weights(net) == before
        assert weights(copied_net) != before


# What is refused.


def refused(optimizer: optim.Optimizer, change: Callable[[dict[str, Any]], Any], says: str) -> None:
    """A changed state is not taken over, and what the optimizer has stays."""
    state = copy.deepcopy(optimizer.state_dict())
    before = described(optimizer.state_dict())
    change(state)
    with pytest.raises(rt.BadArgumentError, match=says):
        optimizer.load_state_dict(state)
    assert described(optimizer.state_dict()) == before


def test_states_that_do_not_fit() -> None:
    net = model()
    optimizer = KINDS["Adam"](net.parameters())
    learn(net, optimizer, SCHEDULES["StepLR"](optimizer), 1)
    refused(optimizer, lambda state: state.pop("state"), "a dictionary of state and param_groups is expected")
    refused(optimizer, lambda state: state.update(more=1), "a dictionary of state and param_groups is expected")
    refused(
        optimizer,
        lambda state: state["param_groups"][0]["params"].pop(),
        r"it is of groups of \[3\] parameters, and here are groups of \[4\]",
    )
    refused(optimizer, lambda state: state["param_groups"].append({"params": []}), r"\[4, 0\] parameters")
    refused(
        optimizer,
        lambda state: state["param_groups"][0].update(momentum=1),
        "option 'momentum' is not known here: is it",
    )
    refused(optimizer, lambda state: state["param_groups"][0].pop("eps"), "the option 'eps' is missing: is it another")
    refused(optimizer, lambda state: state["param_groups"][0].update(lr=-1.0), "argument `lr`: -1.0 was given")
    refused(optimizer, lambda state: state["state"].update({4: {}}), "there is no parameter 4 here")
    refused(
        optimizer, lambda state: state["state"][1].update(square_avg=1), "parameter 1: 'square_avg' is not known here"
    )
    refused(
        optimizer,
        lambda state: state["state"][0].update(exp_avg=rt.zeros([2])),
        r"state of parameter 0: 'exp_avg' is to be a tensor of shape \(4, 3\)",
    )
    refused(optimizer, lambda state: state["state"][0].update(exp_avg=None), "is to be a tensor of shape")
    refused(optimizer, lambda state: state["state"][0].update(step="1"), "argument `step`: an integer is expected")
    refused(optimizer, lambda state: state["state"][0].update(step=0), "argument `step`: 0 was given")
    for odd in (3, None, {}, [3], [{}], [{"params": 3}]):
        refused(
            optimizer, lambda state, odd=odd: state.update(param_groups=odd), "param_groups is to be a list of groups"
        )
    for odd in (3, None, [], {0: 3}, {"x": None}):
        refused(
            optimizer, lambda state, odd=odd: state.update(state=odd), "state is to be a dictionary of dictionaries"
        )
    refused(optimizer, lambda state: state["state"].update({"x": {}}), "there is no parameter 'x' here")
    for bad in (None, [], "state"):
        with pytest.raises(
            rt.BadArgumentError, match=r"rt\.optim\.Adam\.load_state_dict: argument `state`: a dictionary"
        ):
            optimizer.load_state_dict(bad)
    other = KINDS["SGD with momentum"](net.parameters())
    with pytest.raises(rt.BadArgumentError, match="is it another optimizer's"):
        other.load_state_dict(optimizer.state_dict())


def test_states_of_schedules_that_do_not_fit() -> None:
    net = model()
    optimizer = KINDS["SGD"](net.parameters())
    schedule = optim.StepLR(optimizer, 2)
    state = schedule.state_dict()
    assert state == {"base_lrs": [0.1], "last_epoch": 0, "step_size": 2, "gamma": 0.1}
    for bad in (None, {}, {**state, "more": 1}, optim.ExponentialLR(optimizer, 0.5).state_dict()):
        with pytest.raises(
            rt.BadArgumentError, match=r"rt\.optim\.StepLR\.load_state_dict: argument `state`: a dictionary"
        ):
            schedule.load_state_dict(bad)
    with pytest.raises(rt.BadArgumentError, match="it is of 2 groups, and here are 1"):
        schedule.load_state_dict({**state, "base_lrs": [0.1, 0.2]})
    with pytest.raises(rt.ArgumentTypeError, match="argument `last_epoch`: an integer is expected"):
        schedule.load_state_dict({**state, "last_epoch": "3"})
    for name, bad in (
        ("base_lrs", 3),
        ("base_lrs", ["a"]),
        ("base_lrs", [-1.0]),
        ("last_epoch", -1),
        ("step_size", 0),
        ("step_size", {}),
        ("gamma", math.nan),
    ):
        with pytest.raises(rt.BadArgumentError, match=rf"rt\.optim\.StepLR\.load_state_dict: argument .*{name}"):
            schedule.load_state_dict({**state, name: bad})
    assert schedule.state_dict() == state
