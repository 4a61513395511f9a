"""CUDA's runtime itself: devices, streams, events and memory, without tensors and without libtorch.

    if rt.cuda.is_available():
        with rt.cuda.CudaDeviceMem(1 << 20) as block, rt.cuda.CudaStream() as stream:
            block.memset(0, stream=stream)
            stream.synchronize()

It is found when it is first needed: the libcudart that RT_CUDA_LIBCUDART names, the one that a libtorch in the process
uses, any other that the process has, the one of an installed wheel, the system's.  Without one, without a driver or
without a device everything here says so, and what can be done; `why_unavailable` tells it beforehand.

A device is given by its number, counted from 0, or by the name that tensors know it by, "cuda:1"; where none is given,
the thread's current one is meant.  What is made here is given back at the end of a `with` block, by `close`, or when
nobody refers to it any more.
"""

from __future__ import annotations

from rt_cuda_bindings.enums import Attribute
from rt_torch.cuda.device import (
    can_access_peer,
    current_device,
    device_count,
    get_device_attribute,
    get_device_capability,
    get_device_memory,
    get_device_name,
    is_available,
    mem_get_info,
    set_device,
    stream_priorities,
    synchronize,
    why_unavailable,
)
from rt_torch.cuda.event import CudaEvent
from rt_torch.cuda.libtorch import (
    current_stream,
    empty_cache,
    max_memory_allocated,
    memory_allocated,
    memory_reserved,
    stream,
)
from rt_torch.cuda.memory import CudaDeviceMem, CudaHostMem
from rt_torch.cuda.runtime import driver_version, last_cuda_error, libcudart_path, load, runtime_version
from rt_torch.cuda.streams import CudaStream

__all__ = [
    "Attribute",
    "CudaDeviceMem",
    "CudaEvent",
    "CudaHostMem",
    "CudaStream",
    "can_access_peer",
    "current_device",
    "current_stream",
    "device_count",
    "driver_version",
    "empty_cache",
    "get_device_attribute",
    "get_device_capability",
    "get_device_memory",
    "get_device_name",
    "is_available",
    "last_cuda_error",
    "libcudart_path",
    "load",
    "max_memory_allocated",
    "mem_get_info",
    "memory_allocated",
    "memory_reserved",
    "runtime_version",
    "set_device",
    "stream",
    "stream_priorities",
    "synchronize",
    "why_unavailable",
]
