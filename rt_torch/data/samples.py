"""Tensors of samples: those whose first dimension counts them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rt_torch._create import tensor
from rt_torch._tensor import Tensor, of_elements
from rt_torch._transfer import elements
from rt_torch.errors import BadArgumentError
from rt_torch.pure.dtype import FORMATS
from rt_torch.pure.layout import layout_of
from rt_torch.pure.storage import typed
from rt_torch.pure.tensor import pure_tensor


def checked(symbol: str, data: Sequence[Any]) -> tuple[tuple[Tensor, ...], int]:
    """Tensors of the same number of samples, and that number.

    Args:
        symbol: What messages start with: "rt.data.batches".
        data: Tensors, or what rt.tensor makes some of, on the CPU.

    Raises:
        BadArgumentError: There are none, one has no dimension, or their numbers differ.
        ArgumentTypeError: One is no tensor, and nothing that could be one.
    """
    tensors = tuple(given if isinstance(given, Tensor) else tensor(given, device="cpu") for given in data)
    if not tensors:
        raise BadArgumentError(f"{symbol}: at least one tensor is expected")
    for place, one in enumerate(tensors):
        if not one.shape:
            raise BadArgumentError(f"{symbol}: tensor {place} is a single number, and one with samples is expected")
        if one.shape[0] != tensors[0].shape[0]:
            numbers = f"tensor 0 has {tensors[0].shape[0]} samples, and tensor {place} has {one.shape[0]}"
            raise BadArgumentError(f"{symbol}: {numbers}: all need the same number")
    return tensors, tensors[0].shape[0]


def taken(samples: Tensor, places: Sequence[int]) -> Tensor:
    """The samples at these places, copied.

    Memory stays memory, so that what libtorch is to compute with need not be moved again.
    """
    if samples.requires_grad or samples.is_cuda:
        return samples[list(places)]
    whole = elements(samples)
    memory, layout = whole._cell[0], whole._layout
    if not isinstance(memory, memoryview) or not layout.contiguous:
        return of_elements(whole[list(places)])
    width = layout.size // (layout.shape[0] or 1)
    parts = [memory[layout.offset + place * width : layout.offset + (place + 1) * width] for place in places]
    copy = typed(memoryview(bytearray().join(parts)), FORMATS[layout.dtype])
    return of_elements(pure_tensor(copy, layout_of((len(places), *layout.shape[1:]), layout.dtype)))
