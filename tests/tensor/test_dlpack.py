"""DLPack: capsules in both forms, both ways, with NumPy, torch, and a producer and a consumer made of ctypes."""

from __future__ import annotations

import ctypes
import gc
import re
import subprocess
import sys
import textwrap
import threading
from array import array
from collections.abc import Callable
from typing import Any

import pytest

import rt_torch as rt
from rt_torch._exchange import dlpack

pytestmark = pytest.mark.usefixtures("no_handle_left")

Resident = Callable[[rt.Tensor], rt.Tensor]
DTYPES = {"f64": "float64", "f32": "float32", "i64": "int64", "bool": "bool"}


class Producer:
    """Shares 2x3 numbers, and counts how often its deleter is called."""

    def __init__(self, *, versioned: bool = False, code: int = 2, bits: int = 64, **fields: Any) -> None:
        self.numbers = (ctypes.c_double * 8)(*range(8))
        self.deleted: list[int] = []
        self.threads: list[int] = []
        self.name = b"dltensor_versioned" if versioned else b"dltensor"
        self.managed = managed = dlpack._STRUCTS[self.name]()
        self.shape, self.strides = (ctypes.c_int64 * 2)(2, 3), (ctypes.c_int64 * 2)(3, 1)
        self.deleter = managed.deleter = dlpack._Deleter(self.delete)
        tensor = managed.tensor
        tensor.data, tensor.ndim, tensor.shape, tensor.strides = (
            ctypes.addressof(self.numbers),
            2,
            self.shape,
            self.strides,
        )
        tensor.device_type, tensor.code, tensor.bits, tensor.lanes = 1, code, bits, 1
        if versioned:
            managed.major = 1
        for name, value in fields.items():
            setattr(managed if hasattr(managed, name) else tensor, name, value)

    def delete(self, address: int) -> None:
        self.deleted.append(address)
        self.threads.append(threading.get_ident())

    def capsule(self) -> Any:
        return dlpack._capsule_new(ctypes.addressof(self.managed), self.name, None)


class Holder:
    """Any library's tensor."""

    def __init__(self, capsule: Callable[..., Any], device: tuple[int, int] = (1, 0)) -> None:
        self.capsule = capsule
        self.device = device

    def __dlpack__(self, **wanted: Any) -> Any:
        return self.capsule(**wanted)

    def __dlpack_device__(self) -> tuple[int, int]:
        return self.device


# In.


@pytest.mark.parametrize("versioned", [False, True])
def test_memory_is_shared_until_the_last_view_is_gone(versioned: bool, resident: Resident) -> None:
    producer = Producer(versioned=versioned)
    tensor = resident(rt.from_dlpack(producer.capsule()))
    assert tensor.tolist() == [[0, 1, 2], [3, 4, 5]]
    producer.numbers[5] = 50
    tensor[0, 0] = -1
    assert (tensor.tolist()[1][2], producer.numbers[0]) == (50, -1)
    column = tensor[:, 1]
    memory = tensor.memoryview()
    del tensor
    assert not producer.deleted
    memory.release()
    assert column.tolist() == [1, 4] and not producer.deleted
    del column, memory
    assert producer.deleted == [ctypes.addressof(producer.managed)]


def test_the_deleter_is_called_where_the_last_view_goes() -> None:
    producer = Producer()
    held = [rt.from_dlpack(producer.capsule())]
    thread = threading.Thread(target=held.clear)
    thread.start()
    thread.join()
    assert len(producer.deleted) == 1 and producer.threads != [threading.get_ident()]


def test_there_may_be_no_deleter_and_no_strides() -> None:
    producer = Producer(deleter=dlpack._Deleter(), strides=None)
    tensor = rt.from_dlpack(producer.capsule())
    assert tensor.tolist() == [[0, 1, 2], [3, 4, 5]]
    del tensor
    assert not producer.deleted


def test_offset_and_steps_backwards() -> None:
    producer = Producer(byte_offset=8 * 7)
    producer.strides[:] = [-3, -1]
    tensor = rt.from_dlpack(producer.capsule())
    assert (tensor.tolist(), tensor.strides) == ([[7, 6, 5], [4, 3, 2]], (-3, -1))
    tensor[1, 2] = 20
    assert producer.numbers[2] == 20


def test_no_elements() -> None:
    producer = Producer(data=None)
    producer.shape[0] = 0
    assert rt.from_dlpack(producer.capsule()).shape == (0, 3)
    assert len(producer.deleted) == 1


