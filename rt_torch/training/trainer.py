"""Learning from data, epoch by epoch."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any, TypeAlias

from rt_torch._file import Path
from rt_torch._tensor import Tensor
from rt_torch._terminal import Line
from rt_torch.autograd import mode, no_grad
from rt_torch.errors import ArgumentTypeError, BadArgumentError, Error
from rt_torch.nn import Module
from rt_torch.optim import Optimizer, Schedule
from rt_torch.pure.argument import integer
from rt_torch.training import divergence, state
from rt_torch.training.averages import Averages
from rt_torch.training.callback import checked
from rt_torch.training.checkpoint import Checkpoint
from rt_torch.training.divergence import DivergedError
from rt_torch.training.fitting import Fit
from rt_torch.training.history import TrainingHistory
from rt_torch.training.interruption import Interruption
from rt_torch.training.progress import Progress
from rt_torch.training.source import START, Data, Place, Source, samples
from rt_torch_bindings.arguments import shown

Loss: TypeAlias = "Callable[[Tensor, Tensor], Tensor]"
Metric: TypeAlias = "Callable[[Tensor, Tensor], Any]"


@dataclass(frozen=True)
class Evaluation:
    """How good a model is on some data: means over the samples."""

    loss: float
    metrics: dict[str, float]  # by name


class Trainer:
    """Has a model learn, and keeps everything that belongs to it.

        trainer = rt.training.Trainer(model, rt.optim.Adam(model.parameters()), rt.nn.mse_loss)
        history = trainer.fit(rt.data.DataLoader(x, y), epochs=10)

    Epochs, and the batches of each, are numbered from 0.

    Args:
        model: What learns.
        optimizer: That of its parameters.
        loss: Called with prediction and target, it gives a tensor of one element: a function or module of rt.nn.
        scheduler: Something of rt.optim that changes the optimizer's learning rate after each epoch, or several.
        callbacks: Objects with methods that are called meanwhile: see Callback.
        metrics: Functions of prediction and target, by name or named as they are: [rt.training.accuracy].
        on_nan: What is done about a loss that is NaN or infinite: "error" raises a DivergedError before the step, "skip"
            warns and leaves the batch out, "ignore" goes on.

    Raises:
        ArgumentTypeError: Something is not of its kind.
        BadArgumentError: The optimizer has nothing of the model, or a scheduler belongs to another optimizer.
    """

    epoch: int  # how many are done, which is the number of the one under way, or of the next
    batch: int  # how many of the epoch under way are done
    averages: Averages  # of these
    history: TrainingHistory

    def __init__(
        self,
        model: Module,
        optimizer: Optimizer,
        loss: Loss,
        *,
        scheduler: Schedule | Iterable[Schedule] | None = None,
        callbacks: Iterable[Any] = (),
        metrics: Mapping[str, Metric] | Iterable[Metric] = (),
        on_nan: str = "error",
    ) -> None:
        _check_kinds(model, optimizer, loss)
        self.model = model
        self.optimizer = optimizer
        self.loss = loss
        self.schedulers = _schedulers(scheduler, optimizer)
        # What saves comes after all that changes what is saved.
        self.callbacks = tuple(sorted(checked("Trainer", callbacks), key=lambda each: isinstance(each, Checkpoint)))
        self.metrics = _metrics(metrics)
        self.on_nan = divergence.checked("Trainer", on_nan)
        self.epoch = self.batch = 0
        self.averages = Averages()
        self.history = TrainingHistory()
        self._fit: Fit | None = None  # that which runs
        self._place = self._validation_place = START  # where its data stands, when none does
        self._owed = False  # whether the next one's data is to be put there
        self.measured: dict[str, float] = {}  # the metrics of the last step

    def get_history(self) -> TrainingHistory:
        """What came of each epoch."""
        return self.history

    # Learning.

    def fit(
        self,
        data: Data,
        epochs: int | None = None,
        *,
        until: int | None = None,
        validation: Data | None = None,
        progress: bool | int = True,
        resume: bool = True,
    ) -> TrainingHistory:
        """Learn for some epochs; the model is in training mode meanwhile, and in evaluation mode afterwards.

        An epoch that is under way, after Ctrl-C or from a checkpoint, is brought to its end first, and counts.

        Ctrl-C ends fit after the batch under way, or after the validation under way: fit returns, and `interrupted` is
        set in the history, which has the epochs that came to their end.  The next fit goes on with the next batch.

        A second Ctrl-C raises KeyboardInterrupt at once, but within a step after it and its callbacks.  Whatever is
        raised before a batch's step undoes the batch: buffers and random numbers are as they were, and the next fit begins
        with it.

        Args:
            data: Batches (x, y): an rt.data.DataLoader, a list, ...; or two tensors, which are one batch.
            epochs: How many more.
            until: How many altogether, with those that are done; instead of `epochs`.
            validation: Such data, on which the model is evaluated after each epoch.
            progress: A bar on a terminal, and elsewhere a line for each epoch, on stderr; a number n is for a line
                every n epochs, and False for nothing.
            resume: Whether an epoch that is under way is gone on with; otherwise it begins anew, and what was learned in
                it stays.

        Returns:
            The history, which is the trainer's own, of all epochs so far.

        Raises:
            ArgumentTypeError: The data is none.
            BadArgumentError: A number is out of its range, or the data is other data than that of the epoch under way.
            DivergedError: A loss is NaN or infinite.
        """
        if self._fit is not None:
            raise Error("Trainer.fit: another fit of this trainer is running")
        end = _end("Trainer.fit", self.epoch, epochs, until)
        every = _every("Trainer.fit", progress)
        source = Source("Trainer.fit: argument `data`", data)
        check = None if validation is None else Source("Trainer.fit: argument `validation`", validation)
        if end - self.epoch > 1:
            for each in (source, check):
                if each is not None:
                    each.check_repeatable()
        line = Line(enabled=every > 0)
        bar = Progress(line, every or 1, self.epoch, end, len(source), self.batch)
        interruption = Interruption(line)
        try:
            with interruption:
                self._run(source, check, resume, end, interruption, bar)
        finally:
            self.history.interrupted |= interruption.requested  # also when there was nothing left to be done
        return self.history

    def _run(
        self, data: Source, validation: Source | None, resume: bool, end: int, interruption: Interruption, bar: Progress
    ) -> None:
        """A fit, with its beginning and its end."""
        self._go_on(data, validation, resume)
        try:
            self._fit = Fit(self, data, validation, end, interruption)
            self._fit.run(bar)
        finally:
            try:
                interruption.close()
            finally:
                if self._fit is not None:
                    self._place, self._validation_place = self._places()
                    self._owed = self.batch > 0
                    self._fit = None

    def fit_epoch(self, data: Data, *, validation: Data | None = None) -> float:
        """Learn for one epoch, or for the rest of that under way; its loss.

        Raises:
            KeyboardInterrupt: There was a Ctrl-C, which ended it after the batch under way.
            Others as `fit`.
        """
        self.fit(data, 1, validation=validation, progress=False)
        if self.history.interrupted:
            raise KeyboardInterrupt
        return self.averages.mean("loss")

    def train_step(self, x: Any, y: Any) -> float:
        """Change the model once, by the gradients of a batch; the loss that it had before.

        Raises:
            DivergedError: The loss is NaN or infinite, and `on_nan` is "error".
        """
        if not self.model.training:
            self.model.train()
        self.optimizer.zero_grad()
        loss, prediction = self.compute(x, y)
        value = _value(loss)
        self.measured = self._measured(prediction, y)
        if not isfinite(value) and not self._is_accepted(value, x, y):
            return value
        loss.backward()
        if self._fit is not None:
            self._fit.interruption.close()
        self.optimizer.step()
        return value

    def compute(self, x: Any, y: Any) -> tuple[Tensor, Any]:
        """Loss and prediction of a batch, in training and in evaluation; override it where they come about otherwise."""
        prediction = self.model(x)
        return self.loss(prediction, y), prediction

    def evaluate(self, data: Data) -> Evaluation:
        """Loss and metrics on some data, in evaluation mode and without gradients; the model does not change.

        Raises:
            ArgumentTypeError: That is no data.
            BadArgumentError: There are no batches in it.
        """
        return self._evaluated(Source("Trainer.evaluate: argument `data`", data))

    def stop(self, why: str = "stopped") -> None:
        """Have fit end after the batch under way, or after the epoch at whose end this is called; for callbacks."""
        if self._fit is not None:
            self._fit.why = why or "stopped"

    # Checkpoints.

    def save(self, path: Path) -> None:
        """Write everything to a file of the safetensors format, from which a trainer of the same kind can go on.

        That is: the model, the optimizer, the schedulers, where the data stands, rt's random generator, the history and
        the callbacks' states.  The file takes the place of an old one whole or not at all.

        Raises:
            ArgumentTypeError: A state has something that no checkpoint keeps.
            OSError: It cannot be written.
        """
        state.save(self, path)

    def load(self, path: Path, *, strict: bool = True) -> Trainer:
        """Have everything as in a file that `save` wrote; the next fit goes on from there.

        Args:
            path: That file.
            strict: Whether the schedulers and callbacks must be of the same kinds as in it.

        Returns:
            The trainer itself.

        Raises:
            BadArgumentError: What is in it does not fit; nothing has changed then.
            FileFormatError: It is no such file, or damaged; nothing has changed then.
            OSError: It cannot be read.
        """
        if self._fit is not None:
            raise Error("Trainer.load: a fit of this trainer is running")
        state.load(self, path, strict)
        return self

    def __repr__(self) -> str:
        loss = getattr(self.loss, "__name__", type(self.loss).__name__)
        model, optimizer = type(self.model).__name__, type(self.optimizer).__name__
        return f"Trainer(model={model}, optimizer={optimizer}, loss={loss}, epoch={self.epoch})"

    # What batches tell.

    def _measured(self, prediction: Any, y: Any) -> dict[str, float]:
        """The metrics of a batch."""
        if not self.metrics:
            return {}
        plain = prediction.detach() if isinstance(prediction, Tensor) else prediction
        with no_grad():
            return {name: _measure(name, metric(plain, y)) for name, metric in self.metrics.items()}

    def _evaluated(self, source: Source) -> Evaluation:
        modes = [(module, module.training) for module in self.model.modules()]
        averages = Averages()
        before = mode.current.get()
        self.model.eval()
        try:
            mode.current.set(mode.said(False))
            for x, y in source.batches():
                loss, prediction = self.compute(x, y)
                averages.add(samples(y), {"loss": _value(loss), **self._measured(prediction, y)})
        finally:
            mode.current.set(before)
            for module, training in modes:
                module.training = training
        source.end_epoch()
        if not averages.unit:
            raise BadArgumentError(f"{source.where}: there are no batches in it")
        means = averages.means()
        return Evaluation(means.pop("loss"), means)

    def _is_accepted(self, loss: float, x: Any, y: Any) -> bool:
        """Whether a step is to be made by a loss that is not finite."""
        if self.on_nan == "ignore":
            return True
        place = f"epoch {self.epoch}, batch {self.batch}: the loss is {loss}"
        why = divergence.explained(self.model, x, y, self.optimizer.param_groups[0]["lr"])
        if self.on_nan == "error":
            message = f'{place}: {why}; on_nan="skip" leaves such batches out'
            raise DivergedError(message, self.epoch, self.batch, loss)
        if self._fit is None or not self._fit.warned:
            warnings.warn(f"{place}, and the batch is left out: {why}", RuntimeWarning, stacklevel=2)
        if self._fit is not None:
            self._fit.warned = True
        return False

    # Where the data stands.

    def _places(self) -> tuple[Place, Place]:
        """Of the data to learn from, and of the validation data."""
        if self._fit is None:
            return self._place, self._validation_place
        validation = self._fit.validation
        return self._fit.data.place(), self._validation_place if validation is None else validation.place()

    def _go_on(self, data: Source, validation: Source | None, resume: bool) -> None:
        """Have the data begin where it stood."""
        if not resume:
            self.batch, self._owed = 0, False
        elif self._owed:
            data.go_to(self._place)
            if validation is not None:
                validation.go_to(self._validation_place)

    def _put(self, epoch: int, batch: int, averages: Averages, history: TrainingHistory, places: list[Place]) -> None:
        """Stand where a checkpoint says."""
        self.epoch, self.batch, self.averages, self.history = epoch, batch, averages, history
        self._place, self._validation_place = places
        self._owed = True


def _check_kinds(model: Any, optimizer: Any, loss: Any) -> None:
    for name, given, kind in (("model", model, Module), ("optimizer", optimizer, Optimizer)):
        if not isinstance(given, kind):
            module = kind.__module__.split(".")[1]
            raise ArgumentTypeError(
                f"Trainer: argument `{name}`: an rt.{module}.{kind.__name__} is expected; given {shown(given)}"
            )
    if not callable(loss) or isinstance(loss, type):
        raise ArgumentTypeError(
            f"Trainer: argument `loss`: a function of prediction and target is expected, such as rt.nn.mse_loss; "
            f"given {shown(loss)}"
        )
    mine = {id(parameter) for parameter in model.parameters()}
    if not any(id(param) in mine for group in optimizer.param_groups for param in group["params"]):
        raise BadArgumentError("Trainer: argument `optimizer`: it has none of the model's parameters")


def _schedulers(given: Any, optimizer: Optimizer) -> tuple[Schedule, ...]:
    where = "Trainer: argument `scheduler`"
    if given is None:
        return ()
    found = tuple(given) if isinstance(given, Iterable) else (given,)
    for schedule in found:
        if not isinstance(schedule, Schedule):
            raise ArgumentTypeError(f"{where}: one of rt.optim, such as StepLR, is expected; given {shown(schedule)}")
        if schedule.optimizer is not optimizer:
            raise BadArgumentError(f"{where}: {type(schedule).__name__} belongs to another optimizer")
    return found


def _metrics(given: Any) -> dict[str, Metric]:
    where = "Trainer: argument `metrics`"
    if not isinstance(given, Iterable):
        raise ArgumentTypeError(f"{where}: functions, or functions by name, are expected; given {shown(given)}")
    found = dict(given) if isinstance(given, Mapping) else {getattr(each, "__name__", ""): each for each in given}
    for name, metric in found.items():
        if not isinstance(name, str) or not callable(metric):
            raise ArgumentTypeError(f"{where}: functions of prediction and target are expected; given {shown(metric)}")
        if name in ("", "loss", "validation_loss", "learning_rate"):
            raise BadArgumentError(f"{where}: a metric needs a name of its own; give it as {{name: {shown(metric)}}}")
    return found


def _end(symbol: str, done: int, epochs: Any, until: Any) -> int:
    """How many epochs there are to be when fit has ended."""
    if (epochs is None) == (until is None):
        raise BadArgumentError(f"{symbol}: one of `epochs` and `until` is expected; given {epochs} and {until}")
    name, given = ("epochs", epochs) if until is None else ("until", until)
    count = integer(symbol, name, given)
    if count < 0:
        raise BadArgumentError(f"{symbol}: argument `{name}`: {count} was given, and at least 0 is expected")
    return done + count if until is None else max(done, count)


def _every(symbol: str, progress: Any) -> int:
    """A line for so many epochs; 0 for none."""
    count = int(progress) if isinstance(progress, bool) else integer(symbol, "progress", progress)
    if count < 0:
        raise BadArgumentError(f"{symbol}: argument `progress`: {count} was given, and at least 0 is expected")
    return count


def _measure(name: str, given: Any) -> float:
    """The number that a metric gave."""
    try:
        return float(given)
    except (TypeError, ValueError, BadArgumentError):
        wanted = "a number, or a tensor of one element, is expected"
        raise ArgumentTypeError(f"Trainer: the metric {name}: {wanted}; it gave {shown(given)}") from None


def _value(loss: Any) -> float:
    """The number that a loss is."""
    if not isinstance(loss, Tensor) or loss.numel() != 1:
        given = f"a tensor of shape {loss.shape}" if isinstance(loss, Tensor) else shown(loss)
        raise BadArgumentError(f'the loss is to be a tensor of one element (reduction="mean"); it gave {given}')
    return float(loss.item())
