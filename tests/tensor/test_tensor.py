"""The tensor: what it is, what is in it, its parts; the same wherever its data is."""

from __future__ import annotations

import math
import pickle
import re
from collections.abc import Callable
from typing import Any

import pytest

import rt_torch as rt

pytestmark = pytest.mark.usefixtures("settled", "no_handle_left")

Resident = Callable[[rt.Tensor], rt.Tensor]
DTYPES = ("f64", "f32", "i64", "bool")


@pytest.fixture(params=["list", "memory", "both", "native"])
def held(request: pytest.FixtureRequest) -> Resident:
    """Has a tensor's elements in a list, in memory, in memory of both tiers, or in libtorch's memory alone."""
    if request.param in ("both", "native"):
        request.getfixturevalue("native")

    def hold(tensor: rt.Tensor) -> rt.Tensor:
        if request.param == "memory":
            tensor.memoryview()
        if request.param == "both":
            tensor.to_native()
        if request.param == "native":
            with rt.acceleration("native"):
                tensor = tensor.clone()
            assert tensor.residency == "native"
        return tensor

    return hold


def cells(dtype: str = "f64") -> rt.Tensor:
    return rt.arange(6).reshape(2, 3).to(dtype)


class TestWhatItIs:
    @pytest.mark.parametrize("dtype", DTYPES)
    def test_shape_dtype_and_the_rest(self, held: Resident, dtype: str) -> None:
        x = held(cells(dtype))
        assert (x.shape, x.dtype, x.device, x.ndim, x.numel(), len(x)) == ((2, 3), dtype, "cpu", 2, 6, 2)
        assert (x.strides, x.is_contiguous(), x.requires_grad) == ((3, 1), True, False)
        assert {type(size) for size in x.shape} == {int}
        assert isinstance(x, rt.Tensor)

    @pytest.mark.parametrize("shape", [(), (0,), (3, 0, 2), (1, 1), (1,) * 64])
    def test_any_shape(self, held: Resident, shape: tuple[int, ...]) -> None:
        x = held(rt.ones(shape))
        assert (x.shape, x.ndim, x.numel()) == (shape, len(shape), math.prod(shape))
        assert x.flatten().tolist() == [1.0] * math.prod(shape)

    def test_a_view(self, held: Resident) -> None:
        x = held(cells())
        y = x.T
        assert (y.shape, y.strides, y.is_contiguous()) == ((3, 2), (1, 3), False)
        assert y.contiguous().strides == (2, 1)
        assert y.tolist() == [[0, 3], [1, 4], [2, 5]]

    def test_its_class_cannot_be_set_anything(self) -> None:
        x = cells()
        for name in ("shape", "dtype", "device", "ndim", "residency", "anything"):
            with pytest.raises(AttributeError):
                setattr(x, name, 1)
        with pytest.raises(AttributeError):
            x.anything  # noqa: B018  # it is what is tested

    def test_making_one_by_the_class(self) -> None:
        x = rt.Tensor([[1, 2]], dtype="f32", requires_grad=True)
        assert (type(x), x.tolist(), x.dtype, x.requires_grad) == (rt.Tensor, [[1.0, 2.0]], "f32", True)

    def test_it_is_found_by_identity(self, held: Resident) -> None:
        x, y = held(cells()), held(cells())
        assert (hash(x) == hash(x), len({x, y, x}), {x: 1}[x]) == (True, 2, 1)
        assert x in [x]

    def test_gradients_are_for_floats(self, held: Resident) -> None:
        x = held(cells())
        x.requires_grad = True
        assert x.requires_grad
        x.requires_grad = False
        assert not x.requires_grad
        with pytest.raises(rt.BadArgumentError, match="only floating-point tensors have gradients, this one is i64"):
            held(cells("i64")).requires_grad = True
        held(cells("i64")).requires_grad = False


class TestMethods:
    def test_messages_name_the_class(self) -> None:
        x = cells()
        for call in (lambda: x.sum(bogus=1), lambda: x.matmul(), lambda: x.__add__(1, 2)):
            with pytest.raises(TypeError, match=r"Tensor\.(sum|matmul|__add__)\(\)"):
                call()

    @pytest.mark.parametrize("name", ["sum", "__add__", "__radd__", "tolist"])
    def test_methods_can_be_pickled(self, name: str) -> None:
        method = getattr(rt.Tensor, name)
        assert pickle.loads(pickle.dumps(method)) is method


