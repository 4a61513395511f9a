"""The networks in pure Python, on their known answers, in both tiers."""

from __future__ import annotations

import itertools
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.examples.runs import EXAMPLES, environment, is_there, numbers, output, ran, same
from tests.tensor.conftest import native_problem

NAMES = sorted(path.name for path in (EXAMPLES / "pure_nn").glob("*.py"))


def pure(name: str, *arguments: str) -> str:
    return output(f"pure_nn/{name}.py", *arguments)


def line(text: str, beginning: str) -> str:
    """What stands behind this in the one line that begins with it."""
    (found,) = [each.strip() for each in text.splitlines() if each.strip().startswith(beginning)]
    return found[len(beginning) :].strip()


def part(text: str, number: int) -> str:
    """What one of the numbered parts printed, below its heading."""
    parts = re.split(r"^(\d+)\. ", text, flags=re.MULTILINE)
    return dict(zip(map(int, parts[1::2]), parts[2::2], strict=True))[number].partition("\n")[2]


@pytest.mark.parametrize("name", NAMES)
def test_the_native_tier_gives_the_same(name: str) -> None:
    """To twelve digits, where so many are printed."""
    if native_problem():
        pytest.skip(f"no native tier: {native_problem()}")
    assert same(output(f"pure_nn/{name}", "--mode", "native"), output(f"pure_nn/{name}"))


@pytest.mark.parametrize("name", NAMES)
def test_where_there_is_no_native_tier_it_says_so(name: str) -> None:
    if not native_problem():
        pytest.skip("there is a native tier")
    done = ran(f"pure_nn/{name}", "--mode", "native")
    assert done.status == 0
    assert done.errors == "native is not available here: this is pure Python (`python -m rt_torch doctor`)\n"
    assert done.output == output(f"pure_nn/{name}")


@pytest.mark.parametrize("name", ["complete_demo", "nn_layers", "training_demo", "xor_example"])
def test_a_seed_that_is_too_large(name: str) -> None:
    done = ran(f"pure_nn/{name}.py", "--seed", str(1 << 64))
    assert (done.status, done.output) == (2, "")
    assert done.errors.endswith(f"error: --seed: an integer of 64 bits is expected; given {1 << 64}\n")


class TestXor:
    def test_the_product(self) -> None:
        text = pure("xor_example")
        after = text.split("Z = X @ W: shape (4, 2), strides (2, 1), 8 elements of f64\n")[1]
        assert numbers(after.split("relu")[0]) == [0.0, 0.0, -0.2, 0.7, 0.5, 0.3, 0.3, 1.0]
        after = text.split("relu(Z): shape (4, 2), strides (2, 1), 8 elements of f64\n")[1]
        assert numbers(after.split("by hand")[0]) == [0.0, 0.0, 0.0, 0.7, 0.5, 0.3, 0.3, 1.0]
        assert numbers(line(text, "by hand")) == [0.0]

    def test_other_columns(self) -> None:
        text = pure("xor_example", "--columns", "3", "--seed", "7")
        assert "Z = X @ W: shape (4, 3)" in text
        assert numbers(line(text, "by hand"))[0] < 1e-15
        assert text != pure("xor_example", "--columns", "3", "--seed", "8")

    def test_no_columns(self) -> None:
        done = ran("pure_nn/xor_example.py", "--columns", "0")
        assert (done.status, done.output) == (2, "")
        assert "--columns: at least 1 is expected; given 0" in done.errors


