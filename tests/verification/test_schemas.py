"""The quoted operator schemas against torch's registry."""

from __future__ import annotations

import pytest

from verification import schemas, specs


@pytest.mark.usefixtures("torch")
def test_quoted_schemas_are_torchs() -> None:
    assert schemas.check() == []


@pytest.mark.usefixtures("torch")
def test_wrong_schemas_are_found() -> None:
    wrong = [
        "neg(Tensor self, bool deep=False) -> Tensor",
        "softmax.int(Tensor self, int dim, ScalarType? dtype) -> Tensor",
        "softmax.int(Tensor self, int axis, ScalarType? dtype=None) -> Tensor",
        "transpose.int(Tensor self, int dim0, int dim1) -> Tensor",
        "no_such_operator(Tensor self) -> Tensor",
        "neg(Tensor self",
    ]
    problems = schemas.check(wrong)
    assert len(problems) == len(wrong)
    assert "is in torch" in problems[0] and "aten::neg(Tensor self) -> Tensor" in problems[0]
    assert "is no operator" in problems[4]
    assert "does not parse" in problems[5]


def test_schemas_are_read_from_the_specs() -> None:
    quoted = specs.quoted_schemas()
    assert "softmax.int(Tensor self, int dim, ScalarType? dtype=None) -> Tensor" in quoted
    assert all(") -> " in schema for schema in quoted)