class TestReading:
    @pytest.mark.parametrize(
        ("dtype", "value"), [("f64", -2.5), ("f32", 0.5), ("i64", -(1 << 63)), ("i64", (1 << 53) + 1), ("bool", True)]
    )
    def test_one_number(self, held: Resident, dtype: str, value: Any) -> None:
        for shape in ((), (1,), (1, 1)):
            x = held(rt.from_data([value], shape, dtype=dtype))
            assert repr(x.item()) == repr(value)
            assert (float(x), int(x), bool(x)) == (float(value), int(value), bool(value))
        assert repr(held(rt.from_data([value], (), dtype=dtype)).tolist()) == repr(value)

    @pytest.mark.parametrize("number", [math.nan, math.inf])
    def test_floats_that_are_no_integers(self, held: Resident, number: float) -> None:
        x = held(rt.tensor(number))
        assert repr(float(x)) == repr(number)
        assert bool(x)
        with pytest.raises((ValueError, OverflowError)):
            int(x)

    @pytest.mark.parametrize("shape", [(2,), (0,), (1, 2), (2, 0)])
    def test_one_number_of_several(self, held: Resident, shape: tuple[int, ...]) -> None:
        x = held(rt.ones(shape))
        for read in (x.item, lambda: float(x), lambda: int(x), lambda: bool(x)):
            with pytest.raises(
                rt.BadArgumentError, match=f"{math.prod(shape)} elements|no elements|0 elements|one element"
            ):
                read()

    @pytest.mark.parametrize("dtype", DTYPES)
    def test_lists(self, held: Resident, dtype: str) -> None:
        kind = {"f64": float, "f32": float, "i64": int, "bool": bool}[dtype]
        listed = held(cells(dtype)).tolist()
        assert listed == [[kind(0), kind(1), kind(2)], [kind(3), kind(4), kind(5)]]
        assert {type(number) for row in listed for number in row} == {kind}
        assert held(cells(dtype)).T.tolist() == [list(row) for row in zip(*listed, strict=True)]

    def test_a_list_is_nobody_elses(self, held: Resident) -> None:
        x = held(rt.tensor([1.0, 2.0]))
        listed = x.tolist()
        listed[0] = 9.0
        assert x.tolist() == [1.0, 2.0]

    def test_walking_through(self, held: Resident) -> None:
        x = held(cells())
        assert [row.tolist() for row in x] == [[0, 1, 2], [3, 4, 5]]
        assert [number.item() for number in x[1]] == [3, 4, 5]
        for row in x:
            row[0] = 9
        assert x.tolist() == [[9, 1, 2], [9, 4, 5]]
        assert [*held(rt.ones([0, 2]))] == []
        first, (*_, last) = x
        assert (first.shape, float(last)) == ((3,), 5.0)

    def test_what_has_no_length(self, held: Resident) -> None:
        single = held(rt.tensor(1.0))
        for use in (len, iter, list, lambda x: [*x]):
            with pytest.raises(TypeError, match="0-dim"):
                use(single)

    @pytest.mark.parametrize("dtype", DTYPES)
    def test_memory(self, held: Resident, dtype: str) -> None:
        x = held(cells(dtype))
        memory = x.memoryview()
        assert (memory.shape, memory.readonly, memory.tolist()) == ((2, 3), False, x.tolist())
        memory[1, 2] = 0
        assert x[1, 2].item() == 0
        x[0, 0] = 1
        assert memory[0, 0] == 1
        with pytest.raises(rt.BadArgumentError, match="contiguous"):
            x.T.memoryview()

    def test_as_an_index(self, held: Resident) -> None:
        assert [10, 20, 30][held(rt.tensor(1))] == 20
        with pytest.raises(TypeError):
            [10][held(rt.tensor(0.0))]