def test_read_only_memory_is_copied(copies: Callable[[], int]) -> None:
    producer = Producer(versioned=True, flags=1)
    tensor = rt.from_dlpack(producer.capsule())
    assert (len(producer.deleted), copies()) == (1, 1)
    tensor[0, 0] = 9
    assert producer.numbers[0] == 0


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"data": None}, r"its data is NULL, with the shape \[2, 3\]"),
        ({"ndim": -1}, "it has -1 dimensions, and a tensor has 0 to 64"),
        ({"ndim": 65}, "it has 65 dimensions"),
        ({"shape": None}, "its shape is NULL, with 2 dimensions"),
        (
            {"shape": (ctypes.c_int64 * 2)(1 << 40, 1 << 40)},
            r"the number of elements of the shape .* overflows 63 bits",
        ),
        ({"shape": (ctypes.c_int64 * 2)(1 << 61, 1)}, r"the size in bytes of the shape .* overflows 63 bits"),
        (
            {"strides": (ctypes.c_int64 * 2)(1 << 62, 1)},
            r"the strides \[4611686018427387904, 1\] lead out of all memory",
        ),
        ({"strides": (ctypes.c_int64 * 2)(-(1 << 62), 1)}, "the strides .* lead out of all memory"),
        ({"versioned": True, "major": 2}, "its DLPack version is none that is known here; 1.x is"),
        (
            {"versioned": True, "bits": 16},
            "DLPack type code 2 with 16 bits on device type 1 in a capsule of the versioned",
        ),
    ],
)
def test_what_is_wrong_stays_the_callers(fields: dict[str, Any], text: str) -> None:
    producer = Producer(**fields)
    capsule = producer.capsule()
    for _ in range(2):
        with pytest.raises(rt.BadArgumentError, match=rf"rt\.from_dlpack: argument `source`: {text}"):
            rt.from_dlpack(capsule)
    assert not producer.deleted


def test_a_negative_size() -> None:
    producer = Producer()
    producer.shape[1] = -3
    with pytest.raises(rt.BadArgumentError, match=r"the shape \[2, -3\] has a negative size"):
        rt.from_dlpack(producer.capsule())


def test_a_capsule_is_good_for_one_tensor() -> None:
    producer = Producer()
    capsule = producer.capsule()
    tensor = rt.from_dlpack(capsule)
    with pytest.raises(rt.BadArgumentError, match="used up before"):
        rt.from_dlpack(capsule)
    del tensor
    assert len(producer.deleted) == 1


@pytest.mark.parametrize("value", [1.0, [1.0], None, b"dltensor", array("d", [1])])
def test_what_has_no_dlpack(value: Any) -> None:
    with pytest.raises(rt.ArgumentTypeError, match="an object with __dlpack__, or a DLPack capsule, is expected"):
        rt.from_dlpack(value)


def test_a_capsule_of_something_else() -> None:
    import datetime

    with pytest.raises(rt.ArgumentTypeError, match=r"the capsule's name is b'datetime.datetime_CAPI'"):
        rt.from_dlpack(datetime.datetime_CAPI)


@pytest.mark.parametrize("returned", [None, 1, "dltensor", [1.0], object()], ids=lambda value: type(value).__name__)
def test_a_producer_whose_capsule_is_none(returned: Any) -> None:
    with pytest.raises(
        rt.ArgumentTypeError, match=r"argument `source`: __dlpack__ of .*Holder.* returned .*, which is no capsule"
    ):
        rt.from_dlpack(Holder(lambda **wanted: returned))


def test_a_producer_that_fails_is_heard() -> None:
    def fail(**wanted: Any) -> Any:
        raise BufferError("not today")

    with pytest.raises(BufferError, match="not today"):
        rt.from_dlpack(Holder(fail))


def test_older_producers_know_no_versions() -> None:
    producer = Producer()
    assert rt.from_dlpack(Holder(lambda: producer.capsule())).shape == (2, 3)


def test_another_dtype_is_for_the_native_tier(native: None) -> None:
    old, new = Producer(bits=16), Producer(bits=16, versioned=True)

    def capsule(max_version: Any = None) -> Any:
        return (old if max_version is None else new).capsule()

    tensor = rt.from_dlpack(Holder(capsule))
    assert (tensor.dtype, tensor.residency) == ("f16", "native")
    del tensor
    assert (len(old.deleted), len(new.deleted)) == (1, 0)


