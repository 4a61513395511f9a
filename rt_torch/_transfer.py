"""Moving a tensor's data between the tiers: without copying where both sides allow, and counted where not."""

from __future__ import annotations

import threading
from array import array
from typing import TYPE_CHECKING, Any

from rt_torch import _lending, accel
from rt_torch.pure import storage
from rt_torch.pure.dtype import PURE_DTYPES
from rt_torch.pure.layout import MAX_DIMS, Layout, layout_of, view_of, watched
from rt_torch.pure.storage import writes_of
from rt_torch.pure.tensor import PureTensor, copied, pure_tensor
from rt_torch_bindings import functions
from rt_torch_bindings.errors import BadArgumentError

if TYPE_CHECKING:
    from rt_torch._tensor import Tensor
    from rt_torch_bindings.raw import Raw

cuda = False  # whether a tensor can be on another device than the CPU: set before the first one is made

# The layout of a native tensor that nobody has asked for its shape yet: of no dtype, so no fast path takes it.
UNKNOWN = Layout((), (), 0, "", 0)

_own = threading.local()
_dtypes: dict[Any, str] = {}  # by C's pointer to the name
_devices: dict[Any, str] = {}  # the same

_EXACT = 1 << 53  # integers up to here are exact as doubles

_moving = threading.RLock()  # two threads that move one tensor must end with one handle


def to_native(tensor: Tensor) -> tuple[int, bool]:
    """The native side of a tensor: a handle, and whether the caller has to free it.

    The tensor keeps the handle, and both sides share the memory from then on, unless libtorch has to have a copy: of
    what runs backwards, and of everything where it cannot say when memory is free again (libtorch 2.10).
    """
    if tensor._handle:
        return tensor._handle, False
    with _moving:
        return _moved(tensor)


def _moved(tensor: Tensor) -> tuple[int, bool]:
    if tensor._handle:  # another thread was faster
        return tensor._handle, False
    if tensor._is_constant and (handle := _constant(tensor)):
        tensor._handle = handle
        return handle, False
    if runs_backwards(tensor):
        return _lent(copied(to_pure(tensor)), shared=False), True
    handle = _lent(to_pure(tensor), shared=not functions.wrap_copies())
    if functions.wrap_copies():
        return handle, True
    tensor._memory = _lending.Lease(writes_of(tensor._cell))
    tensor._handle = handle
    return handle, False


def _constant(tensor: Tensor) -> int:
    """A native tensor of the same number, which is made much faster than memory is lent; 0 where there is none."""
    (value,) = tensor._cell[0]
    if not -_EXACT <= value <= _EXACT and tensor._layout.dtype == "i64":
        return 0
    return native_number(value, tensor._layout.dtype)


def native_number(value: float, dtype: str) -> int:
    """A native tensor without dimensions, on the CPU; 0 where there is none."""
    raw = functions.opened()
    return raw.full(raw.memory.null, 0, value, dtype.encode(), b"cpu")


def runs_backwards(tensor: Tensor) -> bool:
    """Whether libtorch could only have a copy of a pure tensor."""
    return not tensor._handle and any(stride < 0 for stride in tensor._layout.strides)


def _lent(tensor: PureTensor, *, shared: bool) -> int:
    if type(tensor._cell[0]) is list:
        accel.record_transfer(len(tensor._cell[0]))
    else:
        accel.record_transfer(tensor._layout.size, shared=shared)
    return _lending.lend(tensor.buffer(), tensor._layout)


def to_pure(tensor: Tensor) -> PureTensor:
    """The pure side of a tensor on the CPU: the same memory, seen from Python."""
    view = object.__new__(PureTensor)
    if not hasattr(tensor, "_cell"):
        _see(tensor)
    layout = tensor._layout
    view._cell = tensor._cell
    view._layout = layout.plain or layout
    return view


def elements(tensor: Tensor) -> PureTensor:
    """What lies in the memory of a tensor on the CPU, to be moved and not to be computed with.

    As `to_pure`, and for the dtypes that only the native tier has, too.
    """
    if hasattr(tensor, "_cell") or layout(tensor).dtype in PURE_DTYPES:
        return to_pure(tensor)
    _check_visible(tensor)
    made = pure_tensor(*_seen(tensor))
    made._cell.append(memory_of(tensor).writes)
    return made


def lent(part: PureTensor) -> int:
    """A native tensor on elements of a dtype that only the native tier has."""
    return _lent(part, shared=not functions.wrap_copies())


def check_viewable(part: PureTensor) -> None:
    """Whether there can be a native tensor on part of another one's memory."""
    problem = ""
    if any(stride < 0 for stride in part._layout.strides):
        problem = "libtorch has no steps backwards"
    elif functions.wrap_copies():
        problem = "this libtorch would copy it"
    if problem:
        raise BadArgumentError(
            f'a tensor of dtype {part.dtype} has no such view, as {problem}: convert it with .to("f32") first'
        )


