"""What all optimizers have: parameters, groups, options, and what they leave alone."""

from __future__ import annotations

import math
from typing import Any

import pytest

import rt_torch as rt
from rt_torch import nn, optim

pytestmark = pytest.mark.usefixtures("settled", "no_handle_left")

KINDS = [optim.SGD, optim.Adam, optim.AdamW, optim.RMSprop]


def leaf(*values: float, dtype: str = "f64") -> rt.Tensor:
    return rt.tensor([*values], dtype=dtype, requires_grad=True)


# Steps.


@pytest.mark.parametrize("dtype", ["f64", "f32"])
def test_first_steps(tier: str, dtype: str) -> None:
    """By hand: a parameter of 1 with a gradient of 0.5, and a learning rate of 0.1."""
    cases: list[tuple[Any, float]] = [
        (lambda x: optim.SGD([x], lr=0.1), 1.0 - 0.1 * 0.5),
        (lambda x: optim.SGD([x], lr=0.1, weight_decay=0.2), 1.0 - 0.1 * (0.5 + 0.2)),
        (lambda x: optim.SGD([x], lr=0.1, momentum=0.9, nesterov=True), 1.0 - 0.1 * (0.5 + 0.9 * 0.5)),
        (lambda x: optim.Adam([x], lr=0.1), 1.0 - 0.1 * 0.5 / (0.5 + 1e-8)),
        (lambda x: optim.AdamW([x], lr=0.1, weight_decay=0.5), 0.95 - 0.1 * 0.5 / (0.5 + 1e-8)),
        (lambda x: optim.RMSprop([x], lr=0.1), 1.0 - 0.1 * 0.5 / (math.sqrt(0.01 * 0.25) + 1e-8)),
    ]
    for make, expected in cases:
        x = leaf(1.0, dtype=dtype)
        x.grad = rt.tensor([0.5], dtype=dtype)
        make(x).step()
        assert x.dtype == dtype
        assert x.item() == pytest.approx(expected, abs=1e-12 if dtype == "f64" else 1e-6)


@pytest.mark.parametrize("kind", KINDS)
def test_parameters_stay_leaves_and_the_same_objects(tier: str, kind: Any) -> None:
    net = nn.Linear(2, 2)
    before = [*net.parameters()]
    optimizer = kind(net.parameters())
    net(rt.ones([1, 2])).sum().backward()
    optimizer.step()
    assert all(a is b for a, b in zip(before, net.parameters(), strict=True))
    assert all(type(x) is nn.Parameter and x.requires_grad and x.is_leaf and x.grad is not None for x in before)
    optimizer.zero_grad()
    assert all(x.grad is None for x in before)


@pytest.mark.parametrize("kind", KINDS)
def test_a_step_records_nothing(tier: str, kind: Any) -> None:
    x = leaf(1.0, 2.0)
    optimizer = kind([x], lr=0.1)
    for _ in range(3):
        optimizer.zero_grad()
        (x * x).sum().backward(create_graph=True)
        optimizer.step()
    assert x.grad_fn is None
    kept = [value for state in optimizer.state_dict()["state"].values() for value in state.values()]
    assert not any(value.requires_grad for value in kept if isinstance(value, rt.Tensor))


def test_gradients_can_be_given_by_hand_and_changed_afterwards(tier: str) -> None:
    """What is kept of the first gradient is not the gradient itself, which may be written to."""
    x = leaf(1.0)
    x.grad = rt.tensor([0.5])
    optimizer = optim.SGD([x], lr=0.1, momentum=0.5)
    optimizer.step()
    x.grad[0] = 100.0
    x.grad = rt.tensor([0.0])
    optimizer.step()
    assert x.item() == pytest.approx(1.0 - 0.1 * 0.5 - 0.1 * 0.25)


def test_those_without_a_gradient_are_left_alone(tier: str) -> None:
    x, y = leaf(1.0), leaf(2.0)
    x.grad = rt.tensor([1.0])
    for kind in KINDS:
        optimizer = kind([x, y], weight_decay=0.5)
        optimizer.step()
        assert y.tolist() == [2.0]
        assert [*optimizer.state_dict()["state"]] in ([], [0])


def test_graphs_made_before_a_step_have_the_old_values(tier: str) -> None:
    """Two losses on one parameter: a step between them changes nothing of the second one's gradient."""
    w, x = leaf(2.0, 3.0), leaf(5.0, 7.0)
    first, second = (w * w).sum(), (w * x).sum()
    optimizer = optim.SGD([w], lr=0.5)
    first.backward()
    optimizer.step()
    assert w.tolist() == [0.0, 0.0]
    second.backward()
    assert x.grad is not None
    assert x.grad.tolist() == [2.0, 3.0]


