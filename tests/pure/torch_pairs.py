"""The same tensors here and in torch: any dtype, shape, strides and storage, for Hypothesis; and how results compare."""

from __future__ import annotations

import math
from array import array
from itertools import product
from typing import Any, NamedTuple

import pytest

from rt_torch.pure.dtype import FORMATS
from rt_torch.pure.layout import layout_of
from rt_torch.pure.tensor import PureTensor, pure_tensor, values, view

pytest.importorskip("hypothesis")
torch = pytest.importorskip("torch", reason="the answers that are compared with are torch's")

from hypothesis import settings  # noqa: E402  (once it is known to be there)
from hypothesis import strategies as st  # noqa: E402  (likewise)

TORCH_DTYPES = {"f64": torch.float64, "f32": torch.float32, "i64": torch.int64, "bool": torch.bool}
DTYPES = ("f64", "f32", "i64", "bool")
FLOATS = ("f64", "f32")
LEAST = -(1 << 63)

moderate = settings(max_examples=60, deadline=None, derandomize=True)

_special = st.sampled_from([0.0, -0.0, math.inf, -math.inf, math.nan, 1e300, -1e300, 1e-300, 5e-324, 1e19, 0.5, -1.0])
_floats = st.one_of(st.floats(-20.0, 20.0), st.floats(-20.0, 20.0), _special)
_integers = st.one_of(st.integers(-9, 9), st.sampled_from([LEAST, -LEAST - 1, (1 << 53) + 1, 1 << 32, 16777217]))
NUMBERS: dict[str, Any] = {
    "f64": _floats,
    "f32": _floats.map(lambda value: array("f", [value])[0]),
    "i64": _integers,
    "bool": st.booleans(),
}
shapes = st.lists(st.integers(0, 4), max_size=4).map(tuple)
dtypes = st.sampled_from(DTYPES)
float_dtypes = st.sampled_from(FLOATS)


class Pair(NamedTuple):
    ours: PureTensor
    theirs: Any  # torch.Tensor


@st.composite
def pairs(
    draw: Any, shape: Any = shapes, dtype: Any = dtypes, numbers: dict[str, Any] = NUMBERS, finite: bool = False
) -> Pair:
    """A tensor of a drawn shape and dtype, on any strides that slices and transposition make, and any storage."""
    sizes = draw(shape) if isinstance(shape, st.SearchStrategy) else shape
    kind = draw(dtype) if isinstance(dtype, st.SearchStrategy) else dtype
    steps = [draw(st.sampled_from([1, 1, 1, 2, -1])) for _ in sizes]
    order = draw(st.permutations(range(len(sizes)))) if draw(st.booleans()) else list(range(len(sizes)))
    strides, room, offset = [0] * len(sizes), 1, 0
    for place in reversed(order):
        step = steps[place]
        strides[place] = room * step
        if step < 0:
            offset += room * max(sizes[place] - 1, 0)
        room *= max(sizes[place] * abs(step), 1)
    lead = draw(st.integers(0, 2))
    strategy = numbers[kind].filter(math.isfinite) if finite else numbers[kind]
    storage = draw(st.lists(strategy, min_size=room + lead, max_size=room + lead))
    if any(steps[place] != 1 for place in range(len(sizes))) or order != sorted(order) or lead:
        base = pure_tensor(_stored(storage, kind, draw(st.booleans())), layout_of((len(storage),), kind))
        ours = view(base, tuple(sizes), tuple(strides), offset + lead)
    else:
        count = math.prod(sizes)
        ours = pure_tensor(_stored(storage[:count], kind, draw(st.booleans())), layout_of(tuple(sizes), kind))
    places = product(*map(range, sizes))
    flat = [storage[lead + offset + sum(i * s for i, s in zip(at, strides, strict=True))] for at in places]
    return Pair(ours, torch.tensor(flat, dtype=TORCH_DTYPES[kind]).reshape(sizes))


def _stored(numbers: list[Any], dtype: str, as_memory: bool) -> Any:
    if not as_memory:
        return list(numbers)
    if dtype == "bool":
        return memoryview(bytearray(numbers)).cast("?")
    return memoryview(array(FORMATS[dtype], numbers))


@st.composite
def broadcast_shapes(draw: Any, count: int = 2) -> list[tuple[int, ...]]:
    """Shapes that broadcast to one."""
    whole = draw(shapes)
    found = []
    for _ in range(count):
        start = draw(st.integers(0, len(whole)))
        found.append(tuple(1 if draw(st.integers(0, 3)) == 0 else size for size in whole[start:]))
    return found


def check_alike(ours: PureTensor, theirs: Any, ulps: int = 0, within: list[float] | None = None) -> None:
    """Dtype, shape and elements are the same.

    Args:
        ulps: How many units in the last place elements of f64 may be apart; those of f32 twice as many.
        within: Instead of that, how far each element may be off.
    """
    assert TORCH_DTYPES[ours.dtype] == theirs.dtype
    assert ours.shape == tuple(theirs.shape)
    found, expected = list(values(ours)), theirs.flatten().tolist()
    exact = {"f64": float, "f32": float, "i64": int, "bool": bool}[ours.dtype]
    assert all(type(value) is exact for value in found)
    if within is None:
        within = [2 * ulps * ulp_f32(value) if ours.dtype == "f32" else ulps * math.ulp(value) for value in expected]
    assert [
        (one, other, limit)
        for one, other, limit in zip(found, expected, within, strict=True)
        if not (one == other or (one != one and other != other) or abs(one - other) <= limit)
    ] == []


def ulp_f32(value: float) -> float:
    """At least the unit in the last place of f32."""
    return max(abs(value) * 2.0**-23, 2.0**-149)


def of_terms(terms: Any, x: PureTensor) -> list[float]:
    """How far sums may be off whose terms have these absolute sums."""
    share = {"f64": 1e-12, "f32": 1e-5}.get(x.dtype, 0.0)
    return [share * value for value in terms.flatten().tolist()]
