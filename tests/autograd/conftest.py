"""What the tests of gradients stand on: the modes, and torch to compare with."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Any

import pytest

import rt_torch as rt


@functools.cache
def native_problem() -> str:
    """Why there is no native tier; "" where there is one."""
    try:
        rt.zeros([1]).to_native()
    except rt.Error as error:
        return str(error)
    return ""


def modes() -> list[str]:
    """Those in which something different happens here."""
    return ["pure"] if native_problem() else ["pure", "native", "auto"]


@pytest.fixture
def native() -> None:
    """Skips where there is no native tier."""
    if native_problem():
        pytest.skip(f"no native tier: {native_problem()}")


@pytest.fixture(params=["pure", "native", "auto"])
def mode(request: pytest.FixtureRequest) -> Iterator[str]:
    """Each mode in turn."""
    name: str = request.param
    if name != "pure" and native_problem():
        pytest.skip(f"no native tier: {native_problem()}")
    with rt.acceleration(name):
        yield name


@pytest.fixture
def torch() -> Any:
    return pytest.importorskip("torch", reason="torch is what gradients are compared with")


def leaf(data: Any, dtype: str | None = None) -> rt.Tensor:
    """A tensor that requires grad."""
    return rt.tensor(data, dtype=dtype, requires_grad=True)


def numbers(tensor: rt.Tensor | None) -> Any:
    """The elements of a gradient that is there."""
    assert tensor is not None
    return tensor.tolist()
