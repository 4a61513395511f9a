"""What a tensor is, as functions."""

from __future__ import annotations

from rt_torch.pure.tensor import PureTensor, check_tensor


def shape(x: PureTensor) -> list[int]:
    """Sizes of the dimensions."""
    return [*check_tensor("rt_torch_shape", "x", x).shape]


def ndim(x: PureTensor) -> int:
    """Number of dimensions."""
    return check_tensor("rt_torch_ndim", "x", x).ndim


def numel(x: PureTensor) -> int:
    """Number of elements."""
    return check_tensor("rt_torch_numel", "x", x).numel()


def dtype(x: PureTensor) -> str:
    """Element type, for example "f64"."""
    return check_tensor("rt_torch_dtype", "x", x).dtype


def device(x: PureTensor) -> str:
    """Device that holds the elements: "cpu"."""
    return check_tensor("rt_torch_device", "x", x).device


def strides(x: PureTensor) -> list[int]:
    """Distance, in elements, from one element to the next in each dimension."""
    return [*check_tensor("rt_torch_strides", "x", x).strides]


def is_contiguous(x: PureTensor) -> bool:
    """Whether the elements lie in row-major order without gaps."""
    return check_tensor("rt_torch_is_contiguous", "x", x).is_contiguous()
