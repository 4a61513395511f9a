"""A network learns to read handwritten digits: 784-512-256-128-10 with dropout, Adam and cross entropy.

    python examples/torch/mnist_classifier.py [--data FOLDER] [--epochs 10] [--checkpoint FILE] [--plot FILE]

`--data` names a folder with MNIST's four files, plain or gzipped, which you have to have already: 60,000 images of 28 by
28 pixels to learn from, and 10,000 to test with.  Otherwise the 1,797 digits that come with the package are scaled up
from 8 by 8 pixels to that size, four fifths of them to learn from.

Ctrl-C ends it after the batch under way.  With `--checkpoint` the same command then goes on where it stood, to the last
bit as if nothing had been in between, also after the process was killed.

On one core libtorch takes some seconds for the 1,797 digits, and pure Python 8 minutes: an epoch of 45 seconds already
reads 86 of 100, and `--samples 256 --epochs 3` is a taste of half a minute.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import sys
import time

import tier

import rt_torch as rt
from rt_torch import nn, optim

WIDTH = 28  # pixels
PATIENCE = 0.031  # seconds that an image of an epoch took on one core in pure Python, in batches of 128
INTERRUPTED = 130  # the exit status after Ctrl-C


def main() -> int:
    options = parsed()
    try:
        return run(options)
    except (rt.Error, OSError) as error:
        print(f"{os.path.basename(sys.argv[0])}: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:  # before or after the epochs, or a second one within
        print("\ninterrupted", file=sys.stderr)
        return INTERRUPTED


def parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    tier.add_mode(parser)
    parser.add_argument("--data", metavar="FOLDER", help="where MNIST's files are (default: digits of the package)")
    parser.add_argument("--samples", type=tier.count, metavar="N", help="use only so many images of each kind")
    parser.add_argument("--epochs", type=tier.count, default=10, metavar="N", help="altogether (default: 10)")
    parser.add_argument("--dtype", choices=["f32", "f64"], default="f32", help="of all numbers (default: f32)")
    parser.add_argument("--seed", type=tier.seed, default=0, help="of weights, orders and dropout (default: 0)")
    parser.add_argument("--checkpoint", metavar="FILE", help="save there after each epoch, and go on from there")
    parser.add_argument("--plot", metavar="FILE", help="draw loss and accuracy there, as PNG (needs matplotlib)")
    options = parser.parse_args()
    if options.plot and importlib.util.find_spec("matplotlib") is None:
        parser.error("--plot needs matplotlib: pip install 'rt-torch[plot]'")
    return options


def run(options: argparse.Namespace) -> int:
    on_libtorch = tier.begin(options.mode)
    train, test = mnist(options.data, options.dtype) if options.data else digits(options.dtype)
    train, test = first(train, options.samples), first(test, options.samples)
    print(f"{len(train[0]):,} images to learn from, {len(test[0]):,} to test with")
    if not on_libtorch:
        print(f"An epoch takes Python about {len(train[0]) * PATIENCE:,.0f} s; --samples takes fewer images.")
    rt.manual_seed(options.seed)
    model = network(options.dtype)
    print(f"\n{model}\n{described(model)}\n")
    trainer = learner(model, options.checkpoint)
    sys.stdout.flush()  # what follows goes to stderr
    start, done = time.perf_counter(), trainer.epoch
    data = rt.data.DataLoader(*train, batch_size=128, seed=options.seed)
    history = trainer.fit(data, until=options.epochs, validation=test)
    seconds = time.perf_counter() - start
    if trainer.epoch == done and not history.interrupted:
        print(f"Nothing is left to learn: {options.checkpoint} has {counted(done)}, and --epochs is {options.epochs}.")
    report(history, len(test[0]), trainer.epoch - done, seconds)
    return end(history, options)


def end(history: rt.training.TrainingHistory, options: argparse.Namespace) -> int:
    """What else is to be done after learning; the exit status."""
    if options.plot and history.epochs:
        rt.training.plot_history(history, options.plot, title="Handwritten digits")
        print(f"drawn: {options.plot}")
    if not history.interrupted:
        return 0
    print("interrupted" + (f"; the same command goes on from {options.checkpoint}" if options.checkpoint else ""))
    return INTERRUPTED


# What is learned from.

Pair = tuple[rt.Tensor, rt.Tensor]  # pixels of shape [n, 784], and the digits, i64 of shape [n]


def mnist(folder: str, dtype: str) -> tuple[Pair, Pair]:
    """MNIST's images, from files, with pixels from -1 to 1: (pixel - 127.5) / 127.5.

    Raises:
        rt.FileFormatError: A file is damaged, or something else than it should be.
        OSError: One is missing, or cannot be read.
    """
    print(f"the images in {folder}")
    pairs = [rt.data.mnist(folder, train=train, scale=(-1.0, 1.0), dtype=dtype) for train in (True, False)]
    for (pixels, labels), name in zip(pairs, ("train", "t10k"), strict=True):
        if pixels.shape[0] == 0 or pixels.shape[1] != WIDTH * WIDTH:
            given = f"{pixels.shape[0]} of {pixels.shape[1]} pixels are there"
            raise rt.FileFormatError(f"{folder}: {name}-images: images of 28 by 28 pixels are expected; {given}")
        if labels.max().item() > 9:
            raise rt.FileFormatError(f"{folder}: {name}-labels: 0 to 9 are expected; there is {labels.max().item():g}")
    return pairs[0], pairs[1]


def digits(dtype: str) -> tuple[Pair, Pair]:
    """The digits that come with the package, scaled up."""
    print("no --data: the package's own 8 by 8 digits, scaled up to 28 by 28 pixels (bilinear)")
    pixels, labels = rt.data.digits(scale=(-1.0, 1.0), dtype=dtype)
    x, x_test, y, y_test = rt.data.train_test_split(scaled_up(pixels), labels, ratio=0.8, seed=0)
    return (x, y), (x_test, y_test)


def first(pair: Pair, count: int | None) -> Pair:
    """So many of the images, or all of them."""
    return pair[0][:count], pair[1][:count]


def scaled_up(pixels: rt.Tensor) -> rt.Tensor:
    """Images of 8 by 8 pixels, [n, 64], as images of 28 by 28, [n, 784].

    Bilinear: along a line each new pixel is a mixture of the two nearest old ones.  That is a matrix product, and so is
    the same along columns.
    """
    weights = rt.tensor(mixture(8, WIDTH), dtype=pixels.dtype)
    images = pixels.reshape([-1, 8, 8])
    scaled: rt.Tensor = weights @ images @ weights.T
    return scaled.reshape([-1, WIDTH * WIDTH])


def mixture(old: int, new: int) -> list[list[float]]:
    """How much of each of the old pixels is in each of the new ones.

    Pixels are squares: the first ones of both sizes begin at the same place.  Beyond the middle of the outermost one
    there is nothing to mix it with.
    """
    rows = []
    for place in range(new):
        middle = min(max((place + 0.5) * old / new - 0.5, 0.0), old - 1.0)
        rows.append([max(1.0 - abs(middle - other), 0.0) for other in range(old)])
    return rows


# What learns.


def network(dtype: str) -> nn.Sequential:
    return nn.Sequential(
        nn.Linear(784, 512, dtype=dtype),
        nn.ReLU(),
        nn.Dropout(0.2),  # a fifth of the units is left out in each step, so that none relies on a single other one
        nn.Linear(512, 256, dtype=dtype),
        nn.ReLU(),
        nn.Dropout(0.2),
        nn.Linear(256, 128, dtype=dtype),
        nn.ReLU(),
        nn.Linear(128, 10, dtype=dtype),  # cross entropy makes probabilities of these numbers
    )


def described(model: nn.Module) -> str:
    size = sum(parameter.numel() * {"f32": 4, "f64": 8}[parameter.dtype] for parameter in model.parameters())
    return f"{model.count_parameters():,} parameters, {size / 1e6:.1f} MB"


def learner(model: nn.Sequential, checkpoint: str | None) -> rt.training.Trainer:
    """What teaches the model; where there is a checkpoint, from there on."""
    optimizer = optim.Adam(model.parameters(), lr=0.001, betas=(0.9, 0.999), weight_decay=1e-5)
    callbacks = [rt.training.Checkpoint(checkpoint)] if checkpoint else []
    trainer = rt.training.Trainer(
        model,
        optimizer,
        nn.cross_entropy,
        scheduler=optim.ExponentialLR(optimizer, 0.9),  # smaller steps towards the end, so that it ends less by chance
        callbacks=callbacks,
        metrics=[rt.training.accuracy],
    )
    if checkpoint and os.path.exists(checkpoint):
        trainer.load(checkpoint)
        part = f" and {trainer.batch} of the batches of another one" if trainer.batch else ""
        print(f"going on from {checkpoint}, after {counted(trainer.epoch)}{part}")
    return trainer


def report(history: rt.training.TrainingHistory, tested: int, epochs: int, seconds: float) -> None:
    if not history.epochs:
        print("no epoch came to its end")
        return
    known = history.last_values()
    if epochs:
        print(f"{counted(epochs)} in {seconds:.1f} s")
    print(f"the images to learn from: loss {known['loss']:.4f}, accuracy {known['accuracy']:.2%}, with dropout")
    accuracy = known["validation_accuracy"]
    print(f"the other ones:           loss {known['validation_loss']:.4f}, accuracy {accuracy:.2%}", end="")
    print(f": {round(accuracy * tested):,} of {tested:,} are right")


def counted(epochs: int) -> str:
    return f"{epochs} epoch{'' if epochs == 1 else 's'}"


if __name__ == "__main__":
    sys.exit(main())
