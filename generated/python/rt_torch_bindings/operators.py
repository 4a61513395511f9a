"""The operators, methods and functions of rt_torch's Tensor, over whatever was given to `choose`.

What is usual is done here, and written for speed: operands of one layout, whose data is in one place, and of a size
within the limits that `set_limits` has set.  A C function that fails here, because an operand has no handle or for any
other reason, is no harm: everything else goes to one function, `_dispatch(name, *arguments)`, with a name of FUNCTIONS.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from numbers import Real
from operator import abs as _plain_abs
from operator import add as _plain_add
from operator import mul as _plain_mul
from operator import neg as _plain_neg
from operator import sub as _plain_sub
from types import FunctionType
from typing import TYPE_CHECKING, Any, NamedTuple, cast

if TYPE_CHECKING:
    from rt_torch._tensor import Tensor
    from rt_torch_bindings.raw import Raw

__all__ = [
    "abs",
    "add",
    "amax",
    "amin",
    "argmax",
    "argmin",
    "avg_pool2d",
    "batch_norm",
    "binary_cross_entropy",
    "cat",
    "clamp",
    "clone",
    "contiguous",
    "conv2d",
    "cos",
    "cross_entropy",
    "detach",
    "div",
    "elu",
    "embedding",
    "eq",
    "erf",
    "exp",
    "expand",
    "flatten",
    "gather",
    "ge",
    "gelu",
    "gt",
    "index_add",
    "index_select",
    "layer_norm",
    "le",
    "leaky_relu",
    "linear",
    "log",
    "log_softmax",
    "lt",
    "matmul",
    "max",
    "max_pool2d",
    "maximum",
    "mean",
    "min",
    "minimum",
    "mul",
    "narrow",
    "ne",
    "neg",
    "pow",
    "relu",
    "reshape",
    "scatter_add",
    "sigmoid",
    "sign",
    "sin",
    "softmax",
    "sqrt",
    "squeeze",
    "stack",
    "sub",
    "sum",
    "sum_to",
    "t",
    "tanh",
    "transpose",
    "unsqueeze",
    "where",
]


class Operator(NamedTuple):
    """What a dispatcher has to know of a function."""

    name: str  # "zeros"
    symbol: str  # its name in the shared library
    params: tuple[str, ...]
    tensors: tuple[int, ...]  # the places of parameters that are tensors
    numbers: tuple[int, ...]  # of those, the places for which a number will do
    optional: tuple[int, ...]  # of those, the places that None may stand at
    lists: tuple[int, ...]  # the places of parameters that are lists of tensors
    result: str  # "tensor", "f64", "[i64]", ...; "" when nothing is returned
    ownership: str  # of a tensor returned: "new", "view" on an argument's memory, or "maybe"


FUNCTIONS: dict[str, Operator] = {
    "zeros": Operator("zeros", "rt_torch_zeros", ("shape", "dtype", "device"), (), (), (), (), "tensor", "new"),
    "ones": Operator("ones", "rt_torch_ones", ("shape", "dtype", "device"), (), (), (), (), "tensor", "new"),
    "full": Operator("full", "rt_torch_full", ("shape", "value", "dtype", "device"), (), (), (), (), "tensor", "new"),
    "arange": Operator(
        "arange", "rt_torch_arange", ("start", "end", "step", "dtype", "device"), (), (), (), (), "tensor", "new"
    ),
    "from_data_f64": Operator(
        "from_data_f64", "rt_torch_from_data_f64", ("data", "shape"), (), (), (), (), "tensor", "new"
    ),
    "from_data_f32": Operator(
        "from_data_f32", "rt_torch_from_data_f32", ("data", "shape"), (), (), (), (), "tensor", "new"
    ),
    "from_data_i64": Operator(
        "from_data_i64", "rt_torch_from_data_i64", ("data", "shape"), (), (), (), (), "tensor", "new"
    ),
    "from_data_bool": Operator(
        "from_data_bool", "rt_torch_from_data_bool", ("data", "shape"), (), (), (), (), "tensor", "new"
    ),
    "randn": Operator("randn", "rt_torch_randn", ("shape", "dtype", "device"), (), (), (), (), "tensor", "new"),
    "randn_at": Operator(
        "randn_at", "rt_torch_randn_at", ("shape", "seed", "offset", "dtype", "device"), (), (), (), (), "tensor", "new"
    ),
    "rand": Operator("rand", "rt_torch_rand", ("shape", "dtype", "device"), (), (), (), (), "tensor", "new"),
    "rand_at": Operator(
        "rand_at", "rt_torch_rand_at", ("shape", "seed", "offset", "dtype", "device"), (), (), (), (), "tensor", "new"
    ),
    "to_data_f64": Operator("to_data_f64", "rt_torch_to_data_f64", ("x",), (0,), (), (), (), "[f64]", ""),
    "to_data_f32": Operator("to_data_f32", "rt_torch_to_data_f32", ("x",), (0,), (), (), (), "[f32]", ""),
    "to_data_i64": Operator("to_data_i64", "rt_torch_to_data_i64", ("x",), (0,), (), (), (), "[i64]", ""),
    "to_data_bool": Operator("to_data_bool", "rt_torch_to_data_bool", ("x",), (0,), (), (), (), "[u8]", ""),
    "shape": Operator("shape", "rt_torch_shape", ("x",), (0,), (), (), (), "[i64]", ""),
    "ndim": Operator("ndim", "rt_torch_ndim", ("x",), (0,), (), (), (), "i64", ""),
    "numel": Operator("numel", "rt_torch_numel", ("x",), (0,), (), (), (), "i64", ""),
    "dtype": Operator("dtype", "rt_torch_dtype", ("x",), (0,), (), (), (), "dtype", ""),
    "device": Operator("device", "rt_torch_device", ("x",), (0,), (), (), (), "device", ""),
    "strides": Operator("strides", "rt_torch_strides", ("x",), (0,), (), (), (), "[i64]", ""),
    "is_contiguous": Operator("is_contiguous", "rt_torch_is_contiguous", ("x",), (0,), (), (), (), "bool", ""),
    "add": Operator("add", "rt_torch_add", ("a", "b"), (0, 1), (0, 1), (), (), "tensor", "new"),
    "sub": Operator("sub", "rt_torch_sub", ("a", "b"), (0, 1), (0, 1), (), (), "tensor", "new"),
    "mul": Operator("mul", "rt_torch_mul", ("a", "b"), (0, 1), (0, 1), (), (), "tensor", "new"),
    "div": Operator("div", "rt_torch_div", ("a", "b"), (0, 1), (0, 1), (), (), "tensor", "new"),
    "neg": Operator("neg", "rt_torch_neg", ("x",), (0,), (), (), (), "tensor", "new"),
    "add_scalar": Operator("add_scalar", "rt_torch_add_scalar", ("x", "s"), (0,), (), (), (), "tensor", "new"),
    "mul_scalar": Operator("mul_scalar", "rt_torch_mul_scalar", ("x", "s"), (0,), (), (), (), "tensor", "new"),
    "div_scalar": Operator("div_scalar", "rt_torch_div_scalar", ("x", "s"), (0,), (), (), (), "tensor", "new"),
    "add_scaled": Operator("add_scaled", "rt_torch_add_scaled", ("a", "b", "s"), (0, 1), (), (), (), "tensor", "new"),
    "maximum": Operator("maximum", "rt_torch_maximum", ("a", "b"), (0, 1), (0, 1), (), (), "tensor", "new"),
    "minimum": Operator("minimum", "rt_torch_minimum", ("a", "b"), (0, 1), (0, 1), (), (), "tensor", "new"),
    "exp": Operator("exp", "rt_torch_exp", ("x",), (0,), (), (), (), "tensor", "new"),
    "log": Operator("log", "rt_torch_log", ("x",), (0,), (), (), (), "tensor", "new"),
    "sqrt": Operator("sqrt", "rt_torch_sqrt", ("x",), (0,), (), (), (), "tensor", "new"),
    "pow": Operator("pow", "rt_torch_pow", ("x", "exponent"), (0,), (), (), (), "tensor", "new"),
    "abs": Operator("abs", "rt_torch_abs", ("x",), (0,), (), (), (), "tensor", "new"),
    "sign": Operator("sign", "rt_torch_sign", ("x",), (0,), (), (), (), "tensor", "new"),
    "clamp": Operator("clamp", "rt_torch_clamp", ("x", "min", "max"), (0,), (), (), (), "tensor", "new"),
    "sin": Operator("sin", "rt_torch_sin", ("x",), (0,), (), (), (), "tensor", "new"),
    "cos": Operator("cos", "rt_torch_cos", ("x",), (0,), (), (), (), "tensor", "new"),
    "erf": Operator("erf", "rt_torch_erf", ("x",), (0,), (), (), (), "tensor", "new"),
    "pow_tensor": Operator("pow_tensor", "rt_torch_pow_tensor", ("a", "b"), (0, 1), (0, 1), (), (), "tensor", "new"),
    "matmul": Operator("matmul", "rt_torch_matmul", ("a", "b"), (0, 1), (), (), (), "tensor", "new"),
    "transpose": Operator("transpose", "rt_torch_transpose", ("x", "dim0", "dim1"), (0,), (), (), (), "tensor", "view"),
    "transpose_2d": Operator("transpose_2d", "rt_torch_transpose_2d", ("x",), (0,), (), (), (), "tensor", "view"),
    "sum": Operator("sum", "rt_torch_sum", ("x",), (0,), (), (), (), "f64", ""),
    "mean": Operator("mean", "rt_torch_mean", ("x",), (0,), (), (), (), "f64", ""),
    "max": Operator("max", "rt_torch_max", ("x",), (0,), (), (), (), "f64", ""),
    "min": Operator("min", "rt_torch_min", ("x",), (0,), (), (), (), "f64", ""),
    "sum_tensor": Operator("sum_tensor", "rt_torch_sum_tensor", ("x",), (0,), (), (), (), "tensor", "new"),
    "mean_tensor": Operator("mean_tensor", "rt_torch_mean_tensor", ("x",), (0,), (), (), (), "tensor", "new"),
    "max_tensor": Operator("max_tensor", "rt_torch_max_tensor", ("x",), (0,), (), (), (), "tensor", "new"),
    "min_tensor": Operator("min_tensor", "rt_torch_min_tensor", ("x",), (0,), (), (), (), "tensor", "new"),
    "sum_dim": Operator("sum_dim", "rt_torch_sum_dim", ("x", "dim", "keepdim"), (0,), (), (), (), "tensor", "new"),
    "mean_dim": Operator("mean_dim", "rt_torch_mean_dim", ("x", "dim", "keepdim"), (0,), (), (), (), "tensor", "new"),
    "sum_to": Operator("sum_to", "rt_torch_sum_to", ("x", "shape"), (0,), (), (), (), "tensor", "new"),
    "amax": Operator("amax", "rt_torch_amax", ("x", "dim", "keepdim"), (0,), (), (), (), "tensor", "new"),
    "amin": Operator("amin", "rt_torch_amin", ("x", "dim", "keepdim"), (0,), (), (), (), "tensor", "new"),
    "argmax": Operator("argmax", "rt_torch_argmax", ("x", "dim", "keepdim"), (0,), (), (), (), "tensor", "new"),
    "argmin": Operator("argmin", "rt_torch_argmin", ("x", "dim", "keepdim"), (0,), (), (), (), "tensor", "new"),
    "relu": Operator("relu", "rt_torch_relu", ("x",), (0,), (), (), (), "tensor", "new"),
    "relu_backward": Operator(
        "relu_backward", "rt_torch_relu_backward", ("gradient", "y"), (0, 1), (), (), (), "tensor", "new"
    ),
    "sigmoid": Operator("sigmoid", "rt_torch_sigmoid", ("x",), (0,), (), (), (), "tensor", "new"),
    "tanh": Operator("tanh", "rt_torch_tanh", ("x",), (0,), (), (), (), "tensor", "new"),
    "softmax": Operator("softmax", "rt_torch_softmax", ("x", "dim"), (0,), (), (), (), "tensor", "new"),
    "log_softmax": Operator("log_softmax", "rt_torch_log_softmax", ("x", "dim"), (0,), (), (), (), "tensor", "new"),
    "leaky_relu": Operator("leaky_relu", "rt_torch_leaky_relu", ("x", "slope"), (0,), (), (), (), "tensor", "new"),
    "elu": Operator("elu", "rt_torch_elu", ("x", "alpha"), (0,), (), (), (), "tensor", "new"),
    "gelu": Operator("gelu", "rt_torch_gelu", ("x", "approximate"), (0,), (), (), (), "tensor", "new"),
    "eq": Operator("eq", "rt_torch_eq", ("a", "b"), (0, 1), (0, 1), (), (), "tensor", "new"),
    "ne": Operator("ne", "rt_torch_ne", ("a", "b"), (0, 1), (0, 1), (), (), "tensor", "new"),
    "gt": Operator("gt", "rt_torch_gt", ("a", "b"), (0, 1), (0, 1), (), (), "tensor", "new"),
    "lt": Operator("lt", "rt_torch_lt", ("a", "b"), (0, 1), (0, 1), (), (), "tensor", "new"),
    "ge": Operator("ge", "rt_torch_ge", ("a", "b"), (0, 1), (0, 1), (), (), "tensor", "new"),
    "le": Operator("le", "rt_torch_le", ("a", "b"), (0, 1), (0, 1), (), (), "tensor", "new"),
    "where": Operator("where", "rt_torch_where", ("cond", "a", "b"), (0, 1, 2), (1, 2), (), (), "tensor", "new"),
    "reshape": Operator("reshape", "rt_torch_reshape", ("x", "shape"), (0,), (), (), (), "tensor", "maybe"),
    "flatten": Operator("flatten", "rt_torch_flatten", ("x",), (0,), (), (), (), "tensor", "maybe"),
    "squeeze": Operator("squeeze", "rt_torch_squeeze", ("x", "dim"), (0,), (), (), (), "tensor", "view"),
    "unsqueeze": Operator("unsqueeze", "rt_torch_unsqueeze", ("x", "dim"), (0,), (), (), (), "tensor", "view"),
    "expand": Operator("expand", "rt_torch_expand", ("x", "shape"), (0,), (), (), (), "tensor", "view"),
    "narrow": Operator(
        "narrow", "rt_torch_narrow", ("x", "dim", "start", "length"), (0,), (), (), (), "tensor", "view"
    ),
    "strided": Operator(
        "strided", "rt_torch_strided", ("x", "shape", "strides", "offset"), (0,), (), (), (), "tensor", "view"
    ),
    "index_select": Operator(
        "index_select", "rt_torch_index_select", ("x", "dim", "index"), (0, 2), (), (), (), "tensor", "new"
    ),
    "index_add": Operator(
        "index_add", "rt_torch_index_add", ("x", "dim", "index", "source"), (0, 2, 3), (), (), (), "tensor", "new"
    ),
    "gather": Operator("gather", "rt_torch_gather", ("x", "dim", "index"), (0, 2), (), (), (), "tensor", "new"),
    "scatter_add": Operator(
        "scatter_add", "rt_torch_scatter_add", ("x", "dim", "index", "source"), (0, 2, 3), (), (), (), "tensor", "new"
    ),
    "take": Operator("take", "rt_torch_take", ("x", "places"), (0,), (), (), (), "tensor", "new"),
    "put": Operator("put", "rt_torch_put", ("x", "places", "source"), (0, 2), (), (), (), "", ""),
    "assign": Operator("assign", "rt_torch_assign", ("x", "source"), (0, 1), (), (), (), "", ""),
    "cat": Operator("cat", "rt_torch_cat", ("tensors", "dim"), (), (), (), (0,), "tensor", "new"),
    "stack": Operator("stack", "rt_torch_stack", ("tensors", "dim"), (), (), (), (0,), "tensor", "new"),
    "clone": Operator("clone", "rt_torch_clone", ("x",), (0,), (), (), (), "tensor", "new"),
    "detach": Operator("detach", "rt_torch_detach", ("x",), (0,), (), (), (), "tensor", "view"),
    "contiguous": Operator("contiguous", "rt_torch_contiguous", ("x",), (0,), (), (), (), "tensor", "maybe"),
    "to_dtype": Operator("to_dtype", "rt_torch_to_dtype", ("x", "dtype"), (0,), (), (), (), "tensor", "maybe"),
    "to_device": Operator("to_device", "rt_torch_to_device", ("x", "device"), (0,), (), (), (), "tensor", "maybe"),
    "linear": Operator("linear", "rt_torch_linear", ("x", "weight", "bias"), (0, 1, 2), (), (2,), (), "tensor", "new"),
    "conv2d": Operator(
        "conv2d",
        "rt_torch_conv2d",
        ("x", "weight", "bias", "stride", "padding", "dilation", "groups"),
        (0, 1, 2),
        (),
        (2,),
        (),
        "tensor",
        "new",
    ),
    "conv2d_input": Operator(
        "conv2d_input",
        "rt_torch_conv2d_input",
        ("gradient", "weight", "shape", "stride", "padding", "dilation", "groups"),
        (0, 1),
        (),
        (),
        (),
        "tensor",
        "new",
    ),
    "conv2d_weight": Operator(
        "conv2d_weight",
        "rt_torch_conv2d_weight",
        ("gradient", "x", "shape", "stride", "padding", "dilation", "groups"),
        (0, 1),
        (),
        (),
        (),
        "tensor",
        "new",
    ),
    "max_pool2d": Operator(
        "max_pool2d",
        "rt_torch_max_pool2d",
        ("x", "kernel", "stride", "padding", "dilation", "ceil_mode"),
        (0,),
        (),
        (),
        (),
        "tensor",
        "new",
    ),
    "max_pool2d_backward": Operator(
        "max_pool2d_backward",
        "rt_torch_max_pool2d_backward",
        ("gradient", "x", "kernel", "stride", "padding", "dilation", "ceil_mode"),
        (0, 1),
        (),
        (),
        (),
        "tensor",
        "new",
    ),
    "max_pool2d_pick": Operator(
        "max_pool2d_pick",
        "rt_torch_max_pool2d_pick",
        ("y", "x", "kernel", "stride", "padding", "dilation", "ceil_mode"),
        (0, 1),
        (),
        (),
        (),
        "tensor",
        "new",
    ),
    "avg_pool2d": Operator(
        "avg_pool2d",
        "rt_torch_avg_pool2d",
        ("x", "kernel", "stride", "padding", "ceil_mode", "count_include_pad"),
        (0,),
        (),
        (),
        (),
        "tensor",
        "new",
    ),
    "avg_pool2d_backward": Operator(
        "avg_pool2d_backward",
        "rt_torch_avg_pool2d_backward",
        ("gradient", "shape", "kernel", "stride", "padding", "ceil_mode", "count_include_pad"),
        (0,),
        (),
        (),
        (),
        "tensor",
        "new",
    ),
    "embedding": Operator(
        "embedding", "rt_torch_embedding", ("weight", "indices"), (0, 1), (), (), (), "tensor", "new"
    ),
    "embedding_backward": Operator(
        "embedding_backward",
        "rt_torch_embedding_backward",
        ("gradient", "indices", "rows"),
        (0, 1),
        (),
        (),
        (),
        "tensor",
        "new",
    ),
    "layer_norm": Operator(
        "layer_norm",
        "rt_torch_layer_norm",
        ("x", "shape", "weight", "bias", "eps"),
        (0, 2, 3),
        (),
        (2, 3),
        (),
        "tensor",
        "new",
    ),
    "batch_norm": Operator(
        "batch_norm",
        "rt_torch_batch_norm",
        ("x", "weight", "bias", "mean", "var", "eps"),
        (0, 1, 2, 3, 4),
        (),
        (1, 2, 3, 4),
        (),
        "tensor",
        "new",
    ),
    "batch_norm_backward": Operator(
        "batch_norm_backward",
        "rt_torch_batch_norm_backward",
        ("gradient", "x", "weight", "eps"),
        (0, 1, 2),
        (),
        (2,),
        (),
        "tensor",
        "new",
    ),
    "batch_statistics": Operator(
        "batch_statistics", "rt_torch_batch_statistics", ("x",), (0,), (), (), (), "tensor", "new"
    ),
    "batch_norm_measured": Operator(
        "batch_norm_measured",
        "rt_torch_batch_norm_measured",
        ("x", "weight", "bias", "statistics", "eps"),
        (0, 1, 2, 3),
        (),
        (1, 2),
        (),
        "tensor",
        "new",
    ),
    "batch_norm_measured_backward": Operator(
        "batch_norm_measured_backward",
        "rt_torch_batch_norm_measured_backward",
        ("gradient", "x", "weight", "statistics", "eps"),
        (0, 1, 2, 3),
        (),
        (2,),
        (),
        "tensor",
        "new",
    ),
    "binary_cross_entropy": Operator(
        "binary_cross_entropy", "rt_torch_binary_cross_entropy", ("x", "target"), (0, 1), (), (), (), "tensor", "new"
    ),
    "cross_entropy": Operator(
        "cross_entropy", "rt_torch_cross_entropy", ("x", "target", "reduction"), (0, 1), (), (), (), "tensor", "new"
    ),
    "cross_entropy_backward": Operator(
        "cross_entropy_backward",
        "rt_torch_cross_entropy_backward",
        ("gradient", "x", "target", "reduction"),
        (0, 1, 2),
        (),
        (),
        (),
        "tensor",
        "new",
    ),
    "adam": Operator(
        "adam",
        "rt_torch_adam",
        ("param", "gradient", "mean", "square", "step", "lr", "beta1", "beta2", "eps", "weight_decay", "decoupled"),
        (0, 1, 2, 3),
        (),
        (),
        (),
        "tensor, tensor, tensor",
        "new",
    ),
    "retain": Operator("retain", "rt_torch_retain", ("x",), (0,), (), (), (), "tensor", "view"),
    "wrap": Operator(
        "wrap", "rt_torch_wrap", ("data", "shape", "strides", "dtype", "token"), (), (), (), (), "tensor", "new"
    ),
    "data_ptr": Operator("data_ptr", "rt_torch_data_ptr", ("x",), (0,), (), (), (), "ptr", ""),
    "to_dlpack": Operator("to_dlpack", "rt_torch_to_dlpack", ("x",), (0,), (), (), (), "ptr", ""),
    "from_dlpack": Operator("from_dlpack", "rt_torch_from_dlpack", ("managed",), (), (), (), (), "tensor", "new"),
}

NEVER = 1 << 62  # more elements than there can be

_NUMBERS = (int, float, Real)


def _unchosen(name: str, *arguments: Any) -> Any:
    raise RuntimeError(f"{name}: nothing to run it with: call choose()")


_dispatch: Callable[..., Tensor] = _unchosen
_Tensor: type[Tensor] = cast(Any, None)
_operands: tuple[type, ...] = _NUMBERS
_natives: Iterator[Tensor] = iter(())
_pures: Iterator[Tensor] = iter(())
_refused: tuple[type[Exception], ...] = ()  # what the loader raises for an argument that it cannot pass on


def _nothing(*arguments: Any) -> int:
    """What stands for a C function until a library is open: it fails."""
    return 0


_c_add: Callable[[int, int], int] = _nothing
_c_sub: Callable[[int, int], int] = _nothing
_c_mul: Callable[[int, int], int] = _nothing
_c_div: Callable[[int, int], int] = _nothing
_c_pow: Callable[[int, Any], int] = _nothing
_c_neg: Callable[[int], int] = _nothing
_c_abs: Callable[[int], int] = _nothing
_c_sign: Callable[[int], int] = _nothing
_c_sin: Callable[[int], int] = _nothing
_c_cos: Callable[[int], int] = _nothing
_c_erf: Callable[[int], int] = _nothing
_c_exp: Callable[[int], int] = _nothing
_c_log: Callable[[int], int] = _nothing
_c_sqrt: Callable[[int], int] = _nothing
_c_relu: Callable[[int], int] = _nothing
_c_sigmoid: Callable[[int], int] = _nothing
_c_tanh: Callable[[int], int] = _nothing
_c_leaky_relu: Callable[[int, float], int] = _nothing
_c_elu: Callable[[int, float], int] = _nothing
_c_softmax: Callable[[int, int], int] = _nothing
_c_log_softmax: Callable[[int, int], int] = _nothing
_c_clone: Callable[[int], int] = _nothing

_add_native_from = NEVER
_sub_native_from = NEVER
_mul_native_from = NEVER
_div_native_from = NEVER
_pow_native_from = NEVER
_neg_native_from = NEVER
_abs_native_from = NEVER
_sign_native_from = NEVER
_sin_native_from = NEVER
_cos_native_from = NEVER
_erf_native_from = NEVER
_exp_native_from = NEVER
_log_native_from = NEVER
_sqrt_native_from = NEVER
_relu_native_from = NEVER
_sigmoid_native_from = NEVER
_tanh_native_from = NEVER
_leaky_relu_native_from = NEVER
_elu_native_from = NEVER
_softmax_native_from = NEVER
_log_softmax_native_from = NEVER
_clone_native_from = NEVER

_add_pure_below = 0
_add_lists_below = 0
_sub_pure_below = 0
_sub_lists_below = 0
_mul_pure_below = 0
_mul_lists_below = 0
_neg_pure_below = 0
_neg_lists_below = 0
_abs_pure_below = 0
_abs_lists_below = 0

LIMITED = (  # names of the functions that `set_limits` is about
    "add",
    "sub",
    "mul",
    "div",
    "pow",
    "neg",
    "abs",
    "sign",
    "sin",
    "cos",
    "erf",
    "exp",
    "log",
    "sqrt",
    "relu",
    "sigmoid",
    "tanh",
    "leaky_relu",
    "elu",
    "softmax",
    "log_softmax",
    "clone",
)


def choose(
    dispatch: Callable[..., Any], kind: type[Tensor], natives: Iterator[Tensor], pures: Iterator[Tensor]
) -> None:
    """Say what runs everything unusual, what the operands are, and where the results that are made here come from.

    `natives` and `pures` are endless and give instances without anything in them: what is taken from the one or the
    other counts the operations that were run here.  `starmap(object.__new__, repeat((kind,), NEVER))` is quick at that,
    and the length hint of its `repeat` tells how many are left.
    """
    global _dispatch, _Tensor, _operands, _natives, _pures
    _dispatch, _Tensor, _operands = dispatch, kind, (kind, *_NUMBERS)
    _natives, _pures = natives, pures


def use(raw: Raw) -> None:
    """Call this opened library's functions from now on."""
    global _refused
    _refused = raw.memory.refused
    names = globals()
    for name in LIMITED:
        names[f"_c_{name}"] = _nothing if name in raw.missing else getattr(raw, name)


