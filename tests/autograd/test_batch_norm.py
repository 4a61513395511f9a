"""Batch normalization in two steps, first statistics and then the rest, has the derivatives of the one that does both.

Those are compared with torch's and with differences like all others, in test_derivatives.
"""

from __future__ import annotations

from typing import Any

import pytest

import rt_torch as rt
from rt_torch._dispatch import dispatch
from tests.autograd.conftest import leaf

SHAPES = [(3, 2), (2, 3, 2), (2, 2, 1, 3)]


def in_one_step(x: rt.Tensor, weight: rt.Tensor | None, bias: rt.Tensor | None) -> rt.Tensor:
    return rt.batch_norm(x, weight, bias, eps=0.1)


def in_two_steps(x: rt.Tensor, weight: rt.Tensor | None, bias: rt.Tensor | None) -> rt.Tensor:
    result: rt.Tensor = dispatch("batch_norm_measured", x, weight, bias, dispatch("batch_statistics", x.data), 0.1)
    return result


def some(shape: tuple[int, ...], seed: int, dtype: str) -> rt.Tensor:
    count = rt.zeros(shape).numel()
    return leaf([((place * 29 + seed * 7) % 23 - 11) / 4 for place in range(count)], dtype).data.reshape(shape)


def derivatives(normalized: Any, shape: tuple[int, ...], dtype: str, learned: bool) -> list[Any]:
    """The result, its gradients, and the gradients of these, by all that goes in."""
    x, weight, bias = (
        some(size, seed, dtype).requires_grad_() for seed, size in enumerate((shape, shape[1:2], shape[1:2]))
    )
    grad = some(shape, 3, dtype).requires_grad_()
    given = [x, weight, bias] if learned else [x]
    result = normalized(x, weight, bias) if learned else normalized(x, None, None)
    first = rt.grad(result, given, grad, create_graph=True)
    parts = [(part * some(part.shape, 4 + place, dtype)).sum() for place, part in enumerate(first) if part is not None]
    second = rt.grad(parts, [*given, grad], create_graph=True, allow_unused=True)
    third = rt.grad([(part * part).sum() for part in second if part is not None and part.requires_grad], [x, grad])
    return [[] if x is None else x.detach().reshape(-1).tolist() for x in (result, *first, *second, *third)]


def alike(found: list[list[float]], expected: list[list[float]], within: float) -> bool:
    """Up to a share of the largest number beside it: some are the rounding of 0."""
    return found == [
        pytest.approx(numbers, rel=within, abs=within * max(map(abs, numbers), default=0.0)) for numbers in expected
    ]


@pytest.mark.parametrize("learned", [True, False])
@pytest.mark.parametrize(("dtype", "within"), [("f64", 1e-12), ("f32", 1e-3)])
@pytest.mark.parametrize("shape", SHAPES)
def test_in_two_steps(mode: str, shape: tuple[int, ...], dtype: str, within: float, learned: bool) -> None:
    found, expected = (derivatives(how, shape, dtype, learned) for how in (in_two_steps, in_one_step))
    assert alike(found, expected, within)


def test_third_derivatives_too(mode: str) -> None:
    """With which torch is no help: there it takes the statistics for constants."""

    def composed(x: rt.Tensor, weight: rt.Tensor | None, bias: rt.Tensor | None) -> rt.Tensor:
        assert weight is not None and bias is not None
        distance = x - x.mean(0)
        return distance / ((distance * distance).mean(0) + 0.1).sqrt() * weight + bias

    found, expected = (derivatives(how, (4, 2), "f64", True) for how in (in_two_steps, composed))
    assert alike(found, expected, 1e-9)


def test_statistics_have_no_gradient_there(mode: str) -> None:
    x, statistics = leaf([[1.0], [3.0]]), leaf([[2.0], [1.0]])
    result = dispatch("batch_norm_measured", x, None, None, statistics, 3.0)
    found = rt.grad(result.sum(), [x, statistics], allow_unused=True)
    assert found[1] is None
