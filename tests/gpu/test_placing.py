"""Tensors that are made on a GPU, and go there and back."""

from __future__ import annotations

import pickle
from array import array
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import rt_torch as rt
from rt_torch import native, nn, optim

pytestmark = [pytest.mark.gpu, pytest.mark.usefixtures("settled", "no_handle_left")]

MAKERS: dict[str, Callable[..., rt.Tensor]] = {
    "tensor": lambda **named: rt.tensor([[1.5, 2.0], [3.0, 4.0]], **named),
    "a number": lambda **named: rt.tensor(3, **named),
    "memory": lambda **named: rt.tensor(array("f", [1.0, 2.0]), **named),
    "from_data": lambda **named: rt.from_data([1, 2, 3, 4], [2, 2], **named),
    "zeros": lambda **named: rt.zeros(2, 3, **named),
    "ones": lambda **named: rt.ones([2, 3], **named),
    "full": lambda **named: rt.full([2], 7.5, **named),
    "a large integer": lambda **named: rt.full([2], (1 << 60) + 1, **named),
    "arange": lambda **named: rt.arange(1, 10, 2, **named),
    "Tensor": lambda **named: rt.Tensor([True, False], **named),
}


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS.keys())
def test_everything_that_makes_tensors_makes_them_there(
    make: Callable[..., rt.Tensor], alike: Callable[..., None]
) -> None:
    for name in ("cuda", "gpu", "cuda:0"):
        made = make(device=name)
        assert (made.device, made.is_cuda, made.residency) == ("cuda:0", True, "native")
        alike(made, make())


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS.keys())
def test_on_another_gpu(make: Callable[..., rt.Tensor], second: str, alike: Callable[..., None]) -> None:
    made = make(device=second)
    assert made.device == second
    alike(made, make())


@pytest.mark.parametrize("dtype", ["f64", "f32", "f16", "bf16", "i64", "i32", "i16", "i8", "u8", "bool"])
def test_every_dtype(dtype: str) -> None:
    made = rt.tensor([0, 1, 1, 0], dtype=dtype, device="cuda")
    assert (made.dtype, made.device) == (dtype, "cuda:0")
    assert made.tolist() == rt.tensor([0, 1, 1, 0], dtype=dtype).tolist()
    assert (made == made).tolist() == [True] * 4


@pytest.mark.parametrize("make", [rt.randn, rt.rand])
@pytest.mark.parametrize("dtype", ["f64", "f32"])
def test_random_numbers_are_those_of_the_cpu(
    make: Callable[..., rt.Tensor], dtype: str, alike: Callable[..., None]
) -> None:
    rt.manual_seed(3)
    there, more = make(5, 3, dtype=dtype, device="cuda"), make([4], dtype=dtype)
    rt.manual_seed(3)
    here, more_here = make(5, 3, dtype=dtype), make([4], dtype=dtype, device="cuda")
    alike(there, here)
    alike(more, more_here)


def test_like_another_one() -> None:
    x = rt.tensor([1, 2], device="cuda")
    assert (rt.zeros_like(x).device, rt.ones_like(x).dtype) == ("cuda:0", "i64")


def test_a_tensor_s_copy_is_where_that_is() -> None:
    x = rt.tensor([1.0, 2.0], device="cuda")
    copy = rt.tensor(x)
    x[0] = 5.0
    assert (copy.device, copy.tolist()) == ("cuda:0", [1.0, 2.0])
    assert (rt.tensor(x, device="cpu").device, rt.tensor(x, dtype="f32").device) == ("cpu", "cuda:0")
    assert rt.tensor(x.cpu(), device="cuda").device == "cuda:0"


def test_a_copy_of_another_library_s_tensor_is_where_that_is() -> None:
    x = rt.tensor([1.0, 2.0], device="cuda")

    class Others:
        def __dlpack_device__(self) -> tuple[int, int]:
            return x.__dlpack_device__()

        def __dlpack__(self, stream: int | None = None) -> Any:
            return x.__dlpack__(stream=stream)

    copy = rt.tensor(Others())
    x[0] = 5.0
    assert (copy.device, copy.tolist()) == ("cuda:0", [1.0, 2.0])
    assert (rt.tensor(Others(), dtype="f32").device, rt.tensor(Others(), device="cpu").device) == ("cuda:0", "cpu")


