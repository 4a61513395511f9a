"""Runs that are to end in the same way, each in a process of its own: python -m tests.training.run HOW FOLDER.

whole    from the beginning to the end
first    from the beginning to a checkpoint within an epoch, and one at the end of an epoch
within   from the one to the end
between  from the other to the end
killed   as often as need be, from the last checkpoint on, which is saved all the time
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

import rt_torch as rt
from rt_torch import nn, optim
from rt_torch.training import Callback, Checkpoint, EarlyStopping, Trainer
from tests.training.conftest import At, left, network, samples

EPOCHS = 4

OPTIMIZERS: dict[str, tuple[type[optim.Optimizer], dict[str, Any]]] = {
    "SGD": (optim.SGD, {"lr": 0.05}),
    "momentum": (optim.SGD, {"lr": 0.05, "momentum": 0.9, "weight_decay": 0.01}),
    "nesterov": (optim.SGD, {"lr": 0.05, "momentum": 0.9, "nesterov": True}),
    "Adam": (optim.Adam, {"lr": 0.01, "weight_decay": 0.01}),
    "AdamW": (optim.AdamW, {"lr": 0.01}),
    "RMSprop": (optim.RMSprop, {"lr": 0.01}),
    "centered": (optim.RMSprop, {"lr": 0.01, "momentum": 0.9, "centered": True}),
}


class After(Callback):
    """Saves at the end of an epoch."""

    def __init__(self, epoch: int, path: str) -> None:
        self.epoch = epoch
        self.path = path

    def on_epoch_end(self, trainer: Trainer) -> None:
        if trainer.history.epochs[-1] == self.epoch:
            trainer.save(self.path)


class Going(Callback):
    """Says that it has begun."""

    def on_batch_end(self, trainer: Trainer, loss: float) -> None:
        print("going", flush=True)


def made(name: str, dtype: str, seed: int, *callbacks: Any) -> Trainer:
    rt.manual_seed(seed)
    model = network().to(dtype)
    kind, options = OPTIMIZERS[name]
    optimizer = kind(model.parameters(), **options)
    schedule = optim.CosineAnnealingLR(optimizer, EPOCHS)
    stopping = EarlyStopping(patience=EPOCHS)
    return Trainer(model, optimizer, nn.mse_loss, scheduler=schedule, callbacks=[stopping, *callbacks])


def fit(trainer: Trainer, dtype: str) -> dict[str, Any]:
    x, y = (each.to(dtype) for each in samples(18))
    data = rt.data.DataLoader(x, y, batch_size=4, seed=7)
    held = tuple(each.to(dtype) for each in samples(6))
    trainer.fit(data, until=EPOCHS, validation=(held[0], held[1]), progress=False)
    return left(trainer)


def run(how: str, folder: str, name: str, dtype: str) -> dict[str, Any]:
    within, between = (os.path.join(folder, f"{place}-{name}-{dtype}") for place in ("within", "between"))
    if how == "whole":
        return fit(made(name, dtype, 1), dtype)
    if how == "first":
        ends = After(2, between), At(3, 0, lambda it: it.stop())
        return fit(made(name, dtype, 1, At(1, 2, lambda it: it.save(within)), *ends), dtype)
    return fit(made(name, dtype, 99).load(within if how == "within" else between), dtype)


def killed(folder: str) -> dict[str, Any]:
    path = os.path.join(folder, "run")
    trainer = made("Adam", "f64", 1, Going(), Checkpoint(path, every_batches=1, best=os.path.join(folder, "best")))
    if os.path.exists(path):
        trainer.load(path)
    return fit(trainer, "f64")


def main(how: str, folder: str) -> None:
    if how == "killed":
        print(json.dumps(killed(folder)))
    else:
        print(
            json.dumps(
                {f"{name} {dtype}": run(how, folder, name, dtype) for name in OPTIMIZERS for dtype in ("f64", "f32")}
            )
        )


if __name__ == "__main__":
    main(*sys.argv[1:])
