"""What was found and what is missing: `python -m rt_torch doctor`.

What is not there is reported, and is no fault: much works without.  What is there and does not work is a problem.
"""

from __future__ import annotations

import os
import platform
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

import rt_torch
from rt_torch import libtorch, loader
from rt_torch.errors import ConfigError, Error, LibraryMissingError, LoaderError, MissingFunctionError

if TYPE_CHECKING:
    from rt_torch.cuda.examination import CudaState
    from rt_torch_bindings.raw import Raw

VARIABLES = (
    *("RT_TORCH_LIBRARY", "RT_TORCH_LOADER", "RT_TORCH_LIBTORCH", "RT_TORCH_FORCE", "RT_TORCH_CUDA"),
    *("RT_TORCH_ACCEL", "RT_CUDA_LIBCUDART"),
)


@dataclass
class LoaderState:
    name: str  # "cffi"
    works: bool
    reason: str = ""  # why it does not work
    tried: bool = True  # False where it lacks something, or where there is no library to open


@dataclass
class Unavailable:
    function: str  # "rt_torch_add"
    reason: str


@dataclass
class Report:
    version: str  # of this package
    python: str
    environment: dict[str, str] = field(default_factory=dict)  # those of our variables that are set
    configuration_looked: list[str] = field(default_factory=list)  # where configuration files may be, the weakest first
    configuration_files: list[str] = field(default_factory=list)  # those that are there, and what they extend
    configuration: list[str] = field(default_factory=list)  # "device: cuda:1 (dl.config.sdn:3)"
    looked: list[loader.Candidate] = field(default_factory=list)  # where the C library may be
    library: str = ""  # the file; "" when there is none
    library_reason: str = ""  # why there is none
    abi_version: int = 0
    loader: str = ""  # the one in use
    loaders: list[LoaderState] = field(default_factory=list)
    torch: libtorch.Installed | None = None
    libtorch: str = ""  # the file that was loaded
    libtorch_version: str = ""
    libtorch_reason: str = ""  # why there is none
    gpus: int = 0  # how many libtorch can place tensors on
    gpus_reason: str = ""  # why it can on none
    cuda: CudaState | None = None  # None where there is no C library to ask it through
    functions: int = 0  # how many are declared
    unavailable: list[Unavailable] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)  # what is there and does not work


def examine() -> Report:
    report = Report(rt_torch.__version__, platform.python_version())
    report.environment = {name: os.environ[name] for name in VARIABLES if name in os.environ}
    _examine_configuration(report)
    report.looked = loader.candidates()
    report.torch = libtorch.installed()
    try:
        report.library = loader.find_library()
    except LibraryMissingError as error:
        report.library_reason = str(error)
        if report.environment.get("RT_TORCH_LIBRARY") not in (None, "", "none"):
            report.problems.append(str(error))
    _examine_loaders(report)
    if report.library:
        _examine_library(report)
    return report


def _examine_configuration(report: Report) -> None:
    from rt_torch.config import applying, configuration, load_config, location

    report.configuration_looked = [*location.user_paths(), *location.project_paths("")]
    report.configuration_files = [*filter(os.path.lexists, report.configuration_looked)]
    try:
        config = load_config()
        report.configuration_files = [*config.files]
        said = [key for key in configuration.READERS if config.says(key)]
        report.configuration = [f"{key}: {config.get(key)} ({config.source(key)})" for key in said]
        applying.check(config)
    except ConfigError as error:
        report.problems.append(str(error))


def _examine_loaders(report: Report) -> None:
    report.loaders = [_tried(choice, report.library) for choice in loader.choices()]
    failed = [state.reason for state in report.loaders if state.tried and state.reason]
    if not any(state.works for state in report.loaders):
        failed = failed[-1:]  # the library is at fault: once is enough
    report.problems += failed
    try:
        forced = loader.forced_loader()
    except LoaderError as error:
        report.problems.append(str(error))
        return
    report.problems += [
        f"RT_TORCH_LOADER={forced}, but {state.reason}"
        for state in report.loaders
        if state.name == forced and state.reason and not state.tried
    ]


def _tried(choice: loader.Choice, library: str) -> LoaderState:
    if choice.problem or not library:
        return LoaderState(choice.name, False, choice.problem, tried=False)
    try:
        loader.open_library(choice.name, library)
    except LoaderError as error:
        return LoaderState(choice.name, False, str(error))
    return LoaderState(choice.name, True)


def _examine_library(report: Report) -> None:
    try:
        raw = loader.opened()
    except Error as error:
        report.library_reason = str(error)
        if not report.problems:  # otherwise the loaders' say why
            report.problems.append(str(error))
        return
    report.loader = raw.loader
    report.abi_version = raw.abi_version()
    _examine_libtorch(report)
    _examine_functions(report, raw)
    _examine_cuda(report)


