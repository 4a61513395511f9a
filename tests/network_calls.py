"""Calls of the layers of networks, good ones and bad ones, for the tests of both tiers."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from math import prod
from typing import Any, NamedTuple


class Given(NamedTuple):
    """A tensor that is to be made."""

    shape: tuple[int, ...]
    dtype: str = "f64"

    @property
    def data(self) -> list[Any]:
        """Small numbers, no two neighbours alike."""
        numbers = range(prod(self.shape))
        if self.dtype == "i64":
            return [number % 2 for number in numbers]
        return [number % 3 == 0 if self.dtype == "bool" else (number * 7 % 13 - 6) / 2 for number in numbers]


IMAGES, FILTERS, CONVOLVED = Given((2, 4, 5, 6)), Given((6, 2, 3, 3)), Given((2, 6, 3, 4))
POOLED, INDICES = Given((2, 4, 2, 3)), Given((2, 3), "i64")

CLASSES = Given((3,), "i64")

GOOD: dict[str, dict[str, Any]] = {
    "linear": {"x": Given((2, 3)), "weight": Given((4, 3)), "bias": Given((4,))},
    "conv2d": {
        "x": IMAGES,
        "weight": FILTERS,
        "bias": Given((6,)),
        "stride": [1],
        "padding": [0],
        "dilation": [1],
        "groups": 2,
    },
    "conv2d_input": {
        "gradient": CONVOLVED,
        "weight": FILTERS,
        "shape": [2, 4, 5, 6],
        "stride": [1],
        "padding": [0],
        "dilation": [1],
        "groups": 2,
    },
    "conv2d_weight": {
        "gradient": CONVOLVED,
        "x": IMAGES,
        "shape": [6, 2, 3, 3],
        "stride": [1],
        "padding": [0],
        "dilation": [1],
        "groups": 2,
    },
    "max_pool2d": {"x": IMAGES, "kernel": [2], "stride": None, "padding": [0], "dilation": [1], "ceil_mode": False},
    "max_pool2d_backward": {
        "gradient": POOLED,
        "x": IMAGES,
        "kernel": [2],
        "stride": None,
        "padding": [0],
        "dilation": [1],
        "ceil_mode": False,
    },
    "max_pool2d_pick": {
        "y": IMAGES,
        "x": IMAGES,
        "kernel": [2],
        "stride": None,
        "padding": [0],
        "dilation": [1],
        "ceil_mode": False,
    },
    "avg_pool2d": {
        "x": IMAGES,
        "kernel": [2],
        "stride": None,
        "padding": [0],
        "ceil_mode": False,
        "count_include_pad": True,
    },
    "avg_pool2d_backward": {
        "gradient": POOLED,
        "shape": [2, 4, 5, 6],
        "kernel": [2],
        "stride": None,
        "padding": [0],
        "ceil_mode": False,
        "count_include_pad": True,
    },
    "embedding": {"weight": Given((2, 4)), "indices": INDICES},
    "embedding_backward": {"gradient": Given((2, 3, 4)), "indices": INDICES, "rows": 2},
    "cross_entropy": {"x": Given((3, 2)), "target": CLASSES, "reduction": "mean"},
    "cross_entropy_backward": {"gradient": Given((3,)), "x": Given((3, 2)), "target": CLASSES, "reduction": "none"},
    "layer_norm": {"x": Given((2, 3, 4)), "shape": [3, 4], "weight": Given((3, 4)), "bias": Given((3, 4)), "eps": 1e-5},
    "batch_norm": {
        "x": Given((2, 3, 4)),
        "weight": Given((3,)),
        "bias": Given((3,)),
        "mean": Given((3,)),
        "var": Given((3,)),
        "eps": 7.5,
    },
    "batch_norm_backward": {"gradient": Given((2, 3, 4)), "x": Given((2, 3, 4)), "weight": Given((3,)), "eps": 1e-5},
    "batch_statistics": {"x": Given((2, 3, 4))},
    "batch_norm_measured": {
        "x": Given((2, 3, 4)),
        "weight": Given((3,)),
        "bias": Given((3,)),
        "statistics": Given((2, 3)),
        "eps": 7.5,
    },
    "batch_norm_measured_backward": {
        "gradient": Given((2, 3, 4)),
        "x": Given((2, 3, 4)),
        "weight": Given((3,)),
        "statistics": Given((2, 3)),
        "eps": 7.5,
    },
}

_NO_FEATURES = (Given(()), Given((3,)), Given((2, 0, 4)), Given((2, 4, 3)))
_NOT_OF_FEATURES = ("1", 2.5, [1.0], Given(()), Given((4,)), Given((1, 3)), Given((3,), "f32"), Given((3,), "i64"))
_NO_STATISTICS = (Given(()), Given((3,)), Given((3, 2)), Given((2, 4)), Given((2, 3, 1)), Given((2, 3), "f32"))

NO_TENSORS = ("1", None, [1.0], 2.5, object)
NO_LISTS = (1, "1", None, [1.5], ["1"], [1 << 64], b"ab", {1})
NO_PAIRS = (*NO_LISTS, [], [1, 1, 1], [-1], [1, -1], [1 << 31], [-(1 << 63)])
NO_REDUCTIONS = ("median", "", "MEAN", 1, None, "mean\0", b"mean", "\ud800")
NO_FLAGS = (2, -1, "x", None, 0.5, 1 << 40)
NO_INTEGERS = (0.5, "1", None, 1 << 64)
LONG = 1 << 40

_LOGITS = (
    *NO_TENSORS,
    *(Given(shape) for shape in ((), (3,), (2, 3), (3, 1), (3, 0), (3, 2, 1), (3, 2, 0))),
    *(Given((3, 2), dtype) for dtype in ("f32", "i64", "bool")),
)
_CLASSES = (
    *NO_TENSORS,
    *(Given(shape, "i64") for shape in ((), (4,), (3, 1), (1, 3), (0,))),
    *(Given((3,), dtype) for dtype in ("f64", "bool")),
)
_IMAGES = (
    *(
        Given((4, 5, 6)),
        Given(()),
        Given((2, 0, 5, 6)),
        Given((2, 4, 0, 6)),
        Given((2, 4, 5, 0)),
        Given((2, 4, 5, 6, 1)),
    ),
    *(Given((2, 4, 5, 6), dtype) for dtype in ("f32", "i64", "bool")),
)
_FILTERS = (Given((0, 2, 3, 3)), Given((6, 0, 3, 3)), Given((6, 2, 0, 3)), Given((6, 2, 3, 0)), Given((6, 2, 3)))
_SIZES = (*NO_LISTS, [], [2, 4, 5], [2, 4, 5, 6, 1], [2, 4, 5, -6], [2, 4, 5, 0], [LONG, LONG, 1, 1], [2, 4, LONG, 1])

BAD_CHANNELS = (Given((2, 3, 5, 6)), Given((2, 6, 5, 6)))
_TOO_SMALL = (Given((2, 4, 2, 6)), Given((2, 4, 5, 2)))
_POOLS: dict[str, tuple[Any, ...]] = {
    "kernel": (*NO_PAIRS, [0], [20], [2, 20]),
    "stride": (*NO_PAIRS[:2], *NO_PAIRS[3:], [0], [1, 0]),
    "padding": (*NO_PAIRS, [2], [0, 2]),
    "dilation": (*NO_PAIRS, [0], [6], [1, 6]),
    "ceil_mode": NO_FLAGS,
    "count_include_pad": NO_FLAGS,
}
_CONVOLUTIONS: dict[str, tuple[Any, ...]] = {
    "stride": (*NO_PAIRS, [0], [1, 0]),
    "padding": NO_PAIRS,
    "dilation": (*NO_PAIRS, [0], [3], [1, 3]),
    "groups": (*NO_INTEGERS, 0, -1, 1, 3, 4, 1 << 40, -(1 << 63)),
}

# What must be refused in the place of a good argument, all others being good.
BAD: dict[str, dict[str, tuple[Any, ...]]] = {
    "linear": {
        "x": (*NO_TENSORS, Given(()), Given((3, 2)), Given((2, 3), "f32"), Given((2, 3), "i64")),
        "weight": (*NO_TENSORS, Given((3,)), Given((4, 2)), Given((4, 3, 1)), Given((4, 3), "f32"), Given(())),
        "bias": (*NO_TENSORS[:1], *NO_TENSORS[2:], Given((3,)), Given(()), Given((1, 4)), Given((4,), "f32")),
    },
    "conv2d": {
        "x": (*NO_TENSORS, *_IMAGES, *BAD_CHANNELS, *_TOO_SMALL),
        "weight": (
            *NO_TENSORS,
            *_FILTERS,
            Given((5, 2, 3, 3)),
            Given((6, 4, 3, 3)),
            Given((6, 2, 6, 3)),
            Given((6, 2, 3, 7)),
        ),
        "bias": ("1", 2.5, [1.0], Given((5,)), Given((1, 6)), Given((6,), "f32"), Given(())),
        **_CONVOLUTIONS,
    },
    "conv2d_input": {
        "gradient": (
            *NO_TENSORS,
            Given((2, 6, 3)),
            Given((1, 6, 3, 4)),
            Given((2, 6, 3, 3)),
            Given((2, 6, 3, 4), "f32"),
        ),
        "weight": (*NO_TENSORS, *_FILTERS, Given((5, 2, 3, 3)), Given((6, 1, 3, 3)), Given((4, 2, 3, 3))),
        "shape": (*_SIZES, [2, 3, 5, 6], [2, 4, 2, 6], [1, 4, 5, 6], [2, 4, 5, 7], [0, 4, 5, 6]),
        **_CONVOLUTIONS,
    },
    "conv2d_weight": {
        "gradient": (
            *NO_TENSORS,
            Given((2, 6, 3)),
            Given((1, 6, 3, 4)),
            Given((2, 6, 3, 3)),
            Given((2, 6, 3, 4), "f32"),
        ),
        "x": (*NO_TENSORS, *_IMAGES, *BAD_CHANNELS, *_TOO_SMALL, Given((1, 4, 5, 6))),
        "shape": (*_SIZES, [6, 2, 3, 0], [0, 2, 3, 3], [5, 2, 3, 3], [6, 4, 3, 3], [6, 2, 6, 3], [4, 2, 3, 3]),
        **_CONVOLUTIONS,
    },
    "max_pool2d": {"x": (*NO_TENSORS, *_IMAGES[:6], *_IMAGES[7:], Given((2, 4, 1, 6))), **_POOLS},
    "max_pool2d_backward": {
        "gradient": (*NO_TENSORS, Given((2, 4, 2)), Given((2, 4, 2, 2)), Given((2, 4, 2, 3), "f32"), IMAGES),
        "x": (*NO_TENSORS, *_IMAGES, Given((2, 4, 5, 8)), Given((2, 4, 1, 6))),
        **_POOLS,
    },
    "max_pool2d_pick": {
        "y": (*NO_TENSORS, Given((2, 4, 5)), Given((2, 4, 5, 5)), Given((2, 4, 5, 6), "f32"), POOLED),
        "x": (*NO_TENSORS, *_IMAGES, Given((2, 4, 5, 8)), Given((2, 4, 1, 6))),
        **_POOLS,
    },
    "avg_pool2d": {"x": (*NO_TENSORS, *_IMAGES[:6], *_IMAGES[7:], Given((2, 4, 1, 6))), **_POOLS},
    "avg_pool2d_backward": {
        "gradient": (*NO_TENSORS, Given((2, 4, 2)), Given((2, 4, 2, 2)), Given((2, 4, 2, 3), "i64"), Given(())),
        "shape": (*_SIZES, [2, 4, 5, 8], [2, 4, 1, 6], [1, 4, 5, 6]),
        **_POOLS,
    },
    "embedding": {
        "weight": (*NO_TENSORS, Given((2,)), Given(()), Given((2, 4, 1)), Given((1, 4)), Given((0, 4))),
        "indices": (*NO_TENSORS, Given((2, 3)), Given((2, 3), "bool"), Given((1,) * 64, "i64")),
    },
    "embedding_backward": {
        "gradient": (
            *NO_TENSORS,
            Given((2, 3)),
            Given((3, 2, 4)),
            Given(()),
            *(Given((2, 3, 4), d) for d in ("i64", "bool")),
        ),
        "indices": (*NO_TENSORS, Given((2, 3)), Given((2, 3), "bool"), Given((3, 2), "i64"), Given((), "i64")),
        "rows": (*NO_INTEGERS, -1, 0, 1, 1 << 62, -(1 << 63)),
    },
    "cross_entropy": {"x": _LOGITS[:-3] + _LOGITS[-2:], "target": _CLASSES, "reduction": NO_REDUCTIONS},
    "cross_entropy_backward": {
        "gradient": (*NO_TENSORS, Given((4,)), Given((3, 1)), *(Given((3,), d) for d in ("f32", "i64"))),
        "x": _LOGITS,
        "target": _CLASSES,
        "reduction": (*NO_REDUCTIONS, "mean", "sum"),
    },
    "layer_norm": {
        "x": (*NO_TENSORS, Given(()), Given((4,)), Given((2, 4, 3)), Given((2, 3, 4), "f32"), Given((2, 3, 4), "i64")),
        "shape": (*NO_LISTS, [], [3], [2, 3, 4, 1], [1, 2, 3, 4], [-1, 4], [LONG, 4]),
        "weight": ("1", 2.5, [1.0], Given((4,)), Given((4, 3)), Given((3, 4), "f32"), Given((1, 3, 4))),
        "bias": ("1", 2.5, [1.0], Given((4,)), Given((4, 3)), Given((3, 4), "f32"), Given((1, 3, 4))),
        "eps": ("1", None, [1.0], 1j, 10**400),
    },
    "batch_norm": {
        "x": (*NO_TENSORS, *_NO_FEATURES, Given((2, 3, 4), "f32"), Given((2, 3, 4), "i64")),
        "weight": _NOT_OF_FEATURES,
        "bias": _NOT_OF_FEATURES,
        "mean": _NOT_OF_FEATURES,
        "var": _NOT_OF_FEATURES,
        "eps": ("1", None, [1.0], 1j, 10**400),
    },
    "batch_statistics": {"x": (*NO_TENSORS, *_NO_FEATURES[:3], Given((0, 3)), Given((2, 3, 0)), Given((2, 3), "i64"))},
    "batch_norm_measured": {
        "x": (*NO_TENSORS, *_NO_FEATURES, Given((1, 3)), Given((2, 3, 4), "f32"), Given((2, 3, 4), "i64")),
        "weight": _NOT_OF_FEATURES,
        "bias": _NOT_OF_FEATURES,
        "statistics": (*NO_TENSORS, *_NO_STATISTICS),
        "eps": ("1", None, [1.0], 1j, 10**400),
    },
    "batch_norm_measured_backward": {
        "gradient": (*NO_TENSORS, Given((2, 4, 3)), Given((2, 3)), Given((2, 3, 4), "f32"), Given((2, 3, 4), "i64")),
        "x": (*NO_TENSORS, *_NO_FEATURES, Given((1, 3)), Given((2, 3, 4), "f32"), Given((2, 3, 4), "i64")),
        "weight": _NOT_OF_FEATURES,
        "statistics": (*NO_TENSORS, *_NO_STATISTICS),
        "eps": ("1", None, [1.0], 1j, 10**400),
    },
    "batch_norm_backward": {
        "gradient": (*NO_TENSORS, Given((2, 4, 3)), Given((2, 3)), Given((2, 3, 4), "f32"), Given((2, 3, 4), "i64")),
        "x": (*NO_TENSORS, *_NO_FEATURES, Given((1, 3)), Given((2, 3, 4), "f32"), Given((2, 3, 4), "i64")),
        "weight": _NOT_OF_FEATURES,
        "eps": ("1", None, [1.0], 1j, 10**400),
    },
}


def bad_calls() -> Iterator[tuple[str, list[Any]]]:
    """Calls with one bad argument."""
    for name, good in GOOD.items():
        for param in good:
            for wrong in BAD[name].get(param, ()):
                yield name, [*{**good, param: wrong}.values()]


def worse_calls() -> Iterator[tuple[str, list[Any]]]:
    """Calls with two bad arguments, of which both tiers must find the same one."""
    for name, good in GOOD.items():
        for first, second in combinations(good, 2):
            for one in _few(BAD[name].get(first, ())):
                for other in _few(BAD[name].get(second, ())):
                    yield name, [*{**good, first: one, second: other}.values()]


def _few(values: tuple[Any, ...]) -> tuple[Any, ...]:
    """The first, one in the middle, and the last two."""
    return (
        tuple(values[place] for place in sorted({0, len(values) // 2, len(values) - 2, len(values) - 1}))
        if values
        else ()
    )
