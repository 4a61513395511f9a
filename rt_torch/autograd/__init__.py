"""Gradients: calls are recorded as they are made, and backward() goes back through them.

    x.requires_grad, x.backward(), x.grad, x.detach(), x.register_hook(...), x.retain_grad()
    rt.grad(outputs, inputs)                       gradients without touching `.grad`
    rt.no_grad(), rt.enable_grad()                 blocks and decorators: whether calls are recorded
    rt.autograd.Function                           an operation with a derivative of its own

The derivatives stand in the specs, one formula for each tensor that goes into a function; formulas are made of functions
that have derivatives, so those of gradients follow (`create_graph=True`).  It makes no difference to them which tier
computes.

Recording happens in the dispatcher.  A tensor that requires grad has a layout that no fast path takes, so all that is
done with it goes there; others go as fast as if there were no gradients.

Threads: each has its own mode.  Several may go backward at once, through graphs of their own that share leaves too; a
graph that is shared is to be gone through by one at a time.
"""

from __future__ import annotations

from rt_torch.autograd.engine import grad
from rt_torch.autograd.function import Context, Function
from rt_torch.autograd.graph import Node
from rt_torch.autograd.hooks import Handle
from rt_torch.autograd.mode import enable_grad, is_grad_enabled, no_grad, set_grad_enabled

__all__ = [
    "Context",
    "Function",
    "Handle",
    "Node",
    "enable_grad",
    "grad",
    "is_grad_enabled",
    "no_grad",
    "set_grad_enabled",
]
