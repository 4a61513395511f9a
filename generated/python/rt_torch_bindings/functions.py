"""The functions of rt_torch, typed, raising on failure.

A library is opened when the first of them is called, by whatever was given to `choose`.  Handles are plain integers, to
be freed by the caller.  List arguments take any sequence of numbers, and buffers (array, memoryview, NumPy arrays)
without converting them element by element.
"""

from __future__ import annotations

import importlib.util
from array import array
from collections.abc import Callable, Sequence
from math import isnan as _isnan
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from rt_torch_bindings import errors
from rt_torch_bindings.arguments import given as _given
from rt_torch_bindings.arguments import plain as _plain
from rt_torch_bindings.memory import Memory
from rt_torch_bindings.memory import utf8 as _utf8
from rt_torch_bindings.raw import NAMES, Pointer, Raw

if TYPE_CHECKING:
    from typing_extensions import Buffer

__all__ = [
    "abi_version",
    "abs",
    "adam",
    "add",
    "add_scalar",
    "add_scaled",
    "amax",
    "amin",
    "arange",
    "argmax",
    "argmin",
    "assign",
    "available",
    "avg_pool2d",
    "avg_pool2d_backward",
    "batch_norm",
    "batch_norm_backward",
    "batch_norm_measured",
    "batch_norm_measured_backward",
    "batch_statistics",
    "binary_cross_entropy",
    "cat",
    "clamp",
    "clear_error",
    "clone",
    "contiguous",
    "conv2d",
    "conv2d_input",
    "conv2d_weight",
    "cos",
    "cross_entropy",
    "cross_entropy_backward",
    "cuda_available",
    "cuda_current_stream",
    "cuda_device_count",
    "cuda_problem",
    "cuda_set_stream",
    "cuda_synchronize",
    "data_ptr",
    "detach",
    "device",
    "div",
    "div_scalar",
    "dtype",
    "elu",
    "embedding",
    "embedding_backward",
    "eq",
    "erf",
    "exp",
    "expand",
    "flatten",
    "free",
    "from_data_bool",
    "from_data_f32",
    "from_data_f64",
    "from_data_i64",
    "from_dlpack",
    "full",
    "function_available",
    "gather",
    "ge",
    "gelu",
    "get_num_threads",
    "gt",
    "index_add",
    "index_select",
    "is_contiguous",
    "last_error",
    "last_error_code",
    "layer_norm",
    "le",
    "leaky_relu",
    "libtorch_path",
    "linear",
    "live_handles",
    "log",
    "log_softmax",
    "lt",
    "manual_seed",
    "matmul",
    "max",
    "max_pool2d",
    "max_pool2d_backward",
    "max_pool2d_pick",
    "max_tensor",
    "maximum",
    "mean",
    "mean_dim",
    "mean_tensor",
    "min",
    "min_tensor",
    "minimum",
    "mul",
    "mul_scalar",
    "narrow",
    "ndim",
    "ne",
    "neg",
    "numel",
    "ones",
    "pow",
    "pow_tensor",
    "put",
    "rand",
    "rand_at",
    "randn",
    "randn_at",
    "random_state",
    "released",
    "relu",
    "relu_backward",
    "reshape",
    "retain",
    "scatter_add",
    "set_num_threads",
    "set_random_state",
    "shape",
    "sigmoid",
    "sign",
    "sin",
    "softmax",
    "sqrt",
    "squeeze",
    "stack",
    "strided",
    "strides",
    "sub",
    "suggest_path",
    "sum",
    "sum_dim",
    "sum_tensor",
    "sum_to",
    "take",
    "tanh",
    "to_data_bool",
    "to_data_f32",
    "to_data_f64",
    "to_data_i64",
    "to_device",
    "to_dlpack",
    "to_dtype",
    "transpose",
    "transpose_2d",
    "unsqueeze",
    "version",
    "where",
    "wrap",
    "wrap_copies",
    "zeros",
]

Integers: TypeAlias = "Sequence[int] | Buffer"  # a list argument of integers
Numbers: TypeAlias = "Sequence[float] | Buffer"  # a list argument of floating-point numbers

_chooser: Callable[[], Raw] | None = None
_raw: Raw | None = None
_refused: tuple[type[Exception], ...] = ()  # what the loader raises for an argument that it cannot pass on


def choose(chooser: Callable[[], Raw]) -> None:
    """Say how to open the library when a function is first called."""
    global _chooser
    _chooser = chooser


def use(raw: Raw) -> None:
    """Let the functions of this module call this opened library from now on."""
    global _raw, _memory, _refused
    _raw, _memory, _refused = raw, raw.memory, raw.memory.refused
    names = globals()
    for name in NAMES:
        names["_" + name] = getattr(raw, name)


def bind(raw: Raw) -> Any:
    """The same functions over one opened library, as a module of their own."""
    spec = importlib.util.find_spec(__name__)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.use(raw)
    return module


def opened() -> Raw:
    """The library in use; it is opened if none is yet."""
    if _raw is None:
        if _chooser is None:
            raise errors.LibraryMissingError("no library is open: call use(), or choose()")
        use(_chooser())
    assert _raw is not None
    return _raw


def _unopened(name: str) -> Any:
    """What stands for a C function until a library is open."""

    def call(*arguments: Any) -> Any:
        return getattr(opened(), name)(*arguments)

    return call


class _UnopenedMemory:
    """What stands for the library's memory until then."""

    def __getattr__(self, name: str) -> Any:
        return getattr(opened().memory, name)


