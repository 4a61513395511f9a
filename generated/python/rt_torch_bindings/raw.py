"""The C functions of rt_torch as every loader offers them: C's own arguments and results, no exceptions.

A pointer is whatever the loader takes for one; `memory` makes and reads them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, TypeAlias

from rt_torch_bindings.errors import MissingFunctionError
from rt_torch_bindings.memory import Memory

Pointer: TypeAlias = Any

ABI = 1  # version of the C ABI that these bindings were made for


class Raw(Protocol):
    """One opened library."""

    loader: str  # "ctypes", "cffi" or "cffi-api"
    path: str  # file that was opened
    missing: frozenset[str]  # declared functions that this file lacks; calling one raises MissingFunctionError
    memory: Memory

    def abi_version(self) -> int: ...

    def load(self, path: Pointer, /) -> int: ...

    def suggest_path(self, path: Pointer, /) -> int: ...

    def available(self) -> int: ...

    def function_available(self, name: Pointer, /) -> int: ...

    def libtorch_path(self) -> Pointer: ...

    def version(self) -> Pointer: ...

    def last_error(self) -> Pointer: ...

    def last_error_code(self) -> int: ...

    def clear_error(self) -> int: ...

    def zeros(self, shape: Pointer, shape_len: int, dtype: Pointer, device: Pointer, /) -> int: ...

    def ones(self, shape: Pointer, shape_len: int, dtype: Pointer, device: Pointer, /) -> int: ...

    def full(self, shape: Pointer, shape_len: int, value: float, dtype: Pointer, device: Pointer, /) -> int: ...

    def arange(self, start: float, end: float, step: float, dtype: Pointer, device: Pointer, /) -> int: ...

    def from_data_f64(self, data: Pointer, data_len: int, shape: Pointer, shape_len: int, /) -> int: ...

    def from_data_f32(self, data: Pointer, data_len: int, shape: Pointer, shape_len: int, /) -> int: ...

    def from_data_i64(self, data: Pointer, data_len: int, shape: Pointer, shape_len: int, /) -> int: ...

    def from_data_bool(self, data: Pointer, data_len: int, shape: Pointer, shape_len: int, /) -> int: ...

    def manual_seed(self, seed: int, /) -> int: ...

    def random_state(self, seed: Pointer, offset: Pointer, /) -> int: ...

    def set_random_state(self, seed: int, offset: int, /) -> int: ...

    def randn(self, shape: Pointer, shape_len: int, dtype: Pointer, device: Pointer, /) -> int: ...

    def randn_at(
        self, shape: Pointer, shape_len: int, seed: int, offset: int, dtype: Pointer, device: Pointer, /
    ) -> int: ...

    def rand(self, shape: Pointer, shape_len: int, dtype: Pointer, device: Pointer, /) -> int: ...

    def rand_at(
        self, shape: Pointer, shape_len: int, seed: int, offset: int, dtype: Pointer, device: Pointer, /
    ) -> int: ...

    def to_data_f64(self, x: int, out: Pointer, out_cap: int, /) -> int: ...

    def to_data_f32(self, x: int, out: Pointer, out_cap: int, /) -> int: ...

    def to_data_i64(self, x: int, out: Pointer, out_cap: int, /) -> int: ...

    def to_data_bool(self, x: int, out: Pointer, out_cap: int, /) -> int: ...

    def shape(self, x: int, out: Pointer, out_cap: int, /) -> int: ...

    def ndim(self, x: int, /) -> int: ...

    def numel(self, x: int, /) -> int: ...

    def dtype(self, x: int, /) -> Pointer: ...

    def device(self, x: int, /) -> Pointer: ...

    def strides(self, x: int, out: Pointer, out_cap: int, /) -> int: ...

    def is_contiguous(self, x: int, /) -> int: ...

    def add(self, a: int, b: int, /) -> int: ...

    def sub(self, a: int, b: int, /) -> int: ...

    def mul(self, a: int, b: int, /) -> int: ...

    def div(self, a: int, b: int, /) -> int: ...

    def neg(self, x: int, /) -> int: ...

    def add_scalar(self, x: int, s: float, /) -> int: ...

    def mul_scalar(self, x: int, s: float, /) -> int: ...

    def div_scalar(self, x: int, s: float, /) -> int: ...

    def add_scaled(self, a: int, b: int, s: float, /) -> int: ...

    def maximum(self, a: int, b: int, /) -> int: ...

    def minimum(self, a: int, b: int, /) -> int: ...

    def exp(self, x: int, /) -> int: ...

    def log(self, x: int, /) -> int: ...

    def sqrt(self, x: int, /) -> int: ...

    def pow(self, x: int, exponent: float, /) -> int: ...

    def abs(self, x: int, /) -> int: ...

    def sign(self, x: int, /) -> int: ...

    def clamp(self, x: int, min: Pointer, max: Pointer, /) -> int: ...

    def sin(self, x: int, /) -> int: ...

    def cos(self, x: int, /) -> int: ...

    def erf(self, x: int, /) -> int: ...

    def pow_tensor(self, a: int, b: int, /) -> int: ...

    def matmul(self, a: int, b: int, /) -> int: ...

    def transpose(self, x: int, dim0: int, dim1: int, /) -> int: ...

    def transpose_2d(self, x: int, /) -> int: ...

    def sum(self, x: int, /) -> float: ...

    def mean(self, x: int, /) -> float: ...

    def max(self, x: int, /) -> float: ...

    def min(self, x: int, /) -> float: ...

    def sum_tensor(self, x: int, /) -> int: ...

    def mean_tensor(self, x: int, /) -> int: ...

    def max_tensor(self, x: int, /) -> int: ...

    def min_tensor(self, x: int, /) -> int: ...

    def sum_dim(self, x: int, dim: int, keepdim: int, /) -> int: ...

    def mean_dim(self, x: int, dim: int, keepdim: int, /) -> int: ...

    def sum_to(self, x: int, shape: Pointer, shape_len: int, /) -> int: ...

    def amax(self, x: int, dim: int, keepdim: int, /) -> int: ...

    def amin(self, x: int, dim: int, keepdim: int, /) -> int: ...

    def argmax(self, x: int, dim: Pointer, keepdim: int, /) -> int: ...

    def argmin(self, x: int, dim: Pointer, keepdim: int, /) -> int: ...

    def relu(self, x: int, /) -> int: ...

    def relu_backward(self, gradient: int, y: int, /) -> int: ...

    def sigmoid(self, x: int, /) -> int: ...

    def tanh(self, x: int, /) -> int: ...

    def softmax(self, x: int, dim: int, /) -> int: ...

    def log_softmax(self, x: int, dim: int, /) -> int: ...

    def leaky_relu(self, x: int, slope: float, /) -> int: ...

    def elu(self, x: int, alpha: float, /) -> int: ...

    def gelu(self, x: int, approximate: Pointer, /) -> int: ...

    def eq(self, a: int, b: int, /) -> int: ...

    def ne(self, a: int, b: int, /) -> int: ...

    def gt(self, a: int, b: int, /) -> int: ...

    def lt(self, a: int, b: int, /) -> int: ...

    def ge(self, a: int, b: int, /) -> int: ...

    def le(self, a: int, b: int, /) -> int: ...

    def where(self, cond: int, a: int, b: int, /) -> int: ...

    def reshape(self, x: int, shape: Pointer, shape_len: int, /) -> int: ...

    def flatten(self, x: int, /) -> int: ...

    def squeeze(self, x: int, dim: Pointer, /) -> int: ...

    def unsqueeze(self, x: int, dim: int, /) -> int: ...

    def expand(self, x: int, shape: Pointer, shape_len: int, /) -> int: ...

    def narrow(self, x: int, dim: int, start: int, length: int, /) -> int: ...

    def strided(
        self, x: int, shape: Pointer, shape_len: int, strides: Pointer, strides_len: int, offset: int, /
    ) -> int: ...

    def index_select(self, x: int, dim: int, index: int, /) -> int: ...

    def index_add(self, x: int, dim: int, index: int, source: int, /) -> int: ...

    def gather(self, x: int, dim: int, index: int, /) -> int: ...

    def scatter_add(self, x: int, dim: int, index: int, source: int, /) -> int: ...

    def take(self, x: int, places: Pointer, places_len: int, /) -> int: ...

    def put(self, x: int, places: Pointer, places_len: int, source: int, /) -> int: ...

    def assign(self, x: int, source: int, /) -> int: ...

    def cat(self, tensors: Pointer, tensors_len: int, dim: int, /) -> int: ...

    def stack(self, tensors: Pointer, tensors_len: int, dim: int, /) -> int: ...

    def clone(self, x: int, /) -> int: ...

    def detach(self, x: int, /) -> int: ...

    def contiguous(self, x: int, /) -> int: ...

    def to_dtype(self, x: int, dtype: Pointer, /) -> int: ...

    def to_device(self, x: int, device: Pointer, /) -> int: ...

    def linear(self, x: int, weight: int, bias: int, /) -> int: ...

    def conv2d(
        self,
        x: int,
        weight: int,
        bias: int,
        stride: Pointer,
        stride_len: int,
        padding: Pointer,
        padding_len: int,
        dilation: Pointer,
        dilation_len: int,
        groups: int,
        /,
    ) -> int: ...

    def conv2d_input(
        self,
        gradient: int,
        weight: int,
        shape: Pointer,
        shape_len: int,
        stride: Pointer,
        stride_len: int,
        padding: Pointer,
        padding_len: int,
        dilation: Pointer,
        dilation_len: int,
        groups: int,
        /,
    ) -> int: ...

    def conv2d_weight(
        self,
        gradient: int,
        x: int,
        shape: Pointer,
        shape_len: int,
        stride: Pointer,
        stride_len: int,
        padding: Pointer,
        padding_len: int,
        dilation: Pointer,
        dilation_len: int,
        groups: int,
        /,
    ) -> int: ...

    def max_pool2d(
        self,
        x: int,
        kernel: Pointer,
        kernel_len: int,
        stride: Pointer,
        stride_len: int,
        padding: Pointer,
        padding_len: int,
        dilation: Pointer,
        dilation_len: int,
        ceil_mode: int,
        /,
    ) -> int: ...

    def max_pool2d_backward(
        self,
        gradient: int,
        x: int,
        kernel: Pointer,
        kernel_len: int,
        stride: Pointer,
        stride_len: int,
        padding: Pointer,
        padding_len: int,
        dilation: Pointer,
        dilation_len: int,
        ceil_mode: int,
        /,
    ) -> int: ...

    def max_pool2d_pick(
        self,
        y: int,
        x: int,
        kernel: Pointer,
        kernel_len: int,
        stride: Pointer,
        stride_len: int,
        padding: Pointer,
        padding_len: int,
        dilation: Pointer,
        dilation_len: int,
        ceil_mode: int,
        /,
    ) -> int: ...

    def avg_pool2d(
        self,
        x: int,
        kernel: Pointer,
        kernel_len: int,
        stride: Pointer,
        stride_len: int,
        padding: Pointer,
        padding_len: int,
        ceil_mode: int,
        count_include_pad: int,
        /,
    ) -> int: ...

    def avg_pool2d_backward(
        self,
        gradient: int,
        shape: Pointer,
        shape_len: int,
        kernel: Pointer,
        kernel_len: int,
        stride: Pointer,
        stride_len: int,
        padding: Pointer,
        padding_len: int,
        ceil_mode: int,
        count_include_pad: int,
        /,
    ) -> int: ...

    def embedding(self, weight: int, indices: int, /) -> int: ...

    def embedding_backward(self, gradient: int, indices: int, rows: int, /) -> int: ...

    def layer_norm(self, x: int, shape: Pointer, shape_len: int, weight: int, bias: int, eps: float, /) -> int: ...

    def batch_norm(self, x: int, weight: int, bias: int, mean: int, var: int, eps: float, /) -> int: ...

    def batch_norm_backward(self, gradient: int, x: int, weight: int, eps: float, /) -> int: ...

    def batch_statistics(self, x: int, /) -> int: ...

    def batch_norm_measured(self, x: int, weight: int, bias: int, statistics: int, eps: float, /) -> int: ...

    def batch_norm_measured_backward(
        self, gradient: int, x: int, weight: int, statistics: int, eps: float, /
    ) -> int: ...

    def binary_cross_entropy(self, x: int, target: int, /) -> int: ...

    def cross_entropy(self, x: int, target: int, reduction: Pointer, /) -> int: ...

    def cross_entropy_backward(self, gradient: int, x: int, target: int, reduction: Pointer, /) -> int: ...

    def adam(
        self,
        param: int,
        gradient: int,
        mean: int,
        square: int,
        step: int,
        lr: float,
        beta1: float,
        beta2: float,
        eps: float,
        weight_decay: float,
        decoupled: int,
        new_param: Pointer,
        new_mean: Pointer,
        new_square: Pointer,
        /,
    ) -> int: ...

    def free(self, x: int, /) -> int: ...

    def retain(self, x: int, /) -> int: ...

    def live_handles(self) -> int: ...

    def wrap(
        self,
        data: Pointer,
        shape: Pointer,
        shape_len: int,
        strides: Pointer,
        strides_len: int,
        dtype: Pointer,
        token: int,
        /,
    ) -> int: ...

    def wrap_copies(self) -> int: ...

    def released(self, out: Pointer, out_cap: int, /) -> int: ...

    def data_ptr(self, x: int, /) -> Pointer: ...

    def to_dlpack(self, x: int, /) -> Pointer: ...

    def from_dlpack(self, managed: Pointer, /) -> int: ...

    def cuda_available(self) -> int: ...

    def set_num_threads(self, n: int, /) -> int: ...

    def get_num_threads(self) -> int: ...

    def cuda_device_count(self) -> int: ...

    def cuda_problem(self) -> Pointer: ...

    def cuda_current_stream(self, device: Pointer, /) -> Pointer: ...

    def cuda_set_stream(self, stream: Pointer, device: Pointer, /) -> int: ...

    def cuda_synchronize(self, device: Pointer, /) -> int: ...


NAMES: dict[str, str] = {  # name here: symbol in the shared library
    "abi_version": "rt_torch_abi_version",
    "load": "rt_torch_load",
    "suggest_path": "rt_torch_suggest_path",
    "available": "rt_torch_available",
    "function_available": "rt_torch_function_available",
    "libtorch_path": "rt_torch_libtorch_path",
    "version": "rt_torch_version",
    "last_error": "rt_torch_last_error",
    "last_error_code": "rt_torch_last_error_code",
    "clear_error": "rt_torch_clear_error",
    "zeros": "rt_torch_zeros",
    "ones": "rt_torch_ones",
    "full": "rt_torch_full",
    "arange": "rt_torch_arange",
    "from_data_f64": "rt_torch_from_data_f64",
    "from_data_f32": "rt_torch_from_data_f32",
    "from_data_i64": "rt_torch_from_data_i64",
    "from_data_bool": "rt_torch_from_data_bool",
    "manual_seed": "rt_torch_manual_seed",
    "random_state": "rt_torch_random_state",
    "set_random_state": "rt_torch_set_random_state",
    "randn": "rt_torch_randn",
    "randn_at": "rt_torch_randn_at",
    "rand": "rt_torch_rand",
    "rand_at": "rt_torch_rand_at",
    "to_data_f64": "rt_torch_to_data_f64",
    "to_data_f32": "rt_torch_to_data_f32",
    "to_data_i64": "rt_torch_to_data_i64",
    "to_data_bool": "rt_torch_to_data_bool",
    "shape": "rt_torch_shape",
    "ndim": "rt_torch_ndim",
    "numel": "rt_torch_numel",
    "dtype": "rt_torch_dtype",
    "device": "rt_torch_device",
    "strides": "rt_torch_strides",
    "is_contiguous": "rt_torch_is_contiguous",
    "add": "rt_torch_add",
    "sub": "rt_torch_sub",
    "mul": "rt_torch_mul",
    "div": "rt_torch_div",
    "neg": "rt_torch_neg",
    "add_scalar": "rt_torch_add_scalar",
    "mul_scalar": "rt_torch_mul_scalar",
    "div_scalar": "rt_torch_div_scalar",
    "add_scaled": "rt_torch_add_scaled",
    "maximum": "rt_torch_maximum",
    "minimum": "rt_torch_minimum",
    "exp": "rt_torch_exp",
    "log": "rt_torch_log",
    "sqrt": "rt_torch_sqrt",
    "pow": "rt_torch_pow",
    "abs": "rt_torch_abs",
    "sign": "rt_torch_sign",
    "clamp": "rt_torch_clamp",
    "sin": "rt_torch_sin",
    "cos": "rt_torch_cos",
    "erf": "rt_torch_erf",
    "pow_tensor": "rt_torch_pow_tensor",
    "matmul": "rt_torch_matmul",
    "transpose": "rt_torch_transpose",
    "transpose_2d": "rt_torch_transpose_2d",
    "sum": "rt_torch_sum",
    "mean": "rt_torch_mean",
    "max": "rt_torch_max",
    "min": "rt_torch_min",
    "sum_tensor": "rt_torch_sum_tensor",
    "mean_tensor": "rt_torch_mean_tensor",
    "max_tensor": "rt_torch_max_tensor",
    "min_tensor": "rt_torch_min_tensor",
    "sum_dim": "rt_torch_sum_dim",
    "mean_dim": "rt_torch_mean_dim",
    "sum_to": "rt_torch_sum_to",
    "amax": "rt_torch_amax",
    "amin": "rt_torch_amin",
    "argmax": "rt_torch_argmax",
    "argmin": "rt_torch_argmin",
    "relu": "rt_torch_relu",
    "relu_backward": "rt_torch_relu_backward",
    "sigmoid": "rt_torch_sigmoid",
    "tanh": "rt_torch_tanh",
    "softmax": "rt_torch_softmax",
    "log_softmax": "rt_torch_log_softmax",
    "leaky_relu": "rt_torch_leaky_relu",
    "elu": "rt_torch_elu",
    "gelu": "rt_torch_gelu",
    "eq": "rt_torch_eq",
    "ne": "rt_torch_ne",
    "gt": "rt_torch_gt",
    "lt": "rt_torch_lt",
    "ge": "rt_torch_ge",
    "le": "rt_torch_le",
    "where": "rt_torch_where",
    "reshape": "rt_torch_reshape",
    "flatten": "rt_torch_flatten",
    "squeeze": "rt_torch_squeeze",
    "unsqueeze": "rt_torch_unsqueeze",
    "expand": "rt_torch_expand",
    "narrow": "rt_torch_narrow",
    "strided": "rt_torch_strided",
    "index_select": "rt_torch_index_select",
    "index_add": "rt_torch_index_add",
    "gather": "rt_torch_gather",
    "scatter_add": "rt_torch_scatter_add",
    "take": "rt_torch_take",
    "put": "rt_torch_put",
    "assign": "rt_torch_assign",
    "cat": "rt_torch_cat",
    "stack": "rt_torch_stack",
    "clone": "rt_torch_clone",
    "detach": "rt_torch_detach",
    "contiguous": "rt_torch_contiguous",
    "to_dtype": "rt_torch_to_dtype",
    "to_device": "rt_torch_to_device",
    "linear": "rt_torch_linear",
    "conv2d": "rt_torch_conv2d",
    "conv2d_input": "rt_torch_conv2d_input",
    "conv2d_weight": "rt_torch_conv2d_weight",
    "max_pool2d": "rt_torch_max_pool2d",
    "max_pool2d_backward": "rt_torch_max_pool2d_backward",
    "max_pool2d_pick": "rt_torch_max_pool2d_pick",
    "avg_pool2d": "rt_torch_avg_pool2d",
    "avg_pool2d_backward": "rt_torch_avg_pool2d_backward",
    "embedding": "rt_torch_embedding",
    "embedding_backward": "rt_torch_embedding_backward",
    "layer_norm": "rt_torch_layer_norm",
    "batch_norm": "rt_torch_batch_norm",
    "batch_norm_backward": "rt_torch_batch_norm_backward",
    "batch_statistics": "rt_torch_batch_statistics",
    "batch_norm_measured": "rt_torch_batch_norm_measured",
    "batch_norm_measured_backward": "rt_torch_batch_norm_measured_backward",
    "binary_cross_entropy": "rt_torch_binary_cross_entropy",
    "cross_entropy": "rt_torch_cross_entropy",
    "cross_entropy_backward": "rt_torch_cross_entropy_backward",
    "adam": "rt_torch_adam",
    "free": "rt_torch_free",
    "retain": "rt_torch_retain",
    "live_handles": "rt_torch_live_handles",
    "wrap": "rt_torch_wrap",
    "wrap_copies": "rt_torch_wrap_copies",
    "released": "rt_torch_released",
    "data_ptr": "rt_torch_data_ptr",
    "to_dlpack": "rt_torch_to_dlpack",
    "from_dlpack": "rt_torch_from_dlpack",
    "cuda_available": "rt_torch_cuda_available",
    "set_num_threads": "rt_torch_set_num_threads",
    "get_num_threads": "rt_torch_get_num_threads",
    "cuda_device_count": "rt_torch_cuda_device_count",
    "cuda_problem": "rt_torch_cuda_problem",
    "cuda_current_stream": "rt_torch_cuda_current_stream",
    "cuda_set_stream": "rt_torch_cuda_set_stream",
    "cuda_synchronize": "rt_torch_cuda_synchronize",
}

INDEPENDENT: frozenset[str] = frozenset(  # names of those that need nothing of the upstream library, QUESTIONS apart
    [
        "abi_version",
        "load",
        "suggest_path",
        "last_error",
        "last_error_code",
        "clear_error",
        "manual_seed",
        "random_state",
        "set_random_state",
        "free",
        "live_handles",
        "released",
        "cuda_device_count",
    ]
)

QUESTIONS: frozenset[str] = frozenset(  # names of those that answer yes or no, and never fail
    [
        "available",
        "function_available",
        "wrap_copies",
        "cuda_available",
    ]
)


def missing(symbol: str, path: str) -> Callable[..., Any]:
    """What stands in for a function that the shared library lacks."""

    def call(*arguments: object) -> Any:
        raise MissingFunctionError(f"{symbol} is not in {path}: that build is older than these bindings", symbol)

    return call
