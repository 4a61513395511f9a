"""Tensors on the device that a configuration names, and what to do where it is missing.

    python examples/torch/03_device_selection.py [--device cuda:0] [--mode pure|native|auto]

dl.config.sdn in this folder asks for the second GPU, which few machines have.  So this program shows above all how to
find out what there is, and how to go on with that: on the first GPU, or on the CPU.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import tier

import rt_torch as rt
from rt_torch import libtorch

FOLDER = Path(__file__).parent


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    tier.add_mode(parser)
    parser.set_defaults(mode=None)
    parser.add_argument("--device", type=device, help="cpu, gpu, cuda or cuda:N, in place of the configured one")
    options = parser.parse_args()
    try:
        config = rt.config.load_local_config(FOLDER)
    except rt.ConfigError as error:
        print(error, file=sys.stderr)
        return 1
    if options.device:
        config = config.merged(rt.Config(device=options.device))
    mode = options.mode or config.backend.mode.value
    tier.begin(mode)
    there = devices()
    print(f"\ndevices here: {', '.join(there)}")
    print(f"asked for:    {config.device}, {config.dtype}, {config.backend}")
    place = chosen(config.device, there)
    if mode == "pure" and place != "cpu":
        print(f"\nOnly libtorch computes on {place}, and Python is to: cpu takes its place.")
        place = "cpu"
    with rt.Config(device=place, dtype=config.dtype).applied():
        compute()
    return 0


def device(text: str) -> rt.Device:
    """What --device may be."""
    try:
        return rt.Device(text)
    except rt.Error as error:
        raise argparse.ArgumentTypeError(str(error)) from None


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


def compute() -> None:
    """On the configured device; everything that goes into a call must be on the same one, and so is what comes out."""
    zeros, ones = rt.zeros([100, 100]), rt.ones([100, 100])
    show("zeros([100, 100]) @ ones([100, 100])", zeros @ ones)
    show("ones([100, 100]) @ ones([100, 100])", ones @ ones)


def show(title: str, x: rt.Tensor) -> None:
    print(f"\n{title}: shape {x.shape}, {x.dtype} on {x.device}")
    print(f"the first element is {x[0, 0].item():g}, the sum {x.sum().item():,.0f}")


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)  # as shells say that it was Ctrl-C
