"""A file is replaced whole or not at all, whatever happens meanwhile."""

from __future__ import annotations

import errno
import os
import random
import signal
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import rt_torch as rt
from rt_torch import _file
from rt_torch.safetensors import load_file, save_file, writing

ROOT = Path(__file__).resolve().parent.parent.parent

OLD = {"x": rt.tensor([1.0, 2.0, 3.0])}
NEW = {"x": rt.zeros([2000, 1000]), "y": rt.ones([3])}  # 16 MB


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """An old file."""
    save_file(OLD, tmp_path / "model.safetensors", {"epoch": "1"})
    return tmp_path / "model.safetensors"


def files(path: Path) -> list[str]:
    return sorted(os.listdir(path.parent))


def has_old(path: Path) -> bool:
    return load_file(path)["x"].tolist() == [1, 2, 3]


def has_new(path: Path) -> bool:
    read = load_file(path)
    return read["x"].shape == (2000, 1000) and read["y"].tolist() == [1, 1, 1]


# Killed.

# Saves the new file, in parts of a megabyte, and kills itself at a point.
KILLED = """
import os, signal, sys
import rt_torch as rt
from rt_torch.safetensors import writing

path, point, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
writing._AT_ONCE = 1 << 20

def counted(function):
    calls = 0
    def call(*arguments):
        nonlocal calls
        calls += 1
        if calls == count:
            os.kill(os.getpid(), signal.SIGKILL)
        return function(*arguments)
    return call

if point == "write":
    parts = writing._parts
    def dying(*arguments):
        for place, part in enumerate(parts(*arguments), 1):
            yield part
            if place == count:
                os.kill(os.getpid(), signal.SIGKILL)
    writing._parts = dying
else:
    setattr(os, point, counted(getattr(os, point)))
rt.safetensors.save_file({"x": rt.zeros([2000, 1000]), "y": rt.ones([3])}, path)
"""


def child(code: str, *arguments: object) -> subprocess.Popen[bytes]:
    paths = os.pathsep.join([str(ROOT), str(ROOT / "generated" / "python")])
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)], env={"PYTHONPATH": paths}, stderr=subprocess.PIPE
    )


def finished(process: subprocess.Popen[bytes]) -> int:
    _, errors = process.communicate(timeout=120)
    assert errors == b""
    return process.returncode


@pytest.mark.parametrize(
    ("point", "count"), [("write", 1), ("write", 2), ("write", 9), ("write", 17), ("fsync", 1), ("replace", 1)]
)
def test_killed_before_the_end(point: str, count: int, path: Path) -> None:
    before = path.read_bytes()
    assert finished(child(KILLED, path, point, count)) == -signal.SIGKILL
    assert path.read_bytes() == before
    (left,) = [name for name in files(path) if name != path.name]
    assert left.startswith(".model.safetensors.") and left.endswith(".tmp")
    save_file(NEW, path)
    assert has_new(path)
    assert files(path) == [path.name]  # what was left is swept away


def test_killed_behind_the_replacement(path: Path) -> None:
    assert finished(child(KILLED, path, "fsync", 2)) == -signal.SIGKILL
    assert has_new(path)
    assert files(path) == [path.name]


def test_killed_with_no_old_file(tmp_path: Path) -> None:
    assert finished(child(KILLED, tmp_path / "x", "write", 5)) == -signal.SIGKILL
    assert not (tmp_path / "x").exists()


SAVES = """
import sys
import rt_torch as rt
for number in range(1_000_000):
    rt.safetensors.save_file({"x": rt.full([500_000], float(number))}, sys.argv[1])
"""


def test_killed_at_any_time(path: Path) -> None:
    """What is there is always one whole file."""
    chance = random.Random(1)
    for _ in range(5):
        process = child(SAVES, path)
        before = path.stat().st_ino
        while path.stat().st_ino == before:
            time.sleep(0.005)
        time.sleep(chance.uniform(0, 0.1))
        process.kill()
        finished(process)
        x = load_file(path)["x"]
        assert x.shape == (500_000,)
        assert x.min().item() == x.max().item()
        assert len(files(path)) <= 2


# Interrupted.


