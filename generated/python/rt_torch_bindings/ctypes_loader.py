"""Open rt_torch with ctypes: nothing but the standard library is needed."""

from __future__ import annotations

from collections.abc import Callable
from ctypes import (
    CDLL,
    ArgumentError,
    byref,
    c_byte,
    c_char_p,
    c_double,
    c_int32,
    c_int64,
    c_void_p,
    sizeof,
)
from types import SimpleNamespace
from typing import Any, cast

from rt_torch_bindings import memory
from rt_torch_bindings.raw import NAMES, Pointer, Raw, missing

LOADER = "ctypes"


class _Int32:
    """An `int32_t` argument: ctypes itself would cut off what does not fit."""

    @staticmethod
    def from_param(value: int) -> c_int32:
        if -0x80000000 <= value <= 0x7FFFFFFF:
            return c_int32(value)
        raise OverflowError("the integer does not fit into 32 bits")


class _Int64:
    """An `int64_t` argument, in the same way."""

    @staticmethod
    def from_param(value: int) -> c_int64:
        if -0x8000000000000000 <= value <= 0x7FFFFFFFFFFFFFFF:
            return c_int64(value)
        raise OverflowError("the integer does not fit into 64 bits")


# Name: result type, argument types.
SIGNATURES: dict[str, tuple[Any, list[Any]]] = {
    "abi_version": (c_int64, []),
    "load": (c_int32, [c_char_p]),
    "suggest_path": (c_int32, [c_char_p]),
    "available": (c_int32, []),
    "function_available": (c_int32, [c_char_p]),
    "libtorch_path": (c_char_p, []),
    "version": (c_char_p, []),
    "last_error": (c_char_p, []),
    "last_error_code": (c_int64, []),
    "clear_error": (c_int32, []),
    "zeros": (c_int64, [c_void_p, _Int64, c_char_p, c_char_p]),
    "ones": (c_int64, [c_void_p, _Int64, c_char_p, c_char_p]),
    "full": (c_int64, [c_void_p, _Int64, c_double, c_char_p, c_char_p]),
    "arange": (c_int64, [c_double, c_double, c_double, c_char_p, c_char_p]),
    "from_data_f64": (c_int64, [c_void_p, _Int64, c_void_p, _Int64]),
    "from_data_f32": (c_int64, [c_void_p, _Int64, c_void_p, _Int64]),
    "from_data_i64": (c_int64, [c_void_p, _Int64, c_void_p, _Int64]),
    "from_data_bool": (c_int64, [c_void_p, _Int64, c_void_p, _Int64]),
    "manual_seed": (c_int32, [_Int64]),
    "random_state": (c_int32, [c_void_p, c_void_p]),
    "set_random_state": (c_int32, [_Int64, _Int64]),
    "randn": (c_int64, [c_void_p, _Int64, c_char_p, c_char_p]),
    "randn_at": (c_int64, [c_void_p, _Int64, _Int64, _Int64, c_char_p, c_char_p]),
    "rand": (c_int64, [c_void_p, _Int64, c_char_p, c_char_p]),
    "rand_at": (c_int64, [c_void_p, _Int64, _Int64, _Int64, c_char_p, c_char_p]),
    "to_data_f64": (c_int64, [_Int64, c_void_p, _Int64]),
    "to_data_f32": (c_int64, [_Int64, c_void_p, _Int64]),
    "to_data_i64": (c_int64, [_Int64, c_void_p, _Int64]),
    "to_data_bool": (c_int64, [_Int64, c_void_p, _Int64]),
    "shape": (c_int64, [_Int64, c_void_p, _Int64]),
    "ndim": (c_int64, [_Int64]),
    "numel": (c_int64, [_Int64]),
    "dtype": (c_char_p, [_Int64]),
    "device": (c_char_p, [_Int64]),
    "strides": (c_int64, [_Int64, c_void_p, _Int64]),
    "is_contiguous": (c_int32, [_Int64]),
    "add": (c_int64, [_Int64, _Int64]),
    "sub": (c_int64, [_Int64, _Int64]),
    "mul": (c_int64, [_Int64, _Int64]),
    "div": (c_int64, [_Int64, _Int64]),
    "neg": (c_int64, [_Int64]),
    "add_scalar": (c_int64, [_Int64, c_double]),
    "mul_scalar": (c_int64, [_Int64, c_double]),
    "div_scalar": (c_int64, [_Int64, c_double]),
    "add_scaled": (c_int64, [_Int64, _Int64, c_double]),
    "maximum": (c_int64, [_Int64, _Int64]),
    "minimum": (c_int64, [_Int64, _Int64]),
    "exp": (c_int64, [_Int64]),
    "log": (c_int64, [_Int64]),
    "sqrt": (c_int64, [_Int64]),
    "pow": (c_int64, [_Int64, c_double]),
    "abs": (c_int64, [_Int64]),
    "sign": (c_int64, [_Int64]),
    "clamp": (c_int64, [_Int64, c_void_p, c_void_p]),
    "sin": (c_int64, [_Int64]),
    "cos": (c_int64, [_Int64]),
    "erf": (c_int64, [_Int64]),
    "pow_tensor": (c_int64, [_Int64, _Int64]),
    "matmul": (c_int64, [_Int64, _Int64]),
    "transpose": (c_int64, [_Int64, _Int64, _Int64]),
    "transpose_2d": (c_int64, [_Int64]),
    "sum": (c_double, [_Int64]),
    "mean": (c_double, [_Int64]),
    "max": (c_double, [_Int64]),
    "min": (c_double, [_Int64]),
    "sum_tensor": (c_int64, [_Int64]),
    "mean_tensor": (c_int64, [_Int64]),
    "max_tensor": (c_int64, [_Int64]),
    "min_tensor": (c_int64, [_Int64]),
    "sum_dim": (c_int64, [_Int64, _Int64, _Int32]),
    "mean_dim": (c_int64, [_Int64, _Int64, _Int32]),
    "sum_to": (c_int64, [_Int64, c_void_p, _Int64]),
    "amax": (c_int64, [_Int64, _Int64, _Int32]),
    "amin": (c_int64, [_Int64, _Int64, _Int32]),
    "argmax": (c_int64, [_Int64, c_void_p, _Int32]),
    "argmin": (c_int64, [_Int64, c_void_p, _Int32]),
    "relu": (c_int64, [_Int64]),
    "relu_backward": (c_int64, [_Int64, _Int64]),
    "sigmoid": (c_int64, [_Int64]),
    "tanh": (c_int64, [_Int64]),
    "softmax": (c_int64, [_Int64, _Int64]),
    "log_softmax": (c_int64, [_Int64, _Int64]),
    "leaky_relu": (c_int64, [_Int64, c_double]),
    "elu": (c_int64, [_Int64, c_double]),
    "gelu": (c_int64, [_Int64, c_char_p]),
    "eq": (c_int64, [_Int64, _Int64]),
    "ne": (c_int64, [_Int64, _Int64]),
    "gt": (c_int64, [_Int64, _Int64]),
    "lt": (c_int64, [_Int64, _Int64]),
    "ge": (c_int64, [_Int64, _Int64]),
    "le": (c_int64, [_Int64, _Int64]),
    "where": (c_int64, [_Int64, _Int64, _Int64]),
    "reshape": (c_int64, [_Int64, c_void_p, _Int64]),
    "flatten": (c_int64, [_Int64]),
    "squeeze": (c_int64, [_Int64, c_void_p]),
    "unsqueeze": (c_int64, [_Int64, _Int64]),
    "expand": (c_int64, [_Int64, c_void_p, _Int64]),
    "narrow": (c_int64, [_Int64, _Int64, _Int64, _Int64]),
    "strided": (c_int64, [_Int64, c_void_p, _Int64, c_void_p, _Int64, _Int64]),
    "index_select": (c_int64, [_Int64, _Int64, _Int64]),
    "index_add": (c_int64, [_Int64, _Int64, _Int64, _Int64]),
    "gather": (c_int64, [_Int64, _Int64, _Int64]),
    "scatter_add": (c_int64, [_Int64, _Int64, _Int64, _Int64]),
    "take": (c_int64, [_Int64, c_void_p, _Int64]),
    "put": (c_int32, [_Int64, c_void_p, _Int64, _Int64]),
    "assign": (c_int32, [_Int64, _Int64]),
    "cat": (c_int64, [c_void_p, _Int64, _Int64]),
    "stack": (c_int64, [c_void_p, _Int64, _Int64]),
    "clone": (c_int64, [_Int64]),
    "detach": (c_int64, [_Int64]),
    "contiguous": (c_int64, [_Int64]),
    "to_dtype": (c_int64, [_Int64, c_char_p]),
    "to_device": (c_int64, [_Int64, c_char_p]),
    "linear": (c_int64, [_Int64, _Int64, _Int64]),
    "conv2d": (c_int64, [_Int64, _Int64, _Int64, c_void_p, _Int64, c_void_p, _Int64, c_void_p, _Int64, _Int64]),
    "conv2d_input": (
        c_int64,
        [_Int64, _Int64, c_void_p, _Int64, c_void_p, _Int64, c_void_p, _Int64, c_void_p, _Int64, _Int64],
    ),
    "conv2d_weight": (
        c_int64,
        [_Int64, _Int64, c_void_p, _Int64, c_void_p, _Int64, c_void_p, _Int64, c_void_p, _Int64, _Int64],
    ),
    "max_pool2d": (c_int64, [_Int64, c_void_p, _Int64, c_void_p, _Int64, c_void_p, _Int64, c_void_p, _Int64, _Int32]),
    "max_pool2d_backward": (
        c_int64,
        [_Int64, _Int64, c_void_p, _Int64, c_void_p, _Int64, c_void_p, _Int64, c_void_p, _Int64, _Int32],
    ),
    "max_pool2d_pick": (
        c_int64,
        [_Int64, _Int64, c_void_p, _Int64, c_void_p, _Int64, c_void_p, _Int64, c_void_p, _Int64, _Int32],
    ),
    "avg_pool2d": (c_int64, [_Int64, c_void_p, _Int64, c_void_p, _Int64, c_void_p, _Int64, _Int32, _Int32]),
    "avg_pool2d_backward": (
        c_int64,
        [_Int64, c_void_p, _Int64, c_void_p, _Int64, c_void_p, _Int64, c_void_p, _Int64, _Int32, _Int32],
    ),
    "embedding": (c_int64, [_Int64, _Int64]),
    "embedding_backward": (c_int64, [_Int64, _Int64, _Int64]),
    "layer_norm": (c_int64, [_Int64, c_void_p, _Int64, _Int64, _Int64, c_double]),
    "batch_norm": (c_int64, [_Int64, _Int64, _Int64, _Int64, _Int64, c_double]),
    "batch_norm_backward": (c_int64, [_Int64, _Int64, _Int64, c_double]),
    "batch_statistics": (c_int64, [_Int64]),
    "batch_norm_measured": (c_int64, [_Int64, _Int64, _Int64, _Int64, c_double]),
    "batch_norm_measured_backward": (c_int64, [_Int64, _Int64, _Int64, _Int64, c_double]),
    "binary_cross_entropy": (c_int64, [_Int64, _Int64]),
    "cross_entropy": (c_int64, [_Int64, _Int64, c_char_p]),
    "cross_entropy_backward": (c_int64, [_Int64, _Int64, _Int64, c_char_p]),
    "adam": (
        c_int32,
        [
            _Int64,
            _Int64,
            _Int64,
            _Int64,
            _Int64,
            c_double,
            c_double,
            c_double,
            c_double,
            c_double,
            _Int32,
            c_void_p,
            c_void_p,
            c_void_p,
        ],
    ),
    "free": (c_int32, [_Int64]),
    "retain": (c_int64, [_Int64]),
    "live_handles": (c_int64, []),
    "wrap": (c_int64, [c_void_p, c_void_p, _Int64, c_void_p, _Int64, c_char_p, _Int64]),
    "wrap_copies": (c_int32, []),
    "released": (c_int64, [c_void_p, _Int64]),
    "data_ptr": (c_void_p, [_Int64]),
    "to_dlpack": (c_void_p, [_Int64]),
    "from_dlpack": (c_int64, [c_void_p]),
    "cuda_available": (c_int32, []),
    "set_num_threads": (c_int32, [_Int64]),
    "get_num_threads": (c_int64, []),
    "cuda_device_count": (c_int64, []),
    "cuda_problem": (c_char_p, []),
    "cuda_current_stream": (c_void_p, [c_char_p]),
    "cuda_set_stream": (c_int32, [c_void_p, c_char_p]),
    "cuda_synchronize": (c_int32, [c_char_p]),
}