def set_limits(limits: Mapping[str, tuple[int, int, int]]) -> None:
    """For each function: from how many elements the C function, and below how many a list, is taken without asking.

    The last is for operands that are lists, the one before for those that may be memory.  A function that is not
    mentioned always goes to `dispatch`.
    """
    names = globals()
    for name in LIMITED:
        native_from, pure_below, lists_below = limits.get(name, (NEVER, 0, 0))
        names[f"_{name}_native_from"] = native_from
        if f"_{name}_pure_below" in names:
            names[f"_{name}_pure_below"] = pure_below
            names[f"_{name}_lists_below"] = lists_below


def _listed(values: tuple[Any, ...]) -> Any:
    """Arguments that were given one by one, or as one sequence."""
    return values[0] if len(values) == 1 and hasattr(values[0], "__len__") else values


def _several(numbers: Any) -> Any:
    """A list of numbers that may be given as one number."""
    return [numbers] if isinstance(numbers, _NUMBERS) else numbers


def _unlike(operand: object) -> Tensor:
    """For an operand that is none: Python asks it in turn, but an array's answer would be an array."""
    if hasattr(operand, "__array__") or hasattr(operand, "__dlpack__"):
        name = f"{type(operand).__module__}.{type(operand).__name__}"
        raise TypeError(f"a Tensor has operators with a Tensor or a number; given {name}: convert it first")
    result: Tensor = cast(Any, NotImplemented)
    return result


