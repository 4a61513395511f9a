"""Arguments of the wrong type or out of range: the same error on every loader, naming function and argument."""

from __future__ import annotations

import array
import collections
import ctypes
import decimal
import fractions
from collections.abc import Callable
from typing import Any

import pytest

from rt_torch import loader
from rt_torch.errors import ArgumentTypeError, BadArgumentError, Error, InvalidHandleError
from rt_torch_bindings import functions


class Int:
    """What can be converted to an integer, and is none."""

    def __int__(self) -> int:
        return 1


INT = Int()
CHARACTERS = memoryview(b"ab").cast("c")

TYPES: dict[str, tuple[Callable[[Any], Any], str]] = {
    "str for a handle": (
        lambda g: g.add("x", 1),
        "rt_torch_add: argument `a`: an integer is expected; given 'x' (str)",
    ),
    "None for a handle": (lambda g: g.add(1, None), "`b`: an integer is expected; given None (NoneType)"),
    "float for a handle": (lambda g: g.add(1.0, 2), "`a`: an integer is expected; given 1.0 (float)"),
    "float for a dimension": (lambda g: g.softmax(1, 0.5), "rt_torch_softmax: argument `dim`"),
    "list for a handle": (lambda g: g.free([1]), "rt_torch_free: argument `x`"),
    "None for a bool": (lambda g: g.sum_dim(1, 2, None), "`keepdim`: an integer is expected"),
    "str for a number": (lambda g: g.mul_scalar(1, "2"), "`s`: a number is expected; given '2' (str)"),
    "bytes for a number": (lambda g: g.mul_scalar(1, b"2"), "`s`: a number is expected"),
    "None for a number": (lambda g: g.mul_scalar(1, None), "`s`: a number is expected"),
    "complex for a number": (lambda g: g.mul_scalar(1, 1j), "`s`: a number is expected"),
    "str for an optional": (lambda g: g.squeeze(1, "3"), "`dim`: an integer is expected"),
    "bytes for text": (lambda g: g.zeros([1], b"f64", "cpu"), "`dtype`: a string is expected; given b'f64' (bytes)"),
    "None for text": (lambda g: g.zeros([1], "f64", None), "`device`: a string is expected"),
    "str for a list": (
        lambda g: g.zeros("12", "f64", "cpu"),
        "`shape`: a sequence of numbers, or a buffer, is expected",
    ),
    "int for a list": (lambda g: g.zeros(3, "f64", "cpu"), "`shape`: a sequence of numbers"),
    "None for a list": (lambda g: g.zeros(None, "f64", "cpu"), "`shape`: a sequence of numbers"),
    "set for a list": (lambda g: g.zeros({1, 2}, "f64", "cpu"), "`shape`: a sequence of numbers"),
    "float in a list": (lambda g: g.zeros([1, 2.5], "f64", "cpu"), "`shape`: element 1 is 2.5 (float)"),
    "str in a list": (lambda g: g.from_data_f64([1, "2"], [2]), "`data`: element 1 is '2' (str)"),
    "None in a list": (lambda g: g.from_data_f64((None,), [1]), "`data`: element 0 is None"),
    "list in a list": (lambda g: g.from_data_f64([[1.0]], [1]), "`data`: element 0 is [1.0]"),
    "floats for integers": (lambda g: g.zeros(array.array("d", [1]), "f64", "cpu"), "`shape`: a buffer of format 'd'"),
    "float for an address": (lambda g: g.from_dlpack(1.5), "`managed`: an integer is expected"),
    "Decimal for a handle": (lambda g: g.add(decimal.Decimal(1), 2), "`a`: an integer is expected; given Decimal('1')"),
    "Fraction for a dimension": (lambda g: g.softmax(1, fractions.Fraction(2)), "`dim`: an integer is expected"),
    "object with __int__": (lambda g: g.sum_dim(INT, 1, True), "`x`: an integer is expected"),
    "Decimal for a bool": (lambda g: g.sum_dim(1, 1, decimal.Decimal(1)), "`keepdim`: an integer is expected"),
    "Decimal beside a number": (lambda g: g.mul_scalar(decimal.Decimal(1), 1.0), "`x`: an integer is expected"),
    "bytes for sizes": (lambda g: g.zeros(b"ab", "f64", "cpu"), "`shape`: bytes are no list of such numbers"),
    "bytes for numbers": (lambda g: g.from_data_f64(bytearray(8), [1]), "`data`: bytes are no list of such numbers"),
    "characters": (
        lambda g: g.from_data_f64(CHARACTERS, [2]),
        "`data`: a buffer of format 'c' was given, expected one of 'd', 'f', 'b'",
    ),
    "other byte order": (
        lambda g: g.from_data_f64((ctypes.c_double.__ctype_be__ * 2)(1, 2), [2]),
        "`data`: a buffer of format '>d' was given, expected one of 'd', 'f', 'b'",
    ),
    "a deque with a string": (
        lambda g: g.from_data_f64(collections.deque("a"), [1]),
        "`data`: element 0 is 'a' (str), a number is expected",
    ),
    "None for an address": (lambda g: g.from_dlpack(None), "`managed`: an integer is expected"),
}

