"""The tensor: one class whose data is in the pure tier, in the native tier, or in both on the same memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from typing import TYPE_CHECKING, Any

from rt_torch import _exchange, _lending, _transfer, accel
from rt_torch._gradients import Differentiable, check_assignment, check_copyable, check_elements, check_no_gradient
from rt_torch._target import Target, gpu
from rt_torch._target import target as _target
from rt_torch._transfer import UNKNOWN, has_cell, layout
from rt_torch.errors import BadArgumentError
from rt_torch.pure.argument import refused
from rt_torch.pure.check import dim
from rt_torch.pure.dtype import ITEM_SIZES, PURE_DTYPES, is_floating
from rt_torch.pure.layout import Layout, shape_text, watched
from rt_torch.pure.show import with_notes
from rt_torch.pure.storage import writes_of
from rt_torch.pure.tensor import PureTensor
from rt_torch_bindings import functions, operators
from rt_torch_bindings.operators import Operators

if TYPE_CHECKING:
    from rt_torch._lending import Memory
    from rt_torch.autograd.graph import Edge

_free: Callable[[int], object] = functions.free  # the C function itself, once a library is open


class Tensor(Differentiable, Operators):
    """A tensor of numbers; make one with rt.tensor, rt.zeros, rt.from_numpy, ...

    Where its data is does not show in what it can do.  `residency` tells.  Copies of a subclass's instances, by copy,
    deepcopy and pickle, are instances of it; what is computed from them is a plain Tensor.
    """

    # _handle   native side: a handle that this object frees; 0 when there is none
    # _cell     pure side, as PureTensor has it: [list or memoryview, ...]; unset when there is none
    # _layout   shape, strides, dtype; UNKNOWN until somebody asks about a native result; watched if it requires grad
    # _memory   set when the native side uses Python's memory, or shares it with other tensors
    # _node     set when there is something to know about its gradient: where that goes to, what it is
    # There is no __getattr__ for what is unset: it would make every attribute of the fast paths slower.
    __slots__ = ("__weakref__", "_cell", "_handle", "_layout", "_memory", "_node")

    __array_priority__ = 1000  # NumPy's numbers leave their operators with a tensor to the tensor

    _handle: int
    _cell: list[Any]
    _layout: Layout
    _memory: Memory

    _is_constant = False  # whether nobody else has it, so that the tiers need not share its memory
    _node: Edge

    def __new__(
        cls, data: Any, *, dtype: str | None = None, device: str | None = None, requires_grad: bool = False
    ) -> Tensor:
        """As rt.tensor."""
        from rt_torch._create import tensor

        made = tensor(data, dtype=dtype, device=device, requires_grad=requires_grad)
        return instance_of(cls, made)

    def __del__(self) -> None:
        if handle := self._handle:
            _free(handle)

    # What it is.

    @property
    def shape(self) -> tuple[int, ...]:
        """Sizes of the dimensions; () for a single number."""
        return layout(self).shape

    @property
    def dtype(self) -> str:
        """Element type: "f64", "f32", "i64", "bool"; on the native side also "f16", "bf16", "i32", ..."""
        return layout(self).dtype

    @property
    def device(self) -> str:
        """ "cpu", or "cuda:0" and so on."""
        return _transfer.device_of(self)

    @property
    def is_cuda(self) -> bool:
        """Whether the elements are on a GPU."""
        return _transfer.on_gpu(self)

    @property
    def ndim(self) -> int:
        """Number of dimensions."""
        return len(layout(self).shape)

    @property
    def strides(self) -> tuple[int, ...]:
        """Steps in memory, in elements.

        Those of results are the tier's own choice: Python's are row-major, and libtorch's may keep an operand's order.
        """
        return tuple(functions.strides(self._handle)) if self._handle else self._layout.strides

    @property
    def data(self) -> Tensor:
        """The elements outside of any gradient: another tensor on the same memory.

        Setting it gives the tensor other elements, of the same shape, together with the memory that they are in; whether
        it requires grad stays as it is, and so does its gradient.  What else is on the old memory keeps that: views,
        and graphs, whose gradients are those of the old elements.

        Raises:
            BadArgumentError: The shape is another, the tensor is no leaf, it has or may have a gradient of another
                dtype, or it has one on another device.
        """
        return alias(self)

    @data.setter
    def data(self, elements: Tensor) -> None:
        check_elements(self, elements)
        give_elements(self, alias(elements))

    @property
    def residency(self) -> str:
        """Where the data is: "pure", "native", or "both" when the two tiers share its memory."""
        if not self._handle:
            return "pure"
        return "both" if has_cell(self) else "native"

    def numel(self) -> int:
        """Number of elements."""
        return layout(self).size

    def is_contiguous(self) -> bool:
        """Whether the elements lie in row-major order without gaps."""
        return functions.is_contiguous(self._handle) if self._handle else self._layout.contiguous

    # Reading.

    def tolist(self) -> Any:
        """The elements as nested lists; a number when there are no dimensions."""
        return _readable(self).tolist()

    def item(self) -> float | int | bool:
        """The one element, as a Python number.

        Raises:
            BadArgumentError: There are several elements, or none.
        """
        return _readable(self).item()

    def __repr__(self) -> str:
        shown = _readable(self)
        text, dtype = repr(shown), shown.dtype
        notes = []
        if dtype != self.dtype:
            text = text.replace(f"dtype={dtype}", f"dtype={self.dtype}")
            notes = [] if f"dtype={self.dtype}" in text else [f"dtype={self.dtype}"]
        if self.device != "cpu":
            notes.append(f"device={self.device}")
        if self.requires_grad:
            notes.append("requires_grad=True" if self.is_leaf else f"grad_fn={self.grad_fn}")
        return with_notes(text, notes)

    def __len__(self) -> int:
        if not self.shape:
            raise TypeError("len() of a 0-dim tensor")
        return self.shape[0]

    def __iter__(self) -> Iterator[Tensor]:
        if not self.shape:
            raise TypeError("iteration over a 0-dim tensor")
        return map(self.__getitem__, range(len(self)))

    def __format__(self, spec: str) -> str:
        """Without dimensions, the number as `spec` says: f"{loss:.3f}"."""
        return format(self.item(), spec) if not self.shape else super().__format__(spec)

    def __bool__(self) -> bool:
        return bool(_readable(self))

    def __float__(self) -> float:
        return float(self.item())

    def __int__(self) -> int:
        return int(self.item())

    def __index__(self) -> int:
        return _readable(self).__index__()

    def memoryview(self) -> memoryview:
        """The elements as writable memory of this shape, shared with the tensor.

        Raises:
            BadArgumentError: The tensor is not contiguous, is of f16 or bf16, for which a memoryview has no format, or
                requires grad: see `detach`.
        """
        check_no_gradient("memoryview()", self)
        if self.dtype in ("f16", "bf16"):
            raise BadArgumentError(f'a memoryview has no format for {self.dtype}: convert it with .to("f32") first')
        elements = _transfer.elements(self)
        in_list = type(elements._cell[0]) is list
        memory = elements.memoryview()
        if in_list:
            accel.record_transfer(len(elements._cell[0]))
        return memory

    # Parts.

    def __getitem__(self, key: Any) -> Tensor:
        """The part at `key`, as in NumPy: integers, slices, ..., None, and lists or tensors of bool or i64.

        Integers and slices give views, which share the memory; lists and tensors give copies, and so do steps backwards
        on a GPU.
        """
        if _transfer.cuda and isinstance(key, Tensor) and _device_part.is_selection(self, key):
            return _device_part.selected(self, key)
        if self._layout.plain is not None:
            from rt_torch.autograd.part import part

            return part(self, _pure_key(key))
        return part_of(self, _pure_key(key))

    def __setitem__(self, key: Any, value: Any) -> None:
        """Set the part at `key` to a number, or to a tensor or nested lists that broadcast to its shape.

        That is not recorded for gradients, so it is refused where gradients would miss it.

        Raises:
            BadArgumentError: The tensor or the value requires grad, and it is not done under rt.no_grad().
        """
        if self._layout.plain is not None or isinstance(value, Tensor):
            check_assignment(self, value)
        if _transfer.cuda and _transfer.on_gpu(self):
            _device_part.assign(self, _pure_key(key), value)
            return
        whole = _transfer.elements(self)
        if whole._layout.dtype not in PURE_DTYPES:
            value = value.to(self.dtype) if isinstance(value, Tensor) else Tensor(value, dtype=self.dtype, device="cpu")
        whole[_pure_key(key)] = _transfer.elements(on_cpu(value)) if isinstance(value, Tensor) else value

    # Conversion.

    def to(
        self, *target: str | Tensor, dtype: str | None = None, device: str | None = None, copy: bool = False
    ) -> Tensor:
        """The tensor with another dtype or on another device, or both; itself where nothing changes.

        Args:
            target: A dtype, "f32"; a device, "cuda:1"; a device and a dtype; or a tensor, whose device and dtype are meant.
            dtype: The same by name.
            device: The same by name.  Elements that go to another device are copied, which rt.get_transfers counts.
            copy: Whether to copy in any case.

        Raises:
            BadArgumentError: There is no such dtype or device, or two of them are given.
            ArgumentTypeError: Something else is given, or nothing.
        """
        made = changed(self, _target("rt.Tensor.to", target, dtype, device))
        return made.clone() if copy and made is self else made

    def cpu(self) -> Tensor:
        """The tensor in the CPU's memory; itself when it is there."""
        return self.to("cpu")

    def cuda(self, device: int | str | None = None) -> Tensor:
        """The tensor on a GPU, by its number or name; on the first one by default, and itself when it is there."""
        return self.to(device=gpu("rt.Tensor.cuda", device))

    def to_native(self) -> Tensor:
        """Have the native side from now on, sharing memory; returns the tensor itself.

        Where libtorch would need a copy, which is of what runs backwards, the tensor stays as it is.
        """
        handle, owned = _transfer.to_native(self)
        if owned:
            functions.free(handle)
        return self

    def to_pure(self) -> Tensor:
        """Have the pure side from now on, sharing memory; returns the tensor itself."""
        _transfer.to_pure(self)
        return self

    # Exchange with others.

    def numpy(self) -> Any:
        """A NumPy array that shares the memory.

        Raises:
            BadArgumentError: The tensor requires grad: see `detach`.
        """
        check_no_gradient("numpy()", self)
        return _exchange.to_numpy(self, None, None)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        """A NumPy array, sharing the memory unless `dtype` or `copy` ask for another.

        Raises:
            BadArgumentError: The tensor requires grad: see `detach`.
        """
        check_no_gradient("__array__", self)
        return _exchange.to_numpy(self, dtype, copy)

    def __array_function__(self, function: Any, types: Any, arguments: Any, named: Any) -> Any:
        """NumPy's functions take tensors as arrays, and their results are NumPy's: np.sum(x) is a NumPy number."""
        return _exchange.through_numpy(function, types, arguments, named)

    def __dlpack__(self, **wanted: Any) -> Any:
        """A DLPack capsule that shares the memory.

        Raises:
            BufferError: The tensor requires grad: see `detach`; or the memory cannot be had as it is wanted.
        """
        check_no_gradient("__dlpack__", self, BufferError)
        return _exchange.to_dlpack(self, **wanted)

    def __dlpack_device__(self) -> tuple[int, int]:
        """Kind and number of the device, as DLPack counts them."""
        return _exchange.dlpack_device(self)

    def _for_each(self, name: str, dims: Sequence[int], call: Callable[[Tensor, int], Tensor]) -> Tensor:
        """A reduction along several dimensions, along one after the other: the last one first, so all keep their places.

        Raises:
            BadArgumentError: There is no such dimension, none is given, or one of them twice.
        """
        symbol = operators.FUNCTIONS[name].symbol
        places = sorted((dim(symbol, "dim", place, self.ndim) for place in dims), reverse=True)
        if not places or len({*places}) < len(places):
            problem = "one is given twice" if places else "none is given"
            raise refused(symbol, "dim", f"{problem}: {shape_text(dims)}, and at least one is needed, each once")
        made = self
        for place in places:
            made = call(made, place)
        return made

    def __copy__(self) -> Tensor:
        made = _duplicate(self)
        if attributes := getattr(self, "__dict__", None):  # a subclass's
            vars(made).update(attributes)
        return made

    def __deepcopy__(self, memo: dict[int, Any]) -> Tensor:
        check_copyable(self)
        made = memo[id(self)] = _duplicate(self)
        if self.grad is not None:
            made.grad = _duplicate(self.grad.detach())
        if attributes := getattr(self, "__dict__", None):
            vars(made).update(deepcopy(attributes, memo))
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        return _exchange.pickled(self)


