"""Each function of the pure tier against torch, over shapes, dtypes, strides and storages."""

from __future__ import annotations

import math
from typing import Any

import pytest

pytest.importorskip("torch", reason="the answers that are compared with are torch's")
pytest.importorskip("hypothesis")

import torch
from hypothesis import assume, given
from hypothesis import strategies as st

from rt_torch import pure
from rt_torch.pure.layout import layout_of
from rt_torch.pure.tensor import pure_tensor, view
from tests.pure.torch_pairs import (
    DTYPES,
    NUMBERS,
    TORCH_DTYPES,
    Pair,
    broadcast_shapes,
    check_alike,
    dtypes,
    float_dtypes,
    moderate,
    of_terms,
    pairs,
)

ARITHMETIC = {"add": torch.add, "sub": torch.sub, "mul": torch.mul, "div": torch.div}
COMPARISONS = {name: getattr(torch, name) for name in ("eq", "ne", "gt", "lt", "ge", "le")}
EXTREMES = {"maximum": torch.maximum, "minimum": torch.minimum}
REAL = ("exp", "log", "sqrt", "sigmoid", "tanh", "sin", "cos", "erf")

SMALL = {
    "f64": st.floats(-20.0, 20.0),
    "f32": st.floats(-20.0, 20.0, width=32),
    "i64": st.integers(-(1 << 63), (1 << 63) - 1),
}


@pytest.mark.parametrize("name", sorted(ARITHMETIC))
@moderate
@given(draws=st.data())
def test_arithmetic(name: str, draws: Any) -> None:
    """To the last bit: what f32 makes of two numbers is their double result rounded."""
    a, b = _two(draws)
    if name == "sub":
        assume("bool" not in (a.ours.dtype, b.ours.dtype))
    check_alike(getattr(pure, name)(a.ours, b.ours), ARITHMETIC[name](a.theirs, b.theirs))


@pytest.mark.parametrize("name", sorted(EXTREMES))
@moderate
@given(draws=st.data())
def test_the_larger_and_the_smaller(name: str, draws: Any) -> None:
    a, b = _two(draws)
    check_alike(getattr(pure, name)(a.ours, b.ours), EXTREMES[name](a.theirs, b.theirs))


@moderate
@given(draws=st.data())
def test_powers_of_tensors(draws: Any) -> None:
    a, b = _two(draws)
    assume((a.ours.dtype, b.ours.dtype) != ("bool", "bool"))
    check_alike(pure.pow_tensor(a.ours, b.ours), torch.pow(a.theirs, b.theirs), ulps=2)


@pytest.mark.parametrize("name", sorted(COMPARISONS))
@moderate
@given(draws=st.data())
def test_comparisons(name: str, draws: Any) -> None:
    a, b = _two(draws)
    check_alike(getattr(pure, name)(a.ours, b.ours), COMPARISONS[name](a.theirs, b.theirs))


def _two(draws: Any) -> tuple[Pair, Pair]:
    a_shape, b_shape = draws.draw(broadcast_shapes())
    return draws.draw(pairs(a_shape)), draws.draw(pairs(b_shape))


@moderate
@given(draws=st.data())
def test_where(draws: Any) -> None:
    shapes = draws.draw(broadcast_shapes(3))
    cond, a, b = (
        draws.draw(pairs(shape, dtype)) for shape, dtype in zip(shapes, ("bool", dtypes, dtypes), strict=True)
    )
    check_alike(pure.where(cond.ours, a.ours, b.ours), torch.where(cond.theirs, a.theirs, b.theirs))


@pytest.mark.parametrize("name", ["neg", "abs", "relu"])
@moderate
@given(x=pairs(dtype=st.sampled_from(["f64", "f32", "i64"])))
def test_signs(name: str, x: Pair) -> None:
    check_alike(getattr(pure, name)(x.ours), getattr(torch, name)(x.theirs))


@moderate
@given(x=pairs())
def test_sign(x: Pair) -> None:
    check_alike(pure.sign(x.ours), torch.sign(x.theirs))


@moderate
@given(x=pairs(dtype=st.sampled_from(["f64", "f32", "i64"])), draws=st.data())
def test_clamp(x: Pair, draws: Any) -> None:
    bound = st.integers(-9, 9) if x.ours.dtype == "i64" else st.one_of(st.floats(-9, 9), NUMBERS["f64"])
    low, high = draws.draw(st.one_of(st.none(), bound)), draws.draw(st.one_of(st.none(), bound))
    assume(low is not None or high is not None)
    ours = pure.clamp(x.ours, low, high)
    if x.ours.dtype == "f32":  # torch takes no bounds beyond f32
        low, high = (
            None if bound is None else float(torch.tensor(bound, dtype=torch.float32)) for bound in (low, high)
        )
    check_alike(ours, torch.clamp(x.theirs, low, high))