class TestShown:
    @pytest.mark.parametrize(
        ("make", "text"),
        [
            (lambda: rt.tensor([1.0, 2.5]), "tensor([1. , 2.5])"),
            (lambda: rt.tensor([[1, 2], [30, 4]]), "tensor([[ 1,  2],\n        [30,  4]])"),
            (lambda: rt.tensor([True, False]), "tensor([ True, False])"),
            (lambda: rt.tensor(1.5), "tensor(1.5)"),
            (lambda: rt.tensor([1.0], dtype="f32"), "tensor([1.], dtype=f32)"),
            (lambda: rt.zeros([0]), "tensor([])"),
            (lambda: rt.zeros([2, 0], dtype="i64"), "tensor([], size=(2, 0), dtype=i64)"),
            (lambda: rt.tensor([1.0], requires_grad=True), "tensor([1.], requires_grad=True)"),
            (lambda: rt.tensor([math.nan, math.inf]), "tensor([nan, inf])"),
        ],
    )
    def test_as_text(self, held: Resident, make: Callable[[], rt.Tensor], text: str) -> None:
        tensor = make()
        shown = held(tensor.detach())
        shown.requires_grad = tensor.requires_grad
        assert (repr(shown), str(shown)) == (text, text)

    def test_numbers_are_formatted(self, held: Resident) -> None:
        for make in (held, lambda tensor: tensor.to_pure()):
            x = make(rt.tensor(1.23456))
            assert f"{x:.3f} {x:>8.1f} {x}" == "1.235      1.2 1.23456"
            assert f"{make(rt.tensor(7)):03d} {make(rt.tensor(True))}" == "007 True"

    def test_what_is_no_single_number_has_no_format(self, held: Resident) -> None:
        x = held(rt.tensor([1.5]))
        assert f"{x}" == "tensor([1.5])"
        with pytest.raises(TypeError, match=r"unsupported format string passed to Tensor\.__format__"):
            f"{x:.3f}"

    def test_one_of_a_million_is_quickly_shown(self, held: Resident) -> None:
        text = repr(held(rt.zeros([1000, 1000])))
        assert "..." in text
        assert len(text) < 1000
        assert "size=(1000, 1000)" in text

    @pytest.mark.parametrize("dtype", ["i32", "u8", "i8", "i16"])
    def test_dtypes_of_the_native_tier(self, native: None, dtype: str) -> None:
        assert repr(rt.tensor([1, 2], dtype=dtype)) == f"tensor([1, 2], dtype={dtype})"

    @pytest.mark.parametrize("dtype", ["f16", "bf16"])
    def test_floats_of_the_native_tier(self, native: None, dtype: str) -> None:
        assert repr(rt.tensor([1.5], dtype=dtype)) == f"tensor([1.5], dtype={dtype})"


