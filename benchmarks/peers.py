"""The same work by whoever can do it: the pure tier, and what it is compared with.

A function for each library opens it; it raises ImportError where the library is not installed.
"""

from __future__ import annotations

import importlib
import math
import operator
import random
from array import array
from collections.abc import Callable, Mapping
from functools import cache, partial
from itertools import repeat
from math import prod
from types import MappingProxyType
from typing import Any, NamedTuple

from benchmarks.timing import Loop

Shape = tuple[int, ...]

OPERATIONS = ("add", "relu", "sum", "exp", "softmax", "transpose", "transpose memory", "matmul", "small add")


class Sizes(NamedTuple):
    side: int  # 1000: of the square matrices, and the square root of the vectors' length
    matmul: int  # 256: side of the matrices that are multiplied

    def shapes(self, operation: str) -> list[Shape]:
        """Of an operation's operands."""
        if operation == "small add":
            return [(8,)] * 2
        if operation == "matmul":
            return [(self.matmul, self.matmul)] * 2
        if operation in ("add", "relu", "sum", "exp"):
            return [(self.side * self.side,)] * (2 if operation == "add" else 1)
        return [(self.side, self.side)]

    def title(self, operation: str) -> str:
        """What is worked on: "add of 1,000,000"."""
        shape = f"{self.side:,} x {self.side:,}"
        elements = f"{self.side * self.side:,}"
        return {
            "softmax": f"row softmax of {shape}",
            "transpose": f"transpose of {shape}, a list",
            "transpose memory": f"transpose of {shape}, memory",
            "matmul": f"matmul of {self.matmul} x {self.matmul}",
            "small add": "`a + b` of 8",
        }.get(operation, f"{operation} of {elements}")


FULL = Sizes(1000, 256)
SMALL = Sizes(8, 4)


def loop(call: Callable[[], object]) -> Loop:
    """So many calls; each result is dropped before the next one is made."""

    def turn(turns: int) -> None:
        for _ in repeat(None, turns):
            call()

    return turn


def adding(x: Any, y: Any) -> Loop:
    """So many `x + y`, without a call around them."""

    def turn(turns: int) -> None:
        for _ in repeat(None, turns):
            _result = x + y

    return turn


class Library(NamedTuple):
    make: Callable[[int, Shape], Any]  # seed and shape
    calls: Mapping[str, Callable[..., object]]  # by operation
    make_memory: Callable[[int, Shape], Any] | None = None  # for the operations on memory, where that is something else
    operators: bool = True  # whether `+` adds

    def loop(self, operation: str, sizes: Sizes) -> Loop | None:
        """An operation on operands of its own; None where the library has none such."""
        if operation not in self.calls:
            return None
        make = self.make_memory if self.make_memory and operation.endswith("memory") else self.make
        operands = [make(seed, shape) for seed, shape in enumerate(sizes.shapes(operation), 1)]
        if self.operators and operation == "small add":
            return adding(*operands)
        return loop(partial(self.calls[operation], *operands))


ADDING = MappingProxyType({"add": operator.add, "small add": operator.add})


@cache
def data(length: int, seed: int) -> list[float]:
    """Numbers from -1 to 1, the same ones for every library."""
    numbers = random.Random(seed)
    return [numbers.uniform(-1.0, 1.0) for _ in range(length)]


def pure() -> Library:
    """The pure tier through the public API, its tensors made from lists."""
    import rt_torch as rt

    rt.set_acceleration("pure")
    calls: dict[str, Callable[..., object]] = {
        **ADDING,
        "relu": lambda x: x.relu(),
        "sum": lambda x: x.sum(),
        "exp": lambda x: x.exp(),
        "softmax": lambda x: x.softmax(1),
        "transpose": lambda x: x.transpose(0, 1).contiguous(),
        "transpose memory": lambda x: x.transpose(0, 1).contiguous(),
        "matmul": operator.matmul,
    }
    return Library(
        lambda seed, shape: rt.from_data(data(prod(shape), seed), shape),
        calls,
        lambda seed, shape: rt.from_buffer(array("d", data(prod(shape), seed)), shape),
    )


def least() -> Library:
    """The least that Python itself takes for a list of results: one call of C for each, or only the list."""
    calls: dict[str, Callable[..., object]] = {
        "add": lambda x, y: [*map(operator.add, x, y)],
        "relu": lambda x: [0.0 if value < 0.0 else value for value in x],
        "sum": sum,
        "exp": lambda x: [*map(math.exp, x)],
        "transpose": lambda x: x[:],
    }
    return Library(lambda seed, shape: array("d", data(prod(shape), seed)).tolist(), calls, operators=False)


def numpy() -> Library:
    import numpy as np

    def softmax(x: Any) -> object:
        powers = np.exp(x - x.max(axis=1, keepdims=True))
        return powers / powers.sum(axis=1, keepdims=True)

    calls: dict[str, Callable[..., object]] = {
        **ADDING,
        "relu": lambda x: np.maximum(x, 0.0),
        "sum": lambda x: x.sum(),
        "exp": lambda x: np.exp(x),
        "softmax": softmax,
        "transpose": lambda x: np.ascontiguousarray(x.T),
        "transpose memory": lambda x: np.ascontiguousarray(x.T),
        "matmul": operator.matmul,
    }
    return Library(lambda seed, shape: np.array(data(prod(shape), seed)).reshape(shape), calls)


def torch() -> Library:
    """Only what is so small that the call itself is all there is."""
    import torch

    torch.set_num_threads(1)
    return Library(
        lambda seed, shape: torch.tensor(data(prod(shape), seed), dtype=torch.float64), {"small add": operator.add}
    )


def tinynumpy() -> Library:
    """It has neither exp nor matmul, and no operators."""
    tiny = importlib.import_module("tinynumpy.tinynumpy")
    infinity = float("inf")
    calls: dict[str, Callable[..., object]] = {
        "add": lambda x, y: tiny.add(x, y),
        "small add": lambda x, y: tiny.add(x, y),
        "relu": lambda x: x.clip(0.0, infinity),
        "sum": lambda x: x.sum(),
        "transpose": lambda x: x.transpose(),
        "transpose memory": lambda x: x.transpose(),
    }
    return Library(lambda seed, shape: tiny.array(data(prod(shape), seed)).reshape(shape), calls, operators=False)


def tinygrad() -> Library:
    """Its device PYTHON, which runs the kernels that it makes in an interpreter of its own."""
    library = importlib.import_module("tinygrad")

    def made(seed: int, shape: Shape) -> Any:
        flat = library.Tensor(data(prod(shape), seed), dtype=library.dtypes.float64, device="PYTHON")
        return flat.reshape(*shape).contiguous().realize()

    calls: dict[str, Callable[..., object]] = {
        "add": lambda x, y: (x + y).realize(),
        "small add": lambda x, y: (x + y).realize(),
        "relu": lambda x: x.relu().realize(),
        "sum": lambda x: x.sum().realize(),
        "exp": lambda x: x.exp().realize(),
        "softmax": lambda x: x.softmax(1).realize(),
        "transpose": lambda x: x.transpose(0, 1).contiguous().realize(),
        "transpose memory": lambda x: x.transpose(0, 1).contiguous().realize(),
        "matmul": lambda x, y: (x @ y).realize(),
    }
    return Library(made, calls, operators=False)