class Operators:
    """What Tensor inherits."""

    __slots__ = ()

    if TYPE_CHECKING:
        _handle: int  # 0 when there is none
        _cell: list[Any]  # its one element holds the values; not set when only the handle has them
        _layout: Any

        def _for_each(self, name: str, places: Sequence[int], call: Callable[[Tensor, int], Tensor]) -> Tensor:
            """The call for one place after the other, each on the result of the one before."""

    __hash__ = object.__hash__  # which __eq__ takes away

    def __add__(self, other: Tensor | float) -> Tensor:
        """`self + other`: see `add`."""
        if type(other) is _Tensor:
            layout = self._layout
            if layout is other._layout:
                if handle := self._handle:
                    if layout.native_size >= _add_native_from and (result := _c_add(handle, other._handle)):
                        out = next(_natives)
                        out._handle = result
                        out._layout = layout
                        return out
                elif not other._handle and (
                    (size := layout.pure_size) < _add_pure_below
                    or (size < _add_lists_below and type(self._cell[0]) is list and type(other._cell[0]) is list)
                ):
                    out = next(_pures)
                    out._handle = 0
                    out._cell = [[*map(_plain_add, self._cell[0], other._cell[0])]]
                    out._layout = layout
                    return out
        elif not isinstance(other, _operands):
            return _unlike(other)
        return _dispatch("add", self, other)

    def __radd__(self, other: float) -> Tensor:
        """`other + self`: see `add`."""
        return _dispatch("add", other, self) if isinstance(other, _NUMBERS) else _unlike(other)

    def add(self, other: Tensor | float) -> Tensor:
        """Sum of `self` and `other`, element by element; for two bool tensors, logical or.

        The result has the dtype that torch promotes the two to.

        Raises:
            BadArgumentError: `self`, `other`: Both must be on one device; a 0-dim CPU tensor goes with any.
            BadArgumentError: `self`, `other`: The shapes of the two must broadcast to one.
        """
        return self + other if type(other) is _Tensor else _dispatch("add", self, other)

    def __sub__(self, other: Tensor | float) -> Tensor:
        """`self - other`: see `sub`."""
        if type(other) is _Tensor:
            layout = self._layout
            if layout is other._layout:
                if handle := self._handle:
                    if layout.native_size >= _sub_native_from and (result := _c_sub(handle, other._handle)):
                        out = next(_natives)
                        out._handle = result
                        out._layout = layout
                        return out
                elif not other._handle and (
                    (size := layout.pure_size) < _sub_pure_below
                    or (size < _sub_lists_below and type(self._cell[0]) is list and type(other._cell[0]) is list)
                ):
                    out = next(_pures)
                    out._handle = 0
                    out._cell = [[*map(_plain_sub, self._cell[0], other._cell[0])]]
                    out._layout = layout
                    return out
        elif not isinstance(other, _operands):
            return _unlike(other)
        return _dispatch("sub", self, other)

    def __rsub__(self, other: float) -> Tensor:
        """`other - self`: see `sub`."""
        return _dispatch("sub", other, self) if isinstance(other, _NUMBERS) else _unlike(other)

    def sub(self, other: Tensor | float) -> Tensor:
        """Difference of `self` and `other`, element by element.

        The result has the dtype that torch promotes the two to.

        Raises:
            BadArgumentError: `self`, `other`: The dtype must not be bool.
            BadArgumentError: `self`, `other`: Both must be on one device; a 0-dim CPU tensor goes with any.
            BadArgumentError: `self`, `other`: The shapes of the two must broadcast to one.
        """
        return self - other if type(other) is _Tensor else _dispatch("sub", self, other)

    def __mul__(self, other: Tensor | float) -> Tensor:
        """`self * other`: see `mul`."""
        if type(other) is _Tensor:
            layout = self._layout
            if layout is other._layout:
                if handle := self._handle:
                    if layout.native_size >= _mul_native_from and (result := _c_mul(handle, other._handle)):
                        out = next(_natives)
                        out._handle = result
                        out._layout = layout
                        return out
                elif not other._handle and (
                    (size := layout.pure_size) < _mul_pure_below
                    or (size < _mul_lists_below and type(self._cell[0]) is list and type(other._cell[0]) is list)
                ):
                    out = next(_pures)
                    out._handle = 0
                    out._cell = [[*map(_plain_mul, self._cell[0], other._cell[0])]]
                    out._layout = layout
                    return out
        elif not isinstance(other, _operands):
            return _unlike(other)
        return _dispatch("mul", self, other)

    def __rmul__(self, other: float) -> Tensor:
        """`other * self`: see `mul`."""
        return _dispatch("mul", other, self) if isinstance(other, _NUMBERS) else _unlike(other)

    def mul(self, other: Tensor | float) -> Tensor:
        """Product of `self` and `other`, element by element; for two bool tensors, logical and.

        The result has the dtype that torch promotes the two to.

        Raises:
            BadArgumentError: `self`, `other`: Both must be on one device; a 0-dim CPU tensor goes with any.
            BadArgumentError: `self`, `other`: The shapes of the two must broadcast to one.
        """
        return self * other if type(other) is _Tensor else _dispatch("mul", self, other)

    def __truediv__(self, other: Tensor | float) -> Tensor:
        """`self / other`: see `div`."""
        if type(other) is _Tensor:
            layout = self._layout
            if (
                layout is other._layout
                and layout.native_size >= _div_native_from
                and (handle := self._handle)
                and (result := _c_div(handle, other._handle))
            ):
                out = next(_natives)
                out._handle = result
                out._layout = layout
                return out
        elif not isinstance(other, _operands):
            return _unlike(other)
        return _dispatch("div", self, other)

    def __rtruediv__(self, other: float) -> Tensor:
        """`other / self`: see `div`."""
        return _dispatch("div", other, self) if isinstance(other, _NUMBERS) else _unlike(other)

    def div(self, other: Tensor | float) -> Tensor:
        """True quotient of `self` and `other`, element by element; division by zero gives an infinity or NaN.

        The result is floating-point, two integer or bool tensors being converted to f32 first, as torch does by
        default.

        Raises:
            BadArgumentError: `self`, `other`: Both must be on one device; a 0-dim CPU tensor goes with any.
            BadArgumentError: `self`, `other`: The shapes of the two must broadcast to one.
        """
        return self / other if type(other) is _Tensor else _dispatch("div", self, other)

    def __pow__(self, exponent: Tensor | float) -> Tensor:
        """`self ** exponent`: see `pow`."""
        return self.pow(exponent) if isinstance(exponent, _operands) else _unlike(exponent)

    def __rpow__(self, exponent: float) -> Tensor:
        """`exponent ** self`: see `pow`."""
        return _dispatch("pow_tensor", exponent, self) if isinstance(exponent, _NUMBERS) else _unlike(exponent)

    def pow(self, exponent: Tensor | float) -> Tensor:
        """Each element to the power of `exponent`, a number or a tensor; NaN for a negative one to a power that is
        no integer.

        To the power of a number the result is floating-point, integers and bools being converted to f32 first; to the
        power of a tensor it has the dtype that the two promote to, and integers wrap around.

        Args:
            exponent: A number, or a tensor that broadcasts with the other.

        Raises:
            BadArgumentError: `self`, `exponent`: For f16 and bf16 the number must lie in the dtype's range, unless it
                is infinite.
        """
        if handle := self._handle:
            layout = self._layout
            if layout.native_size >= _pow_native_from and type(exponent) in _NUMBERS:
                try:
                    result = _c_pow(handle, exponent)
                except _refused:
                    result = 0
                if result:
                    out = next(_natives)
                    out._handle = result
                    out._layout = layout
                    return out
        return _dispatch("pow_tensor" if isinstance(exponent, _Tensor) else "pow", self, exponent)

    def neg(self) -> Tensor:
        """Negative of each element.

        The result has the dtype of the tensor.

        Raises:
            BadArgumentError: `self`: The dtype must not be bool.
        """
        if handle := self._handle:
            layout = self._layout
            if layout.native_size >= _neg_native_from and (result := _c_neg(handle)):
                out = next(_natives)
                out._handle = result
                out._layout = layout
                return out
        elif (size := (layout := self._layout).pure_size) < _neg_pure_below or (
            size < _neg_lists_below and type(self._cell[0]) is list
        ):
            out = next(_pures)
            out._handle = 0
            out._cell = [[*map(_plain_neg, self._cell[0])]]
            out._layout = layout
            return out
        return _dispatch("neg", self)

    __neg__ = neg

    def abs(self) -> Tensor:
        """Absolute value of each element.

        The result has the dtype of the tensor.

        Raises:
            BadArgumentError: `self`: The dtype must not be bool.
        """
        if handle := self._handle:
            layout = self._layout
            if layout.native_size >= _abs_native_from and (result := _c_abs(handle)):
                out = next(_natives)
                out._handle = result
                out._layout = layout
                return out
        elif (size := (layout := self._layout).pure_size) < _abs_pure_below or (
            size < _abs_lists_below and type(self._cell[0]) is list
        ):
            out = next(_pures)
            out._handle = 0
            out._cell = [[*map(_plain_abs, self._cell[0])]]
            out._layout = layout
            return out
        return _dispatch("abs", self)

    __abs__ = abs

    def __matmul__(self, other: Tensor) -> Tensor:
        """`self @ other`: see `matmul`."""
        return _dispatch("matmul", self, other) if isinstance(other, _Tensor) else _unlike(other)

    def matmul(self, other: Tensor) -> Tensor:
        """Matrix product of `self` and `other`; leading dimensions broadcast, a 1-dim tensor is a vector.

        The result has the dtype of the tensor.

        Raises:
            BadArgumentError: `self`, `other`: Both must be on one device; a 0-dim CPU tensor goes with any.
            BadArgumentError: `self`, `other`: Both must have the same dtype.
            BadArgumentError: `self`, `other`: The dtypes must not be bool, unless one of the two has no element and one
                of them at least two dimensions.
            BadArgumentError: `self`, `other`: Both must have at least one dimension, the inner sizes must be equal, and
                the leading ones must broadcast.
            BadArgumentError: `self`, `other`: On a CUDA device the dtype must be floating-point, unless one of the two
                has no element and one of them at least two dimensions.
        """
        return _dispatch("matmul", self, other)

    def __eq__(self, other: object) -> Tensor:  # type: ignore[override]  # by element: object's answers a bool
        """`self == other`: see `eq`."""
        return _dispatch("eq", self, other) if isinstance(other, _operands) else _unlike(other)

    def eq(self, other: Tensor | float) -> Tensor:
        """For each element, whether `self` and `other` are equal; the result is bool.

        Raises:
            BadArgumentError: `self`, `other`: Both must be on one device; a 0-dim CPU tensor goes with any.
            BadArgumentError: `self`, `other`: The shapes of the two must broadcast to one.
        """
        return _dispatch("eq", self, other)

    def __ne__(self, other: object) -> Tensor:  # type: ignore[override]  # by element: object's answers a bool
        """`self != other`: see `ne`."""
        return _dispatch("ne", self, other) if isinstance(other, _operands) else _unlike(other)

    def ne(self, other: Tensor | float) -> Tensor:
        """For each element, whether `self` and `other` differ; the result is bool.

        Raises:
            BadArgumentError: `self`, `other`: Both must be on one device; a 0-dim CPU tensor goes with any.
            BadArgumentError: `self`, `other`: The shapes of the two must broadcast to one.
        """
        return _dispatch("ne", self, other)

    def __gt__(self, other: Tensor | float) -> Tensor:
        """`self > other`: see `gt`."""
        return _dispatch("gt", self, other) if isinstance(other, _operands) else _unlike(other)

    def gt(self, other: Tensor | float) -> Tensor:
        """For each element, whether `self` is greater than `other`; the result is bool.

        Raises:
            BadArgumentError: `self`, `other`: Both must be on one device; a 0-dim CPU tensor goes with any.
            BadArgumentError: `self`, `other`: The shapes of the two must broadcast to one.
        """
        return _dispatch("gt", self, other)

    def __lt__(self, other: Tensor | float) -> Tensor:
        """`self < other`: see `lt`."""
        return _dispatch("lt", self, other) if isinstance(other, _operands) else _unlike(other)

    def lt(self, other: Tensor | float) -> Tensor:
        """For each element, whether `self` is less than `other`; the result is bool.

        Raises:
            BadArgumentError: `self`, `other`: Both must be on one device; a 0-dim CPU tensor goes with any.
            BadArgumentError: `self`, `other`: The shapes of the two must broadcast to one.
        """
        return _dispatch("lt", self, other)

    def __ge__(self, other: Tensor | float) -> Tensor:
        """`self >= other`: see `ge`."""
        return _dispatch("ge", self, other) if isinstance(other, _operands) else _unlike(other)

    def ge(self, other: Tensor | float) -> Tensor:
        """For each element, whether `self` is greater than `other` or equal to it; the result is bool.

        Raises:
            BadArgumentError: `self`, `other`: Both must be on one device; a 0-dim CPU tensor goes with any.
            BadArgumentError: `self`, `other`: The shapes of the two must broadcast to one.
        """
        return _dispatch("ge", self, other)

    def __le__(self, other: Tensor | float) -> Tensor:
        """`self <= other`: see `le`."""
        return _dispatch("le", self, other) if isinstance(other, _operands) else _unlike(other)

    def le(self, other: Tensor | float) -> Tensor:
        """For each element, whether `self` is less than `other` or equal to it; the result is bool.

        Raises:
            BadArgumentError: `self`, `other`: Both must be on one device; a 0-dim CPU tensor goes with any.
            BadArgumentError: `self`, `other`: The shapes of the two must broadcast to one.
        """
        return _dispatch("le", self, other)

    def where(self, cond: Tensor, other: Tensor | float) -> Tensor:
        """Elements of `self` where `cond` is true, of `other` elsewhere; the three broadcast.

        The result has the dtype that torch promotes the two to.

        Args:
            cond: A tensor of dtype bool, or of dtype u8, where anything but 0 is true.

        Raises:
            BadArgumentError: `cond`: The dtype must be bool, or u8, where anything but 0 is true.
            BadArgumentError: `cond`, `self`, `other`: Both must be on one device; a 0-dim CPU tensor goes with any.
            BadArgumentError: `cond`, `self`, `other`: The shapes of the two must broadcast to one.
        """
        return _dispatch("where", cond, self, other)

    def maximum(self, other: Tensor | float) -> Tensor:
        """The larger of `self` and `other`, element by element; NaN where one of the two is NaN.

        The result has the dtype that torch promotes the two to.

        Raises:
            BadArgumentError: `self`, `other`: Both must be on one device; a 0-dim CPU tensor goes with any.
            BadArgumentError: `self`, `other`: The shapes of the two must broadcast to one.
        """
        return _dispatch("maximum", self, other)

    def minimum(self, other: Tensor | float) -> Tensor:
        """The smaller of `self` and `other`, element by element; NaN where one of the two is NaN.

        The result has the dtype that torch promotes the two to.

        Raises:
            BadArgumentError: `self`, `other`: Both must be on one device; a 0-dim CPU tensor goes with any.
            BadArgumentError: `self`, `other`: The shapes of the two must broadcast to one.
        """
        return _dispatch("minimum", self, other)

    def sign(self) -> Tensor:
        """1 for each element above 0, -1 for each below, 0 for 0 and NaN; a bool stays as it is.

        The result has the dtype of the tensor.
        """
        if handle := self._handle:
            layout = self._layout
            if layout.native_size >= _sign_native_from and (result := _c_sign(handle)):
                out = next(_natives)
                out._handle = result
                out._layout = layout
                return out
        return _dispatch("sign", self)

    def clamp(self, min: float | None = None, max: float | None = None) -> Tensor:
        """Each element, but `min` where it is smaller, and `max` where it is larger; NaN stays NaN.

        Where `min` is larger than `max`, all elements are `max`. A bound that is NaN makes all of them NaN. For
        integers the bounds must be whole numbers that the dtype holds, where torch would make the result
        floating-point; beyond 2**53 the nearest f64 is the bound.

        The result has the dtype of the tensor.

        Args:
            min: The smallest that an element may be; None for no bound.
            max: The largest that an element may be; None for no bound.

        Raises:
            BadArgumentError: `self`: The dtype must not be bool.
            BadArgumentError: `min`, `max`: At least one of the two must be given.
        """
        return _dispatch("clamp", self, min, max)

    def sin(self) -> Tensor:
        """Sine of each element, which is an angle in radians.

        The result is floating-point, an integer or bool tensor being converted to f32 first, as torch does by default.
        """
        if handle := self._handle:
            layout = self._layout
            if layout.native_size >= _sin_native_from and (result := _c_sin(handle)):
                out = next(_natives)
                out._handle = result
                out._layout = layout
                return out
        return _dispatch("sin", self)

    def cos(self) -> Tensor:
        """Cosine of each element, which is an angle in radians.

        The result is floating-point, an integer or bool tensor being converted to f32 first, as torch does by default.
        """
        if handle := self._handle:
            layout = self._layout
            if layout.native_size >= _cos_native_from and (result := _c_cos(handle)):
                out = next(_natives)
                out._handle = result
                out._layout = layout
                return out
        return _dispatch("cos", self)

    def erf(self) -> Tensor:
        """Error function of each element: the share of a normal distribution of variance 1/2 within `self` of its
        mean.

        The result is floating-point, an integer or bool tensor being converted to f32 first, as torch does by default.
        """
        if handle := self._handle:
            layout = self._layout
            if layout.native_size >= _erf_native_from and (result := _c_erf(handle)):
                out = next(_natives)
                out._handle = result
                out._layout = layout
                return out
        return _dispatch("erf", self)

    def exp(self) -> Tensor:
        """e to the power of each element.

        The result is floating-point, an integer or bool tensor being converted to f32 first, as torch does by default.
        """
        if handle := self._handle:
            layout = self._layout
            if layout.native_size >= _exp_native_from and (result := _c_exp(handle)):
                out = next(_natives)
                out._handle = result
                out._layout = layout
                return out
        return _dispatch("exp", self)

    def log(self) -> Tensor:
        """Natural logarithm of each element; -infinity at 0, NaN below.

        The result is floating-point, an integer or bool tensor being converted to f32 first, as torch does by default.
        """
        if handle := self._handle:
            layout = self._layout
            if layout.native_size >= _log_native_from and (result := _c_log(handle)):
                out = next(_natives)
                out._handle = result
                out._layout = layout
                return out
        return _dispatch("log", self)

    def sqrt(self) -> Tensor:
        """Square root of each element; NaN below 0.

        The result is floating-point, an integer or bool tensor being converted to f32 first, as torch does by default.
        """
        if handle := self._handle:
            layout = self._layout
            if layout.native_size >= _sqrt_native_from and (result := _c_sqrt(handle)):
                out = next(_natives)
                out._handle = result
                out._layout = layout
                return out
        return _dispatch("sqrt", self)

    def relu(self) -> Tensor:
        """max(x, 0) for each element.

        The result has the dtype of the tensor.

        Raises:
            BadArgumentError: `self`: The dtype must not be bool.
        """
        if handle := self._handle:
            layout = self._layout
            if layout.native_size >= _relu_native_from and (result := _c_relu(handle)):
                out = next(_natives)
                out._handle = result
                out._layout = layout
                return out
        return _dispatch("relu", self)

    def sigmoid(self) -> Tensor:
        """1 / (1 + exp(-x)) for each element.

        The result is floating-point, an integer or bool tensor being converted to f32 first, as torch does by default.
        """
        if handle := self._handle:
            layout = self._layout
            if layout.native_size >= _sigmoid_native_from and (result := _c_sigmoid(handle)):
                out = next(_natives)
                out._handle = result
                out._layout = layout
                return out
        return _dispatch("sigmoid", self)

    def tanh(self) -> Tensor:
        """Hyperbolic tangent of each element.

        The result is floating-point, an integer or bool tensor being converted to f32 first, as torch does by default.
        """
        if handle := self._handle:
            layout = self._layout
            if layout.native_size >= _tanh_native_from and (result := _c_tanh(handle)):
                out = next(_natives)
                out._handle = result
                out._layout = layout
                return out
        return _dispatch("tanh", self)

    def leaky_relu(self, slope: float = 0.01) -> Tensor:
        """Each element that is above 0, and `slope * x` for the others.

        The result has the dtype of the tensor.

        Args:
            slope: What the elements that are not above 0 are multiplied by.

        Raises:
            BadArgumentError: `self`: The dtype must be a floating-point one.
        """
        if handle := self._handle:
            layout = self._layout
            if layout.native_size >= _leaky_relu_native_from and type(slope) in _NUMBERS:
                try:
                    result = _c_leaky_relu(handle, slope)
                except _refused:
                    result = 0
                if result:
                    out = next(_natives)
                    out._handle = result
                    out._layout = layout
                    return out
        return _dispatch("leaky_relu", self, slope)

    def elu(self, alpha: float = 1.0) -> Tensor:
        """Each element that is at least 0, and `alpha * (exp(x) - 1)` for the others.

        The result has the dtype of the tensor.

        Args:
            alpha: What the result comes close to, with its sign changed, where `self` is far below 0.

        Raises:
            BadArgumentError: `self`: The dtype must be a floating-point one.
        """
        if handle := self._handle:
            layout = self._layout
            if layout.native_size >= _elu_native_from and type(alpha) in _NUMBERS:
                try:
                    result = _c_elu(handle, alpha)
                except _refused:
                    result = 0
                if result:
                    out = next(_natives)
                    out._handle = result
                    out._layout = layout
                    return out
        return _dispatch("elu", self, alpha)

    def gelu(self, approximate: str = "none") -> Tensor:
        """`self` times the share of the standard normal distribution that is below `self`, for each element.

        The result has the dtype of the tensor.

        Args:
            approximate: "none", or "tanh" for 0.5 * x * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x^3))) instead.

        Raises:
            BadArgumentError: `self`: The dtype must be a floating-point one.
            BadArgumentError: `approximate`: It must be one of the approximations that there are.
        """
        return _dispatch("gelu", self, approximate)

    def softmax(self, dim: int) -> Tensor:
        """Softmax of `self` along `dim`.

        The result has the dtype of the tensor.

        Args:
            dim: Dimension that sums to 1; a negative one counts from the end.

        Raises:
            BadArgumentError: `self`, `dim`: The dimension must lie in [-ndim, ndim - 1]; a 0-dim tensor takes 0 and -1.
            BadArgumentError: `self`: The dtype must be a floating-point one, unless the tensor has no element.
        """
        if handle := self._handle:
            layout = self._layout
            if layout.native_size >= _softmax_native_from:
                try:
                    result = _c_softmax(handle, dim)
                except _refused:
                    result = 0
                if result:
                    out = next(_natives)
                    out._handle = result
                    out._layout = layout
                    return out
        return _dispatch("softmax", self, dim)

    def log_softmax(self, dim: int) -> Tensor:
        """Logarithm of the softmax of `self` along `dim`, computed without overflow.

        The result has the dtype of the tensor.

        Args:
            dim: Dimension that is normalised; a negative one counts from the end.

        Raises:
            BadArgumentError: `self`, `dim`: The dimension must lie in [-ndim, ndim - 1]; a 0-dim tensor takes 0 and -1.
            BadArgumentError: `self`: The dtype must be a floating-point one, unless the tensor has no element.
        """
        if handle := self._handle:
            layout = self._layout
            if layout.native_size >= _log_softmax_native_from:
                try:
                    result = _c_log_softmax(handle, dim)
                except _refused:
                    result = 0
                if result:
                    out = next(_natives)
                    out._handle = result
                    out._layout = layout
                    return out
        return _dispatch("log_softmax", self, dim)

    def linear(self, weight: Tensor, bias: Tensor | None = None) -> Tensor:
        """`self` times the transpose of `weight`, plus `bias`, along the last dimension of `self`.

        The result has the dtype of the tensor.

        Args:
            weight: A matrix: a row for each element of the output, a column for each of the input.
            bias: A vector, an element for each row of `weight`.

        Raises:
            BadArgumentError: `self`, `weight`: Both must be on one device; a 0-dim CPU tensor goes with any.
            BadArgumentError: `self`, `bias`: Where both are given they must be on one device.
            BadArgumentError: `self`, `weight`: Both must have the same dtype.
            BadArgumentError: `self`, `bias`: Where both are given they must have the same dtype.
            BadArgumentError: `self`: The dtype must be a floating-point one.
            BadArgumentError: `self`, `weight`, `bias`: The weights must be a matrix with a column for each element
                along the last dimension of the input, and the bias must have an element for each of its rows.
        """
        return _dispatch("linear", self, weight, bias)

    def conv2d(
        self,
        weight: Tensor,
        bias: Tensor | None = None,
        stride: int | Sequence[int] = 1,
        padding: int | Sequence[int] = 0,
        dilation: int | Sequence[int] = 1,
        groups: int = 1,
    ) -> Tensor:
        """Convolution of images with filters, in the sense that networks have it: the filters are not reversed.

        The result has the dtype of the tensor.

        Args:
            weight: Filters: output channels, channels of a group, height and width.
            bias: A number for each output channel.
            stride: Steps from window to window.
            padding: Zeros around each image, on each side.
            dilation: Steps from element to element of a window.
            groups: Groups that the channels, and the output channels, fall into; each is convolved by itself.

        Raises:
            BadArgumentError: `self`, `weight`: Both must be on one device; a 0-dim CPU tensor goes with any.
            BadArgumentError: `self`, `bias`: Where both are given they must be on one device.
            BadArgumentError: `self`, `weight`: Both must have the same dtype.
            BadArgumentError: `self`, `bias`: Where both are given they must have the same dtype.
            BadArgumentError: `self`: The dtype must be a floating-point one.
            BadArgumentError: `self`: Four dimensions are needed: batch, channels, height and width; only the batch may
                be empty.
            BadArgumentError: `weight`: Four dimensions are needed: output channels, channels, height and width; none
                may be empty.
            BadArgumentError: `stride`, `dilation`: One number is needed, or one for height and one for width, each of
                them at least 1.
            BadArgumentError: `padding`: One number is needed, or one for height and one for width, none of them
                negative.
            BadArgumentError: `self`, `weight`, `stride`, `padding`, `dilation`, `groups`: The filters must be for the
                channels of a group, fall into the groups, and fit into the padded images.
            BadArgumentError: `weight`, `bias`: The bias, when given, must have one dimension, with an element for each
                output channel.
        """
        return _dispatch("conv2d", self, weight, bias, _several(stride), _several(padding), _several(dilation), groups)

    def max_pool2d(
        self,
        kernel: int | Sequence[int],
        stride: int | Sequence[int] | None = None,
        padding: int | Sequence[int] = 0,
        dilation: int | Sequence[int] = 1,
        ceil_mode: bool = False,
    ) -> Tensor:
        """Largest element of each window on the images; NaN where the window has one.

        The result has the dtype of the tensor.

        Args:
            kernel: Height and width of the windows.
            stride: Steps from window to window; those of `kernel` when absent.
            padding: How far windows reach over the edges of the images, on each side; at most half of `kernel`.
            dilation: Steps from element to element of a window.
            ceil_mode: 1 to have windows at the far edges that reach further over them, 0 to leave such windows out.

        Raises:
            BadArgumentError: `self`: The dtype must be a floating-point one.
            BadArgumentError: `self`: Four dimensions are needed: batch, channels, height and width; only the batch may
                be empty.
            BadArgumentError: `kernel`, `dilation`: One number is needed, or one for height and one for width, each of
                them at least 1.
            BadArgumentError: `stride`: One number is needed, or one for height and one for width, each of them at least
                1; or none at all.
            BadArgumentError: `padding`: One number is needed, or one for height and one for width, none of them
                negative.
            BadArgumentError: `self`, `kernel`, `stride`, `padding`, `dilation`, `ceil_mode`: The windows must fit into
                the padded images, the padding must be at most half of them, and each must hold an element.
        """
        return _dispatch(
            "max_pool2d", self, _several(kernel), _several(stride), _several(padding), _several(dilation), ceil_mode
        )

    def avg_pool2d(
        self,
        kernel: int | Sequence[int],
        stride: int | Sequence[int] | None = None,
        padding: int | Sequence[int] = 0,
        ceil_mode: bool = False,
        count_include_pad: bool = True,
    ) -> Tensor:
        """Mean of each window on the images.

        The result has the dtype of the tensor.

        Args:
            kernel: Height and width of the windows.
            stride: Steps from window to window; those of `kernel` when absent.
            padding: Zeros around each image, on each side; at most half of `kernel`.
            ceil_mode: 1 to have windows at the far edges that reach further over them, 0 to leave such windows out.
            count_include_pad: 1 to count the zeros around the images, 0 to count the images' own elements only.

        Raises:
            BadArgumentError: `self`: The dtype must be a floating-point one.
            BadArgumentError: `self`: Four dimensions are needed: batch, channels, height and width; only the batch may
                be empty.
            BadArgumentError: `kernel`: One number is needed, or one for height and one for width, each of them at least
                1.
            BadArgumentError: `stride`: One number is needed, or one for height and one for width, each of them at least
                1; or none at all.
            BadArgumentError: `padding`: One number is needed, or one for height and one for width, none of them
                negative.
            BadArgumentError: `self`, `kernel`, `stride`, `padding`, `ceil_mode`: The windows must fit into the padded
                images, and the padding must be at most half of them.
        """
        return _dispatch(
            "avg_pool2d", self, _several(kernel), _several(stride), _several(padding), ceil_mode, count_include_pad
        )

    def embedding(self, indices: Tensor) -> Tensor:
        """The rows of `self` that `indices` name, in a dimension behind those of `indices`.

        The result has the dtype of the tensor.

        Args:
            indices: Numbers of rows, i64.

        Raises:
            BadArgumentError: `self`, `indices`: Both must be on one device.
            BadArgumentError: `self`: Two dimensions are needed: a row for each index.
            BadArgumentError: `indices`: The dtype must be i64.
            BadArgumentError: `self`, `indices`: The result, which has the dimensions of the indices and one more for
                the elements of a row, must be one that can be.
            BadArgumentError: `self`, `indices`: Each index must be at least 0, and less than the tensor's size in that
                dimension.
        """
        return _dispatch("embedding", self, indices)

    def layer_norm(
        self, shape: int | Sequence[int], weight: Tensor | None = None, bias: Tensor | None = None, eps: float = 1e-05
    ) -> Tensor:
        """`self` minus its mean and over its standard deviation, both along its last dimensions, times `weight` and
        plus `bias`.

        The result has the dtype of the tensor.

        Args:
            shape: Sizes of the last dimensions.
            weight: A tensor of these sizes.
            bias: A tensor of these sizes.
            eps: What is added to the variance, whose root is the standard deviation.

        Raises:
            BadArgumentError: `self`, `weight`, `bias`: Where both are given they must be on one device.
            BadArgumentError: `self`, `weight`, `bias`: Where both are given they must have the same dtype.
            BadArgumentError: `self`: The dtype must be a floating-point one.
            BadArgumentError: `self`, `shape`, `weight`, `bias`: The sizes must be those of the last dimensions of the
                input, at least one, and the shape of the other two where they are given.
        """
        return _dispatch("layer_norm", self, _several(shape), weight, bias, eps)

    def batch_norm(
        self,
        weight: Tensor | None = None,
        bias: Tensor | None = None,
        mean: Tensor | None = None,
        var: Tensor | None = None,
        eps: float = 1e-05,
    ) -> Tensor:
        """`self` minus the mean and over the standard deviation of each feature, times `weight` and plus `bias`.

        Without `mean` and `var` they are those of the batch: of all values that a feature has, the variance being the
        mean of their squared distances from the mean.

        The result has the dtype of the tensor.

        Args:
            weight: A number for each feature.
            bias: A number for each feature.
            mean: The mean of each feature, if not the batch's own; goes with `var`.
            var: The variance of each feature; goes with `mean`.
            eps: What is added to the variance, whose root is the standard deviation.

        Raises:
            BadArgumentError: `self`, `weight`, `bias`, `mean`, `var`: Where both are given they must be on one device.
            BadArgumentError: `self`, `weight`, `bias`, `mean`, `var`: Where both are given they must have the same
                dtype.
            BadArgumentError: `self`: The dtype must be a floating-point one.
            BadArgumentError: `self`: At least two dimensions are needed, batch and features, and at least one feature.
            BadArgumentError: `self`, `weight`, `bias`, `mean`, `var`: The second, where it is given, must have one
                element for each feature of the first, and one dimension.
            BadArgumentError: `self`, `mean`, `var`: Mean and variance must be given both or neither; where they are
                not, the batch must not have a single value of each feature.
        """
        return _dispatch("batch_norm", self, weight, bias, mean, var, eps)

    def binary_cross_entropy(self, target: Tensor) -> Tensor:
        """-target * log(x) - (1 - target) * log(1 - x) for each element, where logarithms below -100 count as -100.

        The result has the dtype of the tensor.

        Args:
            target: What they should be, from 0 to 1.

        Raises:
            BadArgumentError: `self`, `target`: Both must be on one device.
            BadArgumentError: `self`, `target`: Both must have the same shape.
            BadArgumentError: `self`, `target`: Both must have the same dtype.
            BadArgumentError: `self`: The dtype must be a floating-point one.
            BadArgumentError: `self`, `target`: Each element must be from 0 to 1.
        """
        return _dispatch("binary_cross_entropy", self, target)

    def cross_entropy(self, target: Tensor, reduction: str = "mean") -> Tensor:
        """Minus the log-softmax of `self` at the number of the right class, for each sample.

        The result has the dtype of the tensor.

        Args:
            target: Numbers of classes, i64, in that shape without the classes.
            reduction: "mean" or "sum" of all samples, or "none" for these themselves.

        Raises:
            BadArgumentError: `self`, `target`: Both must be on one device.
            BadArgumentError: `self`: The dtype must be a floating-point one.
            BadArgumentError: `target`: The dtype must be i64.
            BadArgumentError: `reduction`: It must be mean, sum or none.
            BadArgumentError: `self`, `target`: The first must have a dimension of classes, the second one if there are
                several; the second must have the other dimensions, and numbers of classes.
        """
        return _dispatch("cross_entropy", self, target, reduction)

    def sum(self, dim: int | Sequence[int] | None = None, keepdim: bool = False) -> Tensor:
        """Sum along one dimension or several, or of all elements as a 0-dim tensor; exact for integers, modulo 2^64.

        The result has the dtype of the tensor, i64 for an integer or bool one.

        Args:
            dim: Dimension to reduce, or several, negative ones counting from the end; None for all of them.
            keepdim: Whether to keep the reduced dimension, with size 1; goes with `dim`.

        Raises:
            BadArgumentError: `self`, `dim`: The dimension must lie in [-ndim, ndim - 1]; a 0-dim tensor takes 0 and -1.
        """
        if dim is None and not keepdim:
            return _dispatch("sum_tensor", self)
        if isinstance(dim, (list, tuple)):
            return self._for_each("sum_dim", dim, lambda self, dim: _dispatch("sum_dim", self, dim, keepdim))
        return _dispatch("sum_dim", self, dim, keepdim)

    def mean(self, dim: int | Sequence[int] | None = None, keepdim: bool = False) -> Tensor:
        """Mean along one dimension or several, or of all elements as a 0-dim tensor.

        The result has the dtype of the tensor.

        Args:
            dim: Dimension to reduce, or several, negative ones counting from the end; None for all of them.
            keepdim: Whether to keep the reduced dimension, with size 1; goes with `dim`.

        Raises:
            BadArgumentError: `self`, `dim`: The dimension must lie in [-ndim, ndim - 1]; a 0-dim tensor takes 0 and -1.
            BadArgumentError: `self`: The dtype must be a floating-point one.
        """
        if dim is None and not keepdim:
            return _dispatch("mean_tensor", self)
        if isinstance(dim, (list, tuple)):
            return self._for_each("mean_dim", dim, lambda self, dim: _dispatch("mean_dim", self, dim, keepdim))
        return _dispatch("mean_dim", self, dim, keepdim)

    def max(self) -> Tensor:
        """Largest element as a 0-dim tensor; NaN if any element is NaN.

        The result has the dtype of the tensor.

        Raises:
            BadArgumentError: `self`: The tensor must have at least one element.
        """
        return _dispatch("max_tensor", self)

    def min(self) -> Tensor:
        """Smallest element as a 0-dim tensor; NaN if any element is NaN.

        The result has the dtype of the tensor.

        Raises:
            BadArgumentError: `self`: The tensor must have at least one element.
        """
        return _dispatch("min_tensor", self)

    def amax(self, dim: int | Sequence[int] | None = None, keepdim: bool = False) -> Tensor:
        """Largest element along one dimension or several, or of all elements as a 0-dim tensor; NaN where an element
        is NaN.

        The result has the dtype of the tensor.

        Args:
            dim: Dimension to reduce, or several, negative ones counting from the end; None for all of them.
            keepdim: Whether to keep the reduced dimension, with size 1; goes with `dim`.

        Raises:
            BadArgumentError: `self`, `dim`: The dimension must lie in [-ndim, ndim - 1]; a 0-dim tensor takes 0 and -1.
            BadArgumentError: `self`, `dim`: The tensor must have at least one element in that dimension.
        """
        if dim is None and not keepdim:
            return _dispatch("max_tensor", self)
        if isinstance(dim, (list, tuple)):
            return self._for_each("amax", dim, lambda self, dim: _dispatch("amax", self, dim, keepdim))
        return _dispatch("amax", self, dim, keepdim)

    def amin(self, dim: int | Sequence[int] | None = None, keepdim: bool = False) -> Tensor:
        """Smallest element along one dimension or several, or of all elements as a 0-dim tensor; NaN where an
        element is NaN.

        The result has the dtype of the tensor.

        Args:
            dim: Dimension to reduce, or several, negative ones counting from the end; None for all of them.
            keepdim: Whether to keep the reduced dimension, with size 1; goes with `dim`.

        Raises:
            BadArgumentError: `self`, `dim`: The dimension must lie in [-ndim, ndim - 1]; a 0-dim tensor takes 0 and -1.
            BadArgumentError: `self`, `dim`: The tensor must have at least one element in that dimension.
        """
        if dim is None and not keepdim:
            return _dispatch("min_tensor", self)
        if isinstance(dim, (list, tuple)):
            return self._for_each("amin", dim, lambda self, dim: _dispatch("amin", self, dim, keepdim))
        return _dispatch("amin", self, dim, keepdim)

    def argmax(self, dim: int | None = None, keepdim: bool = False) -> Tensor:
        """Place of the largest element along one dimension, or among all elements in row-major order; the result is
        i64.

        Of several such elements it is the first one's; a NaN counts as largest.

        Args:
            dim: Dimension to reduce, a negative one counting from the end; None for all of them.
            keepdim: Whether to keep the reduced dimensions, with size 1.

        Raises:
            BadArgumentError: `self`: The dtype must not be bool.
            BadArgumentError: `self`, `dim`: The dimension, when given, must lie in [-ndim, ndim - 1]; a 0-dim tensor
                takes 0 and -1.
            BadArgumentError: `self`, `dim`: The tensor must have at least one element in that dimension, or at all
                where none is given.
        """
        return _dispatch("argmax", self, dim, keepdim)

    def argmin(self, dim: int | None = None, keepdim: bool = False) -> Tensor:
        """Place of the smallest element along one dimension, or among all elements in row-major order; the result is
        i64.

        Of several such elements it is the first one's; a NaN counts as smallest.

        Args:
            dim: Dimension to reduce, a negative one counting from the end; None for all of them.
            keepdim: Whether to keep the reduced dimensions, with size 1.

        Raises:
            BadArgumentError: `self`: The dtype must not be bool.
            BadArgumentError: `self`, `dim`: The dimension, when given, must lie in [-ndim, ndim - 1]; a 0-dim tensor
                takes 0 and -1.
            BadArgumentError: `self`, `dim`: The tensor must have at least one element in that dimension, or at all
                where none is given.
        """
        return _dispatch("argmin", self, dim, keepdim)

    def reshape(self, *shape: int | Sequence[int]) -> Tensor:
        """`self` with other sizes and the same elements in row-major order.

        Args:
            shape: Sizes; one of them may be -1, to be worked out.

        Raises:
            BadArgumentError: `self`, `shape`: The sizes must multiply to the number of elements; one of them may be -1,
                to be worked out.
        """
        return _dispatch("reshape", self, _listed(shape))

    def flatten(self) -> Tensor:
        """All elements in one dimension, in row-major order."""
        return _dispatch("flatten", self)

    def squeeze(self, dim: int | None = None) -> Tensor:
        """`self` without its dimensions of size 1.

        Args:
            dim: The only dimension to drop, if its size is 1; None drops all of size 1.

        Raises:
            BadArgumentError: `self`, `dim`: The dimension, when given, must lie in [-ndim, ndim - 1]; a 0-dim tensor
                takes 0 and -1.
        """
        return _dispatch("squeeze", self, dim)

    def unsqueeze(self, dim: int) -> Tensor:
        """`self` with a new dimension of size 1.

        Args:
            dim: Where the new dimension stands in the result; a negative one counts from the end.

        Raises:
            BadArgumentError: `self`, `dim`: The place of the new dimension must lie in [-ndim - 1, ndim], and a tensor
                has at most 64 dimensions.
        """
        return _dispatch("unsqueeze", self, dim)

    def transpose(self, dim0: int, dim1: int) -> Tensor:
        """`self` with the dimensions `dim0` and `dim1` exchanged.

        Args:
            dim0: First dimension; a negative one counts from the end.
            dim1: Second dimension; a negative one counts from the end.

        Raises:
            BadArgumentError: `self`, `dim0`, `dim1`: The dimension must lie in [-ndim, ndim - 1]; a 0-dim tensor takes
                0 and -1.
        """
        return _dispatch("transpose", self, dim0, dim1)

    def index_select(self, dim: int, index: Tensor) -> Tensor:
        """The parts of `self` along `dim` that `index` names, one after the other.

        The result has the dtype of the tensor.

        Args:
            dim: Dimension that is indexed; a negative one counts from the end.
            index: A tensor of dtype i64 with at most one dimension; each index counts from 0.

        Raises:
            BadArgumentError: `self`, `dim`: The dimension must lie in [-ndim, ndim - 1]; a 0-dim tensor takes 0 and -1.
            BadArgumentError: `self`, `index`: Both must be on one device.
            BadArgumentError: `index`: The dtype must be i64.
            BadArgumentError: `self`, `index`: The indices must have at most one dimension, and a tensor without
                dimensions takes exactly one of them.
            BadArgumentError: `self`, `dim`, `index`: Each index must be at least 0, and less than the tensor's size in
                that dimension.
        """
        return _dispatch("index_select", self, dim, index)

    def index_add(self, dim: int, index: Tensor, source: Tensor) -> Tensor:
        """`self` with each part of `source` along `dim` added to the part that its index names; for bool, logical
        or.

        The result has the dtype of the tensor.

        Args:
            dim: Dimension that is indexed; a negative one counts from the end.
            index: A tensor of dtype i64 with at most one dimension; each index counts from 0, and may come several
                times.
            source: What is added; but for `dim`, where it has as many parts as there are indices, it has the shape of
                `self`.

        Raises:
            BadArgumentError: `self`, `dim`: The dimension must lie in [-ndim, ndim - 1]; a 0-dim tensor takes 0 and -1.
            BadArgumentError: `self`, `index`, `source`: Both must be on one device.
            BadArgumentError: `index`: The dtype must be i64.
            BadArgumentError: `self`, `source`: Both must have the same dtype.
            BadArgumentError: `self`, `index`: The indices must have at most one dimension, and a tensor without
                dimensions takes exactly one of them.
            BadArgumentError: `self`, `dim`, `index`, `source`: What goes to the indices must have as many parts along
                the dimension as there are indices, and the other sizes of the tensor that it goes to.
            BadArgumentError: `self`, `dim`, `index`: Each index must be at least 0, and less than the tensor's size in
                that dimension.
        """
        return _dispatch("index_add", self, dim, index, source)

    def gather(self, dim: int, index: Tensor) -> Tensor:
        """For each place of `index`, the element of `self` at the same place, but along `dim` at the place that the
        index names.

        The result has the dtype of the tensor.

        Args:
            dim: Dimension that is indexed; a negative one counts from the end.
            index: A tensor of dtype i64 with as many dimensions as `self`, and but for `dim` no larger; each index
                counts from 0.

        Raises:
            BadArgumentError: `self`, `dim`: The dimension must lie in [-ndim, ndim - 1]; a 0-dim tensor takes 0 and -1.
            BadArgumentError: `self`, `index`: Both must be on one device.
            BadArgumentError: `index`: The dtype must be i64.
            BadArgumentError: `self`, `dim`, `index`: The indices must have as many dimensions as the tensor, one
                without dimensions counting as one of size 1, and no larger ones but for the dimension that is indexed,
                unless there are none.
            BadArgumentError: `self`, `dim`, `index`: Each index must be at least 0, and less than the tensor's size in
                that dimension.
        """
        return _dispatch("gather", self, dim, index)

    def scatter_add(self, dim: int, index: Tensor, source: Tensor) -> Tensor:
        """`self` with each element of `source` added at the same place, but along `dim` at the place that its index
        names; for bool, logical or.

        It undoes rt_torch_gather. torch lets `source` be larger than `index`, and its gradient does not; here the two
        have one shape.

        The result has the dtype of the tensor.

        Args:
            dim: Dimension that is indexed; a negative one counts from the end.
            index: A tensor of dtype i64 with as many dimensions as `self`, and but for `dim` no larger; each index
                counts from 0, and may come several times.
            source: What is added; it has the shape of `index`.

        Raises:
            BadArgumentError: `self`, `dim`: The dimension must lie in [-ndim, ndim - 1]; a 0-dim tensor takes 0 and -1.
            BadArgumentError: `self`, `index`, `source`: Both must be on one device.
            BadArgumentError: `index`: The dtype must be i64.
            BadArgumentError: `self`, `source`: Both must have the same dtype.
            BadArgumentError: `index`, `source`: Both must have the same shape.
            BadArgumentError: `self`, `dim`, `index`: The indices must have as many dimensions as the tensor, one
                without dimensions counting as one of size 1, and no larger ones but for the dimension that is indexed,
                unless there are none.
            BadArgumentError: `self`, `dim`, `index`: Each index must be at least 0, and less than the tensor's size in
                that dimension.
        """
        return _dispatch("scatter_add", self, dim, index, source)

    def narrow(self, dim: int, start: int, length: int) -> Tensor:
        """The part of `self` that has `length` elements along `dim`, from `start` on.

        Args:
            dim: Dimension that is cut; a negative one counts from the end.
            start: The first element; a negative one counts from the end.
            length: Number of elements.

        Raises:
            BadArgumentError: `self`, `dim`: The dimension must lie in [-ndim, ndim - 1]; a 0-dim tensor takes 0 and -1.
            BadArgumentError: `self`, `dim`, `start`, `length`: The tensor must have dimensions, and in that one so many
                elements from the start on; the start must lie in [-size, size].
        """
        return _dispatch("narrow", self, dim, start, length)

    def expand(self, *shape: int | Sequence[int]) -> Tensor:
        """`self` with its elements repeated along dimensions of size 1, and along new ones in front, without a copy.

        Args:
            shape: Sizes; -1 keeps that of `self`.

        Raises:
            BadArgumentError: `self`, `shape`: Counted from the end, each size must be that of the tensor, or -1, or the
                tensor's must be 1; in front there may be more, at most 64 in all, and their product must fit into 63
                bits.
        """
        return _dispatch("expand", self, _listed(shape))

    def sum_to(self, *shape: int | Sequence[int]) -> Tensor:
        """`self` summed to the shape `shape`, as if it had been expanded from that: what was repeated is added up
        again.

        Summed are the dimensions that `shape` does not have, which are the first ones, and those that it has with size
        1.

        The result has the dtype of the tensor, i64 for an integer or bool one.

        Args:
            shape: Sizes of the result.

        Raises:
            BadArgumentError: `shape`: Sizes must not be negative, at most 64 of them, and their product must fit into
                63 bits.
            BadArgumentError: `self`, `shape`: Counted from the end, each size must be that of the tensor, or 1, and
                there must not be more of them than the tensor has.
        """
        return _dispatch("sum_to", self, _listed(shape))

    def t(self) -> Tensor:
        """Transpose of a matrix; a tensor of fewer than two dimensions is returned as it is.

        Raises:
            BadArgumentError: `self`: The tensor must have at most two dimensions.
        """
        return _dispatch("transpose_2d", self)

    @property
    def T(self) -> Tensor:
        """Transpose of a matrix; a tensor of fewer than two dimensions is returned as it is."""
        return self.t()

    def clone(self) -> Tensor:
        """A copy of `self` with memory of its own.

        Python lays the copy out in row-major order, libtorch in that of `self`: where it matters, use `contiguous`.

        The result has the dtype of the tensor.
        """
        if handle := self._handle:
            layout = self._layout
            if layout.native_size >= _clone_native_from and (result := _c_clone(handle)):
                out = next(_natives)
                out._handle = result
                out._layout = layout
                return out
        return _dispatch("clone", self)

    def detach(self) -> Tensor:
        """A tensor with the memory of `self`, outside of any gradient."""
        return _dispatch("detach", self)

    def contiguous(self) -> Tensor:
        """`self` in row-major order without gaps: itself when it is so already, otherwise a copy."""
        return _dispatch("contiguous", self)


