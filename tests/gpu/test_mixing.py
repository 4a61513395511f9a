"""Tensors on different devices: every function of several tensors names both devices, itself and the arguments."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import rt_torch as rt
from rt_torch_bindings import functions as typed
from rt_torch_bindings import operators
from rt_torch_bindings.operators import FUNCTIONS
from verification.conformance import finite

pytestmark = [pytest.mark.gpu, pytest.mark.usefixtures("settled")]

ROOT = Path(__file__).resolve().parent.parent.parent
DOCUMENT = json.loads((ROOT / "generated" / "conformance" / "rt_torch.json").read_text(encoding="utf-8"))

# It moves what is elsewhere.
MOVES = {"assign"}
SEVERAL = {
    function["name"]: function
    for function in DOCUMENT["functions"]
    if sum(param["type"].rstrip("?") == "tensor" for param in function["params"]) > 1
    or any(param["type"] == "[tensor]" for param in function["params"])
}


def good_case(function: dict[str, Any]) -> dict[str, Any]:
    """The first that gives something of tensors with dimensions, as many of them as the function takes."""
    tensors = [param["name"] for param in function["params"] if param["type"].rstrip("?") == "tensor"]
    cases = [case for case in function["cases"] if "error" not in case]
    wide = [case for case in cases if all(case["args"].get(name, {}).get("shape") for name in tensors)]
    return max(wide or cases, key=lambda case: len(case["args"]))["args"]


def tensor(value: dict[str, Any]) -> rt.Tensor:
    made = rt.tensor(finite(value["data"])).reshape(value["shape"]).to(value["dtype"])
    return made.transpose(*value["transpose"]) if "transpose" in value else made


def arguments_of(function: dict[str, Any], elsewhere: int) -> tuple[list[Any], list[str]]:
    """Arguments of which only one tensor is on the CPU, and the tensors' names."""
    given, names = good_case(function), []
    arguments: list[Any] = []
    for param in function["params"]:
        value = given.get(param["name"])
        if value is not None and param["type"] == "[tensor]":
            value = [tensor(each) for each in value] * (1 + (len(value) < 2))
            names += [f"{param['name']}[{place}]" for place in range(len(value))]
            value = [
                each if len(names) - len(value) + place == elsewhere else each.cuda()
                for place, each in enumerate(value)
            ]
        elif value is not None and param["type"].rstrip("?") == "tensor":
            value = tensor(value) if len(names) == elsewhere else tensor(value).cuda()
            names.append(param["name"])
        arguments.append(value)
    return arguments, names


@pytest.mark.parametrize("name", [name for name in SEVERAL if name not in MOVES])
def test_both_devices_are_named(name: str) -> None:
    function, symbol = SEVERAL[name], SEVERAL[name]["symbol"]
    _, names = arguments_of(function, -1)
    for elsewhere, odd in enumerate(names):
        arguments, _ = arguments_of(function, elsewhere)
        with pytest.raises(rt.BadArgumentError) as caught:
            operators._dispatch(name, *arguments)
        text = str(caught.value)
        assert text.startswith(f"{symbol}: arguments `")
        assert f"`{odd}`" in text and ("on cpu and cuda:0" in text or "on cuda:0 and cpu" in text)
        handles = [
            [each.to_native()._handle for each in value] if isinstance(value, list) and value and isinstance(value[0], rt.Tensor)
            else value.to_native()._handle if isinstance(value, rt.Tensor) else value
            for value in arguments
        ]  # fmt: skip
        with pytest.raises(rt.BadArgumentError) as from_c:
            getattr(typed, name)(*handles)
        assert str(from_c.value) == text


@pytest.mark.parametrize("name", [name for name in SEVERAL if name not in MOVES and name in FUNCTIONS])
def test_explaining_says_so_too(name: str) -> None:
    _, names = arguments_of(SEVERAL[name], -1)
    arguments, _ = arguments_of(SEVERAL[name], len(names) - 1)
    with pytest.raises(rt.BadArgumentError, match=r"and (both|all) must be on one device"):
        rt.explain(name, *arguments)


# Functions that take no number beside a tensor, with tensors without dimensions.
TOGETHER: dict[str, Callable[[], tuple[Any, ...]]] = {
    "cross_entropy": lambda: (rt.tensor([1.0, 2.0]), rt.tensor(1), "mean"),
    "cross_entropy_backward": lambda: (rt.tensor(1.0), rt.tensor([1.0, 2.0]), rt.tensor(1), "mean"),
    "relu_backward": lambda: (rt.tensor(1.0), rt.tensor(2.0)),
    "binary_cross_entropy": lambda: (rt.tensor(0.5), rt.tensor(1.0)),
    "gather": lambda: (rt.tensor(0.5), 0, rt.tensor(0)),
    "embedding": lambda: (rt.ones([2, 2]), rt.tensor(0)),
    "adam": lambda: (*[rt.tensor(1.0) for _ in range(4)], 1, 0.1, 0.9, 0.99, 1e-8, 0.0, False),
}


@pytest.mark.parametrize("name", TOGETHER)
def test_a_number_on_the_cpu_does_not_go_with_all_functions(name: str) -> None:
    places = [place for place, value in enumerate(TOGETHER[name]()) if isinstance(value, rt.Tensor)]
    for odd in places[1:]:
        arguments = [
            value.cuda() if place in places and place != odd else value for place, value in enumerate(TOGETHER[name]())
        ]
        with pytest.raises(rt.BadArgumentError, match="they are on cuda:0 and cpu, and both must be on one device"):
            operators._dispatch(name, *arguments)


def test_two_gpus(second: str) -> None:
    a, b = rt.ones([2], device="cuda:0"), rt.ones([2], device=second)
    text = "rt_torch_add: arguments `a` and `b`: they are on cuda:0 and cuda:1, and both must be on one device"
    with pytest.raises(rt.BadArgumentError) as caught:
        a + b
    assert str(caught.value) == text
    with pytest.raises(rt.BadArgumentError, match="on cuda:1 and cuda:0"):
        b.sum() * a.sum()


@pytest.mark.parametrize("mode", ["pure", "native", "auto"])
def test_the_mode_does_not_matter(mode: str) -> None:
    with rt.acceleration(mode), pytest.raises(rt.BadArgumentError, match="on cuda:0 and cpu"):
        rt.ones([2], device="cuda") + rt.ones([2])


def test_in_networks_and_gradients() -> None:
    model = rt.nn.Linear(2, 1, device="cuda")
    with pytest.raises(
        rt.BadArgumentError, match="rt_torch_linear: arguments `x` and `weight`: they are on cpu and cuda:0"
    ):
        model(rt.ones([1, 2]))
    with pytest.raises(rt.BadArgumentError, match="the gradient of a tensor on cuda:0 is there, too; given one on cpu"):
        model.weight.grad = rt.ones([1, 2])
    y = rt.ones([2], device="cuda", requires_grad=True) * 2
    with pytest.raises(rt.BadArgumentError, match="is there, too"):
        y.backward(rt.ones([2]))