_memory = cast(Memory, _UnopenedMemory())
_abi_version: Callable[[], int] = _unopened("abi_version")
_load: Callable[[Pointer], int] = _unopened("load")
_suggest_path: Callable[[Pointer], int] = _unopened("suggest_path")
_available: Callable[[], int] = _unopened("available")
_function_available: Callable[[Pointer], int] = _unopened("function_available")
_libtorch_path: Callable[[], Pointer] = _unopened("libtorch_path")
_version: Callable[[], Pointer] = _unopened("version")
_last_error: Callable[[], Pointer] = _unopened("last_error")
_last_error_code: Callable[[], int] = _unopened("last_error_code")
_clear_error: Callable[[], int] = _unopened("clear_error")
_zeros: Callable[[Pointer, int, Pointer, Pointer], int] = _unopened("zeros")
_ones: Callable[[Pointer, int, Pointer, Pointer], int] = _unopened("ones")
_full: Callable[[Pointer, int, float, Pointer, Pointer], int] = _unopened("full")
_arange: Callable[[float, float, float, Pointer, Pointer], int] = _unopened("arange")
_from_data_f64: Callable[[Pointer, int, Pointer, int], int] = _unopened("from_data_f64")
_from_data_f32: Callable[[Pointer, int, Pointer, int], int] = _unopened("from_data_f32")
_from_data_i64: Callable[[Pointer, int, Pointer, int], int] = _unopened("from_data_i64")
_from_data_bool: Callable[[Pointer, int, Pointer, int], int] = _unopened("from_data_bool")
_manual_seed: Callable[[int], int] = _unopened("manual_seed")
_random_state: Callable[[Pointer, Pointer], int] = _unopened("random_state")
_set_random_state: Callable[[int, int], int] = _unopened("set_random_state")
_randn: Callable[[Pointer, int, Pointer, Pointer], int] = _unopened("randn")
_randn_at: Callable[[Pointer, int, int, int, Pointer, Pointer], int] = _unopened("randn_at")
_rand: Callable[[Pointer, int, Pointer, Pointer], int] = _unopened("rand")
_rand_at: Callable[[Pointer, int, int, int, Pointer, Pointer], int] = _unopened("rand_at")
_to_data_f64: Callable[[int, Pointer, int], int] = _unopened("to_data_f64")
_to_data_f32: Callable[[int, Pointer, int], int] = _unopened("to_data_f32")
_to_data_i64: Callable[[int, Pointer, int], int] = _unopened("to_data_i64")
_to_data_bool: Callable[[int, Pointer, int], int] = _unopened("to_data_bool")
_shape: Callable[[int, Pointer, int], int] = _unopened("shape")
_ndim: Callable[[int], int] = _unopened("ndim")
_numel: Callable[[int], int] = _unopened("numel")
_dtype: Callable[[int], Pointer] = _unopened("dtype")
_device: Callable[[int], Pointer] = _unopened("device")
_strides: Callable[[int, Pointer, int], int] = _unopened("strides")
_is_contiguous: Callable[[int], int] = _unopened("is_contiguous")
_add: Callable[[int, int], int] = _unopened("add")
_sub: Callable[[int, int], int] = _unopened("sub")
_mul: Callable[[int, int], int] = _unopened("mul")
_div: Callable[[int, int], int] = _unopened("div")
_neg: Callable[[int], int] = _unopened("neg")
_add_scalar: Callable[[int, float], int] = _unopened("add_scalar")
_mul_scalar: Callable[[int, float], int] = _unopened("mul_scalar")
_div_scalar: Callable[[int, float], int] = _unopened("div_scalar")
_add_scaled: Callable[[int, int, float], int] = _unopened("add_scaled")
_maximum: Callable[[int, int], int] = _unopened("maximum")
_minimum: Callable[[int, int], int] = _unopened("minimum")
_exp: Callable[[int], int] = _unopened("exp")
_log: Callable[[int], int] = _unopened("log")
_sqrt: Callable[[int], int] = _unopened("sqrt")
_pow: Callable[[int, float], int] = _unopened("pow")
_abs: Callable[[int], int] = _unopened("abs")
_sign: Callable[[int], int] = _unopened("sign")
_clamp: Callable[[int, Pointer, Pointer], int] = _unopened("clamp")
_sin: Callable[[int], int] = _unopened("sin")
_cos: Callable[[int], int] = _unopened("cos")
_erf: Callable[[int], int] = _unopened("erf")
_pow_tensor: Callable[[int, int], int] = _unopened("pow_tensor")
_matmul: Callable[[int, int], int] = _unopened("matmul")
_transpose: Callable[[int, int, int], int] = _unopened("transpose")
_transpose_2d: Callable[[int], int] = _unopened("transpose_2d")
_sum: Callable[[int], float] = _unopened("sum")
_mean: Callable[[int], float] = _unopened("mean")
_max: Callable[[int], float] = _unopened("max")
_min: Callable[[int], float] = _unopened("min")
_sum_tensor: Callable[[int], int] = _unopened("sum_tensor")
_mean_tensor: Callable[[int], int] = _unopened("mean_tensor")
_max_tensor: Callable[[int], int] = _unopened("max_tensor")
_min_tensor: Callable[[int], int] = _unopened("min_tensor")
_sum_dim: Callable[[int, int, int], int] = _unopened("sum_dim")
_mean_dim: Callable[[int, int, int], int] = _unopened("mean_dim")
_sum_to: Callable[[int, Pointer, int], int] = _unopened("sum_to")
_amax: Callable[[int, int, int], int] = _unopened("amax")
_amin: Callable[[int, int, int], int] = _unopened("amin")
_argmax: Callable[[int, Pointer, int], int] = _unopened("argmax")
_argmin: Callable[[int, Pointer, int], int] = _unopened("argmin")
_relu: Callable[[int], int] = _unopened("relu")
_relu_backward: Callable[[int, int], int] = _unopened("relu_backward")
_sigmoid: Callable[[int], int] = _unopened("sigmoid")
_tanh: Callable[[int], int] = _unopened("tanh")
_softmax: Callable[[int, int], int] = _unopened("softmax")
_log_softmax: Callable[[int, int], int] = _unopened("log_softmax")
_leaky_relu: Callable[[int, float], int] = _unopened("leaky_relu")
_elu: Callable[[int, float], int] = _unopened("elu")
_gelu: Callable[[int, Pointer], int] = _unopened("gelu")
_eq: Callable[[int, int], int] = _unopened("eq")
_ne: Callable[[int, int], int] = _unopened("ne")
_gt: Callable[[int, int], int] = _unopened("gt")
_lt: Callable[[int, int], int] = _unopened("lt")
_ge: Callable[[int, int], int] = _unopened("ge")
_le: Callable[[int, int], int] = _unopened("le")
_where: Callable[[int, int, int], int] = _unopened("where")
_reshape: Callable[[int, Pointer, int], int] = _unopened("reshape")
_flatten: Callable[[int], int] = _unopened("flatten")
_squeeze: Callable[[int, Pointer], int] = _unopened("squeeze")
_unsqueeze: Callable[[int, int], int] = _unopened("unsqueeze")
_expand: Callable[[int, Pointer, int], int] = _unopened("expand")
_narrow: Callable[[int, int, int, int], int] = _unopened("narrow")
_strided: Callable[[int, Pointer, int, Pointer, int, int], int] = _unopened("strided")
_index_select: Callable[[int, int, int], int] = _unopened("index_select")
_index_add: Callable[[int, int, int, int], int] = _unopened("index_add")
_gather: Callable[[int, int, int], int] = _unopened("gather")
_scatter_add: Callable[[int, int, int, int], int] = _unopened("scatter_add")
_take: Callable[[int, Pointer, int], int] = _unopened("take")
_put: Callable[[int, Pointer, int, int], int] = _unopened("put")
_assign: Callable[[int, int], int] = _unopened("assign")
_cat: Callable[[Pointer, int, int], int] = _unopened("cat")
_stack: Callable[[Pointer, int, int], int] = _unopened("stack")
_clone: Callable[[int], int] = _unopened("clone")
_detach: Callable[[int], int] = _unopened("detach")
_contiguous: Callable[[int], int] = _unopened("contiguous")
_to_dtype: Callable[[int, Pointer], int] = _unopened("to_dtype")
_to_device: Callable[[int, Pointer], int] = _unopened("to_device")
_linear: Callable[[int, int, int], int] = _unopened("linear")
_conv2d: Callable[[int, int, int, Pointer, int, Pointer, int, Pointer, int, int], int] = _unopened("conv2d")
_conv2d_input: Callable[[int, int, Pointer, int, Pointer, int, Pointer, int, Pointer, int, int], int] = _unopened(
    "conv2d_input"
)
_conv2d_weight: Callable[[int, int, Pointer, int, Pointer, int, Pointer, int, Pointer, int, int], int] = _unopened(
    "conv2d_weight"
)
_max_pool2d: Callable[[int, Pointer, int, Pointer, int, Pointer, int, Pointer, int, int], int] = _unopened("max_pool2d")
_max_pool2d_backward: Callable[[int, int, Pointer, int, Pointer, int, Pointer, int, Pointer, int, int], int] = (
    _unopened("max_pool2d_backward")
)
_max_pool2d_pick: Callable[[int, int, Pointer, int, Pointer, int, Pointer, int, Pointer, int, int], int] = _unopened(
    "max_pool2d_pick"
)
_avg_pool2d: Callable[[int, Pointer, int, Pointer, int, Pointer, int, int, int], int] = _unopened("avg_pool2d")
_avg_pool2d_backward: Callable[[int, Pointer, int, Pointer, int, Pointer, int, Pointer, int, int, int], int] = (
    _unopened("avg_pool2d_backward")
)
_embedding: Callable[[int, int], int] = _unopened("embedding")
_embedding_backward: Callable[[int, int, int], int] = _unopened("embedding_backward")
_layer_norm: Callable[[int, Pointer, int, int, int, float], int] = _unopened("layer_norm")
_batch_norm: Callable[[int, int, int, int, int, float], int] = _unopened("batch_norm")
_batch_norm_backward: Callable[[int, int, int, float], int] = _unopened("batch_norm_backward")
_batch_statistics: Callable[[int], int] = _unopened("batch_statistics")
_batch_norm_measured: Callable[[int, int, int, int, float], int] = _unopened("batch_norm_measured")
_batch_norm_measured_backward: Callable[[int, int, int, int, float], int] = _unopened("batch_norm_measured_backward")
_binary_cross_entropy: Callable[[int, int], int] = _unopened("binary_cross_entropy")
_cross_entropy: Callable[[int, int, Pointer], int] = _unopened("cross_entropy")
_cross_entropy_backward: Callable[[int, int, int, Pointer], int] = _unopened("cross_entropy_backward")
_adam: Callable[[int, int, int, int, int, float, float, float, float, float, int, Pointer, Pointer, Pointer], int] = (
    _unopened("adam")
)
_free: Callable[[int], int] = _unopened("free")
_retain: Callable[[int], int] = _unopened("retain")
_live_handles: Callable[[], int] = _unopened("live_handles")
_wrap: Callable[[Pointer, Pointer, int, Pointer, int, Pointer, int], int] = _unopened("wrap")
_wrap_copies: Callable[[], int] = _unopened("wrap_copies")
_released: Callable[[Pointer, int], int] = _unopened("released")
_data_ptr: Callable[[int], Pointer] = _unopened("data_ptr")
_to_dlpack: Callable[[int], Pointer] = _unopened("to_dlpack")
_from_dlpack: Callable[[Pointer], int] = _unopened("from_dlpack")
_cuda_available: Callable[[], int] = _unopened("cuda_available")
_set_num_threads: Callable[[int], int] = _unopened("set_num_threads")
_get_num_threads: Callable[[], int] = _unopened("get_num_threads")
_cuda_device_count: Callable[[], int] = _unopened("cuda_device_count")
_cuda_problem: Callable[[], Pointer] = _unopened("cuda_problem")
_cuda_current_stream: Callable[[Pointer], Pointer] = _unopened("cuda_current_stream")
_cuda_set_stream: Callable[[Pointer, Pointer], int] = _unopened("cuda_set_stream")
_cuda_synchronize: Callable[[Pointer], int] = _unopened("cuda_synchronize")


def _read(code: str, symbol: str, function: Callable[..., int], *arguments: Any) -> array[Any]:
    """A list result: ask for its length, make room, have it written."""
    length = function(*arguments, _memory.null, 0)
    for _ in range(3):  # another thread may have made the list grow in between
        if length < 0:
            raise _failure(symbol)
        out, place = _memory.room(code, length)
        written = function(*arguments, place, length)
        if written >= 0:
            return out[:written]
        problem = _last_error_code(), _memory.text(_last_error()) or symbol
        longer = function(*arguments, _memory.null, 0)
        length = length if 0 <= longer < length else longer
    raise errors.from_code(*problem, symbol)


def _failure(symbol: str) -> errors.RtTorchError:
    """The thread's last failure as an exception."""
    text = _memory.text(_last_error()) or symbol
    return errors.from_code(_last_error_code(), text, symbol)


def _not_released(code: int, symbol: str, *values: Any) -> errors.RtTorchError:
    """Functions that release leave the thread's error state alone, so the code and the arguments are all to tell."""
    kind = errors.BY_CODE.get(code, errors.RtTorchError)
    return kind(f"{symbol}: {_given(symbol, *values)}{kind.__doc__}", symbol)


def abi_version() -> int:
    """Version of this library's own C ABI; it grows when functions are added, and none is ever removed."""
    return _abi_version()


def load(path: str | None = None) -> None:
    """Open libtorch now instead of at the first call that needs it.

    Without a path the search runs: the RT_TORCH_LIBTORCH environment variable, a libtorch already in the process, the
    path suggested with rt_torch_suggest_path, the system's loader path. Loading again is a success if it means the same
    file, and refused otherwise: one process can hold one libtorch. A path that does not exist or cannot be used is the
    error `no_upstream`.

    Args:
        path: File libtorch_cpu.so or a folder that holds it (`torch/lib`), in at most 4095 bytes; None runs the search.
    """
    try:
        code = _load(_memory.utf8_or_null(path))
    except _refused as error:
        load(*_plain(error, "rt_torch_load", path))
        return
    if code:
        raise _failure("rt_torch_load")


def suggest_path(path: str | None = None) -> None:
    """Say where libtorch probably is, to be tried ahead of the system's loader path when a search runs.

    Args:
        path: File libtorch_cpu.so or a folder that holds it, in at most 4095 bytes; None takes the suggestion back.
    """
    try:
        code = _suggest_path(_memory.utf8_or_null(path))
    except _refused as error:
        suggest_path(*_plain(error, "rt_torch_suggest_path", path))
        return
    if code:
        raise _failure("rt_torch_suggest_path")


def available() -> bool:
    """Whether libtorch is there: 1 when it is loaded or the search finds and loads it now, otherwise 0.

    The reason for a 0 is what rt_torch_load(None) then reports.
    """
    return _available() != 0


def function_available(name: str) -> bool:
    """Whether the function of that name would work with the libtorch that is there; 0 for an unknown name.

    Args:
        name: A function of this library, for example "rt_torch_add".
    """
    try:
        out = _function_available(_utf8(name))
    except _refused as error:
        return function_available(*_plain(error, "rt_torch_function_available", name))
    return out != 0


def libtorch_path() -> str:
    """File that libtorch was loaded from."""
    out = _memory.text(_libtorch_path())
    if out is None:
        raise _failure("rt_torch_libtorch_path")
    return out


def version() -> str:
    """Version of the libtorch in use, for example "2.13.0"."""
    out = _memory.text(_version())
    if out is None:
        raise _failure("rt_torch_version")
    return out


def last_error() -> str:
    """Text of this thread's last failure; empty when there was none.

    The text names the function, the argument, what was given and what was expected. It stays readable until the
    thread's next failure.
    """
    return _memory.text(_last_error()) or ""


def last_error_code() -> int:
    """Code of this thread's last call: 0 after a success, otherwise one of the error codes.

    Where a failure value is also a legal result (NaN from a sum, say), this tells them apart.
    """
    return _last_error_code()


def clear_error() -> None:
    """Forget this thread's last failure, code and text."""
    code = _clear_error()
    if code:
        raise _not_released(code, "rt_torch_clear_error")


def zeros(shape: Integers, dtype: str, device: str) -> int:
    """A tensor of zeros.

    Args:
        shape: Sizes; none makes a 0-dim tensor, a 0 among them an empty one.
        dtype: Element type: "f64", "f32", "f16", "bf16", "i64", "i32", "i16", "i8", "u8" or "bool"; torch's own names,
            such as "float32", are accepted too.
        device: Device: "cpu", "cuda" or "gpu" (the first CUDA device), or "cuda:N".
    """
    try:
        out = _zeros(*_memory.elements("q", shape), _utf8(dtype), _utf8(device))
    except _refused as error:
        return zeros(*_plain(error, "rt_torch_zeros", shape, dtype, device))
    if not out:
        raise _failure("rt_torch_zeros")
    return out


def ones(shape: Integers, dtype: str, device: str) -> int:
    """A tensor of ones.

    Args:
        shape: Sizes; none makes a 0-dim tensor, a 0 among them an empty one.
        dtype: Element type: "f64", "f32", "f16", "bf16", "i64", "i32", "i16", "i8", "u8" or "bool"; torch's own names,
            such as "float32", are accepted too.
        device: Device: "cpu", "cuda" or "gpu" (the first CUDA device), or "cuda:N".
    """
    try:
        out = _ones(*_memory.elements("q", shape), _utf8(dtype), _utf8(device))
    except _refused as error:
        return ones(*_plain(error, "rt_torch_ones", shape, dtype, device))
    if not out:
        raise _failure("rt_torch_ones")
    return out


