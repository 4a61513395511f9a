"""DLPack, with nothing but the standard library: https://dmlc.github.io/dlpack/latest/c_api.html

Import: the memory is viewed from Python, and the deleter called when the last view of it is gone, once, in the thread
where that happens.

Export: whoever takes the memory calls the deleter at any time, with or without the interpreter's lock, even in the
middle of an exception.  A ctypes callback cannot stand that last case: it loses the exception, and the interpreter
crashes.  So the deleter is one in C wherever there is one to be had: NumPy's where that is loaded, otherwise libtorch's
for memory of its own, otherwise torch's; consumers that are built on none of these get the callback.
"""

from __future__ import annotations

import atexit
import ctypes
import gc
import sys
import threading
from collections.abc import Callable
from operator import index
from typing import TYPE_CHECKING, Any

from rt_torch import _lending, _tensor, _transfer, accel
from rt_torch._exchange import block
from rt_torch._exchange.numpy import NAMES, array_on, shareable
from rt_torch._exchange.pin import pinned
from rt_torch._gradients import check_no_gradient
from rt_torch._memory import extent
from rt_torch.errors import (
    ArgumentTypeError,
    BadArgumentError,
    Error,
    LibraryMissingError,
    LibtorchMismatchError,
    LoaderError,
    NoUpstreamError,
)
from rt_torch.pure.layout import MAX_DIMS, contiguous_strides, overflow, shape_text
from rt_torch.pure.tensor import PureTensor, copied
from rt_torch_bindings import functions
from rt_torch_bindings.arguments import shown

if TYPE_CHECKING:
    from rt_torch._tensor import Tensor

_VERSION = (1, 0)
_READ_ONLY = 1  # in the flags
_FARTHEST = 1 << 60  # elements
_CPU, _CUDA, _CUDA_HOST = 1, 2, 3
_DEFAULT = 1  # the default stream of a GPU
_DTYPES = {(2, 64): "f64", (2, 32): "f32", (0, 64): "i64", (6, 8): "bool"}  # by type code and bits
_CODES = {dtype: code for code, dtype in _DTYPES.items()}
_GONE = (NoUpstreamError, LibraryMissingError, LoaderError, LibtorchMismatchError)


class _Tensor(ctypes.Structure):
    """DLTensor."""

    _fields_ = (
        ("data", ctypes.c_void_p),
        ("device_type", ctypes.c_int32),
        ("device_id", ctypes.c_int32),
        ("ndim", ctypes.c_int32),
        ("code", ctypes.c_uint8),
        ("bits", ctypes.c_uint8),
        ("lanes", ctypes.c_uint16),
        ("shape", ctypes.POINTER(ctypes.c_int64)),
        ("strides", ctypes.POINTER(ctypes.c_int64)),  # in elements; NULL for row-major order
        ("byte_offset", ctypes.c_uint64),
    )


_Deleter = ctypes.CFUNCTYPE(None, ctypes.c_void_p)


class _Managed(ctypes.Structure):
    """DLManagedTensor."""

    _fields_ = (("tensor", _Tensor), ("context", ctypes.c_void_p), ("deleter", _Deleter))


class _Versioned(ctypes.Structure):
    """DLManagedTensorVersioned."""

    _fields_ = (
        ("major", ctypes.c_uint32),
        ("minor", ctypes.c_uint32),
        ("context", ctypes.c_void_p),
        ("deleter", _Deleter),
        ("flags", ctypes.c_uint64),
        ("tensor", _Tensor),
    )


# Names of capsules, fresh and used up.
_STRUCTS: dict[bytes, type[Any]] = {b"dltensor": _Managed, b"dltensor_versioned": _Versioned}
_USED = {b"dltensor": b"used_dltensor", b"dltensor_versioned": b"used_dltensor_versioned"}


def _python(result: Any, name: str, *parameters: Any) -> Callable[..., Any]:
    """A function of Python's C API; not as an attribute of ctypes.pythonapi, where others may declare it otherwise."""
    return ctypes.PYFUNCTYPE(result, *parameters)((name, ctypes.pythonapi))


