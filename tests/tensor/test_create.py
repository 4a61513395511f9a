"""Making tensors: of data, of one value, of a range, of random numbers."""

from __future__ import annotations

import math
import re
import sys
from array import array
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

import pytest

import rt_torch as rt
from rt_torch.pure.dtype import DTYPE_NAMES

pytestmark = pytest.mark.usefixtures("settled", "no_handle_left")

PURE_DTYPES = ("f64", "f32", "i64", "bool")
NATIVE_DTYPES = ("f16", "bf16", "i32", "i16", "i8", "u8")
LONG = 1 << 40

# Everything that makes a tensor of two elements.
MAKERS: dict[str, Callable[..., rt.Tensor]] = {
    "tensor": lambda **named: rt.tensor([1.0, 1.0], **named),
    "Tensor": lambda **named: rt.Tensor([1.0, 1.0], **named),
    "from_data": lambda **named: rt.from_data([1.0, 1.0], [2], **named),
    "zeros": lambda **named: rt.zeros([2], **named),
    "ones": lambda **named: rt.ones([2], **named),
    "full": lambda **named: rt.full([2], 1.0, **named),
    "arange": lambda **named: rt.arange(0.0, 2.0, **named),
    "randn": lambda **named: rt.randn([2], **named),
    "rand": lambda **named: rt.rand([2], **named),
}


@pytest.fixture(params=["pure", "native", "auto"])
def each_mode(request: pytest.FixtureRequest) -> Iterator[str]:
    """The mode that the process is in; native answers as pure where it is not available."""
    rt.set_acceleration(request.param)
    yield request.param


@pytest.fixture(params=[*MAKERS])
def make(request: pytest.FixtureRequest) -> Callable[..., rt.Tensor]:
    return MAKERS[request.param]


def described(tensor: rt.Tensor) -> tuple[tuple[int, ...], str, Any]:
    return tensor.shape, tensor.dtype, tensor.tolist()


