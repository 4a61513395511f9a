"""Layers: how many numbers a network learns, what goes through it forward, and what comes back.

    python examples/pure_nn/nn_layers.py [--only N ...] [--seed N] [--mode pure|native|auto]

The first four use weights that a formula gives, so that every number can be compared with known ones.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from itertools import pairwise

import rt_torch as rt
from rt_torch import nn


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    numbers = range(1, len(DEMOS) + 1)
    parser.add_argument(
        "--only", type=int, nargs="+", choices=numbers, metavar="N", help=f"show only these of the {len(DEMOS)} parts"
    )
    parser.add_argument("--seed", type=int, default=0, help="of the random weights (default: 0)")
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


def dense(sizes: Sequence[int], *last: nn.Module) -> nn.Sequential:
    """Linear layers from size to size with ReLU between them, and behind the last one what is given."""
    model = nn.Sequential()
    for inputs, outputs in pairwise(sizes):
        if len(model):
            model.append(nn.ReLU())
        model.append(nn.Linear(inputs, outputs))
    for module in last:
        model.append(module)
    return model


def with_known_weights(model: nn.Sequential) -> nn.Sequential:
    """Weights that look random and are small, by their place in a table of inputs x outputs; biases are 0 as they are."""
    for layer in model:
        if isinstance(layer, nn.Linear):
            inputs, outputs = layer.in_features, layer.out_features
            table = [(i * 2654435761 % 1000 / 1000 - 0.5) * 0.1 for i in range(inputs * outputs)]
            layer.weight.data = (
                rt.tensor(table).reshape([inputs, outputs]).T.contiguous()
            )  # Linear has a row per output
    return model


def counts_by_layer(model: nn.Module) -> str:
    counts = [layer.count_parameters() for layer in model.modules() if isinstance(layer, nn.Linear)]
    return f"{' + '.join(map(str, counts))} = {model.count_parameters()}"


# The activations of the program that the known numbers come from: the series of exp, which ends early.


def series(x: rt.Tensor, terms: int, limit: float) -> rt.Tensor:
    """1 + x + x^2/2! + ... with so many terms behind the 1, for x within the limit."""
    x = x.clamp(-limit, limit)
    term = total = rt.ones(x.shape)
    for n in range(1, terms + 1):
        term = term * x / n
        total = total + term
    return total


def sigmoid_by_series(x: rt.Tensor) -> rt.Tensor:
    return 1.0 / (1.0 + series(-x, 9, 6.0))


def softmax_by_series(x: rt.Tensor) -> rt.Tensor:
    powers = series(x, 14, 10.0)
    return powers / powers.sum()


def xor_network() -> None:
    """A network for XOR, 2-4-1-1, with known weights"""
    x, _ = rt.data.xor()
    model = with_known_weights(dense([2, 4, 1, 1]))
    print(f"   parameters: {counts_by_layer(model)}")
    logits = model(x)
    # Softmax makes shares of a whole, and a single number is all of it: whatever is learned, 1 comes out.  For one output
    # it is sigmoid that gives a probability.
    print(f"   with softmax: {[value for (value,) in logits.softmax(1).tolist()]}")
    print(f"   with sigmoid: {[round(value, 9) for (value,) in logits.sigmoid().tolist()]}")


def three_classes() -> None:
    """A network for three classes, 10-8-3-3, with known weights"""
    model = with_known_weights(dense([10, 8, 3, 3], nn.Softmax(dim=1)))
    print(f"   parameters: {counts_by_layer(model)}")
    shares = model(rt.arange(10).to("f64").reshape([1, 10]) / 10)
    print(f"   outputs: {rounded(shares[0])}, sum {shares.sum():.6f}")


def four_classes() -> None:
    """A network for four classes, 20-16-8-4, with known weights"""
    model = with_known_weights(dense([20, 16, 8, 4], nn.Softmax(dim=1)))
    print(f"   parameters: {counts_by_layer(model)}")
    shares = model(rt.arange(20).to("f64").reshape([1, 20]) / 20)
    print(f"   outputs: {rounded(shares[0])}, sum {shares.sum():.6f}")


def activations() -> None:
    """Activations, and how far off they are when the series of exp ends early"""
    x = rt.tensor([-2.0, -1.0, 0.0, 1.0, 2.0])
    print(f"   x: {x.tolist()}")
    print(f"   relu: {x.relu().tolist()}")
    print(f"   sigmoid: {rounded(x.sigmoid())}")
    print(f"      after x^9: {rounded(sigmoid_by_series(x))}")
    print(f"   softmax: {x.softmax(0).tolist()}")
    print(f"      after x^14: {softmax_by_series(x).tolist()}")
    off = (softmax_by_series(x * 20) - (x * 20).softmax(0)).abs().max()
    print(f"   of 20 x, where it is limited to -10..10, softmax is off by {off:.2f}")


def counting() -> None:
    """How many numbers networks learn: (inputs + 1) * outputs in each layer"""
    for name, sizes in {
        "XOR": (2, 4, 1),
        "small": (3, 5, 1),
        "iris": (4, 8, 3),
        "classes": (10, 8, 4, 2),
        "deeper": (10, 20, 10, 3),
        "deep": (100, 64, 32, 16, 4),
        "digits": (784, 128, 64, 10),
        "digits, wide": (784, 256, 10),
        "digits, deep": (784, 512, 256, 128, 10),
    }.items():
        print(f"   {name:<12}  {'-'.join(map(str, sizes)):<19} {counts_by_layer(dense(sizes))}")


def printing() -> None:
    """A network, printed, and its parameters by name"""
    model = dense([2, 4, 1], nn.Sigmoid())
    print("   " + repr(model).replace("\n", "\n   "))
    for name, parameter in model.named_parameters():
        size = parameter.abs().max().item()
        print(f"   {name}: shape {tuple(parameter.shape)}, at most {size:.4f} from 0")


def forward() -> None:
    """Forward, layer by layer: 784-256-10 on a batch of 4"""
    model = dense([784, 256, 10], nn.Softmax(dim=1))
    x = rt.rand([4, 784])
    for layer in model:
        x = layer(x)
        print(f"   after {type(layer).__name__:<8} {x.shape}, from {x.min():.4f} to {x.max():.4f}")
    print(f"   each row adds up to 1: {(x.sum(1) - 1).abs().max().item() < 1e-12}")


def gradient_flow() -> None:
    """Backward: how large the gradients are in each layer of 100-64-32-16-4"""
    for activation in (nn.Sigmoid, nn.ReLU):
        sizes = (100, 64, 32, 16, 4)
        layers = [(nn.Linear(a, b), activation()) for a, b in pairwise(sizes)]
        model = nn.Sequential([module for pair in layers for module in pair][:-1])
        loss = nn.cross_entropy(model(rt.randn([8, 100])), rt.tensor([0, 1, 2, 3] * 2))
        loss.backward()
        # A sigmoid is nowhere steeper than 1/4, so that less and less reaches the first layers.
        print(f"   with {activation.__name__ + ':':<9} {', '.join(f'{size(layer):.5f}' for layer, _ in layers)}")


def size(layer: nn.Linear) -> float:
    """The root mean square of the weight's gradient."""
    gradient = layer.weight.grad
    assert gradient is not None
    return (gradient * gradient).mean().sqrt().item()


