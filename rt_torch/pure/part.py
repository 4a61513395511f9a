"""Parts of tensors by an index that is used again later, and parts put back where they were."""

from __future__ import annotations

from operator import add
from operator import index as as_integer
from typing import Any

from rt_torch.pure import index
from rt_torch.pure.dtype import Items, rounded
from rt_torch.pure.layout import Layout, layout_of
from rt_torch.pure.storage import as_memory, copy_elements, room, span
from rt_torch.pure.tensor import PureTensor, plain_key, pure_tensor, values


def frozen(key: Any) -> tuple[Any, ...]:
    """An index that means the same whatever becomes of the lists and tensors in it.

    Raises:
        TypeError: Something in `key` is no index.
    """
    plain = plain_key(key)
    return tuple([_kept(index.part(item)) for item in (plain if type(plain) is tuple else (plain,))])


def _kept(part: Any) -> Any:
    if isinstance(part, index.Array):
        return part._replace(elements=[*part.elements])
    if isinstance(part, slice):
        return slice(*[None if end is None else as_integer(end) for end in (part.start, part.stop, part.step)])
    return part


def put_back(part: PureTensor, shape: tuple[int, ...], key: tuple[Any, ...]) -> PureTensor:
    """Zeros of a shape with `part` added at `key`; what the key names several times gets the sum.

    Args:
        part: f64 or f32, of the shape that a tensor of `shape` has at `key`.
        shape: Sizes of the result.
        key: From `frozen`.
    """
    layout = layout_of(shape, part.dtype)
    found = index.find(layout, layout.size, key)
    in_memory = isinstance(part._cell[0], memoryview)
    storage: Items = room(layout.size, layout.dtype) if in_memory else [0.0] * layout.size
    if isinstance(found, Layout):
        source = part._layout
        copy_elements(storage, found.strides, found.offset, part._cell[0], source.strides, source.offset, found.shape)
    elif len({*found.starts}) == len(found.starts):
        found.put(storage, [*values(part)], layout.dtype)
    else:
        storage = _added([0.0] * layout.size, found, [*values(part)])
        if layout.dtype == "f32":
            storage = rounded(storage)
        storage = as_memory(storage, layout.dtype) if in_memory else storage
    return pure_tensor(storage, layout)


def _added(sums: list[float], places: index.Places, elements: list[float]) -> list[float]:
    length = places.length
    for number, start in enumerate(places.starts):
        run = span(start, places.step, length)
        sums[run] = map(add, sums[run], elements[number * length : (number + 1) * length])
    return sums
