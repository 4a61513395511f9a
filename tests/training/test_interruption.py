"""Ctrl-C: after the batch under way fit returns, and the next fit goes on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import rt_torch as rt
from rt_torch import nn
from rt_torch.autograd.mode import _Block
from rt_torch.training import Callback, EarlyStopping, Trainer
from tests.training.conftest import At, Stderr, left, loader, samples, trainer

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(autouse=True)
def handler() -> Iterator[None]:
    """Python's own, as in most programs."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    after = signal.signal(signal.SIGINT, before)
    assert after is signal.default_int_handler  # and it is given back


def ctrl_c(*ignored: Any) -> None:
    signal.raise_signal(signal.SIGINT)


def uninterrupted(model: nn.Module, epochs: int = 3, **options: Any) -> dict[str, Any]:
    """What is left of a run with nothing in its way."""
    one = trainer(**options)
    one.model.load_state_dict(model.state_dict())
    rt.manual_seed(1)
    one.fit(loader(), epochs, validation=samples(6))
    return left(one)


class InTheMiddle(nn.Module):
    """Something that happens when a loss is asked for the so-many-th time."""

    def __init__(self, count: int, what: Callable[[], Any]) -> None:
        self.count = count
        self.what = what

    def forward(self, prediction: rt.Tensor, target: rt.Tensor) -> rt.Tensor:
        self.count -= 1
        if self.count == -1:
            self.what()
        return nn.mse_loss(prediction, target)


def test_the_batch_under_way_is_finished() -> None:
    """Batches of an epoch are five; the eighth in which the loss is asked for is batch 1 of epoch 1."""
    it = trainer()
    it.loss = InTheMiddle(7, ctrl_c)
    expected = uninterrupted(it.model)
    rt.manual_seed(1)
    data = loader()
    history = it.fit(data, 3, validation=samples(6))
    assert history.interrupted and history is it.history
    assert history.epochs == [0]
    assert (it.epoch, it.batch) == (1, 2)
    history = it.fit(data, until=3, validation=samples(6))
    assert not history.interrupted
    assert left(it) == expected


@pytest.mark.parametrize("hook", ["on_fit_start", "on_epoch_start", "on_batch_end", "on_epoch_end"])
def test_wherever_it_comes_nothing_is_lost(hook: str) -> None:
    it = trainer(callbacks=[type("Once", (), {hook: ctrl_c})()])
    expected = uninterrupted(it.model)
    rt.manual_seed(1)
    data = loader()
    first = it.fit(data, until=3, validation=samples(6))
    assert first.interrupted and len(first.epochs) < 3
    it.callbacks = ()
    it.fit(data, until=3, validation=samples(6))
    assert left(it) == expected


def test_while_it_is_validated_the_epoch_comes_to_its_end() -> None:
    it = trainer()
    it.loss = InTheMiddle(5, ctrl_c)
    history = it.fit(loader(), 3, validation=samples(6))
    assert history.interrupted and (it.epoch, it.batch) == (1, 0)
    assert history.validation_losses[0] is not None
    assert not it.model.training


def test_in_the_last_epochs_validation_it_is_heard_though_nothing_is_left_to_be_done() -> None:
    """The program that called fit is to end too; the model is what it would be."""
    it = trainer(callbacks=[EarlyStopping(patience=5)])
    expected = uninterrupted(it.model, callbacks=[EarlyStopping(patience=5)])
    it.loss = InTheMiddle(3 * 6 - 1, ctrl_c)
    rt.manual_seed(1)
    history = it.fit(loader(), 3, validation=samples(6))
    assert history.interrupted and history.epochs == [0, 1, 2]
    history.interrupted = False
    assert left(it) == expected


def test_at_the_end_of_fit_it_is_heard_too() -> None:
    class Ends(Callback):
        def on_fit_end(self, of: Trainer) -> None:
            ctrl_c()

    assert trainer(callbacks=[Ends()]).fit(loader(), 1).interrupted


def test_when_a_callback_has_fit_end_anyway() -> None:
    """The best model is put back, as it would be."""
    stopping = EarlyStopping(patience=1, min_delta=100.0)
    it = trainer(callbacks=[stopping])
    expected = uninterrupted(it.model, callbacks=[EarlyStopping(patience=1, min_delta=100.0)])
    it.loss = InTheMiddle(2 * 6 - 1, ctrl_c)
    rt.manual_seed(1)
    history = it.fit(loader(), 3, validation=samples(6))
    assert history.interrupted and history.stopped == "no better validation_loss for 1 epoch"
    history.interrupted = False
    assert left(it) == expected


