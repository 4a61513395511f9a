"""Every derivative of the specs, first and second, in every mode: against differences, and against torch."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import rt_torch as rt
from rt_torch_bindings import operators
from rt_torch_bindings.gradients import GRADIENTS
from tests.autograd import cases
from tests.autograd.cases import WITHOUT
from tests.autograd.conftest import modes
from tests.autograd.network_cases import NETWORKS
from tests.tensor.test_parity import Operand, given_as

CASES = {**cases.CASES, **NETWORKS}
NAMES = [name for name in GRADIENTS if name in CASES]

few = settings(deadline=None, derandomize=True, database=None, suppress_health_check=[*HealthCheck])

Flat = list[float]


def test_every_function_with_a_derivative_has_a_case() -> None:
    assert sorted(GRADIENTS.keys() - CASES.keys() - WITHOUT) == [], "add them to tests/autograd/cases.py"


class Derivatives(NamedTuple):
    """Of <weights, f(inputs)>, and of what <factors, gradients> is then; each flat, row after row."""

    first: list[Flat]  # by each input
    second: list[Flat]  # by each input, and by the weights


def weights(seed: int, count: int) -> Flat:
    """Numbers that are no symmetry of any function."""
    return [((seed * 37 + place * 23) % 41 - 20) / 16 + 0.03125 for place in range(count)]


def paths(name: str, given: Sequence[Any]) -> list[tuple[int, ...]]:
    """Where the tensors are that there is a derivative by: at a place, or in the list there."""
    found: list[tuple[int, ...]] = []
    for place in GRADIENTS[name].inputs:
        if isinstance(given[place], list):
            found += [(place, at) for at in range(len(given[place]))]
        elif given[place] is not None:
            found.append((place,))
    return found


def at(values: Any, path: tuple[int, ...]) -> Any:
    for step in path:
        values = values[step]
    return values


def replaced(values: Sequence[Any], path: tuple[int, ...], new: Any) -> list[Any]:
    first, *rest = path
    inner = replaced(values[first], tuple(rest), new) if rest else new
    return [*values[:first], inner, *values[first + 1 :]]


def derivatives(name: str, given: Sequence[Any], seed: int) -> Derivatives:
    arguments = [given_as(value) for value in given]
    inputs = [at(arguments, path).requires_grad_() for path in paths(name, given)]
    result = operators._dispatch(name, *arguments)
    assert result.requires_grad and result.grad_fn.name == name
    weight = rt.from_data(weights(seed, result.numel()), result.shape, requires_grad=True)
    gradients = rt.grad(result, inputs, weight, create_graph=True)
    for gradient, x in zip(gradients, inputs, strict=True):
        assert gradient is not None and (gradient.shape, gradient.dtype) == (x.shape, x.dtype)
    total: Any = rt.zeros([])
    for gradient in gradients:
        assert gradient is not None
        total = total + (gradient * rt.from_data(weights(seed + 1, gradient.numel()), gradient.shape)).sum()
    second: Sequence[rt.Tensor | None] = [None] * (len(inputs) + 1)
    if total.requires_grad:
        second = rt.grad(total, [*inputs, weight], allow_unused=True)
    return Derivatives(
        [flat(x) for x in gradients], [flat(x, y) for x, y in zip(second, [*inputs, weight], strict=True)]
    )


def flat(gradient: Any, like: Any = None) -> Flat:
    if gradient is None:
        return [0.0] * like.numel()
    numbers: Flat = (gradient.detach() + 0).reshape(-1).tolist()  # torch has zeros that are nowhere until added to
    return numbers


def torchs(torch: Any, name: str, given: Sequence[Any], seed: int) -> Derivatives:
    dtypes = {"f64": torch.float64, "f32": torch.float32, "i64": torch.int64, "bool": torch.bool}

    def there(value: Any) -> Any:
        if isinstance(value, list) and value and isinstance(value[0], Operand):
            return [there(each) for each in value]
        if not isinstance(value, Operand):
            return value
        return torch.tensor(value.data, dtype=dtypes[value.dtype]).reshape(value.shape)

    arguments = [there(value) for value in given]
    inputs = [at(arguments, path).requires_grad_() for path in paths(name, given)]
    result = CASES[name].torch(torch, *arguments)
    weight = torch.tensor(weights(seed, result.numel()), dtype=torch.float64).reshape(result.shape).requires_grad_()
    gradients = torch.autograd.grad(result, inputs, weight, create_graph=True)
    total = torch.zeros([], dtype=torch.float64)
    for gradient in gradients:
        factors = torch.tensor(weights(seed + 1, gradient.numel()), dtype=torch.float64).reshape(gradient.shape)
        total = total + (gradient * factors).sum()
    second = [None] * (len(inputs) + 1)
    if total.requires_grad:
        second = torch.autograd.grad(total, [*inputs, weight], allow_unused=True)
    return Derivatives(
        [flat(x) for x in gradients], [flat(x, y) for x, y in zip(second, [*inputs, weight], strict=True)]
    )


def close(ours: list[Flat], theirs: list[Flat], relative: float, absolute: float) -> bool:
    """By the number, and by the largest one beside it: what is a difference of large numbers is as exact as these."""
    for a, b in zip(ours, theirs, strict=True):
        scale = max(itertools.chain([1.0], map(abs, b)))
        if len(a) != len(b) or any(
            not abs(x - y) <= relative * abs(y) + absolute * scale for x, y in zip(a, b, strict=True)
        ):
            return False
    return True


@pytest.mark.parametrize("name", NAMES)
def test_as_torch(torch: Any, name: str) -> None:
    @settings(few, max_examples=25)
    @given(CASES[name].arguments, st.integers(0, 40))
    def compared(arguments: list[Any], seed: int) -> None:
        theirs = torchs(torch, name, arguments, seed)
        for mode in modes():
            with rt.acceleration(mode):
                ours = derivatives(name, arguments, seed)
            assert close(ours.first, theirs.first, 1e-10, 1e-13), f"first, {mode}: {ours.first}, {theirs.first}"
            assert close(ours.second, theirs.second, 1e-10, 1e-13), f"second, {mode}: {ours.second}, {theirs.second}"

    compared()


STEP = 2.0**-17


def differences(name: str, given: list[Any], seed: int) -> Derivatives:
    """What changes when one element changes a little, divided by how little."""
    first: list[Flat] = []
    second: list[Flat] = []
    for path in paths(name, given):
        operand = at(given, path)
        changes: list[tuple[float, float]] = []
        for element in range(len(operand.data)):
            ends = []
            for step in (STEP, -STEP):
                data = [*operand.data]
                data[element] += step
                moved = replaced(given, path, operand._replace(data=data))
                ends.append((value(name, moved, seed), gradients(name, moved, seed)))
            changes.append(tuple((after - before) / (2 * STEP) for after, before in zip(*ends, strict=True)))  # type: ignore[arg-type]  # pairs
        first.append([change[0] for change in changes])
        second.append([change[1] for change in changes])
    return Derivatives(first, second)


def value(name: str, given: list[Any], seed: int) -> float:
    """<weights, f(...)>."""
    result = operators._dispatch(name, *map(given_as, given))
    return sum(map(float.__mul__, flat(result), weights(seed, result.numel())))


def gradients(name: str, given: list[Any], seed: int) -> float:
    """<factors, gradients of that>."""
    first = derivatives(name, given, seed).first
    return sum(sum(map(float.__mul__, gradient, weights(seed + 1, len(gradient)))) for gradient in first)


@pytest.mark.parametrize("name", NAMES)
def test_as_differences(name: str) -> None:
    @settings(few, max_examples=4)
    @given(CASES[name].smooth, st.integers(0, 40))
    def compared(arguments: list[Any], seed: int) -> None:
        for mode in modes()[:2]:
            with rt.acceleration(mode):
                exact, measured = derivatives(name, arguments, seed), differences(name, arguments, seed)
            assert close(measured.first, exact.first, 1e-6, 1e-6), (mode, measured.first, exact.first)
            assert close(measured.second, exact.second[:-1], 1e-6, 1e-6), (mode, measured.second, exact.second)

    compared()