class TestData:
    @pytest.mark.parametrize(
        ("data", "shape", "dtype", "listed"),
        [
            (3.5, (), "f64", 3.5),
            (3, (), "i64", 3),
            (True, (), "bool", True),
            ([], (0,), "f64", []),
            ([[]], (1, 0), "f64", [[]]),
            ([[], []], (2, 0), "f64", [[], []]),
            ([[[]], [[]]], (2, 1, 0), "f64", [[[]], [[]]]),
            ([1, 2], (2,), "i64", [1, 2]),
            ((1, 2), (2,), "i64", [1, 2]),
            ([(1, 2), [3, 4]], (2, 2), "i64", [[1, 2], [3, 4]]),
            ([[1.0], [2]], (2, 1), "f64", [[1.0], [2.0]]),
            ([1, True], (2,), "i64", [1, 1]),
            ([True, 1.5], (2,), "f64", [1.0, 1.5]),
            ([True, False], (2,), "bool", [True, False]),
            ([1 << 62, -(1 << 63)], (2,), "i64", [1 << 62, -(1 << 63)]),
            ([1.0, 1 << 70], (2,), "f64", [1.0, float(1 << 70)]),
            ([math.inf, -0.0], (2,), "f64", [math.inf, -0.0]),
            ([[[1]], [[2]], [[3]]], (3, 1, 1), "i64", [[[1]], [[2]], [[3]]]),
        ],
        ids=repr,
    )
    def test_numbers_and_lists(
        self, each_mode: str, data: Any, shape: tuple[int, ...], dtype: str, listed: Any
    ) -> None:
        made = rt.tensor(data)
        assert described(made) == (shape, dtype, listed)
        assert repr(described(made)[2]) == repr(listed)  # the types of the numbers, and the sign of zero
        assert (made.device, made.requires_grad, made.ndim, made.numel()) == (
            "cpu",
            False,
            len(shape),
            math.prod(shape),
        )

    @pytest.mark.parametrize(
        ("dtype", "data", "listed"),
        [
            ("f64", [1, True], [1.0, 1.0]),
            ("f32", [0.1, 1e39, -1e39], [0.10000000149011612, math.inf, -math.inf]),
            ("i64", [1.9, -1.9, True], [1, -1, 1]),
            ("bool", [0.0, 2, math.nan], [False, True, True]),
            ("i64", 7.0, 7),
            ("f32", [], []),
            ("f64", 1 << 63, float(1 << 63)),
        ],
        ids=repr,
    )
    def test_a_dtype_that_is_asked_for(self, each_mode: str, dtype: str, data: Any, listed: Any) -> None:
        made = rt.tensor(data, dtype=dtype)
        assert (made.dtype, repr(made.tolist())) == (dtype, repr(listed))

    @pytest.mark.parametrize(
        ("data", "error", "text"),
        [
            ([[1, 2], [3]], rt.BadArgumentError, "lists of 2 and of 1 elements stand beside each other, at depth 1"),
            ([[1, 2], 3], rt.BadArgumentError, "3 (int) stands beside lists"),
            ([1, [2]], rt.BadArgumentError, "stands beside"),
            ([[], [1]], rt.BadArgumentError, "lists of 0 and of 1 elements"),
            ([[[1], [2]], [[1], 2]], rt.BadArgumentError, "at depth 2"),
            (None, rt.ArgumentTypeError, "given None (NoneType)"),
            ("1", rt.ArgumentTypeError, "given '1' (str)"),
            (b"12345678", rt.ArgumentTypeError, "says nothing about the type of its elements"),
            ({1: 2}, rt.ArgumentTypeError, "given {1: 2} (dict)"),
            ({1}, rt.ArgumentTypeError, "given {1} (set)"),
            (1j, rt.ArgumentTypeError, "given 1j (complex)"),
            (object, rt.ArgumentTypeError, "<class 'object'> (type)"),
            ([None], rt.ArgumentTypeError, "a number is expected; given None (NoneType)"),
            (["1"], rt.ArgumentTypeError, "a number is expected; given '1' (str)"),
            ([b"1"], rt.ArgumentTypeError, "a number is expected"),
            ([1j], rt.ArgumentTypeError, "a number is expected"),
            ([{}], rt.ArgumentTypeError, "a number is expected"),
            ([1 << 63], rt.BadArgumentError, "i64 has no such number; given 9223372036854775808 (int)"),
            ([1.0, 10**400], rt.BadArgumentError, "f64 has no such number"),
        ],
        ids=lambda value: repr(value)[:40],
    )
    def test_what_is_no_tensor(self, each_mode: str, data: Any, error: type[Exception], text: str) -> None:
        with pytest.raises(error, match=re.escape(text)) as caught:
            rt.tensor(data)
        assert caught.type is error
        assert re.match(r"(rt\.|rt_torch_)tensor: argument `data`: ", str(caught.value))

    @pytest.mark.parametrize(
        ("data", "dtype"),
        [([math.nan], "i64"), ([math.inf], "i64"), ([1e300], "i64"), ([1 << 63], "i64"), (10**400, "f64")],
    )
    def test_numbers_that_do_not_fit(self, each_mode: str, data: Any, dtype: str) -> None:
        with pytest.raises(rt.BadArgumentError, match=f"{dtype} has no such number"):
            rt.tensor(data, dtype=dtype)

    def test_lists_that_contain_themselves(self) -> None:
        endless: list[Any] = []
        endless.append(endless)
        with pytest.raises((rt.BadArgumentError, RecursionError)):
            rt.tensor(endless)

    def test_more_dimensions_than_there_can_be(self) -> None:
        data: Any = 1.0
        for _ in range(64):
            data = [data]
        assert rt.tensor(data).ndim == 64
        with pytest.raises(rt.BadArgumentError, match="dimensions"):
            rt.tensor([data])

    def test_a_list_is_copied(self, each_mode: str) -> None:
        data = [1.0, 2.0]
        made = rt.tensor(data)
        data[0] = 9.0
        made[1] = 7.0
        assert (made.tolist(), data) == ([1.0, 7.0], [9.0, 2.0])

    def test_a_tensor_is_copied(self, each_mode: str, resident: Callable[[rt.Tensor], rt.Tensor]) -> None:
        source = resident(rt.tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True))
        made = rt.tensor(source)
        assert not made.requires_grad
        with rt.no_grad():
            source[0, 0] = 9.0
        assert described(made) == ((2, 2), "f64", [[1.0, 2.0], [3.0, 4.0]])
        assert described(rt.tensor(source.T[::-1], dtype="i64")) == ((2, 2), "i64", [[2, 4], [9, 3]])

    @pytest.mark.parametrize("code", ["d", "f", "q"])
    def test_memory_is_copied(self, each_mode: str, code: str) -> None:
        source = array(code, [1, 2, 3])
        made = rt.tensor(source)
        source[0] = 9
        assert described(made) == ((3,), {"d": "f64", "f": "f32", "q": "i64"}[code], [1, 2, 3])
        source.append(4)  # nothing holds it any more

    def test_an_array_of_numpy(self, each_mode: str, np: Any) -> None:
        source = np.arange(6.0).reshape(2, 3)
        made = rt.tensor(source.T)
        source[0, 0] = 9
        assert described(made) == ((3, 2), "f64", [[0, 3], [1, 4], [2, 5]])
        assert rt.tensor(np.array([1, 2], np.int32)).dtype == "i64"
        assert described(rt.tensor([np.float64(1), np.float32(2), 3])) == ((3,), "f64", [1, 2, 3])
        assert described(rt.tensor([np.int64(1), np.int8(2)])) == ((2,), "i64", [1, 2])
        assert described(rt.tensor(np.float32(2))) == ((), "f32", 2)

    def test_a_tensor_of_torch(self, each_mode: str, torch: Any) -> None:
        source = torch.tensor([[1, 2], [3, 4]]).t()
        made = rt.tensor(source)
        source[0, 0] = 9
        assert described(made) == ((2, 2), "i64", [[1, 3], [2, 4]])

    def test_numbers_of_numpy_have_dtypes(self, np: Any) -> None:
        for numbers, dtype in (
            ([np.bool_(True), np.bool_(False)], "bool"),
            ([np.bool_(True), False], "bool"),
            ([np.float32(1.5)], "f32"),
            ([np.float16(1.5), True], "f32"),
            ([np.float32(1.5), 2], "f32"),
            ([np.float32(1.5), 2.5], "f64"),
            ([np.float64(1.5)], "f64"),
            ([[np.int8(1)], [np.uint64(2)]], "i64"),
            ([np.int32(1), np.bool_(True)], "i64"),
            ([np.array(1.5), np.array(2.5)], "f64"),
            ([np.array(1.5, "f4")], "f32"),
            ([np.longdouble(1.5)], "f64"),
        ):
            made = rt.tensor(numbers)
            assert (made.dtype, made.tolist()) == (dtype, np.array(numbers).tolist())

    def test_tensors_without_dimensions_have_dtypes(self) -> None:
        one, half = rt.tensor(1), rt.tensor(0.5)
        assert described(rt.tensor([half, one])) == ((2,), "f64", [0.5, 1.0])
        assert described(rt.tensor([[one], [one]])) == ((2, 1), "i64", [[1], [1]])
        assert described(rt.tensor([rt.tensor(True), False])) == ((2,), "bool", [True, False])
        assert described(rt.tensor([rt.tensor(0.5, dtype="f32"), 2])) == ((2,), "f32", [0.5, 2.0])
        assert described(rt.tensor([rt.pure.tensor(0.5)])) == ((1,), "f64", [0.5])

    def test_numbers_of_torch(self, torch: Any) -> None:
        assert described(rt.tensor([torch.tensor(0.5), torch.tensor(2)])) == ((2,), "f64", [0.5, 2.0])

    def test_what_is_no_number_among_numbers(self, np: Any) -> None:
        for value in (
            np.array([1.0]),
            np.array([1, 2]),
            np.complex64(1),
            np.datetime64("2020"),
            np.str_("a"),
            b"a",
            rt.ones(1),
            rt.pure.ones([1]),
        ):
            with pytest.raises(rt.ArgumentTypeError, match="a number is expected"):
                rt.tensor([1.0, value])

    def test_a_range(self) -> None:
        assert described(rt.tensor(range(3))) == ((3,), "i64", [0, 1, 2])

    @pytest.mark.parametrize("requires_grad", [True, False])
    def test_a_subclass_of_list(self, requires_grad: bool) -> None:
        class Row(list):
            pass

        made = rt.tensor(Row([Row([1.0]), Row([2.0])]), requires_grad=requires_grad)
        assert (made.tolist(), made.requires_grad) == ([[1.0], [2.0]], requires_grad)


