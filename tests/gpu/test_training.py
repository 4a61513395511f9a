"""Networks that learn on a GPU learn what they learn on the CPU."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Callable
from pathlib import Path

import pytest

import rt_torch as rt
from rt_torch import nn, optim, training
from tests.gpu.building import DEVICES

pytestmark = [pytest.mark.gpu, pytest.mark.usefixtures("settled")]

CLOSE = 1e-6  # the orders of sums differ, and a hundred steps go over them


def network(device: str, dtype: str = "f64") -> nn.Sequential:
    rt.manual_seed(5)
    return nn.Sequential(
        nn.Linear(4, 16, dtype=dtype, device=device),
        nn.BatchNorm1d(16, dtype=dtype, device=device),
        nn.Tanh(),
        nn.Dropout(0.1),
        nn.Linear(16, 3, dtype=dtype, device=device),
    )


def flowers(device: str) -> tuple[rt.Tensor, rt.Tensor]:
    x, y = rt.data.iris()
    return rt.data.standardize(x).to(device), y.to(device)


def trainer(device: str, kind: type[optim.Optimizer]) -> training.Trainer:
    model = network(device)
    return training.Trainer(model, kind(model.parameters(), lr=0.02), nn.cross_entropy, metrics=[training.accuracy])


@pytest.mark.parametrize("kind", [optim.SGD, optim.Adam, optim.RMSprop])
def test_the_losses_are_the_cpu_s(kind: type[optim.Optimizer], alike: Callable[..., None]) -> None:
    histories, models = [], []
    for device in ("cuda", "cpu"):
        x, y = flowers(device)
        learner = trainer(device, kind)
        learner.fit(rt.data.DataLoader(x, y, batch_size=50, seed=2), epochs=6, progress=False)
        histories.append(learner.history.losses)
        models.append(learner.model)
        assert {parameter.device for parameter in learner.model.parameters()} == {x.device}
    for there, here in zip(*histories, strict=True):
        assert abs(there - here) < CLOSE
    for there, here in zip(models[0].parameters(), models[1].parameters(), strict=True):
        alike(there, here, CLOSE)


def test_a_loop_of_one_s_own_in_f32(alike: Callable[..., None]) -> None:
    found = []
    for device in ("cuda", "cpu"):
        rt.manual_seed(9)
        x, y = rt.randn([64, 8], dtype="f32", device=device), rt.randn([64, 2], dtype="f32", device=device)
        model = nn.Sequential(nn.Linear(8, 32), nn.ReLU(), nn.Linear(32, 2)).to(device, "f32")
        optimizer = optim.Adam(model.parameters(), lr=0.01)
        losses = []
        for _ in range(20):
            loss = nn.mse_loss(model(x), y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        assert losses[-1] < losses[0]
        found.append(losses)
    for there, here in zip(*found, strict=True):
        assert abs(there - here) < 1e-4


def test_images(alike: Callable[..., None]) -> None:
    """Convolutions and pooling, forward and backward."""
    gradients = []
    for device in ("cuda", "cpu"):
        rt.manual_seed(2)
        model = nn.Sequential(
            nn.Conv2d(1, 4, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(4, 2, 3), nn.AvgPool2d(2), nn.Flatten()
        ).to(device)
        loss = (model(rt.randn([2, 1, 10, 10], device=device)) ** 2).sum()
        loss.backward()
        gradients.append([parameter.grad for parameter in model.parameters()])
    for there, here in zip(*gradients, strict=True):
        assert there is not None
        assert here is not None
        assert there.device == "cuda:0"
        alike(there, here, 1e-9)


@pytest.mark.parametrize(("first", "then"), [("cuda", "cuda"), ("cuda", "cpu"), ("cpu", "cuda")])
def test_a_checkpoint_goes_on_anywhere(first: str, then: str, tmp_path: Path, alike: Callable[..., None]) -> None:
    """What was learned on one device goes on on another as if nothing had happened."""
    path = tmp_path / "run.safetensors"

    def begun(device: str) -> tuple[training.Trainer, rt.data.DataLoader]:
        x, y = flowers(device)
        return trainer(device, optim.Adam), rt.data.DataLoader(x, y, batch_size=50, seed=2)

    whole, data = begun("cpu")
    whole.fit(data, epochs=4, progress=False)
    learner, data = begun(first)
    learner.fit(data, epochs=2, progress=False)
    learner.save(path)
    learner, data = begun(then)
    learner.load(path)
    learner.fit(data, epochs=2, progress=False)
    assert {parameter.device for parameter in learner.model.parameters()} == {rt.zeros([1], device=then).device}
    for there, here in zip(learner.model.parameters(), whole.model.parameters(), strict=True):
        alike(there, here, CLOSE)


def test_gradients_cross_devices(alike: Callable[..., None]) -> None:
    """A part of a network on the CPU, and a part on a GPU."""
    x = rt.tensor([[1.0, 2.0]], requires_grad=True)
    first, second = nn.Linear(2, 3), nn.Linear(3, 1, device="cuda")
    second(first(x).to("cuda").relu()).sum().backward()
    assert x.grad is not None
    assert first.weight.grad is not None
    assert second.weight.grad is not None
    assert (x.grad.device, first.weight.grad.device, second.weight.grad.device) == ("cpu", "cpu", "cuda:0")
    expected = x.grad.tolist()
    x.grad = None
    second.cpu()
    second(first(x).relu()).sum().backward()
    alike(x.grad, rt.tensor(expected), 1e-12)


def test_embedding_and_its_gradient(alike: Callable[..., None]) -> None:
    tables = [nn.Embedding(5, 3, device=device) for device in ("cuda", "cpu")]
    tables[1].load_state_dict(tables[0].state_dict())
    for table in tables:
        (table(rt.tensor([1, 4, 1]).to(table.weight.device)) ** 2).sum().backward()
    there, here = (table.weight.grad for table in tables)
    assert there is not None
    assert here is not None
    alike(there, here, 1e-12)
    with pytest.raises(rt.BadArgumentError, match="an index is 5"):
        tables[0](rt.tensor([5], device="cuda"))


@pytest.mark.skipif(DEVICES not in os.environ, reason="only the stand-in counts how often somebody waits")
def test_numbers_go_to_the_gpu_without_waiting_for_it() -> None:
    """A step waits where indices are looked at, and for nothing else: otherwise the GPU would idle in between."""
    waits = ctypes.CDLL(rt.libtorch.load()).stand_in_waits
    model = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.LeakyReLU(), nn.ELU(), nn.Linear(4, 2)).to("cuda")
    optimizer = optim.Adam(model.parameters())
    x, classes = rt.ones([5, 3], device="cuda"), rt.tensor([0, 1, 0, 1, 1], device="cuda")
    for _ in range(2):
        before = waits()
        loss = nn.cross_entropy(model(x), classes)
        assert waits() == before + 1
        optimizer.zero_grad()
        loss.backward()
        assert waits() == before + 2
        optimizer.step()
        assert waits() == before + 2
    assert loss.item() > 0
    assert waits() == before + 3
