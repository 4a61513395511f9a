"""Parts of tensors that are named by numbers: by steps in memory, or by places in row-major order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rt_torch.pure import argument, check
from rt_torch.pure.index import broadcast_strides
from rt_torch.pure.layout import Layout, check_sizes, layout_of, shape_text
from rt_torch.pure.promotion import cast
from rt_torch.pure.storage import as_memory, copy_elements, gathered, note_write
from rt_torch.pure.tensor import PureTensor, check_tensor, pure_tensor, values, view


def strided(x: PureTensor, shape: Sequence[int], strides: Sequence[int], offset: int) -> PureTensor:
    """Elements in the memory of `x`, with other steps from one to the next.

    Args:
        shape: Sizes.
        strides: Steps in elements, none negative.
        offset: Of the first one, in elements behind the first of `x`.

    Raises:
        BadArgumentError: There is not one step for each size, a step goes backwards, or an element would lie beyond
            what `x` reaches.
    """
    symbol = "rt_torch_strided"
    layout = check_tensor(symbol, "x", x)._layout
    sizes, steps = argument.integers(symbol, "shape", shape), argument.integers(symbol, "strides", strides)
    first = argument.integer(symbol, "offset", offset)
    check_sizes(symbol, "shape", sizes)
    _check_steps(symbol, sizes, steps)
    if 0 in sizes:
        return view(x, sizes, steps, layout.offset)
    farthest = _reach(layout.shape, layout.strides) if layout.size else -1
    if not 0 <= first <= farthest - _reach(sizes, steps):
        raise argument.refused(
            symbol,
            "offset",
            f"{first} was given, and from there the shape {shape_text(sizes)} with the strides {shape_text(steps)} goes "
            f"beyond what `x`, whose shape is {shape_text(layout.shape)}, reaches",
        )
    return view(x, sizes, steps, layout.offset + first)


def _check_steps(symbol: str, sizes: tuple[int, ...], steps: tuple[int, ...]) -> None:
    if len(steps) != len(sizes):
        raise argument.refused(symbol, "strides", f"{len(steps)} strides were given for {len(sizes)} sizes")
    if any(step < 0 for step in steps):
        problem = f"the strides {shape_text(steps)} go backwards, which libtorch cannot do"
        raise argument.refused(symbol, "strides", problem)


def _reach(shape: Sequence[int], strides: Sequence[int]) -> int:
    """How far it reaches from its first element on; there is at least one."""
    return sum((size - 1) * stride for size, stride in zip(shape, strides, strict=True))


def take(x: PureTensor, places: Sequence[int]) -> PureTensor:
    """The elements at these places, counted in row-major order, in one dimension.

    Raises:
        BadArgumentError: A place is none of the tensor's.
    """
    symbol = "rt_torch_take"
    check_tensor(symbol, "x", x)
    chosen = _listed(symbol, x, places)
    items = values(x)
    return pure_tensor([items[place] for place in chosen], layout_of((len(chosen),), x.dtype))


def put(x: PureTensor, places: Sequence[int], source: PureTensor) -> None:
    """Set the elements of `x` at these places, counted in row-major order, in place.

    Args:
        places: Each from 0 to the number of elements - 1.
        source: As many elements, in any shape.

    Raises:
        BadArgumentError: The dtypes differ, a place is none of the tensor's, or there is not an element for each.
    """
    symbol = "rt_torch_put"
    layout = check_tensor(symbol, "x", x)._layout
    check_tensor(symbol, "source", source)
    plain = argument.integers(symbol, "places", places)
    check.same_dtype(symbol, x, source, ("x", "source"))
    chosen = _listed(symbol, x, plain)
    if source.numel() != len(chosen):
        problem = f"there are {source.numel()} elements for {len(chosen)} places"
        check.refuse_pair(symbol, "source", "places", problem)
    items = [*values(source)]
    offsets = gathered([*range(len(x._cell[0]))], layout)
    for place, item in zip(chosen, items, strict=True):
        x._cell[0][offsets[place]] = item
    note_write(x._cell)


def assign(x: PureTensor, source: PureTensor) -> None:
    """Set the elements of `x` to those of `source`, in place, converted to its dtype.

    Raises:
        BadArgumentError: `source` does not broadcast to the shape of `x`.
    """
    symbol = "rt_torch_assign"
    layout = check_tensor(symbol, "x", x)._layout
    shape = check_tensor(symbol, "source", source).shape
    front = len(layout.shape) - len(shape)
    if front < 0 or any(
        size not in (1, whole) for size, whole in zip(shape, layout.shape[max(front, 0) :], strict=False)
    ):
        problem = f"the shape is {shape_text(shape)}, and does not broadcast to that of `x`, {shape_text(layout.shape)}"
        raise argument.refused(symbol, "source", problem)
    items: Any = [*cast(values(source), source.dtype, layout.dtype)]
    storage = x._cell[0]
    items = items if isinstance(storage, list) else as_memory(items, layout.dtype)
    strides = broadcast_strides(shape, layout.shape)
    copy_elements(storage, layout.strides, layout.offset, items, strides, 0, layout.shape)
    note_write(x._cell)


def _listed(symbol: str, x: PureTensor, places: Any) -> tuple[int, ...]:
    chosen = argument.integers(symbol, "places", places)
    layout: Layout = x._layout
    odd = next((place for place in chosen if not 0 <= place < layout.size), None)
    if odd is not None:
        has = f"0 to {layout.size - 1}" if layout.size else "none"
        problem = f"a place is {odd}, and `x`, whose shape is {shape_text(layout.shape)}, has {has}"
        raise argument.refused(symbol, "places", problem)
    return chosen
