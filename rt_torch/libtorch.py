"""Which libtorch is used: the one of the installed torch, found without importing it.

A process can hold one libtorch only, and Python's torch works with no other than its own.  So a different one is
refused, whether RT_TORCH_LIBTORCH names it or `load`, unless RT_TORCH_FORCE=1 or `force=True` says that torch is not
going to be imported.
"""

from __future__ import annotations

import importlib.util
import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

from rt_torch.errors import LibtorchMismatchError

if TYPE_CHECKING:
    from rt_torch_bindings.raw import Raw

SONAME = "libtorch_cpu.so"


@dataclass(frozen=True)
class Installed:
    """The torch that `import torch` gives, or would give."""

    version: str  # "2.13.0+cpu"; "" when it cannot be told
    library: str  # ".../torch/lib/libtorch_cpu.so"
    imported: bool


def installed() -> Installed | None:
    """The installed torch, when it has a libtorch of its own; torch is not imported."""
    module = sys.modules.get("torch")
    origin = getattr(module, "__file__", None)
    if origin is None:
        try:
            spec = importlib.util.find_spec("torch")
        except (ImportError, ValueError):
            return None
        origin = spec.origin if spec is not None else None
    if origin is None:
        return None
    folder = Path(origin).parent
    library = folder / "lib" / SONAME
    if not library.is_file():
        return None
    return Installed(_version(folder), str(library), module is not None)


def _version(folder: Path) -> str:
    """What torch/version.py says."""
    try:
        text = (folder / "version.py").read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""
    found = re.search(r"""^__version__\s*(?::[^=]*)?=\s*['"]([^'"]+)['"]""", text, re.MULTILINE)
    return found[1] if found else ""


def version_of(library: str) -> str:
    """Version of a libtorch in a torch's folder; "" when it cannot be told."""
    return _version(Path(library).parent.parent)


def file_of(path: str | os.PathLike[str]) -> str:
    """The library's file, where `path` may be the folder that holds it."""
    text = os.fspath(path)
    return os.path.join(text, SONAME) if os.path.isdir(text) else text


def forced() -> bool:
    return os.environ.get("RT_TORCH_FORCE", "") not in ("", "0")


def mismatch(path: str | os.PathLike[str], otherwise: str = "Leave the path out") -> str:
    """Why `path` must not be loaded beside the installed torch; "" when it may.  `otherwise` leads to the right one."""
    there = installed()
    if there is None:
        return ""
    asked = file_of(path)
    if not os.path.exists(asked):
        return ""  # what opens it says so
    if os.path.realpath(asked) == os.path.realpath(there.library):
        return ""
    remedy = f"{otherwise} to use the installed torch's"
    if os.path.dirname(os.path.realpath(asked)) == os.path.dirname(os.path.realpath(there.library)):
        return f"{asked} is not the file that is meant, which is {there.library} beside it. {remedy}, or name that file"
    return (
        f"{asked}{_in_brackets(version_of(asked))} is not the libtorch of the installed torch, which is "
        f"{there.library}{_in_brackets(there.version)}: torch cannot be imported in a process that holds another one. "
        f"{remedy}, uninstall torch, or set RT_TORCH_FORCE=1 (or pass force=True) if this process never imports torch"
    )


def _in_brackets(version: str) -> str:
    return f" (version {version})" if version else ""


def refuse_mismatch(path: str | os.PathLike[str], *, force: bool = False) -> None:
    problem = "" if force or forced() else mismatch(path)
    if problem:
        raise LibtorchMismatchError(problem, "rt_torch_load")


def load(path: str | os.PathLike[str] | None = None, *, force: bool = False) -> str:
    """Open libtorch now; the file it was loaded from.

    Without a path: RT_TORCH_LIBTORCH, a libtorch that the process holds, the installed torch's, the system's.
    """
    import rt_torch.native  # noqa: F401  (it tells the functions how to find the C library)
    from rt_torch_bindings import functions

    text = None if path is None else _path_text(path)
    if text is not None:
        refuse_mismatch(text, force=force)
    functions.load(text)
    return functions.libtorch_path()


def _path_text(path: object) -> str:
    """A path as the C library can be given it."""
    from rt_torch_bindings import arguments

    text = os.fspath(path) if isinstance(path, os.PathLike) else path
    return str(arguments.checked("rt_torch_load", text)[0])


def prepare(raw: Raw) -> Raw:
    """Tell a library that was just opened where the installed torch's libtorch is, and keep it from loading another."""
    there = installed()
    if there is not None and "suggest_path" not in raw.missing:
        raw.suggest_path(os.fsencode(there.library))
    named = os.environ.get("RT_TORCH_LIBTORCH")
    problem = mismatch(named, "Unset RT_TORCH_LIBTORCH") if named and not forced() else ""
    return _kept_from_loading(raw, problem) if problem else raw


def _kept_from_loading(raw: Raw, problem: str) -> Raw:
    """The library where RT_TORCH_LIBTORCH is refused: questions are answered no, and what needs libtorch raises.

    Naming a libtorch that is none of the refused ones ends that.
    """
    from rt_torch_bindings import functions
    from rt_torch_bindings.raw import INDEPENDENT, NAMES, QUESTIONS

    kept = SimpleNamespace(**vars(raw))

    def refuse(*arguments: object) -> Any:
        raise LibtorchMismatchError(f"RT_TORCH_LIBTORCH is refused: {problem}", "rt_torch_load")

    def load(path: Any) -> int:
        if path == raw.memory.null:
            refuse()
        code = raw.load(path)
        if code == 0:
            functions.use(raw)
            vars(kept).update(vars(raw))
        return code

    there = {NAMES[name].encode() for name in INDEPENDENT - raw.missing}
    for name in NAMES:
        if name in QUESTIONS:
            setattr(kept, name, lambda *asked: int(bool(asked) and asked[0] in there))
        elif name not in INDEPENDENT:
            setattr(kept, name, refuse)
    kept.load = load
    return cast("Raw", kept)
