"""What the dispatcher makes of tensors on a GPU, what calibration measures there, and threads."""

from __future__ import annotations

import pytest

import rt_torch as rt
from rt_torch.calibration.movement import Link
from rt_torch.calibration.recipe import DTYPES, forget

pytestmark = [pytest.mark.gpu, pytest.mark.usefixtures("settled")]


def test_once_there_it_stays_there() -> None:
    x = rt.ones([2, 2], device="cuda")
    for mode in rt.AccelMode:
        with rt.acceleration(mode):
            choice = rt.explain("matmul", x, x)
            assert choice.tier == "native"
            assert choice.reason.startswith("`a` is on cuda:0, and stays there: to the cpu it takes ")
    assert rt.explain("add", rt.tensor(1.0), x).reason.startswith("`b` is on cuda:0")
    assert rt.explain("zeros", [2], device="cuda:0").reason == "only the native tier has the device cuda:0"
    assert rt.explain("to_device", x, "cpu").reason.startswith("`x` is on cuda:0: to the cpu it takes ")


def test_explaining_moves_nothing() -> None:
    x = rt.ones([1000], device="cuda")
    rt.reset_stats()
    rt.explain("add", x, x)
    rt.explain("to_device", x, "cpu")
    assert (rt.get_stats(), rt.get_transfers()) == ((0, 0, 0), (0, 0, 0))


def test_a_decision_is_logged() -> None:
    lines: list[str] = []
    rt.enable_logging(write=lines.append)
    x = rt.ones([2], device="cuda")
    x + x
    assert lines[-1] == "[accel] add 2 + 2 f64 -> native (only the native tier has this dtype or device)"


@pytest.mark.parametrize("dtype", DTYPES)
def test_calibration_measures_the_way_back(dtype: str) -> None:
    link = Link(dtype)
    (series,) = link.series
    with rt.acceleration("native"):
        for step in series.steps:
            step.time()
    series.end()
    forget()
    cost = link.cost()
    assert cost is not None
    assert cost.at(1000) > 0


def test_threads_are_the_cpu_s() -> None:
    x = rt.ones([4], device="cuda")
    before = rt.get_num_threads()
    rt.set_num_threads(1)
    assert rt.get_num_threads() == 1
    assert (x + x).tolist() == [2.0] * 4
    rt.set_num_threads(before)
