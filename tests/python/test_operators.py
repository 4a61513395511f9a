"""The operators of the public API, over a class of the least that they need: where each call goes, and what it gives."""

from __future__ import annotations

import importlib.util
import inspect
import operator
from array import array
from collections.abc import Iterator
from itertools import repeat, starmap
from operator import length_hint
from types import ModuleType
from typing import Any

import pytest

from rt_torch_bindings import arguments
from rt_torch_bindings.raw import NAMES

OPERATIONS = {
    *("abs", "add", "amax", "amin", "argmax", "argmin", "clamp", "clone", "contiguous", "cos", "detach", "div"),
    *("elu", "eq", "erf", "exp", "expand", "flatten", "gather", "ge", "gelu", "gt", "index_add"),
    *("index_select", "le", "leaky_relu", "log", "log_softmax", "lt", "matmul", "max", "maximum", "mean"),
    *("min", "minimum", "mul", "ne", "neg", "pow", "relu", "reshape", "scatter_add", "sigmoid", "sign", "sin"),
    *("softmax", "sqrt", "squeeze", "sub", "sum", "sum_to", "t", "tanh", "transpose", "unsqueeze", "where"),
}

BINARY = {"add": operator.add, "sub": operator.sub, "mul": operator.mul, "div": operator.truediv}
COMPARING = {
    "eq": operator.eq,
    "ne": operator.ne,
    "gt": operator.gt,
    "lt": operator.lt,
    "ge": operator.ge,
    "le": operator.le,
}


class Layout:
    """What the fast ways look at."""

    def __init__(self, shape: tuple[int, ...], size: int) -> None:
        self.shape, self.pure_size, self.native_size = shape, size, size


SQUARE = Layout((2, 2), 4)


class Space:
    """A fresh copy of the module with a class of its own, and what was dispatched."""

    def __init__(self) -> None:
        self.module = fresh("rt_torch_bindings.operators")
        self.calls: list[tuple[Any, ...]] = []
        module, never = self.module, self.module.NEVER

        class Tensor(module.Operators):
            __slots__ = ("_cell", "_handle", "_layout")

        self.Tensor = Tensor
        self.taken = [repeat((Tensor,), never), repeat((Tensor,), never)]
        module.choose(self.dispatch, Tensor, *(starmap(object.__new__, source) for source in self.taken))

    def dispatch(self, *call: Any) -> str:
        self.calls.append(call)
        return "dispatched"

    def counts(self) -> tuple[int, int]:
        """Operations of the native and of the pure tier."""
        native, pure = (self.module.NEVER - length_hint(source) for source in self.taken)
        return native, pure

    def tensor(self, values: list[float] | memoryview | None = None, handle: int = 0, layout: Layout = SQUARE) -> Any:
        made = self.Tensor()
        made._handle, made._layout = handle, layout
        if values is not None:
            made._cell = [values]
        return made

    def last(self) -> tuple[Any, ...]:
        (call,) = self.calls
        self.calls.clear()
        return call


def fresh(name: str) -> ModuleType:
    spec = importlib.util.find_spec(name)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def space() -> Space:
    return Space()


@pytest.fixture
def native(space: Space, f: Any) -> Iterator[Any]:
    """Makes tensors of a 2 by 2 matrix by each loader, with every function taken at once."""
    space.module.use(f.opened())
    space.module.set_limits(dict.fromkeys(space.module.LIMITED, (0, 0, 0)))
    made: list[Any] = []

    def make(values: list[float]) -> Any:
        made.append(space.tensor(handle=f.from_data_f64(values, [2, 2])))
        return made[-1]

    yield make
    for tensor in made:
        f.free(tensor._handle)


def taken_out(f: Any, result: Any) -> list[float]:
    data: list[float] = f.to_data_f64(result._handle)
    f.free(result._handle)
    return data


def test_what_there_is(space: Space) -> None:
    assert set(space.module.__all__) >= OPERATIONS
    for name in space.module.__all__:
        assert inspect.getdoc(getattr(space.module, name))
        takes = space.module.FUNCTIONS.get(name)
        if takes is None or not takes.lists:  # for which there is no method
            assert inspect.getdoc(getattr(space.module.Operators, name))


