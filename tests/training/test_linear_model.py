"""A straight line, with the known answers of the regression that everything began with."""

from __future__ import annotations

import sys
from typing import Any

import pytest

import rt_torch as rt
from rt_torch.training import LinearModel, Trainer, compute_gradients

# 20 places i / 20, y = 2 x + 1, 100 epochs of gradient descent with learning rate 0.1 from 0 and 0: the loss before the
# step of an epoch, and what is learned after it.
KNOWN = {
    0: (4.135, 0.21849999999999997, 0.39),
    25: (0.06023520762822534, 1.1654776219849978, 1.4236304892765232),
    99: (0.008194413572534911, 1.6923710892502553, 1.1566067539238423),
}


def test_the_known_answers_by_hand() -> None:
    """To the last bit where Python's sum() adds from left to right, as it did before 3.12."""
    within = 1e-14 if sys.version_info >= (3, 12) else 0.0
    with rt.acceleration("pure"):
        x, y = rt.data.linear(20)
        model = LinearModel(0.0, 0.0)
        for epoch in range(100):
            loss = rt.nn.mse_loss(model(x), y).item()
            grad_w, grad_b = compute_gradients(model, x, y)
            model.w.data = model.w.data - 0.1 * grad_w
            model.b.data = model.b.data - 0.1 * grad_b
            if epoch in KNOWN:
                assert (loss, model.w.item(), model.b.item()) == pytest.approx(KNOWN[epoch], rel=within, abs=0.0)


def test_the_known_answers_by_training(tier: str) -> None:
    x, y = rt.data.linear(20)
    model = LinearModel()
    found = {}

    class Look:
        def on_epoch_end(self, trainer: Trainer) -> None:
            found[trainer.history.epochs[-1]] = (trainer.history.losses[-1], model.w.item(), model.b.item())

    trainer = Trainer(model, rt.optim.SGD(model.parameters(), lr=0.1), rt.nn.mse_loss, callbacks=[Look()])
    history = trainer.fit((x, y), 100)
    assert {epoch: found[epoch] for epoch in KNOWN} == {
        epoch: pytest.approx(values, rel=1e-12) for epoch, values in KNOWN.items()
    }
    assert 1.0 - history.get_final_loss() / history.losses[0] == pytest.approx(0.998, abs=5e-4)


def test_gradients_are_means_over_the_samples(tier: str) -> None:
    model = LinearModel(1.5, -0.5)
    x, y = rt.tensor([[1.0], [2.0], [4.0]]), rt.tensor([[2.0], [3.0], [5.0]])
    errors = [1.5 * v - 0.5 - t for v, t in ((1.0, 2.0), (2.0, 3.0), (4.0, 5.0))]
    grad_w, grad_b = compute_gradients(model, x, y)
    assert grad_w == pytest.approx(sum(2.0 * e * v for e, v in zip(errors, (1.0, 2.0, 4.0), strict=True)) / 3.0)
    assert grad_b == pytest.approx(sum(2.0 * e for e in errors) / 3.0)
    assert model.w.grad is None and model.b.grad is None


def test_predictions() -> None:
    model = LinearModel(2.0, 1.0)
    assert model.predict(0.25) == 1.5
    assert model.predict(3) == 7.0
    assert model.forward(rt.tensor([0.0, 0.5])).tolist() == model(rt.tensor([0.0, 0.5])).tolist() == [1.0, 2.0]
    assert repr(model) == "LinearModel(w=2.0, b=1.0)"
    assert [name for name, _ in model.named_parameters()] == ["w", "b"]


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ((LinearModel(), [1.0], rt.zeros([1])), "argument `x`: a Tensor is expected"),
        ((LinearModel(), rt.zeros([1]), 1.0), "argument `y`: a Tensor is expected"),
        ((None, rt.zeros([1]), rt.zeros([1])), "argument `model`: a LinearModel is expected"),
        ((LinearModel(), rt.zeros([2]), rt.zeros([2, 1])), r"same shape; given \(2,\) and \(2, 1\)"),
        ((LinearModel(), rt.zeros([0]), rt.zeros([0])), "to have elements"),
    ],
)
def test_what_does_not_fit(arguments: Any, problem: str) -> None:
    with pytest.raises(rt.BadArgumentError, match=f"rt.training.compute_gradients: .*{problem}"):
        compute_gradients(*arguments)


@pytest.mark.parametrize("arguments", [("a",), (0.0, None)])
def test_what_is_no_line(arguments: Any) -> None:
    with pytest.raises(rt.ArgumentTypeError, match=r"rt.training.LinearModel: argument `[wb]`"):
        LinearModel(*arguments)
    with pytest.raises(rt.ArgumentTypeError, match=r"LinearModel.predict: argument `v`"):
        LinearModel().predict("x")  # type: ignore[arg-type]  # that is the test