def test_another_dtype_without_the_native_tier() -> None:
    script = """
        import numpy as np, rt_torch as rt
        try: rt.from_dlpack(np.zeros(2, "int32"))
        except rt.LibraryMissingError as error: print(error)
        """
    pytest.importorskip("numpy")
    out = _run(script, RT_TORCH_LIBRARY="none")
    assert out.startswith(
        "rt.from_dlpack: argument `source`: DLPack type code 0 with 32 bits on device type 1 is for the"
    )


def test_our_own_tensors(resident: Resident) -> None:
    tensor = resident(rt.tensor([1.0, 2.0]))
    other = rt.from_dlpack(tensor)
    other[0] = 10
    assert tensor.tolist() == [10, 2]


# Out.


def _read(capsule: Any) -> Any:
    """The struct in a fresh capsule."""
    return dlpack._opened(capsule)[1]


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("version", [None, (1, 0), (1, 1), (2, 0)])
def test_capsules(dtype: str, version: Any, exporter: str) -> None:
    tensor = rt.tensor([[0, 1, 1], [1, 0, 0]], dtype=dtype).transpose(0, 1)
    capsule = tensor.__dlpack__(max_version=version)
    if exporter == "callback":
        assert dlpack._capsule_name(capsule) == (b"dltensor_versioned" if version else b"dltensor")
    struct = _read(capsule).tensor
    assert (struct.device_type, struct.device_id, struct.ndim, struct.lanes) == (1, 0, 2, 1)
    assert dlpack._DTYPES[struct.code, struct.bits] == dtype
    assert (struct.shape[:2], struct.strides[:2]) == ([3, 2], [1, 3])
    other = rt.from_dlpack(capsule)
    other[2, 1] = True
    assert tensor.tolist() == other.tolist() == [[0, 1], [1, 0], [1, 1]]


@pytest.mark.parametrize("key", [slice(None, None, -1), slice(1, 1), slice(None, None, 2), 1])
def test_parts(key: Any, exporter: str) -> None:
    tensor = rt.from_buffer(array("d", range(12)), (4, 3))
    other = rt.from_dlpack(Holder(tensor[key].__dlpack__))
    assert (other.shape, other.tolist()) == (tensor[key].shape, tensor[key].tolist())
    other[...] = 0
    backwards = key == slice(None, None, -1)  # torch dies of that, so it is given as a copy, which is counted
    assert (tensor[key].tolist() == other.tolist()) is not backwards


@pytest.mark.parametrize("take", [True, False])
def test_memory_is_held_as_long_as_it_is_used(take: bool, exporter: str, quick_collections: None) -> None:
    numbers = array("d", range(4))
    capsule = rt.from_buffer(numbers).__dlpack__()
    if take:
        tensor = rt.from_dlpack(capsule)
        del capsule
        gc.collect()
        with pytest.raises(BufferError):
            numbers.append(1)
        tensor[0] = 9
        assert numbers[0] == 9
        del tensor
    else:
        gc.collect()
        with pytest.raises(BufferError):
            numbers.append(1)
        del capsule
        gc.collect()
    numbers.append(1)
    assert not dlpack._live


def test_native_memory_is_held_as_long_as_it_is_used(native: None) -> None:
    with rt.acceleration("native"):
        tensor = rt.ones([3]) + rt.ones([3])
    other = rt.from_dlpack(tensor.__dlpack__())
    unused = tensor.__dlpack__()
    del tensor
    assert other.tolist() == [2, 2, 2]
    del unused
    gc.collect()
    assert not [capsule for capsule in dlpack._unclaimed if dlpack._capsule_name(capsule) == b"dltensor"]


@pytest.mark.parametrize("dtype", ["f16", "bf16", "i32", "i16", "i8", "u8"])
def test_the_native_tiers_dtypes(native: None, dtype: str) -> None:
    tensor = rt.tensor([1, 2, 3]).to(dtype)
    other = rt.from_dlpack(Holder(tensor.__dlpack__))
    assert (other.dtype, other.tolist()) == (dtype, [1, 2, 3])
    again = rt.from_dlpack(tensor)
    assert again.dtype == dtype


