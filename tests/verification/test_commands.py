"""What the commands say and exit with when something that they need is broken or not there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from verification import compilers, cuda, lock, specs, symbols, wheels
from verification.__main__ import main

Output = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def header_is_rendered(header_path: Path) -> None:
    """Every command reads the specs; the header's needs it too."""


def test_a_check_without_its_library_cannot_run(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: Output
) -> None:
    monkeypatch.setattr(symbols, "LIBRARY", specs.ROOT / "build" / "absent.so")
    assert main(["symbols"]) == 2
    assert capsys.readouterr().out == "symbols: cannot run: build/absent.so is not built: `make lib`\n"


def test_a_check_without_its_compiler_cannot_run(monkeypatch: pytest.MonkeyPatch, capsys: Output) -> None:
    monkeypatch.setattr(compilers, "absent", lambda: list(compilers.COMPILERS))
    assert main(["header"]) == 2
    assert "header with gcc: cannot run: gcc is not installed" in capsys.readouterr().out


@pytest.mark.parametrize("check", ["schemas", "prototypes", "lock --check"])
def test_a_check_without_its_torch_cannot_run(monkeypatch: pytest.MonkeyPatch, capsys: Output, check: str) -> None:
    monkeypatch.setattr(wheels, "installed", lambda: None)
    monkeypatch.setattr(lock, "check", lambda _path: [])
    assert main(check.split()) == 2
    assert "cannot run: no torch is installed: `pip install torch`" in capsys.readouterr().out


@pytest.mark.parametrize(("options", "status"), [([], 0), (["--strict"], 2)])
def test_all_tells_what_it_skips(
    monkeypatch: pytest.MonkeyPatch, capsys: Output, options: list[str], status: int
) -> None:
    monkeypatch.setattr(wheels, "installed", lambda: None)
    monkeypatch.setattr(symbols, "LIBRARY", specs.ROOT / "build" / "absent.so")
    monkeypatch.setattr(compilers, "absent", lambda: list(compilers.COMPILERS))
    monkeypatch.setattr("verification.header.check", lambda *_: [])
    monkeypatch.setattr(lock, "check", lambda _path: [])
    monkeypatch.setattr(cuda, "_PLACES", dict.fromkeys(cuda.MAJORS, "nowhere"))
    assert main(["all", *options]) == status
    word = "cannot run" if options else "skipped"
    assert capsys.readouterr().out.count(f": {word}: ") == 8


@pytest.mark.parametrize("versions", ["", ",", "2.13.0,new", "2"])
def test_versions_must_be_some(capsys: Output, versions: str) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["torch-versions", "--versions", versions])
    assert stop.value.code == 2
    assert "is no version, such as" in capsys.readouterr().err


def damaged(library: Path) -> dict[str, bytes]:
    whole = library.read_bytes()
    return {
        "is empty": b"",
        "is no 64-bit little-endian ELF file": b"garbage",
        "is truncated or damaged: its sections do not lie inside it": whole[: len(whole) // 2],
    }


@pytest.mark.parametrize("number", range(3))
def test_a_damaged_library_is_one_line(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: Output,
    compile_library: Callable[[str], Path],
    number: int,
) -> None:
    says, content = list(damaged(compile_library("int x;")).items())[number]
    path = tmp_path / "librt_torch.so"
    path.write_bytes(content)
    monkeypatch.setattr(symbols, "LIBRARY", path)
    assert main(["symbols"]) == 1
    assert capsys.readouterr().err == f"{path} {says}\n"
    assert main(["torch-versions", "--library", str(path)]) == 1
    assert capsys.readouterr().err == f"{path} {says}\n"


@pytest.mark.parametrize("length", [6, 20, 63, 64, 100, 500])
def test_a_library_cut_anywhere_is_told_so(tmp_path: Path, compile_library: Callable[[str], Path], length: int) -> None:
    path = tmp_path / "cut.so"
    path.write_bytes(compile_library("int x;").read_bytes()[:length])
    with pytest.raises(symbols.ElfError, match="truncated"):
        symbols.check(path)


@pytest.mark.parametrize(
    ("text", "says"), [("[fn.rt_x\n", "math.toml:"), ('[fn.rt_torch_x]\nsig = "(x: tensr) -> tensor"\n', "^^^^^")]
)
def test_broken_specs_are_told_as_the_generator_tells(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: Output, text: str, says: str
) -> None:
    for path in specs.SPECS.glob("*.toml"):
        (tmp_path / path.name).write_text(text if path.name == "math.toml" else path.read_text())
    monkeypatch.setattr(specs, "SPECS", tmp_path)
    assert main(["symbols"]) == 1
    error = capsys.readouterr().err
    assert "math.toml:1:" in error or "math.toml:2:" in error
    assert says in error and "Traceback" not in error


def test_a_damaged_lock_is_one_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: Output) -> None:
    path = tmp_path / "libtorch.lock"
    path.write_text("symbols = [")
    monkeypatch.setattr(lock, "LOCK", path)
    assert main(["lock", "--check"]) == 1
    assert capsys.readouterr().err.startswith("libtorch.lock is no valid TOML: ")
