"""The same work by whoever can do it: the pure tier, and what it is compared with.

A function for each library gives its loops by operation; it raises ImportError where the library is not installed.
"""

from __future__ import annotations

import importlib
import random
from array import array
from collections.abc import Callable, Mapping
from functools import cache
from itertools import repeat
from math import prod
from typing import Any, NamedTuple

from benchmarks.timing import Loop

Loops = dict[str, Loop]

OPERATIONS = ("add", "relu", "sum", "exp", "softmax", "transpose", "transpose memory", "matmul", "small add")


class Sizes(NamedTuple):
    side: int  # 1000: of the square matrices, and the square root of the vectors' length
    matmul: int  # 256: side of the matrices that are multiplied

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
SLOW = Sizes(128, 48)  # where the full size would take minutes
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


def loops(calls: Mapping[str, Callable[[], object]]) -> Loops:
    return {operation: loop(call) for operation, call in calls.items()}


@cache
def data(length: int, seed: int) -> list[float]:
    """Numbers from -1 to 1, the same ones for every library."""
    numbers = random.Random(seed)
    return [numbers.uniform(-1.0, 1.0) for _ in range(length)]


def pure(sizes: Sizes) -> Loops:
    """The pure tier through the public API, its tensors made from lists."""
    import rt_torch as rt

    rt.set_acceleration("pure")

    def made(seed: int, *shape: int) -> Any:
        return rt.from_data(data(prod(shape), seed), shape)

    x, y = (made(seed, sizes.side * sizes.side) for seed in (1, 2))
    matrix = made(1, sizes.side, sizes.side)
    memory = rt.from_buffer(array("d", data(matrix.numel(), 1)), matrix.shape)
    a, b = (made(seed, sizes.matmul, sizes.matmul) for seed in (1, 2))
    p, q = made(1, 8), made(2, 8)
    calls = {
        "add": lambda: x + y,
        "relu": lambda: x.relu(),
        "sum": lambda: x.sum(),
        "exp": lambda: x.exp(),
        "softmax": lambda: matrix.softmax(1),
        "transpose": lambda: matrix.transpose(0, 1).contiguous(),
        "transpose memory": lambda: memory.transpose(0, 1).contiguous(),
        "matmul": lambda: a @ b,
    }
    return {**loops(calls), "small add": adding(p, q)}


def numpy(sizes: Sizes) -> Loops:
    import numpy as np

    x, y = (np.array(data(sizes.side * sizes.side, seed)) for seed in (1, 2))
    matrix = x.reshape(sizes.side, sizes.side)
    a, b = (np.array(data(sizes.matmul * sizes.matmul, seed)).reshape(sizes.matmul, -1) for seed in (1, 2))
    p, q = np.array(data(8, 1)), np.array(data(8, 2))

    def softmax() -> object:
        powers = np.exp(matrix - matrix.max(axis=1, keepdims=True))
        return powers / powers.sum(axis=1, keepdims=True)

    def transposed() -> object:
        return np.ascontiguousarray(matrix.T)

    calls = {
        "add": lambda: x + y,
        "relu": lambda: np.maximum(x, 0.0),
        "sum": lambda: x.sum(),
        "exp": lambda: np.exp(x),
        "softmax": softmax,
        "transpose": transposed,
        "transpose memory": transposed,
        "matmul": lambda: a @ b,
    }
    return {**loops(calls), "small add": adding(p, q)}


def torch(sizes: Sizes) -> Loops:
    """Only what is so small that the call itself is all there is."""
    import torch

    torch.set_num_threads(1)
    p, q = (torch.tensor(data(8, seed), dtype=torch.float64) for seed in (1, 2))
    return {"small add": adding(p, q)}


def tinynumpy(sizes: Sizes) -> Loops:
    """It has neither exp nor matmul, and no operators."""
    tiny = importlib.import_module("tinynumpy.tinynumpy")
    x, y = (tiny.array(data(sizes.side * sizes.side, seed)) for seed in (1, 2))
    matrix = x.reshape((sizes.side, sizes.side))
    p, q = tiny.array(data(8, 1)), tiny.array(data(8, 2))
    infinity = float("inf")
    return loops(
        {
            "add": lambda: tiny.add(x, y),
            "relu": lambda: x.clip(0.0, infinity),
            "sum": lambda: x.sum(),
            "transpose": matrix.transpose,
            "transpose memory": matrix.transpose,
            "small add": lambda: tiny.add(p, q),
        }
    )


def tinygrad(sizes: Sizes) -> Loops:
    """Its device PYTHON, which runs the kernels that it makes in an interpreter of its own."""
    library = importlib.import_module("tinygrad")

    def made(seed: int, *shape: int) -> Any:
        flat = library.Tensor(data(prod(shape), seed), dtype=library.dtypes.float64, device="PYTHON")
        return flat.reshape(*shape).contiguous().realize()

    x, y = (made(seed, sizes.side * sizes.side) for seed in (1, 2))
    matrix = made(1, sizes.side, sizes.side)
    a, b = (made(seed, sizes.matmul, sizes.matmul) for seed in (1, 2))
    p, q = made(1, 8), made(2, 8)

    def transposed() -> object:
        return matrix.transpose(0, 1).contiguous().realize()

    return loops(
        {
            "add": lambda: (x + y).realize(),
            "relu": lambda: x.relu().realize(),
            "sum": lambda: x.sum().realize(),
            "exp": lambda: x.exp().realize(),
            "softmax": lambda: matrix.softmax(1).realize(),
            "transpose": transposed,
            "transpose memory": transposed,
            "matmul": lambda: (a @ b).realize(),
            "small add": lambda: (p + q).realize(),
        }
    )
