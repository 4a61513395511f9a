"""The derivatives of rt_torch's functions: a formula for each tensor that one may be differentiated by.

A formula is called with the gradient by the result, the result, and the function's arguments.  What it gives is the
gradient by one argument, or something that broadcasting and promotion made larger, or of another dtype: whoever calls
it sums up and converts.  An operand whose values no formula of the function uses need not be there: what has its
attributes, those of ATTRIBUTES, will do.
"""

from __future__ import annotations

from builtins import sum as total
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from rt_torch_bindings import operators as _operators
from rt_torch_bindings.operators import (
    avg_pool2d,
    batch_norm,
    cat,
    clamp,
    conv2d,
    cos,
    embedding,
    erf,
    exp,
    expand,
    flatten,
    gather,
    index_add,
    index_select,
    layer_norm,
    log,
    matmul,
    narrow,
    reshape,
    scatter_add,
    sin,
    softmax,
    squeeze,
    sum,
    sum_to,
    t,
    tanh,
    transpose,
    unsqueeze,
    where,
)

if TYPE_CHECKING:
    from rt_torch._tensor import Tensor


class Gradient(NamedTuple):
    """How a function is differentiated; places are those of its arguments."""

    inputs: tuple[int, ...]  # places of the tensors that there is a formula for
    saved: tuple[int, ...]  # places of the tensors whose values a formula uses
    saves_result: bool  # whether a formula uses the result's values
    formulas: tuple[Callable[..., Any], ...]  # one per place of `inputs`; for a list of tensors it gives a list


ATTRIBUTES = (
    "shape",
    "dtype",
    "device",
    "ndim",
    "numel",
)


def zeros(shape: Sequence[int], dtype: str, device: str) -> Tensor:
    """A tensor of zeros."""
    return _operators._dispatch("zeros", shape, dtype, device)


def pow_tensor(a: Tensor, b: Tensor) -> Tensor:
    """Each element of `a` to the power of the element of `b`; NaN for a negative one to a power that is no integer."""
    return _operators._dispatch("pow_tensor", a, b)


def relu_backward(gradient: Tensor, y: Tensor) -> Tensor:
    """Gradient of rt_torch_relu, given the one with respect to its result: the same where the result is above 0 or
    NaN, and 0 elsewhere.
    """
    return _operators._dispatch("relu_backward", gradient, y)


def to_dtype(x: Tensor, dtype: str) -> Tensor:
    """`x` with its elements converted to `dtype`: itself when it has that dtype already, otherwise a copy."""
    return _operators._dispatch("to_dtype", x, dtype)


def to_device(x: Tensor, device: str) -> Tensor:
    """`x` on another device: itself when it is there already, otherwise a copy."""
    return _operators._dispatch("to_device", x, device)


def conv2d_input(
    gradient: Tensor,
    weight: Tensor,
    shape: Sequence[int],
    stride: Sequence[int],
    padding: Sequence[int],
    dilation: Sequence[int],
    groups: int,
) -> Tensor:
    """Gradient of rt_torch_conv2d with respect to the images, given the one with respect to its result."""
    return _operators._dispatch("conv2d_input", gradient, weight, shape, stride, padding, dilation, groups)


def conv2d_weight(
    gradient: Tensor,
    x: Tensor,
    shape: Sequence[int],
    stride: Sequence[int],
    padding: Sequence[int],
    dilation: Sequence[int],
    groups: int,
) -> Tensor:
    """Gradient of rt_torch_conv2d with respect to the filters, given the one with respect to its result."""
    return _operators._dispatch("conv2d_weight", gradient, x, shape, stride, padding, dilation, groups)


def max_pool2d_backward(
    gradient: Tensor,
    x: Tensor,
    kernel: Sequence[int],
    stride: Sequence[int] | None,
    padding: Sequence[int],
    dilation: Sequence[int],
    ceil_mode: bool,
) -> Tensor:
    """Gradient of rt_torch_max_pool2d, given the one with respect to its result: each element of it goes to where
    the window had its largest.
    """
    return _operators._dispatch("max_pool2d_backward", gradient, x, kernel, stride, padding, dilation, ceil_mode)


def max_pool2d_pick(
    y: Tensor,
    x: Tensor,
    kernel: Sequence[int],
    stride: Sequence[int] | None,
    padding: Sequence[int],
    dilation: Sequence[int],
    ceil_mode: bool,
) -> Tensor:
    """The elements of `y` at the places where the windows on `x` have their largest."""
    return _operators._dispatch("max_pool2d_pick", y, x, kernel, stride, padding, dilation, ceil_mode)


def avg_pool2d_backward(
    gradient: Tensor,
    shape: Sequence[int],
    kernel: Sequence[int],
    stride: Sequence[int] | None,
    padding: Sequence[int],
    ceil_mode: bool,
    count_include_pad: bool,
) -> Tensor:
    """Gradient of rt_torch_avg_pool2d, given the one with respect to its result: each element of it is shared out
    among its window.
    """
    return _operators._dispatch(
        "avg_pool2d_backward", gradient, shape, kernel, stride, padding, ceil_mode, count_include_pad
    )


def embedding_backward(gradient: Tensor, indices: Tensor, rows: int) -> Tensor:
    """Gradient of rt_torch_embedding with respect to the table: each row is the sum of those of `gradient` whose
    index it is.
    """
    return _operators._dispatch("embedding_backward", gradient, indices, rows)