@pytest.mark.parametrize("name", REAL)
@moderate
@given(x=pairs())
def test_real_functions(name: str, x: Pair) -> None:
    check_alike(getattr(pure, name)(x.ours), getattr(torch, name)(x.theirs), ulps=2)


@pytest.mark.parametrize("name", ["add", "mul", "div"])
@moderate
@given(x=pairs(), s=NUMBERS["f64"])
def test_a_number_beside_a_tensor(name: str, x: Pair, s: float) -> None:
    theirs = x.theirs if x.theirs.is_floating_point() else x.theirs.to(torch.float32)
    check_alike(getattr(pure, f"{name}_scalar")(x.ours, s), getattr(torch, name)(theirs, s))


@moderate
@given(
    x=pairs(),
    exponent=st.one_of(st.sampled_from([0.0, 0.5, 1.0, 2.0, 3.0, -0.5, -1.0, -2.0, -3.0]), st.floats(-9, 9, width=32)),
)
def test_pow(x: Pair, exponent: float) -> None:
    theirs = x.theirs if x.theirs.is_floating_point() else x.theirs.to(torch.float32)
    check_alike(pure.pow(x.ours, exponent), torch.pow(theirs, exponent), ulps=2)


FACTORS = st.one_of(st.floats(-3, 3, width=32), st.sampled_from([0.01, 1.0, 0.0, math.inf, math.nan]))


@moderate
@given(x=pairs(dtype=float_dtypes), slope=FACTORS)
def test_leaky_relu(x: Pair, slope: float) -> None:
    check_alike(pure.leaky_relu(x.ours, slope), torch.nn.functional.leaky_relu(x.theirs, slope))


@moderate
@given(x=pairs(dtype=float_dtypes), alpha=FACTORS)
def test_elu(x: Pair, alpha: float) -> None:
    check_alike(pure.elu(x.ours, alpha), torch.nn.functional.elu(x.theirs, alpha), ulps=2)


@pytest.mark.parametrize("approximate", ["none", "tanh"])
@moderate
@given(x=pairs(dtype=float_dtypes))
def test_gelu(approximate: str, x: Pair) -> None:
    expected = torch.nn.functional.gelu(x.theirs, approximate=approximate)
    within = [1e-15 * value if x.ours.dtype == "f64" else 4e-7 * value for value in _absolute(x).flatten().tolist()]
    check_alike(pure.gelu(x.ours, approximate), expected, within=within)


@pytest.mark.parametrize("name", ["softmax", "log_softmax"])
@moderate
@given(x=pairs(dtype=float_dtypes), draws=st.data())
def test_softmax(name: str, x: Pair, draws: Any) -> None:
    dim = draws.draw(_dims(x))
    expected = getattr(torch, name)(x.theirs, dim)
    within = of_terms(torch.clamp(expected.abs(), min=1.0), x.ours)
    check_alike(getattr(pure, name)(x.ours, dim), expected, within=within)


def _dims(x: Pair) -> Any:
    places = max(x.ours.ndim, 1)
    return st.integers(-places, places - 1)


# Reductions.


@moderate
@given(x=pairs())
def test_sum(x: Pair) -> None:
    check_alike(pure.sum_tensor(x.ours), torch.sum(x.theirs), within=of_terms(_absolute(x).sum(), x.ours))
    _same_number(pure.sum(x.ours), float(torch.sum(x.theirs)), x)


@moderate
@given(x=pairs(dtype=float_dtypes))
def test_mean(x: Pair) -> None:
    check_alike(pure.mean_tensor(x.ours), torch.mean(x.theirs), within=of_terms(_absolute(x).sum(), x.ours))
    _same_number(pure.mean(x.ours), float(torch.mean(x.theirs)), x)


def _same_number(ours: float, theirs: float, x: Pair) -> None:
    limit = float(_absolute(x).sum()) * (1e-5 if x.ours.dtype == "f32" else 1e-12)
    assert type(ours) is float
    assert ours == theirs or (math.isnan(ours) and math.isnan(theirs)) or abs(ours - theirs) <= limit


def _absolute(x: Pair) -> Any:
    return x.theirs.to(torch.float64).abs()


