"""What is checked before anything is computed, with the words of the native tier.

The functions take the symbol of the function that was called, "rt_torch_softmax", and the argument's name.
"""

from __future__ import annotations

from math import prod
from typing import Any, NoReturn

from rt_torch.pure.argument import integer, refused
from rt_torch.pure.create import no_memory
from rt_torch.pure.dtype import Items
from rt_torch.pure.layout import MAX_DIMS, overflow, shape_text
from rt_torch.pure.tensor import PureTensor
from rt_torch_bindings.errors import BadArgumentError

_INT64_MAX = (1 << 63) - 1
_MANY = 1 << 24  # elements
_CONVERTS = "(rt_torch_to_dtype converts)"


def refuse_pair(symbol: str, a: str, b: str, problem: str) -> NoReturn:
    """What is wrong with two arguments together."""
    raise BadArgumentError(f"{symbol}: arguments `{a}` and `{b}`: {problem}", symbol)


# Dimensions.


def dim(symbol: str, name: str, value: Any, ndim: int) -> int:
    """A dimension, counted from the front; a tensor without dimensions has one at 0."""
    place = integer(symbol, name, value)
    places = ndim or 1
    if -places <= place < places:
        return place % places
    raise refused(
        symbol,
        name,
        f"dimension {place} was given, and a tensor of {ndim} dimensions takes {-places} to {places - 1}",
    )


def new_dim(symbol: str, name: str, value: Any, x: PureTensor, x_name: str = "x") -> int:
    """The place that a new dimension of `x` is to have, counted from the front."""
    place = integer(symbol, name, value)
    ndim = x._layout.ndim
    if ndim >= MAX_DIMS:
        raise refused(symbol, x_name, f"it has {ndim} dimensions, and a tensor has at most {MAX_DIMS}")
    if -ndim - 1 <= place <= ndim:
        return place % (ndim + 1)
    raise refused(
        symbol,
        name,
        f"place {place} was given for a new dimension, and a tensor of {ndim} dimensions takes {-ndim - 1} to {ndim}",
    )


def at_most_2d(symbol: str, name: str, x: PureTensor) -> None:
    """No more than the two dimensions of a matrix."""
    if x._layout.ndim > 2:
        raise refused(symbol, name, f"it has {x._layout.ndim} dimensions, and at most 2 are possible here")


# Sizes.


def result_fits(symbol: str, a: str, b: str, shape: tuple[int, ...]) -> None:
    """A result of two tensors that can be counted, and that there is memory for.

    That is asked for at once: a list that grows would fail only after having filled the memory.
    """
    if problem := overflow(shape):
        refuse_pair(symbol, a, b, f"the {problem} of the result's shape {shape_text(shape)} overflows 63 bits")
    size = prod(shape)
    if size > _MANY:
        try:
            bytearray(8 * size)
        except MemoryError:
            raise no_memory(symbol) from None