def batch_norm_backward(gradient: Tensor, x: Tensor, weight: Tensor | None, eps: float) -> Tensor:
    """Gradient of rt_torch_batch_norm with the batch's own mean and variance with respect to `x`, given the one with
    respect to its result.
    """
    return _operators._dispatch("batch_norm_backward", gradient, x, weight, eps)


def batch_norm_measured(
    x: Tensor, weight: Tensor | None, bias: Tensor | None, statistics: Tensor, eps: float
) -> Tensor:
    """rt_torch_batch_norm by the batch's own mean and variance, where these are known already."""
    return _operators._dispatch("batch_norm_measured", x, weight, bias, statistics, eps)


def batch_norm_measured_backward(
    gradient: Tensor, x: Tensor, weight: Tensor | None, statistics: Tensor, eps: float
) -> Tensor:
    """Gradient of rt_torch_batch_norm_measured with respect to `x`, given the one with respect to its result."""
    return _operators._dispatch("batch_norm_measured_backward", gradient, x, weight, statistics, eps)


def cross_entropy_backward(gradient: Tensor, x: Tensor, target: Tensor, reduction: str) -> Tensor:
    """Gradient of rt_torch_cross_entropy, given the one with respect to its result: the softmax of `x`, less 1 at
    the right class, times that of each sample.
    """
    return _operators._dispatch("cross_entropy_backward", gradient, x, target, reduction)


def _add_a(grad: Tensor, result: Tensor, a: Tensor, b: Tensor) -> Tensor:
    return grad


def _add_b(grad: Tensor, result: Tensor, a: Tensor, b: Tensor) -> Tensor:
    return grad


def _sub_a(grad: Tensor, result: Tensor, a: Tensor, b: Tensor) -> Tensor:
    return grad


def _sub_b(grad: Tensor, result: Tensor, a: Tensor, b: Tensor) -> Tensor:
    return -grad


def _mul_a(grad: Tensor, result: Tensor, a: Tensor, b: Tensor) -> Tensor:
    return grad * b


def _mul_b(grad: Tensor, result: Tensor, a: Tensor, b: Tensor) -> Tensor:
    return grad * a


def _div_a(grad: Tensor, result: Tensor, a: Tensor, b: Tensor) -> Tensor:
    return grad / b


def _div_b(grad: Tensor, result: Tensor, a: Tensor, b: Tensor) -> Tensor:
    return -grad * (a / b) / b


def _neg_x(grad: Tensor, result: Tensor, x: Tensor) -> Tensor:
    return -grad


def _add_scalar_x(grad: Tensor, result: Tensor, x: Tensor, s: float) -> Tensor:
    return grad


def _mul_scalar_x(grad: Tensor, result: Tensor, x: Tensor, s: float) -> Tensor:
    return grad * s


def _div_scalar_x(grad: Tensor, result: Tensor, x: Tensor, s: float) -> Tensor:
    return grad / s


def _add_scaled_a(grad: Tensor, result: Tensor, a: Tensor, b: Tensor, s: float) -> Tensor:
    return grad


def _add_scaled_b(grad: Tensor, result: Tensor, a: Tensor, b: Tensor, s: float) -> Tensor:
    return grad * s


def _maximum_a(grad: Tensor, result: Tensor, a: Tensor, b: Tensor) -> Tensor:
    return where(a < b, 0, where(a == b, grad / 2, grad))


def _maximum_b(grad: Tensor, result: Tensor, a: Tensor, b: Tensor) -> Tensor:
    return where(a > b, 0, where(a == b, grad / 2, grad))


def _minimum_a(grad: Tensor, result: Tensor, a: Tensor, b: Tensor) -> Tensor:
    return where(a > b, 0, where(a == b, grad / 2, grad))


def _minimum_b(grad: Tensor, result: Tensor, a: Tensor, b: Tensor) -> Tensor:
    return where(a < b, 0, where(a == b, grad / 2, grad))


def _exp_x(grad: Tensor, result: Tensor, x: Tensor) -> Tensor:
    return grad * result


def _log_x(grad: Tensor, result: Tensor, x: Tensor) -> Tensor:
    return grad / x


def _sqrt_x(grad: Tensor, result: Tensor, x: Tensor) -> Tensor:
    return grad / (2 * result)


def _pow_x(grad: Tensor, result: Tensor, x: Tensor, exponent: float) -> Tensor:
    slope = x * 2.0 if exponent == 2 else exponent * x ** (exponent - 1)
    return zeros(x.shape, grad.dtype, grad.device) if exponent == 0 else grad * slope


def _abs_x(grad: Tensor, result: Tensor, x: Tensor) -> Tensor:
    return where(x > 0, grad, where(x < 0, -grad, 0))


def _sign_x(grad: Tensor, result: Tensor, x: Tensor) -> Tensor:
    return grad * 0


def _clamp_x(grad: Tensor, result: Tensor, x: Tensor, min: float | None, max: float | None) -> Tensor:
    above = grad if min is None else where(x >= min, grad, 0)
    return above if max is None else where(x <= max, above, 0)


def _sin_x(grad: Tensor, result: Tensor, x: Tensor) -> Tensor:
    return grad * cos(x)


def _cos_x(grad: Tensor, result: Tensor, x: Tensor) -> Tensor:
    return -grad * sin(x)


def _erf_x(grad: Tensor, result: Tensor, x: Tensor) -> Tensor:
    return grad * 1.1283791670955126 * exp(-x * x)


def _pow_tensor_a(grad: Tensor, result: Tensor, a: Tensor, b: Tensor) -> Tensor:
    return where(b == 0, 0, grad * b * pow_tensor(a, b - 1))


