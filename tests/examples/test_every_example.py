"""What holds for every example: it explains itself, and runs with no arguments."""

from __future__ import annotations

import ast
import runpy
import sys

import pytest

import rt_torch as rt
from tests.examples.runs import EXAMPLES, ran
from tests.tensor.conftest import native_problem

NAMES = sorted(path.relative_to(EXAMPLES).as_posix() for path in EXAMPLES.rglob("*.py"))

# What needs more than Python; the digits are done in minutes there.
NEEDS_LIBTORCH = {"demo.py", "torch/mnist_classifier.py"}


@pytest.fixture(params=NAMES)
def name(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    if name in NEEDS_LIBTORCH and native_problem():
        pytest.skip(f"no native tier: {native_problem()}")
    return name


def test_there_are_examples() -> None:
    assert {"demo.py", "tiers.py", "pure_nn/xor_example.py"} <= set(NAMES)


def test_it_explains_itself(name: str) -> None:
    """--help shows the first line of the docstring, which says how to run it, and every option with a text."""
    text = (EXAMPLES / name).read_text(encoding="utf-8")
    about = ast.get_docstring(ast.parse(text)) or ""
    assert f"examples/{name}" in about
    done = ran(name, "--help")
    assert (done.status, done.errors) == (0, "")
    assert " ".join(about.splitlines()[0].split()) in " ".join(done.output.split())


def test_it_runs(name: str) -> None:
    done = ran(name)
    assert (done.status, done.files) == (0, []), done.errors
    assert "Traceback" not in done.errors
    assert len(done.output.splitlines()) > 3


@pytest.mark.parametrize("name", sorted({*NAMES} - {"demo.py", "cuda/simple_demo.py"}))
def test_ctrl_c_ends_it_without_a_traceback(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Here it comes where the mode is set, which all of them do that compute with tensors."""

    def ctrl_c(*ignored: object) -> None:
        raise KeyboardInterrupt

    for function in ("set_acceleration", "acceleration"):
        monkeypatch.setattr(rt, function, ctrl_c)
    monkeypatch.setattr(sys, "argv", [name])
    monkeypatch.syspath_prepend(str((EXAMPLES / name).parent))
    monkeypatch.delitem(sys.modules, "tier", raising=False)
    with pytest.raises(SystemExit) as ended:
        runpy.run_path(str(EXAMPLES / name), run_name="__main__")
    monkeypatch.delitem(sys.modules, "tier", raising=False)
    assert ended.value.code == 130


def test_every_example_is_in_the_table() -> None:
    text = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    missing = [name for name in NAMES if f"]({name})" not in text]
    assert missing == []
