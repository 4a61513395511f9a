"""Checkpoints while a model learns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from rt_torch._file import Path, path_text
from rt_torch.errors import BadArgumentError
from rt_torch.pure.argument import integer
from rt_torch.training.callback import Callback
from rt_torch.training.monitor import Monitor, check_keys

if TYPE_CHECKING:
    from rt_torch.training.trainer import Trainer

_SYMBOL = "rt.training.Checkpoint"


class Checkpoint(Callback):
    """Saves the trainer every so often, when fit ends and after Ctrl-C; a killed process loses what came after the last
    save, and nothing else.

        path = "run.safetensors"
        trainer = rt.training.Trainer(model, optimizer, loss, callbacks=[rt.training.Checkpoint(path, every=10)])
        if os.path.exists(path):
            trainer.load(path)
        trainer.fit(data, until=1000)

    The trainer calls it after all other callbacks, so that it saves what they have made of the epoch.

    Args:
        path: The file, which is replaced each time; "{epoch}" in it becomes the number of epochs that are done, so that
            there are several files.
        every: So many epochs are between two saves.
        every_batches: Save also within an epoch, after so many batches.
        best: Another file, for the best epoch so far.
        monitor: What is best: as for EarlyStopping.
        mode: As for EarlyStopping.

    Raises:
        BadArgumentError: A number is not positive, a path is none, or the mode is none or cannot be guessed.
    """

    def __init__(
        self,
        path: Path,
        every: int = 1,
        *,
        every_batches: int | None = None,
        best: Path | None = None,
        monitor: str | None = None,
        mode: str | None = None,
    ) -> None:
        self.path = path_text(f"{_SYMBOL}: argument `path`", path)
        self.best = None if best is None else path_text(f"{_SYMBOL}: argument `best`", best)
        self.every = _positive("every", every)
        self.every_batches = None if every_batches is None else _positive("every_batches", every_batches)
        self._monitor = Monitor(_SYMBOL, monitor, mode)
        self._saved = (0, 0)  # epoch and batch of what is in the file, or need not be

    def on_fit_start(self, trainer: Trainer) -> None:
        self._saved = (trainer.epoch, trainer.batch)

    def on_batch_end(self, trainer: Trainer, loss: float) -> None:
        if self.every_batches is not None and trainer.batch % self.every_batches == 0:
            self._save(trainer)

    def on_epoch_end(self, trainer: Trainer) -> None:
        # The best first: what is saved then says that it was, and a process that is killed in between does both again.
        if self.best is not None and self._monitor.improved(trainer.history):
            trainer.save(self.best)
        if trainer.epoch % self.every == 0:
            self._save(trainer)

    def on_fit_end(self, trainer: Trainer) -> None:
        if self._saved != (trainer.epoch, trainer.batch):
            self._save(trainer)

    def _save(self, trainer: Trainer) -> None:
        trainer.save(self.path.replace("{epoch}", str(trainer.epoch)))
        self._saved = (trainer.epoch, trainer.batch)

    def state_dict(self) -> dict[str, Any]:
        """Which epoch was the best."""
        return {"monitor": self._monitor.state_dict()}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on from where another one stood.

        Raises:
            BadArgumentError: That was no such state.
        """
        check_keys("Checkpoint.load_state_dict", state, ("monitor",))
        self._monitor.load_state_dict(state["monitor"])


def _positive(name: str, value: Any) -> int:
    checked = integer(_SYMBOL, name, value)
    if checked < 1:
        raise BadArgumentError(f"{_SYMBOL}: argument `{name}`: {value} was given, and at least 1 is expected")
    return checked
