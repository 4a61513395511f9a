"""Random numbers from a counter: Philox4x32-10, as Random123 and cuRAND have it.

Block number n of a seed is a function of the two alone, so that every tier gives the same numbers for the same state.

    counter  n in the words 0 (low) and 1; the words 2 and 3 are 0
    key      the seed, low word first
    block    four words: two uniforms u, v of 53 bits, the words 0 (low) and 1, and 2 (low) and 3, without the 11 last bits
    normal   samples 2n and 2n + 1: sqrt(-2 ln((u + 1) / 2**53)) times cos and sin of 2 pi v / 2**53 (Box and Muller)
    uniform  samples 2n and 2n + 1: u / 2**53 and v / 2**53, or with b bits, u >> 53 - b and v >> 53 - b, over 2**b

Salmon, Moraes, Dror and Shaw: Parallel random numbers: as easy as 1, 2, 3 (2011).
"""

from __future__ import annotations

import os
import sys
import threading
from array import array
from collections.abc import Callable, Iterable
from functools import partial
from math import cos, log, pi, sin, sqrt
from operator import mul
from typing import Any, TypeAlias

from rt_torch.pure.argument import integer
from rt_torch.pure.dtype import wrapped

ROUNDS = 10
BITS = 53
_MULTIPLIERS = (0xD2511F53, 0xCD9E8D57)
_KEY_STEPS = (0x9E3779B9, 0xBB67AE85)
_WORD = 0xFFFFFFFF
_AT_ONCE = 1024  # blocks; the integers of more do not stay in the processor's cache

_Two: TypeAlias = "tuple[Iterable[float], Iterable[float]]"  # the first and the second sample of each block


def blocks(counters: list[tuple[int, int, int, int]], key: tuple[int, int]) -> list[tuple[int, int, int, int]]:
    """Four random words of 32 bits for each counter of four words."""
    a, b, c, d = map(_packed, zip(*counters, strict=True))
    words = _rounds(a, b, c, d, key, len(counters))
    return [*zip(*(_unpacked(word, len(counters)) for word in words), strict=True)]


def _rounds(a: int, b: int, c: int, d: int, key: tuple[int, int], count: int) -> tuple[int, int, int, int]:
    """The words of `count` blocks, each in 64 bits of its own of a long integer.

    Python computes with these almost as fast as with short ones: a product of two words fits into the 64 bits, so
    that one multiplication serves all blocks, and no carry runs from one to the next.
    """
    ones = _packed([1] * count)
    low_halves = ones * _WORD
    first, second = _MULTIPLIERS
    for step in range(ROUNDS):
        low, high = ((word + step * bump & _WORD) * ones for word, bump in zip(key, _KEY_STEPS, strict=True))
        left, right = a * first, c * second
        a, b = (right >> 32 & low_halves) ^ b ^ low, right & low_halves
        c, d = (left >> 32 & low_halves) ^ d ^ high, left & low_halves
    return a, b, c, d


def _packed(words: Iterable[int]) -> int:
    return int.from_bytes(array("Q", words).tobytes(), sys.byteorder)


def _unpacked(packed: int, count: int) -> list[int]:
    return array("Q", packed.to_bytes(8 * count, sys.byteorder)).tolist()


def normal(seed: int, offset: int, count: int) -> list[float]:
    """Samples of the standard normal distribution, two from each block from number `offset` on.

    Args:
        seed: Modulo 2**64.
        offset: Modulo 2**64.
        count: Of an odd one, the last block's second sample is left out.
    """
    return _samples(seed, offset, count, _normal)


def uniform(seed: int, offset: int, count: int, bits: int = BITS) -> list[float]:
    """Samples of the uniform distribution from 0 to below 1, two from each block from number `offset` on.

    Args:
        seed: Modulo 2**64.
        offset: Modulo 2**64.
        count: Of an odd one, the last block's second sample is left out.
        bits: How many of the upper bits of 53 a sample is made of.
    """
    return _samples(seed, offset, count, partial(_uniform, bits))


