"""The command line: `rt-torch doctor` and `rt-torch calibrate`, or `python -m rt_torch ...`."""

from __future__ import annotations

import argparse
import io
import json
import os
import sys
from collections.abc import Sequence

import rt_torch


def main(arguments: Sequence[str] | None = None) -> int:
    if sys.stdout is None:  # `>&-`
        print("rt-torch: standard output is closed", file=sys.stderr)
        return 1
    if isinstance(sys.stdout, io.TextIOWrapper):  # a path may hold what its encoding lacks
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        given = parser().parse_args(arguments)
    except SystemExit:  # what --help and --version print is printed
        if not printed(""):
            return 1
        raise
    status, text = run(given)
    return status if printed(text) else 1


def parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="rt-torch",
        description="Tensors in pure Python, and on libtorch where it is there: what is here, and how fast it is.",
    )
    parser.add_argument("--version", action="version", version=f"rt-torch {rt_torch.__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    text = "show which library, loader and libtorch are found; status 1 when something that is there does not work"
    doctor = commands.add_parser("doctor", help=text, description=text[0].upper() + text[1:] + ".")
    doctor.add_argument("--json", action="store_true", help="for machines")
    text = "measure both tiers on this machine, so that AUTO predicts well on it"
    calibrate = commands.add_parser("calibrate", help=text, description=text[0].upper() + text[1:] + ".")
    calibrate.add_argument("--output", metavar="FILE", help="write the profile there, not into the cache folder")
    calibrate.add_argument("--plot", metavar="FILE", help="draw where the tiers change, as PNG (needs matplotlib)")
    calibrate.add_argument(
        "--seconds",
        type=seconds,
        default=10.0,
        metavar="N",
        help="how long it may take (10); some seconds at least, whatever is given",
    )
    calibrate.add_argument("--dry-run", action="store_true", help="measure and tell, and write no profile")
    return parser


def seconds(text: str) -> float:
    number = float(text)
    if not 0 <= number <= 3600:
        raise ValueError(text)
    return number


def run(given: argparse.Namespace) -> tuple[int, str]:
    """The status, and what is to be printed."""
    if given.command == "calibrate":
        from rt_torch.calibration import command

        return command.run(given)
    return run_doctor(given.json)


def run_doctor(as_json: bool) -> tuple[int, str]:
    from rt_torch import doctor

    report = doctor.examine()
    text = json.dumps(doctor.as_json(report), indent=2) + "\n" if as_json else doctor.as_text(report)
    return 1 if report.problems else 0, text


def printed(text: str) -> bool:
    """Print it; False, with a message, where it cannot be printed."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:  # `| head`: the reader has enough
        _drop_output()
    except OSError as error:
        _drop_output()
        print(f"rt-torch: standard output: {error.strerror or error}", file=sys.stderr)
        return False
    return True


def _drop_output() -> None:
    """What is still to be printed has nowhere to go; Python must not try again at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    sys.exit(main())
