"""The generator and its templates serve any library: no word of a particular one stands in them."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.generator.paths import ROOT

WORDS = ("torch", "aten", "aoti", "tensor", "cuda")
CODE = sorted(path for path in (ROOT / "generator").rglob("*.py") if path.is_file())
TEMPLATES = sorted((ROOT / "templates").rglob("*.j2"))


def words_in_code(path: Path) -> list[str]:
    """Names and texts of a module, without its docstrings and comments, which may give examples."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef))
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant):
            found += [node.value] if isinstance(node.value, str) and id(node) not in docstrings else []
            continue
        found += [value for _, value in ast.iter_fields(node) if isinstance(value, str)]
    return found


@pytest.mark.parametrize("path", CODE, ids=lambda path: path.name)
def test_no_module_knows_a_library(path: Path) -> None:
    for text in words_in_code(path):
        assert not any(word in text.lower() for word in WORDS), text


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_no_template_knows_a_library(path: Path) -> None:
    text = path.read_text(encoding="utf-8").lower()
    assert not any(word in text for word in WORDS)
