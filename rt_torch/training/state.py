"""What a trainer knows, in a file of the safetensors format.

tensors    "model.0.weight", "optimizer.state.0.exp_avg", "callbacks.0.weights.0.weight"
metadata   "rt_torch.training": the format's version; and everything else as JSON, of which `packing` tells the words
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rt_torch import pure, safetensors
from rt_torch._file import Path, path_text
from rt_torch._tensor import Tensor
from rt_torch.errors import BadArgumentError, FileFormatError
from rt_torch.nn import Module
from rt_torch.pure.argument import integer
from rt_torch.training.averages import Averages
from rt_torch.training.callback import Callback
from rt_torch.training.history import TrainingHistory
from rt_torch.training.packing import packed, unpacked
from rt_torch.training.source import Place

if TYPE_CHECKING:
    from rt_torch.training.trainer import Trainer

VERSION = "1"
_MARK = "rt_torch.training"
_MODEL = "model."
_PARTS = ("position", "data", "validation", "optimizer", "schedulers", "callbacks", "random", "history")


def save(trainer: Trainer, path: Path) -> None:
    """As Trainer.save."""
    tensors = {_MODEL + name: tensor for name, tensor in trainer.model.state_dict().items()}
    parts = {name: json.dumps(part, allow_nan=False) for name, part in _parts(trainer, tensors).items()}
    safetensors.save_file(tensors, path, {_MARK: VERSION, **parts, "history": trainer.history.to_json()})


def _parts(trainer: Trainer, tensors: dict[str, Tensor]) -> dict[str, Any]:
    """All but model and history, packed; the tensors in them are put to the others."""
    position = {"epoch": trainer.epoch, "batch": trainer.batch, "averages": trainer.averages.state_dict()}
    data, validation = trainer._places()
    several = {"schedulers": trainer.schedulers, "callbacks": _stateful(trainer)}
    return {
        "position": packed(position, "position", tensors),
        "data": packed(data._asdict(), "data", tensors),
        "validation": packed(validation._asdict(), "validation", tensors),
        "optimizer": _named(trainer.optimizer, "optimizer", tensors),
        **{
            name: [_named(each, f"{name}.{place}", tensors) for place, each in enumerate(parts)]
            for name, parts in several.items()
        },
        "random": [*pure.random_state()],
    }


def _named(part: Any, path: str, tensors: dict[str, Tensor]) -> dict[str, Any]:
    return {"kind": type(part).__name__, "state": packed(part.state_dict(), path, tensors)}


def _stateful(trainer: Trainer) -> list[Any]:
    """The callbacks that keep something."""
    return [
        callback
        for callback in trainer.callbacks
        if hasattr(callback, "load_state_dict")
        and getattr(type(callback), "state_dict", None) is not Callback.state_dict
    ]


# Reading.


def load(trainer: Trainer, path: Path, strict: bool) -> None:
    """As Trainer.load."""
    name = path_text("Trainer.load: argument `path`", path)
    parts, tensors = _read(name)
    back: list[Callable[[], None]] = []
    try:
        _put(trainer, name, parts, tensors, strict, back)
    except BaseException as error:
        for step in reversed(back):
            step()
        if isinstance(error, (LookupError, TypeError, ValueError, AttributeError)) and not str(error).startswith(name):
            raise FileFormatError(f"{name}: it is damaged: {error}") from error
        raise


def load_model(model: Module, path: Path) -> None:
    """Take over the model of a checkpoint, to use it or to begin from there, without all that belongs to learning.

    Args:
        model: One of the same shapes.
        path: What Trainer.save or Checkpoint wrote.

    Raises:
        BadArgumentError: The model in it is another one.
        FileFormatError: It is no such file, or damaged.
        OSError: It cannot be read.
    """
    name = path_text("rt.training.load_model: argument `path`", path)
    _, tensors = _read(name)
    _fit(name, model, "model", _of_model(tensors))


def _read(name: str) -> tuple[dict[str, Any], dict[str, Tensor]]:
    with safetensors.safe_open(name) as file:
        metadata = file.metadata()
        if _MARK not in metadata:
            raise FileFormatError(f"{name}: it is no checkpoint of rt.training: {_MARK!r} is not in its metadata")
        if metadata[_MARK] != VERSION:
            raise FileFormatError(
                f"{name}: it is a checkpoint of version {metadata[_MARK]}, and this rt_torch reads version {VERSION}"
            )
        tensors = file.get_tensors()
    parts: dict[str, Any] = {}
    for part in _PARTS:
        try:
            text = metadata[part]
            parts[part] = TrainingHistory.from_json(text) if part == "history" else unpacked(json.loads(text), tensors)
        except KeyError:
            raise FileFormatError(f"{name}: {part!r} is missing in its metadata") from None
        except (ValueError, RecursionError) as error:
            raise FileFormatError(f"{name}: {part!r} in its metadata: {error}") from None
    return parts, tensors


def _of_model(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    return {name[len(_MODEL) :]: tensor for name, tensor in tensors.items() if name.startswith(_MODEL)}


def _put(
    trainer: Trainer,
    name: str,
    parts: Mapping[str, Any],
    tensors: Mapping[str, Tensor],
    strict: bool,
    back: list[Callable[[], None]],
) -> None:
    """Have everything as the file says; how to go back is noted in `back`."""
    seed, offset = (integer("a random state", "number", each) for each in parts["random"])
    epoch, batch, averages = _position(parts["position"], parts["history"])
    places = [Place(part["state"], _count(part["skip"])) for part in (parts["data"], parts["validation"])]
    _fit(name, trainer.model, "model", _of_model(tensors), back)
    _fit_named(name, trainer.optimizer, "optimizer", parts["optimizer"], back)
    _fit_all(name, trainer.schedulers, "schedulers", parts["schedulers"], strict, back)
    _fit_all(name, _stateful(trainer), "callbacks", parts["callbacks"], strict, back)
    random = pure.random_state()
    back.append(lambda: pure.set_random_state(*random))
    pure.set_random_state(seed, offset)
    trainer._put(epoch, batch, averages, parts["history"], places)


def _position(part: Mapping[str, Any], history: TrainingHistory) -> tuple[int, int, Averages]:
    epoch, batch, averages = _count(part["epoch"]), _count(part["batch"]), Averages()
    if history.epochs and history.epochs[-1] >= epoch:
        raise ValueError(f"{epoch} epochs are done, and the history has number {history.epochs[-1]}")
    averages.load_state_dict(part["averages"])
    return epoch, batch, averages


def _count(value: Any) -> int:
    if type(value) is not int or not 0 <= value < 1 << 63:
        raise ValueError(f"{value!r} is no count")
    return value


def _fit(name: str, target: Any, what: str, state: Any, back: list[Callable[[], None]] | None = None) -> None:
    before = target.state_dict()
    try:
        target.load_state_dict(state)
    except BadArgumentError as error:
        raise BadArgumentError(f"{name}: its {what} is another one than here: {error}") from error
    if back is not None:
        back.append(lambda: target.load_state_dict(before))


def _fit_named(name: str, target: Any, what: str, part: Mapping[str, Any], back: list[Callable[[], None]]) -> None:
    kind = type(target).__name__
    if part["kind"] != kind:
        raise BadArgumentError(f"{name}: its {what} is {part['kind']}, and here is {kind}")
    _fit(name, target, what, part["state"], back)


def _fit_all(
    name: str, targets: Sequence[Any], what: str, parts: Sequence[Any], strict: bool, back: list[Callable[[], None]]
) -> None:
    """Each of several finds its part by its kind, and among those of a kind by its place."""
    here, there = [type(target).__name__ for target in targets], [part["kind"] for part in parts]
    if strict and Counter(here) != Counter(there):
        raise BadArgumentError(
            f"{name}: its {what} are {', '.join(there) or 'none'}, and here are {', '.join(here) or 'none'}; "
            "load(path, strict=False) passes over those that are on one side only"
        )
    rest = [*parts]
    for target, kind in zip(targets, here, strict=True):
        part = next((part for part in rest if part["kind"] == kind), None)
        if part is not None:
            rest = [each for each in rest if each is not part]
            _fit_named(name, target, what[:-1], part, back)
