"""`python -m benchmarks.gpu`: what a GPU computes and copies, and what a call costs, against torch in the same process.

Both work on the same memory, in turns, and wait for the GPU at the end of each turn.  Where there is no GPU this says so,
and measures nothing.  With --markdown FILE the tables are written there too, with the GPU's name.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from functools import partial
from operator import add, matmul
from pathlib import Path
from typing import Any, NamedTuple

import rt_torch as rt
from benchmarks.peers import loop
from benchmarks.report import Table, ratio, setting, shown_seconds, write_markdown
from benchmarks.timing import Loop, Measured, interleave, turns_for
from rt_torch import native

GPU = "cuda:0"
GOAL = 0.98  # of torch's rate, in matrix products
NOTHING = "-"  # what was not measured

PEER, OURS, LINK = "torch", "rt_torch", "link"
TOLERANCE = 0.02  # of the largest element: bf16 has 8 bits


class Place(NamedTuple):
    """Where things are measured, and against whom."""

    device: str
    torch: Any | None
    wait: Callable[[], object]  # for all that was begun there


def main(arguments: Sequence[str] | None = None) -> int:
    options = parser().parse_args(arguments)
    problem = missing()
    if problem:
        print(f"no GPU is measured: {problem}")
        return 0
    torch, absent = peer()
    place = Place(GPU, torch, partial(native.cuda_synchronize, GPU))
    print(f"{name_of(GPU)}, libtorch {native.version()}")
    if absent:
        print(f"compared with nothing: {absent}")
    seconds, tables = 0.0 if options.small else 0.2, []
    for measured in (products, copies, calls):
        table = measured(place, rounds=options.rounds, seconds=seconds, small=options.small)
        print(f"\n{table.as_text()}", flush=True)
        tables.append(table)
    if options.markdown:
        write_markdown(options.markdown, command(options), f"{name_of(GPU)}, {setting(native.version())}", tables)
    return 0


def parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.gpu", description=__doc__)
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="write the tables to this file as well")
    parser.add_argument("--rounds", type=int, default=11, help="rounds of each comparison (default: 11)")
    parser.add_argument("--small", action="store_true", help="tiny sizes: to see whether everything runs")
    return parser


def command(options: argparse.Namespace) -> str:
    return f"python -m benchmarks.gpu{' --small' if options.small else ''}"


def missing() -> str:
    """Why there is nothing to measure; "" where there is a GPU."""
    try:
        return native.cuda_problem()
    except rt.Error as error:
        return str(error)


def peer() -> tuple[Any | None, str]:
    """torch with a GPU, and otherwise why there is none."""
    try:
        import torch
    except ImportError as error:
        return None, f"torch cannot be imported: {error}"
    if not torch.cuda.is_available():
        return None, f"torch {torch.__version__} itself sees no GPU"
    return torch, ""


def name_of(device: str) -> str:
    try:
        return rt.cuda.get_device_name(device)
    except rt.Error:  # CUDA's runtime need not be where we find it: libtorch has it
        return device


# Matrix products.


def products(place: Place, *, rounds: int, seconds: float, small: bool) -> Table:
    sides = (16, 32) if small else (4096, 8192)
    rows = [product(place, side, dtype, rounds, seconds) for side in sides for dtype in ("f32", "bf16")]
    note = f"As many floating-point operations as are done in a second. The goal is {GOAL} of torch's rate."
    return Table("Matrix products", note, ("matrices", PEER, OURS, "rate to torch's", "goal"), tuple(rows))


def product(place: Place, side: int, dtype: str, rounds: int, seconds: float) -> tuple[str, ...]:
    rt.manual_seed(side)
    a, b = (rt.randn(side, side, dtype="f32", device=place.device).to(dtype) for _ in range(2))
    contenders = {OURS: waiting(loop(partial(matmul, a, b)), place)}
    if place.torch is not None:
        x, y = (place.torch.from_dlpack(tensor) for tensor in (a, b))
        check(x @ y, place.torch.from_dlpack(a @ b))
        contenders = {PEER: waiting(loop(partial(matmul, x, y)), place), **contenders}
    title = f"{side} x {side} {dtype}"
    return product_row(title, side, compared(contenders, rounds, seconds, title))


def check(theirs: Any, ours: Any) -> None:
    """What is compared must be the same."""
    wrong = (theirs.float() - ours.float()).abs().max().item()
    most = theirs.float().abs().max().item()
    if not wrong <= TOLERANCE * most:
        raise RuntimeError(f"the products differ: by {wrong:.3g}, and the largest element is {most:.3g}")


def product_row(title: str, side: int, measured: dict[str, Measured]) -> tuple[str, ...]:
    flops = [f"{2 * side**3 / measured[name].nanoseconds / 1000:.4g} TFLOP/s" for name in measured]
    if PEER not in measured:
        return (title, NOTHING, *flops, NOTHING, NOTHING)
    rate = 1 / measured[OURS].ratio
    return (title, *flops, f"{rate:.3f}", "reached" if rate >= GOAL else "missed")


# Copies.


def copies(place: Place, *, rounds: int, seconds: float, small: bool) -> Table:
    count = 1 << 12 if small else 1 << 28  # bytes
    here = rt.ones([count // 4], dtype="f32").to_native()
    there = here.to(place.device, copy=True)
    forth: dict[str, Callable[[], object]] = {OURS: partial(here.to, place.device, copy=True)}
    back: dict[str, Callable[[], object]] = {OURS: partial(there.to, "cpu", copy=True)}
    if place.torch is not None:
        theirs_here, theirs_there = place.torch.from_dlpack(here), place.torch.from_dlpack(there)
        forth = {PEER: partial(theirs_here.to, place.device, copy=True), **forth}
        back = {PEER: partial(theirs_there.to, "cpu", copy=True), **back}
    if place.device != "cpu" and rt.cuda.is_available():
        pinned, block = rt.cuda.CudaHostMem(count), rt.cuda.CudaDeviceMem(count, place.device)
        forth = {LINK: partial(block.copy_from, pinned), **forth}
        back = {LINK: partial(block.copy_to, pinned), **back}
    size = f"{count >> 20} MiB" if count >> 20 else f"{count} bytes"
    rows = tuple(
        copy_row(title, count, compared(waiting_all(contenders, place), rounds, seconds, title))
        for title, contenders in ((f"{size} to the GPU", forth), (f"{size} from the GPU", back))
    )
    note = (
        "From and to new memory of the CPU, as `to` makes it; the link is what CUDA's runtime copies of pinned memory."
    )
    return Table("Copies", note, ("copy", LINK, PEER, OURS, "rate to torch's", "rate to the link's"), rows)


def copy_row(title: str, count: int, measured: dict[str, Measured]) -> tuple[str, ...]:
    def rate(name: str) -> str:
        return f"{count / measured[name].nanoseconds:.3g} GB/s" if name in measured else NOTHING

    def rate_to(name: str) -> str:
        return ratio(measured[name].nanoseconds / measured[OURS].nanoseconds) if name in measured else NOTHING

    return (title, rate(LINK), rate(PEER), rate(OURS), rate_to(PEER), rate_to(LINK))


# Calls.


def calls(place: Place, *, rounds: int, seconds: float, small: bool) -> Table:
    a, b = (rt.arange(16.0, device=place.device) for _ in range(2))
    m, n = (tensor.reshape([4, 4]) for tensor in (a, b))
    found: list[tuple[str, dict[str, Callable[[], object]]]] = [
        ("`a + b` of 16", {OURS: partial(add, a, b)}),
        ("`a @ b` of 4 x 4", {OURS: partial(matmul, m, n)}),
        ("`a.softmax(0)` of 16", {OURS: partial(a.softmax, 0)}),
    ]
    if place.torch is not None:
        x, y, p, q = (place.torch.from_dlpack(tensor) for tensor in (a, b, m, n))
        theirs = [partial(add, x, y), partial(matmul, p, q), partial(x.softmax, 0)]
        found = [(title, {PEER: call, **ours}) for call, (title, ours) in zip(theirs, found, strict=True)]
    rows = tuple(
        call_row(title, compared(waiting_all(contenders, place), rounds, seconds / 4, title))
        for title, contenders in found
    )
    return Table("Calls", "Small ones, one after the other.", ("call", PEER, OURS, "time to torch's"), rows)


def call_row(title: str, measured: dict[str, Measured]) -> tuple[str, ...]:
    taken = [shown_seconds(each.nanoseconds / 1e9) for each in measured.values()]
    return (title, *taken, ratio(measured[OURS].ratio)) if PEER in measured else (title, NOTHING, *taken, NOTHING)


# Timing.


def waiting(run: Loop, place: Place) -> Loop:
    def turn(turns: int) -> None:
        run(turns)
        place.wait()

    return turn


def waiting_all(contenders: dict[str, Callable[[], object]], place: Place) -> dict[str, Loop]:
    return {name: waiting(loop(call), place) for name, call in contenders.items()}


def compared(contenders: dict[str, Loop], rounds: int, seconds: float, title: str) -> dict[str, Measured]:
    """Each as often as takes ours so many seconds; ratios are to torch, where that is."""
    turns = turns_for(contenders[OURS], seconds)
    against = PEER if PEER in contenders else OURS
    return interleave(contenders, against, rounds=rounds, turns=turns, title=title)


if __name__ == "__main__":
    sys.exit(main())
