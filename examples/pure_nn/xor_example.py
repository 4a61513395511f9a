"""First tensors: the inputs of XOR, a matrix product, and an activation.

    python examples/pure_nn/xor_example.py [--columns N] [--seed N] [--mode pure|native|auto]

That is one layer of a network, which has learned nothing yet: four samples with two features each go through two times
two weights, and what is negative then becomes 0.  With `--columns 3` the weights are two times three, at random.
"""

from __future__ import annotations

import argparse
import sys

import rt_torch as rt


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "--columns", type=int, help="take random weights with so many columns instead of the known ones"
    )
    parser.add_argument("--seed", type=int, default=0, help="of the random weights (default: 0)")
    parser.add_argument("--mode", choices=("pure", "native", "auto"), default="pure", help="where it computes")
    options = parser.parse_args()
    rt.set_acceleration(options.mode)
    if options.mode == "native" and not rt.is_ffi_available():
        print("native is not available here: this is pure Python (`python -m rt_torch doctor`)", file=sys.stderr)
    if options.columns is not None and options.columns < 1:
        parser.error(f"--columns: at least 1 is expected; given {options.columns}")
    if not -(1 << 63) <= options.seed < 1 << 64:
        parser.error(f"--seed: an integer of 64 bits is expected; given {options.seed}")
    run(weights(options.columns, options.seed))
    return 0


def weights(columns: int | None, seed: int) -> rt.Tensor:
    """Two rows, one for each feature: the known numbers, or random ones."""
    if columns is None:
        return rt.tensor([[0.5, 0.3], [-0.2, 0.7]])
    rt.manual_seed(seed)
    return rt.randn([2, columns])


def run(w: rt.Tensor) -> None:
    x, _ = rt.data.xor()
    z = x @ w
    show("X", x)
    show("W", w)
    show("Z = X @ W", z)
    show("relu(Z)", z.relu())
    above, below = w.tolist()
    by_hand = [[a * i + b * j for i, j in zip(above, below, strict=True)] for a, b in x.tolist()]
    print(f"by hand, Z is off by {(z - rt.tensor(by_hand)).abs().max().item()} at most")


def show(name: str, tensor: rt.Tensor) -> None:
    """Its sizes, how far apart in memory neighbours are, and its elements, a line for each row."""
    print(f"{name}: shape {tensor.shape}, strides {tensor.strides}, {tensor.numel()} elements of {tensor.dtype}")
    for row in tensor.tolist():
        print(f"  {row}")


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)  # as shells say that it was Ctrl-C