def test_second_derivatives_across_a_step(tier: str) -> None:
    w = leaf(2.0)
    cubed = (w * w * w).sum()
    (slope,) = rt.grad(cubed, w, create_graph=True)
    assert slope is not None
    w.grad = slope.data
    optim.SGD([w], lr=1.0).step()
    slope.sum().backward()
    assert w.item() == 2.0 - 12.0
    assert w.grad.tolist() == [12.0 + 12.0]


def test_other_dtypes_than_the_usual(tier: str) -> None:
    if tier == "pure":
        pytest.skip("only libtorch has them")
    for kind in KINDS:
        x = rt.ones([2], dtype="bf16").requires_grad_()
        x.grad = rt.ones([2], dtype="bf16")
        kind([x], lr=0.5).step()
        assert x.dtype == "bf16"
        assert x.tolist() != [1.0, 1.0]


@pytest.mark.parametrize("dtype", ["f32", "f64"])
def test_gradients_that_do_not_change_have_no_negative_variance(tier: str, dtype: str) -> None:
    """What rounding leaves of it may have either sign, and the root of one of them is no number."""
    weights = rt.zeros([64], dtype=dtype)
    weights.requires_grad = True
    gradients = rt.randn([64], dtype=dtype)
    optimizer = optim.RMSprop([weights], lr=0.01, alpha=0.5, eps=0.1, centered=True)
    for _ in range(60):
        weights.grad = gradients
        optimizer.step()
    assert all(map(math.isfinite, weights.tolist()))


def test_shapes(tier: str) -> None:
    for kind in KINDS:
        tensors = [rt.ones(shape).requires_grad_() for shape in ([], [0], [2, 0, 3], [1], [2, 1, 2])]
        for tensor in tensors:
            tensor.grad = rt.ones(tensor.shape)
        kind(tensors, lr=0.1).step()
        assert [tensor.shape for tensor in tensors] == [(), (0,), (2, 0, 3), (1,), (2, 1, 2)]


# Options.


def test_printing() -> None:
    assert (
        repr(optim.SGD([leaf(1.0)], lr=0.5)) == "SGD(lr=0.5, momentum=0.0, weight_decay=0.0, nesterov=False, params=1)"
    )
    groups = [{"params": [leaf(1.0)], "lr": 0.5}, {"params": [leaf(1.0), leaf(2.0)]}]
    assert repr(optim.Adam(groups)) == (
        "Adam(lr=0.5, betas=(0.9, 0.999), eps=1e-08, weight_decay=0.0, params=1; "
        "lr=0.001, betas=(0.9, 0.999), eps=1e-08, weight_decay=0.0, params=2)"
    )
    assert repr(optim.StepLR(optim.SGD([leaf(1.0)], lr=0.5), 3)) == (
        "StepLR(base_lrs=[0.5], last_epoch=0, step_size=3, gamma=0.1)"
    )


RANGES: list[tuple[Any, str, list[Any]]] = [
    *[(kind, name, [-1e-9, math.nan, math.inf]) for kind in KINDS for name in ("lr", "weight_decay")],
    *[(kind, "eps", [-1e-9, math.nan]) for kind in KINDS[1:]],
    (optim.SGD, "momentum", [-0.1, math.nan]),
    (optim.RMSprop, "momentum", [-0.1, math.nan]),
    (optim.RMSprop, "alpha", [-0.1, 1.0, math.nan]),
]


@pytest.mark.parametrize(
    ("kind", "name", "values"), RANGES, ids=[f"{kind.__name__}-{name}" for kind, name, _ in RANGES]
)
def test_options_out_of_range(kind: Any, name: str, values: list[Any]) -> None:
    for bad in values:
        with pytest.raises(
            rt.BadArgumentError, match=rf"rt\.optim\.{kind.__name__}: argument `{name}`: .* is expected"
        ):
            kind([leaf(1.0)], **{name: bad})
        with pytest.raises(rt.BadArgumentError, match=f"argument `{name}`"):
            kind([{"params": [leaf(1.0)], name: bad}])
    for bad in ("1", None, [0.1]):
        with pytest.raises(rt.ArgumentTypeError, match=f"argument `{name}`: a number is expected"):
            kind([leaf(1.0)], **{name: bad})


def test_betas_out_of_range() -> None:
    for kind in (optim.Adam, optim.AdamW):
        for bad in ((1.0, 0.9), (0.9, -0.1), (math.nan, 0.5)):
            with pytest.raises(rt.BadArgumentError, match=r"argument `betas\[[01]\]`: .* below 1 is expected"):
                kind([leaf(1.0)], betas=bad)
        for bad in (0.9, (0.9,), "ab", None, (0.9, "1")):
            with pytest.raises(rt.ArgumentTypeError, match="argument `betas"):
                kind([leaf(1.0)], betas=bad)


