"""Results against torch itself, over dtypes, shapes and layouts."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

DTYPES = {"f64": "float64", "f32": "float32", "i64": "int64", "bool": "bool"}
MAKERS = {"f64": "from_data_f64", "f32": "from_data_f32", "i64": "from_data_i64", "bool": "from_data_bool"}
READERS = {"f64": "to_data_f64", "f32": "to_data_f32", "i64": "to_data_i64", "bool": "to_data_bool"}

BINARY = ("add", "sub", "mul", "div", "eq", "ne", "gt", "lt", "ge", "le", "matmul", "maximum", "minimum", "pow_tensor")
UNARY = ("neg", "exp", "sqrt", "abs", "relu", "sigmoid", "tanh", "sign", "sin", "cos", "erf")
NAMES = {"pow_tensor": "pow"}  # where torch has another

relaxed = settings(
    max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
shapes = st.lists(st.integers(0, 4), max_size=3)
pairs = st.sampled_from(
    [([], []), ([3], []), ([2, 3], [3]), ([2, 1], [1, 4]), ([0], [1]), ([2, 3], [3, 2]), ([4], [4])]
)
dtypes = st.sampled_from(sorted(DTYPES))
numbers = st.one_of(st.integers(-9, 9), st.sampled_from([0.5, -2.25, float("inf"), float("-inf"), float("nan"), 1e300]))


@pytest.fixture(scope="module")
def torch() -> Any:
    pytest.importorskip("torch")
    import torch

    return torch


def elements(draw: Any, dtype: str, count: int) -> list[Any]:
    values = [draw(numbers) for _ in range(count)]
    if dtype == "bool":
        return [int(value == value and value > 0) for value in values]
    if dtype == "i64":
        return [int(value) if abs(value) < 100 else 7 for value in values]
    return [float(value) if dtype == "f64" or not 1e38 < abs(value) < float("inf") else 1.5 for value in values]


class Pair:
    """The same tensor here and in torch."""

    def __init__(self, f: Any, torch: Any, dtype: str, data: list[Any], shape: list[int], transposed: bool) -> None:
        self.handles = [getattr(f, MAKERS[dtype])(data, shape)]
        self.theirs = torch.tensor(data, dtype=getattr(torch, DTYPES[dtype])).reshape(shape)
        if transposed and len(shape) >= 2:
            self.handles.append(f.transpose(self.handles[0], 0, 1))
            self.theirs = self.theirs.transpose(0, 1)
        self.ours = self.handles[-1]


def make(f: Any, torch: Any, draw: Any, dtype: str, shape: list[int]) -> Pair:
    count = 1
    for size in shape:
        count *= size
    return Pair(f, torch, dtype, elements(draw, dtype, count), shape, draw(st.booleans()))


def compare(f: Any, torch: Any, name: str, ours: list[Any], theirs: list[Any], call: Any) -> None:
    """Either both fail, or both give the same dtype, shape and elements."""
    try:
        expected = call(*theirs)
    except (RuntimeError, IndexError):
        with pytest.raises(RuntimeError):
            getattr(f, name)(*ours)
        return
    result = getattr(f, name)(*ours)
    try:
        dtype = f.dtype(result)
        assert DTYPES[dtype] == str(expected.dtype).removeprefix("torch.")
        assert f.shape(result) == list(expected.shape)
        found = torch.tensor(list(getattr(f, READERS[dtype])(result)), dtype=expected.dtype).reshape(expected.shape)
        torch.testing.assert_close(found, expected.contiguous(), rtol=1e-6, atol=1e-9, equal_nan=True)
    finally:
        f.free(result)


def free(f: Any, *tensors: Pair) -> None:
    for tensor in tensors:
        for handle in tensor.handles:
            f.free(handle)


@pytest.mark.parametrize("name", BINARY)
@relaxed
@given(draws=st.data())
def test_two_operands(f: Any, torch: Any, name: str, draws: Any) -> None:
    left, right = draws.draw(pairs)
    a = make(f, torch, draws.draw, draws.draw(dtypes), left)
    b = make(f, torch, draws.draw, draws.draw(dtypes), right)
    try:
        compare(f, torch, name, [a.ours, b.ours], [a.theirs, b.theirs], getattr(torch, NAMES.get(name, name)))
    finally:
        free(f, a, b)


ACTIVATIONS = {
    "leaky_relu": (0.25,),
    "elu": (0.5,),
    "gelu": ("none",),
    "clamp": (-1.0, 2.0),
}


@pytest.mark.parametrize("name", ACTIVATIONS)
@relaxed
@given(draws=st.data())
def test_one_operand_and_numbers(f: Any, torch: Any, name: str, draws: Any) -> None:
    dtype = draws.draw(st.sampled_from(["f64", "f32"] if name != "clamp" else ["f64", "f32", "i64"]))
    x = make(f, torch, draws.draw, dtype, draws.draw(shapes))
    given = ACTIVATIONS[name]
    whole = [int(number) for number in given] if dtype == "i64" else given
    call = torch.clamp if name == "clamp" else getattr(torch.nn.functional, name)
    named = {"approximate": "none"} if name == "gelu" else {}
    try:
        compare(f, torch, name, [x.ours, *given], [x.theirs], lambda x: call(x, *([] if named else whole), **named))
    finally:
        free(f, x)


@pytest.mark.parametrize("name", UNARY)
@relaxed
@given(draws=st.data())
def test_one_operand(f: Any, torch: Any, name: str, draws: Any) -> None:
    x = make(f, torch, draws.draw, draws.draw(dtypes), draws.draw(shapes))
    try:
        compare(f, torch, name, [x.ours], [x.theirs], getattr(torch, name))
    finally:
        free(f, x)


WITH_DIM = {
    "softmax": lambda torch: lambda x, dim: torch.softmax(x, dim),
    "log_softmax": lambda torch: lambda x, dim: torch.log_softmax(x, dim),
    "unsqueeze": lambda torch: lambda x, dim: torch.unsqueeze(x, dim),
    "squeeze": lambda torch: lambda x, dim: torch.squeeze(x, dim),
}


@pytest.mark.parametrize("name", WITH_DIM)
@relaxed
@given(draws=st.data(), dim=st.integers(-4, 4))
def test_one_operand_and_a_dimension(f: Any, torch: Any, name: str, draws: Any, dim: int) -> None:
    x = make(f, torch, draws.draw, draws.draw(dtypes), draws.draw(shapes))
    try:
        assume(name.endswith("squeeze") or x.theirs.numel())  # torch takes the softmax of no integers, we never do
        compare(f, torch, name, [x.ours, dim], [x.theirs, dim], WITH_DIM[name](torch))
    finally:
        free(f, x)


@pytest.mark.parametrize("name", ["sum", "mean"])
@relaxed
@given(draws=st.data(), dim=st.integers(-3, 3), keepdim=st.booleans())
def test_reductions(f: Any, torch: Any, name: str, draws: Any, dim: int, keepdim: bool) -> None:
    x = make(f, torch, draws.draw, draws.draw(dtypes), draws.draw(shapes))
    try:
        theirs = getattr(torch, name)
        compare(f, torch, f"{name}_dim", [x.ours, dim, keepdim], [x.theirs, dim, keepdim], theirs)
        compare(f, torch, f"{name}_tensor", [x.ours], [x.theirs], theirs)
    finally:
        free(f, x)


@pytest.mark.parametrize("name", ["amax", "amin", "argmax", "argmin"])
@relaxed
@given(draws=st.data(), dim=st.integers(-3, 3), keepdim=st.booleans())
def test_extremes_along_a_dimension(f: Any, torch: Any, name: str, draws: Any, dim: int, keepdim: bool) -> None:
    x = make(f, torch, draws.draw, draws.draw(dtypes), draws.draw(shapes))
    along = lambda x, dim, keepdim: getattr(torch, name)(x, dim=dim, keepdim=keepdim)  # noqa: E731
    try:
        for place in (dim, None) if name.startswith("arg") else (dim,):
            compare(f, torch, name, [x.ours, place, keepdim], [x.theirs, place, keepdim], along)
    finally:
        free(f, x)


def test_both_see_one_libtorch(f: Any, torch: Any) -> None:
    assert torch.__version__.startswith(f.version())
