"""Set up .venv for working on the project: `make` calls this, with nothing but the standard library.

A torch that the calling Python already has is used; otherwise the pinned one is installed.  With `--bare`, an
environment without torch and cffi is made in .venv-bare, to prove that everything runs without them.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import importlib.util
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TORCH = "torch==2.13.0"
OLDEST_TORCH = (2, 10)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bare", action="store_true", help="make .venv-bare: no torch, no cffi, no library")
    parser.add_argument("--extra", metavar="NAME", help="add the packages of one extra of pyproject.toml to .venv")
    arguments = parser.parse_args()
    if sys.version_info < (3, 10):  # noqa: UP036 - the caller may be any Python
        print(f"Python 3.10 or later is needed, this is {sys.version.split()[0]}: make PYTHON=python3.12 ...")
        return 1
    folder = ROOT / (".venv-bare" if arguments.bare else ".venv")
    try:
        python = create(folder)
        if arguments.bare:
            install(python, requirements("test"))
        elif arguments.extra:
            install(python, requirements(arguments.extra))
        else:
            install(python, requirements("dev"))
            provide_torch(folder, python)
    except subprocess.CalledProcessError as error:
        print(f"Setting up {folder.name} failed: {' '.join(map(str, error.cmd))}", file=sys.stderr)
        return 1
    return 0


def create(folder: Path) -> Path:
    """The environment's Python; the project itself is importable there without being installed."""
    python = folder / "bin" / "python"
    if not python.exists() or version_of(python) != sys.version_info[:2]:
        print(f"Making {folder.name} with Python {sys.version.split()[0]} ...", flush=True)
        venv.create(folder, with_pip=True, clear=True)
    write_path_file(folder, "rt_torch_development", [ROOT, ROOT / "generated" / "python"])
    return python


def version_of(python: Path) -> tuple[int, ...]:
    code = "import sys; print(*sys.version_info[:2])"
    said = subprocess.run([python, "-c", code], check=False, capture_output=True, text=True)
    return tuple(int(part) for part in said.stdout.split())


def requirements(extra: str) -> list[str]:
    """The packages of one extra of pyproject.toml, which is the only place that lists them."""
    text = (ROOT / "pyproject.toml").read_text()
    return sorted(collect(text, extra))


def collect(text: str, extra: str) -> set[str]:
    """Read `extra = [...]` line by line: Python 3.10 has no TOML parser."""
    lines = iter(text.splitlines())
    for line in lines:
        if line.startswith(f"{extra} = ["):
            break
    else:
        raise SystemExit(f"pyproject.toml has no extra `{extra}`")
    names = set()
    for line in lines:
        if line.startswith("]"):
            break
        name = line.split("#")[0].strip().rstrip(",").strip('"')
        if name.startswith("rt-torch["):
            names |= collect(text, name[len("rt-torch[") : -1])
        elif name:
            names.add(name)
    return names


def install(python: Path, packages: list[str]) -> None:
    print(f"Installing into {python.parent.parent.name}: {', '.join(packages)}", flush=True)
    subprocess.run([python, "-m", "pip", "install", "--quiet", *packages], check=True)


def provide_torch(folder: Path, python: Path) -> None:
    found = installed_torch()
    if found:
        print(f"Using the torch {found[1]} that is already installed.", flush=True)
        write_path_file(folder, "torch_already_there", [found[0]])
        return
    if subprocess.run([python, "-c", "import torch"], check=False, capture_output=True).returncode == 0:
        return
    print(
        f"Installing {TORCH}: about 200 MB for a CPU build, several GB where pip brings the CUDA packages.", flush=True
    )
    install(python, [TORCH])


def installed_torch() -> tuple[Path, str] | None:
    """Folder and version of a torch that the calling Python has, when it is recent enough."""
    spec = importlib.util.find_spec("torch")
    if spec is None or spec.origin is None:
        return None
    version = importlib.metadata.version("torch")
    if tuple(int(part) for part in version.split(".")[:2]) < OLDEST_TORCH:
        return None
    return Path(spec.origin).parent.parent, version


def write_path_file(folder: Path, name: str, entries: list[Path]) -> None:
    """Make `entries` importable there, after the environment's own packages."""
    (site,) = folder.glob("lib/python3.*/site-packages")
    (site / f"{name}.pth").write_text("".join(f"{entry}\n" for entry in entries))


if __name__ == "__main__":
    sys.exit(main())
