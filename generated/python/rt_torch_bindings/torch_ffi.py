"""Plain data in, plain data out, computed by rt_torch; every handle is freed on every path."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import TracebackType
from typing import NamedTuple, TypeAlias

from rt_torch_bindings import errors, functions
from rt_torch_bindings.arguments import shown

__all__ = [
    "Plain",
    "add_torch_ffi",
    "matmul_torch_ffi",
    "mul_torch_ffi",
    "ones_torch_ffi",
    "pure_to_torch",
    "randn_torch_ffi",
    "relu_torch_ffi",
    "sigmoid_torch_ffi",
    "sub_torch_ffi",
    "tanh_torch_ffi",
    "torch_available",
    "torch_cuda_available",
    "torch_to_pure",
    "torch_version",
    "zeros_torch_ffi",
]


class Plain(NamedTuple):
    """Elements in row-major order, and the sizes."""

    data: list[float]
    shape: list[int]


Operand: TypeAlias = "Plain | tuple[functions.Numbers, functions.Integers]"


def torch_available() -> bool:
    """Whether libtorch can be used."""
    try:
        return functions.available()
    except errors.LibraryMissingError:
        return False


def torch_version() -> str:
    """Version of libtorch, for example "2.13.0"."""
    return functions.version()


def torch_cuda_available() -> bool:
    """Whether tensors can be placed on a CUDA device."""
    try:
        return functions.cuda_available()
    except errors.LibraryMissingError:
        return False


def pure_to_torch(x: Operand) -> int:
    """Copy plain data into a new native tensor; the caller frees the handle."""
    return _copied_in("pure_to_torch", "x", x)


def torch_to_pure(x: int) -> Plain:
    """Copy a native tensor out as plain data; the handle stays the caller's.

    Other dtypes are converted to f64, in which an integer beyond 2**53 loses its last digits.
    """
    with _Handles([functions.to_dtype(x, "f64")]) as (converted,):
        return Plain(functions.to_data_f64(converted), functions.shape(converted))


def zeros_torch_ffi(shape: Sequence[int]) -> Plain:
    """Zeros, made by libtorch."""
    return _taken_out(functions.zeros(shape, "f64", "cpu"))


def ones_torch_ffi(shape: Sequence[int]) -> Plain:
    """Ones, made by libtorch."""
    return _taken_out(functions.ones(shape, "f64", "cpu"))


def randn_torch_ffi(shape: Sequence[int]) -> Plain:
    """Samples of the standard normal distribution, drawn by the native library."""
    return _taken_out(functions.randn(shape, "f64", "cpu"))


def add_torch_ffi(a: Operand, b: Operand) -> Plain:
    """Sum, computed by libtorch."""
    return _through("add_torch_ffi", functions.add, a=a, b=b)


def sub_torch_ffi(a: Operand, b: Operand) -> Plain:
    """Difference, computed by libtorch."""
    return _through("sub_torch_ffi", functions.sub, a=a, b=b)


def mul_torch_ffi(a: Operand, b: Operand) -> Plain:
    """Product, computed by libtorch."""
    return _through("mul_torch_ffi", functions.mul, a=a, b=b)


def matmul_torch_ffi(a: Operand, b: Operand) -> Plain:
    """Matrix product, computed by libtorch."""
    return _through("matmul_torch_ffi", functions.matmul, a=a, b=b)


def relu_torch_ffi(x: Operand) -> Plain:
    """max(x, 0), computed by libtorch."""
    return _through("relu_torch_ffi", functions.relu, x=x)


def sigmoid_torch_ffi(x: Operand) -> Plain:
    """1 / (1 + exp(-x)), computed by libtorch."""
    return _through("sigmoid_torch_ffi", functions.sigmoid, x=x)


def tanh_torch_ffi(x: Operand) -> Plain:
    """Hyperbolic tangent, computed by libtorch."""
    return _through("tanh_torch_ffi", functions.tanh, x=x)


class _Handles(list[int]):
    """Handles that are freed at the end of a block, all of them; an error in the block stays the one that is raised."""

    def __enter__(self) -> _Handles:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        failures = []
        for handle in self:
            try:
                functions.free(handle)
            except Exception as failure:
                failures.append(failure)
        if failures and error is None:
            raise failures[0]


def _through(name: str, function: Callable[..., int], /, **operands: Operand) -> Plain:
    """What the function makes of plain operands."""
    with _Handles() as handles:
        for argument, operand in operands.items():
            handles.append(_copied_in(name, argument, operand))
        return _taken_out(function(*handles))


def _copied_in(name: str, argument: str, operand: object) -> int:
    if not isinstance(operand, tuple) or len(operand) != 2:
        expected = "a Plain, or a tuple of data and shape, is expected"
        raise errors.ArgumentTypeError(f"{name}: argument `{argument}`: {expected}; given {shown(operand)}", name)
    return functions.from_data_f64(*operand)


def _taken_out(handle: int) -> Plain:
    """The data of a result, which is freed."""
    with _Handles([handle]):
        return torch_to_pure(handle)
