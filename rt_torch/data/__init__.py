"""Data to learn from, and what is done with it before.

    xor, linear, iris, digits            data sets that come with the package: (x, y)
    mnist, read_idx                      files that you have
    normalize, standardize               columns on a common scale
    value_range, mean_and_std            the scales, to be used again
    one_hot                              classes as vectors
    shuffle, train_test_split, batches   samples in another order, in two parts, and some at a time
    DataLoader, Shuffle, permutation     the same again and again, and from where it stood

Tensors of samples are on the CPU, and of any dtype.  Whatever is random here is a function of a seed, and the same in both
tiers and on every machine.
"""

from __future__ import annotations

from rt_torch.data.batching import DataLoader, batches
from rt_torch.data.handwriting import digits, mnist
from rt_torch.data.idx import read_idx
from rt_torch.data.labels import one_hot
from rt_torch.data.scaling import mean_and_std, normalize, standardize, value_range
from rt_torch.data.shuffling import Shuffle, permutation, shuffle
from rt_torch.data.small import IRIS_CLASSES, IRIS_FEATURES, iris, linear, xor
from rt_torch.data.splitting import train_test_split

__all__ = [
    "IRIS_CLASSES",
    "IRIS_FEATURES",
    "DataLoader",
    "Shuffle",
    "batches",
    "digits",
    "iris",
    "linear",
    "mean_and_std",
    "mnist",
    "normalize",
    "one_hot",
    "permutation",
    "read_idx",
    "shuffle",
    "standardize",
    "train_test_split",
    "value_range",
    "xor",
]
