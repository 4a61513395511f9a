"""What computes."""

from __future__ import annotations

import enum
from typing import Any

from rt_torch.accel import AccelMode
from rt_torch.config.suggestion import did_you_mean
from rt_torch.errors import BadArgumentError
from rt_torch_bindings.arguments import shown

__all__ = ["Backend", "backend_of"]


class Backend(str, enum.Enum):
    """What computes: NATIVE is the package's own Python, PYTORCH libtorch, and CUDA libtorch on a GPU.

    The original called its own pure code native, and its configuration files still say so; rt_torch.AccelMode.NATIVE, the
    mode in which libtorch computes, is something else.

    Raises:
        BadArgumentError: Backend(name) of a name that is neither "native", "torch", "pytorch" nor "cuda".
    """

    NATIVE = "native"
    PYTORCH = "torch"
    CUDA = "cuda"

    @property
    def mode(self) -> AccelMode:
        """The mode of the dispatcher that it stands for."""
        return AccelMode.PURE if self is Backend.NATIVE else AccelMode.NATIVE

    def to_string(self) -> str:
        """ "native", "torch" or "cuda"."""
        return str(self)

    def __str__(self) -> str:
        return str.__str__(self)

    def __format__(self, spec: str) -> str:  # Enum's own is another in each version of Python
        return format(str(self), spec)

    @classmethod
    def _missing_(cls, value: object) -> Backend:
        try:
            return backend_of(value)
        except ValueError as error:
            raise BadArgumentError(f"rt.Backend: {error}") from None


_BY_NAME = {**{str(backend): backend for backend in Backend}, "pytorch": Backend.PYTORCH}


def backend_of(name: Any) -> Backend:
    """The backend of that name.

    Raises:
        ValueError: There is none; the text says what there is.
    """
    found = _BY_NAME.get(name) if isinstance(name, str) else None
    if found is None:
        hint = did_you_mean(name, _BY_NAME) if isinstance(name, str) else ""
        raise ValueError(f"unknown backend {shown(name)}: expected native, torch, pytorch or cuda{hint}")
    return found
