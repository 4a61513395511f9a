"""A tour of the tensor, which prints the same on libtorch and without it; at its end stands what computed.

    python examples/torch/torch_demo_fallback.py [--mode pure|native|auto]

Nothing in the tour asks which tier is there.  Where libtorch is missing, or a call to it fails for want of it, Python
computes the same: a program that wants tensors can be given to those who have no PyTorch.
"""

from __future__ import annotations

import argparse
import sys

import tier

import rt_torch as rt


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    tier.add_mode(parser)
    options = parser.parse_args()
    tier.begin(options.mode)
    rt.reset_stats()
    for title, part in PARTS.items():
        print(f"\n{title}")
        part()
    print("\nWhere that was computed")
    rt.print_stats()
    return 0


def creation() -> None:
    print(rt.zeros([2, 3]).tolist(), rt.ones([2]).tolist(), rt.full([3], 7).tolist(), rt.arange(5).tolist())
    print(rt.tensor([[1.0, 2.0], [3.0, 4.0]]))
    rt.manual_seed(42)  # the same numbers in both tiers, to the last bit
    print(rt.randn([2, 3]))


def operators() -> None:
    a = rt.tensor([[1.0, 2.0], [3.0, 4.0]])
    row = rt.tensor([10.0, 20.0])
    print((a + row).tolist())  # the row is added to each row
    print((2 * a - 1).tolist(), (a / row).tolist(), (a**2).tolist())
    print((a > 1.5).tolist(), rt.where(a > 1.5, a, 0.0).tolist())
    print(a.T.tolist(), a.reshape([4]).tolist(), a[:, 1].tolist())


def products() -> None:
    a = rt.tensor([[1.0, 2.0], [3.0, 4.0]])
    b = rt.tensor([[5.0, 6.0], [7.0, 8.0]])
    print((a @ b).tolist())
    print((a @ rt.tensor([1.0, -1.0])).tolist())
    try:
        a @ rt.ones([3, 2])
    except rt.BadArgumentError as error:  # the same exception with the same text in both tiers
        print(f"a @ ones([3, 2]): {error}")


def activations() -> None:
    x = rt.tensor([-2.0, -1.0, 0.0, 1.0, 2.0])
    for name in ("relu", "sigmoid", "tanh", "gelu"):
        print(f"{name:8}{getattr(x, name)()}")
    print(f"softmax {x.softmax(0)}")


def reductions() -> None:
    x = rt.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    print(f"sum {x.sum().item():g}, mean {x.mean().item():g}, from {x.min().item():g} to {x.max().item():g}")
    print(f"sums of columns {x.sum(dim=0).tolist()}, means of rows {x.mean(dim=1).tolist()}")
    print(f"the largest of each row is at {x.argmax(1).tolist()}")


def gradients() -> None:
    x = rt.tensor([1.0, 2.0, 3.0], requires_grad=True)
    y = (x * x + 1).log().sum()
    y.backward()
    print(f"y = sum(log(x * x + 1)) = {y.item():.6f}, dy/dx = {x.grad}")
    # d/da of (a + b) * a is 2 * a + b: a goes in twice, and both ways add up to 4, not 5.
    a, b = rt.tensor(1.0, requires_grad=True), rt.tensor(2.0, requires_grad=True)
    by_a, by_b = rt.grad((a + b) * a, [a, b])
    print(f"d = (a + b) * a at a = 1, b = 2: dd/da = {by_a:g}, dd/db = {by_b:g}")


PARTS = {
    "Creation": creation,
    "Operators": operators,
    "Matrix products": products,
    "Activations": activations,
    "Reductions": reductions,
    "Gradients": gradients,
}

if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)  # as shells say that it was Ctrl-C
