"""What there is of CUDA, and why not: for `rt-torch doctor`."""

from __future__ import annotations

import os
from dataclasses import dataclass, field

from rt_torch.cuda import device, runtime, wheel
from rt_torch.errors import Error

VARIABLE = "RT_CUDA_LIBCUDART"


@dataclass
class DeviceState:
    device: str  # "cuda:0"
    name: str  # "NVIDIA H100 80GB HBM3"
    capability: str  # "9.0"
    free: int  # bytes
    total: int


@dataclass
class CudaState:
    library: str = ""  # the file of libcudart; "" when there is none
    runtime: str = ""  # "12.9"
    driver: str = ""  # the newest version of CUDA that it can do; "" when there is none
    devices: list[DeviceState] = field(default_factory=list)
    reason: str = ""  # why CUDA cannot be used; "" when it can
    broken: bool = False  # whether something is there and does not work, instead of not being there


def examine() -> CudaState:
    """Nothing is made on a device, but asking for its memory starts it."""
    state = CudaState()
    try:
        state.library = runtime.libcudart_path()
        state.runtime = spelled(runtime.runtime_version())
        driver = runtime.driver_version()
        state.driver = spelled(driver) if driver is not None else ""
        state.reason = device.why_unavailable()
        if not state.reason:
            state.devices = [_examine_device(index) for index in range(device.device_count())]
    except Error as error:
        state.reason = str(error)
    state.broken = bool(state.reason) and _is_broken(state)
    return state


def _is_broken(state: CudaState) -> bool:
    """What is there does not work; that there is no libcudart, no driver or no GPU is no fault."""
    if not state.library:
        return bool(os.environ.get(VARIABLE) or wheel.installed())
    without_driver, without_device = not state.driver and "(35)" in state.reason, "(100)" in state.reason
    return not (without_driver or without_device)


def _examine_device(index: int) -> DeviceState:
    free, total = device.mem_get_info(index)
    capability = spelled(device.get_device_capability(index))
    return DeviceState(f"cuda:{index}", device.get_device_name(index), capability, free, total)


def spelled(version: tuple[int, int]) -> str:
    return f"{version[0]}.{version[1]}"


def lines(state: CudaState) -> list[str]:
    """The same in words."""
    if not state.library:
        return ["CUDA: none", f"  {state.reason}"]
    driver = f"driver for up to {state.driver}" if state.driver else "no driver"
    said = [f"CUDA: {state.runtime or 'of unknown version'} at {state.library}, {driver}"]
    if state.reason:
        return [*said, f"  {state.reason}"]
    return said + [f"  {_device_line(found)}" for found in state.devices]


def _device_line(found: DeviceState) -> str:
    memory = f"{found.free / 1e9:.1f} of {found.total / 1e9:.1f} GB free"
    return f"{found.device}: {found.name}, {memory}, compute capability {found.capability}"
