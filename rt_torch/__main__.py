"""The command line: `rt-torch doctor` and `rt-torch calibrate`, or `python -m rt_torch ...`."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence

import rt_torch


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="rt-torch", description="libtorch when it is there.")
    parser.add_argument("--version", action="version", version=f"rt-torch {rt_torch.__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    text = "show which library, loader and libtorch are found; status 1 when something that is there does not work"
    doctor = commands.add_parser("doctor", help=text, description=text[0].upper() + text[1:] + ".")
    doctor.add_argument("--json", action="store_true", help="for machines")
    text = "measure both tiers on this machine, so that AUTO predicts well on it"
    calibrate = commands.add_parser("calibrate", help=text, description=text[0].upper() + text[1:] + ".")
    calibrate.add_argument("--output", metavar="FILE", help="write the profile there, not into the cache folder")
    calibrate.add_argument("--plot", metavar="FILE", help="draw where the tiers change, as PNG (needs matplotlib)")
    calibrate.add_argument("--seconds", type=seconds, default=10.0, metavar="N", help="how long it may take (10)")
    calibrate.add_argument("--dry-run", action="store_true", help="measure and tell, and write no profile")
    given = parser.parse_args(arguments)
    if given.command == "calibrate":
        from rt_torch.calibration import command

        return command.run(given)
    return run_doctor(given.json)


def seconds(text: str) -> float:
    number = float(text)
    if not 0 <= number <= 3600:
        raise ValueError(text)
    return number


def run_doctor(as_json: bool) -> int:
    from rt_torch import doctor

    report = doctor.examine()
    text = json.dumps(doctor.as_json(report), indent=2) + "\n" if as_json else doctor.as_text(report)
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:  # `| head`; Python must not try again at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 1 if report.problems else 0


if __name__ == "__main__":
    sys.exit(main())
