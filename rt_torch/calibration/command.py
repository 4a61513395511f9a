"""`rt-torch calibrate`."""

from __future__ import annotations

import argparse
import errno
import os
import sys
import time

from rt_torch import native
from rt_torch.accel.log import seconds_text
from rt_torch.accel.profile import Profile, calibrated_path, save
from rt_torch.calibration import calibrate, plot
from rt_torch.calibration.errors import CalibrationError, PlotError
from rt_torch.errors import Error

__all__ = ["run"]

# Seconds that belong to the time asked for: until this module runs, for writing and telling, and for drawing.
STARTING, ENDING, DRAWING = 0.3, 0.1, 0.5

SHOWN = ("add", "exp", "sum", "relu", "softmax", "matmul")


def run(arguments: argparse.Namespace) -> tuple[int, str]:
    """Measure and write; the status, and what is to be told.  What cannot be written is said before that."""
    start = time.perf_counter() - STARTING
    path = arguments.output or calibrated_path()
    ending = ENDING + (DRAWING if arguments.plot else 0)
    try:
        if arguments.plot:
            plot.check()
            _check_writable(arguments.plot)
        if not arguments.dry_run:
            os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
            _check_writable(path)
        try:
            profile = calibrate(max(0.0, arguments.seconds - (time.perf_counter() - start) - ending))
        except KeyboardInterrupt:
            print("rt-torch calibrate: interrupted, nothing was written", file=sys.stderr)
            return 130, ""
        if not arguments.dry_run:
            save(profile, path)
        if arguments.plot:
            plot.draw(profile, arguments.plot)
    except (CalibrationError, PlotError, OSError) as error:
        print(f"rt-torch calibrate: {error}", file=sys.stderr)
        return 1, ""
    lines = [_summary(profile), f"not written: {path}" if arguments.dry_run else f"written: {path}"]
    if arguments.plot:
        lines.append(f"drawn: {arguments.plot}")
    return 0, "\n".join(lines) + "\n"


def _check_writable(path: str) -> None:
    """Errors: OSError."""
    path = os.path.realpath(path)
    if os.path.isdir(path):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), path)
    if os.path.exists(path) and not os.path.isfile(path):  # it would be replaced by a file
        raise OSError(errno.EINVAL, "It is no regular file", path)
    if os.path.exists(path) and not os.access(path, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)
    if not os.path.exists(path):
        with open(path, "xb"):
            pass
        os.unlink(path)


def _summary(profile: Profile) -> str:
    found = {kind: plot.crossovers(profile, kind) for kind in plot.LOOKS}
    width = max(map(len, SHOWN))
    lines = [
        plot.described(profile.machine),
        f"loading libtorch takes {profile.loading_seconds:.2f} s",
        _link(profile),
        "",
        "AUTO runs natively, in f64, from so many elements on:",
        f"  {'':<{width}}  {'in lists':>10}  {'in memory':>10}",
    ]
    for name in SHOWN:
        cells = "  ".join(f"{_elements(found[kind].get(name)):>10}" for kind in plot.LOOKS)
        lines.append(f"  {name:<{width}}  {cells}")
    return "\n".join(lines) + "\n"


def _link(profile: Profile) -> str:
    link = profile.movement("f64").link
    if link is None:
        return f"no GPU was measured: {_no_gpu()}"
    per_second = f"{8e-9 / link.b:.3g} GB/s" if link.b else "more than can be measured"
    return f"moving a tensor from the GPU to the CPU takes {seconds_text(link.a)}, and then {per_second}"


def _no_gpu() -> str:
    try:
        return native.cuda_problem() or "the profile is of a machine without one"
    except Error as error:
        return str(error)


def _elements(above: float | None) -> str:
    if above is None:
        return "-"
    if above < 1:
        return "always"
    return "never" if above >= 1e12 else f"{int(above) + 1:,}"
