"""Named values that functions of rt_cuda take, which are integers to C."""

from __future__ import annotations

from enum import IntEnum


class Attribute(IntEnum):
    """What rt_cuda_device_attribute can tell, with CUDA's own numbers."""

    MAX_THREADS_PER_BLOCK = 1
    """Most threads in a block."""
    MAX_BLOCK_DIM_X = 2
    """Most threads in a block in the first dimension."""
    MAX_BLOCK_DIM_Y = 3
    """Most threads in a block in the second dimension."""
    MAX_BLOCK_DIM_Z = 4
    """Most threads in a block in the third dimension."""
    MAX_GRID_DIM_X = 5
    """Most blocks in a grid in the first dimension."""
    MAX_GRID_DIM_Y = 6
    """Most blocks in a grid in the second dimension."""
    MAX_GRID_DIM_Z = 7
    """Most blocks in a grid in the third dimension."""
    MAX_SHARED_MEMORY_PER_BLOCK = 8
    """Shared memory of a block, in bytes."""
    TOTAL_CONSTANT_MEMORY = 9
    """Constant memory, in bytes."""
    WARP_SIZE = 10
    """Threads in a warp."""
    MAX_REGISTERS_PER_BLOCK = 12
    """Registers of 32 bits for a block."""
    CLOCK_RATE = 13
    """Highest clock frequency, in kHz."""
    MULTI_PROCESSOR_COUNT = 16
    """Number of multiprocessors."""
    INTEGRATED = 18
    """1 where the device uses the host's memory."""
    CAN_MAP_HOST_MEMORY = 19
    """1 where host memory can be mapped into the device's addresses."""
    COMPUTE_MODE = 20
    """0 for shared use, 2 for none, 3 for one process at a time."""
    CONCURRENT_KERNELS = 31
    """1 where several kernels can run at once."""
    ECC_ENABLED = 32
    """1 where memory is kept with error correction."""
    PCI_BUS_ID = 33
    """Number of the PCI bus."""
    PCI_DEVICE_ID = 34
    """Number of the device on its PCI bus."""
    MEMORY_CLOCK_RATE = 36
    """Highest clock frequency of the memory, in kHz."""
    GLOBAL_MEMORY_BUS_WIDTH = 37
    """Width of the bus to the memory, in bits."""
    L2_CACHE_SIZE = 38
    """Size of the second-level cache, in bytes."""
    MAX_THREADS_PER_MULTI_PROCESSOR = 39
    """Most threads on a multiprocessor."""
    ASYNC_ENGINE_COUNT = 40
    """Copies that can run beside kernels."""
    UNIFIED_ADDRESSING = 41
    """1 where host and devices share one range of addresses."""
    PCI_DOMAIN_ID = 50
    """Number of the PCI domain."""
    COMPUTE_CAPABILITY_MAJOR = 75
    """Compute capability, in front of the point."""
    COMPUTE_CAPABILITY_MINOR = 76
    """Compute capability, behind the point."""
    STREAM_PRIORITIES_SUPPORTED = 78
    """1 where streams have priorities."""
    MAX_SHARED_MEMORY_PER_MULTIPROCESSOR = 81
    """Shared memory of a multiprocessor, in bytes."""
    MAX_REGISTERS_PER_MULTIPROCESSOR = 82
    """Registers of 32 bits of a multiprocessor."""
    MANAGED_MEMORY = 83
    """1 where managed memory can be had."""
    IS_MULTI_GPU_BOARD = 84
    """1 where the board has several devices."""
    PAGEABLE_MEMORY_ACCESS = 88
    """1 where the device reads any memory of the host."""
    CONCURRENT_MANAGED_ACCESS = 89
    """1 where host and device can use managed memory at the same time."""
    COOPERATIVE_LAUNCH = 95
    """1 where the blocks of a kernel can wait for each other."""
    MAX_SHARED_MEMORY_PER_BLOCK_OPTIN = 97
    """Shared memory that a block can have if it asks for more, in bytes."""
    MEMORY_POOLS_SUPPORTED = 115
    """1 where memory can be taken in the order of a stream."""
