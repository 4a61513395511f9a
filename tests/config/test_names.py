"""Device, DType and Backend: names that are texts, and go wherever such texts do."""

from __future__ import annotations

import copy
import json
import pickle
from typing import Any

import pytest

import rt_torch as rt
from rt_torch import Backend, Device, DType
from rt_torch.config import cpu, cuda, default_gpu, parse_backend, parse_device, parse_dtype
from rt_torch.pure.dtype import DTYPE_NAMES, FORMATS, ITEM_SIZES


class TestDevice:
    @pytest.mark.parametrize(
        ("name", "text", "number"),
        [
            ("cpu", "cpu", None),
            ("cpu:0", "cpu", None),
            ("gpu", "cuda:0", 0),
            ("cuda", "cuda:0", 0),
            ("cuda:0", "cuda:0", 0),
            ("cuda:12", "cuda:12", 12),
        ],
    )
    def test_names(self, name: str, text: str, number: int | None) -> None:
        for device in (Device(name), parse_device(name), Device(Device(name))):
            assert (str(device), device.to_string(), f"{device}", device) == (text, text, text, text)
            assert (device.is_cpu, device.is_gpu, device.cuda_id()) == (number is None, number is not None, number)
            assert repr(device) == f"Device({text!r})" and type(str(device)) is str

    def test_constants_and_shorthands(self) -> None:
        assert Device() == cpu() == Device.CPU == "cpu"
        assert Device.CUDA() == cuda() == default_gpu() == Device("gpu") == "cuda:0"
        assert Device.CUDA(1) == cuda(1) == "cuda:1" and Device.CUDA(1) != Device.CUDA(2)

    @pytest.mark.parametrize(
        ("name", "hint"),
        [
            ("cuda1", '; did you mean "cuda:1"?'),
            ("gpu:1", '; did you mean "cuda:1"?'),
            ("CUDA:01", '; did you mean "cuda:1"?'),
            ("CPU", '; did you mean "cpu"?'),
            ("gpuu", '; did you mean "gpu"?'),
            ("", ""),
            ("cuda:-1", '; did you mean "cuda:1"?'),
            ("cuda:10000", ""),
            ("mps", ""),
            (0, ""),
            (None, ""),
            (["cpu"], ""),
        ],
    )
    def test_what_is_none(self, name: Any, hint: str) -> None:
        with pytest.raises(rt.BadArgumentError) as caught:
            Device(name)
        wanted = f'unknown device {name!r} ({type(name).__name__}): expected "cpu", "gpu", "cuda" or "cuda:N"{hint}'
        assert str(caught.value) == f"rt.Device: argument `name`: {wanted}"

    @pytest.mark.parametrize("number", [-1, 10_000, 1.0, "1", True, None])
    def test_numbers_that_are_none(self, number: Any) -> None:
        with pytest.raises(rt.BadArgumentError, match=r"^rt\.Device\.CUDA: argument `id`: an integer from 0 to 9999"):
            Device.CUDA(number)

    def test_numpys_numbers_count(self) -> None:
        np = pytest.importorskip("numpy")
        assert Device.CUDA(np.int64(1)) == "cuda:1" and rt.Config(seed=np.uint64(5)).seed == 5
        assert type(rt.Config(seed=np.uint64(5)).seed) is int


