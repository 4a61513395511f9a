"""The memory of large lists, kept for the next ones."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from rt_torch import pure
from rt_torch.pure import heap
from rt_torch.pure.heap import LARGE, keep

pytestmark = pytest.mark.skipif(sys.implementation.name != "cpython", reason="other Pythons have other heaps")


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch):
    monkeypatch.setattr(heap, "_kept", {})


def arenas(numbers):
    return {id(number) >> 20 for number in numbers}


def new_numbers(count):
    return [at + 0.5 for at in range(count)]


def test_numbers_live_on_in_the_arenas_of_large_lists():
    numbers = new_numbers(200_000)
    keep(numbers)
    assert arenas(heap._kept.values()) == heap._kept.keys() == arenas(numbers[::4096])


def test_what_is_kept_already_is_not_kept_again():
    numbers = new_numbers(100_000)
    keep(numbers)
    kept = heap._kept
    keep(numbers)
    assert heap._kept is kept


def test_no_more_than_64_arenas_are_kept_the_newest():
    first, second = new_numbers(3_000_000), new_numbers(100_000)
    keep(first)
    assert 32 < len(heap._kept) <= 64
    keep(second)
    assert len(heap._kept) <= 64
    assert arenas(second[::4096]) <= heap._kept.keys()


@pytest.mark.parametrize("dtype", ["f64", "f32", "i64", "bool"])
def test_large_results_are_kept_in_every_dtype(dtype):
    x = pure.ones((LARGE,), dtype)
    heap._kept.clear()
    pure.add(x, x)
    assert heap._kept


def test_small_results_are_not_looked_at():
    x = pure.ones((LARGE - 1,))
    pure.add(x, x)
    assert not heap._kept


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="page faults are counted on Linux")
@pytest.mark.skipif("PYTHONMALLOC" in os.environ, reason="another allocator has no arenas")
def test_the_system_is_not_asked_for_the_same_memory_again():
    assert faults("import rt_torch as rt; x = rt.full((1000000,), 0.5); add = lambda: x + x") < 0.5 * faults(
        "import operator; x = [0.5] * 1000000; add = lambda: [*map(operator.add, x, x)]"
    )


def faults(program):
    """Page faults of ten additions of a million numbers, when some have been made."""
    code = f"""
{program}
import resource
count = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(5): add()
before = count()
for _ in range(10): add()
print(count() - before)
"""
    command = [sys.executable, "-c", code]
    return int(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
