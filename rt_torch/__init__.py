"""Tensors in pure Python, and on libtorch where it is there.

    rt.tensor, rt.zeros, rt.randn, rt.from_numpy, ...   make a tensor
    rt.matmul, rt.softmax, a + b, a.sum(dim=0), ...      compute, in the tier that the mode says
    rt.set_acceleration("auto"), rt.explain(...)         where it is computed, and why: rt_torch.accel
    x.requires_grad, y.backward(), x.grad, rt.grad(...)  gradients: rt_torch.autograd

    rt_torch.nn           networks: modules with parameters, and losses
    rt_torch.optim        optimizers and schedules of learning rates
    rt_torch.training     a trainer: epochs, validation, early stopping, checkpoints, pictures
    rt_torch.data         data sets, scaling, shuffling, batches
    rt_torch.safetensors  tensors in files
    rt_torch.config       device, dtype and backend from files
    rt_torch.sdn          Simple Data Notation, which these files are in
    rt_torch.cuda         CUDA: devices, streams, events, memory

    rt_torch.pure       the pure tier by itself
    rt_torch.accel      modes, costs and statistics
    rt_torch.autograd   gradients: modes of recording, functions with derivatives of one's own
    rt_torch.native     the functions of the C library, typed, raising on failure
    rt_torch.torch_ffi  the same on plain data, without handles
    rt_torch.libtorch   which libtorch is used
    rt_torch.loader     which shared library and which loader are used
    rt_torch.doctor     what was found, and what is missing: `python -m rt_torch doctor`

Importing this package loads nothing: neither the C library nor libtorch, and no module of the package.

Exceptions:

    Error (RuntimeError)
    ├── InvalidHandleError
    ├── BadArgumentError (and ValueError; ArgumentTypeError is also a TypeError)
    ├── NoUpstreamError
    ├── UnavailableError
    ├── RefusedError
    ├── OutOfMemoryError (and MemoryError)
    ├── MissingFunctionError
    ├── LibraryMissingError (and ImportError)
    ├── LoaderError (and ImportError)
    ├── GradientError
    ├── LibtorchMismatchError
    ├── ConfigError (and ValueError)
    └── FileFormatError (and ValueError)
        └── SDNError
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rt_torch import accel as accel
    from rt_torch import autograd as autograd
    from rt_torch import config as config
    from rt_torch import cuda as cuda
    from rt_torch import data as data
    from rt_torch import doctor as doctor
    from rt_torch import libtorch as libtorch
    from rt_torch import loader as loader
    from rt_torch import native as native
    from rt_torch import nn as nn
    from rt_torch import optim as optim
    from rt_torch import pure as pure
    from rt_torch import safetensors as safetensors
    from rt_torch import sdn as sdn
    from rt_torch import torch_ffi as torch_ffi
    from rt_torch import training as training
    from rt_torch._api import *  # noqa: F403  (its `__all__` is the one list of the names)
    from rt_torch._create import *  # noqa: F403  (mypy does not follow an `__all__` into that of another module)
    from rt_torch.errors import *  # noqa: F403
    from rt_torch_bindings.operators import *  # noqa: F403

__version__ = "0.1.0"

_MODULES = (
    "accel",
    "autograd",
    "config",
    "cuda",
    "data",
    "doctor",
    "libtorch",
    "loader",
    "native",
    "nn",
    "optim",
    "pure",
    "safetensors",
    "sdn",
    "torch_ffi",
    "training",
)
_OTHER_MODULES = ("calibration", "elf", "errors")  # which are reached by name too, and are nobody's but ours


def __getattr__(name: str) -> Any:
    if name in _MODULES or name in _OTHER_MODULES:
        return importlib.import_module(f"rt_torch.{name}")
    if name == "__all__":
        return sorted(["__version__", *_MODULES, *_public().__all__])
    if not name.startswith("_") and name in _exceptions().__all__:  # without the rest: these need no tensor
        return _kept(name, getattr(_exceptions(), name))
    if not name.startswith("_") and name in _public().__all__:
        return _kept(name, getattr(_public(), name))
    raise AttributeError(f"module 'rt_torch' has no attribute {name!r}")


def _kept(name: str, value: Any) -> Any:
    globals()[name] = value
    return value


def _public() -> Any:
    return importlib.import_module("rt_torch._api")


def _exceptions() -> Any:
    return importlib.import_module("rt_torch.errors")


def __dir__() -> list[str]:
    names: list[str] = __getattr__("__all__")
    return names
