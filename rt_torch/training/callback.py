"""What is called while a model learns."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from rt_torch.errors import ArgumentTypeError, BadArgumentError
from rt_torch_bindings.arguments import shown

if TYPE_CHECKING:
    from rt_torch.training.trainer import Trainer

HOOKS = ("on_fit_start", "on_epoch_start", "on_batch_end", "on_epoch_end", "on_fit_end")


class Callback:
    """Something that is called while a model learns; write the methods that are wanted:

        class Report(rt.training.Callback):
            def on_epoch_end(self, trainer):
                print(trainer.history.epochs[-1], trainer.history.losses[-1])

    They may look at everything in the trainer, change it, call `trainer.stop(why)` and `trainer.save(path)`.  Of several
    callbacks the first is called first, and at the end of fit the last.  Objects of other classes will do too, with those
    of the methods that they have.
    """

    def __init_subclass__(cls, **named: Any) -> None:
        super().__init_subclass__(**named)
        for name in vars(cls):
            if name.startswith("on_") and name not in HOOKS:
                close = difflib.get_close_matches(name, HOOKS, 1)
                hint = f"did you mean {close[0]}?" if close else f"there are {', '.join(HOOKS)}"
                raise BadArgumentError(f"{cls.__name__}.{name}: nobody calls a method of that name; {hint}")

    def on_fit_start(self, trainer: Trainer) -> None:
        """`fit` begins; the model is in training mode."""

    def on_epoch_start(self, trainer: Trainer) -> None:
        """Epoch `trainer.epoch` begins; that is not so for the rest of one that was interrupted."""

    def on_batch_end(self, trainer: Trainer, loss: float) -> None:
        """A step was made; of this epoch there were `trainer.batch` now, and this one had that loss."""

    def on_epoch_end(self, trainer: Trainer) -> None:
        """The epoch is in the history, the learning rate is that of the next one, which is `trainer.epoch`."""

    def on_fit_end(self, trainer: Trainer) -> None:
        """`fit` returns, also after Ctrl-C (`trainer.history.interrupted`), but not when something was raised."""

    def state_dict(self) -> dict[str, Any]:
        """What a checkpoint is to keep of it: dictionaries, lists, numbers, texts, tensors."""
        return {}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on from where another one stood.

        Raises:
            BadArgumentError: That was no such state.
        """
        if state:
            raise BadArgumentError(f"{type(self).__name__}.load_state_dict: it keeps nothing; given {shown(state)}")


def checked(symbol: str, callbacks: Any) -> tuple[Any, ...]:
    """Callbacks, as a tuple.

    Raises:
        ArgumentTypeError: One has none of the methods.
    """
    where = f"{symbol}: argument `callbacks`"
    if not isinstance(callbacks, Iterable):
        raise ArgumentTypeError(f"{where}: a list of callbacks is expected; given {shown(callbacks)}")
    found = tuple(callbacks)
    for callback in found:
        if isinstance(callback, type) or not any(callable(getattr(callback, name, None)) for name in HOOKS):
            raise ArgumentTypeError(
                f"{where}: objects with some of {', '.join(HOOKS)} are expected; given {shown(callback)}"
            )
    return found


def hooks(callbacks: Iterable[Any], name: str) -> list[Callable[..., None]]:
    """The methods of that name which do anything."""
    nothing = getattr(Callback, name)
    found = [getattr(callback, name, None) for callback in callbacks]
    return [method for method in found if method is not None and getattr(method, "__func__", None) is not nothing]