class TestFromData:
    @pytest.mark.parametrize("memory", [False, True])
    def test_flat_numbers(self, each_mode: str, memory: bool) -> None:
        data: Any = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]
        data = array("d", data) if memory else data
        made = rt.from_data(data, [2, 3])
        data[0] = 9.0
        assert described(made) == ((2, 3), "f64", [[1, 2, 3], [4, 5, 6]])
        assert rt.from_data(data[:1], ()).item() == 9.0
        assert rt.from_data(data[:0], (3, 0), dtype="f32").tolist() == [[], [], []]

    @pytest.mark.parametrize(
        ("data", "dtype"),
        [([1.5, 2], "f64"), ([1, 2], "i64"), ((True, False), "bool"), ([], "f64"), ([1, True], "i64")],
    )
    def test_the_dtype_is_that_of_the_data(self, each_mode: str, data: Any, dtype: str) -> None:
        made = rt.from_data(data, [len(data)])
        assert (made.dtype, made.tolist()) == (dtype, [*data])
        assert rt.from_data(data, [len(data)], dtype="float32").dtype == "f32"

    @pytest.mark.parametrize(
        ("shape", "error"),
        [
            ([3], rt.BadArgumentError),
            ([], rt.BadArgumentError),
            ([2, 0], rt.BadArgumentError),
            ([-2], rt.BadArgumentError),
            ([-1, -2], rt.BadArgumentError),
            ([LONG, LONG], rt.BadArgumentError),
            ([1 << 64], rt.BadArgumentError),
            ([1] * 65, rt.BadArgumentError),
            ([2.0], rt.ArgumentTypeError),
            (["2"], rt.ArgumentTypeError),
            ("2", rt.ArgumentTypeError),
            (2, rt.ArgumentTypeError),
            (None, rt.ArgumentTypeError),
            ({2}, rt.ArgumentTypeError),
        ],
        ids=repr,
    )
    def test_shapes_that_do_not_fit(self, each_mode: str, shape: Any, error: type[Exception]) -> None:
        with pytest.raises(error, match="`shape`") as caught:
            rt.from_data([1.0, 2.0], shape)
        assert caught.type is error

    @pytest.mark.parametrize("shape", [[3], [-1], 2])
    def test_lists_and_memory_are_refused_alike(self, shape: list[int]) -> None:
        said = []
        for data in ([1.0, 2.0], array("d", [1.0, 2.0])):
            with pytest.raises(rt.BadArgumentError) as caught:
                rt.from_data(data, shape)
            said.append(str(caught.value))
        assert said[0] == said[1]

    @pytest.mark.parametrize("data", [[[1.0, 2.0]], ["1", "2"], "12", None, 5, [None], {1: 2}, [1j]], ids=repr)
    def test_data_that_are_no_flat_numbers(self, each_mode: str, data: Any) -> None:
        with pytest.raises(rt.BadArgumentError, match="argument `data`"):
            rt.from_data(data, [2])

    @pytest.mark.parametrize(("data", "dtype"), [([1.5, 2.0], "i64"), ([1.5, 0.0], "bool"), ([300, 0], "bool")])
    def test_numbers_are_converted_as_in_a_tensor(self, data: Any, dtype: str) -> None:
        converted = rt.tensor(data, dtype=dtype).tolist()
        assert rt.from_data(data, [len(data)], dtype=dtype).tolist() == converted

    def test_any_sequence(self) -> None:
        assert rt.from_data(range(6), (2, 3)).tolist() == [[0, 1, 2], [3, 4, 5]]


