"""Several threads that go backward at once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest

import rt_torch as rt
from tests.autograd.conftest import leaf, numbers

THREADS, ROUNDS = 6, 25


def together(work: Callable[[int], Any], mode: str) -> None:
    """Run `work` in several threads at once; their first error is raised."""
    barrier = threading.Barrier(THREADS)
    errors: list[BaseException] = []

    def run(number: int) -> None:
        try:
            with rt.acceleration(mode):
                barrier.wait(30)
                work(number)
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    if errors:
        raise errors[0]


def test_graphs_of_their_own(mode: str) -> None:
    def work(number: int) -> None:
        for _ in range(ROUNDS):
            x = leaf([1.0, 2.0, float(number)])
            (x.exp().log() * x).sum().backward()
            assert numbers(x.grad) == pytest.approx([2.0, 4.0, 2.0 * number])

    together(work, mode)


def test_graphs_that_share_leaves(mode: str) -> None:
    x, w = leaf([1.0, 2.0]), leaf([[1.0, 2.0], [3.0, 4.0]])

    def work(number: int) -> None:
        for _ in range(ROUNDS):
            ((x * 2) @ w).sum().backward()

    together(work, mode)
    count = THREADS * ROUNDS
    assert numbers(x.grad) == [6.0 * count, 14.0 * count]
    assert numbers(w.grad) == [[2.0 * count] * 2, [4.0 * count] * 2]


def test_a_graph_that_is_retained(mode: str) -> None:
    x = leaf([1.0, 2.0])
    y = (x.tanh() * x).sum()
    expected = numbers(rt.grad(y, x, retain_graph=True)[0])

    def work(number: int) -> None:
        for _ in range(ROUNDS):
            assert numbers(rt.grad(y, x, retain_graph=True)[0]) == expected

    together(work, mode)


def test_recording_is_off_in_one_thread_only(mode: str) -> None:
    x = leaf([1.0])

    def work(number: int) -> None:
        for _ in range(ROUNDS):
            if number % 2:
                with rt.no_grad():
                    assert not (x * 2).requires_grad
            else:
                assert (x * 2).requires_grad

    together(work, mode)
