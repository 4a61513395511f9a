"""Data before it is learned from: orders, batches, splits and scales.

    python examples/pure_nn/data_utils.py [--seed N] [--batch-size N] [--ratio R] [--mode pure|native|auto]

First six samples, in which everything can be followed by eye; then the 150 flowers of the iris data, on the way that data
usually takes: load, split, scale by what is to be learned from, and hand out batches, in another order in each epoch.
"""

from __future__ import annotations

import argparse
import sys

import rt_torch as rt


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seed", type=int, default=42, help="of the orders (default: 42)")
    parser.add_argument("--batch-size", type=int, default=2, help="samples in a batch of the six (default: 2)")
    parser.add_argument("--ratio", type=float, default=0.7, help="how much is to learn from (default: 0.7)")
    parser.add_argument("--mode", choices=("pure", "native", "auto"), default="pure", help="where it computes")
    options = parser.parse_args()
    rt.set_acceleration(options.mode)
    if options.mode == "native" and not rt.is_ffi_available():
        print("native is not available here: this is pure Python (`python -m rt_torch doctor`)", file=sys.stderr)
    x = rt.tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0], [7.0, 8.0], [9.0, 10.0], [11.0, 12.0]])
    y = rt.tensor([0, 1, 0, 1, 0, 1])
    print(f"Six samples\n   x = {x.tolist()}\n   y = {y.tolist()}")
    try:
        orders(x, y, options.seed)
        batches(x, y, options.batch_size)
        split(x, y, options.ratio)
    except rt.BadArgumentError as error:
        parser.error(str(error))
    scales(x)
    pipeline(options.seed)
    return 0


def orders(x: rt.Tensor, y: rt.Tensor, seed: int) -> None:
    print(f"Orders for the seed {seed}")
    places = shuffled_by_remainders(len(x), seed)
    print(f"   by remainders: {places}, first {x[places[0]].tolist()} and {x[places[1]].tolist()}")
    places = rt.data.permutation(len(x), seed)
    print(f"   rt.data: {places}")
    mixed_x, mixed_y = rt.data.shuffle(x, y, seed=seed)
    print(f"   x and y stay together: {mixed_x.tolist()} {mixed_y.tolist()}")
    for name, order in (("by remainders", shuffled_by_remainders), ("rt.data", rt.data.permutation)):
        found = {tuple(order(6, number)) for number in range(5000)}
        print(f"   of the 720 orders of six samples, 5,000 seeds give so many {name}: {len(found)}")


def shuffled_by_remainders(count: int, seed: int) -> list[int]:
    """Fisher and Yates' shuffle, with remainders in the place of random numbers.

    That is how the program did it from which the six samples come.  Seeds that differ by 60, which 2, 3, 4, 5 and 6
    divide, give the same order, so there are no more than 60; rt.data draws from a real generator.
    """
    order = list(range(count))
    for i in range(count - 1, 0, -1):
        j = i * seed * 2654435761 % (i + 1)
        order[i], order[j] = order[j], order[i]
    return order


def batches(x: rt.Tensor, y: rt.Tensor, size: int) -> None:
    print(f"Batches of {size}")
    for inputs, outputs in rt.data.batches(x, y, batch_size=size):
        print(f"   {inputs.tolist()} {outputs.tolist()}")


def split(x: rt.Tensor, y: rt.Tensor, ratio: float) -> None:
    # 6 * 0.7 = 4.2 samples are the nearest integer, 4.  Counting while the index is below 4.2, as that program did, gives
    # a fifth one.
    x_train, x_test, y_train, y_test = rt.data.train_test_split(x, y, ratio=ratio, shuffle=False)
    print(f"Split at {ratio}: {len(x_train)} to learn from, {len(x_test)} to test with")
    print(f"   {x_train.tolist()} {y_train.tolist()}\n   {x_test.tolist()} {y_test.tolist()}")


def scales(x: rt.Tensor) -> None:
    print("Scales, each column by itself")
    print(f"   normalized: {rt.data.normalize(x).tolist()}")
    print(f"   standardized: {[[round(value, 6) for value in row] for row in rt.data.standardize(x).tolist()]}")
    print(f"   a column of equal values becomes {rt.data.normalize([[7.0], [7.0]]).flatten().tolist()}")


def pipeline(seed: int) -> None:
    print("Iris, all of it")
    x, y = rt.data.iris()
    x_train, x_test, y_train, _ = rt.data.train_test_split(x, y, ratio=0.8, seed=seed)
    low, high = rt.data.value_range(x_train)
    x_train = rt.data.normalize(x_train, low, high)
    x_test = rt.data.normalize(x_test, low, high)  # by the same range, or the two would not be on one scale
    print(
        f"   {len(x_train)} flowers to learn from, {[y_train.tolist().count(kind) for kind in range(3)]} of each kind"
    )
    print(
        f"   {len(x_test)} to test with, from {x_test.min():.3f} to {x_test.max():.3f}: 0 to 1 are the others' extremes"
    )
    loader = rt.data.DataLoader(x_train, y_train, batch_size=32, seed=seed)
    while loader.epoch < 2:
        epoch = loader.epoch
        sizes, kinds = [], []
        for inputs, outputs in loader:
            sizes.append(len(inputs))
            kinds += outputs.tolist()
        print(f"   epoch {epoch}: batches of {sizes}, the first flowers are of the kinds {kinds[:10]}")


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)  # as shells say that it was Ctrl-C
