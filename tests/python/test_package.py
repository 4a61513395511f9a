"""Importing the package: quick, lazy, and fine where nothing is installed."""

from __future__ import annotations

import ast
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import rt_torch
from rt_torch import errors
from tests.python.conftest import ROOT

LOADS_NOTHING = """
import sys
before = set(sys.modules)
import rt_torch
new = set(sys.modules) - before
assert not {name for name in new if name.split('.')[0] in ('ctypes', 'cffi', '_cffi_backend', 'torch', 'numpy')}, new
assert {name for name in new if name.startswith('rt_torch')} == {'rt_torch'}, new
import rt_torch.native, rt_torch.torch_ffi
maps = open('/proc/self/maps').read() if sys.platform == 'linux' else ''
assert 'librt_torch' not in maps and 'libtorch' not in maps
assert not {'cffi', '_cffi_backend', 'torch'} & set(sys.modules)
"""


def test_import_loads_nothing(python: Any) -> None:
    done = python("-c", LOADS_NOTHING)
    assert done.returncode == 0, done.stderr


def test_every_public_name_is_there() -> None:
    for name in rt_torch.__all__:
        assert getattr(rt_torch, name) is not None
    assert set(rt_torch.__all__) <= set(dir(rt_torch))
    assert set(errors.__all__) < set(rt_torch.__all__)
    everything: dict[str, Any] = {}
    exec("from rt_torch import *", everything)
    assert set(rt_torch.__all__) <= set(everything)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = rt_torch.nothing


def names_for_type_checkers(tree: ast.Module) -> set[str]:
    """What a type checker finds among a module's imports that are for it alone, and each `*` among them.

    mypy takes an `__all__` that is a list, and neither adds another module's to it nor follows that one's `*`.
    """
    (block,) = [node for node in tree.body if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)]
    imports = [node for node in block.body if isinstance(node, ast.ImportFrom)]
    found = {name.asname or name.name for node in imports for name in node.names} - {"*"}
    for node in imports:
        if node.names[0].name == "*" and node.module:
            origin = importlib.util.find_spec(node.module).origin  # type: ignore[union-attr]  # it is imported
            found |= listed_names(ast.parse(Path(str(origin)).read_text(encoding="utf-8")))
    return found


def listed_names(tree: ast.Module) -> set[str]:
    """The names of `__all__ = [...]`."""
    (names,) = [
        node.value for node in tree.body if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__"
    ]
    return set(ast.literal_eval(names))


def test_type_checkers_know_every_public_name() -> None:
    """One that they do not find is Any to them, and nothing that is done with it is checked."""
    tree = ast.parse(Path(str(rt_torch.__file__)).read_text(encoding="utf-8"))
    assert set(rt_torch.__all__) - {"__version__"} <= names_for_type_checkers(tree)


def test_docstring_lists_the_exceptions() -> None:
    assert rt_torch.__doc__ and all(name in rt_torch.__doc__ for name in errors.__all__)


def test_version_is_that_of_the_project() -> None:
    text = (ROOT / "pyproject.toml").read_text()
    found = re.search(r'^version = "(.*)"$', text, re.MULTILINE)
    assert found and found[1] == rt_torch.__version__


def test_without_the_library_a_call_says_what_to_install(python: Any) -> None:
    code = "from rt_torch import native\nnative.add(1, 2)"
    done = python("-c", code, RT_TORCH_LIBRARY="none")
    assert done.returncode == 1
    assert "LibraryMissingError: RT_TORCH_LIBRARY=none: the C library is switched off" in done.stderr
    code = (
        "from rt_torch import loader, native\n"
        "loader.FILE = 'librt_torch_absent.so'\n"
        "try:\n    native.zeros([1], 'f64', 'cpu')\n"
        "except ImportError as error:\n    print(error)\n"
    )
    done = python("-c", code)
    assert "build it with `make lib`" in done.stdout
    assert "only what is written in Python works" in done.stdout


def test_without_the_library_nothing_is_available(python: Any) -> None:
    code = (
        "from rt_torch import torch_ffi\n"
        "print(torch_ffi.torch_available(), torch_ffi.torch_cuda_available())\n"
        "torch_ffi.torch_version()\n"
    )
    done = python("-c", code, RT_TORCH_LIBRARY="none")
    assert done.stdout == "False False\n"
    assert "LibraryMissingError" in done.stderr


def test_import_errors_have_their_message() -> None:
    for kind in (rt_torch.LibraryMissingError, rt_torch.LoaderError):
        error = kind("no library")
        assert (str(error), error.msg) == ("no library", "no library")


def test_a_library_that_cannot_be_built_is_told(tmp_path: Path) -> None:
    pytest.importorskip("scikit_build_core", reason="nothing builds the package here")
    for name in ("pyproject.toml", "CMakeLists.txt", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, tmp_path)
    for name in ("rt_torch", "generated", "native"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    with (tmp_path / "native" / "core" / "call.c").open("a") as file:
        file.write("#error this does not compile\n")
    code = "from scikit_build_core.build import build_wheel; build_wheel('dist')"
    folders = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    environment = os.environ | {"PATH": folders, "NO_COLOR": "1"}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "The C library could not be built" in done.stdout
    assert [wheel.name.endswith("-none-any.whl") for wheel in (tmp_path / "dist").iterdir()] == [True]
