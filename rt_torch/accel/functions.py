"""Which functions the policy knows, in which group each is, and how many tensors it takes."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from rt_torch.accel import change

__all__ = ["GROUPS", "Function", "declare", "declared", "group_of", "known", "line_of", "operands_of"]

# Beside the groups' names these are the names that thresholds and profiles go by.
GROUPS = ("matmul", "elementwise", "reductions", "activations", "views", "creation")

_MEMBERS = {
    "matmul": ("matmul", "linear", "conv2d", "conv2d_input", "conv2d_weight"),
    "elementwise": (
        *("add", "sub", "mul", "div", "neg", "add_scalar", "mul_scalar", "div_scalar", "add_scaled"),
        *("exp", "log", "sqrt", "pow", "abs", "eq", "ne", "gt", "lt", "ge", "le", "where"),
        *("maximum", "minimum", "sign", "clamp", "sin", "cos", "erf", "pow_tensor"),
        *("index_select", "index_add", "gather", "scatter_add", "cat", "stack"),
        *("clone", "contiguous", "to_dtype", "to_device", "embedding", "embedding_backward", "adam"),
    ),
    "reductions": (
        *("sum", "mean", "max", "min", "sum_tensor", "mean_tensor", "max_tensor", "min_tensor"),
        *("sum_dim", "mean_dim", "sum_to"),
        *("amax", "amin", "argmax", "argmin"),
        *("max_pool2d", "max_pool2d_backward", "max_pool2d_pick", "avg_pool2d", "avg_pool2d_backward"),
        "batch_statistics",
    ),
    "activations": (
        *("relu", "leaky_relu", "elu", "gelu", "sigmoid", "tanh", "softmax", "log_softmax", "layer_norm"),
        *("batch_norm", "batch_norm_backward", "binary_cross_entropy", "cross_entropy", "cross_entropy_backward"),
        *("batch_norm_measured", "batch_norm_measured_backward", "relu_backward"),
    ),
    "views": ("transpose", "transpose_2d", "reshape", "flatten", "squeeze", "unsqueeze", "expand", "narrow", "detach"),
    "creation": ("zeros", "ones", "full", "arange", "randn", "randn_at", "rand", "rand_at"),
}
_OF_TWO = (  # beside what may be absent
    *("add", "sub", "mul", "div", "eq", "ne", "gt", "lt", "ge", "le", "maximum", "minimum", "pow_tensor", "matmul"),
    *("index_select", "gather", "embedding", "embedding_backward", "max_pool2d_backward", "max_pool2d_pick"),
    *("linear", "conv2d", "conv2d_input", "conv2d_weight", "batch_norm_backward", "binary_cross_entropy", "add_scaled"),
    *("cross_entropy", "relu_backward", "batch_norm_measured"),
)
_OF_THREE = ("where", "index_add", "scatter_add", "cross_entropy_backward", "batch_norm_measured_backward")
_TENSORS = dict.fromkeys(_OF_TWO, 2) | dict.fromkeys(_OF_THREE, 3) | {"adam": 4}

# A sum along a dimension makes a line for each number of its result, and so does a matrix product.
_LINES = {"sum_dim": 45, "mean_dim": 45, "softmax": 9, "log_softmax": 10, "matmul": 8}

_GROUP_OPERANDS = {"matmul": 2, "elementwise": 2, "creation": 0}  # of a typical member


class Function(NamedTuple):
    group: str
    operands: int  # tensors that it takes
    line: int = 0  # elements that take Python as long as beginning one more line does


def _declared() -> dict[str, Function]:
    return {
        name: Function(group, _TENSORS.get(name, 0 if group == "creation" else 1), _LINES.get(name, 0))
        for group, members in _MEMBERS.items()
        for name in members
    }


_functions = _declared()  # replaced, never changed
_declaring = threading.Lock()


def declare(name: str, group: str, operands: int = 1, line: int = 0) -> None:
    """Make the policy know one more function: its group, how many tensors it takes, and what a line is worth.

    Errors: ValueError for an unknown group.
    """
    global _functions
    if group not in GROUPS:
        raise ValueError(f"unknown group {group!r} for {name}{_meant(group, GROUPS)}; the groups are {_listed(GROUPS)}")
    with _declaring:
        _functions = {**_functions, name: Function(group, operands, line)}
    change.announce()


def declared() -> Mapping[str, Function]:
    """Every function that is known; not to be changed."""
    return _functions


def group_of(name: str) -> str:
    """The function's group, or the group itself; a function that nobody declared counts as element-wise."""
    function = _functions.get(name)
    if function is not None:
        return function.group
    return name if name in GROUPS else "elementwise"


def operands_of(name: str) -> int:
    """How many tensors the function takes: 2 for `add`."""
    function = _functions.get(name)
    return function.operands if function is not None else _GROUP_OPERANDS.get(name, 1)


def line_of(name: str) -> int:
    """How many elements take Python as long as beginning one more line does; 0 where there are no lines."""
    function = _functions.get(name)
    return function.line if function is not None else 0


def known(name: str) -> str:
    """`name` when it is a function or a group that the policy knows.

    Errors: TypeError when it is no text, ValueError when it is not known.
    """
    if not isinstance(name, str):
        raise TypeError(f"a function or a group is named by a str; given {name!r} ({type(name).__name__})")
    if name not in _functions and name not in GROUPS:
        hint = _meant(name, (*_functions, *GROUPS))
        raise ValueError(f"unknown function or group {name!r}{hint}; the groups are {_listed(GROUPS)}")
    return name


def _meant(given: str, among: Iterable[str]) -> str:
    import difflib

    close = difflib.get_close_matches(given, list(among), 1)
    return f", did you mean {close[0]!r}?" if close else ""


def _listed(words: Iterable[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} and {last}"
