"""What each function is measured with."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, partial
from math import isqrt, prod
from random import Random
from typing import Any

from rt_torch import native, pure
from rt_torch._dispatch import dispatch
from rt_torch._tensor import Tensor, of_handle, of_pure
from rt_torch.accel.cost import FunctionCost, Linear
from rt_torch.accel.functions import declared, group_of, line_of, operands_of
from rt_torch.calibration.fit import far_slope, fitted
from rt_torch.calibration.timing import Call, Series, Step
from rt_torch_bindings.operators import FUNCTIONS

__all__ = ["DTYPES", "FAR_SIZE", "SIZES", "Recipe", "far_example", "in_list", "in_memory", "in_native", "recipes"]

DTYPES = ("f64", "f32", "i64", "bool")
SIZES = (8, 128, 1024, 8192, 65_536)  # elements
FAR_SIZE = 1 << 20  # beyond FAR
LONGEST_FAR = 0.15  # seconds
SIDES = (2, 4, 8, 16, 64, 256)  # of matrices that are multiplied
NEAR_SIDES = 4  # so many of them are small enough for Python to multiply all of them in one way
FAR_SIDE = 128  # of those that it multiplies in another way
COLUMNS = 128  # of a matrix whose rows are reduced
POSITIVE = 10  # the number of the first tensor without negative numbers
DRAWN = 1 << 16  # numbers, which are repeated

Operand = Callable[[str, "tuple[int, ...]", int], Any]  # dtype, shape, which one of several

# Beyond the tensors, what a function is called with.
_EXTRAS: dict[str, tuple[Any, ...]] = {
    **dict.fromkeys(("add_scalar", "mul_scalar", "div_scalar", "add_scaled"), (1.5,)),
    **dict.fromkeys(("softmax", "log_softmax"), (-1,)),
    **dict.fromkeys(("sum_dim", "mean_dim", "amax", "amin", "argmax", "argmin"), (-1, False)),
    "pow": (2.0,),
    "adam": (1, 0.001, 0.9, 0.999, 1e-8, 0.0, False),
    "clamp": (0.5, 1.5),
    "leaky_relu": (0.01,),
    "elu": (1.0,),
    "gelu": ("none",),
    "transpose": (0, 1),
    "reshape": ([-1],),
    "expand": ([2, -1, -1],),
    "sum_to": ([1, 1],),
    "narrow": (-1, 0, 1),
    "squeeze": (None,),
    "unsqueeze": (0,),
    "to_device": ("cpu",),
}
# What lies beyond FAR is the cost of the objects that are read and made: one function of each kind is measured.
_FAR_EXAMPLES = dict.fromkeys(("eq", "ne", "gt", "lt", "ge", "le"), "eq") | {
    **dict.fromkeys(("relu", "leaky_relu", "clamp"), "relu"),
    **dict.fromkeys(("softmax", "log_softmax"), "softmax"),
    **dict.fromkeys(("clone", "contiguous"), "clone"),
    "matmul": "matmul",
    "to_device": "",
}
_OF_POSITIVE = ("log", "sqrt", "pow_tensor")
_INDEXED = ("index_select", "index_add", "gather", "scatter_add")
# What takes shapes or numbers of its own is predicted to cost what its group does.
_UNMEASURED = {
    *("linear", "conv2d", "conv2d_input", "conv2d_weight", "max_pool2d", "max_pool2d_backward", "max_pool2d_pick"),
    *("avg_pool2d", "avg_pool2d_backward", "embedding", "embedding_backward", "layer_norm"),
    *("batch_norm", "batch_norm_backward", "binary_cross_entropy", "cross_entropy", "cross_entropy_backward"),
    *("batch_statistics", "batch_norm_measured", "batch_norm_measured_backward"),
    *("cat", "stack"),
}
# For integers and truth values what is measured for f64 will do, except where the work is another.
_OTHER_DTYPES = {
    "i64": ("add", "sub", "mul", "neg", "abs", "eq", "gt", "where", "clone", "to_dtype", "sum", "max", "matmul"),
    "bool": ("eq", "where", "clone", "to_dtype"),
}


def recipes(dtype: str) -> Iterator[Recipe]:
    """Every function that is measured for a dtype."""
    wanted: Iterable[str] = _OTHER_DTYPES.get(dtype, declared())
    for name in wanted:
        if name in FUNCTIONS and name not in _UNMEASURED:
            yield Recipe(name, dtype)


def far_example(name: str) -> str:
    """The function whose cost beyond FAR is this one's as well; "" where there is nothing beyond."""
    group = group_of(name)
    if not operands_of(name) or group == "views":
        return ""
    usual = "sum" if group == "reductions" else "add" if operands_of(name) > 1 else "neg"
    return _FAR_EXAMPLES.get(name, usual)