class CtypesMemory(memory.Memory):
    null = None
    refused = (*memory.Memory.refused, ArgumentError)

    def pointer(self, code: str, buffer: memory.Buffer) -> Pointer:
        if not len(buffer):
            return byref(_NOTHING)
        try:
            return byref(c_byte.from_buffer(buffer))
        except TypeError:  # ctypes has no pointers to read-only memory
            return buffer.tobytes()

    def text(self, pointer: Pointer) -> str | None:
        return None if pointer is None else pointer.decode()

    def address(self, pointer: Pointer) -> int:
        return pointer or 0

    def at(self, address: int) -> Pointer:
        return c_void_p(memory.checked_address(address))


_NOTHING = c_int64()  # an empty list's first element
_WORD = c_void_p if sizeof(c_void_p) == sizeof(c_int64) else c_int64


def open_library(path: str) -> Raw:
    library = CDLL(path)
    raw = SimpleNamespace(loader=LOADER, path=path, memory=CtypesMemory())
    lacking = set()
    for name, symbol in NAMES.items():
        try:
            function = library[symbol]
        except AttributeError:
            setattr(raw, name, missing(symbol, path))
            lacking.add(name)
            continue
        function.restype, function.argtypes = SIGNATURES[name]
        setattr(raw, name, _checked(function))
    raw.missing = frozenset(lacking)
    return cast(Raw, raw)


def _checked(function: Any) -> Callable[..., Any]:
    """The function; where it takes one or two integers and nothing else, they are checked in the quickest way.

    ctypes passes an int on faster as a pointer than as an integer, and in the same place; what else it would take for a
    pointer does not compare with an int.
    """
    if function.argtypes == [_Int64]:
        function.argtypes = [_WORD]

        def one(x: int, /) -> Any:
            if -0x8000000000000000 <= x <= 0x7FFFFFFFFFFFFFFF:
                return function(x)
            raise OverflowError("the integer does not fit into 64 bits")

        return one
    if function.argtypes == [_Int64, _Int64]:
        function.argtypes = [_WORD, _WORD]

        def two(x: int, y: int, /) -> Any:
            if -0x8000000000000000 <= x <= 0x7FFFFFFFFFFFFFFF and -0x8000000000000000 <= y <= 0x7FFFFFFFFFFFFFFF:
                return function(x, y)
            raise OverflowError("the integer does not fit into 64 bits")

        return two
    return cast(Callable[..., Any], function)