def full(shape: Integers, value: float, dtype: str, device: str) -> int:
    """A tensor whose elements are all `value`.

    For an integer dtype `value` must be a whole number that it holds, where torch cuts a fraction off; as a double
    holds integers up to 2^53 only, a larger one is the nearest double (rt_torch_from_data_i64 takes every i64). For
    bool, anything but 0 is true.

    Args:
        shape: Sizes; none makes a 0-dim tensor, a 0 among them an empty one.
        value: The number; for a floating-point dtype also NaN or an infinity.
        dtype: Element type: "f64", "f32", "f16", "bf16", "i64", "i32", "i16", "i8", "u8" or "bool"; torch's own names,
            such as "float32", are accepted too.
        device: Device: "cpu", "cuda" or "gpu" (the first CUDA device), or "cuda:N".
    """
    try:
        out = _full(*_memory.elements("q", shape), value, _utf8(dtype), _utf8(device))
    except _refused as error:
        return full(*_plain(error, "rt_torch_full", shape, value, dtype, device))
    if not out:
        raise _failure("rt_torch_full")
    return out


def arange(start: float, end: float, step: float, dtype: str, device: str) -> int:
    """The numbers from `start` on, `step` apart, that come before `end`.

    Their count is (end - start) / step, computed in f64 and rounded up. Element i is start + i * step in f64, which for
    f32 is then rounded once, and for f16 and bf16 converted by libtorch. Of an integer dtype, every element must be a
    whole number that it holds, where torch cuts fractions off and wraps around; these are added as integers, exactly.
    In a floating-point dtype what is too large is infinite. bool is refused.

    Args:
        start: The first element.
        end: Where the range ends; it is not an element itself.
        step: The distance; a negative one goes down.
        dtype: Element type: "f64", "f32", "f16", "bf16", "i64", "i32", "i16", "i8", "u8" or "bool"; torch's own names,
            such as "float32", are accepted too.
        device: Device: "cpu", "cuda" or "gpu" (the first CUDA device), or "cuda:N".
    """
    try:
        out = _arange(start, end, step, _utf8(dtype), _utf8(device))
    except _refused as error:
        return arange(*_plain(error, "rt_torch_arange", start, end, step, dtype, device))
    if not out:
        raise _failure("rt_torch_arange")
    return out


def from_data_f64(data: Numbers, shape: Integers) -> int:
    """Copy `data` into a new contiguous f64 tensor of shape `shape`.

    Args:
        data: Elements in row-major order.
        shape: Sizes; their product must be the number of elements.
    """
    try:
        out = _from_data_f64(*_memory.elements("d", data), *_memory.elements("q", shape))
    except _refused as error:
        return from_data_f64(*_plain(error, "rt_torch_from_data_f64", data, shape))
    if not out:
        raise _failure("rt_torch_from_data_f64")
    return out


def from_data_f32(data: Numbers, shape: Integers) -> int:
    """Copy `data` into a new contiguous f32 tensor of shape `shape`.

    Args:
        data: Elements in row-major order.
        shape: Sizes; their product must be the number of elements.
    """
    try:
        out = _from_data_f32(*_memory.elements("f", data), *_memory.elements("q", shape))
    except _refused as error:
        return from_data_f32(*_plain(error, "rt_torch_from_data_f32", data, shape))
    if not out:
        raise _failure("rt_torch_from_data_f32")
    return out


def from_data_i64(data: Integers, shape: Integers) -> int:
    """Copy `data` into a new contiguous i64 tensor of shape `shape`.

    Args:
        data: Elements in row-major order.
        shape: Sizes; their product must be the number of elements.
    """
    try:
        out = _from_data_i64(*_memory.elements("q", data), *_memory.elements("q", shape))
    except _refused as error:
        return from_data_i64(*_plain(error, "rt_torch_from_data_i64", data, shape))
    if not out:
        raise _failure("rt_torch_from_data_i64")
    return out


def from_data_bool(data: Integers, shape: Integers) -> int:
    """Copy `data` into a new contiguous bool tensor of shape `shape`; every byte but 0 is true.

    Args:
        data: One byte per element, in row-major order.
        shape: Sizes; their product must be the number of elements.
    """
    try:
        out = _from_data_bool(*_memory.elements("B", data), *_memory.elements("q", shape))
    except _refused as error:
        return from_data_bool(*_plain(error, "rt_torch_from_data_bool", data, shape))
    if not out:
        raise _failure("rt_torch_from_data_bool")
    return out


def manual_seed(seed: int) -> None:
    """Begin the stream of random numbers of that seed, from which rt_torch_randn then draws.

    The generator is the process's: all threads draw from it, each number once. Before the first call the seed is a
    random one that the system gives. A forked child goes on from where its parent was, and so draws the same numbers
    unless it is given a seed of its own.

    Args:
        seed: Any number; each names another stream.
    """
    try:
        code = _manual_seed(seed)
    except _refused as error:
        manual_seed(*_plain(error, "rt_torch_manual_seed", seed))
        return
    if code:
        raise _failure("rt_torch_manual_seed")


def random_state() -> tuple[int, int]:
    """Where the generator is: its seed, and how many blocks of two numbers were drawn. rt_torch_set_random_state
    takes both back.
    """
    seed, seed_at = _memory.room("q", 1)
    offset, offset_at = _memory.room("q", 1)
    code = _random_state(seed_at, offset_at)
    if code:
        raise _failure("rt_torch_random_state")
    return seed[0], offset[0]


def set_random_state(seed: int, offset: int) -> None:
    """Put the generator to a place in a stream, such as one that rt_torch_random_state gave.

    Args:
        seed: Any number; each names another stream.
        offset: Blocks to leave out, each of two numbers; a negative one stands for 2^64 more.
    """
    try:
        code = _set_random_state(seed, offset)
    except _refused as error:
        set_random_state(*_plain(error, "rt_torch_set_random_state", seed, offset))
        return
    if code:
        raise _failure("rt_torch_set_random_state")


def randn(shape: Integers, dtype: str, device: str) -> int:
    """A tensor of independent samples of the standard normal distribution.

    Drawn from the generator that rt_torch_manual_seed seeds, as rt_torch_randn_at describes; of an odd count of numbers
    the last block's second one is dropped. They do not depend on the libtorch in use, nor on the device. A tensor that
    has elements takes a floating-point dtype.

    Args:
        shape: Sizes; none makes a 0-dim tensor, a 0 among them an empty one.
        dtype: Element type: "f64", "f32", "f16", "bf16", "i64", "i32", "i16", "i8", "u8" or "bool"; torch's own names,
            such as "float32", are accepted too.
        device: Device: "cpu", "cuda" or "gpu" (the first CUDA device), or "cuda:N".
    """
    try:
        out = _randn(*_memory.elements("q", shape), _utf8(dtype), _utf8(device))
    except _refused as error:
        return randn(*_plain(error, "rt_torch_randn", shape, dtype, device))
    if not out:
        raise _failure("rt_torch_randn")
    return out


def randn_at(shape: Integers, seed: int, offset: int, dtype: str, device: str) -> int:
    """Samples of the standard normal distribution from a given place in a stream; the generator stays where it is.

    Block k is Philox4x32-10 of the key `seed` and the counter offset + k, both as 64 bits, the low 32 first. Of its
    four words two numbers u and v of 53 bits are made, the low word first; sqrt(-2 * log((u + 1) / 2^53)) times the
    cosine and the sine of 2 * pi * v / 2^53 are elements 2k and 2k + 1, computed in f64. For f32 they are rounded once,
    for f16 and bf16 converted by libtorch. A tensor that has elements takes a floating-point dtype.

    Args:
        shape: Sizes; none makes a 0-dim tensor, a 0 among them an empty one.
        seed: Any number; each names another stream.
        offset: Blocks to leave out, each of two numbers; a negative one stands for 2^64 more.
        dtype: Element type: "f64", "f32", "f16", "bf16", "i64", "i32", "i16", "i8", "u8" or "bool"; torch's own names,
            such as "float32", are accepted too.
        device: Device: "cpu", "cuda" or "gpu" (the first CUDA device), or "cuda:N".
    """
    try:
        out = _randn_at(*_memory.elements("q", shape), seed, offset, _utf8(dtype), _utf8(device))
    except _refused as error:
        return randn_at(*_plain(error, "rt_torch_randn_at", shape, seed, offset, dtype, device))
    if not out:
        raise _failure("rt_torch_randn_at")
    return out


def rand(shape: Integers, dtype: str, device: str) -> int:
    """A tensor of independent samples of the uniform distribution from 0 to below 1.

    Drawn from the generator that rt_torch_manual_seed seeds, as rt_torch_rand_at describes; of an odd count of numbers
    the last block's second one is dropped. They do not depend on the libtorch in use, nor on the device. A tensor that
    has elements takes a floating-point dtype.

    Args:
        shape: Sizes; none makes a 0-dim tensor, a 0 among them an empty one.
        dtype: Element type: "f64", "f32", "f16", "bf16", "i64", "i32", "i16", "i8", "u8" or "bool"; torch's own names,
            such as "float32", are accepted too.
        device: Device: "cpu", "cuda" or "gpu" (the first CUDA device), or "cuda:N".
    """
    try:
        out = _rand(*_memory.elements("q", shape), _utf8(dtype), _utf8(device))
    except _refused as error:
        return rand(*_plain(error, "rt_torch_rand", shape, dtype, device))
    if not out:
        raise _failure("rt_torch_rand")
    return out


def rand_at(shape: Integers, seed: int, offset: int, dtype: str, device: str) -> int:
    """Samples of the uniform distribution from 0 to below 1 from a given place in a stream; the generator stays
    where it is.

    Block k gives the two numbers u and v of 53 bits that rt_torch_randn_at describes. For f64, elements 2k and 2k + 1
    are u / 2^53 and v / 2^53. A smaller dtype takes as many of the upper bits as its numbers have, so that none is
    rounded up to 1: f32 the upper 24, f16 the upper 11, bf16 the upper 8; for f32 the elements are floor(u / 2^29) /
    2^24 and floor(v / 2^29) / 2^24. A tensor that has elements takes a floating-point dtype.

    Args:
        shape: Sizes; none makes a 0-dim tensor, a 0 among them an empty one.
        seed: Any number; each names another stream.
        offset: Blocks to leave out, each of two numbers; a negative one stands for 2^64 more.
        dtype: Element type: "f64", "f32", "f16", "bf16", "i64", "i32", "i16", "i8", "u8" or "bool"; torch's own names,
            such as "float32", are accepted too.
        device: Device: "cpu", "cuda" or "gpu" (the first CUDA device), or "cuda:N".
    """
    try:
        out = _rand_at(*_memory.elements("q", shape), seed, offset, _utf8(dtype), _utf8(device))
    except _refused as error:
        return rand_at(*_plain(error, "rt_torch_rand_at", shape, seed, offset, dtype, device))
    if not out:
        raise _failure("rt_torch_rand_at")
    return out


def to_data_f64(x: int) -> list[float]:
    """Copy the elements of a tensor of dtype f64 out in row-major order, whatever its strides and device."""
    try:
        out = _read("d", "rt_torch_to_data_f64", _to_data_f64, x)
    except _refused as error:
        return to_data_f64(*_plain(error, "rt_torch_to_data_f64", x))
    return out.tolist()


