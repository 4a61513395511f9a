"""The tensor of the pure tier: Python numbers in a list, or memory, seen with a shape."""

from __future__ import annotations

import builtins
import threading
from array import array
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from rt_torch.pure import index, show
from rt_torch.pure.argument import no_tensor
from rt_torch.pure.dtype import FORMATS, Items, Number, dtype_of, element
from rt_torch.pure.heap import LARGE, keep
from rt_torch.pure.layout import Layout, layout_of, shape_text, view_of
from rt_torch.pure.nested import check_fits, flattened, items_of, nested
from rt_torch.pure.promotion import cast
from rt_torch.pure.storage import as_memory, copy_elements, empty_memory, gathered, note_write, seen, typed
from rt_torch_bindings.errors import BadArgumentError

_new = object.__new__
_INTEGERS = {int}
_moving = threading.Lock()  # two threads that want the memory of one storage must get the same


class PureTensor:
    """A tensor of f64, f32, i64 or bool, in pure Python.

    Made by rt_torch.pure.zeros, tensor, from_data, ...  Views share their storage with the tensor that they are of.
    Comparisons are by element; as in torch, a tensor is equal in hash to itself only.
    """

    # _cell     [storage], shared by all views of it: a list of Python numbers (f32 already rounded), or a
    #           one-dimensional writable memoryview of the dtype's format; then [storage, writes] after the first write
    # _layout   where in the storage the elements are
    __slots__ = ("__weakref__", "_cell", "_layout")

    _cell: list[Any]
    _layout: Layout

    def __new__(cls, data: Any, dtype: str | None = None) -> PureTensor:
        """As rt_torch.pure.tensor."""
        from rt_torch.pure.create import tensor

        return tensor(data, dtype)

    # What it is.

    @property
    def shape(self) -> tuple[int, ...]:
        """Sizes of the dimensions; () for a single number."""
        return self._layout.shape

    @property
    def strides(self) -> tuple[int, ...]:
        """Steps from one element to the next in each dimension, in elements."""
        return self._layout.strides

    @property
    def dtype(self) -> str:
        """ "f64", "f32", "i64" or "bool"."""
        return self._layout.dtype

    @property
    def device(self) -> str:
        """ "cpu"."""
        return "cpu"

    @property
    def ndim(self) -> int:
        """Number of dimensions."""
        return self._layout.ndim

    @property
    def T(self) -> PureTensor:
        """A view with the order of the dimensions reversed."""
        layout = self._layout
        return view(self, layout.shape[::-1], layout.strides[::-1], layout.offset)

    def numel(self) -> int:
        """Number of elements."""
        return self._layout.size

    def is_contiguous(self) -> bool:
        """Whether the elements lie in row-major order without gaps."""
        return self._layout.contiguous

    # Reading.

    def tolist(self) -> Any:
        """The elements as nested lists; a number when there are no dimensions."""
        return nested(values(self), self._layout.shape)

    def item(self) -> Number:
        """The one element, as a Python number.

        Raises:
            BadArgumentError: There are several elements, or none.
        """
        layout = self._layout
        if layout.size != 1:
            raise BadArgumentError(
                f"a tensor of the shape {shape_text(layout.shape)} has {layout.size} elements, and only one is a number"
            )
        number: Number = self._cell[0][layout.offset]
        return number

    def get(self, indices: Sequence[int]) -> Number:
        """The element at one index per dimension, as a Python number.

        Raises:
            IndexError: Not one index per dimension, or one that is out of range.
        """
        number: Number = self._cell[0][index.place(self._layout, indices)]
        return number

    def set(self, indices: Sequence[int], value: Number) -> None:
        """Set the element at one index per dimension.

        Raises:
            IndexError: Not one index per dimension, or one that is out of range.
        """
        layout = self._layout
        self._cell[0][index.place(layout, indices)] = element("the value", value, layout.dtype)
        note_write(self._cell)

    def buffer(self) -> builtins.memoryview:
        """The storage as memory, one-dimensional and writable; a list becomes memory in place, for all views of it."""
        storage = self._cell[0]
        if type(storage) is list:
            with _moving:
                storage = self._cell[0]
                if type(storage) is list:
                    storage = self._cell[0] = as_memory(storage, self._layout.dtype)
        memory: builtins.memoryview = storage
        return memory

    def memoryview(self) -> builtins.memoryview:
        """The elements as writable memory of the tensor's shape, shared with it.

        Raises:
            BadArgumentError: The tensor is not contiguous.
        """
        layout = self._layout
        if not layout.contiguous:
            raise BadArgumentError(
                f"the tensor's elements have gaps or another order (strides {shape_text(layout.strides)}), which no "
                "memoryview can express: use .contiguous() first"
            )
        if not layout.size:
            return empty_memory(layout.shape, layout.dtype)
        memory = self.buffer()[layout.offset : layout.offset + layout.size]
        if layout.ndim == 1:
            return memory
        return typed(memory, FORMATS[layout.dtype], layout.shape)

    def __buffer__(self, flags: int) -> builtins.memoryview:
        try:
            return self.memoryview()
        except BadArgumentError as error:
            raise BufferError(str(error)) from None

    def __repr__(self) -> str:
        return show.text(self._cell[0], self._layout)

    def __len__(self) -> int:
        if not self._layout.shape:
            raise TypeError("len() of a 0-dim tensor")
        return self._layout.shape[0]

    def __iter__(self) -> Iterator[PureTensor]:
        if not self._layout.shape:
            raise TypeError("iteration over a 0-dim tensor")
        return map(self.__getitem__, range(self._layout.shape[0]))

    def __format__(self, spec: str) -> str:
        """Without dimensions, the number as `spec` says: f"{loss:.3f}"."""
        return format(self.item(), spec) if not self._layout.shape else super().__format__(spec)

    def __bool__(self) -> bool:
        return bool(self.item())

    def __float__(self) -> float:
        return float(self.item())

    def __int__(self) -> int:
        return int(self.item())

    def __index__(self) -> int:
        layout = self._layout
        if layout.dtype != "i64" or layout.size != 1:
            raise TypeError(
                f"only an i64 tensor of one element is an index, this one is {layout.dtype} {shape_text(layout.shape)}"
            )
        return int(self.item())

    # Parts.

    def __getitem__(self, key: Any) -> PureTensor:
        """The part at `key`, as in NumPy: integers, slices, ..., None, and lists or tensors of bool or i64.

        Integers and slices give views, which share the memory; lists and tensors give copies.
        """
        layout = self._layout
        integers = key if type(key) is tuple else (key,)
        count = len(integers)
        if count <= layout.ndim and {*map(type, integers)} == _INTEGERS:
            offset = index.offset_of(layout, integers)
            return view(self, layout.shape[count:], layout.strides[count:], offset)
        storage = self._cell[0]
        found = index.find(layout, len(storage), plain_key(key))
        if isinstance(found, Layout):
            part = _new(PureTensor)
            part._cell = self._cell
            part._layout = found
            return part
        return pure_tensor(found.taken(storage), layout_of(found.shape, layout.dtype))

    def __setitem__(self, key: Any, value: Any) -> None:
        """Set the part at `key` to a number, or to a tensor or nested lists that broadcast to its shape."""
        layout = self._layout
        storage = self._cell[0]
        if type(key) is tuple and len(key) == layout.ndim and {*map(type, key)} == _INTEGERS and dtype_of(value):
            storage[index.offset_of(layout, key)] = element("the value", value, layout.dtype)
            note_write(self._cell)
            return
        found = index.find(layout, len(storage), plain_key(key))
        items, shape = _assigned(value, layout.dtype)
        check_fits("the value", shape, found.shape)
        strides = index.broadcast_strides(shape, found.shape)
        if isinstance(found, Layout):
            source = items if isinstance(storage, list) else as_memory(items, layout.dtype)
            copy_elements(storage, found.strides, found.offset, source, strides, 0, found.shape)
        else:
            repeated = gathered(items, Layout(found.shape, strides, 0, layout.dtype, len(items)))
            found.put(storage, [*repeated], layout.dtype)
        note_write(self._cell)

    # Copies.

    def __copy__(self) -> PureTensor:
        return copied(self)

    def __deepcopy__(self, memo: dict[int, Any]) -> PureTensor:
        return copied(self)

    def __reduce__(self) -> tuple[Any, ...]:
        layout = self._layout
        return _restored, (as_memory(values(self), layout.dtype).obj, layout.shape, layout.dtype)

    # Operators.

    def __add__(self, other: Any) -> PureTensor:
        return _with(elementwise.add, self, other)

    def __radd__(self, other: Any) -> PureTensor:
        return _with(elementwise.add, other, self)

    def __sub__(self, other: Any) -> PureTensor:
        return _with(elementwise.sub, self, other)

    def __rsub__(self, other: Any) -> PureTensor:
        return _with(elementwise.sub, other, self)

    def __mul__(self, other: Any) -> PureTensor:
        return _with(elementwise.mul, self, other)

    def __rmul__(self, other: Any) -> PureTensor:
        return _with(elementwise.mul, other, self)

    def __truediv__(self, other: Any) -> PureTensor:
        return _with(elementwise.div, self, other)

    def __rtruediv__(self, other: Any) -> PureTensor:
        return _with(elementwise.div, other, self)

    def __matmul__(self, other: Any) -> PureTensor:
        if not isinstance(other, PureTensor):
            return NotImplemented
        return matrix.matmul(self, other)

    def __pow__(self, other: Any) -> PureTensor:
        if isinstance(other, PureTensor):
            return math.pow_tensor(self, other)
        if dtype_of(other) is None:
            return NotImplemented
        return math.pow(self, other)

    def __rpow__(self, other: Any) -> PureTensor:
        return _with(math.pow_tensor, other, self)

    def __neg__(self) -> PureTensor:
        return elementwise.neg(self)

    def __abs__(self) -> PureTensor:
        return math.abs(self)

    __hash__ = object.__hash__

    def __eq__(self, other: Any) -> PureTensor:  # type: ignore[override]  # by element: object's answers a bool
        return _with(compare.eq, self, other)

    def __ne__(self, other: Any) -> PureTensor:  # type: ignore[override]  # by element: object's answers a bool
        return _with(compare.ne, self, other)

    def __lt__(self, other: Any) -> PureTensor:
        return _with(compare.lt, self, other)

    def __gt__(self, other: Any) -> PureTensor:
        return _with(compare.gt, self, other)

    def __le__(self, other: Any) -> PureTensor:
        return _with(compare.le, self, other)

    def __ge__(self, other: Any) -> PureTensor:
        return _with(compare.ge, self, other)


