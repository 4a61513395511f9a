"""Each layer gives what torch's gives on the same weights, and so do its gradients: in both tiers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import rt_torch as rt
from rt_torch import nn
from tests.nn.conftest import Numbers
from tests.nn.torch_twins import check_twice, torch

pytestmark = pytest.mark.usefixtures("settled", "no_handle_left")

Case = tuple[Callable[..., nn.Module], Callable[[], Any], list[tuple[int, ...]]]


def plain(make: Callable[[], nn.Module]) -> Callable[..., nn.Module]:
    """A module without parameters, which has no dtype."""
    return lambda dtype: make()


LAYERS: dict[str, Case] = {
    "linear": (
        lambda dtype: nn.Linear(3, 4, dtype=dtype),
        lambda: torch.nn.Linear(3, 4),
        [(2, 3), (3,), (1, 3), (0, 3), (2, 5, 3), (2, 1, 2, 3)],
    ),
    "linear without bias": (
        lambda dtype: nn.Linear(1, 5, bias=False, dtype=dtype),
        lambda: torch.nn.Linear(1, 5, bias=False),
        [(7, 1), (1,), (2, 2, 1)],
    ),
    "relu": (plain(nn.ReLU), torch.nn.ReLU, [(2, 3), (), (0,), (2, 2, 2)]),
    "leaky relu": (plain(nn.LeakyReLU), torch.nn.LeakyReLU, [(2, 3), (), (0,)]),
    "steep leaky relu": (plain(lambda: nn.LeakyReLU(-1.5)), lambda: torch.nn.LeakyReLU(-1.5), [(2, 3)]),
    "elu": (plain(nn.ELU), torch.nn.ELU, [(2, 3), (), (0,)]),
    "elu 0.3": (plain(lambda: nn.ELU(0.3)), lambda: torch.nn.ELU(0.3), [(2, 3)]),
    "gelu": (plain(nn.GELU), torch.nn.GELU, [(2, 3), (), (0,)]),
    "gelu tanh": (
        plain(lambda: nn.GELU("tanh")),
        lambda: torch.nn.GELU("tanh"),
        [(2, 3), ()],
    ),
    "sigmoid": (plain(nn.Sigmoid), torch.nn.Sigmoid, [(2, 3), (), (0,)]),
    "tanh": (plain(nn.Tanh), torch.nn.Tanh, [(2, 3), (), (0,)]),
    "softmax": (plain(nn.Softmax), lambda: torch.nn.Softmax(-1), [(2, 3), (4,), (2, 0), (2, 2, 3)]),
    "softmax 0": (plain(lambda: nn.Softmax(0)), lambda: torch.nn.Softmax(0), [(2, 3), (4,), (2, 2, 3)]),
    "log softmax": (plain(nn.LogSoftmax), lambda: torch.nn.LogSoftmax(-1), [(2, 3), (4,), (2, 2, 3)]),
    "log softmax 1": (plain(lambda: nn.LogSoftmax(1)), lambda: torch.nn.LogSoftmax(1), [(2, 3), (2, 3, 2)]),
    "flatten": (plain(nn.Flatten), torch.nn.Flatten, [(2, 3), (2, 3, 4), (0, 3, 4), (1, 2, 1, 2)]),
    "flatten all": (plain(lambda: nn.Flatten(0)), lambda: torch.nn.Flatten(0), [(2, 3), (), (3,), (2, 0)]),
    "flatten middle": (plain(lambda: nn.Flatten(-3, -2)), lambda: torch.nn.Flatten(-3, -2), [(2, 3, 4, 2), (2, 3, 2)]),
    "batch norm": (
        lambda dtype: nn.BatchNorm1d(3, dtype=dtype),
        lambda: torch.nn.BatchNorm1d(3),
        [(4, 3), (2, 3), (2, 3, 5), (1, 3, 2), (0, 3), (0, 3, 2), (2, 3, 0)],
    ),
    "batch norm of all batches": (
        lambda dtype: nn.BatchNorm1d(2, eps=0.1, momentum=None, affine=False, dtype=dtype),
        lambda: torch.nn.BatchNorm1d(2, eps=0.1, momentum=None, affine=False),
        [(4, 2), (2, 2, 3)],
    ),
    "batch norm without running means": (
        lambda dtype: nn.BatchNorm1d(2, track_running_stats=False, dtype=dtype),
        lambda: torch.nn.BatchNorm1d(2, track_running_stats=False),
        [(4, 2), (2, 2, 3)],
    ),
    "layer norm": (
        lambda dtype: nn.LayerNorm(3, dtype=dtype),
        lambda: torch.nn.LayerNorm(3),
        [(2, 3), (3,), (2, 2, 3), (0, 3)],
    ),
    "layer norm of two dimensions": (
        lambda dtype: nn.LayerNorm([2, 3], eps=0.1, bias=False, dtype=dtype),
        lambda: torch.nn.LayerNorm([2, 3], eps=0.1, bias=False),
        [(2, 3), (4, 2, 3)],
    ),
    "plain layer norm": (
        lambda dtype: nn.LayerNorm((4,), elementwise_affine=False, dtype=dtype),
        lambda: torch.nn.LayerNorm((4,), elementwise_affine=False),
        [(2, 4)],
    ),
    "convolution": (
        lambda dtype: nn.Conv2d(2, 3, 3, dtype=dtype),
        lambda: torch.nn.Conv2d(2, 3, 3),
        [(2, 2, 5, 4), (1, 2, 3, 3), (2, 4, 4), (0, 2, 3, 3)],
    ),
    "convolution with everything": (
        lambda dtype: nn.Conv2d(4, 2, (3, 1), (2, 1), (1, 2), (1, 2), 2, False, dtype=dtype),
        lambda: torch.nn.Conv2d(4, 2, (3, 1), (2, 1), (1, 2), (1, 2), 2, False),
        [(2, 4, 5, 4), (4, 3, 3)],
    ),
    "largest of windows": (
        plain(lambda: nn.MaxPool2d(2)),
        lambda: torch.nn.MaxPool2d(2),
        [(2, 1, 4, 5), (3, 2, 2), (0, 1, 2, 2)],
    ),
    "largest of windows with everything": (
        plain(lambda: nn.MaxPool2d((3, 2), (2, 1), 1, (1, 2), True)),
        lambda: torch.nn.MaxPool2d((3, 2), (2, 1), 1, (1, 2), ceil_mode=True),
        [(2, 1, 4, 5), (3, 6, 4)],
    ),
    "mean of windows": (plain(lambda: nn.AvgPool2d(2)), lambda: torch.nn.AvgPool2d(2), [(2, 1, 4, 5), (3, 2, 2)]),
    "mean of windows with everything": (
        plain(lambda: nn.AvgPool2d((3, 2), 2, (1, 0), True, False)),
        lambda: torch.nn.AvgPool2d((3, 2), 2, (1, 0), True, False),
        [(2, 1, 4, 5), (3, 4, 4)],
    ),
    "no layers": (plain(nn.Sequential), torch.nn.Sequential, [(2, 3)]),
    "layers": (
        lambda dtype: nn.Sequential(
            nn.Linear(3, 4, dtype=dtype), nn.BatchNorm1d(4, dtype=dtype), nn.Tanh(), nn.Linear(4, 2, dtype=dtype)
        ),
        lambda: torch.nn.Sequential(
            torch.nn.Linear(3, 4), torch.nn.BatchNorm1d(4), torch.nn.Tanh(), torch.nn.Linear(4, 2)
        ),
        [(5, 3)],
    ),
}
GRID = [(name, shape) for name, (_, _, shapes) in LAYERS.items() for shape in shapes]


@pytest.mark.parametrize("dtype", ["f64", "f32"])
@pytest.mark.parametrize("training", [True, False], ids=["training", "use"])
@pytest.mark.parametrize(("name", "shape"), GRID, ids=lambda value: str(value))
def test_layer(tier: str, name: str, shape: tuple[int, ...], training: bool, dtype: str) -> None:
    make, theirs, _ = LAYERS[name]
    numbers = Numbers()

    def inputs() -> list[rt.Tensor]:
        return [(2.0 * numbers.tensor(shape, dtype)).requires_grad_()]

    check_twice(make, theirs(), inputs, dtype, training)


@pytest.mark.parametrize("dtype", ["f64", "f32"])
@pytest.mark.parametrize("places", [[0], [3, 1, 3], [[0, 1, 2], [2, 2, 2]], []])
def test_embedding(tier: str, places: list[Any], dtype: str) -> None:
    check_twice(
        lambda dtype: nn.Embedding(4, 3, dtype=dtype),
        torch.nn.Embedding(4, 3),
        lambda: [rt.tensor(places, dtype="i64")],
        dtype,
        True,
    )


def test_elements_at_the_corners_of_activations(tier: str) -> None:
    corners = [0.0, -0.0, 1.0, -1.0, 1e-30, -1e-30, 30.0, -30.0, 800.0, -800.0]
    modules = ["relu", "leaky relu", "elu", "gelu", "gelu tanh", "sigmoid", "tanh", "softmax", "log softmax"]
    for make, theirs, _ in (LAYERS[name] for name in modules):
        check_twice(make, theirs(), lambda: [rt.tensor(corners, requires_grad=True)], "f64", True)