AUTOGRAD = {
    1: {"y =": "6.0", "dy/dx =": "2.0"},
    2: {"c = a + b =": "5.0", "dc/da =": "1.0", "dc/db =": "1.0"},
    3: {"c = a * b =": "[4.0, 10.0, 18.0]", "d sum(c)/da =": "[4.0, 5.0, 6.0]", "d sum(c)/db =": "[1.0, 2.0, 3.0]"},
    4: {"y = relu(x) =": "[0.0, 0.0, 0.0, 1.0, 2.0]", "d sum(y)/dx =": "[0.0, 0.0, 0.0, 1.0, 1.0]"},
    5: {"y = mean(x) =": "2.5", "dy/dx =": "[0.25, 0.25, 0.25, 0.25]"},
    6: {"z =": "10.0", "dz/dx =": "7.0", "dz/dy =": "2.0"},
    7: {"d =": "3.0", "dd/da =": "4.0", "dd/db =": "1.0"},
    8: {"d(x + x)/dx =": "2.0", "d(x * x)/dx =": "6.0", "d(x * 2 * 3 * 4)/dx =": "24.0"},
    9: {
        "C =": "[[19.0, 22.0], [43.0, 50.0]]",
        "dA =": "[[11.0, 15.0], [11.0, 15.0]]",
        "dB =": "[[4.0, 4.0], [6.0, 6.0]]",
    },
    10: {"z =": "[[1.1]]", "dz/dW =": "[[1.0], [2.0]]", "dz/dX =": "None"},
    11: {"d(x * x)/dx =": "6.0", "once more, added =": "12.0", "recorded under no_grad:": "False"},
    12: {"f =": "30.0", "f' =": "11.0", "f'' =": "2.0"},
    13: {"f = mean(softmax(tanh(x @ w)) * exp(x)) has 6 slopes; they agree to 1e-9:": "True"},
}


class TestGradients:
    @pytest.mark.parametrize("number", AUTOGRAD)
    def test_a_part(self, number: int) -> None:
        text = part(pure("autograd_example"), number)
        assert {beginning: line(text, beginning) for beginning in AUTOGRAD[number]} == AUTOGRAD[number]

    def test_all_parts_are_tested(self) -> None:
        assert len(re.findall(r"^\d+\. ", pure("autograd_example"), re.MULTILINE)) == len(AUTOGRAD)

    def test_single_parts(self) -> None:
        text = pure("autograd_example", "--only", "9", "7")
        assert re.findall(r"^\d+", text, re.MULTILINE) == ["9", "7"]
        assert part(text, 7) == part(pure("autograd_example"), 7)


class TestCompleteDemo:
    def test_the_known_predictions(self) -> None:
        text = part(pure("complete_demo"), 3)
        found = re.findall(r"(\S+) by a series, (\S+) exactly", text)
        known = ["0.5", "0.5768852611327774", "0.5349429451582147", "0.6271477664627765"]
        assert [early for early, _ in found] == known
        assert [float(exact) for _, exact in found] == pytest.approx([float(early) for early in known], abs=1e-9)
        assert [exact for _, exact in found] != known

    def test_tensors_and_gradients(self) -> None:
        text = pure("complete_demo")
        assert line(text, "a @ b =") == "[[19.0, 22.0], [43.0, 50.0]]"
        assert "y = x^2 + 2x = 15.0 at x = 3, and dy/dx = 8.0" in text

    def test_what_is_learned(self) -> None:
        text = pure("complete_demo")
        assert line(part(text, 4), "accuracy") == "100%"
        assert numbers(line(part(text, 5), "accuracy"))[0] >= 95.0
        learned = re.findall(r"w (\S+), b (\S+), and at x = 2: (\S+)", part(text, 6))[0]
        assert [float(value) for value in learned] == pytest.approx([2.0, 1.0, 5.0], abs=0.05)
        ends = re.findall(r"19\.0 -> (\S+)", part(text, 7))
        assert len(ends) == 5 and all(float(end) < 0.2 for end in ends)

    def test_another_beginning(self) -> None:
        text = pure("complete_demo", "--only", "4", "--seed", "1")
        assert line(text, "accuracy") == "100%"
        assert part(text, 4) != part(pure("complete_demo"), 4)


