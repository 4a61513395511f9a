"""Exchange with NumPy: the same memory, both ways."""

from __future__ import annotations

import operator
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

import rt_torch as rt

pytestmark = pytest.mark.usefixtures("no_handle_left")

Resident = Callable[[rt.Tensor], rt.Tensor]
DTYPES = [("float64", "f64"), ("float32", "f32"), ("int64", "i64"), ("bool", "bool")]


@pytest.mark.parametrize(("name", "dtype"), DTYPES)
def test_an_array_as_a_tensor(np: Any, name: str, dtype: str, resident: Resident, copies: Callable[[], int]) -> None:
    array = np.arange(6).reshape(2, 3).astype(name)
    tensor = resident(rt.from_numpy(array))
    assert (tensor.dtype, tensor.shape, tensor.tolist()) == (dtype, (2, 3), array.tolist())
    array[0, 1] = 0
    tensor[1, 2] = array.dtype.type(0).item()
    assert tensor.tolist() == array.tolist()
    assert array[1, 2] == 0
    assert copies() == 0


@pytest.mark.parametrize(("name", "dtype"), DTYPES)
def test_a_tensor_as_an_array(np: Any, name: str, dtype: str, resident: Resident) -> None:
    tensor = resident(rt.tensor([[0, 1, 1], [1, 0, 0]], dtype=dtype))
    array = np.asarray(tensor)
    assert (array.dtype, array.shape, array.tolist()) == (np.dtype(name), (2, 3), tensor.tolist())
    array[0, 0] = 1
    tensor[1, 1] = 1
    assert array.tolist() == tensor.tolist() == [[1, 1, 1], [1, 1, 0]]
    assert array.flags.writeable and not array.flags.owndata


STRIDED = {
    "transposed": lambda array: array.T,
    "steps": lambda array: array[::2, 1::2],
    "backwards": lambda array: array[::-1, ::-2],
    "backwards only in one": lambda array: array[:, ::-1],
    "a column": lambda array: array[:, 2],
    "an element": lambda array: array[1, 2, ...],
    "new dimensions": lambda array: array[None, :, None],
    "nothing": lambda array: array[3:1, 1:],
    "one row": lambda array: array[1:2, ::3],
    "turned and cut": lambda array: array.T[1:3, ::-1],
}


@pytest.mark.parametrize("part", STRIDED)
@pytest.mark.parametrize(("name", "dtype"), DTYPES)
def test_strides(np: Any, name: str, dtype: str, part: str, resident: Resident, copies: Callable[[], int]) -> None:
    base = (np.arange(24).reshape(4, 6) % (2 if name == "bool" else 24)).astype(name)
    array = STRIDED[part](base)
    tensor = rt.from_numpy(array)
    assert (tensor.shape, tensor.tolist()) == (array.shape, array.tolist())
    base[...] = base == 0
    assert tensor.tolist() == array.tolist()
    back = np.asarray(tensor)
    assert (back.shape, back.tolist()) == (array.shape, array.tolist())
    if array.size:
        assert np.shares_memory(back, base)
        assert back.__array_interface__["data"] == array.__array_interface__["data"]
        back[...] = 1
        assert array.all()
    assert copies() == 0
    assert (resident(tensor) + 0).tolist() == (array + 0).tolist()


@pytest.mark.parametrize("name", ["int8", "int16", "int32", "uint8", "uint16", "uint32", "uint64"])
def test_other_integers_become_i64(np: Any, name: str, copies: Callable[[], int]) -> None:
    array = np.arange(12, dtype=name).reshape(3, 4)[::-1, ::2]
    tensor = rt.from_numpy(array)
    assert (tensor.dtype, tensor.tolist(), copies()) == ("i64", array.tolist(), 1)
    assert rt.from_numpy(np.array([np.iinfo(name).min], name)).item() == np.iinfo(name).min


def test_half_precision_becomes_f32(np: Any, copies: Callable[[], int]) -> None:
    array = np.array([1.5, -2, np.inf, 6e-8], "float16")
    tensor = rt.from_numpy(array)
    assert (tensor.dtype, tensor.tolist(), copies()) == ("f32", array.astype("float32").tolist(), 1)


