"""The known answers of the specs, through each loader, over the stand-in; those over the real runtime are beside it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from rt_cuda_bindings.raw import NAMES
from tests.cuda.conftest import ROOT
from verification.conformance import Conformance

DOCUMENT = json.loads((ROOT / "generated" / "conformance" / "rt_cuda.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("number", range(len(DOCUMENT["functions"])), ids=[x["name"] for x in DOCUMENT["functions"]])
def test_known_answers(f: Any, number: int) -> None:
    outcomes = list(Conformance(f, {"functions": [DOCUMENT["functions"][number]]}).outcomes())
    assert [f"{outcome.title}: {outcome.problem}" for outcome in outcomes if outcome.problem] == []


def test_document_is_about_these_functions() -> None:
    assert {function["symbol"] for function in DOCUMENT["functions"]} <= set(NAMES.values())
