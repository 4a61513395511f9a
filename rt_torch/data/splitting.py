"""Samples to learn from, and samples to test with."""

from __future__ import annotations

from typing import Any

from rt_torch._tensor import Tensor
from rt_torch.data.samples import checked, taken
from rt_torch.data.shuffling import checked_seed, permutation
from rt_torch.errors import BadArgumentError
from rt_torch.pure.argument import number


def train_test_split(*data: Any, ratio: float = 0.8, seed: int = 0, shuffle: bool = True) -> tuple[Tensor, ...]:
    """Split samples in two, the same ones of each tensor going to the same side.

        x_train, x_test, y_train, y_test = rt.data.train_test_split(x, y, ratio=0.8, seed=1)

    Args:
        data: Tensors with the same number of samples, or nested lists.
        ratio: How much of them is to learn from, between 0 and 1: of n samples, the integer nearest to n * ratio, but
            at least one goes to either side.
        seed: Any integer of 64 bits; the same one always gives the same split.
        shuffle: Whether the samples are shuffled before; otherwise the first ones are to learn from.

    Returns:
        Two copies for each tensor: what is to learn from, then what is to test with.

    Raises:
        BadArgumentError: There are less than two samples, the numbers of samples differ, `ratio` is not between 0 and
            1, or `seed` is no integer of 64 bits.
    """
    symbol = "rt.data.train_test_split"
    tensors, count = checked(symbol, data)
    share = number(symbol, "ratio", ratio)
    if not 0 < share < 1:
        raise BadArgumentError(
            f"{symbol}: argument `ratio`: {share} was given, and a number between 0 and 1 is expected"
        )
    if count < 2:
        raise BadArgumentError(f"{symbol}: there are {count} samples, and at least 2 are needed to split them")
    checked_seed(symbol, seed)
    order = permutation(count, seed) if shuffle else range(count)
    train = min(max(round(count * share), 1), count - 1)
    return tuple(part for tensor in tensors for part in (taken(tensor, order[:train]), taken(tensor, order[train:])))