for _method in vars(Operators).values():
    if isinstance(_method, FunctionType):  # so that messages and pickles name the class that everyone knows
        _method.__module__, _method.__qualname__ = "rt_torch._tensor", f"Tensor.{_method.__name__}"


def add(a: Tensor | float, b: Tensor | float) -> Tensor:
    """Sum of `a` and `b`, element by element; for two bool tensors, logical or.

    The result has the dtype that torch promotes the two to.

    Raises:
        BadArgumentError: `a`, `b`: Both must be on one device; a 0-dim CPU tensor goes with any.
        BadArgumentError: `a`, `b`: The shapes of the two must broadcast to one.
    """
    if type(a) is _Tensor and type(b) is _Tensor:
        return a + b
    return _dispatch("add", a, b)


def sub(a: Tensor | float, b: Tensor | float) -> Tensor:
    """Difference of `a` and `b`, element by element.

    The result has the dtype that torch promotes the two to.

    Raises:
        BadArgumentError: `a`, `b`: The dtype must not be bool.
        BadArgumentError: `a`, `b`: Both must be on one device; a 0-dim CPU tensor goes with any.
        BadArgumentError: `a`, `b`: The shapes of the two must broadcast to one.
    """
    if type(a) is _Tensor and type(b) is _Tensor:
        return a - b
    return _dispatch("sub", a, b)


