"""`call_everything.py LIBRARY`: call every function on the libtorch that RT_TORCH_LIBTORCH names, each in a process of
its own, and print as JSON what came of it: {"rt_torch_add": ["f64 0", "f32 4 rt_torch_add: unavailable ...", ...]}.

A last entry "signal 11 with f64" tells that the process died there.
"""

from __future__ import annotations

import ctypes
import json
import os
import re
import sys
from collections.abc import Iterator
from contextlib import suppress
from math import prod
from typing import Any

from rt_torch_bindings import ctypes_loader
from rt_torch_bindings import functions as unbound
from rt_torch_bindings.errors import RtTorchError
from verification import specs

KINDS: dict[str, Any] = {"f64": ctypes.c_double, "f32": ctypes.c_float, "i64": ctypes.c_int64, "bool": ctypes.c_uint8}
SHAPE = [2, 2]
TENSORS = {kind: (kind, SHAPE) for kind in KINDS} | {
    "f64[]": ("f64", []),
    "i64[]": ("i64", []),
}  # with and without dimensions
VALUES = {"i64": 1, "f64": 2.0, "bool": False, "[i64]": SHAPE, "[i64]?": None, "dtype": "f64", "device": "cpu"}
TEXTS = {"path?": None, "i64?": None, "f64?": 1.0, "str": "rt_torch_add"}
NAMED = {"approximate": "none"}  # what only one value will do for
DATA = [0, 1, 1, 0]

memory: dict[str, Any] = {name: (type_ * 4)(*DATA) for name, type_ in KINDS.items()}  # outlives what is wrapped


def signatures() -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """("rt_torch_relu", [("x", "tensor")])"""
    for path in sorted(specs.SPECS.glob("*.toml")):
        for symbol, entry in specs.read_toml(path).get("fn", {}).items():
            params = entry["sig"].partition("->")[0]
            yield symbol, re.findall(r"(\w+): (\[?\w+\]?\??)", params)


def make_tensor(f: Any, label: str, sizes: list[int] | None = None) -> int:
    """By whichever way works; 0 when none does."""
    kind, shape = TENSORS[label]
    shape = shape if sizes is None else sizes
    data = DATA[: prod(shape)]
    with suppress(RtTorchError):
        return int(getattr(f, f"from_data_{kind}")(data, shape))
    with suppress(RtTorchError):
        return int(f.wrap(ctypes.addressof(memory[kind]), shape, None, kind, 1))
    return 0


def argument(f: Any, symbol: str, name: str, type_: str, kind: str) -> Any:
    if name == "cond":
        return make_tensor(f, "bool")
    if name == "index":
        return make_tensor(f, "i64", [2] if symbol.startswith("rt_torch_index_") else None)
    if name == "managed":
        return f.to_dlpack(make_tensor(f, kind))
    if type_.rstrip("?") == "ptr":
        return ctypes.addressof(memory["f64"])
    if type_ == "[tensor]":
        return [make_tensor(f, kind) for _ in range(2)]
    if type_ in ("tensor", "tensor?"):
        return make_tensor(f, kind)
    return DATA if name == "data" else NAMED.get(name) or (VALUES | TEXTS)[type_]


def call(f: Any, symbol: str, params: list[tuple[str, str]], kind: str) -> str:
    """The code that came of it, and the text."""
    try:
        getattr(f, symbol.removeprefix("rt_torch_"))(*[argument(f, symbol, *param, kind) for param in params])
    except RtTorchError as error:
        return f"{error.code} {error}"
    return "0"


def call_apart(f: Any, symbol: str, params: list[tuple[str, str]]) -> list[str]:
    """In a child, so that nothing that another function resolved is there, and a crash is this function's."""
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        for kind in TENSORS:
            os.write(writer, f"{kind} {call(f, symbol, params, kind)}\n".encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as lines:
        outcomes = lines.read().splitlines()
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if status:
        died = f"signal {-status}" if status < 0 else f"status {status}"
        outcomes.append(f"{died} with {list(TENSORS)[len(outcomes)]}")
    return outcomes


def main(library: str) -> None:
    f = unbound.bind(ctypes_loader.open_library(library))
    print(json.dumps({symbol: call_apart(f, symbol, params) for symbol, params in signatures()}))


if __name__ == "__main__":
    main(sys.argv[1])
