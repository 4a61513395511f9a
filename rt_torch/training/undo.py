"""A batch that did not come to its end, and is to be as if it had never begun."""

from __future__ import annotations

from rt_torch import pure
from rt_torch._tensor import Tensor
from rt_torch.nn import Module
from rt_torch.optim import Optimizer


class Undo:
    """What a batch changes before its step, beside the gradients: the random generator and the buffers.

    Args:
        model: Whose buffers these are.
        optimizer: Whose gradients are forgotten.
    """

    def __init__(self, model: Module, optimizer: Optimizer) -> None:
        self._optimizer = optimizer
        self._buffers = [(module, name) for module in model.modules() for name, _ in module._own_buffers()]
        self._kept: list[tuple[Module, str, Tensor, Tensor]] = []

    def begin(self) -> None:
        """A batch begins."""
        self._random = pure.random_state()
        if self._buffers:
            self._kept = [(module, name, it := vars(module)[name], it.data) for module, name in self._buffers]

    def undo(self) -> None:
        """The batch that has begun is undone."""
        pure.set_random_state(*self._random)
        self._optimizer.zero_grad()
        self.undo_buffers()

    def undo_buffers(self) -> None:
        """The model's buffers are as they were before the batch."""
        for module, name, buffer, data in self._kept:
            buffer.data = data
            setattr(module, name, buffer)
