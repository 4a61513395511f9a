"""One program in the three modes: where it ran, how long it took, and why.

    python examples/tiers.py [--size 200] [--steps 20]

The program is a power iteration: it finds the largest eigenvalue of a symmetric matrix by multiplying with it again and
again.  Beside the matrix products, which libtorch is made for, it has small steps that plain Python does as fast.
"""

from __future__ import annotations

import argparse
import sys
import time

import rt_torch as rt


def largest_eigenvalue(size: int, steps: int) -> float:
    """By power iteration on a random symmetric matrix; nothing in here knows of modes."""
    rt.manual_seed(0)
    a = rt.randn([size, size])
    matrix = a @ a.T / size
    vector = rt.ones([size, 1])
    for _ in range(steps):
        product = matrix @ vector
        length = (product * product).sum().sqrt()
        vector = product / length
    return (vector.T @ matrix @ vector).item()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", type=int, default=200, help="rows of the matrix (default: 200)")
    parser.add_argument("--steps", type=int, default=20, help="steps of the iteration (default: 20)")
    options = parser.parse_args()
    for mode in rt.accel.AccelMode:
        run(mode, options.size, options.steps)
    if not rt.is_ffi_available():
        print(
            "native is not available here, so all three modes ran in pure Python; `python -m rt_torch doctor` says why"
        )
    explain(options.size)
    return 0


def run(mode: rt.accel.AccelMode, size: int, steps: int) -> None:
    rt.reset_stats()
    with rt.acceleration(mode):
        start = time.perf_counter()
        eigenvalue = largest_eigenvalue(size, steps)
        seconds = time.perf_counter() - start
    print(f"{mode.name}: the largest eigenvalue is {eigenvalue:.9f}, found in {seconds * 1e3:,.1f} ms")
    rt.print_stats()
    print()


def explain(size: int) -> None:
    """What AUTO says of single calls."""
    with rt.acceleration("auto"):
        for rows in (4, size):
            a = rt.ones([rows, rows])
            for name in ("matmul", "add"):
                print(f"{name} of {rows}x{rows}: {rt.explain(name, a, a)}")


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)  # as shells say that it was Ctrl-C
