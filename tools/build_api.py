"""Build the cffi API-mode extension into build/, or say why it cannot be built: the other loaders do not need it."""

from __future__ import annotations

import importlib.util
import sys
import sysconfig
from pathlib import Path

BUILD = Path(__file__).resolve().parent.parent / "build"


def obstacle() -> str:
    """Why the extension cannot be built here; empty when it can."""
    if importlib.util.find_spec("cffi") is None:
        return "cffi is not installed"
    header = Path(sysconfig.get_path("include")) / "Python.h"
    if not header.exists():
        return f"Python's headers are not installed ({header.name} is missing; on Debian: apt install python3-dev)"
    return ""


def main() -> int:
    reason = obstacle()
    if reason:
        print(f"cffi API mode is skipped: {reason}.")
        return 0
    from rt_torch_bindings import cffi_api_build

    built = BUILD / f"{cffi_api_build.EXTENSION}{sysconfig.get_config_var('EXT_SUFFIX')}"
    if not built.exists() or built.stat().st_mtime < Path(cffi_api_build.__file__).stat().st_mtime:
        cffi_api_build.build(BUILD)
    print(f"built {built.relative_to(BUILD.parent)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
