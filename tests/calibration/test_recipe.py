"""Which function's cost beyond the caches stands for which."""

from __future__ import annotations

import pytest

from rt_torch.accel.functions import declared, group_of, line_of, operands_of
from rt_torch.calibration.recipe import COLUMNS, Recipe, far_example


@pytest.mark.parametrize("name", sorted(declared()))
def test_an_example_is_its_own_and_takes_as_many_tensors_or_more(name: str) -> None:
    example = far_example(name)
    if not operands_of(name) or group_of(name) == "views":
        assert example == ""
    if example:
        assert far_example(example) == example
        assert operands_of(example) <= operands_of(name)


def test_the_examples_make_unlike_objects() -> None:
    assert {far_example(name) for name in declared()} == {
        *("", "add", "neg", "eq", "sum", "relu", "softmax", "clone", "matmul")
    }


def test_work_counts_lines() -> None:
    assert Recipe("sum_dim", "f64")._work(4 * COLUMNS) == 4 * COLUMNS + 4 * line_of("sum_dim")
    assert Recipe("matmul", "f64")._work(64) == 512 + 64 * line_of("matmul")
    assert Recipe("add", "f64")._work(64) == 64
    assert Recipe("transpose", "f64")._work(64) == 0