def to_data_f32(x: int) -> list[float]:
    """Copy the elements of a tensor of dtype f32 out in row-major order, whatever its strides and device."""
    try:
        out = _read("f", "rt_torch_to_data_f32", _to_data_f32, x)
    except _refused as error:
        return to_data_f32(*_plain(error, "rt_torch_to_data_f32", x))
    return out.tolist()


def to_data_i64(x: int) -> list[int]:
    """Copy the elements of a tensor of dtype i64 out in row-major order, whatever its strides and device."""
    try:
        out = _read("q", "rt_torch_to_data_i64", _to_data_i64, x)
    except _refused as error:
        return to_data_i64(*_plain(error, "rt_torch_to_data_i64", x))
    return out.tolist()


def to_data_bool(x: int) -> bytes:
    """Copy the elements of a tensor of dtype bool out in row-major order, whatever its strides and device, one byte
    per element, 0 or 1.
    """
    try:
        out = _read("B", "rt_torch_to_data_bool", _to_data_bool, x)
    except _refused as error:
        return to_data_bool(*_plain(error, "rt_torch_to_data_bool", x))
    return out.tobytes()


def shape(x: int) -> list[int]:
    """Sizes of the dimensions."""
    try:
        out = _read("q", "rt_torch_shape", _shape, x)
    except _refused as error:
        return shape(*_plain(error, "rt_torch_shape", x))
    return out.tolist()


def ndim(x: int) -> int:
    """Number of dimensions."""
    try:
        out = _ndim(x)
    except _refused as error:
        return ndim(*_plain(error, "rt_torch_ndim", x))
    if out == -1 and _last_error_code():
        raise _failure("rt_torch_ndim")
    return out


def numel(x: int) -> int:
    """Number of elements."""
    try:
        out = _numel(x)
    except _refused as error:
        return numel(*_plain(error, "rt_torch_numel", x))
    if out == -1 and _last_error_code():
        raise _failure("rt_torch_numel")
    return out


def dtype(x: int) -> str:
    """Element type, for example "f64"."""
    try:
        out = _memory.text(_dtype(x))
    except _refused as error:
        return dtype(*_plain(error, "rt_torch_dtype", x))
    if out is None:
        raise _failure("rt_torch_dtype")
    return out


def device(x: int) -> str:
    """Device that holds the elements, for example "cpu" or "cuda:0"."""
    try:
        out = _memory.text(_device(x))
    except _refused as error:
        return device(*_plain(error, "rt_torch_device", x))
    if out is None:
        raise _failure("rt_torch_device")
    return out


def strides(x: int) -> list[int]:
    """Distance, in elements, from one element to the next in each dimension."""
    try:
        out = _read("q", "rt_torch_strides", _strides, x)
    except _refused as error:
        return strides(*_plain(error, "rt_torch_strides", x))
    return out.tolist()


def is_contiguous(x: int) -> bool:
    """Whether the elements lie in row-major order without gaps: 1 or 0."""
    try:
        out = _is_contiguous(x)
    except _refused as error:
        return is_contiguous(*_plain(error, "rt_torch_is_contiguous", x))
    if out < 0:
        raise _failure("rt_torch_is_contiguous")
    return out != 0


def add(a: int, b: int) -> int:
    """Sum of `a` and `b`, element by element; for two bool tensors, logical or."""
    try:
        out = _add(a, b)
    except _refused as error:
        return add(*_plain(error, "rt_torch_add", a, b))
    if not out:
        raise _failure("rt_torch_add")
    return out


def sub(a: int, b: int) -> int:
    """Difference of `a` and `b`, element by element."""
    try:
        out = _sub(a, b)
    except _refused as error:
        return sub(*_plain(error, "rt_torch_sub", a, b))
    if not out:
        raise _failure("rt_torch_sub")
    return out


def mul(a: int, b: int) -> int:
    """Product of `a` and `b`, element by element; for two bool tensors, logical and."""
    try:
        out = _mul(a, b)
    except _refused as error:
        return mul(*_plain(error, "rt_torch_mul", a, b))
    if not out:
        raise _failure("rt_torch_mul")
    return out


def div(a: int, b: int) -> int:
    """True quotient of `a` and `b`, element by element; division by zero gives an infinity or NaN."""
    try:
        out = _div(a, b)
    except _refused as error:
        return div(*_plain(error, "rt_torch_div", a, b))
    if not out:
        raise _failure("rt_torch_div")
    return out


def neg(x: int) -> int:
    """Negative of each element."""
    try:
        out = _neg(x)
    except _refused as error:
        return neg(*_plain(error, "rt_torch_neg", x))
    if not out:
        raise _failure("rt_torch_neg")
    return out


def add_scalar(x: int, s: float) -> int:
    """`x + s` for each element.

    Args:
        s: The number.
    """
    try:
        out = _add_scalar(x, s)
    except _refused as error:
        return add_scalar(*_plain(error, "rt_torch_add_scalar", x, s))
    if not out:
        raise _failure("rt_torch_add_scalar")
    return out


def mul_scalar(x: int, s: float) -> int:
    """`x * s` for each element.

    Args:
        s: The number.
    """
    try:
        out = _mul_scalar(x, s)
    except _refused as error:
        return mul_scalar(*_plain(error, "rt_torch_mul_scalar", x, s))
    if not out:
        raise _failure("rt_torch_mul_scalar")
    return out


def div_scalar(x: int, s: float) -> int:
    """`x / s` for each element; division by zero gives an infinity or NaN.

    Args:
        s: The number.
    """
    try:
        out = _div_scalar(x, s)
    except _refused as error:
        return div_scalar(*_plain(error, "rt_torch_div_scalar", x, s))
    if not out:
        raise _failure("rt_torch_div_scalar")
    return out


def add_scaled(a: int, b: int, s: float) -> int:
    """`a + s * b`, element by element.

    Args:
        s: The number.
    """
    try:
        out = _add_scaled(a, b, s)
    except _refused as error:
        return add_scaled(*_plain(error, "rt_torch_add_scaled", a, b, s))
    if not out:
        raise _failure("rt_torch_add_scaled")
    return out


def maximum(a: int, b: int) -> int:
    """The larger of `a` and `b`, element by element; NaN where one of the two is NaN."""
    try:
        out = _maximum(a, b)
    except _refused as error:
        return maximum(*_plain(error, "rt_torch_maximum", a, b))
    if not out:
        raise _failure("rt_torch_maximum")
    return out


def minimum(a: int, b: int) -> int:
    """The smaller of `a` and `b`, element by element; NaN where one of the two is NaN."""
    try:
        out = _minimum(a, b)
    except _refused as error:
        return minimum(*_plain(error, "rt_torch_minimum", a, b))
    if not out:
        raise _failure("rt_torch_minimum")
    return out


def exp(x: int) -> int:
    """e to the power of each element."""
    try:
        out = _exp(x)
    except _refused as error:
        return exp(*_plain(error, "rt_torch_exp", x))
    if not out:
        raise _failure("rt_torch_exp")
    return out


def log(x: int) -> int:
    """Natural logarithm of each element; -infinity at 0, NaN below."""
    try:
        out = _log(x)
    except _refused as error:
        return log(*_plain(error, "rt_torch_log", x))
    if not out:
        raise _failure("rt_torch_log")
    return out


def sqrt(x: int) -> int:
    """Square root of each element; NaN below 0."""
    try:
        out = _sqrt(x)
    except _refused as error:
        return sqrt(*_plain(error, "rt_torch_sqrt", x))
    if not out:
        raise _failure("rt_torch_sqrt")
    return out


def pow(x: int, exponent: float) -> int:
    """Each element to the power of `exponent`.

    Args:
        exponent: The exponent.
    """
    try:
        out = _pow(x, exponent)
    except _refused as error:
        return pow(*_plain(error, "rt_torch_pow", x, exponent))
    if not out:
        raise _failure("rt_torch_pow")
    return out


def abs(x: int) -> int:
    """Absolute value of each element."""
    try:
        out = _abs(x)
    except _refused as error:
        return abs(*_plain(error, "rt_torch_abs", x))
    if not out:
        raise _failure("rt_torch_abs")
    return out


def sign(x: int) -> int:
    """1 for each element above 0, -1 for each below, 0 for 0 and NaN; a bool stays as it is."""
    try:
        out = _sign(x)
    except _refused as error:
        return sign(*_plain(error, "rt_torch_sign", x))
    if not out:
        raise _failure("rt_torch_sign")
    return out


def clamp(x: int, min: float | None = None, max: float | None = None) -> int:
    """Each element, but `min` where it is smaller, and `max` where it is larger; NaN stays NaN.

    Where `min` is larger than `max`, all elements are `max`. A bound that is NaN makes all of them NaN. For integers
    the bounds must be whole numbers that the dtype holds, where torch would make the result floating-point; beyond
    2**53 the nearest f64 is the bound.

    Args:
        min: The smallest that an element may be; None for no bound.
        max: The largest that an element may be; None for no bound.
    """
    try:
        out = _clamp(x, _memory.number_or_null("d", min), _memory.number_or_null("d", max))
    except _refused as error:
        return clamp(*_plain(error, "rt_torch_clamp", x, min, max))
    if not out:
        raise _failure("rt_torch_clamp")
    return out


def sin(x: int) -> int:
    """Sine of each element, which is an angle in radians."""
    try:
        out = _sin(x)
    except _refused as error:
        return sin(*_plain(error, "rt_torch_sin", x))
    if not out:
        raise _failure("rt_torch_sin")
    return out


def cos(x: int) -> int:
    """Cosine of each element, which is an angle in radians."""
    try:
        out = _cos(x)
    except _refused as error:
        return cos(*_plain(error, "rt_torch_cos", x))
    if not out:
        raise _failure("rt_torch_cos")
    return out


def erf(x: int) -> int:
    """Error function of each element: the share of a normal distribution of variance 1/2 within `x` of its mean."""
    try:
        out = _erf(x)
    except _refused as error:
        return erf(*_plain(error, "rt_torch_erf", x))
    if not out:
        raise _failure("rt_torch_erf")
    return out


def pow_tensor(a: int, b: int) -> int:
    """Each element of `a` to the power of the element of `b`; NaN for a negative one to a power that is no integer.

    Integers give integers, modulo their range; to a negative power, 1 and -1 give 1 and -1, and all others 0.
    """
    try:
        out = _pow_tensor(a, b)
    except _refused as error:
        return pow_tensor(*_plain(error, "rt_torch_pow_tensor", a, b))
    if not out:
        raise _failure("rt_torch_pow_tensor")
    return out


def matmul(a: int, b: int) -> int:
    """Matrix product of `a` and `b`; leading dimensions broadcast, a 1-dim tensor is a vector."""
    try:
        out = _matmul(a, b)
    except _refused as error:
        return matmul(*_plain(error, "rt_torch_matmul", a, b))
    if not out:
        raise _failure("rt_torch_matmul")
    return out


def transpose(x: int, dim0: int, dim1: int) -> int:
    """`x` with the dimensions `dim0` and `dim1` exchanged.

    Args:
        dim0: First dimension; a negative one counts from the end.
        dim1: Second dimension; a negative one counts from the end.
    """
    try:
        out = _transpose(x, dim0, dim1)
    except _refused as error:
        return transpose(*_plain(error, "rt_torch_transpose", x, dim0, dim1))
    if not out:
        raise _failure("rt_torch_transpose")
    return out


