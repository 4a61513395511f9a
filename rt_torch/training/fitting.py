"""One run of Trainer.fit."""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite
from typing import TYPE_CHECKING, Any

from rt_torch.autograd import mode
from rt_torch.errors import BadArgumentError
from rt_torch.training.averages import Averages
from rt_torch.training.callback import HOOKS, hooks
from rt_torch.training.interruption import Interruption
from rt_torch.training.progress import Progress
from rt_torch.training.source import Source, samples
from rt_torch.training.undo import Undo

if TYPE_CHECKING:
    from rt_torch.training.trainer import Trainer


class Fit:
    """Epochs until there are enough, or somebody says stop.

    Args:
        trainer: Whose fit this is; it has all that outlives it.
        data: What is learned from.
        validation: What the model is evaluated on after each epoch.
        end: How many epochs there are to be.
        interruption: Who hears Ctrl-C.
    """

    def __init__(
        self, trainer: Trainer, data: Source, validation: Source | None, end: int, interruption: Interruption
    ) -> None:
        self.interruption = interruption
        self.data = data
        self.validation = validation
        self.why = ""  # it is to end before its time; set by Trainer.stop
        self.warned = False  # about losses that are not finite
        self._trainer = trainer
        self._end = end
        self._hooks: dict[str, list[Callable[..., None]]] = {name: hooks(trainer.callbacks, name) for name in HOOKS}
        self._hooks["on_fit_end"].reverse()

    def run(self, progress: Progress) -> None:
        """All of it."""
        trainer, history, interruption = self._trainer, self._trainer.history, self.interruption
        self._progress = progress
        recording = mode.current.get()
        self._undo = Undo(trainer.model, trainer.optimizer)
        history.interrupted, history.stopped = False, ""
        trainer.model.train()
        try:
            self._call("on_fit_start")
            while trainer.epoch < self._end and not self._ends():
                self._epoch()
            interruption.close()  # the ends of callbacks are to be whole too
        except KeyboardInterrupt:
            interruption.close()
            mode.current.set(recording)  # the end of a block, of rt.no_grad() too, may have been missed
            history.interrupted = True
            if interruption.urgent:
                raise
        finally:
            trainer.model.eval()
            progress.clear()
        if trainer.epoch < self._end:
            history.interrupted |= interruption.requested and not self.why
            history.stopped = self.why
        self._call("on_fit_end")
        progress.end(self._word())

    def _ends(self) -> bool:
        return bool(self.why) or self.interruption.requested

    def _call(self, name: str, *arguments: Any) -> None:
        """All of these methods, though one may be interrupted: what they count is to stay right."""
        interrupted = None
        for hook in self._hooks[name]:
            try:
                hook(self._trainer, *arguments)
            except KeyboardInterrupt as error:
                interrupted = error
        if interrupted is not None:
            raise interrupted

    def _epoch(self) -> None:
        """An epoch, or the rest of one; unless it is to end before, with what follows its batches."""
        trainer, data, progress = self._trainer, self.data, self._progress
        if not trainer.batch:
            trainer.averages = Averages()
            self._call("on_epoch_start")
        for x, y in data.batches():
            loss = self._batch(x, y)
            if self._hooks["on_batch_end"]:
                self._call("on_batch_end", loss)
            if progress.wanted:
                progress.batch(trainer.epoch, trainer.batch, trainer.averages)
            self.interruption.open()
            if self._ends():
                return
        if not trainer.batch:
            raise BadArgumentError(f"{data.where}: there are no batches in it")
        self._epoch_end()

    def _batch(self, x: Any, y: Any) -> float:
        """A step, or nothing at all when something is raised before it; its loss.  Ctrl-C is to be let in afterwards."""
        trainer = self._trainer
        self._undo.begin()
        try:
            loss = trainer.train_step(x, y)  # which closes the way for Ctrl-C before it changes the model
            self.interruption.close()  # where it left the batch out
        except BaseException:
            self._undo.undo()
            raise
        if isfinite(loss) or trainer.on_nan == "ignore":
            trainer.averages.add(samples(y), {"loss": loss, **trainer.measured})
        else:
            self._undo.undo_buffers()
        self.data.done()
        trainer.batch += 1
        return loss

    def _epoch_end(self) -> None:
        """What comes after the last batch.  Until the history has the epoch, the epoch is under way."""
        trainer = self._trainer
        means = trainer.averages.means()
        loss = means.pop("loss", float("nan"))
        validation_loss = None
        if self.validation is not None:
            found = trainer._evaluated(self.validation)
            validation_loss = found.loss
            means |= {f"validation_{name}": value for name, value in found.metrics.items()}
        rate = trainer.optimizer.param_groups[0]["lr"]
        self.interruption.close()
        trainer.history.add_epoch(trainer.epoch, loss, validation_loss, means, rate)
        for schedule in trainer.schedulers:
            schedule.step()
        trainer.epoch, trainer.batch = trainer.epoch + 1, 0
        self.data.end_epoch()
        self._progress.epoch(trainer.history)
        self._call("on_epoch_end")
        self.interruption.open()

    def _word(self) -> str:
        """Why it ended before its time."""
        trainer = self._trainer
        where = f"in epoch {trainer.epoch}, after {trainer.batch} of its batches" if trainer.batch else ""
        where = where or f"before epoch {trainer.epoch}"
        if trainer.history.interrupted:
            return f"interrupted {where}"
        return f"stopped {where}: {trainer.history.stopped}" if trainer.history.stopped else ""
