"""Arithmetic on tensors, matrix products and activations, with shapes, counts and values.

python examples/torch/02_tensor_operations.py [--mode pure|native|auto] [--seed N]
"""

from __future__ import annotations

import argparse
import sys

import tier

import rt_torch as rt


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    tier.add_mode(parser)
    parser.add_argument("--seed", type=tier.seed, default=0, help="of the random numbers (default: 0)")
    options = parser.parse_args()
    tier.begin(options.mode)

    a, b = rt.ones([3, 3]), rt.ones([3, 3])
    show("a + b of ones([3, 3])", a + b)  # element by element
    show("a * b", a * b)  # element by element too
    show("a @ b", a @ b)  # rows times columns: each element is a sum of three products

    rt.manual_seed(options.seed)
    x = rt.randn([2, 2])
    show("x = randn([2, 2])", x)
    show("x.relu()", x.relu())  # what is below 0 becomes 0
    show("x.sigmoid()", x.sigmoid())  # between 0 and 1: 1 / (1 + exp(-x))
    show("x.tanh()", x.tanh())  # between -1 and 1
    return 0


def show(title: str, x: rt.Tensor) -> None:
    print(f"\n{title}: shape {x.shape}, {x.numel()} elements, their sum is {x.sum().item():.6f}")
    print(x)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)  # as shells say that it was Ctrl-C
