"""For each function with a derivative: arguments to try it with, and the same function in torch.

Arguments are f64 tensors, given as Operands, and what else the function takes.  Where a function has kinks, `smooth`
keeps away from them, for differences mean nothing there; torch is asked about them too.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

from hypothesis import strategies as st

from tests.tensor.test_parity import FORMS, Operand

Arguments = st.SearchStrategy[list[Any]]


class Case(NamedTuple):
    """How a function is tried."""

    arguments: Arguments
    torch: Callable[..., Any]  # called with the torch module and the arguments
    smooth: Arguments


Numbers = st.SearchStrategy[float]

ANY = st.integers(-192, 192).map(lambda n: n / 64)
SMALL = st.integers(-48, 48).map(lambda n: n / 32)
POSITIVE = st.integers(16, 192).map(lambda n: n / 64)
SHARES = st.integers(8, 56).map(lambda n: n / 64)
NOT_ZERO = st.one_of(POSITIVE, POSITIVE.map(lambda x: -x))
KINKED = st.integers(-12, 12).map(lambda n: n / 4)  # often on a kink, and often the same
OFF_KINKS = st.integers(-24, 23).map(lambda n: n / 8 + 1 / 16)
OFF_THOSE = st.integers(-24, 23).map(lambda n: n / 8 + 3 / 32)

SHAPES = st.lists(st.integers(0, 3), max_size=3).map(tuple)
FULL_SHAPES = st.lists(st.integers(1, 3), max_size=3).map(tuple)
DIMS = st.integers(-4, 3)


@st.composite
def operands(draw: Any, shape: tuple[int, ...], numbers: Numbers, *, unique: bool = False) -> Operand:
    count = math.prod(shape)
    data = draw(st.lists(numbers, min_size=count, max_size=count, unique=unique))
    return Operand(data, shape, "f64", draw(st.sampled_from(FORMS)))


@st.composite
def one(draw: Any, numbers: Numbers = ANY, *more: st.SearchStrategy[Any], shapes: Any = SHAPES) -> list[Any]:
    """A tensor, and what else is given."""
    shape = draw(shapes)
    return [draw(operands(shape, numbers)), *[draw(strategy) for strategy in more]]


@st.composite
def two(draw: Any, first: Numbers = ANY, second: Numbers | None = None) -> list[Any]:
    """Two tensors whose shapes broadcast."""
    shape = draw(SHAPES)
    return [draw(operands(part(draw, shape), numbers)) for numbers in (first, first if second is None else second)]


@st.composite
def alike(draw: Any, numbers: Numbers) -> list[Any]:
    """Two tensors of one shape."""
    shape = draw(SHAPES)
    return [draw(operands(shape, numbers)) for _ in range(2)]


def part(draw: Any, shape: tuple[int, ...]) -> tuple[int, ...]:
    """A shape that broadcasts to another one, with others of its kind."""
    kept = shape[draw(st.integers(0, len(shape))) :] if draw(st.booleans()) else shape
    return tuple(1 if draw(st.integers(0, 3)) == 0 else size for size in kept)


@st.composite
def along(draw: Any, numbers: Numbers = ANY, *more: st.SearchStrategy[Any]) -> list[Any]:
    """A tensor, one of its dimensions, and what else is given."""
    shape = draw(SHAPES)
    dims = max(len(shape), 1)
    return [draw(operands(shape, numbers)), draw(st.integers(-dims, dims - 1)), *[draw(s) for s in more]]


@st.composite
def distinct(draw: Any, numbers: Numbers) -> list[Any]:
    """A tensor of one element at least, each of them different."""
    return [draw(operands(draw(FULL_SHAPES), numbers, unique=True))]


@st.composite
def extreme(draw: Any, numbers: Numbers, *, unique: bool = False) -> list[Any]:
    """A tensor with elements, one of its dimensions, and whether that is kept."""
    shape = draw(FULL_SHAPES)
    dims = max(len(shape), 1)
    return [draw(operands(shape, numbers, unique=unique)), draw(st.integers(-dims, dims - 1)), draw(st.booleans())]


@st.composite
def products(draw: Any) -> list[Any]:
    """Two tensors that can be multiplied as matrices or vectors, leading dimensions broadcasting."""
    rows, inner, columns = (draw(st.integers(0, 3)) for _ in range(3))
    batch = tuple(draw(st.lists(st.integers(0, 2), max_size=2)))
    a = draw(st.sampled_from([(inner,), (rows, inner), (*part(draw, batch), rows, inner)]))
    b = draw(st.sampled_from([(inner,), (inner, columns), (*part(draw, batch), inner, columns)]))
    return [draw(operands(a, ANY)), draw(operands(b, ANY))]


@st.composite
def chosen(draw: Any) -> list[Any]:
    """A condition, and two tensors to choose from."""
    shape = draw(SHAPES)
    shapes = [part(draw, shape) for _ in range(3)]
    count = math.prod(shapes[0])
    mask = draw(st.lists(st.booleans(), min_size=count, max_size=count))
    return [Operand(mask, shapes[0], "bool"), draw(operands(shapes[1], ANY)), draw(operands(shapes[2], ANY))]


@st.composite
def transposed(draw: Any) -> list[Any]:
    x, first = draw(along())
    dims = max(len(x.shape), 1)
    return [x, first, draw(st.integers(-dims, dims - 1))]


@st.composite
def reshaped(draw: Any) -> list[Any]:
    shape = draw(SHAPES)
    return [draw(operands(shape, ANY)), draw(st.permutations([*shape, 1]))]


@st.composite
def unsqueezed(draw: Any) -> list[Any]:
    shape = draw(SHAPES)
    return [draw(operands(shape, ANY)), draw(st.integers(-len(shape) - 1, len(shape)))]


@st.composite
def squeezed(draw: Any) -> list[Any]:
    x, dim = draw(along())
    return [x, draw(st.sampled_from([None, dim]))]


@st.composite
def expanded(draw: Any) -> list[Any]:
    shape = draw(SHAPES)
    return [draw(operands(part(draw, shape), ANY)), list(shape)]


@st.composite
def summed_to(draw: Any) -> list[Any]:
    shape = draw(SHAPES)
    return [draw(operands(shape, ANY)), list(part(draw, shape))]


@st.composite
def clamped(draw: Any, numbers: Numbers) -> list[Any]:
    x = draw(operands(draw(SHAPES), numbers))
    ends = [draw(st.one_of(st.none(), st.integers(-6, 6).map(lambda n: n / 4))) for _ in range(2)]
    return [x, *(ends if any(end is not None for end in ends) else [0.25, None])]


@st.composite
def indexed(draw: Any, kind: str) -> list[Any]:
    """A tensor, a dimension, an index into it, and what is added there."""
    shape = draw(st.lists(st.integers(1, 3), min_size=1, max_size=3).map(tuple))
    dim = draw(st.integers(0, len(shape) - 1))
    x, turned = draw(operands(shape, ANY)), draw(st.sampled_from([dim, dim - len(shape)]))
    places = st.integers(0, shape[dim] - 1)
    if kind in ("gather", "scatter_add"):
        whole = tuple(
            draw(st.integers(0, 3)) if at == dim else draw(st.integers(0, size)) for at, size in enumerate(shape)
        )
    else:
        whole = (draw(st.integers(0, 3)),)
    count = math.prod(whole)
    index = Operand(draw(st.lists(places, min_size=count, max_size=count)), whole, "i64")
    if kind == "index_add":
        return [x, turned, index, draw(operands((*shape[:dim], whole[0], *shape[dim + 1 :]), ANY))]
    return [x, turned, index, *([draw(operands(whole, ANY))] if kind == "scatter_add" else [])]


@st.composite
def several(draw: Any, kind: str) -> list[Any]:
    """Tensors that can be joined or stacked, and the dimension."""
    shape = draw(st.lists(st.integers(0, 3), min_size=kind == "cat", max_size=3))
    ndim = len(shape) + (kind == "stack")
    dim = draw(st.integers(-ndim, ndim - 1))
    found = []
    for _ in range(draw(st.integers(1, 3))):
        if kind == "cat":
            shape[dim] = draw(st.integers(0, 3))
        found.append(draw(operands(tuple(shape), ANY)))
    if kind == "cat" and draw(st.booleans()):
        found.append(draw(operands((0,), ANY)))
    return [found, dim]


@st.composite
def narrowed(draw: Any) -> list[Any]:
    shape = draw(SHAPES.filter(len))
    dim = draw(st.integers(-len(shape), len(shape) - 1))
    start = draw(st.integers(0, shape[dim]))
    length = draw(st.integers(0, shape[dim] - start))
    return [draw(operands(shape, ANY)), dim, draw(st.sampled_from([start, start - shape[dim]])), length]


def simple(name: str) -> Callable[..., Any]:
    """torch's function of the same name."""
    return lambda torch, *arguments: getattr(torch, name)(*arguments)


