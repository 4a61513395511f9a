"""Checkpoints: what is in them, going on from them, and files that do not fit."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import rt_torch as rt
from rt_torch import nn, optim
from rt_torch.training import Callback, Checkpoint, EarlyStopping, Trainer, load_model
from tests.training.conftest import At, left, loader, network, samples, trainer


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path / "run.safetensors"


def full(**options: Any) -> Trainer:
    """A trainer with something of everything."""
    model = network()
    optimizer = optim.Adam(model.parameters(), lr=0.01)
    schedule = optim.StepLR(optimizer, 2, 0.5)
    stopping = EarlyStopping(patience=3)
    return Trainer(model, optimizer, nn.mse_loss, scheduler=schedule, callbacks=[stopping], **options)


def changed(path: Path, change: Callable[[dict[str, str], dict[str, rt.Tensor]], Any]) -> None:
    """Write the file anew with other metadata or tensors."""
    with rt.safetensors.safe_open(path) as file:
        metadata, tensors = file.metadata(), file.get_tensors()
    change(metadata, tensors)
    rt.safetensors.save_file(tensors, path, metadata)


# What is in it.


def test_tensors_have_clear_names_and_the_rest_is_json(path: Path) -> None:
    it = full()
    it.fit(loader(), 2, validation=samples(6))
    it.save(path)
    with rt.safetensors.safe_open(path) as file:
        names, metadata = file.keys(), file.metadata()
    model = {f"model.{name}" for name in it.model.state_dict()}
    adam = {f"optimizer.state.{i}.{name}" for i in range(6) for name in ("exp_avg", "exp_avg_sq")}
    best = {f"callbacks.0.weights.{name}" for name in it.model.state_dict()}
    assert set(names) == model | adam | best
    assert metadata["rt_torch.training"] == "1"
    parts = {name: json.loads(text) for name, text in metadata.items()}
    assert parts["history"]["losses"] == it.history.losses
    assert parts["optimizer"]["kind"] == "Adam"
    assert parts["optimizer"]["state"]["param_groups"][0]["lr"] == 0.005
    assert parts["data"]["state"]["epoch"] == 2
    assert parts["random"] == list(rt.pure.random_state())


def test_the_safetensors_library_reads_it(path: Path) -> None:
    library = pytest.importorskip("safetensors")
    numpy = pytest.importorskip("numpy")
    it = full()
    it.fit(loader(), 1)
    it.save(path)
    with library.safe_open(path, framework="numpy") as file:
        assert json.loads(file.metadata()["history"])["epochs"] == [0]
        for name, tensor in it.model.state_dict().items():
            assert numpy.array_equal(file.get_tensor(f"model.{name}"), numpy.asarray(tensor))


# Going on.


@pytest.mark.parametrize("place", [(0, 0), (1, 1), (1, 4), (2, 0)], ids=str)
def test_going_on_in_another_trainer(tier: str, path: Path, place: tuple[int, int]) -> None:
    rt.manual_seed(1)
    one = full()
    one.callbacks = (*one.callbacks, At(*place, lambda it: it.save(path)))
    one.fit(loader(), 4, validation=samples(6))
    rt.manual_seed(99)
    other = full()
    assert other.load(path) is other
    assert (other.epoch, other.batch) == (place[0], place[1] + 1)
    other.fit(loader(seed=5), until=4, validation=samples(6))
    assert left(other) == left(one)


def test_going_on_from_the_end_of_an_epoch(tier: str, path: Path) -> None:
    class Saves(Callback):
        def on_epoch_end(self, it: Trainer) -> None:
            if it.epoch == 2:
                it.save(path)

    rt.manual_seed(1)
    one = full()
    one.callbacks = (*one.callbacks, Saves())
    one.fit(loader(), 4, validation=samples(6))
    rt.manual_seed(99)
    other = full().load(path)
    assert (other.epoch, other.batch, other.history.epochs) == (2, 0, [0, 1])
    other.fit(loader(seed=5), until=4, validation=samples(6))
    assert left(other) == left(one)


def test_validation_in_an_order_of_its_own(path: Path) -> None:
    def validation() -> rt.data.DataLoader:
        return rt.data.DataLoader(*samples(7), batch_size=2, seed=3)

    rt.manual_seed(1)
    one = full()
    one.callbacks = (*one.callbacks, At(2, 3, lambda it: it.save(path)))
    one.fit(loader(), 4, validation=validation())
    other = full().load(path)
    other.fit(loader(), until=4, validation=validation())
    assert left(other) == left(one)


def test_data_that_is_a_list(path: Path) -> None:
    batches = list(loader())
    rt.manual_seed(1)
    one = full()
    one.callbacks = (*one.callbacks, At(1, 2, lambda it: it.save(path)))
    one.fit(batches, 3)
    other = full().load(path)
    other.fit(batches, until=3)
    assert left(other) == left(one)


def test_stopped_early_is_stopped_after_loading_too(path: Path) -> None:
    it = full()
    it.callbacks[0].patience = 1
    it.callbacks = (*it.callbacks, Checkpoint(path))
    it.optimizer.param_groups[0]["lr"] = 10.0
    it.fit(loader(), 50, validation=samples(6))
    assert it.history.stopped and it.epoch < 50
    again = full()
    again.callbacks = (*again.callbacks, Checkpoint(path))
    again.load(path).fit(loader(), until=50, validation=samples(6))
    assert again.history.stopped == it.history.stopped
    assert left(again) == left(it)  # with the best put back


def test_a_run_that_is_over(path: Path) -> None:
    it = full()
    it.fit(loader(), 2)
    it.save(path)
    again = full().load(path)
    again.fit(loader(), until=2)
    assert left(again) == left(it)
    again.fit(loader(), 1)
    it.fit(loader(seed=7), 1)
    assert again.history.epochs == [0, 1, 2]


def test_saving_again_what_was_loaded(path: Path, tmp_path: Path) -> None:
    it = full()
    it.callbacks = (*it.callbacks, At(1, 2, lambda of: of.save(path)))
    it.fit(loader(), 2)
    full().load(path).save(tmp_path / "again")
    assert (tmp_path / "again").read_bytes() == path.read_bytes()


def test_dtypes_that_only_libtorch_has(native: None, path: Path) -> None:
    it = full()
    it.fit(loader(), 1)
    it.model.to("f32")
    it.save(path)
    before = left(it)
    assert left(full_in("f32").load(path))["model"] == before["model"]


def full_in(dtype: str) -> Trainer:
    it = full()
    it.model.to(dtype)
    return it


def test_the_model_alone(path: Path) -> None:
    it = full()
    it.fit(loader(), 1)
    it.save(path)
    model, random = network(), rt.pure.random_state()
    load_model(model, path)
    assert {name: tensor.tolist() for name, tensor in model.state_dict().items()} == left(it)["model"]
    assert rt.pure.random_state() == random
    with pytest.raises(
        rt.BadArgumentError, match=r"(?s)run.safetensors: its model is another one than here: .*0\.weight is not"
    ):
        load_model(nn.Linear(3, 8), path)


# What does not fit.


def other_model(it: Trainer) -> Trainer:
    model = nn.Sequential(nn.Linear(3, 7), nn.Linear(7, 1))
    optimizer = optim.Adam(model.parameters())
    return Trainer(model, optimizer, nn.mse_loss, scheduler=optim.StepLR(optimizer, 2), callbacks=it.callbacks)


def other_optimizer(it: Trainer) -> Trainer:
    return Trainer(it.model, optim.SGD(it.model.parameters()), nn.mse_loss, callbacks=it.callbacks)


def other_parameters(it: Trainer) -> Trainer:
    optimizer = optim.Adam(list(it.model.parameters())[:2])
    return Trainer(it.model, optimizer, nn.mse_loss, callbacks=it.callbacks)


def other_schedule(it: Trainer) -> Trainer:
    schedule = optim.ExponentialLR(it.optimizer, 0.5)
    return Trainer(it.model, it.optimizer, nn.mse_loss, scheduler=schedule, callbacks=it.callbacks)


def no_schedule(it: Trainer) -> Trainer:
    return Trainer(it.model, it.optimizer, nn.mse_loss, callbacks=it.callbacks)


def no_callbacks(it: Trainer) -> Trainer:
    return Trainer(it.model, it.optimizer, nn.mse_loss, scheduler=it.schedulers)


def more_callbacks(it: Trainer) -> Trainer:
    callbacks = [*it.callbacks, Checkpoint("x")]
    return Trainer(it.model, it.optimizer, nn.mse_loss, scheduler=it.schedulers, callbacks=callbacks)


@pytest.mark.parametrize(
    ("make", "problem"),
    [
        (other_model, "its model is another one than here: .*it does not fit:\n  0.weight has the shape"),
        (other_optimizer, "its optimizer is Adam, and here is SGD"),
        (other_parameters, r"its optimizer is another one than here: .* groups of \[6\] parameters"),
        (other_schedule, "its schedulers are StepLR, and here are ExponentialLR; load"),
        (no_schedule, "its schedulers are StepLR, and here are none; load"),
        (no_callbacks, "its callbacks are EarlyStopping, and here are none; load"),
        (more_callbacks, "its callbacks are EarlyStopping, and here are EarlyStopping, Checkpoint; load"),
    ],
)
def test_what_does_not_fit_changes_nothing(path: Path, make: Callable[[Trainer], Trainer], problem: str) -> None:
    it = full()
    it.fit(loader(), 2)
    it.save(path)
    other = make(full())
    other.fit(loader(), 1)
    before = left(other)
    with pytest.raises(rt.BadArgumentError, match=f"run.safetensors: {problem}"):
        other.load(path)
    assert left(other) == before


@pytest.mark.parametrize("make", [no_schedule, no_callbacks, more_callbacks])
def test_passing_over_what_is_on_one_side_only(path: Path, make: Callable[[Trainer], Trainer]) -> None:
    it = full()
    it.fit(loader(), 2)
    it.save(path)
    other = make(full()).load(path, strict=False)
    assert left(other)["model"] == left(it)["model"]
    assert other.fit(loader(), until=3).epochs == [0, 1, 2]


def test_several_of_a_kind_are_told_apart_by_their_places(path: Path) -> None:
    def both() -> Trainer:
        return trainer(callbacks=[EarlyStopping(5), EarlyStopping(5, monitor="loss", mode="max")])

    it = both()
    it.fit(loader(), 3)
    it.save(path)
    again = both().load(path)
    assert [each.best for each in again.callbacks] == [min(it.history.losses), max(it.history.losses)]


def test_files_that_are_no_checkpoints(path: Path) -> None:
    it = full()
    with pytest.raises(FileNotFoundError):
        it.load(path)
    path.write_bytes(b"no checkpoint")
    with pytest.raises(rt.FileFormatError):
        it.load(path)
    rt.safetensors.save_file({"model.0.weight": rt.ones([2])}, path)
    with pytest.raises(rt.FileFormatError, match=r"run.safetensors: it is no checkpoint of rt.training"):
        it.load(path)
    rt.safetensors.save_file({}, path, {"rt_torch.training": "7"})
    with pytest.raises(
        rt.FileFormatError, match=r"run.safetensors: it is a checkpoint of version 7, and this rt_torch"
    ):
        it.load(path)
    with pytest.raises(rt.ArgumentTypeError, match=r"Trainer.load: argument `path`: a path is expected"):
        it.load(3)  # type: ignore[arg-type]  # that is the test


PARTS = ["position", "data", "validation", "optimizer", "schedulers", "callbacks", "random", "history"]
NONSENSE = [
    '["a", "b"]',
    '{"epoch": -1, "batch": 0, "averages": {}}',
    "",
    "{",
    "null",
    "3",
    "[]",
    "{}",
    '"text"',
    "[[]]",
    '[{"kind": 1}]',
    '{"kind": "Adam"}',
    '{"$tensor": "x"}',
]


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("text", [None, *NONSENSE, "[" * 100_000])
def test_damaged_metadata_changes_nothing(path: Path, part: str, text: str | None) -> None:
    it = full()
    it.fit(loader(), 1)
    it.save(path)
    good = path.read_bytes()

    def damage(metadata: dict[str, str], tensors: dict[str, rt.Tensor]) -> None:
        if text is None:
            del metadata[part]
        else:
            metadata[part] = text

    changed(path, damage)
    other = full()
    before = left(other)
    with pytest.raises((rt.FileFormatError, rt.BadArgumentError), match=r"run.safetensors"):
        other.load(path)
    assert left(other) == before
    path.write_bytes(good)
    other.load(path)


def test_a_tensor_is_missing(path: Path) -> None:
    it = full()
    it.fit(loader(), 1)
    it.save(path)
    changed(path, lambda metadata, tensors: tensors.pop("optimizer.state.2.exp_avg"))
    with pytest.raises(rt.FileFormatError, match="'optimizer' in its metadata"):
        full().load(path)
    it.save(path)
    changed(path, lambda metadata, tensors: tensors.pop("model.0.bias"))
    with pytest.raises(rt.BadArgumentError, match=r"its model is another one than here: .*\n.*0.bias is missing"):
        full().load(path)


def test_states_that_no_checkpoint_keeps(path: Path) -> None:
    class Odd(Callback):
        def state_dict(self) -> dict[str, Any]:
            return {"set": {1, 2}}

    it = trainer(callbacks=[Odd()])
    with pytest.raises(rt.ArgumentTypeError, match=r"callbacks\.0\.set: a checkpoint keeps numbers"):
        it.save(path)
    assert not path.exists()


def test_loading_within_fit(path: Path) -> None:
    it = full()
    it.save(path)
    it.callbacks = (At(0, 1, lambda of: of.load(path)),)
    with pytest.raises(rt.Error, match=r"Trainer.load: a fit of this trainer is running"):
        it.fit(loader(), 1)


# Saving meanwhile.


def saved(path: Path) -> tuple[int, int]:
    with rt.safetensors.safe_open(path) as file:
        position = json.loads(file.metadata()["position"])
    return position["epoch"], position["batch"]


def test_every_so_many_epochs_and_at_the_end(path: Path) -> None:
    seen = []

    class Look:
        def on_epoch_start(self, it: Trainer) -> None:
            seen.append(saved(path) if path.exists() else None)

    trainer(callbacks=[Checkpoint(path, every=2), Look()]).fit(loader(), 5)
    assert seen == [None, None, (2, 0), (2, 0), (4, 0)]
    assert saved(path) == (5, 0)


def test_within_an_epoch(path: Path) -> None:
    seen = []

    class Look:
        def on_batch_end(self, it: Trainer, loss: float) -> None:
            seen.append(saved(path) if path.exists() else None)

    trainer(callbacks=[Checkpoint(path, every=9, every_batches=2), Look()]).fit(loader(), 2)
    assert seen[:5] == [None, None, (0, 2), (0, 2), (0, 4)]  # it comes after all others
    assert seen[5:] == [(0, 4), (0, 4), (1, 2), (1, 2), (1, 4)]


def test_after_an_interruption(path: Path) -> None:
    def interrupt(it: Trainer) -> None:
        raise KeyboardInterrupt

    trainer(callbacks=[Checkpoint(path, every=3), At(1, 2, interrupt)]).fit(loader(), 9)
    assert saved(path) == (1, 3)


def test_files_of_their_own(tmp_path: Path) -> None:
    trainer(callbacks=[Checkpoint(tmp_path / "run-{epoch}.safetensors", every=2)]).fit(loader(), 5)
    assert sorted(os.listdir(tmp_path)) == [f"run-{epoch}.safetensors" for epoch in (2, 4, 5)]
    assert saved(tmp_path / "run-4.safetensors") == (4, 0)


def test_the_best(path: Path, tmp_path: Path) -> None:
    best = tmp_path / "best"
    it = trainer(callbacks=[Checkpoint(path, best=best)])
    history = it.fit(loader(), 6, validation=samples(6))
    known = [value for value in history.validation_losses if value is not None]
    at = known.index(min(known))
    assert saved(best) == (at + 1, 0)
    again = trainer(callbacks=[Checkpoint(path, best=best)])
    load_model(again.model, best)
    assert again.evaluate(samples(6)).loss == min(known)
    again.load(best)
    assert again.callbacks[0]._monitor.best == min(known)


def test_a_kill_between_two_files_loses_no_best_one(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one that knows which epoch was the best is written last."""
    written: list[str] = []
    monkeypatch.setattr(Trainer, "save", lambda self, where: written.append(os.path.basename(where)))
    trainer(callbacks=[Checkpoint(path, best=tmp_path / "best")]).fit(loader(), 1)
    assert written == ["best", path.name]


def test_nothing_is_written_when_nothing_was_learned(path: Path) -> None:
    it = trainer(callbacks=[Checkpoint(path)])
    it.fit(loader(), 0)
    assert not path.exists()


@pytest.mark.parametrize(
    ("options", "name"),
    [
        ({"path": 3}, "path"),
        ({"path": "x", "best": 3}, "best"),
        ({"path": "x", "every": 0}, "every"),
        ({"path": "x", "every_batches": -1}, "every_batches"),
        ({"path": "x", "monitor": "recall"}, "mode"),
    ],
)
def test_options_that_make_no_sense(options: dict[str, Any], name: str) -> None:
    with pytest.raises(rt.BadArgumentError, match=f"rt.training.Checkpoint: argument `{name}`"):
        Checkpoint(**options)
