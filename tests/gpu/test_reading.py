"""Reading a tensor on a GPU copies it to the CPU, which is counted; or it is refused with what to do."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

import rt_torch as rt
from rt_torch_bindings import functions

pytestmark = [pytest.mark.gpu, pytest.mark.usefixtures("settled", "no_handle_left")]

READINGS: dict[str, Callable[[rt.Tensor], Any]] = {
    "tolist": lambda x: x.tolist(),
    "repr": repr,
    "the numbers of a loop": lambda x: [float(row.sum().item()) for row in x],
    "numpy": lambda x: x.numpy().tolist(),
    "np.asarray": lambda x: pytest.importorskip("numpy").asarray(x).tolist(),
    "np.sum": lambda x: float(pytest.importorskip("numpy").sum(x)),
    "bytes of a file": lambda x: rt.safetensors.save({"x": x}),
}


@pytest.mark.parametrize("read", READINGS.values(), ids=READINGS.keys())
@pytest.mark.parametrize("dtype", ["f64", "f32", "i64", "bool"])
def test_it_reads_as_on_the_cpu(read: Callable[[rt.Tensor], Any], dtype: str, copies: Callable[[], int]) -> None:
    here = rt.tensor([[1, 0, 1], [0, 1, 1]], dtype=dtype)
    there = here.cuda()
    before = copies()
    shown = read(there)
    assert copies() > before
    expected = read(here)
    if isinstance(shown, str):
        shown = shown.replace(", device=cuda:0", "")
    assert shown == expected
    assert there.device == "cuda:0"


def test_numbers() -> None:
    x = rt.tensor([2.5], device="cuda")
    assert (x.item(), float(x), int(x), bool(x), len(x), f"{x.sum():.1f}") == (2.5, 2.5, 2, True, 1, "2.5")
    assert [10, 20][rt.tensor(1, device="cuda")] == 20


def test_a_number_is_one_copy_of_one_element() -> None:
    x = rt.ones([1000], device="cuda")
    rt.reset_stats()
    assert x.sum().item() == 1000.0
    assert rt.get_transfers()[:2] == (1, 1)


@pytest.mark.parametrize("dtype", ["f16", "bf16", "i32", "u8"])
def test_dtypes_that_only_libtorch_has(dtype: str) -> None:
    x = rt.tensor([1, 2], dtype=dtype, device="cuda")
    assert x.tolist() == [1, 2]
    assert repr(x) == f"tensor([{'1., 2.' if 'f' in dtype else '1, 2'}], dtype={dtype}, device=cuda:0)"


def test_where_it_is_shows() -> None:
    assert repr(rt.ones([2], device="cuda")) == "tensor([1., 1.], device=cuda:0)"
    x = rt.ones([1], device="cuda", requires_grad=True)
    assert repr(x) == "tensor([1.], device=cuda:0, requires_grad=True)"


def test_memory_is_refused_with_what_to_do() -> None:
    x = rt.ones([2], device="cuda")
    with pytest.raises(rt.BadArgumentError, match=r"on cuda:0 has no pure side.*convert it with \.cpu\(\) first"):
        x.memoryview()
    with pytest.raises(rt.BadArgumentError, match=r"convert it with \.cpu\(\) first"):
        x.to_pure()
    with pytest.raises(rt.BadArgumentError, match=r"convert it with \.cpu\(\) and \.to\(\"f32\"\) first"):
        x.to("f16").to_pure()
    assert x.to_native() is x
    with pytest.raises(ValueError, match="copy=False"):
        x.__array__(copy=False)


def test_copies_stay_there() -> None:
    x = rt.tensor([1.0, 2.0], device="cuda", requires_grad=True)
    (x * x).sum().backward()
    deep = copy.deepcopy(x)
    for made in (copy.copy(x), deep, x.clone(), x.detach().clone()):
        assert (made.device, made.tolist()) == ("cuda:0", [1.0, 2.0])
    assert deep.grad is not None
    assert (deep.grad.device, deep.grad.tolist()) == ("cuda:0", [2.0, 4.0])


@pytest.fixture
def waited(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The devices whose work somebody waits for."""
    devices: list[str] = []
    monkeypatch.setattr(functions, "cuda_synchronize", devices.append)
    return devices


