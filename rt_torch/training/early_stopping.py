"""An end to learning when nothing gets better."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from rt_torch._tensor import Tensor
from rt_torch.errors import BadArgumentError
from rt_torch.pure.argument import integer
from rt_torch.training.callback import Callback
from rt_torch.training.monitor import Monitor, check_keys

if TYPE_CHECKING:
    from rt_torch.training.trainer import Trainer


class EarlyStopping(Callback):
    """Ends `fit` when a number has not become better for some epochs, and gives back the best model.

        trainer = rt.training.Trainer(model, optimizer, loss, callbacks=[rt.training.EarlyStopping(patience=5)])

    The model's best parameters and buffers are put back when fit ends, whether it was stopped or all epochs are over,
    but not after Ctrl-C or within an epoch, which may be gone on with.  A fit after one that was stopped has all its patience again; the best stays the best.

    Args:
        patience: After so many epochs without anything better it ends.
        monitor: "validation_loss", "loss" or a metric; by default the validation loss, or the loss where there is none.
        mode: Whether "min" or "max" is good; by default as the name says.
        min_delta: What is better by no more than this counts as the same.
        restore_best: Whether the best model is put back.

    Raises:
        BadArgumentError: `patience` is not positive, `min_delta` negative, or the mode is none or cannot be guessed.
    """

    def __init__(
        self,
        patience: int = 5,
        *,
        monitor: str | None = None,
        mode: str | None = None,
        min_delta: float = 0.0,
        restore_best: bool = True,
    ) -> None:
        symbol = "rt.training.EarlyStopping"
        self.patience = integer(symbol, "patience", patience)
        if self.patience < 1:
            raise BadArgumentError(f"{symbol}: argument `patience`: {patience} was given, and at least 1 is expected")
        self.restore_best = bool(restore_best)
        self.waited = 0  # epochs since the best
        self.stopped = ""  # why fit was ended
        self._monitor = Monitor(symbol, monitor, mode, min_delta)
        self._weights: dict[str, Tensor] | None = None  # the best
        self._loaded = False  # whether it stands where another one stopped

    @property
    def best(self) -> float | None:
        """The best value so far; None before the first epoch."""
        return self._monitor.best

    @property
    def best_epoch(self) -> int:
        """The number of the epoch that had it; -1 before the first one."""
        return self._monitor.epoch

    def on_fit_start(self, trainer: Trainer) -> None:
        if self.stopped and self._loaded:
            trainer.stop(self.stopped)
        elif self.stopped:
            self.waited, self.stopped = 0, ""
        self._loaded = False

    def on_epoch_end(self, trainer: Trainer) -> None:
        if self._monitor.improved(trainer.history):
            self.waited = 0
            if self.restore_best:
                self._weights = {path: tensor.clone() for path, tensor in trainer.model.state_dict().items()}
            return
        self.waited += 1
        if self.waited >= self.patience:
            epochs = "1 epoch" if self.patience == 1 else f"{self.patience} epochs"
            self.stopped = f"no better {self._monitor.name(trainer.history)} for {epochs}"
            trainer.stop(self.stopped)

    def on_fit_end(self, trainer: Trainer) -> None:
        under_way = trainer.history.interrupted or trainer.batch
        if self._weights is not None and not under_way:
            trainer.model.load_state_dict(self._weights)

    def state_dict(self) -> dict[str, Any]:
        """Where it stands, with the best parameters."""
        own = {"waited": self.waited, "stopped": self.stopped, "weights": self._weights}
        return {**own, "monitor": self._monitor.state_dict()}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on from where another one stood.

        Raises:
            BadArgumentError: That was no such state.
        """
        symbol = "EarlyStopping.load_state_dict"
        check_keys(symbol, state, ("waited", "stopped", "weights", "monitor"))
        waited, weights = integer(symbol, "waited", state["waited"]), state["weights"]
        tensors = weights is None or all(isinstance(each, Tensor) for each in weights.values())
        if not tensors or not isinstance(state["stopped"], str):
            raise BadArgumentError(
                f"{symbol}: argument `state`: `weights` are tensors by name, and `stopped` is a text"
            )
        self._monitor.load_state_dict(state["monitor"])
        self.waited, self.stopped, self._weights = waited, state["stopped"], weights
        self._loaded = True
