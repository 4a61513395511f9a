"""Having what a configuration says hold: for the process, or in a block."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from rt_torch import _defaults, accel, autograd, pure
from rt_torch.config.backend import Backend
from rt_torch.errors import ConfigError

if TYPE_CHECKING:
    from rt_torch.config.configuration import Config

_applying = threading.Lock()


def apply(config: Config) -> None:
    """See Config.apply."""
    check(config)
    with _applying:
        _defaults.set_defaults(_dtype(config), _device(config))
        if config.says("backend"):
            accel.set_acceleration(config.backend.mode)
        if config.says("autograd"):
            autograd.set_grad_enabled(config.autograd)
        if config.seed is not None:
            pure.manual_seed(config.seed)


@contextmanager
def applied(config: Config) -> Iterator[Config]:
    """See Config.applied."""
    check(config)
    with ExitStack() as blocks:
        blocks.enter_context(_defaults.overriding(_dtype(config), _device(config)))
        if config.says("backend"):
            blocks.enter_context(accel.acceleration(config.backend.mode))
        if config.says("autograd"):
            blocks.enter_context(autograd.enable_grad() if config.autograd else autograd.no_grad())
        if config.seed is not None:
            blocks.enter_context(_seeded(config.seed))
        yield config


@contextmanager
def _seeded(seed: int) -> Iterator[None]:
    before = pure.random_state()
    pure.manual_seed(seed)
    try:
        yield
    finally:
        pure.set_random_state(*before)


def check(config: Config) -> None:
    """That what it says can be done, and together.

    Raises:
        ConfigError: It cannot.
    """
    if config.amp:
        raise _refused(
            config,
            "amp",
            "nothing computes in mixed precision yet: set `amp: false`, and `dtype: f16` or `dtype: bf16` "
            "to have all of it in 16 bits",
        )
    if config.says("dtype") and not config.dtype.is_float:
        raise _refused(
            config,
            "dtype",
            f"{config.dtype} is no floating-point dtype, and the default is that of floats: pass it where a tensor is made",
        )
    if config.get("backend") is Backend.NATIVE:
        _check_native(config)


def _check_native(config: Config) -> None:
    """That nothing is asked of Python which only libtorch does."""
    source = config.source("backend")
    native = f"the backend native ({source})" if source else "the backend native"
    lacking = f"{native}, which is Python alone, has none of it: say `backend: torch`"
    if config.device.is_gpu:
        raise _refused(config, "device", f"{config.device} needs libtorch, and {lacking}")
    if config.says("dtype") and config.dtype.size_bytes < 4:
        raise _refused(config, "dtype", f"{config.dtype} needs libtorch, and {lacking}")


def _refused(config: Config, key: str, problem: str) -> ConfigError:
    return ConfigError(f"{config.source(key) or 'rt.Config'}: {key}: {problem}")


def _dtype(config: Config) -> str | None:
    return str(config.dtype) if config.says("dtype") else None


def _device(config: Config) -> str | None:
    said = config.says("device") or config.backend is Backend.CUDA
    return str(config.device) if said else None
