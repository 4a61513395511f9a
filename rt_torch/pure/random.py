"""Random tensors, and the generator that they are drawn from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from rt_torch.pure import philox
from rt_torch.pure.argument import integer, integers, refused
from rt_torch.pure.create import described, no_memory
from rt_torch.pure.dtype import is_floating, rounded
from rt_torch.pure.layout import layout_of
from rt_torch.pure.philox import default_generator
from rt_torch.pure.tensor import PureTensor, pure_tensor

_Draw: TypeAlias = "Callable[[int, int, int, str], list[float]]"  # seed, offset, count and dtype


def randn(shape: Sequence[int], dtype: str = "f64", device: str = "cpu") -> PureTensor:
    """A tensor of independent samples of the standard normal distribution, drawn from the default generator.

    Args:
        shape: Sizes; none makes a 0-dim tensor, a 0 among them an empty one.
        dtype: "f64" or "f32".
        device: "cpu".

    Raises:
        BadArgumentError: There is no such shape, dtype or device.
    """
    return _drawn("rt_torch_randn", shape, dtype, device, _normal)


def rand(shape: Sequence[int], dtype: str = "f64", device: str = "cpu") -> PureTensor:
    """A tensor of independent samples of the uniform distribution from 0 to below 1, from the default generator.

    Args:
        shape: Sizes; none makes a 0-dim tensor, a 0 among them an empty one.
        dtype: "f64" or "f32".
        device: "cpu".

    Raises:
        BadArgumentError: There is no such shape, dtype or device.
    """
    return _drawn("rt_torch_rand", shape, dtype, device, _uniform)


def randn_at(shape: Sequence[int], seed: int, offset: int, dtype: str = "f64", device: str = "cpu") -> PureTensor:
    """Samples of the standard normal distribution from a given place in a stream; the generator stays where it is.

    Args:
        shape: As for `randn`.
        seed: Any number of 64 bits; each names another stream.
        offset: Blocks to leave out, each of two numbers; a negative one stands for 2**64 more.
        dtype: "f64" or "f32".
        device: "cpu".

    Raises:
        BadArgumentError: There is no such shape, dtype or device.
    """
    return _drawn_at("rt_torch_randn_at", shape, seed, offset, dtype, device, _normal)


def rand_at(shape: Sequence[int], seed: int, offset: int, dtype: str = "f64", device: str = "cpu") -> PureTensor:
    """Samples of the uniform distribution from 0 to below 1 from a given place in a stream; the generator stays.

    Args:
        shape: As for `rand`.
        seed: Any number of 64 bits; each names another stream.
        offset: Blocks to leave out, each of two numbers; a negative one stands for 2**64 more.
        dtype: "f64", whose numbers have 53 bits, or "f32", which takes the upper 24 of these.
        device: "cpu".

    Raises:
        BadArgumentError: There is no such shape, dtype or device.
    """
    return _drawn_at("rt_torch_rand_at", shape, seed, offset, dtype, device, _uniform)


def _normal(seed: int, offset: int, count: int, dtype: str) -> list[float]:
    samples = philox.normal(seed, offset, count)
    return rounded(samples) if dtype == "f32" else samples


def _uniform(seed: int, offset: int, count: int, dtype: str) -> list[float]:
    return philox.uniform(seed, offset, count, 24 if dtype == "f32" else philox.BITS)


def _drawn(symbol: str, shape: Any, dtype: Any, device: Any, draw: _Draw) -> PureTensor:
    plain, name = described(symbol, shape, dtype, device)
    count = _checked_count(symbol, plain, name)
    return _samples(symbol, plain, name, *default_generator.reserve(count), draw)


def _drawn_at(symbol: str, shape: Any, seed: Any, offset: Any, dtype: Any, device: Any, draw: _Draw) -> PureTensor:
    integers(symbol, "shape", shape)
    first, start = integer(symbol, "seed", seed), integer(symbol, "offset", offset)
    plain, name = described(symbol, shape, dtype, device)
    _checked_count(symbol, plain, name)
    return _samples(symbol, plain, name, first, start, draw)


def _checked_count(symbol: str, shape: tuple[int, ...], dtype: str) -> int:
    size = layout_of(shape, dtype).size
    if size and not is_floating(dtype):
        raise refused(symbol, "dtype", f"{dtype} was given, and a floating-point dtype is needed")
    return size


def _samples(symbol: str, shape: tuple[int, ...], dtype: str, seed: int, offset: int, draw: _Draw) -> PureTensor:
    layout = layout_of(shape, dtype)
    try:
        return pure_tensor(draw(seed, offset, layout.size, dtype), layout)
    except (MemoryError, OverflowError):
        raise no_memory(symbol) from None


def manual_seed(seed: int) -> None:
    """Begin the stream of random numbers of that seed, from which `randn` then draws.

    Raises:
        BadArgumentError: `seed` is not from -2**63 to 2**64 - 1; negative ones count modulo 2**64.
    """
    default_generator.manual_seed(seed)


def random_state() -> tuple[int, int]:
    """Where the generator is: its seed, and how many blocks of two numbers were drawn."""
    return default_generator.get_state()


def set_random_state(seed: int, offset: int) -> None:
    """Put the generator to a place in a stream, such as one that `random_state` gave."""
    default_generator.set_state((seed, offset))
