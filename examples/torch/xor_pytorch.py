"""A network learns "one or the other, but not both": 2-8-4-1, gradient descent with momentum.

    python examples/torch/xor_pytorch.py [--mode pure|native|auto] [--seed N] [--epochs 500]

No straight line separates the two answers, so hidden layers are needed, and they have to find out by themselves what to
compute.  Everything that learning consists of is written out in `learn`; rt.training.Trainer would do the same.

A network of 65 parameters is so small that pure Python is done with a step about as soon as libtorch is.
"""

from __future__ import annotations

import argparse
import sys

import tier

import rt_torch as rt
from rt_torch import nn, optim

GOAL = 0.001  # a loss that is good enough: the answers are off by 0.03


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    tier.add_mode(parser)
    parser.add_argument(
        "--seed", type=tier.seed, default=0, help="of the numbers that the network begins with (default: 0)"
    )
    parser.add_argument("--epochs", type=tier.count, default=500, help="of a start, at most (default: 500)")
    parser.add_argument("--starts", type=tier.count, default=3, help="so many are tried at most (default: 3)")
    options = parser.parse_args()
    tier.begin(options.mode)
    rt.manual_seed(options.seed)
    x, y = rt.data.xor()
    for start in range(options.starts):
        model = network()
        if not start:
            print(f"\n{model}\n{model.count_parameters()} parameters")
        print()
        if learn(model, x, y, options.epochs):
            break
        print(
            f"Not learned in {options.epochs} epochs; {silent(model, x)} of the 12 hidden units are 0 whatever comes in."
        )
    return report(model, x, y)


def network() -> nn.Sequential:
    """The network, with the numbers that it begins with, which decide whether it will learn.

    A ReLU that gives 0 for all inputs has the gradient 0, and so gives 0 for ever: it has died.  Steps as large as these
    kill many.  Of 100 starts 78 come to the goal with biases of 0, which are what nn.Linear has, and 94 with 0.1, where
    no unit is silent from the beginning when both inputs are 0.  For the other 6 there is another start.
    """
    first, second = nn.Linear(2, 8), nn.Linear(8, 4)
    for layer in (first, second):
        layer.bias = nn.Parameter(rt.full([layer.out_features], 0.1))
    return nn.Sequential(first, nn.ReLU(), second, nn.ReLU(), nn.Linear(4, 1), nn.Sigmoid())


def learn(model: nn.Sequential, x: rt.Tensor, y: rt.Tensor, epochs: int) -> bool:
    """Change the parameters, all four cases at a time; whether the goal was reached."""
    optimizer = optim.SGD(model.parameters(), lr=0.5, momentum=0.9)
    for epoch in range(epochs):
        loss = nn.mse_loss(model(x), y)
        reached = loss.item() < GOAL
        if (epoch % 10 == 0 and epoch < 50) or epoch % 100 == 0 or reached:
            print(f"epoch {epoch:3}: loss {loss.item():.6f}")
        if reached:
            return True
        optimizer.zero_grad()
        loss.backward()  # how much the loss would change with each parameter
        optimizer.step()  # a step against that, on top of part of the last one
    return False


def silent(model: nn.Sequential, x: rt.Tensor) -> int:
    """How many hidden units give 0 for all inputs."""
    first = model[1](model[0](x))
    second = model[3](model[2](first))
    return sum((layer.amax(0) == 0.0).sum().item() for layer in (first, second))


def report(model: nn.Sequential, x: rt.Tensor, y: rt.Tensor) -> int:
    """What the network says now; 1 where that is wrong."""
    with rt.no_grad():
        said = model(x)
        loss = nn.mse_loss(said, y).item()
    print("\n a  b   a xor b   the network says")
    for (a, b), (wanted,), (value,) in zip(x.tolist(), y.tolist(), said.tolist(), strict=True):
        print(f"{a:2g} {b:2g} {wanted:9g} {value:18.4f}")
    accuracy = rt.training.accuracy(said, y)
    print(f"\naccuracy {accuracy:.0%}, loss {loss:.6f}")
    if accuracy < 1.0 or loss >= 0.01:
        print("It has not learned that. Another --seed begins elsewhere, and --starts tries more often.")
        return 1
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)  # as shells say that it was Ctrl-C
