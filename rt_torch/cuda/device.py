"""Devices: which there are, what they can do, and which one is this thread's current one."""

from __future__ import annotations

from typing import TypeAlias

from rt_cuda_bindings.enums import Attribute
from rt_torch.cuda.library import functions
from rt_torch.errors import BadArgumentError, Error, NoUpstreamError
from rt_torch.pure.dtype import gpu_index

Device: TypeAlias = int | str  # 1, "cuda:1"


def index_of(function: str, device: Device | None) -> int | None:
    """A device's number; None, which is the thread's current one, stays None."""
    return None if device is None else gpu_index(function, "device", device)


def is_available() -> bool:
    """Whether a CUDA device can be used; `why_unavailable` tells why not."""
    try:
        return functions.available()
    except Error:  # the C library itself is not there, or of no use
        return False


def why_unavailable() -> str:
    """What is missing for CUDA to be used, and what can be done about it; "" when nothing is."""
    try:
        functions.device_count()
    except Error as error:
        return str(error)
    return ""


def device_count() -> int:
    """Number of devices; 0 where the C library, CUDA's runtime, its driver or a device is missing.

    Raises:
        RefusedError: Something is wrong with a device.
        UnavailableError: CUDA's runtime is there, and lacks what the count needs.
    """
    try:
        return functions.device_count()
    except (NoUpstreamError, ImportError):
        return 0


def get_device_name(device: Device | None = None) -> str:
    """Name of a device, "NVIDIA H100 80GB HBM3" for example."""
    return functions.device_name(_meant("rt.cuda.get_device_name", device))


def get_device_memory(device: Device | None = None) -> int:
    """Memory of a device in bytes, all of it."""
    return functions.device_memory(index_of("rt.cuda.get_device_memory", device))[1]


def mem_get_info(device: Device | None = None) -> tuple[int, int]:
    """Memory of a device in bytes: what nobody uses, and all of it."""
    return functions.device_memory(index_of("rt.cuda.mem_get_info", device))


def get_device_attribute(attribute: Attribute | str, device: Device | None = None) -> int:
    """One property of a device.

    Args:
        attribute: One of `rt.cuda.Attribute`, or its name in small letters: "warp_size".
    """
    where = _meant("rt.cuda.get_device_attribute", device)
    if isinstance(attribute, str):
        try:
            attribute = Attribute[attribute.upper()]
        except KeyError:
            known = ", ".join(name.lower() for name in Attribute.__members__)
            raise BadArgumentError(
                f"rt.cuda.get_device_attribute: argument `attribute`: {attribute!r} is none of {known}",
                "rt.cuda.get_device_attribute",
            ) from None
    return functions.device_attribute(attribute, where)


def get_device_capability(device: Device | None = None) -> tuple[int, int]:
    """Compute capability of a device, (9, 0) for example."""
    where = _meant("rt.cuda.get_device_capability", device)
    major = functions.device_attribute(Attribute.COMPUTE_CAPABILITY_MAJOR, where)
    return major, functions.device_attribute(Attribute.COMPUTE_CAPABILITY_MINOR, where)


def can_access_peer(device: Device, peer: Device) -> bool:
    """Whether one device can reach the memory of another without the host's help."""
    symbol = "rt.cuda.can_access_peer"
    return functions.can_access_peer(gpu_index(symbol, "device", device), gpu_index(symbol, "peer", peer))


def set_device(device: Device) -> None:
    """Make a device this thread's current one."""
    functions.set_device(gpu_index("rt.cuda.set_device", "device", device))


def current_device() -> int:
    """This thread's current device: the first one at the beginning."""
    return functions.current_device()


def synchronize(device: Device | None = None) -> None:
    """Wait until a device has done all that was asked of it; what went wrong in that is raised here."""
    functions.synchronize(index_of("rt.cuda.synchronize", device))


def stream_priorities() -> tuple[int, int]:
    """Priorities of the least and of the most urgent streams of the current device."""
    return functions.stream_priorities()


def _meant(function: str, device: Device | None) -> int:
    """A device's number, where the C function has no word for the current one."""
    index = index_of(function, device)
    return functions.current_device() if index is None else index