def reshaped(symbol: str, x: PureTensor, sizes: tuple[int, ...]) -> tuple[int, ...]:
    """The shape that `sizes` mean for the elements of `x`: -1 is worked out."""
    count = x._layout.size
    if len(sizes) > MAX_DIMS:
        raise refused(symbol, "shape", f"{len(sizes)} sizes were given, and a tensor has at most {MAX_DIMS} dimensions")
    shown = shape_text(sizes)
    if any(size < -1 for size in sizes):
        raise refused(symbol, "shape", f"the shape {shown} has a negative size other than -1")
    unknown = sizes.count(-1)
    if unknown > 1:
        raise refused(symbol, "shape", f"the shape {shown} has more than one -1")
    if prod(size for size in sizes if size > 0) > _INT64_MAX:  # a 0 counts as 1, as strides count it
        raise refused(symbol, "shape", f"the number of elements of the shape {shown} overflows 63 bits")
    known = prod(size for size in sizes if size != -1)
    if (known != 0 and count % known == 0) if unknown else known == count:
        return tuple(count // known if size == -1 else size for size in sizes)
    beside = ": beside a 0, -1 can be anything" if unknown and known == 0 else ""
    given = f"the {count} elements of `x`, whose shape is {shape_text(x._layout.shape)}"
    raise refused(symbol, "shape", f"the shape {shown} does not fit {given}{beside}")


def expanded(symbol: str, x: PureTensor, sizes: tuple[int, ...]) -> tuple[int, ...]:
    """The shape that `sizes` mean for repeating the elements of `x`: -1 keeps a size."""
    shape = x._layout.shape
    if len(sizes) > MAX_DIMS:
        raise refused(symbol, "shape", f"{len(sizes)} sizes were given, and a tensor has at most {MAX_DIMS} dimensions")
    if any(size < -1 for size in sizes):
        raise refused(symbol, "shape", f"the shape {shape_text(sizes)} has a negative size other than -1")
    front = len(sizes) - len(shape)
    pairs = [*zip(sizes[front:], shape, strict=True)] if front >= 0 else []
    if front < 0 or -1 in sizes[:front] or any(size not in (-1, old) and old != 1 for size, old in pairs):
        rule = "counted from the end, a size stays, for which -1 may stand, unless it is 1"
        problem = f"`x`, whose shape is {shape_text(shape)}, does not expand to {shape_text(sizes)}: {rule}"
        raise refused(symbol, "shape", problem)
    whole = (*sizes[:front], *(old if size == -1 else size for size, old in pairs))
    if what := overflow(whole):
        raise refused(symbol, "shape", f"the {what} of the shape {shape_text(whole)} overflows 63 bits")
    return whole


def summed_to(symbol: str, x: PureTensor, sizes: tuple[int, ...]) -> None:
    """Sizes that expand to the shape of `x`."""
    shape = x._layout.shape
    front = len(shape) - len(sizes)
    if front < 0 or any(size not in (1, old) for size, old in zip(sizes, shape[front:], strict=True)):
        rule = "counted from the end, a size stays or becomes 1"
        problem = f"`x`, whose shape is {shape_text(shape)}, does not sum to {shape_text(sizes)}: {rule}"
        raise refused(symbol, "shape", problem)


def dims(symbol: str, name: str, x: PureTensor, count: int, meaning: str) -> None:
    """So many dimensions."""
    if x._layout.ndim != count:
        raise refused(symbol, name, f"it has {x._layout.ndim} dimensions, and {count} are needed: {meaning}")


def has_shape(symbol: str, name: str, x: PureTensor | None, shape: tuple[int, ...]) -> None:
    """A shape; `x` may be absent."""
    if x is not None and x._layout.shape != shape:
        raise refused(symbol, name, f"its shape is {shape_text(x._layout.shape)}, and {shape_text(shape)} is needed")


def narrowed(symbol: str, x: PureTensor, dim: int, start: int, length: int) -> int:
    """Where a part of so many elements begins in a dimension of `x`, counted from the front."""
    shape = x._layout.shape
    if not shape:
        raise refused(symbol, "x", "it has no dimension that could be cut")
    size, where = shape[dim], f"dimension {dim} of `x`, whose shape is {shape_text(shape)}"
    if not -size <= start <= size:
        raise refused(symbol, "start", f"{start} was given, and {where}, takes {-size} to {size}")
    first = start + size if start < 0 else start
    if not 0 <= length <= size - first:
        text = f"{length} was given, and {where}, has {size - first} elements from {start} on"
        raise refused(symbol, "length", text)
    return first


def nonempty(symbol: str, name: str, x: PureTensor) -> None:
    """At least one element."""
    if not x._layout.size:
        shape = shape_text(x._layout.shape)
        raise refused(symbol, name, f"a tensor of the shape {shape} has no element, and one is needed")


def nonempty_along(symbol: str, name: str, dim: int | None, x: PureTensor) -> None:
    """At least one element in a dimension, or at all."""
    if dim is None:
        nonempty(symbol, name, x)
    elif x._layout.shape and not x._layout.shape[dim]:
        where = f"dimension {dim} of the shape {shape_text(x._layout.shape)}"
        raise refused(symbol, name, f"{where} has no element, and one is needed")


# Indices.


def integers(symbol: str, name: str, x: PureTensor) -> None:
    """The dtype i64."""
    if x._layout.dtype != "i64":
        raise refused(symbol, name, f"the dtype is {x._layout.dtype}, and i64 is needed {_CONVERTS}")


def same_shape(symbol: str, a_name: str, a: PureTensor, b_name: str, b: PureTensor) -> None:
    """One shape for two arguments."""
    if a._layout.shape != b._layout.shape:
        shapes = f"the shapes are {shape_text(a._layout.shape)} and {shape_text(b._layout.shape)}"
        refuse_pair(symbol, a_name, b_name, f"{shapes}, and both must be the same")


def index_list(symbol: str, index: PureTensor, x: PureTensor) -> None:
    """At most one dimension of the argument `index`, and one index for a tensor without dimensions."""
    given = f"the shape is {shape_text(index._layout.shape)}"
    if index._layout.ndim > 1:
        raise refused(symbol, "index", f"{given}, and at most one dimension is possible")
    if not x._layout.shape and index._layout.size != 1:
        refuse_pair(symbol, "index", "x", f"{given}, and a tensor without dimensions takes one index")


def parts(symbol: str, source: PureTensor, dim: int, index: PureTensor, x: PureTensor) -> None:
    """As many parts of the argument `source` along a dimension as there are indices, otherwise the sizes of `x`."""
    shape, count = x._layout.shape, index._layout.size
    wanted = (*shape[:dim], count, *shape[dim + 1 :]) if shape else ()
    if source._layout.shape != wanted:
        given, wants = (
            shape_text(source._layout.shape),
            f"whose shape is {shape_text(shape)}, want {shape_text(wanted)}",
        )
        raise refused(symbol, "source", f"the shape is {given}, and {count} indices of `x`, {wants}")


def gathered(symbol: str, x: PureTensor, dim: int, index: PureTensor) -> None:
    """As many dimensions of the argument `index` as of `x`, and no larger ones but for `dim`, unless it is empty."""
    shape, given = x._layout.shape, index._layout.shape
    larger = [place for place, (old, new) in enumerate(zip(shape, given, strict=False)) if place != dim and new > old]
    if index._layout.size and (larger or (len(shape) or 1) != (len(given) or 1)):
        rule = f"the indices must have as many dimensions, and no larger ones but for dimension {dim}"
        refuse_pair(symbol, "x", "index", f"the shapes are {shape_text(shape)} and {shape_text(given)}, and {rule}")


def indices(symbol: str, items: Items, dim: int, x: PureTensor, names: tuple[str, str] = ("index", "x")) -> None:
    """Elements of one argument that are places along a dimension of the other, `x`."""
    shape = x._layout.shape
    size = shape[dim] if shape else 1
    if len(items) and not (min(items) >= 0 and max(items) < size):
        value = next(value for value in items if not 0 <= value < size)
        where = f"dimension {dim} of `{names[1]}`, whose shape is {shape_text(shape)}"
        takes = f"0 to {size - 1}" if size else "none"
        raise refused(symbol, names[0], f"an index is {value}, and {where}, takes {takes}")


# Other elements.


def probabilities(symbol: str, name: str, items: Items) -> None:
    """Elements of an argument from 0 to 1."""
    if not all(0.0 <= value <= 1.0 for value in items):
        value = next(value for value in items if not 0.0 <= value <= 1.0)
        raise refused(symbol, name, f"an element is {value:g}, and all must be from 0 to 1")


# Element types.


def boolean(symbol: str, name: str, x: PureTensor) -> None:
    """The dtype bool."""
    if x._layout.dtype != "bool":
        raise refused(symbol, name, f"the dtype is {x._layout.dtype}, and bool is needed")


def not_boolean(symbol: str, name: str, x: PureTensor) -> None:
    """Any dtype but bool."""
    if x._layout.dtype == "bool":
        raise refused(symbol, name, f"the dtype is bool, for which this is not defined {_CONVERTS}")


def not_boolean_product(symbol: str, a: PureTensor, b: PureTensor) -> None:
    """Any dtype but bool for the arguments `a` and `b`, unless there is nothing to multiply.

    Two vectors are refused even then, as libtorch does.
    """
    vectors = a._layout.ndim <= 1 and b._layout.ndim <= 1
    if vectors or (a._layout.size and b._layout.size):
        not_boolean(symbol, "a", a)


def not_both_boolean(symbol: str, a: PureTensor, b: PureTensor) -> None:
    """Any dtypes for the arguments `a` and `b` but bool and bool."""
    if a._layout.dtype == b._layout.dtype == "bool":
        refuse_pair(symbol, "a", "b", f"the dtypes are bool, for which this is not defined {_CONVERTS}")


def floating(symbol: str, name: str, x: PureTensor) -> None:
    """The dtype f64 or f32."""
    if x._layout.dtype not in ("f64", "f32"):
        text = f"the dtype is {x._layout.dtype}, and a floating-point one is needed {_CONVERTS}"
        raise refused(symbol, name, text)


def same_dtype(symbol: str, a: PureTensor, b: PureTensor | None, names: tuple[str, str] = ("a", "b")) -> None:
    """One dtype for two arguments; the second may be absent."""
    if b is not None and a._layout.dtype != b._layout.dtype:
        dtypes = f"{a._layout.dtype} and {b._layout.dtype}"
        refuse_pair(symbol, *names, f"the dtypes are {dtypes}, and both must be the same {_CONVERTS}")


def ordinal(symbol: str, name: str, number: int) -> None:
    """A number of something, counted from 1 on."""
    if number < 1:
        raise refused(symbol, name, f"{number} was given, and at least 1 is needed")


def share(symbol: str, name: str, value: float) -> None:
    """At least 0, and less than all."""
    if not 0.0 <= value < 1.0:
        raise refused(symbol, name, f"{value:g} was given, and it must be at least 0 and below 1")
