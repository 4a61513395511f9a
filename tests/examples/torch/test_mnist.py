"""mnist_classifier: what it learns from, what it learns, and how it ends."""

from __future__ import annotations

import gzip
import importlib.util
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import rt_torch as rt
from tests.data.conftest import idx
from tests.examples.torch.conftest import FOLDER, Ran, Run, environment, once
from tests.tensor.conftest import native_problem

NAME = "mnist_classifier.py"

on_native = pytest.mark.skipif(bool(native_problem()), reason=f"no native tier: {native_problem()}")


@pytest.fixture
def example(program: Callable[[str], ModuleType]) -> ModuleType:
    return program(NAME)


# What it learns.


def learned(ran: Ran) -> tuple[list[float], list[float], tuple[float, float]]:
    """Losses and accuracies on other images, of each epoch, and both as they are at the end."""
    assert ran.returncode == 0
    line = r"^epoch \d+: loss (\S+), validation_loss \S+, accuracy \S+, validation_accuracy (\S+)$"
    found = re.findall(line, ran.stderr, re.MULTILINE)
    assert ran.stderr.count("\n") == len(found)
    end = re.search(r"^the other ones: +loss (\S+), accuracy (\S+)%: ([\d,]+) of ([\d,]+) are right$", ran.stdout, re.M)
    assert end is not None
    right, tested = (int(text.replace(",", "")) for text in (end[3], end[4]))
    assert float(end[2]) == pytest.approx(100 * right / tested, abs=0.005)
    return [float(loss) for loss, _ in found], [float(share) for _, share in found], (float(end[1]), float(end[2]))


@on_native
def test_the_digits_are_learned() -> None:
    ran = once(NAME)
    losses, accuracies, (loss, accuracy) = learned(ran)
    assert "\nno --data: the package's own 8 by 8 digits, scaled up to 28 by 28 pixels (bilinear)\n" in ran.stdout
    assert "\n1,438 images to learn from, 359 to test with\n" in ran.stdout
    assert "An epoch takes" not in ran.stdout
    assert "\n567,434 parameters, 2.3 MB\n" in ran.stdout
    assert re.search(r"^10 epochs in [\d.]+ s$", ran.stdout, re.MULTILINE)
    assert len(losses) == 10
    assert losses[-1] < 0.1 < 1.0 < losses[0]
    assert accuracy >= 96.0
    assert accuracy == pytest.approx(100 * accuracies[-1], abs=0.01)
    assert loss < 0.15


def test_the_same_in_pure_python(run: Run) -> None:
    """Of few images, because this takes its time; libtorch learns the same from them."""
    options = ("--samples", "24", "--epochs", "2", "--dtype", "f64")
    ran = run(NAME, "--mode", "pure", *options)
    losses, _, end = learned(ran)
    assert "Pure Python computes.\n" in ran.stdout
    assert "\n24 images to learn from, 24 to test with\nAn epoch takes Python about 1 s; " in ran.stdout
    assert "\n567,434 parameters, 4.5 MB\n" in ran.stdout
    assert losses[1] < losses[0]
    if native_problem():
        pytest.skip(f"no native tier: {native_problem()}")
    assert learned(run(NAME, *options))[::2] == (losses, end)


# Checkpoints, and Ctrl-C.


@on_native
def test_a_second_run_goes_on(run: Run, tmp_path: Path) -> None:
    few = ("--samples", "256")
    whole = learned(run(NAME, *few, "--epochs", "4", "--checkpoint", "whole.safetensors"))
    first = learned(run(NAME, *few, "--epochs", "1", "--checkpoint", "parts.safetensors"))
    again = run(NAME, *few, "--epochs", "4", "--checkpoint", "parts.safetensors")
    assert "\ngoing on from parts.safetensors, after 1 epoch\n" in again.stdout
    second = learned(again)
    assert (first[0] + second[0], first[1] + second[1], second[2]) == whole
    assert (tmp_path / "parts.safetensors").read_bytes() == (tmp_path / "whole.safetensors").read_bytes()
    ended = run(NAME, *few, "--epochs", "3", "--checkpoint", "parts.safetensors")
    assert "\nNothing is left to learn: parts.safetensors has 4 epochs, and --epochs is 3.\n" in ended.stdout
    assert learned(ended) == ([], [], whole[2])
    other = run(NAME, "--samples", "128", "--epochs", "9", "--checkpoint", "parts.safetensors")
    refused(other, "mnist_classifier.py: ")
    assert "it is of 256 samples, and here are 128" in other.stderr


