"""Devices, which are texts with names."""

from __future__ import annotations

import re
from numbers import Integral
from typing import Any, ClassVar

from rt_torch.config.suggestion import did_you_mean
from rt_torch.errors import BadArgumentError
from rt_torch.pure.dtype import is_cuda
from rt_torch_bindings.arguments import shown

__all__ = ["Device", "device_of"]


class Device(str):
    """A device: Device.CPU, or Device.CUDA(id).

    It is the text that tensors call it by, "cpu" or "cuda:1", so it goes wherever such a text does.

    Args:
        name: "cpu", "cuda:N", or "gpu" or "cuda" for "cuda:0".

    Raises:
        BadArgumentError: There is no device of that name.
    """

    __slots__ = ()

    CPU: ClassVar[Device]

    def __new__(cls, name: str = "cpu") -> Device:
        try:
            return device_of(name)
        except ValueError as error:
            raise BadArgumentError(f"rt.Device: argument `name`: {error}") from None

    @classmethod
    def CUDA(cls, id: int = 0) -> Device:
        """The CUDA device of that number."""
        if isinstance(id, bool) or not isinstance(id, (int, Integral)) or not is_cuda(f"cuda:{int(id)}"):
            raise BadArgumentError(
                f"rt.Device.CUDA: argument `id`: an integer from 0 to 9999 is expected; given {shown(id)}"
            )
        return cls(f"cuda:{int(id)}")

    @property
    def is_cpu(self) -> bool:
        return self == "cpu"

    @property
    def is_gpu(self) -> bool:
        return not self.is_cpu

    def cuda_id(self) -> int | None:
        """The number of the CUDA device; None on the CPU."""
        return int(self[len("cuda:") :]) if self.is_gpu else None

    def to_string(self) -> str:
        """ "cpu", "cuda:1"."""
        return str(self)

    def __str__(self) -> str:
        return str.__str__(self)

    def __repr__(self) -> str:
        return f"Device({str(self)!r})"


def device_of(name: Any) -> Device:
    """The device of that name.

    Raises:
        ValueError: There is none; the text says what there is.
    """
    text = {"gpu": "cuda:0", "cuda": "cuda:0", "cpu:0": "cpu"}.get(name, name) if isinstance(name, str) else ""
    if text != "cpu" and not is_cuda(text):
        hint = _hint(name) if isinstance(name, str) else ""
        raise ValueError(f'unknown device {shown(name)}: expected "cpu", "gpu", "cuda" or "cuda:N"{hint}')
    return str.__new__(Device, text)


def _hint(name: str) -> str:
    """The device that may have been meant: cuda:1 for cuda1, gpu:1, CUDA:01, ..."""
    found = re.fullmatch(r"(?:cuda|gpu)[^a-z0-9]{0,2}0*([0-9]{1,4})", name.strip().lower())
    return f'; did you mean "cuda:{found[1]}"?' if found else did_you_mean(name.strip(), ("cpu", "gpu", "cuda"))


Device.CPU = Device("cpu")