def test_the_last_batch_of_an_epoch() -> None:
    it = trainer()
    it.loss = InTheMiddle(4, ctrl_c)
    expected = uninterrupted(it.model)
    rt.manual_seed(1)
    data = loader()
    it.fit(data, 3, validation=samples(6))
    assert (it.epoch, it.batch) == (0, 5)
    it.fit(data, until=3, validation=samples(6))
    assert left(it) == expected


def test_a_second_one_raises_at_once() -> None:
    def twice() -> None:
        ctrl_c()
        ctrl_c()

    it = trainer()
    it.loss = InTheMiddle(7, twice)
    expected = uninterrupted(it.model)
    rt.manual_seed(1)
    data = loader()
    with pytest.raises(KeyboardInterrupt):
        it.fit(data, 3, validation=samples(6))
    assert it.history.interrupted and it.history.epochs == [0]
    assert (it.epoch, it.batch) == (1, 1)
    it.fit(data, until=3, validation=samples(6))  # the step had not begun, so that nothing is lost here either
    assert left(it) == expected


def hears(it: Trainer, count: int, times: int) -> None:
    """Several Ctrl-C in the middle of the so-many-th change of a parameter."""
    step, changed = it.optimizer._changed, []

    def interrupted(param: rt.Tensor, *more: Any) -> rt.Tensor:
        changed.append(param)
        if len(changed) == count:
            for _ in range(times):
                ctrl_c()
        return step(param, *more)

    it.optimizer._changed = interrupted  # type: ignore[method-assign]  # to be in the middle of a step


def test_a_second_one_within_a_step_waits_for_its_end(tier: str) -> None:
    """A step changes six parameters: the forty-fifth is in batch 2 of epoch 1."""
    it = trainer()
    expected = uninterrupted(it.model)
    rt.manual_seed(1)
    hears(it, 45, 2)
    data = loader()
    with pytest.raises(KeyboardInterrupt):
        it.fit(data, 3, validation=samples(6))
    assert (it.epoch, it.batch) == (1, 3)
    it.fit(data, until=3, validation=samples(6))
    assert left(it) == expected


def test_a_second_one_while_it_is_validated() -> None:
    def twice() -> None:
        ctrl_c()
        ctrl_c()

    it = trainer()
    expected = uninterrupted(it.model)
    it.loss = InTheMiddle(5, twice)
    rt.manual_seed(1)
    data = loader()
    with pytest.raises(KeyboardInterrupt):
        it.fit(data, 3, validation=samples(6))
    assert (it.epoch, it.batch, it.history.epochs) == (0, 5, [])
    it.fit(data, until=3, validation=samples(6))
    assert left(it) == expected


@pytest.mark.parametrize("hook", ["on_batch_end", "on_epoch_end", "on_fit_end"])
def test_a_second_one_within_a_callback_waits_until_all_were_called(hook: str) -> None:
    """Otherwise they would miss something that has happened."""

    def twice(*ignored: Any) -> None:
        if not called:
            ctrl_c()
            ctrl_c()

    def counts(*ignored: Any) -> None:
        called.append(hook)

    called: list[str] = []
    order = [twice, counts]
    it = trainer(callbacks=[type("Other", (), {hook: each})() for each in (order[::-1] if "fit" in hook else order)])
    expected = uninterrupted(it.model, 2)
    rt.manual_seed(1)
    data = loader()
    with pytest.raises(KeyboardInterrupt):
        it.fit(data, 2, validation=samples(6))
    assert called == [hook] and it.history.interrupted
    it.fit(data, until=2, validation=samples(6))
    assert len(called) == {"on_batch_end": 10, "on_epoch_end": 2, "on_fit_end": 2}[hook]
    assert left(it) == expected


