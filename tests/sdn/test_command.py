"""`python -m rt_torch.sdn`: what it prints, its status, and that it needs nothing."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from rt_torch import sdn
from rt_torch.sdn import command

ROOT = Path(__file__).resolve().parent.parent.parent
TEXT = 'name: demo  # c\nn: [1, 2.5]\nt |id, who|\n  1, "Ada é"\nflag: true\n'


@pytest.fixture
def path(tmp_path: Path) -> str:
    (tmp_path / "x.sdn").write_text(TEXT, encoding="utf-8")
    return str(tmp_path / "x.sdn")


class Runner:
    """Runs the command line in this process."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
        self.monkeypatch = monkeypatch
        self.capfd = capfd

    def __call__(self, *arguments: str, stdin: str | bytes = "") -> tuple[int | str | None, str, str]:
        given = stdin.encode() if isinstance(stdin, str) else stdin
        self.monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(given)))
        try:
            status: int | str | None = command.main(arguments)
        except SystemExit as ended:
            status = ended.code
        return (status, *self.capfd.readouterr())


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Runner:
    return Runner(monkeypatch, capfd)


def test_check(run: Runner, path: str) -> None:
    assert run("check", path) == (0, "", "")
    assert run("check", "-", stdin="a: 1") == (0, "", "")
    status, out, err = run("check", "-", stdin="a: ]")
    assert (status, out) == (1, "")
    assert (
        err
        == "<stdin>:1:4: `]` stands here: expected a value; a text that is no plain word stands in quotes\n  a: ]\n     ^\n"
    )
    assert run("check", "-", stdin=b"\xff")[0] == 1


def test_json_and_back(run: Runner, path: str) -> None:
    status, out, err = run("to-json", path)
    assert (status, err) == (0, "")
    assert json.loads(out) == {"name": "demo", "n": [1, 2.5], "t": [{"id": 1, "who": "Ada é"}], "flag": True}
    assert "é" in out
    status, text, err = run("from-json", "-", stdin=out)
    assert (status, err) == (0, "")
    assert text == 'name: demo\nn: [1, 2.5]\nt:\n    {id: 1, who: "Ada é"}\nflag: true\n'
    assert run("to-json", "-", stdin=text)[1] == out
    assert run("from-json", "-", stdin=f"\ufeff{out}")[1] == text
    assert run("to-json", "-", stdin="t: table{i8} = [(1)]")[1] == '{\n  "t": [\n    [\n      1\n    ]\n  ]\n}\n'


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('{"a": 1', "<stdin>:1:8: it is no JSON: Expecting ',' delimiter"),
        ('{"a": NaN}', "NaN is no number in JSON"),
        ('{"a": "\\ud800"}', "a text without halves of characters is expected"),
        ('{"a": 1e400}', "<stdin>: rt.sdn.to_string: argument `value`: a float that is finite is expected"),
        ('\ufeff{"a": ]', "<stdin>:1:7: it is no JSON: Expecting value"),
        (
            '[{"a": 1, "b": 2, "a": 3}]',
            "<stdin>: it is no JSON that can be read: the key 'a' (str) is twice in the same",
        ),
        ("[" * 100_000, "<stdin>: it is nested too deep"),
        ("[" * 200 + "]" * 200, "it is nested deeper than 100 levels"),
        ("9" * 5000, "it is no JSON that can be read: "),
    ],
)
def test_json_that_cannot_be_had(run: Runner, text: str, problem: str) -> None:
    status, out, err = run("from-json", "-", stdin=text)
    assert (status, out) == (1, "") and problem in err


@pytest.mark.parametrize(
    ("where", "printed"),
    [
        ("name", "demo\n"),
        ("n", "[1, 2.5]\n"),
        ("n.1", "2.5\n"),
        ("t.0.who", "Ada é\n"),
        ("flag", "true\n"),
        ("t", 't |id, who|\n    1, "Ada é"\n'),
    ],
)
def test_get(run: Runner, path: str, where: str, printed: str) -> None:
    assert run("get", path, where) == (0, printed, "")


def test_get_what_is_not_there(run: Runner, path: str) -> None:
    assert run("get", path, "x.y") == (1, "", f"{path}: there is no x.y\n")
    assert run("get", path, "a..b")[0] == 1


