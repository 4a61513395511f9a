"""Inputs brought to mean 0 and variance 1."""

from __future__ import annotations

from collections.abc import Sequence

from rt_torch._create import ones, zeros
from rt_torch._dispatch import dispatch
from rt_torch._tensor import Tensor
from rt_torch.errors import BadArgumentError
from rt_torch.nn.argument import at_least, count, counts, share, tensor
from rt_torch.nn.module import Module
from rt_torch.nn.parameter import Parameter
from rt_torch_bindings import operators


class BatchNorm1d(Module):
    """Each feature over the batch (Ioffe and Szegedy, 2015): (x - mean) / sqrt(variance + eps) * weight + bias.

    In training, mean and variance are those of the batch, and running ones are kept; otherwise these are used.

    Args:
        num_features: Features of inputs (batch, features) or (batch, features, length).
        eps: What is added to the variance.
        momentum: The share of a batch in the running mean and variance; None for the mean of all batches.
        affine: Whether there are a weight and a bias.
        track_running_stats: Whether there are a running mean and variance; without them a batch's own are always used.
        dtype: Of parameters and buffers, a floating-point one.
        device: Of parameters and buffers.

    Raises:
        BadArgumentError: A number is out of its range.
    """

    weight: Parameter | None
    bias: Parameter | None
    running_mean: Tensor | None
    running_var: Tensor | None
    num_batches_tracked: Tensor | None

    def __init__(
        self,
        num_features: int,
        eps: float = 1e-5,
        momentum: float | None = 0.1,
        affine: bool = True,
        track_running_stats: bool = True,
        *,
        dtype: str | None = None,
        device: str | None = None,
    ) -> None:
        symbol = "rt.nn.BatchNorm1d"
        self.num_features = count(symbol, "num_features", num_features)
        self.eps = at_least(symbol, "eps", eps, 0.0)
        self.momentum = None if momentum is None else share(symbol, "momentum", momentum)
        self.affine = affine
        self.track_running_stats = track_running_stats
        shape = [self.num_features]
        self.weight = Parameter(ones(shape, dtype=dtype, device=device)) if affine else None
        self.bias = Parameter(zeros(shape, dtype=dtype, device=device)) if affine else None
        tracked = track_running_stats
        self.register_buffer("running_mean", zeros(shape, dtype=dtype, device=device) if tracked else None)
        self.register_buffer("running_var", ones(shape, dtype=dtype, device=device) if tracked else None)
        self.register_buffer("num_batches_tracked", zeros([], dtype="i64", device=device) if tracked else None)

    def forward(self, x: Tensor) -> Tensor:
        self._check(x)
        own = self.training or self.running_mean is None or self.running_var is None
        if not own:
            return operators.batch_norm(x, self.weight, self.bias, self.running_mean, self.running_var, self.eps)
        if x.numel() == 0:
            self._count()
            return operators.batch_norm(x, self.weight, self.bias, eps=self.eps)
        statistics = dispatch("batch_statistics", x.data)
        normal: Tensor = dispatch("batch_norm_measured", x, self.weight, self.bias, statistics, self.eps)
        if self.training:
            self._count()
            self._track(statistics, x.numel() // self.num_features)
        return normal

    def _check(self, x: Tensor) -> None:
        shape = tensor("rt.nn.BatchNorm1d", "x", x).shape
        if len(shape) not in (2, 3) or shape[1] != self.num_features:
            raise BadArgumentError(
                f"rt.nn.BatchNorm1d: argument `x`: its shape is {shape}, and (batch, {self.num_features}) or "
                f"(batch, {self.num_features}, length) is expected"
            )

    def _count(self) -> None:
        if self.training and self.num_batches_tracked is not None:
            self.num_batches_tracked.data = self.num_batches_tracked + 1

    def _track(self, statistics: Tensor, number: int) -> None:
        """Move the running mean and variance towards those of a batch with so many values for each feature."""
        if self.running_mean is None or self.running_var is None or self.num_batches_tracked is None:
            return
        part = 1.0 / self.num_batches_tracked.item() if self.momentum is None else self.momentum
        self.running_mean.data = self.running_mean * (1.0 - part) + statistics[0] * part
        unbiased = part * number / (number - 1)
        self.running_var.data = self.running_var * (1.0 - part) + statistics[1] * unbiased

    def extra_repr(self) -> str:
        return (
            f"{self.num_features}, eps={self.eps}, momentum={self.momentum}, affine={self.affine}, "
            f"track_running_stats={self.track_running_stats}"
        )


class LayerNorm(Module):
    """Each sample over its last dimensions (Ba et al., 2016): (x - mean) / sqrt(variance + eps) * weight + bias.

    Args:
        normalized_shape: Sizes of those dimensions; an integer for the last one alone.
        eps: What is added to the variance.
        elementwise_affine: Whether there are a weight and a bias, of those sizes.
        bias: Whether there is a bias beside the weight.
        dtype: Of the parameters, a floating-point one.
        device: Of the parameters.

    Raises:
        BadArgumentError: A number is out of its range.
    """

    weight: Parameter | None
    bias: Parameter | None

    def __init__(
        self,
        normalized_shape: int | Sequence[int],
        eps: float = 1e-5,
        elementwise_affine: bool = True,
        bias: bool = True,
        *,
        dtype: str | None = None,
        device: str | None = None,
    ) -> None:
        shape = self.normalized_shape = counts("rt.nn.LayerNorm", "normalized_shape", normalized_shape)
        self.eps = at_least("rt.nn.LayerNorm", "eps", eps, 0.0)
        self.elementwise_affine = elementwise_affine
        biased = elementwise_affine and bias
        self.weight = Parameter(ones(shape, dtype=dtype, device=device)) if elementwise_affine else None
        self.bias = Parameter(zeros(shape, dtype=dtype, device=device)) if biased else None

    def forward(self, x: Tensor) -> Tensor:
        return operators.layer_norm(x, self.normalized_shape, self.weight, self.bias, self.eps)

    def extra_repr(self) -> str:
        return (
            f"{self.normalized_shape}, eps={self.eps}, elementwise_affine={self.elementwise_affine}, "
            f"bias={self.bias is not None}"
        )
