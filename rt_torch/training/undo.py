"""A batch that did not come to its end, and is to be as if it had never begun."""

from __future__ import annotations

from typing import Any

from rt_torch import pure
from rt_torch._tensor import Tensor
from rt_torch.nn import Module
from rt_torch.optim import Optimizer


class Undo:
    """What a batch changes beside the gradients: the random generator and the buffers, and in its last part, the step,
    the parameters and the optimizer's state.

    Args:
        model: Whose buffers these are.
        optimizer: Whose parameters these are.
        whole: Whether the step is to be undone too, for which parameters and state must be copied each time.
    """

    def __init__(self, model: Module, optimizer: Optimizer, whole: bool) -> None:
        self._optimizer = optimizer
        self._buffers = [(module, name) for module in model.modules() for name, _ in module._own_buffers()]
        self._params = [param for group in optimizer.param_groups for param in group["params"]] if whole else []
        self._kept: list[tuple[Module, str, Tensor, Tensor]] = []
        self._kept_params: list[Tensor] = []
        self._kept_state: dict[str, Any] = {}

    def begin(self) -> None:
        """A batch begins."""
        self._random = pure.random_state()
        if self._buffers:
            self._kept = [(module, name, it := vars(module)[name], it.data) for module, name in self._buffers]
        if self._params:
            self._kept_params = [param.data.clone() for param in self._params]
            self._kept_state = self._optimizer.state_dict()

    def undo(self) -> None:
        """The batch that has begun is undone."""
        pure.set_random_state(*self._random)
        self._optimizer.zero_grad()
        self.undo_buffers()
        if self._params:
            for param, data in zip(self._params, self._kept_params, strict=True):
                param.data = data
            self._optimizer.load_state_dict(self._kept_state)

    def undo_buffers(self) -> None:
        """The model's buffers are as they were before the batch."""
        for module, name, buffer, data in self._kept:
            buffer.data = data
            setattr(module, name, buffer)
