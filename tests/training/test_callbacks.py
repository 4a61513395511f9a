"""What is called while a model learns, and early stopping."""

from __future__ import annotations

from typing import Any

import pytest

import rt_torch as rt
from rt_torch import nn
from rt_torch.training import Callback, Checkpoint, EarlyStopping, Trainer
from tests.training.conftest import At, left, loader, samples, trainer


class Diary(Callback):
    """Writes down what was called."""

    def __init__(self, name: str = "", into: list[Any] | None = None) -> None:
        self.name = name
        self.lines: list[Any] = [] if into is None else into

    def on_fit_start(self, trainer: Trainer) -> None:
        self.lines.append((self.name, "fit start", trainer.epoch))

    def on_epoch_start(self, trainer: Trainer) -> None:
        self.lines.append((self.name, "epoch start", trainer.epoch, trainer.batch))

    def on_batch_end(self, trainer: Trainer, loss: float) -> None:
        self.lines.append((self.name, "batch end", trainer.epoch, trainer.batch))
        assert type(loss) is float

    def on_epoch_end(self, trainer: Trainer) -> None:
        self.lines.append((self.name, "epoch end", trainer.epoch, trainer.batch, trainer.history.epochs[-1]))

    def on_fit_end(self, trainer: Trainer) -> None:
        self.lines.append((self.name, "fit end", trainer.epoch, trainer.history.interrupted))


def test_when_they_are_called() -> None:
    diary = Diary()
    trainer(callbacks=[diary]).fit(loader(batch_size=9), 2)
    assert [line[1:] for line in diary.lines] == [
        ("fit start", 0),
        ("epoch start", 0, 0),
        ("batch end", 0, 1),
        ("batch end", 0, 2),
        ("epoch end", 1, 0, 0),
        ("epoch start", 1, 0),
        ("batch end", 1, 1),
        ("batch end", 1, 2),
        ("epoch end", 2, 0, 1),
        ("fit end", 2, False),
    ]


def test_in_their_order_and_at_the_end_the_other_way_round(tmp_path: Any) -> None:
    lines: list[Any] = []

    class Saves(Checkpoint):
        def on_epoch_end(self, trainer: Trainer) -> None:
            lines.append(("checkpoint", "epoch end"))

        def on_fit_end(self, trainer: Trainer) -> None:
            lines.append(("checkpoint", "fit end"))

    callbacks = [Saves(tmp_path / "x"), Diary("first", lines), Diary("second", lines)]
    trainer(callbacks=callbacks).fit(samples(), 1)
    names = {what: [name for name, *rest in lines if rest[0] == what] for what in ("batch end", "epoch end", "fit end")}
    assert names == {
        "batch end": ["first", "second"],
        "epoch end": ["first", "second", "checkpoint"],
        "fit end": ["checkpoint", "second", "first"],
    }


def test_any_object_with_one_of_the_methods() -> None:
    class Counts:
        count = 0

        def on_batch_end(self, trainer: Trainer, loss: float) -> None:
            self.count += 1

    counts = Counts()
    trainer(callbacks=[counts]).fit(loader(), 2)
    assert counts.count == 10


def test_a_misspelt_method_is_told() -> None:
    with pytest.raises(rt.BadArgumentError, match=r"Mine.on_epoch_ends: .* did you mean on_epoch_end\?"):

        class Mine(Callback):
            def on_epoch_ends(self, trainer: Trainer) -> None: ...

    with pytest.raises(rt.BadArgumentError, match=r"Other.on_saturday: .* there are on_fit_start, "):

        class Other(Callback):
            def on_saturday(self) -> None: ...


@pytest.mark.parametrize("callback", [object(), Callback, "on_fit_start", None])
def test_what_is_no_callback(callback: Any) -> None:
    with pytest.raises(rt.ArgumentTypeError, match="Trainer: argument `callbacks`: objects with some of on_fit_start"):
        trainer(callbacks=[callback])


def test_stopping_within_an_epoch_and_going_on() -> None:
    one, other = trainer(), trainer(callbacks=[At(1, 2, lambda it: it.stop("enough for today"))])
    other.model.load_state_dict(one.model.state_dict())
    rt.manual_seed(1)
    one.fit(loader(), 3)
    rt.manual_seed(1)
    data = loader()
    history = other.fit(data, 3)
    assert (history.epochs, history.stopped, history.interrupted) == ([0], "enough for today", False)
    assert (other.epoch, other.batch) == (1, 3)
    other.fit(data, 2)
    assert history.stopped == ""
    assert left(other) == left(one)


def test_stopping_at_the_end_of_an_epoch() -> None:
    class Stops:
        def on_epoch_end(self, trainer: Trainer) -> None:
            trainer.stop()

    it = trainer(callbacks=[Stops()])
    history = it.fit(loader(), 5)
    assert (history.epochs, history.stopped, it.batch) == ([0], "stopped", 0)
    it.stop()  # nothing runs
    assert it.fit(loader(), 1).epochs == [0, 1]


def test_an_error_in_a_callback_ends_fit_between_two_batches() -> None:
    def fail(it: Trainer) -> None:
        raise ZeroDivisionError

    one, other = trainer(), trainer(callbacks=[At(0, 1, fail)])
    other.model.load_state_dict(one.model.state_dict())
    rt.manual_seed(1)
    one.fit(loader(), 2)
    rt.manual_seed(1)
    data = loader()
    with pytest.raises(ZeroDivisionError):
        other.fit(data, 2)
    assert (other.epoch, other.batch) == (0, 2)
    other.fit(data, 2)
    assert left(other) == left(one)