def test_read_only_arrays_are_copied(np: Any, copies: Callable[[], int]) -> None:
    for array in (np.broadcast_to(np.arange(3.0), (2, 3)), np.frombuffer(bytes(16)), np.float64(3)[None]):
        array = array.view()
        array.flags.writeable = False
        tensor = rt.from_numpy(array)
        tensor[...] = 1 + tensor.tolist()[-1] if tensor.ndim == 1 else 9
        assert tensor.shape == array.shape and tensor.tolist() != array.tolist()
    assert copies() == 3


def test_fields_of_records_are_copied(np: Any, copies: Callable[[], int]) -> None:
    records = np.zeros(3, np.dtype([("flag", "?"), ("value", "<f8")]))
    records["value"] = [1, 2, 3]
    assert rt.from_numpy(records["value"]).tolist() == [1, 2, 3]
    assert copies() == 1


def test_overlapping_elements(np: Any, copies: Callable[[], int]) -> None:
    base = np.arange(5.0)
    tensor = rt.from_numpy(np.lib.stride_tricks.as_strided(base, (3, 3), (8, 8)))
    base[2] = 20
    assert tensor.tolist() == [[0, 1, 20], [1, 20, 3], [20, 3, 4]]
    assert np.asarray(tensor).strides == (8, 8)
    assert copies() == 0


@pytest.mark.parametrize(
    "make",
    [
        lambda np: np.array([1j]),
        lambda np: np.array([None]),
        lambda np: np.array(["a"]),
        lambda np: np.array([b"a"]),
        lambda np: np.array(["2020-01-01"], "datetime64[D]"),
        lambda np: np.array([1], "timedelta64[s]"),
        lambda np: np.zeros(1, "f8,i8"),
        lambda np: np.zeros(1, ">f8"),
        lambda np: np.zeros(1, ">i4"),
        lambda np: np.zeros(1, "longdouble"),
        lambda np: np.zeros(1, "V8"),
    ],
)
def test_elements_that_are_none_of_ours(np: Any, make: Callable[[Any], Any]) -> None:
    with pytest.raises(rt.ArgumentTypeError, match=r"argument `array`: .*expected bool, integers of 8 to 64 bits"):
        rt.from_numpy(make(np))
    with pytest.raises(rt.ArgumentTypeError, match="argument `data`"):
        rt.tensor(make(np))


@pytest.mark.parametrize("value", [[1.0], 1.0, "a", None, memoryview(bytearray(8)).cast("d")])
def test_what_is_no_array(value: Any) -> None:
    with pytest.raises(rt.ArgumentTypeError, match=r"rt\.from_numpy: argument `array`: a NumPy array is expected"):
        rt.from_numpy(value)


def test_subclasses_and_scalars(np: Any) -> None:
    with pytest.warns(PendingDeprecationWarning) if hasattr(np, "matrix") else pytest.raises(AttributeError):
        matrix = np.matrix([[1.0, 2.0]])
    assert rt.from_numpy(matrix).shape == (1, 2)
    assert rt.tensor(np.float32(1.5)).dtype == "f32"
    assert rt.from_numpy(np.array(3)).item() == 3


class Arrayish:
    """Something that only NumPy can read."""

    def __init__(self, array: Any, name: str) -> None:
        self.array = array
        self.name = name

    def __getattr__(self, name: str) -> Any:
        if name != self.name:
            raise AttributeError(name)
        return self.array.__array_interface__ if name == "__array_interface__" else self.array.__array__


@pytest.mark.parametrize("name", ["__array_interface__", "__array__"])
def test_what_only_numpy_can_read(np: Any, name: str) -> None:
    if name == "__array__":

        class Source:
            def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
                return np.arange(3.0)

        assert rt.tensor(Source()).tolist() == [0, 1, 2]
    else:
        assert rt.tensor(Arrayish(np.arange(3.0), name)).tolist() == [0, 1, 2]


# __array__ as NumPy 2 wants it.