def pure_tensor(items: Items, layout: Layout) -> PureTensor:
    """A tensor on a storage of its own; nothing is checked."""
    tensor = _new(PureTensor)
    tensor._cell = [items]
    tensor._layout = layout
    if layout.size >= LARGE and isinstance(items, list):
        keep(items)
    return tensor


def view(tensor: PureTensor, shape: tuple[int, ...], strides: tuple[int, ...], offset: int) -> PureTensor:
    """Another tensor on the same storage; nothing is checked."""
    other = _new(PureTensor)
    other._cell = tensor._cell
    other._layout = view_of(shape, strides, offset, tensor._layout.dtype, len(tensor._cell[0]))
    return other


def values(tensor: PureTensor) -> Items:
    """The elements in row-major order, to be read by `map` and the like: the storage itself where it will do.

    Never to be changed.
    """
    storage: Items = tensor._cell[0]
    layout = tensor._layout
    if layout.whole:
        return storage
    items = gathered(storage, layout)
    return items if isinstance(items, list) else items.tolist()


def copied(tensor: PureTensor) -> PureTensor:
    """A contiguous copy on a storage of the same kind."""
    layout = tensor._layout
    return pure_tensor(gathered(tensor._cell[0], layout), layout_of(layout.shape, layout.dtype))