def mul(a: Tensor | float, b: Tensor | float) -> Tensor:
    """Product of `a` and `b`, element by element; for two bool tensors, logical and.

    The result has the dtype that torch promotes the two to.

    Raises:
        BadArgumentError: `a`, `b`: Both must be on one device; a 0-dim CPU tensor goes with any.
        BadArgumentError: `a`, `b`: The shapes of the two must broadcast to one.
    """
    if type(a) is _Tensor and type(b) is _Tensor:
        return a * b
    return _dispatch("mul", a, b)


def div(a: Tensor | float, b: Tensor | float) -> Tensor:
    """True quotient of `a` and `b`, element by element; division by zero gives an infinity or NaN.

    The result is floating-point, two integer or bool tensors being converted to f32 first, as torch does by default.

    Raises:
        BadArgumentError: `a`, `b`: Both must be on one device; a 0-dim CPU tensor goes with any.
        BadArgumentError: `a`, `b`: The shapes of the two must broadcast to one.
    """
    if type(a) is _Tensor and type(b) is _Tensor:
        return a / b
    return _dispatch("div", a, b)


def pow(x: Tensor | float, exponent: Tensor | float) -> Tensor:
    """Each element to the power of `exponent`, a number or a tensor; NaN for a negative one to a power that is no
    integer.

    To the power of a number the result is floating-point, integers and bools being converted to f32 first; to the power
    of a tensor it has the dtype that the two promote to, and integers wrap around.

    Args:
        exponent: A number, or a tensor that broadcasts with the other.

    Raises:
        BadArgumentError: `x`, `exponent`: For f16 and bf16 the number must lie in the dtype's range, unless it is
            infinite.
    """
    if type(x) is _Tensor:
        return x.pow(exponent)
    return _dispatch("pow_tensor" if isinstance(exponent, _Tensor) else "pow", x, exponent)