def test_where_a_configuration_says() -> None:
    with rt.Config(device="gpu", dtype="f32", seed=4).applied():
        made = [
            rt.tensor([1.0, 2.0]),
            rt.from_data([1.0], [1]),
            rt.zeros(2),
            rt.ones([2]),
            rt.full([2], 1.5),
            rt.arange(3.0),
            rt.randn(2),
            rt.rand([2]),
            nn.Linear(2, 3)(rt.ones(2, 2)),
        ]
        assert {(each.device, each.dtype) for each in made} == {("cuda:0", "f32")}
        assert rt.tensor(rt.ones([1], device="cpu")).device == "cpu"
    assert rt.zeros(2).device == "cpu"


class TestTo:
    def test_there_and_back(self, alike: Callable[..., None]) -> None:
        x = rt.tensor([[1.0, 2.0], [3.0, 4.0]])
        there = x.to("cuda")
        assert (there.device, x.device) == ("cuda:0", "cpu")
        assert there.cpu().device == there.to("cpu").device == "cpu"
        alike(there.cpu(), x)
        assert x.cuda().device == x.cuda(0).device == x.cuda("cuda:0").device == x.to(device="gpu").device == "cuda:0"

    def test_where_nothing_changes_it_is_itself(self) -> None:
        x = rt.ones([2], device="cuda")
        for same in (x.to("cuda"), x.to("gpu"), x.to("cuda:0"), x.cuda(), x.to("f64"), x.to("cuda", "f64"), x.to(x)):
            assert same is x
        copy = x.to("cuda", copy=True)
        copy[0] = 5.0
        assert x.tolist() == [1.0, 1.0]

    def test_device_and_dtype_together(self) -> None:
        x = rt.tensor([1.5, -2.5])
        for there in (
            x.to("cuda", "f32"),
            x.to("f32", "cuda"),
            x.to(dtype="f32", device="cuda"),
            x.to("cuda", dtype="f32"),
        ):
            assert (there.device, there.dtype, there.tolist()) == ("cuda:0", "f32", [1.5, -2.5])
        assert x.to("cuda", "bf16").to("cpu", "f64").tolist() == [1.5, -2.5]

    def test_as_another_tensor_is(self) -> None:
        like = rt.zeros([1], dtype="f32", device="cuda")
        assert (rt.tensor([1, 2]).to(like).device, rt.tensor([1, 2]).to(like).dtype) == ("cuda:0", "f32")

    def test_between_gpus(self, second: str) -> None:
        x = rt.tensor([1.0, 2.0], device="cuda:0")
        there = x.to(second)
        assert (there.device, there.tolist(), x.cuda(1).device) == (second, [1.0, 2.0], second)

    def test_each_copy_is_counted(self, copies: Callable[[], int]) -> None:
        x = rt.ones([3]).to_native()
        before = copies()
        there = x.to("cuda")
        assert copies() == before + 1
        there.to("cuda")
        assert copies() == before + 1
        there.cpu()
        assert copies() == before + 2

    def test_a_gpu_that_is_not_there(self) -> None:
        last = native.cuda_device_count() - 1
        for name in (f"cuda:{last + 1}", "cuda:999"):
            said = rf'argument `device`: "{name}" is not there: the last device is cuda:{last}'
            with pytest.raises(rt.BadArgumentError, match=said):
                rt.ones([1]).to(name)
            with pytest.raises(rt.BadArgumentError, match=said):
                rt.zeros([1], device=name)


def test_elements_from_elsewhere() -> None:
    """They take the tensor along, unless there is a gradient, which is where its tensor is."""
    x = rt.ones([2], device="cuda", requires_grad=True)
    x.data = rt.zeros([2])
    assert (x.device, x.requires_grad) == ("cpu", True)
    x.sum().backward()
    with pytest.raises(rt.BadArgumentError, match="there is a gradient on cpu; given elements on cuda:0: set `grad`"):
        x.data = rt.ones([2], device="cuda")
    assert x.device == "cpu"
    x.grad = None
    x.data = rt.ones([2], device="cuda")
    (x * x).sum().backward()
    assert x.grad is not None
    assert (x.device, x.grad.device, x.grad.tolist()) == ("cuda:0", "cuda:0", [2.0, 2.0])


