"""Convolutions of images."""

from __future__ import annotations

from rt_torch._create import zeros
from rt_torch._tensor import Tensor
from rt_torch.errors import BadArgumentError
from rt_torch.nn import init
from rt_torch.nn.argument import count, pair
from rt_torch.nn.image import of_batch
from rt_torch.nn.module import Module
from rt_torch.nn.parameter import Parameter
from rt_torch_bindings import operators


class Conv2d(Module):
    """Convolution of images with learned filters, plus a learned number for each output channel.

    The weight has the shape (out_channels, in_channels / groups, height, width) and begins with Xavier's uniform numbers,
    the bias with zeros.

    Args:
        in_channels: Channels of images (batch, channels, height, width), or of a single one (channels, height, width).
        out_channels: Channels of the result.
        kernel_size: Height and width of the filters; one number stands for both, here and in the next three.
        stride: Steps from window to window.
        padding: Zeros around each image.
        dilation: Steps from element to element of a window.
        groups: Parts that the channels fall into, each with filters of its own.
        bias: Whether there is a bias.
        dtype: Of the parameters, a floating-point one.
        device: Of the parameters.

    Raises:
        BadArgumentError: A number is too small, or `groups` does not divide the channels.
    """

    bias: Parameter | None

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: int | tuple[int, int],
        stride: int | tuple[int, int] = 1,
        padding: int | tuple[int, int] = 0,
        dilation: int | tuple[int, int] = 1,
        groups: int = 1,
        bias: bool = True,
        *,
        dtype: str | None = None,
        device: str | None = None,
    ) -> None:
        symbol = "rt.nn.Conv2d"
        self.in_channels = count(symbol, "in_channels", in_channels)
        self.out_channels = count(symbol, "out_channels", out_channels)
        self.kernel_size = pair(symbol, "kernel_size", kernel_size, 1)
        self.stride = pair(symbol, "stride", stride, 1)
        self.padding = pair(symbol, "padding", padding, 0)
        self.dilation = pair(symbol, "dilation", dilation, 1)
        self.groups = count(symbol, "groups", groups)
        if self.in_channels % self.groups or self.out_channels % self.groups:
            raise BadArgumentError(
                f"{symbol}: argument `groups`: {groups} was given, which does not divide both {in_channels} channels and "
                f"{out_channels} output channels"
            )
        shape = (self.out_channels, self.in_channels // self.groups, *self.kernel_size)
        self.weight = Parameter(init.xavier_uniform(shape, dtype=dtype, device=device))
        self.bias = Parameter(zeros([self.out_channels], dtype=dtype, device=device)) if bias else None

    def forward(self, x: Tensor) -> Tensor:
        def convolved(images: Tensor) -> Tensor:
            return operators.conv2d(
                images, self.weight, self.bias, self.stride, self.padding, self.dilation, self.groups
            )

        return of_batch(x, convolved)

    def extra_repr(self) -> str:
        parts = [f"{self.in_channels}, {self.out_channels}", f"kernel_size={self.kernel_size}", f"stride={self.stride}"]
        usual = {"padding": (0, 0), "dilation": (1, 1), "groups": 1}
        parts += [f"{name}={getattr(self, name)}" for name, value in usual.items() if getattr(self, name) != value]
        return ", ".join(parts if self.bias is not None else [*parts, "bias=False"])


def conv2d_output_size(size: int, kernel_size: int, stride: int = 1, padding: int = 0, dilation: int = 1) -> int:
    """Height of what Conv2d makes of images of a height, or width: floor((size + 2 padding - extent) / stride) + 1.

    Args:
        size: Height or width of the images; so too the others.
        kernel_size: Of the filters, which with the dilation extend over dilation * (kernel_size - 1) + 1 elements.
        stride: Steps from window to window.
        padding: Zeros on each side.
        dilation: Steps from element to element of a window.

    Raises:
        BadArgumentError: A number is too small, or the filters do not fit into the padded images.
    """
    symbol = "rt.nn.conv2d_output_size"
    padded = count(symbol, "size", size) + 2 * pair(symbol, "padding", padding, 0)[0]
    extent = count(symbol, "dilation", dilation) * (count(symbol, "kernel_size", kernel_size) - 1) + 1
    if padded < extent:
        raise BadArgumentError(f"{symbol}: filters that extend over {extent} do not fit into {padded} padded elements")
    return (padded - extent) // count(symbol, "stride", stride) + 1