def neg(x: Tensor) -> Tensor:
    """Negative of each element.

    The result has the dtype of the tensor.

    Raises:
        BadArgumentError: `x`: The dtype must not be bool.
    """
    return x.neg() if type(x) is _Tensor else _dispatch("neg", x)


def abs(x: Tensor) -> Tensor:
    """Absolute value of each element.

    The result has the dtype of the tensor.

    Raises:
        BadArgumentError: `x`: The dtype must not be bool.
    """
    return x.abs() if type(x) is _Tensor else _dispatch("abs", x)


def matmul(a: Tensor, b: Tensor) -> Tensor:
    """Matrix product of `a` and `b`; leading dimensions broadcast, a 1-dim tensor is a vector.

    The result has the dtype of the tensor.

    Raises:
        BadArgumentError: `a`, `b`: Both must be on one device; a 0-dim CPU tensor goes with any.
        BadArgumentError: `a`, `b`: Both must have the same dtype.
        BadArgumentError: `a`, `b`: The dtypes must not be bool, unless one of the two has no element and one of them at
            least two dimensions.
        BadArgumentError: `a`, `b`: Both must have at least one dimension, the inner sizes must be equal, and the
            leading ones must broadcast.
        BadArgumentError: `a`, `b`: On a CUDA device the dtype must be floating-point, unless one of the two has no
            element and one of them at least two dimensions.
    """
    return _dispatch("matmul", a, b)


def eq(a: Tensor | float, b: Tensor | float) -> Tensor:
    """For each element, whether `a` and `b` are equal; the result is bool.

    Raises:
        BadArgumentError: `a`, `b`: Both must be on one device; a 0-dim CPU tensor goes with any.
        BadArgumentError: `a`, `b`: The shapes of the two must broadcast to one.
    """
    return _dispatch("eq", a, b)


def ne(a: Tensor | float, b: Tensor | float) -> Tensor:
    """For each element, whether `a` and `b` differ; the result is bool.

    Raises:
        BadArgumentError: `a`, `b`: Both must be on one device; a 0-dim CPU tensor goes with any.
        BadArgumentError: `a`, `b`: The shapes of the two must broadcast to one.
    """
    return _dispatch("ne", a, b)


def gt(a: Tensor | float, b: Tensor | float) -> Tensor:
    """For each element, whether `a` is greater than `b`; the result is bool.

    Raises:
        BadArgumentError: `a`, `b`: Both must be on one device; a 0-dim CPU tensor goes with any.
        BadArgumentError: `a`, `b`: The shapes of the two must broadcast to one.
    """
    return _dispatch("gt", a, b)


def lt(a: Tensor | float, b: Tensor | float) -> Tensor:
    """For each element, whether `a` is less than `b`; the result is bool.

    Raises:
        BadArgumentError: `a`, `b`: Both must be on one device; a 0-dim CPU tensor goes with any.
        BadArgumentError: `a`, `b`: The shapes of the two must broadcast to one.
    """
    return _dispatch("lt", a, b)


def ge(a: Tensor | float, b: Tensor | float) -> Tensor:
    """For each element, whether `a` is greater than `b` or equal to it; the result is bool.

    Raises:
        BadArgumentError: `a`, `b`: Both must be on one device; a 0-dim CPU tensor goes with any.
        BadArgumentError: `a`, `b`: The shapes of the two must broadcast to one.
    """
    return _dispatch("ge", a, b)


def le(a: Tensor | float, b: Tensor | float) -> Tensor:
    """For each element, whether `a` is less than `b` or equal to it; the result is bool.

    Raises:
        BadArgumentError: `a`, `b`: Both must be on one device; a 0-dim CPU tensor goes with any.
        BadArgumentError: `a`, `b`: The shapes of the two must broadcast to one.
    """
    return _dispatch("le", a, b)


def where(cond: Tensor, a: Tensor | float, b: Tensor | float) -> Tensor:
    """Elements of `a` where `cond` is true, of `b` elsewhere; the three broadcast.

    The result has the dtype that torch promotes the two to.

    Args:
        cond: A tensor of dtype bool, or of dtype u8, where anything but 0 is true.

    Raises:
        BadArgumentError: `cond`: The dtype must be bool, or u8, where anything but 0 is true.
        BadArgumentError: `cond`, `a`, `b`: Both must be on one device; a 0-dim CPU tensor goes with any.
        BadArgumentError: `cond`, `a`, `b`: The shapes of the two must broadcast to one.
    """
    return _dispatch("where", cond, a, b)


def maximum(a: Tensor | float, b: Tensor | float) -> Tensor:
    """The larger of `a` and `b`, element by element; NaN where one of the two is NaN.

    The result has the dtype that torch promotes the two to.

    Raises:
        BadArgumentError: `a`, `b`: Both must be on one device; a 0-dim CPU tensor goes with any.
        BadArgumentError: `a`, `b`: The shapes of the two must broadcast to one.
    """
    return _dispatch("maximum", a, b)


def minimum(a: Tensor | float, b: Tensor | float) -> Tensor:
    """The smaller of `a` and `b`, element by element; NaN where one of the two is NaN.

    The result has the dtype that torch promotes the two to.

    Raises:
        BadArgumentError: `a`, `b`: Both must be on one device; a 0-dim CPU tensor goes with any.
        BadArgumentError: `a`, `b`: The shapes of the two must broadcast to one.
    """
    return _dispatch("minimum", a, b)


def sign(x: Tensor) -> Tensor:
    """1 for each element above 0, -1 for each below, 0 for 0 and NaN; a bool stays as it is.

    The result has the dtype of the tensor.
    """
    return x.sign() if type(x) is _Tensor else _dispatch("sign", x)


def clamp(x: Tensor, min: float | None = None, max: float | None = None) -> Tensor:
    """Each element, but `min` where it is smaller, and `max` where it is larger; NaN stays NaN.

    Where `min` is larger than `max`, all elements are `max`. A bound that is NaN makes all of them NaN. For integers
    the bounds must be whole numbers that the dtype holds, where torch would make the result floating-point; beyond
    2**53 the nearest f64 is the bound.

    The result has the dtype of the tensor.

    Args:
        min: The smallest that an element may be; None for no bound.
        max: The largest that an element may be; None for no bound.

    Raises:
        BadArgumentError: `x`: The dtype must not be bool.
        BadArgumentError: `min`, `max`: At least one of the two must be given.
    """
    return _dispatch("clamp", x, min, max)


def sin(x: Tensor) -> Tensor:
    """Sine of each element, which is an angle in radians.

    The result is floating-point, an integer or bool tensor being converted to f32 first, as torch does by default.
    """
    return x.sin() if type(x) is _Tensor else _dispatch("sin", x)


def cos(x: Tensor) -> Tensor:
    """Cosine of each element, which is an angle in radians.

    The result is floating-point, an integer or bool tensor being converted to f32 first, as torch does by default.
    """
    return x.cos() if type(x) is _Tensor else _dispatch("cos", x)


def erf(x: Tensor) -> Tensor:
    """Error function of each element: the share of a normal distribution of variance 1/2 within `x` of its mean.

    The result is floating-point, an integer or bool tensor being converted to f32 first, as torch does by default.
    """
    return x.erf() if type(x) is _Tensor else _dispatch("erf", x)


def exp(x: Tensor) -> Tensor:
    """e to the power of each element.

    The result is floating-point, an integer or bool tensor being converted to f32 first, as torch does by default.
    """
    return x.exp() if type(x) is _Tensor else _dispatch("exp", x)


def log(x: Tensor) -> Tensor:
    """Natural logarithm of each element; -infinity at 0, NaN below.

    The result is floating-point, an integer or bool tensor being converted to f32 first, as torch does by default.
    """
    return x.log() if type(x) is _Tensor else _dispatch("log", x)


def sqrt(x: Tensor) -> Tensor:
    """Square root of each element; NaN below 0.

    The result is floating-point, an integer or bool tensor being converted to f32 first, as torch does by default.
    """
    return x.sqrt() if type(x) is _Tensor else _dispatch("sqrt", x)


def relu(x: Tensor) -> Tensor:
    """max(x, 0) for each element.

    The result has the dtype of the tensor.

    Raises:
        BadArgumentError: `x`: The dtype must not be bool.
    """
    return x.relu() if type(x) is _Tensor else _dispatch("relu", x)


def sigmoid(x: Tensor) -> Tensor:
    """1 / (1 + exp(-x)) for each element.

    The result is floating-point, an integer or bool tensor being converted to f32 first, as torch does by default.
    """
    return x.sigmoid() if type(x) is _Tensor else _dispatch("sigmoid", x)


def tanh(x: Tensor) -> Tensor:
    """Hyperbolic tangent of each element.

    The result is floating-point, an integer or bool tensor being converted to f32 first, as torch does by default.
    """
    return x.tanh() if type(x) is _Tensor else _dispatch("tanh", x)


def leaky_relu(x: Tensor, slope: float = 0.01) -> Tensor:
    """Each element that is above 0, and `slope * x` for the others.

    The result has the dtype of the tensor.

    Args:
        slope: What the elements that are not above 0 are multiplied by.

    Raises:
        BadArgumentError: `x`: The dtype must be a floating-point one.
    """
    return x.leaky_relu(slope) if type(x) is _Tensor else _dispatch("leaky_relu", x, slope)


