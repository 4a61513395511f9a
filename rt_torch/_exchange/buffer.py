"""Tensors on what has the buffer protocol: arrays, NumPy arrays, memoryviews.

Shared is what a tensor of the pure tier can hold as it is: writable elements of f64, f32, i64 and bool, whatever the
strides.  Other numbers are copied into the dtype that holds them all, i64 for integers and f32 for half precision, and
so is what is read-only, as tensors can be written to.  The rule is the same whether the native tier is there or not.
Each copy is counted.
"""

from __future__ import annotations

import ctypes
import struct
from array import array
from typing import Any

from rt_torch import accel
from rt_torch._exchange.block import tensor_at
from rt_torch._exchange.pin import pinned
from rt_torch.errors import ArgumentTypeError, BadArgumentError
from rt_torch.pure.dtype import FORMATS
from rt_torch.pure.layout import layout_of
from rt_torch.pure.storage import room, typed
from rt_torch.pure.tensor import PureTensor, pure_tensor
from rt_torch_bindings.arguments import shown
from rt_torch_bindings.memory import NATIVE

# The struct module's codes; several are the same size, so the size of an element decides.
_SIGNED, _UNSIGNED, _FLOATS = "bhilqn", "BHILQN", "efd"
_SHARED = {("f", 8): "f64", ("f", 4): "f32", ("i", 8): "i64", ("?", 1): "bool"}
_COPIED = {("f", 2): "f32"} | {("i", size): "i64" for size in (1, 2, 4)} | {("u", size): "i64" for size in (1, 2, 4, 8)}
_CODES = {("f", 2): "e"} | {
    (kind, size): code
    for kind, codes in (("i", "bhiq"), ("u", "BHIQ"))
    for size, code in zip((1, 2, 4, 8), codes, strict=True)
}
_ACCEPTED = "expected bool, integers of 8 to 64 bits, or floats of 16 to 64 bits, all in this machine's byte order"


def viewed(where: str, data: Any) -> memoryview | None:
    """The memory of `data`; None when it has no buffer protocol.

    Args:
        where: What messages start with: "rt.from_buffer: argument `buffer`".

    Raises:
        ArgumentTypeError: It is bytes, whose elements have no type, or refuses to show its memory.
    """
    if isinstance(data, (bytes, bytearray)):
        raise ArgumentTypeError(
            f"{where}: {shown(data)} says nothing about the type of its elements: give it one first, "
            'as in memoryview(data).cast("d")'
        )
    try:
        return memoryview(data)
    except TypeError:
        return None
    except (ValueError, BufferError) as error:
        raise ArgumentTypeError(f"{where}: its memory cannot be seen ({error}); {_ACCEPTED}") from None


def tensor_on(where: str, view: memoryview, *, copy: bool = False) -> PureTensor:
    """A tensor that shares the memory, or has a copy where it cannot, or where that is asked for.

    Raises:
        ArgumentTypeError: Its elements are no numbers, complex, or of another byte order.
        BadArgumentError: A number of 64 bits without a sign does not fit into i64.
    """
    element = _element(where, view)
    shape = view.shape or ()
    dtype = _SHARED.get(element)
    if 0 in shape:
        dtype = dtype or _COPIED[element]
        return pure_tensor(room(0, dtype), layout_of(shape, dtype))
    if dtype is None:
        return _converted(where, view, element)
    if copy or view.readonly or view.suboffsets or _uneven(view):
        return _copied(view, dtype)
    pin = pinned(view.obj)
    if pin is None and view.c_contiguous:
        return pure_tensor(typed(view, FORMATS[dtype]), layout_of(shape, dtype))
    strides = tuple(stride // view.itemsize for stride in view.strides or ())
    return tensor_at(_first(view), shape, strides, dtype, (view, pin))


def _element(where: str, view: memoryview) -> tuple[str, int]:
    """Kind and size of the elements: ("f", 8)."""
    code = view.format.lstrip(NATIVE)
    if len(code) == 1 and code in _SIGNED + _UNSIGNED + _FLOATS + "?":
        kind = "i" if code in _SIGNED else "u" if code in _UNSIGNED else "f" if code in _FLOATS else "?"
        if (kind, view.itemsize) in _SHARED or (kind, view.itemsize) in _COPIED:
            return kind, view.itemsize
    raise ArgumentTypeError(f"{where}: memory of format {view.format!r} was given; {_ACCEPTED}")


def _uneven(view: memoryview) -> bool:
    """Whether steps are no whole elements, as those between the fields of records."""
    steps = zip(view.shape or (), view.strides or (), strict=True)
    return any(size > 1 and stride % view.itemsize for size, stride in steps)


def _copied(view: memoryview, dtype: str) -> PureTensor:
    layout = layout_of(view.shape or (), dtype)
    accel.record_transfer(layout.size)
    memory = memoryview(bytearray(view.tobytes()))
    return pure_tensor(typed(memory, FORMATS[dtype]), layout)


def _converted(where: str, view: memoryview, element: tuple[str, int]) -> PureTensor:
    dtype = _COPIED[element]
    layout = layout_of(view.shape or (), dtype)
    accel.record_transfer(layout.size)
    values = struct.unpack(f"{layout.size}{_CODES[element]}", view.tobytes())
    try:
        return pure_tensor(memoryview(array(FORMATS[dtype], values)), layout)
    except OverflowError:
        raise BadArgumentError(f"{where}: {max(values)} is in it, which does not fit into i64") from None


class _Buffer(ctypes.Structure):
    """Py_buffer."""

    _fields_ = (
        ("buf", ctypes.c_void_p),
        ("obj", ctypes.c_void_p),
        ("len", ctypes.c_ssize_t),
        ("itemsize", ctypes.c_ssize_t),
        ("readonly", ctypes.c_int),
        ("ndim", ctypes.c_int),
        ("format", ctypes.c_char_p),
        ("shape", ctypes.c_void_p),
        ("strides", ctypes.c_void_p),
        ("suboffsets", ctypes.c_void_p),
        ("internal", ctypes.c_void_p),
    )


_FULL_RO = 0x11C  # PyBUF_FULL_RO


def _first(view: memoryview) -> int:
    """Address of the first element, which a memoryview with gaps tells to C only."""
    buffer = _Buffer()
    ctypes.pythonapi.PyObject_GetBuffer(ctypes.py_object(view), ctypes.byref(buffer), _FULL_RO)
    address: int = buffer.buf
    ctypes.pythonapi.PyBuffer_Release(ctypes.byref(buffer))
    return address
