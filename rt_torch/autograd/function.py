"""Operations that are none of the specs', with a derivative that is written in Python."""

from __future__ import annotations

from collections.abc import Container
from typing import Any

from rt_torch import _transfer
from rt_torch._tensor import Tensor, alias
from rt_torch.autograd import mode
from rt_torch.autograd.broadcasting import undone
from rt_torch.autograd.graph import Described, Edge, Node, described
from rt_torch.autograd.mode import is_grad_enabled
from rt_torch.autograd.record import changed, let_go, marked
from rt_torch.errors import ArgumentTypeError, BadArgumentError
from rt_torch.pure.dtype import is_floating
from rt_torch.pure.storage import last_write
from rt_torch_bindings.arguments import shown

__all__ = ["Context", "Function"]


class Context:
    """What `forward` leaves for `backward`: tensors by save_for_backward, and anything else as attributes."""

    needs_input_grad: tuple[bool, ...]
    """For each argument of `forward`, whether a gradient is wanted."""

    def __init__(self, needs_input_grad: tuple[bool, ...]) -> None:
        self.needs_input_grad = needs_input_grad
        self._saved: tuple[Tensor | None, ...] | None = ()
        self._results: frozenset[int] = frozenset()  # places among those of what is the result itself
        self._written = 0
        self._node: Applied | None = None  # while its gradients are computed

    def save_for_backward(self, *tensors: Tensor | None) -> None:
        """Keep these for `backward`: arguments of `forward`, its result, or others.

        They are let go of after backward, and a change of them in place is noticed.

        Raises:
            ArgumentTypeError: Something else is given.
        """
        for place, tensor in enumerate(tensors):
            if tensor is not None and not isinstance(tensor, Tensor):
                raise ArgumentTypeError(
                    f"save_for_backward: argument {place}: a tensor or None is expected; given {shown(tensor)}"
                )
        self._saved = tensors
        self._written = last_write()

    @property
    def saved_tensors(self) -> tuple[Tensor | None, ...]:
        """What save_for_backward kept.

        Raises:
            GradientError: It was let go of, or changed in place.
        """
        if self._saved is None:
            raise let_go(self._node)
        for place, tensor in enumerate(self._saved):
            if tensor is not None and _transfer.last_write(tensor) > self._written:
                raise changed(self._node, f"saved tensor {place}")
        if not (self._results and is_grad_enabled()):
            return self._saved
        return tuple([self._recorded(tensor) if i in self._results else tensor for i, tensor in enumerate(self._saved)])

    def _recorded(self, result: Any) -> Tensor:
        made = alias(result)
        return made if self._node is None else marked(made, self._node)

    def _keep_apart(self, result: Tensor) -> None:
        """Keep, instead of the result, another tensor on its memory: it must not refer to its own node."""
        saved = self._saved or ()
        self._results = frozenset([place for place, tensor in enumerate(saved) if tensor is result])
        self._saved = tuple([alias(result) if tensor is result else tensor for tensor in saved])

    def _release(self) -> None:
        if self._saved:
            self._saved = None


class Function:
    """An operation with a derivative of its own:

        class Cube(rt.autograd.Function):
            @staticmethod
            def forward(ctx, x):
                ctx.save_for_backward(x)
                return x * x * x

            @staticmethod
            def backward(ctx, grad):
                (x,) = ctx.saved_tensors
                return grad * 3 * x * x

        y = Cube.apply(x)

    `forward` gives one tensor, and nothing in it is recorded.  `backward` gives one gradient for each argument of
    `forward`, None for what has none; second derivatives work where it is made of functions that have derivatives.
    """

    @staticmethod
    def forward(*arguments: Any, **named: Any) -> Any:
        """Compute the result from a Context and the arguments of `apply`."""
        raise NotImplementedError("a Function has a static method forward(ctx, ...)")

    @staticmethod
    def backward(*arguments: Any, **named: Any) -> Any:
        """Compute the gradients of the arguments from the Context and the gradient of the result."""
        raise NotImplementedError("a Function has a static method backward(ctx, grad)")

    @classmethod
    def apply(cls, *arguments: Any) -> Tensor:
        """Run `forward`, and have `backward` run when gradients are computed.

        Raises:
            ArgumentTypeError: `forward` gave something else than a tensor.
        """
        needs = tuple([isinstance(argument, Tensor) and argument.requires_grad for argument in arguments])
        context = Context(needs)
        before = mode.current.get()
        try:
            mode.current.set(mode.said(False))
            result: Any = cls.forward(context, *arguments)
        finally:
            mode.current.set(before)
        if not isinstance(result, Tensor):
            raise ArgumentTypeError(f"{cls.__name__}.forward: it is to give one tensor; given {shown(result)}")
        return _recorded(cls, context, arguments, result)


def _recorded(function: type[Function], context: Context, arguments: tuple[Any, ...], result: Tensor) -> Tensor:
    records = any(context.needs_input_grad) and is_grad_enabled() and is_floating(result.dtype)
    if records:
        context._keep_apart(result)
    if result.requires_grad or any(result is argument for argument in arguments):
        result = alias(result)
    return marked(result, Applied(function, context, arguments)) if records else result


class Applied(Node):
    """A recorded Function."""

    __slots__ = ("arguments", "context", "function")

    arguments: tuple[Described | None, ...]  # those that require grad
    context: Context
    function: type[Function]

    def __init__(self, function: type[Function], context: Context, arguments: tuple[Any, ...]) -> None:
        needed = [
            argument if need else None for argument, need in zip(arguments, context.needs_input_grad, strict=True)
        ]
        super().__init__(function.__name__, tuple([x if x is None else x._node for x in needed]))
        self.arguments = tuple([x if x is None else described(x) for x in needed])
        self.context = context
        self.function = function

    def gradients(self, gradient: Tensor, wanted: Container[Edge] | None) -> list[tuple[Edge, Tensor]]:
        given = self._computed(gradient)
        parts = given if isinstance(given, tuple) else (given,)
        if len(parts) != len(self.edges):
            raise BadArgumentError(
                f"{self.name}.backward: one gradient per argument of forward is expected, {len(self.edges)}; "
                f"given {len(parts)}"
            )
        found = []
        for part, edge, argument in zip(parts, self.edges, self.arguments, strict=True):
            if part is None or edge is None or argument is None or not (wanted is None or edge in wanted):
                continue
            if not isinstance(part, Tensor):
                raise ArgumentTypeError(f"{self.name}.backward: a tensor or None is expected; given {shown(part)}")
            found.append((edge, undone(part, argument)))
        return found

    def _computed(self, gradient: Tensor) -> Any:
        context = self.context
        outer, context._node = context._node, self
        try:
            return self.function.backward(context, gradient)
        finally:
            context._node = outer

    def release(self) -> None:
        self.context._release()