def test_looking_ahead_needs_momentum() -> None:
    with pytest.raises(rt.BadArgumentError, match="argument `nesterov`: it needs a momentum above 0"):
        optim.SGD([leaf(1.0)], nesterov=True)


# Parameters.


@pytest.mark.parametrize("kind", KINDS)
def test_parameters_that_are_none(kind: Any) -> None:
    name = rf"rt\.optim\.{kind.__name__}: argument `params`: "
    with pytest.raises(rt.ArgumentTypeError, match=f"{name}a list of tensors is expected, and not a single one"):
        kind(leaf(1.0))
    for bad in (1.0, None, rt.relu):
        with pytest.raises(rt.ArgumentTypeError, match=f"{name}tensors, or groups of them, are expected"):
            kind(bad)
    for bad in ([1.0], ["x"], "xy", [[leaf(1.0)]], nn.Linear(1, 1).named_parameters()):
        with pytest.raises(rt.ArgumentTypeError, match=f"{name}tensors are expected"):
            kind(bad)
    for bad in ([], iter([]), [{"params": []}], [{}]):
        with pytest.raises(rt.BadArgumentError, match=f"{name}there are no parameters"):
            kind(bad)
    with pytest.raises(rt.ArgumentTypeError, match=f"{name}there are groups and other things"):
        kind([{"params": [leaf(1.0)]}, leaf(1.0)])
    with pytest.raises(
        rt.BadArgumentError, match=rf"{name}a tensor of shape \(1,\) is the result of <.*>: only leaves"
    ):
        kind([leaf(1.0) * 2.0])
    x = leaf(1.0)
    for twice in ([x, x], [{"params": [x]}, {"params": [x]}]):
        with pytest.raises(rt.BadArgumentError, match=rf"{name}a tensor of shape \(1,\) is there twice"):
            kind(twice)


def test_groups_with_unknown_options() -> None:
    with pytest.raises(
        rt.BadArgumentError, match=r"rt\.optim\.SGD: groups have no option 'beta', but lr, momentum, weight"
    ):
        optim.SGD([{"params": [leaf(1.0)], "beta": 0.1}])
    optimizer = optim.SGD([leaf(1.0)])
    with pytest.raises(rt.BadArgumentError, match="groups have no option 'beta'"):
        optimizer.add_param_group({"params": [leaf(1.0)], "beta": 0.1})
    assert len(optimizer.param_groups) == 1


# Schedules.


def test_schedules_take_an_optimizer() -> None:
    for bad in (None, nn.Linear(1, 1), 0.1):
        with pytest.raises(rt.ArgumentTypeError, match=r"rt\.optim\.StepLR: argument `optimizer`: one is expected"):
            optim.StepLR(bad, 1)  # type: ignore[arg-type]  # it is what is tested


def test_schedules_out_of_range() -> None:
    optimizer = optim.SGD([leaf(1.0)])
    for bad in (0, -1):
        with pytest.raises(rt.BadArgumentError, match=r"argument `step_size`: .* at least 1 is expected"):
            optim.StepLR(optimizer, bad)
        with pytest.raises(rt.BadArgumentError, match=r"argument `T_max`: .* at least 1 is expected"):
            optim.CosineAnnealingLR(optimizer, bad)
    for bad in (-0.1, math.nan, math.inf):
        with pytest.raises(rt.BadArgumentError, match="argument `gamma`"):
            optim.StepLR(optimizer, 1, bad)
        with pytest.raises(rt.BadArgumentError, match="argument `gamma`"):
            optim.ExponentialLR(optimizer, bad)
        with pytest.raises(rt.BadArgumentError, match="argument `eta_min`"):
            optim.CosineAnnealingLR(optimizer, 1, bad)
    with pytest.raises(rt.ArgumentTypeError, match="argument `step_size`: an integer is expected"):
        optim.StepLR(optimizer, 1.5)  # type: ignore[arg-type]  # it is what is tested


def test_known_rates() -> None:
    optimizer = optim.SGD([leaf(1.0)], lr=0.8)
    schedule = optim.CosineAnnealingLR(optimizer, 4)
    rates = []
    for _ in range(9):
        rates += schedule.get_last_lr()
        schedule.step()
    falling = [0.4 * (1.0 + math.cos(math.pi * epoch / 4)) for epoch in range(5)]
    assert rates == pytest.approx([*falling, *falling[3::-1]], abs=1e-15)
