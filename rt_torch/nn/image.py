"""Images, which the functions take in batches only."""

from __future__ import annotations

from collections.abc import Callable

from rt_torch._tensor import Tensor


def of_batch(x: Tensor, compute: Callable[[Tensor], Tensor]) -> Tensor:
    """What `compute` makes of images (batch, channels, height, width); of a single image as of a batch of one."""
    if isinstance(x, Tensor) and x.ndim == 3:
        return compute(x.unsqueeze(0)).squeeze(0)
    return compute(x)
