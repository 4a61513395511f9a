"""The user's mistakes are the same exception with the same text in both tiers."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest

from rt_torch import loader, pure
from rt_torch.pure.tensor import PureTensor
from rt_torch_bindings import functions as typed
from rt_torch_bindings.errors import OutOfMemoryError, RtTorchError
from tests.network_calls import GOOD, Given, bad_calls

LONG = 1 << 40


class Made:
    """A tensor that either tier is to make, from data, shape and dtype."""

    def __init__(self, data: list[Any], shape: list[int] | None = None, dtype: str = "f64") -> None:
        self.data, self.shape, self.dtype = data, [len(data)] if shape is None else shape, dtype

    def __repr__(self) -> str:
        return f"{self.dtype}{self.shape}"


F = Made([1.0, 2.0])
THREE = Made([1.0, 2.0, 3.0])
SINGLE = Made([1.0], [])
F32 = Made([1.0, 2.0], dtype="f32")
I = Made([1, 2], dtype="i64")  # noqa: E741  (I, B and F stand for dtypes)
B = Made([True, False], dtype="bool")
MATRIX = Made([1.0, 2.0, 3.0, 4.0], [2, 2])
WIDE = Made([1.0] * 6, [2, 3])
CUBE = Made([1.0] * 8, [2, 2, 2])
BATCH = Made([1.0] * 12, [3, 2, 2])
EMPTY = Made([], [0, 3])
DEEP = Made([1.0], [1] * 64)
FAR, FAR_TOO = Made([], [0, LONG, 1]), Made([], [0, 1, LONG])

ONE_INDEX = Made([2], [1], "i64")
I01 = Made([0, 1], dtype="i64")
PAST, BEFORE, PAST_FIRST = (Made(data, dtype="i64") for data in ([0, 3], [0, -1], [9, -9]))
TABLE = Made([0, 1, 1, 0], [2, 2], "i64")

TWO = ("add", "sub", "mul", "div", "eq", "ne", "gt", "lt", "ge", "le", "maximum", "minimum", "pow_tensor")
ONE = ("neg", "exp", "log", "sqrt", "abs", "sum", "mean", "max", "min", "sum_tensor", "mean_tensor", "max_tensor")
ONE += (
    "sign",
    "sin",
    "cos",
    "erf",
    "min_tensor",
    "relu",
    "sigmoid",
    "tanh",
    "flatten",
    "transpose_2d",
    "clone",
    "detach",
    "contiguous",
)

CALLS: list[tuple[Any, ...]] = [
    *((name, F, THREE) for name in TWO),
    *((name, CUBE, EMPTY) for name in TWO),
    *((name, FAR, FAR_TOO) for name in TWO),
    *((name, a, b) for name in ("sub",) for a, b in ((B, B), (F, B), (B, F), (B, THREE))),
    ("pow_tensor", B, B),
    ("pow_tensor", B, Made([True] * 3, dtype="bool")),
    *((name, B) for name in ("neg", "abs", "relu")),
    *(
        ("clamp", x, low, high)
        for x in (F, I, B)
        for low, high in ((None, None), ("1", None), (None, [1.0]), (10**400, "x"))
    ),
    *(
        ("clamp", I, *bounds)
        for bounds in ((0.5, None), (None, 1e19), (float("nan"), 0.5), (0, -1e300), (float("-inf"), 1))
    ),
    ("clamp", B, 0, 1),
    *((name, x, 1.0) for name in ("leaky_relu", "elu") for x in (I, B, Made([], [0], "i64"))),
    *((name, x, s) for name in ("leaky_relu", "elu") for x in (F, I) for s in ("1", None, [1.0], 1j, 10**400)),
    *(("gelu", x, "none") for x in (I, B)),
    *(("gelu", F, name) for name in ("erf", "", "None", "t" * 99, "n\u00f6ne", 1, None, "tanh\0", "\ud800", b"none")),
    ("gelu", I, "erf"),
    *((name, x) for name in ("mean", "mean_tensor") for x in (I, B)),
    *((name, EMPTY) for name in ("max", "min", "max_tensor", "min_tensor")),
    *(
        (name, x, dim)
        for name in ("softmax", "log_softmax")
        for x, dim in ((F, 1), (F, -2), (SINGLE, 1), (I, 0), (I, 5))
    ),
    *((name, F, dim) for name in ("softmax", "log_softmax") for dim in (0.5, "0", None, 1 << 63, -(1 << 63))),
    *(
        (name, MATRIX, dim, keep)
        for name in ("sum_dim", "mean_dim")
        for dim, keep in ((2, False), (-3, 1), (0, 2), (5, 2))
    ),
    *(
        (name, MATRIX, dim, keep)
        for name in ("sum_dim", "mean_dim")
        for dim, keep in ((0, 1 << 40), (0, "x"), (None, True))
    ),
    *(
        (name, MATRIX, dim, keep)
        for name in ("amax", "amin", "argmax", "argmin")
        for dim, keep in ((2, False), (-3, 1), (0, 2), (5, 2), (0.5, True), ("0", False), (0, None), (1 << 64, False))
    ),
    *((name, EMPTY, 0, False) for name in ("amax", "amin", "argmax", "argmin")),
    *((name, MATRIX, None, False) for name in ("amax", "amin")),
    *((name, x, dim, False) for name in ("argmax", "argmin") for x, dim in ((EMPTY, None), (B, 0), (B, 7), (B, None))),
    *(("mean_dim", x, dim, True) for x, dim in ((I, 0), (B, 3))),
    *(("matmul", a, b) for a, b in ((WIDE, WIDE), (F, THREE), (THREE, MATRIX), (MATRIX, SINGLE), (SINGLE, MATRIX))),
    *(("matmul", a, b) for a, b in ((F, F32), (B, B), (CUBE, BATCH), (F, I), (SINGLE, SINGLE))),
    ("matmul", Made([], [0], "bool"), Made([], [0], "bool")),
    ("matmul", Made([], [LONG, 0]), Made([], [0, LONG])),
    *(("transpose", MATRIX, *dims) for dims in ((0, 2), (-3, 0), (2, 2), (0.5, 1), (0, "1"), (1 << 70, 0))),
    ("transpose", SINGLE, 0, 1),
    ("transpose_2d", CUBE),
    *(("squeeze", MATRIX, dim) for dim in (2, -3, 0.5, "0", 1 << 64)),
    ("squeeze", SINGLE, 1),
    *(("unsqueeze", MATRIX, dim) for dim in (3, -4, 0.5, None, 1 << 64)),
    ("unsqueeze", DEEP, 0),
    *(("reshape", MATRIX, shape) for shape in ([3], [2, 3], [-1, -1], [-2, -2], [-1, 3], [0, -1], [LONG, LONG], [])),
    *(
        ("reshape", MATRIX, shape)
        for shape in ([1] * 65, [4.0], ["4"], "4", 4, None, [1 << 64], [LONG, LONG, 0], b"ab")
    ),
    ("reshape", EMPTY, [0, -1]),
    ("reshape", EMPTY, [3, 3]),
    *(
        ("expand", MATRIX, shape)
        for shape in ([3], [2, 3], [2], [], [-1, 2, 2], [2, -2], [2, 2, 1], [1] * 65, [2.0, 2])
    ),
    *(("expand", SINGLE, shape) for shape in ([-1], [LONG, LONG], [LONG, LONG, 0], "2", None, [1 << 64])),
    *(("expand", EMPTY, shape) for shape in ([1, 3], [2, 3], [LONG, LONG, 0, 3])),
    *(
        ("sum_to", WIDE, shape)
        for shape in ([2], [1, 1, 1], [3, 2], [0, 3], [-1, 3], [1] * 65, [LONG, LONG], "3", [3.0])
    ),
    *(("sum_to", EMPTY, shape) for shape in ([2, 3], [0, 0])),
    *(
        (name, MATRIX, dim, ONE_INDEX)
        for name in ("index_select", "gather")
        for dim in (2, -3, 0.5, "0", None, 1 << 64)
    ),
    *(("index_select", x, 0, index) for x in (F, WIDE, B) for index in (F, B, TABLE, PAST, BEFORE, PAST_FIRST)),
    *(("index_select", SINGLE, 0, index) for index in (I, Made([], [0], "i64"), ONE_INDEX)),
    ("index_select", EMPTY, 0, ONE_INDEX),
    *(("gather", x, 0, index) for x in (F, B) for index in (F, B, TABLE, PAST, BEFORE, PAST_FIRST)),
    *(
        ("gather", x, dim, TABLE)
        for x in (EMPTY, CUBE, SINGLE, Made([1.0], [1, 1]), Made([], [1, 2, 0]))
        for dim in (0, 1)
    ),
    *(("gather", WIDE, dim, Made([0] * 8, shape, "i64")) for dim, shape in ((0, [2, 4]), (1, [4, 2]), (0, [8]))),
    *(
        (name, F, s)
        for name in ("add_scalar", "mul_scalar", "div_scalar", "pow")
        for s in ("1", None, [1.0], 1j, 10**400)
    ),
    *(
        ("where", *xs)
        for xs in ((F, F, F), (I, F, F), (B, F, THREE), (B, THREE, F), (Made([True] * 3, dtype="bool"), F, F))
    ),
]


def network_calls() -> Iterator[tuple[Any, ...]]:
    """Those with a bad tensor, or with a bad value where no tensor belongs: what is no tensor is no handle either."""
    for name, arguments in bad_calls():
        pairs = zip(arguments, GOOD[name].values(), strict=True)
        if all(isinstance(given, Given) == isinstance(good, Given) for given, good in pairs):
            yield (name, *(Made(a.data, [*a.shape], a.dtype) if isinstance(a, Given) else a for a in arguments))


CALLS += network_calls()


@pytest.fixture(scope="module")
def native() -> Iterator[Any]:
    """The native tier's functions."""
    from rt_torch import native

    try:
        loader.opened()
        available = native.available()
    except RtTorchError as error:
        pytest.skip(str(error).splitlines()[0])
    if not available:
        pytest.skip("no libtorch is found")
    yield native