@pytest.fixture
def side(streams: list[int]) -> int:
    """Another stream than the default one."""
    return streams[0]


class TestDLPack:
    def test_the_device_is_told(self, second: str) -> None:
        assert rt.ones([1], device="cuda").__dlpack_device__() == (2, 0)
        assert rt.ones([1], device=second).__dlpack_device__() == (2, 1)
        assert rt.ones([1]).__dlpack_device__() == (1, 0)

    def test_memory_is_shared(self, copies: Callable[[], int]) -> None:
        x = rt.zeros([2, 2], device="cuda")
        before = copies()
        y = rt.from_dlpack(x)
        again = rt.from_dlpack(x.__dlpack__())
        assert copies() == before
        y[0] = 1.0
        again[1, 1] = 2.0
        assert (y.device, again.device) == ("cuda:0", "cuda:0")
        assert x.tolist() == y.tolist() == again.tolist() == [[1.0, 1.0], [0.0, 2.0]]

    def test_whoever_wants_it_on_the_cpu_gets_a_copy(self, copies: Callable[[], int]) -> None:
        x = rt.ones([2], device="cuda")
        before = copies()
        assert rt.from_dlpack(x.__dlpack__(dl_device=(1, 0))).tolist() == [1.0, 1.0]
        assert copies() == before + 1
        with pytest.raises(BufferError, match="only as a copy"):
            x.__dlpack__(dl_device=(1, 0), copy=False)

    def test_a_consumer_s_stream(self) -> None:
        """Where one is named, the work on the tensor is done before the memory goes there."""
        x = rt.ones([2], device="cuda")
        assert rt.from_dlpack(x.__dlpack__(stream=1)).tolist() == [1.0, 1.0]

    def test_nobody_waits_whose_stream_is_libtorch_s(self, waited: list[str], side: int) -> None:
        x = rt.ones([2], device="cuda")
        for stream in (None, 1, -1):  # the default one, twice, and one that needs no waiting
            rt.from_dlpack(x.__dlpack__(stream=stream))
        with rt.cuda.stream(side):
            rt.from_dlpack(x.__dlpack__(stream=side))
            rt.from_dlpack(x.__dlpack__(stream=-1))
        assert waited == []

    def test_in_another_stream_work_is_done_before(self, waited: list[str], side: int) -> None:
        """None is the default stream, by DLPack's word, and not nobody's."""
        x = rt.ones([2], device="cuda")
        rt.from_dlpack(x.__dlpack__(stream=side))
        with rt.cuda.stream(side):
            for stream in (None, 1, 2):
                rt.from_dlpack(x.__dlpack__(stream=stream))
        assert waited == ["cuda:0"] * 4

    @pytest.mark.parametrize("newest", [True, False], ids=["DLPack 1.0", "before"])
    def test_others_are_told_libtorch_s_stream(self, side: int, *, newest: bool) -> None:
        told: list[int | None] = []
        x = rt.ones([2], device="cuda")

        class Others:
            def __dlpack_device__(self) -> tuple[int, int]:
                return x.__dlpack_device__()

            def __dlpack__(self, *, stream: int | None = None, **more: Any) -> Any:
                if more and not newest:
                    raise TypeError
                told.append(stream)
                return x.__dlpack__(stream=stream)

        assert rt.from_dlpack(Others()).tolist() == [1.0, 1.0]
        with rt.cuda.stream(side):
            assert rt.from_dlpack(Others()).device == "cuda:0"
        assert told == [1, side]

    def test_with_torch(self, torch: Any) -> None:
        x = rt.zeros([2], device="cuda")
        theirs = torch.from_dlpack(x)
        theirs += 3
        assert x.tolist() == [3.0, 3.0]
        back = rt.from_dlpack(theirs)
        back[0] = 7.0
        assert theirs.tolist() == [7.0, 3.0]
