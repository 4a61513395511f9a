"""Recording calls of the specs' functions: the dispatcher tells of each that a tensor which requires grad goes into."""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from typing import Any

from rt_torch import _dispatch, _transfer
from rt_torch._lending import Memory
from rt_torch._tensor import Tensor, alias, of_handle
from rt_torch.autograd.broadcasting import undone
from rt_torch.autograd.graph import Edge, Leaf, Node, described, numbers
from rt_torch.autograd.mode import current, is_grad_enabled
from rt_torch.errors import GradientError
from rt_torch.pure.dtype import is_floating
from rt_torch.pure.layout import watched
from rt_torch.pure.storage import last_write
from rt_torch_bindings import functions
from rt_torch_bindings.gradients import GRADIENTS, Gradient
from rt_torch_bindings.operators import FUNCTIONS, Operator

__all__ = ["Call", "changed", "let_go", "marked", "record"]


class Rule:
    """A function's derivative, as recording and going backward need it."""

    __slots__ = ("converts", "described", "formulas", "inputs", "keeps", "makes", "params", "saved", "saves_result")

    formulas: Sequence[Callable[..., Any]]  # one per place of `inputs`: formula(gradient, result, *arguments)
    inputs: tuple[int, ...]  # places, among the arguments, of the tensors that have a formula
    saved: tuple[int, ...]  # places of the tensors whose elements some formula needs
    saves_result: bool  # whether some formula needs the result's elements
    keeps: bool  # whether anything is kept that is to be let go of
    described: tuple[int, ...]  # places of the tensors whose elements are not needed
    makes: bool  # whether the result has memory of its own
    converts: bool  # whether the result's dtype is an argument, and may be none that has gradients
    params: tuple[str, ...]

    def __init__(self, operator: Operator, gradient: Gradient) -> None:
        self.inputs, self.saved, self.saves_result, self.formulas = gradient
        self.keeps = bool(self.saved) or self.saves_result
        tensors = {*operator.tensors, *gradient.inputs}
        self.described = tuple(place for place in sorted(tensors) if place not in gradient.saved)
        self.makes = operator.ownership == "new"
        self.converts = "dtype" in operator.params
        self.params = operator.params


_rules: dict[str, Rule | None] = {}  # of the functions that were asked for; None of those without a derivative


def _rule(operator: Operator) -> Rule | None:
    gradient = GRADIENTS.get(operator.name)
    rule = _rules[operator.name] = None if gradient is None else Rule(FUNCTIONS[operator.name], gradient)
    return rule


def record(operator: Operator, arguments: tuple[Any, ...], result: Any) -> Any:
    """Give the result of a call its place in the graph, if it is to have one; returns the result."""
    state = current.get()
    if state is not None and not state.enabled:
        return result
    name = operator.name
    rule = _rules[name] if name in _rules else _rule(operator)
    if rule is None or (rule.converts and not is_floating(result.dtype)):
        return result
    edges: list[Edge | None] = []
    leaves = []  # places of those whose elements are needed
    wanted = False
    for place in rule.inputs:
        argument = arguments[place]
        if argument is None:
            edges.append(None)
        elif not isinstance(argument, Tensor):
            arguments = (*arguments[:place], [*argument], *arguments[place + 1 :])
            edges += [tensor._node if tensor.requires_grad else None for tensor in argument]
            wanted = any(edges)
        elif argument._layout.plain is not None:
            node = argument._node
            edges.append(node)
            wanted = True
            if type(node) is Leaf and place in rule.saved:
                leaves.append(place)
        else:
            edges.append(None)
    if not wanted:
        return result
    kept = [*arguments]
    for place in rule.described:
        kept[place] = described(kept[place])
    for place in leaves:  # which may be given other elements: an optimizer does so to parameters
        kept[place] = marked(alias(kept[place]), kept[place]._node)
    call = object.__new__(Call)  # which is quicker than through __init__, and each recorded call pays for it
    call.name = name
    call.number = next(numbers)
    call.edges = edges
    call.arrival = None
    call.rule = rule
    call.arguments = kept
    call.result = _kept(result, rule) if rule.saves_result else None
    call.written = last_write()
    result._node = call
    result._layout = watched(result._layout)
    return result