def test_after_a_second_one_anywhere_the_trainer_can_be_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also when it comes while fit notes where the data stands."""
    it = trainer(callbacks=[At(0, 1, ctrl_c)])
    expected = uninterrupted(it.model)
    rt.manual_seed(1)
    data = loader()
    places = it._places

    def slowly() -> Any:
        ctrl_c()
        return places()

    monkeypatch.setattr(it, "_places", slowly)
    with pytest.raises(KeyboardInterrupt):
        it.fit(data, 3, validation=samples(6))
    monkeypatch.undo()
    it.callbacks = ()
    it.fit(data, until=3, validation=samples(6))
    assert left(it) == expected


def test_a_second_one_where_a_block_without_gradients_ends() -> None:
    """Its end is missed then, as that of any block in Python may be."""
    ends = _Block.__exit__

    def missed(*arguments: Any) -> None:
        if waiting:
            waiting.clear()
            ctrl_c()
            ctrl_c()
        ends(*arguments)

    it = trainer(metrics=[nn.mae_loss])
    expected = uninterrupted(it.model, metrics=[nn.mae_loss])
    rt.manual_seed(1)
    data = loader()
    waiting = [True]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_Block, "__exit__", missed)
        with pytest.raises(KeyboardInterrupt):
            it.fit(data, 3, validation=samples(6))
    assert rt.is_grad_enabled()
    it.fit(data, until=3, validation=samples(6))
    assert left(it) == expected


def test_a_third_one_waits_for_nothing() -> None:
    it = trainer()
    hears(it, 45, 3)
    with pytest.raises(KeyboardInterrupt):
        it.fit(loader(), 3)
    assert (it.epoch, it.batch) == (1, 2)


@pytest.mark.parametrize("where", ["loss", "data", "callback"])
def test_keyboard_interrupts_of_others(where: str) -> None:
    """Raised in the middle of something: the batch is undone, and fit returns."""

    def interrupt(*ignored: Any) -> None:
        raise KeyboardInterrupt

    class Data(rt.data.DataLoader):
        __slots__ = ()

        def __iter__(self) -> Iterator[tuple[rt.Tensor, ...]]:
            for number, batch in enumerate(super().__iter__()):
                if where == "data" and self.epoch == 1 and number == 2 and waiting:
                    waiting.clear()
                    interrupt()
                yield batch

    waiting = [True]
    it = trainer(callbacks=[At(1, 1, interrupt)] if where == "callback" else [])
    if where == "loss":
        it.loss = InTheMiddle(8, interrupt)
    expected = uninterrupted(it.model)
    rt.manual_seed(1)
    data = Data(*samples(18), batch_size=4, seed=7)
    history = it.fit(data, 3, validation=samples(6))
    assert history.interrupted and (it.epoch, it.batch) == (1, 2)
    it.callbacks = ()
    it.fit(data, until=3, validation=samples(6))
    assert left(it) == expected


@pytest.fixture
def own_handler() -> Iterator[Callable[[int, Any], None]]:
    """One that a program has set, and that raises wherever it is called."""

    def raises(number: int, frame: Any) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGINT, raises)
    yield raises
    assert signal.getsignal(signal.SIGINT) is raises
    signal.signal(signal.SIGINT, signal.default_int_handler)


def test_a_handler_of_ones_own_is_called_after_the_step(tier: str, own_handler: Callable[[int, Any], None]) -> None:
    it = trainer()
    expected = uninterrupted(it.model)
    rt.manual_seed(1)
    hears(it, 20, 1)
    data = loader()
    assert it.fit(data, 3, validation=samples(6)).interrupted
    assert (it.epoch, it.batch) == (0, 4)
    it.fit(data, until=3, validation=samples(6))
    assert left(it) == expected


def test_a_handler_of_ones_own_is_called_at_once_before_the_step(own_handler: Callable[[int, Any], None]) -> None:
    it = trainer()
    it.loss = InTheMiddle(3, ctrl_c)
    assert it.fit(loader(), 3).interrupted
    assert (it.epoch, it.batch) == (0, 3)


def test_a_handler_of_ones_own_waits_for_one_step_only(own_handler: Callable[[int, Any], None]) -> None:
    it = trainer()
    hears(it, 20, 2)
    assert it.fit(loader(), 3).interrupted
    assert (it.epoch, it.batch) == (0, 3)


def test_when_nothing_is_left_to_be_done_a_handler_of_ones_own_is_called_nevertheless(
    own_handler: Callable[[int, Any], None],
) -> None:
    it = trainer(callbacks=[type("Ends", (), {"on_fit_end": ctrl_c})()])
    with pytest.raises(KeyboardInterrupt):
        it.fit(loader(), 1)
    assert it.history.epochs == [0]


def test_in_another_thread() -> None:
    it = trainer()
    thread = threading.Thread(target=it.fit, args=(loader(), 2))
    thread.start()
    thread.join()
    assert it.epoch == 2


def test_a_fit_within_another_trainers_fit_hears_the_same() -> None:
    inner = trainer()
    inner.loss = InTheMiddle(3, ctrl_c)

    class Nested(Callback):
        def on_epoch_end(self, of: Trainer) -> None:
            inner.fit(loader(), 2)

    outer = trainer(callbacks=[Nested()])
    assert outer.fit(loader(), 2).interrupted and inner.history.interrupted
    assert (outer.epoch, inner.epoch, inner.batch) == (1, 0, 4)


@pytest.mark.parametrize(("count", "position"), [(2, (0, 3)), (5, (1, 0))])
def test_one_epoch_at_a_time_it_is_raised(count: int, position: tuple[int, int]) -> None:
    """Also when the epoch is over by then."""
    it = trainer()
    it.loss = InTheMiddle(count, ctrl_c)
    with pytest.raises(KeyboardInterrupt):
        it.fit_epoch(loader(), validation=samples(6))
    assert (it.epoch, it.batch) == position


def test_the_best_is_not_put_back_in_the_middle() -> None:
    it = trainer(callbacks=[EarlyStopping(patience=1), At(2, 2, ctrl_c)])
    expected = uninterrupted(it.model, callbacks=[EarlyStopping(patience=1)])
    rt.manual_seed(1)
    data = loader()
    it.fit(data, 3, validation=samples(6))
    it.fit(data, until=3, validation=samples(6))
    assert left(it) == expected


def test_beginning_the_epoch_anew() -> None:
    it = trainer(callbacks=[At(0, 2, ctrl_c)])
    data = loader()
    it.fit(data, 2)
    assert it.batch == 3
    it.callbacks = ()
    diary: list[int] = []
    it.callbacks = (At(0, 4, lambda of: diary.append(of.batch)),)
    assert it.fit(data, 1, resume=False).epochs == [0]
    assert diary == [5]


def test_going_on_with_other_data() -> None:
    it = trainer(callbacks=[At(0, 2, ctrl_c)])
    it.fit(loader(), 2)
    it.callbacks = ()
    problem = r"argument `data`: it is other data than before: .* 18 samples, and here are 20; fit\(..., resume=False\)"
    with pytest.raises(rt.BadArgumentError, match=problem):
        it.fit(rt.data.DataLoader(*samples(20)), 1)
    with pytest.raises(rt.BadArgumentError, match="is one of data that says where it stands, and this does not"):
        it.fit([samples()], 1)
    assert it.batch == 3
    assert it.fit([samples()], 1, resume=False).epochs == [0]


def test_data_that_cannot_tell_where_it_stands_is_gone_through_from_the_beginning() -> None:
    """What it draws on the way does not count."""

    class Noisy:
        def __iter__(self) -> Iterator[tuple[rt.Tensor, rt.Tensor]]:
            for x, y in loader(shuffle=False):
                yield x + 0.01 * rt.randn(x.shape), y

    one, other = trainer(), trainer(callbacks=[At(1, 2, ctrl_c)])
    other.model.load_state_dict(one.model.state_dict())
    rt.manual_seed(1)
    one.fit(Noisy(), 3)
    rt.manual_seed(1)
    other.fit(Noisy(), 3)
    assert (other.epoch, other.batch) == (1, 3)
    other.fit(Noisy(), until=3)
    assert other.history.epochs == one.history.epochs
    assert rt.pure.random_state() == left(one)["random"]


def test_it_is_told(stderr: Callable[[bool], Stderr]) -> None:
    it = trainer()
    it.loss = InTheMiddle(7, ctrl_c)
    stream = stderr(False)
    it.fit(loader(), 3)
    lines = stream.text.splitlines()
    assert lines[1:] == [
        "Ctrl-C: the batch under way is finished; again: stop at once",
        "interrupted in epoch 1, after 3 of its batches",
    ]
    stream = stderr(False)
    it.loss = InTheMiddle(1, ctrl_c)
    it.fit(loader(), 3, progress=False)
    assert stream.text == ""


LONG = """
import rt_torch as rt
from tests.training.conftest import loader, trainer

it = trainer()

class Says:
    def on_batch_end(self, of, loss):
        if of.batch == 1:
            print("going", flush=True)

it.callbacks = (Says(),)
history = it.fit(loader(), 10**6, progress=False)
print(history.interrupted, len(history.epochs) == it.epoch, it.epoch > 0)
"""


def test_from_outside() -> None:
    """As from a keyboard, at any time."""
    path = os.pathsep.join([str(ROOT), str(ROOT / "generated" / "python")])
    process = subprocess.Popen(
        [sys.executable, "-c", LONG],
        env={**os.environ, "PYTHONPATH": path, "RT_TORCH_ACCEL": "pure"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    for _ in range(3):
        assert process.stdout.readline() == "going\n"
    time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    output, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (0, "")
    assert output.splitlines()[-1] == "True True True"
