"""Columns on a common scale."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import rt_torch as rt
from rt_torch.data import mean_and_std, normalize, standardize, value_range

Resident = Callable[[rt.Tensor], rt.Tensor]

numbers = st.floats(-1e100, 1e100, allow_subnormal=False)
tables = st.integers(1, 4).flatmap(
    lambda width: st.lists(st.lists(numbers, min_size=width, max_size=width), min_size=1)
)


@pytest.fixture(params=["pure", "native"], autouse=True)
def mode(request: pytest.FixtureRequest) -> Any:
    """Every test is run in both tiers."""
    if request.param == "native":
        request.getfixturevalue("native")
    with rt.acceleration(request.param):
        yield


# normalize.


def test_normalize_brings_each_column_to_0_and_1() -> None:
    """The numbers of the original's example."""
    x = [[1, 2], [3, 4], [5, 6], [7, 8], [9, 10], [11, 12]]
    assert normalize(x).tolist() == [[0, 0], [0.2, 0.2], [0.4, 0.4], [0.6, 0.6], [0.8, 0.8], [1, 1]]


def test_normalize_gives_0_where_a_column_is_constant() -> None:
    assert normalize([[3.0, 1.0], [3.0, 2.0]]).tolist() == [[0, 0], [0, 1]]
    assert normalize([5.0]).tolist() == [0]


def test_normalize_with_numbers() -> None:
    assert normalize([0, 5, 10, 20], 0, 10).tolist() == [0, 0.5, 1, 2]
    assert normalize([[1.0, 2.0]], 1, 1).tolist() == [[0, 0]]


def test_normalize_with_what_was_found_elsewhere() -> None:
    low, high = value_range([[0.0, 10.0], [4.0, 30.0]])
    assert (low.tolist(), high.tolist()) == ([0, 10], [4, 30])
    assert normalize([[2.0, 50.0]], low, high).tolist() == [[0.5, 2]]


def test_one_column_and_several_dimensions() -> None:
    assert normalize([1.0, 2.0, 3.0]).tolist() == [0, 0.5, 1]
    assert normalize([[[1.0], [5.0]], [[2.0], [7.0]]]).tolist() == [[[0], [0]], [[1], [1]]]
    low, _ = value_range([1.0, 2.0])
    assert low.shape == ()


@pytest.mark.parametrize("function", [normalize, standardize])
def test_dtypes(function: Callable[[Any], rt.Tensor]) -> None:
    assert function(rt.tensor([1, 2])).dtype == "f64"
    assert function(rt.tensor([True, False])).dtype == "f64"
    assert function(rt.tensor([1.0, 2.0], dtype="f32")).dtype == "f32"
    x = rt.tensor([[1.0], [2.0]], dtype="f32")
    assert function(x).tolist() in ([[0], [1]], [[-1], [1]])
    assert x.tolist() == [[1], [2]]


def test_views_and_either_tier(resident: Resident) -> None:
    x = resident(rt.tensor([[0.0, 1.0, 2.0], [4.0, 5.0, 4.0]]))
    assert normalize(x[:, ::2]).tolist() == [[0, 0], [1, 1]]
    assert normalize(x.T[::-1]).tolist() == [[1, 0], [0.5, 1], [0, 0]]


@given(tables)
def test_normalized_numbers_are_between_0_and_1(table: list[list[float]]) -> None:
    scaled = normalize(table)
    for before, after in zip(zip(*table, strict=True), zip(*scaled.tolist(), strict=True), strict=True):
        assert min(after) == 0
        assert max(after) == (0 if min(before) == max(before) else 1)
        order = sorted(range(len(before)), key=before.__getitem__)
        assert sorted(after) == [after[place] for place in order]


def test_nan_stays_in_its_column() -> None:
    scaled = normalize([[math.nan, 1.0], [1.0, 2.0]]).tolist()
    assert math.isnan(scaled[0][0]) and math.isnan(scaled[1][0])
    assert [row[1] for row in scaled] == [0, 1]


# standardize.


def test_standardize_divides_by_the_populations_deviation() -> None:
    assert standardize([[2.0], [4.0], [4.0], [4.0], [5.0], [5.0], [7.0], [9.0]]).tolist() == [
        [-1.5],
        [-0.5],
        [-0.5],
        [-0.5],
        [0],
        [0],
        [1],
        [2],
    ]


