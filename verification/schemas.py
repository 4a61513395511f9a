"""The operator schemas that the specs quote against the registry of the installed torch."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence

from verification import specs

# Runs in a process of its own: importing torch is slow, and loads libtorch for good.
_PROBE = """
import json, sys
import torch

registry = {(s.name, s.overload_name): s for s in torch._C._jit_get_all_schemas()}
answers = []
for quoted in json.load(sys.stdin):
    try:
        schema = torch._C.parse_schema("aten::" + quoted)
    except RuntimeError as error:
        answers.append("does not parse: " + str(error).splitlines()[0])
        continue
    actual = registry.get((schema.name, schema.overload_name))
    if actual is None:
        answers.append("is no operator of torch " + torch.__version__)
    elif str(actual) != str(schema):
        answers.append("is in torch " + torch.__version__ + ": " + str(actual))
    else:
        answers.append("")
json.dump(answers, sys.stdout)
"""


class RegistryError(RuntimeError):
    """The installed torch does not tell its operators; the text says why."""


def check(quoted: Sequence[str] | None = None) -> list[str]:
    """Problems; none when the registry has every quoted schema, character for character once both are printed."""
    quoted = specs.quoted_schemas() if quoted is None else quoted
    answers = ask(quoted)
    return [f"`{schema}` {answer}" for schema, answer in zip(quoted, answers, strict=True) if answer]


def ask(quoted: Sequence[str]) -> list[str]:
    """For each schema what is wrong with it, "" when nothing is."""
    command = [sys.executable, "-c", _PROBE]
    result = subprocess.run(command, input=json.dumps(list(quoted)), capture_output=True, text=True, check=False)
    if result.returncode != 0:
        raise RegistryError(f"torch's registry could not be read:\n{result.stderr.strip()}")
    answers: list[str] = json.loads(result.stdout)
    return answers