@pytest.mark.parametrize("name", ["max", "min"])
@moderate
@given(x=pairs())
def test_extremes(name: str, x: Pair) -> None:
    assume(x.ours.numel())
    expected = getattr(torch, name)(x.theirs)
    check_alike(getattr(pure, f"{name}_tensor")(x.ours), expected)
    _same_number(getattr(pure, name)(x.ours), float(expected), x)


@pytest.mark.parametrize("name", ["sum", "mean"])
@moderate
@given(x=pairs(), keepdim=st.booleans(), draws=st.data())
def test_reductions_along_a_dimension(name: str, x: Pair, keepdim: bool, draws: Any) -> None:
    assume(name == "sum" or x.theirs.is_floating_point())
    dim = draws.draw(_dims(x))
    expected = getattr(torch, name)(x.theirs, dim, keepdim=keepdim)
    terms = of_terms(_absolute(x).sum(dim), x.ours)
    check_alike(getattr(pure, f"{name}_dim")(x.ours, dim, keepdim), expected, within=terms)


@pytest.mark.parametrize("name", ["amax", "amin"])
@moderate
@given(x=pairs(), keepdim=st.booleans(), draws=st.data())
def test_extremes_along_a_dimension(name: str, x: Pair, keepdim: bool, draws: Any) -> None:
    dim = draws.draw(_dims(x))
    assume(x.ours.ndim == 0 or x.ours.shape[dim])
    check_alike(getattr(pure, name)(x.ours, dim, keepdim), getattr(torch, name)(x.theirs, dim, keepdim=keepdim))


@pytest.mark.parametrize("name", ["argmax", "argmin"])
@moderate
@given(x=pairs(dtype=st.sampled_from(["f64", "f32", "i64"])), keepdim=st.booleans(), draws=st.data())
def test_places_of_extremes(name: str, x: Pair, keepdim: bool, draws: Any) -> None:
    dim = draws.draw(st.one_of(st.none(), _dims(x)))
    assume(x.ours.numel() if dim is None else x.ours.ndim == 0 or x.ours.shape[dim])
    check_alike(getattr(pure, name)(x.ours, dim, keepdim), getattr(torch, name)(x.theirs, dim, keepdim=keepdim))


@moderate
@given(draws=st.data())
def test_expand_and_what_undoes_it(draws: Any) -> None:
    shape = draws.draw(st.lists(st.integers(0, 3), max_size=3))
    smaller = tuple(
        1 if draws.draw(st.booleans()) else size for size in shape[draws.draw(st.integers(0, len(shape))) :]
    )
    x, whole = draws.draw(pairs(smaller)), draws.draw(pairs(tuple(shape)))
    front = len(shape) - len(smaller)
    asked = shape[:front]
    for size, old in zip(shape[front:], smaller, strict=True):
        asked.append(-1 if size == old and draws.draw(st.booleans()) else size)
    check_alike(pure.expand(x.ours, asked), x.theirs.expand(asked))
    theirs = whole.theirs if whole.ours.dtype != "bool" else whole.theirs.to(torch.int64)
    terms = of_terms(_absolute(whole).sum_to_size(smaller), whole.ours)
    check_alike(pure.sum_to(whole.ours, smaller), theirs.sum_to_size(smaller), within=terms)


# Matrix products.


@moderate
@given(draws=st.data())
def test_matmul(draws: Any) -> None:
    m, k, n = (draws.draw(st.integers(0, 5)) for _ in range(3))
    a_batch, b_batch = draws.draw(st.sampled_from([((), ()), ((2,), (2,)), ((3, 1), (2,)), ((), (2,)), ((0,), (1,))]))
    a_shape = draws.draw(st.sampled_from([(k,), (*a_batch, m, k)]))
    b_shape = draws.draw(st.sampled_from([(k,), (*b_batch, k, n)]))
    _check_product(draws, a_shape, b_shape, draws.draw(st.sampled_from(["f64", "f32", "i64"])))


@pytest.mark.parametrize(("m", "k", "n"), [(5, 64, 17), (4, 75, 16), (9, 33, 20), (1, 200, 3)])
@pytest.mark.parametrize("dtype", ["f64", "f32", "i64"])
def test_larger_matmul(m: int, k: int, n: int, dtype: str) -> None:
    numbers = torch.Generator().manual_seed(m * k * n)
    if dtype == "i64":
        a, b = (torch.randint(-(1 << 62), 1 << 62, size, generator=numbers) for size in ((m, k), (k, n)))
    else:
        a, b = (torch.randn(size, generator=numbers, dtype=TORCH_DTYPES[dtype]) for size in ((m, k), (k, n)))
    _check_matmul(_pair(a, dtype), _pair(b, dtype))


