"""Several folders of specs: their libraries share one folder of generated files, and maybe one shared object."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import pytest

from generator.__main__ import default_specs, run
from tests.generator.paths import ROOT, SECOND, specs_with

OTHER = """
[library]
name     = "other"
prefix   = "other_"
abi      = 1
summary  = "Another library, in the shared object of the first."
upstream = "libother"
sonames  = ["libother.so.2", "libother.so.1"]
install  = "fetch it"
users    = ["libuser.so"]
identify = ["other_version"]
includes = []
beside   = "ex"

[groups]
basic = "What is there"

[enum.error]
doc            = "Codes."
ok             = { value = 0, doc = "No error." }
invalid_handle = { value = 1, doc = "No live handle." }
bad_argument   = { value = 2, doc = "A value that is not taken." }

[upstream]
other_version = "uint64_t (void)"
"""

FUNCTIONS = """
[fn.other_free]
since   = 1
sig     = "(x: i64)"
summary = "Something of the same name as one of the first library's."
docs    = { x = "A number." }
body    = "other_free"

[fn.other_count]
since   = 1
sig     = "() -> i64"
role    = "asks"
summary = "A number."
body    = "other_count"
"""


class Both:
    """Two folders of specs, and one for what is generated."""

    def __init__(self, folder: Path) -> None:
        self.base = specs_with(folder)
        self.other = folder / "other"
        self.out = folder / "generated"
        self.other.mkdir()
        (self.other / "library.toml").write_text(OTHER, encoding="utf-8")
        (self.other / "basic.toml").write_text(FUNCTIONS, encoding="utf-8")

    def run(self, *arguments: str) -> int:
        return run([*arguments, "--specs", str(self.base), "--specs", str(self.other), "--out", str(self.out)])


@pytest.fixture
def both(tmp_path: Path) -> Both:
    return Both(tmp_path)


def test_they_share_a_folder_and_each_has_its_lock(both: Both, capsys: pytest.CaptureFixture[str]) -> None:
    assert both.run("gen") == 0
    for path in ("c/ex.h", "c/other.h", "docs/ex/basic.md", "docs/other/basic.md", "conformance/other.json"):
        assert (both.out / path).is_file()
    assert "ex_free(" in (both.base / "abi.lock").read_text() and "other_" not in (both.base / "abi.lock").read_text()
    assert "other_free(" in (both.other / "abi.lock").read_text()
    capsys.readouterr()
    assert both.run("check") == 0
    assert "3 functions are as the specs say" in capsys.readouterr().out
    (both.out / "c" / "other.h").write_text("")
    assert both.run("check") == 1
    assert "differs: " in capsys.readouterr().out


def test_one_alone_would_leave_the_other_s_files_over(both: Both, capsys: pytest.CaptureFixture[str]) -> None:
    assert both.run("gen") == 0
    capsys.readouterr()
    assert run(["check", "--specs", str(both.base), "--out", str(both.out)]) == 1
    assert "extra: " in capsys.readouterr().out


def test_mistakes_in_both_are_told_at_once(both: Both, capsys: pytest.CaptureFixture[str]) -> None:
    for folder, name in ((both.base, "ex_a"), (both.other, "other_a")):
        (folder / "basic.toml").write_text(f'[fn.{name}]\nsince = 1\nsummary = "A."\nbody = "a"\n', encoding="utf-8")
    assert both.run("gen") == 1
    printed = capsys.readouterr().err
    assert "(ex_a)" in printed and "(other_a)" in printed
    assert not both.out.exists()


def test_functions_are_found_in_all(both: Both, capsys: pytest.CaptureFixture[str]) -> None:
    assert both.run("list") == 0
    printed = capsys.readouterr().out
    assert "ex_free" in printed and "other_count" in printed
    assert both.run("show", "count") == 0
    assert "int64_t other_count(void);" in capsys.readouterr().out
    assert both.run("show", "other_free") == 0
    assert "int32_t other_free(int64_t x);" in capsys.readouterr().out
    assert both.run("show", "free") == 1
    assert capsys.readouterr().err == "`free` can be of several libraries: write `ex_free` or `other_free`\n"
    assert both.run("show", "other_cuont") == 1
    assert "did you mean `other_count`?" in capsys.readouterr().err


def test_a_new_function_goes_to_the_library_of_its_prefix_or_group(
    both: Both, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, group, symbol in (("other_more", "basic", "other_more"), ("more", "sample", "ex_more")):
        assert both.run("new", name, "--group", group, "--dry-run") == 0
        assert f"[fn.{symbol}]" in capsys.readouterr().out
    assert both.run("new", "less", "--group", "basic") == 1
    assert capsys.readouterr().err == "`less` can be of several libraries: write `ex_less` or `other_less`\n"


def test_one_beside_another_raises_its_exceptions(both: Both, monkeypatch: pytest.MonkeyPatch) -> None:
    assert both.run("gen") == 0
    monkeypatch.syspath_prepend(str(both.out / "python"))
    try:
        errors = importlib.import_module("ex_bindings.errors")
        shared = importlib.import_module("other_bindings.errors")
        functions = importlib.import_module("other_bindings.functions")
        assert shared.BadArgumentError is errors.BadArgumentError and shared.ExError is errors.ExError
        assert set(shared.__all__) == {name for name in vars(errors) if not name.startswith("_")} - {"annotations"}
        with pytest.raises(errors.LibraryMissingError):
            functions.count()
    finally:
        for name in [name for name in sys.modules if name.split(".")[0] in ("ex_bindings", "other_bindings")]:
            del sys.modules[name]


def test_how_to_come_by_the_upstream_is_handed_on(both: Both) -> None:
    assert both.run("gen") == 0
    shim = (both.out / "c" / "other.c").read_text(encoding="utf-8")
    assert '.install = "fetch it",' in shim
    assert 'users[] = {"libuser.so", NULL};' in shim
    assert ".install = NULL," in (both.out / "c" / "ex.c").read_text(encoding="utf-8")


def test_the_project_s_own_libraries_are_all_meant(capsys: pytest.CaptureFixture[str]) -> None:
    assert ROOT / "specs" / "torch" in default_specs()
    assert run(["gen", "--dry-run", "--specs", str(default_specs()[0])]) == 0
    assert "extra" not in capsys.readouterr().out
    assert run(["check", "--specs", str(SECOND / "specs")]) == 1
