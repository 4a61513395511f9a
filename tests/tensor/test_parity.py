"""Every function that computes gives the same in each mode: result, dtype, shape, and what it says of bad arguments."""

from __future__ import annotations

import math
import operator
from array import array
from collections.abc import Callable, Iterable
from fractions import Fraction
from itertools import product
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import rt_torch as rt
from rt_torch_bindings import operators
from rt_torch_bindings.operators import FUNCTIONS, Operator
from tests.network_calls import GOOD as NETWORKS

pytestmark = pytest.mark.usefixtures("settled", "no_handle_left")

DTYPES = ("f64", "f32", "i64", "bool")
LENDING = {"retain", "wrap", "data_ptr", "to_dlpack", "from_dlpack"}  # which have no pure twin
DRAWN = {"randn", "rand"}  # each time other numbers
PLACED = {"strided", "take", "put", "assign"}  # which test_places.py is about
COMPUTING = {  # beside the layers of networks, which test_networks.py is about
    name: operator for name, operator in FUNCTIONS.items() if name not in LENDING | DRAWN | PLACED | {*NETWORKS}
}
FORMS = ("list", "memory", "native", "transposed", "sliced", "reversed")

# Orders of summation differ between the tiers; what is computed element by element is off by some last places at most.
SUMMING = {
    "matmul",
    "sum",
    "mean",
    "sum_tensor",
    "mean_tensor",
    "sum_dim",
    "mean_dim",
    "sum_to",
    "softmax",
    "log_softmax",
    "gelu",
    "index_add",
    "scatter_add",
}
SUMMING |= {*NETWORKS} - {"embedding", "max_pool2d", "max_pool2d_pick"}
MULTIPLYING = {"matmul", "linear", "conv2d", "conv2d_input", "conv2d_weight"}
PRECISION = {"f64": 1e-12, "f32": 2e-6}

few = settings(
    max_examples=30, deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow]
)


class Operand(NamedTuple):
    """A tensor to be made: its elements in row-major order, and how they lie."""

    data: list[Any]
    shape: tuple[int, ...]
    dtype: str = "f64"
    form: str = "list"


def made(operand: Operand) -> rt.Tensor:
    data, shape, dtype, form = operand
    tensor = rt.from_data(data, shape, dtype=dtype)
    if form == "memory":
        tensor.memoryview()
    elif form == "native" and rt.is_ffi_available():
        tensor.to_native()
    elif form == "transposed" and len(shape) > 1:
        tensor = tensor.transpose(0, -1).contiguous().transpose(0, -1)
    elif form == "sliced" and shape:
        wide = rt.zeros((*shape[:-1], 2 * shape[-1]), dtype=dtype)
        wide[..., ::2] = tensor
        tensor = wide[..., ::2]
    elif form == "reversed" and shape:
        tensor = tensor[::-1].contiguous()[::-1]
    return tensor


def given_as(argument: Any) -> Any:
    """Tensors for operands, also for those in a list."""
    if isinstance(argument, Operand):
        return made(argument)
    several = isinstance(argument, list) and argument != [] and all(isinstance(each, Operand) for each in argument)
    return [made(each) for each in argument] if several else argument


class Outcome(NamedTuple):
    kind: Any  # dtype and shape of a tensor, the type of anything else, the class of an exception
    value: Any  # elements, text
    fallback: int = 0


def outcome(mode: str, name: str, arguments: Iterable[Any]) -> Outcome:
    """What a function gives in a mode."""
    given = [given_as(argument) for argument in arguments]
    before = rt.get_stats().fallback
    with rt.acceleration(mode):
        try:
            result = operators._dispatch(name, *given)
        except Exception as error:
            return Outcome(type(error), str(error), rt.get_stats().fallback - before)
    fallback = rt.get_stats().fallback - before
    if isinstance(result, rt.Tensor):
        return Outcome((result.dtype, result.shape, result.device), result.flatten().tolist(), fallback)
    if isinstance(result, tuple) and any(isinstance(each, rt.Tensor) for each in result):
        kind = tuple(text for each in result for text in (each.dtype, each.shape, each.device))
        return Outcome(kind, [number for each in result for number in each.flatten().tolist()], fallback)
    if hasattr(result, "__len__") and not isinstance(result, str):
        return Outcome("numbers", [*result], fallback)
    return Outcome(type(result), result, fallback)


def same(name: str, arguments: list[Any]) -> Outcome:
    """What a function gives, which is the same in all modes."""
    pure = outcome("pure", name, arguments)
    if isinstance(pure.kind, type) and issubclass(pure.kind, Exception):
        assert issubclass(pure.kind, rt.BadArgumentError), f"{name}: {pure}"
    for mode in ("native", "auto"):
        other = outcome(mode, name, arguments)
        assert (other.kind, other.fallback) == (pure.kind, 0), f"{name} in {mode}: {other}, in pure: {pure}"
        if isinstance(pure.value, str):
            assert other.value == pure.value
        else:
            assert close(name, pure, other, arguments), f"{name} in {mode}: {other}, in pure: {pure}"
    return pure


def close(name: str, pure: Outcome, other: Outcome, arguments: list[Any]) -> bool:
    ours = pure.value if isinstance(pure.value, list) else [pure.value]
    theirs = other.value if isinstance(other.value, list) else [other.value]
    scale = sum(size(argument) for argument in arguments) if name in SUMMING else 0.0
    if name == "add_scaled":  # the product may be rounded before it is added, or not
        scale = max(size(arguments[0]), abs(arguments[2]) * size(arguments[1]))
    if name == "adam":  # one way to compute a mean adds what another takes off
        scale = 100.0 * sum(size(argument) for argument in arguments)
    if name in MULTIPLYING:
        scale *= scale
    single = "f32" in {pure.kind[0] if isinstance(pure.kind, tuple) else ""} | {
        argument.dtype for argument in arguments if isinstance(argument, Operand)
    }
    precision = PRECISION["f32" if single else "f64"]
    return len(ours) == len(theirs) and all(equal(a, b, precision, scale) for a, b in zip(ours, theirs, strict=True))


def size(argument: Any) -> float:
    """The sum of absolute elements, as far as they are finite."""
    if not isinstance(argument, Operand):
        return 0.0
    return sum(abs(float(element)) for element in argument.data if math.isfinite(element))


