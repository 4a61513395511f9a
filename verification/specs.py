"""What the specs say, read from the TOML itself: nothing here depends on how the generator reads it."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).resolve().parent.parent
SPECS = ROOT / "specs" / "torch"
CUDA_SPECS = ROOT / "specs" / "cuda"
NATIVE = ROOT / "native" / "torch"


class SpecError(Exception):
    """A file that the checks read is broken; the text says which, and where."""


def read_toml(path: Path) -> dict[str, Any]:
    try:
        table: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SpecError(f"{path.name} is no valid TOML: {error}") from None
    return table


def prototypes(folder: Path = SPECS) -> dict[str, str]:
    """{"aoti_torch_get_dim": "int32_t (void *tensor, int64_t *ret_dim)"}"""
    table = read_toml(folder / "upstream.toml")["upstream"]
    return {str(name): str(prototype) for name, prototype in table.items()}


def companion_prototypes() -> dict[str, str]:
    """The same, of what libtorch's other half has."""
    companions = read_toml(SPECS / "upstream.toml").get("companion", {})
    return {str(name): str(prototype) for table in companions.values() for name, prototype in table.items()}


def libraries() -> dict[str, Path]:
    """The libraries that are in one shared object, each with the folder of its specs."""
    return {"rt_torch": SPECS, "rt_cuda": CUDA_SPECS}


def functions() -> list[str]:
    """Every function that the library must export."""
    return sorted({symbol for folder in libraries().values() for symbol, _route in _routes(folder)})


def quoted_schemas() -> list[str]:
    """Every operator schema that a function or a route quotes, once, sorted."""
    found = {route["aten"] for _symbol, route in _routes() if "aten" in route}
    return sorted(found)


def _routes(folder: Path = SPECS) -> Iterator[tuple[str, dict[str, Any]]]:
    for path in sorted(folder.glob("*.toml")):
        for symbol, entry in read_toml(path).get("fn", {}).items():
            for route in [entry, *entry.get("routes", [])]:
                yield symbol, route


def native_operators(folder: Path = NATIVE) -> list[str]:
    """Operators that hand-written code calls by name: `dispatch(&call, "aten::mul", "Tensor")`."""
    found = set()
    for path in sorted(folder.glob("*.c")):
        for name, overload in re.findall(r'"aten::(\w+)",\s*"(\w*)"', path.read_text()):
            found.add(operator_name(name, overload))
    return sorted(found)


def operator_name(name: str, overload: str) -> str:
    return f"{name}.{overload}" if overload else name


def operator_of(schema: str) -> str:
    """`softmax.int` of `softmax.int(Tensor self, int dim, ...) -> Tensor`."""
    return schema.partition("(")[0]
