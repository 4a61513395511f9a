"""Each optimizer follows torch's trajectory for 100 steps on real gradients, with schedules too: in both tiers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from rt_torch import nn, optim
from tests.optim.torch_twins import check_trajectory, torch

pytestmark = pytest.mark.usefixtures("settled", "no_handle_left")

OPTIMIZERS: list[tuple[str, dict[str, Any]]] = [
    ("SGD", {"lr": 0.1}),
    ("SGD", {"lr": 0.1, "momentum": 0.9}),
    ("SGD", {"lr": 0.1, "weight_decay": 0.01}),
    ("SGD", {"lr": 0.05, "momentum": 0.8, "weight_decay": 0.02}),
    ("SGD", {"lr": 0.05, "momentum": 0.8, "weight_decay": 0.02, "nesterov": True}),
    ("Adam", {"lr": 0.01}),
    ("Adam", {"lr": 0.02, "betas": (0.8, 0.95), "eps": 1e-4, "weight_decay": 0.1}),
    ("Adam", {"lr": 0.01, "betas": (0.0, 0.0)}),
    ("AdamW", {"lr": 0.01}),
    ("AdamW", {"lr": 0.02, "betas": (0.8, 0.95), "eps": 1e-4, "weight_decay": 0.3}),
    ("AdamW", {"lr": 0.01, "weight_decay": 0.0}),
    ("RMSprop", {"lr": 0.01}),
    ("RMSprop", {"lr": 0.01, "alpha": 0.9, "eps": 1e-4, "weight_decay": 0.05, "momentum": 0.5}),
    ("RMSprop", {"lr": 0.01, "centered": True}),
    ("RMSprop", {"lr": 0.01, "centered": True, "momentum": 0.3}),
]
SCHEDULES: dict[str, dict[str, Any]] = {
    "StepLR": {"step_size": 3, "gamma": 0.5},
    "ExponentialLR": {"gamma": 0.9},
    "CosineAnnealingLR": {"T_max": 7, "eta_min": 1e-3},
}


def described(name: str, options: dict[str, Any]) -> str:
    return f"{name}-" + "-".join(f"{key}={value}" for key, value in options.items())


@pytest.mark.parametrize(("name", "options"), OPTIMIZERS, ids=[described(*each) for each in OPTIMIZERS])
def test_optimizer(tier: str, name: str, options: dict[str, Any]) -> None:
    check_trajectory(
        lambda model: getattr(optim, name)(model.parameters(), **options),
        lambda model: getattr(torch.optim, name)(model.parameters(), **options),
    )


@pytest.mark.parametrize("schedule", SCHEDULES)
@pytest.mark.parametrize("name", ["SGD", "Adam", "AdamW", "RMSprop"])
def test_with_a_schedule(name: str, schedule: str) -> None:
    """20 epochs: steps are taken, and cosines are gone through up and down."""
    check_trajectory(
        lambda model: getattr(optim, name)(model.parameters(), lr=0.02),
        lambda model: getattr(torch.optim, name)(model.parameters(), lr=0.02),
        lambda optimizer: [getattr(optim, schedule)(optimizer, **SCHEDULES[schedule])],
        lambda optimizer: [getattr(torch.optim.lr_scheduler, schedule)(optimizer, **SCHEDULES[schedule])],
    )


def test_with_several_schedules(tier: str) -> None:
    check_trajectory(
        lambda model: optim.SGD(model.parameters(), lr=0.1),
        lambda model: torch.optim.SGD(model.parameters(), lr=0.1),
        lambda optimizer: [getattr(optim, name)(optimizer, **options) for name, options in SCHEDULES.items()],
        lambda optimizer: [
            getattr(torch.optim.lr_scheduler, name)(optimizer, **options) for name, options in SCHEDULES.items()
        ],
    )


def groups(model: Any) -> list[dict[str, Any]]:
    """The weights with options of their own, the biases with others, and one that says nothing."""
    first, second = model[0], model[2]
    return [
        {"params": [first.weight, second.weight], "lr": 0.05, "weight_decay": 0.1},
        {"params": first.bias, "lr": 0.01},
        {"params": iter([second.bias])},
    ]


@pytest.mark.parametrize("name", ["SGD", "Adam", "AdamW", "RMSprop"])
def test_groups(tier: str, name: str) -> None:
    check_trajectory(
        lambda model: getattr(optim, name)(groups(model), lr=0.02),
        lambda model: getattr(torch.optim, name)(groups(model), lr=0.02),
        lambda optimizer: [optim.ExponentialLR(optimizer, 0.8)],
        lambda optimizer: [torch.optim.lr_scheduler.ExponentialLR(optimizer, 0.8)],
    )


def test_parameters_that_do_not_learn(tier: str) -> None:
    """Those without a gradient stay as they are, whatever the weight decay."""

    def freeze(make: Callable[[Any], Any]) -> Callable[[Any], Any]:
        def made(model: Any) -> Any:
            model[0].weight.requires_grad = False
            return make(model)

        return made

    check_trajectory(
        freeze(lambda model: optim.AdamW(model.parameters(), lr=0.02)),
        freeze(lambda model: torch.optim.AdamW(model.parameters(), lr=0.02)),
    )


def test_a_group_that_comes_later(tier: str) -> None:
    def late(kind: Any) -> Callable[[Any], Any]:
        def made(model: Any) -> Any:
            optimizer = kind(model[0].parameters(), lr=0.02)
            optimizer.add_param_group({"params": model[2].parameters(), "lr": 0.1})
            return optimizer

        return made

    check_trajectory(late(optim.Adam), late(torch.optim.Adam))


def test_a_rate_that_is_changed_by_hand(tier: str) -> None:
    """Schedules go on from the rate that they find, as torch's do."""
    ours, theirs = nn.Linear(1, 1), torch.nn.Linear(1, 1)
    for name, options in SCHEDULES.items():
        optimizer, other = optim.SGD(ours.parameters(), lr=0.1), torch.optim.SGD(theirs.parameters(), lr=0.1)
        schedule = getattr(optim, name)(optimizer, **options)
        expected = getattr(torch.optim.lr_scheduler, name)(other, **options)
        for epoch in range(30):
            if epoch % 11 == 5:
                optimizer.param_groups[0]["lr"] = other.param_groups[0]["lr"] = 0.7
            other.step()
            schedule.step()
            expected.step()
            assert schedule.get_last_lr() == pytest.approx(expected.get_last_lr(), rel=1e-10, abs=1e-18)