def equal(a: Any, b: Any, precision: float, scale: float) -> bool:
    if type(a) is not type(b):
        return False
    if not isinstance(a, float):
        return a == b
    if math.isnan(a) or math.isnan(b):
        return math.isnan(a) and math.isnan(b)
    if math.isinf(a) or math.isinf(b):
        return a == b
    return abs(a - b) <= precision * max(abs(a), abs(b), scale) + 1e-37 * (precision > 1e-9)


# Arguments, mostly good ones.

NUMBERS: dict[str, st.SearchStrategy[Any]] = {
    "f64": st.one_of(st.floats(-9, 9), st.sampled_from([0.0, -0.0, math.inf, -math.inf, math.nan, 0.5, 1e200, 5e-324])),
    "f32": st.one_of(st.integers(-40, 40).map(lambda n: n / 4), st.sampled_from([0.0, -0.0, math.inf, math.nan, 1e30])),
    "i64": st.one_of(st.integers(-9, 9), st.sampled_from([-(1 << 63), (1 << 63) - 1, (1 << 53) + 1])),
    "bool": st.booleans(),
}
CALM: dict[str, st.SearchStrategy[Any]] = {  # for sums, whose terms must not cancel out infinities
    "f64": st.floats(-9, 9),
    "f32": st.integers(-40, 40).map(lambda n: n / 4),
    "i64": NUMBERS["i64"],
    "bool": st.booleans(),
}
PROBABILITIES = st.one_of(st.integers(0, 64).map(lambda n: n / 64), st.sampled_from([0.0, 1.0, 1e-30, 1e-40]))
SIZES = st.integers(0, 3)
dims = st.one_of(
    st.integers(-3, 3), st.sampled_from([0, -1]), st.sampled_from([None, 0.5, "0", 1 << 64, True, -(1 << 63)])
)
scalars = st.one_of(
    st.floats(-5, 5),
    st.integers(-5, 5),
    st.booleans(),
    st.sampled_from([0.0, -0.0, math.inf, -math.inf, math.nan, 1e39, 1 << 62, 10**30, 10**400, "1", None, [1.0], 1j]),
)
WITHIN_REACH = st.one_of(
    st.floats(-6, 6), st.integers(-6, 6), st.sampled_from([math.nan, math.inf, 10**400, "1", None])
)

BY_PARAMETER: dict[str, st.SearchStrategy[Any]] = {
    "dim": dims,
    "dim0": dims,
    "dim1": dims,
    "keepdim": st.one_of(st.booleans(), st.sampled_from([0, 1, 2, -1, "x", None, 1 << 40, 0.5])),
    "s": scalars,
    "slope": scalars,
    "lr": st.sampled_from([0.1, 1, "1", None]),
    "beta1": st.sampled_from([0.0, 0.5, 0.9, 1.0, -0.5, math.nan, "1", None]),
    "beta2": st.sampled_from([0.0, 0.5, 0.9, 1, -0.5, math.nan, "1", None]),
    "eps": st.sampled_from([0.5, 1, "1", None]),
    "weight_decay": st.sampled_from([0.0, 0.5, "1", None]),
    "decoupled": st.sampled_from([True, False, 1, 2, "x", None]),
    "alpha": scalars,
    "min": st.one_of(st.none(), st.integers(-3, 3), scalars),
    "max": st.one_of(st.none(), st.integers(-3, 3), scalars),
    "approximate": st.sampled_from(["none", "tanh", "none", "tanh", "erf", "", 1, None, "none\0"]),
    "value": scalars,
    "exponent": st.one_of(st.sampled_from([0, 0.5, 1, 2, 3.0, -1, -0.5]), scalars),
    "start": WITHIN_REACH,
    "end": st.one_of(st.floats(-6, 6), st.integers(-6, 6), st.sampled_from([math.nan, math.inf, 10**400, "1"])),
    "step": st.sampled_from([1, 2, 0.5, -1, -0.75, 3, 0, math.nan, "1", None]),
    "dtype": st.sampled_from([*DTYPES, "float64", "int64", "float32", "f128", "", "F64", 1, None, "f64\0"]),
    "device": st.sampled_from(["cpu", "cpu", "cpu", "cpu:0", "gpu:1", "", 0, None]),
    "length": st.one_of(st.integers(-1, 3), st.sampled_from([None, 0.5, "1", 1 << 64])),
    "seed": st.one_of(st.integers(-9, 9), st.sampled_from([1 << 64, "1", None, (1 << 63) - 1])),
    "offset": st.one_of(st.integers(0, 9), st.sampled_from([-1, 1 << 64, 0.5])),
}
shapes_asked_for = st.one_of(
    st.lists(st.integers(-1, 4), max_size=3),
    st.lists(st.integers(0, 3), max_size=3).map(tuple),
    st.sampled_from(
        [[2.0], [None], "2", 2, None, [1] * 65, [1 << 64], [1 << 40, 1 << 40], [1 << 40, 1 << 40, 0], b"ab"]
    ),
)


@st.composite
def operands(draw: Any, shape: tuple[int, ...], dtype: str, numbers: dict[str, Any]) -> Operand:
    count = math.prod(shape)
    data = draw(st.lists(numbers[dtype], min_size=count, max_size=count))
    return Operand(data, shape, dtype, draw(st.sampled_from(FORMS)))