_capsule_new = _python(ctypes.py_object, "PyCapsule_New", ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p)
_capsule_name = _python(ctypes.c_char_p, "PyCapsule_GetName", ctypes.py_object)
_capsule_pointer = _python(ctypes.c_void_p, "PyCapsule_GetPointer", ctypes.py_object, ctypes.c_char_p)
_capsule_rename = _python(ctypes.c_int, "PyCapsule_SetName", ctypes.py_object, ctypes.c_char_p)
_keep_forever = _python(None, "Py_IncRef", ctypes.py_object)

for _name in (*_USED, *_USED.values()):
    _keep_forever(_name)  # capsules point to it, and may outlive this module

_claiming = threading.RLock()


# Import.


class _Borrowed:
    """Goes with memory of others, and gives it back at its end."""

    __slots__ = ("_address", "_deleter")

    def __init__(self, managed: Any) -> None:
        self._address = ctypes.addressof(managed)
        self._deleter = managed.deleter

    def __del__(self) -> None:
        if self._deleter:
            self._deleter(self._address)


def from_dlpack(source: Any) -> Tensor:
    """As rt.from_dlpack."""
    if isinstance(source, PureTensor):
        return _tensor.of_pure(source)
    if isinstance(source, _tensor.Tensor):
        return _again(source)
    if _is_capsule(source):
        return _of_capsule(source)
    if not hasattr(source, "__dlpack__"):
        raise ArgumentTypeError(
            "rt.from_dlpack: argument `source`: an object with __dlpack__, or a DLPack capsule, is expected; "
            f"given {shown(source)}"
        )
    stream = _stream_for(source)
    capsule = _capsule_of(source, _VERSION, stream)
    name, managed = _opened(capsule)
    if managed is not None and name == b"dltensor_versioned" and _dtype(managed.tensor) is None:
        capsule = _capsule_of(source, None, stream)  # the native tier takes the older form
    return _of_capsule(capsule, pinned(source))


def _again(tensor: Tensor) -> Tensor:
    """Another tensor on the same memory."""
    check_no_gradient("rt.from_dlpack", tensor, BufferError)
    if _transfer.native_only(tensor):
        return _tensor.of_handle(functions.retain(tensor._handle), _transfer.memory_of(tensor))
    return _tensor.of_pure(_transfer.to_pure(tensor))


def _is_capsule(value: Any) -> bool:
    return type(value).__name__ == "PyCapsule"


def _stream_for(source: Any) -> dict[str, int]:
    """The stream that libtorch is going to work in on what is on a GPU: whose it is has it wait for its own."""
    where = getattr(source, "__dlpack_device__", None)
    kind, number = (_CPU, 0) if where is None else where()
    if kind != _CUDA:
        return {}
    try:
        return {"stream": functions.cuda_current_stream(f"cuda:{int(number)}") or _DEFAULT}
    except Error:  # there is no such device here: who takes the memory says so
        return {}


def _capsule_of(source: Any, max_version: tuple[int, int] | None, stream: dict[str, int] | None = None) -> Any:
    wanted = {} if max_version is None else {"max_version": max_version}
    stream = stream or {}
    try:
        capsule = source.__dlpack__(**stream, **wanted)
    except TypeError:
        capsule = source.__dlpack__(**stream)  # as before DLPack 1.0
    if _is_capsule(capsule):
        return capsule
    raise ArgumentTypeError(
        f"rt.from_dlpack: argument `source`: __dlpack__ of {shown(source)} returned {shown(capsule)}, which is no capsule"
    )


def _opened(capsule: Any) -> tuple[bytes | None, Any]:
    """Name and contents of a capsule; no contents where it is none that can be read."""
    name = _capsule_name(capsule)
    struct = _STRUCTS.get(name)
    if struct is None:
        return name, None
    managed = struct.from_address(_capsule_pointer(capsule, name))
    return name, None if struct is _Versioned and managed.major != _VERSION[0] else managed


