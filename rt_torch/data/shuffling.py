"""Orders that look random, and are the same wherever and whenever they are asked for.

The order of an epoch is a function of three numbers: how many samples there are, the seed, and the epoch's number.  It is
a Fisher-Yates shuffle over the package's own generator, Philox4x32-10, whose blocks have here

    counter  the block's number in word 0, the epoch in the words 1 (low) and 2, "SHUF" in word 3
    key      the seed, low word first

so that none of the numbers is one that rt.randn gives for the same seed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, overload

from rt_torch._tensor import Tensor
from rt_torch.data.samples import checked, taken
from rt_torch.errors import BadArgumentError
from rt_torch.pure import philox
from rt_torch.pure.argument import integer
from rt_torch.pure.dtype import wrapped
from rt_torch_bindings.arguments import shown

_WORD = 0xFFFFFFFF
_OURS = int.from_bytes(b"SHUF", "big")
_AT_ONCE = 1024  # blocks


def permutation(count: int, seed: int = 0, epoch: int = 0) -> list[int]:
    """The numbers from 0 to before `count` in an order of their own for each seed and epoch.

    Each order is as likely as any other, up to one part in 2**32.

    Args:
        count: Up to 2**32.
        seed: Any integer of 64 bits.
        epoch: From 0 on.

    Raises:
        BadArgumentError: A number is out of its range.
    """
    symbol = "rt.data.permutation"
    count, epoch = at_least(symbol, "count", count, 0), at_least(symbol, "epoch", epoch, 0)
    if count > 1 << 32:
        raise BadArgumentError(f"{symbol}: argument `count`: {count} was given, and at most 2**32 are possible")
    return _permutation(count, checked_seed(symbol, seed), epoch)


def _permutation(count: int, seed: int, epoch: int) -> list[int]:
    order = list(range(count))
    for place, number in zip(range(count - 1, 0, -1), _numbers(seed, epoch, count - 1), strict=False):
        other = number * (place + 1) >> 64
        order[place], order[other] = order[other], order[place]
    return order


def _numbers(seed: int, epoch: int, count: int) -> Iterator[int]:
    """At least so many random integers of 64 bits."""
    key = (seed & _WORD, seed >> 32 & _WORD)
    low, high = epoch & _WORD, epoch >> 32
    blocks = (count + 1) // 2
    for start in range(0, blocks, _AT_ONCE):
        counters = [(block, low, high, _OURS) for block in range(start, min(start + _AT_ONCE, blocks))]
        for a, b, c, d in philox.blocks(counters, key):
            yield b << 32 | a
            yield d << 32 | c


class Shuffle:
    """One order after the other, each of an epoch's own; where it stands can be saved.

    shuffle = Shuffle(len(x), seed=1)
    order = next(shuffle)  # of epoch 0
    """

    __slots__ = ("count", "epoch", "seed")

    count: int  # of what is to be ordered
    seed: int  # as a signed integer of 64 bits
    epoch: int  # whose order is the next

    def __init__(self, count: int, seed: int = 0) -> None:
        """Begin with epoch 0.

        Raises:
            BadArgumentError: `count` is negative, or `seed` no integer of 64 bits.
        """
        self.count = at_least("rt.data.Shuffle", "count", count, 0)
        self.seed = checked_seed("rt.data.Shuffle", seed)
        self.epoch = 0

    def __iter__(self) -> Shuffle:
        return self

    def __next__(self) -> list[int]:
        """The next epoch's order: the numbers from 0 to before `count`."""
        order = permutation(self.count, self.seed, self.epoch)
        self.epoch += 1
        return order

    def state_dict(self) -> dict[str, int]:
        """Where it stands, in integers of 64 bits."""
        return {"count": self.count, "seed": self.seed, "epoch": self.epoch}

    def load_state_dict(self, state: Mapping[str, int]) -> None:
        """Go on from where another one stood.

        Raises:
            BadArgumentError: That was no state of such an object, or one for another number of things.
        """
        symbol = "rt.data.Shuffle.load_state_dict"
        given = checked_state(symbol, state, ("count", "seed", "epoch"))
        check_count(symbol, given["count"], self.count)
        self.seed, self.epoch = checked_seed(symbol, given["seed"]), given["epoch"]

    def __repr__(self) -> str:
        return f"Shuffle(count={self.count}, seed={self.seed}, epoch={self.epoch})"


@overload
def shuffle(data: Any, /, *, seed: int = 0) -> Tensor: ...


@overload
def shuffle(first: Any, second: Any, /, *others: Any, seed: int = 0) -> tuple[Tensor, ...]: ...


def shuffle(*data: Any, seed: int = 0) -> Tensor | tuple[Tensor, ...]:
    """Copies of tensors with their samples in another order, the same one for all of them.

        x, y = rt.data.shuffle(x, y, seed=1)

    Args:
        data: Tensors with the same number of samples, or nested lists.
        seed: Any integer of 64 bits; the same one always gives the same order.

    Returns:
        As many tensors; a single one is returned as it is.

    Raises:
        BadArgumentError: The numbers of samples differ, or `seed` is no integer of 64 bits.
    """
    tensors, count = checked("rt.data.shuffle", data)
    order = _permutation(count, checked_seed("rt.data.shuffle", seed), 0)
    shuffled = tuple(taken(tensor, order) for tensor in tensors)
    return shuffled[0] if len(shuffled) == 1 else shuffled


# Arguments and states.


def checked_seed(symbol: str, seed: Any) -> int:
    """A seed, as a signed integer of 64 bits."""
    if type(seed) is int and 1 << 63 <= seed < 1 << 64:
        return wrapped(seed)
    return integer(symbol, "seed", seed)


def at_least(symbol: str, name: str, value: Any, least: int) -> int:
    """An integer that is no less."""
    number = integer(symbol, name, value)
    if number < least:
        raise BadArgumentError(f"{symbol}: argument `{name}`: {number} was given, and at least {least} is expected")
    return number


def checked_state(symbol: str, state: Any, keys: tuple[str, ...]) -> dict[str, int]:
    """A state dictionary of integers, of which only the seed may be negative."""
    where = f"{symbol}: argument `state`"
    if not isinstance(state, Mapping) or set(state) != set(keys):
        raise BadArgumentError(f"{where}: a dictionary of {', '.join(keys)} is expected; given {shown(state)}")
    numbers = {key: integer(symbol, f'state["{key}"]', state[key]) for key in keys}
    for key, number in numbers.items():
        if number < 0 and key != "seed":
            raise BadArgumentError(f"{where}: {key} is {number}, and at least 0 is expected")
    return numbers


def check_count(symbol: str, saved: int, count: int) -> None:
    """That a state is of as many samples."""
    if saved != count:
        raise BadArgumentError(f"{symbol}: argument `state`: it is of {saved} samples, and here are {count}")
