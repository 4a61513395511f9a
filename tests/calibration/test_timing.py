"""Taking times: sizes grow until they take too long, and what is refused is left out."""

from __future__ import annotations

import gc
import time

import pytest

from rt_torch import accel
from rt_torch.calibration.progress import Progress
from rt_torch.calibration.timing import LONGEST, Call, Clock, Series, Step


def sleeping(seconds: float) -> Call:
    return lambda: time.sleep(seconds)


def measured(*series: Series, refused: tuple[type[Exception], ...] = (), until: float = 0) -> None:
    Clock(Progress(1, enabled=False), refused).measure(series, until)


def test_each_size_has_its_time() -> None:
    series = Series("sleep", "pure", [Step(size, size, lambda size=size: sleeping(size / 1000)) for size in (1, 2, 4)])
    measured(series)
    assert [work for work, _ in series.points] == [1, 2, 4]
    assert all(seconds >= work / 1000 for work, seconds in series.points)


def test_sizes_that_would_take_too_long_are_left_out() -> None:
    series = Series("sleep", "pure", [Step(size, size, lambda size=size: sleeping(size / 1000)) for size in (1, 5, 50)])
    measured(series)
    assert [work for work, _ in series.points] == [1, 5]
    assert LONGEST < 0.05


def test_what_is_refused_is_left_out() -> None:
    def refuse() -> object:
        raise KeyError

    series = Series("refused", "pure", [Step(1, 1, lambda: sleeping(0)), Step(2, 2, lambda: refuse)])
    measured(series, refused=(KeyError,))
    assert series.points == []
    with pytest.raises(KeyError):
        measured(Series("refused", "pure", [Step(2, 2, lambda: refuse)]))


def test_what_another_tier_answered_is_left_out() -> None:
    with accel.statistics.not_counted():
        series = Series("fallback", "native", [Step(1, 1, lambda: accel.record_ffi_fallback)])
        measured(series)
    assert series.points == []


def test_a_series_runs_in_its_mode() -> None:
    modes: list[str] = []
    measured(*[Series("", mode, [Step(1, 1, lambda: lambda: modes.append(accel.get_current_mode().value))])
               for mode in ("native", "pure")])  # fmt: skip
    assert sorted(set(modes)) == ["native", "pure"]
    before = accel.get_current_mode()
    assert accel.get_current_mode() is before


def test_rounds_go_on_while_there_is_time_and_the_shortest_counts() -> None:
    turns: list[int] = []

    def call() -> None:
        turns.append(1)
        time.sleep(0.02 if len(turns) == 1 else 0.005)

    series = Series("", "pure", [Step(1, 1, lambda: call)])
    measured(series, until=0.2)
    assert len(turns) > 3
    assert 0.005 <= series.points[0][1] < 0.02


def test_the_collector_is_off_meanwhile() -> None:
    seen: list[bool] = []
    measured(Series("", "pure", [Step(1, 1, lambda: lambda: seen.append(gc.isenabled()))]))
    assert gc.isenabled() and not any(seen)
