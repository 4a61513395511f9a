"""Where batches come from, and how far they were gone through."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, NamedTuple, TypeAlias

from rt_torch import pure
from rt_torch._tensor import Tensor
from rt_torch.data import DataLoader
from rt_torch.errors import ArgumentTypeError, BadArgumentError
from rt_torch_bindings.arguments import shown

Data: TypeAlias = Iterable[Any]  # of pairs (x, y); or two tensors

_HINT = "fit(..., resume=False) begins the epoch anew"


class Place(NamedTuple):
    """Where the rest of an epoch begins."""

    state: Any  # of the data; None where that does not tell
    skip: int  # batches to be left out from there


START = Place(None, 0)


class Source:
    """Batches (x, y), the same way epoch by epoch; where it stands can be told.

    Args:
        where: What messages start with: "Trainer.fit: argument `data`".
        data: Two tensors, which are one batch, or something with batches to iterate over: a DataLoader, a list.

    Raises:
        ArgumentTypeError: It is neither.
    """

    def __init__(self, where: str, data: Any) -> None:
        if isinstance(data, tuple) and len(data) == 2 and all(isinstance(each, Tensor) for each in data):
            data = [data]
        if isinstance(data, (Tensor, str, bytes)) or not isinstance(data, Iterable):
            raise ArgumentTypeError(
                f"{where}: batches (x, y) are expected, as of an rt.data.DataLoader, or one pair of tensors; "
                f"given {shown(data)}"
            )
        self.where = where
        self._data: Any = data
        self._tells = hasattr(data, "state_dict") and hasattr(data, "load_state_dict")
        self._begin = START  # where the batches that are being gone through began
        self._done = 0  # of these batches
        self._resumed = False  # whether the next batches are the rest of an epoch, from there
        self._open = False  # whether something was handed out, or looked for, that is not done with

    def __len__(self) -> int:
        """Batches in an epoch; 0 where the data cannot tell."""
        try:
            return len(self._data)
        except TypeError:
            return 0

    def check_repeatable(self) -> None:
        """That there is more than one epoch in it.

        Raises:
            BadArgumentError: It is an iterator, which is gone through once.
        """
        if isinstance(self._data, Iterator):
            raise BadArgumentError(
                f"{self.where}: an iterator has the batches of one epoch only; a list or an rt.data.DataLoader can be "
                f"gone through again; given {shown(self._data)}"
            )

    def batches(self) -> Iterator[tuple[Any, Any]]:
        """The batches of an epoch, or of its rest.  Call `done` after each, and `end_epoch` after the last."""
        self._begin = Place(self._state(), self._begin.skip if self._resumed else 0)
        self._done = 0
        self._open = True
        found = iter(self._data)
        if self._begin.skip:
            state = pure.random_state()  # which has the numbers of these batches behind it
            for _ in islice(found, self._begin.skip):
                pass
            pure.set_random_state(*state)
        for batch in found:
            if not isinstance(batch, (tuple, list)) or len(batch) != 2:
                raise ArgumentTypeError(f"{self.where}: a batch is a pair (x, y); given {shown(batch)}")
            yield batch[0], batch[1]
            self._open = True

    def done(self) -> None:
        """What was handed out last is done with."""
        self._done += 1
        self._open = False

    def end_epoch(self) -> None:
        """The next batches are those of another epoch."""
        self._begin, self._done, self._resumed, self._open = START, 0, False, False

    def place(self) -> Place:
        """Where the next batch is, or that which is not done with."""
        if self._open or not self._tells:
            return Place(self._begin.state, self._begin.skip + self._done)
        return Place(self._state(), 0 if self._done else self._begin.skip)

    def go_to(self, place: Place) -> None:
        """Have the next batches begin there.

        Raises:
            BadArgumentError: That is no place in this data.
        """
        if place.state is not None and not self._tells:
            raise BadArgumentError(
                f"{self.where}: the epoch under way is one of data that says where it stands, and this does not; "
                f"{_HINT}; given {shown(self._data)}"
            )
        if place.state is not None:
            try:
                self._data.load_state_dict(place.state)
            except BadArgumentError as error:
                raise BadArgumentError(f"{self.where}: it is other data than before: {error}; {_HINT}") from error
        self._begin, self._done, self._resumed = place, 0, True

    def _state(self) -> Any:
        if not self._tells:
            return None
        state = self._data.state_dict()
        if isinstance(self._data, DataLoader) and not self._resumed and not self._done:
            state["sample"] = 0  # of a loop that was left early; the next one begins the epoch anew
        return state


def samples(batch: Any) -> int:
    """How many samples a tensor has; 1 where that cannot be told."""
    shape = getattr(batch, "shape", ())
    return int(shape[0]) if shape else 1