def _pow_tensor_b(grad: Tensor, result: Tensor, a: Tensor, b: Tensor) -> Tensor:
    base = a if a.dtype == result.dtype else to_dtype(a, result.dtype)
    return where((a == 0) * (b >= 0), 0, grad * result * log(base))


def _matmul_a(grad: Tensor, result: Tensor, a: Tensor, b: Tensor) -> Tensor:
    columns = grad if b.ndim > 1 else unsqueeze(grad, -1)
    rows = columns if a.ndim > 1 else unsqueeze(columns, -2)
    return matmul(rows, transpose(b, -1, -2) if b.ndim > 1 else unsqueeze(b, 0))


def _matmul_b(grad: Tensor, result: Tensor, a: Tensor, b: Tensor) -> Tensor:
    stacked = a.ndim > 2 and b.ndim == 2 and b.numel() > 0
    columns = grad if b.ndim > 1 else unsqueeze(grad, -1)
    rows = columns if a.ndim > 1 else unsqueeze(columns, -2)
    left = reshape(a, (-1, b.shape[0])) if stacked else a
    right = reshape(rows, (-1, b.shape[1])) if stacked else rows
    product = matmul(transpose(left, -1, -2) if a.ndim > 1 else unsqueeze(a, -1), right)
    return product if b.ndim > 1 else squeeze(product, -1)


def _transpose_x(grad: Tensor, result: Tensor, x: Tensor, dim0: int, dim1: int) -> Tensor:
    return transpose(grad, dim0, dim1)


def _transpose_2d_x(grad: Tensor, result: Tensor, x: Tensor) -> Tensor:
    return t(grad)


def _sum_tensor_x(grad: Tensor, result: Tensor, x: Tensor) -> Tensor:
    return expand(grad, x.shape)


def _mean_tensor_x(grad: Tensor, result: Tensor, x: Tensor) -> Tensor:
    return expand(grad / x.numel(), x.shape)


def _max_tensor_x(grad: Tensor, result: Tensor, x: Tensor) -> Tensor:
    hits = where(result == result, x == result, x != x)
    return where(hits, grad / sum(hits), 0)


def _min_tensor_x(grad: Tensor, result: Tensor, x: Tensor) -> Tensor:
    hits = where(result == result, x == result, x != x)
    return where(hits, grad / sum(hits), 0)


def _sum_dim_x(grad: Tensor, result: Tensor, x: Tensor, dim: int, keepdim: bool) -> Tensor:
    kept = grad if keepdim or x.ndim == 0 else unsqueeze(grad, dim)
    return expand(kept, x.shape)


def _mean_dim_x(grad: Tensor, result: Tensor, x: Tensor, dim: int, keepdim: bool) -> Tensor:
    count = x.shape[dim] if x.ndim > 0 else 1
    kept = grad if keepdim or x.ndim == 0 else unsqueeze(grad, dim)
    return expand(kept / count, x.shape)


def _sum_to_x(grad: Tensor, result: Tensor, x: Tensor, shape: Sequence[int]) -> Tensor:
    return expand(grad, x.shape)


def _amax_x(grad: Tensor, result: Tensor, x: Tensor, dim: int, keepdim: bool) -> Tensor:
    kept = result if keepdim or x.ndim == 0 else unsqueeze(result, dim)
    hits = where(kept == kept, x == kept, x != x)
    share = (grad if keepdim or x.ndim == 0 else unsqueeze(grad, dim)) / sum(hits, dim, True)
    return where(hits, share, 0)


def _amin_x(grad: Tensor, result: Tensor, x: Tensor, dim: int, keepdim: bool) -> Tensor:
    kept = result if keepdim or x.ndim == 0 else unsqueeze(result, dim)
    hits = where(kept == kept, x == kept, x != x)
    share = (grad if keepdim or x.ndim == 0 else unsqueeze(grad, dim)) / sum(hits, dim, True)
    return where(hits, share, 0)


def _relu_x(grad: Tensor, result: Tensor, x: Tensor) -> Tensor:
    return relu_backward(grad, result)


def _relu_backward_gradient(grad: Tensor, result: Tensor, gradient: Tensor, y: Tensor) -> Tensor:
    return relu_backward(grad, y)


def _sigmoid_x(grad: Tensor, result: Tensor, x: Tensor) -> Tensor:
    return grad * (1 - result) * result


def _tanh_x(grad: Tensor, result: Tensor, x: Tensor) -> Tensor:
    return grad * (1 - result * result)


def _softmax_x(grad: Tensor, result: Tensor, x: Tensor, dim: int) -> Tensor:
    return result * (grad - sum(grad * result, dim, True))


def _log_softmax_x(grad: Tensor, result: Tensor, x: Tensor, dim: int) -> Tensor:
    return grad - exp(result) * sum(grad, dim, True)


def _leaky_relu_x(grad: Tensor, result: Tensor, x: Tensor, slope: float) -> Tensor:
    return where(x > 0, grad, grad * slope)


def _elu_x(grad: Tensor, result: Tensor, x: Tensor, alpha: float) -> Tensor:
    return where(x > 0, grad, grad * alpha * exp(clamp(x, None, 0)))


def _gelu_x(grad: Tensor, result: Tensor, x: Tensor, approximate: str) -> Tensor:
    inside = 0.7978845608028654 * (x + 0.044715 * x * x * x) if approximate == "tanh" else 0.7071067811865476 * x
    curve = tanh(inside) if approximate == "tanh" else erf(inside)
    slope = (1 - curve * curve) * (1 + 0.134145 * x * x) if approximate == "tanh" else exp(-0.5 * x * x)
    return grad * (0.5 * (1 + curve) + 0.3989422804014327 * x * slope)