def test_the_table_agrees_with_the_bindings(space: Space) -> None:
    for name, entry in space.module.FUNCTIONS.items():
        assert entry.name == name
        assert NAMES[name] == entry.symbol
        kinds = [param.split(": ") for param in arguments.SIGNATURES[entry.symbol].split(", ")]
        assert entry.params == tuple(param for param, _ in kinds)
        assert entry.tensors == tuple(i for i, (_, kind) in enumerate(kinds) if kind.rstrip("?") == "tensor")
        assert set(entry.numbers) <= set(entry.tensors)
    assert space.module.FUNCTIONS["where"].numbers == (1, 2)
    assert space.module.FUNCTIONS["sum"].result == "f64"
    assert space.module.FUNCTIONS["transpose"].ownership == "view"


@pytest.mark.parametrize("name", sorted(BINARY | COMPARING))
def test_binary_operators_dispatch(space: Space, name: str) -> None:
    symbol = (BINARY | COMPARING)[name]
    x, y = space.tensor(), space.tensor(layout=Layout((2,), 2))
    for call in (lambda: symbol(x, y), lambda: getattr(x, name)(y), lambda: getattr(space.module, name)(x, y)):
        assert call() == "dispatched"
        assert space.last() == (name, x, y)
    symbol(x, 2.5)
    assert space.last() == (name, x, 2.5)


@pytest.mark.parametrize("name", sorted(BINARY))
def test_a_number_on_the_left(space: Space, name: str) -> None:
    x = space.tensor()
    BINARY[name](3, x)
    assert space.last() == (name, 3, x)


def test_comparing_turns_round_for_a_number_on_the_left(space: Space) -> None:
    x = space.tensor()
    2 < x  # noqa: B015, SIM300  # it is what is tested
    assert space.last() == ("gt", x, 2)


def test_what_is_no_operand(space: Space) -> None:
    x = space.tensor()
    for call in (lambda: x + "1", lambda: [1] * x, lambda: x @ 2, lambda: x ** "2", lambda: [2] ** x, lambda: x < None):
        with pytest.raises(TypeError):
            call()
    assert (x == None) is False  # noqa: E711  # == is what is tested
    assert (x != "1") is True
    assert space.calls == []


def test_a_tensor_is_a_key(space: Space) -> None:
    x, y = space.tensor(), space.tensor()
    assert {x: 1, y: 2}[x] == 1


def test_the_other_methods(space: Space) -> None:
    x, y, module = space.tensor(), space.tensor(), space.module
    calls = [
        (lambda: x @ y, ("matmul", x, y)),
        (lambda: module.matmul(x, y), ("matmul", x, y)),
        (lambda: x**2, ("pow", x, 2)),
        (lambda: -x, ("neg", x)),
        (lambda: abs(x), ("abs", x)),
        (lambda: x.softmax(-1), ("softmax", x, -1)),
        (lambda: module.softmax(x, dim=0), ("softmax", x, 0)),
        (lambda: x.sum(), ("sum_tensor", x)),
        (lambda: x.sum(0), ("sum_dim", x, 0, False)),
        (lambda: module.mean(x, dim=1, keepdim=True), ("mean_dim", x, 1, True)),
        (lambda: x.sum(keepdim=True), ("sum_dim", x, None, True)),
        (lambda: x.max(), ("max_tensor", x)),
        (lambda: module.where(x, 1.0, y), ("where", x, 1.0, y)),
        (lambda: x.where(y, 0), ("where", y, x, 0)),
        (lambda: x.reshape(4, -1), ("reshape", x, (4, -1))),
        (lambda: x.reshape([4]), ("reshape", x, [4])),
        (lambda: x.reshape(4), ("reshape", x, (4,))),
        (lambda: x.reshape(()), ("reshape", x, ())),
        (lambda: module.reshape(x, (2, 2)), ("reshape", x, (2, 2))),
        (lambda: x.squeeze(), ("squeeze", x, None)),
        (lambda: x.t(), ("transpose_2d", x)),
        (lambda: x.T, ("transpose_2d", x)),
        (lambda: module.relu("no tensor"), ("relu", "no tensor")),
    ]
    for call, expected in calls:
        assert call() == "dispatched"
        assert space.last() == expected


