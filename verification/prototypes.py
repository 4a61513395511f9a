"""The prototypes in specs/torch/upstream.toml against those in torch's own headers."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Mapping
from pathlib import Path

from verification import specs
from verification.clang import Declared, parse
from verification.lock import LOCK, read
from verification.wheels import Torch

# Whatever torch's headers declare, in C++: the plain and the stable interface, and the typed functions.
_INCLUDES = """\
#define USE_CUDA
#include <torch/csrc/stable/c/shim.h>
#include <torch/csrc/inductor/aoti_torch/c/shim.h>
#include <torch/csrc/inductor/aoti_torch/generated/c_shim_cpu.h>
#include <torch/csrc/inductor/aoti_torch/generated/c_shim_aten.h>
#include <torch/csrc/inductor/aoti_torch/generated/c_shim_cuda.h>
"""


def check(torch: Torch, ours: Mapping[str, str] | None = None, lock: Path = LOCK) -> list[str]:
    """Problems; none when every prototype is the one that this torch declares."""
    ours = specs.prototypes() | specs.companion_prototypes() if ours is None else ours
    plain = {name: text for name, text in ours.items() if not name.startswith("_Z")}
    mangled = {name: text for name, text in ours.items() if name.startswith("_Z")}
    theirs = declared_by(torch)
    absent = _known_missing(lock, torch.version)
    problems = []
    for name, declared in declared_here(plain).items():
        if name in theirs:
            problems += compare(f"torch {torch.version}", declared, theirs[name])
        elif name not in absent:
            problems.append(f"torch {torch.version}: `{name}` is in no header, yet the lock has it")
    return problems + check_mangled(mangled) + _check_thread_setter(torch, mangled)


def declared_by(torch: Torch) -> dict[str, Declared]:
    header = parse(_INCLUDES, language="c++", standard="c++17", folders=[torch.headers], name="torch.cpp")
    return {function.name: function for function in header.functions}


def declared_here(prototypes: Mapping[str, str]) -> dict[str, Declared]:
    """Our own prototypes, through the same compiler."""
    lines = [f"{spell(name, text)};" for name, text in prototypes.items()]
    source = "\n".join(["#include <stddef.h>", "#include <stdint.h>", 'extern "C" {', *lines, "}"])
    header = parse(source, language="c++", standard="c++17", name="upstream.cpp")
    return {function.name: function for function in header.functions if function.name in prototypes}


def spell(name: str, prototype: str) -> str:
    """`int32_t (void *tensor)` with its name: `int32_t aoti_torch_get_dim(void *tensor)`."""
    result, parenthesis, params = prototype.partition("(")
    return f"{result.strip()} {name}{parenthesis}{params}"


def compare(whose: str, ours: Declared, theirs: Declared) -> list[str]:
    """Types must be the same, and names too (specs bind by them); a name that the header leaves out is free."""
    same = ours.result == theirs.result and len(ours.params) == len(theirs.params)
    for (our_type, our_name), (their_type, their_name) in zip(ours.params, theirs.params, strict=False):
        same = same and our_type == their_type and their_name in ("", our_name)
    if same:
        return []
    return [f"{whose}: `{ours.name}` differs\n  specs:  {ours.prototype}\n  theirs: {theirs.prototype}"]


def _known_missing(lock: Path, version: str) -> set[str]:
    recorded = read(lock).get(version, {}) if lock.exists() else {}
    return {*recorded.get("missing_symbols", ()), *recorded.get("missing_companion_symbols", ())}


def check_mangled(prototypes: Mapping[str, str]) -> list[str]:
    """A C++ name holds the types of its parameters: they must be the declared ones."""
    problems = []
    for symbol, prototype in prototypes.items():
        (declared,) = declared_here({"function": prototype.replace(symbol, "function")}).values()
        demangled = demangle(symbol)
        params = ", ".join(type_ for type_, _name in declared.params)
        if not demangled.endswith(f"({params})"):
            problems.append(f"`{symbol}` is `{demangled}`, but declared with ({params})")
    return problems


def demangle(symbol: str) -> str:
    """`at::set_num_threads(int)`, from the C++ runtime itself."""
    runtime = ctypes.CDLL("libstdc++.so.6")
    function = runtime.__cxa_demangle
    function.restype = ctypes.c_void_p
    function.argtypes = [ctypes.c_char_p, ctypes.c_void_p, ctypes.c_void_p, ctypes.POINTER(ctypes.c_int)]
    status = ctypes.c_int(0)
    address = function(symbol.encode(), None, None, ctypes.byref(status))
    if not address:
        return symbol
    text = ctypes.string_at(address).decode()
    free = ctypes.CDLL(None).free
    free.argtypes = [ctypes.c_void_p]
    free(address)
    return text


def _check_thread_setter(torch: Torch, mangled: Mapping[str, str]) -> list[str]:
    """The one C++ function of torch itself: its header must declare it with the same result and parameters."""
    problems = []
    for symbol, prototype in mangled.items():
        qualified = demangle(symbol).partition("(")[0]
        if not qualified.startswith("at::"):
            continue
        result, _, params = prototype.partition("(")
        name, type_ = qualified.rpartition("::")[2], params.split()[0]
        pattern = rf"TORCH_API {re.escape(result.strip())} {name}\({type_}\b"
        if not re.search(pattern, (torch.headers / "ATen" / "Parallel.h").read_text()):
            problems.append(f"torch {torch.version}: ATen/Parallel.h does not declare `{result}{name}({params}`")
    return problems
