"""Files: opened with a word on what was expected there, and replaced as a whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import re
import stat
from collections.abc import Iterator
from typing import BinaryIO, NoReturn, TypeAlias

from rt_torch.errors import ArgumentTypeError, BadArgumentError
from rt_torch_bindings.arguments import shown

Path: TypeAlias = "str | os.PathLike[str]"

_NAME_KEPT = 48  # characters of a file's name in the temporary one's, which then fits wherever the file's own does


def path_text(where: str, path: Path) -> str:
    """A path argument as text.

    Args:
        where: What messages start with: "rt.data.read_idx: argument `path`".

    Raises:
        ArgumentTypeError: It is no path.
        BadArgumentError: It has a character that no path has.
    """
    try:
        text = os.fsdecode(path)
    except TypeError:
        raise ArgumentTypeError(f"{where}: a path is expected; given {shown(path)}") from None
    if "\0" in text:
        raise BadArgumentError(f"{where}: a path has no NUL character; given {shown(text)}")
    return text


def opened(path: str, expected: str) -> BinaryIO:
    """A regular file, to be read.

    Args:
        path: Where it is.
        expected: What it is to be, for messages: "an IDX file".

    Raises:
        OSError: There is none that can be read: FileNotFoundError, IsADirectoryError, PermissionError, ...
    """
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):  # opening a pipe would wait for somebody to write into it
            _refuse_special(path)
        return open(path, "rb")
    except OSError as error:
        raise type(error)(error.errno, f"{error.strerror}; {expected} is expected", path) from None


@contextlib.contextmanager
def replacing(path: str) -> Iterator[BinaryIO]:
    """A new file, to be written, which takes the place of `path` when the block ends.

    Until then nothing can be seen of it there: when the block fails, or the process is killed, or the power, the old
    file is as it was.  Of a killed process a file `.NAME.HEX.tmp` may remain, which the next one to write removes.

    Args:
        path: A symbolic link stays one; what it points to is replaced.

    Raises:
        OSError: The file cannot be written, or something stands there that is no regular file.
    """
    target = os.path.realpath(path)
    folder, name = os.path.split(target)
    try:
        mode = _mode(target)
        _sweep(folder, name)
        number, temporary = _temporary(folder, name)
        try:
            with open(number, "wb") as file:
                yield file
                file.flush()
                if mode is not None:
                    os.fchmod(number, mode)
                os.fsync(number)
                os.replace(temporary, target)
        except BaseException:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(temporary)
            raise
        _settle(folder)
    except OSError as error:
        if error.filename is None or os.path.dirname(error.filename) == folder:
            error.filename = path  # and not the temporary one
        raise


def _mode(target: str) -> int | None:
    """The permissions of the file that is to be replaced; None where there is none."""
    try:
        mode = os.stat(target).st_mode
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(mode):
        _refuse_special(target)
    return stat.S_IMODE(mode)


def _refuse_special(path: str) -> NoReturn:
    if os.path.isdir(path):
        raise IsADirectoryError(errno.EISDIR, "It is a folder", path)
    raise OSError(errno.EINVAL, "It is no regular file", path)


# Temporary files are locked by whoever writes them.  The system takes the lock away with the process, however that ends,
# so one that can be locked is nobody's any more.


def _temporary(folder: str, name: str) -> tuple[int, str]:
    """A new file, open and locked, beside the one that it will be."""
    while True:
        path = os.path.join(folder, f".{name[:_NAME_KEPT]}.{os.urandom(8).hex()}.tmp")
        number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
        try:
            if _locked(number) and _is_at(number, path):
                return number, path
        except OSError:  # a file system without locks: nobody will take it for a dead one
            return number, path
        os.close(number)  # somebody swept it away before it was locked


def _locked(number: int) -> bool:
    try:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _is_at(number: int, path: str) -> bool:
    try:
        return os.path.samestat(os.fstat(number), os.stat(path))
    except FileNotFoundError:
        return False


def _sweep(folder: str, name: str) -> None:
    """Remove the temporary files that killed processes left."""
    pattern = re.compile(rf"\.{re.escape(name[:_NAME_KEPT])}\.[0-9a-f]{{16}}\.tmp")
    with contextlib.suppress(OSError):  # it is no harm when they stay
        for found in filter(pattern.fullmatch, os.listdir(folder)):
            path = os.path.join(folder, found)
            number = os.open(path, os.O_WRONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
            try:
                if _locked(number):
                    os.unlink(path)
            finally:
                os.close(number)


def _settle(folder: str) -> None:
    """Have the folder's new entry on the disk."""
    number = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(number)
    except OSError as error:
        if error.errno != errno.EINVAL:  # a file system that has no such thing
            raise
    finally:
        os.close(number)
