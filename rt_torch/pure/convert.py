"""Copies, and the same elements as others: of another dtype, in another order."""

from __future__ import annotations

from rt_torch.pure.dtype import parse_device, parse_dtype
from rt_torch.pure.layout import layout_of
from rt_torch.pure.promotion import cast
from rt_torch.pure.tensor import PureTensor, check_tensor, copied, pure_tensor, values, view


def clone(x: PureTensor) -> PureTensor:
    """A copy of `x` with a storage of its own, in row-major order."""
    return copied(check_tensor("rt_torch_clone", "x", x))


def detach(x: PureTensor) -> PureTensor:
    """A view of all of `x`; this tier records no gradients."""
    layout = check_tensor("rt_torch_detach", "x", x)._layout
    return view(x, layout.shape, layout.strides, layout.offset)


def contiguous(x: PureTensor) -> PureTensor:
    """`x` in row-major order without gaps: itself when it is so already, otherwise a copy."""
    check_tensor("rt_torch_contiguous", "x", x)
    return x if x._layout.contiguous else copied(x)


def to_dtype(x: PureTensor, dtype: str) -> PureTensor:
    """`x` with its elements converted: itself when it has that dtype already, otherwise a copy.

    Floating-point to integer truncates towards zero; NaN and what does not fit become -2**63.  Anything but 0 becomes
    true.

    Raises:
        BadArgumentError: There is no such dtype in this tier.
    """
    check_tensor("rt_torch_to_dtype", "x", x)
    target = parse_dtype("rt_torch_to_dtype", "dtype", dtype)
    layout = x._layout
    if target == layout.dtype:
        return x
    items = values(x)
    converted = cast(items, layout.dtype, target)
    return pure_tensor(list(items) if converted is items else converted, layout_of(layout.shape, target))


def to_device(x: PureTensor, device: str) -> PureTensor:
    """`x` itself, which is on the only device that there is here, "cpu".

    Raises:
        BadArgumentError: Another device is asked for.
    """
    check_tensor("rt_torch_to_device", "x", x)
    parse_device("rt_torch_to_device", "device", device)
    return x
