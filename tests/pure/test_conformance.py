"""The known answers and errors of the specs, on the pure tier."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from rt_torch import pure
from rt_torch.pure.dtype import PURE_DTYPES, canonical
from verification.conformance import Conformance

ROOT = Path(__file__).resolve().parent.parent.parent
DOCUMENT = json.loads((ROOT / "generated" / "conformance" / "rt_torch.json").read_text(encoding="utf-8"))
FUNCTIONS = [function for function in DOCUMENT["functions"] if function["name"] in pure.__all__]


class Functions:
    """The pure tier's functions beside what handles need, which tensors do not."""

    def __getattr__(self, name: str) -> Any:
        return getattr(pure, name)

    def live_handles(self) -> int:
        return 0

    def free(self, tensor: Any) -> None:
        pass


def has_the_dtypes(case: dict[str, Any]) -> bool:
    """Whether all tensors of a case, and the dtype asked for, are the pure tier's."""
    given = case["args"].values()
    named = [value["dtype"] for value in given if isinstance(value, dict)] + [case["args"].get("dtype", "f64")]
    return all(canonical(name) in (*PURE_DTYPES, None) for name in named)


@pytest.mark.parametrize("function", FUNCTIONS, ids=[function["name"] for function in FUNCTIONS])
def test_known_answers(function: dict[str, Any]) -> None:
    cases = [case for case in function["cases"] if has_the_dtypes(case)]
    outcomes = list(Conformance(Functions(), {"functions": [{**function, "cases": cases}]}).outcomes())
    assert cases
    assert [f"{outcome.title}: {outcome.problem}" for outcome in outcomes if outcome.problem] == []


def test_every_function_that_computes_has_its_twin() -> None:
    takes = {"tensor", "[f64]", "[f32]", "[i64]", "[u8]"}
    lending = {"free", "retain", "wrap", "data_ptr", "to_dlpack"}
    computing = {
        function["name"]
        for function in DOCUMENT["functions"]
        if takes & {parameter["type"] for parameter in function["params"]} and function["name"] not in lending
    }
    assert computing - set(pure.__all__) == set()
    assert {"zeros", "ones", "full", "arange", "randn", "rand"} <= set(pure.__all__)
