"""What is logged: decisions when asked for, what falls back always and once."""

from __future__ import annotations

import threading

import pytest

from rt_torch import accel
from rt_torch.accel import log
from tests.accel import costs


@pytest.fixture
def lines() -> list[str]:
    found: list[str] = []
    accel.enable_logging(write=found.append)
    return found


class TestDecisions:
    def test_shapes_dtype_tier_and_reason(self, lines: list[str]) -> None:
        log.decision("matmul", [(1000, 1000), (1000, 1000)], "f64", "native", "predicted 12.1 ms against 9.8 s")
        log.decision("softmax", [(2, 3), -1], "f32", "pure", "the mode is pure")
        log.decision("add", [(), 2.5], "i64", "pure", "the mode is pure")
        assert lines == [
            "[accel] matmul 1000x1000 @ 1000x1000 f64 -> native (predicted 12.1 ms against 9.8 s)",
            "[accel] softmax 2x3, -1 f32 -> pure (the mode is pure)",
            "[accel] add () + 2.5 i64 -> pure (the mode is pure)",
        ]

    def test_questions_are_decisions(self, lines: list[str]) -> None:
        accel.use_profile("fixed")
        accel.should_use_ffi("matmul", 4_000_000)
        accel.set_ffi_available(True)
        accel.set_acceleration("auto")
        accel.should_use_ffi("matmul", 4_000_000)
        accel.should_use_ffi("relu", 5)
        assert lines == [
            "[accel] matmul 4,000,000 elements -> pure (the mode is pure)",
            "[accel] mode: auto",
            "[accel] matmul 4,000,000 elements -> native (the threshold is 1,000,000)",
            "[accel] relu 5 elements -> pure (the threshold is never)",
        ]

    def test_to_stderr(self, capsys: pytest.CaptureFixture[str]) -> None:
        accel.enable_logging(True)
        assert log.enabled()
        accel.set_acceleration("native")
        assert capsys.readouterr().err == "[accel] mode: native\n"

    def test_nothing_when_not_enabled(self, capsys: pytest.CaptureFixture[str]) -> None:
        accel.use_profile(costs.profile())
        accel.set_acceleration("auto")
        accel.decide("add", "f64", 5, ("list", 5))
        accel.should_use_ffi("add", 5)
        assert not log.enabled() and capsys.readouterr().err == ""

    def test_no_stderr_is_no_failure(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("sys.stderr", None)
        accel.enable_logging(True)
        accel.set_acceleration("pure")


class TestFallbacks:
    def test_once_for_each_function_and_reason(self, capsys: pytest.CaptureFixture[str]) -> None:
        for name, reason in [("add", "no memory"), ("add", "no memory"), ("mul", "no memory"), ("add", "gone")]:
            log.fallback(name, reason)
        assert capsys.readouterr().err.splitlines() == [
            "[accel] add: native failed, pure Python gave the result (said once): no memory",
            "[accel] mul: native failed, pure Python gave the result (said once): no memory",
            "[accel] add: native failed, pure Python gave the result (said once): gone",
        ]

    def test_once_from_many_threads(self, lines: list[str]) -> None:
        threads = [threading.Thread(target=log.fallback, args=("add", "gone")) for _ in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(lines) == 1


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 ns"),
        (4.1e-7, "410 ns"),
        (9.9951e-7, "1 us"),
        (1.21e-2, "12.1 ms"),
        (9.9996e-4, "1 ms"),
        (9.8, "9.8 s"),
        (999.6, "1,000 s"),
        (123456.0, "123,456 s"),
    ],
)
def test_seconds_are_read_easily(seconds: float, text: str) -> None:
    assert log.seconds_text(seconds) == text
