"""Convolutions and their gradients, against their definition in exact numbers."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import product
from math import prod
from typing import Any

import pytest

from rt_torch import pure
from rt_torch.pure import products
from rt_torch.pure.tensor import PureTensor
from tests.pure.making import of

Shape = tuple[int, ...]
HOW = [([1], [0], [1], 1), ([2, 1], [1], [1], 1), ([1], [2, 1], [2], 2), ([3, 2], [0, 2], [1, 2], 2)]
IMAGES, KERNEL = (2, 4, 5, 6), (3, 2)


def numbers(shape: Shape, seed: int) -> list[float]:
    source = random.Random(seed)
    return [source.gauss(0.0, 1.0) for _ in range(prod(shape))]


class Exact:
    """Elements by their places, as fractions."""

    def __init__(self, items: list[float], shape: Shape) -> None:
        self.items = dict(zip(product(*map(range, shape)), map(Fraction, items), strict=True))


def terms(images: Shape, filters: Shape, result: Shape, how: Any) -> Any:
    """The places of element, filter and result that belong together."""
    stride, padding, dilation = ([*part, *part][:2] for part in how[:3])
    groups = how[3]
    for image, output, *window in product(*map(range, result)):
        group = output // (filters[0] // groups)
        for channel, *place in product(*map(range, filters[1:])):
            at = [window[axis] * stride[axis] - padding[axis] + place[axis] * dilation[axis] for axis in (0, 1)]
            if 0 <= at[0] < images[2] and 0 <= at[1] < images[3]:
                yield (
                    (image, group * filters[1] + channel, *at),
                    (output, channel, *place),
                    (image, output, *window),
                )


def check(found: PureTensor, shape: Shape, pairs: Any) -> None:
    """Each element within 1e-12 of the sum of its absolute terms."""
    sums = {place: (Fraction(0), Fraction(0)) for place in product(*map(range, shape))}
    for place, term in pairs:
        total, absolute = sums[place]
        sums[place] = total + term, absolute + abs(term)
    assert found.shape == shape
    elements = pure.flatten(found).tolist()
    for element, (total, absolute) in zip(elements, sums.values(), strict=True):
        assert abs(Fraction(element) - total) <= Fraction(1, 10**12) * absolute


@pytest.fixture(params=["chosen", "dots", "blocks"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param != "chosen":
        monkeypatch.setattr(products, "_in_blocks", lambda *sizes: request.param == "blocks")


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("how", HOW)
def test_convolution_and_gradients(how: Any) -> None:
    filters = (6, IMAGES[1] // how[3], *KERNEL)
    x, weight, bias = numbers(IMAGES, 1), numbers(filters, 2), numbers((6,), 3)
    x_tensor, weight_tensor = of(x, shape=IMAGES), of(weight, shape=filters)
    result = pure.conv2d(x_tensor, weight_tensor, of(bias), *how)
    gradient = numbers(result.shape, 4)
    gradient_tensor = of(gradient, shape=result.shape)
    exact_x, exact_weight = Exact(x, IMAGES).items, Exact(weight, filters).items
    exact_gradient = Exact(gradient, result.shape).items
    together = [*terms(IMAGES, filters, result.shape, how)]
    added = [(place, Fraction(bias[place[1]])) for place in exact_gradient]
    check(result, result.shape, [*((r, exact_x[i] * exact_weight[w]) for i, w, r in together), *added])
    by_input = pure.conv2d_input(gradient_tensor, weight_tensor, IMAGES, *how)
    check(by_input, IMAGES, ((i, exact_gradient[r] * exact_weight[w]) for i, w, r in together))
    by_weight = pure.conv2d_weight(gradient_tensor, x_tensor, filters, *how)
    check(by_weight, filters, ((w, exact_gradient[r] * exact_x[i]) for i, w, r in together))


def test_memory_and_views_are_taken_as_they_are() -> None:
    x, weight = of(numbers((1, 2, 4, 4), 1), shape=(1, 2, 4, 4)), of(numbers((2, 2, 2, 2), 2), shape=(2, 2, 2, 2))
    how = ([1], [1], [1], 1)
    expected = pure.conv2d(x, weight, None, *how).tolist()
    turned = pure.contiguous(pure.transpose(x, 2, 3))
    x.buffer()
    weight.buffer()
    assert pure.conv2d(x, weight, None, *how).tolist() == expected
    assert pure.conv2d(pure.transpose(turned, 2, 3), weight, None, *how).tolist() == expected


def test_single_precision_is_rounded_at_the_end() -> None:
    x, weight = of([1e8, 1.0, -1e8], "f32", (1, 1, 1, 3)), of([1.0, 1.0, 1.0], "f32", (1, 1, 1, 3))
    result = pure.conv2d(x, weight, None, [1], [0], [1], 1)
    assert (result.dtype, result.tolist()) == ("f32", [[[[1.0]]]])


def test_an_empty_batch() -> None:
    x, weight = of([], shape=(0, 2, 4, 4)), of([1.0] * 16, shape=(2, 2, 2, 2))
    how = ([1], [0], [1], 1)
    result = pure.conv2d(x, weight, None, *how)
    assert result.shape == (0, 2, 3, 3)
    assert pure.conv2d_input(result, weight, [0, 2, 4, 4], *how).shape == (0, 2, 4, 4)
    assert pure.conv2d_weight(result, x, [2, 2, 2, 2], *how).tolist() == [[[[0.0] * 2] * 2] * 2] * 2