def _of_capsule(capsule: Any, pin: Any = None) -> Tensor:
    with _claiming:
        name, managed = _opened(capsule)
        if name is None or managed is None:
            raise _unreadable(name)
        _capsule_rename(capsule, _USED[name])
    try:
        return _of_managed(managed, name, pin)
    except _Refused as refused:
        _capsule_rename(capsule, name)  # still the caller's
        raise refused.error from None


class _Refused(Exception):
    """The memory was not taken."""

    def __init__(self, error: Exception) -> None:
        super().__init__(str(error))
        self.error = error


def _refused(reason: str) -> _Refused:
    return _Refused(BadArgumentError(f"rt.from_dlpack: argument `source`: {reason}"))


def _unreadable(name: bytes | None) -> Error:
    where = "rt.from_dlpack: argument `source`"
    if name in _USED.values():
        return BadArgumentError(f"{where}: the capsule was used up before")
    if name in _STRUCTS:
        return BadArgumentError(f"{where}: its DLPack version is none that is known here; 1.x is")
    return ArgumentTypeError(f"{where}: the capsule's name is {name!r}, expected {b'dltensor'!r}")


def _of_managed(managed: Any, name: bytes, pin: Any) -> Tensor:
    dtype = _dtype(managed.tensor)
    if dtype is None:
        return _native(managed, name)
    tensor = _viewed(managed, dtype, pin)
    if name == b"dltensor_versioned" and managed.flags & _READ_ONLY:
        accel.record_transfer(tensor.numel())
        tensor = copied(tensor)
    return _tensor.of_pure(tensor)


def _dtype(tensor: Any) -> str | None:
    """The dtype of what Python can view; None for what it cannot."""
    if tensor.device_type not in (_CPU, _CUDA_HOST) or tensor.lanes != 1:
        return None
    return _DTYPES.get((tensor.code, tensor.bits))


def _viewed(managed: Any, dtype: str, pin: Any) -> PureTensor:
    tensor = managed.tensor
    if not 0 <= tensor.ndim <= MAX_DIMS:
        raise _refused(f"it has {tensor.ndim} dimensions, and a tensor has 0 to {MAX_DIMS}")
    if tensor.ndim and not tensor.shape:
        raise _refused(f"its shape is NULL, with {tensor.ndim} dimensions")
    shape = tuple(tensor.shape[: tensor.ndim])
    if any(size < 0 for size in shape):
        raise _refused(f"the shape {shape_text(shape)} has a negative size")
    if problem := overflow(shape):
        raise _refused(f"the {problem} of the shape {shape_text(shape)} overflows 63 bits")
    if not tensor.data and 0 not in shape:
        raise _refused(f"its data is NULL, with the shape {shape_text(shape)}")
    strides = tuple(tensor.strides[: tensor.ndim]) if tensor.strides else contiguous_strides(shape)
    lowest, highest = (0, 0) if 0 in shape else extent(shape, strides)
    if highest - lowest >= _FARTHEST:
        raise _refused(f"the strides {shape_text(strides)} lead out of all memory")
    address = (tensor.data or 0) + tensor.byte_offset
    return block.tensor_at(address, shape, strides, dtype, (_Borrowed(managed), pin))


def _native(managed: Any, name: bytes) -> Tensor:
    tensor = managed.tensor
    what = f"DLPack type code {tensor.code} with {tensor.bits} bits on device type {tensor.device_type}"
    if name != b"dltensor":
        raise _refused(
            f"{what} in a capsule of the versioned form, which only the pure tier's dtypes can have: give the object itself"
        )
    _transfer.cuda = _transfer.cuda or tensor.device_type == _CUDA
    try:
        handle = functions.from_dlpack(ctypes.addressof(managed))
    except _GONE as error:
        text = f"rt.from_dlpack: argument `source`: {what} is for the native tier only, and it is not there: {error}"
        raise _Refused(type(error)(text, error.function)) from error
    except Error as error:
        raise _Refused(error) from error
    return _tensor.of_handle(handle)


