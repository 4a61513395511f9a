"""Tensors on a device of one's choice, and what to do where it is missing.

    python examples/torch/03_device_selection.py [--device cuda:1] [--mode pure|native|auto]

The second GPU is asked for, which few machines have.  So this program shows above all how to find out what there is, and
how to go on with that: on the first GPU, or on the CPU.
"""

from __future__ import annotations

import argparse
import re
import sys

import tier

import rt_torch as rt
from rt_torch import libtorch


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    tier.add_mode(parser)
    parser.add_argument(
        "--device", type=device, default=configured(), help="cpu, cuda or cuda:N (default: %(default)s)"
    )
    options = parser.parse_args()
    tier.begin(options.mode)
    there = devices()
    print(f"\ndevices here: {', '.join(there)}")
    print(f"asked for:    {options.device}")
    compute(chosen(options.device, there))
    return 0


def configured() -> str:
    """The device that a program takes where nobody says another one."""
    return "cuda:1"


def device(text: str) -> str:
    """What --device may be."""
    if not re.fullmatch(r"cpu|cuda(:(0|[1-9]\d{0,3}))?", text):
        raise argparse.ArgumentTypeError(f"{text!r} is no device: cpu, cuda or cuda:N is expected")
    return text


def devices() -> list[str]:
    """All that tensors can be on here: there is a GPU for each number until the first one that is refused."""
    found = ["cpu"]
    if rt.torch_ffi.torch_cuda_available():
        while problem(f"cuda:{len(found) - 1}") is None:
            found.append(f"cuda:{len(found) - 1}")
    return found


def problem(device: str) -> rt.Error | None:
    """Why no tensor can be on a device; None where one can."""
    try:
        rt.zeros([1], device=device)
    except rt.Error as error:
        return error
    return None


def chosen(asked: str, there: list[str]) -> str:
    """The device that is asked for, or, with a word about it, the best one in its place."""
    error = problem(asked)
    if error is None:
        return asked
    best = there[min(1, len(there) - 1)]
    print(f"\n{asked} cannot be had: {error}.")
    print(advice(there))
    print(f"{best} takes its place.")
    return best


def advice(there: list[str]) -> str:
    """What to do to have the device that is missing."""
    if len(there) > 1:
        return f"There are other GPUs: say --device {there[1]}."
    torch = libtorch.installed()
    if torch is None:
        return "Install PyTorch, in a build for CUDA, where there is a GPU with its driver; or say --device cpu."
    if torch.version.endswith("+cpu"):
        return (
            f"The installed torch {torch.version} has no CUDA. Where there is a GPU with its driver, install a build "
            "for CUDA; otherwise say --device cpu."
        )
    return f"Install a GPU's driver, for the CUDA that torch {torch.version} is built for; or say --device cpu."


def compute(device: str) -> None:
    """Everything that goes into a call must be on the same device, and so is what comes out."""
    zeros, ones = rt.zeros([100, 100], device=device), rt.ones([100, 100], device=device)
    show("zeros([100, 100]) @ ones([100, 100])", zeros @ ones)
    show("ones([100, 100]) @ ones([100, 100])", ones @ ones)


def show(title: str, x: rt.Tensor) -> None:
    print(f"\n{title}: shape {x.shape}, {x.dtype} on {x.device}")
    print(f"the first element is {x[0, 0].item():g}, the sum {x.sum().item():,.0f}")


if __name__ == "__main__":
    sys.exit(main())