class TestFilled:
    @pytest.mark.parametrize("dtype", PURE_DTYPES)
    @pytest.mark.parametrize("shape", [(), (3,), (2, 0), (2, 1, 2)])
    def test_zeros_and_ones(self, each_mode: str, dtype: str, shape: tuple[int, ...]) -> None:
        for function, value in ((rt.zeros, 0), (rt.ones, 1)):
            made = function(shape, dtype=dtype)
            assert (made.shape, made.dtype) == (shape, dtype)
            kind = {"f64": float, "f32": float, "i64": int, "bool": bool}[dtype]
            elements = made.flatten().tolist()
            assert elements == [value] * math.prod(shape)
            assert {*map(type, elements)} <= {kind}

    @pytest.mark.parametrize(
        ("value", "dtype"),
        [(2.5, "f64"), (2, "i64"), (True, "bool"), (Fraction(1, 2), "f64"), (-0.0, "f64"), (math.inf, "f64")],
    )
    def test_full(self, each_mode: str, value: Any, dtype: str) -> None:
        made = rt.full([2, 1], value)
        assert described(made) == ((2, 1), dtype, [[value], [value]])
        assert repr(rt.full([], value, dtype="f32").item()) == repr(float(value))

    @pytest.mark.parametrize("kind", ["float64", "float32", "float16", "int64", "int8", "bool"])
    def test_full_of_a_numpy_number_is_of_its_dtype(self, np: Any, each_mode: str, kind: str) -> None:
        value = np.dtype(kind).type(1)
        assert described(rt.full([1], value)) == described(rt.tensor([value]))

    def test_full_of_a_tensor_is_of_its_dtype(self, each_mode: str) -> None:
        for value in (3, 1.5, True):
            assert described(rt.full([1], rt.tensor(value))) == described(rt.tensor([value]))

    @pytest.mark.parametrize("dtype", [None, "i64", "int64"])
    def test_full_of_an_integer_beyond_the_floats(self, each_mode: str, dtype: str | None) -> None:
        value = (1 << 53) + 1
        assert described(rt.full([1], value, dtype=dtype)) == ((1,), "i64", [value])
        assert described(rt.full([0], value, dtype=dtype)) == ((0,), "i64", [])
        assert rt.full([1], rt.tensor(value), dtype=dtype).item() == value

    def test_full_of_a_numpy_integer_beyond_the_floats(self, np: Any, each_mode: str) -> None:
        assert rt.full([1], np.int64((1 << 53) + 1)).tolist() == [(1 << 53) + 1]

    @pytest.mark.parametrize(
        ("value", "dtype", "error"),
        [
            ("x", None, rt.ArgumentTypeError),
            (None, None, rt.ArgumentTypeError),
            (1j, None, rt.ArgumentTypeError),
            ([1.0], None, rt.ArgumentTypeError),
            (1 << 64, None, rt.BadArgumentError),
            (10**400, "f64", rt.BadArgumentError),
            (math.nan, "i64", rt.BadArgumentError),
            (1e39, "f32", rt.BadArgumentError),
        ],
        ids=repr,
    )
    def test_full_of_what_is_no_number_of_the_dtype(
        self, each_mode: str, value: Any, dtype: str | None, error: type[Exception]
    ) -> None:
        with pytest.raises(error, match="rt_torch_full: argument `value`") as caught:
            rt.full([2], value, dtype=dtype)
        assert caught.type is error

    def test_like_another(self, each_mode: str, resident: Callable[[rt.Tensor], rt.Tensor]) -> None:
        for dtype in PURE_DTYPES:
            other = resident(rt.ones([2, 3], dtype=dtype)).T
            assert described(rt.zeros_like(other)) == ((3, 2), dtype, [[0, 0]] * 3)
            assert described(rt.ones_like(other)) == ((3, 2), dtype, [[1, 1]] * 3)

    @pytest.mark.parametrize("function", [rt.zeros_like, rt.ones_like])
    def test_like_what_is_no_tensor(self, function: Callable[..., rt.Tensor]) -> None:
        with pytest.raises(rt.ArgumentTypeError):
            function([1.0])


