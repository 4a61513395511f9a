"""Vectors that stand for numbers."""

from __future__ import annotations

from rt_torch._create import randn
from rt_torch._tensor import Tensor
from rt_torch.nn.argument import count
from rt_torch.nn.module import Module
from rt_torch.nn.parameter import Parameter
from rt_torch_bindings import operators


class Embedding(Module):
    """A learned vector for each of the numbers from 0 on: a tensor of numbers gets one dimension more.

    The vectors begin with normally distributed numbers.  A number beyond them is an error.

    Args:
        num_embeddings: How many vectors there are.
        embedding_dim: Elements of each.
        dtype: Of the vectors, a floating-point one.
        device: Of the vectors.
    """

    def __init__(
        self, num_embeddings: int, embedding_dim: int, *, dtype: str | None = None, device: str | None = None
    ) -> None:
        self.num_embeddings = count("rt.nn.Embedding", "num_embeddings", num_embeddings)
        self.embedding_dim = count("rt.nn.Embedding", "embedding_dim", embedding_dim)
        self.weight = Parameter(randn([self.num_embeddings, self.embedding_dim], dtype=dtype, device=device))

    def forward(self, x: Tensor) -> Tensor:
        return operators.embedding(self.weight, x)

    def extra_repr(self) -> str:
        return f"{self.num_embeddings}, {self.embedding_dim}"
