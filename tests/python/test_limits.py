"""The edges of what libtorch can do: the error is ours, or the answer is right."""

from __future__ import annotations

import ctypes
import gc
import math
import subprocess
import textwrap
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from rt_torch.errors import BadArgumentError, RefusedError

HUGE = 2**40

Python = Callable[..., subprocess.CompletedProcess[str]]


@contextmanager
def handles(f: Any) -> Iterator[Any]:
    """A list of handles, freed at the end."""
    kept: list[int] = []

    def keep(handle: int) -> int:
        kept.append(handle)
        return handle

    yield keep
    for handle in kept:
        f.free(handle)


@pytest.mark.parametrize("name", ["add", "sub", "mul", "div", "eq", "matmul"])
def test_a_result_that_overflows_is_refused_before_libtorch_sees_it(f: Any, name: str) -> None:
    buffer = (ctypes.c_double * 1)()
    with handles(f) as keep:
        tall = keep(f.wrap(ctypes.addressof(buffer), [HUGE, 1], [0, 0], "f64", 1))
        wide = keep(f.wrap(ctypes.addressof(buffer), [1, HUGE], [0, 0], "f64", 2))
        with pytest.raises(BadArgumentError, match="overflows 63 bits"):
            getattr(f, name)(tall, wide)
    f.released()


def test_integers_add_in_as_many_dimensions_as_there_can_be(f: Any) -> None:
    with handles(f) as keep:
        one = keep(f.ones([1] * 63 + [2], "i64", "cpu"))
        two = keep(f.add(one, one))
        assert (f.to_data_i64(two), f.shape(two)) == ([2, 2], [1] * 63 + [2])
        assert f.to_data_i64(keep(f.sub(two, one))) == [1, 1]
        empty = keep(f.zeros([1] * 63 + [0], "i64", "cpu"))
        assert f.to_data_i64(keep(f.add(empty, empty))) == []


@pytest.mark.parametrize("dtype", ["f16", "bf16", "f32", "f64"])
def test_a_scalar_does_not_lose_its_precision_beside_a_tensor_without_dimensions(f: Any, dtype: str) -> None:
    torch = pytest.importorskip("torch")
    names = {"f16": torch.float16, "bf16": torch.bfloat16, "f32": torch.float32, "f64": torch.float64}
    with handles(f) as keep:
        x = keep(f.to_dtype(keep(f.from_data_f64([-2.402], [])), dtype))
        quotient = keep(f.div_scalar(x, 70000.0))
        assert f.dtype(quotient) == dtype
        expected = torch.tensor(-2.402, dtype=torch.float64).to(names[dtype]) / 70000.0
        assert f.to_data_f64(keep(f.to_dtype(quotient, "f64"))) == [expected.double().item()]


def test_an_exponent_must_fit_the_dtype(f: Any) -> None:
    with handles(f) as keep:
        x = keep(f.ones([2], "f16", "cpu"))
        with pytest.raises(BadArgumentError, match="`exponent`: 1e\\+300 was given, and f16 holds at most 65504"):
            f.pow(x, 1e300)
        keep(f.pow(x, math.inf))


def test_empty_memory_needs_no_address(f: Any) -> None:
    with handles(f) as keep:
        assert f.shape(keep(f.wrap(None, [0, 2], None, "f64", 7))) == [0, 2]
        assert f.released() == [7]
        with pytest.raises(BadArgumentError, match="`data`: NULL was given, with 2 elements"):
            f.wrap(None, [2], None, "f64", 8)
        empty = keep(f.zeros([0], "f64", "cpu"))
        assert f.shape(keep(f.from_dlpack(f.to_dlpack(empty)))) == [0]


def test_the_first_cpu_is_the_cpu(f: Any) -> None:
    with handles(f) as keep:
        assert f.device(keep(f.zeros([1], "f64", "cpu:0"))) == "cpu"