class TestArange:
    @pytest.mark.parametrize(
        ("arguments", "dtype", "listed"),
        [
            ((3,), "i64", [0, 1, 2]),
            ((0,), "i64", []),
            ((2, 5), "i64", [2, 3, 4]),
            ((5, 2, -2), "i64", [5, 3]),
            ((2.0,), "f64", [0.0, 1.0]),
            ((0, 1, 0.25), "f64", [0.0, 0.25, 0.5, 0.75]),
            ((1, 0, -0.5), "f64", [1.0, 0.5]),
            ((-3, 0), "i64", [-3, -2, -1]),
        ],
        ids=repr,
    )
    def test_numbers(self, each_mode: str, arguments: tuple[Any, ...], dtype: str, listed: Any) -> None:
        made = rt.arange(*arguments)
        assert (made.dtype, repr(made.tolist())) == (dtype, repr(listed))
        assert rt.arange(*arguments, dtype="f32").tolist() == listed

    @pytest.mark.parametrize(
        "arguments",
        [("a",), (0, 1, 0), (1, 0), (0, 1, -1), (math.nan,), (0, math.inf), (10**400,), (1j,), ([3],)],
        ids=repr,
    )
    def test_bad_ranges(self, each_mode: str, arguments: tuple[Any, ...]) -> None:
        with pytest.raises(rt.BadArgumentError, match="rt_torch_arange"):
            rt.arange(*arguments)

    def test_no_end(self) -> None:
        with pytest.raises(rt.ArgumentTypeError, match="argument `end`: a number is expected; given None"):
            rt.arange(None)

    def test_a_range_of_bools(self, each_mode: str) -> None:
        with pytest.raises(rt.BadArgumentError, match="bool was given, and a range has numbers"):
            rt.arange(2, dtype="bool")

    @pytest.mark.parametrize("dtype", [None, "i64", "int64"])
    def test_integers_beyond_the_floats(self, each_mode: str, dtype: str | None) -> None:
        start = (1 << 53) + 1
        assert rt.arange(start, start + 2, dtype=dtype).tolist() == [start, start + 1]
        assert described(rt.arange(start, start, dtype=dtype)) == ((0,), "i64", [])

    @pytest.mark.parametrize(
        ("arguments", "problem"),
        [
            ((1 << 60, (1 << 60) + 1, -1), "-1 was given, which does not lead from 1152921504606846976 to "),
            ((-(1 << 63), 1 << 62), "overflows 63 bits"),
            ((1 << 60, (1 << 60) + (1 << 55)), "memory is used up"),
        ],
        ids=repr,
    )
    def test_bad_ranges_beyond_the_floats(self, each_mode: str, arguments: tuple[int, ...], problem: str) -> None:
        with pytest.raises(rt.Error, match=f"rt_torch_arange.*{problem}"):
            rt.arange(*arguments)

    def test_integers_beyond_the_floats_have_no_gradient(self, each_mode: str) -> None:
        with pytest.raises(rt.BadArgumentError, match="only floating-point tensors have gradients"):
            rt.arange(1 << 60, (1 << 60) + 2, requires_grad=True)

    def test_integers_of_every_kind(self, np: Any, each_mode: str) -> None:
        for three in (np.int64(3), np.uint8(3), rt.tensor(3)):
            assert described(rt.arange(three)) == ((3,), "i64", [0, 1, 2])


