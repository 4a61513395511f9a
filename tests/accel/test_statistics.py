"""Statistics: exact however many threads count, and printed for people."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rt_torch import accel

STEPS: dict[str, Callable[[], object]] = {
    "pure": accel.record_pure,
    "count_pure": accel.count_pure,
    "ffi": accel.record_ffi,
    "count_native": accel.count_native,
    "fallback": accel.record_ffi_fallback,
    "read": accel.get_stats,
}


def printed() -> list[str]:
    text = io.StringIO()
    accel.print_stats(text)
    return text.getvalue().splitlines()


class TestCounting:
    @given(st.lists(st.sampled_from([*STEPS, "reset"])))
    def test_reading_changes_nothing(self, steps: list[str]) -> None:
        accel.reset_stats()
        expected = {"pure": 0, "ffi": 0, "fallback": 0}
        for step in steps:
            if step == "reset":
                accel.reset_stats()
                expected = dict.fromkeys(expected, 0)
            else:
                STEPS[step]()
                name = {"count_pure": "pure", "count_native": "ffi"}.get(step, step)
                expected.update({name: expected[name] + 1} if name in expected else {})
        assert accel.get_stats()._asdict() == expected

    def test_eight_threads_lose_nothing(self) -> None:
        rounds, done, readings = 5000, threading.Event(), []

        def count() -> None:
            for _ in range(rounds):
                accel.count_pure()
                accel.count_native()
                accel.record_ffi_fallback()
                accel.record_transfer(3)
                accel.record_transfer(5, shared=True)

        def read() -> None:
            while not done.is_set():
                readings.append(accel.get_stats())

        counting = [threading.Thread(target=count) for _ in range(8)]
        reading = threading.Thread(target=read)
        for thread in (reading, *counting):
            thread.start()
        for thread in counting:
            thread.join()
        done.set()
        reading.join()
        total = 8 * rounds
        assert accel.get_stats() == (total, total, total)
        assert accel.get_transfers() == (total, 3 * total, total)
        assert readings == sorted(readings)


class TestTransfers:
    def test_copies_and_sharing_are_told_apart(self) -> None:
        accel.record_transfer(1000)
        accel.record_transfer(24)
        accel.record_transfer(10**9, shared=True)
        moved = accel.get_transfers()
        assert (moved.copies, moved.elements, moved.shared) == (2, 1024, 1)

    def test_they_are_reset_with_the_rest(self) -> None:
        accel.record_transfer(1)
        accel.record_transfer(1, shared=True)
        accel.reset_stats()
        assert accel.get_transfers() == (0, 0, 0)


class TestPrinting:
    def test_nothing_at_all(self) -> None:
        assert printed() == [
            "Pure:      0 operations (0%)",
            "Native:    0 operations (0%)",
            "Fallback:  0 operations (0%)",
            "Copied:    0 times, 0 elements",
            "Shared:    0 times",
        ]

    def test_shares_of_all(self) -> None:
        for _ in range(8000):
            accel.record_pure()
        for _ in range(1999):
            accel.record_ffi()
        accel.record_ffi_fallback()
        accel.record_transfer(1)
        accel.record_transfer(0, shared=True)
        assert printed() == [
            "Pure:      8,000 operations (80%)",
            "Native:    1,999 operations (20%)",
            "Fallback:  1 operation (0%)",
            "Copied:    1 time, 1 element",
            "Shared:    1 time",
        ]

    def test_to_standard_output(self, capsys: pytest.CaptureFixture[str]) -> None:
        accel.record_ffi()
        accel.print_stats()
        assert "Native:    1 operation (100%)\n" in capsys.readouterr().out
