"""The data sets that come with the package."""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from pathlib import Path

import pytest

import rt_torch as rt
from rt_torch.data import IRIS_CLASSES, IRIS_FEATURES, digits, iris, linear, xor

FILES = Path(rt.data.__file__).parent / "files"


def test_xor() -> None:
    x, y = xor()
    assert x.tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]
    assert y.tolist() == [[0], [1], [1], [0]]
    assert [part.dtype for part in (*xor(), *xor(dtype="f32"))] == ["f64", "f64", "f32", "f32"]


def test_linear_is_the_recipe_of_the_known_answers() -> None:
    x, y = linear()
    assert x.shape == y.shape == (20, 1)
    assert [row[0] for row in x.tolist()] == [place / 20 for place in range(20)]
    assert [row[0] for row in y.tolist()] == [2 * (place / 20) + 1 for place in range(20)]
    assert sum(row[0] ** 2 for row in y.tolist()) / 20 == 4.135  # the loss of w = b = 0


def test_linear_with_noise() -> None:
    x, y = linear(10_000, slope=-3, intercept=0.5, noise=0.25, seed=4)
    errors = [b - (-3 * a + 0.5) for (a,), (b,) in zip(x.tolist(), y.tolist(), strict=True)]
    assert abs(sum(errors)) / 10_000 < 0.01
    assert abs(math.sqrt(sum(error * error for error in errors) / 10_000) - 0.25) < 0.01
    assert linear(5, noise=1, seed=4)[1].tolist() == linear(5, noise=1, seed=4)[1].tolist()
    assert linear(5, noise=1, seed=4)[1].tolist() != linear(5, noise=1, seed=5)[1].tolist()


@pytest.mark.parametrize(
    "arguments", [{"n": 0}, {"n": 1.5}, {"slope": "2"}, {"seed": 1 << 64}, {"noise": None}, {"noise": -0.5}]
)
def test_linear_refuses(arguments: dict[str, int]) -> None:
    (name,) = arguments
    with pytest.raises(rt.BadArgumentError, match=rf"rt\.data\.linear: argument `{name}`"):
        linear(**arguments)


def test_iris_is_fishers() -> None:
    """As R has it; in the repository's file the widths have the mean 3.054 and 1.198667."""
    x, y = iris()
    assert (x.shape, x.dtype, y.shape, y.dtype) == ((150, 4), "f64", (150,), "i64")
    rows = x.tolist()
    assert [sum(round(row[place] * 10) for row in rows) for place in range(4)] == [8765, 4586, 5637, 1799]
    assert x.mean(0).tolist() == pytest.approx([5.843333, 3.057333, 3.758, 1.199333], abs=5e-7)
    assert rows[34] == [4.9, 3.1, 1.5, 0.2]
    assert rows[37] == [4.9, 3.6, 1.4, 0.1]
    assert y.tolist() == [0] * 50 + [1] * 50 + [2] * 50
    assert rows[0] == [5.1, 3.5, 1.4, 0.2] and rows[149] == [5.9, 3.0, 5.1, 1.8]
    assert IRIS_CLASSES == ("setosa", "versicolor", "virginica")
    assert len(IRIS_FEATURES) == 4
    assert iris(dtype="f32")[0].dtype == "f32"


def test_digits_are_the_test_set() -> None:
    """The classes are as many as the repository says, the pixels as scikit-learn has them."""
    x, y = digits(scale=None)
    assert (x.shape, x.dtype, y.shape, y.dtype) == ((1797, 64), "f64", (1797,), "i64")
    counts = Counter(y.tolist())
    assert [counts[digit] for digit in range(10)] == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
    assert x.sum().item() == 561718
    assert (x.min().item(), x.max().item()) == (0, 16)
    assert y.tolist()[:10] == list(range(10))
    assert x[0].tolist()[:16] == [0, 0, 5, 13, 9, 1, 0, 0, 0, 0, 13, 15, 10, 15, 5, 0]
    pixels = bytes(int(value) for row in x.tolist() for value in row)
    assert hashlib.sha256(pixels).hexdigest() == "8f26b2bd9d135c256808f68f14fdabddde6d9c7f869ae419704b051f0f14b3b3"


def test_digits_in_other_scales() -> None:
    raw = digits(scale=None)[0][5].tolist()
    assert digits()[0][5].tolist() == [value / 16 for value in raw]
    assert digits(scale=(-1, 1))[0][5].tolist() == [(value - 8) / 8 for value in raw]
    halves = digits(dtype="f32")[0]
    assert (halves.dtype, halves[5].tolist()) == ("f32", [value / 16 for value in raw])


def test_sources_and_licences_are_told() -> None:
    text = (FILES / "SOURCES.md").read_text(encoding="utf-8")
    for file in FILES.iterdir():
        assert file.name in text or file.name == "SOURCES.md"
    assert "CC BY 4.0" in text
    assert sum(file.stat().st_size for file in FILES.iterdir()) < 60_000
