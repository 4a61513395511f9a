"""Bad specs, each set with the messages that it must give; `GOLDEN=write pytest ...` writes them anew."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from generator.diagnostics import RULES, Diagnostics, did_you_mean
from generator.spec import load_libraries, load_library
from tests.generator.paths import BAD, BAD_TOGETHER, specs_with

SETS_TOGETHER = sorted(path.name for path in BAD_TOGETHER.iterdir())
SETS = sorted(path.name for path in BAD.iterdir() if path.is_dir())


def codes_of(folder: Path, name: str) -> set[str]:
    _, diagnostics = load_library(specs_with(folder, BAD / name), "specs")
    return {found.code for found in diagnostics.found}


def beside_the_base(folder: Path, name: str) -> Diagnostics:
    """The messages about the base specs and the libraries of a set."""
    folders = {specs_with(folder): "specs/base"}
    folders |= {path: f"specs/{path.name}" for path in sorted((BAD_TOGETHER / name).iterdir()) if path.is_dir()}
    libraries, diagnostics = load_libraries(folders)
    assert libraries == []
    return diagnostics


@pytest.mark.parametrize("name", SETS_TOGETHER)
def test_libraries_that_do_not_go_together_give_these_messages(name: str, tmp_path: Path) -> None:
    diagnostics = beside_the_base(tmp_path, name)
    golden = BAD_TOGETHER / name / "expected.txt"
    if os.environ.get("GOLDEN") == "write":
        golden.write_text(diagnostics.render(), encoding="utf-8")
    assert diagnostics.render() == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", SETS)
def test_bad_specs_give_these_messages(name: str, tmp_path: Path) -> None:
    library, diagnostics = load_library(specs_with(tmp_path, BAD / name), "specs")
    golden = BAD / name / "expected.txt"
    if os.environ.get("GOLDEN") == "write":
        golden.write_text(diagnostics.render(), encoding="utf-8")
    assert library is None
    assert diagnostics.render() == golden.read_text(encoding="utf-8")


def test_the_base_specs_are_good(tmp_path: Path) -> None:
    library, diagnostics = load_library(specs_with(tmp_path), "specs")
    assert diagnostics.render() == ""
    assert library is not None


def test_every_rule_has_a_bad_spec(tmp_path: Path) -> None:
    seen: set[str] = set()
    for name in SETS:
        (tmp_path / name).mkdir()
        seen |= codes_of(tmp_path / name, name)
    for name in SETS_TOGETHER:
        (tmp_path / f"together_{name}").mkdir()
        seen |= {found.code for found in beside_the_base(tmp_path / f"together_{name}", name).found}
    assert seen == set(RULES)


def test_a_file_that_is_no_utf8(tmp_path: Path) -> None:
    specs = specs_with(tmp_path)
    (specs / "sample.toml").write_bytes(b"[fn.ex_\xff]\n")
    _, diagnostics = load_library(specs, "specs")
    assert "specs/sample.toml:1:1: E001 not UTF-8: byte 7" in diagnostics.render()


def test_a_byte_order_mark_is_no_error(tmp_path: Path) -> None:
    specs = specs_with(tmp_path)
    text = (specs / "basic.toml").read_text(encoding="utf-8")
    (specs / "basic.toml").write_text(text, encoding="utf-8-sig")
    library, diagnostics = load_library(specs, "specs")
    assert diagnostics.render() == ""
    assert library is not None


def test_an_empty_folder(tmp_path: Path) -> None:
    _, diagnostics = load_library(tmp_path, "specs")
    assert "E070" in diagnostics.render()


def test_the_caret_stands_below_what_is_wrong(tmp_path: Path) -> None:
    specs = specs_with(tmp_path)
    (specs / "sample.toml").write_text(
        '[fn.ex_a]\nsince = 1\nsig = "(x: thign)"\nsummary = "A."\nbody = "a"\n', encoding="utf-8"
    )
    _, diagnostics = load_library(specs, "specs")
    assert diagnostics.render().splitlines() == [
        "specs/sample.toml:3:12: E014 unknown type `thign` (ex_a, parameter `x`)",
        '  sig = "(x: thign)"',
        "             ^^^^^  did you mean `thing`?",
    ]


def test_errors_stand_in_the_order_of_the_file(tmp_path: Path) -> None:
    _, diagnostics = load_library(specs_with(tmp_path, BAD / "routes"), "specs")
    places = [(found.at.path, found.at.line, found.at.column) for found in diagnostics.found]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("word", "known", "expected"),
    [
        ("tensr", ["tensor", "stream"], "did you mean `tensor`?"),
        ("xyz", ["b", "a"], "known: `a`, `b`"),
        ("xyz", [f"name{i}" for i in range(9)], ""),
        ("xyz", [], ""),
    ],
)
def test_suggestions(word: str, known: list[str], expected: str) -> None:
    assert did_you_mean(word, known) == expected
