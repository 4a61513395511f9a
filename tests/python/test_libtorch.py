"""Which libtorch is used: the installed torch's, found without importing it; another one is refused unless forced."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from rt_torch import libtorch, native
from rt_torch.errors import ArgumentTypeError, BadArgumentError, LibtorchMismatchError
from rt_torch_bindings.raw import INDEPENDENT, QUESTIONS

INSTALLED = """
import json, sys
from rt_torch import libtorch
there = libtorch.installed()
print(json.dumps(there and [there.version, there.library, there.imported, 'torch' in sys.modules]))
"""


def test_installed_torch_is_found_without_importing_it(python: Any, fake_torch: Path) -> None:
    done = python("-c", INSTALLED, PYTHONPATH=str(fake_torch))
    assert json.loads(done.stdout) == ["2.99.1", str(fake_torch / "torch/lib/libtorch_cpu.so"), False, False]


def test_torch_that_is_imported_counts(python: Any, fake_torch: Path, tmp_path: Path) -> None:
    code = (
        "import sys, types\n"
        f"torch = types.ModuleType('torch'); torch.__file__ = {str(fake_torch / 'torch/__init__.py')!r}\n"
        "sys.modules['torch'] = torch\n" + INSTALLED
    )
    done = python("-c", code)
    assert json.loads(done.stdout)[1:3] == [str(fake_torch / "torch/lib/libtorch_cpu.so"), True]


def test_torch_without_a_libtorch_is_none(python: Any, fake_torch: Path) -> None:
    (fake_torch / "torch/lib/libtorch_cpu.so").unlink()
    assert json.loads(python("-c", INSTALLED, PYTHONPATH=str(fake_torch)).stdout) is None
    assert json.loads(python("-c", "import sys; sys.modules['torch'] = None\n" + INSTALLED).stdout) is None


@pytest.fixture
def there(monkeypatch: pytest.MonkeyPatch, fake_torch: Path) -> libtorch.Installed:
    found = libtorch.Installed("2.99.1", str(fake_torch / "torch/lib/libtorch_cpu.so"), False)
    monkeypatch.setattr(libtorch, "installed", lambda: found)
    monkeypatch.delenv("RT_TORCH_FORCE", raising=False)
    return found


def another(tmp_path: Path) -> Path:
    folder = tmp_path / "another" / "torch"
    (folder / "lib").mkdir(parents=True)
    (folder / "version.py").write_text('__version__: str = "2.10.0"\n')
    (folder / "lib" / "libtorch_cpu.so").touch()
    return folder / "lib"


def test_another_libtorch_is_refused(there: libtorch.Installed, tmp_path: Path) -> None:
    other = another(tmp_path)
    with pytest.raises(LibtorchMismatchError) as caught:
        libtorch.refuse_mismatch(other)
    text = str(caught.value)
    assert f"{other}/libtorch_cpu.so (version 2.10.0) is not the libtorch of the installed torch" in text
    assert f"{there.library} (version 2.99.1)" in text
    assert "RT_TORCH_FORCE=1" in text and "force=True" in text


def test_the_same_libtorch_is_not(there: libtorch.Installed, tmp_path: Path) -> None:
    link = tmp_path / "link.so"
    link.symlink_to(there.library)
    for path in (there.library, str(Path(there.library).parent), link):
        libtorch.refuse_mismatch(path)


def test_the_file_beside_it_is_not_what_is_meant(there: libtorch.Installed) -> None:
    beside = Path(there.library).with_name("libtorch.so")
    beside.touch()
    text = libtorch.mismatch(beside, "Unset RT_TORCH_LIBTORCH")
    assert f"{beside} is not the file that is meant, which is {there.library} beside it" in text
    assert "Unset RT_TORCH_LIBTORCH to use the installed torch's, or name that file" in text


def test_force(there: libtorch.Installed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = another(tmp_path)
    libtorch.refuse_mismatch(other, force=True)
    monkeypatch.setenv("RT_TORCH_FORCE", "1")
    libtorch.refuse_mismatch(other)
    monkeypatch.setenv("RT_TORCH_FORCE", "0")
    with pytest.raises(LibtorchMismatchError):
        libtorch.refuse_mismatch(other)


def test_nothing_is_refused_without_torch(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(libtorch, "installed", lambda: None)
    assert libtorch.mismatch(tmp_path) == ""


def test_variable_and_argument_are_both_checked(python: Any, fake_torch: Path, tmp_path: Path, library: str) -> None:
    other = str(another(tmp_path))
    code = "from rt_torch import native\nnative.zeros([1], 'f64', 'cpu')"
    done = python("-c", code, PYTHONPATH=str(fake_torch), RT_TORCH_LIBTORCH=other, RT_TORCH_LIBRARY=library)
    assert "LibtorchMismatchError" in done.stderr and other in done.stderr
    code = f"from rt_torch import native\nnative.load({other!r})"
    done = python("-c", code, PYTHONPATH=str(fake_torch), RT_TORCH_LIBRARY=library)
    assert "LibtorchMismatchError" in done.stderr
    code = f"from rt_torch import native\nnative.load({other!r}, force=True)"
    done = python("-c", code, PYTHONPATH=str(fake_torch), RT_TORCH_LIBRARY=library)
    assert "NoUpstreamError" in done.stderr and other in done.stderr


REFUSED = """
from rt_torch import LibtorchMismatchError, native
print(native.abi_version() > 0, native.live_handles(), native.last_error() == "", native.last_error_code())
print(native.available(), native.function_available("rt_torch_add"), native.cuda_available(), native.wrap_copies())
print(native.released(), native.function_available("rt_torch_free"))
for call in (
    lambda: native.zeros([1], "f64", "cpu"), lambda: native.relu(1), lambda: native.shape(1), native.load, native.version
):
    try:
        call()
    except LibtorchMismatchError as error:
        print(error)