class TestRandom:
    def test_the_same_seed_gives_the_same_numbers_in_each_mode(self) -> None:
        drawn = []
        for mode in rt.AccelMode:
            with rt.acceleration(mode):
                rt.manual_seed(1234)
                first, second, single = rt.randn([3, 5]), rt.randn([4], dtype="f32"), rt.randn(())
                drawn.append([*first.flatten().tolist(), *second.tolist(), single.item()])
        assert drawn[0] == pytest.approx(drawn[1], rel=1e-7, abs=1e-12)
        assert drawn[0] == pytest.approx(drawn[2], rel=1e-7, abs=1e-12)
        assert len({*drawn[0]}) == 20

    def test_uniform_numbers_are_the_same_to_the_last_bit(self) -> None:
        drawn = []
        for mode in rt.AccelMode:
            with rt.acceleration(mode):
                rt.manual_seed(1234)
                first, second, single = rt.rand([3, 5]), rt.rand([4], dtype="f32"), rt.rand(())
                drawn.append([*first.flatten().tolist(), *second.tolist(), single.item()])
        assert drawn[0] == drawn[1] == drawn[2]
        assert len({*drawn[0]}) == 20
        assert all(0 <= number < 1 for number in drawn[0])

    def test_modes_may_change_between_draws(self) -> None:
        rt.manual_seed(7)
        expected = [rt.randn([3]).tolist() for _ in range(4)]
        rt.manual_seed(7)
        for mode, numbers in zip(("pure", "native", "auto", "native"), expected, strict=True):
            with rt.acceleration(mode):
                assert rt.randn([3]).tolist() == pytest.approx(numbers, rel=1e-12, abs=1e-12)

    def test_they_are_normal(self, each_mode: str) -> None:
        rt.manual_seed(3)
        drawn = rt.randn([10_000])
        mean = drawn.mean().item()
        assert abs(mean) < 0.05
        assert abs(((drawn - mean) * (drawn - mean)).mean().item() - 1) < 0.05

    @pytest.mark.parametrize("seed", [0, -1, (1 << 63) - 1, -(1 << 63), True])
    def test_seeds(self, seed: int) -> None:
        rt.manual_seed(seed)
        first = rt.randn([2]).tolist()
        rt.manual_seed(seed)
        assert rt.randn([2]).tolist() == first

    @pytest.mark.parametrize("seed", [1 << 64, 10**400, 1.5, "1", None], ids=lambda seed: repr(seed)[:20])
    def test_bad_seeds(self, seed: Any) -> None:
        with pytest.raises(rt.BadArgumentError, match="`seed`"):
            rt.manual_seed(seed)

    @pytest.mark.parametrize("dtype", ["i64", "bool"])
    def test_only_floats_are_normal(self, each_mode: str, dtype: str) -> None:
        with pytest.raises(rt.BadArgumentError, match="a floating-point dtype is needed"):
            rt.randn([2], dtype=dtype)
        with pytest.raises(rt.BadArgumentError, match=r"rt_torch_rand_at: .* a floating-point dtype is needed"):
            rt.rand([2], dtype=dtype)

    def test_a_call_that_fails_uses_up_no_numbers(self) -> None:
        rt.manual_seed(5)
        expected = rt.randn([2]).tolist()
        rt.manual_seed(5)
        with pytest.raises(rt.BadArgumentError):
            rt.randn([2], dtype="i64")
        assert rt.randn([2]).tolist() == expected

    def test_eight_threads_draw_different_numbers(self) -> None:
        import concurrent.futures

        rt.manual_seed(11)
        expected = {*rt.randn([800]).tolist()}
        rt.manual_seed(11)
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            drawn = [number for part in pool.map(lambda _: rt.randn([4]).tolist(), range(200)) for number in part]
        assert {*drawn} == expected


class TestKeywords:
    @pytest.mark.parametrize("name", [*MAKERS])
    def test_dtypes(self, name: str) -> None:
        for given, dtype in DTYPE_NAMES.items():
            if dtype in NATIVE_DTYPES and not rt.is_ffi_available():
                continue
            if name in ("randn", "rand", "from_data") and dtype not in ("f64", "f32", "f16", "bf16"):
                continue
            if name == "arange" and dtype == "bool":
                continue
            made = MAKERS[name](dtype=given)
            assert (made.dtype, made.shape) == (dtype, (2,))
            assert made.residency == ("pure" if dtype in PURE_DTYPES else "native")

    @pytest.mark.parametrize("name", ["full", "from_data"])
    def test_what_is_false_is_no_dtype_either(self, name: str) -> None:
        for dtype in ("", [], 0):
            with pytest.raises(rt.BadArgumentError, match="argument `dtype`"):
                MAKERS[name](dtype=dtype)

    def test_what_is_no_dtype(self, make: Callable[..., rt.Tensor]) -> None:
        names = ("f128", "F64", "float", "int", "complex64", "f64 ", "f64\0", "\ud800", "f" * 1000)
        for dtype in (*names, 1, 1.0, [1], {1: 2}, float):
            with pytest.raises(rt.BadArgumentError, match="argument `dtype`") as caught:
                make(dtype=dtype)
            assert caught.type is (rt.BadArgumentError if isinstance(dtype, str) else rt.ArgumentTypeError)
            assert len(str(caught.value)) < 300

    def test_what_is_no_device(self, make: Callable[..., rt.Tensor]) -> None:
        for device in ("", "gpu:1", "CPU", "cpu:1", "xcuda", 0):
            with pytest.raises(rt.BadArgumentError, match="argument `device`") as caught:
                make(device=device)
            assert caught.type is (rt.BadArgumentError if isinstance(device, str) else rt.ArgumentTypeError)

    def test_what_is_no_cuda_device(self, make: Callable[..., rt.Tensor]) -> None:
        for device in ("cuda:x", "cuda:-1", "cuda:01", "cuda:", "cudax", "cuda 0"):
            with pytest.raises(rt.BadArgumentError, match=r"argument `device`.* is no device"):
                make(device=device)

    def test_what_cannot_be_hashed_is_no_device(self) -> None:
        with pytest.raises(rt.ArgumentTypeError, match="argument `device`"):
            rt.tensor(1.0, device=[])

    @pytest.mark.parametrize("device", ["cpu", "cpu:0"])
    def test_the_cpu(self, each_mode: str, make: Callable[..., rt.Tensor], device: str) -> None:
        assert make(device=device).device == "cpu"

    def test_a_cuda_that_is_not_there(self, native: None, make: Callable[..., rt.Tensor]) -> None:
        if rt.native.cuda_available():
            assert make(device="cuda").device == "cuda:0"
            return
        with pytest.raises(rt.BadArgumentError, match='argument `device`: "cuda" is not there'):
            make(device="cuda")

    @pytest.mark.parametrize("dtype", [None, "f32"])
    def test_requires_grad(self, each_mode: str, make: Callable[..., rt.Tensor], dtype: str | None) -> None:
        named = {} if dtype is None else {"dtype": dtype}
        assert not make(**named).requires_grad
        assert not make(**named, requires_grad=False).requires_grad
        assert make(**named, requires_grad=True).requires_grad

    @pytest.mark.parametrize("dtype", ["i64", "bool"])
    def test_only_floats_have_gradients(self, each_mode: str, make: Callable[..., rt.Tensor], dtype: str) -> None:
        with pytest.raises(rt.BadArgumentError):
            make(dtype=dtype, requires_grad=True)

    def test_they_are_given_by_name(self, make: Callable[..., rt.Tensor]) -> None:
        with pytest.raises(TypeError, match="unexpected keyword"):
            make(requires_gradient=True)
        for positional in (lambda: rt.tensor([2], "f64"), lambda: rt.from_data([2], [1], "f64")):
            with pytest.raises(TypeError, match="positional"):
                positional()
        for function in (rt.zeros, rt.ones, rt.randn):
            with pytest.raises(rt.ArgumentTypeError, match=r"one by one, and everything else by name; .* then 'f64'"):
                function([2], "f64")