def elu(x: Tensor, alpha: float = 1.0) -> Tensor:
    """Each element that is at least 0, and `alpha * (exp(x) - 1)` for the others.

    The result has the dtype of the tensor.

    Args:
        alpha: What the result comes close to, with its sign changed, where `x` is far below 0.

    Raises:
        BadArgumentError: `x`: The dtype must be a floating-point one.
    """
    return x.elu(alpha) if type(x) is _Tensor else _dispatch("elu", x, alpha)


def gelu(x: Tensor, approximate: str = "none") -> Tensor:
    """`x` times the share of the standard normal distribution that is below `x`, for each element.

    The result has the dtype of the tensor.

    Args:
        approximate: "none", or "tanh" for 0.5 * x * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x^3))) instead.

    Raises:
        BadArgumentError: `x`: The dtype must be a floating-point one.
        BadArgumentError: `approximate`: It must be one of the approximations that there are.
    """
    return _dispatch("gelu", x, approximate)


def softmax(x: Tensor, dim: int) -> Tensor:
    """Softmax of `x` along `dim`.

    The result has the dtype of the tensor.

    Args:
        dim: Dimension that sums to 1; a negative one counts from the end.

    Raises:
        BadArgumentError: `x`, `dim`: The dimension must lie in [-ndim, ndim - 1]; a 0-dim tensor takes 0 and -1.
        BadArgumentError: `x`: The dtype must be a floating-point one, unless the tensor has no element.
    """
    return x.softmax(dim) if type(x) is _Tensor else _dispatch("softmax", x, dim)


def log_softmax(x: Tensor, dim: int) -> Tensor:
    """Logarithm of the softmax of `x` along `dim`, computed without overflow.

    The result has the dtype of the tensor.

    Args:
        dim: Dimension that is normalised; a negative one counts from the end.

    Raises:
        BadArgumentError: `x`, `dim`: The dimension must lie in [-ndim, ndim - 1]; a 0-dim tensor takes 0 and -1.
        BadArgumentError: `x`: The dtype must be a floating-point one, unless the tensor has no element.
    """
    return x.log_softmax(dim) if type(x) is _Tensor else _dispatch("log_softmax", x, dim)


