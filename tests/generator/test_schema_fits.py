"""What an entry says of its result and parameters must be what the quoted schema says."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from generator.__main__ import run

SPECS = Path(__file__).resolve().parent.parent.parent / "specs" / "torch"

ENTRY = """
[fn.rt_torch_spoiled]
since   = 1
sig     = "(x: tensor{params}) -> tensor"
result  = "{result}"
summary = "Spoiled."
docs    = {docs}
aten    = "{schema}"
derivative = "none"
"""
OPERATOR = """
[op.spoiled]
"""


def said(tmp_path: Path, capsys: pytest.CaptureFixture[str], **entry: str) -> str:
    specs = tmp_path / "specs"
    shutil.copytree(SPECS, specs)
    text = ENTRY.format_map({"params": "", "result": "new", "docs": "{}"} | entry)
    for name, more in (("math.toml", text), ("operators.toml", OPERATOR)):
        with (specs / name).open("a", encoding="utf-8") as file:
            file.write(more)
    status = run(["gen", "--specs", str(specs), "--out", str(tmp_path / "out")])
    printed = capsys.readouterr().err
    assert status == (1 if printed else 0)
    return printed


def test_an_entry_that_fits_is_taken(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert said(tmp_path, capsys, schema="sin(Tensor self) -> Tensor") == ""


def test_a_result_that_is_no_handle_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "E046 the style `aten` can only return one handle" in said(
        tmp_path, capsys, schema="dim(Tensor self) -> int"
    )


@pytest.mark.parametrize("ours", ["tensor", "f64"])
def test_a_parameter_of_another_kind_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str], ours: str) -> None:
    docs = "{}" if ours == "tensor" else '{ dim = "A dimension." }'
    printed = said(
        tmp_path,
        capsys,
        params=f", dim: {ours}",
        docs=docs,
        result="view",
        schema="squeeze.dim(Tensor(a) self, int dim) -> Tensor(a)",
    )
    assert f"E038 `dim` is a `{ours}`, and the schema wants `int`" in printed


@pytest.mark.parametrize(
    ("result", "schema", "part"),
    [
        ("new", "t(Tensor(a) self) -> Tensor(a)", "shares memory"),
        ("view", "sin(Tensor self) -> Tensor", "does not share memory"),
        ("new", "relu_(Tensor(a!) self) -> Tensor(a!)", "writes to an argument"),
    ],
)
def test_ownership_is_what_the_schema_says(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], result: str, schema: str, part: str
) -> None:
    printed = said(tmp_path, capsys, result=result, schema=schema)
    assert "E044" in printed and part in printed
