"""A network tells three kinds of iris apart by the sizes of sepals and petals.

    python examples/pure_nn/iris_classification.py [--epochs N] [--lr R] [--seed N] [--split-seed N] [--folds K]
                                                   [--plot FILE] [--mode pure|native|auto]

It learns from 120 of the 150 flowers, and is tested with the 30 others, which it has never seen.  How good it seems depends
on which 30 these are: `--folds 5` holds back each fifth of the flowers once, and so tests with all 150.
"""

from __future__ import annotations

import argparse
import sys
from typing import TypeAlias

import rt_torch as rt
from rt_torch import nn, optim

Flowers: TypeAlias = "tuple[rt.Tensor, rt.Tensor]"  # four measures of each, and the kind of each


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--epochs", type=int, default=50, help="times through the flowers (default: 50)")
    parser.add_argument("--lr", type=float, default=0.01, help="learning rate (default: 0.01)")
    parser.add_argument("--seed", type=int, default=0, help="of first weights and batches (default: 0)")
    parser.add_argument("--split-seed", type=int, default=1, help="of which flowers are held back (default: 1)")
    parser.add_argument("--folds", type=int, default=1, metavar="K", help="hold back each K-th part of them once")
    parser.add_argument("--plot", metavar="FILE", help="draw loss and accuracy of each epoch, as PNG")
    parser.add_argument("--mode", choices=("pure", "native", "auto"), default="pure", help="where it computes")
    options = parser.parse_args()
    rt.set_acceleration(options.mode)
    if options.mode == "native" and not rt.is_ffi_available():
        print("native is not available here: this is pure Python (`python -m rt_torch doctor`)", file=sys.stderr)
    if not 1 <= options.folds <= 150:
        parser.error(f"--folds: 1 to 150 are expected; given {options.folds}")
    try:
        history = run(options)
        if options.plot and history.epochs:
            rt.training.plot_history(history, options.plot, title="Iris")
    except (rt.Error, OSError) as error:
        parser.error(str(error))
    return 130 if history.interrupted else 0


def run(options: argparse.Namespace) -> rt.training.TrainingHistory:
    """The history of the last training."""
    said: list[int] = []
    right: list[int] = []
    for train, test in splits(options.split_seed, options.folds):
        kinds, history = learned(train, test, options.epochs, options.lr, options.seed)
        said += kinds
        right += test[1].tolist()
        if history.interrupted:
            print(f"stopped by Ctrl-C after {len(history.epochs)} epochs")
            break
    report(said, right)
    if options.folds == 1:
        show_some(test, said)
    return history


def splits(seed: int, folds: int) -> list[tuple[Flowers, Flowers]]:
    """Flowers to learn from and others to test with, once or several times."""
    x, y = rt.data.iris()
    if folds == 1:
        x_train, x_test, y_train, y_test = rt.data.train_test_split(x, y, ratio=0.8, seed=seed)
        return [((x_train, y_train), (x_test, y_test))]
    order = rt.data.permutation(len(x), seed)
    parts = [order[number::folds] for number in range(folds)]
    others = [[place for place in order if place not in part] for part in parts]
    return [((x[rest], y[rest]), (x[part], y[part])) for part, rest in zip(parts, others, strict=True)]


def learned(
    train: Flowers, test: Flowers, epochs: int, lr: float, seed: int
) -> tuple[list[int], rt.training.TrainingHistory]:
    """The kinds that a network which has learned from the ones finds for the others."""
    (x, y), (x_test, y_test) = train, test
    mean, std = rt.data.mean_and_std(x)
    x, x_test = rt.data.standardize(x, mean, std), rt.data.standardize(x_test, mean, std)
    rt.manual_seed(seed)
    # No softmax at its end: cross_entropy takes what comes before it, and the largest is the largest before and after.
    model = nn.Sequential(nn.Linear(4, 8), nn.Tanh(), nn.Linear(8, 3))
    optimizer = optim.Adam(model.parameters(), lr=lr)
    trainer = rt.training.Trainer(model, optimizer, nn.cross_entropy, metrics=[rt.training.accuracy])
    print(f"{model.count_parameters()} parameters learn from {len(x)} flowers, and {len(x_test)} are held back")
    data = rt.data.DataLoader(x, y, batch_size=16, seed=seed)
    # The test flowers are looked at after each epoch, for the curves: nothing is chosen by them.
    history = trainer.fit(data, epochs, validation=(x_test, y_test), progress=sys.stderr.isatty())
    for epoch in sorted({0, epochs // 4, epochs // 2, epochs - 1} & {*history.epochs}):
        accuracy = history.metrics["validation_accuracy"][epoch]
        print(f"   epoch {epoch}: loss {history.losses[epoch]:.4f}, of those held back {accuracy:.1%} are right")
    return model(x_test).argmax(1).tolist(), history


def report(said: list[int], right: list[int]) -> None:
    """For each kind, what was said of its flowers; how many of them were found; and how often saying it was right."""
    pairs = [*zip(right, said, strict=True)]
    print(f"{'':<11}" + "".join(f"{'as ' + name:>15}" for name in rt.data.IRIS_CLASSES) + "   found  right")
    for kind, name in enumerate(rt.data.IRIS_CLASSES):
        counts = [pairs.count((kind, other)) for other in range(3)]
        found = counts[kind] / (sum(counts) or 1)
        precise = counts[kind] / (said.count(kind) or 1)
        print(f"{name:<11}" + "".join(f"{count:>15}" for count in counts) + f"{found:>8.1%}{precise:>7.1%}")
    count = sum(a == b for a, b in pairs)
    print(f"{count} of {len(pairs)} flowers are told right, {count / len(pairs):.1%}")


def show_some(test: Flowers, said: list[int]) -> None:
    for measures, kind, found in list(zip(*(each.tolist() for each in test), said, strict=True))[:5]:
        print(f"   {measures} is {rt.data.IRIS_CLASSES[kind]}, told as {rt.data.IRIS_CLASSES[found]}")


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)  # as shells say that it was Ctrl-C