def modes() -> None:
    """Training and evaluation: dropout leaves out elements only while the network learns"""
    model = nn.Sequential(nn.Dropout(0.5))
    x = rt.ones([1, 12])
    model.train()
    print(f"   train(): {model(x)[0].tolist()}")  # what is left counts twice, so that the sum is about the same
    model.eval()
    print(f"   eval():  {model(x)[0].tolist()}")


def zero_grad() -> None:
    """Gradients are added to those that are there, until zero_grad() forgets them"""
    model = dense([10, 20, 10, 3])
    x, y = rt.rand([5, 10]), rt.tensor([0, 1, 2, 0, 1])
    first = model[0]
    assert isinstance(first, nn.Linear)
    for title in ("once", "twice", "after zero_grad()"):
        if title.startswith("after"):
            model.zero_grad()
            print(f"   forgotten: {first.weight.grad}")
        nn.cross_entropy(model(x), y).backward()
        print(f"   {title}: {size(first):.6f}")


def rounded(tensor: rt.Tensor) -> list[str]:
    return [f"{value:.6f}" for value in tensor.tolist()]


DEMOS: list[Callable[[], None]] = [
    xor_network,
    three_classes,
    four_classes,
    activations,
    counting,
    printing,
    forward,
    gradient_flow,
    modes,
    zero_grad,
]

if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)  # as shells say that it was Ctrl-C
