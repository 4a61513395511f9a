"""The same small network here and in torch, learning the same data for many steps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import rt_torch as rt
from rt_torch import nn
from tests.nn.conftest import Numbers

torch = pytest.importorskip("torch", reason="the trajectories that are compared with are torch's")

STEPS = 100
EPOCH = 5  # steps


def network() -> nn.Sequential:
    """4-5-3, with a hyperbolic tangent between, on f64."""
    rt.manual_seed(1)
    return nn.Sequential(nn.Linear(4, 5), nn.Tanh(), nn.Linear(5, 3))


def network_in_torch(ours: nn.Module) -> Any:
    theirs = torch.nn.Sequential(torch.nn.Linear(4, 5), torch.nn.Tanh(), torch.nn.Linear(5, 3)).double()
    theirs.load_state_dict(
        {path: torch.tensor(tensor.tolist(), dtype=torch.float64) for path, tensor in ours.state_dict().items()}
    )
    return theirs


def batches() -> list[tuple[rt.Tensor, rt.Tensor]]:
    """Three batches that are gone through in turn."""
    numbers = Numbers(3)
    return [(numbers.tensor((6, 4)), rt.tensor([place % 3 for place in range(shift, shift + 6)])) for shift in range(3)]


def learn(
    model: nn.Module, optimizer: rt.optim.Optimizer, schedules: list[rt.optim.Schedule], steps: range
) -> list[float]:
    """The losses of some steps."""
    losses = []
    data = batches()
    for step in steps:
        x, y = data[step % len(data)]
        loss = nn.cross_entropy(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        if step % EPOCH == EPOCH - 1:
            for schedule in schedules:
                schedule.step()
    return losses


def learn_in_torch(model: Any, optimizer: Any, schedules: list[Any]) -> list[float]:
    losses = []
    data = [(torch.tensor(x.tolist(), dtype=torch.float64), torch.tensor(y.tolist())) for x, y in batches()]
    for step in range(STEPS):
        x, y = data[step % len(data)]
        loss = torch.nn.functional.cross_entropy(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        if step % EPOCH == EPOCH - 1:
            for schedule in schedules:
                schedule.step()
    return losses


def check_trajectory(
    optimizer: Callable[..., rt.optim.Optimizer],
    theirs: Callable[..., Any],
    schedules: Callable[[Any], list[Any]] = lambda optimizer: [],
    their_schedules: Callable[[Any], list[Any]] = lambda optimizer: [],
) -> None:
    """Losses of 100 steps, learning rates and what was learned are the same up to 1e-10."""
    model = network()
    other = network_in_torch(model)
    ours, torchs = optimizer(model), theirs(other)
    our_schedules, torch_schedules = schedules(ours), their_schedules(torchs)
    losses = learn(model, ours, our_schedules, range(STEPS))
    assert losses == pytest.approx(learn_in_torch(other, torchs, torch_schedules), rel=1e-10, abs=0.0)
    for group, expected in zip(ours.param_groups, torchs.param_groups, strict=True):
        assert group["lr"] == pytest.approx(expected["lr"], rel=1e-10, abs=1e-18)
    for (path, parameter), expected in zip(model.named_parameters(), other.parameters(), strict=True):
        assert parameter.data.flatten().tolist() == pytest.approx(expected.flatten().tolist(), rel=1e-10, abs=1e-12), (
            path
        )
