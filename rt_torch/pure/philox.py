"""Random numbers from a counter: Philox4x32-10, as Random123 and cuRAND have it.

Block number n of a seed is a function of the two alone, so that every tier gives the same numbers for the same state.

    counter  n in the words 0 (low) and 1; the words 2 and 3 are 0
    key      the seed, low word first
    block    four words: two uniforms u, v of 53 bits, the words 0 (low) and 1, and 2 (low) and 3, without the 11 last bits
    samples  2n and 2n + 1: sqrt(-2 ln((u + 1) / 2**53)) times cos and sin of 2 pi v / 2**53 (Box and Muller)

Salmon, Moraes, Dror and Shaw: Parallel random numbers: as easy as 1, 2, 3 (2011).
"""

from __future__ import annotations

import os
import sys
import threading
from array import array
from collections.abc import Iterable
from math import cos, log, pi, sin, sqrt
from operator import mul
from typing import Any

from rt_torch.pure.argument import integer
from rt_torch.pure.dtype import wrapped

ROUNDS = 10
_MULTIPLIERS = (0xD2511F53, 0xCD9E8D57)
_KEY_STEPS = (0x9E3779B9, 0xBB67AE85)
_WORD = 0xFFFFFFFF
_AT_ONCE = 1024  # blocks; the integers of more do not stay in the processor's cache


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
    key = (seed & _WORD, seed >> 32 & _WORD)
    samples = [0.0] * count
    end = offset + (count + 1) // 2
    for start in range(offset, end, _AT_ONCE):
        some = _normal(key, range(start, min(start + _AT_ONCE, end)))
        place = 2 * (start - offset)
        samples[place : place + len(some)] = some
    del samples[count:]
    return samples


def _normal(key: tuple[int, int], numbers: range) -> list[float]:
    low = _packed([number & _WORD for number in numbers])
    high = _packed([number >> 32 & _WORD for number in numbers])
    a, b, c, d = _rounds(low, high, 0, 0, key, len(numbers))
    u = _unpacked(b << 32 | a, len(numbers))
    v = _unpacked(d << 32 | c, len(numbers))
    radii = [sqrt(-2.0 * log(((bits >> 11) + 1) * 2.0**-53)) for bits in u]
    angles = [2.0 * pi * ((bits >> 11) * 2.0**-53) for bits in v]
    samples = [0.0] * (2 * len(numbers))
    samples[::2] = map(mul, radii, map(cos, angles))
    samples[1::2] = map(mul, radii, map(sin, angles))
    return samples


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
