"""What a tensor has to do with gradients: whether it requires them, where they are, and backward()."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from rt_torch._transfer import layout
from rt_torch.errors import ArgumentTypeError, BadArgumentError
from rt_torch.pure.dtype import is_floating
from rt_torch.pure.layout import shape_text, watched
from rt_torch_bindings.arguments import shown

if TYPE_CHECKING:
    from rt_torch._tensor import Tensor
    from rt_torch.autograd.graph import Arrival, Edge, Node
    from rt_torch.autograd.hooks import Handle
    from rt_torch.pure.layout import Layout

__all__ = ["Differentiable", "check_assignment", "check_copyable", "check_gradient", "check_no_gradient"]


class Differentiable:
    """What Tensor inherits.

    A tensor that requires grad has a watched layout: no fast path takes it, and each call that it goes into is
    recorded, unless under rt.no_grad().
    """

    __slots__ = ()

    if TYPE_CHECKING:
        _layout: Layout
        _node: Edge

    @property
    def requires_grad(self) -> bool:
        """Whether gradients with respect to it are wanted; only floating-point tensors can have them.

        It can be set on leaves.  Results of recorded calls have it by themselves.
        """
        return self._layout.plain is not None

    @requires_grad.setter
    def requires_grad(self, wanted: bool) -> None:
        if bool(wanted) == self.requires_grad:
            return
        if not wanted:
            _check_is_leaf(self)
            _tensor(self)._layout = self._layout.plain or self._layout
            self._node.made_arrival().keeps = False  # for graphs that were made before
            return
        dtype = layout(_tensor(self)).dtype
        if not is_floating(dtype):
            raise BadArgumentError(f"requires_grad: only floating-point tensors have gradients, this one is {dtype}")
        _noded(self).made_arrival().keeps = True
        _tensor(self)._layout = watched(self._layout)

    # Of a leaf that learns these are steps: under rt.no_grad() it is changed itself, as in torch.  For all other
    # tensors Python makes x = x + y of x += y.

    def __iadd__(self, other: Any) -> Tensor:
        return _set(self, _tensor(self) + other) if _steps(self, "+") else NotImplemented

    def __isub__(self, other: Any) -> Tensor:
        return _set(self, _tensor(self) - other) if _steps(self, "-") else NotImplemented

    def __imul__(self, other: Any) -> Tensor:
        return _set(self, _tensor(self) * other) if _steps(self, "*") else NotImplemented

    def __itruediv__(self, other: Any) -> Tensor:
        return _set(self, _tensor(self) / other) if _steps(self, "/") else NotImplemented

    def __ipow__(self, other: Any) -> Tensor:
        return _set(self, _tensor(self) ** other) if _steps(self, "**") else NotImplemented

    def requires_grad_(self, requires_grad: bool = True) -> Tensor:
        """Set `requires_grad`; returns the tensor itself."""
        self.requires_grad = requires_grad
        return _tensor(self)

    @property
    def is_leaf(self) -> bool:
        """Whether no recorded call made it: gradients end in leaves, and stay there as `.grad`."""
        return self.grad_fn is None

    @property
    def grad_fn(self) -> Node | None:
        """The recorded call that made it; None for a leaf."""
        from rt_torch.autograd.graph import Node

        node = getattr(self, "_node", None)
        return node if isinstance(node, Node) else None

    @property
    def grad(self) -> Tensor | None:
        """The gradient that has arrived, added up over all backward passes; None before the first.

        Leaves that require grad keep it, and others after retain_grad().
        """
        arrival = _arrival(self)
        return None if arrival is None else arrival.grad

    @grad.setter
    def grad(self, gradient: Tensor | None) -> None:
        if gradient is not None:
            check_gradient("grad", gradient, _tensor(self))
        _made_arrival(self).grad = gradient

    def zero_grad(self) -> None:
        """Forget the gradient: `.grad` is None again."""
        self.grad = None

    def backward(
        self,
        gradient: Tensor | None = None,
        *,
        retain_graph: bool | None = None,
        create_graph: bool = False,
        inputs: Tensor | Sequence[Tensor] | None = None,
    ) -> None:
        """Compute the gradients of this tensor with respect to the leaves that it was made of, and add them to `.grad`.

        Args:
            gradient: The gradient of something with respect to this tensor, of its shape; by default 1, for a tensor of
                one element.
            retain_graph: Keep what the graph holds for another backward pass; by default as `create_graph`.
            create_graph: Record the computation of the gradients, so that they have gradients in turn.
            inputs: The only tensors whose `.grad` is wanted.

        Raises:
            BadArgumentError: The tensor does not require grad, the gradient does not fit, or it is missing and the
                tensor has not one element.
            GradientError: The graph was used up by an earlier backward pass, or a value that a gradient needs was
                changed in place.
        """
        from rt_torch.autograd import engine

        engine.backward(_tensor(self), gradient, retain_graph, create_graph, inputs)

    def register_hook(self, hook: Callable[[Tensor], Tensor | None]) -> Handle:
        """Have `hook` called with the gradient each time that one arrives; what it returns, if anything, replaces it.

        Returns:
            A handle, whose remove() takes the hook away.

        Raises:
            BadArgumentError: The tensor does not require grad.
        """
        from rt_torch.autograd.hooks import Handle

        if not self.requires_grad:
            raise BadArgumentError("register_hook: this tensor does not require grad, so no gradient arrives at it")
        if not callable(hook):
            raise ArgumentTypeError(f"register_hook: argument `hook`: a function is expected; given {shown(hook)}")
        return Handle(_made_arrival(self).hooks, hook)

    def retain_grad(self) -> None:
        """Keep the gradient that arrives at this tensor as `.grad`, as leaves do.

        Raises:
            BadArgumentError: The tensor does not require grad.
        """
        if not self.requires_grad:
            raise BadArgumentError("retain_grad: this tensor does not require grad, so no gradient arrives at it")
        _made_arrival(self).keeps = True


def _tensor(tensor: Any) -> Tensor:
    """The same, as the type checker is to see it."""
    return tensor  # type: ignore[no-any-return]  # the only class with this mixin


def _noded(tensor: Differentiable) -> Edge:
    from rt_torch.autograd.graph import Leaf

    if not hasattr(tensor, "_node"):
        _tensor(tensor)._node = Leaf()
    return tensor._node


def _arrival(tensor: Differentiable) -> Arrival | None:
    node = getattr(tensor, "_node", None)
    return None if node is None else node.arrival


def _made_arrival(tensor: Differentiable) -> Arrival:
    return _noded(tensor).made_arrival()


def _check_is_leaf(tensor: Differentiable) -> None:
    if not tensor.is_leaf:
        raise BadArgumentError(
            f"requires_grad: this tensor is the result of {tensor.grad_fn}, and so requires grad: x.detach() gives one "
            "that does not"
        )


# What must not happen behind the back of gradients.


def check_gradient(where: str, gradient: Any, tensor: Tensor) -> None:
    """A gradient of a tensor is a tensor of its shape and dtype, on its device."""
    from rt_torch._tensor import Tensor

    wanted = layout(tensor)
    if not isinstance(gradient, Tensor):
        raise ArgumentTypeError(f"{where}: a tensor is expected; given {shown(gradient)}")
    if gradient.shape != wanted.shape:
        raise BadArgumentError(
            f"{where}: the gradient of a tensor of shape {shape_text(wanted.shape)} has that shape; given one of shape "
            f"{shape_text(gradient.shape)}"
        )
    if gradient.dtype != wanted.dtype:
        raise BadArgumentError(
            f"{where}: the gradient of a tensor of dtype {wanted.dtype} has that dtype; given one of dtype {gradient.dtype}"
        )
    if gradient.device != tensor.device:
        raise BadArgumentError(
            f"{where}: the gradient of a tensor on {tensor.device} is there, too; given one on {gradient.device}"
        )


def check_elements(target: Differentiable, elements: Any) -> None:
    """What a tensor is given other elements by is a tensor of its shape, and its gradient remains one of its dtype, on its
    device.
    """
    from rt_torch._tensor import Tensor

    if not isinstance(elements, Tensor):
        raise ArgumentTypeError(f"data: a tensor is expected; given {shown(elements)}")
    if not target.is_leaf:
        raise BadArgumentError(
            f"data: this tensor is the result of {target.grad_fn}, and only leaves can be given other elements"
        )
    here, given = layout(_tensor(target)), layout(elements)
    if given.shape != here.shape:
        raise BadArgumentError(
            f"data: the shape is {shape_text(here.shape)}, and stays so; given elements of shape {shape_text(given.shape)}"
        )
    if target.grad is not None and target.grad.device != elements.device:
        raise BadArgumentError(
            f"data: there is a gradient on {target.grad.device}; given elements on {elements.device}: set `grad` to None first"
        )
    if given.dtype == here.dtype:
        return
    if target.grad is not None:
        raise BadArgumentError(
            f"data: there is a gradient of dtype {here.dtype}; given elements of dtype {given.dtype}: set `grad` to None first"
        )
    if target.requires_grad and not is_floating(given.dtype):
        raise BadArgumentError(
            f"data: only floating-point tensors have gradients; given elements of dtype {given.dtype}"
        )


def check_no_gradient(where: str, tensor: Differentiable, kind: type[Exception] = BadArgumentError) -> None:
    """Memory of a tensor that requires grad is not given away: what is computed there has no gradient."""
    if tensor._layout.plain is not None:
        raise kind(f"{where}: this tensor requires grad, and outside nothing is recorded: use x.detach() for it")


def check_assignment(target: Differentiable, value: Any) -> None:
    """Setting elements is not recorded."""
    if not (target.requires_grad or (isinstance(value, Differentiable) and value.requires_grad)):
        return
    from rt_torch.autograd.mode import is_grad_enabled

    if not is_grad_enabled():
        return
    if not target.requires_grad:
        raise BadArgumentError(
            "x[...] = v: v requires grad, and setting elements is not recorded: set v.detach(), or compute x another "
            "way, with rt.where for example"
        )
    what = "is a leaf that requires grad" if target.is_leaf else f"is the result of {target.grad_fn}"
    raise BadArgumentError(
        f"x[...] = v: x {what}, and setting elements is not recorded: do it under rt.no_grad(), or on x.clone().detach()"
    )


def _steps(target: Differentiable, sign: str) -> bool:
    """Whether x += y, or the like, is to change `x` itself."""
    if target._layout.plain is None or not target.is_leaf:
        return False
    from rt_torch.autograd.mode import is_grad_enabled

    if is_grad_enabled():
        raise BadArgumentError(
            f"x {sign}= y: x is a leaf that requires grad, and changing it is not recorded: do it under rt.no_grad(), or "
            f"write x = x {sign} y for another tensor"
        )
    return True


def _set(target: Differentiable, elements: Tensor) -> Tensor:
    _tensor(target)[...] = elements
    return _tensor(target)


def check_copyable(tensor: Differentiable) -> None:
    """What copy.deepcopy gives has all that belongs to the tensor; of a result, that would be its whole graph."""
    if not tensor.is_leaf:
        raise BadArgumentError(
            f"deepcopy: this tensor is the result of {tensor.grad_fn}, and only leaves are copied with what belongs to "
            "them: use x.detach()"
        )