class Constant(Tensor):
    """A number among the arguments of a function."""

    __slots__ = ()

    _is_constant = True


def of_number(number: PureTensor) -> Tensor:
    """The tensor of one element that stands for a number in a call."""
    made = object.__new__(Constant)
    made._handle = 0
    made._cell = number._cell
    made._layout = number._layout
    return made


def of_pure(tensor: PureTensor) -> Tensor:
    """The tensor whose pure side this is."""
    made = object.__new__(Tensor)
    made._handle = 0
    made._cell = tensor._cell
    made._layout = tensor._layout
    return made


def of_elements(elements: PureTensor) -> Tensor:
    """The tensor that has these elements in its memory, in the only tier that has their dtype if need be."""
    if elements._layout.dtype in PURE_DTYPES:
        return of_pure(elements)
    return of_handle(_transfer.lent(elements), _lending.Lease(writes_of(elements._cell)))


def part_of(tensor: Tensor, key: Any) -> Tensor:
    """The part at an index of the pure tier's, not recorded."""
    if _transfer.cuda and _transfer.on_gpu(tensor):
        return _device_part.part_of(tensor, key)
    if tensor.dtype in PURE_DTYPES:
        return of_pure(_transfer.to_pure(tensor)[key])
    whole = _transfer.elements(tensor)
    part = whole[key]
    if part._cell is whole._cell:
        _transfer.check_viewable(part)
    return of_elements(part)