def _where_a(grad: Tensor, result: Tensor, cond: Tensor, a: Tensor, b: Tensor) -> Tensor:
    return where(cond, grad, 0)


def _where_b(grad: Tensor, result: Tensor, cond: Tensor, a: Tensor, b: Tensor) -> Tensor:
    return where(cond, 0, grad)


def _reshape_x(grad: Tensor, result: Tensor, x: Tensor, shape: Sequence[int]) -> Tensor:
    return reshape(grad, x.shape)


def _flatten_x(grad: Tensor, result: Tensor, x: Tensor) -> Tensor:
    return reshape(grad, x.shape)


def _squeeze_x(grad: Tensor, result: Tensor, x: Tensor, dim: int | None) -> Tensor:
    return reshape(grad, x.shape)


def _unsqueeze_x(grad: Tensor, result: Tensor, x: Tensor, dim: int) -> Tensor:
    return squeeze(grad, dim)


def _expand_x(grad: Tensor, result: Tensor, x: Tensor, shape: Sequence[int]) -> Tensor:
    return sum_to(grad, x.shape)


def _narrow_x(grad: Tensor, result: Tensor, x: Tensor, dim: int, start: int, length: int) -> Tensor:
    place = dim if dim >= 0 else dim + x.ndim
    first = start if start >= 0 else start + x.shape[place]
    last = x.shape[place] - first - length
    before = zeros((*x.shape[:place], first, *x.shape[place + 1 :]), grad.dtype, grad.device)
    after = zeros((*x.shape[:place], last, *x.shape[place + 1 :]), grad.dtype, grad.device)
    return cat([before, grad, after], place)


def _index_select_x(grad: Tensor, result: Tensor, x: Tensor, dim: int, index: Tensor) -> Tensor:
    return index_add(zeros(x.shape, grad.dtype, grad.device), dim, index, grad)


def _index_add_x(grad: Tensor, result: Tensor, x: Tensor, dim: int, index: Tensor, source: Tensor) -> Tensor:
    return grad


def _index_add_source(grad: Tensor, result: Tensor, x: Tensor, dim: int, index: Tensor, source: Tensor) -> Tensor:
    return index_select(grad, dim, index)


def _gather_x(grad: Tensor, result: Tensor, x: Tensor, dim: int, index: Tensor) -> Tensor:
    return scatter_add(zeros(x.shape, grad.dtype, grad.device), dim, index, grad)


def _scatter_add_x(grad: Tensor, result: Tensor, x: Tensor, dim: int, index: Tensor, source: Tensor) -> Tensor:
    return grad


def _scatter_add_source(grad: Tensor, result: Tensor, x: Tensor, dim: int, index: Tensor, source: Tensor) -> Tensor:
    return gather(grad, dim, index)


def _cat_tensors(grad: Tensor, result: Tensor, tensors: Sequence[Tensor], dim: int) -> list[Tensor]:
    sizes = [x.shape[dim] if x.ndim == grad.ndim else 0 for x in tensors]
    parts = [narrow(grad, dim, total(sizes[:i]), sizes[i]) for i in range(len(tensors))]
    return [parts[i] if tensors[i].ndim == grad.ndim else flatten(parts[i]) for i in range(len(tensors))]


def _stack_tensors(grad: Tensor, result: Tensor, tensors: Sequence[Tensor], dim: int) -> list[Tensor]:
    return [squeeze(narrow(grad, dim, i, 1), dim) for i in range(len(tensors))]


def _clone_x(grad: Tensor, result: Tensor, x: Tensor) -> Tensor:
    return grad


def _contiguous_x(grad: Tensor, result: Tensor, x: Tensor) -> Tensor:
    return grad


def _to_dtype_x(grad: Tensor, result: Tensor, x: Tensor, dtype: str) -> Tensor:
    return to_dtype(grad, x.dtype)


def _to_device_x(grad: Tensor, result: Tensor, x: Tensor, device: str) -> Tensor:
    return to_device(grad, x.device)


