"""Smaller images: one element for each window."""

from __future__ import annotations

from rt_torch._tensor import Tensor
from rt_torch.nn.argument import pair
from rt_torch.nn.image import of_batch
from rt_torch.nn.module import Module
from rt_torch_bindings import operators

Pair = int | tuple[int, int]


class MaxPool2d(Module):
    """The largest element of each window on images (batch, channels, height, width), or on one without the batch.

    Args:
        kernel_size: Height and width of the windows; one number stands for both, here and in the next three.
        stride: Steps from window to window; by default `kernel_size`, so that windows do not overlap.
        padding: How far windows reach over the edges; at most half of `kernel_size`.
        dilation: Steps from element to element of a window.
        ceil_mode: Whether windows at the far edges may reach further over them.

    Raises:
        BadArgumentError: A number is too small.
    """

    def __init__(
        self,
        kernel_size: int | tuple[int, int],
        stride: int | tuple[int, int] | None = None,
        padding: int | tuple[int, int] = 0,
        dilation: int | tuple[int, int] = 1,
        ceil_mode: bool = False,
    ) -> None:
        self.kernel_size, self.stride, self.padding = _window("rt.nn.MaxPool2d", kernel_size, stride, padding)
        pair("rt.nn.MaxPool2d", "dilation", dilation, 1)
        self.dilation = dilation
        self.ceil_mode = ceil_mode

    def forward(self, x: Tensor) -> Tensor:
        def pooled(images: Tensor) -> Tensor:
            return operators.max_pool2d(
                images, self.kernel_size, self.stride, self.padding, self.dilation, self.ceil_mode
            )

        return of_batch(x, pooled)

    def extra_repr(self) -> str:
        return (
            f"kernel_size={self.kernel_size}, stride={self.stride}, padding={self.padding}, dilation={self.dilation}, "
            f"ceil_mode={self.ceil_mode}"
        )


class AvgPool2d(Module):
    """The mean of each window on images (batch, channels, height, width), or on one without the batch.

    Args:
        kernel_size: Height and width of the windows; one number stands for both, here and in the next two.
        stride: Steps from window to window; by default `kernel_size`, so that windows do not overlap.
        padding: Zeros around each image; at most half of `kernel_size`.
        ceil_mode: Whether windows at the far edges may reach further over them.
        count_include_pad: Whether those zeros count in the means.

    Raises:
        BadArgumentError: A number is too small.
    """

    def __init__(
        self,
        kernel_size: int | tuple[int, int],
        stride: int | tuple[int, int] | None = None,
        padding: int | tuple[int, int] = 0,
        ceil_mode: bool = False,
        count_include_pad: bool = True,
    ) -> None:
        self.kernel_size, self.stride, self.padding = _window("rt.nn.AvgPool2d", kernel_size, stride, padding)
        self.ceil_mode = ceil_mode
        self.count_include_pad = count_include_pad

    def forward(self, x: Tensor) -> Tensor:
        def pooled(images: Tensor) -> Tensor:
            return operators.avg_pool2d(
                images, self.kernel_size, self.stride, self.padding, self.ceil_mode, self.count_include_pad
            )

        return of_batch(x, pooled)

    def extra_repr(self) -> str:
        return f"kernel_size={self.kernel_size}, stride={self.stride}, padding={self.padding}"


def _window(symbol: str, kernel_size: Pair, stride: Pair | None, padding: Pair) -> tuple[Pair, Pair, Pair]:
    """Checked, and otherwise as they were given."""
    pair(symbol, "kernel_size", kernel_size, 1)
    if stride is not None:
        pair(symbol, "stride", stride, 1)
    pair(symbol, "padding", padding, 0)
    return kernel_size, kernel_size if stride is None else stride, padding