# Export.


def to_dlpack(
    tensor: Tensor,
    stream: int | None = None,
    max_version: tuple[int, int] | None = None,
    dl_device: tuple[int, int] | None = None,
    copy: bool | None = None,
) -> Any:
    """A capsule that shares the memory of a tensor.

    Args:
        tensor: Any tensor.
        stream: On a GPU, the consumer's stream; None or 1 for the default one, -1 where nobody has to wait.
        max_version: The newest version of DLPack that the consumer knows; None for the form before 1.0.
        dl_device: Where the consumer wants it: where it is, or (1, 0) for the CPU.
        copy: True for a copy in any case, False for none, None for one where it must be.

    Raises:
        BufferError: `dl_device` and `copy` cannot be had.
        BadArgumentError: A stream is given for a tensor on the CPU.
        ArgumentTypeError: `max_version` or `dl_device` is no pair of integers.
    """
    max_version, dl_device = _pair("max_version", max_version), _pair("dl_device", dl_device)
    tensor = _placed(tensor, dl_device, copy)
    if _transfer.runs_backwards(tensor):  # of which torch dies
        tensor = _forwards(tensor, copy)
    if tensor.device == "cpu":
        if stream is not None:
            raise BadArgumentError(f"__dlpack__: argument `stream`: the CPU has none; given {shown(stream)}")
    elif stream != -1 and not _is_current(tensor.device, stream):
        functions.cuda_synchronize(tensor.device)
    if sys.modules.get("numpy") is not None and shareable(tensor):
        return _capsule_of(array_on(sys.modules["numpy"], tensor), max_version)
    if _is_libtorchs(tensor):
        return _unclaimed_capsule(functions.to_dlpack(tensor._handle), b"dltensor")
    pure = _transfer.to_pure(tensor)
    foreign = _in_torch(pure) if sys.modules.get("torch") is not None else None
    return _by_callback(pure, max_version) if foreign is None else _capsule_of(foreign, max_version)


def _is_current(device: str, stream: int | None) -> bool:
    """Whether it is the stream that libtorch works in, so that what is put into it comes after that by itself."""
    return (_DEFAULT if stream is None else stream) == (functions.cuda_current_stream(device) or _DEFAULT)


def _pair(name: str, given: Any) -> tuple[int, int] | None:
    """An argument of two integers, or None."""
    if given is None:
        return None
    try:
        first, second = map(index, given)
    except (TypeError, ValueError):
        text = f"two integers, or None, are expected; given {shown(given)}"
        raise ArgumentTypeError(f"__dlpack__: argument `{name}`: {text}") from None
    return first, second


def _forwards(tensor: Tensor, copy: bool | None) -> Tensor:
    if copy is False:
        raise BufferError("__dlpack__: a tensor with negative strides can be given only as a copy")
    accel.record_transfer(tensor.numel())
    return tensor.clone()


def _is_libtorchs(tensor: Tensor) -> bool:
    """Whether the memory is libtorch's own: nothing of Python's is lent to it, and Python does not see it yet."""
    if _transfer.native_only(tensor):
        return True
    lent = isinstance(getattr(tensor, "_memory", None), _lending.Lease)
    return bool(tensor._handle) and not lent and not _transfer.has_cell(tensor)


def _placed(tensor: Tensor, device: tuple[int, int] | None, copy: bool | None) -> Tensor:
    here = tensor.__dlpack_device__()
    wanted = here if device is None else device
    if wanted == here:
        return tensor.clone() if copy else tensor
    if wanted != (_CPU, 0):
        raise BufferError(f"__dlpack__: a tensor on {tensor.device} cannot be given on DLPack's device {wanted}")
    if copy is False:
        raise BufferError(f"__dlpack__: a tensor on {tensor.device} can be given on the CPU only as a copy")
    return _tensor.on_cpu(tensor)


