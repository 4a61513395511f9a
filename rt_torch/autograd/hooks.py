"""Functions of users that are called with the gradients that arrive at a tensor."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import TYPE_CHECKING

from rt_torch._gradients import check_gradient

if TYPE_CHECKING:
    from rt_torch._tensor import Tensor
    from rt_torch.autograd.graph import Arrival

Hook = Callable[["Tensor"], "Tensor | None"]

_numbers = itertools.count()


class Handle:
    """What takes a hook away again: by remove(), or at the end of a `with`."""

    __slots__ = ("_hooks", "_number")

    def __init__(self, hooks: dict[int, Hook], hook: Hook) -> None:
        self._hooks = hooks
        self._number = next(_numbers)
        hooks[self._number] = hook

    def remove(self) -> None:
        """Take the hook away; the second time nothing happens."""
        self._hooks.pop(self._number, None)

    def __enter__(self) -> Handle:
        return self

    def __exit__(self, *error: object) -> None:
        self.remove()


def passed(arrival: Arrival, gradient: Tensor) -> Tensor:
    """The gradient that comes out of the hooks."""
    for hook in [*arrival.hooks.values()]:
        replaced = hook(gradient)
        if replaced is not None:
            name = getattr(hook, "__qualname__", repr(hook))
            check_gradient(f"the hook {name}: result", replaced, gradient)
            gradient = replaced
    return gradient
