"""A straight line is learned from points: y = 2x + 1, first by formulas, then by a layer and an optimizer.

    python examples/pure_nn/simple_regression.py [--slope W] [--intercept B] [--epochs N] [--lr R] [--plot FILE]
                                                 [--seed N] [--mode pure|native|auto]

There are 20 points without noise, so that the right answer is known: how far off are w and b after 100 epochs, and after
1000 (`--epochs 1000`)?
"""

from __future__ import annotations

import argparse
import sys

import rt_torch as rt
from rt_torch import nn, optim


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--slope", type=float, default=2.0, help="of the line (default: 2)")
    parser.add_argument("--intercept", type=float, default=1.0, help="of the line, at x = 0 (default: 1)")
    parser.add_argument("--epochs", type=int, default=100, help="times through the points (default: 100)")
    parser.add_argument("--lr", type=float, default=0.1, help="learning rate by formulas (default: 0.1)")
    parser.add_argument("--seed", type=int, default=0, help="of what the layer begins with (default: 0)")
    parser.add_argument("--plot", metavar="FILE", help="draw the loss of each epoch, as PNG")
    parser.add_argument("--mode", choices=("pure", "native", "auto"), default="pure", help="where it computes")
    options = parser.parse_args()
    rt.set_acceleration(options.mode)
    if options.mode == "native" and not rt.is_ffi_available():
        print("native is not available here: this is pure Python (`python -m rt_torch doctor`)", file=sys.stderr)
    if options.epochs < 1:
        parser.error(f"--epochs: at least 1 is expected; given {options.epochs}")
    x, y = rt.data.linear(20, options.slope, options.intercept)
    try:
        history = by_formulas(x, y, options.epochs, options.lr, (options.slope, options.intercept))
        interrupted = history.interrupted or by_optimizer(x, y, options.epochs, options.seed).interrupted
        if options.plot and history.epochs:
            rt.training.plot_history(history, options.plot, title="A line, by formulas", log=True)
    except (rt.Error, OSError) as error:
        parser.error(str(error))
    return 130 if interrupted else 0


def shown(epochs: int) -> set[int]:
    """The epochs that get a line."""
    return {0, epochs // 4, epochs // 2, epochs - 1}


def by_formulas(
    x: rt.Tensor, y: rt.Tensor, epochs: int, lr: float, goal: tuple[float, float]
) -> rt.training.TrainingHistory:
    """Gradient descent as it is in books: w and b go a small step against their gradients.

    The formulas are written out, and added up from left to right, which gives the same numbers to the last digit with
    every Python and in every mode; `compute_gradients` gets the gradients by going backward.
    """
    print(f"By formulas: learning rate {lr}, from w = 0 and b = 0")
    points = [(at, value) for (at,), (value,) in zip(x.tolist(), y.tolist(), strict=True)]
    w, b = 0.0, 0.0
    apart = 0.0
    losses: list[float] = []
    history = rt.training.TrainingHistory()
    try:
        for epoch in range(epochs):
            errors = [(w * at + b - value, at) for at, value in points]
            loss = mean([error * error for error, _ in errors])
            grad_w, grad_b = mean([2 * error * at for error, at in errors]), mean([2 * error for error, _ in errors])
            found_w, found_b = rt.training.compute_gradients(rt.training.LinearModel(w, b), x, y)
            for found, formula in ((found_w, grad_w), (found_b, grad_b)):
                apart = max(apart, abs(found - formula) / max(1.0, abs(formula)))
            w, b = w - lr * grad_w, b - lr * grad_b
            losses.append(loss)
            if epoch in shown(epochs):
                print(f"   epoch {epoch}: loss {loss}, w {w}, b {b}")
    except KeyboardInterrupt:
        history.interrupted = True
        print(f"   stopped by Ctrl-C after {len(losses)} epochs")
    for epoch, loss in enumerate(losses):
        history.add_epoch(epoch, loss)
    if losses and losses[0] > 0:
        print(f"   the loss is {1 - losses[-1] / losses[0]:.1%} smaller than at first")
    print(f"   rt.training.compute_gradients finds the same gradients to twelve digits: {apart < 1e-12}")
    for name, found, right in (("w", w, goal[0]), ("b", b, goal[1])):
        off = f", {abs(found - right) / abs(right):.1%} off" if right else ""
        print(f"   {name} is {found:.4f}, and {right:g} is right{off}")
    return history


def mean(numbers: list[float]) -> float:
    total = 0.0
    for number in numbers:  # sum() keeps what rounding loses, from Python 3.12 on
        total += number
    return total / len(numbers)


def by_optimizer(x: rt.Tensor, y: rt.Tensor, epochs: int, seed: int) -> rt.training.TrainingHistory:
    """The same with what also trains networks: here the gradients come from backward(), and momentum helps."""
    rt.manual_seed(seed)
    layer = nn.Linear(1, 1)
    optimizer = optim.SGD(layer.parameters(), lr=0.01, momentum=0.9)
    print(f"By an optimizer: {optimizer}")
    trainer = rt.training.Trainer(layer, optimizer, nn.mse_loss)
    history = trainer.fit((x, y), epochs, progress=sys.stderr.isatty())
    if history.interrupted:
        print(f"   stopped by Ctrl-C after {len(history.epochs)} epochs")
    for epoch in sorted(shown(epochs) & {*history.epochs}):
        print(f"   epoch {epoch}: loss {history.losses[epoch]:.6f}")
    for place in (0.0, 0.25, 0.5, 0.75, 1.0):
        print(f"   at x = {place}: {layer(rt.tensor([[place]])).item():.4f}")
    return history


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)  # as shells say that it was Ctrl-C
