"""Build the cffi API-mode extension into build/, or say why it cannot be built: the other loaders do not need it."""

from __future__ import annotations

import sys
import sysconfig
from pathlib import Path

from rt_torch_bindings import cffi_api_build

BUILD = Path(__file__).resolve().parent.parent / "build"


def main() -> int:
    built = BUILD / f"{cffi_api_build.EXTENSION}{sysconfig.get_config_var('EXT_SUFFIX')}"
    if not built.exists() or built.stat().st_mtime < Path(cffi_api_build.__file__).stat().st_mtime:
        try:
            cffi_api_build.build(BUILD)
        except (ImportError, RuntimeError) as error:
            print(f"cffi API mode is skipped: {error}")
            return 0
    print(f"built {built.relative_to(BUILD.parent)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
