"""A library whose end is missing is refused: opening it would kill the process."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from rt_torch import elf, loader
from rt_torch.errors import LoaderError


@pytest.fixture
def whole(library: str) -> bytes:
    content = Path(library).read_bytes()
    if not content.startswith(b"\x7fELF"):
        pytest.skip("the library is no ELF file")
    return content


def cuts(length: int) -> list[int]:
    """Places behind the headers, up to the last section's own header."""
    return [*range(4096, length - 64, 1024), length - 64]


def test_a_whole_library_is_none(library: str) -> None:
    assert not elf.is_truncated(library)


def test_an_end_that_is_missing(whole: bytes, tmp_path: Path) -> None:
    file = tmp_path / "librt_torch.so"
    for cut in [5, 40, 100, *cuts(len(whole))]:
        file.write_bytes(whole[:cut])
        assert elf.is_truncated(str(file)), cut


def test_an_end_of_zeros_as_a_download_that_was_cut_short_leaves_it(whole: bytes, tmp_path: Path) -> None:
    file = tmp_path / "librt_torch.so"
    for cut in cuts(len(whole)):
        file.write_bytes(whole[:cut].ljust(len(whole), b"\0"))
        assert elf.is_truncated(str(file)), cut


def test_what_is_no_library_is_not_judged(tmp_path: Path) -> None:
    file = tmp_path / "librt_torch.so"
    for content in (b"", b"no library", b"\x7fEL", bytes(100000)):
        file.write_bytes(content)
        assert not elf.is_truncated(str(file))
    assert not elf.is_truncated(str(tmp_path / "absent.so"))


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_whatever_this_process_has_opened_is_whole() -> None:
    lines = Path("/proc/self/maps").read_text(encoding="utf-8").splitlines()
    paths = {line.split(maxsplit=5)[-1] for line in lines if ".so" in line}
    assert paths
    assert [path for path in sorted(paths) if elf.is_truncated(path)] == []


def test_every_loader_refuses_it(loader_name: str, whole: bytes, tmp_path: Path) -> None:
    file = tmp_path / "librt_torch.so"
    file.write_bytes(whole[:20000].ljust(len(whole), b"\0"))
    with pytest.raises(LoaderError, match="is truncated: part of what its own headers tell of is missing"):
        loader.open_library(loader_name, str(file))


def test_doctor_tells(python: Any, whole: bytes, tmp_path: Path) -> None:
    file = tmp_path / "librt_torch.so"
    file.write_bytes(whole[:20000].ljust(len(whole), b"\0"))
    done = python("-m", "rt_torch", "doctor", RT_TORCH_LIBRARY=str(file))
    assert done.returncode == 1, done.stderr
    assert f"{file} is truncated" in done.stdout