@pytest.mark.parametrize("count", [3, 10, 1000])
def test_standardize_gives_0_where_a_column_is_constant(count: int) -> None:
    """Also where the computed mean of equal numbers is another one: that of ten times 0.1."""
    x = [[0.1, float(place)] for place in range(count)]
    assert {row[0] for row in standardize(x).tolist()} == {0.0}
    mean, std = mean_and_std(x)
    assert (mean[0].item(), std[0].item()) == (0.1, 0.0)


@given(st.lists(st.floats(-1e6, 1e6), min_size=2))
def test_standardized_numbers_have_mean_0_and_deviation_1(column: list[float]) -> None:
    mean, std = mean_and_std(column)
    assert math.isclose(mean.item(), statistics.fmean(column), rel_tol=1e-9, abs_tol=1e-9)
    assert math.isclose(std.item(), statistics.pstdev(column), rel_tol=1e-9, abs_tol=1e-9)
    if statistics.pstdev(column) > 1e-3:
        scaled = standardize(column).tolist()
        assert abs(statistics.fmean(scaled)) < 1e-6
        assert abs(statistics.pstdev(scaled) - 1) < 1e-6


@pytest.mark.parametrize(
    ("dtype", "size"), [("f32", 1e-23), ("f32", 1e30), ("f32", 1e-44), ("f64", 1e-200), ("f64", 1e300), ("f64", 5e-324)]
)
def test_standardize_numbers_whose_squares_are_none(dtype: str, size: float) -> None:
    """As the charge of an electron in coulombs; the other columns are what they would be without."""
    x = rt.tensor([[size, 1.0, size], [-size, 2.0, size], [size, 5.0, size], [-size, 5.0, size]], dtype=dtype)
    assert standardize(x)[:, 0].tolist() == [1, -1, 1, -1]
    assert standardize(x)[:, 1].tolist() == standardize(x[:, 1]).tolist()
    assert standardize(x)[:, 2].tolist() == [0, 0, 0, 0]
    mean, std = mean_and_std(x)
    assert mean.tolist()[::2] == [0, x[0, 0].item()] and std.tolist()[::2] == [x[0, 0].item(), 0]


def test_standardize_with_what_was_found_elsewhere() -> None:
    mean, std = mean_and_std([[0.0, 1.0], [2.0, 1.0]])
    assert standardize([[3.0, 9.0]], mean, std).tolist() == [[2, 0]]
    assert standardize([4.0], 2, 0.5).tolist() == [4]


def test_iris_as_numpy_has_it(np: Any) -> None:
    x, _ = rt.data.iris()
    there = np.array(x.tolist())
    assert np.allclose(standardize(x).tolist(), (there - there.mean(0)) / there.std(0), rtol=1e-12)
    assert np.allclose(normalize(x).tolist(), (there - there.min(0)) / (there.max(0) - there.min(0)), rtol=1e-12)


# Bad input.


@pytest.mark.parametrize("function", [normalize, standardize, value_range, mean_and_std])
@pytest.mark.parametrize(
    ("data", "message"),
    [
        ([], "there is no sample"),
        (rt.zeros([0, 3]), "there is no sample"),
        (rt.tensor(1.0), "a single number"),
        ([[1.0], [1.0, 2.0]], "lists of 1 and of 2 elements"),
    ],
)
def test_data_without_columns(function: Callable[[Any], Any], data: Any, message: str) -> None:
    with pytest.raises(rt.BadArgumentError, match=message):
        function(data)


def test_errors_name_the_function() -> None:
    with pytest.raises(rt.BadArgumentError, match=r"rt\.data\.normalize: arguments `min` and `max`: both"):
        normalize([1.0], 0)
    with pytest.raises(rt.BadArgumentError, match=r"rt\.data\.standardize: arguments `mean` and `std`: both"):
        standardize([1.0], std=1)
    with pytest.raises(rt.BadArgumentError):
        normalize([[1.0, 2.0]], [1, 2, 3], [4, 5, 6])
    with pytest.raises(rt.ArgumentTypeError):
        normalize("abc")