def test_a_tensor_without_memory_is_refused(f: Any) -> None:
    """Under FakeTensorMode libtorch makes tensors in name only."""
    fake = pytest.importorskip("torch._subclasses.fake_tensor")
    with fake.FakeTensorMode(), pytest.raises(RefusedError, match="FakeTensorMode"):
        f.zeros([2], "f64", "cpu")


def test_autocast_is_named(f: Any) -> None:
    torch = pytest.importorskip("torch")
    with handles(f) as keep:
        x = keep(f.ones([2, 2, 2], "f32", "cpu"))
        with torch.autocast("cpu"), pytest.raises(RefusedError, match="autocast"):
            f.matmul(x, x)


class Own(Exception):
    pass


@pytest.mark.parametrize("name", ["relu", "sum", "zeros", "to_dtype", "softmax"])
def test_what_a_mode_of_the_user_s_raises_is_told(f: Any, name: str) -> None:
    """It is pending when the C function returns, and must neither surface elsewhere nor stay alive."""
    dispatch = pytest.importorskip("torch.utils._python_dispatch")
    raised: list[weakref.ref[Own]] = []

    class Raising(dispatch.TorchDispatchMode):
        def __torch_dispatch__(self, *arguments: Any, **options: Any) -> Any:
            error = Own("not today")
            raised.append(weakref.ref(error))
            raise error

    with handles(f) as keep:
        x = keep(f.ones([2], "f64", "cpu"))
        rest = {"zeros": ([2], "f64", "cpu"), "to_dtype": (x, "i64"), "softmax": (x, 0)}.get(name, (x,))
        before = f.live_handles()
        with Raising():
            for _ in range(50):  # a call that was made often is made in a shorter way
                with pytest.raises(RefusedError, match="raised Own\\('not today'\\)"):
                    getattr(f, name)(*rest)
        assert f.live_handles() == before
    gc.collect()
    assert len(raised) == 50
    assert not any(error() for error in raised)


def test_an_interrupt_amid_an_operator_is_not_lost(f: Any) -> None:
    dispatch = pytest.importorskip("torch.utils._python_dispatch")

    class Interrupted(dispatch.TorchDispatchMode):
        def __torch_dispatch__(self, *arguments: Any, **options: Any) -> Any:
            raise KeyboardInterrupt

    with handles(f) as keep:
        x = keep(f.ones([2], "f64", "cpu"))
        with pytest.raises(KeyboardInterrupt), Interrupted():
            f.relu(x)
            for _ in range(1000):
                pass


def test_a_process_lives_with_as_many_threads_as_can_be_asked_for(
    bound: Callable[[str], Any], library: str, python: Python
) -> None:
    path = bound("ctypes").libtorch_path()
    code = """
        from rt_torch import native
        native.set_num_threads(1024)
        ones = native.ones([2**22], "f32", "cpu")
        native.free(native.exp(ones))
        native.free(ones)
        print(native.live_handles())
    """
    done = python("-c", textwrap.dedent(code), RT_TORCH_LIBRARY=library, RT_TORCH_LIBTORCH=path)
    assert (done.stdout, done.returncode) == ("0\n", 0), done.stderr


@pytest.mark.parametrize("name", ["add", "sub"])
def test_the_first_sum_of_a_process_has_all_that_it_calls(
    bound: Callable[[str], Any], library: str, python: Python, name: str
) -> None:
    """Integers without elements, in so many dimensions that there is no room for another: no other call came before that
    needs the same of libtorch.
    """
    path = bound("ctypes").libtorch_path()
    code = f"""
        from rt_torch import native
        empty = native.zeros([1] * 63 + [0], "i64", "cpu")
        print(native.shape(native.{name}(empty, empty)) == [1] * 63 + [0])
    """
    done = python("-c", textwrap.dedent(code), RT_TORCH_LIBRARY=library, RT_TORCH_LIBTORCH=path)
    assert (done.stdout, done.returncode) == ("True\n", 0), done.stderr
