"""Configurations for what one often wants, and the one-line changes."""

from __future__ import annotations

from rt_torch.config.backend import Backend
from rt_torch.config.configuration import Config
from rt_torch.config.device import Device
from rt_torch.config.dtype import DType


def config_training() -> Config:
    """Learning on the first GPU: f32 with gradients."""
    return Config(device=Device.CUDA(0), dtype=DType.F32, backend=Backend.PYTORCH, autograd=True, amp=False)


def config_inference() -> Config:
    """Predicting on the first GPU: f32 without gradients."""
    return Config(device=Device.CUDA(0), dtype=DType.F32, backend=Backend.PYTORCH, autograd=False, amp=False)


def config_development() -> Config:
    """Trying things out in Python alone: the CPU, f64."""
    return Config(device=Device.CPU, dtype=DType.F64, backend=Backend.NATIVE, autograd=True, amp=False)


def config_mixed_precision() -> Config:
    """Learning on the first GPU in mixed precision, which nothing does yet: applying it is an error."""
    return Config(device=Device.CUDA(0), dtype=DType.F16, backend=Backend.PYTORCH, autograd=True, amp=True)


def config_cpu_training() -> Config:
    """Learning on the CPU: f32 with gradients, on libtorch where it is there."""
    return Config(device=Device.CPU, dtype=DType.F32, backend=Backend.PYTORCH, autograd=True, amp=False)


def cuda(id: int = 0) -> Device:
    """The CUDA device of that number."""
    return Device.CUDA(id)


def cpu() -> Device:
    """The CPU."""
    return Device.CPU


def default_gpu() -> Device:
    """The first GPU, cuda:0."""
    return Device.CUDA(0)


def use_gpu(id: int = 0) -> None:
    """Make tensors on that GPU from now on, and have libtorch compute."""
    Config(device=Device.CUDA(id), backend=Backend.PYTORCH).apply()


def use_cpu() -> None:
    """Make tensors on the CPU from now on."""
    Config(device=Device.CPU).apply()


def use_f16() -> None:
    """Make tensors of f16 from floats from now on, which libtorch computes with."""
    Config(dtype=DType.F16).apply()


def use_bf16() -> None:
    """Make tensors of bf16 from floats from now on, which libtorch computes with."""
    Config(dtype=DType.BF16).apply()


def use_f32() -> None:
    """Make tensors of f32 from floats from now on."""
    Config(dtype=DType.F32).apply()


def use_f64() -> None:
    """Make tensors of f64 from floats from now on."""
    Config(dtype=DType.F64).apply()


def use_native() -> None:
    """Compute in Python from now on, on the CPU."""
    Config(device=Device.CPU, backend=Backend.NATIVE).apply()


def use_torch() -> None:
    """Have libtorch compute from now on, where it is there."""
    Config(backend=Backend.PYTORCH).apply()
