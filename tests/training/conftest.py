"""What the tests of training stand on: both tiers, small models, and what is left of a run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

import rt_torch as rt
from rt_torch import nn, optim
from rt_torch.training import Callback, Trainer
from tests.nn.conftest import tier
from tests.tensor.conftest import native

__all__ = ["native", "tier"]  # fixtures


@pytest.fixture(autouse=True)
def seeded() -> None:
    rt.manual_seed(0)


def network() -> nn.Module:
    """A model with everything that has a state: parameters, buffers, random numbers."""
    return nn.Sequential(nn.Linear(3, 8), nn.BatchNorm1d(8), nn.Tanh(), nn.Dropout(0.25), nn.Linear(8, 1))


def samples(count: int = 20) -> tuple[rt.Tensor, rt.Tensor]:
    """Something that can be learned; the random generator stays where it is."""
    x = rt.tensor([[((7 * i + 3 * j) % 11) / 11 for j in range(3)] for i in range(count)])
    return x, (x * rt.tensor([1.0, -2.0, 0.5])).sum(1).reshape([count, 1])


def loader(**options: Any) -> rt.data.DataLoader:
    """Five batches an epoch, the last of which is short."""
    return rt.data.DataLoader(*samples(18), **{"batch_size": 4, "seed": 7, **options})


def trainer(model: nn.Module | None = None, **options: Any) -> Trainer:
    model = model or network()
    return Trainer(model, optim.SGD(model.parameters(), lr=0.05, momentum=0.9), nn.mse_loss, **options)


def left(of: Trainer) -> dict[str, Any]:
    """All that a run leaves behind, to be compared to the last bit."""
    tensors = {name: tensor.tolist() for name, tensor in of.model.state_dict().items()}
    return {
        "model": tensors,
        "optimizer": plain(of.optimizer.state_dict()),
        "schedulers": [schedule.state_dict() for schedule in of.schedulers],
        "random": rt.pure.random_state(),
        "history": of.history.to_json(),
        "position": (of.epoch, of.batch),
    }


def plain(value: Any) -> Any:
    """A state without tensors."""
    if isinstance(value, rt.Tensor):
        return value.tolist()
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    return [plain(each) for each in value] if isinstance(value, (list, tuple)) else value


class At(Callback):
    """Does something after a batch of an epoch."""

    def __init__(self, epoch: int, batch: int, what: Callable[[Trainer], Any]) -> None:
        self.place = (epoch, batch)
        self.what = what

    def on_batch_end(self, trainer: Trainer, loss: float) -> None:
        if (trainer.epoch, trainer.batch - 1) == self.place:
            self.what(trainer)


class Stderr:
    """What is written to stderr, on a terminal or not."""

    def __init__(self, terminal: bool) -> None:
        self.terminal = terminal
        self.text = ""

    def isatty(self) -> bool:
        return self.terminal

    def write(self, text: str) -> None:
        self.text += text

    def flush(self) -> None:
        pass


@pytest.fixture
def stderr(monkeypatch: pytest.MonkeyPatch) -> Callable[[bool], Stderr]:
    def make(terminal: bool) -> Stderr:
        stream = Stderr(terminal)
        monkeypatch.setattr("sys.stderr", stream)
        return stream

    return make


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    """The time, which stands still unless a test moves it."""
    now = [100.0]
    monkeypatch.setattr("time.perf_counter", lambda: now[0])
    yield now