class Recipe:
    """One function with one dtype, in both tiers."""

    def __init__(self, name: str, dtype: str) -> None:
        self.name = name
        self.dtype = dtype
        self.tensors = operands_of(name)
        self.far_size = FAR_SIDE**2 if name == "matmul" else FAR_SIZE
        squares = tuple(side * side for side in SIDES)
        sizes = squares[:NEAR_SIDES] if name == "matmul" else SIZES
        self.pure = self._series(sizes, "pure", in_list)
        self.native = self._series(squares if name == "matmul" else (*sizes, FAR_SIZE), "native", in_native)
        moving = self.tensors and group_of(name) != "views"
        self.memory = self._series(sizes[::2] if moving else (), "pure", in_memory)
        far = (self.far_size,) if name == far_example(name) and dtype == "f64" else ()
        self.far = self._series(far, "pure", in_list)

    def near_series(self) -> tuple[Series, ...]:
        return self.pure, self.native, self.memory

    def far_series(self) -> tuple[Series, ...]:
        """By what was measured near: where Python would take too long, there is nothing to choose."""
        if not self.pure.points or fitted(self.pure.points).at(self._work(self.far_size)) > LONGEST_FAR:
            return ()
        return (self.far,)

    def cost(self, far: float) -> FunctionCost | None:
        """What was measured; None when a tier cannot do it, or not with this dtype.

        far: what each element beyond FAR costs Python more.
        """
        if not self.pure.points or not self.native.points:
            return None
        # Memory is no objects, so what lies beyond costs no more; a large matrix product costs less either way.
        memory = _beyond(fitted(self.memory.points), min(far, 0.0)) if self.memory.points else None
        return FunctionCost(_beyond(fitted(self.pure.points), far), fitted(self.native.points), memory)

    def box(self) -> float | None:
        """What an element more in memory costs more than one in a list; None when it is not known."""
        if not self.memory.points or not self.pure.points or group_of(self.name) == "matmul":
            return None
        return (fitted(self.memory.points).b - fitted(self.pure.points).b) / self.tensors

    def far_slope(self) -> float:
        """What an element beyond FAR costs more; of a matrix product, less."""
        near = fitted(self.pure.points)
        return far_slope(near, self.far.points, -near.b if self.name == "matmul" else 0.0)

    def _series(self, sizes: Sequence[int], mode: str, operand: Operand) -> Series:
        steps = [Step(size, self._work(size), partial(self._call, size, operand)) for size in sizes]
        return Series(f"{self.name} {self.dtype}", mode, steps)

    def _work(self, size: int) -> int:
        group = group_of(self.name)
        if group == "views":
            return 0
        if group == "matmul":
            return isqrt(size) ** 3 + line_of(self.name) * size
        return size + line_of(self.name) * self._shape(size)[0] if self.tensors else size

    def _call(self, size: int, operand: Operand) -> Call:
        return partial(dispatch, self.name, *self._arguments(size, operand))

    def _arguments(self, size: int, operand: Operand) -> tuple[Any, ...]:
        if not self.tensors:
            return _creation(self.name, self.dtype, size)
        shape = self._shape(size)
        if self.name == "where":
            return operand("bool", shape, 0), operand(self.dtype, shape, 0), operand(self.dtype, shape, 1)
        if self.name in _INDEXED:
            return self._indexing(shape, operand)
        first = POSITIVE if self.name in _OF_POSITIVE else 0
        given = [operand(self.dtype, shape, first + which) for which in range(self.tensors)]
        if self.name == "contiguous":
            given = [dispatch("transpose", given[0], 0, 1)]
        if self.name == "to_dtype":
            return given[0], "f64" if self.dtype == "f32" else "f32"
        return (*given, *_EXTRAS.get(self.name, ()))

    def _indexing(self, shape: tuple[int, ...], operand: Operand) -> tuple[Any, ...]:
        """As many indices as elements along the last dimension, of every line or of all."""
        x, source = operand(self.dtype, shape, 0), operand(self.dtype, shape, 1)
        of_lines = self.name in ("gather", "scatter_add")
        index = dispatch("clamp", operand("i64", shape if of_lines else shape[-1:], 0), 0, shape[-1] - 1)
        return (x, -1, index, source)[: 1 + self.tensors]

    def _shape(self, size: int) -> tuple[int, ...]:
        if self.name == "matmul":
            return (round(size**0.5),) * 2
        if self.name == "contiguous":
            rows = 1 << (size.bit_length() - 1) // 2
            return rows, size // rows
        return (size // COLUMNS, COLUMNS) if size > COLUMNS else (1, size)


def _beyond(near: Linear, far: float) -> Linear:
    return near._replace(far=max(far, -near.b))


def _creation(name: str, dtype: str, size: int) -> tuple[Any, ...]:
    kind = (dtype, "cpu")
    if name == "arange":
        return 0, size, 1, *kind
    between = {"full": (1,), "randn_at": (1, 0), "rand_at": (1, 0)}.get(name, ())
    return [size], *between, *kind


@cache
def _items(dtype: str, size: int, which: int) -> list[Any]:
    """Numbers of which a processor cannot guess the next: what branches on their sign takes longer than on known ones."""
    if dtype == "bool":
        return [at % 3 == 0 for at in range(size)]
    if dtype == "i64":
        return [1 + (at + which) % 97 for at in range(size)]
    numbers = Random(which)
    least = 0.25 if which >= POSITIVE else -2.0
    some = [numbers.uniform(least, 2.0) for _ in range(min(size, DRAWN))]
    return (some * (size // len(some) + 1))[:size]


@cache
def in_list(dtype: str, shape: tuple[int, ...], which: int = 0) -> Tensor:
    """One of several tensors; each has numbers of its own."""
    return of_pure(pure.from_data(_items(dtype, prod(shape), which), shape, dtype))


@cache
def in_memory(dtype: str, shape: tuple[int, ...], which: int = 0) -> Tensor:
    tensor = pure.from_data(_items(dtype, prod(shape), which), shape, dtype)
    tensor.buffer()
    return of_pure(tensor)


@cache
def in_native(dtype: str, shape: tuple[int, ...], which: int = 0) -> Tensor:
    make = getattr(native, f"from_data_{dtype}")
    return of_handle(make(_items(dtype, prod(shape), which), list(shape)))


def forget() -> None:
    """Let go of what the measurements were made with."""
    for each in (in_list, in_memory, in_native, _items):
        each.cache_clear()
