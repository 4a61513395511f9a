"""The fifteen wrappers on plain data: right answers, and no handle left on any path."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from rt_torch.errors import ArgumentTypeError, BadArgumentError, Error, InvalidHandleError
from rt_torch_bindings import functions, torch_ffi
from rt_torch_bindings.torch_ffi import Plain

NAMES = {
    *("torch_available", "torch_version", "torch_cuda_available", "pure_to_torch", "torch_to_pure"),
    *("zeros_torch_ffi", "ones_torch_ffi", "randn_torch_ffi", "add_torch_ffi", "sub_torch_ffi", "mul_torch_ffi"),
    *("matmul_torch_ffi", "relu_torch_ffi", "sigmoid_torch_ffi", "tanh_torch_ffi"),
}

X = Plain([1.0, -2.0, 3.0, 4.0], [2, 2])
Y = Plain([10.0, 20.0], [2])


@pytest.fixture
def wrappers(f: Any) -> Iterator[Any]:
    """The wrappers over one loader."""
    before = functions._raw
    functions.use(f.opened())
    yield torch_ffi
    if before is not None:
        functions.use(before)


def test_there_are_fifteen() -> None:
    assert set(torch_ffi.__all__) - {"Plain"} == NAMES
    assert len(NAMES) == 15


def test_questions(wrappers: Any) -> None:
    assert wrappers.torch_available() is True
    assert wrappers.torch_version().count(".") == 2
    assert wrappers.torch_cuda_available() in (True, False)


def test_operations(wrappers: Any) -> None:
    assert wrappers.add_torch_ffi(X, Y) == ([11.0, 18.0, 13.0, 24.0], [2, 2])
    assert wrappers.sub_torch_ffi(X, Y) == ([-9.0, -22.0, -7.0, -16.0], [2, 2])
    assert wrappers.mul_torch_ffi(X, Y) == ([10.0, -40.0, 30.0, 80.0], [2, 2])
    assert wrappers.matmul_torch_ffi(X, Y) == ([-30.0, 110.0], [2])
    assert wrappers.relu_torch_ffi(X) == ([1.0, 0.0, 3.0, 4.0], [2, 2])
    assert wrappers.sigmoid_torch_ffi(Plain([0.0], [])) == ([0.5], [])
    assert wrappers.tanh_torch_ffi(Plain([], [0])) == ([], [0])


def test_creation(wrappers: Any) -> None:
    assert wrappers.zeros_torch_ffi([1, 2]) == ([0.0, 0.0], [1, 2])
    assert wrappers.ones_torch_ffi([2]) == ([1.0, 1.0], [2])
    samples = wrappers.randn_torch_ffi([3, 4])
    assert samples.shape == [3, 4] and len(samples.data) == 12 and len(set(samples.data)) > 1


def test_conversions(wrappers: Any) -> None:
    handle = wrappers.pure_to_torch(X)
    assert functions.dtype(handle) == "f64"
    assert wrappers.torch_to_pure(handle) == X
    functions.free(handle)
    handle = functions.from_data_i64([1, 2], [2])
    assert wrappers.torch_to_pure(handle) == ([1.0, 2.0], [2])
    functions.free(handle)


FAILURES = {
    "shapes that do not go together": lambda w: w.add_torch_ffi(X, Plain([1.0] * 3, [3])),
    "second operand that is no data": lambda w: w.mul_torch_ffi(X, Plain(["a"], [1])),
    "first operand that is no data": lambda w: w.sub_torch_ffi(Plain([1.0], [2]), X),
    "inner sizes that differ": lambda w: w.matmul_torch_ffi(X, Plain([1.0] * 3, [3])),
    "shape that does not match": lambda w: w.relu_torch_ffi(Plain([1.0], [3])),
    "negative size": lambda w: w.zeros_torch_ffi([-1]),
    "no handle": lambda w: w.torch_to_pure(0),
}


@pytest.mark.parametrize("name", FAILURES)
def test_failures_leave_no_handle(wrappers: Any, name: str) -> None:
    with pytest.raises(Error):
        FAILURES[name](wrappers)
    with pytest.raises(BadArgumentError):
        wrappers.zeros_torch_ffi("no shape")


@pytest.mark.parametrize("name", ["to_data_f64", "shape", "add", "to_dtype"])
def test_failure_in_the_middle_leaves_no_handle(wrappers: Any, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    def fail(*arguments: Any) -> Any:
        raise MemoryError(name)

    monkeypatch.setattr(functions, name, fail)
    with pytest.raises(MemoryError):
        wrappers.add_torch_ffi(X, Y)


def test_plain_tuples_will_do(wrappers: Any) -> None:
    assert wrappers.add_torch_ffi(([1, 2], (2,)), Y) == ([11.0, 22.0], [2])


@pytest.mark.parametrize("operand", [None, 3, "ab", [1.0], ([1.0],), ([1.0], [1], "cpu")])
def test_operand_that_is_no_plain_data(wrappers: Any, operand: Any) -> None:
    with pytest.raises(ArgumentTypeError, match="add_torch_ffi: argument `b`: a Plain, or a tuple of data and shape"):
        wrappers.add_torch_ffi(X, operand)
    with pytest.raises(ArgumentTypeError, match="pure_to_torch: argument `x`: a Plain"):
        wrappers.pure_to_torch(operand)


def test_a_free_that_fails(wrappers: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other handles are freed all the same, and an earlier error is the one that is raised."""
    free = functions.free
    freed: list[int] = []

    def freed_and_failed(x: int) -> None:
        free(x)
        freed.append(x)
        raise InvalidHandleError("no handle", "rt_torch_free")

    monkeypatch.setattr(functions, "free", freed_and_failed)
    with pytest.raises(InvalidHandleError):
        wrappers.add_torch_ffi(X, Y)
    assert len(freed) == 4
    with pytest.raises(BadArgumentError):
        wrappers.add_torch_ffi(X, Plain([1.0] * 3, [3]))
    assert len(freed) == 6


def test_thousand_operations_leave_no_handle(wrappers: Any) -> None:
    before = functions.live_handles()
    for _ in range(1000):
        wrappers.add_torch_ffi(X, Y)
    assert functions.live_handles() == before