def of_handle(handle: int, memory: Memory | None = None) -> Tensor:
    """The tensor whose native side this is; it frees the handle."""
    made = object.__new__(Tensor)
    made._handle = handle
    made._layout = UNKNOWN
    if memory is not None:
        made._memory = memory
    return made


def alias(tensor: Tensor) -> Tensor:
    """Another tensor on the same memory, outside of any gradient."""
    made = object.__new__(Tensor)
    made._layout = tensor._layout.plain or tensor._layout
    made._handle = 0
    if has_cell(tensor):
        made._cell = tensor._cell
    if tensor._handle:
        made._memory = _transfer.memory_of(tensor)
        made._handle = functions.retain(tensor._handle)
    return made


def replace(tensor: Tensor, other: Tensor) -> None:
    """Give a tensor the data of another one, of the same shape and outside of any gradient; nothing is left in that."""
    freed, tensor._handle, other._handle = tensor._handle, other._handle, 0
    if freed:
        _free(freed)
    for name in ("_cell", "_memory"):
        if hasattr(other, name):
            setattr(tensor, name, getattr(other, name))
        elif hasattr(tensor, name):
            delattr(tensor, name)
    tensor._layout = other._layout if tensor._layout.plain is None else watched(other._layout)


def give_elements(tensor: Tensor, other: Tensor) -> None:
    """As `replace`, of a leaf, and so that graphs find out."""
    replace(tensor, other)
    if tensor._layout.plain is None:  # graphs keep this tensor itself, and not an alias
        _transfer.note_write(tensor)