VALUES: dict[str, tuple[Callable[[Any], Any], str]] = {
    "a handle above 64 bits": (lambda g: g.add(2**64 + 5, 1), "`a`: the integer does not fit into 64 bits"),
    "a handle below 64 bits": (lambda g: g.free(-(2**63) - 1), "`x`: the integer does not fit into 64 bits"),
    "a huge handle": (lambda g: g.add(10**10000, 1), "`a`: the integer does not fit into 64 bits"),
    "a bool above 32 bits": (lambda g: g.sum_dim(1, 2, 2**32 + 1), "`keepdim`: the integer does not fit into 32 bits"),
    "an optional above 64 bits": (lambda g: g.squeeze(1, 2**63), "`dim`: the integer does not fit into 64 bits"),
    "an element above 64 bits": (
        lambda g: g.zeros([1, 2**63], "f64", "cpu"),
        "`shape`: element 1 is 9223372036854775808 (int), which is not in the range -2**63 to 2**63 - 1",
    ),
    "a huge element": (
        lambda g: g.zeros([10**10000], "f64", "cpu"),
        "`shape`: element 0 is a huge int (int), which is not in the range",
    ),
    "a number beyond double": (
        lambda g: g.mul_scalar(1, 10**400),
        "`s`: the number is not in the range of a double; given 1000",
    ),
    "an element beyond double": (
        lambda g: g.from_data_f64([-(10**10000)], [1]),
        "`data`: element 0 is a huge int (int), which is not in the range of a double; given",
    ),
    "a byte above 255": (lambda g: g.from_data_bool([256], [1]), "`data`: element 0 is 256 (int)"),
    "a negative byte": (lambda g: g.from_data_bool([-1], [1]), "`data`: element 0 is -1 (int)"),
    "an embedded NUL": (lambda g: g.zeros([1], "f64\0", "cpu"), "`dtype`: embedded NUL; given 'f64\\x00' (str)"),
    "a lone surrogate": (lambda g: g.zeros([1], "f64", "cpu\ud800"), "`device`: the string has a lone surrogate"),
    "a negative address": (lambda g: g.from_dlpack(-1), "`managed`: the integer does not fit into 64 bits"),
    "an address above 64 bits": (lambda g: g.from_dlpack(2**64), "`managed`: the integer does not fit"),
}


@pytest.mark.parametrize("name", TYPES)
def test_wrong_type(g: Any, name: str) -> None:
    call, text = TYPES[name]
    with pytest.raises(ArgumentTypeError) as caught:
        call(g)
    assert text in str(caught.value)
    assert isinstance(caught.value, TypeError) and isinstance(caught.value, BadArgumentError)
    assert (caught.value.name, caught.value.code) == ("bad_argument", 2)


@pytest.mark.parametrize("name", VALUES)
def test_value_out_of_range(g: Any, name: str) -> None:
    call, text = VALUES[name]
    with pytest.raises(BadArgumentError) as caught:
        call(g)
    assert text in str(caught.value)
    assert isinstance(caught.value, ValueError) and not isinstance(caught.value, TypeError)


@pytest.mark.parametrize("name", [*TYPES, *VALUES])
def test_loaders_agree_on_the_text(stand_ins: Callable[[str], Any], name: str) -> None:
    call, _ = (TYPES | VALUES)[name]
    texts = set()
    for loader_name in loader.LOADERS:
        if not loader.problem(loader_name):
            with pytest.raises(BadArgumentError) as caught:
                call(functions.bind(stand_ins(loader_name)))
            texts.add((type(caught.value), str(caught.value), caught.value.function))
    assert len(texts) == 1


