"""Where a tensor or a module is to be, and of what dtype: what `to` is given."""

from __future__ import annotations

from typing import Any, NamedTuple

from rt_torch.errors import ArgumentTypeError, BadArgumentError
from rt_torch.pure.dtype import canonical, canonical_device, gpu_index, is_cuda
from rt_torch_bindings.arguments import shown

__all__ = ["Target", "gpu", "target"]


class Target(NamedTuple):
    """As it is given; each None where nothing is asked for."""

    dtype: str | None
    device: str | None

    def converts(self, dtype: str) -> bool:
        """Whether it is another dtype."""
        return self.dtype is not None and not (isinstance(self.dtype, str) and canonical(self.dtype) == dtype)

    def moves(self, device: str) -> bool:
        """Whether it is another device."""
        given = self.device
        return given is not None and not (isinstance(given, str) and canonical_device(given) == device)


def target(symbol: str, given: tuple[Any, ...], dtype: str | None, device: str | None) -> Target:
    """What `to(dtype)`, `to(device)`, `to(device, dtype)`, `to(tensor)` and the same by name ask for.

    Whether there is such a device is not looked at, and nothing that is given by name: who converts and moves does that.

    Raises:
        ArgumentTypeError: Something is neither a text nor a tensor, or nothing is given.
        BadArgumentError: A text is no dtype and no device, or there are two of either.
    """
    from rt_torch._tensor import Tensor

    if len(given) == 1 and isinstance(given[0], Tensor):
        given = (given[0].device, given[0].dtype)
    for text in given:
        if not isinstance(text, str):
            _refuse(symbol, text)
        if canonical(text) is not None:
            dtype = _once(symbol, "dtype", dtype, text)
        elif is_cuda(text) or canonical_device(text) == "cpu":
            device = _once(symbol, "device", device, text)
        else:
            raise BadArgumentError(
                f"{symbol}: {shown(text)} is neither a dtype, such as f32, nor a device: cpu, gpu, cuda or cuda:N"
            )
    if dtype is None and device is None:
        raise ArgumentTypeError(f"{symbol}: a dtype, a device, both, or a tensor is expected; nothing was given")
    return Target(dtype, device)


def _refuse(symbol: str, given: Any) -> None:
    raise ArgumentTypeError(f"{symbol}: a dtype, a device, both, or a tensor is expected; given {shown(given)}")


def _once(symbol: str, what: str, before: str | None, text: str) -> str:
    if before is not None:
        raise BadArgumentError(f"{symbol}: two {what}s were given, {shown(before)} and {shown(text)}")
    return text


def gpu(symbol: str, device: int | str | None) -> str:
    """The device that `cuda(device)` means: the first GPU, that of a number, or one by its name."""
    if device is None:
        return "cuda:0"
    index = gpu_index(symbol, "device", device)
    return device if isinstance(device, str) else f"cuda:{index}"  # by the name that was given, which errors repeat