@pytest.mark.parametrize(
    ("given", "value"),
    [
        ("5", 5),
        ("cuda:1", "cuda:1"),
        ("two words", "two words"),
        ("#fff", "#fff"),
        ("", ""),
        ("[1, {a: b}]", [1, {"a": "b"}]),
        ("a: 1", "a: 1"),
        ('"5"', "5"),
        ("null", None),
    ],
)
def test_set(run: Runner, path: str, given: str, value: object) -> None:
    assert run("set", path, "new.key", given) == (0, "", "")
    text = Path(path).read_text(encoding="utf-8")
    assert text.startswith(TEXT) and sdn.parse(text)["new"] == {"key": value}
    assert run("set", "-", "name", given, stdin=TEXT)[1].endswith(TEXT.partition("demo")[2])


def test_set_what_cannot_be(run: Runner, path: str) -> None:
    status, _, err = run("set", path, "flag.x", "1")
    assert status == 1 and "there is no 'x' in it" in err
    assert Path(path).read_text(encoding="utf-8") == TEXT


def test_fmt(run: Runner, path: str) -> None:
    assert run("fmt", path) == (0, TEXT.replace('  1, "Ada', '    1, "Ada'), "")


def test_what_is_no_command(run: Runner, path: str, tmp_path: Path) -> None:
    for arguments in ((), ("nothing",), ("check",), ("get", path), ("set", path, "a"), ("check", path, "more")):
        status, out, err = run(*arguments)
        assert (status, out) == (1, "") and err.startswith("usage: python -m rt_torch.sdn")
    assert run("check", str(tmp_path / "none")) == (1, "", f"{tmp_path / 'none'}: No such file or directory\n")
    assert run("check", "") == (1, "", "'': No such file or directory\n")
    assert run("check", str(tmp_path))[2] == f"{tmp_path}: Is a directory\n"


def test_help(run: Runner) -> None:
    status, out, _ = run("--help")
    assert status == 0 and "Simple Data Notation" in out
    assert all(name in out for name in ("check", "to-json", "from-json", "get", "set", "fmt"))


CODE = """
import sys
before = set(sys.modules)
from rt_torch.sdn import command
status = command.main(["to-json", "-"])
new = set(sys.modules) - before
ours = {name for name in new if name.startswith("rt_torch.") and not name.startswith("rt_torch.sdn")}
others = {name.partition(".")[0] for name in new} - set(sys.stdlib_module_names) - {"rt_torch", "rt_torch_bindings"}
print(sorted(ours), sorted(others), status, file=sys.stderr)
"""


def test_it_stands_on_the_standard_library_alone() -> None:
    """In an ASCII terminal too."""
    paths = os.pathsep.join([str(ROOT), str(ROOT / "generated" / "python")])
    environment = {"PYTHONPATH": paths, "PYTHONIOENCODING": "ascii", "LC_ALL": "C"}
    done = subprocess.run(
        [sys.executable, "-S", "-W", "error", "-c", CODE],
        input='a: "é"'.encode(),
        env=environment,
        capture_output=True,
        check=False,
    )
    assert done.stdout.decode() == '{\n  "a": "é"\n}\n'
    assert done.stderr.decode() == "['rt_torch._file', 'rt_torch.errors'] [] 0\n"


@pytest.mark.parametrize(
    ("arguments", "closed", "said"),
    [
        (("check", "-"), "stdin", "standard input: It is closed\n"),
        (("get", "FILE", "name"), "stdout", "standard output: It is closed\n"),
        (("get", "FILE", "none"), "stderr", ""),
    ],
)
def test_streams_that_are_closed(
    path: str,
    arguments: tuple[str, ...],
    closed: str,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """As by `<&-` and `>&-`."""
    monkeypatch.setattr(sys, closed, None)
    assert command.main([path if argument == "FILE" else argument for argument in arguments]) == 1
    assert capfd.readouterr() == ("", said)
    assert command.main(["check", path]) == 0


def test_as_a_module() -> None:
    paths = os.pathsep.join([str(ROOT), str(ROOT / "generated" / "python")])
    command_line = [sys.executable, "-m", "rt_torch.sdn", "get", "-", "a"]
    done = subprocess.run(
        command_line, input="a: 5", env={"PYTHONPATH": paths}, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "5\n", "")
