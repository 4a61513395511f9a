"""Many threads at once: modes of their own, shared tensors, exact statistics."""

from __future__ import annotations

import asyncio
import gc
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

import rt_torch as rt
from rt_torch import _lending, accel
from rt_torch_bindings import functions

pytestmark = pytest.mark.usefixtures("settled", "no_handle_left")

THREADS = 8


@pytest.fixture(autouse=True)
def switching() -> Iterator[None]:
    """Threads take turns as often as they can."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def in_threads(work: Callable[[int], Any], count: int = THREADS) -> list[Any]:
    """What the same work gives in each thread, all beginning at once; what is raised in one is raised here."""
    start = threading.Barrier(count)
    results: list[Any] = [None] * count
    errors: list[BaseException] = []

    def run(place: int) -> None:
        start.wait()
        try:
            results[place] = work(place)
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=run, args=(place,)) for place in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
    return results


MODES = ("pure", "native", "auto")
OPERATIONS = 6


def program(a: rt.Tensor, b: rt.Tensor) -> list[Any]:
    """Six operations, and what they give."""
    c = a + b
    d = c * a
    e = d @ a.T
    f = e.sum(dim=0)
    return [x.tolist() for x in (c, d, e, (f > 0))]


def shared() -> list[tuple[rt.Tensor, rt.Tensor]]:
    """Pairs of tensors that lie in every way."""
    pairs = []
    for prepare in (lambda x: x, lambda x: x.memoryview() and x, lambda x: x.to_native(), lambda x: x.T.contiguous().T):
        a = rt.tensor([[1.0, -2.0, 3.0], [4.0, 5.0, -6.0]])
        b = rt.tensor([[0.5, 1.5, -2.5], [2.0, 0.0, 1.0]])
        if rt.is_ffi_available() or prepare.__code__.co_names != ("to_native",):
            prepare(a), prepare(b)
        pairs.append((a, b))
    return pairs


def test_each_has_its_mode(native: None) -> None:
    pairs = shared()
    right = program(*pairs[0])
    rt.reset_stats()

    def work(place: int) -> set[str]:
        tiers = set()
        with rt.acceleration(MODES[place % 2]):
            for step in range(60):
                a, b = pairs[step % len(pairs)]
                assert program(a, b) == right
                tiers.add((a + b).residency)
        return tiers

    assert in_threads(work) == [{MODES[place % 2]} for place in range(THREADS)]
    half = THREADS // 2 * 60 * (OPERATIONS + 1)
    assert rt.get_stats() == (half, half, 0)


def test_all_modes_on_shared_tensors() -> None:
    pairs = shared()
    right = program(*pairs[0])
    rt.reset_stats()

    def work(place: int) -> None:
        for step in range(40):
            with rt.acceleration(MODES[(place + step) % 3]):
                assert program(*pairs[(place + step) % len(pairs)]) == right

    in_threads(work)
    stats = rt.get_stats()
    assert (sum(stats), stats.fallback) == (THREADS * 40 * OPERATIONS, 0)


@pytest.mark.parametrize("mode", MODES)
def test_statistics_of_the_shortcuts_are_exact(mode: str) -> None:
    a, b = rt.tensor([1.0, 2.0]), rt.tensor([3.0, 4.0])
    if mode != "pure" and rt.is_ffi_available():
        a.to_native(), b.to_native()
    rt.set_acceleration(mode)
    a + b
    rt.reset_stats()

    def work(place: int) -> list[int]:
        counts = []
        for _ in range(500):
            c = (a + b - a) * b
            counts.append(sum(rt.get_stats()))
            -c  # noqa: B018  # it is what is tested
        return counts

    for counts in in_threads(work):
        assert counts == sorted(counts)
    assert sum(rt.get_stats()) == THREADS * 500 * 4
    tier = "native" if mode == "native" and rt.is_ffi_available() else "pure"
    if mode != "auto":
        assert getattr(rt.get_stats(), "ffi" if tier == "native" else "pure") == THREADS * 500 * 4


def test_reading_meanwhile_loses_nothing() -> None:
    a = rt.tensor([1.0, 2.0])
    rt.reset_stats()
    seen: list[int] = []
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            seen.append(rt.get_stats().pure)

    reader = threading.Thread(target=read)
    reader.start()
    in_threads(lambda place: [a + a for _ in range(500)])
    done.set()
    reader.join()
    assert seen == sorted(seen)
    assert rt.get_stats() == (THREADS * 500, 0, 0)


@pytest.mark.parametrize("listed", [True, False])
def test_moving_one_tensor_gives_one_handle(native: None, listed: bool) -> None:
    _lending.reclaim()
    for _ in range(20):
        before, lent = rt.native.live_handles(), len(_lending._lent)
        x = rt.arange(50.0)
        if not listed:
            x.memoryview()
        rt.reset_stats()
        handles = in_threads(lambda place, x=x: x.to_native()._handle)
        assert len({*handles}) == 1
        assert rt.native.live_handles() == before + 1
        assert len(_lending._lent) == lent + 1
        assert rt.get_transfers() == ((1, 50, 0) if listed else (0, 0, 1))
        assert x.tolist() == [*range(50)]
        del x
        assert (rt.native.live_handles(), len(_lending._lent)) == (before, lent)


def test_moving_by_computing(native: None) -> None:
    x, y = rt.tensor([1.0, 2.0]), rt.tensor([3.0, 4.0])
    before = rt.native.live_handles()

    def work(place: int) -> list[Any]:
        with rt.acceleration("native"):
            return (x + y if place % 2 else y + x).tolist()

    assert in_threads(work) == [[4.0, 6.0]] * THREADS
    assert rt.native.live_handles() == before + 2


def test_seeing_one_native_tensor(native: None) -> None:
    for _ in range(4):
        with rt.acceleration("native"):
            x = rt.ones([3, 2]) * 2.0
        before = rt.native.live_handles()

        def work(place: int, x: rt.Tensor = x) -> Any:
            x[place % 3, place % 2] = 2.0
            return x.tolist(), x.memoryview().tolist(), x.shape, (x[1] + x[2]).tolist()

        assert in_threads(work) == [([[2.0, 2.0]] * 3, [[2.0, 2.0]] * 3, (3, 2), [4.0, 4.0])] * THREADS
        assert rt.native.live_handles() <= before + THREADS
        x[0, 0] = 5.0
        with rt.acceleration("native"):
            assert x.sum().item() == 15.0
        del x, work
        gc.collect()
        assert rt.native.live_handles() == before - 1


def test_asking_a_native_result_for_its_shape(native: None) -> None:
    rt.set_acceleration("native")
    for _ in range(20):
        x = rt.ones([3, 2]) @ rt.ones([2, 4])
        assert (
            in_threads(lambda place, x=x: (x.shape, x.dtype, x.numel(), x.strides))
            == [((3, 4), "f64", 12, (4, 1))] * THREADS
        )


@pytest.mark.parametrize(
    "disturb",
    [
        lambda step: rt.set_acceleration(MODES[step % 3]),
        lambda step: rt.set_ffi_available([False, None][step % 2]),
        lambda step: rt.enable_logging(step % 2 == 0, write=lambda line: None),
        lambda step: rt.set_threshold("elementwise", [0, None, 10**9][step % 3]),
        lambda step: accel.use_profile(["default", "fixed"][step % 2]),
    ],
    ids=["mode", "availability", "logging", "threshold", "profile"],
)
def test_something_changes_meanwhile(disturb: Callable[[int], Any]) -> None:
    pairs = shared()
    right = program(*pairs[0])
    rt.set_acceleration("auto")
    rt.reset_stats()
    done = threading.Event()

    def change() -> None:
        step = 0
        while not done.wait(0.0005):
            disturb(step)
            step += 1

    changer = threading.Thread(target=change)
    changer.start()
    try:
        in_threads(lambda place: [None for step in range(60) if program(*pairs[(place + step) % 4]) != right], 4)
        wrong = sum(
            len(found)
            for found in in_threads(lambda place: [s for s in range(30) if program(*pairs[s % 4]) != right], 4)
        )
    finally:
        done.set()
        changer.join()
    stats = rt.get_stats()
    assert (wrong, sum(stats), stats.fallback) == (0, 4 * 90 * OPERATIONS, 0)


def test_leaving_a_block_in_one_thread_leaves_the_others_alone(native: None) -> None:
    a = rt.tensor([1.0, 2.0])
    inside, outside = threading.Event(), threading.Event()
    tiers: list[str] = []

    def hold() -> None:
        with rt.acceleration("native"):
            inside.set()
            outside.wait()
            tiers.append((a + a).residency)

    thread = threading.Thread(target=hold)
    thread.start()
    inside.wait()
    with rt.acceleration("auto"):
        pass
    tiers.append((a.clone() + rt.ones([2])).residency)
    outside.set()
    thread.join()
    assert tiers == ["pure", "native"]


def test_tasks_in_threads(native: None) -> None:
    a = rt.tensor([1.0, 2.0])

    async def work(mode: str) -> set[str]:
        tiers = set()
        with rt.acceleration(mode):
            for _ in range(20):
                tiers.add((a * a).residency)
                await asyncio.sleep(0)
        return tiers

    async def several() -> list[set[str]]:
        return await asyncio.gather(*(work(mode) for mode in ("native", "pure", "native")))

    assert in_threads(lambda place: asyncio.run(several()), 4) == [[{"native"}, {"pure"}, {"native"}]] * 4


def test_user_errors_in_many_threads() -> None:
    a, b = rt.tensor([1.0, 2.0]), rt.tensor([1.0, 2.0, 3.0])

    def work(place: int) -> set[str]:
        said = set()
        with rt.acceleration(MODES[place % 3]):
            for step in range(50):
                with pytest.raises(rt.BadArgumentError) as caught:
                    a + b if step % 2 else a.softmax(place)
                    a.softmax(7)
                said.add(str(caught.value).partition(":")[0])
        return said

    for said in in_threads(work):
        assert said <= {"rt_torch_add", "rt_torch_softmax"}
    assert rt.get_stats().fallback == 0


def test_many_create_and_drop(native: None) -> None:
    _lending.reclaim()
    before, lent = rt.native.live_handles(), len(_lending._lent)

    def work(place: int) -> None:
        with rt.acceleration("native"):
            for step in range(300):
                x = rt.tensor([float(step), 1.0])
                assert (x.reshape(1, 2) + x).tolist() == [[2.0 * step, 2.0]]

    in_threads(work)
    gc.collect()
    _lending.reclaim()
    assert (rt.native.live_handles(), len(_lending._lent)) == (before, lent)


def test_a_list_that_another_thread_takes(native: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """One is told of one token, then there are two, then the other has taken both: that is no failure."""
    answers = iter([1, -1, 0, 0])
    monkeypatch.setattr(functions, "_released", lambda *arguments: next(answers))
    assert functions.released() == []