class TestParts:
    KEYS: tuple[Any, ...] = (
        *(0, -1, slice(None), slice(1, None), slice(None, None, 2), slice(None, None, -1), ..., None, ()),
        *((1, 2), (0, slice(1)), (slice(None), -1), (..., 0), (None, 1), (slice(None), None), (slice(5, 9), 1)),
        *([1, 0], [True, False], ([0, 1], [2, 0]), (slice(None), [2, 2]), [[0, 1], [1, 0]], [-1], ([1], slice(None))),
    )

    @pytest.mark.parametrize("key", KEYS, ids=repr)
    def test_as_numpys(self, np: Any, held: Resident, key: Any) -> None:
        x = held(cells("i64"))
        expected = np.arange(6).reshape(2, 3)[key]
        part = x[key]
        assert (part.shape, part.dtype, part.tolist()) == (expected.shape, "i64", expected.tolist())
        assert part.device == "cpu"

    def test_tensors_as_keys(self, held: Resident) -> None:
        x = held(cells())
        rows, mask = held(rt.tensor([1, 0, 1])), held(rt.tensor([[True, False, True], [False, False, True]]))
        assert x[rows].tolist() == [[3, 4, 5], [0, 1, 2], [3, 4, 5]]
        assert x[mask].tolist() == [0, 2, 5]
        assert x[x > 3].tolist() == [4, 5]
        assert x[held(rt.tensor(1)), held(rt.tensor(-1))].item() == 5
        x[mask] = 0
        assert x.tolist() == [[0, 1, 0], [3, 4, 0]]
        x[:, rows[:1]] = held(rt.tensor([[7.0], [8.0]]))
        assert x.tolist() == [[0, 7, 0], [3, 8, 0]]

    @pytest.mark.parametrize(
        ("key", "error"),
        [
            (2, IndexError),
            (-3, IndexError),
            ((0, 3), IndexError),
            ((0, 0, 0), IndexError),
            (1 << 70, IndexError),
            ([5], IndexError),
            ([True], IndexError),
            (0.5, TypeError),
            ("0", TypeError),
            (1j, TypeError),
            ({0}, TypeError),
            ((..., ...), IndexError),
            (slice(None, None, 0), ValueError),
            (slice(0.5), TypeError),
            ([0.5], TypeError),
        ],
        ids=repr,
    )
    def test_what_is_no_key(self, held: Resident, key: Any, error: type[Exception]) -> None:
        x = held(cells())
        with pytest.raises(error):
            x[key]
        with pytest.raises(error):
            x[key] = 1.0
        assert x.tolist() == [[0, 1, 2], [3, 4, 5]]

    def test_a_float_tensor_is_no_key(self, held: Resident) -> None:
        with pytest.raises(TypeError, match="index"):
            cells()[held(rt.tensor([0.0]))]

    def test_views_share_the_memory(self, held: Resident) -> None:
        x = held(cells())
        views = [x[0], x[:, 1], x[::-1], x[..., None], x.T[1], x.reshape(6)[:3], x.detach(), x[None, 0, 1:]]
        x[0, 1] = 70
        assert [view.flatten().tolist().count(70) for view in views] == [1] * len(views)
        views[0][1] = 80
        assert x[0, 1].item() == 80
        views[2][0, 0] = 90
        assert x[1, 0].item() == 90

    def test_copies_do_not(self, held: Resident) -> None:
        x = held(cells())
        copies = [x[[0]], x[[True, False]], x.clone(), x.T.contiguous(), x.T.reshape(6)]
        x[0, 1] = 70
        assert [70 in copy.flatten().tolist() for copy in copies] == [False] * len(copies)

    def test_parts_of_a_native_tensor_alias_native_memory(self, native: None) -> None:
        with rt.acceleration("native"):
            x = rt.zeros([2, 3])
            part = x[1]
            part[2] = 5.0
            x[0] = rt.tensor([1.0, 2.0, 3.0])
            assert (x + 0.0).tolist() == [[1, 2, 3], [0, 0, 5]]
            y = x.reshape(6)
            y[0] = 9.0
            assert x[0, 0].item() == 9.0
            assert (part * 2).tolist() == [0, 0, 10]
            x[1, 0] = 4.0
            assert (part * 2).tolist() == [8, 0, 10]
        assert rt.get_transfers().copies == 0

    def test_both_sides_see_what_is_written(self, native: None) -> None:
        x = rt.tensor([1.0, 2.0, 3.0])
        before = x[1:]
        x.to_native()
        after = x[1:]
        x[1] = 20.0
        before[1] = 30.0
        with rt.acceleration("native"):
            assert (x * 1).tolist() == [1, 20, 30]
        assert (before.tolist(), after.tolist()) == ([20, 30], [20, 30])

    def test_views_of_what_runs_backwards(self, native: None) -> None:
        x = rt.tensor([1.0, 2.0])
        with rt.acceleration("native"):
            view = x[::-1].detach()
        view[0] = 9.0
        written = x.tolist()
        del view
        assert written == [1.0, 9.0]