def _pair(tensor: Any, dtype: str) -> Pair:
    items = tensor.flatten().tolist()
    return Pair(pure_tensor(items, layout_of(tuple(tensor.shape), dtype)), tensor)


def _check_product(draws: Any, a_shape: tuple[int, ...], b_shape: tuple[int, ...], dtype: str) -> None:
    numbers = SMALL if draws.draw(st.booleans()) else NUMBERS
    _check_matmul(draws.draw(pairs(a_shape, dtype, numbers)), draws.draw(pairs(b_shape, dtype, numbers)))


def _check_matmul(a: Pair, b: Pair) -> None:
    terms = torch.matmul(a.theirs.abs(), b.theirs.abs())
    expected = torch.matmul(a.theirs, b.theirs)
    check_alike(pure.matmul(a.ours, b.ours), expected, within=of_terms(terms, a.ours))


# Shapes and copies.


@moderate
@given(x=pairs(), draws=st.data())
def test_transpose(x: Pair, draws: Any) -> None:
    dim0, dim1 = draws.draw(_dims(x)), draws.draw(_dims(x))
    check_alike(pure.transpose(x.ours, dim0, dim1), torch.transpose(x.theirs, dim0, dim1))
    if x.ours.ndim <= 2:
        check_alike(pure.transpose_2d(x.ours), torch.t(x.theirs))


@moderate
@given(x=pairs(), draws=st.data())
def test_reshape(x: Pair, draws: Any) -> None:
    sizes = draws.draw(st.permutations([*x.ours.shape, 1]))
    merged = draws.draw(st.integers(0, len(sizes) - 1))
    for shape in (sizes, [*sizes[:merged], math.prod(sizes[merged:])], [-1, *sizes[merged:]]):
        if -1 not in shape or math.prod(shape):
            check_alike(pure.reshape(x.ours, shape), torch.reshape(x.theirs, shape))
    check_alike(pure.flatten(x.ours), torch.flatten(x.theirs))


@moderate
@given(x=pairs(), draws=st.data())
def test_squeeze_and_unsqueeze(x: Pair, draws: Any) -> None:
    dim = draws.draw(_dims(x))
    check_alike(pure.squeeze(x.ours), torch.squeeze(x.theirs))
    check_alike(pure.squeeze(x.ours, dim), torch.squeeze(x.theirs, dim))
    place = draws.draw(st.integers(-x.ours.ndim - 1, x.ours.ndim))
    check_alike(pure.unsqueeze(x.ours, place), torch.unsqueeze(x.theirs, place))


@moderate
@given(shape=st.lists(st.integers(1, 4), max_size=4), draws=st.data())
def test_reshaping_gives_a_view_where_torch_does(shape: list[int], draws: Any) -> None:
    base = torch.zeros([2 * size for size in shape])
    order = draws.draw(st.permutations(range(len(shape))))
    steps = [draws.draw(st.sampled_from([1, 2])) for _ in shape]
    part = base[tuple(slice(0, size * step, step) for size, step in zip(shape, steps, strict=True))].permute(order)
    sizes = draws.draw(st.permutations([*part.shape, 1]))
    merged = draws.draw(st.integers(0, len(sizes) - 1))
    wanted = (*sizes[:merged], math.prod(sizes[merged:]))
    ours = view(
        pure_tensor([0.0] * base.numel(), layout_of((base.numel(),), "f32")), tuple(part.shape), part.stride(), 0
    )
    try:
        strides = part.view(wanted).stride()
    except RuntimeError:
        strides = None
    found = pure.reshape(ours, wanted)
    assert (found._cell is ours._cell) == (strides is not None)
    if strides is not None:
        relevant = [place for place, size in enumerate(wanted) if size > 1]
        assert [found.strides[place] for place in relevant] == [strides[place] for place in relevant]


@pytest.mark.parametrize("target", DTYPES)
@moderate
@given(x=pairs())
def test_to_dtype(target: str, x: Pair) -> None:
    check_alike(pure.to_dtype(x.ours, target), x.theirs.to(TORCH_DTYPES[target]))


@moderate
@given(x=pairs())
def test_copies(x: Pair) -> None:
    for name in ("clone", "contiguous", "detach"):
        check_alike(getattr(pure, name)(x.ours), x.theirs)
    check_alike(pure.to_device(x.ours, "cpu"), x.theirs)


# Indices.


