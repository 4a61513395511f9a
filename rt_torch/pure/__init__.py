"""Tensors in pure Python: no dependency, and nothing of the rest of the package.

    PureTensor                              numbers in a list or in memory, seen with a shape
    tensor, zeros, ones, full, arange, randn, from_data, from_data_f64, ...
    to_data_f64, ..., shape, dtype, ...     what is in a tensor, and what it is
    add, matmul, sum_dim, softmax, ...      every function of the specs that computes, with the same arguments,
                                            results and errors as the native one
    manual_seed, random_state, ...          the generator behind rand and randn

Modules that are called like a function (`rt_torch.pure.shape`) are reached by `from rt_torch.pure.shape import ...`.
"""

from __future__ import annotations

from rt_torch.pure.tensor import PureTensor, lifted, pure_tensor, values  # isort: skip  (first: the others need it)
from rt_torch.pure.activation import elu, gelu, leaky_relu, log_softmax, relu, relu_backward, sigmoid, softmax, tanh
from rt_torch.pure.compare import eq, ge, gt, le, lt, ne, where
from rt_torch.pure.convert import clone, contiguous, detach, to_device, to_dtype
from rt_torch.pure.convolution import conv2d, conv2d_input, conv2d_weight
from rt_torch.pure.create import (
    from_data,
    from_data_bool,
    from_data_f32,
    from_data_f64,
    from_data_i64,
    ones,
    tensor,
    zeros,
)
from rt_torch.pure.elementwise import (
    add,
    add_scalar,
    add_scaled,
    div,
    div_scalar,
    maximum,
    minimum,
    mul,
    mul_scalar,
    neg,
    sub,
)
from rt_torch.pure.embedding import embedding, embedding_backward
from rt_torch.pure.fill import arange, full
from rt_torch.pure.gather import gather, index_add, index_select, scatter_add
from rt_torch.pure.join import cat, stack
from rt_torch.pure.layout import Layout, check_sizes
from rt_torch.pure.loss import binary_cross_entropy, cross_entropy, cross_entropy_backward
from rt_torch.pure.math import abs, clamp, cos, erf, exp, log, pow, pow_tensor, sign, sin, sqrt
from rt_torch.pure.matrix import linear, matmul
from rt_torch.pure.normalization import (
    batch_norm,
    batch_norm_backward,
    batch_norm_measured,
    batch_norm_measured_backward,
    batch_statistics,
    layer_norm,
)
from rt_torch.pure.optim import adam
from rt_torch.pure.philox import Generator, default_generator
from rt_torch.pure.place import assign, put, strided, take
from rt_torch.pure.pooling import (
    avg_pool2d,
    avg_pool2d_backward,
    max_pool2d,
    max_pool2d_backward,
    max_pool2d_pick,
)
from rt_torch.pure.random import manual_seed, rand, rand_at, randn, randn_at, random_state, set_random_state
from rt_torch.pure.read import to_data_bool, to_data_f32, to_data_f64, to_data_i64
from rt_torch.pure.reduce import (
    amax,
    amin,
    argmax,
    argmin,
    max,
    max_tensor,
    mean,
    mean_dim,
    mean_tensor,
    min,
    min_tensor,
    sum,
    sum_dim,
    sum_tensor,
    sum_to,
)
from rt_torch.pure.shape import expand, flatten, narrow, reshape, squeeze, transpose, transpose_2d, unsqueeze

from rt_torch.pure.property import (  # isort: skip  (last: `shape` is the function then, and no longer the module)
    device,
    dtype,
    is_contiguous,
    ndim,
    numel,
    shape,
    strides,
)

__all__ = [
    "Generator",
    "Layout",
    "PureTensor",
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
    "avg_pool2d",
    "avg_pool2d_backward",
    "batch_norm",
    "batch_norm_backward",
    "batch_norm_measured",
    "batch_norm_measured_backward",
    "batch_statistics",
    "binary_cross_entropy",
    "cat",
    "check_sizes",
    "clamp",
    "clone",
    "contiguous",
    "conv2d",
    "conv2d_input",
    "conv2d_weight",
    "cos",
    "cross_entropy",
    "cross_entropy_backward",
    "default_generator",
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
    "from_data",
    "from_data_bool",
    "from_data_f32",
    "from_data_f64",
    "from_data_i64",
    "full",
    "gather",
    "ge",
    "gelu",
    "gt",
    "index_add",
    "index_select",
    "is_contiguous",
    "layer_norm",
    "le",
    "leaky_relu",
    "lifted",
    "linear",
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
    "pure_tensor",
    "put",
    "rand",
    "rand_at",
    "randn",
    "randn_at",
    "random_state",
    "relu",
    "relu_backward",
    "reshape",
    "scatter_add",
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
    "sum",
    "sum_dim",
    "sum_tensor",
    "sum_to",
    "take",
    "tanh",
    "tensor",
    "to_data_bool",
    "to_data_f32",
    "to_data_f64",
    "to_data_i64",
    "to_device",
    "to_dtype",
    "transpose",
    "transpose_2d",
    "unsqueeze",
    "values",
    "where",
    "zeros",
]
