"""The whole library in seven short parts: tensors, gradients, layers, XOR, iris, a regression, optimizers.

    python examples/pure_nn/complete_demo.py [--only N ...] [--seed N] [--mode pure|native|auto]

Each of the parts has an example of its own beside this one, which goes further.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable
from typing import Any

import rt_torch as rt
from rt_torch import nn, optim


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    numbers = range(1, len(DEMOS) + 1)
    parser.add_argument(
        "--only", type=int, nargs="+", choices=numbers, metavar="N", help=f"show only these of the {len(DEMOS)} parts"
    )
    parser.add_argument("--seed", type=int, default=0, help="of the first weights (default: 0)")
    parser.add_argument("--mode", choices=("pure", "native", "auto"), default="pure", help="where it computes")
    options = parser.parse_args()
    rt.set_acceleration(options.mode)
    if options.mode == "native" and not rt.is_ffi_available():
        print("native is not available here: this is pure Python (`python -m rt_torch doctor`)", file=sys.stderr)
    if not -(1 << 63) <= options.seed < 1 << 64:
        parser.error(f"--seed: an integer of 64 bits is expected; given {options.seed}")
    for number in options.only or numbers:
        demo = DEMOS[number - 1]
        print(f"{number}. {(demo.__doc__ or '').splitlines()[0]}")
        rt.manual_seed(options.seed)
        demo()
    return 0


def fitted(model: nn.Module, optimizer: optim.Optimizer, loss: Any, data: Any, epochs: int) -> list[float]:
    """The loss of each epoch."""
    history = rt.training.Trainer(model, optimizer, loss).fit(data, epochs, progress=sys.stderr.isatty())
    if history.interrupted:  # fit ends cleanly then, and so does this program
        raise KeyboardInterrupt
    return history.losses


def tensors() -> None:
    """Tensors"""
    a = rt.tensor([[1.0, 2.0], [3.0, 4.0]])
    b = rt.tensor([[5.0, 6.0], [7.0, 8.0]])
    print(f"   a + b = {(a + b).tolist()}")
    print(f"   a * b = {(a * b).tolist()}")
    print(f"   a @ b = {(a @ b).tolist()}")
    print(f"   a + [10, 20] = {(a + rt.tensor([10.0, 20.0])).tolist()}")
    print(f"   sum {a.sum().item()}, mean {a.mean().item()}, sums of columns {a.sum(0).tolist()}")


def gradients() -> None:
    """Gradients"""
    x = rt.tensor(3.0, requires_grad=True)
    y = x**2 + 2 * x
    y.backward()
    print(f"   y = x^2 + 2x = {y.item()} at x = 3, and dy/dx = {x.grad}")


def layers() -> None:
    """Layers: XOR's inputs through 2-4-1 with known weights"""
    x, _ = rt.data.xor()
    w1 = rt.tensor([[0.5, 0.3, -0.2, 0.7], [0.1, -0.4, 0.6, 0.2]])
    w2 = rt.tensor([[0.3], [-0.5], [0.4], [0.2]])
    z = (x @ w1).relu() @ w2
    # These weights are known with the outputs of a sigmoid whose exp is a series that ends early: hence two columns.
    for inputs, (early,), (exact,) in zip(x.tolist(), sigmoid_by_series(z).tolist(), z.sigmoid().tolist(), strict=True):
        print(f"   {inputs}: {early} by a series, {exact} exactly")


def sigmoid_by_series(x: rt.Tensor) -> rt.Tensor:
    """1 / (1 + exp(-x)) for x within -6..6, with the series of exp up to the ninth power."""
    x = -x.clamp(-6.0, 6.0)
    term = total = rt.ones(x.shape)
    for n in range(1, 10):
        term = term * x / n
        total = total + term
    return 1.0 / (1.0 + total)


def xor() -> None:
    """XOR, 50 epochs"""
    x, y = rt.data.xor()
    model = nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 1), nn.Sigmoid())
    losses = fitted(model, optim.Adam(model.parameters(), lr=0.1), nn.binary_cross_entropy, (x, y), 50)
    print(f"   loss {losses[0]:.4f} in the first epoch, {losses[-1]:.4f} in the last")
    print(f"   outputs {[round(value, 3) for (value,) in model(x).tolist()]}")
    print(f"   accuracy {rt.training.accuracy(model(x), y):.0%}")


def iris() -> None:
    """Iris, 40 epochs"""
    x, y = rt.data.iris()
    x_train, x_test, y_train, y_test = rt.data.train_test_split(x, y, seed=1)
    mean, std = rt.data.mean_and_std(x_train)
    x_train, x_test = rt.data.standardize(x_train, mean, std), rt.data.standardize(x_test, mean, std)
    model = nn.Sequential(nn.Linear(4, 8), nn.Tanh(), nn.Linear(8, 3))
    data = rt.data.DataLoader(x_train, y_train, batch_size=16, seed=1)
    losses = fitted(model, optim.Adam(model.parameters(), lr=0.02), nn.cross_entropy, data, 40)
    print(f"   loss {losses[0]:.4f} in the first epoch, {losses[-1]:.4f} in the last")
    print(f"   accuracy {rt.training.accuracy(model(x_test), y_test):.1%} of {len(x_test)} flowers that were held back")


def regression() -> None:
    """A regression, 50 epochs: y = 2x + 1, with some noise"""
    x, y = rt.data.linear(20, noise=0.05)
    model = rt.training.LinearModel()
    losses = fitted(model, optim.SGD(model.parameters(), lr=0.3, momentum=0.5), nn.mse_loss, (x, y), 50)
    print(f"   loss {losses[0]:.4f} in the first epoch, {losses[-1]:.4f} in the last")
    print(f"   w {model.w.item():.3f}, b {model.b.item():.3f}, and at x = 2: {model.predict(2.0):.3f}")


def optimizers() -> None:
    """Optimizers: how far x^2 + 10 y^2 goes down from (3, 1) in 50 steps"""

    def valley(point: rt.Tensor) -> rt.Tensor:
        return (point * point * rt.tensor([1.0, 10.0])).sum()

    makers: dict[str, Callable[[Iterable[rt.Tensor]], optim.Optimizer]] = {
        "SGD": lambda params: optim.SGD(params, lr=0.02),
        "SGD with momentum": lambda params: optim.SGD(params, lr=0.02, momentum=0.9),
        "Adam": lambda params: optim.Adam(params, lr=0.2),
        "AdamW": lambda params: optim.AdamW(params, lr=0.2),
        "RMSprop": lambda params: optim.RMSprop(params, lr=0.1),
    }
    for name, make in makers.items():
        point = rt.tensor([3.0, 1.0], requires_grad=True)
        optimizer = make([point])
        before = valley(point).item()
        for _ in range(50):
            optimizer.zero_grad()
            valley(point).backward()
            optimizer.step()
        print(f"   {name:<17}  {before:.1f} -> {valley(point).item():.6f}")


DEMOS: list[Callable[[], None]] = [tensors, gradients, layers, xor, iris, regression, optimizers]

if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)  # as shells say that it was Ctrl-C