@pytest.fixture
def interrupting(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Sends a signal after the first part is written."""
    parts = writing._parts

    def interrupted(*arguments: Any) -> Iterator[Any]:
        for part in parts(*arguments):
            yield part
            signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(writing, "_parts", interrupted)


def test_ctrl_c_leaves_the_old_file(path: Path, interrupting: Any) -> None:
    before = path.read_bytes()
    with pytest.raises(KeyboardInterrupt):
        save_file(NEW, path)
    assert path.read_bytes() == before
    assert files(path) == [path.name]


def test_ctrl_c_leaves_nothing_where_nothing_was(tmp_path: Path, interrupting: Any) -> None:
    with pytest.raises(KeyboardInterrupt):
        save_file(NEW, tmp_path / "x")
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("function", ["fsync", "replace"])
def test_what_the_system_refuses_leaves_the_old_file(
    function: str, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, function, refuse)
    with pytest.raises(OSError, match="No space left on device") as caught:
        save_file(NEW, path)
    monkeypatch.undo()
    assert caught.value.filename == str(path)
    assert has_old(path)
    assert files(path) == [path.name]


FULL = """
import resource, sys
import rt_torch as rt
resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))
try:
    rt.safetensors.save_file({"x": rt.zeros([2000, 1000])}, sys.argv[1])
except OSError as error:
    sys.exit(f"{error}" if error.filename != sys.argv[1] else 7)
"""


def test_no_room(path: Path) -> None:
    assert finished(child(FULL, path)) == 7
    assert has_old(path)
    assert files(path) == [path.name]


def test_the_disk_has_it_before_the_name_does(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Elements first, then the name, then the folder: in another order a power failure could lose both files."""
    calls = []
    fsync, replace = os.fsync, os.replace

    def synced(number: int) -> None:
        calls.append("folder" if stat.S_ISDIR(os.fstat(number).st_mode) else f"file of {os.fstat(number).st_size}")
        fsync(number)

    def replaced(source: str, target: str) -> None:
        calls.append("name")
        replace(source, target)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(os, "replace", replaced)
    save_file(OLD, path)
    assert calls == [f"file of {path.stat().st_size}", "name", "folder"]


# At the same time.


def test_two_that_save_at_once(path: Path) -> None:
    """One of them wins, and neither takes the other's unfinished file for a dead one's."""
    problems: list[BaseException] = []

    def save(number: int) -> None:
        try:
            for _ in range(20):
                save_file({"x": rt.full([10_000], float(number))}, path)
        except BaseException as error:
            problems.append(error)

    threads = [threading.Thread(target=save, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        x = load_file(path)["x"]
        assert x.min().item() == x.max().item() or x.shape == (3,)
    for thread in threads:
        thread.join()
    assert problems == []
    assert files(path) == [path.name]


def test_only_files_of_the_dead_are_swept_away(path: Path) -> None:
    mine = path.parent / f".{path.name}.0123456789abcdef.tmp"
    others = [".model.safetensors.tmp", ".other.0123456789abcdef.tmp", "model.safetensors.0123456789abcdef.tmp"]
    for name in (mine.name, *others):
        (path.parent / name).write_bytes(b"x")
    with mine.open("wb") as held:
        assert _file._locked(held.fileno())
        save_file(OLD, path)
        assert mine.exists()
    save_file(OLD, path)
    assert files(path) == sorted([path.name, *others])


# What it takes the place of.


def test_permissions_are_those_of_the_old_file_or_usual_ones(path: Path) -> None:
    path.chmod(0o640)
    save_file(NEW, path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    old = os.umask(0o027)
    try:
        save_file(OLD, path.parent / "new")
    finally:
        os.umask(old)
    assert stat.S_IMODE((path.parent / "new").stat().st_mode) == 0o640


def test_a_link_stays_one(path: Path, tmp_path: Path) -> None:
    (tmp_path / "links").mkdir()
    link = tmp_path / "links" / "latest"
    link.symlink_to(path)
    save_file(NEW, link)
    assert link.is_symlink()
    assert has_new(path)
    assert os.listdir(tmp_path / "links") == ["latest"]


def test_a_path_beside_the_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    save_file(OLD, "x")
    assert load_file("x")["x"].tolist() == [1, 2, 3]


def test_a_name_as_long_as_names_can_be(tmp_path: Path) -> None:
    for name in ("x" * 255, "ü" * 127, "😀" * 63):
        save_file(OLD, tmp_path / name)
        assert has_old(tmp_path / name)


def test_what_is_no_file_is_not_replaced(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OSError, match="It is no regular file"):
        save_file(OLD, tmp_path / "pipe")
    with pytest.raises(IsADirectoryError) as caught:
        save_file(OLD, tmp_path)
    assert caught.value.filename == str(tmp_path)
    with pytest.raises(OSError, match="It is no regular file"):
        save_file(OLD, "/dev/null")
    assert os.listdir(tmp_path) == ["pipe"]


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError) as caught:
        save_file(OLD, tmp_path / "none" / "x")
    assert caught.value.filename == str(tmp_path / "none" / "x")


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write everywhere")
def test_a_folder_that_may_not_be_written_to(path: Path) -> None:
    path.parent.chmod(0o500)
    try:
        with pytest.raises(PermissionError):
            save_file(NEW, path)
        assert has_old(path)
    finally:
        path.parent.chmod(0o700)