class TestTransfers:
    """Copies of memory are counted, once."""

    @pytest.mark.parametrize("dtype", ["float64", "float32", "int64", "bool", "int8", "float16"])
    @pytest.mark.parametrize("readonly", [True, False])
    def test_of_arrays(self, np: Any, copies: Callable[[], int], dtype: str, readonly: bool) -> None:
        array = np.ones((2, 3), dtype)
        array.flags.writeable = not readonly
        made = rt.tensor(array)
        assert (copies(), rt.get_transfers().elements) == (1, 6)
        assert not np.shares_memory(made.numpy(), array)
        assert rt.from_data(array.ravel(), [3, 2]).tolist() == [[1, 1], [1, 1], [1, 1]]
        assert copies() == 2

    def test_of_other_memory(self, copies: Callable[[], int]) -> None:
        data = array("d", [1.0, 2.0])
        for source in (data, memoryview(data), memoryview(data)[::-1], memoryview(data).toreadonly()):
            made = rt.tensor(source)
            made[0] = 9.0
        assert (copies(), data.tolist()) == (4, [1.0, 2.0])
        rt.from_data(data, [2])[0] = 9.0
        assert (copies(), data.tolist()) == (5, [1.0, 2.0])

    def test_of_dlpack(self, torch: Any, copies: Callable[[], int]) -> None:
        source = torch.ones(2)
        made = rt.tensor(source)
        made[0] = 9
        assert (copies(), made.dtype, source.tolist()) == (1, "f32", [1.0, 1.0])

    def test_not_of_numbers(self, copies: Callable[[], int]) -> None:
        rt.tensor([[1.0, 2.0]]), rt.tensor(range(3)), rt.from_data([1, 2], [2]), rt.tensor(rt.tensor([1.0]))
        assert copies() == 0


UNFIT: list[Any] = [[-1], [2, -1], [LONG, LONG], [LONG, LONG, 0], [1] * 65]
OF_THE_WRONG_TYPE: list[Any] = [[2.0], [None], b"2", 2.5, None, {2}, {2: 2}, object()]
THAT_MULTIPLY: list[Any] = [["2"], [[2]], "2", [10**400]]  # which 1 can be multiplied with
FILLED: dict[str, Callable[[Any], rt.Tensor]] = {
    "zeros": rt.zeros,
    "ones": rt.ones,
    "full": lambda shape: rt.full(shape, 1.0),
    "randn": rt.randn,
    "rand": rt.rand,
}


