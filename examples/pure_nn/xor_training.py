"""Back-propagation learns XOR: five steps from known weights, then a whole training.

    python examples/pure_nn/xor_training.py [--epochs N] [--lr R] [--seed N] [--attempts N] [--plot FILE]
                                            [--mode pure|native|auto]

A network as small as 2-4-1 does not learn it from every beginning.  About every second time too many of its four ReLU give
0 for what they should tell apart, no gradient gets through them, and it is stuck: then it begins anew with the next seed.
"""

from __future__ import annotations

import argparse
import sys

import rt_torch as rt
from rt_torch import nn, optim


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--epochs", type=int, default=100, help="times through the four cases (default: 100)")
    parser.add_argument("--lr", type=float, default=0.5, help="learning rate (default: 0.5)")
    parser.add_argument("--seed", type=int, default=0, help="of the first weights (default: 0)")
    parser.add_argument("--attempts", type=int, default=10, help="how often it may begin anew (default: 10)")
    parser.add_argument("--plot", metavar="FILE", help="draw the loss of each epoch, as PNG")
    parser.add_argument("--mode", choices=("pure", "native", "auto"), default="pure", help="where it computes")
    options = parser.parse_args()
    rt.set_acceleration(options.mode)
    if options.mode == "native" and not rt.is_ffi_available():
        print("native is not available here: this is pure Python (`python -m rt_torch doctor`)", file=sys.stderr)
    if options.epochs < 1 or options.attempts < 1:
        parser.error("--epochs and --attempts: at least 1 is expected")
    try:
        from_known_weights(options.lr)
        history, right = until_it_succeeds(options.epochs, options.lr, options.seed, options.attempts)
        if options.plot and history.epochs:
            rt.training.plot_history(history, options.plot, title="XOR", log=True)
    except (rt.Error, OSError) as error:
        parser.error(str(error))
    if history.interrupted:
        return 130
    return 0 if right == 1.0 else 1


class TwoLayers(nn.Module):
    """2-4-1 without biases, sigmoid behind both layers, and weights that are known."""

    def __init__(self) -> None:
        self.w1 = nn.Parameter(rt.tensor([[0.5, 0.3, -0.2, 0.7], [0.1, -0.4, 0.6, 0.2]]))
        self.w2 = nn.Parameter(rt.tensor([[0.3], [-0.5], [0.4], [0.2]]))

    def forward(self, x: rt.Tensor) -> rt.Tensor:
        return ((x @ self.w1).sigmoid() @ self.w2).sigmoid()


def from_known_weights(lr: float, steps: int = 5) -> None:
    """Gradient descent: after each step the loss is smaller.

    The program that the weights come from changed them by numbers which had nothing to do with the error, and threw the
    changed ones away: 0.2546583538321858 was its loss in each epoch.
    """
    print(f"From known weights, learning rate {lr}")
    x, y = rt.data.xor()
    model = TwoLayers()
    outputs = sigmoid_by_series(sigmoid_by_series(x @ model.w1) @ model.w2)
    print(f"   outputs by a series: {column(outputs)}")
    print(f"   loss by a series: {nn.mse_loss(outputs, y).item()}")
    print(f"   outputs: {column(model(x))}")
    for step in range(steps + 1):
        loss = nn.mse_loss(model(x), y)
        print(f"   step {step}: loss {loss.item()}")
        model.zero_grad()
        loss.backward()
        for parameter in model.parameters():
            assert parameter.grad is not None
            parameter.data = parameter.data - lr * parameter.grad


def sigmoid_by_series(x: rt.Tensor) -> rt.Tensor:
    """1 / (1 + exp(-x)) as that program has it: x within -6..6, and the series of exp ends with the ninth power."""
    x = -x.clamp(-6.0, 6.0)
    term = total = rt.ones(x.shape)
    for n in range(1, 10):
        term = term * x / n
        total = total + term
    return 1.0 / (1.0 + total)


def until_it_succeeds(epochs: int, lr: float, seed: int, attempts: int) -> tuple[rt.training.TrainingHistory, float]:
    """The history of the last attempt, and the share of right answers after it."""
    for attempt in range(attempts):
        model, history = trained(epochs, lr, seed + attempt)
        x, y = rt.data.xor()
        right = rt.training.accuracy(model(x), y)
        if history.interrupted:
            print(f"   stopped by Ctrl-C after {len(history.epochs)} epochs")
        if right == 1.0 or history.interrupted:
            break
        print(f"   {right:.0%} are right: stuck, so once more")
    for inputs, output, target in zip(x.tolist(), column(model(x)), column(y), strict=True):
        print(f"   {inputs}: {output:.4f}, so {int(output >= 0.5)}; {target:.0f} is right")
    print(f"   accuracy {right:.0%}")
    return history, right


def trained(epochs: int, lr: float, seed: int) -> tuple[nn.Module, rt.training.TrainingHistory]:
    rt.manual_seed(seed)
    model = nn.Sequential(nn.Linear(2, 4), nn.ReLU(), nn.Linear(4, 1), nn.Sigmoid())
    optimizer = optim.SGD(model.parameters(), lr=lr, momentum=0.9)
    print(f"2-4-1 with ReLU, {model.count_parameters()} parameters, seed {seed}: {optimizer}")
    trainer = rt.training.Trainer(model, optimizer, nn.mse_loss, metrics=[rt.training.accuracy])
    history = trainer.fit(rt.data.xor(), epochs, progress=sys.stderr.isatty())
    for epoch in sorted({0, epochs // 4, epochs // 2, epochs - 1} & {*history.epochs}):
        print(f"   epoch {epoch}: loss {history.losses[epoch]:.6f}")
    return model, history


def column(tensor: rt.Tensor) -> list[float]:
    return [value for (value,) in tensor.tolist()]


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)  # as shells say that it was Ctrl-C
