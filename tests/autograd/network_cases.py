"""The layers of networks, as `cases` has the other functions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from tests.autograd.cases import ANY, KINKED, WITHOUT, Case, Numbers, case, operands
from tests.network_arguments import ARGUMENTS, TORCH
from tests.tensor.test_parity import Operand


@st.composite
def arguments(draw: Any, name: str, numbers: Numbers, *, unique: bool = False) -> list[Any]:
    def make(shape: tuple[int, ...]) -> Operand:
        operand: Operand = draw(operands(shape, numbers, unique=unique))
        return operand

    def named(shape: tuple[int, ...], rows: int) -> Operand:
        operand: Operand = draw(operands(shape, st.integers(0, max(rows - 1, 0))))
        return operand._replace(dtype="i64")

    return ARGUMENTS[name](draw, make, named)


def of_torch(name: str) -> Callable[..., Any]:
    """With the inputs in the graph also where torch leaves them out, as there is nothing in the batch."""

    def called(torch: Any, *given: Any) -> Any:
        tensors = [value for value in given if isinstance(value, torch.Tensor) and value.is_floating_point()]
        return TORCH[name](torch, *given) + 0 * sum(tensor.sum() for tensor in tensors)

    return called


def layer(name: str) -> Case:
    if name.startswith("max_pool2d"):
        return case(arguments(name, KINKED), of_torch(name), arguments(name, ANY, unique=True))
    return case(arguments(name, ANY), of_torch(name))


NETWORKS = {name: layer(name) for name in ARGUMENTS if name not in WITHOUT}