class TestXorTraining:
    def test_what_is_known_of_the_beginning(self) -> None:
        text = pure("xor_training")
        known = [0.5498339973124863, 0.5805585978227371, 0.5531040873923934, 0.5836685225042568]
        assert line(text, "outputs by a series:") == str(known)
        assert line(text, "loss by a series:") == "0.2546583538321858"
        assert numbers(line(text, "outputs:")) == pytest.approx(known, abs=1e-8)

    def test_each_step_makes_the_loss_smaller(self) -> None:
        losses = [numbers(line(pure("xor_training"), f"step {step}:"))[0] for step in range(6)]
        assert losses[0] == pytest.approx(0.2546583538321858, abs=1e-8)
        assert all(after < before for before, after in itertools.pairwise(losses))

    def test_it_is_learned(self) -> None:
        text = pure("xor_training")
        assert line(text, "accuracy") == "100%"
        assert re.findall(r"so (\d); (\d) is right", text) == [("0", "0"), ("1", "1"), ("1", "1"), ("0", "0")]
        assert "17 parameters" in text

    def test_who_is_stuck_begins_anew(self) -> None:
        text = pure("xor_training")
        assert re.findall(r"seed (\d+)", text) == ["0", "1"]
        assert text.count("stuck, so once more") == 1
        done = ran("pure_nn/xor_training.py", "--attempts", "1")
        assert done.status == 1 and "accuracy 50%" in done.output

    def test_what_does_not_go(self) -> None:
        done = ran("pure_nn/xor_training.py", "--lr", "-1")
        assert done.status == 2
        assert "argument `lr`: -1.0 was given, and a finite number of at least 0 is expected" in done.errors
        assert "Traceback" not in done.errors

    def test_a_picture(self, tmp_path: Path) -> None:
        file = tmp_path / "loss.png"
        done = ran("pure_nn/xor_training.py", "--seed", "1", "--plot", str(file))
        if is_there("matplotlib"):
            assert (done.status, done.errors) == (0, "")
            assert file.read_bytes().startswith(b"\x89PNG")
        else:
            assert done.status == 2
            assert "rt.training.plot_history needs matplotlib: pip install 'rt-torch[plot]'" in done.errors
        assert "accuracy 100%" in done.output


# Epochs, and the loss before, w after and b after their step.
REGRESSION = {
    0: "4.135, w 0.21849999999999997, b 0.39",
    25: "0.06023520762822534, w 1.1654776219849978, b 1.4236304892765232",
    99: "0.008194413572534911, w 1.6923710892502553, b 1.1566067539238423",
}


class TestRegression:
    @pytest.mark.parametrize("epoch", REGRESSION)
    def test_the_known_answers(self, epoch: int) -> None:
        """To the last bit."""
        text = pure("simple_regression").split("By an optimizer")[0]
        assert line(text, f"epoch {epoch}: loss") == REGRESSION[epoch]
        if not native_problem():
            assert output("pure_nn/simple_regression.py", "--mode", "native").split("By an optimizer")[0] == text

    def test_the_same_by_going_backward(self) -> None:
        assert line(pure("simple_regression"), "rt.training.compute_gradients finds the same") == (
            "gradients to twelve digits: True"
        )

    def test_how_far_it_came(self) -> None:
        text = pure("simple_regression")
        assert "the loss is 99.8% smaller than at first" in text
        assert "w is 1.6924, and 2 is right, 15.4% off" in text

    def test_by_an_optimizer(self) -> None:
        text = pure("simple_regression").split("By an optimizer")[1]
        found = [float(value) for value in re.findall(r"at x = \S+: (\S+)", text)]
        assert found == pytest.approx([1.0, 1.5, 2.0, 2.5, 3.0], abs=0.03)

    def test_another_line(self) -> None:
        text = pure("simple_regression", "--slope", "3", "--intercept", "5", "--epochs", "400", "--lr", "0.5")
        assert "w is 3.0000, and 3 is right, 0.0% off" in text
        assert "b is 5.0000, and 5 is right, 0.0% off" in text