print("libtorch_cpu" in open("/proc/self/maps").read())
"""


def test_refused_variable_leaves_the_rest_alone(
    python: Any, fake_torch: Path, tmp_path: Path, library: str, loader_name: str
) -> None:
    """The refused file is never opened; what needs no libtorch works, and what does says the cause."""
    other = str(another(tmp_path))
    named = {"RT_TORCH_LIBTORCH": other, "RT_TORCH_LIBRARY": library, "RT_TORCH_LOADER": loader_name}
    done = python("-c", REFUSED, PYTHONPATH=str(fake_torch), **named)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[:3] == ["True 0 True 0", "False False False False", "[] True"]
    assert lines[8:] == ["False"] and len(set(lines[3:8])) == 1
    assert lines[3].startswith(f"RT_TORCH_LIBTORCH is refused: {other}/libtorch_cpu.so (version 2.10.0) is not")
    assert "set RT_TORCH_FORCE=1" in lines[3] and "Unset RT_TORCH_LIBTORCH" in lines[3]


def test_functions_that_the_refusal_leaves_alone() -> None:
    assert {"abi_version", "free", "last_error", "live_handles", "released", "suggest_path"} <= INDEPENDENT
    assert {"available", "function_available"} <= QUESTIONS
    assert not INDEPENDENT & QUESTIONS and not (INDEPENDENT | QUESTIONS) & {"add", "shape", "zeros", "version"}


def test_naming_the_right_one_ends_the_refusal(python: Any, tmp_path: Path, library: str, loader_name: str) -> None:
    there = libtorch.installed()
    if there is None:
        pytest.skip("no torch is installed")
    code = (
        "from rt_torch import LibtorchMismatchError, native\n"
        "try:\n    native.load()\nexcept LibtorchMismatchError:\n    pass\n"
        f"native.load({there.library!r})\n"
        "native.free(native.zeros([1], 'f64', 'cpu')); print(native.available())\n"
    )
    named = {"RT_TORCH_LIBTORCH": str(another(tmp_path)), "RT_TORCH_LIBRARY": library, "RT_TORCH_LOADER": loader_name}
    done = python("-c", code, **named)
    assert done.stdout == "True\n", done.stderr


def test_variable_that_names_no_file(python: Any, fake_torch: Path, library: str) -> None:
    code = (
        "from rt_torch import native\nprint(native.available(), native.live_handles())\nnative.zeros([1], 'f64', 'cpu')"
    )
    done = python(
        "-c", code, PYTHONPATH=str(fake_torch), RT_TORCH_LIBTORCH="/nowhere/libtorch_cpu.so", RT_TORCH_LIBRARY=library
    )
    assert done.stdout == "False 0\n"
    assert "NoUpstreamError" in done.stderr and 'there is no file or folder "/nowhere/libtorch_cpu.so"' in done.stderr


BAD_PATHS = {
    "number": (3, ArgumentTypeError, "rt_torch_load: argument `path`: a string is expected; given 3 (int)"),
    "bytes": (b"/x", ArgumentTypeError, "`path`: a string is expected; given b'/x' (bytes)"),
    "NUL": ("/x\0y", BadArgumentError, "`path`: embedded NUL"),
    "surrogate": ("/x\ud800", BadArgumentError, "`path`: the string has a lone surrogate"),
}


@pytest.mark.parametrize("name", BAD_PATHS)
def test_path_that_is_no_path(name: str) -> None:
    path, kind, text = BAD_PATHS[name]
    with pytest.raises(kind) as caught:
        native.load(path)
    assert text in str(caught.value)


BAD_FILES = {
    "absent": lambda path: None,
    "text": lambda path: path.write_text("no library\n"),
    "empty": lambda path: path.touch(),
    "folder": lambda path: path.mkdir(),
}


@pytest.mark.parametrize("kind", BAD_FILES)
def test_path_that_is_no_libtorch(python: Any, library: str, tmp_path: Path, loader_name: str, kind: str) -> None:
    path = tmp_path / "libtorch_cpu.so"
    BAD_FILES[kind](path)
    refuse(python, library, loader_name, str(path))


def test_library_that_is_no_libtorch(python: Any, library: str, loader_name: str, stand_in_file: str) -> None:
    refuse(python, library, loader_name, stand_in_file)


def test_truncated_libtorch(python: Any, library: str, loader_name: str, tmp_path: Path) -> None:
    there = libtorch.installed()
    if there is None:
        pytest.skip("no torch is installed")
    size = Path(there.library).stat().st_size
    path = tmp_path / "libtorch_cpu.so"
    with Path(there.library).open("rb") as whole, path.open("wb") as part:
        part.write(whole.read(size // 100))
        part.truncate(size // 3)  # sparse: what matters is where the file ends
    refuse(python, library, loader_name, str(path))


def refuse(python: Any, library: str, loader_name: str, path: str) -> None:
    """Loading `path` is an error that names it; the process lives on and nothing is left behind."""
    code = (
        "from rt_torch import NoUpstreamError, native\n"
        "for attempt in range(2):\n"
        "    try:\n"
        f"        native.load({path!r}, force=True)\n"
        "    except NoUpstreamError as error:\n"
        "        print(error)\n"
        "print(native.live_handles(), native.last_error_code())\n"
    )
    done = python("-c", code, RT_TORCH_LIBRARY=library, RT_TORCH_LOADER=loader_name)
    assert done.returncode == 0, done.stderr
    first, second, state = done.stdout.splitlines()
    assert first == second and path in first
    assert state == "0 3"