def method(name: str) -> Callable[..., Any]:
    return lambda torch, x, *arguments: getattr(x, name)(*arguments)


def case(arguments: Arguments, torch: Callable[..., Any], smooth: Arguments | None = None) -> Case:
    return Case(arguments, torch, smooth if smooth is not None else arguments)


SCALARS = st.sampled_from([0.5, -2.0, 3.0, 1.0])


@st.composite
def scaled(draw: Any) -> list[Any]:
    return [*draw(two()), draw(SCALARS)]


CASES: dict[str, Case] = {
    "add": case(two(), simple("add")),
    "sub": case(two(), simple("sub")),
    "mul": case(two(), simple("mul")),
    "div": case(two(ANY, NOT_ZERO), simple("div")),
    "neg": case(one(), simple("neg")),
    "add_scalar": case(one(ANY, SCALARS), simple("add")),
    "mul_scalar": case(one(ANY, SCALARS), simple("mul")),
    "div_scalar": case(one(ANY, SCALARS), simple("div")),
    "add_scaled": case(scaled(), lambda torch, a, b, s: torch.add(a, b, alpha=s)),
    "maximum": case(two(KINKED), simple("maximum"), two(OFF_KINKS, OFF_THOSE)),
    "minimum": case(two(KINKED), simple("minimum"), two(OFF_KINKS, OFF_THOSE)),
    "exp": case(one(), simple("exp")),
    "log": case(one(POSITIVE), simple("log")),
    "sqrt": case(one(POSITIVE), simple("sqrt")),
    "pow": case(
        st.one_of(
            one(POSITIVE, st.sampled_from([0.5, -1.5, 2.0, 0.0, 1.0])), one(ANY, st.sampled_from([2.0, 3.0, 0.0, 1.0]))
        ),
        simple("pow"),
        one(POSITIVE, st.sampled_from([0.5, -1.5, 2.0, 3.0, 0.0, 1.0])),
    ),
    "abs": case(one(KINKED), simple("abs"), one(OFF_KINKS)),
    "sign": case(one(KINKED), simple("sign"), one(OFF_KINKS)),
    "clamp": case(clamped(KINKED), simple("clamp"), clamped(OFF_KINKS)),
    "sin": case(one(), simple("sin")),
    "cos": case(one(), simple("cos")),
    "erf": case(one(), simple("erf")),
    # at an exponent of 0 the derivative by the base is 0, and its own derivative by the exponent is as torch's
    "pow_tensor": case(two(POSITIVE, SMALL), simple("pow"), two(POSITIVE, OFF_KINKS)),
    "matmul": case(products(), simple("matmul")),
    "transpose": case(transposed(), simple("transpose")),
    "transpose_2d": case(one(shapes=st.lists(st.integers(0, 3), max_size=2).map(tuple)), simple("t")),
    "sum_tensor": case(one(), simple("sum")),
    "mean_tensor": case(one(shapes=FULL_SHAPES), simple("mean")),
    "max_tensor": case(one(KINKED, shapes=FULL_SHAPES), simple("max"), distinct(OFF_KINKS)),
    "min_tensor": case(one(KINKED, shapes=FULL_SHAPES), simple("min"), distinct(OFF_KINKS)),
    "sum_dim": case(along(ANY, st.booleans()), simple("sum")),
    "mean_dim": case(along(ANY, st.booleans()).filter(lambda given: 0 not in given[0].shape), simple("mean")),
    "amax": case(extreme(KINKED), simple("amax"), extreme(OFF_KINKS, unique=True)),
    "amin": case(extreme(KINKED), simple("amin"), extreme(OFF_KINKS, unique=True)),
    "sum_to": case(summed_to(), method("sum_to_size")),
    "relu": case(one(KINKED), simple("relu"), one(OFF_KINKS)),
    "relu_backward": case(alike(KINKED), lambda torch, gradient, y: torch.where(y.detach() <= 0, 0.0, gradient)),
    "sigmoid": case(one(), simple("sigmoid")),
    "tanh": case(one(), simple("tanh")),
    "softmax": case(along(), simple("softmax")),
    "log_softmax": case(along(), simple("log_softmax")),
    "leaky_relu": case(
        one(KINKED, SCALARS), lambda torch, x, slope: torch.nn.functional.leaky_relu(x, slope), one(OFF_KINKS, SCALARS)
    ),
    "elu": case(one(OFF_KINKS, SCALARS), lambda torch, x, alpha: torch.nn.functional.elu(x, alpha)),
    "gelu": case(
        one(ANY, st.sampled_from(["none", "tanh"])),
        lambda torch, x, approximate: torch.nn.functional.gelu(x, approximate=approximate),
    ),
    # written out: torch's own second derivative is 1e-10 off
    "binary_cross_entropy": case(
        alike(SHARES), lambda torch, x, target: (target - 1) * torch.log1p(-x) - target * torch.log(x)
    ),
    "where": case(chosen(), simple("where")),
    "reshape": case(reshaped(), simple("reshape")),
    "flatten": case(one(), simple("flatten")),
    "squeeze": case(squeezed(), lambda torch, x, dim: torch.squeeze(x) if dim is None else torch.squeeze(x, dim)),
    "unsqueeze": case(unsqueezed(), simple("unsqueeze")),
    "expand": case(expanded(), method("expand")),
    "index_select": case(indexed("index_select"), simple("index_select")),
    "index_add": case(indexed("index_add"), simple("index_add")),
    "gather": case(indexed("gather"), simple("gather")),
    "scatter_add": case(indexed("scatter_add"), simple("scatter_add")),
    "narrow": case(narrowed(), simple("narrow")),
    "cat": case(several("cat"), simple("cat")),
    "stack": case(several("stack"), simple("stack")),
    "clone": case(one(), simple("clone")),
    "contiguous": case(one(), method("contiguous")),
    "to_dtype": case(one(ANY, st.just("f64")), lambda torch, x, dtype: x.to(torch.float64)),
    "to_device": case(one(ANY, st.just("cpu")), method("to")),
}

WITHOUT = {
    "retain",  # which only handles have
    # Their derivatives hold for the statistics of `x` itself: test_batch_norm.py.
    *("batch_norm_measured", "batch_norm_measured_backward"),
}