def transpose_2d(x: int) -> int:
    """Transpose of a matrix; a tensor of fewer than two dimensions is returned as it is."""
    try:
        out = _transpose_2d(x)
    except _refused as error:
        return transpose_2d(*_plain(error, "rt_torch_transpose_2d", x))
    if not out:
        raise _failure("rt_torch_transpose_2d")
    return out


def sum(x: int) -> float:
    """Sum of all elements as a number; 0 for an empty tensor.

    An integer sum beyond 2^53 is rounded to a double; rt_torch_sum_tensor keeps it exact.
    """
    try:
        out = _sum(x)
    except _refused as error:
        return sum(*_plain(error, "rt_torch_sum", x))
    if _isnan(out) and _last_error_code():
        raise _failure("rt_torch_sum")
    return out


def mean(x: int) -> float:
    """Mean of all elements as a number; NaN for an empty tensor."""
    try:
        out = _mean(x)
    except _refused as error:
        return mean(*_plain(error, "rt_torch_mean", x))
    if _isnan(out) and _last_error_code():
        raise _failure("rt_torch_mean")
    return out


def max(x: int) -> float:
    """Largest element as a number; NaN if any element is NaN."""
    try:
        out = _max(x)
    except _refused as error:
        return max(*_plain(error, "rt_torch_max", x))
    if _isnan(out) and _last_error_code():
        raise _failure("rt_torch_max")
    return out


def min(x: int) -> float:
    """Smallest element as a number; NaN if any element is NaN."""
    try:
        out = _min(x)
    except _refused as error:
        return min(*_plain(error, "rt_torch_min", x))
    if _isnan(out) and _last_error_code():
        raise _failure("rt_torch_min")
    return out


def sum_tensor(x: int) -> int:
    """Sum of all elements as a 0-dim tensor; exact for integers, modulo 2^64."""
    try:
        out = _sum_tensor(x)
    except _refused as error:
        return sum_tensor(*_plain(error, "rt_torch_sum_tensor", x))
    if not out:
        raise _failure("rt_torch_sum_tensor")
    return out


def mean_tensor(x: int) -> int:
    """Mean of all elements as a 0-dim tensor."""
    try:
        out = _mean_tensor(x)
    except _refused as error:
        return mean_tensor(*_plain(error, "rt_torch_mean_tensor", x))
    if not out:
        raise _failure("rt_torch_mean_tensor")
    return out


def max_tensor(x: int) -> int:
    """Largest element as a 0-dim tensor."""
    try:
        out = _max_tensor(x)
    except _refused as error:
        return max_tensor(*_plain(error, "rt_torch_max_tensor", x))
    if not out:
        raise _failure("rt_torch_max_tensor")
    return out


def min_tensor(x: int) -> int:
    """Smallest element as a 0-dim tensor."""
    try:
        out = _min_tensor(x)
    except _refused as error:
        return min_tensor(*_plain(error, "rt_torch_min_tensor", x))
    if not out:
        raise _failure("rt_torch_min_tensor")
    return out


def sum_dim(x: int, dim: int, keepdim: bool) -> int:
    """Sum along one dimension.

    Args:
        dim: Dimension to reduce; a negative one counts from the end.
        keepdim: 1 to keep the reduced dimension with size 1, 0 to drop it.
    """
    try:
        out = _sum_dim(x, dim, keepdim)
    except _refused as error:
        return sum_dim(*_plain(error, "rt_torch_sum_dim", x, dim, keepdim))
    if not out:
        raise _failure("rt_torch_sum_dim")
    return out


def mean_dim(x: int, dim: int, keepdim: bool) -> int:
    """Mean along one dimension.

    Args:
        dim: Dimension to reduce; a negative one counts from the end.
        keepdim: 1 to keep the reduced dimension with size 1, 0 to drop it.
    """
    try:
        out = _mean_dim(x, dim, keepdim)
    except _refused as error:
        return mean_dim(*_plain(error, "rt_torch_mean_dim", x, dim, keepdim))
    if not out:
        raise _failure("rt_torch_mean_dim")
    return out


def sum_to(x: int, shape: Integers) -> int:
    """`x` summed to the shape `shape`, as if it had been expanded from that: what was repeated is added up again.

    Summed are the dimensions that `shape` does not have, which are the first ones, and those that it has with size 1.

    Args:
        shape: Sizes of the result.
    """
    try:
        out = _sum_to(x, *_memory.elements("q", shape))
    except _refused as error:
        return sum_to(*_plain(error, "rt_torch_sum_to", x, shape))
    if not out:
        raise _failure("rt_torch_sum_to")
    return out


def amax(x: int, dim: int, keepdim: bool) -> int:
    """Largest element along one dimension; NaN where an element is NaN.

    Args:
        dim: Dimension to reduce; a negative one counts from the end.
        keepdim: 1 to keep the reduced dimension with size 1, 0 to drop it.
    """
    try:
        out = _amax(x, dim, keepdim)
    except _refused as error:
        return amax(*_plain(error, "rt_torch_amax", x, dim, keepdim))
    if not out:
        raise _failure("rt_torch_amax")
    return out


def amin(x: int, dim: int, keepdim: bool) -> int:
    """Smallest element along one dimension; NaN where an element is NaN.

    Args:
        dim: Dimension to reduce; a negative one counts from the end.
        keepdim: 1 to keep the reduced dimension with size 1, 0 to drop it.
    """
    try:
        out = _amin(x, dim, keepdim)
    except _refused as error:
        return amin(*_plain(error, "rt_torch_amin", x, dim, keepdim))
    if not out:
        raise _failure("rt_torch_amin")
    return out


def argmax(x: int, dim: int | None, keepdim: bool) -> int:
    """Place of the largest element along one dimension, or among all elements in row-major order; the result is i64.

    Of several such elements it is the first one's; a NaN counts as largest.

    Args:
        dim: Dimension to reduce, a negative one counting from the end; None for all of them.
        keepdim: 1 to keep the reduced dimensions with size 1, 0 to drop them.
    """
    try:
        out = _argmax(x, _memory.number_or_null("q", dim), keepdim)
    except _refused as error:
        return argmax(*_plain(error, "rt_torch_argmax", x, dim, keepdim))
    if not out:
        raise _failure("rt_torch_argmax")
    return out


def argmin(x: int, dim: int | None, keepdim: bool) -> int:
    """Place of the smallest element along one dimension, or among all elements in row-major order; the result is
    i64.

    Of several such elements it is the first one's; a NaN counts as smallest.

    Args:
        dim: Dimension to reduce, a negative one counting from the end; None for all of them.
        keepdim: 1 to keep the reduced dimensions with size 1, 0 to drop them.
    """
    try:
        out = _argmin(x, _memory.number_or_null("q", dim), keepdim)
    except _refused as error:
        return argmin(*_plain(error, "rt_torch_argmin", x, dim, keepdim))
    if not out:
        raise _failure("rt_torch_argmin")
    return out


def relu(x: int) -> int:
    """max(x, 0) for each element."""
    try:
        out = _relu(x)
    except _refused as error:
        return relu(*_plain(error, "rt_torch_relu", x))
    if not out:
        raise _failure("rt_torch_relu")
    return out


def relu_backward(gradient: int, y: int) -> int:
    """Gradient of rt_torch_relu, given the one with respect to its result: the same where the result is above 0 or
    NaN, and 0 elsewhere.
    """
    try:
        out = _relu_backward(gradient, y)
    except _refused as error:
        return relu_backward(*_plain(error, "rt_torch_relu_backward", gradient, y))
    if not out:
        raise _failure("rt_torch_relu_backward")
    return out


def sigmoid(x: int) -> int:
    """1 / (1 + exp(-x)) for each element."""
    try:
        out = _sigmoid(x)
    except _refused as error:
        return sigmoid(*_plain(error, "rt_torch_sigmoid", x))
    if not out:
        raise _failure("rt_torch_sigmoid")
    return out


def tanh(x: int) -> int:
    """Hyperbolic tangent of each element."""
    try:
        out = _tanh(x)
    except _refused as error:
        return tanh(*_plain(error, "rt_torch_tanh", x))
    if not out:
        raise _failure("rt_torch_tanh")
    return out


def softmax(x: int, dim: int) -> int:
    """Softmax of `x` along `dim`.

    Args:
        dim: Dimension that sums to 1; a negative one counts from the end.
    """
    try:
        out = _softmax(x, dim)
    except _refused as error:
        return softmax(*_plain(error, "rt_torch_softmax", x, dim))
    if not out:
        raise _failure("rt_torch_softmax")
    return out


def log_softmax(x: int, dim: int) -> int:
    """Logarithm of the softmax of `x` along `dim`, computed without overflow.

    Args:
        dim: Dimension that is normalised; a negative one counts from the end.
    """
    try:
        out = _log_softmax(x, dim)
    except _refused as error:
        return log_softmax(*_plain(error, "rt_torch_log_softmax", x, dim))
    if not out:
        raise _failure("rt_torch_log_softmax")
    return out


def leaky_relu(x: int, slope: float) -> int:
    """Each element that is above 0, and `slope * x` for the others.

    Args:
        slope: What the elements that are not above 0 are multiplied by.
    """
    try:
        out = _leaky_relu(x, slope)
    except _refused as error:
        return leaky_relu(*_plain(error, "rt_torch_leaky_relu", x, slope))
    if not out:
        raise _failure("rt_torch_leaky_relu")
    return out


def elu(x: int, alpha: float) -> int:
    """Each element that is at least 0, and `alpha * (exp(x) - 1)` for the others.

    Args:
        alpha: What the result comes close to, with its sign changed, where `x` is far below 0.
    """
    try:
        out = _elu(x, alpha)
    except _refused as error:
        return elu(*_plain(error, "rt_torch_elu", x, alpha))
    if not out:
        raise _failure("rt_torch_elu")
    return out


def gelu(x: int, approximate: str) -> int:
    """`x` times the share of the standard normal distribution that is below `x`, for each element.

    Args:
        approximate: "none", or "tanh" for 0.5 * x * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x^3))) instead.
    """
    try:
        out = _gelu(x, _utf8(approximate))
    except _refused as error:
        return gelu(*_plain(error, "rt_torch_gelu", x, approximate))
    if not out:
        raise _failure("rt_torch_gelu")
    return out


def eq(a: int, b: int) -> int:
    """For each element, whether `a` and `b` are equal; the result is bool."""
    try:
        out = _eq(a, b)
    except _refused as error:
        return eq(*_plain(error, "rt_torch_eq", a, b))
    if not out:
        raise _failure("rt_torch_eq")
    return out


def ne(a: int, b: int) -> int:
    """For each element, whether `a` and `b` differ; the result is bool."""
    try:
        out = _ne(a, b)
    except _refused as error:
        return ne(*_plain(error, "rt_torch_ne", a, b))
    if not out:
        raise _failure("rt_torch_ne")
    return out


def gt(a: int, b: int) -> int:
    """For each element, whether `a` is greater than `b`; the result is bool."""
    try:
        out = _gt(a, b)
    except _refused as error:
        return gt(*_plain(error, "rt_torch_gt", a, b))
    if not out:
        raise _failure("rt_torch_gt")
    return out


def lt(a: int, b: int) -> int:
    """For each element, whether `a` is less than `b`; the result is bool."""
    try:
        out = _lt(a, b)
    except _refused as error:
        return lt(*_plain(error, "rt_torch_lt", a, b))
    if not out:
        raise _failure("rt_torch_lt")
    return out