@st.composite
def calls(draw: Any, operator: Operator) -> list[Any]:
    """Arguments for a function."""
    numbers = CALM if operator.name in SUMMING else NUMBERS
    shape = tuple(draw(st.lists(SIZES, max_size=3)))
    shapes = matrices(draw) if operator.name == "matmul" else [broadcast(draw, shape) for _ in operator.tensors]
    common = draw(st.sampled_from(DTYPES))
    arguments: list[Any] = []
    for place, parameter in enumerate(operator.params):
        if place in operator.tensors:
            dtype = "bool" if parameter == "cond" and draw(st.booleans()) else common
            if draw(st.integers(0, 3)) == 0:
                dtype = draw(st.sampled_from(DTYPES))
            if draw(st.integers(0, 7)) == 0:
                arguments.append(draw(scalars))
            else:
                arguments.append(draw(operands(shapes[operator.tensors.index(place)], dtype, numbers)))
        elif parameter == "shape":
            arguments.append(draw(shapes_asked_for))
        elif parameter == "tensors":
            arguments.append(draw(several(operator.name)))
        elif parameter == "data":
            arguments.append(draw(st.lists(draw(st.sampled_from([*CALM.values()])), max_size=4)))
        else:
            arguments.append(draw(BY_PARAMETER[parameter]))
    if operator.name in ("reshape", "from_data_f64", "from_data_f32", "from_data_i64", "from_data_bool") and draw(
        st.booleans()
    ):
        arguments[1] = fitting(draw, arguments[0])
    if "index" in operator.params and isinstance(arguments[0], Operand) and draw(st.integers(0, 3)):
        arguments[1:] = draw(indexing(operator, arguments[0]))
    if operator.name == "narrow" and isinstance(arguments[0], Operand) and draw(st.integers(0, 3)):
        arguments[1:] = draw(cutting(arguments[0]))
    if operator.name in ("expand", "sum_to") and isinstance(arguments[0], Operand) and draw(st.integers(0, 3)):
        arguments[1] = expanding(draw, operator, arguments[0])
    if operator.name == "relu_backward" and draw(st.integers(0, 3)):
        kind = draw(st.sampled_from(["f64", "f32"]))
        arguments = [draw(operands(shape, kind, numbers)) for _ in range(2)]
    if operator.name == "adam" and draw(st.integers(0, 3)):
        arguments = draw(steps(shape))
    if operator.name == "binary_cross_entropy" and draw(st.integers(0, 3)):
        kind = draw(st.sampled_from(["f64", "f32"]))
        arguments = [draw(operands(shape, kind, dict.fromkeys(DTYPES, PROBABILITIES))) for _ in range(2)]
    return arguments


@st.composite
def steps(draw: Any, shape: tuple[int, ...]) -> list[Any]:
    """A parameter, its gradient, what is kept of those before, and the numbers of a step of Adam."""
    kind = draw(st.sampled_from(["f64", "f32"]))
    tensors = [draw(operands(shape, kind, CALM)) for _ in range(3)]
    squares = draw(operands(shape, kind, dict.fromkeys(DTYPES, st.integers(0, 40).map(lambda n: n / 4))))
    shares = [draw(st.sampled_from([0.0, 0.5, 0.9])) for _ in range(2)]
    numbers = [draw(st.sampled_from(some)) for some in ([0.1, 1], [0.5, 1], [0.0, 0.25])]
    return [*tensors, squares, draw(st.integers(1, 9)), numbers[0], *shares, *numbers[1:], draw(st.booleans())]


def broadcast(draw: Any, shape: tuple[int, ...]) -> tuple[int, ...]:
    """A shape that mostly broadcasts with another."""
    if draw(st.integers(0, 9)) == 0:
        return tuple(draw(st.lists(SIZES, max_size=3)))
    kept = shape[draw(st.integers(0, len(shape))) :] if draw(st.integers(0, 3)) == 0 else shape
    return tuple(1 if draw(st.integers(0, 4)) == 0 else size for size in kept)


def matrices(draw: Any) -> list[tuple[int, ...]]:
    """Two shapes that can mostly be multiplied."""
    rows, inner, columns = draw(SIZES), draw(SIZES), draw(SIZES)
    batch = tuple(draw(st.lists(SIZES, max_size=2)))
    a = draw(st.sampled_from([(inner,), (rows, inner), (*batch, rows, inner)]))
    b = draw(st.sampled_from([(inner,), (inner, columns), (*batch, inner, columns)]))
    return [a, b] if draw(st.integers(0, 9)) else [broadcast(draw, a), broadcast(draw, b)]