class TestAssignment:
    @pytest.mark.parametrize(
        ("key", "value", "expected"),
        [
            ((0, 1), 9, [[0, 9, 2], [3, 4, 5]]),
            (0, 7.0, [[7, 7, 7], [3, 4, 5]]),
            ((slice(None), 1), True, [[0, 1, 2], [3, 1, 5]]),
            (..., 0.0, [[0, 0, 0], [0, 0, 0]]),
            (1, [7, 8, 9], [[0, 1, 2], [7, 8, 9]]),
            ((slice(None), slice(0, 2)), [[7], [8]], [[7, 7, 2], [8, 8, 5]]),
            ((slice(None), slice(None, None, -1)), [1, 2, 3], [[3, 2, 1], [3, 2, 1]]),
            ([1, 0], [[1, 1, 1], [2, 2, 2]], [[2, 2, 2], [1, 1, 1]]),
            ((slice(0, 0),), 5.0, [[0, 1, 2], [3, 4, 5]]),
        ],
        ids=repr,
    )
    @pytest.mark.parametrize("dtype", ["f64", "i64"])
    def test_values(self, held: Resident, dtype: str, key: Any, value: Any, expected: Any) -> None:
        x = held(cells(dtype))
        x[key] = value
        assert x.tolist() == expected
        assert {type(number) for row in x.tolist() for number in row} == {float if dtype == "f64" else int}
        y = held(cells(dtype))
        y[key] = held(rt.tensor(value))
        assert y.tolist() == expected

    def test_it_converts(self, held: Resident) -> None:
        x = held(cells("i64"))
        x[0] = rt.tensor([1.9, -1.9, 2.5])
        x[1, 0] = 2.9
        assert x.tolist() == [[1, -1, 2], [2, 4, 5]]
        y = held(cells("f32"))
        y[0, 0] = 0.1
        assert y[0, 0].item() == 0.10000000149011612
        z = held(cells("bool"))
        z[:] = rt.tensor([2.0, 0.0, math.nan])
        assert z.tolist() == [[True, False, True]] * 2

    def test_onto_itself(self, held: Resident) -> None:
        x = held(rt.arange(5.0))
        x[1:] = x[:-1]
        assert x.tolist() == [0, 0, 1, 2, 3]
        x[::-1] = x
        assert x.tolist() == [3, 2, 1, 0, 0]

    @pytest.mark.parametrize(
        ("key", "value", "error"),
        [
            (0, [1, 2], rt.BadArgumentError),
            (slice(None), [[1], [2], [3]], rt.BadArgumentError),
            ((0, 0), [1, 2], rt.BadArgumentError),
            (0, "1", rt.ArgumentTypeError),
            (0, None, rt.ArgumentTypeError),
            (0, [1, None, 2], rt.ArgumentTypeError),
            (0, 1j, rt.ArgumentTypeError),
            (0, [[1, 2], 3], rt.BadArgumentError),
        ],
        ids=repr,
    )
    def test_values_that_do_not_fit(self, held: Resident, key: Any, value: Any, error: type[Exception]) -> None:
        x = held(cells())
        with pytest.raises(error):
            x[key] = value
        assert x.tolist() == [[0, 1, 2], [3, 4, 5]]

    @pytest.mark.parametrize("value", [1 << 63, math.nan, math.inf])
    def test_numbers_that_do_not_fit(self, held: Resident, value: Any) -> None:
        x = held(cells("i64"))
        with pytest.raises(rt.BadArgumentError):
            x[0, 0] = value
        assert x.tolist() == [[0, 1, 2], [3, 4, 5]]

    def test_an_array_of_numpy(self, np: Any, held: Resident) -> None:
        x = held(cells())
        x[0] = np.array([7.0, 8.0, 9.0]).tolist()
        x[1, 1] = np.float64(4.5)
        assert x.tolist() == [[7, 8, 9], [3, 4.5, 5]]


