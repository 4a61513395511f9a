"""Where the programs of this folder compute: on libtorch where it is there, and otherwise in pure Python.

    python examples/torch/tier.py [--mode pure|native|auto]

The other programs take `--mode` from here, and say what this one says: which tier computes, and, where libtorch is
missing, why, and what to do about it.
"""

from __future__ import annotations

import argparse
import os
import sys

import rt_torch as rt
from rt_torch import libtorch

INSTALL = "Install PyTorch to run this example on libtorch: pip install torch."


def add_mode(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--mode",
        choices=[mode.value for mode in rt.AccelMode],
        default="native",
        help="native: libtorch where it is there; pure: Python alone; auto: for each call whichever is predicted to be "
        "done sooner (default: native)",
    )


def count(text: str) -> int:
    """An option that counts something."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 1 on")
    return int(text)


def seed(text: str) -> int:
    """An option that random numbers begin with."""
    try:
        number = int(text)
    except ValueError:
        number = 1 << 64
    if not -(1 << 63) <= number < 1 << 64:
        raise argparse.ArgumentTypeError(f"{text!r} is no integer of 64 bits")
    return number


def begin(mode: str) -> bool:
    """Have everything from here on computed as `mode` says, and tell where that is; whether it is on libtorch."""
    rt.set_acceleration(mode)
    if mode == "pure":
        print("Pure Python computes.")
        return False
    error = missing(mode)
    if error is not None:
        print(f"There is no libtorch here: {error}.")
        print("\n".join(advice()))
        print("Pure Python computes in its place.")
    elif mode == "auto":
        print("Each call is computed by libtorch or in Python, whichever is predicted to be done sooner.")
    else:
        print(f"libtorch {rt.torch_ffi.torch_version()} computes.")
    return error is None


def missing(mode: str) -> rt.Error | None:
    """Why libtorch cannot be used; None where it can."""
    if mode == "auto" and rt.is_ffi_available():
        return None  # nothing is loaded yet: auto does that when it pays
    try:
        rt.zeros([1]).to_native()
    except rt.Error as error:
        return error
    return None


def advice() -> list[str]:
    """What to do about that."""
    lines = []
    if libtorch.installed() is None and not os.environ.get("RT_TORCH_LIBTORCH"):
        lines.append(INSTALL)
    if os.environ.get("RT_TORCH_LIBRARY") == "none":
        lines.append("Unset RT_TORCH_LIBRARY to use the C library.")
    return [*lines, "What was looked for, and where, is what `python -m rt_torch doctor` shows."]


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    add_mode(parser)
    begin(parser.parse_args().mode)
    print()
    for rows in (2, 64):
        a = rt.ones([rows, rows])
        where = rt.explain("matmul", a, a)
        product = a @ a
        place = {"pure": "in Python", "native": "in libtorch"}[product.residency]
        print(f"a product of {rows} by {rows} ones is {place} now; its elements are {product[0, 0].item():g}")
        print(f"  {where}")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)  # as shells say that it was Ctrl-C