class TestModules:
    def test_layers_are_made_there(self) -> None:
        layers = (
            nn.Linear(3, 2, device="cuda"),
            nn.Conv2d(1, 2, 3, device="cuda"),
            nn.Embedding(4, 3, device="cuda"),
            nn.BatchNorm1d(3, device="cuda"),
            nn.LayerNorm(3, device="cuda"),
        )
        for layer in layers:
            assert {tensor.device for tensor in (*layer.parameters(), *layer.buffers())} == {"cuda:0"}

    def test_a_module_goes_there_and_back(self, alike: Callable[..., None]) -> None:
        model = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Linear(4, 2))
        before = {name: tensor.to("cpu", copy=True) for name, tensor in model.state_dict().items()}
        kept = [*model.parameters()]
        assert model.to("cuda") is model
        assert {tensor.device for tensor in (*model.parameters(), *model.buffers())} == {"cuda:0"}
        assert all(a is b for a, b in zip(model.parameters(), kept, strict=True))
        assert model.cpu() is model
        assert model.cuda("cuda:0").to("cpu") is model
        for name, tensor in model.state_dict().items():
            alike(tensor, before[name])

    def test_device_and_dtype_at_once(self) -> None:
        model = nn.Linear(2, 2).to("cuda", "f32")
        assert (model.weight.device, model.weight.dtype) == ("cuda:0", "f32")
        model.to(rt.zeros([1]))
        assert (model.weight.device, model.weight.dtype) == ("cpu", "f64")

    def test_gradients_go_along(self) -> None:
        model = nn.Linear(2, 1)
        model(rt.ones([1, 2])).sum().backward()
        model.to("cuda")
        assert model.weight.grad is not None
        assert (model.weight.grad.device, model.weight.grad.tolist()) == ("cuda:0", [[1.0, 1.0]])

    def test_a_state_from_the_cpu_is_loaded_there(self, alike: Callable[..., None]) -> None:
        source, target = nn.Linear(2, 2), nn.Linear(2, 2, dtype="f32", device="cuda")
        target.load_state_dict(source.state_dict())
        assert (target.weight.device, target.weight.dtype) == ("cuda:0", "f32")
        alike(target.weight, source.weight.to("f32"))


@pytest.mark.parametrize("kind", [optim.SGD, optim.Adam, optim.AdamW, optim.RMSprop])
def test_an_optimizer_follows_its_parameters(kind: type[optim.Optimizer], alike: Callable[..., None]) -> None:
    def trained(*devices: str) -> nn.Module:
        rt.manual_seed(1)
        model = nn.Linear(3, 1)
        named = {"momentum": 0.9} if kind in (optim.SGD, optim.RMSprop) else {}
        optimizer = kind(model.parameters(), lr=0.1, **named)
        for device in devices:
            model.to(device)
            optimizer.zero_grad()
            (model(rt.ones([2, 3], device=device)) ** 2).sum().backward()
            optimizer.step()
            states = optimizer.state_dict()["state"].values()
            kept = [value for state in states for value in state.values() if isinstance(value, rt.Tensor)]
            assert {tensor.device for tensor in kept} <= {model.weight.device}
        return model

    moved, still = trained("cpu", "cuda", "cuda", "cpu"), trained("cpu", "cpu", "cpu", "cpu")
    alike(moved.weight, still.weight, 1e-12)
    alike(moved.bias, still.bias, 1e-12)


def test_files_are_read_there_and_written_from_there(tmp_path: Path, alike: Callable[..., None]) -> None:
    path = tmp_path / "tensors.safetensors"
    x = rt.tensor([[1.5, -2.0]], dtype="f32")
    rt.safetensors.save_file({"there": x.cuda(), "half": x.to("cuda", "bf16"), "turned": x.cuda().T}, path)
    here, there = rt.safetensors.load_file(path), rt.safetensors.load_file(path, device="cuda")
    assert {tensor.device for tensor in there.values()} == {"cuda:0"}
    alike(here["there"], x)
    alike(there["turned"], x.T)
    assert there["half"].dtype == "bf16"


def test_pickles_come_back_to_where_they_were(alike: Callable[..., None]) -> None:
    x = rt.tensor([1.0, 2.0], device="cuda", requires_grad=True)
    back = pickle.loads(pickle.dumps(x))
    assert (back.device, back.requires_grad) == ("cuda:0", True)
    alike(back, x)


def test_batches_of_what_is_there(alike: Callable[..., None]) -> None:
    x, y = rt.arange(12, dtype="f64").reshape([6, 2]), rt.arange(6)
    loaders = [rt.data.DataLoader(x.to(device), y.to(device), batch_size=4, seed=1) for device in ("cuda", "cpu")]
    for (a, b), (c, d) in zip(*loaders, strict=True):
        assert a.device == b.device == "cuda:0"
        alike(a, c)
        alike(b, d)
    split = rt.data.train_test_split(x.cuda(), seed=3)
    for there, here in zip(split, rt.data.train_test_split(x, seed=3), strict=True):
        assert there.device == "cuda:0"
        alike(there, here)