def test_dtype_and_copy(np: Any, resident: Resident) -> None:
    tensor = resident(rt.tensor([[1.5, 2.5]]))
    shared = tensor.__array__()
    assert np.shares_memory(shared, tensor.__array__(copy=False))
    assert np.shares_memory(shared, tensor.__array__("float64", copy=None))
    for other in (tensor.__array__(copy=True), tensor.__array__("float32"), tensor.__array__("f4", copy=True)):
        assert not np.shares_memory(shared, other)
        assert other.tolist() == [[1.5, 2.5]]
    assert tensor.__array__("float32").dtype == np.float32
    with pytest.raises(ValueError, match="copy=False: a tensor of dtype f64 on cpu goes to another dtype by copying"):
        tensor.__array__("float32", copy=False)


def test_numpys_own_functions(np: Any, resident: Resident) -> None:
    tensor = resident(rt.tensor([[1.0, 2.0], [3.0, 4.0]]))
    assert np.add.reduce(tensor, axis=None) == 10
    assert np.dot(tensor, [1, 1]).tolist() == [3, 7]
    assert np.array(tensor, dtype=int).tolist() == [[1, 2], [3, 4]]
    assert not np.shares_memory(np.array(tensor), np.asarray(tensor))
    if np.lib.NumpyVersion(np.__version__) >= "2.0.0":
        assert np.shares_memory(np.array(tensor, copy=False), np.asarray(tensor))
        with pytest.raises(ValueError, match="copy=False"):
            np.array(tensor, dtype="float32", copy=False)


@pytest.mark.parametrize("key", [(slice(None, None, -1),), (slice(None), 1), (..., None), (0, 0), (slice(2, 2),)])
def test_parts_of_tensors(np: Any, key: Any, resident: Resident) -> None:
    tensor = resident(rt.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]))
    whole = np.asarray(tensor)
    part = np.asarray(tensor[key])
    assert (part.shape, part.tolist()) == (whole[key].shape, whole[key].tolist())
    if part.size:
        part[...] = 0
        assert whole.sum() < 21
        assert tensor.tolist() == whole.tolist()


def test_native_views(np: Any, native: None, copies: Callable[[], int]) -> None:
    with rt.acceleration("native"):
        tensor = rt.ones((2, 3)) + rt.zeros((2, 3))
        turned = np.asarray(tensor.transpose(0, 1))
        turned[2, 0] = 5
        assert turned.strides == (8, 24)
        assert (tensor + 0.0).tolist() == [[1, 1, 5], [1, 1, 1]]
    assert copies() == 0


@pytest.mark.parametrize(("dtype", "name"), [("f16", "float16"), ("i32", "int32"), ("i8", "int8"), ("u8", "uint8")])
def test_the_native_tiers_dtypes(np: Any, native: None, dtype: str, name: str, copies: Callable[[], int]) -> None:
    tensor = rt.tensor([[1, 2, 3], [4, 5, 6]]).to(dtype)
    array = np.asarray(tensor.transpose(0, 1))
    assert (array.dtype, array.shape) == (np.dtype(name), (3, 2))
    before = copies()
    array[0, 0] = 100
    assert tensor.tolist()[0][0] == 100
    assert np.asarray(tensor, dtype="f8").tolist() == tensor.tolist()
    assert copies() == before
    assert np.asarray(rt.zeros([0, 2]).to(dtype)).shape == (0, 2)


def test_bf16_becomes_f32(np: Any, native: None, copies: Callable[[], int]) -> None:
    tensor = rt.tensor([1.0, 2.5]).to("bf16")
    before = copies()
    array = np.asarray(tensor)
    assert (array.dtype, array.tolist(), copies() - before) == (np.float32, [1, 2.5], 1)
    with pytest.raises(ValueError, match="copy=False: a tensor of dtype bf16 on cpu goes to NumPy by copying"):
        tensor.__array__(copy=False)


def test_a_list_is_copied_into_memory_once(np: Any, copies: Callable[[], int]) -> None:
    tensor = rt.tensor([1.0, 2.0])
    first, second = np.asarray(tensor), np.asarray(tensor)
    first[0] = 7
    assert second[0] == 7
    assert copies() == 1