class TestShapes:
    @pytest.mark.parametrize("shape", UNFIT + OF_THE_WRONG_TYPE + THAT_MULTIPLY, ids=lambda shape: repr(shape)[:20])
    @pytest.mark.parametrize("name", ["zeros", "ones", "full"])
    def test_bad_ones(self, name: str, shape: Any) -> None:
        with pytest.raises(rt.BadArgumentError, match=f"rt_torch_{name}: argument `shape`"):
            FILLED[name](shape)

    @pytest.mark.parametrize("name", ["zeros", "ones", "full"])
    def test_one_that_is_used_up(self, each_mode: str, name: str) -> None:
        with pytest.raises(rt.ArgumentTypeError, match="argument `shape`"):
            FILLED[name](iter([2]))

    def same_in_auto(self, name: str, shape: Any) -> None:
        with pytest.raises(rt.BadArgumentError) as expected:
            FILLED[name](shape)
        with rt.acceleration("auto"), pytest.raises(rt.BadArgumentError) as caught:
            FILLED[name](shape)
        assert (caught.type, str(caught.value)) == (expected.type, str(expected.value))

    @pytest.mark.parametrize("name", ["zeros", "ones", "full"])
    def test_bad_ones_in_auto(self, name: str) -> None:
        for shape in UNFIT + OF_THE_WRONG_TYPE:
            self.same_in_auto(name, shape)

    @pytest.mark.parametrize("shape", THAT_MULTIPLY, ids=lambda shape: repr(shape)[:20])
    def test_more_bad_ones_in_auto(self, native: None, shape: Any) -> None:
        for name in ("zeros", "ones", "full"):
            self.same_in_auto(name, shape)

    def test_a_bad_dtype_in_auto(self, native: None) -> None:
        with rt.acceleration("auto"), pytest.raises(rt.ArgumentTypeError):
            rt.zeros([2], dtype=[])

    @pytest.mark.parametrize("shape", [*UNFIT, [10**400]], ids=lambda shape: repr(shape)[:20])
    def test_bad_ones_of_random_numbers(self, each_mode: str, shape: Any) -> None:
        with pytest.raises(rt.BadArgumentError, match="rt_torch_randn: argument `shape`"):
            rt.randn(shape)

    def test_more_bad_ones_of_random_numbers(self) -> None:
        for shape in (*OF_THE_WRONG_TYPE, ["2"], [[2]], "2"):
            with pytest.raises(rt.ArgumentTypeError, match="rt_torch_randn: argument `shape`"):
                rt.randn(shape)

    @pytest.mark.parametrize("name", [*FILLED])
    @pytest.mark.parametrize("shape", [(2, 3), [2, 3], range(2, 4), array("q", [2, 3]), (True + 1, 3)], ids=repr)
    def test_good_shapes(self, each_mode: str, name: str, shape: Any) -> None:
        assert FILLED[name](shape).shape == (2, 3)

    @pytest.mark.parametrize("function", [rt.zeros, rt.ones, rt.randn])
    def test_one_by_one(self, each_mode: str, function: Callable[..., rt.Tensor]) -> None:
        assert function(2, 3, dtype="f32").shape == (2, 3)
        assert function(4).shape == function(shape=4).shape == function(shape=[4]).shape == (4,)
        assert function(()).shape == function([]).shape == ()
        with pytest.raises(TypeError, match="shape"):
            function()
        with pytest.raises(rt.BadArgumentError, match="negative size"):
            function(2, -3)
        with pytest.raises(rt.ArgumentTypeError, match=r"element 1 is 2\.5"):
            function(2, 2.5)

    def test_not_where_a_value_follows(self, each_mode: str) -> None:
        with pytest.raises(rt.ArgumentTypeError, match="rt_torch_full: argument `shape`: a sequence"):
            rt.full(2, 1.0)

    def test_numbers_of_numpy_one_by_one(self, np: Any) -> None:
        assert rt.zeros(np.int64(2), np.int8(3)).shape == rt.zeros(np.int64(2), 3).shape == (2, 3)

    def test_sizes_of_numpy(self, each_mode: str, np: Any) -> None:
        for shape in (np.array([2, 3]), [np.int64(2), np.int8(3)], np.zeros((2, 3)).shape):
            assert {FILLED[name](shape).shape for name in ("zeros", "ones", "full")} == {(2, 3)}

    def test_random_numbers_in_sizes_of_numpy(self, np: Any) -> None:
        state = rt.pure.default_generator.get_state()
        try:
            with np.errstate(all="ignore"):
                assert rt.randn([np.int64(2), np.int8(3)]).shape == (2, 3)
            assert {*map(type, rt.pure.default_generator.get_state())} == {int}
        finally:
            rt.pure.default_generator.set_state(state)

    def test_what_is_too_large_for_memory(self, each_mode: str) -> None:
        for make in (rt.zeros, rt.ones):
            with pytest.raises(MemoryError):
                make([1 << 50])


def test_everything_is_offered_by_name() -> None:
    expected = {
        "tensor",
        "zeros",
        "ones",
        "full",
        "arange",
        "randn",
        "rand",
        "from_data",
        "zeros_like",
        "ones_like",
        "manual_seed",
    }
    assert expected | {"Tensor", "explain", "acceleration", "AccelMode", "matmul", "where"} <= {*dir(rt)}
    assert [name for name in rt.__all__ if not hasattr(rt, name)] == []
    assert "tensor" not in vars(sys.modules["rt_torch"]) or rt.tensor is vars(sys.modules["rt_torch"])["tensor"]
