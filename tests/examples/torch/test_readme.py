"""What the page of the examples shows of these programs is what they print."""

from __future__ import annotations

import re

import pytest

import rt_torch as rt
from tests.examples.torch.conftest import FOLDER, PROGRAMS, once, output
from tests.tensor.conftest import native_problem

PAGE = (FOLDER.parent / "README.md").read_text(encoding="utf-8")
SECTION = re.split(r"^## ", PAGE[PAGE.index("\n## On libtorch\n") + 4 :], flags=re.MULTILINE)[0]
COMMAND = r"```sh\n(?:(\w+)=(\w+) )?\.venv/bin/python examples/torch/(\S+)([^\n]*)\n```\n\n```text\n(.*?)```"
SHOWN = re.findall(COMMAND, SECTION, re.DOTALL)


def test_all_programs_are_there() -> None:
    assert [name for name in PROGRAMS if f"[`{name}`](torch/{name})" not in SECTION] == []
    assert len(SHOWN) == SECTION.count("```sh") == 6


def everywhere(name: str, text: str) -> str:
    """Without what is another one on another machine: versions, times, and the last digits of f32."""
    text = re.sub(r"\d+\.\d+\.\d+(\+\w+)?", "VERSION", text)
    return re.sub(r"[\d.]+(?=%| s$|,|:| of \d)", "N", text, flags=re.MULTILINE) if "mnist" in name else text


@pytest.mark.parametrize(("variable", "value", "name", "options", "shown"), SHOWN, ids=[each[2] for each in SHOWN])
def test_what_is_shown_is_printed(variable: str, value: str, name: str, options: str, shown: str) -> None:
    """In that order; between two lines of dots everything is shown."""
    if not variable and native_problem():
        pytest.skip(f"no native tier: {native_problem()}")
    if "cuda:1" in shown and rt.torch_ffi.torch_cuda_available():
        pytest.skip("there is a GPU")
    ran = once(name, *options.split(), **({variable: value} if variable else {}))
    said = ran.stdout if "mnist" in name else output(ran)
    rest = "\n" + everywhere(name, said)
    for part in everywhere(name, shown).split("...\n"):
        assert f"\n{part}" in rest
        rest = "\n" + rest.partition(f"\n{part}")[2]
