"""The commands: what they print, what they write, how they end."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from generator import files
from generator.__main__ import run
from tests.generator.paths import BAD, ROOT, SECOND, specs_with

GROW = """[fn.ex_grow]
since   = 1
sig     = "(x: thing, factor: f64) -> thing"
result  = "new"
summary = "A larger thing."
docs    = { factor = "How much larger." }
typed   = "example_grow"
cases   = [{ x = [1.0], factor = 2.0, gives = [2.0] }]
"""


class Project:
    """Specs and a folder for what is generated."""

    def __init__(self, folder: Path) -> None:
        self.specs = specs_with(folder)
        self.out = folder / "generated"
        self.lock = self.specs / "abi.lock"
        self.sample = self.specs / "sample.toml"
        self.sample.write_text(GROW, encoding="utf-8")

    def run(self, *arguments: str) -> int:
        return run([*arguments, "--specs", str(self.specs), "--out", str(self.out)])

    def files(self) -> dict[str, tuple[bytes, int]]:
        files = sorted(path for path in self.out.rglob("*") if path.is_file())
        return {path.relative_to(self.out).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns) for path in files}


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


def test_gen_then_check(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    assert project.run("gen") == 0
    assert project.run("check") == 0
    assert "2 functions are as the specs say" in capsys.readouterr().out
    assert {"c/ex.h", "c/ex.c", "c/ex_symbols.h", "c/ex_bodies.h", "conformance/ex.json", "docs/ex/index.md"} <= set(
        project.files()
    )


def test_gen_writes_only_what_changes(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    project.run("gen")
    before = project.files()
    time.sleep(0.01)
    capsys.readouterr()
    assert project.run("gen") == 0
    assert project.files() == before
    assert "up to date" in capsys.readouterr().out
    project.sample.write_text(GROW.replace("A larger thing.", "A thing that is larger."), encoding="utf-8")
    assert project.run("gen") == 0
    after = project.files()
    changed = {path for path in after if after[path] != before[path]}
    assert {"c/ex.h", "docs/ex/sample.md"} <= changed
    assert "c/ex.c" not in changed and "conformance/ex.json" not in changed


def test_every_byte_is_reproducible(tmp_path: Path) -> None:
    """Another folder, another process, another hash seed."""
    texts = []
    for seed in ("1", "2"):
        folder = tmp_path / seed
        folder.mkdir()
        project = Project(folder)
        arguments = ["gen", "--specs", str(project.specs), "--out", str(project.out)]
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        subprocess.run([sys.executable, "-m", "generator", *arguments], check=True, cwd=ROOT, env=environment)
        texts.append({path: raw for path, (raw, _) in project.files().items()})
        for path, raw in texts[-1].items():
            assert str(tmp_path).encode() not in raw, path
            assert raw.endswith(b"\n") or not raw, path
            assert b"\r" not in raw, path
    assert texts[0] == texts[1]


def test_dry_run_writes_nothing(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    assert project.run("gen", "--dry-run") == 0
    printed = capsys.readouterr().out
    assert "would write" in printed and "would add" in printed
    assert not project.out.exists()
    assert not project.lock.exists()


def test_verbose_names_every_file(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    project.run("gen")
    capsys.readouterr()
    project.run("gen", "--verbose")
    printed = capsys.readouterr().out
    assert printed.count("unchanged ") == len(project.files())


def test_check_shows_what_differs(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    project.run("gen")
    header = project.out / "c" / "ex.h"
    header.write_text(header.read_text().replace("ex_grow(int64_t x", "ex_grow(int32_t x"))
    (project.out / "docs" / "ex" / "basic.md").unlink()
    (project.out / "docs" / "ex" / "stray.md").write_text("stray\n")
    (project.out / "c" / "dangling.h").symlink_to("nowhere")
    (project.out / "c" / "folder").symlink_to(project.specs)
    (project.out / "c" / "planted.o").write_bytes(b"\x7fELF\0")
    (project.out / "c" / "planted.so").write_bytes(b"")
    (project.out / "python" / "__pycache__").mkdir(parents=True, exist_ok=True)
    (project.out / "python" / "__pycache__" / "x.pyc").write_bytes(b"")
    capsys.readouterr()
    assert project.run("check") == 1
    printed = capsys.readouterr().out
    assert "-int64_t ex_grow(int32_t x, double factor);\n+int64_t ex_grow(int64_t x, double factor);" in printed
    assert "missing: " in printed and "docs/ex/basic.md" in printed
    assert "--- /dev/null\n+++ docs/ex/basic.md (rendered)\n" in printed and "+# What is there\n" in printed
    assert "extra: " in printed and "docs/ex/stray.md" in printed
    assert "--- docs/ex/stray.md (there)\n+++ /dev/null\n@@ -1 +0,0 @@\n-stray\n" in printed
    assert "-(a symbolic link to nowhere)\n" in printed
    assert printed.count("extra: ") == 5
    assert "c/planted.o (there)" in printed and "-(no text)" in printed
    assert "pycache" not in printed


@pytest.mark.parametrize(
    ("old", "new", "seen"),
    [
        (b"\n", b"\r\n", "\\r\n+"),
        (b"\n\n#endif\n", b"\n\n#endif", "\n-#endif\n\\ No newline at the end\n+#endif\n"),
        (b"/* ", b"/*\xff ", "\n-/*\ufffd "),
    ],
)
def test_check_shows_what_is_hard_to_see(
    project: Project, old: bytes, new: bytes, seen: str, capsys: pytest.CaptureFixture[str]
) -> None:
    project.run("gen")
    header = project.out / "c" / "ex.h"
    header.write_bytes(header.read_bytes().replace(old, new))
    capsys.readouterr()
    assert project.run("check") == 1
    assert seen in capsys.readouterr().out


def test_a_link_in_place_of_a_file_differs(project: Project, tmp_path: Path) -> None:
    project.run("gen")
    header = project.out / "c" / "ex.h"
    header.rename(tmp_path / "ex.h")
    header.symlink_to(tmp_path / "ex.h")
    assert project.run("check") == 1
    assert project.run("gen") == 0
    assert not header.is_symlink()
    assert project.run("check") == 0


def test_gen_removes_nothing_unasked(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    project.run("gen")
    stray = project.out / "c" / "stray.h"
    stray.write_text("")
    capsys.readouterr()
    assert project.run("gen") == 0
    assert stray.exists()
    assert "stray.h: nothing renders it any more" in capsys.readouterr().out


@pytest.mark.parametrize("command", ["gen", "check"])
def test_a_removed_function_is_refused(project: Project, command: str, capsys: pytest.CaptureFixture[str]) -> None:
    project.run("gen")
    before = project.files()
    project.sample.unlink()
    capsys.readouterr()
    assert project.run(command) == 1
    printed = capsys.readouterr().err
    assert "ex_grow was removed\n  locked: 1 int64_t ex_grow(int64_t x, double factor)" in printed
    assert "restore it" in printed
    assert project.files() == before


@pytest.mark.parametrize(
    ("old", "new"), [("factor: f64", "factor: i64"), ("since   = 1", "since   = 2"), ("factor", "by")]
)
def test_a_changed_function_is_refused(
    project: Project, old: str, new: str, capsys: pytest.CaptureFixture[str]
) -> None:
    project.run("gen")
    changed = GROW.replace(old, new).replace('typed   = "example_grow"', 'body    = "grow"').replace("2.0, g", "2, g")
    project.sample.write_text(changed, encoding="utf-8")
    capsys.readouterr()
    assert project.run("check") == 1
    assert "ex_grow was changed" in capsys.readouterr().err


def test_a_new_function_is_added_at_the_end(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    project.run("gen")
    before = project.lock.read_text()
    extra = GROW.replace("ex_grow", "ex_afresh").replace("since   = 1", "since   = 2")
    project.sample.write_text(extra + "\n" + GROW, encoding="utf-8")
    capsys.readouterr()
    assert project.run("check") == 1
    assert "not in " in capsys.readouterr().out
    assert project.run("gen") == 0
    assert project.lock.read_text() == before + "2 int64_t ex_afresh(int64_t x, double factor)\n"


def test_a_changed_constant_is_refused(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    project.run("gen")
    library = project.specs / "library.toml"
    library.write_text(library.read_text().replace("blue = { value = 1", "blue = { value = 2"))
    assert project.run("check") == 1
    assert "EX_COLOUR_BLUE was changed" in capsys.readouterr().err


def test_bad_specs_are_reported_and_nothing_is_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    specs = specs_with(tmp_path, BAD / "docs")
    assert run(["gen", "--specs", str(specs), "--out", str(tmp_path / "out")]) == 1
    printed = capsys.readouterr().err
    assert "E022" in printed and printed.endswith("8 errors\n")
    assert not (tmp_path / "out").exists()


def test_list(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    assert project.run("list") == 0
    assert capsys.readouterr().out.splitlines() == [
        "ex_free  basic   (x: thing)",
        "ex_grow  sample  (x: thing, factor: f64) -> thing",
    ]
    assert project.run("list", "--group", "basic") == 0
    assert "ex_grow" not in capsys.readouterr().out
    assert project.run("list", "--group", "basics") == 1
    assert "did you mean `basic`?" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("stage", "expected"),
    [
        ("spec", 'typed   = "example_grow"'),
        ("model", "Function(symbol='ex_grow'"),
        ("abi", "int64_t ex_grow(int64_t x, double factor);"),
        ("c", "result = finish(&call, libexample.example_grow(x_thing.pointer, factor, &raw), &raw);"),
        ("python", "def grow(x: int, factor: float) -> int:"),
    ],
)
def test_show(project: Project, stage: str, expected: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert project.run("show", "grow", "--stage", stage) == 0
    assert expected in capsys.readouterr().out


def test_show_what_is_not_there(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    assert project.run("show", "ex_gorw") == 1
    assert capsys.readouterr().err == "no function `ex_gorw`; did you mean `ex_grow`?\n"


def test_new_writes_a_skeleton_that_must_be_filled_in(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    assert project.run("new", "shrink", "--group", "sample") == 0
    written = project.sample.read_text()
    assert written.startswith(GROW + "\n[fn.ex_shrink]\nsince   = 2\n")
    assert project.run("gen") == 1
    printed = capsys.readouterr().err
    assert "E021 `TODO` in the docs (ex_shrink)" in printed
    assert "E021 `TODO` (ex_shrink)\n  op      = " in printed
    assert printed.endswith("2 errors\n")


def test_new_makes_the_file_of_a_group(project: Project) -> None:
    project.sample.unlink()
    assert project.run("new", "shrink", "--group", "sample") == 0
    assert project.sample.read_text().startswith("[fn.ex_shrink]\n")


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["grow", "--group", "sample"], "there already"),
        (["shrink"], "which group?"),
        (["shrink", "--group", "smaple"], "did you mean `sample`?"),
        (["shrink", "--group", "zzz"], "There are: basic, sample"),
        (["Shrink", "--group", "sample"], "no good name"),
        (["1", "--group", "sample"], "no good name"),
        (["", "--group", "sample"], "the name is empty"),
        (["ex_", "--group", "sample"], "the name is empty"),
    ],
)
def test_new_refuses(project: Project, arguments: list[str], problem: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert project.run("new", *arguments) == 1
    assert problem in capsys.readouterr().err
    assert project.sample.read_text() == GROW


def test_new_dry_run(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    assert project.run("new", "shrink", "--group", "sample", "--dry-run") == 0
    assert "[fn.ex_shrink]" in capsys.readouterr().out
    assert project.sample.read_text() == GROW


def test_a_folder_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["gen", "--specs", str(tmp_path / "none"), "--out", str(tmp_path / "out")]) == 1
    assert "no folder" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [[], ["generate"], ["show"], ["show", "x", "--stage", "rust"]])
def test_wrong_commands(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        run(arguments)
    assert caught.value.code == 2
    assert "usage: python -m generator" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["gen", "check", "list", "show", "new"])
def test_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        run([command, "--help"])
    assert caught.value.code == 0
    assert "--specs DIR" in capsys.readouterr().out


def git(folder: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", "-C", str(folder), *identity, *arguments], check=True, capture_output=True)


@pytest.fixture
def committed(project: Project) -> Project:
    """The lock of `ex_free` and `ex_grow` is committed."""
    if shutil.which("git") is None:
        pytest.skip("no git")
    assert project.run("gen") == 0
    git(project.specs, "init", "-q")
    git(project.specs, "add", ".")
    git(project.specs, "commit", "-q", "-m", "First")
    return project


AFRESH = GROW.replace("ex_grow", "ex_afresh").replace("since   = 1", "since   = 2")


def test_what_no_commit_has_may_change(committed: Project, capsys: pytest.CaptureFixture[str]) -> None:
    before = committed.lock.read_text()
    committed.sample.write_text(GROW + "\n" + AFRESH, encoding="utf-8")
    assert committed.run("gen") == 0
    other = AFRESH.replace("factor", "by").replace('typed   = "example_grow"', 'body    = "grow"')
    committed.sample.write_text(GROW + "\n" + other, encoding="utf-8")
    assert committed.run("check") == 1
    assert "no longer so: 2 int64_t ex_afresh(int64_t x, double factor)" in capsys.readouterr().out
    assert committed.run("gen") == 0
    assert committed.lock.read_text() == before + "2 int64_t ex_afresh(int64_t x, double by)\n"
    assert committed.run("check") == 0
    committed.sample.write_text(GROW, encoding="utf-8")
    assert committed.run("gen") == 0
    assert committed.lock.read_text() == before


def test_what_a_commit_has_may_not_change(committed: Project, capsys: pytest.CaptureFixture[str]) -> None:
    committed.sample.write_text(GROW + "\n" + AFRESH, encoding="utf-8")
    assert committed.run("gen") == 0
    git(committed.specs, "commit", "-q", "-a", "-m", "Second")
    committed.sample.write_text(GROW + "\n" + AFRESH.replace("ex_afresh", "ex_anew"), encoding="utf-8")
    capsys.readouterr()
    assert committed.run("gen") == 1
    assert "ex_afresh was removed" in capsys.readouterr().err


@pytest.mark.parametrize("commits", [0, 1, 3])
def test_a_line_is_not_taken_out_of_the_lock(
    committed: Project, commits: int, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = committed.lock.read_text().splitlines(keepends=True)
    committed.lock.write_text("".join(line for line in lines if "ex_grow" not in line))
    committed.sample.unlink()
    for number in range(commits):
        git(committed.specs, "commit", "-q", "-a", "--allow-empty", "-m", f"Take it out, {number}")
    capsys.readouterr()
    assert committed.run("check") == 1
    printed = capsys.readouterr().err
    assert "ex_grow was taken out of the lock, or changed in it" in printed
    assert "restore it" in printed
    assert committed.run("gen") == 1


def test_a_line_that_only_a_merged_branch_had(committed: Project, capsys: pytest.CaptureFixture[str]) -> None:
    git(committed.specs, "checkout", "-q", "-b", "side")
    committed.sample.write_text(GROW + GROW.replace("ex_grow", "ex_aside"), encoding="utf-8")
    assert committed.run("gen") == 0
    git(committed.specs, "commit", "-q", "-a", "-m", "Add it aside")
    git(committed.specs, "checkout", "-q", "-")
    git(committed.specs, "merge", "-q", "--no-ff", "-s", "ours", "-m", "Merge, and drop it", "side")
    git(committed.specs, "config", "color.ui", "always")
    assert committed.run("check") == 1
    assert "ex_aside was taken out" in capsys.readouterr().err


def test_the_lock_is_not_removed(committed: Project, capsys: pytest.CaptureFixture[str]) -> None:
    git(committed.specs, "rm", "-q", "abi.lock")
    git(committed.specs, "commit", "-q", "-m", "Remove it")
    committed.sample.write_text(GROW.replace("ex_grow", "ex_shrink"), encoding="utf-8")
    assert committed.run("gen") == 1
    assert "ex_grow was" in capsys.readouterr().err


def test_out_that_is_a_file(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    project.out.write_text("")
    for command in ("gen", "check"):
        assert project.run(command) == 1
        assert capsys.readouterr().err.endswith("generated is no folder\n")
    assert not project.lock.exists()


def generator(*arguments: str, **more: Any) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "generator", *arguments]
    return subprocess.run(command, cwd=ROOT, stderr=subprocess.PIPE, text=True, check=False, **more)


def test_a_file_in_the_way_is_one_line(project: Project) -> None:
    project.out.mkdir()
    (project.out / "c").write_text("")
    done = generator("gen", "--specs", str(project.specs), "--out", str(project.out), stdout=subprocess.PIPE)
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1 and str(project.out / "c") in done.stderr
    assert not project.lock.exists()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
def test_output_without_room_is_one_line() -> None:
    with open("/dev/full", "w") as full:
        done = generator("list", "--specs", str(SECOND / "specs"), stdout=full)
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)


def test_output_that_is_closed_is_one_line() -> None:
    line = f'"{sys.executable}" -m generator list >&-'
    done = subprocess.run(["sh", "-c", line], cwd=ROOT, stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "standard output is closed\n")


def test_a_path_that_the_output_cannot_spell(project: Project, tmp_path: Path) -> None:
    out = tmp_path / "\u65e5"
    line = [sys.executable, "-m", "generator", "gen", "--specs", project.specs, "--out", out]
    environment = os.environ | {"PYTHONIOENCODING": "latin-1"}
    done = subprocess.run(line, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "\\u65e5/c/ex.h" in done.stdout


def test_an_interruption_is_quiet_even_while_importing() -> None:
    script = (
        "import builtins, runpy, sys; real = builtins.__import__\n"
        "def importing(name, *more, **named):\n"
        "    if name == 'jinja2': raise KeyboardInterrupt\n"
        "    return real(name, *more, **named)\n"
        "builtins.__import__ = importing; sys.argv = ['generator', 'list']\n"
        "runpy.run_module('generator.__main__', run_name='__main__')\n"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (130, "")


def test_nothing_temporary_stays(project: Project) -> None:
    project.run("gen")
    left = [path.name for folder in (project.out, project.specs) for path in folder.rglob(".*")]
    assert left == []


def test_a_failed_write_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "file"
    file.write_text("old")

    def refuse(*paths: object) -> None:
        raise OSError("no")

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(OSError):
        files.replace_text(file, "new")
    assert [path.read_text() for path in tmp_path.iterdir()] == ["old"]


def test_a_reader_that_goes_away_is_no_error() -> None:
    script = f"{sys.executable} -m generator show rt_z_crc32 --stage model --specs {SECOND}/specs | head -n 1"
    done = subprocess.run(["sh", "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stderr == ""


def test_the_projects_own_files_are_as_its_specs_say(capsys: pytest.CaptureFixture[str]) -> None:
    status = run(["check"])
    printed = capsys.readouterr()
    assert status == 0, printed.out + printed.err


@pytest.mark.parametrize("name", ["ex_zzz", "zzz"])
def test_a_prefix_makes_no_name_closer(project: Project, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert project.run("show", name) == 1
    assert "did you mean" not in capsys.readouterr().err


@pytest.mark.parametrize("command", [["gen"], ["gen", "--dry-run"], ["check"]])
def test_other_specs_need_a_folder_of_their_own(
    project: Project, command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([*command, "--specs", str(project.specs)]) == 1
    assert "use --out" in capsys.readouterr().err


def test_the_default_specs_by_name_need_no_folder(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["gen", "--dry-run", "--specs", str(ROOT / "specs" / "torch")]) == 0


def test_errors_of_a_body_are_documented(project: Project) -> None:
    body = GROW.replace(
        'typed   = "example_grow"', 'errors  = { bad_argument = "where `factor` is odd" }\nbody    = "grow"'
    )
    project.sample.write_text(body, encoding="utf-8")
    assert project.run("gen") == 0
    assert "`bad_argument` where `factor` is odd" in (project.out / "docs" / "ex" / "sample.md").read_text()
