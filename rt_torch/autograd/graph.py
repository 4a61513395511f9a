"""The graph that recorded calls make: a node for each call, whose edges lead to where its arguments came from."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Container, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from rt_torch import _transfer
from rt_torch.pure.layout import Layout

if TYPE_CHECKING:
    from rt_torch._tensor import Tensor

numbers = itertools.count(1)  # of the nodes

_MOST_DESCRIBED = 4096


class Arrival:
    """What somebody wants of the gradient that arrives at a tensor."""

    __slots__ = ("grad", "hooks", "keeps")

    grad: Tensor | None  # added up over the backward passes
    hooks: dict[int, Callable[[Tensor], Tensor | None]]  # by order of registration
    keeps: bool  # whether it is to stay as `grad`

    def __init__(self, *, keeps: bool) -> None:
        self.grad = None
        self.hooks = {}
        self.keeps = keeps


class Leaf:
    """Where gradients end: it goes with a tensor that no recorded call made, and does not keep that alive."""

    __slots__ = ("arrival",)

    def __init__(self) -> None:
        self.arrival = Arrival(keeps=True)

    def made_arrival(self) -> Arrival:
        return self.arrival


class Node:
    """A recorded call.

    Numbers grow, so a call's is higher than those of all that its arguments came from: going through the nodes by
    falling number, each is reached when all that its result went into is done.
    """

    __slots__ = ("arrival", "edges", "name", "number")

    arrival: Arrival | None
    edges: Sequence[Edge | None]  # where the gradients go to; None for what requires no grad
    name: str  # of the function
    number: int

    def __init__(self, name: str, edges: Sequence[Edge | None]) -> None:
        self.name = name
        self.edges = edges
        self.number = next(numbers)
        self.arrival = None

    def __repr__(self) -> str:
        return f"<{self.name}>"

    def made_arrival(self) -> Arrival:
        if self.arrival is None:
            self.arrival = Arrival(keeps=False)
        return self.arrival

    def gradients(self, gradient: Tensor, wanted: Container[Edge] | None) -> list[tuple[Edge, Tensor]]:
        """The gradients of the arguments, and where they go.

        Args:
            gradient: That of the result.
            wanted: The only edges to compute; None for all.

        Raises:
            GradientError: What is needed was let go of, or changed in place.
        """
        raise NotImplementedError

    def release(self) -> None:
        """Let go of what is kept for the gradients."""


Edge: TypeAlias = "Node | Leaf"


class Described:
    """What is kept of a tensor whose elements no derivative needs."""

    __slots__ = ("_layout", "device")

    def __init__(self, layout: Layout, device: str) -> None:
        self._layout = layout
        self.device = device

    @property
    def shape(self) -> tuple[int, ...]:
        """Sizes of the dimensions."""
        return self._layout.shape

    @property
    def dtype(self) -> str:
        """Element type."""
        return self._layout.dtype

    @property
    def ndim(self) -> int:
        """Number of dimensions."""
        return self._layout.ndim

    def numel(self) -> int:
        """Number of elements."""
        return self._layout.size


_described: dict[Layout, Described] = {}  # of tensors on the CPU


def described(value: Any) -> Any:
    """A tensor, or each of several, without its elements; None for one that is not given."""
    if value is None:
        return None
    if type(value) is list:
        return [*map(described, value)]
    layout = _transfer.layout(value)
    if _transfer.cuda:
        return Described(layout, value.device)
    return _described.get(layout) or _cached(layout)


def _cached(layout: Layout) -> Described:
    if len(_described) >= _MOST_DESCRIBED:
        _described.clear()
    made = _described[layout] = Described(layout, "cpu")
    return made