def fitting(draw: Any, source: Any) -> list[int]:
    count = len(source.data if isinstance(source, Operand) else source) if not isinstance(source, (int, float)) else 1
    first = draw(st.sampled_from([n for n in range(1, count + 1) if count % n == 0] or [1]))
    return [first, draw(st.sampled_from([-1, count // first]))]


@st.composite
def indexing(draw: Any, operator: Operator, x: Operand) -> list[Any]:
    """A dimension, indices along it, and a source where there is one."""
    dim = draw(st.integers(0, max(len(x.shape) - 1, 0)))
    size = x.shape[dim] if x.shape else 1
    shape = [draw(st.integers(0, length)) for length in x.shape]
    count = draw(st.integers(0, 4 if size else 0)) if x.shape else 1
    if operator.name.startswith("index_"):
        index_shape, shape = (count,), [*x.shape]
        shape[dim : dim + 1] = [count] if x.shape else []
    else:
        shape[dim : dim + 1] = [count] if x.shape else []
        index_shape = tuple(shape)
    places = {"i64": st.integers(0, max(size - 1, 0))}
    index = draw(operands(index_shape, "i64", places))
    source = [draw(operands(tuple(shape), x.dtype, CALM))] if "source" in operator.params else []
    return [draw(st.sampled_from([dim, dim - (len(x.shape) or 1)])), index, *source]


@st.composite
def several(draw: Any, name: str) -> list[Any]:
    """Tensors that can mostly be joined along their last dimension, or stacked."""
    shape = tuple(draw(st.lists(SIZES, min_size=name == "cat", max_size=3)))
    found: list[Any] = []
    for _ in range(draw(st.integers(0, 3))):
        sizes = (*shape[:-1], draw(SIZES)) if name == "cat" else shape
        if draw(st.integers(0, 9)) == 0:
            sizes = draw(st.sampled_from([(0,), (), (2,), (*shape, 1)]))
        found.append(draw(operands(sizes, draw(st.sampled_from(DTYPES)), NUMBERS)))
    return found if draw(st.integers(0, 9)) else [*found, 1.0]


@st.composite
def cutting(draw: Any, x: Operand) -> list[Any]:
    """A dimension, and what is mostly a part of it."""
    dim = draw(st.integers(0, max(len(x.shape) - 1, 0)))
    size = x.shape[dim] if x.shape else 1
    start = draw(st.integers(0, size))
    return [dim, draw(st.sampled_from([start, start - size])), draw(st.integers(0, size - start))]


def expanding(draw: Any, operator: Operator, x: Operand) -> tuple[int, ...]:
    """A shape that a tensor expands or sums to."""
    if operator.name == "sum_to":
        return tuple(draw(st.sampled_from([1, size])) for size in x.shape[draw(st.integers(0, len(x.shape))) :])
    front = tuple(draw(st.lists(SIZES, max_size=2)))
    return (*front, *(draw(st.sampled_from([-1, size, *([2, 0] if size == 1 else [])])) for size in x.shape))


@pytest.mark.parametrize("arguments", [[0.0, 1.0, 1.0, None, "cpu"], [0, None, 1, "f64", "cpu"]])
def test_ranges_without_an_end_or_a_dtype(native: None, arguments: list[Any]) -> None:
    same("arange", arguments)


def test_a_reshape_that_overflows(native: None) -> None:
    for dtype in DTYPES:
        same("reshape", [Operand([], (0,), dtype), [1 << 40, 1 << 40, 0]])


@pytest.mark.parametrize("name", ["transpose", "sum_dim", "mean_dim"])
def test_two_bad_arguments(native: None, name: str) -> None:
    bad = {"transpose": [(5, None), (5, "x"), (5, 1 << 64)]}.get(name, [(None, 2), (5, 2), ("x", 2), (None, "x")])
    for pair in bad:
        same(name, [MATRIX, *pair])


@pytest.mark.parametrize("name", ["zeros", "ones", "full", "from_data_f64"])
def test_shapes_that_are_text(native: None, name: str) -> None:
    before = {"full": [2.0], "from_data_f64": []}.get(name, [])
    arguments = ["2", *before, "f64", "cpu"] if name != "from_data_f64" else [[1.0, 2.0], "2"]
    same(name, arguments)


@pytest.mark.parametrize("name", [*COMPUTING])
@few
@given(data=st.data())
def test_any_arguments(name: str, data: st.DataObject) -> None:
    arguments = data.draw(calls(COMPUTING[name]))
    if name in ("strides", "is_contiguous"):  # libtorch has no steps backwards, and a copy of such a tensor
        arguments = [a._replace(form="list") if isinstance(a, Operand) else a for a in arguments]
    same(name, arguments)


# What is wrong with arguments: for each function, everything that it must refuse.

F = Operand([1.0, 2.0], (2,))
THREE = Operand([1.0, 2.0, 3.0], (3,))
HALVES = Operand([0.5, 0.5], (2,))
NEGATIVE = Operand([0.5, -0.25], (2,), "f64", "reversed")
NO_NUMBER = Operand([0.5, math.nan], (2,), "f64", "native")
SINGLE = Operand([1.0], ())
F32 = Operand([1.0, 2.0], (2,), "f32")
INTEGERS = Operand([1, 2], (2,), "i64")
BOOLS = Operand([True, False], (2,), "bool")
MATRIX = Operand([1.0, 2.0, 3.0, 4.0], (2, 2))
WIDE = Operand([1.0] * 6, (2, 3))
CUBE = Operand([1.0] * 8, (2, 2, 2))
EMPTY = Operand([], (0, 3))
DEEP = Operand([1.0], (1,) * 64)

INDEX = Operand([1, 0], (2,), "i64")
TABLE = Operand([0, 1, 1, 0], (2, 2), "i64")
BEYOND = [Operand(data, (2,), "i64", form) for data in ([0, 2], [-1, 0], [5, -5]) for form in ("list", "sliced")]

NO_TENSORS = ("1", b"1", None, [1.0], (1.0,), {1: 2}, 1j, object, array("d", [1]))
NO_DIMS = (2, -3, 0.5, "0", [0], 1 << 63, -(1 << 63) - 1, 10**400, math.nan)
NO_SCALARS = ("1", b"1", [1.0], 1j, 10**400, None, object)
UNARY = [name for name, operator in COMPUTING.items() if operator.params == ("x",)]
BINARY = [name for name, operator in COMPUTING.items() if operator.params == ("a", "b")]
WITH_NUMBERS = [name for name in BINARY if COMPUTING[name].numbers]

STEP: tuple[Any, ...] = (F, F, F, F, 1, 0.1, 0.5, 0.5, 1.0, 0.0, False)
NO_STEPS = [
    *((*STEP[:place], x, *STEP[place + 1 :]) for place in range(4) for x in (*NO_TENSORS, 1.0, THREE, F32, INTEGERS)),
    (INTEGERS, INTEGERS, INTEGERS, INTEGERS, *STEP[4:]),
    *((*STEP[:4], x, *STEP[5:]) for x in (0, -1, 0.5, "1", None, 1 << 63)),
    *((*STEP[:place], x, *STEP[place + 1 :]) for place in range(5, 10) for x in NO_SCALARS),
    *((*STEP[:place], x, *STEP[place + 1 :]) for place in (6, 7) for x in (1.0, -0.5, math.nan, math.inf, 1)),
    *((*STEP[:10], x) for x in (2, -1, "x", None, 0.5)),
]

REFUSED: list[tuple[Any, ...]] = [
    *((name, x) for name in UNARY for x in (*NO_TENSORS, 1, 2.5, True, 10**400)),
    *((name, x, F) for name in BINARY for x in NO_TENSORS),
    *((name, F, x) for name in BINARY for x in NO_TENSORS),
    *((name, 1, x) for name in BINARY for x in NO_TENSORS),
    *((name, 1, 10**400) for name in BINARY),
    *((name, INTEGERS, x) for name in BINARY for x in (1 << 63, -(1 << 63) - 1, 10**400)),
    *((name, x, F) for name in BINARY for x in (10**400,)),
    *((name, a, b) for name in WITH_NUMBERS for a, b in ((F, THREE), (THREE, F32), (WIDE, EMPTY), (THREE, CUBE))),
    *(
        ("sub", a, b)
        for a, b in ((BOOLS, BOOLS), (F, BOOLS), (BOOLS, INTEGERS), (BOOLS, True), (True, BOOLS), (F, True))
    ),
    *(
        ("matmul", a, b)
        for a, b in ((CUBE, THREE), (F, F32), (BOOLS, BOOLS), (SINGLE, F), (F, SINGLE), (WIDE, WIDE), (F, 2.0), (2, F))
    ),
    ("pow_tensor", BOOLS, BOOLS),
    ("pow_tensor", BOOLS, True),
    *(
        (name, x, 0, INDEX, *source)
        for name, source in (("index_select", ()), ("gather", ()), ("index_add", (F,)), ("scatter_add", (F,)))
        for x in (*NO_TENSORS, 1.0)
    ),
    *((name, F, 0, x) for name in ("index_select", "gather") for x in (*NO_TENSORS, 1, F, BOOLS, TABLE, *BEYOND)),
    *((name, F, 0, x, F) for name in ("index_add", "scatter_add") for x in (*NO_TENSORS, 1, F, BOOLS, TABLE, *BEYOND)),
    *((name, F, 0, INDEX, x) for name in ("index_add", "scatter_add") for x in (*NO_TENSORS, 1.0, F32, THREE, MATRIX)),
    *((name, F, dim, INDEX) for name in ("index_select", "gather") for dim in (1, *NO_DIMS, None)),
    *((name, F, dim, INDEX, F) for name in ("index_add", "scatter_add") for dim in (1, *NO_DIMS, None)),
    *((name, BOOLS) for name in ("neg", "abs", "relu")),
    *(("clamp", x, 0, 1) for x in (*NO_TENSORS, 1.0, BOOLS)),
    *(("clamp", x, low, high) for x in (F, INTEGERS) for low, high in ((None, None), ("1", 2), (0, [1]), (10**400, 1))),
    *(("clamp", INTEGERS, low, high) for low, high in ((0.5, None), (None, 1e19), (math.nan, 1), (0, -math.inf))),
    *((name, x, 1.0) for name in ("leaky_relu", "elu") for x in (*NO_TENSORS, 1.0, INTEGERS, BOOLS)),
    *((name, F, x) for name in ("leaky_relu", "elu") for x in NO_SCALARS),
    *(("add_scaled", F, F, x) for x in NO_SCALARS),
    *(("add_scaled", x, F, 2.0) for x in (*NO_TENSORS, 1.0, INTEGERS, BOOLS)),
    *(("add_scaled", F, x, 2.0) for x in (*NO_TENSORS, 1.0, INTEGERS, BOOLS)),
    *(("add_scaled", a, b, 2.0) for a, b in ((F, THREE), (THREE, F32), (WIDE, EMPTY), (THREE, CUBE))),
    *(("relu_backward", F, x) for x in (*NO_TENSORS, 1.0, THREE, F32, INTEGERS, BOOLS, MATRIX)),
    *(("relu_backward", x, F) for x in (*NO_TENSORS, 1.0, THREE, F32, INTEGERS, BOOLS, MATRIX)),
    *(("relu_backward", x, x) for x in (INTEGERS, BOOLS)),
    *(("adam", *wrong) for wrong in NO_STEPS),
    *(("gelu", x, "none") for x in (*NO_TENSORS, 1.0, INTEGERS, BOOLS)),
    *(("gelu", F, x) for x in ("erf", "", "NONE", 1, None, "none\0", b"none", "\ud800")),
    *((name, x) for name in ("mean", "mean_tensor") for x in (INTEGERS, BOOLS)),
    *((name, EMPTY) for name in ("max", "min", "max_tensor", "min_tensor")),
    *((name, x, 0) for name in ("softmax", "log_softmax") for x in (*NO_TENSORS, 1.0, INTEGERS, BOOLS)),
    *((name, MATRIX, dim) for name in ("softmax", "log_softmax", "squeeze") for dim in NO_DIMS),
    *((name, MATRIX, None) for name in ("softmax", "log_softmax", "unsqueeze")),
    *(("unsqueeze", MATRIX, dim) for dim in (3, -4, *NO_DIMS[2:])),
    *((name, x, 0) for name in ("squeeze", "unsqueeze") for x in (*NO_TENSORS, 1.0)),
    ("unsqueeze", DEEP, 0),
    *((name, MATRIX, dim, False) for name in ("sum_dim", "mean_dim") for dim in (*NO_DIMS, None)),
    *(
        (name, MATRIX, 0, keep)
        for name in ("sum_dim", "mean_dim")
        for keep in (2, -1, "x", None, 0.5, 1 << 40, 10**400)
    ),
    *((name, x, 0, False) for name in ("sum_dim", "mean_dim") for x in (*NO_TENSORS, 1.0)),
    *(
        (name, MATRIX, dim, False)
        for name in ("amax", "amin", "argmax", "argmin")
        for dim in (*NO_DIMS, *([None] if name.startswith("am") else []))
    ),
    *((name, MATRIX, 0, keep) for name in ("amax", "amin", "argmax", "argmin") for keep in (2, -1, "x", None, 0.5)),
    *((name, x, 0, False) for name in ("amax", "amin", "argmax", "argmin") for x in (*NO_TENSORS, 1.0, EMPTY)),
    *((name, x, None, False) for name in ("argmax", "argmin") for x in (EMPTY, BOOLS)),
    *(("mean_dim", x, 0, True) for x in (INTEGERS, BOOLS)),
    *(("transpose", MATRIX, dim, 0) for dim in (*NO_DIMS, None)),
    *(("transpose", MATRIX, 0, dim) for dim in (*NO_DIMS, None)),
    *(("transpose", x, 0, 1) for x in (*NO_TENSORS, 1.0, SINGLE)),
    ("transpose_2d", CUBE),
    *((name, F, x) for name in ("add_scalar", "mul_scalar", "div_scalar", "pow") for x in NO_SCALARS),
    *((name, x, 2.0) for name in ("add_scalar", "mul_scalar", "div_scalar", "pow") for x in (*NO_TENSORS, 1.0)),
    *(("where", x, F, F) for x in (*NO_TENSORS, True, F, INTEGERS)),
    *(("where", BOOLS, x, F) for x in (*NO_TENSORS, THREE, 10**400)),
    *(("where", BOOLS, F, x) for x in (*NO_TENSORS, THREE, 10**400)),
    *(("reshape", x, [2]) for x in (*NO_TENSORS, 1.0)),
    *(
        ("reshape", MATRIX, shape)
        for shape in (
            *([3], [], [5], [-1, -1], [-2, -2], [-1, 3], [0, -1], [1 << 40, 1 << 40], [1 << 62, 4], [1] * 65),
            *([4.0], ["4"], "4", 4, None, [1 << 64], [1 << 40, 1 << 40, 0], b"ab", [None], [[4]], {4}, object()),
        )
    ),
    *(
        (name, x, shape)
        for name in ("expand", "sum_to")
        for x in (MATRIX, CUBE)
        for shape in ([3], [2, 3], [-2, 2], [1] * 65, [1 << 40, 1 << 40, 0], [2.0], "2", None, [1 << 64], object())
    ),
    *(
        (name, several, dim)
        for name in ("cat", "stack")
        for several in ([], [F, THREE, MATRIX], [SINGLE, F], [WIDE, CUBE], [MATRIX, EMPTY], *NO_TENSORS[:2], None, 3, F)
        for dim in (0, 5, "0")
        if (name, several, dim) != ("cat", [MATRIX, EMPTY], 5)
    ),
    *((name, [F, F32], dim) for name in ("cat", "stack") for dim in (2, -3, 0.5, None, 1 << 64, "0")),
    *((name, [F, x], 0) for name in ("cat", "stack") for x in (*NO_TENSORS, 1.0)),
    *((name, [x], 0) for name in ("cat", "stack") for x in (*NO_TENSORS, 1.0)),
    *(("narrow", x, 0, 0, 1) for x in (*NO_TENSORS, 1.0, SINGLE, EMPTY)),
    *(("narrow", MATRIX, dim, 0, 1) for dim in (*NO_DIMS, None)),
    *(
        ("narrow", MATRIX, 1, *part)
        for part in ((3, 0), (-3, 1), (1, 2), (-1, 2), (0, -1), ("0", 1), (0, None), (0, 0.5))
    ),
    *((name, x, [1]) for name in ("expand", "sum_to") for x in (*NO_TENSORS, 1.0)),
    *(("reshape", EMPTY, shape) for shape in ([0, -1], [3, 3], [-1, 0])),
    *(("to_dtype", F, dtype) for dtype in ("complex", "", "f" * 100, 1, None, "f64\0", "\ud800", "F64", [], b"f64")),
    *(("to_dtype", x, "f32") for x in (*NO_TENSORS, 1.0)),
    *(("to_device", F, device) for device in ("tpu", "", 0, None, "CPU", "cpu:1", b"cpu", [])),
    *(("to_device", x, "cpu") for x in (*NO_TENSORS, 1.0)),
    *(("binary_cross_entropy", x, F) for x in (*NO_TENSORS, 1.0)),
    *(("binary_cross_entropy", F, x) for x in (*NO_TENSORS, 1.0)),
    *(("binary_cross_entropy", HALVES, x) for x in (THREE, F32, INTEGERS, BOOLS, MATRIX, F)),
    *(("binary_cross_entropy", x, HALVES) for x in (THREE, F32, INTEGERS, BOOLS, MATRIX, F)),
    *(("binary_cross_entropy", x, x) for x in (INTEGERS, BOOLS, F32, NEGATIVE, NO_NUMBER)),
    ("binary_cross_entropy", HALVES, NO_NUMBER),
]


@pytest.mark.parametrize("name", sorted({name for name, *_ in REFUSED}))
def test_what_is_refused(name: str) -> None:
    for _, *arguments in (call for call in REFUSED if call[0] == name):
        pure = outcome("pure", name, arguments)
        assert pure.kind in (rt.BadArgumentError, rt.ArgumentTypeError), f"{name}{arguments}: {pure}"
        assert pure.value.startswith(FUNCTIONS[name].symbol + ": argument")
        for mode in ("native", "auto"):
            other = outcome(mode, name, arguments)
            assert other == pure, f"{name}{arguments} in {mode}: {other}"


@pytest.mark.parametrize("mode", ["pure", "native", "auto"])
def test_a_result_that_no_memory_holds(mode: str) -> None:
    column, row = rt.zeros(1 << 22, 1), rt.zeros(1, 1 << 22)
    with rt.acceleration(mode):
        for name in ("add", "gt", "matmul"):
            with pytest.raises(rt.OutOfMemoryError, match=f"rt_torch_{name}: memory is used up"):
                getattr(rt, name)(column, row)


def test_memory_that_ends_anywhere_in_python_is_our_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*arguments: Any) -> Any:
        raise MemoryError

    monkeypatch.setattr(rt.pure, "exp", fail)
    with pytest.raises(rt.OutOfMemoryError, match="rt_torch_exp: memory is used up") as raised:
        rt.exp(rt.ones(2))
    assert isinstance(raised.value, MemoryError)


# Operators: methods and functions by name, and numbers in the place of tensors.

TENSORS = [
    Operand([2], (), "i64"),
    Operand([0.5], (), "f64"),
    Operand([0.1], (), "f32"),
    Operand([True], (), "bool"),
    Operand([3, -4], (2,), "i64"),
    Operand([0.5, -1.5], (2,), "f64"),
    Operand([0.25, 8.0], (2,), "f32"),
    Operand([True, False], (2,), "bool"),
]
WRITTEN: dict[str, Callable[[Any, Any], Any]] = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "div": lambda a, b: a / b,
    "eq": lambda a, b: a == b,
    "ne": lambda a, b: a != b,
    "gt": lambda a, b: a > b,
    "lt": lambda a, b: a < b,
    "ge": lambda a, b: a >= b,
    "le": lambda a, b: a <= b,
}
SWAPPED = {"gt": "lt", "lt": "gt", "ge": "le", "le": "ge", "eq": "eq", "ne": "ne"}


def described(tensor: rt.Tensor) -> tuple[str, tuple[int, ...], str]:
    return tensor.dtype, tensor.shape, repr(tensor.tolist())


@pytest.mark.parametrize("name", [*WRITTEN])
def test_every_way_to_write_it(name: str) -> None:
    """`a + b`, `a.add(b)` and `rt.add(a, b)`, with tensors and with numbers on either side."""
    write, function = WRITTEN[name], getattr(rt, name)
    for mode, (a, b) in product(("pure", "native", "auto"), product(TENSORS, TENSORS)):
        if name == "sub" and "bool" in (a.dtype, b.dtype):
            continue
        with rt.acceleration(mode):
            x, y = made(a), made(b)
            expected = described(write(x, y))
            assert described(function(x, y)) == expected
            assert described(getattr(x, name)(y)) == expected
            number = y.item() if not y.shape else 2
            assert described(function(x, number)) == described(write(x, number)) == described(getattr(x, name)(number))
            assert described(function(number, x)) == described(write(number, x))
            if name in SWAPPED:
                assert described(write(number, x)) == described(getattr(x, SWAPPED[name])(number))


@pytest.mark.parametrize("mode", ["pure", "native", "auto"])
def test_powers_of_and_to_tensors(mode: str) -> None:
    """`a ** b`, `a.pow(b)` and `rt.pow(a, b)`; where the exponent is a number, the base is a real number."""
    with rt.acceleration(mode):
        for left, right in product(TENSORS, TENSORS):
            a, b = made(left), made(right)
            if (left.dtype, right.dtype) == ("bool", "bool"):
                with pytest.raises(rt.BadArgumentError, match=r"rt_torch_pow_tensor: .* the dtypes are bool"):
                    a**b
                continue
            expected = described(a**b)
            assert described(rt.pow(a, b)) == described(a.pow(b)) == described(a.pow(exponent=b)) == expected
            assert described(2.0**b) == described(rt.pow(2.0, b))
            assert described(a**2) == described(a.pow(2.0)) == described(rt.pow(a, 2))
        assert described(2 ** rt.tensor([1, 2, 10])) == ("i64", (3,), "[2, 4, 1024]")
        assert described(2.5 ** rt.tensor([1, 2])) == ("f32", (2,), "[2.5, 6.25]")
        assert described(rt.tensor([1, 3]) ** rt.tensor(2)) == ("i64", (2,), "[1, 9]")
        assert described(True ** rt.tensor([0.5])) == ("f64", (1,), "[1.0]")
        with pytest.raises(rt.BadArgumentError, match=r"`a` and `b`: the shapes \[2\] and \[3\] do not broadcast"):
            rt.ones([2]) ** rt.ones([3])
        with pytest.raises(rt.BadArgumentError, match="argument `x`: a tensor is expected"):
            rt.pow(2.0, 3.0)  # type: ignore[arg-type]  # one of the two is to be a tensor


NUMBERS_GIVEN = [2, -3, 0, True, False, 0.1, 2.0, -0.0, math.inf, math.nan, 1e30, (1 << 62) + 1]


def with_torch(torch: Any, operand: Operand) -> Any:
    kinds = {"f64": torch.float64, "f32": torch.float32, "i64": torch.int64, "bool": torch.bool}
    return torch.tensor(operand.data, dtype=kinds[operand.dtype]).reshape(operand.shape)


def agrees(ours: rt.Tensor, theirs: Any) -> bool:
    dtype = {"float64": "f64", "float32": "f32", "int64": "i64", "bool": "bool"}[str(theirs.dtype).partition(".")[2]]
    return (ours.dtype, ours.shape) == (dtype, tuple(theirs.shape)) and all(
        equal(a, b, PRECISION.get(dtype, 0), 0)
        for a, b in zip(ours.flatten().tolist(), theirs.flatten().tolist(), strict=True)
    )


@pytest.mark.parametrize("mode", ["pure", "native"])
@pytest.mark.parametrize("operand", TENSORS, ids=lambda operand: f"{operand.dtype}{operand.shape}")
def test_numbers_promote_as_in_torch(torch: Any, operand: Operand, mode: str) -> None:
    theirs = with_torch(torch, operand)
    wrong = []
    for name, number in product(WRITTEN, NUMBERS_GIVEN):
        for swapped in (False, True):
            pairs = [(number, x) if swapped else (x, number) for x in (made(operand), theirs)]
            try:
                expected = WRITTEN[name](*pairs[1])
            except RuntimeError:
                with pytest.raises(rt.BadArgumentError), rt.acceleration(mode):
                    WRITTEN[name](*pairs[0])
                continue
            with rt.acceleration(mode):
                ours = WRITTEN[name](*pairs[0])
                if not agrees(ours, expected):
                    wrong.append((name, pairs[1], described(ours), expected))
    assert not wrong


@pytest.mark.parametrize("mode", ["pure", "native"])
def test_numbers_in_where_promote_as_in_torch(torch: Any, mode: str) -> None:
    condition = Operand([True, False], (2,), "bool")
    wrong = []
    for operand, number in product(TENSORS, NUMBERS_GIVEN):
        expected = torch.where(with_torch(torch, condition), with_torch(torch, operand), number)
        with rt.acceleration(mode):
            ours = rt.where(made(condition), made(operand), number)
            if not agrees(ours, expected):
                wrong.append((operand, number, described(ours), expected))
    assert not wrong


@pytest.mark.parametrize("swapped", [False, True])
def test_fractions_are_numbers(swapped: bool) -> None:
    a, half = rt.tensor([1.0, 2.0]), Fraction(1, 2)
    for write in WRITTEN.values():
        expected = write(0.5, a) if swapped else write(a, 0.5)
        assert described(write(half, a) if swapped else write(a, half)) == described(expected)


@pytest.mark.parametrize("dtype", ["f64", "f32"])
@pytest.mark.parametrize("mode", ["pure", "native"])
def test_integers_beyond_64_bits_go_with_floats(mode: str, dtype: str) -> None:
    large, x = 1 << 70, rt.tensor([1.0, -2.0], dtype=dtype)
    with rt.acceleration(mode):
        for compute in (operator.add, operator.sub, operator.mul, operator.truediv, operator.lt, operator.eq):
            for there, same in (((x, large), (x, float(large))), ((large, x), (float(large), x))):
                assert compute(*there).tolist() == compute(*same).tolist()
                assert compute(*there).dtype == compute(*same).dtype
        assert rt.maximum(x, large).tolist() == [float(large)] * 2
        with pytest.raises(
            rt.BadArgumentError, match="rt_torch_lt: argument `b`: the integer does not fit into 64 bits"
        ):
            rt.lt(rt.tensor([1]), large)
        with pytest.raises(
            rt.BadArgumentError, match=r"rt_torch_add: argument `b`: f64 has no such number; given 10*\.\.\. "
        ):
            rt.ones([2]) + 10**400


def test_the_numbers_of_numpy_on_the_right(np: Any) -> None:
    a = rt.tensor([1.0, 2.0])
    for number in (np.float32(0.5), np.int64(3), np.uint8(2), np.float16(2), np.float64(4)):
        for write in WRITTEN.values():
            assert described(write(a, number)) == described(write(a, number.item()))


def test_the_numbers_of_numpy_on_the_left(np: Any) -> None:
    a = rt.tensor([1.0, 2.0])
    for number in (np.float64(0.5), np.int64(3)):
        for write in WRITTEN.values():
            assert isinstance(write(number, a), rt.Tensor)


@pytest.mark.parametrize("mode", ["pure", "native", "auto"])
def test_what_no_operator_takes(mode: str) -> None:
    a = rt.tensor([1.0, 2.0])
    with rt.acceleration(mode):
        for write in [*WRITTEN.values()][:4]:
            for other in ("1", None, [1.0, 2.0], 1j, object()):
                for pair in ((a, other), (other, a)):
                    with pytest.raises(
                        TypeError,
                        match=r"unsupported operand|can only concatenate|can't multiply|must be str|is an index",
                    ):
                        write(*pair)
        for other in ("1", None, [1.0, 2.0], 1j):
            assert ((a == other), (a != other)) == (False, True)
            with pytest.raises(TypeError, match="not supported between"):
                a < other  # noqa: B015  # it is what is tested
            with pytest.raises(TypeError, match="unsupported operand"):
                a @ other
            for pair in ((a, other), (other, a)):
                with pytest.raises(TypeError, match="unsupported operand"):
                    pair[0] ** pair[1]
        with pytest.raises(TypeError, match="unsupported operand"):
            a @ 2.0
        with pytest.raises(TypeError, match="unsupported operand"):
            a // 2


@pytest.mark.parametrize("mode", ["pure", "native", "auto"])
def test_methods_and_functions_of_one_tensor(mode: str) -> None:
    names = ("neg", "abs", "exp", "log", "sqrt", "relu", "sigmoid", "tanh", "sum", "mean", "max", "min", "flatten")
    names += ("sign", "sin", "cos", "erf", "leaky_relu", "elu", "gelu")
    names += ("squeeze", "t", "clone", "detach", "contiguous")
    for operand in (MATRIX, F32, WIDE._replace(form="transposed"), MATRIX._replace(form="native")):
        with rt.acceleration(mode):
            x = made(operand)
            for name in names:
                assert described(getattr(x, name)()) == described(getattr(rt, name)(x))
            assert described(-x) == described(x.neg())
            assert described(abs(x)) == described(x.abs())
            assert described(x**2) == described(x.pow(2)) == described(rt.pow(x, 2)) == described(x.pow(2.0))
            assert described(x.T) == described(x.t())
            last = len(x.shape) - 1
            for keep in (False, True):
                for reduce in (rt.sum, rt.mean):
                    method = getattr(x, reduce.__name__)
                    assert described(reduce(x, -1, keep)) == described(method(dim=last, keepdim=keep))
            for reduce in (rt.amax, rt.amin, rt.argmax, rt.argmin):
                method = getattr(x, reduce.__name__)
                assert described(reduce(x, -1)) == described(method(dim=last, keepdim=False))
                assert described(reduce(x, 0, True)) == described(method(-len(x.shape), keepdim=True))
            assert described(rt.argmax(x)) == described(x.argmax()) == described(x.flatten().argmax(0))
            assert described(rt.softmax(x, 0)) == described(x.softmax(0)) == described(x.softmax(dim=-len(x.shape)))
            assert described(rt.log_softmax(x, 0)) == described(x.log_softmax(0))
            assert described(rt.clamp(x, max=2.0)) == described(x.clamp(None, 2)) == described(x.minimum(2.0))
            assert described(rt.maximum(x, 2)) == described(rt.maximum(2, x)) == described(x.clamp(2))
            if x.shape == (2, 2):
                index = rt.tensor([1, 1])
                assert described(rt.index_select(x, 1, index)) == described(x.index_select(dim=1, index=index))
                assert described(rt.index_add(x, 0, index, x)) == described(x.index_add(0, index, source=x))
                index = rt.tensor([[0, 1], [1, 1]])
                assert described(rt.gather(x, 1, index)) == described(x.gather(-1, index))
                assert described(rt.scatter_add(x, 1, index, x)) == described(x.scatter_add(-1, index, x))
            assert described(rt.leaky_relu(x, 0.5)) == described(x.leaky_relu(slope=0.5))
            assert described(rt.gelu(x, "tanh")) == described(x.gelu(approximate="tanh"))
            assert described(rt.elu(x, 0.5)) == described(x.elu(0.5))
            assert (
                described(rt.reshape(x, [x.numel(), 1])) == described(x.reshape(-1, 1)) == described(x.reshape((-1, 1)))
            )
            assert described(rt.expand(x, [2, *x.shape])) == described(x.expand(2, *x.shape))
            assert described(rt.sum_to(x, [1])) == described(x.sum_to(1)) == described(x.sum_to([1]))
            for dim in (0, -1):
                assert described(rt.cat([x, x], dim)) == described(rt.cat((x, x), dim=dim))
                assert described(rt.stack([x, x], dim)) == described(rt.cat([x.unsqueeze(dim), x.unsqueeze(dim)], dim))
                assert described(rt.narrow(x, dim, 1, 1)) == described(x.narrow(dim, start=1, length=1))
            assert described(rt.cat([x])) == described(x) == described(rt.stack([x]).squeeze(0))
            assert described(rt.unsqueeze(x, 0)) == described(x.unsqueeze(-len(x.shape) - 1))
            assert described(rt.transpose(x, 0, -1)) == described(x.transpose(last, 0))
            assert described(rt.squeeze(x.unsqueeze(0), 0)) == described(x)
            assert described(rt.matmul(x, x.t())) == described(x @ x.t()) == described(x.matmul(x.t()))
            assert described(rt.where(x > 1, x, 0.0)) == described(x.where(x > 1, 0.0))


@pytest.mark.parametrize("mode", ["pure", "native", "auto"])
def test_shortcuts_and_the_dispatcher_refuse_alike(mode: str, native: None) -> None:
    """As the process's mode, on tensors that are native: the shortcuts of the operators take part."""
    calls: list[Callable[[Any, Any], Any]] = [
        lambda x, bad: x.softmax(bad),
        lambda x, bad: x.log_softmax(bad),
        lambda x, bad: x.pow(bad),
    ]
    names = ("softmax", "log_softmax", "pow")
    rt.set_acceleration(mode)
    for (name, call), operand in product(zip(names, calls, strict=True), (MATRIX, F32)):
        x = made(operand).to_native()
        for bad in ("1", None, [1.0], 1j, 10**400, 1 << 64, 0.5, math.nan, 1e39, -7, True, False, object):
            expected = outcome("pure", name, [operand, bad])
            try:
                result = call(x, bad)
            except rt.BadArgumentError as error:
                assert (type(error), str(error)) == expected[:2]
            else:
                assert (result.dtype, result.shape, result.device) == expected.kind
                assert result.flatten().tolist() == pytest.approx(expected.value, rel=1e-6, nan_ok=True)


def test_every_function_that_computes_is_here() -> None:
    assert {*COMPUTING} == {*FUNCTIONS} - LENDING - DRAWN - PLACED - {*NETWORKS}
    assert {name for name, *_ in REFUSED} >= {name for name, operator in COMPUTING.items() if operator.tensors}