def instance_of(cls: type[Tensor], tensor: Tensor) -> Tensor:
    """The tensor as an instance of a subclass of Tensor; nothing is left in `tensor`."""
    if cls is Tensor:
        return tensor
    made = object.__new__(cls)
    for name in Tensor.__slots__:
        if name != "__weakref__" and hasattr(tensor, name):
            setattr(made, name, getattr(tensor, name))
    tensor._handle = 0
    return made


def _duplicate(tensor: Tensor) -> Tensor:
    """A copy of the elements in a tensor of the same class, outside of any gradient."""
    made = instance_of(type(tensor), tensor.detach().clone())
    if tensor.requires_grad:
        made.requires_grad = True
    return made


def changed(tensor: Tensor, target: Target) -> Tensor:
    """The tensor of that dtype and on that device; what is smaller is moved."""
    converts, moves = target.converts(tensor.dtype), target.moves(tensor.device)
    later = converts and moves and ITEM_SIZES.get(str(target.dtype), 0) > ITEM_SIZES[tensor.dtype]
    if converts and not later:
        tensor = operators._dispatch("to_dtype", tensor, target.dtype)
    if moves:
        tensor = operators._dispatch("to_device", tensor, target.device)
        accel.record_transfer(tensor.numel())
    return operators._dispatch("to_dtype", tensor, target.dtype) if later else tensor


def _readable(tensor: Tensor) -> PureTensor:
    """The elements for reading, as numbers that Python has: moved to the CPU, and converted, where they must be."""
    if _transfer.native_only(tensor):
        tensor = on_cpu(tensor)
        if _transfer.native_only(tensor):
            tensor = alias(tensor).to("f32" if is_floating(tensor.dtype) else "i64")
    return _transfer.to_pure(tensor)


def on_cpu(tensor: Tensor) -> Tensor:
    """The tensor, or where it is on a GPU a copy in the CPU's memory, outside of any gradient; that is counted."""
    return alias(tensor).cpu() if _transfer.on_gpu(tensor) else tensor


def _pure_key(key: Any) -> Any:
    """An index with the pure sides of the tensors in it."""
    if isinstance(key, tuple):
        return tuple(_pure_key(part) for part in key)
    return _transfer.to_pure(on_cpu(key)) if isinstance(key, Tensor) else key


from rt_torch import _device_part  # noqa: E402  (which needs the class)
