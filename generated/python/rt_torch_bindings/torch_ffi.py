"""Plain data in, plain data out, computed by rt_torch; every handle is freed on every path."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rt_torch_bindings import errors, functions

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


def pure_to_torch(x: Plain) -> int:
    """Copy plain data into a new native tensor; the caller frees the handle."""
    return functions.from_data_f64(x.data, x.shape)


def torch_to_pure(x: int) -> Plain:
    """Copy a native tensor out as plain data; the handle stays the caller's."""
    converted = functions.to_dtype(x, "f64")
    try:
        return Plain(functions.to_data_f64(converted), functions.shape(converted))
    finally:
        functions.free(converted)


def zeros_torch_ffi(shape: Sequence[int]) -> Plain:
    """Zeros, made by libtorch."""
    return _taken_out(functions.zeros(shape, "f64", "cpu"))


def ones_torch_ffi(shape: Sequence[int]) -> Plain:
    """Ones, made by libtorch."""
    return _taken_out(functions.ones(shape, "f64", "cpu"))


def randn_torch_ffi(shape: Sequence[int]) -> Plain:
    """Samples of the standard normal distribution, made by libtorch."""
    return _taken_out(functions.randn(shape, "f64", "cpu"))


def add_torch_ffi(a: Plain, b: Plain) -> Plain:
    """Sum, computed by libtorch."""
    handles: list[int] = []
    try:
        for operand in (a, b):
            handles.append(pure_to_torch(operand))
        return _taken_out(functions.add(*handles))
    finally:
        for handle in handles:
            functions.free(handle)


def sub_torch_ffi(a: Plain, b: Plain) -> Plain:
    """Difference, computed by libtorch."""
    handles: list[int] = []
    try:
        for operand in (a, b):
            handles.append(pure_to_torch(operand))
        return _taken_out(functions.sub(*handles))
    finally:
        for handle in handles:
            functions.free(handle)


def mul_torch_ffi(a: Plain, b: Plain) -> Plain:
    """Product, computed by libtorch."""
    handles: list[int] = []
    try:
        for operand in (a, b):
            handles.append(pure_to_torch(operand))
        return _taken_out(functions.mul(*handles))
    finally:
        for handle in handles:
            functions.free(handle)


def matmul_torch_ffi(a: Plain, b: Plain) -> Plain:
    """Matrix product, computed by libtorch."""
    handles: list[int] = []
    try:
        for operand in (a, b):
            handles.append(pure_to_torch(operand))
        return _taken_out(functions.matmul(*handles))
    finally:
        for handle in handles:
            functions.free(handle)


def relu_torch_ffi(x: Plain) -> Plain:
    """max(x, 0), computed by libtorch."""
    handles: list[int] = []
    try:
        for operand in (x,):
            handles.append(pure_to_torch(operand))
        return _taken_out(functions.relu(*handles))
    finally:
        for handle in handles:
            functions.free(handle)


def sigmoid_torch_ffi(x: Plain) -> Plain:
    """1 / (1 + exp(-x)), computed by libtorch."""
    handles: list[int] = []
    try:
        for operand in (x,):
            handles.append(pure_to_torch(operand))
        return _taken_out(functions.sigmoid(*handles))
    finally:
        for handle in handles:
            functions.free(handle)


def tanh_torch_ffi(x: Plain) -> Plain:
    """Hyperbolic tangent, computed by libtorch."""
    handles: list[int] = []
    try:
        for operand in (x,):
            handles.append(pure_to_torch(operand))
        return _taken_out(functions.tanh(*handles))
    finally:
        for handle in handles:
            functions.free(handle)


def _taken_out(handle: int) -> Plain:
    """The data of a result, which is freed."""
    try:
        return torch_to_pure(handle)
    finally:
        functions.free(handle)
