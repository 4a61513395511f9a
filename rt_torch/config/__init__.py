"""Where tensors are made, of what dtype, and what computes: chosen by files, presets, or a line.

    rt.load_config()                       what dl.config.sdn says, the user's and the project's: a Config
    config.device, .dtype, .backend, .autograd, .amp, .seed, and config.source("device"), the line that says it
    config.apply(), rt.apply_config()      have it hold from now on
    with config.applied():                 have it hold in a block
    rt.Config(dtype="f32", seed=1)         the same without a file
    rt.config.config_training(), ...       presets; use_gpu(), use_f32(), use_native(), ... apply one thing

    rt.Device, rt.DType, rt.Backend        names for devices, dtypes and what computes

Only what a configuration says is applied:

    device      where rt.zeros, rt.tensor, rt.nn.Linear, ... make tensors that do not say where, in all threads
    dtype       what they make of floats, in all threads
    backend     the mode of the dispatcher: native is PURE, torch is NATIVE, and cuda is NATIVE and makes tensors on
                cuda:0 where no device is said
    autograd    rt.set_grad_enabled, in this thread or task
    amp         nothing computes in mixed precision yet: to apply `amp: true` is an error
    seed        rt.manual_seed
"""

from __future__ import annotations

from rt_torch.config.backend import Backend
from rt_torch.config.configuration import Config
from rt_torch.config.device import Device
from rt_torch.config.dtype import DType
from rt_torch.config.loading import (
    apply_config,
    apply_file_to_global,
    apply_sdn_to_global,
    extract_dl_config_from_sdn,
    load_and_apply,
    load_config,
    load_config_from_file,
    load_local_config,
    load_user_config,
)
from rt_torch.config.preset import (
    config_cpu_training,
    config_development,
    config_inference,
    config_mixed_precision,
    config_training,
    cpu,
    cuda,
    default_gpu,
    use_bf16,
    use_cpu,
    use_f16,
    use_f32,
    use_f64,
    use_gpu,
    use_native,
    use_torch,
)

__all__ = [
    "Backend",
    "Config",
    "DType",
    "Device",
    "apply_config",
    "apply_file_to_global",
    "apply_sdn_to_global",
    "config_cpu_training",
    "config_development",
    "config_inference",
    "config_mixed_precision",
    "config_training",
    "cpu",
    "cuda",
    "default_gpu",
    "extract_dl_config_from_sdn",
    "load_and_apply",
    "load_config",
    "load_config_from_file",
    "load_local_config",
    "load_user_config",
    "parse_backend",
    "parse_device",
    "parse_dtype",
    "use_bf16",
    "use_cpu",
    "use_f16",
    "use_f32",
    "use_f64",
    "use_gpu",
    "use_native",
    "use_torch",
]


def parse_device(name: str) -> Device:
    """Device(name): "gpu" is cuda:0.  BadArgumentError where there is none of that name."""
    return Device(name)


def parse_dtype(name: str) -> DType:
    """DType(name), also of torch's names.  BadArgumentError where there is none."""
    return DType(name)


def parse_backend(name: str) -> Backend:
    """Backend(name): "pytorch" is "torch".  BadArgumentError where there is none."""
    return Backend(name)