def ge(a: int, b: int) -> int:
    """For each element, whether `a` is greater than `b` or equal to it; the result is bool."""
    try:
        out = _ge(a, b)
    except _refused as error:
        return ge(*_plain(error, "rt_torch_ge", a, b))
    if not out:
        raise _failure("rt_torch_ge")
    return out


def le(a: int, b: int) -> int:
    """For each element, whether `a` is less than `b` or equal to it; the result is bool."""
    try:
        out = _le(a, b)
    except _refused as error:
        return le(*_plain(error, "rt_torch_le", a, b))
    if not out:
        raise _failure("rt_torch_le")
    return out


def where(cond: int, a: int, b: int) -> int:
    """Elements of `a` where `cond` is true, of `b` elsewhere; the three broadcast."""
    try:
        out = _where(cond, a, b)
    except _refused as error:
        return where(*_plain(error, "rt_torch_where", cond, a, b))
    if not out:
        raise _failure("rt_torch_where")
    return out


def reshape(x: int, shape: Integers) -> int:
    """`x` with other sizes and the same elements in row-major order.

    Args:
        shape: Sizes; one of them may be -1, to be worked out.
    """
    try:
        out = _reshape(x, *_memory.elements("q", shape))
    except _refused as error:
        return reshape(*_plain(error, "rt_torch_reshape", x, shape))
    if not out:
        raise _failure("rt_torch_reshape")
    return out


def flatten(x: int) -> int:
    """All elements in one dimension, in row-major order."""
    try:
        out = _flatten(x)
    except _refused as error:
        return flatten(*_plain(error, "rt_torch_flatten", x))
    if not out:
        raise _failure("rt_torch_flatten")
    return out


def squeeze(x: int, dim: int | None = None) -> int:
    """`x` without its dimensions of size 1.

    Args:
        dim: The only dimension to drop, if its size is 1; None drops all of size 1.
    """
    try:
        out = _squeeze(x, _memory.number_or_null("q", dim))
    except _refused as error:
        return squeeze(*_plain(error, "rt_torch_squeeze", x, dim))
    if not out:
        raise _failure("rt_torch_squeeze")
    return out


def unsqueeze(x: int, dim: int) -> int:
    """`x` with a new dimension of size 1.

    Args:
        dim: Where the new dimension stands in the result; a negative one counts from the end.
    """
    try:
        out = _unsqueeze(x, dim)
    except _refused as error:
        return unsqueeze(*_plain(error, "rt_torch_unsqueeze", x, dim))
    if not out:
        raise _failure("rt_torch_unsqueeze")
    return out


def expand(x: int, shape: Integers) -> int:
    """`x` with its elements repeated along dimensions of size 1, and along new ones in front, without a copy.

    Args:
        shape: Sizes; -1 keeps that of `x`.
    """
    try:
        out = _expand(x, *_memory.elements("q", shape))
    except _refused as error:
        return expand(*_plain(error, "rt_torch_expand", x, shape))
    if not out:
        raise _failure("rt_torch_expand")
    return out


def narrow(x: int, dim: int, start: int, length: int) -> int:
    """The part of `x` that has `length` elements along `dim`, from `start` on.

    Args:
        dim: Dimension that is cut; a negative one counts from the end.
        start: The first element; a negative one counts from the end.
        length: Number of elements.
    """
    try:
        out = _narrow(x, dim, start, length)
    except _refused as error:
        return narrow(*_plain(error, "rt_torch_narrow", x, dim, start, length))
    if not out:
        raise _failure("rt_torch_narrow")
    return out


def strided(x: int, shape: Integers, strides: Integers, offset: int) -> int:
    """Elements in the memory of `x`, with other steps from one to the next.

    Args:
        shape: Sizes.
        strides: Steps in elements, none negative.
        offset: Of the first one, in elements behind the first of `x`.
    """
    try:
        out = _strided(x, *_memory.elements("q", shape), *_memory.elements("q", strides), offset)
    except _refused as error:
        return strided(*_plain(error, "rt_torch_strided", x, shape, strides, offset))
    if not out:
        raise _failure("rt_torch_strided")
    return out


def index_select(x: int, dim: int, index: int) -> int:
    """The parts of `x` along `dim` that `index` names, one after the other.

    Args:
        dim: Dimension that is indexed; a negative one counts from the end.
    """
    try:
        out = _index_select(x, dim, index)
    except _refused as error:
        return index_select(*_plain(error, "rt_torch_index_select", x, dim, index))
    if not out:
        raise _failure("rt_torch_index_select")
    return out


def index_add(x: int, dim: int, index: int, source: int) -> int:
    """`x` with each part of `source` along `dim` added to the part that its index names; for bool, logical or.

    Args:
        dim: Dimension that is indexed; a negative one counts from the end.
    """
    try:
        out = _index_add(x, dim, index, source)
    except _refused as error:
        return index_add(*_plain(error, "rt_torch_index_add", x, dim, index, source))
    if not out:
        raise _failure("rt_torch_index_add")
    return out


def gather(x: int, dim: int, index: int) -> int:
    """For each place of `index`, the element of `x` at the same place, but along `dim` at the place that the index
    names.

    Args:
        dim: Dimension that is indexed; a negative one counts from the end.
    """
    try:
        out = _gather(x, dim, index)
    except _refused as error:
        return gather(*_plain(error, "rt_torch_gather", x, dim, index))
    if not out:
        raise _failure("rt_torch_gather")
    return out


def scatter_add(x: int, dim: int, index: int, source: int) -> int:
    """`x` with each element of `source` added at the same place, but along `dim` at the place that its index names;
    for bool, logical or.

    It undoes rt_torch_gather. torch lets `source` be larger than `index`, and its gradient does not; here the two have
    one shape.

    Args:
        dim: Dimension that is indexed; a negative one counts from the end.
    """
    try:
        out = _scatter_add(x, dim, index, source)
    except _refused as error:
        return scatter_add(*_plain(error, "rt_torch_scatter_add", x, dim, index, source))
    if not out:
        raise _failure("rt_torch_scatter_add")
    return out


def take(x: int, places: Integers) -> int:
    """The elements at these places, counted in row-major order, in one dimension.

    Args:
        places: Each from 0 to the number of elements - 1.
    """
    try:
        out = _take(x, *_memory.elements("q", places))
    except _refused as error:
        return take(*_plain(error, "rt_torch_take", x, places))
    if not out:
        raise _failure("rt_torch_take")
    return out


def put(x: int, places: Integers, source: int) -> None:
    """Set the elements of `x` at these places, counted in row-major order, in place.

    Of a place that is named twice, on a GPU any of its elements stays.

    Args:
        places: Each from 0 to the number of elements - 1.
    """
    try:
        code = _put(x, *_memory.elements("q", places), source)
    except _refused as error:
        put(*_plain(error, "rt_torch_put", x, places, source))
        return
    if code:
        raise _failure("rt_torch_put")


def assign(x: int, source: int) -> None:
    """Set the elements of `x` to those of `source`, in place.

    They are converted to the dtype of `x`, and moved to its device. Where both share memory, they must be the same
    elements, or none in common.
    """
    try:
        code = _assign(x, source)
    except _refused as error:
        assign(*_plain(error, "rt_torch_assign", x, source))
        return
    if code:
        raise _failure("rt_torch_assign")


def cat(tensors: Integers, dim: int) -> int:
    """The tensors one after the other along `dim`, of the dtype that all promote to.

    A tensor of the shape [0] adds nothing, whatever shapes the others have.

    Args:
        dim: Dimension in which they are joined; a negative one counts from the end.
    """
    try:
        out = _cat(*_memory.elements("q", tensors), dim)
    except _refused as error:
        return cat(*_plain(error, "rt_torch_cat", tensors, dim))
    if not out:
        raise _failure("rt_torch_cat")
    return out


def stack(tensors: Integers, dim: int) -> int:
    """The tensors one after the other along a new dimension, of the dtype that all promote to.

    Args:
        dim: Where the new dimension stands in the result; a negative one counts from the end.
    """
    try:
        out = _stack(*_memory.elements("q", tensors), dim)
    except _refused as error:
        return stack(*_plain(error, "rt_torch_stack", tensors, dim))
    if not out:
        raise _failure("rt_torch_stack")
    return out


def clone(x: int) -> int:
    """A copy of `x` with memory of its own.

    The order of the elements in memory is that of `x`, as far as they lie without gaps.
    """
    try:
        out = _clone(x)
    except _refused as error:
        return clone(*_plain(error, "rt_torch_clone", x))
    if not out:
        raise _failure("rt_torch_clone")
    return out


def detach(x: int) -> int:
    """`x` outside of any gradient that libtorch records; the memory is shared."""
    try:
        out = _detach(x)
    except _refused as error:
        return detach(*_plain(error, "rt_torch_detach", x))
    if not out:
        raise _failure("rt_torch_detach")
    return out


def contiguous(x: int) -> int:
    """`x` in row-major order without gaps: itself when it is so already, otherwise a copy."""
    try:
        out = _contiguous(x)
    except _refused as error:
        return contiguous(*_plain(error, "rt_torch_contiguous", x))
    if not out:
        raise _failure("rt_torch_contiguous")
    return out


def to_dtype(x: int, dtype: str) -> int:
    """`x` with its elements converted to `dtype`: itself when it has that dtype already, otherwise a copy.

    Floating-point to integer truncates towards zero; what does not fit is whatever libtorch makes of it. Anything but 0
    becomes true.

    Args:
        dtype: Element type: "f64", "f32", "f16", "bf16", "i64", "i32", "i16", "i8", "u8" or "bool"; torch's own names,
            such as "float32", are accepted too.
    """
    try:
        out = _to_dtype(x, _utf8(dtype))
    except _refused as error:
        return to_dtype(*_plain(error, "rt_torch_to_dtype", x, dtype))
    if not out:
        raise _failure("rt_torch_to_dtype")
    return out


def to_device(x: int, device: str) -> int:
    """`x` on another device: itself when it is there already, otherwise a copy.

    Args:
        device: Device: "cpu", "cuda" or "gpu" (the first CUDA device), or "cuda:N".
    """
    try:
        out = _to_device(x, _utf8(device))
    except _refused as error:
        return to_device(*_plain(error, "rt_torch_to_device", x, device))
    if not out:
        raise _failure("rt_torch_to_device")
    return out


def linear(x: int, weight: int, bias: int | None = None) -> int:
    """`x` times the transpose of `weight`, plus `bias`, along the last dimension of `x`."""
    try:
        out = _linear(x, weight, -1 if bias is None else bias)
    except _refused as error:
        return linear(*_plain(error, "rt_torch_linear", x, weight, bias))
    if not out:
        raise _failure("rt_torch_linear")
    return out


def conv2d(
    x: int, weight: int, bias: int | None, stride: Integers, padding: Integers, dilation: Integers, groups: int
) -> int:
    """Convolution of images with filters, in the sense that networks have it: the filters are not reversed.

    Args:
        stride: Steps from window to window.
        padding: Zeros around each image, on each side.
        dilation: Steps from element to element of a window.
        groups: Groups that the channels, and the output channels, fall into; each is convolved by itself.
    """
    try:
        out = _conv2d(
            x,
            weight,
            -1 if bias is None else bias,
            *_memory.elements("q", stride),
            *_memory.elements("q", padding),
            *_memory.elements("q", dilation),
            groups,
        )
    except _refused as error:
        return conv2d(*_plain(error, "rt_torch_conv2d", x, weight, bias, stride, padding, dilation, groups))
    if not out:
        raise _failure("rt_torch_conv2d")
    return out


