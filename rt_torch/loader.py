"""Which shared library is opened, and through which of the three loaders.

Environment:

    RT_TORCH_LIBRARY   file of the C library; "none" to do as if there were none
    RT_TORCH_LOADER    "cffi-api", "cffi" or "ctypes"; otherwise the first of these that works
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import sysconfig
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rt_torch import elf
from rt_torch.errors import LibraryMissingError, LoaderError

if TYPE_CHECKING:
    from rt_torch_bindings.raw import Raw

FILE = "librt_torch.so"
LOADERS = ("cffi-api", "cffi", "ctypes")  # the fastest first

_MODULES = {"cffi-api": "cffi_api_loader", "cffi": "cffi_abi_loader", "ctypes": "ctypes_loader"}
_INSTALL = "pip install --force-reinstall --no-cache-dir rt-torch"

_lock = threading.RLock()
_opened: Raw | None = None


@dataclass(frozen=True)
class Bindings:
    """The generated package for one of the libraries that are in the file."""

    package: str  # "rt_torch_bindings"
    extension: str  # "_rt_torch_cffi"


TORCH = Bindings("rt_torch_bindings", "_rt_torch_cffi")
CUDA = Bindings("rt_cuda_bindings", "_rt_cuda_cffi")


@dataclass(frozen=True)
class Candidate:
    """A place where the C library may be."""

    path: str
    why: str  # "beside the package"
    found: bool


@dataclass(frozen=True)
class Choice:
    """One loader, and what came of it."""

    name: str  # "cffi"
    problem: str  # why it cannot be used; "" when it can


def forced_loader() -> str | None:
    """What RT_TORCH_LOADER says."""
    name = os.environ.get("RT_TORCH_LOADER") or None
    if name is not None and name not in LOADERS:
        raise LoaderError(f"RT_TORCH_LOADER={name}: there is no such loader, only {', '.join(LOADERS)}")
    return name


def candidates() -> list[Candidate]:
    """Where the C library is looked for, in this order; the first that is there is taken."""
    named = os.environ.get("RT_TORCH_LIBRARY")
    if named == "none":
        return []
    if named:
        return [Candidate(named, "RT_TORCH_LIBRARY", os.path.isfile(named))]
    package = Path(__file__).resolve().parent
    places = [(package / FILE, "beside the package")]
    if _in_checkout():
        places.append((package.parent / "build" / FILE, "built for development"))
    return [Candidate(str(path), why, path.is_file()) for path, why in places]


def _in_checkout() -> bool:
    return (Path(__file__).resolve().parent.parent / "pyproject.toml").is_file()


def find_library() -> str:
    """The file to open."""
    tried = candidates()
    for candidate in tried:
        if candidate.found:
            return candidate.path
    if os.environ.get("RT_TORCH_LIBRARY"):
        raise LibraryMissingError(f"RT_TORCH_LIBRARY={os.environ['RT_TORCH_LIBRARY']}: {_no_such(tried)}")
    raise LibraryMissingError(
        f"the C library {FILE} was not built, so only what is written in Python works: {_remedy()}. "
        f"Looked at {_listed(tried)}"
    )


def _remedy() -> str:
    if _in_checkout():
        return "build it with `make lib`"
    return f"install a C compiler, then rt-torch again ({_INSTALL})"


def _again() -> str:
    """What to do about a file that is there and is of no use."""
    return "build it again with `make lib`" if _in_checkout() else f"install rt-torch again ({_INSTALL})"


def _no_such(tried: list[Candidate]) -> str:
    if not tried:
        return "the C library is switched off"
    return f"it is a folder; name the file {FILE} in it" if os.path.isdir(tried[0].path) else "no such file"


def _listed(tried: list[Candidate]) -> str:
    return ", ".join(f"{candidate.path} ({candidate.why})" for candidate in tried) or "nothing"


def find_extension(bindings: Bindings = TORCH) -> str | None:
    """The extension that the cffi-api loader needs; None when it is not there."""
    installed = importlib.util.find_spec(f"{bindings.package}.{bindings.extension}")
    if installed is not None and installed.origin:
        return installed.origin
    suffix = sysconfig.get_config_var("EXT_SUFFIX")
    built = Path(__file__).resolve().parent.parent / "build" / f"{bindings.extension}{suffix}"
    return str(built) if built.is_file() else None


def problem(loader: str, bindings: Bindings = TORCH) -> str:
    """Why a loader cannot be used, as far as can be told without opening anything; "" when it can."""
    if loader != "ctypes" and importlib.util.find_spec("_cffi_backend") is None:
        return "the cffi package is not installed (pip install 'rt-torch[cffi]')"
    if loader == "cffi-api" and find_extension(bindings) is None:
        return f"its extension was not built (python -m {bindings.package}.cffi_api_build, with a C compiler there)"
    return ""


def choices() -> list[Choice]:
    return [Choice(name, problem(name)) for name in LOADERS]


def open_library(loader: str, path: str, bindings: Bindings = TORCH) -> Any:
    """Open `path` through one loader of the bindings, as their `Raw`; LoaderError says why that does not work."""
    trouble = problem(loader, bindings)
    if trouble:
        raise LoaderError(f"the {loader} loader cannot be used: {trouble}")
    extension = [find_extension(bindings)] if loader == "cffi-api" else []
    for file in (path, *extension):
        if file and os.path.isfile(file) and os.path.getsize(file) == 0:
            raise LoaderError(f"{file} is empty; {_again()}")
        if file and elf.is_truncated(file):
            raise LoaderError(f"{file} is truncated: part of what its own headers tell of is missing; {_again()}")
    try:
        module = importlib.import_module(f"{bindings.package}.{_MODULES[loader]}")
        raw = module.open_library(path, *extension)
    except (OSError, ImportError) as error:
        raise LoaderError(f"the {loader} loader cannot open {path}: {error}") from error
    _check_abi(raw, importlib.import_module(f"{bindings.package}.raw"))
    return raw


def _check_abi(raw: Any, declared: Any) -> None:
    """Functions are only ever added, so a newer library serves; an older one may do something else by the same name."""
    if "abi_version" in raw.missing:
        raise LoaderError(f"{raw.path} is no {FILE}: it has no {declared.NAMES['abi_version']}")
    version = raw.abi_version()
    if version < declared.ABI:
        raise LoaderError(
            f"{raw.path} has version {version} of the C ABI, and this package needs {declared.ABI} or newer; {_again()}"
        )


def best(path: str, bindings: Bindings = TORCH) -> Any:
    """Open `path` through the loader that is forced, or through the best one that works."""
    forced = forced_loader()
    if forced is not None:
        return open_library(forced, path, bindings)
    problems = []
    for name in LOADERS:
        if problem(name, bindings):
            continue
        try:
            return open_library(name, path, bindings)
        except LoaderError as error:
            problems.append(str(error))
    raise LoaderError("; ".join(dict.fromkeys(problems)))


def opened() -> Raw:
    """The C library, opened once, with the installed torch's libtorch suggested to it."""
    global _opened
    with _lock:
        if _opened is None:
            from rt_torch import libtorch

            _opened = libtorch.prepare(best(find_library()))
        return _opened