def _in_torch(tensor: PureTensor) -> Any:
    """A torch tensor on the memory; None where torch cannot."""
    torch: Any = sys.modules["torch"]
    layout = tensor._layout
    if any(stride < 0 for stride in layout.strides):
        return None
    dtype = getattr(torch, NAMES[layout.dtype])
    if not layout.size:
        return torch.empty(layout.shape, dtype=dtype)
    flat = torch.frombuffer(block.memory_of(tensor), dtype=dtype)
    return flat.as_strided(layout.shape, layout.strides, layout.offset)


# The callback.

_live: dict[int, tuple[Any, ...]] = {}  # by the struct's address: all that it points to, until the deleter is called
_ending = False


def _forget(address: int) -> None:
    _live.pop(address, None)


_delete = _Deleter(_forget)
_keep_forever(_delete)  # it may be called after this module is gone


def _by_callback(tensor: PureTensor, max_version: tuple[int, int] | None) -> Any:
    name = b"dltensor_versioned" if max_version is not None and max_version[0] >= 1 else b"dltensor"
    managed = _STRUCTS[name]()
    if name == b"dltensor_versioned":
        managed.major, managed.minor = _VERSION
    managed.deleter = _delete
    address = ctypes.addressof(managed)
    _live[address] = (managed, *_fill(managed.tensor, tensor))
    capsule = _unclaimed_capsule(address, name)
    if _ending:
        _disarm()
    return capsule


def _fill(struct: Any, tensor: PureTensor) -> tuple[Any, ...]:
    """Describe the tensor; returns what has to stay for as long as the struct is used."""
    layout = tensor._layout
    dims = ctypes.c_int64 * max(layout.ndim, 1)
    shape, strides = dims(*layout.shape), dims(*layout.strides)
    struct.shape, struct.strides, struct.ndim = shape, strides, layout.ndim
    struct.device_type, struct.device_id = _CPU, 0
    struct.code, struct.bits = _CODES[layout.dtype]
    struct.lanes = 1
    if not layout.size:
        return shape, strides
    memory = block.memory_of(tensor)
    anchor = ctypes.c_char.from_buffer(memory)  # while it is there, the memory can be neither released nor resized
    struct.data = ctypes.addressof(anchor) + layout.offset * memory.itemsize
    return shape, strides, anchor


def _disarm() -> None:
    """Let the process end with memory still in use: it stays, and what is called is no Python any more."""
    global _ending
    _ending = True
    if _sweep in gc.callbacks:
        gc.callbacks.remove(_sweep)
    harmless = ctypes.cast(ctypes.pythonapi.Py_IsInitialized, _Deleter)
    for kept in list(_live.values()):
        kept[0].deleter = harmless
        _keep_forever(kept)


atexit.register(_disarm)


# Capsules that nobody takes.  A destructor of theirs would be a callback too, so they are kept, and looked at now and
# then: one that only this module still has, fresh, goes with its memory.

_unclaimed: list[Any] = []
_sweeping = threading.Lock()


def _unclaimed_capsule(address: int, name: bytes) -> Any:
    _sweep()
    if not _ending and _sweep not in gc.callbacks:
        gc.callbacks.append(_sweep)
    capsule = _capsule_new(address, name, None)
    _unclaimed.append(capsule)
    return capsule


def _sweep(phase: str = "stop", _: Any = None) -> None:
    """Let go of capsules that were taken, and of those that nobody can take any more; also after each collection."""
    if phase != "stop" or not _unclaimed or not _sweeping.acquire(blocking=False):
        return
    try:
        for place in reversed(range(len(_unclaimed))):
            name = _capsule_name(_unclaimed[place])
            if name not in _STRUCTS:
                del _unclaimed[place]
            elif _references(_unclaimed, place) == _ALONE:
                managed = _STRUCTS[name].from_address(_capsule_pointer(_unclaimed.pop(place), name))
                managed.deleter(ctypes.addressof(managed))
    finally:
        _sweeping.release()


def _references(capsules: list[Any], place: int) -> int:
    return sys.getrefcount(capsules[place])


_ALONE = _references([object()], 0)
