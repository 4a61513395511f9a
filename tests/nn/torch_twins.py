"""The same module here and in torch, on the same weights and inputs: outputs and gradients are the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import rt_torch as rt
from tests.nn.conftest import Numbers, close, distance, largest

torch = pytest.importorskip("torch", reason="the answers that are compared with are torch's")

TORCH_DTYPES = {"f64": torch.float64, "f32": torch.float32, "i64": torch.int64}
WITHIN = {"f64": 1e-10, "f32": 2e-5}


def in_torch(tensor: rt.Tensor) -> Any:
    """A copy in torch, which is a leaf."""
    made = torch.tensor(tensor.data.flatten().tolist(), dtype=TORCH_DTYPES[tensor.dtype]).reshape(tensor.shape)
    return made.requires_grad_(tensor.requires_grad)


def take_weights(theirs: Any, ours: rt.nn.Module) -> Any:
    """Torch's module with the parameters and buffers of ours."""
    state = {path: in_torch(tensor) for path, tensor in ours.state_dict().items()}
    theirs.load_state_dict(state)
    return theirs


def check_step(ours: rt.nn.Module, theirs: Any, inputs: list[rt.Tensor], dtype: str, numbers: Numbers) -> None:
    """One pass forward and one backward are the same, and leave the same buffers."""
    theirs_inputs = [in_torch(x) for x in inputs]
    found, expected = ours(*inputs), theirs(*theirs_inputs)
    assert found.shape == tuple(expected.shape)
    assert found.dtype == dtype
    assert close(found, expected, WITHIN[dtype])
    if not found.requires_grad:
        return
    weights = numbers.tensor(found.shape, dtype)
    found.backward(weights)
    expected.backward(in_torch(weights))
    check_gradients([*inputs, *ours.parameters()], [*theirs_inputs, *theirs.parameters()], dtype)
    check_state(ours, theirs, dtype)


def check_gradients(ours: list[Any], theirs: list[Any], dtype: str) -> None:
    """Gradients are the same, up to a share of the largest of them all: some are the rounding of 0."""
    assert [x.grad is None for x in ours] == [y.grad is None for y in theirs]
    pairs = [(x.grad, y.grad) for x, y in zip(ours, theirs, strict=True) if x.grad is not None]
    scale = max([largest(y) for _, y in pairs], default=0.0)
    assert [distance(x, y) for x, y in pairs if distance(x, y) > WITHIN[dtype] * max(scale, 1.0)] == []


def check_state(ours: rt.nn.Module, theirs: Any, dtype: str) -> None:
    """Parameters and buffers are the same."""
    state, expected = ours.state_dict(), theirs.state_dict()
    assert [*state] == [*expected]
    for path, tensor in state.items():
        assert tensor.shape == tuple(expected[path].shape)
        assert close(tensor, expected[path], WITHIN[dtype]), path


def check_twice(
    make: Callable[..., rt.nn.Module], theirs: Any, inputs: Callable[[], list[rt.Tensor]], dtype: str, training: bool
) -> None:
    """A module does as torch's, twice, and so does one that was given its state in between."""
    numbers = Numbers(7)
    ours = make(dtype=dtype).train(training)
    for parameter in ours.parameters():
        parameter.data = parameter.data + 0.3 * numbers.tensor(parameter.shape, dtype)
    theirs = take_weights(theirs.to(TORCH_DTYPES[dtype]), ours).train(training)
    check_step(ours, theirs, inputs(), dtype, numbers)
    again = make(dtype=dtype).train(training)
    again.load_state_dict(ours.state_dict())
    theirs.zero_grad()
    check_step(again, theirs, inputs(), dtype, numbers)