class TestMoving:
    def test_residency(self, native: None) -> None:
        x = rt.tensor([1.0, 2.0])
        assert x.residency == "pure"
        assert x.to_native() is x
        assert x.residency == "both"
        assert x.to_pure() is x
        assert x.residency == "both"
        with rt.acceleration("native"):
            y = x + x
        assert y.residency == "native"
        assert (y.shape, y.dtype, y.device, y.strides, y.numel(), len(y)) == ((2,), "f64", "cpu", (1,), 2, 2)
        assert y.residency == "native"  # asking what it is moves nothing
        assert y.tolist() == [2.0, 4.0]
        assert y.residency == "both"

    def test_moving_counts(self, native: None) -> None:
        x = rt.tensor([1.0, 2.0])
        rt.reset_stats()
        x.to_native().to_native()
        assert rt.get_transfers() == (1, 2, 0)
        with rt.acceleration("native"):
            y = x.clone()
        y.to_pure().to_pure()
        assert rt.get_transfers() == (1, 2, 1)
        assert rt.get_stats() == (0, 1, 0)

    def test_empty_and_single(self, native: None) -> None:
        for shape in ((), (0,), (2, 0)):
            for dtype in DTYPES:
                x = rt.ones(shape, dtype=dtype).to_native()
                assert (x.shape, x.dtype, x.to_pure().tolist()) == (shape, dtype, rt.ones(shape, dtype=dtype).tolist())

    @pytest.mark.parametrize("listed", [True, False])
    def test_what_runs_backwards(self, native: None, listed: bool) -> None:
        before = rt.native.live_handles()
        x = rt.tensor([1.0, 2.0, 3.0])
        if not listed:
            x.memoryview()
        x[::-1].to_native()
        del x
        assert rt.native.live_handles() == before

    @pytest.mark.parametrize("name", ["neg", "detach"])
    def test_computing_on_what_runs_backwards_leaves_nothing(self, native: None, name: str) -> None:
        before = rt.native.live_handles()
        x = rt.tensor([1.0, 2.0, 3.0])[::-1]
        with rt.acceleration("native"):
            for _ in range(20):
                getattr(x, name)()
        assert x.tolist() == [3.0, 2.0, 1.0]
        assert rt.native.live_handles() == before

    @pytest.mark.parametrize("name", ["neg", "detach"])
    def test_nor_is_its_memory_kept(self, native: None, name: str) -> None:
        from rt_torch import _lending

        _lending.reclaim()
        before = len(_lending._lent)
        x = rt.tensor([1.0, 2.0, 3.0])[::-1]
        with rt.acceleration("native"):
            getattr(x, name)()
        del x
        assert len(_lending._lent) == before