class TestDType:
    @pytest.mark.parametrize(
        "name", ["f16", "f32", "f64", "bf16", "i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64", "bool"]
    )
    def test_names(self, name: str) -> None:
        dtype = DType(name)
        assert dtype is parse_dtype(name) is DType[name.upper()]
        assert (str(dtype), dtype.to_string(), f"{dtype}", f"{dtype:>5}", dtype) == (
            name,
            name,
            name,
            f"{name:>5}",
            name,
        )
        assert dtype.is_float == ("f" in name) and dtype.is_signed == (name[0] in "fbi" and name != "bool")
        assert dtype.size_bytes == ITEM_SIZES.get(name, int(name[1:]) // 8 if name[0] == "u" else None)

    def test_every_dtype_of_tensors_has_one(self) -> None:
        assert {*FORMATS} < {*map(str, DType)}
        assert {name: str(DType(name)) for name in DTYPE_NAMES} == DTYPE_NAMES
        assert [DType(f"uint{bits}") for bits in (8, 16, 32, 64)] == ["u8", "u16", "u32", "u64"]

    @pytest.mark.parametrize(
        ("name", "hint"),
        [("f33", True), ("F32", True), ("float", True), ("", False), ("x" * 200, False), (5, False), (None, False)],
    )
    def test_what_is_none(self, name: Any, hint: bool) -> None:
        with pytest.raises(rt.BadArgumentError, match=r"^rt\.DType: unknown dtype .*: expected f16, f32, ") as caught:
            DType(name)
        assert ("; did you mean " in str(caught.value)) == hint


class TestBackend:
    def test_names(self) -> None:
        assert [str(backend) for backend in Backend] == ["native", "torch", "cuda"]
        assert Backend("pytorch") is parse_backend("torch") is Backend.PYTORCH and f"{Backend.CUDA}" == "cuda"
        assert [backend.to_string() for backend in Backend] == ["native", "torch", "cuda"]

    def test_the_modes_that_they_stand_for(self) -> None:
        modes = {backend: backend.mode for backend in Backend}
        assert modes == {"native": rt.AccelMode.PURE, "torch": rt.AccelMode.NATIVE, "cuda": rt.AccelMode.NATIVE}

    def test_what_is_none(self) -> None:
        for name in ("troch", "", "cpu", None, 1):
            with pytest.raises(
                rt.BadArgumentError, match=r"unknown backend .*: expected native, torch, pytorch or cuda"
            ):
                Backend(name)
        with pytest.raises(rt.BadArgumentError, match='did you mean "torch"'):
            Backend("troch")


@pytest.mark.parametrize("name", [Device.CUDA(1), DType.BF16, Backend.PYTORCH])
def test_they_are_texts(name: Any) -> None:
    assert pickle.loads(pickle.dumps(name)) == copy.deepcopy(name) == name == str(name)
    assert type(pickle.loads(pickle.dumps(name))) is type(name)
    assert json.dumps([name]) == f'["{name}"]' and {str(name): 1}[name] == 1


class TestWhereTheyAreTaken:
    def test_tensors(self) -> None:
        x = rt.zeros(2, dtype=DType.F32, device=Device.CPU)
        assert x.dtype == DType.F32 and x.device == Device.CPU and type(x.dtype) is type(x.device) is str
        assert rt.tensor([1, 2], dtype=DType.F32).dtype == rt.Tensor([1], dtype=DType.F32).dtype == "f32"
        assert rt.from_data([1, 2], [2], dtype=DType.BOOL).tolist() == [True, True]
        assert rt.full([1], 2, dtype=DType.F64).dtype == rt.arange(3, dtype=DType.F64).dtype == "f64"
        assert rt.randn(2, dtype=DType.F32).to(DType.I64).dtype == "i64"
        assert x.to(Device.CPU) is x and x.to(DType.F32) is x
        assert rt.pure.zeros([1], DType.F32, Device.CPU).dtype == "f32"
        assert rt.nn.Linear(2, 1, dtype=DType.F32, device=Device.CPU).weight.dtype == "f32"
        assert rt.data.xor(dtype=DType.F32)[0].dtype == rt.data.digits(dtype=DType.F32)[0].dtype == "f32"

    def test_dtypes_that_no_tensor_has_yet(self) -> None:
        for dtype in (DType.U16, DType.U32, DType.U64):
            with pytest.raises(rt.BadArgumentError, match=f'"{dtype}" is no dtype'):
                rt.zeros(1, dtype=dtype)

    @pytest.mark.parametrize("loader", rt.loader.LOADERS)
    def test_every_loader(self, loader: str) -> None:
        from rt_torch import libtorch
        from rt_torch_bindings import functions

        if problem := rt.loader.problem(loader):
            pytest.skip(f"{loader}: {problem}")
        try:
            f = functions.bind(libtorch.prepare(rt.loader.open_library(loader, rt.loader.find_library())))
        except rt.LibraryMissingError as error:
            pytest.skip(str(error))
        if not f.available():
            pytest.skip("no libtorch is found")
        handle = f.zeros([2], DType.BF16, Device.CPU)
        other = f.to_dtype(handle, DType.F64)
        moved = f.to_device(other, Device("cpu:0"))
        assert (f.dtype(handle), f.dtype(other), f.device(moved)) == ("bf16", "f64", "cpu")
        for each in (handle, other, moved):
            f.free(each)
        with pytest.raises(rt.BadArgumentError, match='argument `dtype`: "u32"'):
            f.zeros([2], DType.U32, "cpu")
