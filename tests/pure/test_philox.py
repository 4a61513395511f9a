"""The generator's numbers: known answers, and that they do not depend on how they are asked for."""

from __future__ import annotations

import math
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rt_torch import pure
from rt_torch.pure import philox
from rt_torch_bindings.errors import ArgumentTypeError, BadArgumentError

# Counter, key and block, of Random123's own tests.
KNOWN = """
00000000 00000000 00000000 00000000  00000000 00000000  6627e8d5 e169c58d bc57ac4c 9b00dbd8
ffffffff ffffffff ffffffff ffffffff  ffffffff ffffffff  408f276d 41c83b0e a20bc7c6 6d5451fd
243f6a88 85a308d3 13198a2e 03707344  a4093822 299f31d0  d16cfe09 94fdcceb 5001e420 24126ea1
"""

WORDS = st.integers(0, 2**32 - 1)
LONG = st.integers(0, 2**64 - 1)


@pytest.mark.parametrize("line", KNOWN.split("\n")[1:-1])
def test_known_blocks(line):
    words = [int(word, 16) for word in line.split()]
    assert philox.blocks([tuple(words[:4])], tuple(words[4:6])) == [tuple(words[6:])]


def one_block(counter, key):
    """The same by single words."""
    a, b, c, d = counter
    low, high = key
    for _ in range(10):
        left, right = a * 0xD2511F53, c * 0xCD9E8D57
        a, b, c, d = right >> 32 ^ b ^ low, right % 2**32, left >> 32 ^ d ^ high, left % 2**32
        low, high = (low + 0x9E3779B9) % 2**32, (high + 0xBB67AE85) % 2**32
    return a, b, c, d


@given(st.lists(st.tuples(WORDS, WORDS, WORDS, WORDS), min_size=1, max_size=5), st.tuples(WORDS, WORDS))
def test_many_blocks_at_once_are_those_of_each(counters, key):
    assert philox.blocks(counters, key) == [one_block(counter, key) for counter in counters]


@given(LONG, LONG)
def test_samples_are_made_of_a_block_as_described(seed, offset):
    a, b, c, d = one_block((offset % 2**32, offset >> 32, 0, 0), (seed % 2**32, seed >> 32))
    radius = math.sqrt(-2 * math.log((((b << 32 | a) >> 11) + 1) * 2**-53))
    angle = 2 * math.pi * (((d << 32 | c) >> 11) * 2**-53)
    assert philox.normal(seed, offset, 2) == [radius * math.cos(angle), radius * math.sin(angle)]


def test_known_samples():
    assert philox.normal(0, 0, 3) == pytest.approx(
        [-0.39766753844418223, -0.310395478801738, 1.3868444271028377], rel=1e-15
    )


@given(LONG, LONG, st.integers(0, 9), st.sampled_from([53, 24, 11, 8]))
def test_uniform_samples_are_the_upper_bits_of_the_same_numbers(seed, offset, count, bits):
    whole = philox.uniform(seed, offset, count)
    assert philox.uniform(seed, offset, count, bits) == [math.floor(value * 2**bits) / 2**bits for value in whole]
    for sample, normal in zip(whole[::2], philox.normal(seed, offset, count)[::2], strict=True):
        assert abs(normal) <= math.sqrt(-2 * math.log(sample + 2**-53))


def test_known_uniform_samples():
    block = philox.blocks([(0, 0, 0, 0)], (42, 0))[0]
    assert philox.uniform(42, 0, 2) == [
        ((block[1] << 32 | block[0]) >> 11) / 2**53,
        ((block[3] << 32 | block[2]) >> 11) / 2**53,
    ]
    assert philox.uniform(42, 0, 3) == [0.4685865183391049, 0.34086154938517876, 0.32706338120338474]


def test_uniform_samples_are_below_1_and_evenly_spread():
    samples = philox.uniform(1, 0, 100_000)
    assert min(samples) >= 0
    assert max(samples) < 1
    counts = [0] * 10
    for value in samples:
        counts[int(10 * value)] += 1
    assert all(abs(count - 10_000) < 500 for count in counts)


@pytest.mark.parametrize("bits", [24, 11, 8])
def test_the_largest_uniform_sample_is_not_rounded_up(bits, monkeypatch):
    monkeypatch.setattr(philox, "_bits", lambda key, numbers: ([2**53 - 1], [0]))
    assert philox.uniform(0, 0, 2, bits) == [1 - 2.0**-bits, 0.0]


@given(LONG, LONG, st.integers(0, 9), st.integers(0, 9))
def test_a_later_start_gives_later_samples(seed, offset, skipped, count):
    late = philox.normal(seed, (offset + skipped) % 2**64, count)
    assert philox.normal(seed, offset, 2 * skipped + count)[2 * skipped :] == late


