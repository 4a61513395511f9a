"""What layers refuse: each argument, with its name in the message; and inputs that do not fit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import rt_torch as rt
from rt_torch import nn

pytestmark = pytest.mark.usefixtures("settled", "no_handle_left")

SIZES: list[tuple[Any, dict[str, Any], str]] = [
    (nn.Linear, {"in_features": 2, "out_features": 2}, "in_features"),
    (nn.Linear, {"in_features": 2, "out_features": 2}, "out_features"),
    (nn.Embedding, {"num_embeddings": 2, "embedding_dim": 2}, "num_embeddings"),
    (nn.Embedding, {"num_embeddings": 2, "embedding_dim": 2}, "embedding_dim"),
    (nn.BatchNorm1d, {"num_features": 2}, "num_features"),
    (nn.LayerNorm, {"normalized_shape": 2}, "normalized_shape"),
    (nn.Conv2d, {"in_channels": 2, "out_channels": 2, "kernel_size": 1}, "in_channels"),
    (nn.Conv2d, {"in_channels": 2, "out_channels": 2, "kernel_size": 1}, "out_channels"),
    (nn.Conv2d, {"in_channels": 2, "out_channels": 2, "kernel_size": 1}, "groups"),
    *[
        (layer, {**others, "kernel_size": 1}, name)
        for layer, others, names in (
            (nn.Conv2d, {"in_channels": 1, "out_channels": 1}, ("kernel_size", "stride", "dilation")),
            (nn.MaxPool2d, {}, ("kernel_size", "stride", "dilation")),
            (nn.AvgPool2d, {}, ("kernel_size", "stride")),
        )
        for name in names
    ],
    (nn.conv2d_output_size, {"size": 3, "kernel_size": 2}, "size"),
    (nn.conv2d_output_size, {"size": 3, "kernel_size": 2}, "kernel_size"),
    (nn.conv2d_output_size, {"size": 3, "kernel_size": 2}, "stride"),
    (nn.conv2d_output_size, {"size": 3, "kernel_size": 2}, "dilation"),
]


@pytest.mark.parametrize(("make", "others", "name"), SIZES, ids=[f"{make.__name__}-{name}" for make, _, name in SIZES])
def test_sizes(make: Any, others: dict[str, Any], name: str) -> None:
    for bad in (0, -3):
        with pytest.raises(rt.BadArgumentError, match=rf"rt\.nn\.\w+: argument `{name}`: .*at least 1 is expected"):
            make(**{**others, name: bad})
    for bad in ("2", 2.5, object()):
        with pytest.raises(rt.ArgumentTypeError, match=rf"rt\.nn\.\w+: argument `{name}`: an integer is expected"):
            make(**{**others, name: bad})


@pytest.mark.parametrize("layer", [lambda **given: nn.Conv2d(1, 1, **given), nn.MaxPool2d, nn.AvgPool2d])
def test_pairs(layer: Any) -> None:
    for name in ("kernel_size", "stride", "padding"):
        for bad in ((), (1,), (1, 1, 1)):
            with pytest.raises(
                rt.BadArgumentError, match=rf"argument `{name}`: one integer or two, for height and width"
            ):
                layer(**{"kernel_size": 2, name: bad})
        with pytest.raises(rt.ArgumentTypeError, match=rf"argument `{name}`: an integer is expected"):
            layer(**{"kernel_size": 2, name: (1, "1")})
    with pytest.raises(
        rt.BadArgumentError, match=r"argument `padding`: \(0, -1\) was given, and at least 0 is expected"
    ):
        layer(kernel_size=2, padding=(0, -1))


NUMBERS: list[tuple[Any, str]] = [
    (lambda bad: nn.LeakyReLU(bad), "negative_slope"),
    (lambda bad: nn.ELU(bad), "alpha"),
    (lambda bad: nn.Dropout(bad), "p"),
    (lambda bad: nn.BatchNorm1d(2, eps=bad), "eps"),
    (lambda bad: nn.BatchNorm1d(2, momentum=bad), "momentum"),
    (lambda bad: nn.LayerNorm(2, eps=bad), "eps"),
]


@pytest.mark.parametrize(("make", "name"), NUMBERS, ids=[name for _, name in NUMBERS])
def test_numbers(make: Any, name: str) -> None:
    for bad in ("1", [1.0], object()):
        with pytest.raises(rt.ArgumentTypeError, match=rf"rt\.nn\.\w+: argument `{name}`: a number is expected"):
            make(bad)


def test_ranges() -> None:
    for bad in (-1e-9, float("nan")):
        for layer in (nn.BatchNorm1d, nn.LayerNorm):
            with pytest.raises(rt.BadArgumentError, match=r"argument `eps`: .* at least 0"):
                layer(2, eps=bad)
        with pytest.raises(rt.BadArgumentError, match=r"argument `momentum`: .* 0 to 1 is expected"):
            nn.BatchNorm1d(2, momentum=bad)
    with pytest.raises(rt.BadArgumentError, match="argument `approximate`: one of 'none', 'tanh' is expected"):
        nn.GELU("erf")
    for layer in (nn.Softmax, nn.LogSoftmax, nn.Flatten):
        with pytest.raises(rt.ArgumentTypeError, match="an integer is expected"):
            layer("1")
    with pytest.raises(rt.BadArgumentError, match="argument `normalized_shape`: at least one size is expected"):
        nn.LayerNorm([])
    for groups, channels in ((2, (3, 2)), (2, (2, 3)), (4, (2, 2))):
        with pytest.raises(rt.BadArgumentError, match=r"argument `groups`: .* does not divide both"):
            nn.Conv2d(*channels, 1, groups=groups)


@pytest.mark.parametrize(
    "make", [lambda dtype: nn.Linear(2, 2, dtype=dtype), lambda dtype: nn.LayerNorm(2, dtype=dtype)]
)
def test_dtypes_that_do_not_learn(make: Any) -> None:
    for bad in ("i64", "bool", "f8", ""):
        with pytest.raises(rt.BadArgumentError):
            make(bad)


# Inputs.

MISFITS: dict[str, tuple[Callable[[], nn.Module], tuple[int, ...], str]] = {
    "other features": (lambda: nn.Linear(3, 2), (2, 4), r"\[2, 4\]"),
    "no features": (lambda: nn.Linear(3, 2), (), "at least one dimension"),
    "another batch": (
        lambda: nn.BatchNorm1d(3),
        (2, 4),
        r"its shape is \(2, 4\), and \(batch, 3\) or \(batch, 3, length\) is expected",
    ),
    "no batch": (lambda: nn.BatchNorm1d(3), (3,), r"its shape is \(3,\)"),
    "a batch of images": (lambda: nn.BatchNorm1d(3), (2, 3, 1, 1), r"its shape is \(2, 3, 1, 1\)"),
    "a batch of one": (lambda: nn.BatchNorm1d(3), (1, 3), "more than one value for each feature"),
    "a batch of one in use": (
        lambda: nn.BatchNorm1d(3, track_running_stats=False).eval(),
        (1, 3),
        "more than one value for each feature",
    ),
    "other dimensions": (lambda: nn.LayerNorm([2, 3]), (3,), r"\[2, 3\]"),
    "other channels": (lambda: nn.Conv2d(2, 1, 1), (1, 3, 2, 2), "channels"),
    "small images": (lambda: nn.Conv2d(1, 1, 3), (1, 1, 2, 2), "do not fit"),
    "no images": (lambda: nn.Conv2d(1, 1, 1), (2, 2), "2 dimensions"),
    "no images to pool": (lambda: nn.MaxPool2d(1), (2, 2), "2 dimensions"),
    "small images to pool": (lambda: nn.MaxPool2d(3), (1, 1, 2, 2), "fit"),
    "wide padding": (lambda: nn.MaxPool2d(2, padding=2), (1, 1, 4, 4), "padding"),
    "wide padding of means": (lambda: nn.AvgPool2d(2, padding=2), (1, 1, 4, 4), "padding"),
    "no such dimension": (lambda: nn.Softmax(1), (3,), "dim"),
    "nothing to flatten": (lambda: nn.Flatten(), (3,), "no dimensions from 1 to -1"),
    "flattening backwards": (lambda: nn.Flatten(2, 1), (2, 2, 2), "no dimensions from 2 to 1"),
    "flattening too much": (lambda: nn.Flatten(-5), (2, 2), "no dimensions from -5 to -1"),
}


@pytest.mark.parametrize("name", MISFITS)
def test_inputs_that_do_not_fit(tier: str, name: str) -> None:
    layer, shape, says = MISFITS[name]
    with pytest.raises(rt.BadArgumentError, match=says):
        layer()(rt.ones(shape))


@pytest.mark.parametrize("make", [lambda: nn.Linear(2, 2), lambda: nn.Conv2d(2, 2, 1), lambda: nn.LayerNorm(2)])
def test_inputs_of_another_dtype(tier: str, make: Callable[[], nn.Module]) -> None:
    shape = (1, 2, 2, 2)
    with pytest.raises(rt.BadArgumentError, match="f32"):
        make()(rt.ones(shape, dtype="f32"))
    with pytest.raises(rt.BadArgumentError, match="i64"):
        make()(rt.ones(shape, dtype="i64"))


ANY = [nn.Linear(2, 2), nn.ReLU(), nn.LeakyReLU(), nn.ELU(), nn.GELU(), nn.Sigmoid(), nn.Tanh(), nn.Softmax()]
ANY += [nn.LogSoftmax(), nn.Dropout(), nn.BatchNorm1d(2), nn.LayerNorm(2), nn.Embedding(2, 2), nn.Flatten()]
ANY += [nn.Conv2d(1, 1, 1), nn.MaxPool2d(1), nn.AvgPool2d(1)]


@pytest.mark.parametrize("layer", ANY, ids=lambda layer: type(layer).__name__)
def test_other_things_than_tensors(layer: nn.Module) -> None:
    for bad in ([1.0, 2.0], None, "x", 1.0):
        with pytest.raises(rt.ArgumentTypeError, match="a tensor is expected"):
            layer(bad)


def test_numbers_beyond_the_embedded(tier: str) -> None:
    embedding = nn.Embedding(3, 2)
    for bad in (3, -1):
        with pytest.raises(rt.BadArgumentError, match=f"{bad}"):
            embedding(rt.tensor([0, bad]))
    with pytest.raises(rt.BadArgumentError, match="i64"):
        embedding(rt.tensor([0.0]))


# Sizes of convolved images.


@pytest.mark.parametrize(
    ("given", "size"),
    [((5, 3), 3), ((5, 3, 2), 2), ((5, 3, 1, 1), 5), ((5, 2, 1, 0, 3), 2), ((28, 5, 2, 2, 1), 14), ((1, 1), 1)],
)
def test_sizes_of_convolved_images(given: tuple[int, ...], size: int) -> None:
    assert nn.conv2d_output_size(*given) == size
    kernel, stride, padding, dilation = (*given[1:], *(1, 0, 1)[len(given) - 2 :])
    layer = nn.Conv2d(1, 1, kernel, stride, padding, dilation)
    assert layer(rt.zeros([1, 1, given[0], given[0]])).shape == (1, 1, size, size)


def test_filters_larger_than_images() -> None:
    with pytest.raises(rt.BadArgumentError, match="filters that extend over 5 do not fit into 4 padded elements"):
        nn.conv2d_output_size(4, 3, dilation=2)