def _examine_libtorch(report: Report) -> None:
    from rt_torch import native

    try:
        report.libtorch = libtorch.load()
        report.libtorch_version = native.version()
    except Error as error:
        report.libtorch_reason = str(error)
        if report.torch is not None or "RT_TORCH_LIBTORCH" in report.environment:
            report.problems.append(str(error))
        return
    with suppress(MissingFunctionError):  # of an older C library, which is told by itself
        report.gpus, report.gpus_reason = native.cuda_device_count(), native.cuda_problem()


def _examine_cuda(report: Report) -> None:
    """After libtorch, whose own CUDA's runtime would be the one in use."""
    from rt_torch.cuda import examination

    report.cuda = examination.examine()
    if report.cuda.broken:
        report.problems.append(report.cuda.reason)


def _examine_functions(report: Report, raw: Raw) -> None:
    from rt_torch_bindings.raw import NAMES

    report.functions = len(NAMES)
    for name, symbol in NAMES.items():
        if name in raw.missing:
            report.unavailable.append(Unavailable(symbol, f"{report.library} lacks it"))
        elif report.libtorch and not raw.function_available(symbol.encode()):
            report.unavailable.append(Unavailable(symbol, _reason(name, symbol)))
    if raw.missing:
        report.problems.append(f"{report.library} is older than this package: it lacks {len(raw.missing)} functions")


def _reason(name: str, symbol: str) -> str:
    """What calling a function says that the libtorch in use lacks something for: it fails before it does anything."""
    from rt_torch_bindings import arguments, functions

    examples = {"f64": 0.0, "f32": 0.0, "str": "", "path": "", "dtype": "", "device": ""}
    kinds = [parameter.split(": ")[1] for parameter in arguments.SIGNATURES[symbol].split(", ") if parameter]
    try:
        getattr(functions, name)(*([] if kind.startswith("[") else examples.get(kind.rstrip("?"), 0) for kind in kinds))
    except Error as error:
        return str(error)
    return "not in this libtorch"


def as_json(report: Report) -> dict[str, Any]:
    return {**asdict(report), "ok": not report.problems}


def as_text(report: Report) -> str:
    lines = [f"rt-torch {report.version}, Python {report.python}"]
    lines += [f"  {name}={value}" for name, value in report.environment.items()]
    lines += _library_lines(report) + _loader_lines(report) + _libtorch_lines(report) + _function_lines(report)
    lines += _cuda_lines(report)
    lines += _configuration_lines(report)
    if report.problems:
        lines += ["", "Problems:", *(f"  - {_indented(problem)}" for problem in report.problems)]
    elif not report.library:
        lines += ["", "Nothing is broken; only what is written in Python is there."]
    elif not report.libtorch:
        lines += ["", "Nothing is broken; install torch, or name a libtorch in RT_TORCH_LIBTORCH, to compute with it."]
    else:
        lines += ["", "All is well."]
    return "\n".join(lines) + "\n"


def _library_lines(report: Report) -> list[str]:
    abi = f" (ABI {report.abi_version})" if report.abi_version else ""
    looked = [f"  looked at {candidate.path} ({candidate.why})" for candidate in report.looked]
    return [f"C library: {report.library or 'none'}{abi}", *looked]


def _loader_lines(report: Report) -> list[str]:
    lines = [f"Loader: {report.loader or 'none'}"]
    for state in report.loaders:
        failed = f"not used: {state.reason}" if state.reason else "not tried"
        lines.append(f"  {state.name:<8} {'works' if state.works else failed}")
    return lines


def _libtorch_lines(report: Report) -> list[str]:
    lines = [f"libtorch: {report.libtorch_version} at {report.libtorch}" if report.libtorch else "libtorch: none"]
    if report.libtorch_reason and report.libtorch_reason not in report.problems:
        lines.append(f"  {report.libtorch_reason}")
    if report.torch is None:
        lines.append("  no torch is installed")
    else:
        lines.append(f"  installed torch: {report.torch.version or 'of unknown version'}, {report.torch.library}")
    if report.gpus:
        lines.append(f"  tensors can be on {', '.join(f'cuda:{number}' for number in range(report.gpus))}")
    elif report.gpus_reason:
        lines.append(f"  tensors can be on no GPU: {report.gpus_reason}")
    return lines


def _cuda_lines(report: Report) -> list[str]:
    if report.cuda is None:
        return []
    from rt_torch.cuda import examination

    first, *rest = examination.lines(report.cuda)
    return [first] if report.cuda.broken else [first, *rest]  # the reason stands among the problems then


def _function_lines(report: Report) -> list[str]:
    if not report.libtorch:
        return []
    lines = [f"Functions: {report.functions - len(report.unavailable)} of {report.functions} available"]
    return lines + [f"  {item.function}: {item.reason}" for item in report.unavailable]


def _configuration_lines(report: Report) -> list[str]:
    if not report.configuration_files:
        return ["Configuration files: none", *(f"  looked at {path}" for path in report.configuration_looked)]
    said = [f"  {setting}" for setting in report.configuration]
    return [f"Configuration files: {', '.join(report.configuration_files)}", *said]


def _indented(text: str) -> str:
    """A text whose lines but the first are below an item of a list."""
    return text.replace("\n", "\n    ")