def _samples(seed: int, offset: int, count: int, make: Callable[[list[int], list[int]], _Two]) -> list[float]:
    """What is made of the two numbers of each block."""
    key = (seed & _WORD, seed >> 32 & _WORD)
    samples = [0.0] * count
    end = offset + (count + 1) // 2
    for start in range(offset, end, _AT_ONCE):
        numbers = range(start, min(start + _AT_ONCE, end))
        some = [0.0] * (2 * len(numbers))
        some[::2], some[1::2] = make(*_bits(key, numbers))
        place = 2 * (start - offset)
        samples[place : place + len(some)] = some
    del samples[count:]
    return samples


def _bits(key: tuple[int, int], numbers: range) -> tuple[list[int], list[int]]:
    """The numbers u and v of each block."""
    low = _packed([number & _WORD for number in numbers])
    high = _packed([number >> 32 & _WORD for number in numbers])
    a, b, c, d = _rounds(low, high, 0, 0, key, len(numbers))
    u = _unpacked(b << 32 | a, len(numbers))
    v = _unpacked(d << 32 | c, len(numbers))
    return [bits >> 64 - BITS for bits in u], [bits >> 64 - BITS for bits in v]


def _normal(u: list[int], v: list[int]) -> _Two:
    radii = [sqrt(-2.0 * log((bits + 1) * 2.0**-BITS)) for bits in u]
    angles = [2.0 * pi * (bits * 2.0**-BITS) for bits in v]
    return map(mul, radii, map(cos, angles)), map(mul, radii, map(sin, angles))


def _uniform(bits: int, u: list[int], v: list[int]) -> _Two:
    less, unit = BITS - bits, 2.0**-bits
    return [(number >> less) * unit for number in u], [(number >> less) * unit for number in v]


class Generator:
    """Where in the blocks of a seed the next samples come from; may be used by several threads at once."""

    __slots__ = ("_lock", "_offset", "_seed")

    _seed: int
    _offset: int  # number of the next block

    def __init__(self, seed: int, offset: int = 0) -> None:
        """Begin at a block of a seed; errors are those of `set_state`."""
        self._lock = threading.Lock()
        self.set_state((seed, offset))

    def normal(self, count: int) -> list[float]:
        """The next samples of the standard normal distribution."""
        seed, offset = self.reserve(count)
        return normal(seed, offset, count)

    def reserve(self, count: int) -> tuple[int, int]:
        """Leave the blocks of so many samples to the caller: the seed, and the number of the first, as `get_state`."""
        with self._lock:
            offset = self._offset
            self._offset = wrapped(offset + (count + 1) // 2)
            return self._seed, offset

    def manual_seed(self, seed: int) -> None:
        """Begin with the first block of a seed.

        Raises:
            BadArgumentError: `seed` is not from -2**63 to 2**64 - 1; negative ones count modulo 2**64.
        """
        self._set("rt_torch_manual_seed", seed, 0)

    def get_state(self) -> tuple[int, int]:
        """Seed and number of the next block, each as a signed integer of 64 bits."""
        with self._lock:
            return self._seed, self._offset

    def set_state(self, state: tuple[int, int]) -> None:
        """Go on from what `get_state` gave.

        Raises:
            BadArgumentError: A number is not from -2**63 to 2**64 - 1.
        """
        seed, offset = state
        self._set("rt_torch_set_random_state", seed, offset)

    def _set(self, symbol: str, seed: int, offset: int) -> None:
        seed, offset = _checked(symbol, "seed", seed), _checked(symbol, "offset", offset)
        with self._lock:
            self._seed, self._offset = seed, offset

    def __repr__(self) -> str:
        return f"Generator(seed={self._seed}, offset={self._offset})"


def _checked(symbol: str, name: str, value: Any) -> int:
    """A number of 64 bits, signed or not, as a signed one."""
    if type(value) is int and 1 << 63 <= value < 1 << 64:
        return wrapped(value)
    return integer(symbol, name, value)


default_generator = Generator(int.from_bytes(os.urandom(8), "little"))