def conv2d_input(
    gradient: int, weight: int, shape: Integers, stride: Integers, padding: Integers, dilation: Integers, groups: int
) -> int:
    """Gradient of rt_torch_conv2d with respect to the images, given the one with respect to its result.

    Args:
        shape: Shape of the images: batch, channels, height and width.
        stride: Steps from window to window.
        padding: Zeros around each image, on each side.
        dilation: Steps from element to element of a window.
        groups: Groups that the channels, and the output channels, fall into.
    """
    try:
        out = _conv2d_input(
            gradient,
            weight,
            *_memory.elements("q", shape),
            *_memory.elements("q", stride),
            *_memory.elements("q", padding),
            *_memory.elements("q", dilation),
            groups,
        )
    except _refused as error:
        return conv2d_input(
            *_plain(error, "rt_torch_conv2d_input", gradient, weight, shape, stride, padding, dilation, groups)
        )
    if not out:
        raise _failure("rt_torch_conv2d_input")
    return out


def conv2d_weight(
    gradient: int, x: int, shape: Integers, stride: Integers, padding: Integers, dilation: Integers, groups: int
) -> int:
    """Gradient of rt_torch_conv2d with respect to the filters, given the one with respect to its result.

    Args:
        shape: Shape of the filters: output channels, channels of a group, height and width.
        stride: Steps from window to window.
        padding: Zeros around each image, on each side.
        dilation: Steps from element to element of a window.
        groups: Groups that the channels, and the output channels, fall into.
    """
    try:
        out = _conv2d_weight(
            gradient,
            x,
            *_memory.elements("q", shape),
            *_memory.elements("q", stride),
            *_memory.elements("q", padding),
            *_memory.elements("q", dilation),
            groups,
        )
    except _refused as error:
        return conv2d_weight(
            *_plain(error, "rt_torch_conv2d_weight", gradient, x, shape, stride, padding, dilation, groups)
        )
    if not out:
        raise _failure("rt_torch_conv2d_weight")
    return out


def max_pool2d(
    x: int, kernel: Integers, stride: Integers | None, padding: Integers, dilation: Integers, ceil_mode: bool
) -> int:
    """Largest element of each window on the images; NaN where the window has one.

    Args:
        kernel: Height and width of the windows.
        stride: Steps from window to window; those of `kernel` when absent.
        padding: How far windows reach over the edges of the images, on each side; at most half of `kernel`.
        dilation: Steps from element to element of a window.
        ceil_mode: 1 to have windows at the far edges that reach further over them, 0 to leave such windows out.
    """
    try:
        out = _max_pool2d(
            x,
            *_memory.elements("q", kernel),
            *_memory.elements_or_absent("q", stride),
            *_memory.elements("q", padding),
            *_memory.elements("q", dilation),
            ceil_mode,
        )
    except _refused as error:
        return max_pool2d(*_plain(error, "rt_torch_max_pool2d", x, kernel, stride, padding, dilation, ceil_mode))
    if not out:
        raise _failure("rt_torch_max_pool2d")
    return out


def max_pool2d_backward(
    gradient: int,
    x: int,
    kernel: Integers,
    stride: Integers | None,
    padding: Integers,
    dilation: Integers,
    ceil_mode: bool,
) -> int:
    """Gradient of rt_torch_max_pool2d, given the one with respect to its result: each element of it goes to where
    the window had its largest.

    Of several that are largest the first counts, and of several NaN the last.

    Args:
        kernel: Height and width of the windows.
        stride: Steps from window to window; those of `kernel` when absent.
        padding: How far windows reach over the edges of the images, on each side; at most half of `kernel`.
        dilation: Steps from element to element of a window.
        ceil_mode: 1 to have windows at the far edges that reach further over them, 0 to leave such windows out.
    """
    try:
        out = _max_pool2d_backward(
            gradient,
            x,
            *_memory.elements("q", kernel),
            *_memory.elements_or_absent("q", stride),
            *_memory.elements("q", padding),
            *_memory.elements("q", dilation),
            ceil_mode,
        )
    except _refused as error:
        return max_pool2d_backward(
            *_plain(error, "rt_torch_max_pool2d_backward", gradient, x, kernel, stride, padding, dilation, ceil_mode)
        )
    if not out:
        raise _failure("rt_torch_max_pool2d_backward")
    return out


def max_pool2d_pick(
    y: int, x: int, kernel: Integers, stride: Integers | None, padding: Integers, dilation: Integers, ceil_mode: bool
) -> int:
    """The elements of `y` at the places where the windows on `x` have their largest.

    Of several that are largest the first counts, and of several NaN the last.

    Args:
        kernel: Height and width of the windows.
        stride: Steps from window to window; those of `kernel` when absent.
        padding: How far windows reach over the edges of the images, on each side; at most half of `kernel`.
        dilation: Steps from element to element of a window.
        ceil_mode: 1 to have windows at the far edges that reach further over them, 0 to leave such windows out.
    """
    try:
        out = _max_pool2d_pick(
            y,
            x,
            *_memory.elements("q", kernel),
            *_memory.elements_or_absent("q", stride),
            *_memory.elements("q", padding),
            *_memory.elements("q", dilation),
            ceil_mode,
        )
    except _refused as error:
        return max_pool2d_pick(
            *_plain(error, "rt_torch_max_pool2d_pick", y, x, kernel, stride, padding, dilation, ceil_mode)
        )
    if not out:
        raise _failure("rt_torch_max_pool2d_pick")
    return out


def avg_pool2d(
    x: int, kernel: Integers, stride: Integers | None, padding: Integers, ceil_mode: bool, count_include_pad: bool
) -> int:
    """Mean of each window on the images.

    Args:
        kernel: Height and width of the windows.
        stride: Steps from window to window; those of `kernel` when absent.
        padding: Zeros around each image, on each side; at most half of `kernel`.
        ceil_mode: 1 to have windows at the far edges that reach further over them, 0 to leave such windows out.
        count_include_pad: 1 to count the zeros around the images, 0 to count the images' own elements only.
    """
    try:
        out = _avg_pool2d(
            x,
            *_memory.elements("q", kernel),
            *_memory.elements_or_absent("q", stride),
            *_memory.elements("q", padding),
            ceil_mode,
            count_include_pad,
        )
    except _refused as error:
        return avg_pool2d(
            *_plain(error, "rt_torch_avg_pool2d", x, kernel, stride, padding, ceil_mode, count_include_pad)
        )
    if not out:
        raise _failure("rt_torch_avg_pool2d")
    return out


def avg_pool2d_backward(
    gradient: int,
    shape: Integers,
    kernel: Integers,
    stride: Integers | None,
    padding: Integers,
    ceil_mode: bool,
    count_include_pad: bool,
) -> int:
    """Gradient of rt_torch_avg_pool2d, given the one with respect to its result: each element of it is shared out
    among its window.

    Args:
        shape: Shape of the images: batch, channels, height and width.
        kernel: Height and width of the windows.
        stride: Steps from window to window; those of `kernel` when absent.
        padding: Zeros around each image, on each side; at most half of `kernel`.
        ceil_mode: 1 to have windows at the far edges that reach further over them, 0 to leave such windows out.
        count_include_pad: 1 to count the zeros around the images, 0 to count the images' own elements only.
    """
    try:
        out = _avg_pool2d_backward(
            gradient,
            *_memory.elements("q", shape),
            *_memory.elements("q", kernel),
            *_memory.elements_or_absent("q", stride),
            *_memory.elements("q", padding),
            ceil_mode,
            count_include_pad,
        )
    except _refused as error:
        return avg_pool2d_backward(
            *_plain(
                error,
                "rt_torch_avg_pool2d_backward",
                gradient,
                shape,
                kernel,
                stride,
                padding,
                ceil_mode,
                count_include_pad,
            )
        )
    if not out:
        raise _failure("rt_torch_avg_pool2d_backward")
    return out


def embedding(weight: int, indices: int) -> int:
    """The rows of `weight` that `indices` name, in a dimension behind those of `indices`."""
    try:
        out = _embedding(weight, indices)
    except _refused as error:
        return embedding(*_plain(error, "rt_torch_embedding", weight, indices))
    if not out:
        raise _failure("rt_torch_embedding")
    return out


def embedding_backward(gradient: int, indices: int, rows: int) -> int:
    """Gradient of rt_torch_embedding with respect to the table: each row is the sum of those of `gradient` whose
    index it is.

    Args:
        rows: Number of rows of the table.
    """
    try:
        out = _embedding_backward(gradient, indices, rows)
    except _refused as error:
        return embedding_backward(*_plain(error, "rt_torch_embedding_backward", gradient, indices, rows))
    if not out:
        raise _failure("rt_torch_embedding_backward")
    return out


def layer_norm(x: int, shape: Integers, weight: int | None, bias: int | None, eps: float) -> int:
    """`x` minus its mean and over its standard deviation, both along its last dimensions, times `weight` and plus
    `bias`.

    Args:
        shape: Sizes of the last dimensions.
        eps: What is added to the variance, whose root is the standard deviation.
    """
    try:
        out = _layer_norm(
            x, *_memory.elements("q", shape), -1 if weight is None else weight, -1 if bias is None else bias, eps
        )
    except _refused as error:
        return layer_norm(*_plain(error, "rt_torch_layer_norm", x, shape, weight, bias, eps))
    if not out:
        raise _failure("rt_torch_layer_norm")
    return out


def batch_norm(x: int, weight: int | None, bias: int | None, mean: int | None, var: int | None, eps: float) -> int:
    """`x` minus the mean and over the standard deviation of each feature, times `weight` and plus `bias`.

    Without `mean` and `var` they are those of the batch: of all values that a feature has, the variance being the mean
    of their squared distances from the mean.

    Args:
        eps: What is added to the variance, whose root is the standard deviation.
    """
    try:
        out = _batch_norm(
            x,
            -1 if weight is None else weight,
            -1 if bias is None else bias,
            -1 if mean is None else mean,
            -1 if var is None else var,
            eps,
        )
    except _refused as error:
        return batch_norm(*_plain(error, "rt_torch_batch_norm", x, weight, bias, mean, var, eps))
    if not out:
        raise _failure("rt_torch_batch_norm")
    return out


def batch_norm_backward(gradient: int, x: int, weight: int | None, eps: float) -> int:
    """Gradient of rt_torch_batch_norm with the batch's own mean and variance with respect to `x`, given the one with
    respect to its result.

    Args:
        eps: What is added to the variance, whose root is the standard deviation.
    """
    try:
        out = _batch_norm_backward(gradient, x, -1 if weight is None else weight, eps)
    except _refused as error:
        return batch_norm_backward(*_plain(error, "rt_torch_batch_norm_backward", gradient, x, weight, eps))
    if not out:
        raise _failure("rt_torch_batch_norm_backward")
    return out


def batch_statistics(x: int) -> int:
    """Mean and variance of all values that a feature has: a row of means, and one of variances.

    The variance is the mean of the squared distances from the mean.
    """
    try:
        out = _batch_statistics(x)
    except _refused as error:
        return batch_statistics(*_plain(error, "rt_torch_batch_statistics", x))
    if not out:
        raise _failure("rt_torch_batch_statistics")
    return out


