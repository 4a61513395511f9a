"""specs/torch/libtorch.lock: what of libtorch each supported version has, recorded from the real libraries."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from verification import specs
from verification.clang import Unavailable
from verification.elf import SharedObject
from verification.wheels import Torch, provide

LOCK = specs.SPECS / "libtorch.lock"
_SCHEMA = re.compile(rb"(?<=\0)(aten::)?(\w+(?:\.\w+)?)(\([^\0]*\) -> [^\0]+)(?=\0)")

_HEADING = """\
# What of libtorch each supported version has, read out of the real libraries by `make lock`; never edited by hand.
# Symbols are those of upstream.toml, companion symbols those of libtorch_cuda, which a CPU build lacks, operators those
# that a spec quotes or native code calls. A changed operator is one whose schema is not the quoted one.
"""


@dataclass(frozen=True)
class Wanted:
    """What the specs and the native code expect of libtorch."""

    symbols: tuple[str, ...]
    schemas: tuple[str, ...]  # quoted: name, arguments and results must be the same
    operators: tuple[str, ...]  # called by hand-written code: must exist
    companion: tuple[str, ...] = ()  # symbols of libtorch's CUDA half

    @property
    def all_operators(self) -> list[str]:
        return sorted({*map(specs.operator_of, self.schemas), *self.operators})


@dataclass(frozen=True)
class Found:
    """What one version lacks."""

    missing_symbols: tuple[str, ...]
    missing_operators: tuple[str, ...]
    changed_operators: tuple[tuple[str, str], ...]  # ("foo.out", "foo.out(Tensor self, int grown=0) -> Tensor")
    missing_companion: tuple[str, ...] | None = None  # None where there was no CUDA half to look at


def wanted() -> Wanted:
    return Wanted(
        tuple(sorted(specs.prototypes())),
        tuple(specs.quoted_schemas()),
        tuple(specs.native_operators()),
        tuple(sorted(specs.companion_prototypes())),
    )


def registered_schemas(library: SharedObject) -> dict[str, set[str]]:
    """Schemas that stand readable in a libtorch_cpu.so, by operator: `{"neg": {"neg(Tensor self) -> Tensor"}}`.

    They are registered without a namespace.  TorchScript keeps texts with one, some of them older: those count only
    where the linker has merged the plain text into the longer one.
    """
    plain: dict[str, set[str]] = {}
    prefixed: dict[str, set[str]] = {}
    for namespace, name, rest in _SCHEMA.findall(library.read_only_data()):
        table = prefixed if namespace else plain
        table.setdefault(name.decode(), set()).add((name + rest).decode("utf-8", "replace"))
    return prefixed | plain


def examine(torch: Torch, expected: Wanted) -> Found:
    library = SharedObject(torch.library)
    symbols = library.reachable
    schemas = registered_schemas(library)
    changed = []
    for quoted in expected.schemas:
        actual = schemas.get(specs.operator_of(quoted))
        if actual and quoted not in actual:
            changed.append((specs.operator_of(quoted), max(actual, key=len)))
    return Found(
        tuple(name for name in expected.symbols if name not in symbols),
        tuple(name for name in expected.all_operators if name not in schemas),
        tuple(changed),
        None if torch.companion is None else tuple(name for name in expected.companion if name not in torch.companion),
    )


def render(expected: Wanted, found: dict[str, Found]) -> str:
    lines = [_HEADING]
    lines += [_array("symbols", expected.symbols), _array("operators", expected.all_operators)]
    lines.append(_array("companion_symbols", expected.companion))
    for version, lacks in found.items():
        lines += ["", f'["{version}"]']
        lines.append(f"symbols_checked = {len(expected.symbols)}")
        lines.append(f"operators_checked = {len(expected.all_operators)}")
        lines.append(_array("missing_symbols", lacks.missing_symbols))
        lines.append(_array("missing_operators", lacks.missing_operators))
        changed = ", ".join(f"{json.dumps(name)} = {json.dumps(text)}" for name, text in lacks.changed_operators)
        lines.append(f"changed_operators = {{ {changed} }}" if changed else "changed_operators = {}")
        if lacks.missing_companion is not None:
            lines.append(_array("missing_companion_symbols", lacks.missing_companion))
    return "\n".join(lines) + "\n"


def _array(name: str, values: tuple[str, ...] | list[str]) -> str:
    if not values:
        return f"{name} = []"
    return "\n".join([f"{name} = [", *(f"    {json.dumps(value)}," for value in values), "]"])


def check(path: Path = LOCK, expected: Wanted | None = None) -> list[str]:
    """Problems; none when the lock records everything that the specs and the native code need, and nothing else."""
    expected = expected or wanted()
    if not path.exists():
        return [f"{path.name} is missing: `make lock` makes it"]
    lock = read(path)
    problems = _differences("symbols", lock["symbols"], list(expected.symbols))
    problems += _differences("companion_symbols", lock.get("companion_symbols", []), list(expected.companion))
    return problems + _differences("operators", lock["operators"], expected.all_operators)


def _differences(what: str, recorded: list[str], expected: list[str]) -> list[str]:
    missing = sorted(set(expected) - set(recorded))
    extra = sorted(set(recorded) - set(expected))
    return [
        *(f"`{name}` is not in the lock's {what}: run `make lock`" for name in missing),
        *(f"`{name}` is in the lock's {what} but no longer needed: run `make lock`" for name in extra),
    ]


def check_truth(torch: Torch, path: Path = LOCK, expected: Wanted | None = None) -> list[str]:
    """Problems; none when the library has what the lock says of its version, be the lock complete or not."""
    if not path.exists():
        return []  # `check` tells
    lock = read(path)
    if torch.version not in lock:
        raise Unavailable(f"the lock does not know torch {torch.version}, the installed one")
    schemas = [s for s in (expected or wanted()).schemas if specs.operator_of(s) in lock["operators"]]
    companion = tuple(lock.get("companion_symbols", ()))
    recorded = Wanted(tuple(lock["symbols"]), tuple(schemas), tuple(lock["operators"]), companion)
    return _untrue(torch.version, lock[torch.version], examine(torch, recorded))


def read(path: Path) -> dict[str, Any]:
    lock = specs.read_toml(path)
    sound = all(isinstance(lock.get(key), list) for key in ("symbols", "operators"))
    if not sound or not all(isinstance(value, (list, dict)) for value in lock.values()):
        raise specs.SpecError(f"{path.name} is damaged: restore it, or run `make lock`")
    return lock


def _untrue(version: str, recorded: dict[str, Any], found: Found) -> list[str]:
    actual: dict[str, Any] = {
        "missing_symbols": list(found.missing_symbols),
        "missing_operators": list(found.missing_operators),
        "changed_operators": dict(found.changed_operators),
    }
    if found.missing_companion is not None and "missing_companion_symbols" in recorded:
        actual["missing_companion_symbols"] = list(found.missing_companion)
    return [
        f"torch {version}: the lock's {key} is {recorded.get(key)}, the library says {value}"
        for key, value in actual.items()
        if recorded.get(key) != value
    ]


def update(versions: Iterable[str], wheels: Path | None, path: Path = LOCK) -> dict[str, Found]:
    """Write the lock anew from the libraries of every version."""
    expected = wanted()
    found = {}
    for version in versions:
        found[version] = examine(provide(version, wheels), expected)
        print(f"torch {version}: {len(found[version].missing_symbols)} symbols missing", flush=True)
    path.write_text(render(expected, found))
    return found