def fault(functions: Any, name: str, arguments: tuple[Any, ...]) -> tuple[type[Exception], str]:
    """Class and text of what a call raises."""
    made = [_make(functions, argument) for argument in arguments]
    try:
        with pytest.raises(RtTorchError) as caught:
            getattr(functions, name)(*made)
    finally:
        for tensor, argument in zip(made, arguments, strict=True):
            if functions is not pure and _is_made(argument):
                for handle in tensor if isinstance(tensor, list) else [tensor]:
                    functions.free(handle)
    assert caught.value.function == f"rt_torch_{name}"
    return caught.type, str(caught.value)


def _is_made(argument: Any) -> bool:
    """A tensor, or a tuple of tensors, which stands for a list of them."""
    return isinstance(argument, Made) or (isinstance(argument, tuple) and all(map(_is_made, argument)))


def _make(functions: Any, argument: Any) -> Any:
    if isinstance(argument, Made):
        return getattr(functions, f"from_data_{argument.dtype}")(argument.data, argument.shape)
    return [_make(functions, each) for each in argument] if _is_made(argument) else argument


@pytest.mark.parametrize("call", CALLS, ids=lambda call: ascii(call)[:60])
def test_the_same_class_and_text(native: Any, call: tuple[Any, ...]) -> None:
    name, *arguments = call
    assert fault(pure, name, tuple(arguments)) == fault(native, name, tuple(arguments))


