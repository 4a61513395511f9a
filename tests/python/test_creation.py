"""Tensors filled by number, against Python's exact arithmetic and against torch."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from rt_torch.errors import BadArgumentError, OutOfMemoryError

LONGEST = 1000  # elements that are looked at
RANGES = {
    "i64": (-(2**63), 2**63 - 1),
    "i32": (-(2**31), 2**31 - 1),
    "i16": (-(2**15), 2**15 - 1),
    "i8": (-128, 127),
    "u8": (0, 255),
}

relaxed = settings(
    max_examples=300, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
edges = [0.0, 0.5, 1.0, 127.0, 128.0, 255.0, 256.0, 2.0**31, 2.0**53, 2.0**62, 2.0**63, 2.0**64, 1e19, 1e300]
wild = st.one_of(
    st.integers(-300, 300).map(float),
    st.sampled_from([*edges, *(-edge for edge in edges)]),
    st.floats(-1e20, 1e20).map(math.trunc).map(float),
    st.floats(-300, 300),
)
tame = st.one_of(st.integers(-255, 255).map(float), st.floats(-255, 255).map(lambda value: round(value, 3)))


def leads(start: float, end: float, step: float) -> bool:
    return step != 0 and (start <= end if step > 0 else start >= end)


def taken(f: Any, handle: int) -> list[Any]:
    """The elements as numbers; the handle is freed."""
    readable = handle
    if f.dtype(handle) not in ("f64", "f32"):
        readable = f.to_dtype(handle, "i64")
    reader = getattr(f, f"to_data_{f.dtype(readable)}")
    elements = list(reader(readable))
    for kept in {handle, readable}:
        f.free(kept)
    return elements


@pytest.mark.parametrize("dtype", RANGES)
@relaxed
@given(start=wild, end=wild, step=wild)
@example(start=1.0, end=2.0**63, step=2.0**61)
@example(start=-(2.0**63), end=2.0**63, step=2.0**63)
@example(start=-(2.0**63), end=2.0**64, step=2.0**64)
@example(start=-(2.0**63) + 2048, end=-(2.0**63), step=-1024.0)
@example(start=2.0**62, end=-(2.0**63) - 2048, step=-(2.0**62))
@example(start=0.0, end=-128.5, step=-64.0)
@example(start=0.0, end=128.5, step=64.0)
def test_a_range_of_integers_is_exact_or_refused(f: Any, dtype: str, start: float, end: float, step: float) -> None:
    assume(leads(start, end, step) and math.isfinite((end - start) / step))
    length = math.ceil((end - start) / step)
    lowest, highest = RANGES[dtype]
    exact = [Fraction(start) + i * Fraction(step) for i in range(min(length, LONGEST))]
    held = all(value.denominator == 1 and lowest <= value <= highest for value in exact)
    assume(not held or length <= LONGEST)
    if held:
        assert taken(f, f.arange(start, end, step, dtype, "cpu")) == exact
    else:
        with pytest.raises(BadArgumentError):
            f.arange(start, end, step, dtype, "cpu")


@relaxed
@given(start=wild, end=wild, step=wild)
def test_a_range_of_floats_is_what_python_computes(f: Any, start: float, end: float, step: float) -> None:
    assume(leads(start, end, step) and (end - start) / step <= LONGEST)
    expected = [start + i * step for i in range(math.ceil((end - start) / step))]
    assert taken(f, f.arange(start, end, step, "f64", "cpu")) == expected


@relaxed
@given(start=tame, end=tame, step=tame, dtype=st.sampled_from(["float64", "float32", "int64", "int32", "uint8"]))
def test_a_range_is_torch_s(f: Any, start: float, end: float, step: float, dtype: str) -> None:
    torch = pytest.importorskip("torch")
    assume(leads(start, end, step) and (end - start) / step <= LONGEST)
    if "int" in dtype:  # there torch cuts fractions off, and wraps around
        start, end, step = map(float, (math.trunc(start), math.trunc(end), math.trunc(step)))
        assume(step != 0 and ("uint" not in dtype or min(start, end) >= 0))
    expected = torch.arange(start, end, step, dtype=getattr(torch, dtype)).double()
    found = torch.tensor(taken(f, f.arange(start, end, step, dtype, "cpu")), dtype=torch.float64)
    torch.testing.assert_close(found, expected, rtol=1e-6 if dtype == "float32" else 1e-15, atol=1e-13)


@relaxed
@given(value=st.one_of(wild, st.floats()), dtype=st.sampled_from([*RANGES, "f64", "f32"]))
def test_full_is_torch_s_or_refused(f: Any, value: float, dtype: str) -> None:
    torch = pytest.importorskip("torch")
    theirs = {"f64": "float64", "f32": "float32", "u8": "uint8"}.get(dtype) or dtype.replace("i", "int")
    lowest, highest = RANGES.get(dtype, (-math.inf, math.inf))
    if dtype in RANGES and not (math.isfinite(value) and value == math.trunc(value) and lowest <= value <= highest):
        with pytest.raises(BadArgumentError, match="`value`"):
            f.full([2], value, dtype, "cpu")
        return
    try:
        expected = torch.full([2], value, dtype=getattr(torch, theirs)).tolist()
    except RuntimeError:
        with pytest.raises(BadArgumentError, match="`value`"):
            f.full([2], value, dtype, "cpu")
        return
    found = taken(f, f.full([2], value, dtype, "cpu"))
    assert [str(element) for element in found] == [str(element) for element in expected]  # NaN, and the sign of 0


def test_what_does_not_fit_into_memory_is_refused(f: Any) -> None:
    with pytest.raises(OutOfMemoryError):
        f.full([2**57], 1.0, "f64", "cpu")
    with pytest.raises(OutOfMemoryError):
        f.arange(0.0, 2.0**57, 1.0, "i64", "cpu")