class TestLayers:
    @pytest.mark.parametrize(
        ("number", "counts"), [(1, "12 + 5 + 2 = 19"), (2, "88 + 27 + 12 = 127"), (3, "336 + 136 + 36 = 508")]
    )
    def test_counts_of_networks_with_known_weights(self, number: int, counts: str) -> None:
        assert line(part(pure("nn_layers"), number), "parameters:") == counts

    def test_outputs_of_networks_with_known_weights(self) -> None:
        text = pure("nn_layers")
        assert line(part(text, 1), "with softmax:") == "[1.0, 1.0, 1.0, 1.0]"
        assert line(part(text, 3), "outputs:") == "['0.249910', '0.250041', '0.250058', '0.249991'], sum 1.000000"

    def test_activations(self) -> None:
        text = part(pure("nn_layers"), 4)
        assert line(text, "relu:") == "[0.0, 0.0, 0.0, 1.0, 2.0]"
        assert line(text, "after x^9:") == "['0.119208', '0.268941', '0.500000', '0.731059', '0.880982']"
        assert line(text, "sigmoid:") == "['0.119203', '0.268941', '0.500000', '0.731059', '0.880797']"
        known = (
            "[0.011656232879411442, 0.03168492081350819, 0.08612854448335461, 0.23412165738065918, 0.6364086444430666]"
        )
        assert line(text, "after x^14:") == known
        assert numbers(line(text, "softmax:")) == pytest.approx(numbers(known), abs=1e-8)

    @pytest.mark.parametrize(
        ("sizes", "count"),
        [
            ("2-4-1", 17),
            ("3-5-1", 26),
            ("4-8-3", 67),
            ("10-8-4-2", 134),
            ("10-20-10-3", 463),
            ("100-64-32-16-4", 9140),
            ("784-128-64-10", 109386),
            ("784-256-10", 203530),
            ("784-512-256-128-10", 567434),
        ],
    )
    def test_how_many_numbers_are_learned(self, sizes: str, count: int) -> None:
        text = part(pure("nn_layers"), 5)
        assert re.findall(rf" {sizes} .*= (\d+)$", text, re.MULTILINE) == [str(count)]

    def test_forward_and_backward(self) -> None:
        text = pure("nn_layers")
        assert "(0): Linear(in_features=2, out_features=4, bias=True)" in part(text, 6)
        assert "after Softmax  (4, 10)" in part(text, 7)
        assert line(part(text, 7), "each row adds up to 1:") == "True"
        sigmoid, relu = numbers(line(part(text, 8), "with Sigmoid:")), numbers(line(part(text, 8), "with ReLU:"))
        assert sigmoid[0] < sigmoid[-1] / 50 and relu[0] > relu[-1] / 5

    def test_modes_and_gradients(self) -> None:
        text = pure("nn_layers")
        assert set(numbers(line(part(text, 9), "train():"))) == {0.0, 2.0}
        assert set(numbers(line(part(text, 9), "eval():"))) == {1.0}
        once, twice, after = (
            numbers(line(part(text, 10), f"{each}:"))[0] for each in ("once", "twice", "after zero_grad()")
        )
        assert (twice, after) == (pytest.approx(2 * once), once)


class TestData:
    def test_orders(self) -> None:
        text = pure("data_utils")
        assert line(text, "by remainders:") == "[1, 4, 5, 2, 3, 0], first [3.0, 4.0] and [9.0, 10.0]"
        assert sorted(numbers(line(text, "rt.data:"))) == [0, 1, 2, 3, 4, 5]
        assert numbers(line(text, "of the 720 orders of six samples, 5,000 seeds give so many by remainders:")) == [60]
        assert numbers(line(text, "of the 720 orders of six samples, 5,000 seeds give so many rt.data:"))[0] > 700

    def test_x_and_y_stay_together(self) -> None:
        *x, a, b, c, d, e, f = numbers(line(pure("data_utils"), "x and y stay together:"))
        assert [(value - 1) / 2 % 2 for value in x[::2]] == [a, b, c, d, e, f]

    def test_batches_splits_and_scales(self) -> None:
        text = pure("data_utils")
        assert "Batches of 2\n   [[1.0, 2.0], [3.0, 4.0]] [0, 1]\n" in text
        assert len(text.split("Batches of 2\n")[1].split("Split")[0].splitlines()) == 3
        assert "Split at 0.7: 4 to learn from, 2 to test with" in text
        assert line(text, "normalized:").startswith("[[0.0, 0.0], [0.2, 0.2], [0.4, 0.4], ")
        assert line(text, "a column of equal values becomes") == "[0.0, 0.0]"

    def test_all_of_it_together(self) -> None:
        text = pure("data_utils")
        assert sum(numbers(line(text, "120 flowers to learn from,"))) == 120
        epochs = [line(text, f"epoch {number}: batches of [32, 32, 32, 24],") for number in (0, 1)]
        assert epochs[0] != epochs[1]

    def test_what_does_not_go(self) -> None:
        for option, value, told in (
            ("--batch-size", "0", "argument `batch_size`: 0 was given, and at least 1 is expected"),
            ("--ratio", "2", "argument `ratio`: 2.0 was given, and a number between 0 and 1 is expected"),
        ):
            done = ran("pure_nn/data_utils.py", option, value)
            assert done.status == 2 and told in done.errors


