"""xor_pytorch: it learns what it says, and says so when it does not."""

from __future__ import annotations

import re
from collections.abc import Callable
from types import ModuleType

import pytest

import rt_torch as rt
from tests.examples.torch.conftest import Run, once, output

NAME = "xor_pytorch.py"


def losses(said: str) -> dict[int, float]:
    return {int(epoch): float(loss) for epoch, loss in re.findall(r"^epoch +(\d+): loss (\S+)$", said, re.MULTILINE)}


def answers(said: str) -> list[tuple[int, int, int, float]]:
    rows = re.findall(r"^ ([01])  ([01]) +([01]) +(0\.\d{4})$", said, re.MULTILINE)
    return [(int(a), int(b), int(wanted), float(value)) for a, b, wanted, value in rows]


def test_it_is_learned(place: Run) -> None:
    said = output(place(NAME))
    assert "\n65 parameters\n" in said
    known = losses(said)
    assert known[0] > 0.1
    assert max(known) < 500
    assert known[max(known)] < 0.001
    found = answers(said)
    assert [(a, b, wanted) for a, b, wanted, _ in found] == [(0, 0, 0), (0, 1, 1), (1, 0, 1), (1, 1, 0)]
    assert all(round(value) == wanted for _, _, wanted, value in found)
    accuracy, loss = re.findall(r"^accuracy (\d+)%, loss (\S+)$", said, re.MULTILINE)[0]
    assert (accuracy, float(loss)) == ("100", known[max(known)])
    mean = sum((value - wanted) ** 2 for _, _, wanted, value in found) / 4
    assert mean == pytest.approx(float(loss), abs=1e-4)


@pytest.fixture
def example(program: Callable[[str], ModuleType]) -> ModuleType:
    return program(NAME)


def test_other_seeds(example: ModuleType, tier: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """With several starts each seed comes to the goal; one of these needs a second one."""
    for seed in range(8 if tier == "pure" else 4):
        monkeypatch.setattr("sys.argv", [NAME, "--mode", tier, "--seed", str(seed)])
        assert example.main() == 0


def test_too_few_epochs() -> None:
    """What was not reached is told, and the status says so too."""
    ran = once(NAME, "--mode", "pure", "--epochs", "3", "--starts", "2")
    assert (ran.returncode, ran.stderr) == (1, "")
    told = re.findall(
        r"^Not learned in 3 epochs; \d+ of the 12 hidden units are 0 whatever comes in\.$", ran.stdout, re.M
    )
    assert len(told) == 2
    assert len(re.findall(r"^epoch   0:", ran.stdout, re.MULTILINE)) == 2
    assert "\nIt has not learned that. Another --seed begins elsewhere" in ran.stdout


def test_units_that_have_died(example: ModuleType, tier: str) -> None:
    """Counted are those that give 0 for all four inputs, of both layers."""
    model, (x, _) = example.network(), rt.data.xor()
    for layer, units in ((model[0], 8), (model[2], 4)):
        layer.weight.data = rt.zeros(layer.weight.shape)
        layer.bias.data = rt.ones([units])
    assert example.silent(model, x) == 0
    model[2].bias.data = rt.tensor([1.0, -1.0, 0.0, 1.0])
    assert example.silent(model, x) == 2
    model[0].weight.data = rt.tensor([[1.0, 0.0]] + [[0.0, 0.0]] * 7)
    model[0].bias.data = rt.tensor(
        [0.0, 0.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0]
    )  # the first one answers to one of the inputs
    assert example.silent(model, x) == 3


def test_the_goal_is_one_that_counts(example: ModuleType, tier: str) -> None:
    """A model that has learned is told from one that has not, by what it answers."""
    rt.manual_seed(0)
    x, y = rt.data.xor()
    model = example.network()
    assert not example.learn(model, x, y, epochs=1)
    assert example.report(model, x, y) == 1
    assert example.learn(model, x, y, epochs=500)
    assert example.report(model, x, y) == 0
