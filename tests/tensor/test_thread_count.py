"""How many threads compute: those of libtorch, whether it is there already or not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import rt_torch as rt
from tests.tensor.test_modes import answer

pytestmark = pytest.mark.usefixtures("settled", "no_handle_left")


@pytest.fixture
def loaded(native: None) -> Iterator[None]:
    """libtorch is in use, and computes with as many threads as before afterwards."""
    with rt.acceleration("native"):
        rt.zeros([1])
    before = rt.get_num_threads()
    yield
    rt.set_num_threads(before)


def test_libtorch_is_told(loaded: None) -> None:
    for count in (1, 3, 2):
        rt.set_num_threads(count)
        assert rt.get_num_threads() == rt.native.get_num_threads() == count


def test_it_changes_no_result(loaded: None) -> None:
    x = rt.arange(250_000, dtype="f64").reshape(500, 500)
    sums = []
    for count in (1, 2):
        rt.set_num_threads(count)
        with rt.acceleration("native"):
            sums.append((x + x).sum().item())
    assert sums[0] == sums[1] == 250_000 * 249_999


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        (0, "0 was given, and a number of threads is between 1 and 1024"),
        (-2, "-2 was given"),
        (1025, "1025 was given"),
        (10**30, "10{30} was given|argument `n`"),
        (1.5, "argument `n`"),
        ("2", "argument `n`"),
        (None, "argument `n`"),
    ],
)
def test_no_number_of_threads(bad: Any, says: str) -> None:
    with pytest.raises(rt.BadArgumentError, match=rf"rt\.set_num_threads: argument `n`: |{says}") as raised:
        rt.set_num_threads(bad)
    assert "rt.set_num_threads: argument `n`" in str(raised.value)


def test_what_is_asked_for_before_libtorch_is_there_is_remembered(native: None) -> None:
    lines = answer(
        """
        import rt_torch as rt
        print(rt.get_num_threads() >= 1)
        rt.set_num_threads(3)
        rt.set_num_threads(2)
        print(rt.get_num_threads(), rt._choice.loaded)
        rt.set_acceleration("native")
        rt.zeros([1])
        print(rt.get_num_threads(), rt.native.get_num_threads())
        rt.set_num_threads(1)
        print(rt.get_num_threads(), rt.native.get_num_threads())
        """
    )
    assert lines == ["True", "2 False", "2 2", "1 1"]


WITHOUT = """
import warnings
import rt_torch as rt
print(rt.get_num_threads())
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    rt.set_num_threads(1)
    print(len(caught))
    rt.set_num_threads(4)
for warning in caught:
    print(warning.filename, warning.category.__name__, warning.message)
print(rt.get_num_threads())
"""
ALONE = "the native tier is not available, and the pure tier computes with one thread"


def test_without_a_native_tier_there_is_one(tmp_path: Path) -> None:
    for named in ({"RT_TORCH_LIBRARY": "none"}, {"RT_TORCH_LIBTORCH": str(tmp_path / "libtorch_cpu.so")}):
        lines = answer(WITHOUT, **named)
        assert lines == ["1", "0", f"<string> RuntimeWarning rt.set_num_threads: {ALONE}", "1"]
