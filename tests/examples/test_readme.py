"""What the page on the examples shows is run, and prints what it says."""

from __future__ import annotations

import itertools
import re

import pytest

from tests.examples.runs import EXAMPLES, output, same

BLOCKS = re.findall(r"```(\w+)\n(.*?)```", (EXAMPLES / "README.md").read_text(encoding="utf-8"), re.DOTALL)
SHOWN = [
    (command.strip(), text)
    for (kind, command), (next_kind, text) in itertools.pairwise(BLOCKS)
    if (kind, next_kind) == ("sh", "text") and "examples/pure_nn/" in command
]


def test_there_are_some() -> None:
    assert len(SHOWN) >= 7


@pytest.mark.parametrize(("command", "text"), SHOWN, ids=[command for command, _ in SHOWN])
def test_a_run(command: str, text: str) -> None:
    """Numbers to twelve digits: the last ones are those of a Python before 3.12, whose sum() adds from left to right."""
    python, program, *arguments = command.split()
    assert python == ".venv/bin/python"
    found = output(program.removeprefix("examples/"), *arguments)
    assert same(found, text), f"{command} printed:\n{found}"
