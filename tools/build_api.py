"""Build the cffi API-mode extensions into build/, or say why they cannot be built: the other loaders do not need them."""

from __future__ import annotations

import sys
import sysconfig
from pathlib import Path
from types import ModuleType

import rt_cuda_bindings.cffi_api_build
import rt_torch_bindings.cffi_api_build

BUILD = Path(__file__).resolve().parent.parent / "build"


def main() -> int:
    modules = (rt_torch_bindings.cffi_api_build, rt_cuda_bindings.cffi_api_build)
    all(is_built(module) for module in modules)  # what one lacks the other would lack too
    return 0


def is_built(module: ModuleType) -> bool:
    """Whether the extension is there, made now if need be."""
    built = BUILD / f"{module.EXTENSION}{sysconfig.get_config_var('EXT_SUFFIX')}"
    if not built.exists() or built.stat().st_mtime < Path(str(module.__file__)).stat().st_mtime:
        try:
            module.build(BUILD)
        except (ImportError, RuntimeError) as error:
            print(f"cffi API mode is skipped: {error}")
            return False
    print(f"built {built.relative_to(BUILD.parent)}")
    return True


if __name__ == "__main__":
    sys.exit(main())
