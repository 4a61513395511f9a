"""The conformance cases on several torches: the real one, and a stand-in that gets things wrong."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from rt_torch import loader
from verification import torch_versions
from verification.__main__ import main
from verification.conformance import Conformance, close, nest
from verification.torch_versions import Outcome
from verification.wheels import Torch, WheelError


class RefusedError(RuntimeError):
    name = "refused"


class StandIn(SimpleNamespace):
    """A library of tensors that are Python lists, with one function, `neg`."""

    def __init__(self, answer: Sequence[float] | Exception, *, leaks: int = 0, dtype: str = "f64") -> None:
        super().__init__()
        self.answer, self.leaks, self.result_dtype = answer, leaks, dtype
        self.live = 0

    def live_handles(self) -> int:
        return self.live

    def from_data_f64(self, data: list[float], shape: list[int]) -> int:
        self.live += 1
        return self.live

    def neg(self, handle: int) -> int:
        if isinstance(self.answer, Exception):
            raise self.answer
        self.live += 1 + self.leaks
        return 100

    def dtype(self, handle: int) -> str:
        return self.result_dtype

    def shape(self, handle: int) -> list[int]:
        assert not isinstance(self.answer, Exception)
        return [len(self.answer)]

    def to_data_f64(self, handle: int) -> list[float]:
        assert not isinstance(self.answer, Exception)
        return list(self.answer)

    def free(self, handle: int) -> None:
        self.live -= 1


def run_one(functions: StandIn, **expected: Any) -> tuple[int, list[str]]:
    case = {"args": {"x": {"data": [1.0, "nan"], "dtype": "f64", "shape": [2]}}, **expected}
    function = {"symbol": "rt_neg", "name": "neg", "params": [{"name": "x", "type": "tensor"}], "result": "tensor"}
    return Conformance(functions, {"functions": [{**function, "cases": [case]}]}).failures()


def test_a_right_answer_passes() -> None:
    assert run_one(StandIn([-1.0, float("nan")]), gives=[-1.0, "nan"], dtype="f64", shape=[2]) == (1, [])


@pytest.mark.parametrize(
    ("functions", "expected", "says"),
    [
        (StandIn([-2.0, 0.0]), {"gives": [-1.0, 0.0]}, "gave [-2.0, 0.0], expected [-1.0, 0.0]"),
        (StandIn([-1.0, 0.0]), {"gives": [-1.0, "nan"]}, "expected [-1.0, nan]"),
        (StandIn([-1.0]), {"gives": [-1.0, 0.0]}, "gave [-1.0], expected [-1.0, 0.0]"),
        (StandIn([-1.0]), {"shape": [2]}, "the shape is [1], expected [2]"),
        (StandIn([-1.0]), {"dtype": "f32"}, "the dtype is 'f64', expected 'f32'"),
        (StandIn([-1.0]), {"error": "bad_argument"}, "gave 100, expected the error 'bad_argument'"),
        (StandIn(RefusedError("no")), {"error": "bad_argument"}, "failed with 'refused' (no), expected 'bad_argument'"),
        (StandIn(RefusedError("no")), {"error": "refused", "says": "dim"}, "says 'no', expected to find 'dim' in it"),
        (StandIn(RefusedError("no")), {"gives": [-1.0]}, "RefusedError: no"),
        (StandIn([-1.0], leaks=1), {"gives": [-1.0]}, "left 1 handles behind"),
    ],
)
def test_a_wrong_answer_fails(functions: StandIn, expected: dict[str, Any], says: str) -> None:
    passed, (failure,) = run_one(functions, **expected)
    assert passed == 0
    assert failure.startswith("rt_neg, case 1: ") and failure.endswith(says)


def test_an_expected_error_passes() -> None:
    assert run_one(StandIn(RefusedError("the dim is wrong")), error="refused", says="dim") == (1, [])


def test_comparison() -> None:
    assert close(float("inf"), float("inf"), 0.0) and not close(float("inf"), float("-inf"), 0.0)
    assert close(1.0, 1.0 + 1e-12, 1e-9) and not close(1.0, 1.0 + 1e-6, 1e-9)
    assert not close(9007199254740993, 9007199254740992, 0.0)
    assert nest([1, 2, 3, 4], [2, 1, 2]) == [[[1, 2]], [[3, 4]]]
    assert nest([7], []) == 7 and nest([], [0, 3]) == []


def test_the_installed_torch_passes_every_case(library: Path, torch: Torch) -> None:
    answer = torch_versions.run_cases(library, torch.library)
    cases = json.loads(torch_versions.CASES.read_text())
    assert answer["failures"] == []
    count = sum(len(function["cases"]) for function in cases["functions"])
    assert answer["passed"] == {choice.name: count for choice in loader.choices() if not choice.problem}
    assert "ctypes" in answer["passed"]
    of_cuda = ["rt_torch_cuda_current_stream", "rt_torch_cuda_set_stream", "rt_torch_cuda_synchronize"]
    assert answer["unavailable"] in ([], of_cuda)  # a build without CUDA lacks these


def test_a_wrong_case_fails_on_the_installed_torch(library: Path, torch: Torch, tmp_path: Path) -> None:
    document = json.loads(torch_versions.CASES.read_text())
    (add,) = [function for function in document["functions"] if function["name"] == "add"]
    add["cases"] = [{**add["cases"][0], "gives": [11.0, 23.0]}]
    cases = tmp_path / "cases.json"
    cases.write_text(json.dumps({"functions": [add]}))
    answer = torch_versions.run_cases(library, torch.library, cases)
    assert not any(answer["passed"].values())
    wrong = "rt_torch_add, case 1: gave [11.0, 22.0], expected [11.0, 23.0]"
    assert answer["failures"] == [f"{name}: {wrong}" for name in answer["passed"]]


def test_a_library_that_is_none_is_a_failure(tmp_path: Path, torch: Torch) -> None:
    path = tmp_path / "librt_torch.so"
    path.write_text("no library")
    with pytest.raises(RuntimeError, match="ended with status"):
        torch_versions.run_cases(path, torch.library)


def test_the_command_fails_when_a_version_does(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    compile_library: Callable[[str], Path],
) -> None:
    def examine(version: str, wheels: Path | None, library: Path) -> Outcome:
        failures = ("cffi: rt_torch_add, case 1: wrong",) if version == "2.14.1" else ()
        passed = {"cffi": 199, "ctypes": 200}
        return Outcome(version, passed, failures, ("rt_torch_wrap",), "no", 0.5, {"cffi-api": "it was not built"})

    monkeypatch.setattr(torch_versions, "examine", examine)
    monkeypatch.setattr(torch_versions, "CASES", tmp_path)
    arguments = ["torch-versions", "--library", str(compile_library("int x;")), "--versions"]
    assert main([*arguments, "2.13.0"]) == 0
    assert main([*arguments, "2.13.0,2.14.1"]) == 1
    output = capsys.readouterr().out
    assert "cffi: rt_torch_add, case 1: wrong" in output
    assert "cffi-api was not tried: it was not built" in output
    assert "2.14.1  cffi 199, ctypes 200  1       no               0.5      rt_torch_wrap" in output


def test_a_torch_that_cannot_be_had_is_a_failure(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def provide(version: str, wheels: Path | None) -> Torch:
        raise WheelError("no such wheel")

    monkeypatch.setattr(torch_versions, "provide", provide)
    outcome = torch_versions.examine("2.13.0", None, tmp_path)
    assert not outcome.good and outcome.failures == ("no such wheel",)
