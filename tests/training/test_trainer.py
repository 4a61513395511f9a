"""Epochs, batches, evaluation, and what is asked of a trainer's parts."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from functools import reduce
from operator import add
from typing import Any

import pytest

import rt_torch as rt
from rt_torch import nn, optim
from rt_torch.training import Evaluation, LinearModel, Trainer, TrainingHistory, accuracy
from tests.training.conftest import left, loader, network, samples, trainer


def by_hand(model: nn.Module, optimizer: optim.Optimizer, batches: Any, epochs: int) -> list[float]:
    """The losses of epochs, of which the batches are of one size."""
    losses = []
    for _ in range(epochs):
        values = []
        for x, y in batches:
            optimizer.zero_grad()
            loss = nn.mse_loss(model(x), y)
            values.append(loss.item())
            loss.backward()
            optimizer.step()
        losses.append(reduce(add, values) / len(values))  # sum() would carry rounding errors along from 3.12 on
    return losses


def twins(tier: str) -> Iterator[tuple[nn.Module, optim.Optimizer]]:
    for _ in range(2):
        rt.manual_seed(3)
        model = network()
        yield model, optim.Adam(model.parameters(), lr=0.01)


def test_it_is_the_loop_that_one_would_write(tier: str) -> None:
    (first, one), (second, other) = twins(tier)
    rt.manual_seed(4)
    losses = by_hand(first, one, loader(batch_size=6), 3)
    rt.manual_seed(4)
    it = Trainer(second, other, nn.mse_loss)
    history = it.fit(loader(batch_size=6), 3)
    assert history.losses == losses
    assert history.epochs == [0, 1, 2] and history.learning_rates == [0.01] * 3
    assert [tensor.tolist() for tensor in first.state_dict().values()] == [
        tensor.tolist() for tensor in second.state_dict().values()
    ]
    assert it.get_history() is it.history is history
    assert repr(it) == "Trainer(model=Sequential, optimizer=Adam, loss=mse_loss, epoch=3)"


def test_two_tensors_are_one_batch(tier: str) -> None:
    x, y = rt.data.xor()
    model = nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 1), nn.Sigmoid())
    it = Trainer(model, optim.Adam(model.parameters(), lr=0.05), nn.mse_loss, metrics=[accuracy])
    history = it.fit((x, y), 300)
    assert history.get_final_loss() < 0.01
    assert it.evaluate((x, y)).metrics == {"accuracy": 1.0}
    assert history.metrics["accuracy"][-1] == 1.0


def test_short_batches_weigh_less() -> None:
    x, y = rt.tensor([[0.0], [0.0], [0.0]]), rt.tensor([[1.0], [1.0], [4.0]])
    model = LinearModel()
    it = Trainer(model, optim.SGD(model.parameters(), lr=0.0), nn.mse_loss, metrics={"error": nn.mae_loss})
    batches = list(rt.data.batches(x, y, batch_size=2))
    history = it.fit(batches, 1)
    assert history.losses == [6.0] and history.metrics == {"error": [2.0]}
    assert it.evaluate(batches) == Evaluation(6.0, {"error": 2.0})


def test_the_loss_of_a_single_batch_is_its_own_to_the_last_bit() -> None:
    x, y = samples(7)
    it = trainer(nn.Sequential(nn.Linear(3, 1)))
    before = nn.mse_loss(it.model(x), y).item()
    assert it.fit((x, y), 1).losses == [before]


def test_validation_after_each_epoch() -> None:
    it = trainer(metrics=[nn.mae_loss])
    seen = []

    class Look:
        def on_epoch_end(self, of: Trainer) -> None:
            seen.append(of.evaluate(samples()))

    it.callbacks = (Look(),)
    history = it.fit(loader(), 2, validation=samples())
    assert history.validation_losses == [found.loss for found in seen]
    assert history.metrics["validation_mae_loss"] == [found.metrics["mae_loss"] for found in seen]
    assert len(history.metrics["mae_loss"]) == 2
    it.callbacks = ()
    it.fit(loader(), 1)
    assert history.validation_losses[2] is None and history.metrics["validation_mae_loss"][2] is None


def test_evaluation_changes_nothing() -> None:
    it = trainer()
    it.fit(loader(), 1)
    for module, training in zip(it.model.modules(), (True, False, True, False, True, False), strict=True):
        module.training = training
    before = left(it)
    first = it.evaluate(loader(shuffle=False))
    assert it.evaluate(loader(shuffle=False)) == first
    assert left(it) == before
    assert [module.training for module in it.model.modules()] == [True, False, True, False, True, False]
    assert all(param.grad is not None for param in it.model.parameters())  # those of the last step


def test_modes() -> None:
    """In training meanwhile, ready for use afterwards."""
    it = trainer()
    it.model.eval()
    modes = []

    class Look:
        def on_batch_end(self, of: Trainer, loss: float) -> None:
            modes.append([module.training for module in of.model.modules()])

    it.callbacks = (Look(),)
    it.fit(loader(), 1, validation=samples())
    assert all(all(each) for each in modes) and len(modes) == 5
    assert not any(module.training for module in it.model.modules())
    it.train_step(*samples())
    assert all(module.training for module in it.model.modules())


def test_what_is_frozen_at_the_beginning_stays_so() -> None:
    it = trainer()
    frozen = it.model.get_submodule("1") if hasattr(it.model, "get_submodule") else list(it.model.modules())[2]

    class Freeze:
        def on_fit_start(self, of: Trainer) -> None:
            frozen.eval()

    it.callbacks = (Freeze(),)
    before = [buffer.tolist() for buffer in frozen.buffers()]
    it.fit(loader(), 2, validation=samples())
    assert [buffer.tolist() for buffer in frozen.buffers()] == before


def test_a_step() -> None:
    model = LinearModel(1.0, 0.0)
    it = Trainer(model, optim.SGD(model.parameters(), lr=0.1), nn.mse_loss)
    assert it.train_step(rt.tensor([2.0]), rt.tensor([1.0])) == 1.0
    assert (model.w.item(), model.b.item()) == pytest.approx((0.6, -0.2))
    assert it.history == TrainingHistory() and it.epoch == 0


def test_one_epoch_at_a_time() -> None:
    one, other = trainer(), trainer()
    other.model.load_state_dict(one.model.state_dict())
    rt.manual_seed(1)
    history = one.fit(loader(), 3)
    rt.manual_seed(1)
    data = loader()
    assert [other.fit_epoch(data) for _ in range(3)] == history.losses
    assert left(other) == left(one)


def test_more_epochs_and_epochs_altogether() -> None:
    it = trainer()
    it.fit(loader(), 2)
    assert it.fit(loader(), 3).epochs == [0, 1, 2, 3, 4]
    assert it.fit(loader(), until=6).epochs == [0, 1, 2, 3, 4, 5]
    before = left(it)
    for nothing in ({"until": 4}, {"until": 6}, {"epochs": 0}):
        it.fit(loader(), **nothing)
    assert left(it) == before


def test_learning_rates_change_after_each_epoch() -> None:
    it = trainer()
    steps = optim.StepLR(it.optimizer, 2, 0.5)
    other = Trainer(it.model, it.optimizer, nn.mse_loss, scheduler=[steps, optim.ExponentialLR(it.optimizer, 0.5)])
    assert other.fit(loader(), 4).learning_rates == [0.05, 0.025, 0.00625, 0.003125]
    assert Trainer(it.model, it.optimizer, nn.mse_loss, scheduler=steps).schedulers == (steps,)


def test_losses_may_be_modules_and_anything_else() -> None:
    x, y = samples()
    for loss in (nn.MSELoss(), lambda prediction, target: ((prediction - target) ** 2).mean().reshape([1, 1])):
        rt.manual_seed(0)
        model = nn.Sequential(nn.Linear(3, 1))
        it = Trainer(model, optim.SGD(model.parameters(), lr=0.1), loss)
        losses = it.fit((x, y), 20).losses
        assert losses[-1] < losses[0] / 3.0


def test_a_step_of_ones_own() -> None:
    """Two inputs, and a loss that looks at both predictions."""

    class Two(nn.Module):
        def __init__(self) -> None:
            self.left, self.right = nn.Linear(1, 1), nn.Linear(1, 1)

        def forward(self, a: rt.Tensor, b: rt.Tensor) -> tuple[rt.Tensor, rt.Tensor]:
            return self.left(a), self.right(b)

    class Mine(Trainer):
        def compute(self, x: Any, y: Any) -> tuple[rt.Tensor, Any]:
            a, b = self.model(*x)
            return self.loss(a, y) + self.loss(b, y), a

    model = Two()
    it = Mine(model, optim.SGD(model.parameters(), lr=0.1), nn.mse_loss)
    x = rt.ones([4, 1])
    history = it.fit([((x, 2.0 * x), x)], 50, validation=[((x, x), x)])
    assert history.losses[-1] < 1e-3 < history.losses[0]


# What is asked of its parts.


def test_what_a_trainer_is_made_of() -> None:
    model = network()
    optimizer = optim.SGD(model.parameters(), lr=0.1)
    cases: list[tuple[dict[str, Any], str]] = [
        ({"model": rt.relu}, "argument `model`: an rt.nn.Module is expected"),
        ({"optimizer": model}, "argument `optimizer`: an rt.optim.Optimizer is expected"),
        ({"loss": "mse"}, "argument `loss`: a function of prediction and target"),
        ({"loss": nn.MSELoss}, "argument `loss`: a function of prediction and target"),
        ({"scheduler": 0.1}, "argument `scheduler`: one of rt.optim"),
        ({"scheduler": optim.StepLR}, "argument `scheduler`: one of rt.optim"),
        ({"callbacks": 3}, "argument `callbacks`: a list of callbacks"),
        ({"callbacks": [print]}, "argument `callbacks`: objects with some of on_fit_start"),
        ({"metrics": 3}, "argument `metrics`: functions"),
        ({"metrics": ["accuracy"]}, "argument `metrics`: functions of prediction and target"),
        ({"metrics": {1: accuracy}}, "argument `metrics`: functions of prediction and target"),
    ]
    for given, problem in cases:
        with pytest.raises(rt.ArgumentTypeError, match=f"Trainer: {problem}"):
            Trainer(**{"model": model, "optimizer": optimizer, "loss": nn.mse_loss, **given})
    other = optim.SGD(network().parameters(), lr=0.1)
    cases = [
        ({"optimizer": other}, "argument `optimizer`: it has none of the model's parameters"),
        ({"scheduler": optim.StepLR(other, 1)}, "argument `scheduler`: StepLR belongs to another optimizer"),
        ({"metrics": {"loss": accuracy}}, "argument `metrics`: a metric needs a name of its own"),
        ({"on_nan": "stop"}, 'argument `on_nan`: "error", "skip" or "ignore" is expected'),
    ]
    for given, problem in cases:
        with pytest.raises(rt.BadArgumentError, match=f"Trainer: {problem}"):
            Trainer(**{"model": model, "optimizer": optimizer, "loss": nn.mse_loss, **given})


@pytest.mark.parametrize("odd", [None, "half", [1.0], rt.ones([2])], ids=str)
def test_metrics_that_are_no_numbers(odd: Any) -> None:
    with pytest.raises(rt.ArgumentTypeError, match="Trainer: the metric odd: a number, or a tensor of one element, is"):
        trainer(metrics={"odd": lambda prediction, target: odd}).fit(loader(), 1)


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({}, "one of `epochs` and `until` is expected; given None and None"),
        ({"epochs": 1, "until": 2}, "one of `epochs` and `until` is expected; given 1 and 2"),
        ({"epochs": -1}, "argument `epochs`: -1 was given"),
        ({"until": -1}, "argument `until`: -1 was given"),
        ({"epochs": 1.5}, "argument `epochs`: "),
        ({"epochs": 1, "progress": -2}, "argument `progress`: -2 was given"),
        ({"epochs": 1, "progress": "bar"}, "argument `progress`: "),
    ],
)
def test_numbers_out_of_range(arguments: dict[str, Any], problem: str) -> None:
    with pytest.raises(rt.BadArgumentError, match=f"Trainer.fit: {problem}"):
        trainer().fit(loader(), **arguments)


@pytest.mark.parametrize("data", [None, 3, "data", rt.ones([1, 1]), len])
def test_what_is_no_data(data: Any) -> None:
    for run in (lambda it: it.fit(data, 1), lambda it: it.fit(loader(), 1, validation=data or 0)):
        with pytest.raises(rt.ArgumentTypeError, match=r"Trainer.fit: argument `\w+`: batches \(x, y\) are expected"):
            run(trainer())
    with pytest.raises(rt.ArgumentTypeError, match=r"Trainer.evaluate: argument `data`"):
        trainer().evaluate(data)


@pytest.mark.parametrize("batch", [rt.ones([2, 3]), (rt.ones([2, 3]),), (1, 2, 3), 5])
def test_what_is_no_batch(batch: Any) -> None:
    it = trainer()
    with pytest.raises(rt.ArgumentTypeError, match=r"argument `data`: a batch is a pair \(x, y\)"):
        it.fit([batch], 1)
    assert it.epoch == it.batch == 0 and it.history == TrainingHistory()


def test_data_without_batches() -> None:
    for run in (lambda it: it.fit([], 1), lambda it: it.evaluate([]), lambda it: it.fit(loader(), 1, validation=[])):
        with pytest.raises(rt.BadArgumentError, match=r"argument `(data|validation)`: there are no batches in it"):
            run(trainer())


def test_iterators_have_one_epoch() -> None:
    it = trainer()
    for data, more in ((rt.data.batches(*samples()), {}), (loader(), {"validation": rt.data.batches(*samples())})):
        with pytest.raises(rt.BadArgumentError, match="an iterator has the batches of one epoch only"):
            it.fit(data, 2, **more)
    assert it.fit(rt.data.batches(*samples()), 1, validation=rt.data.batches(*samples())).epochs == [0]


@pytest.mark.parametrize(
    ("loss", "given"),
    [
        (lambda prediction, target: prediction - target, r"a tensor of shape \(20, 1\)"),
        (lambda prediction, target: 0.5, r"0.5 \(float\)"),
    ],
)
def test_losses_that_are_no_number(loss: Callable[..., Any], given: str) -> None:
    model = nn.Sequential(nn.Linear(3, 1))
    it = Trainer(model, optim.SGD(model.parameters(), lr=0.1), loss)
    with pytest.raises(rt.BadArgumentError, match=f"the loss is to be a tensor of one element .*; it gave {given}"):
        it.fit(samples(), 1)


def test_a_fit_within_a_fit() -> None:
    it = trainer()

    class Again:
        def on_epoch_end(self, of: Trainer) -> None:
            of.fit(loader(), 1)

    it.callbacks = (Again(),)
    with pytest.raises(rt.Error, match="another fit of this trainer is running"):
        it.fit(loader(), 1)


def test_nothing_is_left_of_the_tiers(tier: str) -> None:
    """A loss that is followed over many epochs keeps no graph alive."""
    it = trainer(metrics=[nn.mae_loss])
    it.fit(loader(), 3)
    assert all(isinstance(value, float) and math.isfinite(value) for value in it.history.losses)
    assert type(it.history.metrics["mae_loss"][0]) is float


def test_it_computes_nothing_beside_what_the_loop_computes(tier: str) -> None:
    (first, one), (second, other) = twins(tier)
    batches = list(loader())
    counts = []
    for run in (
        lambda: by_hand(first, one, batches, 2),
        lambda: Trainer(second, other, nn.mse_loss).fit(batches, 2),
    ):
        rt.reset_stats()
        run()
        counts.append(rt.get_stats())
    assert counts[0] == counts[1]
