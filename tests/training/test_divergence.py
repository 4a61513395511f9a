"""Losses that are no numbers any more."""

from __future__ import annotations

import math
import warnings
from typing import Any

import pytest

import rt_torch as rt
from rt_torch import nn, optim
from rt_torch.training import DivergedError, LinearModel, Trainer
from tests.training.conftest import left, loader, network, trainer


def spoilt(batch: int, what: str = "x", value: float = math.nan) -> list[Any]:
    """Batches of which one has an element that is not finite."""
    batches = [(x, y) for x, y in loader(shuffle=False)]
    (batches[batch][0] if what == "x" else batches[batch][1])[0, 0] = value
    return batches


@pytest.mark.parametrize(("what", "value"), [("x", math.nan), ("x", math.inf), ("y", math.nan), ("y", -math.inf)])
def test_it_says_where_and_what_is_wrong_with_the_data(tier: str, what: str, value: float) -> None:
    it = trainer()
    it.fit(loader(shuffle=False), 1)
    before = {name: tensor.tolist() for name, tensor in it.model.state_dict().items()}
    with pytest.raises(DivergedError) as raised:
        it.fit(spoilt(0, what, value), 2)
    assert (raised.value.epoch, raised.value.batch, math.isfinite(raised.value.loss)) == (1, 0, False)
    message = str(raised.value)
    assert message.startswith(
        f"epoch 1, batch 0: the loss is {raised.value.loss}: `{what}` of this batch has elements "
    )
    assert 'on_nan="skip"' in message
    assert {name: tensor.tolist() for name, tensor in it.model.state_dict().items()} == before
    assert it.history.epochs == [0]


def test_a_batch_without_samples() -> None:
    model = LinearModel()
    it = Trainer(model, optim.SGD(model.parameters(), lr=0.1), nn.mse_loss)
    with pytest.raises(DivergedError, match=r"the loss is nan: `x` of this batch, of the shape \(0, 1\), has no elem"):
        it.fit((rt.zeros([0, 1]), rt.zeros([0, 1])), 1)


def test_a_learning_rate_that_is_too_high() -> None:
    model = LinearModel()
    it = Trainer(model, optim.SGD(model.parameters(), lr=1e200), nn.mse_loss)
    with pytest.raises(
        DivergedError, match=r"epoch 1, batch 0: the loss is inf: .* a lower learning rate than 1e\+200"
    ):
        it.fit((rt.ones([4, 1]), rt.zeros([4, 1]) + 2.0), 5)
    assert it.history.epochs == [0]


def test_parameters_that_are_lost() -> None:
    it = trainer()

    class Breaks:
        def on_batch_end(self, of: Trainer, loss: float) -> None:
            weight = of.model.state_dict()["4.weight"]
            weight[0, 0] = math.inf

    it.callbacks = (Breaks(),)
    with pytest.raises(DivergedError, match=r"batch 1: the loss is .*: the parameter 4.weight is not finite since"):
        it.fit(loader(), 1)


def test_leaving_such_batches_out() -> None:
    """Once warned, and then as if these had not been there; random numbers apart, of which Dropout has used some."""
    model = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Linear(4, 1))
    twin = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Linear(4, 1))
    twin.load_state_dict(model.state_dict())
    one = trainer(model, on_nan="skip")
    batches = spoilt(2)
    with pytest.warns(
        RuntimeWarning, match="epoch 0, batch 2: the loss is nan, and the batch is left out: `x`"
    ) as warned:
        one.fit(batches, 3)
    assert len(warned) == 1
    other = trainer(twin)
    del batches[2]
    other.fit(batches, 3)
    assert left(one) == left(other)


def test_an_epoch_of_nothing_else() -> None:
    it = trainer(on_nan="skip")
    with pytest.warns(RuntimeWarning):
        history = it.fit([spoilt(0)[0]], 2)
    assert all(map(math.isnan, history.losses))


def test_going_on_regardless() -> None:
    it = trainer(on_nan="ignore")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        history = it.fit(spoilt(2), 2)
    assert all(map(math.isnan, history.losses))


def test_a_single_step() -> None:
    x, y = spoilt(0)[0]
    with pytest.raises(DivergedError, match="epoch 0, batch 0"):
        trainer().train_step(x, y)
    it = trainer(on_nan="skip")
    before = it.model.state_dict()["0.weight"].tolist()
    with pytest.warns(RuntimeWarning, match="left out"):
        assert math.isnan(it.train_step(x, y))
    assert it.model.state_dict()["0.weight"].tolist() == before


def test_after_it_one_can_go_on_with_other_options() -> None:
    it = trainer(network())
    batches = spoilt(3)
    with pytest.raises(DivergedError):
        it.fit(batches, 2)
    assert (it.epoch, it.batch) == (0, 3)
    it.on_nan = "skip"
    with pytest.warns(RuntimeWarning, match="epoch 0, batch 3"):
        history = it.fit(batches, until=2)
    assert history.epochs == [0, 1]


def test_validation_that_is_not_finite_is_written_down() -> None:
    it = trainer()
    history = it.fit(loader(), 2, validation=spoilt(1))
    assert [value is not None and math.isnan(value) for value in history.validation_losses] == [True, True]
    assert history.to_json().count('"nan"') == 2
