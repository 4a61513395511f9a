"""Which library and which loader are taken: the best one that works, or the one that is forced."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from rt_torch import loader
from rt_torch.errors import LibraryMissingError, LoaderError

SHOW = "from rt_torch import loader; print(loader.opened().loader)"
HIDE_CFFI = "import sys; sys.modules['_cffi_backend'] = None\n"
HIDE_EXTENSION = "from rt_torch import loader; loader.find_extension = lambda *_: None\n"


def test_best_one_is_taken(python: Any, stand_in_file: str) -> None:
    expected = next(choice.name for choice in loader.choices() if not choice.problem)
    assert python("-c", SHOW, RT_TORCH_LIBRARY=stand_in_file).stdout.strip() == expected
    assert python("-c", HIDE_CFFI + SHOW, RT_TORCH_LIBRARY=stand_in_file).stdout.strip() == "ctypes"


def test_cffi_without_its_extension(python: Any, stand_in_file: str) -> None:
    expected = "ctypes" if loader.problem("cffi") else "cffi"
    assert python("-c", HIDE_EXTENSION + SHOW, RT_TORCH_LIBRARY=stand_in_file).stdout.strip() == expected


def test_forced_one_is_taken(python: Any, stand_in_file: str, loader_name: str) -> None:
    done = python("-c", SHOW, RT_TORCH_LIBRARY=stand_in_file, RT_TORCH_LOADER=loader_name)
    assert done.stdout.strip() == loader_name


@pytest.mark.parametrize(
    ("name", "hide", "text"),
    [
        ("cffi", HIDE_CFFI, "the cffi loader cannot be used: the cffi package is not installed"),
        ("cffi-api", HIDE_CFFI, "the cffi-api loader cannot be used: the cffi package is not installed"),
        ("cffi-api", HIDE_EXTENSION, "the cffi-api loader cannot be used: "),
        ("cffy", "", "RT_TORCH_LOADER=cffy: there is no such loader, only cffi-api, cffi, ctypes"),
    ],
)
def test_forced_one_that_cannot_load(python: Any, stand_in_file: str, name: str, hide: str, text: str) -> None:
    done = python("-c", hide + SHOW, RT_TORCH_LIBRARY=stand_in_file, RT_TORCH_LOADER=name)
    assert done.returncode == 1
    assert "LoaderError" in done.stderr and text in done.stderr


def test_library_that_cannot_be_opened(python: Any, tmp_path: Path) -> None:
    file = tmp_path / "librt_torch.so"
    file.write_text("no library")
    done = python("-c", "from rt_torch import native; native.live_handles()", RT_TORCH_LIBRARY=str(file))
    assert done.returncode == 1
    assert f"LoaderError: the ctypes loader cannot open {file}" in done.stderr or "; the ctypes loader" in done.stderr


def test_library_variable(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("RT_TORCH_LIBRARY", str(tmp_path / "absent.so"))
    with pytest.raises(LibraryMissingError, match=r"RT_TORCH_LIBRARY=.*absent\.so: no such file"):
        loader.find_library()
    (tmp_path / "absent.so").touch()
    assert loader.find_library() == str(tmp_path / "absent.so")
    monkeypatch.setenv("RT_TORCH_LIBRARY", "none")
    with pytest.raises(LibraryMissingError, match="switched off"):
        loader.find_library()


def test_forced_name_is_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RT_TORCH_LOADER", "")
    assert loader.forced_loader() is None
    monkeypatch.setenv("RT_TORCH_LOADER", "CTYPES")
    with pytest.raises(LoaderError, match="only cffi-api, cffi, ctypes"):
        loader.forced_loader()


def test_a_switched_off_loader_is_passed_over(monkeypatch: pytest.MonkeyPatch, stand_in_file: str) -> None:
    monkeypatch.setattr(loader, "problem", lambda name, *_: "" if name == "ctypes" else "not here")
    monkeypatch.delenv("RT_TORCH_LOADER", raising=False)
    assert loader.best(stand_in_file).loader == "ctypes"