def _linear_x(grad: Tensor, result: Tensor, x: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
    return matmul(grad, weight)


def _linear_weight(grad: Tensor, result: Tensor, x: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
    stacked = x.ndim > 2 and weight.numel() > 0
    rows = reshape(grad, (-1, weight.shape[0])) if stacked else grad
    given = reshape(x, (-1, weight.shape[1])) if stacked else x
    return matmul(transpose(rows, -1, -2), given) if x.ndim > 1 else unsqueeze(rows, -1) * given


def _linear_bias(grad: Tensor, result: Tensor, x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    return grad


def _conv2d_x(
    grad: Tensor,
    result: Tensor,
    x: Tensor,
    weight: Tensor,
    bias: Tensor | None,
    stride: Sequence[int],
    padding: Sequence[int],
    dilation: Sequence[int],
    groups: int,
) -> Tensor:
    return conv2d_input(grad, weight, x.shape, stride, padding, dilation, groups)


def _conv2d_weight(
    grad: Tensor,
    result: Tensor,
    x: Tensor,
    weight: Tensor,
    bias: Tensor | None,
    stride: Sequence[int],
    padding: Sequence[int],
    dilation: Sequence[int],
    groups: int,
) -> Tensor:
    return conv2d_weight(grad, x, weight.shape, stride, padding, dilation, groups)


def _conv2d_bias(
    grad: Tensor,
    result: Tensor,
    x: Tensor,
    weight: Tensor,
    bias: Tensor,
    stride: Sequence[int],
    padding: Sequence[int],
    dilation: Sequence[int],
    groups: int,
) -> Tensor:
    return reshape(sum_to(grad, (grad.shape[1], 1, 1)), bias.shape)


def _conv2d_input_gradient(
    grad: Tensor,
    result: Tensor,
    gradient: Tensor,
    weight: Tensor,
    shape: Sequence[int],
    stride: Sequence[int],
    padding: Sequence[int],
    dilation: Sequence[int],
    groups: int,
) -> Tensor:
    return conv2d(grad, weight, None, stride, padding, dilation, groups)


def _conv2d_input_weight(
    grad: Tensor,
    result: Tensor,
    gradient: Tensor,
    weight: Tensor,
    shape: Sequence[int],
    stride: Sequence[int],
    padding: Sequence[int],
    dilation: Sequence[int],
    groups: int,
) -> Tensor:
    return conv2d_weight(gradient, grad, weight.shape, stride, padding, dilation, groups)


def _conv2d_weight_gradient(
    grad: Tensor,
    result: Tensor,
    gradient: Tensor,
    x: Tensor,
    shape: Sequence[int],
    stride: Sequence[int],
    padding: Sequence[int],
    dilation: Sequence[int],
    groups: int,
) -> Tensor:
    return conv2d(x, grad, None, stride, padding, dilation, groups)


def _conv2d_weight_x(
    grad: Tensor,
    result: Tensor,
    gradient: Tensor,
    x: Tensor,
    shape: Sequence[int],
    stride: Sequence[int],
    padding: Sequence[int],
    dilation: Sequence[int],
    groups: int,
) -> Tensor:
    return conv2d_input(gradient, grad, x.shape, stride, padding, dilation, groups)


def _max_pool2d_x(
    grad: Tensor,
    result: Tensor,
    x: Tensor,
    kernel: Sequence[int],
    stride: Sequence[int] | None,
    padding: Sequence[int],
    dilation: Sequence[int],
    ceil_mode: bool,
) -> Tensor:
    return max_pool2d_backward(grad, x, kernel, stride, padding, dilation, ceil_mode)


def _max_pool2d_backward_gradient(
    grad: Tensor,
    result: Tensor,
    gradient: Tensor,
    x: Tensor,
    kernel: Sequence[int],
    stride: Sequence[int] | None,
    padding: Sequence[int],
    dilation: Sequence[int],
    ceil_mode: bool,
) -> Tensor:
    return max_pool2d_pick(grad, x, kernel, stride, padding, dilation, ceil_mode)


def _max_pool2d_pick_y(
    grad: Tensor,
    result: Tensor,
    y: Tensor,
    x: Tensor,
    kernel: Sequence[int],
    stride: Sequence[int] | None,
    padding: Sequence[int],
    dilation: Sequence[int],
    ceil_mode: bool,
) -> Tensor:
    return max_pool2d_backward(grad, x, kernel, stride, padding, dilation, ceil_mode)


def _avg_pool2d_x(
    grad: Tensor,
    result: Tensor,
    x: Tensor,
    kernel: Sequence[int],
    stride: Sequence[int] | None,
    padding: Sequence[int],
    ceil_mode: bool,
    count_include_pad: bool,
) -> Tensor:
    return avg_pool2d_backward(grad, x.shape, kernel, stride, padding, ceil_mode, count_include_pad)


def _avg_pool2d_backward_gradient(
    grad: Tensor,
    result: Tensor,
    gradient: Tensor,
    shape: Sequence[int],
    kernel: Sequence[int],
    stride: Sequence[int] | None,
    padding: Sequence[int],
    ceil_mode: bool,
    count_include_pad: bool,
) -> Tensor:
    return avg_pool2d(grad, kernel, stride, padding, ceil_mode, count_include_pad)


def _embedding_weight(grad: Tensor, result: Tensor, weight: Tensor, indices: Tensor) -> Tensor:
    return embedding_backward(grad, indices, weight.shape[0])


def _embedding_backward_gradient(grad: Tensor, result: Tensor, gradient: Tensor, indices: Tensor, rows: int) -> Tensor:
    return embedding(grad, indices)


def _layer_norm_x(
    grad: Tensor,
    result: Tensor,
    x: Tensor,
    shape: Sequence[int],
    weight: Tensor | None,
    bias: Tensor | None,
    eps: float,
) -> Tensor:
    kept = (*x.shape[: x.ndim - len(shape)], *[size**0 for size in shape])
    sums = sum_to(x, kept)
    count = x.numel() / sums.numel() if sums.numel() > 0 else 1
    centered = x - sums / count
    scale = (sum_to(centered * centered, kept) / count + eps) ** -0.5
    normal = centered * scale
    given = grad if weight is None else grad * weight
    return (given - sum_to(given, kept) / count - normal * (sum_to(given * normal, kept) / count)) * scale


def _layer_norm_weight(
    grad: Tensor, result: Tensor, x: Tensor, shape: Sequence[int], weight: Tensor, bias: Tensor | None, eps: float
) -> Tensor:
    return grad * layer_norm(x, shape, None, None, eps)


def _layer_norm_bias(
    grad: Tensor, result: Tensor, x: Tensor, shape: Sequence[int], weight: Tensor | None, bias: Tensor, eps: float
) -> Tensor:
    return grad


def _batch_norm_x(
    grad: Tensor,
    result: Tensor,
    x: Tensor,
    weight: Tensor | None,
    bias: Tensor | None,
    mean: Tensor | None,
    var: Tensor | None,
    eps: float,
) -> Tensor:
    zero = None if var is None else 0 * var
    return batch_norm_backward(grad, x, weight, eps) if var is None else batch_norm(grad, weight, None, zero, var, eps)


def _batch_norm_weight(
    grad: Tensor,
    result: Tensor,
    x: Tensor,
    weight: Tensor,
    bias: Tensor | None,
    mean: Tensor | None,
    var: Tensor | None,
    eps: float,
) -> Tensor:
    features = (x.shape[1], *[size**0 for size in x.shape[2:]])
    return reshape(sum_to(grad * batch_norm(x, None, None, mean, var, eps), features), weight.shape)


def _batch_norm_bias(
    grad: Tensor,
    result: Tensor,
    x: Tensor,
    weight: Tensor | None,
    bias: Tensor,
    mean: Tensor | None,
    var: Tensor | None,
    eps: float,
) -> Tensor:
    return reshape(sum_to(grad, (x.shape[1], *[size**0 for size in x.shape[2:]])), bias.shape)


def _batch_norm_mean(
    grad: Tensor,
    result: Tensor,
    x: Tensor,
    weight: Tensor | None,
    bias: Tensor | None,
    mean: Tensor,
    var: Tensor | None,
    eps: float,
) -> Tensor:
    sums = reshape(sum_to(grad, (x.shape[1], *[size**0 for size in x.shape[2:]])), mean.shape)
    given = sums if weight is None else sums * weight
    return given if var is None else -given * (var + eps) ** -0.5


def _batch_norm_var(
    grad: Tensor,
    result: Tensor,
    x: Tensor,
    weight: Tensor | None,
    bias: Tensor | None,
    mean: Tensor | None,
    var: Tensor,
    eps: float,
) -> Tensor:
    features = (x.shape[1], *[size**0 for size in x.shape[2:]])
    centered = x if mean is None else x - reshape(mean, features)
    sums = reshape(sum_to(grad * centered, features), var.shape)
    return (sums if weight is None else sums * weight) * (var + eps) ** -1.5 * -0.5


def _batch_norm_backward_gradient(
    grad: Tensor, result: Tensor, gradient: Tensor, x: Tensor, weight: Tensor | None, eps: float
) -> Tensor:
    return batch_norm_backward(grad, x, weight, eps)


def _batch_norm_backward_x(
    grad: Tensor, result: Tensor, gradient: Tensor, x: Tensor, weight: Tensor | None, eps: float
) -> Tensor:
    features = (x.shape[1], *[size**0 for size in x.shape[2:]])
    count = x.numel() / x.shape[1] if x.numel() > 0 else 1
    centered = x - sum_to(x, features) / count
    scale = (sum_to(centered * centered, features) / count + eps) ** -0.5
    normal = centered * scale
    turned = gradient * (sum_to(grad * normal, features) / count) + grad * (sum_to(gradient * normal, features) / count)
    scaled = sum_to(grad * batch_norm_backward(gradient, x, weight, eps), features) / count
    return -batch_norm_backward(turned * scale, x, weight, eps) - normal * (scaled * scale)


def _batch_norm_backward_weight(
    grad: Tensor, result: Tensor, gradient: Tensor, x: Tensor, weight: Tensor, eps: float
) -> Tensor:
    features = (x.shape[1], *[size**0 for size in x.shape[2:]])
    return reshape(sum_to(grad * batch_norm_backward(gradient, x, None, eps), features), weight.shape)


def _batch_statistics_x(grad: Tensor, result: Tensor, x: Tensor) -> Tensor:
    features = (x.shape[1], *[size**0 for size in x.shape[2:]])
    count = x.numel() / x.shape[1]
    distance = x - sum_to(x, features) / count
    by_mean = reshape(narrow(grad, 0, 0, 1), features)
    by_var = reshape(narrow(grad, 0, 1, 1), features)
    return (by_mean + distance * (2 * by_var)) / count


def _batch_norm_measured_x(
    grad: Tensor, result: Tensor, x: Tensor, weight: Tensor | None, bias: Tensor | None, statistics: Tensor, eps: float
) -> Tensor:
    return batch_norm_measured_backward(grad, x, weight, statistics, eps)


def _batch_norm_measured_weight(
    grad: Tensor, result: Tensor, x: Tensor, weight: Tensor, bias: Tensor | None, statistics: Tensor, eps: float
) -> Tensor:
    features = (x.shape[1], *[size**0 for size in x.shape[2:]])
    return reshape(sum_to(grad * batch_norm_measured(x, None, None, statistics, eps), features), weight.shape)


def _batch_norm_measured_bias(
    grad: Tensor, result: Tensor, x: Tensor, weight: Tensor | None, bias: Tensor, statistics: Tensor, eps: float
) -> Tensor:
    return reshape(sum_to(grad, (x.shape[1], *[size**0 for size in x.shape[2:]])), bias.shape)


def _batch_norm_measured_backward_gradient(
    grad: Tensor, result: Tensor, gradient: Tensor, x: Tensor, weight: Tensor | None, statistics: Tensor, eps: float
) -> Tensor:
    return batch_norm_measured_backward(grad, x, weight, statistics, eps)


def _batch_norm_measured_backward_x(
    grad: Tensor, result: Tensor, gradient: Tensor, x: Tensor, weight: Tensor | None, statistics: Tensor, eps: float
) -> Tensor:
    features = (x.shape[1], *[size**0 for size in x.shape[2:]])
    count = x.numel() / x.shape[1] if x.numel() > 0 else 1
    centered = x - sum_to(x, features) / count
    scale = (sum_to(centered * centered, features) / count + eps) ** -0.5
    normal = centered * scale
    turned = gradient * (sum_to(grad * normal, features) / count) + grad * (sum_to(gradient * normal, features) / count)
    scaled = sum_to(grad * batch_norm_measured_backward(gradient, x, weight, statistics, eps), features) / count
    return -batch_norm_measured_backward(turned * scale, x, weight, statistics, eps) - normal * (scaled * scale)


def _batch_norm_measured_backward_weight(
    grad: Tensor, result: Tensor, gradient: Tensor, x: Tensor, weight: Tensor, statistics: Tensor, eps: float
) -> Tensor:
    features = (x.shape[1], *[size**0 for size in x.shape[2:]])
    normal = grad * batch_norm_measured_backward(gradient, x, None, statistics, eps)
    return reshape(sum_to(normal, features), weight.shape)


def _binary_cross_entropy_x(grad: Tensor, result: Tensor, x: Tensor, target: Tensor) -> Tensor:
    return grad * (x - target) / clamp(x * (1 - x), 9.999999960041972e-13, None)


def _binary_cross_entropy_target(grad: Tensor, result: Tensor, x: Tensor, target: Tensor) -> Tensor:
    return grad * (log(1 - x) - log(x))


def _cross_entropy_x(grad: Tensor, result: Tensor, x: Tensor, target: Tensor, reduction: str) -> Tensor:
    return cross_entropy_backward(grad, x, target, reduction)


def _cross_entropy_backward_gradient(
    grad: Tensor, result: Tensor, gradient: Tensor, x: Tensor, target: Tensor, reduction: str
) -> Tensor:
    one = zeros([], grad.dtype, grad.device) + 1
    each = sum(grad * cross_entropy_backward(one, x, target, "sum"), 1 if x.ndim > 1 else 0)
    return each if reduction == "none" else sum(each) if reduction == "sum" else sum(each) / target.numel()


def _cross_entropy_backward_x(
    grad: Tensor, result: Tensor, gradient: Tensor, x: Tensor, target: Tensor, reduction: str
) -> Tensor:
    dim = 1 if x.ndim > 1 else 0
    share = softmax(x, dim)
    each = gradient if reduction != "mean" else gradient / target.numel()
    given = grad * (unsqueeze(each, dim) if reduction == "none" else each)
    return share * (given - sum(given * share, dim, True))


def _retain_x(grad: Tensor, result: Tensor, x: Tensor) -> Tensor:
    return grad


GRADIENTS: dict[str, Gradient] = {  # by the names of the operators' FUNCTIONS
    "add": Gradient((0, 1), (), False, (_add_a, _add_b)),
    "sub": Gradient((0, 1), (), False, (_sub_a, _sub_b)),
    "mul": Gradient((0, 1), (0, 1), False, (_mul_a, _mul_b)),
    "div": Gradient((0, 1), (0, 1), False, (_div_a, _div_b)),
    "neg": Gradient((0,), (), False, (_neg_x,)),
    "add_scalar": Gradient((0,), (), False, (_add_scalar_x,)),
    "mul_scalar": Gradient((0,), (), False, (_mul_scalar_x,)),
    "div_scalar": Gradient((0,), (), False, (_div_scalar_x,)),
    "add_scaled": Gradient((0, 1), (), False, (_add_scaled_a, _add_scaled_b)),
    "maximum": Gradient((0, 1), (0, 1), False, (_maximum_a, _maximum_b)),
    "minimum": Gradient((0, 1), (0, 1), False, (_minimum_a, _minimum_b)),
    "exp": Gradient((0,), (), True, (_exp_x,)),
    "log": Gradient((0,), (0,), False, (_log_x,)),
    "sqrt": Gradient((0,), (), True, (_sqrt_x,)),
    "pow": Gradient((0,), (0,), False, (_pow_x,)),
    "abs": Gradient((0,), (0,), False, (_abs_x,)),
    "sign": Gradient((0,), (), False, (_sign_x,)),
    "clamp": Gradient((0,), (0,), False, (_clamp_x,)),
    "sin": Gradient((0,), (0,), False, (_sin_x,)),
    "cos": Gradient((0,), (0,), False, (_cos_x,)),
    "erf": Gradient((0,), (0,), False, (_erf_x,)),
    "pow_tensor": Gradient((0, 1), (0, 1), True, (_pow_tensor_a, _pow_tensor_b)),
    "matmul": Gradient((0, 1), (0, 1), False, (_matmul_a, _matmul_b)),
    "transpose": Gradient((0,), (), False, (_transpose_x,)),
    "transpose_2d": Gradient((0,), (), False, (_transpose_2d_x,)),
    "sum_tensor": Gradient((0,), (), False, (_sum_tensor_x,)),
    "mean_tensor": Gradient((0,), (), False, (_mean_tensor_x,)),
    "max_tensor": Gradient((0,), (0,), True, (_max_tensor_x,)),
    "min_tensor": Gradient((0,), (0,), True, (_min_tensor_x,)),
    "sum_dim": Gradient((0,), (), False, (_sum_dim_x,)),
    "mean_dim": Gradient((0,), (), False, (_mean_dim_x,)),
    "sum_to": Gradient((0,), (), False, (_sum_to_x,)),
    "amax": Gradient((0,), (0,), True, (_amax_x,)),
    "amin": Gradient((0,), (0,), True, (_amin_x,)),
    "relu": Gradient((0,), (), True, (_relu_x,)),
    "relu_backward": Gradient((0,), (1,), False, (_relu_backward_gradient,)),
    "sigmoid": Gradient((0,), (), True, (_sigmoid_x,)),
    "tanh": Gradient((0,), (), True, (_tanh_x,)),
    "softmax": Gradient((0,), (), True, (_softmax_x,)),
    "log_softmax": Gradient((0,), (), True, (_log_softmax_x,)),
    "leaky_relu": Gradient((0,), (0,), False, (_leaky_relu_x,)),
    "elu": Gradient((0,), (0,), False, (_elu_x,)),
    "gelu": Gradient((0,), (0,), False, (_gelu_x,)),
    "where": Gradient((1, 2), (0,), False, (_where_a, _where_b)),
    "reshape": Gradient((0,), (), False, (_reshape_x,)),
    "flatten": Gradient((0,), (), False, (_flatten_x,)),
    "squeeze": Gradient((0,), (), False, (_squeeze_x,)),
    "unsqueeze": Gradient((0,), (), False, (_unsqueeze_x,)),
    "expand": Gradient((0,), (), False, (_expand_x,)),
    "narrow": Gradient((0,), (), False, (_narrow_x,)),
    "index_select": Gradient((0,), (2,), False, (_index_select_x,)),
    "index_add": Gradient((0, 3), (2,), False, (_index_add_x, _index_add_source)),
    "gather": Gradient((0,), (2,), False, (_gather_x,)),
    "scatter_add": Gradient((0, 3), (2,), False, (_scatter_add_x, _scatter_add_source)),
    "cat": Gradient((0,), (), False, (_cat_tensors,)),
    "stack": Gradient((0,), (), False, (_stack_tensors,)),
    "clone": Gradient((0,), (), False, (_clone_x,)),
    "contiguous": Gradient((0,), (), False, (_contiguous_x,)),
    "to_dtype": Gradient((0,), (), False, (_to_dtype_x,)),
    "to_device": Gradient((0,), (), False, (_to_device_x,)),
    "linear": Gradient((0, 1, 2), (0, 1), False, (_linear_x, _linear_weight, _linear_bias)),
    "conv2d": Gradient((0, 1, 2), (0, 1), False, (_conv2d_x, _conv2d_weight, _conv2d_bias)),
    "conv2d_input": Gradient((0, 1), (0, 1), False, (_conv2d_input_gradient, _conv2d_input_weight)),
    "conv2d_weight": Gradient((0, 1), (0, 1), False, (_conv2d_weight_gradient, _conv2d_weight_x)),
    "max_pool2d": Gradient((0,), (0,), False, (_max_pool2d_x,)),
    "max_pool2d_backward": Gradient((0,), (1,), False, (_max_pool2d_backward_gradient,)),
    "max_pool2d_pick": Gradient((0,), (1,), False, (_max_pool2d_pick_y,)),
    "avg_pool2d": Gradient((0,), (), False, (_avg_pool2d_x,)),
    "avg_pool2d_backward": Gradient((0,), (), False, (_avg_pool2d_backward_gradient,)),
    "embedding": Gradient((0,), (1,), False, (_embedding_weight,)),
    "embedding_backward": Gradient((0,), (1,), False, (_embedding_backward_gradient,)),
    "layer_norm": Gradient((0, 2, 3), (0, 2), False, (_layer_norm_x, _layer_norm_weight, _layer_norm_bias)),
    "batch_norm": Gradient(
        (0, 1, 2, 3, 4),
        (0, 1, 3, 4),
        False,
        (_batch_norm_x, _batch_norm_weight, _batch_norm_bias, _batch_norm_mean, _batch_norm_var),
    ),
    "batch_norm_backward": Gradient(
        (0, 1, 2),
        (0, 1, 2),
        False,
        (_batch_norm_backward_gradient, _batch_norm_backward_x, _batch_norm_backward_weight),
    ),
    "batch_statistics": Gradient((0,), (0,), False, (_batch_statistics_x,)),
    "batch_norm_measured": Gradient(
        (0, 1, 2), (0, 1, 3), False, (_batch_norm_measured_x, _batch_norm_measured_weight, _batch_norm_measured_bias)
    ),
    "batch_norm_measured_backward": Gradient(
        (0, 1, 2),
        (0, 1, 2, 3),
        False,
        (_batch_norm_measured_backward_gradient, _batch_norm_measured_backward_x, _batch_norm_measured_backward_weight),
    ),
    "binary_cross_entropy": Gradient((0, 1), (0, 1), False, (_binary_cross_entropy_x, _binary_cross_entropy_target)),
    "cross_entropy": Gradient((0,), (0, 1), False, (_cross_entropy_x,)),
    "cross_entropy_backward": Gradient(
        (0, 1), (0, 1, 2), False, (_cross_entropy_backward_gradient, _cross_entropy_backward_x)
    ),
    "retain": Gradient((0,), (), False, (_retain_x,)),
}

NOT_DIFFERENTIABLE: frozenset[str] = frozenset(
    {
        "adam",
        "argmax",
        "argmin",
        "detach",
        "eq",
        "ge",
        "gt",
        "le",
        "lt",
        "ne",
        "strided",
        "take",
    }
)