class TestTo:
    @pytest.mark.parametrize("dtype", DTYPES)
    @pytest.mark.parametrize("target", DTYPES)
    def test_dtypes(self, held: Resident, dtype: str, target: str) -> None:
        x = held(cells(dtype))
        y = x.to(target)
        assert (y.dtype, y.shape) == (target, (2, 3))
        kind = {"f64": float, "f32": float, "i64": int, "bool": bool}[target]
        assert y.tolist() == [[kind(number) for number in row] for row in x.tolist()]
        assert (y is x) == (dtype == target)

    def test_where_nothing_changes_it_is_the_same(self, held: Resident) -> None:
        x = held(cells("f32"))
        rt.reset_stats()
        assert x.to("f32") is x.to("float32") is x.to("cpu") is x.cpu() is x
        assert rt.get_stats() == (0, 0, 0)

    def test_a_dtype_and_a_device(self, held: Resident) -> None:
        x = held(cells("f64"))
        for y in (x.to("cpu", "f32"), x.to("f32", "cpu"), x.to("cpu", dtype="f32"), x.to(dtype="f32", device="cpu")):
            assert (y.dtype, y.device, y.tolist()) == ("f32", "cpu", x.tolist())
        assert x.to(device="cpu") is x.to(dtype="f64") is x.to("f64", device="cpu") is x

    def test_another_tensor(self, held: Resident) -> None:
        x, other = held(cells("f64")), rt.zeros([1], dtype="i64")
        assert (x.to(other).dtype, x.to(other).tolist()) == ("i64", cells("i64").tolist())
        assert x.to(x) is x

    def test_a_copy_in_any_case(self, held: Resident) -> None:
        x = held(cells())
        y = x.to("cpu", copy=True)
        assert y is not x
        y[0, 0] = 7.0
        assert x.tolist() == cells().tolist()
        assert x.to("f32", copy=True).tolist() == x.tolist()

    @pytest.mark.parametrize("target", ["", "f128", "F64", "cpu:1", "cuda:", "cuda:-1", "cuda:01", "\ud800"])
    def test_texts_that_are_no_targets(self, held: Resident, target: str) -> None:
        x = held(cells())
        wrong = re.escape(f"rt.Tensor.to: {target!r} (str) is neither a dtype, such as f32, nor a device: cpu, gpu,")
        with pytest.raises(rt.BadArgumentError, match=wrong):
            x.to(target)
        with pytest.raises(rt.BadArgumentError, match="argument `dtype`"):
            x.to(dtype=target)
        with pytest.raises(rt.BadArgumentError, match="argument `device`"):
            x.to(device=target)

    @pytest.mark.parametrize("target", [3, None, 1.5, b"f64", object(), [], ("f32",)])
    def test_what_is_no_text(self, held: Resident, target: Any) -> None:
        with pytest.raises(
            rt.ArgumentTypeError, match=r"rt\.Tensor\.to: a dtype, a device, both, or a tensor is expect"
        ):
            held(cells()).to(target)

    @pytest.mark.parametrize(
        ("given", "says"),
        [
            (("f32", "i64"), "two dtypes were given, 'f32' (str) and 'i64' (str)"),
            (("cpu", "cuda"), "two devices were given, 'cpu' (str) and 'cuda' (str)"),
            (("cuda", "f32", "cuda"), "two devices were given, 'cuda' (str) and 'cuda' (str)"),
        ],
    )
    def test_two_of_the_same(self, given: tuple[str, ...], says: str) -> None:
        with pytest.raises(rt.BadArgumentError, match=re.escape(f"rt.Tensor.to: {says}")):
            cells().to(*given)
        with pytest.raises(rt.BadArgumentError, match=r"two dtypes were given, 'f64'.* and 'f32'"):
            cells().to("f32", dtype="f64")

    def test_no_target(self) -> None:
        with pytest.raises(rt.ArgumentTypeError, match="nothing was given"):
            cells().to()

    @pytest.mark.parametrize("dtype", ["f16", "bf16", "i32", "i16", "i8", "u8"])
    def test_dtypes_of_the_native_tier(self, native: None, held: Resident, dtype: str) -> None:
        x = held(rt.tensor([[1.0, 2.0], [3.0, 100.0]]))
        y = x.to(dtype)
        assert (y.dtype, y.shape, y.device, y.residency) == (dtype, (2, 2), "cpu", "native")
        assert y.tolist() == [[1, 2], [3, 100]]
        assert (y + y).dtype == dtype
        assert y.to("f64").tolist() == x.tolist()
        assert y.sum().item() == 106
        assert [row.tolist() for row in y.to("f32")] == [[1, 2], [3, 100]]
        with pytest.raises(rt.BadArgumentError, match=f"dtype {dtype} on cpu has no pure side"):
            y.to_pure()
        assert y.residency == "native"
        assert rt.get_stats().fallback == 0

    def test_bad_calls_on_them_say_what_is_wrong(self, native: None) -> None:
        y = rt.tensor([1.0, 2.0], dtype="f16")
        with pytest.raises(rt.BadArgumentError, match="rt_torch_softmax: argument `dim`"):
            y.softmax(3)
        with pytest.raises(rt.BadArgumentError, match="do not broadcast"):
            y + rt.ones([3])
        assert rt.get_stats().fallback == 0


class TestIntegers:
    def test_they_wrap(self, held: Resident) -> None:
        x = held(rt.tensor([(1 << 63) - 1, -(1 << 63)]))
        for mode in ("pure", "native", "auto"):
            with rt.acceleration(mode):
                assert (x + 1).tolist() == [-(1 << 63), -(1 << 63) + 1]
                assert (x * 2).tolist() == [-2, 0]
                assert (-x).tolist() == [-(1 << 63) + 1, -(1 << 63)]
                assert x.sum().item() == -1
                assert abs(x).tolist() == [(1 << 63) - 1, -(1 << 63)]

    def test_beyond_the_floats_they_stay_exact(self, held: Resident) -> None:
        x = held(rt.tensor([(1 << 53) + 1, (1 << 62) + 1]))
        for mode in ("pure", "native", "auto"):
            with rt.acceleration(mode):
                assert (x - 1).tolist() == [1 << 53, 1 << 62]
                assert (x * 1).tolist() == x.tolist()
                assert x.max().item() == (1 << 62) + 1
                assert (x == (1 << 53) + 1).tolist() == [True, False]