@pytest.mark.parametrize("call", CALLS, ids=lambda call: ascii(call)[:60])
def test_every_mistake_is_told(call: tuple[Any, ...]) -> None:
    """What can be checked where there is no library."""
    name, *arguments = call
    kind, text = fault(pure, name, tuple(arguments))
    assert issubclass(kind, ValueError)
    assert text.startswith(f"rt_torch_{name}: argument")


@pytest.mark.parametrize("name", [*TWO, "matmul"])
@pytest.mark.parametrize("place", [0, 1])
def test_no_tensor_among_two(name: str, place: int) -> None:
    arguments: list[Any] = [pure.zeros([2]), pure.zeros([2])]
    arguments[place] = 3
    text = f"rt_torch_{name}: argument `{'ab'[place]}`: a tensor is expected; given 3 \\(int\\)"
    with pytest.raises(TypeError, match=text):
        getattr(pure, name)(*arguments)


@pytest.mark.parametrize("name", ONE)
def test_no_tensor(name: str) -> None:
    with pytest.raises(
        TypeError, match=f"rt_torch_{name}: argument `x`: a tensor is expected; given \\[1\\] \\(list\\)"
    ):
        getattr(pure, name)([1])


@pytest.mark.parametrize("name", ["cat", "stack"])
def test_no_list_of_tensors(name: str) -> None:
    for bad in (3, None, "ab", pure.zeros([2]), object()):
        with pytest.raises(
            TypeError, match=f"rt_torch_{name}: argument `tensors`: a list of tensors is expected; given"
        ):
            getattr(pure, name)(bad)
    with pytest.raises(
        TypeError, match=rf"rt_torch_{name}: argument `tensors\[1\]`: a tensor is expected; given 3 \(int\)"
    ):
        getattr(pure, name)([pure.zeros([2]), 3])


def test_devices_of_other_tiers() -> None:
    with pytest.raises(ValueError, match="the pure tier has the cpu only"):
        pure.to_device(pure.zeros([2]), "cuda:0")


def test_dtypes_of_other_tiers() -> None:
    with pytest.raises(ValueError, match="f16 was given, and the pure tier has"):
        pure.to_dtype(pure.zeros([2]), "float16")


def test_signatures_are_known() -> None:
    names = {call[0] for call in CALLS}
    assert names <= set(typed.__all__)
    assert isinstance(pure.zeros([1]), PureTensor)


@pytest.mark.parametrize("name", [*TWO, "matmul", "where"])
def test_a_result_that_no_memory_holds(name: str) -> None:
    """It is refused at once, and not when all memory is filled."""
    column, row = pure.zeros([1 << 22, 1]), pure.zeros([1, 1 << 22])
    given = (pure.zeros([1 << 22, 1], "bool"), row, row) if name == "where" else (column, row)
    start = time.perf_counter()
    with pytest.raises(OutOfMemoryError, match=f"rt_torch_{name}: memory is used up"):
        getattr(pure, name)(*given)
    assert time.perf_counter() - start < 5
