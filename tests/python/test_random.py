"""Random numbers: a seed names a stream, whichever the loader, and the generator's place in it can be kept."""

from __future__ import annotations

import math
import statistics
import threading
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

import pytest

from rt_torch.errors import BadArgumentError

MASK = 2**32 - 1
PLACES = [(0, 0), (42, 0), (-1, 3), (2**63 - 1, 2**40), (-(2**63), -2)]

# The beginning of seed 42; the elementary functions of the C library may differ in the last bit.
FIRST = [
    *(-0.6653748678073486, 1.036023808655465, -1.4338891806537384, 0.4232781812444527),
    *(0.13500793462831734, -0.9043863850666349, -0.6482506427558838, 0.6154812264131017),
]


def philox(counter: list[int], key: list[int]) -> list[int]:
    for _ in range(10):
        even, odd = 0xD2511F53 * counter[0], 0xCD9E8D57 * counter[2]
        counter = [odd >> 32 ^ counter[1] ^ key[0], odd & MASK, even >> 32 ^ counter[3] ^ key[1], even & MASK]
        key = [(key[0] + 0x9E3779B9) & MASK, (key[1] + 0xBB67AE85) & MASK]
    return counter


def stream(seed: int, offset: int) -> Iterator[float]:
    """What the reference describes, in Python."""
    while True:
        words = philox([offset & MASK, offset >> 32 & MASK, 0, 0], [seed & MASK, seed >> 32 & MASK])
        u, v = ((words[place + 1] << 32 | words[place]) >> 11 for place in (0, 2))
        radius, angle = math.sqrt(-2 * math.log((u + 1) * 2**-53)), 2 * math.pi * (v * 2**-53)
        yield from (radius * math.cos(angle), radius * math.sin(angle))
        offset = (offset + 1) % 2**64


def upper_bits(seed: int, offset: int, bits: int) -> Iterator[float]:
    while True:
        words = philox([offset & MASK, offset >> 32 & MASK, 0, 0], [seed & MASK, seed >> 32 & MASK])
        yield from (((words[place + 1] << 32 | words[place]) >> (64 - bits)) / 2**bits for place in (0, 2))
        offset = (offset + 1) % 2**64


def taken(f: Any, handle: int) -> list[float]:
    """The elements of an f64 tensor; it is freed."""
    elements = list(f.to_data_f64(handle))
    f.free(handle)
    return elements


def drawn(f: Any, count: int) -> list[float]:
    return taken(f, f.randn([count], "f64", "cpu"))


def test_philox_is_random123_s() -> None:
    assert philox([0] * 4, [0] * 2) == [0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8]
    assert philox([MASK] * 4, [MASK] * 2) == [0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD]
    counter, key = [0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344], [0xA4093822, 0x299F31D0]
    assert philox(counter, key) == [0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1]


def test_a_seed_gives_known_numbers(f: Any) -> None:
    f.manual_seed(42)
    assert drawn(f, 8) == pytest.approx(FIRST, rel=1e-15, abs=0)


@pytest.mark.parametrize(("seed", "offset"), PLACES)
def test_every_bit_is_what_python_computes(f: Any, seed: int, offset: int) -> None:
    count = 20001
    assert taken(f, f.randn_at([count], seed, offset, "f64", "cpu")) == list(islice(stream(seed, offset), count))
    f.set_random_state(seed, offset)
    assert drawn(f, 5) == list(islice(stream(seed, offset), 5))


@pytest.mark.parametrize(("seed", "offset"), PLACES)
def test_every_bit_of_uniform_numbers_is_what_python_computes(f: Any, seed: int, offset: int) -> None:
    count = 20001
    whole = list(islice(upper_bits(seed, offset, 53), count))
    assert taken(f, f.rand_at([count], seed, offset, "f64", "cpu")) == whole
    assert min(whole) >= 0
    assert max(whole) < 1
    f.set_random_state(seed, offset)
    assert taken(f, f.rand([5], "f64", "cpu")) == whole[:5]
    assert drawn(f, 2) == list(islice(stream(seed, (offset + 3) % 2**64), 2)), "the next block is a normal number's"
    for name, bits in {"f32": 24, "f16": 11, "bf16": 8}.items():
        handle = f.rand_at([count], seed, offset, name, "cpu")
        assert f.dtype(handle) == name
        wide = f.to_dtype(handle, "f64")
        f.free(handle)
        assert taken(f, wide) == list(islice(upper_bits(seed, offset, bits), count))