def test_library_error_has_code_name_and_function(g: Any) -> None:
    with pytest.raises(InvalidHandleError) as caught:
        g.add(0, 1)
    assert (caught.value.code, caught.value.name, caught.value.function) == (1, "invalid_handle", "rt_torch_add")
    assert str(caught.value) == "rt_torch_add: argument `a`: no handle"
    for call in (lambda: g.ndim(0), lambda: g.shape(-1), lambda: g.data_ptr(-1), lambda: g.free(0)):
        with pytest.raises(InvalidHandleError):
            call()
    with pytest.raises(BadArgumentError, match="rt_torch_sum"):
        g.sum(0)
    with pytest.raises(BadArgumentError, match="b\u00e4h"):
        g.dtype(0)


def test_wrong_number_of_arguments(g: Any) -> None:
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'b'"):
        g.add(1)


class Index:
    def __index__(self) -> int:
        return 3


def test_index_is_an_integer_everywhere(g: Any) -> None:
    assert g.add(Index(), 4) == 7
    assert g.zeros([Index()], "f32", "cpu") == 10303
    assert g.mul_scalar(4, decimal.Decimal("1.5")) == 6


BUFFERS = {
    "array of doubles": lambda: array.array("d", [1, 2]),
    "array of floats, converted": lambda: array.array("f", [1, 2]),
    "array of integers, converted": lambda: array.array("i", [1, 2]),
    "memoryview": lambda: memoryview(array.array("d", [1, 2])),
    "read-only memoryview": lambda: memoryview(bytes(array.array("d", [1, 2]))).cast("d"),
    "strided memoryview": lambda: memoryview(array.array("d", [1, 9, 2, 9]))[::2],
    "array of ctypes": lambda: (ctypes.c_double * 2)(1, 2),
    "memoryview of two dimensions": lambda: memoryview(bytes(array.array("d", [1, 2]))).cast("d", (2, 1)),
}


@pytest.mark.parametrize("name", BUFFERS)
def test_buffers(g: Any, name: str) -> None:
    assert g.from_data_f64(BUFFERS[name](), array.array("q", [2])) == 1 + 1 + 2 + 200


def test_bytes_and_bools(g: Any) -> None:
    for value in (b"\5\6", bytearray(b"\5\6"), memoryview(b"\5\6"), [5, 6], array.array("B", [5, 6])):
        assert g.from_data_bool(value, [2]) == 2005
    assert g.from_data_bool([True, False], [2]) == 2001


def test_numpy_arrays(g: Any) -> None:
    numpy = pytest.importorskip("numpy")
    assert g.from_data_f64(numpy.array([[1.0], [2.0]]), numpy.array([2])) == 204
    assert g.from_data_f64(numpy.array([2.0, 1.0])[::-1], numpy.array([2], dtype="int32")) == 204
    assert g.from_data_f64(numpy.array([2.0, 1.0], dtype="float32"), [2]) == 204
    assert g.from_data_bool(numpy.array([True, False]), [2]) == 2001
    assert g.add(numpy.int64(3), numpy.int32(4)) == 7
    assert g.from_data_f64(numpy.zeros((0, 3)), []) == 1


def test_numpy_values_that_are_refused(g: Any) -> None:
    numpy = pytest.importorskip("numpy")
    for dtype, form in (("float16", "e"), (">f8", ">d"), ("complex64", "Zf"), ("object", "O")):
        with pytest.raises(ArgumentTypeError, match=f"`data`: a buffer of format '{form}' was given, expected one of"):
            g.from_data_f64(numpy.array([1, 2], dtype=dtype), [2])
    with pytest.raises(ArgumentTypeError, match="`b`: an integer is expected"):
        g.add(1, numpy.True_)


def test_released_buffer_is_an_error_that_names_it(g: Any) -> None:
    view = memoryview(array.array("d", [1.0]))
    view.release()
    with pytest.raises(Error, match=r"argument `data`.*released"):
        g.from_data_f64(view, [1])


def test_what_cannot_be_released_is_named(f: Any) -> None:
    with pytest.raises(InvalidHandleError) as caught:
        f.free(12345)
    assert str(caught.value).startswith("rt_torch_free: argument `x`: 12345 (int): The number is no live handle")
    assert caught.value.function == "rt_torch_free"