def test_what_the_consumer_wants(resident: Resident) -> None:
    tensor = resident(rt.tensor([1.0, 2.0]))
    assert tensor.__dlpack_device__() == (1, 0)
    copy = rt.from_dlpack(tensor.__dlpack__(copy=True, dl_device=(1, 0)))
    copy[0] = 5
    assert tensor.tolist() == [1, 2]
    shared = rt.from_dlpack(tensor.__dlpack__(copy=False, dl_device=(1, 0)))
    shared[0] = 5
    assert tensor.tolist() == [5, 2]
    with pytest.raises(BufferError, match=r"a tensor on cpu cannot be given on DLPack's device \(2, 0\)"):
        tensor.__dlpack__(dl_device=(2, 0))
    with pytest.raises(rt.BadArgumentError, match="argument `stream`: the CPU has none; given 1"):
        tensor.__dlpack__(stream=1)


@pytest.mark.parametrize("name", ["max_version", "dl_device"])
@pytest.mark.parametrize("given", [1, (), (1,), (1, 0, 0), "ab", (1.0, 0), (None, 0)], ids=repr)
def test_what_is_no_pair_of_integers(exporter: str, name: str, given: Any) -> None:
    problem = re.escape(f"__dlpack__: argument `{name}`: two integers, or None, are expected; given {given!r}")
    with pytest.raises(rt.ArgumentTypeError, match=problem):
        rt.tensor([1.0]).__dlpack__(**{name: given})


# NumPy and torch.


def _resident_of(kind: str) -> rt.Tensor:
    """2x3 numbers 0 to 5."""
    if kind == "list":
        return rt.tensor([[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]])
    tensor = rt.from_buffer(array("d", range(6)), (2, 3))
    if kind == "memory":
        return tensor
    if kind == "shared":
        return tensor.to_native()
    with rt.acceleration("native"):
        return tensor + 0.0


