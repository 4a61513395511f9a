"""Going backward through the graph: from results to what they were made of, each node once."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from heapq import heappop, heappush
from typing import Any

from rt_torch import _transfer
from rt_torch._dispatch import dispatch
from rt_torch._gradients import check_gradient
from rt_torch._tensor import Tensor, of_handle, of_pure
from rt_torch.accel import AccelMode, count_native, get_current_mode, is_ffi_available
from rt_torch.autograd import mode
from rt_torch.autograd.graph import Edge, Node
from rt_torch.autograd.hooks import passed
from rt_torch.autograd.record import Call
from rt_torch.errors import ArgumentTypeError, BadArgumentError
from rt_torch.pure.layout import Layout, shape_text
from rt_torch.pure.tensor import copied
from rt_torch_bindings.arguments import shown

__all__ = ["backward", "grad"]

_accumulating = threading.RLock()  # several passes may end in one leaf at the same time


def backward(
    tensor: Tensor,
    gradient: Tensor | None,
    retain_graph: bool | None,
    create_graph: bool,
    inputs: Tensor | Sequence[Tensor] | None,
) -> None:
    """As Tensor.backward."""
    root = _root("backward", "this tensor", "gradient", tensor, gradient)
    targets = None if inputs is None else _edges("backward: inputs", _listed("backward", "inputs", inputs))
    run = _Pass(targets, create_graph if retain_graph is None else retain_graph)
    before = mode.current.get()
    try:
        mode.current.set(mode.said(create_graph))
        run.go([root])
        run.accumulate()
    finally:
        mode.current.set(before)


def grad(
    outputs: Tensor | Sequence[Tensor],
    inputs: Tensor | Sequence[Tensor],
    grad_outputs: Tensor | Sequence[Tensor | None] | None = None,
    *,
    retain_graph: bool | None = None,
    create_graph: bool = False,
    allow_unused: bool = False,
) -> tuple[Tensor | None, ...]:
    """The gradients of `outputs`, added up, with respect to `inputs`; nobody's `.grad` changes.

    Args:
        outputs: What is differentiated.
        inputs: With respect to what; they require grad, and need not be leaves.
        grad_outputs: The gradient of something with respect to each output, of its shape; by default 1 for outputs of
            one element.
        retain_graph: Keep what the graph holds for another backward pass; by default as `create_graph`.
        create_graph: Record the computation of the gradients, so that they have gradients in turn.
        allow_unused: Give None for an input that the outputs do not depend on, instead of raising.

    Returns:
        One gradient per input.

    Raises:
        BadArgumentError: An output or input does not require grad, a gradient does not fit or is missing, or an input
            was not used.
        GradientError: The graph was used up by an earlier backward pass, or a value that a gradient needs was changed
            in place.
    """
    results, sources = _listed("rt.grad", "outputs", outputs), _listed("rt.grad", "inputs", inputs)
    targets = _edges("rt.grad: inputs", sources)
    given = [None] * len(results) if grad_outputs is None else _listed("rt.grad", "grad_outputs", grad_outputs)
    if len(given) != len(results):
        raise BadArgumentError(f"rt.grad: {len(results)} outputs and {len(given)} grad_outputs were given")
    roots = [
        _root("rt.grad", f"outputs[{i}]", f"grad_outputs[{i}]", x, gradient)
        for i, (x, gradient) in enumerate(zip(results, given, strict=True))
    ]
    run = _Pass(targets, create_graph if retain_graph is None else retain_graph)
    before = mode.current.get()
    try:
        mode.current.set(mode.said(create_graph))
        run.go(roots)
    finally:
        mode.current.set(before)
    found = tuple([run.arrived.get(edge) for edge in targets])
    unused = [place for place, gradient in enumerate(found) if gradient is None]
    if unused and not allow_unused:
        place = unused[0]
        raise BadArgumentError(
            f"rt.grad: inputs[{place}], a tensor of shape {shape_text(sources[place].shape)}: the outputs do not depend "
            "on it; allow_unused=True gives None instead"
        )
    return found


class _Pass:
    """One way back through the graph."""

    def __init__(self, targets: Iterable[Edge] | None, retain_graph: bool) -> None:
        """The gradients of the targets are to be found; None for all that are kept."""
        self.arrived: dict[Edge, Tensor] = {}  # those gradients
        self._targets = None if targets is None else frozenset(targets)
        self._retain_graph = retain_graph
        self._wanted: set[Edge] | None = None  # the targets and what leads to them; None for all
        self._pending: dict[Edge, Tensor] = {}  # what has come together so far
        self._borrowed: set[Edge] = set()  # those of them that somebody outside may have, or whose memory
        self._ready: list[tuple[int, Node]] = []  # a heap: the pending nodes, the highest number first

    def go(self, roots: Sequence[tuple[Edge, Tensor]]) -> None:
        if self._targets is not None:
            self._wanted = _leading_to(self._targets, [edge for edge, _ in roots])
        for edge, gradient in roots:
            if self._wanted is None or edge in self._wanted:
                self._send(edge, gradient, borrowed=True)
        while self._ready:
            self._visit(heappop(self._ready)[1])
        for edge, gradient in self._pending.items():
            self._arrive(edge, gradient)

    def _send(self, edge: Edge, gradient: Tensor, *, borrowed: bool) -> None:
        known = self._pending.get(edge)
        if known is not None:
            self._pending[edge] = known + gradient
            self._borrowed.discard(edge)
            return
        self._pending[edge] = gradient
        if borrowed:
            self._borrowed.add(edge)
        if isinstance(edge, Node):
            heappush(self._ready, (-edge.number, edge))

    def _visit(self, node: Node) -> None:
        gradient = self._pending.pop(node)
        if node.arrival is not None or self._targets is not None:
            gradient = self._arrive(node, gradient)
        if self._wanted is None or not self._wanted.isdisjoint(node.edges):
            outside, foreign = node in self._borrowed, not isinstance(node, Call)
            for edge, part in node.gradients(gradient, self._wanted):
                self._send(edge, part, borrowed=foreign or (outside and _shares(part, gradient)))
            if not self._retain_graph:
                node.release()

    def _arrive(self, edge: Edge, gradient: Tensor) -> Tensor:
        """All that comes has come together at an edge."""
        arrival = edge.arrival
        if arrival is not None and arrival.hooks:
            gradient = passed(arrival, gradient)
            self._borrowed.add(edge)
        if (arrival is not None and arrival.keeps) if self._targets is None else edge in self._targets:
            self.arrived[edge] = gradient
        return gradient

    def accumulate(self) -> None:
        """Add what arrived to what is there."""
        held: set[int] = set()  # by a `.grad`, or by somebody outside
        for edge, gradient in self.arrived.items():
            arrival, holder = edge.made_arrival(), _holder(gradient)
            alone = edge not in self._borrowed and holder not in held and _is_whole(gradient)
            held.add(holder)
            with _accumulating:
                if arrival.grad is not None:
                    arrival.grad = arrival.grad + gradient
                else:
                    arrival.grad = gradient if alone or gradient.requires_grad else _copied(gradient)


# A `.grad` can be written to, so its memory is nobody else's.


def _shares(part: Tensor, gradient: Tensor) -> bool:
    """Whether what a formula gave may be on the memory of the gradient that it was given."""
    return part is gradient or _holder(part) == _holder(gradient)


def _holder(tensor: Tensor) -> int:
    """What tensors on the same memory of Python have in common."""
    return id(tensor._cell) if _transfer.has_cell(tensor) else id(tensor)


def _is_whole(tensor: Tensor) -> bool:
    """Whether nothing else is on the memory, as far as that can be told without looking for other tensors."""
    if not tensor._handle:
        return tensor._layout.whole
    return not hasattr(tensor, "_memory") and not _transfer.has_cell(tensor)


def _copied(tensor: Tensor) -> Tensor:
    return tensor.clone() if tensor._handle else of_pure(copied(_transfer.to_pure(tensor)))


def _leading_to(targets: frozenset[Edge], roots: Iterable[Edge]) -> set[Edge]:
    """The edges on the ways from the roots to the targets, both included."""
    seen: set[Edge] = set(roots)
    todo = [*seen]
    while todo:
        edge = todo.pop()
        if isinstance(edge, Node):
            new = {to for to in edge.edges if to is not None} - seen
            seen |= new
            todo += new
    wanted = set(seen & targets)
    for node in sorted((edge for edge in seen if isinstance(edge, Node)), key=lambda node: node.number):
        if not wanted.isdisjoint(node.edges):
            wanted.add(node)
    return wanted


# What is given.


def _listed(who: str, name: str, tensors: Any) -> list[Any]:
    if isinstance(tensors, Tensor):
        return [tensors]
    if not isinstance(tensors, Iterable):
        raise ArgumentTypeError(f"{who}: argument `{name}`: a tensor or several are expected; given {shown(tensors)}")
    return [*tensors]


def _edges(where: str, tensors: list[Any]) -> list[Edge]:
    return [_edge(f"{where}[{place}]", tensor) for place, tensor in enumerate(tensors)]


def _edge(where: str, tensor: Any) -> Edge:
    if not isinstance(tensor, Tensor):
        raise ArgumentTypeError(f"{where}: a tensor is expected; given {shown(tensor)}")
    if not tensor.requires_grad:
        raise BadArgumentError(
            f"{where}: it does not require grad, so nothing was recorded from which a gradient could be computed"
        )
    return tensor._node


def _root(where: str, what: str, argument: str, tensor: Any, gradient: Tensor | None) -> tuple[Edge, Tensor]:
    """Where to begin, and with which gradient."""
    edge = _edge(f"{where}: {what}", tensor)
    layout = _transfer.layout(tensor)
    if gradient is not None:
        check_gradient(f"{where}: argument `{argument}`", gradient, tensor)
        return edge, gradient
    if layout.size != 1:
        raise BadArgumentError(
            f"{where}: {what} has the shape {shape_text(layout.shape)}: only for a tensor of one element is its gradient "
            f"1 by default; pass `{argument}`, a tensor of that shape"
        )
    return edge, _one(tensor, layout)


def _one(tensor: Tensor, layout: Layout) -> Tensor:
    """The gradient of a tensor of one element with respect to itself, where that is."""
    native = tensor._handle and not _transfer.cuda and is_ffi_available() and get_current_mode() is not AccelMode.PURE
    if native and not layout.shape and (handle := _transfer.native_number(1.0, layout.dtype)):
        count_native()
        return of_handle(handle)
    made: Tensor = dispatch("ones", layout.shape, layout.dtype, tensor.device)
    return made
