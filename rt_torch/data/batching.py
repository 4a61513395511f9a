"""Batches of samples."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rt_torch._tensor import Tensor
from rt_torch.data.samples import checked, taken
from rt_torch.data.shuffling import at_least, check_count, checked_seed, checked_state, permutation
from rt_torch.errors import BadArgumentError


def batches(*data: Any, batch_size: int = 32, drop_last: bool = False) -> Iterator[tuple[Tensor, ...]]:
    """Copies of the samples, so many at a time and in their order.

        for x, y in rt.data.batches(x, y, batch_size=32):

    Args:
        data: Tensors with the same number of samples, or nested lists.
        batch_size: Samples in a batch; the last one has what is left.
        drop_last: Whether a last batch that is short is left out.

    Raises:
        BadArgumentError: The numbers of samples differ, or `batch_size` is not positive.
    """
    tensors, count = checked("rt.data.batches", data)
    size = at_least("rt.data.batches", "batch_size", batch_size, 1)
    return _batches(tensors, range(count), size, drop_last)


def _batches(
    tensors: tuple[Tensor, ...], order: list[int] | range, size: int, drop_last: bool
) -> Iterator[tuple[Tensor, ...]]:
    end = len(order) - len(order) % size if drop_last else len(order)
    for start in range(0, end, size):
        places = order[start : min(start + size, end)]
        yield tuple(taken(tensor, places) for tensor in tensors)


class DataLoader:
    """Batches of samples, in another order in each epoch; where it stands can be saved.

        loader = rt.data.DataLoader(x, y, batch_size=32, seed=1)
        while loader.epoch < 10:
            for x, y in loader:
                ...

    Each `for` goes through one epoch, and the epoch counts when it comes to its end: one that is left early begins anew.
    The order is a function of the seed and the epoch's number.  Of one loader, one `for` runs at a time.

    `state_dict` may be taken at any time, also between two batches: a loader that loads it hands out the very next batch,
    and whatever would have followed.
    """

    __slots__ = ("_place", "_resumed", "_tensors", "batch_size", "count", "drop_last", "epoch", "seed", "shuffle")

    count: int  # samples
    batch_size: int  # samples in a batch
    shuffle: bool  # whether each epoch has an order of its own
    seed: int  # of the orders, as a signed integer of 64 bits
    drop_last: bool  # whether a last batch that is short is left out
    epoch: int  # that is under way, or begins with the next `for`; may be set

    def __init__(
        self, *data: Any, batch_size: int = 32, shuffle: bool = True, seed: int = 0, drop_last: bool = False
    ) -> None:
        """Begin with epoch 0.

        Args:
            data: Tensors with the same number of samples, or nested lists.
            batch_size: Samples in a batch; the last one has what is left.
            shuffle: Whether each epoch has an order of its own.
            seed: Any integer of 64 bits.
            drop_last: Whether a last batch that is short is left out.

        Raises:
            BadArgumentError: The numbers of samples differ, `batch_size` is not positive, or `seed` no integer of 64
                bits.
        """
        tensors, self.count = checked("rt.data.DataLoader", data)
        self._tensors = tuple(tensor.contiguous() for tensor in tensors)  # once, and not for each batch
        self.batch_size = at_least("rt.data.DataLoader", "batch_size", batch_size, 1)
        self.shuffle = bool(shuffle)
        self.seed = checked_seed("rt.data.DataLoader", seed)
        self.drop_last = bool(drop_last)
        self.epoch = 0
        self._place = 0  # samples of the epoch that were handed out
        self._resumed = False  # whether the next `for` goes on at that place

    def __len__(self) -> int:
        """Batches in an epoch."""
        return self.count // self.batch_size if self.drop_last else -(-self.count // self.batch_size)

    def __iter__(self) -> Iterator[tuple[Tensor, ...]]:
        if not self._resumed:
            self._place = 0
        self._resumed = False
        order = permutation(self.count, self.seed, self.epoch) if self.shuffle else range(self.count)
        for batch in _batches(self._tensors, order[self._place :], self.batch_size, self.drop_last):
            self._place += batch[0].shape[0]
            yield batch
        self._place = 0
        self.epoch += 1

    def state_dict(self) -> dict[str, int]:
        """Where it stands, in integers of 64 bits."""
        return {"count": self.count, "seed": self.seed, "epoch": self.epoch, "sample": self._place}

    def load_state_dict(self, state: Mapping[str, int]) -> None:
        """Go on from where another loader of the same samples stood; its batch size may have been another one.

        Raises:
            BadArgumentError: That was no state of a loader, or one of another number of samples.
        """
        symbol = "rt.data.DataLoader.load_state_dict"
        given = checked_state(symbol, state, ("count", "seed", "epoch", "sample"))
        check_count(symbol, given["count"], self.count)
        if given["sample"] > self.count:
            raise BadArgumentError(f"{symbol}: argument `state`: sample is {given['sample']}, of {self.count}")
        self.seed, self.epoch, self._place = checked_seed(symbol, given["seed"]), given["epoch"], given["sample"]
        self._resumed = True

    def __repr__(self) -> str:
        return (
            f"DataLoader({self.count} samples, batch_size={self.batch_size}, shuffle={self.shuffle}, seed={self.seed}, "
            f"drop_last={self.drop_last}, epoch={self.epoch})"
        )
