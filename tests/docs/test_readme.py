"""What the README shows is run, and prints what it says."""

from __future__ import annotations

import itertools
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)


def shown(language: str) -> list[tuple[str, str]]:
    """Each block of the language, with the output that follows it."""
    pairs = itertools.pairwise(BLOCKS)
    return [(code, output) for (kind, code), (next_kind, output) in pairs if kind == language and next_kind == "text"]


def test_readme_has_examples() -> None:
    assert len(shown("python")) == 4
    assert len(shown("c")) == 1
    assert len(shown("toml")) == 1


@pytest.mark.parametrize(("code", "output"), shown("python"))
def test_python_example(libtorch: Path, code: str, output: str) -> None:
    paths = os.pathsep.join([str(ROOT), str(ROOT / "generated" / "python")])
    ran = subprocess.run(
        [sys.executable, "-c", code], env={"PYTHONPATH": paths}, capture_output=True, text=True, check=False
    )
    assert (ran.stdout, ran.stderr) == (output, "")


@pytest.mark.parametrize(("code", "output"), shown("c"))
def test_c_example(libtorch: Path, library: Path, compiler: str, tmp_path: Path, code: str, output: str) -> None:
    (tmp_path / "example.c").write_text(code)
    build = [compiler, "-Wall", "-Wextra", "-Werror", "example.c", "-o", "example", f"-I{ROOT}/generated/c"]
    subprocess.run(
        [*build, f"-L{library.parent}", "-lrt_torch", f"-Wl,-rpath,{library.parent}"], cwd=tmp_path, check=True
    )
    ran = subprocess.run(
        ["./example"],
        cwd=tmp_path,
        env={"RT_TORCH_LIBTORCH": str(libtorch)},
        capture_output=True,
        text=True,
        check=False,
    )
    version = re.compile(r"libtorch \d+\.\d+\.\d+")
    assert version.sub("libtorch", ran.stdout) == version.sub("libtorch", output)


def test_the_first_example_is_a_program_of_the_repository() -> None:
    code = next(code for kind, code in BLOCKS if kind == "python")
    assert code in (ROOT / "examples" / "tiers.py").read_text(encoding="utf-8")


def test_what_the_first_example_prints(libtorch: Path) -> None:
    """Times, predictions, and what AUTO chooses by them, are the machine's; everything else is as shown."""
    output = next(output for kind, output in BLOCKS if kind == "text")
    paths = os.pathsep.join([str(ROOT), str(ROOT / "generated" / "python")])
    command = [sys.executable, str(ROOT / "examples" / "tiers.py")]
    ran = subprocess.run(command, env={"PYTHONPATH": paths}, capture_output=True, text=True, check=True)
    assert everywhere(ran.stdout) == everywhere(output)


def everywhere(text: str) -> tuple[str, str]:
    """What is printed on any machine: of the fixed modes all but the times, of AUTO all but numbers and tiers."""
    fixed, auto = text.split("AUTO:")
    chosen = re.sub(r"[\d.,]+ (?:s|ms|us|ns)\b", "TIME", auto.split("found in")[1])
    chosen = re.sub(r"\d[\d,]*|\b(?:pure|native)\b|s\b", "", chosen)
    return re.sub(r"[\d.,]+ (?:s|ms|us|ns)\b", "TIME", fixed), re.sub(" +", " ", chosen)


def test_spec_example_is_the_spec() -> None:
    ((entry, _),) = [(code, "") for kind, code in BLOCKS if kind == "toml"]
    assert entry.strip() in (ROOT / "specs" / "torch" / "math.toml").read_text(encoding="utf-8")


def test_diagnostic_example(tmp_path: Path) -> None:
    """The mistake that the README shows is made, and answered as shown."""
    ((_, output),) = shown("toml")
    specs = tmp_path / "specs" / "torch"
    specs.mkdir(parents=True)
    for path in (ROOT / "specs" / "torch").iterdir():
        text = path.read_text(encoding="utf-8")
        if path.name == "math.toml":
            text = text.replace('sig     = "(x: tensor) -> tensor"', 'sig     = "(x: tensr) -> tensor"', 1)
        (specs / path.name).write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "generator", "check", "--specs", "specs/torch", "--out", str(ROOT / "generated")]
    ran = subprocess.run(
        command, cwd=tmp_path, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 1
    assert output in ran.stdout + ran.stderr
