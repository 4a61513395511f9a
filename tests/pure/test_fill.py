"""New tensors filled by number: one value, or a range."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rt_torch import pure
from rt_torch_bindings.errors import ArgumentTypeError, BadArgumentError


def test_full_holds_the_value():
    assert pure.full([2], 7.0, "i64").tolist() == [7, 7]
    assert pure.full([1], 0.1, "f32").tolist() == [0.10000000149011612]
    assert pure.full([1], math.inf, "f32").tolist() == [math.inf]
    assert pure.full([1], 0.5, "bool").tolist() == [True]
    assert pure.full([1], math.nan, "bool").tolist() == [True]
    assert pure.full([], -(2**63), "i64").item() == -(2**63)


@pytest.mark.parametrize(
    ("value", "dtype", "problem"),
    [
        (1.5, "i64", f"the value is 1.5, and i64 holds whole numbers from {-(2**63)} to {2**63 - 1}"),
        (math.nan, "i64", "the value is nan, and i64 holds whole numbers"),
        (2.0**63, "i64", "the value is 9.2233720368547758e+18, and i64 holds whole numbers"),
        (1e300, "f32", "1e+300 was given, and f32 holds at most 3.40282e+38"),
    ],
)
def test_values_that_full_does_not_hold(value, dtype, problem):
    with pytest.raises(BadArgumentError) as caught:
        pure.full([1], value, dtype)
    assert str(caught.value).startswith(f"rt_torch_full: argument `value`: {problem}")


def test_full_wants_a_number():
    with pytest.raises(ArgumentTypeError) as caught:
        pure.full([1], "1")
    assert str(caught.value) == "rt_torch_full: argument `value`: a number is expected; given '1' (str)"


@given(st.integers(-50, 50), st.integers(-50, 50), st.integers(-7, 7).filter(bool))
def test_arange_of_integers_is_a_range(start, end, step):
    if (end - start) * step < 0:
        with pytest.raises(BadArgumentError) as caught:
            pure.arange(start, end, step)
        assert f"{step} was given, which does not lead from {start} to {end}" in str(caught.value)
    else:
        x = pure.arange(start, end, step)
        assert x.dtype == "i64" and x.tolist() == [*range(start, end, step)]


@given(st.floats(-50, 50), st.floats(0.1, 5), st.integers(0, 30))
def test_arange_of_floats_counts_from_the_start(start, step, count):
    x = pure.arange(start, start + step * (count - 0.5), step) if count else pure.arange(start, start, step)
    assert x.dtype == "f64"
    assert x.tolist() == [start + place * step for place in range(count)]


def test_arange_of_one_number_begins_at_0():
    assert pure.arange(3).tolist() == [0, 1, 2]
    assert pure.arange(2.5).tolist() == [0.0, 1.0, 2.0]


def test_arange_of_a_dtype():
    assert pure.arange(3, dtype="f32").dtype == "f32"
    assert {*map(type, pure.arange(0, 3, dtype="f64").tolist())} == {float}
    assert pure.arange(0, 0.25, 0.1, dtype="f32").tolist() == pytest.approx([0.0, 0.1, 0.2], rel=1e-7)
    assert pure.arange(0.0, 7.5, 3.0, "i64").tolist() == [0, 3, 6]
    assert pure.arange(2.0**53 - 1, 2.0**53 + 2, 1, "i64").tolist() == [2**53 - 1, 2**53, 2**53 + 1]


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ((0, 3, 0), "argument `step`: 0 was given, and a range goes up or down"),
        ((0, 3, -1), "argument `step`: -1 was given, which does not lead from 0 to 3"),
        ((0, math.inf), "argument `end`: inf was given, and a finite number is needed"),
        ((math.nan, 1), "argument `start`: nan was given, and a finite number is needed"),
        ((0, 3, 1, "bool"), "argument `dtype`: bool was given, and a range has numbers"),
        ((0, 3, 1, "f63"), 'argument `dtype`: "f63" is no dtype'),
        ((0, 3, 1, "f64", "tpu"), 'argument `device`: "tpu" is no device: expected cpu, gpu, cuda or cuda:N'),
        ((0.5, 2, 1, "i64"), "argument `start`: the value is 0.5, and i64 holds whole numbers from"),
        ((0, 2, 0.5, "i64"), "argument `step`: 0.5 was given, and i64 holds whole numbers only"),
        (
            (-1e18, -1.1e19, -3e18, "i64"),
            "argument `end`: the range reaches -1e+19, and i64 holds whole numbers from",
        ),
        (
            (0, 1e300),
            "arguments `start`, `end` and `step`: from 0 to 1e+300 by 1 it is 1e+300 elements, whose size in bytes "
            "overflows 63 bits",
        ),
        (("a", 1), "argument `start`: a number is expected; given 'a' (str)"),
    ],
)
def test_what_arange_refuses(arguments, problem):
    with pytest.raises(BadArgumentError) as caught:
        pure.arange(*arguments)
    assert str(caught.value).startswith(f"rt_torch_arange: {problem}")
