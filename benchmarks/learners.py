"""The same training step by whoever can take it: from the same weights, on the same data, with the same loss.

A function for each library makes its learner; it raises ImportError where the library is not installed.
"""

from __future__ import annotations

import importlib
import random
from collections.abc import Callable, Iterator
from functools import cache
from itertools import pairwise
from typing import Any, NamedTuple

RATE = 0.001  # of learning


class Task(NamedTuple):
    """Layers with ReLU between them, a loss, and an optimizer with its defaults but for the rate."""

    sizes: tuple[int, ...]  # (2, 16, 16, 1): of the input, and of each layer's output
    batch: int
    loss: str  # "cross_entropy" or "mse_loss"
    dtype: str = "f64"
    optimizer: str = "SGD"

    @property
    def title(self) -> str:
        """What learns: "2-16-16-1, batch 32"."""
        return f"{'-'.join(map(str, self.sizes))}, batch {self.batch}"


class Learner(NamedTuple):
    """A net that learns: the parts of a step, each of which may be called again and again."""

    forward: Callable[[], Any]  # the net and the loss
    gradients: Callable[[], Any]  # forgetting the gradients, then the net, the loss, backward
    step: Callable[[], Any]  # that, and the optimizer
    number: Callable[[Any], float]  # what was lost, of what these three give


class Layer(NamedTuple):
    weight: list[list[float]]  # a row for each output
    bias: list[float]


@cache
def layers(sizes: tuple[int, ...]) -> list[Layer]:
    """Where the nets of all libraries begin."""
    numbers = random.Random(1)
    found = []
    for inputs, outputs in pairwise(sizes):
        bound = inputs**-0.5
        rows = [[numbers.uniform(-bound, bound) for _ in range(inputs)] for _ in range(outputs)]
        found.append(Layer(rows, [numbers.uniform(-bound, bound) for _ in range(outputs)]))
    return found


@cache
def samples(task: Task) -> tuple[list[list[float]], list[Any]]:
    """Inputs, and the numbers of classes or rows of numbers that they are to give."""
    numbers = random.Random(2)
    outputs = task.sizes[-1]
    x = [[numbers.uniform(-1.0, 1.0) for _ in range(task.sizes[0])] for _ in range(task.batch)]
    if task.loss == "cross_entropy":
        return x, [numbers.randrange(outputs) for _ in range(task.batch)]
    return x, [[numbers.uniform(-1.0, 1.0) for _ in range(outputs)] for _ in range(task.batch)]


def rt_torch(task: Task, mode: str, *, alike: bool = True) -> Learner:
    """rt-torch in a mode, which whoever calls it has to set again if it is another one by then.

    Without `alike` weights and data are the library's own, which takes no memory beside.
    """
    import rt_torch as rt

    rt.set_acceleration(mode)
    linear = [rt.nn.Linear(inputs, outputs, dtype=task.dtype) for inputs, outputs in pairwise(task.sizes)]
    wanted_dtype = "i64" if task.loss == "cross_entropy" else task.dtype
    if alike:
        for module, layer in zip(linear, layers(task.sizes), strict=True):
            module.load_state_dict({name: rt.tensor(data, dtype=task.dtype) for name, data in layer._asdict().items()})
        given, wanted = samples(task)
        x, y = rt.tensor(given, dtype=task.dtype), rt.tensor(wanted, dtype=wanted_dtype)
    else:
        x = rt.rand([task.batch, task.sizes[0]], dtype=task.dtype)
        y = rt.zeros(_shape_wanted(task), dtype=wanted_dtype)
    net = rt.nn.Sequential(*_with_relu(linear, rt.nn.ReLU))
    optimizer = getattr(rt.optim, task.optimizer)(net.parameters(), lr=RATE)
    return _learner(net, getattr(rt.nn, task.loss), x, y, optimizer)


def torch(task: Task, *, alike: bool = True) -> Learner:
    """torch, eager."""
    import torch

    dtype = {"f32": torch.float32, "f64": torch.float64}[task.dtype]
    linear = [torch.nn.Linear(inputs, outputs, dtype=dtype) for inputs, outputs in pairwise(task.sizes)]
    wanted_dtype = torch.int64 if task.loss == "cross_entropy" else dtype
    if alike:
        for module, layer in zip(linear, layers(task.sizes), strict=True):
            module.load_state_dict({name: torch.tensor(data, dtype=dtype) for name, data in layer._asdict().items()})
        given, wanted = samples(task)
        x, y = torch.tensor(given, dtype=dtype), torch.tensor(wanted, dtype=wanted_dtype)
    else:
        x = torch.rand([task.batch, task.sizes[0]], dtype=dtype)
        y = torch.zeros(_shape_wanted(task), dtype=wanted_dtype)
    net = torch.nn.Sequential(*_with_relu(linear, torch.nn.ReLU))
    optimizer = getattr(torch.optim, task.optimizer)(net.parameters(), lr=RATE)
    return _learner(net, getattr(torch.nn.functional, task.loss), x, y, optimizer)


def _shape_wanted(task: Task) -> list[int]:
    return [task.batch] if task.loss == "cross_entropy" else [task.batch, task.sizes[-1]]


def _with_relu(linear: list[Any], relu: Callable[[], Any]) -> Iterator[Any]:
    for layer in linear[:-1]:
        yield layer
        yield relu()
    yield linear[-1]


def _learner(net: Any, loss: Callable[..., Any], x: Any, y: Any, optimizer: Any) -> Learner:
    """By the names that torch and rt-torch have in common."""

    def forward() -> Any:
        return loss(net(x), y)

    def gradients() -> Any:
        optimizer.zero_grad()
        lost = loss(net(x), y)
        lost.backward()
        return lost

    def step() -> Any:
        optimizer.zero_grad()
        lost = loss(net(x), y)
        lost.backward()
        optimizer.step()
        return lost

    return Learner(forward, gradients, step, lambda lost: lost.item())


def micrograd(task: Task) -> Learner:
    """Numbers of Python's, one by one; it has no other losses and optimizers than what is written here."""
    if task.loss != "mse_loss" or task.optimizer != "SGD" or task.sizes[-1] != 1:
        raise ValueError(f"micrograd: mse_loss, SGD and one output are expected; given {task}")
    net = importlib.import_module("micrograd.nn").MLP(task.sizes[0], [*task.sizes[1:]])
    for parameter, number in zip(net.parameters(), _one_by_one(task.sizes), strict=True):
        parameter.data = number
    given, wanted = samples(task)

    def forward() -> Any:
        return sum((net(x) - y) ** 2 for x, (y,) in zip(given, wanted, strict=True)) * (1 / task.batch)

    def gradients() -> Any:
        net.zero_grad()
        lost = forward()
        lost.backward()
        return lost

    def step() -> Any:
        lost = gradients()
        for parameter in net.parameters():
            parameter.data -= RATE * parameter.grad
        return lost

    return Learner(forward, gradients, step, lambda lost: float(lost.data))


def _one_by_one(sizes: tuple[int, ...]) -> Iterator[float]:
    """A neuron after the other, its weights and then its bias."""
    for layer in layers(sizes):
        for row, bias in zip(layer.weight, layer.bias, strict=True):
            yield from row
            yield bias