def batch_norm_measured(x: int, weight: int | None, bias: int | None, statistics: int, eps: float) -> int:
    """rt_torch_batch_norm by the batch's own mean and variance, where these are known already.

    Args:
        eps: What is added to the variance, whose root is the standard deviation.
    """
    try:
        out = _batch_norm_measured(x, -1 if weight is None else weight, -1 if bias is None else bias, statistics, eps)
    except _refused as error:
        return batch_norm_measured(*_plain(error, "rt_torch_batch_norm_measured", x, weight, bias, statistics, eps))
    if not out:
        raise _failure("rt_torch_batch_norm_measured")
    return out


def batch_norm_measured_backward(gradient: int, x: int, weight: int | None, statistics: int, eps: float) -> int:
    """Gradient of rt_torch_batch_norm_measured with respect to `x`, given the one with respect to its result.

    Args:
        eps: What is added to the variance, whose root is the standard deviation.
    """
    try:
        out = _batch_norm_measured_backward(gradient, x, -1 if weight is None else weight, statistics, eps)
    except _refused as error:
        return batch_norm_measured_backward(
            *_plain(error, "rt_torch_batch_norm_measured_backward", gradient, x, weight, statistics, eps)
        )
    if not out:
        raise _failure("rt_torch_batch_norm_measured_backward")
    return out


def binary_cross_entropy(x: int, target: int) -> int:
    """-target * log(x) - (1 - target) * log(1 - x) for each element, where logarithms below -100 count as -100."""
    try:
        out = _binary_cross_entropy(x, target)
    except _refused as error:
        return binary_cross_entropy(*_plain(error, "rt_torch_binary_cross_entropy", x, target))
    if not out:
        raise _failure("rt_torch_binary_cross_entropy")
    return out


def cross_entropy(x: int, target: int, reduction: str) -> int:
    """Minus the log-softmax of `x` at the number of the right class, for each sample.

    Args:
        reduction: "mean" or "sum" of all samples, or "none" for these themselves.
    """
    try:
        out = _cross_entropy(x, target, _utf8(reduction))
    except _refused as error:
        return cross_entropy(*_plain(error, "rt_torch_cross_entropy", x, target, reduction))
    if not out:
        raise _failure("rt_torch_cross_entropy")
    return out


def cross_entropy_backward(gradient: int, x: int, target: int, reduction: str) -> int:
    """Gradient of rt_torch_cross_entropy, given the one with respect to its result: the softmax of `x`, less 1 at
    the right class, times that of each sample.

    Args:
        reduction: What became of the samples: "mean", "sum" or "none".
    """
    try:
        out = _cross_entropy_backward(gradient, x, target, _utf8(reduction))
    except _refused as error:
        return cross_entropy_backward(*_plain(error, "rt_torch_cross_entropy_backward", gradient, x, target, reduction))
    if not out:
        raise _failure("rt_torch_cross_entropy_backward")
    return out


def adam(
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
    decoupled: bool,
) -> tuple[int, int, int]:
    """A step of Adam (Kingma and Ba, 2015), or of AdamW (Loshchilov and Hutter, 2019); what it is given stays as it
    is.

    Args:
        step: Number of this step, from 1 on.
        lr: Learning rate.
        beta1: How much of `mean` is kept.
        beta2: How much of `square` is kept.
        eps: What is added to the root of the square.
        weight_decay: How much of the parameter is added to the gradient, or with `decoupled` taken off the parameter,
            times `lr`.
        decoupled: Whether the weight decay is AdamW's.
    """
    try:
        new_param, new_param_at = _memory.room("q", 1)
        new_mean, new_mean_at = _memory.room("q", 1)
        new_square, new_square_at = _memory.room("q", 1)
        code = _adam(
            param,
            gradient,
            mean,
            square,
            step,
            lr,
            beta1,
            beta2,
            eps,
            weight_decay,
            decoupled,
            new_param_at,
            new_mean_at,
            new_square_at,
        )
    except _refused as error:
        return adam(
            *_plain(
                error,
                "rt_torch_adam",
                param,
                gradient,
                mean,
                square,
                step,
                lr,
                beta1,
                beta2,
                eps,
                weight_decay,
                decoupled,
            )
        )
    if code:
        raise _failure("rt_torch_adam")
    return new_param[0], new_mean[0], new_square[0]


def free(x: int) -> None:
    """Give a tensor handle back; the memory goes when nothing uses it any more.

    At most 4,194,304 handles can be live at once. Returns the code for an invalid handle when `x` is none, was freed
    already or is of another kind; the thread's error state stays as it is, so that a finalizer cannot hide an error. A
    call in another thread that uses `x` completes first.
    """
    try:
        code = _free(x)
    except _refused as error:
        free(*_plain(error, "rt_torch_free", x))
        return
    if code:
        raise _not_released(code, "rt_torch_free", x)


def retain(x: int) -> int:
    """A second handle to the same tensor; each of the two is freed on its own."""
    try:
        out = _retain(x)
    except _refused as error:
        return retain(*_plain(error, "rt_torch_retain", x))
    if not out:
        raise _failure("rt_torch_retain")
    return out


def live_handles() -> int:
    """Number of tensor handles that have not been freed."""
    return _live_handles()


def wrap(data: int | None, shape: Integers, strides: Integers | None, dtype: str, token: int) -> int:
    """A CPU tensor on memory that the caller keeps alive, without copying.

    When the last tensor or view that uses the memory is gone, `token` appears in rt_torch_released; only then may the
    memory go. Where rt_torch_wrap_copies says 1 (libtorch 2.10), the data is copied instead and the token appears at
    once.

    Args:
        data: First element; may be None where there are no elements. Must stay valid until rt_torch_released returns
            the token.
        shape: Sizes.
        strides: Steps in elements, none negative; None for row-major order.
        dtype: Element type: "f64", "f32", "f16", "bf16", "i64", "i32", "i16", "i8", "u8" or "bool"; torch's own names,
            such as "float32", are accepted too.
        token: Any number; it comes back from rt_torch_released.
    """
    try:
        out = _wrap(
            _memory.at(data or 0),
            *_memory.elements("q", shape),
            *_memory.elements_or_absent("q", strides),
            _utf8(dtype),
            token,
        )
    except _refused as error:
        return wrap(*_plain(error, "rt_torch_wrap", data, shape, strides, dtype, token))
    if not out:
        raise _failure("rt_torch_wrap")
    return out


def wrap_copies() -> bool:
    """Whether rt_torch_wrap copies because this libtorch cannot tell when memory is no longer used (2.10)."""
    return _wrap_copies() != 0


def released() -> list[int]:
    """Take the tokens of wrapped memory that nothing uses any more; each is given once.

    Poll it: asked with None and 0 it tells how many there are, given room for all it hands them over. A success leaves
    the thread's error state as it is, so that a finalizer may poll without hiding an error.
    """
    return _read("q", "rt_torch_released", _released).tolist()


def data_ptr(x: int) -> int:
    """Address of the first element, for reading and writing in place; None without an error for an empty tensor.

    Valid as long as a handle to `x` or to a view of it lives. Mind strides and device.
    """
    try:
        out = _memory.address(_data_ptr(x))
    except _refused as error:
        return data_ptr(*_plain(error, "rt_torch_data_ptr", x))
    if not out and _last_error_code():
        raise _failure("rt_torch_data_ptr")
    return out


def to_dlpack(x: int) -> int:
    """A new `DLManagedTensor` that shares the memory of `x`; its consumer calls its deleter."""
    try:
        out = _memory.address(_to_dlpack(x))
    except _refused as error:
        return to_dlpack(*_plain(error, "rt_torch_to_dlpack", x))
    if not out and _last_error_code():
        raise _failure("rt_torch_to_dlpack")
    return out


def from_dlpack(managed: int) -> int:
    """A tensor on the memory of a `DLManagedTensor`, which this library then owns.

    On success the deleter is called when the last tensor or view is gone, at the end of the call to this library in
    which that happens, and in the same thread (on libtorch 2.10 the data is copied, and it is called at the end of this
    one); on failure the caller still owns `managed`.

    Args:
        managed: Address of a `DLManagedTensor` of DLPack's unversioned form. Owned by the library after a success, and
            not to be touched.
    """
    try:
        out = _from_dlpack(_memory.at(managed))
    except _refused as error:
        return from_dlpack(*_plain(error, "rt_torch_from_dlpack", managed))
    if not out:
        raise _failure("rt_torch_from_dlpack")
    return out


def cuda_available() -> bool:
    """Whether tensors can be placed on a CUDA device: a libtorch with CUDA, a driver and a device are there."""
    return _cuda_available() != 0


def set_num_threads(n: int) -> None:
    """Number of threads that libtorch uses inside one operation started from this thread.

    Args:
        n: 1 to 1024: a system ends a process that starts some tens of thousands of threads.
    """
    try:
        code = _set_num_threads(n)
    except _refused as error:
        set_num_threads(*_plain(error, "rt_torch_set_num_threads", n))
        return
    if code:
        raise _failure("rt_torch_set_num_threads")


def get_num_threads() -> int:
    """Number of threads that libtorch uses inside one operation started from this thread."""
    out = _get_num_threads()
    if out == -1 and _last_error_code():
        raise _failure("rt_torch_get_num_threads")
    return out


def cuda_device_count() -> int:
    """How many CUDA devices tensors can be placed on; 0 where there is no libtorch, or no CUDA for it.

    The driver is asked when this is first wanted, and then once: CUDA does not survive a fork.
    """
    return _cuda_device_count()


def cuda_problem() -> str:
    """Why tensors cannot be placed on a CUDA device, and what to do about it; "" where they can."""
    out = _memory.text(_cuda_problem())
    if out is None:
        raise _failure("rt_torch_cuda_problem")
    return out


def cuda_current_stream(device: str) -> int:
    """The stream that libtorch works in on a CUDA device, in this thread: a `cudaStream_t`, None for the default
    one.

    Args:
        device: Device: "cpu", "cuda" or "gpu" (the first CUDA device), or "cuda:N".
    """
    try:
        out = _memory.address(_cuda_current_stream(_utf8(device)))
    except _refused as error:
        return cuda_current_stream(*_plain(error, "rt_torch_cuda_current_stream", device))
    if not out and _last_error_code():
        raise _failure("rt_torch_cuda_current_stream")
    return out


def cuda_set_stream(stream: int | None, device: str) -> None:
    """Have libtorch work in this stream on a CUDA device, in this thread, until another one is set.

    What works in different streams is not ordered by itself: wait for a stream, or for an event of it, before memory
    that it writes is used in another one.

    Args:
        stream: A `cudaStream_t` of that device; None for the default one. Must stay until another one is set, and what
            was begun in it is done.
        device: Device: "cpu", "cuda" or "gpu" (the first CUDA device), or "cuda:N".
    """
    try:
        code = _cuda_set_stream(_memory.at(stream or 0), _utf8(device))
    except _refused as error:
        cuda_set_stream(*_plain(error, "rt_torch_cuda_set_stream", stream, device))
        return
    if code:
        raise _failure("rt_torch_cuda_set_stream")


def cuda_synchronize(device: str) -> None:
    """Wait until all is done that libtorch has begun in this thread's stream on a CUDA device.

    Args:
        device: Device: "cpu", "cuda" or "gpu" (the first CUDA device), or "cuda:N".
    """
    try:
        code = _cuda_synchronize(_utf8(device))
    except _refused as error:
        cuda_synchronize(*_plain(error, "rt_torch_cuda_synchronize", device))
        return
    if code:
        raise _failure("rt_torch_cuda_synchronize")
