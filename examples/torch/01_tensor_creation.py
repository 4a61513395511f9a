"""Tensors of zeros, of ones and of random numbers: shape, number of dimensions and number of elements.

    python examples/torch/01_tensor_creation.py [--mode pure|native|auto] [--seed N]

The first part uses tensors, which free themselves; the second one does the same one level down, by handles: numbers that
stand for tensors in the C library, as any other language would use it.
"""

from __future__ import annotations

import argparse
import sys

import tier

import rt_torch as rt
from rt_torch import native


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    tier.add_mode(parser)
    parser.add_argument("--seed", type=tier.seed, default=0, help="of the random numbers (default: 0)")
    options = parser.parse_args()
    on_libtorch = tier.begin(options.mode)
    show_library()
    rt.manual_seed(options.seed)
    show("zeros([3, 4])", rt.zeros([3, 4]))
    show("ones([2, 5])", rt.ones([2, 5]))
    show("randn([4, 4])", rt.randn([4, 4]))
    if on_libtorch:
        show_handles(options.seed)
    else:
        print("\nHandles are left out: they belong to libtorch.")
    return 0


def show_library() -> None:
    """Each of these may be asked anywhere; only the version needs a libtorch to tell it."""
    available = rt.torch_ffi.torch_available()
    print(f"\ntorch_available()       {available}")
    print(f"torch_version()         {rt.torch_ffi.torch_version() if available else 'none'}")
    print(f"torch_cuda_available()  {rt.torch_ffi.torch_cuda_available()}")


def show(title: str, x: rt.Tensor) -> None:
    print(f"\n{title}: shape {x.shape}, ndim {x.ndim}, numel {x.numel()}, {x.dtype} on {x.device}")
    print(x)


def show_handles(seed: int) -> None:
    """The same random numbers again: one generator serves both tiers, and both levels."""
    native.manual_seed(seed)
    before = native.live_handles()
    handle = native.randn([4, 4], "f64", "cpu")
    try:
        print(f"\nrt_torch.native.randn([4, 4]) gave the handle {handle}:", end=" ")
        print(f"shape {native.shape(handle)}, ndim {native.ndim(handle)}, numel {native.numel(handle)}")
        print(f"its first row is {[round(value, 4) for value in native.to_data_f64(handle)[:4]]}")
    finally:
        native.free(handle)  # nobody else would
    print(f"and after native.free there are {native.live_handles() - before} handles more than before")


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)  # as shells say that it was Ctrl-C