def linear(x: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """`x` times the transpose of `weight`, plus `bias`, along the last dimension of `x`.

    The result has the dtype of the tensor.

    Args:
        weight: A matrix: a row for each element of the output, a column for each of the input.
        bias: A vector, an element for each row of `weight`.

    Raises:
        BadArgumentError: `x`, `weight`: Both must be on one device; a 0-dim CPU tensor goes with any.
        BadArgumentError: `x`, `bias`: Where both are given they must be on one device.
        BadArgumentError: `x`, `weight`: Both must have the same dtype.
        BadArgumentError: `x`, `bias`: Where both are given they must have the same dtype.
        BadArgumentError: `x`: The dtype must be a floating-point one.
        BadArgumentError: `x`, `weight`, `bias`: The weights must be a matrix with a column for each element along the
            last dimension of the input, and the bias must have an element for each of its rows.
    """
    return _dispatch("linear", x, weight, bias)


def conv2d(
    x: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: int | Sequence[int] = 1,
    padding: int | Sequence[int] = 0,
    dilation: int | Sequence[int] = 1,
    groups: int = 1,
) -> Tensor:
    """Convolution of images with filters, in the sense that networks have it: the filters are not reversed.

    The result has the dtype of the tensor.

    Args:
        x: Images: batch, channels, height and width.
        weight: Filters: output channels, channels of a group, height and width.
        bias: A number for each output channel.
        stride: Steps from window to window.
        padding: Zeros around each image, on each side.
        dilation: Steps from element to element of a window.
        groups: Groups that the channels, and the output channels, fall into; each is convolved by itself.

    Raises:
        BadArgumentError: `x`, `weight`: Both must be on one device; a 0-dim CPU tensor goes with any.
        BadArgumentError: `x`, `bias`: Where both are given they must be on one device.
        BadArgumentError: `x`, `weight`: Both must have the same dtype.
        BadArgumentError: `x`, `bias`: Where both are given they must have the same dtype.
        BadArgumentError: `x`: The dtype must be a floating-point one.
        BadArgumentError: `x`: Four dimensions are needed: batch, channels, height and width; only the batch may be
            empty.
        BadArgumentError: `weight`: Four dimensions are needed: output channels, channels, height and width; none may be
            empty.
        BadArgumentError: `stride`, `dilation`: One number is needed, or one for height and one for width, each of them
            at least 1.
        BadArgumentError: `padding`: One number is needed, or one for height and one for width, none of them negative.
        BadArgumentError: `x`, `weight`, `stride`, `padding`, `dilation`, `groups`: The filters must be for the channels
            of a group, fall into the groups, and fit into the padded images.
        BadArgumentError: `weight`, `bias`: The bias, when given, must have one dimension, with an element for each
            output channel.
    """
    return _dispatch("conv2d", x, weight, bias, _several(stride), _several(padding), _several(dilation), groups)


def max_pool2d(
    x: Tensor,
    kernel: int | Sequence[int],
    stride: int | Sequence[int] | None = None,
    padding: int | Sequence[int] = 0,
    dilation: int | Sequence[int] = 1,
    ceil_mode: bool = False,
) -> Tensor:
    """Largest element of each window on the images; NaN where the window has one.

    The result has the dtype of the tensor.

    Args:
        x: Images: batch, channels, height and width.
        kernel: Height and width of the windows.
        stride: Steps from window to window; those of `kernel` when absent.
        padding: How far windows reach over the edges of the images, on each side; at most half of `kernel`.
        dilation: Steps from element to element of a window.
        ceil_mode: 1 to have windows at the far edges that reach further over them, 0 to leave such windows out.

    Raises:
        BadArgumentError: `x`: The dtype must be a floating-point one.
        BadArgumentError: `x`: Four dimensions are needed: batch, channels, height and width; only the batch may be
            empty.
        BadArgumentError: `kernel`, `dilation`: One number is needed, or one for height and one for width, each of them
            at least 1.
        BadArgumentError: `stride`: One number is needed, or one for height and one for width, each of them at least 1;
            or none at all.
        BadArgumentError: `padding`: One number is needed, or one for height and one for width, none of them negative.
        BadArgumentError: `x`, `kernel`, `stride`, `padding`, `dilation`, `ceil_mode`: The windows must fit into the
            padded images, the padding must be at most half of them, and each must hold an element.
    """
    return _dispatch(
        "max_pool2d", x, _several(kernel), _several(stride), _several(padding), _several(dilation), ceil_mode
    )


def avg_pool2d(
    x: Tensor,
    kernel: int | Sequence[int],
    stride: int | Sequence[int] | None = None,
    padding: int | Sequence[int] = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> Tensor:
    """Mean of each window on the images.

    The result has the dtype of the tensor.

    Args:
        x: Images: batch, channels, height and width.
        kernel: Height and width of the windows.
        stride: Steps from window to window; those of `kernel` when absent.
        padding: Zeros around each image, on each side; at most half of `kernel`.
        ceil_mode: 1 to have windows at the far edges that reach further over them, 0 to leave such windows out.
        count_include_pad: 1 to count the zeros around the images, 0 to count the images' own elements only.

    Raises:
        BadArgumentError: `x`: The dtype must be a floating-point one.
        BadArgumentError: `x`: Four dimensions are needed: batch, channels, height and width; only the batch may be
            empty.
        BadArgumentError: `kernel`: One number is needed, or one for height and one for width, each of them at least 1.
        BadArgumentError: `stride`: One number is needed, or one for height and one for width, each of them at least 1;
            or none at all.
        BadArgumentError: `padding`: One number is needed, or one for height and one for width, none of them negative.
        BadArgumentError: `x`, `kernel`, `stride`, `padding`, `ceil_mode`: The windows must fit into the padded images,
            and the padding must be at most half of them.
    """
    return _dispatch(
        "avg_pool2d", x, _several(kernel), _several(stride), _several(padding), ceil_mode, count_include_pad
    )


def embedding(weight: Tensor, indices: Tensor) -> Tensor:
    """The rows of `weight` that `indices` name, in a dimension behind those of `indices`.

    The result has the dtype of the tensor.

    Args:
        weight: A table: a row for each index.
        indices: Numbers of rows, i64.

    Raises:
        BadArgumentError: `weight`, `indices`: Both must be on one device.
        BadArgumentError: `weight`: Two dimensions are needed: a row for each index.
        BadArgumentError: `indices`: The dtype must be i64.
        BadArgumentError: `weight`, `indices`: The result, which has the dimensions of the indices and one more for the
            elements of a row, must be one that can be.
        BadArgumentError: `weight`, `indices`: Each index must be at least 0, and less than the tensor's size in that
            dimension.
    """
    return _dispatch("embedding", weight, indices)


def layer_norm(
    x: Tensor, shape: int | Sequence[int], weight: Tensor | None = None, bias: Tensor | None = None, eps: float = 1e-05
) -> Tensor:
    """`x` minus its mean and over its standard deviation, both along its last dimensions, times `weight` and plus
    `bias`.

    The result has the dtype of the tensor.

    Args:
        shape: Sizes of the last dimensions.
        weight: A tensor of these sizes.
        bias: A tensor of these sizes.
        eps: What is added to the variance, whose root is the standard deviation.

    Raises:
        BadArgumentError: `x`, `weight`, `bias`: Where both are given they must be on one device.
        BadArgumentError: `x`, `weight`, `bias`: Where both are given they must have the same dtype.
        BadArgumentError: `x`: The dtype must be a floating-point one.
        BadArgumentError: `x`, `shape`, `weight`, `bias`: The sizes must be those of the last dimensions of the input,
            at least one, and the shape of the other two where they are given.
    """
    return _dispatch("layer_norm", x, _several(shape), weight, bias, eps)


def batch_norm(
    x: Tensor,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    mean: Tensor | None = None,
    var: Tensor | None = None,
    eps: float = 1e-05,
) -> Tensor:
    """`x` minus the mean and over the standard deviation of each feature, times `weight` and plus `bias`.

    Without `mean` and `var` they are those of the batch: of all values that a feature has, the variance being the mean
    of their squared distances from the mean.

    The result has the dtype of the tensor.

    Args:
        x: Batch, features, and any dimensions more.
        weight: A number for each feature.
        bias: A number for each feature.
        mean: The mean of each feature, if not the batch's own; goes with `var`.
        var: The variance of each feature; goes with `mean`.
        eps: What is added to the variance, whose root is the standard deviation.

    Raises:
        BadArgumentError: `x`, `weight`, `bias`, `mean`, `var`: Where both are given they must be on one device.
        BadArgumentError: `x`, `weight`, `bias`, `mean`, `var`: Where both are given they must have the same dtype.
        BadArgumentError: `x`: The dtype must be a floating-point one.
        BadArgumentError: `x`: At least two dimensions are needed, batch and features, and at least one feature.
        BadArgumentError: `x`, `weight`, `bias`, `mean`, `var`: The second, where it is given, must have one element for
            each feature of the first, and one dimension.
        BadArgumentError: `x`, `mean`, `var`: Mean and variance must be given both or neither; where they are not, the
            batch must not have a single value of each feature.
    """
    return _dispatch("batch_norm", x, weight, bias, mean, var, eps)


def binary_cross_entropy(x: Tensor, target: Tensor) -> Tensor:
    """-target * log(x) - (1 - target) * log(1 - x) for each element, where logarithms below -100 count as -100.

    The result has the dtype of the tensor.

    Args:
        x: Probabilities, from 0 to 1.
        target: What they should be, from 0 to 1.

    Raises:
        BadArgumentError: `x`, `target`: Both must be on one device.
        BadArgumentError: `x`, `target`: Both must have the same shape.
        BadArgumentError: `x`, `target`: Both must have the same dtype.
        BadArgumentError: `x`: The dtype must be a floating-point one.
        BadArgumentError: `x`, `target`: Each element must be from 0 to 1.
    """
    return _dispatch("binary_cross_entropy", x, target)


def cross_entropy(x: Tensor, target: Tensor, reduction: str = "mean") -> Tensor:
    """Minus the log-softmax of `x` at the number of the right class, for each sample.

    The result has the dtype of the tensor.

    Args:
        x: Any numbers, of the shape [classes], [samples, classes] or [samples, classes, ...].
        target: Numbers of classes, i64, in that shape without the classes.
        reduction: "mean" or "sum" of all samples, or "none" for these themselves.

    Raises:
        BadArgumentError: `x`, `target`: Both must be on one device.
        BadArgumentError: `x`: The dtype must be a floating-point one.
        BadArgumentError: `target`: The dtype must be i64.
        BadArgumentError: `reduction`: It must be mean, sum or none.
        BadArgumentError: `x`, `target`: The first must have a dimension of classes, the second one if there are
            several; the second must have the other dimensions, and numbers of classes.
    """
    return _dispatch("cross_entropy", x, target, reduction)


def sum(x: Tensor, dim: int | Sequence[int] | None = None, keepdim: bool = False) -> Tensor:
    """Sum along one dimension or several, or of all elements as a 0-dim tensor; exact for integers, modulo 2^64.

    The result has the dtype of the tensor, i64 for an integer or bool one.

    Args:
        dim: Dimension to reduce, or several, negative ones counting from the end; None for all of them.
        keepdim: Whether to keep the reduced dimension, with size 1; goes with `dim`.

    Raises:
        BadArgumentError: `x`, `dim`: The dimension must lie in [-ndim, ndim - 1]; a 0-dim tensor takes 0 and -1.
    """
    if dim is None and not keepdim:
        return _dispatch("sum_tensor", x)
    if isinstance(dim, (list, tuple)) and isinstance(x, _Tensor):
        return x._for_each("sum_dim", dim, lambda x, dim: _dispatch("sum_dim", x, dim, keepdim))
    return _dispatch("sum_dim", x, dim, keepdim)


def mean(x: Tensor, dim: int | Sequence[int] | None = None, keepdim: bool = False) -> Tensor:
    """Mean along one dimension or several, or of all elements as a 0-dim tensor.

    The result has the dtype of the tensor.

    Args:
        dim: Dimension to reduce, or several, negative ones counting from the end; None for all of them.
        keepdim: Whether to keep the reduced dimension, with size 1; goes with `dim`.

    Raises:
        BadArgumentError: `x`, `dim`: The dimension must lie in [-ndim, ndim - 1]; a 0-dim tensor takes 0 and -1.
        BadArgumentError: `x`: The dtype must be a floating-point one.
    """
    if dim is None and not keepdim:
        return _dispatch("mean_tensor", x)
    if isinstance(dim, (list, tuple)) and isinstance(x, _Tensor):
        return x._for_each("mean_dim", dim, lambda x, dim: _dispatch("mean_dim", x, dim, keepdim))
    return _dispatch("mean_dim", x, dim, keepdim)


def max(x: Tensor) -> Tensor:
    """Largest element as a 0-dim tensor; NaN if any element is NaN.

    The result has the dtype of the tensor.

    Raises:
        BadArgumentError: `x`: The tensor must have at least one element.
    """
    return _dispatch("max_tensor", x)


def min(x: Tensor) -> Tensor:
    """Smallest element as a 0-dim tensor; NaN if any element is NaN.

    The result has the dtype of the tensor.

    Raises:
        BadArgumentError: `x`: The tensor must have at least one element.
    """
    return _dispatch("min_tensor", x)


def amax(x: Tensor, dim: int | Sequence[int] | None = None, keepdim: bool = False) -> Tensor:
    """Largest element along one dimension or several, or of all elements as a 0-dim tensor; NaN where an element is
    NaN.

    The result has the dtype of the tensor.

    Args:
        dim: Dimension to reduce, or several, negative ones counting from the end; None for all of them.
        keepdim: Whether to keep the reduced dimension, with size 1; goes with `dim`.

    Raises:
        BadArgumentError: `x`, `dim`: The dimension must lie in [-ndim, ndim - 1]; a 0-dim tensor takes 0 and -1.
        BadArgumentError: `x`, `dim`: The tensor must have at least one element in that dimension.
    """
    if dim is None and not keepdim:
        return _dispatch("max_tensor", x)
    if isinstance(dim, (list, tuple)) and isinstance(x, _Tensor):
        return x._for_each("amax", dim, lambda x, dim: _dispatch("amax", x, dim, keepdim))
    return _dispatch("amax", x, dim, keepdim)


def amin(x: Tensor, dim: int | Sequence[int] | None = None, keepdim: bool = False) -> Tensor:
    """Smallest element along one dimension or several, or of all elements as a 0-dim tensor; NaN where an element is
    NaN.

    The result has the dtype of the tensor.

    Args:
        dim: Dimension to reduce, or several, negative ones counting from the end; None for all of them.
        keepdim: Whether to keep the reduced dimension, with size 1; goes with `dim`.

    Raises:
        BadArgumentError: `x`, `dim`: The dimension must lie in [-ndim, ndim - 1]; a 0-dim tensor takes 0 and -1.
        BadArgumentError: `x`, `dim`: The tensor must have at least one element in that dimension.
    """
    if dim is None and not keepdim:
        return _dispatch("min_tensor", x)
    if isinstance(dim, (list, tuple)) and isinstance(x, _Tensor):
        return x._for_each("amin", dim, lambda x, dim: _dispatch("amin", x, dim, keepdim))
    return _dispatch("amin", x, dim, keepdim)


def argmax(x: Tensor, dim: int | None = None, keepdim: bool = False) -> Tensor:
    """Place of the largest element along one dimension, or among all elements in row-major order; the result is i64.

    Of several such elements it is the first one's; a NaN counts as largest.

    Args:
        dim: Dimension to reduce, a negative one counting from the end; None for all of them.
        keepdim: Whether to keep the reduced dimensions, with size 1.

    Raises:
        BadArgumentError: `x`: The dtype must not be bool.
        BadArgumentError: `x`, `dim`: The dimension, when given, must lie in [-ndim, ndim - 1]; a 0-dim tensor takes 0
            and -1.
        BadArgumentError: `x`, `dim`: The tensor must have at least one element in that dimension, or at all where none
            is given.
    """
    return _dispatch("argmax", x, dim, keepdim)


def argmin(x: Tensor, dim: int | None = None, keepdim: bool = False) -> Tensor:
    """Place of the smallest element along one dimension, or among all elements in row-major order; the result is
    i64.

    Of several such elements it is the first one's; a NaN counts as smallest.

    Args:
        dim: Dimension to reduce, a negative one counting from the end; None for all of them.
        keepdim: Whether to keep the reduced dimensions, with size 1.

    Raises:
        BadArgumentError: `x`: The dtype must not be bool.
        BadArgumentError: `x`, `dim`: The dimension, when given, must lie in [-ndim, ndim - 1]; a 0-dim tensor takes 0
            and -1.
        BadArgumentError: `x`, `dim`: The tensor must have at least one element in that dimension, or at all where none
            is given.
    """
    return _dispatch("argmin", x, dim, keepdim)


def reshape(x: Tensor, shape: Sequence[int]) -> Tensor:
    """`x` with other sizes and the same elements in row-major order.

    Args:
        shape: Sizes; one of them may be -1, to be worked out.

    Raises:
        BadArgumentError: `x`, `shape`: The sizes must multiply to the number of elements; one of them may be -1, to be
            worked out.
    """
    return _dispatch("reshape", x, shape)


def flatten(x: Tensor) -> Tensor:
    """All elements in one dimension, in row-major order."""
    return _dispatch("flatten", x)


def squeeze(x: Tensor, dim: int | None = None) -> Tensor:
    """`x` without its dimensions of size 1.

    Args:
        dim: The only dimension to drop, if its size is 1; None drops all of size 1.

    Raises:
        BadArgumentError: `x`, `dim`: The dimension, when given, must lie in [-ndim, ndim - 1]; a 0-dim tensor takes 0
            and -1.
    """
    return _dispatch("squeeze", x, dim)


def unsqueeze(x: Tensor, dim: int) -> Tensor:
    """`x` with a new dimension of size 1.

    Args:
        dim: Where the new dimension stands in the result; a negative one counts from the end.

    Raises:
        BadArgumentError: `x`, `dim`: The place of the new dimension must lie in [-ndim - 1, ndim], and a tensor has at
            most 64 dimensions.
    """
    return _dispatch("unsqueeze", x, dim)


def transpose(x: Tensor, dim0: int, dim1: int) -> Tensor:
    """`x` with the dimensions `dim0` and `dim1` exchanged.

    Args:
        dim0: First dimension; a negative one counts from the end.
        dim1: Second dimension; a negative one counts from the end.

    Raises:
        BadArgumentError: `x`, `dim0`, `dim1`: The dimension must lie in [-ndim, ndim - 1]; a 0-dim tensor takes 0 and
            -1.
    """
    return _dispatch("transpose", x, dim0, dim1)


def index_select(x: Tensor, dim: int, index: Tensor) -> Tensor:
    """The parts of `x` along `dim` that `index` names, one after the other.

    The result has the dtype of the tensor.

    Args:
        dim: Dimension that is indexed; a negative one counts from the end.
        index: A tensor of dtype i64 with at most one dimension; each index counts from 0.

    Raises:
        BadArgumentError: `x`, `dim`: The dimension must lie in [-ndim, ndim - 1]; a 0-dim tensor takes 0 and -1.
        BadArgumentError: `x`, `index`: Both must be on one device.
        BadArgumentError: `index`: The dtype must be i64.
        BadArgumentError: `x`, `index`: The indices must have at most one dimension, and a tensor without dimensions
            takes exactly one of them.
        BadArgumentError: `x`, `dim`, `index`: Each index must be at least 0, and less than the tensor's size in that
            dimension.
    """
    return _dispatch("index_select", x, dim, index)


def index_add(x: Tensor, dim: int, index: Tensor, source: Tensor) -> Tensor:
    """`x` with each part of `source` along `dim` added to the part that its index names; for bool, logical or.

    The result has the dtype of the tensor.

    Args:
        dim: Dimension that is indexed; a negative one counts from the end.
        index: A tensor of dtype i64 with at most one dimension; each index counts from 0, and may come several times.
        source: What is added; but for `dim`, where it has as many parts as there are indices, it has the shape of `x`.

    Raises:
        BadArgumentError: `x`, `dim`: The dimension must lie in [-ndim, ndim - 1]; a 0-dim tensor takes 0 and -1.
        BadArgumentError: `x`, `index`, `source`: Both must be on one device.
        BadArgumentError: `index`: The dtype must be i64.
        BadArgumentError: `x`, `source`: Both must have the same dtype.
        BadArgumentError: `x`, `index`: The indices must have at most one dimension, and a tensor without dimensions
            takes exactly one of them.
        BadArgumentError: `x`, `dim`, `index`, `source`: What goes to the indices must have as many parts along the
            dimension as there are indices, and the other sizes of the tensor that it goes to.
        BadArgumentError: `x`, `dim`, `index`: Each index must be at least 0, and less than the tensor's size in that
            dimension.
    """
    return _dispatch("index_add", x, dim, index, source)


def gather(x: Tensor, dim: int, index: Tensor) -> Tensor:
    """For each place of `index`, the element of `x` at the same place, but along `dim` at the place that the index
    names.

    The result has the dtype of the tensor.

    Args:
        dim: Dimension that is indexed; a negative one counts from the end.
        index: A tensor of dtype i64 with as many dimensions as `x`, and but for `dim` no larger; each index counts from
            0.

    Raises:
        BadArgumentError: `x`, `dim`: The dimension must lie in [-ndim, ndim - 1]; a 0-dim tensor takes 0 and -1.
        BadArgumentError: `x`, `index`: Both must be on one device.
        BadArgumentError: `index`: The dtype must be i64.
        BadArgumentError: `x`, `dim`, `index`: The indices must have as many dimensions as the tensor, one without
            dimensions counting as one of size 1, and no larger ones but for the dimension that is indexed, unless there
            are none.
        BadArgumentError: `x`, `dim`, `index`: Each index must be at least 0, and less than the tensor's size in that
            dimension.
    """
    return _dispatch("gather", x, dim, index)


def scatter_add(x: Tensor, dim: int, index: Tensor, source: Tensor) -> Tensor:
    """`x` with each element of `source` added at the same place, but along `dim` at the place that its index names;
    for bool, logical or.

    It undoes rt_torch_gather. torch lets `source` be larger than `index`, and its gradient does not; here the two have
    one shape.

    The result has the dtype of the tensor.

    Args:
        dim: Dimension that is indexed; a negative one counts from the end.
        index: A tensor of dtype i64 with as many dimensions as `x`, and but for `dim` no larger; each index counts from
            0, and may come several times.
        source: What is added; it has the shape of `index`.

    Raises:
        BadArgumentError: `x`, `dim`: The dimension must lie in [-ndim, ndim - 1]; a 0-dim tensor takes 0 and -1.
        BadArgumentError: `x`, `index`, `source`: Both must be on one device.
        BadArgumentError: `index`: The dtype must be i64.
        BadArgumentError: `x`, `source`: Both must have the same dtype.
        BadArgumentError: `index`, `source`: Both must have the same shape.
        BadArgumentError: `x`, `dim`, `index`: The indices must have as many dimensions as the tensor, one without
            dimensions counting as one of size 1, and no larger ones but for the dimension that is indexed, unless there
            are none.
        BadArgumentError: `x`, `dim`, `index`: Each index must be at least 0, and less than the tensor's size in that
            dimension.
    """
    return _dispatch("scatter_add", x, dim, index, source)


def narrow(x: Tensor, dim: int, start: int, length: int) -> Tensor:
    """The part of `x` that has `length` elements along `dim`, from `start` on.

    Args:
        dim: Dimension that is cut; a negative one counts from the end.
        start: The first element; a negative one counts from the end.
        length: Number of elements.

    Raises:
        BadArgumentError: `x`, `dim`: The dimension must lie in [-ndim, ndim - 1]; a 0-dim tensor takes 0 and -1.
        BadArgumentError: `x`, `dim`, `start`, `length`: The tensor must have dimensions, and in that one so many
            elements from the start on; the start must lie in [-size, size].
    """
    return _dispatch("narrow", x, dim, start, length)


def cat(tensors: Sequence[Tensor], dim: int = 0) -> Tensor:
    """The tensors one after the other along `dim`, of the dtype that all promote to.

    A tensor of the shape [0] adds nothing, whatever shapes the others have.

    The result has the dtype that torch promotes all to.

    Args:
        tensors: At least one, with the same sizes but for that of `dim`.
        dim: Dimension in which they are joined; a negative one counts from the end.

    Raises:
        BadArgumentError: `tensors`: There must be at least one.
        BadArgumentError: `tensors`: All must be on one device; a 0-dim CPU tensor goes with any.
        BadArgumentError: `tensors`, `dim`: All must have the same sizes but for that of the dimension, which must lie
            in [-ndim, ndim - 1]; one of the shape [0] goes with any, one without dimensions with none.
    """
    return _dispatch("cat", tensors, dim)


def stack(tensors: Sequence[Tensor], dim: int = 0) -> Tensor:
    """The tensors one after the other along a new dimension, of the dtype that all promote to.

    The result has the dtype that torch promotes all to.

    Args:
        tensors: At least one, all of one shape.
        dim: Where the new dimension stands in the result; a negative one counts from the end.

    Raises:
        BadArgumentError: `tensors`: There must be at least one.
        BadArgumentError: `tensors`: All must be on one device; a 0-dim CPU tensor goes with any.
        BadArgumentError: `tensors`, `dim`: All must have the same shape; the place of the new dimension must lie in
            [-ndim - 1, ndim], and a tensor has at most 64 dimensions.
    """
    return _dispatch("stack", tensors, dim)


def expand(x: Tensor, shape: Sequence[int]) -> Tensor:
    """`x` with its elements repeated along dimensions of size 1, and along new ones in front, without a copy.

    Args:
        shape: Sizes; -1 keeps that of `x`.

    Raises:
        BadArgumentError: `x`, `shape`: Counted from the end, each size must be that of the tensor, or -1, or the
            tensor's must be 1; in front there may be more, at most 64 in all, and their product must fit into 63 bits.
    """
    return _dispatch("expand", x, shape)


def sum_to(x: Tensor, shape: Sequence[int]) -> Tensor:
    """`x` summed to the shape `shape`, as if it had been expanded from that: what was repeated is added up again.

    Summed are the dimensions that `shape` does not have, which are the first ones, and those that it has with size 1.

    The result has the dtype of the tensor, i64 for an integer or bool one.

    Args:
        shape: Sizes of the result.

    Raises:
        BadArgumentError: `shape`: Sizes must not be negative, at most 64 of them, and their product must fit into 63
            bits.
        BadArgumentError: `x`, `shape`: Counted from the end, each size must be that of the tensor, or 1, and there must
            not be more of them than the tensor has.
    """
    return _dispatch("sum_to", x, shape)


def t(x: Tensor) -> Tensor:
    """Transpose of a matrix; a tensor of fewer than two dimensions is returned as it is.

    Raises:
        BadArgumentError: `x`: The tensor must have at most two dimensions.
    """
    return _dispatch("transpose_2d", x)


def clone(x: Tensor) -> Tensor:
    """A copy of `x` with memory of its own.

    Python lays the copy out in row-major order, libtorch in that of `x`: where it matters, use `contiguous`.

    The result has the dtype of the tensor.
    """
    return x.clone() if type(x) is _Tensor else _dispatch("clone", x)


def detach(x: Tensor) -> Tensor:
    """A tensor with the memory of `x`, outside of any gradient."""
    return _dispatch("detach", x)


def contiguous(x: Tensor) -> Tensor:
    """`x` in row-major order without gaps: itself when it is so already, otherwise a copy."""
    return _dispatch("contiguous", x)