def test_small_lists_are_added_at_once(space: Space) -> None:
    x, y = space.tensor([1.0, 2.0, 3.0, 4.0]), space.tensor([10.0, 20.0, 30.0, 40.0])
    space.module.set_limits({"add": (0, 5, 5), "neg": (0, 5, 5)})
    result = x + y
    assert (result._cell, result._layout, result._handle) == ([[11.0, 22.0, 33.0, 44.0]], SQUARE, 0)
    assert (-x)._cell == [[-1.0, -2.0, -3.0, -4.0]]
    assert space.module.add(x, y)._cell == x.add(y)._cell == result._cell
    assert space.counts() == (0, 4)
    assert space.calls == []


def test_lists_are_told_apart_from_memory_where_it_matters(space: Space) -> None:
    space.module.set_limits({"add": (0, 3, 5), "neg": (0, 3, 5)})
    x, memory = space.tensor([1.0] * 4), space.tensor(memoryview(array("d", [1.0] * 4)))
    assert (x + x)._cell == [[2.0] * 4]
    assert (-x)._cell == [[-1.0] * 4]
    assert x + memory == memory + x == memory + memory == -memory == "dispatched"
    space.module.set_limits({"add": (0, 5, 5), "neg": (0, 5, 5)})
    assert (x + memory)._cell == (memory + memory)._cell == [[2.0] * 4]
    assert (-memory)._cell == [[-1.0] * 4]


def test_what_is_not_usual_is_dispatched(space: Space) -> None:
    x, y = space.tensor([1.0] * 4), space.tensor([1.0] * 4)
    space.module.set_limits({"add": (0, 4, 4)})
    assert x + y == "dispatched"  # too many elements
    space.module.set_limits({"add": (0, 5, 5)})
    for other in (2.0, space.tensor([1.0] * 4, layout=Layout((4,), 4)), space.tensor(handle=7)):
        assert x + other == "dispatched"
    assert space.tensor(handle=7) + space.tensor(handle=8) == "dispatched"  # no library is open
    space.module.set_limits({})
    assert x + y == "dispatched"
    assert space.counts() == (0, 0)


def test_a_subclass_is_dispatched(space: Space) -> None:
    class Parameter(space.Tensor):
        pass

    x, y = space.tensor([1.0] * 4), Parameter()
    y._handle, y._layout, y._cell = 0, SQUARE, [[1.0] * 4]
    space.module.set_limits({"add": (0, 5, 5)})
    assert x + y == "dispatched"


def test_the_c_function_is_called_at_once(space: Space, native: Any, f: Any) -> None:
    x, y = native([1.0, -2.0, 3.0, -4.0]), native([2.0, 2.0, 2.0, 2.0])
    assert taken_out(f, x + y) == [3.0, 0.0, 5.0, -2.0]
    assert taken_out(f, x / y) == [0.5, -1.0, 1.5, -2.0]
    assert taken_out(f, x.relu()) == [1.0, 0.0, 3.0, 0.0]
    assert taken_out(f, space.module.neg(x)) == [-1.0, 2.0, -3.0, 4.0]
    assert taken_out(f, x**2) == [1.0, 4.0, 9.0, 16.0]
    assert taken_out(f, y.softmax(1)) == [0.5, 0.5, 0.5, 0.5]
    assert space.counts() == (6, 0)
    assert space.calls == []


def test_what_the_c_function_refuses_is_dispatched(space: Space, native: Any) -> None:
    x = native([1.0, -2.0, 3.0, -4.0])
    for dim in (2, 1.5, "1", None, 2**70):
        assert x.softmax(dim) == "dispatched"
        assert space.last() == ("softmax", x, dim)
    assert x.pow(10**400) == "dispatched"
    assert x.pow(x) == "dispatched"
    assert x + space.tensor([1.0] * 4) == "dispatched"
    assert space.counts() == (0, 0)


def test_nothing_is_needed_to_import(space: Space) -> None:
    module = fresh("rt_torch_bindings.operators")
    with pytest.raises(RuntimeError, match=r"relu: nothing to run it with: call choose\(\)"):
        module.relu(1)