class TestIris:
    def test_what_is_learned(self) -> None:
        text = pure("iris_classification")
        assert "67 parameters learn from 120 flowers, and 30 are held back" in text
        right, count, share = re.findall(r"^(\d+) of (\d+) flowers are told right, (\S+)%", text, re.MULTILINE)[0]
        assert int(count) == 30 and float(share) == pytest.approx(100 * int(right) / 30, abs=0.1)
        assert float(share) >= 95.0

    def test_the_report_is_of_the_flowers(self) -> None:
        text = pure("iris_classification")
        rows = [numbers(line(text, f"{name}  "))[:3] for name in ("setosa", "versicolor", "virginica")]
        assert sum(map(sum, rows)) == 30
        assert sum(row[kind] for kind, row in enumerate(rows)) == numbers(line(text, "30 of"))[0] or "30 of 30" in text

    def test_all_150_flowers_held_back_once(self) -> None:
        """A few epochs are enough to see that each is counted."""
        text = pure("iris_classification", "--folds", "3", "--epochs", "10", "--lr", "0.05")
        assert text.count("learn from 100 flowers, and 50 are held back") == 3
        (right,) = re.findall(r"^(\d+) of 150 flowers are told right", text, re.MULTILINE)
        assert int(right) > 135


class TestTrainingDemo:
    def test_losses(self) -> None:
        text = part(pure("training_demo"), 2)
        assert numbers(line(text, "mse_loss:")) == [0.1167]
        assert numbers(line(text, "mae_loss:")) == [0.3]
        assert numbers(line(text, "by hand:")) == [0.1167, 0.3]

    def test_optimizers_from_the_same_beginning(self) -> None:
        found = re.findall(r"epoch 0: (\S+), .*99: (\S+)", part(pure("training_demo"), 1))
        assert len(found) == 3 and len({first for first, _ in found}) == 1
        plain, momentum, adam = (float(last) for _, last in found)
        assert adam < momentum < plain

    def test_history(self) -> None:
        text = part(pure("training_demo"), 3)
        assert "epochs [0, 1, 2], losses [0.5, 0.3, 0.2]" in text
        assert line(text, "the same after a way through JSON:") == "True, final loss 0.2"

    def test_adam(self) -> None:
        losses = [float(value) for value in re.findall(r"loss (\S+),", part(pure("training_demo"), 4))]
        assert len(losses) == 3 and losses == sorted(losses, reverse=True)

    def test_the_gate(self) -> None:
        assert line(part(pure("training_demo"), 5), "accuracy") == "100%"

    def test_a_step(self) -> None:
        text = part(pure("training_demo"), 6)
        assert line(text, "the same by step():") == "True"
        before, after = numbers(line(text, "loss"))
        assert after < before

    def test_stopping_early(self) -> None:
        text = part(pure("training_demo"), 7)
        last, best = (int(value) for value in re.findall(r"epoch (\d+)", text))
        assert last - best == 10
        error, noise = numbers(line(text, "mean square error"))
        assert error < 2 * noise


# Ctrl-C comes when a loss, or the gradients, are asked for the so-many-th time.
INTERRUPTED = """
import runpy, signal, sys
from rt_torch import nn, training

name, count, program = sys.argv[1:]
module = nn if hasattr(nn, name) else training
asked_for, asked = getattr(module, name), []

def interrupted(*arguments):
    asked.append(None)
    if len(asked) == int(count):
        signal.raise_signal(signal.SIGINT)
    return asked_for(*arguments)

signal.signal(signal.SIGINT, signal.default_int_handler)
setattr(module, name, interrupted)
sys.argv = [program]
runpy.run_path(program, run_name="__main__")
"""


@pytest.mark.parametrize(
    ("name", "asked", "count", "told"),
    [
        (
            "simple_regression",
            "compute_gradients",
            31,
            "stopped by Ctrl-C after 30 epochs\n   the loss is 98.7% smaller",
        ),
        ("iris_classification", "cross_entropy", 100, "stopped by Ctrl-C after 11 epochs\n"),
        ("xor_training", "mse_loss", 50, "stopped by Ctrl-C after 42 epochs\n"),
        ("complete_demo", "cross_entropy", 50, "5. Iris, 40 epochs\n"),
        ("training_demo", "mse_loss", 50, "1. From the same beginning, 2-8-1 learns XOR with different optimizers\n"),
    ],
)
def test_ctrl_c(tmp_path: Path, name: str, asked: str, count: int, told: str) -> None:
    """What was learned up to then is shown, and nothing is said of where the program was."""
    program = str(EXAMPLES / "pure_nn" / f"{name}.py")
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTED, asked, str(count), program],
        env=environment(str(tmp_path)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (130, "")
    assert told in done.stdout
    if name.endswith("demo"):
        assert done.stdout.endswith(told)
