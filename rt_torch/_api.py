"""Everything that `rt_torch` offers by name, modules apart; the package loads it when the first such name is used."""

from __future__ import annotations

from rt_torch import _create, errors
from rt_torch import _fork as _fork  # which sees to it that locks are free in forked children
from rt_torch._choice import Choice
from rt_torch._create import *  # noqa: F403  (its `__all__` is the one list of the names)
from rt_torch._exchange import from_buffer, from_dlpack, from_numpy
from rt_torch._explain import explain
from rt_torch._tensor import Tensor
from rt_torch._threads import get_num_threads, set_num_threads
from rt_torch.accel import (
    AccelMode,
    acceleration,
    enable_logging,
    get_current_mode,
    get_stats,
    get_threshold,
    get_transfers,
    is_ffi_available,
    print_stats,
    reset_stats,
    set_acceleration,
    set_ffi_available,
    set_threshold,
    should_use_ffi,
)
from rt_torch.autograd import enable_grad, grad, is_grad_enabled, no_grad, set_grad_enabled
from rt_torch.config import Backend, Config, Device, DType, apply_config, load_config
from rt_torch.errors import *  # noqa: F403  (its `__all__` is the one list of the names)
from rt_torch_bindings import operators
from rt_torch_bindings.operators import *  # noqa: F403  (its `__all__` is the one list of the names)

__all__ = [
    "AccelMode",
    "Backend",
    "Choice",
    "Config",
    "DType",
    "Device",
    "Tensor",
    "acceleration",
    "apply_config",
    "enable_grad",
    "enable_logging",
    "explain",
    "from_buffer",
    "from_dlpack",
    "from_numpy",
    "get_current_mode",
    "get_num_threads",
    "get_stats",
    "get_threshold",
    "get_transfers",
    "grad",
    "is_ffi_available",
    "is_grad_enabled",
    "load_config",
    "no_grad",
    "print_stats",
    "reset_stats",
    "set_acceleration",
    "set_ffi_available",
    "set_grad_enabled",
    "set_num_threads",
    "set_threshold",
    "should_use_ffi",
]
__all__ += errors.__all__
__all__ += _create.__all__
__all__ += operators.__all__