def test_the_counter_begins_anew_after_the_last_block():
    assert philox.normal(5, 2**64 - 1, 4)[2:] == philox.normal(5, 0, 2)


def test_many_samples_are_those_of_few():
    count = 2 * philox._AT_ONCE + 3
    assert philox.normal(3, 7, count)[-3:] == philox.normal(3, 7 + philox._AT_ONCE, 3)


def test_samples_are_of_the_normal_distribution():
    samples = philox.normal(1, 0, 100_000)
    mean = math.fsum(samples) / len(samples)
    assert abs(mean) < 4 / math.sqrt(len(samples))
    assert abs(math.fsum(value * value for value in samples) / len(samples) - 1) < 4 * math.sqrt(2 / len(samples))
    within = sum(abs(value) < 1 for value in samples) / len(samples)
    assert within == pytest.approx(math.erf(math.sqrt(0.5)), abs=0.006)
    evens, odds = samples[::2], samples[1::2]
    assert abs(math.fsum(map(lambda a, b: a * b, evens, odds))) < 4 * math.sqrt(len(evens))


def test_an_odd_count_uses_the_whole_of_its_last_block():
    generator = philox.Generator(1)
    generator.normal(3)
    assert generator.get_state() == (1, 2)
    assert generator.normal(1) == philox.normal(1, 2, 1)


def test_a_state_brings_the_samples_back():
    generator = philox.Generator(9)
    generator.normal(5)
    state = generator.get_state()
    samples = generator.normal(5)
    generator.set_state(state)
    assert generator.normal(5) == samples
    generator.manual_seed(9)
    assert generator.get_state() == (9, 0)


def test_the_offset_of_a_state_wraps():
    generator = philox.Generator(1, 2**64 - 1)
    generator.normal(4)
    assert generator.get_state() == (1, 1)
    generator.set_state((1, 2**63 - 1))
    generator.normal(2)
    assert generator.get_state() == (1, -(2**63))


def test_negative_seeds_count_from_the_end():
    assert philox.Generator(-1).normal(3) == philox.Generator(2**64 - 1).normal(3)


@pytest.mark.parametrize("seed", [2**64, -(2**63) - 1])
def test_seeds_that_are_too_large(seed):
    with pytest.raises(
        BadArgumentError, match="rt_torch_manual_seed: argument `seed`: the integer does not fit into 64 bits"
    ):
        pure.manual_seed(seed)


@pytest.mark.parametrize("seed", ["1", 1.0, None])
def test_seeds_that_are_no_integers(seed):
    with pytest.raises(ArgumentTypeError, match="an integer is expected"):
        pure.manual_seed(seed)


def test_randn_draws_from_the_default_generator():
    pure.manual_seed(12)
    state = pure.random_state()
    assert pure.randn([2, 3]).tolist() == [philox.normal(12, 0, 3), philox.normal(12, 0, 6)[3:]]
    assert pure.random_state() == (12, 3)
    pure.set_random_state(*state)
    rounded = pure.from_data(philox.normal(12, 0, 6), [6], "f32").tolist()
    assert pure.randn([6], "f32").tolist() == rounded


def test_rand_draws_from_the_same_generator():
    pure.manual_seed(12)
    assert pure.rand([2, 3]).tolist() == [philox.uniform(12, 0, 3), philox.uniform(12, 0, 6)[3:]]
    assert pure.random_state() == (12, 3)
    assert pure.randn([1]).tolist() == philox.normal(12, 3, 1)
    assert pure.rand_at([2], -1, -1).tolist() == philox.uniform(2**64 - 1, 2**64 - 1, 2)
    assert pure.rand_at([3], 5, 0, "f32").tolist() == philox.uniform(5, 0, 3, 24)


def test_randn_at_draws_from_a_given_place():
    before = pure.random_state()
    assert pure.randn_at([2, 2], 42, 1).tolist() == [philox.normal(42, 1, 2), philox.normal(42, 2, 2)]
    assert pure.randn_at([2], -1, -1).tolist() == philox.normal(2**64 - 1, 2**64 - 1, 2)
    assert pure.random_state() == before


@pytest.mark.parametrize(("name", "place"), [("randn", ()), ("randn_at", (0, 0)), ("rand", ()), ("rand_at", (0, 0))])
def test_samples_are_floating_point(name, place):
    with pytest.raises(BadArgumentError) as caught:
        getattr(pure, name)([2], *place, "i64")
    assert str(caught.value) == (
        f"rt_torch_{name}: argument `dtype`: i64 was given, and a floating-point dtype is needed"
    )
    assert getattr(pure, name)([0, 2], *place, "i64").shape == (0, 2)


def test_threads_get_blocks_of_their_own():
    generator = philox.Generator(4)
    taken = []

    def take():
        taken.extend(generator.reserve(3)[1] for _ in range(500))

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == [*range(0, 4000, 2)]
