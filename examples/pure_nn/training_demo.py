"""Training, part by part: losses, optimizers, a step by hand, the trainer and its history.

    python examples/pure_nn/training_demo.py [--only N ...] [--seed N] [--plot FILE] [--mode pure|native|auto]

`--plot` draws the epochs of the AND gate.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from typing import Any

import rt_torch as rt
from rt_torch import nn, optim


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    numbers = range(1, len(DEMOS) + 1)
    parser.add_argument(
        "--only", type=int, nargs="+", choices=numbers, metavar="N", help=f"show only these of the {len(DEMOS)} parts"
    )
    parser.add_argument("--seed", type=int, default=0, help="of the first weights (default: 0)")
    parser.add_argument("--plot", metavar="FILE", help="draw the loss of each epoch of the AND gate, as PNG")
    parser.add_argument("--mode", choices=("pure", "native", "auto"), default="pure", help="where it computes")
    options = parser.parse_args()
    rt.set_acceleration(options.mode)
    if options.mode == "native" and not rt.is_ffi_available():
        print("native is not available here: this is pure Python (`python -m rt_torch doctor`)", file=sys.stderr)
    if not -(1 << 63) <= options.seed < 1 << 64:
        parser.error(f"--seed: an integer of 64 bits is expected; given {options.seed}")
    for number in options.only or numbers:
        demo = DEMOS[number - 1]
        print(f"{number}. {(demo.__doc__ or '').splitlines()[0]}")
        rt.manual_seed(options.seed)
        demo()
    if options.plot:
        rt.manual_seed(options.seed)
        try:
            rt.training.plot_history(and_gate_trained()[1], options.plot, title="AND")
        except (rt.Error, OSError) as error:
            parser.error(str(error))
    return 0


def fitted(trainer: rt.training.Trainer, data: Any, epochs: int, validation: Any = None) -> rt.training.TrainingHistory:
    """The history of some more epochs."""
    history = trainer.fit(data, epochs, validation=validation, progress=False)
    if history.interrupted:  # fit ends cleanly then, and so does this program
        raise KeyboardInterrupt
    return history


def optimizers() -> None:
    """From the same beginning, 2-8-1 learns XOR with different optimizers"""
    x, y = rt.data.xor()
    model = nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 1), nn.Sigmoid())
    beginning = model.state_dict()
    for optimizer in (
        optim.SGD(model.parameters(), lr=0.5),
        optim.SGD(model.parameters(), lr=0.5, momentum=0.9),
        optim.Adam(model.parameters(), lr=0.05),
    ):
        model.load_state_dict(beginning)
        trainer = rt.training.Trainer(model, optimizer, nn.mse_loss)
        losses = fitted(trainer, (x, y), 100).losses
        told = ", ".join(f"{epoch}: {losses[epoch]:.5f}" for epoch in (0, 24, 49, 99))
        print(f"   {optimizer}\n      loss in epoch {told}")


def losses() -> None:
    """Losses: how far [1.5, 2.3, 3.1] is from [2, 2, 3]"""
    prediction, target = rt.tensor([1.5, 2.3, 3.1]), rt.tensor([2.0, 2.0, 3.0])
    for loss in (nn.mse_loss, nn.mae_loss, nn.huber_loss):
        print(f"   {loss.__name__}: {loss(prediction, target).item():.4f}")
    e = [-0.5, 0.3, 0.1]
    print(f"   by hand: {sum(each * each for each in e) / 3:.4f}, {sum(map(abs, e)) / 3:.4f}")
    logits = rt.tensor([[2.0, 0.5, -1.0]])
    print(
        f"   cross_entropy of {logits.tolist()[0]} and class 0: {nn.cross_entropy(logits, rt.tensor([0])).item():.4f}"
    )


def history() -> None:
    """A history keeps the numbers of each epoch"""
    kept = rt.training.TrainingHistory()
    for epoch, loss in enumerate((0.5, 0.3, 0.2)):
        kept.add_epoch(epoch, loss, metrics={"accuracy": 1 - loss})
    print(f"   {kept}")
    print(f"   epochs {kept.epochs}, losses {kept.losses}, accuracy {kept.metrics['accuracy']}")
    again = rt.training.TrainingHistory.from_json(kept.to_json())
    print(f"   the same after a way through JSON: {again == kept}, final loss {again.get_final_loss()}")


def adam() -> None:
    """Adam learns y = 2x + 1 in 20 epochs, or not quite"""
    x, y = rt.data.linear(20)
    model = rt.training.LinearModel()
    trainer = rt.training.Trainer(model, optim.Adam(model.parameters(), lr=0.1), nn.mse_loss)
    for _ in range(3):
        kept = fitted(trainer, (x, y), 20)
        print(f"   after {len(kept.epochs)} epochs: loss {kept.get_final_loss():.6f}, w {model.w:.4f}, b {model.b:.4f}")


def and_gate() -> None:
    """An AND gate: 2-4-1 with tanh, 50 epochs"""
    model, kept = and_gate_trained()
    x, y = and_cases()
    print(f"   loss {kept.losses[0]:.4f} in the first epoch, {kept.get_final_loss():.4f} in the last")
    for inputs, (output,), (target,) in zip(x.tolist(), model(x).tolist(), y.tolist(), strict=True):
        print(f"   {inputs}: {output:.4f}, and {target:.0f} is right")
    print(f"   accuracy {rt.training.accuracy(model(x), y):.0%}")


def and_cases() -> tuple[rt.Tensor, rt.Tensor]:
    return rt.data.xor()[0], rt.tensor([[0.0], [0.0], [0.0], [1.0]])


def and_gate_trained() -> tuple[nn.Module, rt.training.TrainingHistory]:
    model = nn.Sequential(nn.Linear(2, 4), nn.Tanh(), nn.Linear(4, 1), nn.Sigmoid())
    optimizer = optim.SGD(model.parameters(), lr=0.5, momentum=0.9)
    trainer = rt.training.Trainer(model, optimizer, nn.mse_loss, metrics=[rt.training.accuracy])
    return model, fitted(trainer, and_cases(), 50)


def step_by_hand() -> None:
    """What a step does, by hand and by the optimizer"""
    x, y = rt.tensor([[1.0], [2.0]]), rt.tensor([[3.0], [5.0]])
    layer = nn.Linear(1, 1)
    optimizer = optim.SGD(layer.parameters(), lr=0.1)
    loss = nn.mse_loss(layer(x), y)
    optimizer.zero_grad()
    loss.backward()
    expected = [(each - 0.1 * each.grad).tolist() for each in layer.parameters() if each.grad is not None]
    optimizer.step()
    found = [each.tolist() for each in layer.parameters()]
    print(f"   parameter - lr * gradient: {expected}")
    print(f"   the same by step(): {found == expected}")
    print(f"   loss {loss.item():.4f} before, {nn.mse_loss(layer(x), y).item():.4f} after")


def trainer() -> None:
    """All together: validation, a schedule, and stopping early"""
    x, y = rt.data.linear(60, noise=0.05)
    x_train, x_test, y_train, y_test = rt.data.train_test_split(x, y, seed=1)
    model = nn.Linear(1, 1)
    optimizer = optim.Adam(model.parameters(), lr=0.1)
    stopping = rt.training.EarlyStopping(patience=10)
    trainer = rt.training.Trainer(
        model, optimizer, nn.mse_loss, scheduler=optim.StepLR(optimizer, 20, 0.5), callbacks=[stopping]
    )
    data = rt.data.DataLoader(x_train, y_train, batch_size=16, seed=1)
    kept = fitted(trainer, data, 200, (x_test, y_test))
    print(f"   {kept.stopped}, at epoch {kept.epochs[-1]} of 200; the model of epoch {stopping.best_epoch} is kept")
    print(f"   learning rate {kept.learning_rates[0]} in the first epoch, {kept.learning_rates[-1]} in the last")
    print(f"   mean square error {trainer.evaluate((x_test, y_test)).loss:.5f}, and of the noise {0.05**2:.5f}")


DEMOS: list[Callable[[], None]] = [optimizers, losses, history, adam, and_gate, step_by_hand, trainer]

if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)  # as shells say that it was Ctrl-C