def test_a_stream_may_be_drawn_in_parts(f: Any) -> None:
    f.manual_seed(7)
    whole = drawn(f, 8)
    f.manual_seed(7)
    assert drawn(f, 4) + drawn(f, 4) == whole
    f.manual_seed(7)
    assert drawn(f, 3) == whole[:3]
    assert drawn(f, 4) == whole[4:], "an odd count drops the second number of its last block"
    f.manual_seed(7)
    assert drawn(f, 0) == []
    assert taken(f, f.randn([2, 2, 2], "f64", "cpu")) == whole
    assert taken(f, f.randn_at([4], 7, 2, "f64", "cpu")) == whole[4:]


def test_the_state_is_kept_and_put_back(f: Any) -> None:
    f.manual_seed(-5)
    drawn(f, 7)
    state = f.random_state()
    assert state == (-5, 4)
    expected = drawn(f, 6)
    taken(f, f.randn_at([100], 1, 2, "f64", "cpu"))
    f.set_random_state(*state)
    assert drawn(f, 6) == expected


def test_other_dtypes_are_roundings_of_the_same_numbers(f: Any) -> None:
    torch = pytest.importorskip("torch")
    count = 1000
    doubles = torch.tensor(taken(f, f.randn_at([count], 3, 0, "f64", "cpu")), dtype=torch.float64)
    for name, dtype in {"f32": torch.float32, "f16": torch.float16, "bf16": torch.bfloat16}.items():
        handle = f.randn_at([count], 3, 0, name, "cpu")
        assert f.dtype(handle) == name
        wide = f.to_dtype(handle, "f64")
        f.free(handle)
        assert taken(f, wide) == doubles.to(dtype).double().tolist()


def test_other_dtypes_are_refused(f: Any) -> None:
    for name in ("i64", "i32", "u8", "bool"):
        with pytest.raises(BadArgumentError, match=f"`dtype`: {name} was given, and a floating-point dtype is needed"):
            f.randn([2], name, "cpu")
        with pytest.raises(BadArgumentError, match="floating-point"):
            f.randn_at([2], 0, 0, name, "cpu")
        with pytest.raises(BadArgumentError, match="floating-point"):
            f.rand([2], name, "cpu")


def test_a_refused_call_draws_nothing(f: Any) -> None:
    f.manual_seed(1)
    for shape, dtype in (([-1], "f64"), ([2], "i64"), ([2**57], "f64")):
        with pytest.raises(RuntimeError):
            f.randn(shape, dtype, "cpu")
    assert f.random_state() == (1, 0)


def test_the_distribution_is_the_normal_one(f: Any) -> None:
    f.manual_seed(2024)
    numbers = drawn(f, 100_000)
    assert abs(statistics.fmean(numbers)) < 0.01
    assert abs(statistics.pvariance(numbers) - 1) < 0.02
    for limit in (0.5, 1.0, 2.0, 3.0):
        expected = math.erf(limit / math.sqrt(2))
        assert abs(sum(abs(number) < limit for number in numbers) / len(numbers) - expected) < 0.006
    correlation = statistics.fmean(first * second for first, second in zip(numbers[::2], numbers[1::2], strict=True))
    assert abs(correlation) < 0.02


def test_threads_share_the_stream_and_no_number(f: Any) -> None:
    f.manual_seed(11)
    parts: list[list[float]] = []

    def work() -> None:
        parts.extend(drawn(f, 10) for _ in range(100))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    together = [number for part in parts for number in part]
    assert sorted(together) == sorted(islice(stream(11, 0), 4000))
    assert len(set(together)) == 4000


def test_without_a_seed_every_process_has_its_own(python: Callable[..., Any], library: str) -> None:
    code = "from rt_torch import native; print(*native.random_state())"
    lines = {python("-c", code, RT_TORCH_LIBRARY=library).stdout for _ in range(3)}
    assert len(lines) == 3
    for line in lines:
        seed, offset = map(int, line.split())
        assert 0 <= seed < 2**63
        assert offset == 0


def test_seeding_needs_no_libtorch(python: Callable[..., Any], library: str) -> None:
    code = "from rt_torch import native; native.manual_seed(3); native.set_random_state(4, 5); print(native.random_state())"
    done = python("-c", code, RT_TORCH_LIBRARY=library, RT_TORCH_LIBTORCH="/nowhere")
    assert done.stdout == "(4, 5)\n", done.stderr