def test_ctrl_c(run: Run, tmp_path: Path) -> None:
    """After the first epoch; what was learned is reported, drawn and saved."""
    plotting = importlib.util.find_spec("matplotlib") is not None
    options = ["--samples", "24", "--checkpoint", "run.safetensors", *(["--plot", "curves.png"] if plotting else [])]
    command = [sys.executable, str(FOLDER / NAME), *options, "--epochs", "100000"]
    with subprocess.Popen(
        command, cwd=tmp_path, env=environment(tmp_path), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        assert process.stderr.readline().startswith("epoch 0: loss ")
        process.send_signal(signal.SIGINT)
        said, progress = process.communicate()
    assert process.returncode == 130
    assert "Traceback" not in progress
    assert "Ctrl-C: the batch under way is finished" in progress
    assert re.search(r"^interrupted (in|before) epoch \d+", progress, re.MULTILINE)
    assert re.search(r"^the other ones: +loss", said, re.MULTILINE)
    assert said.endswith("\ninterrupted; the same command goes on from run.safetensors\n")
    assert not plotting or (tmp_path / "curves.png").read_bytes().startswith(b"\x89PNG")
    with rt.safetensors.safe_open(tmp_path / "run.safetensors") as file:
        history = rt.training.TrainingHistory.from_json(file.metadata()["history"])
    done = len(history.epochs)
    assert done >= 1
    again = run(NAME, *options, "--epochs", str(done))
    assert f"\ngoing on from run.safetensors, after {done} epoch" in again.stdout
    assert learned(again)[2][0] == pytest.approx(history.last("validation_loss"), abs=1e-4)


def test_ctrl_c_outside_of_the_epochs(
    example: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("sys.argv", [NAME, "--mode", "pure"])
    monkeypatch.setattr(rt.data, "digits", interrupted)
    assert example.main() == 130
    assert capsys.readouterr().err == "\ninterrupted\n"


def test_an_end_before_the_first_epoch(example: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    example.report(rt.training.TrainingHistory(), 10, 0, 1.0)
    assert capsys.readouterr().out == "no epoch came to its end\n"


# Files of MNIST's.


def images(labels: Sequence[int], size: int = 28) -> bytes:
    """Images with a bright block, whose place is the label's."""
    rows = [bytearray(size * size) for _ in labels]
    for row, label in zip(rows, labels, strict=True):
        row[label * 70 : label * 70 + 70] = bytes(range(186, 256))
    return idx(8, [len(labels), size, size], b"".join(rows))


def folder_of(path: Path, packed: str, train: Sequence[int], test: Sequence[int]) -> Path:
    """A folder as MNIST's users have it."""
    path.mkdir(exist_ok=True)
    for name, labels in (("train", train), ("t10k", test)):
        for kind, data in (("images-idx3", images(labels)), ("labels-idx1", idx(8, [len(labels)], bytes(labels)))):
            (path / f"{name}-{kind}-ubyte{packed}").write_bytes(gzip.compress(data) if packed else data)
    return path


@pytest.mark.parametrize("packed", ["", ".gz"])
def test_files_are_read(packed: str, example: ModuleType, tmp_path: Path, tier: str) -> None:
    folder = folder_of(tmp_path / "files", packed, [3, 0, 9], [7, 1])
    (x, y), (x_test, y_test) = example.mnist(str(folder), "f32")
    assert (x.shape, x.dtype, y.tolist()) == ((3, 784), "f32", [3, 0, 9])
    assert (x_test.shape, y_test.tolist()) == ((2, 784), [7, 1])
    pixels = [0] * 210 + [*range(186, 256)] + [0] * (784 - 280)
    assert x[0].tolist() == pytest.approx([(pixel - 127.5) / 127.5 for pixel in pixels], abs=1e-6)


def test_files_are_learned_from(run: Run, tmp_path: Path) -> None:
    folder_of(tmp_path / "files", ".gz", [*range(10)] * 4, [*range(10)])
    few = ("--epochs", "1") if native_problem() else ("--epochs", "20")
    ran = run(NAME, "--data", "files", *few)
    assert "\nthe images in files\n40 images to learn from, 10 to test with\n" in ran.stdout
    losses, _, (_, accuracy) = learned(ran)
    if native_problem():
        pytest.skip(f"one epoch teaches nothing, and more take too long: {native_problem()}")
    assert losses[-1] < 0.1
    assert accuracy == 100.0


def refused(ran: Ran, text: str) -> None:
    """That a program ended with a message of one line."""
    assert (ran.returncode, ran.stderr.count("\n")) == (1, 1)
    assert ran.stderr.startswith(text)


def test_no_such_folder(run: Run) -> None:
    refused(
        run(NAME, "--data", "nowhere"),
        "mnist_classifier.py: [Errno 2] There is no such folder, and one with train-images-idx3-ubyte is expected: 'nowhere'",
    )


@pytest.mark.parametrize(
    ("file", "data", "problem"),
    [
        ("train-images-idx3-ubyte", None, "There is no train-images-idx3-ubyte"),
        ("t10k-labels-idx1-ubyte", None, "There is no t10k-labels-idx1-ubyte"),
        ("train-images-idx3-ubyte", b"Dear reader", "it begins with the bytes [68, 101, 97, 114]"),
        ("train-images-idx3-ubyte", images([1, 2, 3])[:-5], "it is cut short"),
        ("train-images-idx3-ubyte", gzip.compress(images([1, 2, 3]))[:-9], "damaged or cut short"),
        ("train-labels-idx1-ubyte", idx(8, [2], b"\1\2"), "it has 2 labels, and train-images-idx3-ubyte has 3 images"),
        ("t10k-labels-idx1-ubyte", images([1, 2]), "unsigned bytes in 1 dimensions are expected"),
        ("train-labels-idx1-ubyte", idx(8, [3], b"\1\2\x0a"), "train-labels: 0 to 9 are expected; there is 10"),
        (
            "t10k-images-idx3-ubyte",
            idx(8, [2, 8, 8], bytes(128)),
            "t10k-images: images of 28 by 28 pixels are expected; 2 of 64 pixels are there",
        ),
        (
            "t10k-images-idx3-ubyte",
            idx(8, [0, 28, 28], b""),
            "it has 2 labels, and t10k-images-idx3-ubyte has 0 images",
        ),
    ],
)
def test_bad_files(
    file: str,
    data: bytes | None,
    problem: str,
    example: ModuleType,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder = folder_of(tmp_path / "files", "", [1, 2, 3], [4, 5])
    (folder / file).unlink()
    if data is not None:
        (folder / file).write_bytes(data)
    monkeypatch.setattr("sys.argv", [NAME, "--mode", "pure", "--data", str(folder)])
    assert example.main() == 1
    said = capsys.readouterr().err
    assert said.startswith("mnist_classifier.py: ")
    assert str(folder) in said
    assert problem in said
    assert said.count("\n") == 1


def test_no_images(example: ModuleType, tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "files", "", [], [4, 5])
    with pytest.raises(rt.FileFormatError, match="train-images: images of 28 by 28 pixels are expected; 0 of 784"):
        example.mnist(str(folder), "f32")


def test_what_is_no_checkpoint(run: Run, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear reader, this is no checkpoint.")
    refused(run(NAME, "--mode", "pure", "--checkpoint", "letter.txt"), "mnist_classifier.py: letter.txt: ")


def test_pictures_need_matplotlib(run: Run) -> None:
    """That is said before anything is learned."""
    ran = run(NAME, "--plot", "curves.png", without_packages=True)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.endswith("error: --plot needs matplotlib: pip install 'rt-torch[plot]'\n")


# Scaling up.


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])  # the module does not change
@given(old=st.integers(1, 12), new=st.integers(1, 40))
def test_each_new_pixel_is_a_mixture_of_neighbours(example: ModuleType, old: int, new: int) -> None:
    for row in example.mixture(old, new):
        assert len(row) == old
        assert all(0.0 <= share <= 1.0 for share in row)
        assert sum(row) == pytest.approx(1.0)
        used = [place for place, share in enumerate(row) if share]
        assert used[-1] - used[0] < 2


@pytest.mark.parametrize("size", [1, 2, 8, 28])
def test_the_same_size_is_the_same_image(size: int, example: ModuleType) -> None:
    assert example.mixture(size, size) == [[float(row == column) for column in range(size)] for row in range(size)]


def test_images_as_torch_scales_them(example: ModuleType, torch: Any, tier: str) -> None:
    pixels, _ = rt.data.digits(dtype="f64")
    found = example.scaled_up(pixels[:50])
    assert found.shape == (50, 784)
    theirs = torch.tensor(pixels[:50].tolist(), dtype=torch.float64).reshape(50, 1, 8, 8)
    expected = torch.nn.functional.interpolate(theirs, size=(28, 28), mode="bilinear", align_corners=False)
    assert found.flatten().tolist() == pytest.approx(expected.flatten().tolist(), abs=1e-12)


def test_the_digits(example: ModuleType, tier: str) -> None:
    """No image is on both sides, and none is lost."""
    (x, y), (x_test, y_test) = example.digits("f32")
    assert (x.shape, y.shape, x_test.shape, y_test.shape) == ((1438, 784), (1438,), (359, 784), (359,))
    assert (x.min().item(), x.max().item()) == (-1.0, 1.0)
    _, labels = rt.data.digits()
    assert sorted(y.tolist() + y_test.tolist()) == sorted(labels.tolist())
