"""What the tests of networks stand on: both tiers, and the same networks here and in torch."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import pytest

import rt_torch as rt
from tests.tensor.conftest import native_problem, no_handle_left, settled, torch

__all__ = ["no_handle_left", "settled", "torch"]  # fixtures


@pytest.fixture(params=["pure", "native"])
def tier(request: pytest.FixtureRequest) -> Iterator[str]:
    """Everything in a test is computed in one of the tiers."""
    if request.param == "native" and native_problem():
        pytest.skip(f"no native tier: {native_problem()}")
    with rt.acceleration(request.param):
        yield request.param


@pytest.fixture(autouse=True)
def seeded() -> None:
    rt.manual_seed(0)


class Numbers:
    """Numbers in [-1, 1) that look random; the same ones in every run."""

    def __init__(self, seed: int = 1) -> None:
        self.state = seed

    def __next__(self) -> float:
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) % (1 << 64)
        return (self.state >> 11) / (1 << 52) - 1.0

    def tensor(self, shape: tuple[int, ...], dtype: str = "f64") -> rt.Tensor:
        count = 1
        for size in shape:
            count *= size
        return rt.from_data([next(self) for _ in range(count)], shape, dtype=dtype)


@pytest.fixture
def numbers() -> Numbers:
    return Numbers()


def close(found: Any, expected: Any, within: float) -> bool:
    """Whether elements are as near to each other as a share of the largest expected one."""
    return distance(found, expected) <= within * largest(expected)


def distance(found: Any, expected: Any) -> float:
    """The largest difference of elements; infinity where one of two is NaN, or they are different infinities."""
    pairs = zip(flat(found), flat(expected), strict=True)
    apart = [abs(a - b) for a, b in pairs if a != b and (a == a or b == b)]
    return max([math.inf if value != value else value for value in apart], default=0.0)


def largest(values: Any) -> float:
    """The largest finite element, in absolute value."""
    return max([abs(value) for value in flat(values) if math.isfinite(value)], default=0.0)


def flat(values: Any) -> list[float]:
    """Elements of a tensor, of ours or of torch's."""
    if isinstance(values, rt.Tensor):
        return [float(value) for value in values.data.flatten().tolist()]
    return [float(value) for value in values.detach().flatten().tolist()]
