"""What configurations say, and where they say it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from numbers import Integral
from typing import Any, NamedTuple

from rt_torch.config import applying
from rt_torch.config.backend import Backend, backend_of
from rt_torch.config.device import Device, device_of
from rt_torch.config.dtype import DType, dtype_of
from rt_torch.config.suggestion import did_you_mean
from rt_torch.errors import ArgumentTypeError, ConfigError
from rt_torch_bindings.arguments import shown

__all__ = ["READERS", "Config", "Setting", "unknown_key"]

_SEEDS = range(-1 << 63, 1 << 64)


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"true or false is expected; given {shown(value)}")
    return value


def _seed(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, Integral) or int(value) not in _SEEDS:
        raise ValueError(f"an integer of 64 bits is expected; given {shown(value)}")
    return int(value)


READERS: Mapping[str, Callable[[Any], Any]] = {
    "device": device_of,
    "dtype": dtype_of,
    "backend": backend_of,
    "autograd": _flag,
    "amp": _flag,
    "seed": _seed,
}


class Setting(NamedTuple):
    """What is said of one key."""

    value: Any
    source: str  # "dl.config.sdn:3"; "" where no file says it


class Config:
    """What one configuration says, or several that were merged: it is not changed, and says nothing until it is applied.

    What it does not say has a default: the CPU, f32, torch, autograd, no amp and no seed.  Only what it says is applied.

    Args:
        device: "cpu", "gpu", "cuda:N" or a Device, where tensors are made that do not say where.
        dtype: "f32" or a DType, of floats in tensors that do not say which.
        backend: "native", "torch", "cuda" or a Backend, what computes.
        autograd: Whether calls are recorded for gradients.
        amp: Whether to compute in mixed precision, which nothing does yet: applying it is an error.
        seed: Where random numbers begin.

    Raises:
        ConfigError: One of them is not what it can be.
    """

    __slots__ = ("_files", "_said")

    def __init__(
        self,
        *,
        device: str | None = None,
        dtype: str | None = None,
        backend: str | None = None,
        autograd: bool | None = None,
        amp: bool | None = None,
        seed: int | None = None,
    ) -> None:
        given = {"device": device, "dtype": dtype, "backend": backend, "autograd": autograd, "amp": amp, "seed": seed}
        self._said: dict[str, Setting] = {}
        self._files: tuple[str, ...] = ()
        for key, value in given.items():
            if value is not None:
                try:
                    self._said[key] = Setting(READERS[key](value), "")
                except ValueError as error:
                    raise ConfigError(f"rt.Config: argument `{key}`: {error}") from None

    @classmethod
    def of_settings(cls, said: Mapping[str, Setting], files: tuple[str, ...]) -> Config:
        """A configuration that was read from files."""
        made = cls()
        made._said = dict(said)
        made._files = files
        return made

    @property
    def files(self) -> tuple[str, ...]:
        """Those that it was read from, the weakest first."""
        return self._files

    @property
    def device(self) -> Device:
        """Where tensors are made: as it says, else cuda:0 where the backend is cuda, else the CPU."""
        said: Device | None = self.get("device")
        if said is None:
            return Device.CUDA(0) if self.backend is Backend.CUDA else Device.CPU
        return said

    @property
    def dtype(self) -> DType:
        """Of floats."""
        said: DType = self.get("dtype", DType.F32)
        return said

    @property
    def backend(self) -> Backend:
        """What computes."""
        said: Backend = self.get("backend", Backend.PYTORCH)
        return said

    @property
    def autograd(self) -> bool:
        """Whether calls are recorded for gradients."""
        return bool(self.get("autograd", True))

    @property
    def amp(self) -> bool:
        """Whether to compute in mixed precision."""
        return bool(self.get("amp", False))

    @property
    def seed(self) -> int | None:
        """Where random numbers begin; None where it does not say."""
        said: int | None = self.get("seed")
        return said

    def get(self, key: str, default: Any = None) -> Any:
        """What it says of a key; `default` where it says nothing.

        Raises:
            ConfigError: There is no such key.
        """
        setting = self._setting(key)
        return default if setting is None else setting.value

    def says(self, key: str) -> bool:
        """Whether it says something of a key, and applies that."""
        return self._setting(key) is not None

    def source(self, key: str) -> str:
        """The file and the line that say it, "dl.config.sdn:3"; "" where none does."""
        setting = self._setting(key)
        return "" if setting is None else setting.source

    def _setting(self, key: str) -> Setting | None:
        if key not in READERS:
            raise ConfigError(f"rt.Config: {unknown_key(key, READERS)}")
        return self._said.get(key)

    def merged(self, other: Config) -> Config:
        """What both say, the other one where both do.

        Raises:
            ArgumentTypeError: The other one is no Config.
        """
        if not isinstance(other, Config):
            raise ArgumentTypeError(f"rt.Config.merged: argument `other`: a Config is expected; given {shown(other)}")
        return Config.of_settings(self._said | other._said, (*self.files, *other.files))

    def apply(self) -> Config:
        """Have what it says hold from now on, see rt_torch.config; returns itself.

        Raises:
            ConfigError: It says what cannot be done, or not together; nothing of it is applied then.
        """
        applying.apply(self)
        return self

    def applied(self) -> AbstractContextManager[Config]:
        """Have what it says hold in a block, in this thread or task and in tasks that it starts.

            with rt.Config(dtype="f32", autograd=False).applied():
                ...

        Afterwards all is as before, random numbers too.  Errors are those of `apply`, when the block begins.
        """
        return applying.applied(self)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Config):
            return NotImplemented
        return all(self.get(key) == other.get(key) for key in READERS)

    def __hash__(self) -> int:
        return hash(tuple(self.get(key) for key in READERS))

    def __repr__(self) -> str:
        said = ", ".join(f"{key}={_plain(self.get(key))!r}" for key in READERS if self.says(key))
        return f"Config({said})"

    def __str__(self) -> str:
        """A line for each key: what holds, and who says so."""
        lines = []
        for key in READERS:
            value = _shown(getattr(self, key))
            origin = self.source(key) or ("given" if self.says(key) else "default")
            lines.append(f"{key:<8}  {value:<8}  {origin}")
        return "\n".join(lines)


def unknown_key(key: object, known: Mapping[str, Any] | list[str]) -> str:
    """What to say of a key that there is not."""
    hint = did_you_mean(key, known) if isinstance(key, str) else ""
    return f"unknown key {shown(key)}: expected one of {', '.join(known)}{hint}"


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, str) else value


def _shown(value: Any) -> str:
    """A value as files have it."""
    return "none" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