def native_only(tensor: Tensor) -> bool:
    """Whether Python can neither see the memory nor hold the numbers."""
    return layout(tensor).dtype not in PURE_DTYPES or (cuda and on_gpu(tensor))


def device_of(tensor: Tensor) -> str:
    """ "cpu", or "cuda:0" and so on."""
    if not cuda or not tensor._handle:
        return "cpu"
    raw = functions.opened()
    device = raw.device(tensor._handle)  # the same pointer whenever it is the same device
    return _devices.get(device) or _name_at(raw, device, _devices)


def on_gpu(tensor: Tensor) -> bool:
    """Whether the elements are where Python does not see them."""
    return device_of(tensor) != "cpu"


def _see(tensor: Tensor) -> None:
    """Let a native tensor have its memory as its pure side too."""
    if layout(tensor).dtype not in PURE_DTYPES:
        raise _no_pure_side(tensor)
    _check_visible(tensor)
    with _moving:
        if not has_cell(tensor):
            memory, seen = _seen(tensor)
            _set_layout(tensor, seen)
            common = getattr(tensor, "_memory", None)
            tensor._cell = [memory] if common is None else [memory, common.writes]


def _seen(tensor: Tensor) -> tuple[memoryview, Layout]:
    dtype = layout(tensor).dtype
    memory, shape, strides = _lending.see(tensor._handle, dtype)
    accel.record_transfer(len(memory), shared=True)
    return memory, view_of(shape, strides, 0, dtype, len(memory))


def _check_visible(tensor: Tensor) -> None:
    if cuda and on_gpu(tensor):
        raise _no_pure_side(tensor)


def _no_pure_side(tensor: Tensor) -> BadArgumentError:
    ways = [".cpu()"] if on_gpu(tensor) else []
    ways += [] if tensor.dtype in PURE_DTYPES else ['.to("f32")']
    return BadArgumentError(
        f"a tensor of dtype {tensor.dtype} on {tensor.device} has no pure side, which is f64, f32, i64 or bool on "
        f"the cpu: convert it with {' and '.join(ways)} first"
    )


def _set_layout(tensor: Tensor, layout: Layout) -> Layout:
    """Let a tensor have the layout that was found out, which is watched if it was before."""
    tensor._layout = known = layout if tensor._layout.plain is None else watched(layout)
    return known


def memory_of(tensor: Tensor) -> _lending.Memory:
    """What goes with every tensor on the same native memory."""
    known: _lending.Memory | None = getattr(tensor, "_memory", None)
    if known is not None:
        return known
    with _moving:
        if not hasattr(tensor, "_memory"):
            tensor._memory = _lending.Memory(writes_of(tensor._cell) if has_cell(tensor) else None)
        return tensor._memory


def note_write(tensor: Tensor) -> None:
    """The elements of a tensor are others than before."""
    storage.note_write(tensor._cell if has_cell(tensor) else [None, memory_of(tensor).writes])


def last_write(tensor: Tensor) -> int:
    """The number, as rt_torch.pure.storage counts them, of the last write in place to a tensor's memory."""
    common: _lending.Memory | None = getattr(tensor, "_memory", None)
    if common is not None:
        return common.writes.last
    writes = tensor._cell[1:] if has_cell(tensor) else []
    return writes[0].last if writes else 0


def has_cell(tensor: Tensor) -> bool:
    """Whether there is a pure side already."""
    return hasattr(tensor, "_cell")


def layout(tensor: Tensor) -> Layout:
    """Shape, strides and dtype; of a native result they are found out now."""
    known = tensor._layout
    return known if known.dtype else _describe(tensor)


def _describe(tensor: Tensor) -> Layout:
    raw = functions.opened()
    sizes, pointer = _room(raw)
    ndim = raw.shape(tensor._handle, pointer, MAX_DIMS)
    dtype = raw.dtype(tensor._handle)  # the same pointer whenever it is the same dtype
    return _set_layout(tensor, layout_of(tuple(sizes[:ndim]), _dtypes.get(dtype) or _name_at(raw, dtype, _dtypes)))


def _room(raw: Raw) -> tuple[array[int], Any]:
    """Where C writes sizes to: memory of this thread, made once."""
    try:
        room: tuple[array[int], Any] = _own.room
    except AttributeError:
        room = _own.room = raw.memory.room("q", MAX_DIMS)
    return room


def _name_at(raw: Raw, pointer: Any, known: dict[Any, str]) -> str:
    name = known[pointer] = raw.memory.text(pointer) or ""
    return name
