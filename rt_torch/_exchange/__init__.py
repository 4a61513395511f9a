"""Sharing memory with others: the buffer protocol, NumPy, DLPack; and pickling."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from rt_torch import _tensor, accel
from rt_torch._exchange.buffer import tensor_on, viewed
from rt_torch._exchange.numpy import through_numpy, to_numpy
from rt_torch.errors import ArgumentTypeError, BadArgumentError
from rt_torch.pure.dtype import PURE_DTYPES as PURE
from rt_torch.pure.layout import layout_of, shape_text, sizes
from rt_torch.pure.tensor import PureTensor, view
from rt_torch_bindings.arguments import shown

if TYPE_CHECKING:
    from rt_torch._tensor import Tensor

__all__ = [
    "PURE",
    "dlpack_device",
    "from_buffer",
    "from_dlpack",
    "from_numpy",
    "owned",
    "pickled",
    "through_numpy",
    "to_dlpack",
    "to_numpy",
]


def owned(where: str, data: Any) -> Tensor:
    """A tensor with a copy of the memory of anything that has some: the buffer protocol, DLPack, or NumPy's protocols.

    The copy is counted.

    Args:
        where: What messages start with: "rt.tensor: argument `data`".
        data: What has the memory.

    Raises:
        ArgumentTypeError: It has no memory, or its elements are none of a tensor's.
    """
    memory = None if isinstance(data, (PureTensor, _tensor.Tensor)) else _memory_of(where, data)
    if memory is not None:
        return _tensor.of_pure(tensor_on(where, memory, copy=True))
    if isinstance(data, PureTensor):
        tensor = _tensor.of_pure(data)
    else:
        tensor = data if isinstance(data, _tensor.Tensor) else from_dlpack(data)
    accel.record_transfer(tensor.numel())
    return tensor.clone()


def _memory_of(where: str, data: Any) -> memoryview | None:
    """The memory of what is no tensor; None where DLPack has to be asked for it."""
    memory = viewed(where, data)
    if memory is not None or hasattr(data, "__dlpack__"):
        return memory
    if hasattr(data, "__array__") or hasattr(data, "__array_interface__"):
        return _through_numpy(where, data)
    raise ArgumentTypeError(
        f"{where}: numbers, nested lists of them, a tensor, or memory such as an array's is expected; given {shown(data)}"
    )


def from_numpy(array: Any) -> Tensor:
    """A tensor on the memory of a NumPy array: writes on either side are seen on the other.

    Shared are float64, float32, int64 and bool, with any strides.  Other integers are copied into i64, float16 into
    f32, and read-only arrays because tensors can be written to; rt.get_transfers counts that.  (rt.from_dlpack shares
    the other dtypes too, where libtorch is there.)

    Raises:
        ArgumentTypeError: It is no NumPy array, or one of complex numbers, objects, records, dates, text, or of
            another byte order.
        BadArgumentError: A number in a uint64 array does not fit into i64.
    """
    where = "rt.from_numpy: argument `array`"
    numpy = sys.modules.get("numpy")  # where there is an array, there is NumPy
    if numpy is None or not isinstance(array, numpy.ndarray):
        raise ArgumentTypeError(f"{where}: a NumPy array is expected; given {shown(array)}")
    memory = viewed(where, array)
    assert memory is not None
    return _tensor.of_pure(tensor_on(where, memory))


def from_buffer(buffer: Any, shape: Sequence[int] | None = None) -> Tensor:
    """A tensor on the memory of an array, a memoryview or anything else with the buffer protocol.

    Shared are elements of 64-bit floats ("d"), 32-bit floats ("f"), 64-bit integers ("q") and bools ("?"); other
    numbers and read-only memory are copied, as rt.from_numpy does.  While it is shared the memory cannot be resized.

    Args:
        buffer: Memory with typed elements, so no bytes: memoryview(data).cast("d") gives those a type.
        shape: Sizes, for contiguous memory; by default the buffer's own.

    Raises:
        ArgumentTypeError: It has no memory to share, or its elements are none of a tensor's.
        BadArgumentError: The sizes do not fit the buffer, or it has gaps and a shape is given.
    """
    where = "rt.from_buffer: argument `buffer`"
    memory = viewed(where, buffer)
    if memory is None:
        raise ArgumentTypeError(f"{where}: an object with the buffer protocol is expected; given {shown(buffer)}")
    tensor = tensor_on(where, memory)
    return _tensor.of_pure(tensor if shape is None else _reshaped(tensor, shape))


def _reshaped(tensor: PureTensor, shape: Sequence[int]) -> PureTensor:
    where = "rt.from_buffer: argument `shape`"
    wanted = layout_of(sizes("rt.from_buffer", "shape", shape), tensor.dtype)
    if wanted.size != tensor.numel():
        raise BadArgumentError(
            f"{where}: the shape {shape_text(wanted.shape)} has {wanted.size} elements, the buffer {tensor.numel()}"
        )
    if not tensor.is_contiguous():
        raise BadArgumentError(f"{where}: the buffer's elements have gaps or another order, so it keeps its own shape")
    return view(tensor, wanted.shape, wanted.strides, tensor._layout.offset)


def from_dlpack(source: Any) -> Tensor:
    """A tensor on the memory of an object with `__dlpack__`, or of a DLPack capsule.

    Writes on either side are seen on the other; only read-only memory is copied, and that is counted.

    Args:
        source: A tensor of any library, or a capsule, which is used up.

    Raises:
        ArgumentTypeError: It is neither.
        BadArgumentError: The capsule was used up before, or is of a DLPack version or dtype that is not known here.
        LibraryMissingError: Only the native tier has the dtype or device, and it is not there.
        NoUpstreamError: It is there, and libtorch is not.
        BufferError: Whose memory it is refuses.
    """
    from rt_torch._exchange import dlpack

    return dlpack.from_dlpack(source)


def to_dlpack(
    tensor: Tensor,
    *,
    stream: int | None = None,
    max_version: tuple[int, int] | None = None,
    dl_device: tuple[int, int] | None = None,
    copy: bool | None = None,
) -> Any:
    """What `__dlpack__` returns: a capsule that shares the tensor's memory; see rt_torch._exchange.dlpack."""
    from rt_torch._exchange import dlpack

    return dlpack.to_dlpack(tensor, stream, max_version, dl_device, copy)


def dlpack_device(tensor: Tensor) -> tuple[int, int]:
    """What `__dlpack_device__` returns: (1, 0) for the CPU, (2, n) for "cuda:n"."""
    device = tensor.device
    return (1, 0) if device == "cpu" else (2, int(device.partition(":")[2] or 0))


def pickled(tensor: Tensor) -> tuple[Any, ...]:
    """What `__reduce__` returns; see rt_torch._exchange.pickling."""
    from rt_torch._exchange import pickling

    return pickling.pickled(tensor)


def _through_numpy(where: str, data: Any) -> memoryview | None:
    try:
        import numpy
    except ModuleNotFoundError:
        raise ArgumentTypeError(
            f"{where}: {shown(data)} shows its memory to NumPy only, which is not installed"
        ) from None
    return viewed(where, numpy.asarray(data))