def test_nothing_of_ours_imports_numpy() -> None:
    script = (
        "import sys, array, rt_torch as rt\n"
        "rt.from_buffer(array.array('d', [1])); rt.from_dlpack(rt.tensor([1.0]).__dlpack__())\n"
        "try: rt.from_numpy([1])\n"
        "except rt.ArgumentTypeError: pass\n"
        "assert 'numpy' not in sys.modules and 'torch' not in sys.modules\n"
        "sys.modules['numpy'] = None\n"
        "try: rt.tensor([1.0]).__array__()\n"
        "except ModuleNotFoundError as error: print(error)\n"
    )
    result = subprocess.run([sys.executable, "-W", "error", "-c", script], capture_output=True, text=True, check=True)
    assert "NumPy is not installed" in result.stdout


def test_a_tensor_of_another_library_is_told_from_ours(torch: Any) -> None:
    for operands in ((rt.ones([2]), torch.ones(2)), (torch.ones(2), rt.ones([2]))):
        with pytest.raises(TypeError, match=r"given torch\.Tensor: convert it first"):
            operator.add(*operands)


@pytest.mark.parametrize(
    "compute", [operator.add, operator.mul, operator.matmul, operator.eq, operator.ne, operator.lt]
)
def test_an_array_is_no_operand_and_says_so(np: Any, compute: Callable[[Any, Any], Any]) -> None:
    """For == and != Python would fall back on identity otherwise, and answer False."""
    tensor, array = rt.ones([2]), np.ones(2)
    for operands in ((tensor, array), (array, tensor)):
        if compute is operator.matmul and operands[0] is array:
            continue  # there is no reflected one
        with pytest.raises(TypeError, match=r"given numpy\.ndarray: convert it first"):
            compute(*operands)


class TestFunctions:
    """NumPy's functions take tensors as arrays."""

    def test_reductions(self, np: Any, resident: Resident) -> None:
        x = resident(rt.tensor([[1.0, 2.0], [3.0, 5.0]]))
        assert (np.sum(x), np.mean(x), np.max(x), np.prod(x)) == (11.0, 2.75, 5.0, 30.0)
        assert np.sum(x, axis=0).tolist() == [4.0, 7.0]
        assert np.sum(x, axis=(0, 1), keepdims=True).tolist() == [[11.0]]
        assert type(np.sum(x, axis=0)) is np.ndarray

    def test_others(self, np: Any, resident: Resident) -> None:
        x = resident(rt.tensor([[1.0, 2.0], [3.0, 5.0]]))
        assert np.transpose(x).tolist() == [[1.0, 3.0], [2.0, 5.0]]
        assert np.concatenate([x, np.ones((1, 2))]).shape == (3, 2)
        assert np.stack((x, x)).shape == (2, 2, 2)
        assert np.where(x > 2.0, x, np.zeros((2, 2))).tolist() == [[0.0, 0.0], [3.0, 5.0]]
        assert np.allclose(x, x) and np.array_equal(x, x.numpy())
        assert np.einsum("ij,jk->ik", x, x).tolist() == (x @ x).tolist()
        assert np.shape(x) == (2, 2) and np.ndim(x) == 2

    def test_results_go_into_a_tensor(self, np: Any, resident: Resident) -> None:
        x = resident(rt.tensor([[1.0, 2.0], [3.0, 5.0]]))
        out = resident(rt.zeros(2))
        np.sum(x, axis=0, out=out)
        assert out.tolist() == [4.0, 7.0]

    def test_nothing_is_copied(self, np: Any, resident: Resident) -> None:
        x = resident(rt.from_numpy(np.array([1.0, 2.0])))
        before = rt.get_transfers().copies
        assert np.shares_memory(np.reshape(x, (2, 1)), x.numpy())
        assert rt.get_transfers().copies == before

    def test_their_errors_are_numpys(self, np: Any) -> None:
        with pytest.raises(np.exceptions.AxisError if hasattr(np, "exceptions") else np.AxisError):
            np.sum(rt.ones(2), axis=1)

    def test_others_come_first(self, np: Any) -> None:
        class Other:
            def __array_function__(self, function: Any, types: Any, arguments: Any, named: Any) -> str:
                return "other"

        assert np.concatenate([rt.ones(2), Other()]) == "other"