def _kept(result: Tensor, rule: Rule) -> Tensor:
    """Another tensor on the memory of a result that nobody has yet."""
    handle = result._handle
    if not handle or not rule.makes:
        return alias(result)
    result._memory = memory = Memory()  # what alias() finds out first
    made = of_handle(functions.retain(handle), memory)
    made._layout = result._layout
    return made


def marked(result: Tensor, node: Edge) -> Tensor:
    """A tensor that nobody has yet, as the result of a recorded call, or as another leaf of the same kind."""
    result._node = node
    result._layout = watched(result._layout)
    return result


class Call(Node):
    """A recorded call of a function of the specs."""

    __slots__ = ("arguments", "result", "rule", "written")

    arguments: list[Any] | None  # with a Described for each tensor whose elements are not needed; None when let go of
    result: Tensor | None  # not the one that was given out, which refers to this node
    rule: Rule
    written: int  # the number of the last write to any memory when this was recorded

    def gradients(self, gradient: Tensor, wanted: Container[Edge] | None) -> list[tuple[Edge, Tensor]]:
        arguments, rule = self.arguments, self.rule
        if arguments is None:
            raise let_go(self)
        if rule.keeps and self.written != last_write():
            self._check_unchanged(arguments)
        result = self._seen_result(gradient)
        found: list[tuple[Edge, Tensor]] = []
        edges = iter(self.edges)
        for formula, place in zip(rule.formulas, rule.inputs):  # noqa: B905  (as long as each other, and zip is quicker so)
            argument = arguments[place]
            if type(argument) is list:
                ways = [(next(edges), tensor) for tensor in argument]
                if any(_leads(edge, wanted) for edge, _ in ways):
                    parts = formula(gradient, result, *arguments)
                    found += [
                        (edge, undone(part, tensor))
                        for (edge, tensor), part in zip(ways, parts, strict=True)
                        if edge is not None and _leads(edge, wanted)
                    ]
                continue
            edge = next(edges)
            if edge is not None and (wanted is None or edge in wanted):
                found.append((edge, undone(formula(gradient, result, *arguments), argument)))
        return found

    def _seen_result(self, gradient: Tensor) -> Any:
        """The result for the formulas, which are recorded in turn where a graph of gradients is wanted."""
        if self.result is None:
            return described(gradient)
        return marked(alias(self.result), self) if is_grad_enabled() else self.result

    def _check_unchanged(self, arguments: list[Any]) -> None:
        values = [(f"argument `{self.rule.params[place]}`", arguments[place]) for place in self.rule.saved]
        if self.result is not None:
            values.append(("result", self.result))
        for what, value in values:
            for tensor in value if type(value) is list else (value,):
                if tensor is not None and _transfer.last_write(tensor) > self.written:
                    raise changed(self, what)

    def release(self) -> None:
        if self.rule.keeps:
            self.arguments = self.result = None


def _leads(edge: Edge | None, wanted: Container[Edge] | None) -> bool:
    return edge is not None and (wanted is None or edge in wanted)


def let_go(node: Node | None) -> GradientError:
    return GradientError(
        f"backward: what {node or 'the function'} had kept for its gradient was let go of by an earlier backward pass: to "
        "go through a graph more than once, pass retain_graph=True to all but the last"
    )


def changed(node: Node | None, what: str) -> GradientError:
    return GradientError(
        f"backward: the {what} of {node or 'the function'} was changed in place after the call, and its gradient needs "
        "the elements as they were: change a clone() instead, or do so after backward"
    )


_dispatch.record_with(record)
