"""What the typed functions do when a loader refuses an argument: convert it if that is exact, otherwise name it.

Loaders differ in what they refuse and in how they say so; here all of them come to the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import index
from typing import Any

from rt_torch_bindings import memory
from rt_torch_bindings.errors import ArgumentTypeError, BadArgumentError

SIGNATURES = {
    "rt_torch_abi_version": "",
    "rt_torch_load": "path: path?",
    "rt_torch_suggest_path": "path: path?",
    "rt_torch_available": "",
    "rt_torch_function_available": "name: str",
    "rt_torch_libtorch_path": "",
    "rt_torch_version": "",
    "rt_torch_last_error": "",
    "rt_torch_last_error_code": "",
    "rt_torch_clear_error": "",
    "rt_torch_zeros": "shape: [i64], dtype: dtype, device: device",
    "rt_torch_ones": "shape: [i64], dtype: dtype, device: device",
    "rt_torch_full": "shape: [i64], value: f64, dtype: dtype, device: device",
    "rt_torch_arange": "start: f64, end: f64, step: f64, dtype: dtype, device: device",
    "rt_torch_from_data_f64": "data: [f64], shape: [i64]",
    "rt_torch_from_data_f32": "data: [f32], shape: [i64]",
    "rt_torch_from_data_i64": "data: [i64], shape: [i64]",
    "rt_torch_from_data_bool": "data: [u8], shape: [i64]",
    "rt_torch_manual_seed": "seed: i64",
    "rt_torch_random_state": "",
    "rt_torch_set_random_state": "seed: i64, offset: i64",
    "rt_torch_randn": "shape: [i64], dtype: dtype, device: device",
    "rt_torch_randn_at": "shape: [i64], seed: i64, offset: i64, dtype: dtype, device: device",
    "rt_torch_rand": "shape: [i64], dtype: dtype, device: device",
    "rt_torch_rand_at": "shape: [i64], seed: i64, offset: i64, dtype: dtype, device: device",
    "rt_torch_to_data_f64": "x: tensor",
    "rt_torch_to_data_f32": "x: tensor",
    "rt_torch_to_data_i64": "x: tensor",
    "rt_torch_to_data_bool": "x: tensor",
    "rt_torch_shape": "x: tensor",
    "rt_torch_ndim": "x: tensor",
    "rt_torch_numel": "x: tensor",
    "rt_torch_dtype": "x: tensor",
    "rt_torch_device": "x: tensor",
    "rt_torch_strides": "x: tensor",
    "rt_torch_is_contiguous": "x: tensor",
    "rt_torch_add": "a: tensor, b: tensor",
    "rt_torch_sub": "a: tensor, b: tensor",
    "rt_torch_mul": "a: tensor, b: tensor",
    "rt_torch_div": "a: tensor, b: tensor",
    "rt_torch_neg": "x: tensor",
    "rt_torch_add_scalar": "x: tensor, s: f64",
    "rt_torch_mul_scalar": "x: tensor, s: f64",
    "rt_torch_div_scalar": "x: tensor, s: f64",
    "rt_torch_add_scaled": "a: tensor, b: tensor, s: f64",
    "rt_torch_maximum": "a: tensor, b: tensor",
    "rt_torch_minimum": "a: tensor, b: tensor",
    "rt_torch_exp": "x: tensor",
    "rt_torch_log": "x: tensor",
    "rt_torch_sqrt": "x: tensor",
    "rt_torch_pow": "x: tensor, exponent: f64",
    "rt_torch_abs": "x: tensor",
    "rt_torch_sign": "x: tensor",
    "rt_torch_clamp": "x: tensor, min: f64?, max: f64?",
    "rt_torch_sin": "x: tensor",
    "rt_torch_cos": "x: tensor",
    "rt_torch_erf": "x: tensor",
    "rt_torch_pow_tensor": "a: tensor, b: tensor",
    "rt_torch_matmul": "a: tensor, b: tensor",
    "rt_torch_transpose": "x: tensor, dim0: i64, dim1: i64",
    "rt_torch_transpose_2d": "x: tensor",
    "rt_torch_sum": "x: tensor",
    "rt_torch_mean": "x: tensor",
    "rt_torch_max": "x: tensor",
    "rt_torch_min": "x: tensor",
    "rt_torch_sum_tensor": "x: tensor",
    "rt_torch_mean_tensor": "x: tensor",
    "rt_torch_max_tensor": "x: tensor",
    "rt_torch_min_tensor": "x: tensor",
    "rt_torch_sum_dim": "x: tensor, dim: i64, keepdim: bool",
    "rt_torch_mean_dim": "x: tensor, dim: i64, keepdim: bool",
    "rt_torch_sum_to": "x: tensor, shape: [i64]",
    "rt_torch_amax": "x: tensor, dim: i64, keepdim: bool",
    "rt_torch_amin": "x: tensor, dim: i64, keepdim: bool",
    "rt_torch_argmax": "x: tensor, dim: i64?, keepdim: bool",
    "rt_torch_argmin": "x: tensor, dim: i64?, keepdim: bool",
    "rt_torch_relu": "x: tensor",
    "rt_torch_relu_backward": "gradient: tensor, y: tensor",
    "rt_torch_sigmoid": "x: tensor",
    "rt_torch_tanh": "x: tensor",
    "rt_torch_softmax": "x: tensor, dim: i64",
    "rt_torch_log_softmax": "x: tensor, dim: i64",
    "rt_torch_leaky_relu": "x: tensor, slope: f64",
    "rt_torch_elu": "x: tensor, alpha: f64",
    "rt_torch_gelu": "x: tensor, approximate: str",
    "rt_torch_eq": "a: tensor, b: tensor",
    "rt_torch_ne": "a: tensor, b: tensor",
    "rt_torch_gt": "a: tensor, b: tensor",
    "rt_torch_lt": "a: tensor, b: tensor",
    "rt_torch_ge": "a: tensor, b: tensor",
    "rt_torch_le": "a: tensor, b: tensor",
    "rt_torch_where": "cond: tensor, a: tensor, b: tensor",
    "rt_torch_reshape": "x: tensor, shape: [i64]",
    "rt_torch_flatten": "x: tensor",
    "rt_torch_squeeze": "x: tensor, dim: i64?",
    "rt_torch_unsqueeze": "x: tensor, dim: i64",
    "rt_torch_expand": "x: tensor, shape: [i64]",
    "rt_torch_narrow": "x: tensor, dim: i64, start: i64, length: i64",
    "rt_torch_strided": "x: tensor, shape: [i64], strides: [i64], offset: i64",
    "rt_torch_index_select": "x: tensor, dim: i64, index: tensor",
    "rt_torch_index_add": "x: tensor, dim: i64, index: tensor, source: tensor",
    "rt_torch_gather": "x: tensor, dim: i64, index: tensor",
    "rt_torch_scatter_add": "x: tensor, dim: i64, index: tensor, source: tensor",
    "rt_torch_take": "x: tensor, places: [i64]",
    "rt_torch_put": "x: tensor, places: [i64], source: tensor",
    "rt_torch_assign": "x: tensor, source: tensor",
    "rt_torch_cat": "tensors: [tensor], dim: i64",
    "rt_torch_stack": "tensors: [tensor], dim: i64",
    "rt_torch_clone": "x: tensor",
    "rt_torch_detach": "x: tensor",
    "rt_torch_contiguous": "x: tensor",
    "rt_torch_to_dtype": "x: tensor, dtype: dtype",
    "rt_torch_to_device": "x: tensor, device: device",
    "rt_torch_linear": "x: tensor, weight: tensor, bias: tensor?",
    "rt_torch_conv2d": "x: tensor, weight: tensor, bias: tensor?, stride: [i64], padding: [i64], dilation: [i64], groups: i64",
    "rt_torch_conv2d_input": "gradient: tensor, weight: tensor, shape: [i64], stride: [i64], padding: [i64], dilation: [i64], groups: i64",
    "rt_torch_conv2d_weight": "gradient: tensor, x: tensor, shape: [i64], stride: [i64], padding: [i64], dilation: [i64], groups: i64",
    "rt_torch_max_pool2d": "x: tensor, kernel: [i64], stride: [i64]?, padding: [i64], dilation: [i64], ceil_mode: bool",
    "rt_torch_max_pool2d_backward": "gradient: tensor, x: tensor, kernel: [i64], stride: [i64]?, padding: [i64], dilation: [i64], ceil_mode: bool",
    "rt_torch_max_pool2d_pick": "y: tensor, x: tensor, kernel: [i64], stride: [i64]?, padding: [i64], dilation: [i64], ceil_mode: bool",
    "rt_torch_avg_pool2d": "x: tensor, kernel: [i64], stride: [i64]?, padding: [i64], ceil_mode: bool, count_include_pad: bool",
    "rt_torch_avg_pool2d_backward": "gradient: tensor, shape: [i64], kernel: [i64], stride: [i64]?, padding: [i64], ceil_mode: bool, count_include_pad: bool",
    "rt_torch_embedding": "weight: tensor, indices: tensor",
    "rt_torch_embedding_backward": "gradient: tensor, indices: tensor, rows: i64",
    "rt_torch_layer_norm": "x: tensor, shape: [i64], weight: tensor?, bias: tensor?, eps: f64",
    "rt_torch_batch_norm": "x: tensor, weight: tensor?, bias: tensor?, mean: tensor?, var: tensor?, eps: f64",
    "rt_torch_batch_norm_backward": "gradient: tensor, x: tensor, weight: tensor?, eps: f64",
    "rt_torch_batch_statistics": "x: tensor",
    "rt_torch_batch_norm_measured": "x: tensor, weight: tensor?, bias: tensor?, statistics: tensor, eps: f64",
    "rt_torch_batch_norm_measured_backward": "gradient: tensor, x: tensor, weight: tensor?, statistics: tensor, eps: f64",
    "rt_torch_binary_cross_entropy": "x: tensor, target: tensor",
    "rt_torch_cross_entropy": "x: tensor, target: tensor, reduction: str",
    "rt_torch_cross_entropy_backward": "gradient: tensor, x: tensor, target: tensor, reduction: str",
    "rt_torch_adam": "param: tensor, gradient: tensor, mean: tensor, square: tensor, step: i64, lr: f64, beta1: f64, beta2: f64, eps: f64, weight_decay: f64, decoupled: bool",
    "rt_torch_free": "x: tensor",
    "rt_torch_retain": "x: tensor",
    "rt_torch_live_handles": "",
    "rt_torch_wrap": "data: ptr?, shape: [i64], strides: [i64]?, dtype: dtype, token: i64",
    "rt_torch_wrap_copies": "",
    "rt_torch_released": "",
    "rt_torch_data_ptr": "x: tensor",
    "rt_torch_to_dlpack": "x: tensor",
    "rt_torch_from_dlpack": "managed: ptr",
    "rt_torch_cuda_available": "",
    "rt_torch_set_num_threads": "n: i64",
    "rt_torch_get_num_threads": "",
    "rt_torch_cuda_device_count": "",
    "rt_torch_cuda_problem": "",
    "rt_torch_cuda_current_stream": "device: device",
    "rt_torch_cuda_set_stream": "stream: ptr?, device: device",
    "rt_torch_cuda_synchronize": "device: device",
}

KINDS = {  # what the types of the signatures are to Python; the others stand for themselves
    "tensor": "handle",
    "dtype": "str",
    "device": "str",
    "path": "str",
    "error": "i64",
}

CODES = {"handle": "q", "i64": "q", "f64": "d", "f32": "f", "u8": "B", "bool": "i"}
BITS = {"handle": 64, "i64": 64, "bool": 32}
RANGES = {  # of a list's elements, by code
    "q": "-2**63 to 2**63 - 1",
    "i": "-2**31 to 2**31 - 1",
    "B": "0 to 255",
    "d": "of a double",
    "f": "of a float",
}


def plain(error: Exception, symbol: str, *values: Any) -> list[Any]:
    """The arguments as loaders take them; raises where there is no such value, or when none was the matter."""
    converted = checked(symbol, *values)
    if all(new is old for new, old in zip(converted, values, strict=True)):
        raise error
    return converted


def checked(symbol: str, *values: Any) -> list[Any]:
    """The arguments as loaders take them; raises where there is no such value."""
    return [
        value if value is None and optional else _convert(f"{symbol}: argument `{name}`", symbol, type_name, value)
        for (name, type_name, optional), value in zip(_parameters(symbol), values, strict=True)
    ]


def given(symbol: str, *values: Any) -> str:
    """The arguments as the start of a message: "argument `x`: 12345: "."""
    pairs = zip(_parameters(symbol), values, strict=True)
    return "".join(f"argument `{name}`: {shown(value)}: " for (name, *_), value in pairs)


def _parameters(symbol: str) -> list[tuple[str, str, bool]]:
    """Name, type, and whether None is a value."""
    pairs = (parameter.split(": ") for parameter in SIGNATURES[symbol].split(", ") if parameter)
    return [(name, type_name.rstrip("?"), type_name.endswith("?")) for name, type_name in pairs]


def _convert(where: str, symbol: str, type_name: str, value: Any) -> Any:
    kind = KINDS.get(type_name.strip("[]"), type_name.strip("[]"))
    try:
        if type_name.startswith("["):
            return _list(CODES[kind], value)
        if kind == "str":
            return _text(value)
        if kind in ("f64", "f32"):
            return value if isinstance(value, float) else _float(value)
        return _integer(value, BITS.get(kind, 64), signed=kind != "ptr")
    except TypeError as error:
        raise ArgumentTypeError(f"{where}: {error}; given {shown(value)}", symbol) from None
    except (ValueError, OverflowError, BufferError) as error:
        raise BadArgumentError(f"{where}: {error}; given {shown(value)}", symbol) from None


def _integer(value: Any, bits: int, signed: bool) -> int:
    try:
        number = index(value)
    except TypeError:
        raise TypeError("an integer is expected") from None
    lowest, highest = (-1 << bits - 1, (1 << bits - 1) - 1) if signed else (0, (1 << bits) - 1)
    if not lowest <= number <= highest:
        raise OverflowError(f"the integer does not fit into {bits} bits")
    return number


def _float(value: Any) -> float:
    if isinstance(value, (str, bytes, bytearray)):
        raise TypeError("a number is expected")
    try:
        return float(value)
    except TypeError:
        raise TypeError("a number is expected") from None
    except OverflowError:
        raise OverflowError(f"the number is not in the range {RANGES['d']}") from None


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("a string is expected")
    try:
        memory.utf8(value)
    except UnicodeEncodeError:
        raise ValueError("the string has a lone surrogate, which UTF-8 cannot express") from None
    return value


def _list(code: str, value: Any) -> Any:
    """`value` itself when it will do; the element at fault is named when there is one."""
    try:
        memory.buffer_of(code, value)
    except (TypeError, OverflowError):
        if memory.is_buffer(value):
            raise
        if isinstance(value, Sequence) and not isinstance(value, str):
            return _elements(code, value)
        raise TypeError("a sequence of numbers, or a buffer, is expected") from None
    return value


def _elements(code: str, values: Any) -> list[Any]:
    converted = []
    for place, element in enumerate(values):
        try:
            converted.append(memory.buffer_of(code, [element])[0])
        except TypeError:
            wanted = "a number" if code in "df" else "an integer"
            raise TypeError(f"element {place} is {shown(element)}, {wanted} is expected") from None
        except OverflowError:
            raise OverflowError(
                f"element {place} is {shown(element)}, which is not in the range {RANGES[code]}"
            ) from None
    return converted


def shown(value: Any) -> str:
    """A value and its type for a message, cut short."""
    try:
        text = ascii(value)
    except ValueError:  # an int of more digits than Python prints
        text = "a huge int"
    return f"{text if len(text) <= 60 else text[:57] + '...'} ({type(value).__name__})"