def lifted(number: Number) -> PureTensor:
    """A Python number as a tensor without dimensions, of the dtype that it has by itself."""
    dtype = dtype_of(number) or "f64"
    return pure_tensor([element("the number", number, dtype)], layout_of((), dtype))


def check_tensor(symbol: str, name: str, value: Any) -> PureTensor:
    """A `tensor` argument.

    Raises:
        ArgumentTypeError: It is something else.
    """
    if isinstance(value, PureTensor):
        return value
    raise no_tensor(symbol, name, value)


def check_optional(symbol: str, name: str, value: Any) -> PureTensor | None:
    """A `tensor?` argument."""
    return None if value is None else check_tensor(symbol, name, value)


def _restored(memory: array[Any], shape: tuple[int, ...], dtype: str) -> PureTensor:
    return pure_tensor(seen(memory, dtype), layout_of(shape, dtype))


def plain_key(key: Any) -> Any:
    """An index with its tensors as plain arrays; one without dimensions is a number."""
    if type(key) is tuple:
        return tuple(map(plain_key, key))
    if not isinstance(key, PureTensor):
        return key
    layout = key._layout
    if layout.dtype not in ("i64", "bool"):
        raise TypeError(f"an index is a tensor of i64 or bool; this one is {layout.dtype}")
    return index.Array(values(key), layout.shape, layout.dtype) if layout.shape else key.item()


def _assigned(value: Any, dtype: str) -> tuple[list[Any], tuple[int, ...]]:
    """A value to be set as elements of the dtype, in a list that nothing else has, and their shape."""
    if isinstance(value, PureTensor):
        return [*cast(values(value), value.dtype, dtype)], value.shape
    elements, shape = flattened("the value", value)
    return items_of("the value", elements, dtype), shape


def _with(function: Callable[[PureTensor, PureTensor], PureTensor], a: Any, b: Any) -> PureTensor:
    """An operator's function on two tensors, or on one and a Python number."""
    if not isinstance(a, PureTensor):
        if dtype_of(a) is None:
            return NotImplemented  # type: ignore[no-any-return]  # mypy knows it in operators only
        a = lifted(a)
    elif not isinstance(b, PureTensor):
        if dtype_of(b) is None:
            return NotImplemented  # type: ignore[no-any-return]  # mypy knows it in operators only
        b = lifted(b)
    return function(a, b)


from rt_torch.pure import compare, elementwise, math, matrix  # noqa: E402  (which need the class)