# Early stopping.


class Says(nn.Module):
    """A model of which each epoch's validation loss is known before."""

    def __init__(self, losses: list[float]) -> None:
        self.losses = losses
        self.count = nn.Parameter(rt.tensor(0.0))

    def forward(self, x: rt.Tensor) -> rt.Tensor:
        if self.training:
            return -self.count  # whose gradient makes it 1 more each time
        return self.count * 0.0 + self.losses[round(self.count.item()) - 1]


def saying(losses: list[float], callback: Any, **more: Any) -> Trainer:
    model = Says(losses)
    loss = lambda prediction, target: prediction  # noqa: E731  (it is the loss)
    return Trainer(model, rt.optim.SGD([model.count], lr=1.0), loss, callbacks=[callback], **more)


ONE = (rt.zeros([1]), rt.zeros([1]))


def test_it_stops_and_gives_back_the_best() -> None:
    stopping = EarlyStopping(patience=2)
    it = saying([5.0, 3.0, 4.0, 3.0, 1.0], stopping)
    history = it.fit([ONE], 5, validation=[ONE])
    assert history.validation_losses == [5.0, 3.0, 4.0, 3.0]
    assert history.stopped == stopping.stopped == "no better validation_loss for 2 epochs"
    assert (stopping.best, stopping.best_epoch, stopping.waited) == (3.0, 1, 2)
    assert it.model.state_dict()["count"].item() == 2.0  # that of the second epoch


@pytest.mark.parametrize(
    ("losses", "options", "epochs"),
    [
        ([3.0, 2.0, 1.0, 0.0], {"patience": 1}, 4),
        ([3.0, 3.0, 1.0], {"patience": 1}, 2),
        ([3.0, 2.5, 2.0, 1.0], {"patience": 1, "min_delta": 0.5}, 2),
        ([3.0, 2.4, 2.0, 1.0], {"patience": 1, "min_delta": 0.5}, 3),
        ([3.0, float("nan"), float("nan"), 1.0], {"patience": 2}, 3),
        ([1.0, 2.0, 3.0, 2.0], {"patience": 1, "monitor": "validation_loss", "mode": "max"}, 4),
        ([float("inf"), 2.0, 3.0], {"patience": 1}, 3),
    ],
)
def test_what_is_better(losses: list[float], options: dict[str, Any], epochs: int) -> None:
    it = saying(losses, EarlyStopping(**options))
    assert len(it.fit([ONE], len(losses), validation=[ONE]).epochs) == epochs


def test_the_best_is_given_back_also_when_all_epochs_are_over() -> None:
    it = saying([1.0, 2.0, 3.0], EarlyStopping(patience=9))
    it.fit([ONE], 3, validation=[ONE])
    assert it.model.state_dict()["count"].item() == 1.0
    it = saying([1.0, 2.0, 3.0], EarlyStopping(patience=9, restore_best=False))
    it.fit([ONE], 3, validation=[ONE])
    assert it.model.state_dict()["count"].item() == 3.0


def test_another_fit_has_all_the_patience_again() -> None:
    stopping = EarlyStopping(patience=2, restore_best=False)
    it = saying([1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0], stopping)
    it.fit([ONE], 7, validation=[ONE])
    assert it.epoch == 3
    it.fit([ONE], 7, validation=[ONE])
    assert (it.epoch, stopping.best, stopping.waited) == (5, 1.0, 2)


def test_what_it_watches() -> None:
    class Rising:
        value = 0.0

        def __call__(self, prediction: Any, target: Any) -> float:
            self.value += 0.1
            return min(self.value, 0.35)

    it = saying([1.0] * 9, EarlyStopping(patience=2, monitor="accuracy"), metrics={"accuracy": Rising()})
    assert len(it.fit([ONE], 9).epochs) == 6
    it = trainer(callbacks=[EarlyStopping(patience=1)])  # without validation, the loss
    it.fit(loader(), 1)
    assert it.callbacks[0].best == it.history.losses[0]


def test_what_is_not_there_to_be_watched() -> None:
    it = trainer(callbacks=[EarlyStopping(monitor="validation_accuracy")])
    problem = "EarlyStopping: argument `monitor`: .* no 'validation_accuracy' .*; there are loss, learning_rate"
    with pytest.raises(rt.BadArgumentError, match=problem):
        it.fit(loader(), 1)


@pytest.mark.parametrize(
    ("options", "name"),
    [
        ({"patience": 0}, "patience"),
        ({"patience": 1.5}, "patience"),
        ({"min_delta": -1.0}, "min_delta"),
        ({"min_delta": float("nan")}, "min_delta"),
        ({"mode": "best"}, "mode"),
        ({"monitor": "recall"}, "mode"),
    ],
)
def test_options_that_make_no_sense(options: dict[str, Any], name: str) -> None:
    with pytest.raises(rt.BadArgumentError, match=f"rt.training.EarlyStopping: argument `{name}`"):
        EarlyStopping(**options)


@pytest.mark.parametrize("state", [{}, {"waited": 1}, None, []])
def test_what_is_no_state(state: Any) -> None:
    for callback in (EarlyStopping(), Checkpoint("x")):
        with pytest.raises(rt.BadArgumentError, match="load_state_dict: argument `state`: a dictionary of"):
            callback.load_state_dict(state)
    with pytest.raises(rt.BadArgumentError, match=r"Diary.load_state_dict: it keeps nothing"):
        Diary().load_state_dict({"a": 1})
