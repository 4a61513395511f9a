"""NumPy arrays on a tensor's memory.  NumPy is imported only when an array is asked for."""

from __future__ import annotations

from types import ModuleType
from typing import TYPE_CHECKING, Any

from rt_torch import _tensor, _transfer, accel
from rt_torch._exchange import block

if TYPE_CHECKING:
    from rt_torch._tensor import Tensor

# What NumPy calls a dtype; it has no bf16.
NAMES = {
    "f64": "float64",
    "f32": "float32",
    "f16": "float16",
    "i64": "int64",
    "i32": "int32",
    "i16": "int16",
    "i8": "int8",
    "u8": "uint8",
    "bool": "bool",
}


def to_numpy(tensor: Tensor, dtype: Any = None, copy: bool | None = None) -> Any:
    """A NumPy array on the tensor's memory; writes on either side are seen on the other.

    A tensor on a GPU is copied to the CPU, and bf16, which NumPy does not have, to f32; each copy is counted.

    Args:
        tensor: Any tensor.
        dtype: NumPy's dtype; another one than the tensor's makes a copy.
        copy: True for a copy in any case, False for none, None for one where it must be.

    Raises:
        ValueError: `copy` is False, and it takes a copy.
        ImportError: NumPy is not installed.
    """
    numpy = _imported()
    wanted = None if dtype is None else numpy.dtype(dtype)
    shares = shareable(tensor)
    if copy is False and not (shares and wanted in (None, numpy.dtype(NAMES[tensor.dtype]))):
        target = "another dtype" if shares else "NumPy"
        raise ValueError(f"copy=False: a tensor of dtype {tensor.dtype} on {tensor.device} goes to {target} by copying")
    if not shares:
        array = _moved(numpy, tensor)
    else:
        array = array_on(numpy, tensor)
        if copy:
            array = array.copy()
    return array if wanted is None else array.astype(wanted, copy=False)


def through_numpy(function: Any, types: Any, arguments: tuple[Any, ...], named: dict[str, Any]) -> Any:
    """What one of NumPy's functions makes of the arrays on the tensors among its arguments, in lists too."""
    numpy = _imported()
    if any(not issubclass(kind, (_tensor.Tensor, numpy.ndarray)) for kind in types):
        return NotImplemented  # it is the other one's
    return function(*_as_arrays(list(arguments)), **_as_arrays(named))


def _as_arrays(value: Any) -> Any:
    if isinstance(value, _tensor.Tensor):
        return to_numpy(value)
    if type(value) is dict:
        return {name: _as_arrays(part) for name, part in value.items()}
    return type(value)(map(_as_arrays, value)) if type(value) in (list, tuple) else value


def shareable(tensor: Tensor) -> bool:
    """Whether an array can be on the tensor's memory."""
    return tensor.dtype in NAMES and tensor.device == "cpu"


def array_on(numpy: ModuleType, tensor: Tensor) -> Any:
    """The array that shares the memory of a tensor on the CPU, of a dtype that NumPy has."""
    memory, shape, strides, offset = _memory(tensor)
    dtype = numpy.dtype(NAMES[tensor.dtype])
    if 0 in shape:
        return numpy.empty(shape, dtype)
    flat = numpy.frombuffer(memory, dtype)  # which holds on to the memoryview: an ndarray(buffer=memory) would not
    size = dtype.itemsize
    return numpy.ndarray(shape, dtype, flat, offset * size, [stride * size for stride in strides])


def _imported() -> ModuleType:
    try:
        import numpy
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            "NumPy is not installed, and an array is NumPy's: pip install numpy", name="numpy"
        ) from error
    return numpy


def _moved(numpy: ModuleType, tensor: Tensor) -> Any:
    """An array on a copy."""
    moved = _tensor.on_cpu(tensor)
    if moved.dtype in NAMES:
        return array_on(numpy, moved)
    accel.record_transfer(tensor.numel())
    return array_on(numpy, moved.to("f32"))


def _memory(tensor: Tensor) -> tuple[memoryview, tuple[int, ...], tuple[int, ...], int]:
    """Memory of a tensor on the CPU; shape, strides and offset in it."""
    elements = _transfer.elements(tensor)
    layout = elements._layout
    return block.memory_of(elements), layout.shape, layout.strides, layout.offset