class TestSeveralDimensions:
    """Sums and means along several dimensions."""

    CUBE = rt.arange(24.0).reshape(2, 3, 4).tolist()

    @pytest.mark.parametrize(
        ("dims", "sums"),
        [
            ((0, 1), [60.0, 66.0, 72.0, 78.0]),
            ((1, 0), [60.0, 66.0, 72.0, 78.0]),
            ([2, 0], [60.0, 92.0, 124.0]),
            ((-1, -2), [66.0, 210.0]),
            ((2, 1, 0), 276.0),
            ((-3,), [[12.0, 14.0, 16.0, 18.0], [20.0, 22.0, 24.0, 26.0], [28.0, 30.0, 32.0, 34.0]]),
        ],
        ids=str,
    )
    def test_known_ones(self, held: Resident, dims: Any, sums: Any) -> None:
        x = held(rt.tensor(self.CUBE))
        assert x.sum(dims).tolist() == rt.sum(x, dim=dims).tolist() == sums
        count = math.prod(x.shape[dim] for dim in dims)
        assert (x.mean(dims) * count).tolist() == sums == (rt.mean(x, dims) * count).tolist()

    @pytest.mark.parametrize("dims", [(0, 1), (1, 0), (-1,), (0, 2), (0, 1, 2)], ids=str)
    def test_they_are_kept_with_size_1(self, held: Resident, dims: Any) -> None:
        x = held(rt.tensor(self.CUBE))
        kept = x.sum(dims, keepdim=True)
        assert kept.shape == tuple(
            1 if place in {dim % 3 for dim in dims} else size for place, size in enumerate((2, 3, 4))
        )
        assert kept.flatten().tolist() == x.sum(dims).flatten().tolist()
        assert x.mean(dims, True).shape == kept.shape

    @pytest.mark.parametrize("dims", [(0, 1), (1, -3), (-1,), (0, 1, 2)], ids=str)
    def test_extremes_along_them(self, held: Resident, dims: Any) -> None:
        x = held(rt.tensor(self.CUBE))
        ends = x.amax(dims), x.amin(dims)
        sizes = [1 if place in {dim % 3 for dim in dims} else size for place, size in enumerate((2, 3, 4))]
        assert [end.shape for end in (x.amax(dims, True), x.amin(dims, True))] == [tuple(sizes)] * 2
        for place, end in enumerate(ends):
            assert end.tolist() == (rt.amax, rt.amin)[place](x, dims).tolist()
        assert ends[0].max().item() == x.amax().item() == x.max().item() == 23
        assert ends[1].min().item() == x.amin().item() == x.min().item() == 0

    def test_empty_ones_and_numbers(self, held: Resident) -> None:
        assert held(rt.zeros(2, 0, 3)).sum((0, 1)).tolist() == [0.0, 0.0, 0.0]
        assert math.isnan(held(rt.zeros(2, 0)).mean((0, 1)).item())
        assert held(rt.tensor(3)).sum((0,)).item() == held(rt.tensor(3)).sum((-1,), True).item() == 3
        assert held(rt.ones(2, 2, dtype="bool")).sum((0, 1)).item() == 4

    @pytest.mark.parametrize(
        ("dims", "problem"),
        [
            ((), r"none is given: \[\], and at least one is needed"),
            ((0, 0), r"one is given twice: \[0, 0\]"),
            ((1, -2), r"one is given twice: \[1, -2\]"),
            ((0, 3), "dimension 3 was given, and a tensor of 3 dimensions takes -3 to 2"),
            ((0, 1.5), r"an integer is expected; given 1\.5"),
            ((0, None), "an integer is expected; given None"),
        ],
        ids=str,
    )
    def test_bad_ones(self, held: Resident, dims: Any, problem: str) -> None:
        x = held(rt.tensor(self.CUBE))
        for call in (x.sum, x.mean, lambda dims: rt.sum(x, dims)):
            with pytest.raises(rt.BadArgumentError, match=f"rt_torch_(sum|mean)_dim: argument `dim`: {problem}"):
                call(dims)

    def test_of_what_is_no_tensor(self) -> None:
        with pytest.raises(rt.ArgumentTypeError, match="rt_torch_sum_dim: argument `x`: a tensor is expected"):
            rt.sum([1.0], (0, 1))

    def test_the_first_step_is_explained(self) -> None:
        assert rt.explain("sum", rt.tensor(self.CUBE), (0, 2)).tier == "pure"
        with pytest.raises(rt.BadArgumentError, match="dimension 3 was given"):
            rt.explain("sum", rt.tensor(self.CUBE), (0, 3))