@moderate
@given(draws=st.data())
def test_index_select_and_index_add(draws: Any) -> None:
    x, dim = _indexed(draws)
    size = x.theirs.shape[dim] if x.ours.ndim else 1
    count = draws.draw(st.integers(0, 5 if size else 0)) if x.ours.ndim else 1
    index = draws.draw(_indices((count,), size))
    if count == 1 and draws.draw(st.booleans()):
        index = Pair(pure.reshape(index.ours, []), index.theirs.reshape([]))
    check_alike(pure.index_select(x.ours, dim, index.ours), torch.index_select(x.theirs, dim, index.theirs))
    shape = [*x.ours.shape]
    if shape:
        shape[dim] = count
    source = draws.draw(pairs(tuple(shape), x.ours.dtype, numbers=SUMMED))
    _check_sums(pure.index_add(x.ours, dim, index.ours, source.ours), x, dim, index, source, torch.index_add)


@moderate
@given(draws=st.data())
def test_gather_and_scatter_add(draws: Any) -> None:
    x, dim = _indexed(draws)
    shape = [draws.draw(st.integers(0, size)) for size in x.ours.shape]
    size = x.theirs.shape[dim] if x.ours.ndim else 1
    if shape:
        shape[dim] = draws.draw(st.integers(0, 5 if size else 0))
    elif draws.draw(st.booleans()):
        shape = [draws.draw(st.integers(0, 3))]
    index = draws.draw(_indices(tuple(shape), size))
    check_alike(pure.gather(x.ours, dim, index.ours), torch.gather(x.theirs, dim, index.theirs))
    source = draws.draw(pairs(tuple(shape), x.ours.dtype, numbers=SUMMED))
    _check_sums(pure.scatter_add(x.ours, dim, index.ours, source.ours), x, dim, index, source, torch.scatter_add)


SUMMED = {"f64": st.floats(-20.0, 20.0), "f32": st.floats(-20.0, 20.0, width=32), "i64": NUMBERS["i64"]}
SUMMED["bool"] = st.booleans()


def _indexed(draws: Any) -> tuple[Pair, int]:
    x = draws.draw(pairs(numbers=SUMMED))
    return x, draws.draw(_dims(x))


def _indices(shape: tuple[int, ...], size: int) -> Any:
    return pairs(shape, "i64", numbers={"i64": st.integers(0, max(size - 1, 0))})


def _check_sums(ours: Any, x: Pair, dim: int, index: Pair, source: Pair, function: Any) -> None:
    """Sums of several terms may be off as sums are."""
    terms = function(_absolute(x), dim, index.theirs, _absolute(source))
    expected = function(x.theirs, dim, index.theirs, source.theirs)
    check_alike(ours, expected, within=of_terms(terms, x.ours))


# Joining and cutting.


@moderate
@given(draws=st.data())
def test_cat(draws: Any) -> None:
    shape = draws.draw(st.lists(st.integers(0, 3), min_size=1, max_size=3))
    dim = draws.draw(st.integers(-len(shape), len(shape) - 1))
    several = []
    for _ in range(draws.draw(st.integers(1, 4))):
        sizes = [*shape]
        sizes[dim] = draws.draw(st.integers(0, 3))
        several.append(draws.draw(pairs((0,) if draws.draw(st.integers(0, 5)) == 0 else tuple(sizes))))
    assume(len(shape) == 1 or any(x.ours.shape != (0,) for x in several))
    check_alike(pure.cat([x.ours for x in several], dim), torch.cat([x.theirs for x in several], dim))


@moderate
@given(draws=st.data())
def test_stack(draws: Any) -> None:
    shape = tuple(draws.draw(st.lists(st.integers(0, 3), max_size=3)))
    dim = draws.draw(st.integers(-len(shape) - 1, len(shape)))
    several = [draws.draw(pairs(shape)) for _ in range(draws.draw(st.integers(1, 4)))]
    kind = several[0].theirs.dtype  # torch's stack promotes, too, but not of old
    theirs = [x.theirs for x in several]
    for x in theirs:
        kind = torch.promote_types(kind, x.dtype)
    check_alike(pure.stack([x.ours for x in several], dim), torch.stack([x.to(kind) for x in theirs], dim))


@moderate
@given(x=pairs(), draws=st.data())
def test_narrow(x: Pair, draws: Any) -> None:
    assume(x.ours.ndim)
    dim = draws.draw(_dims(x))
    size = x.ours.shape[dim]
    start = draws.draw(st.integers(-size, size))
    length = draws.draw(st.integers(0, size - start % size if size and start < size else 0))
    check_alike(pure.narrow(x.ours, dim, start, length), torch.narrow(x.theirs, dim, start, length))