@pytest.fixture(params=["list", "memory", "shared", "native"])
def kind(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    if name in ("shared", "native"):
        request.getfixturevalue("native")
    return name


def test_to_numpy(np: Any, kind: str) -> None:
    tensor = _resident_of(kind)
    other = np.from_dlpack(tensor)
    if np.lib.NumpyVersion(np.__version__) >= "2.1.0":  # before, NumPy only reads what comes by DLPack
        other[1, 1] = 40
    tensor[0, 0] = -1
    assert other.tolist() == tensor.tolist()
    assert other[0, 0] == -1
    del tensor
    assert other[1, 2] == 5


def test_to_torch(torch: Any, kind: str) -> None:
    tensor = _resident_of(kind)
    other = torch.from_dlpack(tensor)
    other[1, 1] = 40
    tensor[0, 0] = -1
    assert other.tolist() == tensor.tolist() == [[-1, 1, 2], [3, 40, 5]]
    with pytest.raises(RuntimeError, match="not resizable"):
        other.untyped_storage().resize_(100_000)
    del tensor
    assert other[1, 2] == 5


@pytest.mark.parametrize("dtype", DTYPES)
def test_from_numpy(np: Any, dtype: str, resident: Resident, copies: Callable[[], int]) -> None:
    array = np.arange(6).astype(DTYPES[dtype]).reshape(2, 3)
    tensor = resident(rt.from_dlpack(array[:, ::-1]))
    array[0, 0] = tensor[1, 1] = 0
    assert tensor.tolist() == array[:, ::-1].tolist()
    assert tensor.dtype == dtype


@pytest.mark.parametrize("dtype", DTYPES)
def test_from_torch(torch: Any, dtype: str, resident: Resident, copies: Callable[[], int]) -> None:
    from torch.utils.dlpack import to_dlpack

    other = torch.arange(6).to(getattr(torch, DTYPES[dtype])).reshape(2, 3)
    for source in (other.T, to_dlpack(other.T)):
        tensor = resident(rt.from_dlpack(source))
        other[0, 0] = 1
        tensor[2, 0] = 0
        assert tensor.tolist() == other.T.tolist()
        assert (tensor.dtype, tensor.strides) == (dtype, (1, 3))
    assert copies() == 0
    assert rt.tensor(other).tolist() == other.tolist()


@pytest.mark.parametrize("name", ["bfloat16", "float16", "int32", "uint8"])
def test_from_torch_natively(torch: Any, native: None, name: str, copies: Callable[[], int]) -> None:
    other = torch.ones(3, dtype=getattr(torch, name))
    tensor = rt.from_dlpack(other)
    other[1] = 7
    assert tensor.tolist() == [1, 7, 1]
    assert torch.from_dlpack(tensor).data_ptr() == other.data_ptr()


def test_torch_tensors_with_gradients(torch: Any) -> None:
    with pytest.raises(BufferError, match="require gradient"):
        rt.from_dlpack(torch.ones(2, requires_grad=True))


def test_through_everybody(np: Any, torch: Any, native: None) -> None:
    numbers = array("d", range(4))
    last = rt.from_dlpack(torch.from_dlpack(np.from_dlpack(rt.from_dlpack(np.asarray(rt.from_buffer(numbers))))))
    last.to_native()[2] = 20
    assert numbers[2] == 20
    del last
    numbers.append(1)


# Where callbacks into Python would end badly.


def _run(script: str, **environment: str) -> str:
    import os

    result = subprocess.run(
        [sys.executable, "-W", "error", "-X", "faulthandler", "-c", textwrap.dedent(script)],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert (result.returncode, result.stderr) == (0, "")
    return result.stdout


EXCEPTIONS = """
    import array, gc
    import rt_torch as rt
    {imports}

    def make():
        tensor = rt.from_buffer(array.array("d", range(4)))
        return {prepared}

    def fails(*values): raise KeyError("as it should be")

    def check(function):
        for _ in range(20):
            try:
                function()
            except (KeyError, IndexError, ZeroDivisionError):
                continue
            raise SystemExit("no exception")

    check(lambda: {consumer}(make())[99])
    check(lambda: fails({consumer}(make()), 1))
    check(lambda: fails(make().__dlpack__(), 1))
    check(lambda: [{consumer}(make()), make().__dlpack__(), 1 / 0])
    def nested():
        try:
            return {consumer}(make()), 1 / 0
        finally:
            gc.collect()
    check(nested)
    """


@pytest.mark.parametrize("prepared", ["tensor", "tensor.to_native()", "rt.exp(tensor.to_native())"])
@pytest.mark.parametrize("library", ["numpy", "torch", "rt_torch"])
def test_memory_that_goes_amid_an_exception(prepared: str, library: str, request: pytest.FixtureRequest) -> None:
    pytest.importorskip(library)
    if "native" in prepared:
        request.getfixturevalue("native")
    script = EXCEPTIONS.format(imports=f"import {library}", consumer=f"{library}.from_dlpack", prepared=prepared)
    _run(script, RT_TORCH_ACCEL="native" if "exp" in prepared else "pure")


def test_torch_without_numpy() -> None:
    pytest.importorskip("torch")
    imports = "import sys, warnings; sys.modules['numpy'] = None; warnings.simplefilter('ignore'); import torch"
    script = EXCEPTIONS.format(imports=imports, consumer="torch.from_dlpack", prepared="tensor")
    _run(script)


AT_EXIT = """
    import array, atexit, sys
    {imports}
    import rt_torch as rt
    from rt_torch._exchange import dlpack

    made = []
    def share(): made.append(rt.from_buffer(array.array("d", range(1000))){prepared}.__dlpack__())
    atexit.register(share)
    share()
    share()
    taken = rt.from_dlpack(made.pop())
    {consume}
    sys.stdout.write("done")
    """


@pytest.mark.parametrize("prepared", ["", ".to_native()"])
@pytest.mark.parametrize(
    ("imports", "consume"),
    [
        ("", ""),
        ("import numpy as np", "keep = np.from_dlpack(rt.tensor([1.0]))"),
        ("import torch", "keep = torch.from_dlpack(rt.tensor([1.0])); torch.kept_for_ever = keep"),
    ],
)
def test_the_end_of_the_process(imports: str, consume: str, prepared: str, request: pytest.FixtureRequest) -> None:
    if imports:
        pytest.importorskip(imports.split()[1])
    if prepared:
        request.getfixturevalue("native")
    assert _run(AT_EXIT.format(imports=imports, consume=consume, prepared=prepared)) == "done"


def test_a_deleter_that_is_called_after_python_has_ended() -> None:
    """Py_AtExit functions run when the interpreter is gone; a deleter is called as one of them."""
    script = """
        import array, ctypes
        import rt_torch as rt
        from rt_torch._exchange import dlpack

        capsule = rt.from_buffer(array.array("d", range(1000))).__dlpack__()
        managed = dlpack._opened(capsule)[1]
        address = ctypes.addressof(managed)
        import atexit
        # After the module's own handler, which was registered before: what stands in the struct now is called at the end.
        def later():
            end = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p)(("Py_AtExit", ctypes.pythonapi))
            assert end(ctypes.cast(managed.deleter, ctypes.c_void_p)) == 0
        atexit.unregister(dlpack._disarm)
        atexit.register(later)
        atexit.register(dlpack._disarm)
        """
    _run(script)
